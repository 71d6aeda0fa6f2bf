/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * SCTP brings messages reliably and in several streams, also over several ways at once; telephone
 * networks use it. RFC 9260; further parameters RFC 4895, RFC 5061, RFC 3758. Its packets are lists
 * of chunks. Hangs at IP protocol 132.
 */
#include "sctp.h"

enum {
	DATA,
	INIT,
	INIT_ACK,
	SACK,
	HEARTBEAT,
	HEARTBEAT_ACK,
	ABORT,
	SHUTDOWN,
	ERROR = 9,
	COOKIE_ECHO = 10,
	ECNE = 12,
	CWR = 13,
	SHUTDOWN_COMPLETE = 14
};

#define HOST_NAME 0x000b /* type of a parameter */

static void rest(struct record *r, struct cursor *c, uint16_t id)
{
	if (cursor_left(c))
		field_add_bytes(r, id, c->pos, cursor_left(c));
	cursor_skip(c, cursor_left(c));
}

/* What fills a chunk, parameter or cause up to four bytes; the last one may lack it. */
static void padding(struct record *r, struct cursor *c, uint32_t length, uint16_t id)
{
	uint32_t n = (4 - length % 4) % 4;

	if (n > cursor_left(c))
		n = cursor_left(c);
	if (n)
		field_add_bytes(r, id, c->pos, n);
	cursor_skip(c, n);
}

/* A text that ends with a zero byte. */
static void host(struct record *r, struct cursor *c)
{
	const uint8_t *p = c->base + c->pos;
	uint32_t n = cursor_left(c), length = 0;

	while (length < n && p[length])
		length++;
	field_add_value(r, SCTP_ID(PARAM_HOST), c->pos, n, p, length);
}

static void each(struct decoder *d, struct record *r, struct cursor *c, uint16_t id)
{
	while (cursor_left(c) >= field_def(id)->size && decode_step(d))
		walk(r, c, id, id);
}

static void parameter_value(struct decoder *d, struct record *r, struct cursor *c, uint64_t type)
{
	static const struct {
		uint16_t type, id;
		bool repeated;
	} known[] = {{0x0001, SCTP_ID(PARAM_HEARTBEAT), false},
		     {0x0005, SCTP_ID(PARAM_IPV4), true},
		     {0x0006, SCTP_ID(PARAM_IPV6), true},
		     {0x0007, SCTP_ID(PARAM_COOKIE), false},
		     {0x0009, SCTP_ID(PARAM_PRESERVE), true},
		     {0x000c, SCTP_ID(PARAM_FAMILY), true},
		     {0x8002, SCTP_ID(PARAM_RANDOM), false},
		     {0x8003, SCTP_ID(PARAM_AUTH_CHUNK), true},
		     {0x8004, SCTP_ID(PARAM_HMAC), true},
		     {0x8008, SCTP_ID(PARAM_CHUNK), true},
		     {0xc006, SCTP_ID(PARAM_ADAPTATION), true}};

	if (type == HOST_NAME) {
		host(r, c);
		return;
	}
	for (unsigned i = 0; i < sizeof(known) / sizeof(*known); i++)
		if (known[i].type == type) {
			if (known[i].repeated)
				each(d, r, c, known[i].id);
			else
				rest(r, c, known[i].id);
			return;
		}
	rest(r, c, SCTP_ID(PARAM_VALUE));
}

/* RFC 9260 section 3.2.1 */
static void parameters(struct decoder *d, struct record *r, struct cursor *c)
{
	while (cursor_left(c) && decode_step(d)) {
		uint64_t type = walk(r, c, SCTP_ID(PARAM_TYPE), SCTP_ID(PARAM_QUIET));
		uint32_t n = (uint32_t)walk(r, c, SCTP_ID(PARAM_LENGTH), SCTP_ID(PARAM_LENGTH));
		struct cursor value;

		if (n < 4)
			return;
		value = cursor_fence(c, n - 4);
		parameter_value(d, r, &value, type);
		padding(r, c, n, SCTP_ID(PARAM_PADDING));
	}
}

/* RFC 9260 section 3.3.10 */
static void causes(struct decoder *d, struct record *r, struct cursor *c)
{
	while (cursor_left(c) && decode_step(d)) {
		struct cursor value;
		uint32_t n;

		walk(r, c, SCTP_ID(CAUSE_CODE), SCTP_ID(CAUSE_CODE));
		n = (uint32_t)walk(r, c, SCTP_ID(CAUSE_LENGTH), SCTP_ID(CAUSE_LENGTH));
		if (n < 4)
			return;
		value = cursor_fence(c, n - 4);
		rest(r, &value, SCTP_ID(CAUSE_INFO));
		padding(r, c, n, SCTP_ID(CAUSE_PADDING));
	}
}

static void sack(struct decoder *d, struct record *r, struct cursor *c)
{
	uint32_t gaps, twice;

	walk(r, c, SCTP_ID(SACK_TSN), SCTP_ID(SACK_CREDIT));
	gaps = (uint32_t)walk(r, c, SCTP_ID(SACK_GAPS), SCTP_ID(SACK_GAPS));
	twice = (uint32_t)walk(r, c, SCTP_ID(SACK_TWICE), SCTP_ID(SACK_TWICE));
	while (gaps-- && cursor_ok(c) && decode_step(d))
		walk(r, c, SCTP_ID(GAP_START), SCTP_ID(GAP_END));
	while (twice-- && cursor_ok(c) && decode_step(d))
		walk(r, c, SCTP_ID(SACK_DUPLICATE), SCTP_ID(SACK_DUPLICATE));
}

