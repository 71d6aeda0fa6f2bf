/* SPDX-License-Identifier: GPL-3.0-or-later */
/* wlan_radio: what is known of the radio signal that brought a frame, summed up. */
#include "radiotap.h"

enum {
	RADIO_PROTO,
	RADIO_PHY,
	RADIO_PREAMBLE,
	RADIO_RATE,
	RADIO_CHANNEL,
	RADIO_FREQUENCY,
	RADIO_SIGNAL,
	RADIO_NOISE,
	RADIO_SNR,
	RADIO_ROWS
};
#define ID(row) FIELD_ID(PROTO_wlan_radio, row)

enum { CCK = 0x20, OFDM = 0x40, GHZ2 = 0x80, GHZ5 = 0x100, DYNAMIC = 0x400 };
enum { PHY_FHSS = 1, PHY_B = 4, PHY_A = 5, PHY_G = 6, PHY_N = 7 };

static const struct value_name phys[] = {{PHY_FHSS, "802.11 with hops"},
					 {PHY_B, "802.11b, the oldest"},
					 {PHY_A, "802.11a"},
					 {PHY_G, "802.11g"},
					 {PHY_N, "802.11n (Wi-Fi 4)"},
					 {0, NULL}};

static const struct field_def rows[RADIO_ROWS] = {
	[RADIO_PROTO] = {"wlan_radio", "802.11 radio information", FT_PROTOCOL},
	[RADIO_PHY] = {"wlan_radio.phy", "Kind of Wi-Fi", FT_UINT32, .values = phys},
	[RADIO_PREAMBLE] = {"wlan_radio.short_preamble", "Short preamble", FT_BOOLEAN, .on = "Yes",
			    .off = "No"},
	[RADIO_RATE] = {"wlan_radio.data_rate", "Speed (Mbit/s)", FT_STRING},
	[RADIO_CHANNEL] = {"wlan_radio.channel", "Channel", FT_UINT32},
	[RADIO_FREQUENCY] = {"wlan_radio.frequency", "Frequency (MHz)", FT_UINT16},
	[RADIO_SIGNAL] = {"wlan_radio.signal_dbm", "Signal (dBm)", FT_INT8,
			  .blurb = "How strong the frame came in: -40 is near, -70 enough, below "
				   "-80 much is lost."},
	[RADIO_NOISE] = {"wlan_radio.noise_dbm", "Noise (dBm)", FT_INT8},
	[RADIO_SNR] = {"wlan_radio.snr", "Signal above noise (dB)", FT_INT32},
};

/* IEEE 802.11 sections 15.4.4.3 and 17.3.8.4.2; 0: none. */
static unsigned channel_of(unsigned mhz)
{
	if (mhz == 2484)
		return 14;
	if (mhz >= 2412 && mhz <= 2472)
		return (mhz - 2407) / 5;
	if (mhz > 5000 && mhz < 5950)
		return (mhz - 5000) / 5;
	if (mhz > 5950 && mhz <= 7115)
		return (mhz - 5950) / 5;
	return 0;
}

/* In 1/10 Mbit/s: the speeds of the oldest kind. */
static bool old_rate(unsigned rate)
{
	return rate == 10 || rate == 20 || rate == 55 || rate == 110;
}

/* The kind of channel tells the kind of Wi-Fi, unless the frame itself has said more. */
static unsigned phy_of(const struct radio *radio)
{
	unsigned f = radio->channel_flags;

	if (radio->has_mcs)
		return PHY_N;
	if (radio->has_hops)
		return PHY_FHSS;
	if (!radio->has_channel)
		return radio->has_rate && old_rate(radio->rate) ? PHY_B : 0;
	if (f & CCK)
		return PHY_B;
	if (f & OFDM)
		return f & GHZ5 ? PHY_A : f & GHZ2 ? PHY_G : 0;
	return f & DYNAMIC && radio->has_rate ? old_rate(radio->rate) ? PHY_B : PHY_G : 0;
}

void wlan_radio(struct record *r, const struct cursor *c, const struct radio *radio)
{
	struct layer *layer = layer_open(r, PROTO_wlan_radio, c);
	unsigned phy = phy_of(radio), channel = channel_of(radio->frequency);
	uint32_t len;

	if (!layer)
		return;
	if (phy)
		field_gen_uint(r, ID(RADIO_PHY), phy);
	if (phy == PHY_B && radio->has_flags)
		field_gen_uint(r, ID(RADIO_PREAMBLE), radio->flags >> 1 & 1);
	if (radio->has_rate && radio->rate) {
		const char *text = radio_rate(r, radio->rate, &len);

		field_gen_text(r, ID(RADIO_RATE), text, len);
	}
	if (radio->has_channel && channel)
		field_gen_uint(r, ID(RADIO_CHANNEL), channel);
	if (radio->has_channel)
		field_gen_uint(r, ID(RADIO_FREQUENCY), radio->frequency);
	if (radio->has_signal)
		field_gen_int(r, ID(RADIO_SIGNAL), radio->signal);
	if (radio->has_noise)
		field_gen_int(r, ID(RADIO_NOISE), radio->noise);
	if (radio->has_signal && radio->has_noise)
		field_gen_int(r, ID(RADIO_SNR), radio->signal - radio->noise);
	layer_close(r, layer, c->pos);
}

static void decode(struct decoder *d, struct record *r, struct cursor *c)
{
	const struct radio none = {0};

	(void)d;
	wlan_radio(r, c, &none);
}

const struct proto_def proto_wlan_radio = {
	.name = "wlan_radio",
	.label = "802.11 radio information",
	.prefix = "RADIO",
	.header = "WI-FI RADIO",
	.fields = rows,
	.nfields = RADIO_ROWS,
	.decode = decode,
	.blurb = "What is known of the radio signal that brought a frame.",
	.see = "radiotap.org",
};
