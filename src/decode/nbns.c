/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * NBNS finds and claims names of Windows computers on the local network: a question to everybody,
 * or to a name server (WINS). The messages look like those of DNS, with names written in a code of
 * their own. RFC 1001 (meaning), RFC 1002 section 4.2 (on the wire).
 * Hangs at UDP port 137.
 */
#include "src/decode/dns.h"
#include "src/decode/nbns.h"

#define NAME_BYTES  16 /* 15 characters and what the name is for (RFC 1001 section 14.1) */
#define CODED_BYTES 32 /* a letter for each half byte */
#define TEXT_MAX    (NAME_BYTES * 4 + DNS_NAME_MAX + 64)

enum opcode { OPCODE_QUERY = 0, OPCODE_REGISTRATION = 5, OPCODE_WACK = 7, OPCODE_MULTIHOMED = 15 };
enum rr_type { TYPE_NB = 0x20, TYPE_NBSTAT = 0x21 };

#define FLAG_RESPONSE  0x8000u
#define FLAG_BROADCAST 0x0010u

struct nbns {
	struct dns_message dns; /* names are read as those of DNS (RFC 1002 section 4.1) */
	struct record *r;
	uint16_t id, flags;
	uint16_t counts[4];
	uint64_t name_hash; /* of the first name; 0: none */
};

static enum opcode opcode(const struct nbns *m)
{
	return m->flags >> 11 & 15;
}

/* 15 characters without the blanks that fill them up; what cannot be printed as <number>. */
static uint32_t plain_name(char *to, const uint8_t raw[NAME_BYTES])
{
	struct buf text = BUF_INIT;
	uint32_t n;

	for (unsigned i = 0; i < NAME_BYTES - 1; i++) {
		if (raw[i] >= ' ' && raw[i] <= '~') {
			buf_char(&text, (char)raw[i]);
			continue;
		}
		buf_char(&text, '<');
		buf_hex(&text, raw[i], 2);
		buf_char(&text, '>');
	}
	while (text.len && buf_text(&text)[text.len - 1] == ' ')
		text.len--;
	n = (uint32_t)text.len;
	memcpy(to, buf_text(&text), n);
	buf_release(&text);
	return n;
}

/* "ENFJ..." to the bytes of the name; false if it is none. */
static bool decode_letters(const struct dns_name *name, uint8_t raw[NAME_BYTES])
{
	if (name->len < CODED_BYTES || (name->len > CODED_BYTES && name->text[CODED_BYTES] != '.'))
		return false;
	for (unsigned i = 0; i < NAME_BYTES; i++) {
		uint8_t high = name->text[2 * i], low = name->text[2 * i + 1];

		if (high < 'A' || high > 'P' || low < 'A' || low > 'P')
			return false;
		raw[i] = (uint8_t)((high - 'A') << 4 | (low - 'A'));
	}
	return true;
}

/* A name as it is shown: "PRINTER<20>" and the scope behind it. */
struct nb_name {
	char text[TEXT_MAX];
	uint32_t len, plain; /* whole, and up to the brackets */
	int kind;            /* last byte of the name; -1: it is no NetBIOS name */
};

static void name_read(struct nbns *m, struct cursor *c, struct nb_name *n)
{
	struct dns_name name = dns_name_read(&m->dns, c);
	struct buf text = BUF_INIT;
	uint8_t raw[NAME_BYTES];

	n->kind = -1;
	if (decode_letters(&name, raw)) {
		n->kind = raw[NAME_BYTES - 1];
		n->plain = plain_name(n->text, raw);
		buf_mem(&text, n->text, n->plain);
		buf_char(&text, '<');
		buf_hex(&text, (uint64_t)n->kind, 2);
		buf_char(&text, '>');
		buf_mem(&text, name.text + CODED_BYTES, name.len - CODED_BYTES);
	} else {
		buf_mem(&text, name.text, name.len);
		n->plain = (uint32_t)text.len;
	}
	n->len = (uint32_t)text.len;
	memcpy(n->text, buf_text(&text), n->len);
	buf_release(&text);
}

