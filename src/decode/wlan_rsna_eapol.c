/* SPDX-License-Identifier: GPL-3.0-or-later */
/* wlan_rsna_eapol: The messages in which Wi-Fi proves that both sides know the password. IEEE
 * 802.11 section 12.7. */
#include "tracetutor/decode.h"

static const struct field_def rows[] = {
	{.name = "wlan_rsna_eapol", .label = "IEEE 802.11 RSNA EAPOL key", .type = FT_PROTOCOL}};

static void decode(struct decoder *d, struct record *r, struct cursor *c)
{
	struct layer *layer = layer_open(r, PROTO_wlan_rsna_eapol, c);

	layer_close(r, layer, c->pos);
	decode_data(d, r, c);
}

const struct proto_def proto_wlan_rsna_eapol = {
	.name = "wlan_rsna_eapol",
	.label = "IEEE 802.11 RSNA EAPOL key",
	.prefix = "KEY",
	.header = "WI-FI KEY",
	.fields = rows,
	.nfields = 1,
	.decode = decode,
	.blurb = "The messages in which Wi-Fi proves that both sides know the password.",
	.see = "IEEE 802.11 section 12.7",
};
