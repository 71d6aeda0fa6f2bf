/* SPDX-License-Identifier: GPL-3.0-or-later */
/* stun: Asks a server on the internet under which address it sees this computer. RFC 8489. */
#include "tracetutor/decode.h"

static const struct field_def rows[] = {
	{.name = "stun", .label = "Session Traversal Utilities for NAT", .type = FT_PROTOCOL},
};

static void decode(struct decoder *d, struct record *r, struct cursor *c)
{
	struct layer *layer = layer_open(r, PROTO_stun, c);

	if (layer)
		layer_close(r, layer, c->pos);
	decode_data(d, r, c);
}

const struct proto_def proto_stun = {
	.name = "stun",
	.label = "Session Traversal Utilities for NAT",
	.prefix = "STUN",
	.header = "STUN HEADER",
	.fields = rows,
	.nfields = 1,
	.decode = decode,
	.blurb = "Asks a server on the internet under which address it sees this computer.",
	.see = "RFC 8489",
};
