/* SPDX-License-Identifier: GPL-3.0-or-later */
/* igmp: Tells the router which groups (television, discovery) a computer wants to hear. RFC 2236,
 * RFC 3376. */
#include "tracetutor/decode.h"

static const struct field_def rows[] = {
	{.name = "igmp", .label = "Internet Group Management Protocol", .type = FT_PROTOCOL}};

static void decode(struct decoder *d, struct record *r, struct cursor *c)
{
	struct layer *layer = layer_open(r, PROTO_igmp, c);

	layer_close(r, layer, c->pos);
	decode_data(d, r, c);
}

static const struct hang on[] = {{ON_IP_PROTO, 2}, {ON_NOTHING, 0}};

const struct proto_def proto_igmp = {
	.name = "igmp",
	.label = "Internet Group Management Protocol",
	.prefix = "IGMP",
	.header = "IGMP",
	.fields = rows,
	.nfields = 1,
	.on = on,
	.decode = decode,
	.blurb = "Tells the router which groups (television, discovery) a computer wants to hear.",
	.see = "RFC 2236, RFC 3376",
};
