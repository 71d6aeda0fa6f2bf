/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ip_options: what an IPv4 header may carry after its fixed part (RFC 791 section 3.1, RFC 2113).
 */
#include "ip.h"

enum { OPT_EOL = 0, OPT_NOP = 1, OPT_RR = 7, OPT_STAMP = 68, OPT_LSRR = 131, OPT_SSRR = 137 };

struct option_kind {
	uint8_t type;
	uint16_t id;
	void (*body)(struct record *, struct cursor *, const struct option_kind *);
	uint16_t first, last; /* rows of a fixed body */
};

static const uint16_t dst_ids[4] = {IP_ID(IP_DST), IP_ID(IP_ADDR), IP_ID(IP_DST_HOST),
				    IP_ID(IP_HOST)};

static void fixed(struct record *r, struct cursor *c, const struct option_kind *k)
{
	walk(r, c, k->first, k->last);
}

static void nothing(struct record *r, struct cursor *c, const struct option_kind *k)
{
	(void)r;
	(void)c;
	(void)k;
}

/* Text of n bytes that a zero byte may end early. */
static void letters(struct record *r, struct cursor *c, uint16_t id, uint32_t n)
{
	uint32_t at = c->pos, len = 0;
	const uint8_t *p = cursor_bytes(c, n);

	while (p && len < n && p[len])
		len++;
	if (p)
		field_add_value(r, id, at, n, p, len);
}

/* RFC 791: eleven bytes; RFC 1108 made the first byte of the body the level. */
static void security(struct record *r, struct cursor *c, const struct option_kind *k)
{
	(void)k;
	if (cursor_left(c) != 9) {
		walk(r, c, IP_ID(IP_OPT_SEC_CL), IP_ID(IP_OPT_SEC_CL));
		return;
	}
	walk(r, c, IP_ID(IP_OPT_SEC_LEVEL), IP_ID(IP_OPT_SEC_COMP));
	letters(r, c, IP_ID(IP_OPT_SEC_HR), 2);
	letters(r, c, IP_ID(IP_OPT_SEC_TCC), 3);
}

/* The pointer counts from 1 at the option's type; the first address stands at 4. */
static uint32_t pointer(struct record *r, struct cursor *c)
{
	uint32_t ptr = (uint32_t)walk(r, c, IP_ID(IP_OPT_PTR), IP_ID(IP_OPT_PTR));

	if (cursor_ok(c) && ptr < 4)
		net_fact(r, IP_ID(IP_OPT_PTR_BEFORE))->flags |= FIELD_MALFORMED;
	else if (cursor_ok(c) && ptr & 3)
		net_fact(r, IP_ID(IP_OPT_PTR_MIDDLE))->flags |= FIELD_MALFORMED;
	else
		return ptr;
	return 0;
}

static void route(struct record *r, struct cursor *c, const struct option_kind *k)
{
	uint32_t start = c->pos - 3, ptr = pointer(r, c), end = c->captured;

	start = c->pos - 3;
	for (; ptr && cursor_left(c) >= 4; cursor_skip(c, 4)) {
		uint32_t at = c->pos, place = at - start + 1;
		struct cursor here = *c;
		uint32_t addr = cursor_be32(&here);

		if (k->type != OPT_RR && place >= ptr && at + 8 > end)
			net_address4(r, dst_ids, at, addr); /* where a source route ends */
		else if (place < ptr)
			net_route4(r, IP_ID(IP_REC_RT), IP_ID(IP_REC_RT_HOST), at, addr);
		else if (k->type == OPT_RR)
			net_route4(r, IP_ID(IP_EMPTY_RT), IP_ID(IP_EMPTY_RT_HOST), at, addr);
		else
			net_route4(r, IP_ID(IP_SRC_RT), IP_ID(IP_SRC_RT_HOST), at, addr);
	}
}

static void stamps(struct record *r, struct cursor *c, const struct option_kind *k)
{
	uint32_t at = c->pos + 1;
	unsigned bits;

	(void)k;
	walk(r, c, IP_ID(IP_OPT_PTR), IP_ID(IP_OPT_PTR));
	if (!cursor_want(c, 1))
		return;
	bits = cursor_u8(c);
	field_add_uint(r, IP_ID(IP_OPT_OVERFLOW), at, 1, bits >> 4);
	field_add_uint(r, IP_ID(IP_OPT_FLAG), at, 1, bits & 15);
	while (cursor_left(c) >= ((bits & 15) ? 8u : 4u)) {
		if (bits & 15)
			walk(r, c, IP_ID(IP_OPT_STAMP_ADDR), IP_ID(IP_OPT_STAMP_ADDR));
		walk(r, c, IP_ID(IP_OPT_STAMP), IP_ID(IP_OPT_STAMP));
	}
}

