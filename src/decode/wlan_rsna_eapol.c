/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The four messages in which an access point and a device prove to each other that they know the
 * password of the Wi-Fi, without sending it, and agree on keys. IEEE 802.11 section 12.7. They lie
 * in 802.1X frames and are part of that layer.
 */
#include "eapol.h"
#include "link.h"
#include "wlan.h"

enum {
	KEY_PROTO,
	KEY_MESSAGE,
	KEY_INFO,
	KEY_INFO_VERSION,
	KEY_INFO_TYPE,
	KEY_INFO_INDEX,
	KEY_INFO_INSTALL,
	KEY_INFO_ACK,
	KEY_INFO_MIC,
	KEY_INFO_SECURE,
	KEY_INFO_ERROR,
	KEY_INFO_REQUEST,
	KEY_INFO_ENCRYPTED,
	KEY_INFO_SMK,
	KEY_NONCE,
	KEY_RSC,
	KEY_ID,
	KEY_MIC,
	KEY_DATA_LENGTH,
	KEY_DATA,
	TT_STEP,
	KEY_ROWS
};
#define ID(row) FIELD_ID(PROTO_wlan_rsna_eapol, row)
#define FLAG(row, word, text, bit)                                                                 \
	[row] = {"wlan_rsna_eapol.keydes.key_info." word,                                          \
		 text,                                                                             \
		 FT_BOOLEAN,                                                                       \
		 .size = 2,                                                                        \
		 .flags = ROW_SUB,                                                                 \
		 .mask = bit,                                                                      \
		 .on = "Yes",                                                                      \
		 .off = "No"}

enum {
	PAIRWISE = 0x0008,
	ACK = 0x0080,
	MIC = 0x0100,
	SECURE = 0x0200,
	REQUEST = 0x0800,
	ENCRYPTED = 0x1000
};

#define BEFORE_LENGTH 90 /* between the key information and the length of the data */

static const struct value_name versions[] = {{1, "RC4 and MD5"},
					     {2, "AES and SHA-1"},
					     {3, "AES and AES-CMAC"},
					     {0, "as the login says"},
					     {0, NULL}};
static const struct value_name steps[] = {{1, "1 of 4: the access point's random number"},
					  {2, "2 of 4: the device's, and its proof"},
					  {3, "3 of 4: the access point's proof, and the keys"},
					  {4, "4 of 4: done"},
					  {5, "new key for all"},
					  {6, "new key for all: taken"},
					  {0, NULL}};

static const struct field_def rows[KEY_ROWS] = {
	[KEY_PROTO] = {"wlan_rsna_eapol", "IEEE 802.11 RSNA EAPOL key", FT_PROTOCOL},
	[KEY_MESSAGE] = {"wlan_rsna_eapol.keydes.msgnr", "Message", FT_UINT8,
			 .blurb = "Which of the four (or, for a group key, two) messages this is.",
			 .see = "IEEE 802.11 section 12.7.6"},
	[KEY_INFO] = {"wlan_rsna_eapol.keydes.key_info", "Key information", FT_UINT16, SHOW_HEX, 2},
	[KEY_INFO_VERSION] = {"wlan_rsna_eapol.keydes.key_info.keydes_version", "Ciphers",
			      FT_UINT16, .size = 2, .flags = ROW_SUB, .mask = 0x0007,
			      .values = versions},
	[KEY_INFO_TYPE] = {"wlan_rsna_eapol.keydes.key_info.key_type", "Key for", FT_BOOLEAN,
			   .size = 2, .flags = ROW_SUB, .mask = PAIRWISE, .on = "these two",
			   .off = "all"},
	[KEY_INFO_INDEX] = {"wlan_rsna_eapol.keydes.key_info.key_index", "Place", FT_UINT16,
			    .size = 2, .flags = ROW_SUB, .mask = 0x0030},
	FLAG(KEY_INFO_INSTALL, "install", "Use it", 0x0040),
	FLAG(KEY_INFO_ACK, "key_ack", "Answer wanted", ACK),
	FLAG(KEY_INFO_MIC, "key_mic", "Holds a proof", MIC),
	FLAG(KEY_INFO_SECURE, "secure", "Keys are there", SECURE),
	FLAG(KEY_INFO_ERROR, "error", "A check failed", 0x0400),
	FLAG(KEY_INFO_REQUEST, "request", "Device asks for new keys", REQUEST),
	FLAG(KEY_INFO_ENCRYPTED, "encrypted_key_data", "Data encrypted", ENCRYPTED),
	FLAG(KEY_INFO_SMK, "smk_message", "Between two devices", 0x2000),
	[KEY_NONCE] = {"wlan_rsna_eapol.keydes.nonce", "Random number", FT_BYTES, .size = 32,
		       .secrecy = SECRET,
		       .blurb = "With both random numbers and a proof, a weak password can be "
				"guessed: reports hide them."},
	[KEY_RSC] = {"wlan_rsna_eapol.keydes.rsc", "Counter of the group key", FT_BYTES, .size = 8},
	[KEY_ID] = {"wlan_rsna_eapol.keydes.id", "Reserved", FT_BYTES, .size = 8},
	[KEY_MIC] = {"wlan_rsna_eapol.keydes.mic", "Proof", FT_BYTES, .size = 16, .secrecy = SECRET,
		     .blurb = "Can only be made by who knows the password.",
		     .see = "IEEE 802.11 section 12.7.2"},
	[KEY_DATA_LENGTH] = {"wlan_rsna_eapol.keydes.data_len", "Length of the data", FT_UINT16,
			     SHOW_DEC, 2},
	[KEY_DATA] = {"wlan_rsna_eapol.keydes.data", "Data", FT_BYTES, .secrecy = SECRET},
	[TT_STEP] = {"tt.wlan.key_step", "Step", FT_UINT8, .values = steps,
		     .blurb = "1 to 4: the messages that prove the password; 5 and 6: a new key "
			      "for all devices."},
};

