/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * By SLARP two routers on a line of Cisco's HDLC ask for an address and tell each other that they
 * are alive. tcpdump.org/linktypes/LINKTYPE_C_HDLC.html. Called by chdlc.
 */
#include "tracetutor/decode.h"

enum {
	SLARP_PROTO,
	SLARP_TYPE,
	SLARP_ADDRESS,
	SLARP_NETMASK,
	SLARP_MINE,
	SLARP_YOURS,
	SLARP_RELIABILITY,
	SLARP_ROWS
};
#define ID(row) FIELD_ID(PROTO_slarp, SLARP_##row)

enum { REQUEST, REPLY, ALIVE };

static const struct value_name types[] = {{REQUEST, "which address have I? (Request)"},
					  {REPLY, "my address (Reply)"},
					  {ALIVE, "I am alive (Line keepalive)"},
					  {0, NULL}};

static const struct field_def rows[SLARP_ROWS] = {
	[SLARP_PROTO] = {"slarp", "Cisco SLARP", FT_PROTOCOL},
	[SLARP_TYPE] = {"slarp.ptype", "Message", FT_UINT32, SHOW_DEC, 4, .values = types},
	[SLARP_ADDRESS] = {"slarp.address", "Address", FT_IPv4, .size = 4, .secrecy = IDENTITY},
	[SLARP_NETMASK] = {"slarp.netmask", "Network mask", FT_IPv4, .size = 4},
	[SLARP_MINE] = {"slarp.mysequence", "My number", FT_UINT32, SHOW_DEC, 4},
	[SLARP_YOURS] = {"slarp.yoursequence", "Your number", FT_UINT32, SHOW_DEC, 4,
			 .blurb = "The last number heard from the other end; if it stands still, "
				  "nothing arrives there."},
	[SLARP_RELIABILITY] = {"slarp.reliability", "Always ones", FT_UINT16, SHOW_HEX, 2},
};

static void decode(struct decoder *d, struct record *r, struct cursor *c)
{
	struct layer *layer = layer_open(r, PROTO_slarp, c);
	uint64_t type;

	if (!layer)
		return;
	type = walk(r, c, ID(TYPE), ID(TYPE));
	if (type == ALIVE)
		walk(r, c, ID(MINE), ID(RELIABILITY));
	else if (type <= REPLY)
		walk(r, c, ID(ADDRESS), ID(NETMASK));
	else
		decode_data(d, r, c);
	decode_overrun(r, c);
	layer_close(r, layer, c->pos);
}

const struct proto_def proto_slarp = {
	.name = "slarp",
	.label = "Cisco SLARP",
	.prefix = "SLARP",
	.header = "LINE (SLARP)",
	.fields = rows,
	.nfields = SLARP_ROWS,
	.decode = decode,
	.blurb =
		"Two routers on a line ask for an address and tell each other that they are alive.",
	.see = "tcpdump.org/linktypes.html, LINKTYPE_C_HDLC",
};
