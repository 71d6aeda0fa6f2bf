/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sip: Sets up telephone calls over the network. RFC 3261. */
#include "tracetutor/decode.h"

static const struct field_def rows[] = {
	{.name = "sip", .label = "Session Initiation Protocol", .type = FT_PROTOCOL},
};

static void decode(struct decoder *d, struct record *r, struct cursor *c)
{
	struct layer *layer = layer_open(r, PROTO_sip, c);

	if (layer)
		layer_close(r, layer, c->pos);
	decode_data(d, r, c);
}

const struct proto_def proto_sip = {
	.name = "sip",
	.label = "Session Initiation Protocol",
	.prefix = "SIP",

	.fields = rows,
	.nfields = 1,
	.decode = decode,
	.blurb = "Sets up telephone calls over the network.",
	.see = "RFC 3261",
};