/* The flags are the chunk's own; bits first..last, none if first is 0. */
static void flags(struct record *r, struct cursor *c, unsigned type)
{
	uint16_t first = 0, last = 0;
	uint32_t index = r->nfields;
	struct field f;

	switch (type) {
	case DATA:
		first = SCTP_ID(DATA_I);
		last = SCTP_ID(DATA_E);
		break;
	case SACK: first = last = SCTP_ID(SACK_NONCE); break;
	case ABORT: first = last = SCTP_ID(ABORT_T); break;
	case SHUTDOWN_COMPLETE: first = last = SCTP_ID(COMPLETE_T); break;
	default: break;
	}
	walk(r, c, SCTP_ID(CHUNK_FLAGS), SCTP_ID(CHUNK_FLAGS));
	if (!first || index >= r->nfields)
		return;
	f = r->fields[index];
	walk_bits(r, &f, first, last);
}

static void body(struct decoder *d, struct record *r, struct cursor *c, unsigned type)
{
	switch (type) {
	case DATA: walk(r, c, SCTP_ID(DATA_TSN), SCTP_ID(DATA_PPID)); break;
	case INIT:
		walk(r, c, SCTP_ID(INIT_TAG), SCTP_ID(INIT_TSN));
		parameters(d, r, c);
		break;
	case INIT_ACK:
		walk(r, c, SCTP_ID(INITACK_TAG), SCTP_ID(INITACK_TSN));
		parameters(d, r, c);
		break;
	case SACK: sack(d, r, c); break;
	case HEARTBEAT:
	case HEARTBEAT_ACK: parameters(d, r, c); break;
	case ABORT:
	case ERROR: causes(d, r, c); break;
	case SHUTDOWN: walk(r, c, SCTP_ID(SHUTDOWN_TSN), SCTP_ID(SHUTDOWN_TSN)); break;
	case COOKIE_ECHO: rest(r, c, SCTP_ID(COOKIE)); break;
	case ECNE: walk(r, c, SCTP_ID(ECNE_TSN), SCTP_ID(ECNE_TSN)); break;
	case CWR: walk(r, c, SCTP_ID(CWR_TSN), SCTP_ID(CWR_TSN)); break;
	default: rest(r, c, SCTP_ID(CHUNK_VALUE)); break;
	}
}

/* The opening is a question; its answer, or the refusal, comes to the same two ports. */
static void mark(struct record *r, unsigned type, uint32_t first, const struct flow *flow)
{
	bool asks = type == INIT;
	uint64_t a = flow->src.port, b = flow->dst.port;
	uint64_t key = (asks ? a << 16 | b : b << 16 | a) | UINT64_C(1) << 32;

	if (r->in_quote || (!asks && type != INIT_ACK && type != ABORT))
		return;
	exchange_mark(r, asks ? EXCHANGE_REQUEST : EXCHANGE_RESPONSE, PROTO_sctp, key, first,
		      r->nfields - 1);
	if (r->nmarks)
		r->marks[r->nmarks - 1].any_conv = true;
}

/* One chunk; the data of the first one is handed on. False at a length that cannot be. */
static bool chunk(struct decoder *d, struct record *r, struct cursor *c, struct cursor *data)
{
	uint32_t first = r->nfields, length;
	unsigned type = (unsigned)walk(r, c, SCTP_ID(CHUNK_TYPE), SCTP_ID(CHUNK_QUIET));
	struct cursor value;

	flags(r, c, type);
	length = (uint32_t)walk(r, c, SCTP_ID(CHUNK_LENGTH), SCTP_ID(CHUNK_LENGTH));
	if (!cursor_ok(c) || length < 4) {
		r->malformed |= cursor_ok(c);
		return false;
	}
	value = cursor_fence(c, length - 4);
	body(d, r, &value, type);
	if (!cursor_ok(&value))
		net_overrun(r, &value);
	padding(r, c, length, SCTP_ID(CHUNK_PADDING));
	mark(r, type, first, net_flow(r));
	if (type == DATA && !data->base)
		*data = value;
	return cursor_ok(c);
}

static void decode(struct decoder *d, struct record *r, struct cursor *c)
{
	struct layer *layer = layer_open(r, PROTO_sctp, c);
	struct flow *flow = net_flow(r);
	struct cursor data = {0};
	uint32_t start = c->pos;

	if (!layer)
		return;
	flow->src.port = (uint16_t)walk(r, c, SCTP_ID(SRCPORT), SCTP_ID(SRCPORT));
	flow->dst.port = (uint16_t)walk(r, c, SCTP_ID(DSTPORT), SCTP_ID(DSTPORT));
	if (cursor_ok(c)) {
		net_hidden(field_add_uint(r, SCTP_ID(PORT), start, 2, flow->src.port));
		net_hidden(field_add_uint(r, SCTP_ID(PORT), start + 2, 2, flow->dst.port));
	}
	walk(r, c, SCTP_ID(TAG), SCTP_ID(CHECKSUM));
	while (cursor_left(c) && decode_step(d) && chunk(d, r, c, &data))
		;
	if (!cursor_ok(c))
		net_overrun(r, c);
	layer_close(r, layer, c->pos);
	if (cursor_left(&data))
		decode_data(d, r, &data);
}

static const struct hang on[] = {{ON_IP_PROTO, 132}, {ON_NOTHING, 0}};

const struct proto_def proto_sctp = {
	.name = "sctp",
	.label = "Stream Control Transmission Protocol",
	.prefix = "SCTP",
	.header = "SCTP HEADER",
	.fields = sctp_rows,
	.nfields = SCTP_ROWS,
	.on = on,
	.decode = decode,
	.blurb = "Brings messages reliably, over several ways at once; used in telephone networks.",
	.see = "RFC 9260",
};
