/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sdp: Says which sound or picture streams a call wants, and where to send them. RFC 8866. */
#include "tracetutor/decode.h"

static const struct field_def rows[] = {
	{.name = "sdp", .label = "Session Description Protocol", .type = FT_PROTOCOL},
};

static void decode(struct decoder *d, struct record *r, struct cursor *c)
{
	struct layer *layer = layer_open(r, PROTO_sdp, c);

	if (layer)
		layer_close(r, layer, c->pos);
	decode_data(d, r, c);
}

const struct proto_def proto_sdp = {
	.name = "sdp",
	.label = "Session Description Protocol",
	.prefix = "SDP",

	.fields = rows,
	.nfields = 1,
	.decode = decode,
	.blurb = "Says which sound or picture streams a call wants, and where to send them.",
	.see = "RFC 8866",
};