static const struct option_kind kinds[] = {
	{OPT_EOL, IP_ID(IP_OPT_EOL), nothing, 0, 0},
	{OPT_NOP, IP_ID(IP_OPT_NOP), nothing, 0, 0},
	{OPT_RR, IP_ID(IP_OPT_RR), route, 0, 0},
	{11, IP_ID(IP_OPT_MTU_PROBE), fixed, IP_ID(IP_OPT_MTU), IP_ID(IP_OPT_MTU)},
	{12, IP_ID(IP_OPT_MTU_REPLY), fixed, IP_ID(IP_OPT_MTU), IP_ID(IP_OPT_MTU)},
	{OPT_STAMP, IP_ID(IP_OPT_TIMESTAMP), stamps, 0, 0},
	{82, IP_ID(IP_OPT_TRACEROUTE), fixed, IP_ID(IP_OPT_ID), IP_ID(IP_OPT_ORIGINATOR)},
	{130, IP_ID(IP_OPT_SECURITY), security, 0, 0},
	{OPT_LSRR, IP_ID(IP_OPT_LSRR), route, 0, 0},
	{136, IP_ID(IP_OPT_SID), fixed, IP_ID(IP_OPT_SID_VALUE), IP_ID(IP_OPT_SID_VALUE)},
	{OPT_SSRR, IP_ID(IP_OPT_SSRR), route, 0, 0},
	{148, IP_ID(IP_OPT_ROUTER_ALERT), fixed, IP_ID(IP_OPT_RA), IP_ID(IP_OPT_RA)}};

static const struct option_kind *kind_of(uint8_t type)
{
	for (unsigned i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
		if (kinds[i].type == type)
			return &kinds[i];
	return NULL;
}

/* Length of the option at p; 0 if it cannot be right. */
static uint32_t option_length(const uint8_t *p, uint32_t left)
{
	if (p[0] == OPT_EOL || p[0] == OPT_NOP)
		return 1;
	return left < 2 || p[1] < 2 || p[1] > left ? 0 : p[1];
}

static bool pending_route(const uint8_t *p, uint32_t len)
{
	return (p[0] == OPT_LSRR || p[0] == OPT_SSRR) && len >= 7 && p[2] >= 4 && !(p[2] & 3) &&
	       p[2] + 3u <= len;
}

bool ip_source_routed(const uint8_t *options, uint32_t n)
{
	for (uint32_t i = 0, len; i < n && options[i] != OPT_EOL; i += len) {
		len = option_length(options + i, n - i);
		if (!len)
			return false;
		if (pending_route(options + i, len))
			return true;
	}
	return false;
}

/* One option whose bytes are all here. */
static void option(struct record *r, struct cursor *c, uint32_t len)
{
	const uint8_t *p = c->base + c->pos;
	const struct option_kind *k = kind_of(*p);
	uint32_t at = c->pos;
	struct cursor body = cursor_fence(c, len);

	if (k)
		field_add_bytes(r, k->id, at, len);
	r->cur_depth++;
	walk(r, &body, IP_ID(IP_OPT_TYPE), IP_ID(IP_OPT_NUMBER));
	if (len > 1)
		walk(r, &body, IP_ID(IP_OPT_LEN), IP_ID(IP_OPT_LEN));
	if (k && cursor_left(&body))
		k->body(r, &body, k);
	if (!cursor_ok(&body))
		net_overrun(r, &body);
	r->cur_depth--;
}

uint32_t ip_options(struct record *r, struct cursor *c, uint32_t dst)
{
	while (cursor_left(c)) {
		const uint8_t *p = c->base + c->pos;
		uint32_t len = option_length(p, cursor_left(c));

		if (!len) {
			field_add_uint(r, IP_ID(IP_OPT_TYPE), c->pos, 1, *p);
			net_fact(r, IP_ID(IP_OPT_LEN_BAD))->flags |= FIELD_MALFORMED;
			r->malformed = true;
			return dst;
		}
		if (pending_route(p, len)) {
			struct cursor last = cursor_make(p, 3 + (len - 3) / 4 * 4 - 4, len, len);

			dst = cursor_be32(&last);
		}
		option(r, c, len);
		if (*p == OPT_EOL)
			return dst;
	}
	return dst;
}
