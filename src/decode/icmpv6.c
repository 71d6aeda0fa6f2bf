/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ICMPv6 tells senders what became of their packets, finds neighbours and routers, and asks whether
 * a computer is there (ping). RFC 4443; RFC 4861 (neighbours), RFC 8106 (name servers), RFC 2710
 * and RFC 3810 (multicast listeners). Hangs at IP protocol 58.
 */
#include "icmpv6.h"

enum {
	UNREACHABLE = 1,
	TOO_BIG = 2,
	EXCEEDED = 3,
	PARAMETER = 4,
	ECHO = 128,
	ECHO_REPLY = 129,
	LISTENER_QUERY = 130,
	LISTENER_REPORT = 131,
	LISTENER_DONE = 132,
	ROUTER_SOLICIT = 133,
	ROUTER_ADVERT = 134,
	NEIGHBOR_SOLICIT = 135,
	NEIGHBOR_ADVERT = 136,
	REDIRECT = 137,
	INVERSE_SOLICIT = 141,
	INVERSE_ADVERT = 142,
	LISTENER_REPORT2 = 143,
	LISTENER_ROUTER = 151,
	LISTENER_ROUTER_SOLICIT = 152,
	LISTENER_ROUTER_END = 153
};

static void add_reserved(struct record *r, struct cursor *c, uint32_t n)
{
	if (cursor_want(c, n))
		field_add_bytes(r, ICMPV6_ID(ICMPV6_RESERVED), c->pos, n);
	cursor_skip(c, n);
}

static void echo(struct decoder *d, struct record *r, struct cursor *c, unsigned type)
{
	uint32_t first = r->layers[r->cur_layer].first + 1, key;

	key = (uint32_t)walk(r, c, ICMPV6_ID(ICMPV6_ECHO_ID), ICMPV6_ID(ICMPV6_ECHO_ID)) << 16;
	key |= (uint32_t)walk(r, c, ICMPV6_ID(ICMPV6_ECHO_SEQ), ICMPV6_ID(ICMPV6_ECHO_SEQ));
	if (!cursor_ok(c))
		return;
	if (!r->in_quote)
		exchange_mark(r, type == ECHO ? EXCHANGE_REQUEST : EXCHANGE_RESPONSE, PROTO_icmpv6,
			      key, first, r->nfields - 1);
	decode_data(d, r, c);
}

static void error(struct decoder *d, struct record *r, struct cursor *c, unsigned type)
{
	if (type == TOO_BIG)
		walk(r, c, ICMPV6_ID(ICMPV6_MTU), ICMPV6_ID(ICMPV6_MTU));
	else if (type == PARAMETER)
		walk(r, c, ICMPV6_ID(ICMPV6_POINTER), ICMPV6_ID(ICMPV6_POINTER));
	else
		add_reserved(r, c, 4);
	if (cursor_ok(c))
		net_quoted(d, r, 0x86dd, c);
}

static void discovery(struct decoder *d, struct record *r, struct cursor *c, unsigned type)
{
	switch (type) {
	case ROUTER_ADVERT:
		walk(r, c, ICMPV6_ID(ICMPV6_RA_HOPS), ICMPV6_ID(ICMPV6_RA_RETRANS));
		break;
	case NEIGHBOR_SOLICIT:
		add_reserved(r, c, 4);
		walk(r, c, ICMPV6_ID(ICMPV6_NS_TARGET), ICMPV6_ID(ICMPV6_NS_TARGET));
		break;
	case NEIGHBOR_ADVERT:
		walk(r, c, ICMPV6_ID(ICMPV6_NA_FLAG), ICMPV6_ID(ICMPV6_NA_TARGET));
		break;
	case REDIRECT:
		add_reserved(r, c, 4);
		walk(r, c, ICMPV6_ID(ICMPV6_RD_TARGET), ICMPV6_ID(ICMPV6_RD_DEST));
		break;
	default: add_reserved(r, c, 4); break;
	}
	icmpv6_options(d, r, c);
}

static void body(struct decoder *d, struct record *r, struct cursor *c, unsigned type)
{
	switch (type) {
	case UNREACHABLE:
	case TOO_BIG:
	case EXCEEDED:
	case PARAMETER: error(d, r, c, type); break;
	case ECHO:
	case ECHO_REPLY: echo(d, r, c, type); break;
	case LISTENER_QUERY:
	case LISTENER_REPORT:
	case LISTENER_DONE: icmpv6_listener(r, c, type == LISTENER_QUERY); break;
	case LISTENER_REPORT2: icmpv6_listener_report(r, c); break;
	case ROUTER_SOLICIT:
	case ROUTER_ADVERT:
	case NEIGHBOR_SOLICIT:
	case NEIGHBOR_ADVERT:
	case INVERSE_SOLICIT:
	case INVERSE_ADVERT:
	case REDIRECT: discovery(d, r, c, type); break;
	case LISTENER_ROUTER: /* RFC 4286 */
		walk(r, c, ICMPV6_ID(ICMPV6_MRD_INTERVAL), ICMPV6_ID(ICMPV6_MRD_ROBUSTNESS));
		break;
	case LISTENER_ROUTER_SOLICIT:
	case LISTENER_ROUTER_END: break;
	default:
		if (cursor_left(c))
			field_add_bytes(r, ICMPV6_ID(ICMPV6_DATA), c->pos, cursor_left(c));
		break;
	}
}

static void decode(struct decoder *d, struct record *r, struct cursor *c)
{
	static const struct checksum_ids ids = {.status = ICMPV6_ID(ICMPV6_CHECKSUM_STATUS),
						.calculated = ICMPV6_ID(ICMPV6_CHECKSUM_CALCULATED),
						.offloaded = FIELD_NONE};
	struct layer *layer = layer_open(r, PROTO_icmpv6, c);
	uint32_t start = c->pos, index;
	unsigned type;

	if (!layer)
		return;
	type = (unsigned)walk(r, c, ICMPV6_ID(ICMPV6_TYPE), ICMPV6_ID(ICMPV6_TYPE));
	walk(r, c, ICMPV6_ID(ICMPV6_CODE), ICMPV6_ID(ICMPV6_CODE));
	index = r->nfields;
	walk(r, c, ICMPV6_ID(ICMPV6_CHECKSUM), ICMPV6_ID(ICMPV6_CHECKSUM));
	if (cursor_ok(c)) {
		checksum_transport(d, r, &ids, index, c, start, 58);
		body(d, r, c, type);
	}
	if (!cursor_ok(c))
		net_overrun(r, c);
}

static const struct hang hangs[] = {{ON_IP_PROTO, 58}, {ON_NOTHING, 0}};

const struct proto_def proto_icmpv6 = {.name = "icmpv6",
				       .label = "Internet Control Message Protocol v6",
				       .prefix = "ICMPV6",
				       .header = "ICMPV6 HEADER",
				       .fields = icmpv6_fields,
				       .nfields = ICMPV6_ROWS,
				       .on = hangs,
				       .decode = decode,
				       .lines = icmpv6_lines,
				       .blurb = "ICMPv6 tells senders what became of their "
						"packets, finds neighbours and routers, and "
						"asks whether a computer is there (ping).",
				       .see = "RFC 4443"};
