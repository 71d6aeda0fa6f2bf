/* SPDX-License-Identifier: GPL-3.0-or-later */
/* icmpv6_options: neighbour discovery options and multicast listener messages. */
#include "icmpv6.h"

#define MAX_NAME 255 /* RFC 1035 section 2.3.4 */

enum {
	SOURCE_LINK = 1,
	TARGET_LINK = 2,
	PREFIX = 3,
	REDIRECTED = 4,
	MTU = 5,
	INTERVAL = 7,
	HOME_AGENT = 8,
	SOURCE_LIST = 9,
	TARGET_LIST = 10,
	TIMESTAMP = 13,
	NONCE = 14,
	ROUTE = 24,
	NAME_SERVERS = 25,
	FLAGS = 26,
	SEARCH_LIST = 31,
	PORTAL = 37,
	PREF64 = 38
};

static void reserved(struct record *r, struct cursor *c, uint32_t n)
{
	if (cursor_want(c, n))
		field_add_none(r, ICMPV6_ID(ICMPV6_OPT_RESERVED), c->pos, n);
	cursor_skip(c, n);
}

/* RFC 4861 section 4.6.1: the address of the link, 6 bytes on Ethernet. */
static void link_address(struct record *r, struct cursor *c, uint16_t id)
{
	uint32_t at = c->pos, n = cursor_left(c);

	field_add_bytes(r, ICMPV6_ID(ICMPV6_OPT_LINKADDR), at, n);
	net_hidden(field_add_bytes(r, id, at, n));
}

static void prefix(struct record *r, struct cursor *c)
{
	walk(r, c, ICMPV6_ID(ICMPV6_OPT_PLEN), ICMPV6_ID(ICMPV6_OPT_PREFERRED));
	reserved(r, c, 4);
	walk(r, c, ICMPV6_ID(ICMPV6_OPT_PREFIX), ICMPV6_ID(ICMPV6_OPT_PREFIX));
}

/* RFC 4191 section 2.3: as much of the prefix as is needed; the rest is zero. */
static void route(struct record *r, struct cursor *c)
{
	uint8_t *addr = arena_zero(&r->arena, 16);
	uint32_t n;

	walk(r, c, ICMPV6_ID(ICMPV6_OPT_PLEN), ICMPV6_ID(ICMPV6_OPT_PLEN));
	walk(r, c, ICMPV6_ID(ICMPV6_OPT_ROUTE_FLAG), ICMPV6_ID(ICMPV6_OPT_ROUTE_LIFETIME));
	n = cursor_left(c) < 16 ? cursor_left(c) : 16;
	if (!n || !cursor_ok(c))
		return;
	memcpy(addr, c->base + c->pos, n);
	field_add_value(r, ICMPV6_ID(ICMPV6_OPT_PREFIX), c->pos, n, addr, 16);
}

static void name_servers(struct record *r, struct cursor *c)
{
	reserved(r, c, 2);
	walk(r, c, ICMPV6_ID(ICMPV6_OPT_RDNSS_LIFETIME), ICMPV6_ID(ICMPV6_OPT_RDNSS_LIFETIME));
	while (cursor_left(c) >= 16)
		walk(r, c, ICMPV6_ID(ICMPV6_OPT_RDNSS), ICMPV6_ID(ICMPV6_OPT_RDNSS));
}

/* One uncompressed name (RFC 1035 section 3.1); false at the padding or where it breaks off. */
static bool domain(struct record *r, struct cursor *c)
{
	uint32_t at = c->pos, n = 0;
	char *name = arena_alloc(&r->arena, MAX_NAME + 1);

	for (uint8_t label; (label = cursor_u8(c)) != 0;) {
		const uint8_t *p = cursor_bytes(c, label);

		if (!p || n + label + 1 > MAX_NAME)
			return false;
		memcpy(name + n, p, label);
		n += label;
		name[n++] = '.';
	}
	if (!n || !cursor_ok(c)) {
		c->pos = at;
		return false;
	}
	field_add_value(r, ICMPV6_ID(ICMPV6_OPT_DNSSL), at, c->pos - at, name, n - 1);
	return true;
}

static void search_list(struct record *r, struct cursor *c)
{
	reserved(r, c, 2);
	walk(r, c, ICMPV6_ID(ICMPV6_OPT_DNSSL_LIFETIME), ICMPV6_ID(ICMPV6_OPT_DNSSL_LIFETIME));
	while (cursor_left(c) && domain(r, c))
		;
	if (cursor_left(c))
		field_add_none(r, ICMPV6_ID(ICMPV6_OPT_PADDING), c->pos, cursor_left(c));
}

static void redirected(struct record *r, struct cursor *c)
{
	reserved(r, c, 6);
	if (cursor_left(c))
		field_add_none(r, ICMPV6_ID(ICMPV6_OPT_REDIRECTED), c->pos, cursor_left(c));
}