/* In an address record the name says what it is for, too: Wireshark's choice. */
static void name_field(struct nbns *m, const struct nb_name *n, uint32_t at, uint32_t len,
		       bool described)
{
	const char *kind = value_name(nbns_name_kinds, (uint64_t)n->kind);
	struct buf text = BUF_INIT;
	uint64_t h = 0xcbf29ce484222325u;
	struct field *f;

	buf_mem(&text, n->text, n->len);
	if (described && n->kind >= 0)
		buf_printf(&text, " (%s)", kind ? kind : "Unknown");
	f = field_add_value(m->r, NBNS_ID(NBNS_NAME), at, len,
			    arena_copy(&m->r->arena, buf_text(&text), text.len),
			    (uint32_t)text.len);
	if (n->kind < 0)
		f->flags |= FIELD_MALFORMED;
	buf_release(&text);
	if (m->name_hash)
		return;
	for (uint32_t i = 0; i < n->len; i++)
		h = (h ^ (uint8_t)n->text[i]) * 0x100000001b3u;
	m->name_hash = h | 1;
	field_gen_text(m->r, NBNS_ID(TT_NBNS_NAME), n->text, n->plain);
}

/* Header flags; some are shown only in responses, as Wireshark does. `wack`: the flags that a
 * "wait" repeats in its data, which have no result (RFC 1002 section 4.2.16). */
static uint16_t flag_fields(struct nbns *m, struct cursor *c, bool wack)
{
	uint16_t flags = (uint16_t)walk(m->r, c, NBNS_ID(NBNS_FLAGS), NBNS_ID(NBNS_FLAGS));
	struct field f;

	if (!cursor_ok(c))
		return 0;
	f = m->r->fields[m->r->nfields - 1];
	for (uint16_t row = NBNS_FLAGS_RESPONSE; row <= NBNS_FLAGS_RCODE; row++) {
		bool only_response = row == NBNS_FLAGS_AUTHORITATIVE ||
				     row == NBNS_FLAGS_RECAVAIL || row == NBNS_FLAGS_RCODE;

		if ((only_response && !(flags & FLAG_RESPONSE)) ||
		    (row == NBNS_FLAGS_RCODE && wack))
			continue;
		walk_bits(m->r, &f, NBNS_ID(row), NBNS_ID(row));
	}
	return flags;
}

static void question(struct nbns *m, struct cursor *c)
{
	struct nb_name name;
	uint32_t at = c->pos;

	name_read(m, c, &name);
	if (c->pos == at)
		return;
	name_field(m, &name, at, c->pos - at, false);
	walk(m->r, c, NBNS_ID(NBNS_TYPE), NBNS_ID(NBNS_CLASS));
}

static void incomplete(struct nbns *m, struct cursor *c)
{
	field_add_none(m->r, NBNS_ID(NBNS_INCOMPLETE), c->pos, cursor_left(c))->flags |=
		FIELD_MALFORMED;
	m->r->malformed = true;
}

/* Addresses of a name, each with what kind of name it is (RFC 1002 section 4.2.1.3). */
static void addresses(struct nbns *m, struct cursor *c)
{
	while (cursor_promised(c) && decode_step(m->dns.d)) {
		if (opcode(m) == OPCODE_WACK) {
			flag_fields(m, c, true);
		} else {
			walk(m->r, c, NBNS_ID(NBNS_NB_FLAGS), NBNS_ID(NBNS_NB_FLAGS_ONT));
			walk(m->r, c, NBNS_ID(NBNS_ADDR), NBNS_ID(NBNS_ADDR));
		}
		if (c->malformed)
			incomplete(m, c);
	}
}

static bool status_name(struct nbns *m, struct cursor *c)
{
	uint32_t at = c->pos;
	const uint8_t *raw = cursor_bytes(c, NAME_BYTES);
	char text[NAME_BYTES * 4];
	uint32_t n;

	if (!raw)
		return false;
	n = plain_name(text, raw);
	field_add_value(m->r, NBNS_ID(NBNS_NETBIOS_NAME), at, NAME_BYTES,
			arena_copy(&m->r->arena, text, n), n);
	walk(m->r, c, NBNS_ID(NBNS_NAME_FLAGS), NBNS_ID(NBNS_NAME_FLAGS_PRM));
	return cursor_ok(c);
}

/* All names of a computer and numbers about its network card (RFC 1002 section 4.2.18). */
static void status(struct nbns *m, struct cursor *c)
{
	uint64_t names =
		walk(m->r, c, NBNS_ID(NBNS_NUMBER_OF_NAMES), NBNS_ID(NBNS_NUMBER_OF_NAMES));

	while (names-- && status_name(m, c) && decode_step(m->dns.d))
		;
	for (uint16_t row = NBNS_UNIT_ID; row <= NBNS_SESSION_SIZE && cursor_ok(c); row++)
		walk(m->r, c, NBNS_ID(row), NBNS_ID(row));
	if (c->malformed)
		incomplete(m, c);
}

