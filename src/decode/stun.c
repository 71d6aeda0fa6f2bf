/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * STUN asks a server on the internet under which address it sees this computer, so that calls can
 * come in through a router that puts its own address in place of it (NAT). TURN asks the server to
 * pass everything on where that does not work.
 * RFC 8489; TURN RFC 8656; calls RFC 8445 (ICE).
 * Hangs at UDP and TCP port 3478; found by its cookie elsewhere.
 */
#include "src/decode/stun.h"

#include <zlib.h>

#define HEADER_SIZE     20
#define COOKIE          0x2112A442u
#define FINGERPRINT_XOR 0x5354554Eu /* RFC 8489 section 14.7 */

enum kind {
	VALUE, /* bytes */
	NONE,
	TEXT,
	BYTES,
	NUMBER, /* as many bytes as the row says */
	ADDRESS,
	XOR_ADDRESS,
	ERROR,
	UNKNOWN_LIST,
	ALGORITHMS,
	TRANSPORT,
	FAMILY,
	CHANNEL,
	CHANGE,
	EVEN_PORT,
	PADDING,
	ICMP,
	COST,
	FINGERPRINT,
	PAYLOAD
};

static const struct attribute {
	uint16_t type;
	enum kind kind;
	uint16_t row;
} attributes[] = {
	{0x0001, ADDRESS, 0},
	{0x0003, CHANGE, 0},
	{0x0006, TEXT, STUN_USERNAME},
	{0x0008, BYTES, STUN_HMAC},
	{0x0009, ERROR, 0},
	{0x000a, UNKNOWN_LIST, 0},
	{0x000c, CHANNEL, 0},
	{0x000d, NUMBER, STUN_LIFETIME},
	{0x0012, XOR_ADDRESS, 0},
	{0x0013, PAYLOAD, 0},
	{0x0014, TEXT, STUN_REALM},
	{0x0015, TEXT, STUN_NONCE},
	{0x0016, XOR_ADDRESS, 0},
	{0x0017, FAMILY, 0},
	{0x0018, EVEN_PORT, 0},
	{0x0019, TRANSPORT, 0},
	{0x001a, NONE, 0},
	{0x001d, ALGORITHMS, 0},
	{0x0020, XOR_ADDRESS, 0},
	{0x0022, BYTES, STUN_TOKEN},
	{0x0024, NUMBER, STUN_PRIORITY},
	{0x0025, NONE, 0},
	{0x0026, PADDING, 0},
	{0x8002, ALGORITHMS, 0},
	{0x8004, ICMP, 0},
	{0x8022, TEXT, STUN_SOFTWARE},
	{0x8023, ADDRESS, 0},
	{0x8027, NUMBER, STUN_CACHE_TIMEOUT},
	{0x8028, FINGERPRINT, 0},
	{0x8029, BYTES, STUN_TIE_BREAKER},
	{0x802a, BYTES, STUN_TIE_BREAKER},
	{0x802b, ADDRESS, 0},
	{0x802c, ADDRESS, 0},
	{0xc057, COST, 0},
};

struct stun {
	struct decoder *d;
	struct record *r;
	const uint8_t *message; /* its first byte */
	uint16_t type;
	struct cursor payload; /* what the message carries for another protocol */
	bool carries;
};

