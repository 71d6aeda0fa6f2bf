/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * TFTP fetches or sends one file, a block at a time, each with its receipt; without a login.
 * Devices use it to get their program or settings when they start. RFC 1350; options RFC 2347, 2348
 * (block size), 2349 (timeout, size), 7440 (window). Hangs at UDP port 69; the server answers from
 * a port of its own (RFC 1350 section 4), so the transfer is known by the port of the client.
 */
#include "tracetutor/decode.h"

#define TRANSFERS_MAX 32
#define FILE_MAX      96

enum {
	TFTP,
	TFTP_OPCODE,
	TFTP_SOURCE_FILE,
	TFTP_DESTINATION_FILE,
	TFTP_REQUEST_FRAME,
	TFTP_TYPE,
	TFTP_BLOCK,
	TFTP_BLOCK_FULL,
	TFTP_NEXT_WINDOW,
	TFTP_ERROR_CODE,
	TFTP_ERROR_MESSAGE,
	TFTP_OPTION_NAME,
	TFTP_OPTION_VALUE,
	TFTP_DATA,
	TFTP_ERROR,
	TFTP_BLOCK_WRAP,
	TFTP_BLOCKSIZE_RANGE,
	TFTP_WINDOWSIZE_RANGE,
	TFTP_TSIZE_PROBE,
	TT_FILE,
	TFTP_ROWS
};

enum opcode { READ = 1, WRITE = 2, DATA = 3, ACK = 4, ERROR = 5, OACK = 6, MSDP = 255 };

static const struct value_name opcodes[] = {
	{READ, "Read Request"},       {WRITE, "Write Request"},
	{DATA, "Data Packet"},        {ACK, "Acknowledgement"},
	{ERROR, "Error Code"},        {OACK, "Option Acknowledgement"},
	{MSDP, "Information (MSDP)"}, {0, NULL}};
static const struct value_name errors[] = {{0, "Not defined"},
					   {1, "File not found"},
					   {2, "Access violation"},
					   {3, "Disk full or allocation exceeded"},
					   {4, "Illegal TFTP Operation"},
					   {5, "Unknown transfer ID"},
					   {6, "File already exists"},
					   {7, "No such user"},
					   {8, "Option negotiation failed"},
					   {0, NULL}};

static const struct field_def rows[TFTP_ROWS] = {
	[TFTP] = {"tftp", "Trivial File Transfer Protocol", FT_PROTOCOL, .size = 0},
	[TFTP_OPCODE] = {"tftp.opcode", "Kind of message", FT_UINT16, .size = 2, .values = opcodes,
			 .see = "RFC 1350 section 5"},
	[TFTP_SOURCE_FILE] = {"tftp.source_file", "File wanted", FT_STRINGZ, .secrecy = IDENTITY,
			      .blurb = "The file that is to be fetched, as the device names it."},
	[TFTP_DESTINATION_FILE] = {"tftp.destination_file", "File", FT_STRINGZ, .secrecy = IDENTITY,
				   .blurb = "The file to be written, or the one this transfer is "
					    "about."},
	[TFTP_REQUEST_FRAME] = {"tftp.request_frame", "Asked for in packet", FT_FRAMENUM,
				.size = 0},
	[TFTP_TYPE] = {"tftp.type", "Kind of transfer", FT_STRINGZ,
		       .blurb = "octet: as it is; netascii: text, line ends are adapted."},
	[TFTP_BLOCK] = {"tftp.block", "Block", FT_UINT16, .size = 2,
			.blurb = "Blocks are numbered from 1; the receipt repeats the number."},
	[TFTP_BLOCK_FULL] = {"tftp.block.full", "Block, counted on beyond 65535", FT_UINT32,
			     .size = 0},
	[TFTP_NEXT_WINDOW] = {"tftp.nextwindowsize", "Blocks without a receipt", FT_UINT16,
			      .size = 1},
	[TFTP_ERROR_CODE] = {"tftp.error.code", "Error", FT_UINT16, .size = 2, .values = errors,
			     .see = "RFC 1350 section 5"},
	[TFTP_ERROR_MESSAGE] = {"tftp.error.message", "Error text", FT_STRINGZ, .size = 0},
	[TFTP_OPTION_NAME] = {"tftp.option.name", "Option", FT_STRINGZ, .see = "RFC 2347"},
	[TFTP_OPTION_VALUE] = {"tftp.option.value", "Value", FT_STRINGZ, .flags = 0},
	[TFTP_DATA] = {"tftp.data", "Data", FT_BYTES, .flags = 0},
	[TFTP_ERROR] = {"tftp.error", "The transfer ends with an error", FT_NONE, .flags = 0},
	[TFTP_BLOCK_WRAP] = {"tftp.block.wrap", "Last number before counting begins anew", FT_NONE,
			     .flags = 0},
	[TFTP_BLOCKSIZE_RANGE] = {"tftp.blocksize_range", "Block size that is not allowed", FT_NONE,
				  .see = "RFC 2348"},
	[TFTP_WINDOWSIZE_RANGE] = {"tftp.windowsize_range", "Window size that is not allowed",
				   FT_NONE, .see = "RFC 7440"},
	[TFTP_TSIZE_PROBE] = {"tftp.likely_tsize_probe", "Only the size was wanted", FT_NONE,
			      .flags = 0},
	[TT_FILE] = {"tt.tftp.file", "File in question", FT_STRING, .secrecy = IDENTITY,
		     .blurb = "In every packet of a transfer: the file it is about."},
};