static void resource_record(struct nbns *m, struct cursor *c)
{
	uint32_t at = c->pos, len;
	struct cursor data;
	struct nb_name name;
	uint64_t type;

	name_read(m, c, &name);
	if (c->pos == at)
		return;
	len = c->pos - at;
	type = cursor_left(c) >= 2 ? (uint64_t)c->base[c->pos] << 8 | c->base[c->pos + 1] : 0;
	name_field(m, &name, at, len, type == TYPE_NB);
	walk(m->r, c, NBNS_ID(NBNS_TYPE), NBNS_ID(NBNS_TTL));
	len = (uint32_t)walk(m->r, c, NBNS_ID(NBNS_DATA_LENGTH), NBNS_ID(NBNS_DATA_LENGTH));
	if (!cursor_ok(c))
		return;
	data = cursor_fence(c, len);
	if (type == TYPE_NB)
		addresses(m, &data);
	else if (type == TYPE_NBSTAT)
		status(m, &data);
	else
		field_add_bytes(m->r, NBNS_ID(NBNS_DATA), data.pos, cursor_left(&data));
	if (!cursor_ok(&data))
		decode_overrun(m->r, &data);
}

/*
 * A question to everybody is answered from another address than it was sent to, so it is paired
 * over all conversations. Silence is the good answer to a claim that was sent to everybody: it is
 * no question.
 */
static void mark(struct nbns *m, uint32_t first)
{
	bool response = m->flags & FLAG_RESPONSE;
	bool claim = opcode(m) != OPCODE_QUERY && (response || m->flags & FLAG_BROADCAST);
	const struct endpoint *asker = response ? &m->r->flow.dst : &m->r->flow.src;
	uint64_t key = (uint64_t)m->id << 48 ^ m->name_hash >> 16, word;

	if (m->r->in_quote || m->r->nfields <= first)
		return;
	for (unsigned i = 0; i < 16; i += 8) {
		memcpy(&word, asker->addr + i, sizeof(word));
		key ^= word * 0x9e3779b97f4a7c15u;
	}
	exchange_mark(m->r,
		      claim      ? EXCHANGE_EVENT
		      : response ? EXCHANGE_RESPONSE
				 : EXCHANGE_REQUEST,
		      PROTO_nbns, key | 1, first, m->r->nfields - 1);
	if (m->r->nmarks)
		m->r->marks[m->r->nmarks - 1].any_conv = true;
}

static void message(struct nbns *m, struct cursor *c)
{
	m->id = (uint16_t)walk(m->r, c, NBNS_ID(NBNS_TRANSACTION), NBNS_ID(NBNS_TRANSACTION));
	m->flags = flag_fields(m, c, false);
	for (uint16_t i = 0; i < 4; i++)
		m->counts[i] = (uint16_t)walk(m->r, c, NBNS_ID(NBNS_COUNT_QUERIES + i),
					      NBNS_ID(NBNS_COUNT_QUERIES + i));
	for (uint16_t i = 0; i < 4; i++)
		for (uint16_t n = m->counts[i]; n && cursor_ok(c) && decode_step(m->dns.d); n--)
			if (i == 0)
				question(m, c);
			else
				resource_record(m, c);
	if (!cursor_ok(c))
		decode_overrun(m->r, c);
}

static void decode(struct decoder *d, struct record *r, struct cursor *c)
{
	struct layer *layer = layer_open(r, PROTO_nbns, c);
	struct nbns m = {.r = r, .dns = {.d = d, .r = r, .c = c, .start = c->pos}};
	uint32_t first = r->nfields;

	message(&m, c);
	if (layer)
		layer_close(r, layer, c->captured);
	mark(&m, first);
}

static const struct hang on[] = {{ON_UDP_PORT, 137}, {ON_NOTHING, 0}};

const struct proto_def proto_nbns = {
	.name = "nbns",
	.label = "NetBIOS Name Service",
	.prefix = "NBNS",
	.header = "NBNS HEADER",
	.fields = nbns_rows,
	.nfields = NBNS_ROWS,
	.on = on,
	.decode = decode,
	.blurb = "Finds computers by their Windows names on the local network.",
	.see = "RFC 1001, RFC 1002",
};
