/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sctp: Brings messages reliably, over several ways at once; used in telephone networks. RFC 9260.
 */
#include "tracetutor/decode.h"

static const struct field_def rows[] = {
	{.name = "sctp", .label = "Stream Control Transmission Protocol", .type = FT_PROTOCOL}};

static void decode(struct decoder *d, struct record *r, struct cursor *c)
{
	struct layer *layer = layer_open(r, PROTO_sctp, c);

	layer_close(r, layer, c->pos);
	decode_data(d, r, c);
}

static const struct hang on[] = {{ON_IP_PROTO, 132}, {ON_NOTHING, 0}};

const struct proto_def proto_sctp = {
	.name = "sctp",
	.label = "Stream Control Transmission Protocol",
	.prefix = "SCTP",
	.header = "SCTP HEADER",
	.fields = rows,
	.nfields = 1,
	.on = on,
	.decode = decode,
	.blurb = "Brings messages reliably, over several ways at once; used in telephone networks.",
	.see = "RFC 9260",
};
