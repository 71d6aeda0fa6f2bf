/* SPDX-License-Identifier: GPL-3.0-or-later */
/* chdlc: Carries packets over a line between two routers. tcpdump.org/linktypes.html,
 * LINKTYPE_C_HDLC. */
#include "tracetutor/decode.h"

static const struct field_def rows[] = {
	{.name = "chdlc", .label = "Cisco HDLC", .type = FT_PROTOCOL}};

static void decode(struct decoder *d, struct record *r, struct cursor *c)
{
	struct layer *layer = layer_open(r, PROTO_chdlc, c);

	layer_close(r, layer, c->pos);
	decode_data(d, r, c);
}

static const struct hang on[] = {{ON_LINK, 104}, {ON_NOTHING, 0}};

const struct proto_def proto_chdlc = {
	.name = "chdlc",
	.label = "Cisco HDLC",
	.prefix = "CHDLC",
	.header = "CISCO HDLC HEADER",
	.fields = rows,
	.nfields = 1,
	.on = on,
	.decode = decode,
	.blurb = "Carries packets over a line between two routers.",
	.see = "tcpdump.org/linktypes.html, LINKTYPE_C_HDLC",
};