static uint32_t peek32(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static uint64_t number(struct stun *s, struct cursor *c, uint16_t row)
{
	return walk(s->r, c, STUN_ID(row), STUN_ID(row));
}

static void bytes(struct stun *s, struct cursor *c, uint16_t row, uint32_t n)
{
	if (n && cursor_want(c, n)) {
		field_add_bytes(s->r, STUN_ID(row), c->pos, n);
		cursor_skip(c, n);
	}
}

/* Coded with the cookie and the number of the message, so that routers do not "correct" it
 * (RFC 8489 section 14.2). */
static void address(struct stun *s, struct cursor *c, bool coded)
{
	const uint8_t *key = s->message + 4;
	uint8_t plain[16];
	uint64_t family, port;
	uint32_t at, n;

	bytes(s, c, STUN_RESERVED, 1);
	family = number(s, c, STUN_FAMILY);
	at = c->pos;
	port = cursor_be16(c);
	n = family == 2 ? 16 : 4;
	if ((family != 1 && family != 2) || !cursor_want(c, n))
		return;
	if (coded)
		field_add_bytes(s->r, STUN_ID(STUN_PORT_XOR), at, 2);
	field_add_uint(s->r, STUN_ID(STUN_PORT), at, 2, coded ? port ^ COOKIE >> 16 : port);
	for (uint32_t i = 0; i < n; i++)
		plain[i] = c->base[c->pos + i] ^ (coded ? key[i] : 0);
	if (coded)
		field_add_bytes(s->r, STUN_ID(n == 4 ? STUN_IPV4_XOR : STUN_IPV6_XOR), c->pos, n);
	if (n == 4)
		field_add_uint(s->r, STUN_ID(STUN_IPV4), c->pos, 4, peek32(plain));
	else
		field_add_value(s->r, STUN_ID(STUN_IPV6), c->pos, 16,
				arena_copy(&s->r->arena, plain, 16), 16);
	cursor_skip(c, n);
}

static void error(struct stun *s, struct cursor *c)
{
	uint64_t class, code;

	bytes(s, c, STUN_RESERVED, 2);
	class = number(s, c, STUN_ERROR_CLASS);
	code = number(s, c, STUN_ERROR);
	if (!cursor_ok(c))
		return;
	bytes(s, c, STUN_ERROR_REASON, cursor_left(c));
	field_gen_uint(s->r, STUN_ID(TT_STUN_ERROR), class * 100 + code);
}

/* The sum over all before this attribute (RFC 8489 section 14.7). */
static void fingerprint(struct stun *s, struct cursor *c)
{
	uint32_t before = c->pos - 4;
	const uint8_t *start = s->message;
	uLong sum = crc32(0, start, (uInt)(c->base + before - start)) ^ FINGERPRINT_XOR;
	uint64_t said = number(s, c, STUN_CRC32);

	if (!cursor_ok(c))
		return;
	if (said != (uint32_t)sum)
		field_add_none(s->r, STUN_ID(STUN_CRC32_BAD), 0, 0)->flags |=
			FIELD_GENERATED | FIELD_BAD_CHECKSUM;
	field_gen_uint(s->r, STUN_ID(STUN_CRC32_STATUS), said == (uint32_t)sum);
}

/* Four bytes with two flags at the end (RFC 5780 section 7.2). */
static void change(struct stun *s, struct cursor *c)
{
	uint32_t at = c->pos, flags = cursor_be32(c);

	if (!cursor_ok(c))
		return;
	field_add_uint(s->r, STUN_ID(STUN_CHANGE_IP), at + 2, 2, flags >> 2 & 1);
	field_add_uint(s->r, STUN_ID(STUN_CHANGE_PORT), at + 2, 2, flags >> 1 & 1);
}

/* Attributes whose value has parts of several kinds. */
static void parts(struct stun *s, struct cursor *c, enum kind kind)
{
	switch (kind) {
	case CHANGE: change(s, c); break;
	case TRANSPORT:
		number(s, c, STUN_TRANSPORT);
		bytes(s, c, STUN_RESERVED, 3);
		break;
	case FAMILY:
		number(s, c, STUN_FAMILY);
		bytes(s, c, STUN_RESERVED, 3);
		break;
	case CHANNEL:
		number(s, c, STUN_CHANNEL_NUMBER);
		bytes(s, c, STUN_RESERVED, 2);
		break;
	case ICMP: /* two bytes before them are reserved (RFC 8656 section 18.13) */
		number(s, c, STUN_ICMP_TYPE);
		number(s, c, STUN_ICMP_CODE);
		break;
	case COST:
		number(s, c, STUN_NETWORK_ID);
		number(s, c, STUN_NETWORK_COST);
		break;
	default: break;
	}
}

static void algorithms(struct stun *s, struct cursor *c)
{
	while (cursor_left(c) && decode_step(s->d)) {
		uint32_t n;

		number(s, c, STUN_PW_ALGORITHM);
		n = (uint32_t)number(s, c, STUN_PW_LENGTH);
		bytes(s, c, STUN_PW_DATA, n < cursor_left(c) ? n : cursor_left(c));
	}
}

static void value(struct stun *s, struct cursor *c, const struct attribute *a)
{
	switch (a->kind) {
	case NONE: break;
	case TEXT:
	case BYTES: bytes(s, c, a->row, cursor_left(c)); break;
	case NUMBER: number(s, c, a->row); break;
	case ADDRESS: address(s, c, false); break;
	case XOR_ADDRESS: address(s, c, true); break;
	case ERROR: error(s, c); break;
	case FINGERPRINT: fingerprint(s, c); break;
	case ALGORITHMS: algorithms(s, c); break;
	case PADDING:
		field_add_uint(s->r, STUN_ID(STUN_ATT_PADDING), c->pos, cursor_left(c),
			       cursor_left(c));
		break;
	case EVEN_PORT: number(s, c, STUN_EVEN_PORT); break;
	case UNKNOWN_LIST:
		while (cursor_left(c) >= 2 && decode_step(s->d))
			number(s, c, STUN_UNKNOWN);
		break;
	case PAYLOAD:
		s->payload = *c;
		s->carries = true;
		bytes(s, c, STUN_VALUE, cursor_left(c));
		break;
	case VALUE: bytes(s, c, STUN_VALUE, cursor_left(c)); break;
	default: parts(s, c, a->kind);
	}
}

static const struct attribute *known(uint16_t type)
{
	static const struct attribute none = {0, VALUE, 0};

	for (size_t i = 0; i < sizeof(attributes) / sizeof(attributes[0]); i++)
		if (attributes[i].type == type)
			return &attributes[i];
	return &none;
}

/* Type, length, value, and zeros up to a multiple of four (RFC 8489 section 14). */
static void attribute(struct stun *s, struct cursor *c)
{
	uint32_t at = c->pos, n, padding;
	uint16_t type = (uint16_t)(cursor_left(c) >= 2 ? peek32(c->base + at - 2) & 0xFFFF : 0);
	struct cursor in;

	field_add_uint(s->r, STUN_ID(STUN_ATTRIBUTE), at, 2, type);
	s->r->cur_depth++;
	walk(s->r, c, STUN_ID(STUN_ATT_TYPE), STUN_ID(STUN_ATT_ASSIGNMENT));
	n = (uint32_t)number(s, c, STUN_ATT_LENGTH);
	if (cursor_ok(c)) {
		in = cursor_fence(c, n);
		value(s, &in, known(type));
		if (!cursor_ok(&in))
			decode_overrun(s->r, &in);
		padding = -n & 3;
		if (padding && cursor_left(c) >= padding) {
			field_add_uint(s->r, STUN_ID(STUN_ATT_PADDING), c->pos, padding, padding);
			cursor_skip(c, padding);
		}
	}
	s->r->cur_depth--;
}

static void mark(struct stun *s, uint32_t first)
{
	unsigned class = (s->type >> 7 & 2) | (s->type >> 4 & 1); /* RFC 8489 section 5 */
	uint64_t key = 0xcbf29ce484222325u;

	if (s->r->in_quote || class == 1) /* an indication is not answered */
		return;
	for (unsigned i = 8; i < HEADER_SIZE; i++)
		key = (key ^ s->message[i]) * 0x100000001b3u;
	exchange_mark(s->r, class ? EXCHANGE_RESPONSE : EXCHANGE_REQUEST, PROTO_stun, key | 1,
		      first, s->r->nfields - 1);
}

static void message(struct decoder *d, struct record *r, struct cursor *c)
{
	struct layer *layer = layer_open(r, PROTO_stun, c);
	struct stun s = {.d = d, .r = r, .message = c->base + c->pos};
	uint32_t first = r->nfields, n;
	struct cursor in;

	s.type = (uint16_t)walk(r, c, STUN_ID(STUN_TYPE), STUN_ID(STUN_METHOD_ASSIGNMENT));
	n = (uint32_t)number(&s, c, STUN_LENGTH);
	bytes(&s, c, STUN_COOKIE, 4);
	bytes(&s, c, STUN_TRANSACTION, 12);
	in = cursor_fence(c, n);
	if (cursor_ok(c) || cursor_left(&in)) {
		if (n) {
			field_gen_uint(r, STUN_ID(STUN_NETWORK_VERSION), 3);
			field_add_none(r, STUN_ID(STUN_ATTRIBUTES), in.pos, cursor_left(&in));
		}
		r->cur_depth++;
		while (cursor_left(&in) && decode_step(d))
			attribute(&s, &in);
		r->cur_depth--;
		mark(&s, first);
	}
	if (!cursor_ok(&in))
		decode_overrun(r, &in);
	else if (!cursor_ok(c))
		decode_overrun(r, c);
	if (layer)
		layer_close(r, layer, in.pos);
	if (s.carries)
		decode_data(d, r, &s.payload);
}

/* Data on a channel that TURN has given a number (RFC 8656 section 12.4). */
static void channel_data(struct decoder *d, struct record *r, struct cursor *c)
{
	struct layer *layer = layer_open(r, PROTO_stun, c);
	uint32_t n;
	struct cursor in;

	walk(r, c, STUN_ID(STUN_CHANNEL), STUN_ID(STUN_CHANNEL));
	n = (uint32_t)walk(r, c, STUN_ID(STUN_LENGTH), STUN_ID(STUN_LENGTH));
	if (layer)
		layer_close(r, layer, c->pos);
	in = cursor_fence(c, n);
	decode_data(d, r, &in);
	cursor_skip(c, cursor_left(c) < (-n & 3) ? cursor_left(c) : -n & 3);
}

static bool is_message(const uint8_t *p, uint32_t n)
{
	return n >= HEADER_SIZE && !(p[0] & 0xC0) && peek32(p + 4) == COOKIE;
}

/* The size of what begins here; 0: it is neither message nor channel data. */
static uint32_t size_of(const uint8_t *p, uint32_t n)
{
	uint32_t length = n >= 4 ? peek32(p) & 0xFFFF : 0;

	if (n < 4)
		return 0;
	if ((p[0] & 0xC0) == 0x40) /* over TCP padded to four bytes */
		return 4 + ((length + 3) & ~3u);
	return is_message(p, n) ? HEADER_SIZE + length : 0;
}

static void stream(struct decoder *d, struct record *r, struct cursor *c)
{
	while (cursor_left(c) && decode_step(d)) {
		const uint8_t *p = c->base + c->pos;
		uint32_t left = cursor_left(c), size = size_of(p, left);
		bool final = r->payload.last || c->captured < c->reported;

		if (!final && (left < HEADER_SIZE ? !(p[0] & 0xC0) || left < 4 : left < size)) {
			c->need_more = true;
			return;
		}
		if (!size)
			break;
		if ((p[0] & 0xC0) == 0x40)
			channel_data(d, r, c);
		else
			message(d, r, c);
	}
	decode_data(d, r, c);
}

static void decode(struct decoder *d, struct record *r, struct cursor *c)
{
	const uint8_t *p = c->base + c->pos;

	if (r->flow.ip_proto == 6) {
		stream(d, r, c);
		return;
	}
	if (is_message(p, cursor_left(c)) &&
	    (peek32(p) & 0xFFFF) + HEADER_SIZE >= cursor_promised(c))
		message(d, r, c);
	else if (cursor_left(c) >= 4 && (p[0] & 0xC0) == 0x40)
		channel_data(d, r, c);
	else
		decode_data(d, r, c);
}

static bool looks(const struct record *r, const uint8_t *p, uint32_t n)
{
	return (r->flow.ip_proto == 17 || r->flow.ip_proto == 6) && is_message(p, n) &&
	       !(p[3] & 3) && (peek32(p) & 0xFFFF) + HEADER_SIZE <= n;
}

static const struct hang on[] = {{ON_UDP_PORT, 3478}, {ON_TCP_PORT, 3478}, {ON_NOTHING, 0}};

const struct proto_def proto_stun = {
	.name = "stun",
	.label = "Session Traversal Utilities for NAT",
	.prefix = "STUN",
	.header = "STUN HEADER",
	.fields = stun_rows,
	.nfields = STUN_ROWS,
	.on = on,
	.decode = decode,
	.looks = looks,
	.blurb = "Asks a server under which address it sees this computer.",
	.see = "RFC 8489",
};
