/* SPDX-License-Identifier: GPL-3.0-or-later */
/* lldp: Devices tell their neighbours on the cable who they are. IEEE 802.1AB. */
#include "tracetutor/decode.h"

static const struct field_def rows[] = {
	{.name = "lldp", .label = "Link Layer Discovery Protocol", .type = FT_PROTOCOL}};

static void decode(struct decoder *d, struct record *r, struct cursor *c)
{
	struct layer *layer = layer_open(r, PROTO_lldp, c);

	layer_close(r, layer, c->pos);
	decode_data(d, r, c);
}

static const struct hang on[] = {{ON_ETHERTYPE, 0x88cc}, {ON_NOTHING, 0}};

const struct proto_def proto_lldp = {
	.name = "lldp",
	.label = "Link Layer Discovery Protocol",
	.prefix = "LLDP",
	.header = "LLDP",
	.fields = rows,
	.nfields = 1,
	.on = on,
	.decode = decode,
	.blurb = "Devices tell their neighbours on the cable who they are.",
	.see = "IEEE 802.1AB",
};
