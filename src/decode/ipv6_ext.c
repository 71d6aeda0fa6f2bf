/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ipv6_ext: the headers that may stand between IPv6 and its payload (RFC 8200 section 4). */
#include "ipv6.h"

#define MAX_EXTENSIONS 16 /* more than any sender needs; a longer chain is hostile */

enum { HOP = 0, ROUTING = 43, FRAGMENT = 44, AUTH = 51, NONE = 59, DESTINATION = 60 };
enum { OPTION_PAD1 = 0, OPTION_PADN = 1 };
enum { ROUTE_SOURCE = 0, ROUTE_MOBILE = 2, ROUTE_SEGMENTS = 4 };

static void option_body(struct record *r, struct cursor *c, uint8_t type)
{
	static const struct {
		uint8_t type, length;
		uint16_t id;
	} known[] = {{4, 1, IPV6_ID(IPV6_OPT_TUNNEL)},
		     {5, 2, IPV6_ID(IPV6_OPT_ALERT)},
		     {194, 4, IPV6_ID(IPV6_OPT_JUMBO)},
		     {201, 16, IPV6_ID(IPV6_OPT_HOME)}};
	uint32_t left = cursor_left(c);

	for (unsigned i = 0; i < sizeof(known) / sizeof(*known); i++) {
		if (known[i].type != type)
			continue;
		if (known[i].length != left) {
			net_fact(r, IPV6_ID(IPV6_OPT_BAD))->flags |= FIELD_MALFORMED;
			r->malformed |= !r->in_quote;
		} else {
			walk(r, c, known[i].id, known[i].id);
		}
		return;
	}
	field_add_bytes(r, IPV6_ID(type == OPTION_PADN ? IPV6_OPT_PADN : IPV6_OPT_UNKNOWN), c->pos,
			left);
}

static void option(struct record *r, struct cursor *c)
{
	uint32_t at = c->pos, index = r->nfields;
	uint8_t type = cursor_peek(c);
	struct cursor body;

	field_add_none(r, IPV6_ID(IPV6_OPT), at, 1);
	r->cur_depth++;
	if (type == OPTION_PAD1) {
		walk(r, c, IPV6_ID(IPV6_OPT_TYPE), IPV6_ID(IPV6_OPT_TYPE));
		field_add_none(r, IPV6_ID(IPV6_OPT_PAD1), at, 1);
	} else {
		uint32_t length;

		walk(r, c, IPV6_ID(IPV6_OPT_TYPE), IPV6_ID(IPV6_OPT_REST));
		length = (uint32_t)walk(r, c, IPV6_ID(IPV6_OPT_LENGTH), IPV6_ID(IPV6_OPT_LENGTH));
		body = cursor_fence(c, length);
		if (cursor_ok(c))
			option_body(r, &body, type);
		if (index < r->nfields)
			r->fields[index].len = c->pos - at;
	}
	r->cur_depth--;
}

static void options(struct record *r, struct cursor *c)
{
	while (cursor_left(c))
		option(r, c);
	if (!cursor_ok(c))
		net_overrun(r, c);
}

/* Remember where a packet ends that still has stations before it (the last address listed). */
static void take_final(struct ipv6_chain *chain, const struct cursor *c, unsigned left,
		       uint32_t first)
{
	if (left && c->captured >= first + 16) {
		uint32_t n = (c->captured - first) / 16;

		chain->routed = true;
		memcpy(chain->final, c->base + first + 16 * (n - 1), 16);
	}
}

static void routing(struct record *r, struct cursor *c, struct ipv6_chain *chain)
{
	unsigned type =
		(unsigned)walk(r, c, IPV6_ID(IPV6_ROUTING_TYPE), IPV6_ID(IPV6_ROUTING_TYPE));
	unsigned left =
		(unsigned)walk(r, c, IPV6_ID(IPV6_ROUTING_LEFT), IPV6_ID(IPV6_ROUTING_LEFT));

	if (type == ROUTE_SOURCE || type == ROUTE_MOBILE)
		take_final(chain, c, left, c->pos + 4);
	if (type == ROUTE_SOURCE) {
		walk(r, c, IPV6_ID(IPV6_ROUTING_RESERVED), IPV6_ID(IPV6_ROUTING_RESERVED));
		while (cursor_left(c) >= 16)
			walk(r, c, IPV6_ID(IPV6_ROUTING_ADDR), IPV6_ID(IPV6_ROUTING_ADDR));
	} else if (type == ROUTE_MOBILE) {
		walk(r, c, IPV6_ID(IPV6_ROUTING_HOME_RESERVED), IPV6_ID(IPV6_ROUTING_HOME));
	} else if (type == ROUTE_SEGMENTS) {
		unsigned last = cursor_peek(c);

		/* RFC 8754 section 2: the list stands backwards; its first entry is the end. */
		if (left && cursor_left(c) >= 20) {
			chain->routed = true;
			memcpy(chain->final, c->base + c->pos + 4, 16);
		}
		walk(r, c, IPV6_ID(IPV6_ROUTING_SRH_LAST), IPV6_ID(IPV6_ROUTING_SRH_TAG));
		for (unsigned i = 0; i <= last && cursor_left(c) >= 16; i++)
			walk(r, c, IPV6_ID(IPV6_ROUTING_SRH_ADDR), IPV6_ID(IPV6_ROUTING_SRH_ADDR));
	} else if (cursor_left(c)) {
		field_add_bytes(r, IPV6_ID(IPV6_ROUTING_DATA), c->pos, cursor_left(c));
	}
}

