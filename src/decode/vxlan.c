/* SPDX-License-Identifier: GPL-3.0-or-later */
/* vxlan: A tunnel: carries Ethernet frames inside UDP. RFC 7348. */
#include "tracetutor/decode.h"

static const struct field_def rows[] = {
	{.name = "vxlan", .label = "Virtual eXtensible Local Area Network", .type = FT_PROTOCOL}};

static void decode(struct decoder *d, struct record *r, struct cursor *c)
{
	struct layer *layer = layer_open(r, PROTO_vxlan, c);

	layer_close(r, layer, c->pos);
	decode_data(d, r, c);
}

const struct proto_def proto_vxlan = {
	.name = "vxlan",
	.label = "Virtual eXtensible Local Area Network",
	.prefix = "VXLAN",
	.header = "VXLAN HEADER",
	.fields = rows,
	.nfields = 1,
	.decode = decode,
	.blurb = "A tunnel: carries Ethernet frames inside UDP.",
	.see = "RFC 7348",
};
