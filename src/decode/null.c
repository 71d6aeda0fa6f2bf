/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The loopback header of BSD systems: four bytes that name the address family, in the byte order of
 * the machine that captured (link type 0) or of the network (link type 108, OpenBSD).
 */
#include "link.h"

enum { NULL_PROTO, NULL_TYPE, NULL_FAMILY, NULL_ROWS };

/* AF_INET6 differs from system to system. */
static const struct value_name families[] = {
	{2, "IPv4"},           {10, "IPv6, Linux"}, {24, "IPv6, NetBSD and OpenBSD"},
	{28, "IPv6, FreeBSD"}, {30, "IPv6, macOS"}, {0, NULL}};

static const struct field_def rows[NULL_ROWS] = {
	[NULL_PROTO] = {.name = "null", .label = "Null/Loopback", .type = FT_PROTOCOL},
	[NULL_TYPE] = {.name = "null.type",
		       .label = "Type",
		       .type = FT_UINT16,
		       .show = SHOW_HEX,
		       .size = 2,
		       .values = ethertype_names},
	[NULL_FAMILY] = {.name = "null.family",
			 .label = "Family",
			 .type = FT_UINT32,
			 .size = 4,
			 .values = families,
			 .blurb = "Address family number of the capturing system."},
};

static uint16_t family_type(uint32_t family)
{
	switch (family) {
	case 2: return ETHERTYPE_IPV4;
	case 10:
	case 24:
	case 28:
	case 30: return ETHERTYPE_IPV6;
	default: return 0;
	}
}

static void null_decode(struct decoder *d, struct record *r, struct cursor *c)
{
	struct layer *layer = layer_open(r, PROTO_null, c);
	uint32_t off = c->pos, family = cursor_be32(c);
	uint16_t type;

	if (!cursor_ok(c)) {
		decode_overrun(r, c);
		return;
	}
	/* Families are small: the half that is not zero tells the byte order. With neither half
	 * zero there is no family, but some systems leave an Ethernet type in the last two bytes.
	 */
	if (family > 0xffff)
		family = __builtin_bswap32(family);
	if (family > 0xffff)
		family = __builtin_bswap32(family) & 0xffff;
	layer_close(r, layer, c->pos);
	if (family > LENGTH_MAX) {
		type = (uint16_t)family;
		field_add_uint(r, FIELD_ID(PROTO_null, NULL_TYPE), off, 4, type);
	} else {
		type = family_type(family);
		field_add_uint(r, FIELD_ID(PROTO_null, NULL_FAMILY), off, 4, family);
	}
	if (!decode_next(d, r, ON_ETHERTYPE, type, c))
		decode_data(d, r, c);
}

static const struct hang on[] = {{ON_LINK, 0}, {ON_LINK, 108}, {ON_NOTHING, 0}};

const struct proto_def proto_null = {
	.name = "null",
	.label = "Null/Loopback",
	.prefix = "LOOP",
	.header = "LOOPBACK HEADER",
	.fields = rows,
	.nfields = NULL_ROWS,
	.on = on,
	.decode = null_decode,
	.blurb = "A packet that one program on a machine sends to another on the same machine.",
	.see = "tcpdump.org/linktypes.html, LINKTYPE_NULL and LINKTYPE_LOOP",
};
