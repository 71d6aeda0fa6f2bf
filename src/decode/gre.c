/* SPDX-License-Identifier: GPL-3.0-or-later */
/* gre: A tunnel: carries packets of any protocol inside IP. RFC 2784, RFC 2890. */
#include "tracetutor/decode.h"

static const struct field_def rows[] = {
	{.name = "gre", .label = "Generic Routing Encapsulation", .type = FT_PROTOCOL}};

static void decode(struct decoder *d, struct record *r, struct cursor *c)
{
	struct layer *layer = layer_open(r, PROTO_gre, c);

	layer_close(r, layer, c->pos);
	decode_data(d, r, c);
}

static const struct hang on[] = {{ON_IP_PROTO, 47}, {ON_NOTHING, 0}};

const struct proto_def proto_gre = {
	.name = "gre",
	.label = "Generic Routing Encapsulation",
	.prefix = "GRE",
	.header = "GRE HEADER",
	.fields = rows,
	.nfields = 1,
	.on = on,
	.decode = decode,
	.blurb = "A tunnel: carries packets of any protocol inside IP.",
	.see = "RFC 2784, RFC 2890",
};
