/* SPDX-License-Identifier: GPL-3.0-or-later */
/* telnet: A terminal on another computer, without encryption. RFC 854. */
#include "tracetutor/decode.h"

static const struct field_def rows[] = {
	{.name = "telnet", .label = "Telnet", .type = FT_PROTOCOL},
};

static void decode(struct decoder *d, struct record *r, struct cursor *c)
{
	struct layer *layer = layer_open(r, PROTO_telnet, c);

	if (layer)
		layer_close(r, layer, c->pos);
	decode_data(d, r, c);
}

const struct proto_def proto_telnet = {
	.name = "telnet",
	.label = "Telnet",
	.prefix = "TELNET",

	.fields = rows,
	.nfields = 1,
	.decode = decode,
	.blurb = "A terminal on another computer, without encryption.",
	.see = "RFC 854",
};
