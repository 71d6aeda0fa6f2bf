/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ipv6_lines: the IPv6 header in the grammar of ipformat. */
#include "ipv6.h"

/* From the rule to the flow label. */
static void beginning(struct lines *l, const struct record *r, const struct layer *layer,
		      const struct field **at)
{
	if (lines_again(l, IPV6_ID(IPV6_FLOW), at[IPV6_FLOW]->v.u | at[IPV6_TCLASS]->v.u << 32,
			layer->quoted))
		return;
	lines_header(l, r, layer);
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
	lines_keep(l);
}

static void length(struct lines *l, const struct record *r, const struct layer *layer,
		   const struct field *f)
{
	lines_row(l, r, layer);
	lines_str(l, "Payload Len: ");
	lines_open_dec(l, r, f);
	lines_str(l, " (x");
	lines_open_hex(l, r, f);
	lines_str(l, ") bytes");
	if (f->flags & FIELD_MALFORMED)
		lines_str(l, " (longer than the packet is)");
	lines_end(l);
}

static void limit_and_next(struct lines *l, const struct record *r, const struct layer *layer,
			   const struct field **at)
{
	const char *name;

	if (lines_again(l, IPV6_ID(IPV6_HLIM), at[IPV6_NXT]->v.u,
			at[IPV6_HLIM] ? at[IPV6_HLIM]->v.u : UINT64_MAX))
		return;
	name = value_name(ip_proto_names, at[IPV6_NXT]->v.u);
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
	lines_keep(l);
}

void ipv6_lines(struct lines *l, const struct record *r, const struct layer *layer)
{
	const struct field *at[IPV6_DST_HOST + 1];

	net_rows(r, layer, at, IPV6_DST_HOST + 1);
	lines_addresses(l, r, layer, at[IPV6_DST], at[IPV6_SRC]);
	if (!at[IPV6_NXT]) { /* refused, or cut in the header */
		lines_header(l, r, layer);
		lines_rest(l, r, layer, IPV6_VERSION, IPV6_ROWS);
		return;
	}
	beginning(l, r, layer, at);
	length(l, r, layer, at[IPV6_PLEN]);
	limit_and_next(l, r, layer, at);
	lines_rest(l, r, layer, IPV6_SRC_SLAAC_MAC, IPV6_DST_SLAAC_MAC);
	lines_rest(l, r, layer, IPV6_HOPOPTS, IPV6_OPT_UNKNOWN);
	lines_fragments(l, r, layer, IPV6_ID(IPV6_FRAGMENTS), IPV6_ID(IPV6_FRAGMENT));
}