#define ID(row) FIELD_ID(PROTO_tftp, row)

/* A transfer that was asked for, known by the client's address and port. */
struct transfer {
	struct endpoint client;
	uint32_t frame; /* 0: free */
	uint32_t full;  /* last block, counted on */
	uint16_t nfile;
	bool answered, window;
	char file[FILE_MAX];
};

struct transfers {
	struct transfer v[TRANSFERS_MAX];
	uint32_t n; /* ever */
};

struct tftp {
	struct decoder *d;
	struct record *r;
	struct cursor *c;
	struct transfer *transfer; /* NULL: its beginning was not seen */
	uint16_t opcode;
	bool to_client;
	uint32_t first;
};

static bool is_client(const struct transfer *t, const struct endpoint *e)
{
	return t->frame && t->client.port == e->port &&
	       !memcmp(t->client.addr, e->addr, sizeof(e->addr));
}

static void find_transfer(struct tftp *t)
{
	struct transfers *all = decoder_state(t->d, PROTO_tftp, sizeof(*all));

	for (unsigned i = 0; i < TRANSFERS_MAX && !t->transfer; i++) {
		t->to_client = is_client(&all->v[i], &t->r->flow.dst);
		if (t->to_client || is_client(&all->v[i], &t->r->flow.src))
			t->transfer = &all->v[i];
	}
}

/* The request opens a transfer; a repeat of it begins it anew. */
static void open_transfer(struct tftp *t, const struct field *file)
{
	struct transfers *all = decoder_state(t->d, PROTO_tftp, sizeof(*all));

	if (!t->transfer || t->to_client)
		t->transfer = &all->v[all->n++ % TRANSFERS_MAX];
	*t->transfer = (struct transfer){.client = t->r->flow.src, .frame = t->r->number};
	t->transfer->nfile = (uint16_t)(file->vlen < FILE_MAX ? file->vlen : FILE_MAX);
	memcpy(t->transfer->file, file->v.p, t->transfer->nfile);
	t->to_client = false;
	decode_expect(t->d, t->r->flow.ip_proto, &t->r->flow.src, PROTO_tftp);
}

/* A string that ends with a zero byte; NULL if it does not end. */
static const struct field *text(struct tftp *t, uint16_t row)
{
	uint32_t at = t->c->pos, left = cursor_left(t->c);
	const uint8_t *p = t->c->base + at, *end = left ? memchr(p, 0, left) : NULL;
	struct field *f;

	if (!end) {
		cursor_want(t->c, left + 1);
		return NULL;
	}
	f = field_add_value(t->r, ID(row), at, (uint32_t)(end - p) + 1, p, (uint32_t)(end - p));
	cursor_skip(t->c, f->len);
	return f;
}

static bool is_word(const struct field *f, const char *word)
{
	uint32_t n = (uint32_t)strlen(word);

	for (uint32_t i = 0; i < n && f->vlen == n; i++)
		if ((f->v.p[i] | 0x20) != word[i])
			return false;
	return f->vlen == n;
}

static uint64_t number_of(const struct field *f)
{
	uint64_t n = 0;

	for (uint32_t i = 0; i < f->vlen && i < 9 && f->v.p[i] >= '0' && f->v.p[i] <= '9'; i++)
		n = n * 10 + (f->v.p[i] - '0');
	return n;
}

static void option_facts(struct tftp *t, const struct field *name, uint64_t value)
{
	if (is_word(name, "blksize") && (value < 8 || value > 65464))
		field_add_none(t->r, ID(TFTP_BLOCKSIZE_RANGE), 0, 0)->flags |= FIELD_GENERATED;
	if (!is_word(name, "windowsize"))
		return;
	if (!value || value > 65535)
		field_add_none(t->r, ID(TFTP_WINDOWSIZE_RANGE), 0, 0)->flags |= FIELD_GENERATED;
	if (t->transfer)
		t->transfer->window = true;
}

static void options(struct tftp *t)
{
	while (cursor_left(t->c) && decode_step(t->d)) {
		const struct field *f = text(t, TFTP_OPTION_NAME);
		struct field name;

		if (!f)
			return;
		name = *f; /* the next field may move it */
		f = text(t, TFTP_OPTION_VALUE);
		if (f)
			option_facts(t, &name, number_of(f));
	}
}

static void request(struct tftp *t)
{
	const struct field *f =
		text(t, t->opcode == READ ? TFTP_SOURCE_FILE : TFTP_DESTINATION_FILE);

	if (!f)
		return;
	if (!t->r->in_quote)
		open_transfer(t, f);
	if (text(t, TFTP_TYPE))
		options(t);
}

