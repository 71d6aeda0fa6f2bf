/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Cisco's HDLC carries packets over a line between two routers: an address, a control byte, and an
 * Ethernet type. tcpdump.org/linktypes/LINKTYPE_C_HDLC.html. Hangs at link type 104.
 */
#include "link.h"

#define SLARP 0x8035

enum { CHDLC_PROTO, CHDLC_ADDRESS, CHDLC_CONTROL, CHDLC_PROTOCOL, CHDLC_ROWS };
#define ID(row) FIELD_ID(PROTO_chdlc, CHDLC_##row)

static const struct value_name addresses[] = {
	{0x0f, "to the other end"}, {0x8f, "to all"}, {0, NULL}};

static const struct field_def rows[CHDLC_ROWS] = {
	[CHDLC_PROTO] = {"chdlc", "Cisco HDLC", FT_PROTOCOL},
	[CHDLC_ADDRESS] = {"chdlc.address", "Address", FT_UINT8, SHOW_HEX, 1, .values = addresses},
	[CHDLC_CONTROL] = {"chdlc.control", "Control", FT_UINT8, SHOW_HEX, 1},
	[CHDLC_PROTOCOL] = {"chdlc.protocol", "Type", FT_UINT16, SHOW_HEX, 2,
			    .values = ethertype_names},
};

static void decode(struct decoder *d, struct record *r, struct cursor *c)
{
	struct layer *layer = layer_open(r, PROTO_chdlc, c);
	uint64_t type;

	walk(r, c, ID(ADDRESS), ID(CONTROL));
	type = walk(r, c, ID(PROTOCOL), ID(PROTOCOL));
	decode_overrun(r, c);
	layer_close(r, layer, c->pos);
	if (type == SLARP && cursor_left(c) && decode_step(d))
		proto_table[PROTO_slarp]->decode(d, r, c);
	else if (!decode_next(d, r, ON_ETHERTYPE, (uint32_t)type, c))
		decode_data(d, r, c);
}

static const struct hang on[] = {{ON_LINK, 104}, {ON_NOTHING, 0}};

const struct proto_def proto_chdlc = {
	.name = "chdlc",
	.label = "Cisco HDLC",
	.prefix = "CHDLC",
	.header = "CISCO HDLC HEADER",
	.fields = rows,
	.nfields = CHDLC_ROWS,
	.on = on,
	.decode = decode,
	.blurb = "Carries packets over a line between two routers.",
	.see = "tcpdump.org/linktypes.html, LINKTYPE_C_HDLC",
};
