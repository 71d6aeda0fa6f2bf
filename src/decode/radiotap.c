/* SPDX-License-Identifier: GPL-3.0-or-later */
/* radiotap: What the wireless card noted about a frame: channel, rate, signal. radiotap.org. */
#include "tracetutor/decode.h"

static const struct field_def rows[] = {
	{.name = "radiotap", .label = "IEEE 802.11 Radiotap Capture header", .type = FT_PROTOCOL}};

static void decode(struct decoder *d, struct record *r, struct cursor *c)
{
	struct layer *layer = layer_open(r, PROTO_radiotap, c);

	layer_close(r, layer, c->pos);
	decode_data(d, r, c);
}

static const struct hang on[] = {{ON_LINK, 127}, {ON_NOTHING, 0}};

const struct proto_def proto_radiotap = {
	.name = "radiotap",
	.label = "IEEE 802.11 Radiotap Capture header",
	.prefix = "RADIO",
	.header = "RADIOTAP HEADER",
	.fields = rows,
	.nfields = 1,
	.on = on,
	.decode = decode,
	.blurb = "What the wireless card noted about a frame: channel, rate, signal.",
	.see = "radiotap.org",
};
