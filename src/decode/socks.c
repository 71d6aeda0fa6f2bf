/* SPDX-License-Identifier: GPL-3.0-or-later */
/* socks: Asks a proxy to make a connection on behalf of a program. RFC 1928. */
#include "tracetutor/decode.h"

static const struct field_def rows[] = {
	{.name = "socks", .label = "Socks Protocol", .type = FT_PROTOCOL},
};

static void decode(struct decoder *d, struct record *r, struct cursor *c)
{
	struct layer *layer = layer_open(r, PROTO_socks, c);

	if (layer)
		layer_close(r, layer, c->pos);
	decode_data(d, r, c);
}

const struct proto_def proto_socks = {
	.name = "socks",
	.label = "Socks Protocol",
	.prefix = "SOCKS",
	.header = "SOCKS HEADER",
	.fields = rows,
	.nfields = 1,
	.decode = decode,
	.blurb = "Asks a proxy to make a connection on behalf of a program.",
	.see = "RFC 1928",
};
