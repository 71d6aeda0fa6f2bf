/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * 802.1X carries logins (EAP) and keys between a device and the switch or Wi-Fi that it joins. IEEE
 * 802.1X-2010 section 11. Hangs at Ethernet type 0x888E.
 */
#include "eapol.h"

#include "ppp_control.h"

enum { TYPE_EAP, TYPE_START, TYPE_LOGOFF, TYPE_KEY };
enum { KEY_RC4 = 1, KEY_RSN = 2, KEY_WPA = 254 };

static const struct value_name versions[] = {
	{1, "802.1X-2001"}, {2, "802.1X-2004"}, {3, "802.1X-2010"}, {0, NULL}};
static const struct value_name types[] = {{TYPE_EAP, "login (EAP)"},
					  {TYPE_START, "I want in (Start)"},
					  {TYPE_LOGOFF, "I am gone (Logoff)"},
					  {TYPE_KEY, "key"},
					  {4, "alert (ASF)"},
					  {5, "MACsec key agreement"},
					  {6, "announcement"},
					  {7, "announcement to one"},
					  {8, "announcement wanted"},
					  {0, NULL}};
static const struct value_name key_types[] = {
	{KEY_RC4, "RC4"}, {KEY_RSN, "WPA2 or WPA3"}, {KEY_WPA, "WPA, the first one"}, {0, NULL}};

static const struct field_def rows[EAPOL_ROWS] = {
	[EAPOL_PROTO] = {"eapol", "802.1X Authentication", FT_PROTOCOL},
	[EAPOL_VERSION] = {"eapol.version", "Version", FT_UINT8, SHOW_DEC, 1, .values = versions},
	[EAPOL_TYPE] = {"eapol.type", "Type", FT_UINT8, SHOW_DEC, 1, .values = types,
			.see = "IEEE 802.1X-2010 section 11.3.2"},
	[EAPOL_LENGTH] = {"eapol.len", "Length", FT_UINT16, SHOW_DEC, 2},
	[EAPOL_KEY_TYPE] = {"eapol.keydes.type", "Kind of key", FT_UINT8, SHOW_DEC, 1,
			    .values = key_types},
	[EAPOL_KEY_BODY] = {"eapol.keydes.body", "Key message", FT_BYTES, .secrecy = SECRET},
	[EAPOL_KEY_LENGTH] = {"eapol.keydes.key_len", "Length of the key", FT_UINT16, SHOW_DEC, 2},
	[EAPOL_REPLAY] = {"eapol.keydes.replay_counter", "Counter", FT_UINT64, SHOW_DEC, 8,
			  .blurb = "Grows with each question of the access point; an answer has "
				   "that of its question."},
	[EAPOL_IV] = {"eapol.keydes.key_iv", "Start value", FT_BYTES, .size = 16},
	[EAPOL_INDEX] = {"eapol.keydes.key_index", "Place of the key", FT_UINT8, SHOW_HEX, 1},
	[EAPOL_INDEX_TYPE] = {"eapol.keydes.key_index.type", "For", FT_BOOLEAN, .size = 1,
			      .flags = ROW_SUB, .mask = 0x80, .on = "one", .off = "all"},
	[EAPOL_INDEX_NUMBER] = {"eapol.keydes.key_index.number", "Number", FT_UINT8, .size = 1,
				.flags = ROW_SUB, .mask = 0x7f},
	[EAPOL_SIGNATURE] = {"eapol.keydes.key_signature", "Signature", FT_BYTES, .size = 16,
			     .secrecy = SECRET},
	[EAPOL_KEY] = {"eapol.keydes.key", "Key", FT_BYTES, .secrecy = SECRET},
	[EAPOL_LOCALLY] = {"eapol.keydes.key.generated_locally", "Key made by the receiver",
			   FT_BOOLEAN, .on = "Yes", .off = "No"},
};

/* Of old: keys of WEP, encrypted with RC4 (IEEE 802.1X-2001 section 7.6). */
static void rc4_key(struct record *r, struct cursor *c)
{
	uint32_t n = (uint32_t)walk(r, c, EAPOL_ID(KEY_LENGTH), EAPOL_ID(KEY_LENGTH));

	walk(r, c, EAPOL_ID(REPLAY), EAPOL_ID(SIGNATURE));
	if (!n)
		return;
	if (cursor_left(c))
		field_add_bytes(r, EAPOL_ID(KEY), c->pos, cursor_left(c));
	field_gen_uint(r, EAPOL_ID(LOCALLY), !cursor_left(c));
}

static void key(struct decoder *d, struct record *r, struct cursor *c)
{
	switch (walk(r, c, EAPOL_ID(KEY_TYPE), EAPOL_ID(KEY_TYPE))) {
	case KEY_RC4: rc4_key(r, c); break;
	case KEY_RSN:
	case KEY_WPA: wlan_key(d, r, c); break;
	default:
		if (cursor_left(c))
			field_add_bytes(r, EAPOL_ID(KEY_BODY), c->pos, cursor_left(c));
		break;
	}
}

static void decode(struct decoder *d, struct record *r, struct cursor *c)
{
	struct layer *layer = layer_open(r, PROTO_eapol, c);
	uint32_t length;
	uint64_t type;
	struct cursor inner;

	walk(r, c, EAPOL_ID(VERSION), EAPOL_ID(VERSION));
	type = walk(r, c, EAPOL_ID(TYPE), EAPOL_ID(TYPE));
	length = (uint32_t)walk(r, c, EAPOL_ID(LENGTH), EAPOL_ID(LENGTH));
	inner = cursor_fence(c, length);
	if (!cursor_ok(c) && !cursor_left(&inner)) {
		decode_overrun(r, c);
		return;
	}
	if (type == TYPE_KEY) {
		key(d, r, &inner);
		decode_overrun(r, &inner);
	}
	layer_close(r, layer, inner.pos);
	if (type == TYPE_EAP && cursor_left(&inner) && r->nlayers < RECORD_MAX_LAYERS)
		proto_table[PROTO_eap]->decode(d, r, &inner);
	else if (type != TYPE_KEY)
		decode_data(d, r, &inner);
}

static const struct hang on[] = {{ON_ETHERTYPE, 0x888e}, {ON_NOTHING, 0}};

const struct proto_def proto_eapol = {
	.name = "eapol",
	.label = "802.1X Authentication",
	.prefix = "EAPOL",
	.header = "802.1X",
	.fields = rows,
	.nfields = EAPOL_ROWS,
	.on = on,
	.decode = decode,
	.blurb = "Carries logins and keys between a device and the Wi-Fi or switch it joins.",
	.see = "IEEE 802.1X",
};