/* Numbers begin anew after 65535: the whole number is the one nearest to the block before. */
static void full_block(struct tftp *t, uint16_t block)
{
	int64_t full = block;

	if (t->transfer) {
		full = (int64_t)t->transfer->full + (int16_t)(block - (uint16_t)t->transfer->full);
		full = full < 0 ? block : full;
		t->transfer->full = (uint32_t)full;
	}
	field_gen_uint(t->r, ID(TFTP_BLOCK_FULL), (uint64_t)full);
}

static void block(struct tftp *t)
{
	uint16_t number = (uint16_t)walk(t->r, t->c, ID(TFTP_BLOCK), ID(TFTP_BLOCK));

	if (!cursor_ok(t->c))
		return;
	if (number == 0xFFFF && t->opcode == DATA)
		field_add_none(t->r, ID(TFTP_BLOCK_WRAP), 0, 0)->flags |= FIELD_GENERATED;
	full_block(t, number);
	if (t->opcode == ACK && cursor_left(t->c))
		walk(t->r, t->c, ID(TFTP_NEXT_WINDOW), ID(TFTP_NEXT_WINDOW));
}

/* "Option negotiation failed" is how a client that asked only for the size goes away. */
static void error(struct tftp *t)
{
	uint64_t code = walk(t->r, t->c, ID(TFTP_ERROR_CODE), ID(TFTP_ERROR_CODE));

	if (!cursor_ok(t->c) || !text(t, TFTP_ERROR_MESSAGE))
		return;
	field_add_none(t->r, ID(code == 8 && !t->to_client ? TFTP_TSIZE_PROBE : TFTP_ERROR), 0, 0)
		->flags |= FIELD_GENERATED;
}

static void transfer_facts(struct tftp *t)
{
	const struct transfer *of = t->transfer;

	if (!of || of->frame == t->r->number)
		return;
	field_gen_text(t->r, ID(TFTP_DESTINATION_FILE), of->file, of->nfile);
	field_gen_uint(t->r, ID(TFTP_REQUEST_FRAME), of->frame);
}

static void body(struct tftp *t)
{
	uint32_t left;

	switch (t->opcode) {
	case READ:
	case WRITE: request(t); break;
	case DATA:
	case ACK: block(t); break;
	case ERROR: error(t); break;
	case OACK: options(t); break;
	case MSDP: break;
	default:
		left = cursor_left(t->c);
		if (left)
			field_add_bytes(t->r, ID(TFTP_DATA), t->c->pos, left);
		cursor_skip(t->c, left);
	}
}

/*
 * The request is answered in another conversation, so it is paired over all of them by the client's
 * address and port. A block waits for its receipt, unless several may be on the way.
 */
static void mark(struct tftp *t)
{
	uint64_t key = 0xcbf29ce484222325u;
	struct transfer *of = t->transfer;
	bool opens = t->opcode == READ || t->opcode == WRITE;

	if (t->r->in_quote || !of || t->r->nfields <= t->first)
		return;
	field_gen_text(t->r, ID(TT_FILE), of->file, of->nfile);
	for (unsigned i = 0; i < sizeof(of->client.addr); i++)
		key = (key ^ of->client.addr[i]) * 0x100000001b3u;
	key ^= of->client.port;
	if (opens || (t->to_client && !of->answered)) {
		exchange_mark(t->r, opens ? EXCHANGE_REQUEST : EXCHANGE_RESPONSE, PROTO_tftp,
			      key | 1, t->first, t->r->nfields - 1);
		t->r->marks[t->r->nmarks - 1].any_conv = true;
		of->answered = !opens;
	}
	if (!of->window && (t->opcode == DATA || t->opcode == ACK))
		exchange_mark(t->r, t->opcode == DATA ? EXCHANGE_REQUEST : EXCHANGE_RESPONSE,
			      PROTO_tftp, of->full + 1ull, t->first, t->r->nfields - 1);
}

static void decode(struct decoder *d, struct record *r, struct cursor *c)
{
	struct layer *layer = layer_open(r, PROTO_tftp, c);
	struct tftp t = {.d = d, .r = r, .c = c, .first = r->nfields};

	t.opcode = (uint16_t)walk(r, c, ID(TFTP_OPCODE), ID(TFTP_OPCODE));
	find_transfer(&t);
	if (cursor_ok(c)) {
		if (t.opcode != READ && t.opcode != WRITE)
			transfer_facts(&t);
		body(&t);
	}
	if (!cursor_ok(c))
		decode_overrun(r, c);
	mark(&t);
	if (layer)
		layer_close(r, layer, c->pos);
	if (t.opcode == DATA)
		decode_data(d, r, c);
}

static const struct hang on[] = {{ON_UDP_PORT, 69}, {ON_NOTHING, 0}};

const struct proto_def proto_tftp = {
	.name = "tftp",
	.label = "Trivial File Transfer Protocol",
	.prefix = "TFTP",
	.header = "TFTP HEADER",
	.fields = rows,
	.nfields = TFTP_ROWS,
	.on = on,
	.decode = decode,
	.ascii = true,
	.blurb = "Fetches or sends a file without a login, as devices do when they start.",
	.see = "RFC 1350",
};
