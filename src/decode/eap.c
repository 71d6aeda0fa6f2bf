/* SPDX-License-Identifier: GPL-3.0-or-later */
/* eap: Asks who wants to join the network, and has it proved. RFC 3748. */
#include "tracetutor/decode.h"

static const struct field_def rows[] = {
	{.name = "eap", .label = "Extensible Authentication Protocol", .type = FT_PROTOCOL}};

static void decode(struct decoder *d, struct record *r, struct cursor *c)
{
	struct layer *layer = layer_open(r, PROTO_eap, c);

	layer_close(r, layer, c->pos);
	decode_data(d, r, c);
}

static const struct hang on[] = {{ON_PPP_PROTO, 0xc227}, {ON_NOTHING, 0}};

const struct proto_def proto_eap = {
	.name = "eap",
	.label = "Extensible Authentication Protocol",
	.prefix = "EAP",
	.header = "EAP",
	.fields = rows,
	.nfields = 1,
	.on = on,
	.decode = decode,
	.blurb = "Asks who wants to join the network, and has it proved.",
	.see = "RFC 3748",
};
