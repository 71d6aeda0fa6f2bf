/* SPDX-License-Identifier: GPL-3.0-or-later */
/* lcp: Agrees, when a line comes up, on how its two ends talk. RFC 1661. */
#include "tracetutor/decode.h"

static const struct field_def rows[] = {
	{.name = "lcp", .label = "PPP Link Control Protocol", .type = FT_PROTOCOL}};

static void decode(struct decoder *d, struct record *r, struct cursor *c)
{
	struct layer *layer = layer_open(r, PROTO_lcp, c);

	layer_close(r, layer, c->pos);
	decode_data(d, r, c);
}

static const struct hang on[] = {{ON_PPP_PROTO, 0xc021}, {ON_NOTHING, 0}};

const struct proto_def proto_lcp = {
	.name = "lcp",
	.label = "PPP Link Control Protocol",
	.prefix = "LCP",
	.header = "LCP",
	.fields = rows,
	.nfields = 1,
	.on = on,
	.decode = decode,
	.blurb = "Agrees, when a line comes up, on how its two ends talk.",
	.see = "RFC 1661",
};