static void fragment(struct record *r, struct cursor *c, struct ipv6_chain *chain)
{
	uint32_t at = c->pos + 1, bits;

	walk(r, c, IPV6_ID(IPV6_FRAGHDR_RESERVED), IPV6_ID(IPV6_FRAGHDR_RESERVED));
	bits = cursor_be16(c);
	if (!cursor_ok(c))
		return;
	field_add_uint(r, IPV6_ID(IPV6_FRAGHDR_OFFSET), at, 2, bits >> 3);
	field_add_uint(r, IPV6_ID(IPV6_FRAGHDR_BITS), at, 2, bits >> 1 & 3);
	field_add_uint(r, IPV6_ID(IPV6_FRAGHDR_MORE), at, 2, bits & 1);
	chain->ident =
		(uint32_t)walk(r, c, IPV6_ID(IPV6_FRAGHDR_IDENT), IPV6_ID(IPV6_FRAGHDR_IDENT));
	chain->offset = bits & 0xfff8;
	chain->more = bits & 1;
	/* RFC 6946: a fragment that is the whole needs no others. */
	chain->fragment = chain->offset || chain->more;
}

/* RFC 4302 section 2: the authentication header; its length counts words and leaves out two. */
static void authentication(struct record *r, struct cursor *c)
{
	walk(r, c, IPV6_ID(IPV6_AH_LENGTH), IPV6_ID(IPV6_AH_SEQUENCE));
	if (cursor_left(c))
		field_add_bytes(r, IPV6_ID(IPV6_AH_ICV), c->pos, cursor_left(c));
}

/* The rows a kind of extension header begins with. */
struct extension {
	uint8_t proto;
	uint16_t header, nxt, len, octets;
};

static const struct extension extensions[] = {
	{HOP, IPV6_ID(IPV6_HOPOPTS), IPV6_ID(IPV6_HOPOPTS_NXT), IPV6_ID(IPV6_HOPOPTS_LEN),
	 IPV6_ID(IPV6_HOPOPTS_OCT)},
	{ROUTING, IPV6_ID(IPV6_ROUTING), IPV6_ID(IPV6_ROUTING_NXT), IPV6_ID(IPV6_ROUTING_LEN),
	 IPV6_ID(IPV6_ROUTING_OCT)},
	{FRAGMENT, IPV6_ID(IPV6_FRAGHDR), IPV6_ID(IPV6_FRAGHDR_NXT), FIELD_NONE, FIELD_NONE},
	{AUTH, IPV6_ID(IPV6_AH), IPV6_ID(IPV6_AH_NXT), FIELD_NONE, FIELD_NONE},
	{DESTINATION, IPV6_ID(IPV6_DSTOPTS), IPV6_ID(IPV6_DSTOPTS_NXT), IPV6_ID(IPV6_DSTOPTS_LEN),
	 IPV6_ID(IPV6_DSTOPTS_OCT)}};

static const struct extension *extension_of(uint8_t proto)
{
	for (unsigned i = 0; i < sizeof(extensions) / sizeof(*extensions); i++)
		if (extensions[i].proto == proto)
			return &extensions[i];
	return NULL;
}

static uint32_t extension_length(const struct extension *e, const uint8_t *p)
{
	if (e->proto == FRAGMENT)
		return 8;
	return e->proto == AUTH ? (p[1] + 2u) * 4 : (p[1] + 1u) * 8;
}

static void extension_body(struct record *r, struct cursor *c, struct ipv6_chain *chain,
			   const struct extension *e)
{
	switch (e->proto) {
	case ROUTING: routing(r, c, chain); break;
	case FRAGMENT: fragment(r, c, chain); break;
	case AUTH: authentication(r, c); break;
	default: options(r, c); break;
	}
}

/* One extension header; its next protocol goes into the chain. False if it cannot be read. */
static bool extension(struct record *r, struct cursor *c, struct ipv6_chain *chain,
		      const struct extension *e)
{
	uint32_t at = c->pos, length;
	struct cursor body;

	if (!cursor_want(c, 8))
		return false;
	length = extension_length(e, c->base + at);
	body = cursor_fence(c, length);
	if (!cursor_ok(c))
		return false;
	field_add_none(r, e->header, at, length);
	r->cur_depth++;
	chain->proto = (uint8_t)walk(r, &body, e->nxt, e->nxt);
	if (e->len != FIELD_NONE) {
		walk(r, &body, e->len, e->len);
		field_add_uint(r, e->octets, at + 1, 1, length);
	}
	extension_body(r, &body, chain, e);
	r->cur_depth--;
	return true;
}

void ipv6_extensions(struct decoder *d, struct record *r, struct cursor *c, uint8_t first,
		     struct ipv6_chain *chain)
{
	*chain = (struct ipv6_chain){.proto = first};
	for (unsigned i = 0; !chain->fragment; i++) {
		const struct extension *e = extension_of(chain->proto);

		if (chain->proto == NONE)
			chain->stop = true;
		if (!e || chain->stop)
			return;
		if (i == MAX_EXTENSIONS || !decode_step(d)) {
			r->malformed = true;
			chain->stop = true;
			return;
		}
		if (e->proto == HOP && i)
			net_fact(r, IPV6_ID(IPV6_HOPOPTS_LATE))->flags |= FIELD_MALFORMED;
		if (!extension(r, c, chain, e)) {
			net_overrun(r, c);
			chain->stop = true;
		}
	}
}
