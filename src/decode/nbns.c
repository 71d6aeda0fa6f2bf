/* SPDX-License-Identifier: GPL-3.0-or-later */
/* nbns: Windows computers find each other's names on the local network with it. RFC 1001, RFC 1002.
 */
#include "tracetutor/decode.h"

static const struct field_def rows[] = {
	{.name = "nbns", .label = "NetBIOS Name Service", .type = FT_PROTOCOL},
};

static void decode(struct decoder *d, struct record *r, struct cursor *c)
{
	struct layer *layer = layer_open(r, PROTO_nbns, c);

	if (layer)
		layer_close(r, layer, c->pos);
	decode_data(d, r, c);
}

const struct proto_def proto_nbns = {
	.name = "nbns",
	.label = "NetBIOS Name Service",
	.prefix = "NBNS",
	.header = "NBNS HEADER",
	.fields = rows,
	.nfields = 1,
	.decode = decode,
	.blurb = "Windows computers find each other's names on the local network with it.",
	.see = "RFC 1001, RFC 1002",
};
