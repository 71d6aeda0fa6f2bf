/* SPDX-License-Identifier: GPL-3.0-or-later */
/* chap: Logs in on a PPP line without sending the password. RFC 1994. */
#include "tracetutor/decode.h"

static const struct field_def rows[] = {{.name = "chap",
					 .label = "PPP Challenge Handshake Authentication Protocol",
					 .type = FT_PROTOCOL}};

static void decode(struct decoder *d, struct record *r, struct cursor *c)
{
	struct layer *layer = layer_open(r, PROTO_chap, c);

	layer_close(r, layer, c->pos);
	decode_data(d, r, c);
}

static const struct hang on[] = {{ON_PPP_PROTO, 0xc223}, {ON_NOTHING, 0}};

const struct proto_def proto_chap = {
	.name = "chap",
	.label = "PPP Challenge Handshake Authentication Protocol",
	.prefix = "CHAP",
	.header = "CHAP",
	.fields = rows,
	.nfields = 1,
	.on = on,
	.decode = decode,
	.blurb = "Logs in on a PPP line without sending the password.",
	.see = "RFC 1994",
};