/* IEEE 802.11 sections 12.7.6 and 12.7.7. The fourth message, unlike the second, has no data. */
static unsigned step_of(uint64_t info, bool has_data)
{
	if (info & REQUEST)
		return 0;
	if (!(info & PAIRWISE))
		return info & ACK ? 5 : 6;
	if (info & ACK)
		return info & MIC ? 3 : 1;
	return info & SECURE || !has_data ? 4 : 2;
}

static void add_mark(struct record *r, enum exchange_role role, unsigned group, uint64_t key)
{
	exchange_mark(r, role, PROTO_eapol, (uint64_t)group << 48 | key,
		      r->layers[r->cur_layer].first, r->nfields - 1);
	if (r->nmarks)
		r->marks[r->nmarks - 1].any_conv = true;
}

/* The second message answers the first, and is itself a question: is my proof right? Only who has
 * accepted it sends the third, and only after that the fourth can come. */
static void mark(struct record *r, unsigned step)
{
	bool from_point = step == 1 || step == 3;
	uint64_t key = link_station(r, !from_point) << 24 | link_station(r, from_point);

	if (r->in_quote)
		return;
	switch (step) {
	case 1: add_mark(r, EXCHANGE_REQUEST, 1, key); break;
	case 2:
		add_mark(r, EXCHANGE_RESPONSE, 1, key);
		add_mark(r, EXCHANGE_REQUEST, 2, key);
		break;
	case 3:
	case 4: add_mark(r, EXCHANGE_RESPONSE, 2, key); break;
	default: break;
	}
}

static void key_data(struct decoder *d, struct record *r, struct cursor *c, uint32_t n, bool clear)
{
	uint32_t at = c->pos;
	struct cursor tags = cursor_fence(c, n);

	if (!n || !cursor_ok(c))
		return;
	field_add_bytes(r, ID(KEY_DATA), at, n);
	r->cur_depth++;
	if (clear)
		wlan_tags(d, r, &tags);
	r->cur_depth--;
}

void wlan_key(struct decoder *d, struct record *r, struct cursor *c)
{
	struct cursor ahead = *c;
	uint16_t info = cursor_be16(&ahead), n;
	unsigned step;

	cursor_skip(&ahead, BEFORE_LENGTH);
	n = cursor_be16(&ahead);
	step = step_of(info, n != 0);
	if (step) {
		field_gen_uint(r, ID(TT_STEP), step);
		field_gen_uint(r, ID(KEY_MESSAGE), step > 4 ? step - 4 : step);
	}
	walk(r, c, ID(KEY_INFO), ID(KEY_INFO_SMK));
	walk(r, c, EAPOL_ID(KEY_LENGTH), EAPOL_ID(REPLAY));
	walk(r, c, ID(KEY_NONCE), ID(KEY_NONCE));
	walk(r, c, EAPOL_ID(IV), EAPOL_ID(IV));
	walk(r, c, ID(KEY_RSC), ID(KEY_DATA_LENGTH));
	/* WPA encrypts group keys without saying so (section 12.7.2). */
	key_data(d, r, c, n, !(info & ENCRYPTED) && info & PAIRWISE);
	mark(r, step);
}

static void decode(struct decoder *d, struct record *r, struct cursor *c)
{
	wlan_key(d, r, c);
}

/* The rows only; never a layer itself. */
const struct proto_def proto_wlan_rsna_eapol = {
	.name = "wlan_rsna_eapol",
	.label = "IEEE 802.11 RSNA EAPOL key",
	.prefix = "KEY",
	.fields = rows,
	.nfields = KEY_ROWS,
	.decode = decode,
	.blurb = "The messages in which Wi-Fi proves that both sides know the password.",
	.see = "IEEE 802.11 section 12.7",
};
