/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ccp: Agrees on compression of a PPP line. RFC 1962. */
#include "tracetutor/decode.h"

static const struct field_def rows[] = {
	{.name = "ccp", .label = "PPP Compression Control Protocol", .type = FT_PROTOCOL}};

static void decode(struct decoder *d, struct record *r, struct cursor *c)
{
	struct layer *layer = layer_open(r, PROTO_ccp, c);

	layer_close(r, layer, c->pos);
	decode_data(d, r, c);
}

static const struct hang on[] = {{ON_PPP_PROTO, 0x80fd}, {ON_NOTHING, 0}};

const struct proto_def proto_ccp = {
	.name = "ccp",
	.label = "PPP Compression Control Protocol",
	.prefix = "CCP",
	.header = "CCP",
	.fields = rows,
	.nfields = 1,
	.on = on,
	.decode = decode,
	.blurb = "Agrees on compression of a PPP line.",
	.see = "RFC 1962",
};
