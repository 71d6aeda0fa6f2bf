/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tftp: Fetches or sends a file without a login, as devices do when they start. RFC 1350. */
#include "tracetutor/decode.h"

static const struct field_def rows[] = {
	{.name = "tftp", .label = "Trivial File Transfer Protocol", .type = FT_PROTOCOL},
};

static void decode(struct decoder *d, struct record *r, struct cursor *c)
{
	struct layer *layer = layer_open(r, PROTO_tftp, c);

	if (layer)
		layer_close(r, layer, c->pos);
	decode_data(d, r, c);
}

const struct proto_def proto_tftp = {
	.name = "tftp",
	.label = "Trivial File Transfer Protocol",
	.prefix = "TFTP",
	.header = "TFTP HEADER",
	.fields = rows,
	.nfields = 1,
	.decode = decode,
	.blurb = "Fetches or sends a file without a login, as devices do when they start.",
	.see = "RFC 1350",
};
