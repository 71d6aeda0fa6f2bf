/* SPDX-License-Identifier: GPL-3.0-or-later */
/* slarp: Two routers on a line ask for an address and tell each other that they are alive. . */
#include "tracetutor/decode.h"

static const struct field_def rows[] = {
	{.name = "slarp", .label = "Cisco SLARP", .type = FT_PROTOCOL}};

static void decode(struct decoder *d, struct record *r, struct cursor *c)
{
	struct layer *layer = layer_open(r, PROTO_slarp, c);

	layer_close(r, layer, c->pos);
	decode_data(d, r, c);
}

const struct proto_def proto_slarp = {
	.name = "slarp",
	.label = "Cisco SLARP",
	.prefix = "SLARP",
	.header = "SLARP",
	.fields = rows,
	.nfields = 1,
	.decode = decode,
	.blurb =
		"Two routers on a line ask for an address and tell each other that they are alive.",
	.see = "",
};
