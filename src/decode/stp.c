/* SPDX-License-Identifier: GPL-3.0-or-later */
/* stp: Switches agree which of their cables to use, so that no loop is left. IEEE 802.1D. */
#include "tracetutor/decode.h"

static const struct field_def rows[] = {
	{.name = "stp", .label = "Spanning Tree Protocol", .type = FT_PROTOCOL}};

static void decode(struct decoder *d, struct record *r, struct cursor *c)
{
	struct layer *layer = layer_open(r, PROTO_stp, c);

	layer_close(r, layer, c->pos);
	decode_data(d, r, c);
}

const struct proto_def proto_stp = {
	.name = "stp",
	.label = "Spanning Tree Protocol",
	.prefix = "STP",
	.header = "SPANNING TREE",
	.fields = rows,
	.nfields = 1,
	.decode = decode,
	.blurb = "Switches agree which of their cables to use, so that no loop is left.",
	.see = "IEEE 802.1D",
};
