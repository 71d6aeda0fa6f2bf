/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ipv6_lines: the IPv6 header in the grammar of ipformat. */
#include "ipv6.h"

static void class_and_flow(struct lines *l, const struct record *r, const struct layer *layer,
			   const struct field **at)
{
	lines_row(l, r, layer);
	lines_str(l, "Version: ");
	lines_value(l, r, at[IPV6_VERSION]);
	lines_str(l, " Correct  Header Length: 40 bytes");
	lines_end(l);
	lines_row(l, r, layer);
	lines_str(l, "Traffic Class: ");
	lines_hex(l, r, at[IPV6_TCLASS], 2);
	lines_str(l, "  Flow Label: ");
	lines_hex(l, r, at[IPV6_FLOW], 5);
	lines_cover(l, r, at[IPV6_DSCP]);
	lines_cover(l, r, at[IPV6_ECN]);
	lines_end(l);
}

static void length_and_next(struct lines *l, const struct record *r, const struct layer *layer,
			    const struct field **at)
{
	const char *name = value_name(ip_proto_names, at[IPV6_NXT]->v.u);

	lines_row(l, r, layer);
	lines_str(l, "Payload Len: ");
	lines_value(l, r, at[IPV6_PLEN]);
	lines_str(l, " (x");
	lines_hex(l, r, at[IPV6_PLEN], 0);
	lines_str(l, ") bytes");
	if (at[IPV6_PLEN]->flags & FIELD_MALFORMED)
		lines_str(l, " (longer than the packet is)");
	lines_end(l);
	lines_row(l, r, layer);
	lines_str(l, "Hop Limit: ");
	lines_value(l, r, at[IPV6_HLIM]);
	lines_str(l, "  Next Header: ");
	lines_value(l, r, at[IPV6_NXT]);
	if (name) {
		lines_str(l, " ");
		lines_str(l, name);
	}
	lines_end(l);
}

void ipv6_lines(struct lines *l, const struct record *r, const struct layer *layer)
{
	const struct field *at[IPV6_DST_HOST + 1];

	net_rows(r, layer, at, IPV6_DST_HOST + 1);
	lines_addresses(l, r, layer, at[IPV6_DST], at[IPV6_SRC]);
	lines_header(l, r, layer);
	if (!at[IPV6_NXT]) {
		lines_rest(l, r, layer, IPV6_VERSION, IPV6_ROWS);
		return;
	}
	class_and_flow(l, r, layer, at);
	length_and_next(l, r, layer, at);
	lines_rest(l, r, layer, IPV6_SRC_SLAAC_MAC, IPV6_DST_SLAAC_MAC);
	lines_rest(l, r, layer, IPV6_HOPOPTS, IPV6_OPT_UNKNOWN);
	lines_fragments(l, r, layer, IPV6_ID(IPV6_FRAGMENTS), IPV6_ID(IPV6_FRAGMENT));
}
