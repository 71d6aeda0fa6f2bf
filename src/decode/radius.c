/* SPDX-License-Identifier: GPL-3.0-or-later */
/* radius: A Wi-Fi access point or dial-in server asks here whether a user may come in. RFC 2865. */
#include "tracetutor/decode.h"

static const struct field_def rows[] = {
	{.name = "radius", .label = "RADIUS Protocol", .type = FT_PROTOCOL},
};

static void decode(struct decoder *d, struct record *r, struct cursor *c)
{
	struct layer *layer = layer_open(r, PROTO_radius, c);

	if (layer)
		layer_close(r, layer, c->pos);
	decode_data(d, r, c);
}

const struct proto_def proto_radius = {
	.name = "radius",
	.label = "RADIUS Protocol",
	.prefix = "RADIUS",
	.header = "RADIUS HEADER",
	.fields = rows,
	.nfields = 1,
	.decode = decode,
	.blurb = "A Wi-Fi access point or dial-in server asks here whether a user may come in.",
	.see = "RFC 2865",
};