/* RFC 3122: addresses to the end. */
static void address_list(struct record *r, struct cursor *c)
{
	reserved(r, c, 6);
	while (cursor_left(c) >= 16)
		walk(r, c, ICMPV6_ID(ICMPV6_OPT_ADDRESS), ICMPV6_ID(ICMPV6_OPT_ADDRESS));
}

/* RFC 3971 section 5.3.1: seconds since 1970 and a fraction in 16 bits. */
static void timestamp(struct record *r, struct cursor *c)
{
	uint32_t at;
	uint64_t v;

	reserved(r, c, 6);
	at = c->pos;
	v = cursor_be(c, 8);
	if (cursor_ok(c) && v >> 48 == 0)
		field_add_int(r, ICMPV6_ID(ICMPV6_OPT_TIMESTAMP), at, 8,
			      (int64_t)(v >> 16) * 1000000000 +
				      (int64_t)((v & 0xffff) * 1000000000 >> 16));
}

/* The address of a page, filled up with zeros (RFC 8910 section 2.3). */
static void portal(struct record *r, struct cursor *c)
{
	uint32_t n = cursor_left(c);

	while (n && c->base[c->pos + n - 1] == 0)
		n--;
	if (n)
		field_add_bytes(r, ICMPV6_ID(ICMPV6_OPT_PORTAL), c->pos, n);
}

/* RFC 8781 section 4: time in steps of eight seconds and length of the prefix share two bytes. */
static void pref64(struct record *r, struct cursor *c)
{
	static const uint8_t lengths[8] = {12, 8, 7, 6, 5, 4, 0, 0};
	uint8_t *addr = arena_zero(&r->arena, 16);
	uint32_t at = c->pos;
	uint16_t v = cursor_be16(c);
	const uint8_t *p = cursor_bytes(c, 12);

	if (!p)
		return;
	field_add_uint(r, ICMPV6_ID(ICMPV6_OPT_PREF64_LIFETIME), at, 2, v >> 3);
	field_add_uint(r, ICMPV6_ID(ICMPV6_OPT_PREF64_PLC), at, 2, v & 7);
	memcpy(addr, p, lengths[v & 7]);
	if (lengths[v & 7])
		field_add_value(r, ICMPV6_ID(ICMPV6_OPT_PREF64), at + 2, 12, addr, 16);
}

static void option_body(struct record *r, struct cursor *c, unsigned type)
{
	switch (type) {
	case SOURCE_LINK: link_address(r, c, ICMPV6_ID(ICMPV6_OPT_SRC_LINKADDR)); break;
	case TARGET_LINK: link_address(r, c, ICMPV6_ID(ICMPV6_OPT_TGT_LINKADDR)); break;
	case PREFIX: prefix(r, c); break;
	case REDIRECTED: redirected(r, c); break;
	case MTU:
		reserved(r, c, 2);
		walk(r, c, ICMPV6_ID(ICMPV6_OPT_MTU), ICMPV6_ID(ICMPV6_OPT_MTU));
		break;
	case INTERVAL:
		reserved(r, c, 2);
		walk(r, c, ICMPV6_ID(ICMPV6_OPT_INTERVAL), ICMPV6_ID(ICMPV6_OPT_INTERVAL));
		break;
	case HOME_AGENT:
		reserved(r, c, 2);
		walk(r, c, ICMPV6_ID(ICMPV6_OPT_AGENT_PREFERENCE),
		     ICMPV6_ID(ICMPV6_OPT_AGENT_LIFETIME));
		break;
	case SOURCE_LIST:
	case TARGET_LIST: address_list(r, c); break;
	case TIMESTAMP: timestamp(r, c); break;
	case FLAGS:
		walk(r, c, ICMPV6_ID(ICMPV6_OPT_EFO), ICMPV6_ID(ICMPV6_OPT_EFO_RSV));
		reserved(r, c, 4);
		break;
	case PORTAL: portal(r, c); break;
	case PREF64: pref64(r, c); break;
	case NONCE: field_add_bytes(r, ICMPV6_ID(ICMPV6_OPT_NONCE), c->pos, cursor_left(c)); break;
	case ROUTE: route(r, c); break;
	case NAME_SERVERS: name_servers(r, c); break;
	case SEARCH_LIST: search_list(r, c); break;
	default:
		if (cursor_left(c))
			field_add_bytes(r, ICMPV6_ID(ICMPV6_DATA), c->pos, cursor_left(c));
		break;
	}
}

/* One option; the packet it holds if it is a redirected one goes to *packet. False at a length
 * that cannot be right. */
