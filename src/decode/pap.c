/* SPDX-License-Identifier: GPL-3.0-or-later */
/* pap: Logs in on a PPP line with a password in clear text. RFC 1334. */
#include "tracetutor/decode.h"

static const struct field_def rows[] = {
	{.name = "pap", .label = "PPP Password Authentication Protocol", .type = FT_PROTOCOL}};

static void decode(struct decoder *d, struct record *r, struct cursor *c)
{
	struct layer *layer = layer_open(r, PROTO_pap, c);

	layer_close(r, layer, c->pos);
	decode_data(d, r, c);
}

static const struct hang on[] = {{ON_PPP_PROTO, 0xc023}, {ON_NOTHING, 0}};

const struct proto_def proto_pap = {
	.name = "pap",
	.label = "PPP Password Authentication Protocol",
	.prefix = "PAP",
	.header = "PAP",
	.fields = rows,
	.nfields = 1,
	.on = on,
	.decode = decode,
	.blurb = "Logs in on a PPP line with a password in clear text.",
	.see = "RFC 1334",
};
