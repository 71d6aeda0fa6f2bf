/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ipcp: Gives the ends of a PPP line their IP addresses. RFC 1332, RFC 1877. */
#include "tracetutor/decode.h"

static const struct field_def rows[] = {
	{.name = "ipcp", .label = "PPP IP Control Protocol", .type = FT_PROTOCOL}};

static void decode(struct decoder *d, struct record *r, struct cursor *c)
{
	struct layer *layer = layer_open(r, PROTO_ipcp, c);

	layer_close(r, layer, c->pos);
	decode_data(d, r, c);
}

static const struct hang on[] = {{ON_PPP_PROTO, 0x8021}, {ON_NOTHING, 0}};

const struct proto_def proto_ipcp = {
	.name = "ipcp",
	.label = "PPP IP Control Protocol",
	.prefix = "IPCP",
	.header = "IPCP",
	.fields = rows,
	.nfields = 1,
	.on = on,
	.decode = decode,
	.blurb = "Gives the ends of a PPP line their IP addresses.",
	.see = "RFC 1332, RFC 1877",
};
