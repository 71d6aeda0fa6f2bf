/* SPDX-License-Identifier: GPL-3.0-or-later */
/* eapol: Carries logins and keys between a device and the Wi-Fi or switch it joins. IEEE 802.1X. */
#include "tracetutor/decode.h"

static const struct field_def rows[] = {
	{.name = "eapol", .label = "802.1X Authentication", .type = FT_PROTOCOL}};

static void decode(struct decoder *d, struct record *r, struct cursor *c)
{
	struct layer *layer = layer_open(r, PROTO_eapol, c);

	layer_close(r, layer, c->pos);
	decode_data(d, r, c);
}

static const struct hang on[] = {{ON_ETHERTYPE, 0x888e}, {ON_NOTHING, 0}};

const struct proto_def proto_eapol = {
	.name = "eapol",
	.label = "802.1X Authentication",
	.prefix = "EAPOL",
	.header = "802.1X",
	.fields = rows,
	.nfields = 1,
	.on = on,
	.decode = decode,
	.blurb = "Carries logins and keys between a device and the Wi-Fi or switch it joins.",
	.see = "IEEE 802.1X",
};
