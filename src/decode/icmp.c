/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ICMP tells senders what became of their packets, and asks whether a computer is there (ping).
 * RFC 792, RFC 1191 (size of the next link), RFC 1256 (routers), RFC 4884 (extensions), RFC 4950
 * (MPLS labels). Hangs at IP protocol 1.
 */
#include "icmp.h"

#define QUOTE_PADDED     128 /* RFC 4884 section 5.4: older senders padded the quote to this */
#define DAY_NS           (86400 * 1000000000ll)
#define CODE_TOO_BIG     4
#define EXTENSION_HEADER 4

enum {
	ECHO_REPLY = 0,
	UNREACHABLE = 3,
	QUENCH = 4,
	REDIRECT = 5,
	ECHO = 8,
	ROUTERS = 9,
	SOLICITATION = 10,
	EXCEEDED = 11,
	PARAMETER = 12,
	STAMP = 13,
	STAMP_REPLY = 14,
	INFO = 15,
	INFO_REPLY = 16,
	MASK = 17,
	MASK_REPLY = 18
};

/* The identifier and sequence number in both byte orders, for senders that do not swap theirs. */
static uint32_t add_identifier(struct record *r, struct cursor *c)
{
	uint32_t at = c->pos, key;
	const uint8_t *p = cursor_bytes(c, 4);

	if (!p)
		return 0;
	key = (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
	field_add_uint(r, ICMP_ID(ICMP_IDENT), at, 2, key >> 16);
	field_add_uint(r, ICMP_ID(ICMP_IDENT_LE), at, 2, p[0] | p[1] << 8);
	field_add_uint(r, ICMP_ID(ICMP_SEQ), at + 2, 2, key & 0xffff);
	field_add_uint(r, ICMP_ID(ICMP_SEQ_LE), at + 2, 2, p[2] | p[3] << 8);
	return key;
}

static bool near(int64_t stamp, int64_t now)
{
	return stamp > now - DAY_NS && stamp < now + DAY_NS;
}

/* Many a ping puts the time it was sent into its first 8 bytes: seconds and microseconds, in
 * either byte order; taken for a time if it is within a day of the packet's. */
static void add_send_time(struct record *r, struct cursor *c)
{
	struct cursor big = *c, little = *c;
	uint32_t at = c->pos;
	int64_t stamp;

	if (cursor_left(c) < 8)
		return;
	stamp = cursor_be32(&big) * 1000000000ll;
	stamp += cursor_be32(&big) * 1000ll;
	if (!near(stamp, r->time)) {
		stamp = (int64_t)cursor_le(&little, 4) * 1000000000ll;
		stamp += (int64_t)cursor_le(&little, 4) * 1000ll;
	}
	if (!near(stamp, r->time))
		return;
	cursor_skip(c, 8);
	field_add_int(r, ICMP_ID(ICMP_DATA_TIME), at, 8, stamp);
	field_add_int(r, ICMP_ID(ICMP_DATA_TIME_REL), at, 8, r->time - stamp)->flags |=
		FIELD_GENERATED;
}

static void echo(struct decoder *d, struct record *r, struct cursor *c, unsigned type)
{
	uint32_t first = r->layers[r->cur_layer].first + 1;
	uint32_t key = add_identifier(r, c);

	if (!cursor_ok(c))
		return;
	add_send_time(r, c);
	if (!r->in_quote)
		exchange_mark(r, type == ECHO ? EXCHANGE_REQUEST : EXCHANGE_RESPONSE, PROTO_icmp,
			      key, first, r->nfields - 1);
	decode_data(d, r, c);
}

/* RFC 4950: the labels the packet carried where it was dropped. */
static void labels(struct record *r, struct cursor *c)
{
	while (cursor_left(c) >= 4)
		walk(r, c, ICMP_ID(ICMP_MPLS_LABEL), ICMP_ID(ICMP_MPLS_TTL));
}

static void object(struct record *r, struct cursor *c)
{
	uint32_t length = (uint32_t)walk(r, c, ICMP_ID(ICMP_EXT_LENGTH), ICMP_ID(ICMP_EXT_LENGTH));
	unsigned class = (unsigned)walk(r, c, ICMP_ID(ICMP_EXT_CLASS), ICMP_ID(ICMP_EXT_CLASS));
	unsigned type = (unsigned)walk(r, c, ICMP_ID(ICMP_EXT_CTYPE), ICMP_ID(ICMP_EXT_CTYPE));
	struct cursor body;

	if (!cursor_ok(c))
		return;
	if (length < EXTENSION_HEADER) {
		c->malformed = true;
		return;
	}
	body = cursor_fence(c, length - EXTENSION_HEADER);
	if (class == 1 && type == 1)
		labels(r, &body);
	if (cursor_left(&body))
		field_add_bytes(r, ICMP_ID(ICMP_EXT_DATA), body.pos, cursor_left(&body));
}

/* RFC 4884 section 7: version 2, a checksum over all of it, then objects. */
static void extensions(struct record *r, struct cursor *c)
{
	static const struct checksum_ids ids = {.status = ICMP_ID(ICMP_EXT_CHECKSUM_STATUS),
						.calculated = ICMP_ID(ICMP_CHECKSUM_CALCULATED),
						.offloaded = FIELD_NONE};
	uint32_t at = c->pos, left = cursor_left(c), index;

	if (left < EXTENSION_HEADER || c->base[at] >> 4 != 2)
		return;
	field_add_none(r, ICMP_ID(ICMP_EXT), at, left);
	r->cur_depth++;
	field_add_uint(r, ICMP_ID(ICMP_EXT_VERSION), at, 1, 2);
	field_add_uint(r, ICMP_ID(ICMP_EXT_RES), at, 2, cursor_be16(c) & 0xfff);
	index = r->nfields;
	walk(r, c, ICMP_ID(ICMP_EXT_CHECKSUM), ICMP_ID(ICMP_EXT_CHECKSUM));
	if (c->captured < c->reported || index >= r->nfields)
		checksum_unjudged(r, &ids, CHECKSUM_UNVERIFIED);
	else
		checksum_judge(r, &ids, index, checksum_add(0, c->base + at, left), 0);
	while (cursor_left(c))
		object(r, c);
	r->cur_depth--;
	if (!cursor_ok(c))
		net_overrun(r, c);
}

/* The quoted packet, and what may follow it. `length` is its length in bytes if the message says.
 */
static void quote(struct decoder *d, struct record *r, struct cursor *c, uint32_t length)
{
	uint32_t promised = cursor_promised(c), rest = 0;
	struct cursor quoted;

	if (length && length < promised)
		rest = length;
	else if (!length && promised > QUOTE_PADDED && cursor_left(c) > QUOTE_PADDED &&
		 c->base[c->pos + QUOTE_PADDED] >> 4 == 2)
		rest = QUOTE_PADDED;
	quoted = cursor_fence(c, rest ? rest : promised);
	if (rest && cursor_ok(c))
		extensions(r, c);
	net_quoted(d, r, 0x0800, &quoted);
}

/* Four bytes nobody uses; of RFC 4884 the second is the length of the quote in words. */
static uint32_t add_unused(struct record *r, struct cursor *c)
{
	uint32_t at = c->pos, words;

	if (!cursor_want(c, 4))
		return 0;
	words = c->base[at + 1];
	if (!words) {
		field_add_bytes(r, ICMP_ID(ICMP_UNUSED), at, 4);
	} else {
		field_add_bytes(r, ICMP_ID(ICMP_UNUSED), at, 1);
		field_add_uint(r, ICMP_ID(ICMP_LENGTH), at + 1, 1, words);
		field_add_uint(r, ICMP_ID(ICMP_LENGTH_ORIGINAL), at + 1, 1, words * 4)->flags |=
			FIELD_GENERATED;
		field_add_bytes(r, ICMP_ID(ICMP_UNUSED), at + 2, 2);
	}
	cursor_skip(c, 4);
	return words * 4;
}

static void error(struct decoder *d, struct record *r, struct cursor *c, unsigned type,
		  unsigned code)
{
	uint32_t length = 0;

	if (type == REDIRECT) {
		walk(r, c, ICMP_ID(ICMP_REDIR_GW), ICMP_ID(ICMP_REDIR_GW));
	} else if (type == UNREACHABLE && code == CODE_TOO_BIG) {
		if (cursor_want(c, 2))
			field_add_bytes(r, ICMP_ID(ICMP_UNUSED), c->pos, 2);
		cursor_skip(c, 2);
		walk(r, c, ICMP_ID(ICMP_MTU), ICMP_ID(ICMP_MTU));
	} else if (type == PARAMETER) {
		walk(r, c, ICMP_ID(ICMP_POINTER), ICMP_ID(ICMP_POINTER));
		if (cursor_want(c, 3))
			length = c->base[c->pos] * 4u;
		cursor_skip(c, 3);
	} else if (type == QUENCH) {
		cursor_skip(c, 4);
	} else {
		length = add_unused(r, c);
	}
	if (cursor_ok(c))
		quote(d, r, c, length);
}

/* RFC 1256 section 3 */
static void routers(struct record *r, struct cursor *c)
{
	unsigned n = (unsigned)walk(r, c, ICMP_ID(ICMP_NUM_ADDRS), ICMP_ID(ICMP_NUM_ADDRS));
	unsigned words = (unsigned)walk(r, c, ICMP_ID(ICMP_ENTRY_SIZE), ICMP_ID(ICMP_ENTRY_SIZE));

	walk(r, c, ICMP_ID(ICMP_LIFETIME), ICMP_ID(ICMP_LIFETIME));
	if (words < 2)
		return;
	while (n-- && cursor_ok(c)) {
		struct cursor entry = cursor_fence(c, words * 4);

		walk(r, &entry, ICMP_ID(ICMP_ROUTER), ICMP_ID(ICMP_PREF));
	}
}

static void body(struct decoder *d, struct record *r, struct cursor *c, unsigned type,
		 unsigned code)
{
	switch (type) {
	case ECHO:
	case ECHO_REPLY: echo(d, r, c, type); break;
	case UNREACHABLE:
	case QUENCH:
	case REDIRECT:
	case EXCEEDED:
	case PARAMETER: error(d, r, c, type, code); break;
	case ROUTERS: routers(r, c); break;
	case SOLICITATION: cursor_skip(c, 4); break;
	case STAMP:
	case STAMP_REPLY:
		add_identifier(r, c);
		walk(r, c, ICMP_ID(ICMP_ORIGINATE), ICMP_ID(ICMP_TRANSMIT));
		break;
	case INFO:
	case INFO_REPLY: add_identifier(r, c); break;
	case MASK:
	case MASK_REPLY:
		add_identifier(r, c);
		walk(r, c, ICMP_ID(ICMP_MASK), ICMP_ID(ICMP_MASK));
		break;
	default: decode_data(d, r, c); break;
	}
}

static void add_checksum(struct record *r, struct cursor *c, uint32_t start)
{
	static const struct checksum_ids ids = {.status = ICMP_ID(ICMP_CHECKSUM_STATUS),
						.calculated = ICMP_ID(ICMP_CHECKSUM_CALCULATED),
						.offloaded = FIELD_NONE};
	uint32_t index = r->nfields;

	walk(r, c, ICMP_ID(ICMP_CHECKSUM), ICMP_ID(ICMP_CHECKSUM));
	if (index >= r->nfields)
		return;
	if (r->in_quote || c->captured < c->reported)
		checksum_unjudged(r, &ids, CHECKSUM_UNVERIFIED);
	else if (checksum_judge(r, &ids, index,
				checksum_add(0, c->base + start, c->reported - start),
				0) == CHECKSUM_BAD)
		r->flow.checksum_bad = true;
}

static void decode(struct decoder *d, struct record *r, struct cursor *c)
{
	struct layer *layer = layer_open(r, PROTO_icmp, c);
	uint32_t start = c->pos;
	unsigned type, code;

	if (!layer)
		return;
	type = (unsigned)walk(r, c, ICMP_ID(ICMP_TYPE), ICMP_ID(ICMP_TYPE));
	code = (unsigned)walk(r, c, ICMP_ID(ICMP_CODE), ICMP_ID(ICMP_CODE));
	add_checksum(r, c, start);
	if (cursor_ok(c))
		body(d, r, c, type, code);
	if (!cursor_ok(c))
		net_overrun(r, c);
}

static const struct hang hangs[] = {{ON_IP_PROTO, 1}, {ON_NOTHING, 0}};

const struct proto_def proto_icmp = {.name = "icmp",
				     .label = "Internet Control Message Protocol",
				     .prefix = "ICMP",
				     .header = "ICMP HEADER",
				     .fields = icmp_fields,
				     .nfields = ICMP_ROWS,
				     .on = hangs,
				     .decode = decode,
				     .lines = icmp_lines,
				     .blurb = "ICMP tells senders what became of their packets, "
					      "and asks whether a computer is there "
					      "(ping).",
				     .see = "RFC 792"};
