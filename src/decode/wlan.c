/* SPDX-License-Identifier: GPL-3.0-or-later */
/* wlan: Carries packets through the air, and lets devices join and leave a wireless network. IEEE
 * 802.11. */
#include "wlan.h"

static const struct field_def rows[WLAN_ROWS] = {
	[WLAN_PROTO] = {.name = "wlan", .label = "IEEE 802.11 wireless LAN", .type = FT_PROTOCOL},
	[WLAN_SA] = {"wlan.sa", "Source", FT_ETHER},
	[WLAN_DA] = {"wlan.da", "Dest", FT_ETHER}};

void wlan_tags(struct decoder *d, struct record *r, struct cursor *c)
{
	(void)d;
	(void)r;
	(void)c;
}

static void decode(struct decoder *d, struct record *r, struct cursor *c)
{
	struct layer *layer = layer_open(r, PROTO_wlan, c);

	layer_close(r, layer, c->pos);
	decode_data(d, r, c);
}

static const struct hang on[] = {{ON_LINK, 105}, {ON_NOTHING, 0}};

const struct proto_def proto_wlan = {
	.name = "wlan",
	.label = "IEEE 802.11 wireless LAN",
	.prefix = "WLAN",
	.header = "WI-FI HEADER",
	.fields = rows,
	.nfields = WLAN_ROWS,
	.on = on,
	.decode = decode,
	.blurb = "Carries packets through the air, and lets devices join and leave a wireless "
		 "network.",
	.see = "IEEE 802.11",
};
