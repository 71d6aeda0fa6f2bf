/* SPDX-License-Identifier: GPL-3.0-or-later */
/* snmp: Asks devices such as printers and routers how they are. RFC 3416. */
#include "tracetutor/decode.h"

static const struct field_def rows[] = {
	{.name = "snmp", .label = "Simple Network Management Protocol", .type = FT_PROTOCOL},
};

static void decode(struct decoder *d, struct record *r, struct cursor *c)
{
	struct layer *layer = layer_open(r, PROTO_snmp, c);

	if (layer)
		layer_close(r, layer, c->pos);
	decode_data(d, r, c);
}

const struct proto_def proto_snmp = {
	.name = "snmp",
	.label = "Simple Network Management Protocol",
	.prefix = "SNMP",
	.header = "SNMP HEADER",
	.fields = rows,
	.nfields = 1,
	.decode = decode,
	.blurb = "Asks devices such as printers and routers how they are.",
	.see = "RFC 3416",
};
