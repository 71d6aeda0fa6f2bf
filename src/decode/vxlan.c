/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * VXLAN is a tunnel: it carries Ethernet frames inside UDP, so that computers far apart seem to be
 * on one local network. RFC 7348; the group of a policy is draft-smith-vxlan-group-policy. UDP
 * calls it for port 4789, before the addresses inside are tracked.
 */
#include "link.h"

enum {
	VXLAN_PROTO,
	VXLAN_FLAGS,
	VXLAN_FLAG_G,
	VXLAN_FLAG_I,
	VXLAN_FLAG_D,
	VXLAN_FLAG_A,
	VXLAN_RESERVED_BITS,
	VXLAN_GROUP,
	VXLAN_VNI,
	VXLAN_RESERVED,
	VXLAN_ROWS
};
#define ID(row) FIELD_ID(PROTO_vxlan, row)
#define FLAG(row, word, text, bit)                                                                 \
	[row] = {"vxlan.flag_" word, text,        FT_BOOLEAN,  .size = 2,                          \
		 .flags = ROW_SUB,   .mask = bit, .on = "Yes", .off = "No"}

static const struct field_def rows[VXLAN_ROWS] = {
	[VXLAN_PROTO] = {"vxlan", "Virtual eXtensible Local Area Network", FT_PROTOCOL},
	[VXLAN_FLAGS] = {"vxlan.flags", "Flags", FT_UINT16, SHOW_HEX, 2},
	FLAG(VXLAN_FLAG_G, "g", "Group given", 0x8000),
	FLAG(VXLAN_FLAG_I, "i", "Network given", 0x0800),
	FLAG(VXLAN_FLAG_D, "d", "Do not learn", 0x0040),
	FLAG(VXLAN_FLAG_A, "a", "Policy applied", 0x0008),
	[VXLAN_RESERVED_BITS] = {"vxlan.flags_reserved", "Reserved", FT_UINT16, SHOW_HEX, 2,
				 ROW_SUB, .mask = 0x77b7},
	[VXLAN_GROUP] = {"vxlan.gbp", "Group", FT_UINT16, SHOW_DEC, 2},
	[VXLAN_VNI] = {"vxlan.vni", "Virtual network", FT_UINT24, SHOW_DEC, 3,
		       .blurb = "Which of the virtual networks the frame inside belongs to.",
		       .see = "RFC 7348 section 5"},
	[VXLAN_RESERVED] = {"vxlan.reserved8", "Reserved", FT_UINT8, SHOW_DEC, 1},
};

static void decode(struct decoder *d, struct record *r, struct cursor *c)
{
	struct layer *layer = layer_open(r, PROTO_vxlan, c);

	if (!layer)
		return;
	walk(r, c, ID(VXLAN_FLAGS), ID(VXLAN_RESERVED));
	decode_overrun(r, c);
	layer_close(r, layer, c->pos);
	if (cursor_left(c) && !decode_next(d, r, ON_LINK, LINK_ETHERNET, c))
		decode_data(d, r, c);
}

const struct proto_def proto_vxlan = {
	.name = "vxlan",
	.label = "Virtual eXtensible Local Area Network",
	.prefix = "VXLAN",
	.header = "VXLAN HEADER",
	.fields = rows,
	.nfields = VXLAN_ROWS,
	.decode = decode,
	.blurb = "A tunnel: carries Ethernet frames inside UDP.",
	.see = "RFC 7348",
};
