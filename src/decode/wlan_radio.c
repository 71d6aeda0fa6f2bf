/* SPDX-License-Identifier: GPL-3.0-or-later */
/* wlan_radio: What is known of the radio signal that brought a frame. radiotap.org. */
#include "tracetutor/decode.h"

static const struct field_def rows[] = {
	{.name = "wlan_radio", .label = "802.11 radio information", .type = FT_PROTOCOL}};

static void decode(struct decoder *d, struct record *r, struct cursor *c)
{
	struct layer *layer = layer_open(r, PROTO_wlan_radio, c);

	layer_close(r, layer, c->pos);
	decode_data(d, r, c);
}

const struct proto_def proto_wlan_radio = {
	.name = "wlan_radio",
	.label = "802.11 radio information",
	.prefix = "RADIO",
	.header = "WI-FI RADIO",
	.fields = rows,
	.nfields = 1,
	.decode = decode,
	.blurb = "What is known of the radio signal that brought a frame.",
	.see = "radiotap.org",
};
