/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * IPv6CP gives the ends of a PPP line the names from which they make their IPv6 addresses. RFC
 * 5072. Hangs at PPP protocol 0x8057.
 */
#include "option_lines.h"
#include "ppp_control.h"

enum {
	CP_PROTO,
	OPT_TYPE,
	OPT_LENGTH,
	OPT_IDENTIFIER_ITEM,
	OPT_IDENTIFIER,
	OPT_COMPRESS_ITEM,
	CP_ROWS
};
#define ID(row) FIELD_ID(PROTO_ipv6cp, row)

static const struct value_name types[] = {
	{1, "Interface Identifier"}, {2, "IPv6 compression"}, {0, NULL}};

static const struct field_def rows[CP_ROWS] = {
	[CP_PROTO] = {"ipv6cp", "PPP IPv6 Control Protocol", FT_PROTOCOL},
	[OPT_TYPE] = {"ipv6cp.opt.type", "Type", FT_UINT8, SHOW_DEC, 1, .values = types},
	[OPT_LENGTH] = {"ipv6cp.opt.length", "Length", FT_UINT8, SHOW_DEC, 1},
	[OPT_IDENTIFIER_ITEM] = {"ipv6cp.opt.interface_identifier", "Second half of my address",
				 FT_BYTES},
	[OPT_IDENTIFIER] = {"ipv6cp.interface_identifier", "Second half of my address", FT_BYTES,
			    .size = 8, .secrecy = IDENTITY, .see = "RFC 5072 section 4.1"},
	[OPT_COMPRESS_ITEM] = {"ipv6cp.opt.compress", "Compress headers", FT_BYTES},
};

static const struct ppp_option options[] = {
	{1, ID(OPT_IDENTIFIER_ITEM), ID(OPT_IDENTIFIER), ID(OPT_IDENTIFIER), 0, NULL},
	{2, ID(OPT_COMPRESS_ITEM), 0, 0, 0, NULL},
	{0, 0, 0, 0, 0, NULL}};

static void decode(struct decoder *d, struct record *r, struct cursor *c)
{
	static const struct ppp_control self = {.proto = PROTO_ipv6cp,
						.options = options,
						.type = ID(OPT_TYPE),
						.length = ID(OPT_LENGTH)};

	ppp_control(d, r, c, &self);
}

static void lines(struct lines *l, const struct record *r, const struct layer *layer)
{
	static const uint16_t quiet[] = {ID(OPT_TYPE), ID(OPT_LENGTH), FIELD_NONE};

	option_lines(l, r, layer, quiet);
}

static const struct hang on[] = {{ON_PPP_PROTO, 0x8057}, {ON_NOTHING, 0}};

const struct proto_def proto_ipv6cp = {
	.name = "ipv6cp",
	.label = "PPP IPv6 Control Protocol",
	.prefix = "IPV6CP",
	.header = "IPV6 ADDRESSES OF THE LINE (IPV6CP)",
	.fields = rows,
	.nfields = CP_ROWS,
	.on = on,
	.decode = decode,
	.lines = lines,
	.blurb = "Gives the ends of a PPP line the names from which they make IPv6 addresses.",
	.see = "RFC 5072",
};
