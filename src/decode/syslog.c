/* SPDX-License-Identifier: GPL-3.0-or-later */
/* syslog: Sends lines of a log to another computer. RFC 5424. */
#include "tracetutor/decode.h"

static const struct field_def rows[] = {
	{.name = "syslog", .label = "Syslog message", .type = FT_PROTOCOL},
};

static void decode(struct decoder *d, struct record *r, struct cursor *c)
{
	struct layer *layer = layer_open(r, PROTO_syslog, c);

	if (layer)
		layer_close(r, layer, c->pos);
	decode_data(d, r, c);
}

const struct proto_def proto_syslog = {
	.name = "syslog",
	.label = "Syslog message",
	.prefix = "SYSLOG",
	.header = "SYSLOG HEADER",
	.fields = rows,
	.nfields = 1,
	.decode = decode,
	.blurb = "Sends lines of a log to another computer.",
	.see = "RFC 5424",
};