static bool option(struct record *r, struct cursor *c, struct cursor *packet)
{
	uint32_t at = c->pos, length;
	struct cursor sub;
	unsigned type;

	if (!cursor_want(c, 2))
		return false;
	length = c->base[at + 1] * 8u;
	field_add_none(r, ICMPV6_ID(ICMPV6_OPT), at, length);
	r->cur_depth++;
	sub = cursor_fence(c, length ? length : 2);
	type = (unsigned)walk(r, &sub, ICMPV6_ID(ICMPV6_OPT_TYPE), ICMPV6_ID(ICMPV6_OPT_TYPE));
	walk(r, &sub, ICMPV6_ID(ICMPV6_OPT_LENGTH), ICMPV6_ID(ICMPV6_OPT_LENGTH));
	if (!length) {
		net_fact(r, ICMPV6_ID(ICMPV6_OPT_BAD))->flags |= FIELD_MALFORMED;
		r->malformed |= !r->in_quote;
	} else if (cursor_ok(c)) {
		option_body(r, &sub, type);
		if (type == REDIRECTED)
			*packet = sub;
	}
	r->cur_depth--;
	return length && cursor_ok(c);
}

void icmpv6_options(struct decoder *d, struct record *r, struct cursor *c)
{
	struct cursor packet = {0};

	while (cursor_left(c))
		if (!decode_step(d) || !option(r, c, &packet))
			break;
	if (cursor_left(&packet))
		net_quoted(d, r, 0x86dd, &packet);
}

static void add_reserved(struct record *r, struct cursor *c)
{
	if (cursor_want(c, 2))
		field_add_bytes(r, ICMPV6_ID(ICMPV6_RESERVED), c->pos, 2);
	cursor_skip(c, 2);
}

/* RFC 3810 section 5.1.3: from 32768 on a number with an exponent. */
static void response_code(struct record *r, struct cursor *c)
{
	uint32_t at = c->pos, v = cursor_be16(c);

	if (!cursor_ok(c))
		return;
	if (v & 0x8000)
		v = ((v & 0x0fff) | 0x1000) << ((v >> 12 & 7) + 3);
	field_add_uint(r, ICMPV6_ID(ICMPV6_MLD_CODE), at, 2, v);
}

void icmpv6_listener(struct record *r, struct cursor *c, bool query)
{
	/* RFC 3810 section 8.1: a longer query is of version 2. */
	bool second = query && cursor_promised(c) > 20;

	if (second)
		response_code(r, c);
	else
		walk(r, c, ICMPV6_ID(ICMPV6_MLD_DELAY), ICMPV6_ID(ICMPV6_MLD_DELAY));
	add_reserved(r, c);
	walk(r, c, ICMPV6_ID(ICMPV6_MLD_ADDR), ICMPV6_ID(ICMPV6_MLD_ADDR));
	if (!second)
		return;
	walk(r, c, ICMPV6_ID(ICMPV6_MLD_FLAG), ICMPV6_ID(ICMPV6_MLD_NSOURCES));
	while (cursor_left(c) >= 16)
		walk(r, c, ICMPV6_ID(ICMPV6_MLD_SOURCE), ICMPV6_ID(ICMPV6_MLD_SOURCE));
}

/* RFC 3810 section 5.2.5 */
static void record_of_group(struct record *r, struct cursor *c)
{
	uint32_t at = c->pos, index = r->nfields, words, sources;

	field_add_none(r, ICMPV6_ID(ICMPV6_MLDR_MAR), at, 4);
	r->cur_depth++;
	walk(r, c, ICMPV6_ID(ICMPV6_MLDR_TYPE), ICMPV6_ID(ICMPV6_MLDR_TYPE));
	words = (uint32_t)walk(r, c, ICMPV6_ID(ICMPV6_MLDR_AUX_LEN),
			       ICMPV6_ID(ICMPV6_MLDR_AUX_LEN));
	sources = (uint32_t)walk(r, c, ICMPV6_ID(ICMPV6_MLDR_NSOURCES),
				 ICMPV6_ID(ICMPV6_MLDR_NSOURCES));
	walk(r, c, ICMPV6_ID(ICMPV6_MLDR_ADDR), ICMPV6_ID(ICMPV6_MLDR_ADDR));
	while (sources-- && cursor_ok(c))
		walk(r, c, ICMPV6_ID(ICMPV6_MLDR_SOURCE), ICMPV6_ID(ICMPV6_MLDR_SOURCE));
	if (words && cursor_want(c, words * 4))
		field_add_bytes(r, ICMPV6_ID(ICMPV6_MLDR_AUX), c->pos, words * 4);
	cursor_skip(c, words * 4);
	if (index < r->nfields)
		r->fields[index].len = c->pos - at;
	r->cur_depth--;
}

void icmpv6_listener_report(struct record *r, struct cursor *c)
{
	uint32_t n;

	add_reserved(r, c);
	n = (uint32_t)walk(r, c, ICMPV6_ID(ICMPV6_MLDR_NRECORDS), ICMPV6_ID(ICMPV6_MLDR_NRECORDS));
	while (n-- && cursor_ok(c))
		record_of_group(r, c);
}
