/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ipv6cp: Gives the ends of a PPP line the names from which they make IPv6 addresses. RFC 5072. */
#include "tracetutor/decode.h"

static const struct field_def rows[] = {
	{.name = "ipv6cp", .label = "PPP IPv6 Control Protocol", .type = FT_PROTOCOL}};

static void decode(struct decoder *d, struct record *r, struct cursor *c)
{
	struct layer *layer = layer_open(r, PROTO_ipv6cp, c);

	layer_close(r, layer, c->pos);
	decode_data(d, r, c);
}

static const struct hang on[] = {{ON_PPP_PROTO, 0x8057}, {ON_NOTHING, 0}};

const struct proto_def proto_ipv6cp = {
	.name = "ipv6cp",
	.label = "PPP IPv6 Control Protocol",
	.prefix = "IPV6CP",
	.header = "IPV6CP",
	.fields = rows,
	.nfields = 1,
	.on = on,
	.decode = decode,
	.blurb = "Gives the ends of a PPP line the names from which they make IPv6 addresses.",
	.see = "RFC 5072",
};
