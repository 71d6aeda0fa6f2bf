/* SPDX-License-Identifier: GPL-3.0-or-later */
/* wifi: joining a network: 802.1X, EAP, the keys, wireless frames and what the card noted of them.
 */
#include "link_case.h"

#define TO_STATION "020000000021 020000000001 888e"
#define TO_POINT   "020000000001 020000000021 888e"
#define ZERO8      "0000000000000000"
#define ZERO16     ZERO8 ZERO8
#define NONCE      "01" ZERO8 ZERO8 ZERO8 "00000000000000"

#define STATION "020000000021"
#define POINT   "020000000001"
#define ALL     "ffffffffffff"

/* The length of an 802.1X frame stands in its bytes 2 and 3. */
static void decode_key(const char *addresses, const char *info, const char *data)
{
	char frame[600];
	uint8_t bytes[300];
	uint32_t n;

	g_snprintf(frame, sizeof(frame), "0203 0000 02 %s 0010 %s %s %s %s %s %s %s", info, ZERO8,
		   NONCE, ZERO16, ZERO8, ZERO8, ZERO16, data);
	n = unhex(frame, bytes) - 4;
	g_snprintf(frame, sizeof(frame), "%s 0203 %04x 02 %s 0010 %s %s %s %s %s %s %s", addresses,
		   n, info, ZERO8, NONCE, ZERO16, ZERO8, ZERO8, ZERO16, data);
	decode(1, frame);
}

START_TEST(the_four_messages)
{
	decode_key(TO_STATION, "008a", "0000");
	assert_uint("tt.wlan.key_step", 1);
	assert_uint("wlan_rsna_eapol.keydes.msgnr", 1);
	ck_assert_int_eq(record.marks[0].role, EXCHANGE_REQUEST);
	decode_key(TO_POINT, "010a", "0004 30020100");
	assert_uint("tt.wlan.key_step", 2);
	assert_uint("wlan.rsn.version", 1);
	ck_assert_uint_eq(record.nmarks, 2); /* answers the first, asks for the third */
	decode_key(TO_STATION, "13ca", "0008" ZERO8);
	assert_uint("tt.wlan.key_step", 3);
	ck_assert_int_eq(record.marks[0].role, EXCHANGE_RESPONSE);
	assert_none("wlan.tag.number"); /* encrypted */
	decode_key(TO_POINT, "030a", "0000");
	assert_uint("tt.wlan.key_step", 4);
	decode_key(TO_POINT, "0109", "0000"); /* the first WPA: no data tells it from the second */
	assert_uint("tt.wlan.key_step", 4);
	decode_key(TO_STATION, "1382", "0000");
	assert_uint("tt.wlan.key_step", 5);
	decode_key(TO_POINT, "0d0a", "0000");
	assert_none("tt.wlan.key_step");
	ck_assert(!record.malformed);
}
END_TEST

START_TEST(logins)
{
	decode(1, TO_POINT "0200 000a 02 01 000a 01 75736572 40");
	assert_text("eap.identity", "user@");
	ck_assert_int_eq(record.marks[0].role, EXCHANGE_RESPONSE);
	decode(1, TO_STATION "0200 0004 04 07 0004");
	assert_uint("eap.code", 4);
	ck_assert_uint_eq(record.nmarks, 0);
	decode(1, TO_POINT "0200 000d 02 02 000d 19 00 15030300020230");
	assert_uint("tt.eap.alert", 48);
	decode(1, TO_POINT "0200 0006 02 03 0006 03 15");
	assert_uint("eap.desired_type", 21);
	decode(1, TO_POINT "0200 000c 02 03 000c 12 0e0000 16010001");
	assert_uint("eap.sim.error_code", 1);
	decode(1,
	       TO_POINT "0200 000c 02 03 000c 12 0e0000 16000001"); /* an attribute of length 0 */
	assert_uint("eap.sim.subtype.type", 22);
	decode(1, TO_POINT "0200 0003 02 03 0009 01"); /* longer than its frame */
	ck_assert(record.malformed);
}
END_TEST

START_TEST(joining)
{
	decode(105, "b000 2c00" POINT STATION POINT "1000 0000 0100 0000");
	assert_uint("wlan.fc.type_subtype", 0x0b);
	assert_uint("wlan.fixed.auth_seq", 1);
	assert_text("wlan.sa", "02:00:00:00:00:21");
	assert_text("wlan.bssid", "02:00:00:00:00:01");
	ck_assert_int_eq(record.marks[0].role, EXCHANGE_REQUEST);
	decode(105, "1000 2c00" STATION POINT POINT "1000 1104 1100 01c0 0104 8284 8b96");
	assert_uint("wlan.fixed.status_code", 17);
	assert_uint("wlan.fixed.aid", 1);
	assert_uint("wlan.fixed.capabilities.privacy", 1);
	ck_assert_int_eq(record.marks[0].role, EXCHANGE_RESPONSE);
	decode(105, "c000 2c00" STATION POINT POINT "1000 0f00");
	assert_uint("wlan.fixed.reason_code", 15);
	decode(105, "4000 0000" ALL STATION ALL "1000 0004 486f6d65 0000");
	assert_text("tt.wlan.ssid", "Home");
	decode(105, "4000 0000" ALL STATION ALL "1000 0009 486f6d65");
	ck_assert(record.malformed);
	decode_cut(105, "4000 0000" ALL STATION ALL "1000 0004 486f6d65", 27);
	ck_assert(record.snapped && !record.malformed);
}
END_TEST

START_TEST(data_frames)
{
#define IP "45000014000100004000 f6e1 c0000201c0000202"
	decode(105, "0801 2c00" POINT STATION ALL "2000 aaaa03000000 0800" IP);
	assert_text("wlan.da", "ff:ff:ff:ff:ff:ff");
	assert_text("ip.src", "192.0.2.1");
	assert_text("frame.protocols", "wlan:llc:ip");
	decode(105, "8801 2c00" POINT STATION ALL "2000 0500 aaaa03000000 0800" IP);
	assert_uint("wlan.qos.priority", 5);
	assert_text("ip.dst", "192.0.2.2");
	decode(105, "0841 2c00" POINT STATION ALL "2000 0102002005060708" ZERO16);
	assert_text("wlan.ccmp.extiv", "0x080706050201");
	assert_text("tt.wlan.cipher", "AES (CCMP or GCMP)");
	ck_assert(!record_has_proto(&record, PROTO_llc));
	decode(105, "0841 2c00" POINT STATION ALL "2000 01020340" ZERO16);
	assert_uint("wlan.wep.key", 1);
	decode(105, "4801 2c00" POINT STATION ALL "2000"); /* no data */
	ck_assert(!record_has_proto(&record, PROTO_llc) && !record.malformed);
	decode(105, "d400 0000" STATION);
	assert_text("wlan.ra", "02:00:00:00:00:21");
	assert_none("wlan.ta");
}
END_TEST

START_TEST(what_the_card_noted)
{
	decode(127, "00001000 6e000000 10 02 8509 a000 c9 a1 d400 0000" STATION "12345678");
	assert_uint("radiotap.channel.freq", 2437);
	assert_text("radiotap.datarate", "1");
	ck_assert_int_eq((int)find("wlan_radio.signal_dbm")->v.i, -55);
	assert_uint("wlan_radio.channel", 6);
	assert_uint("wlan.fcs", 0x78563412);
	assert_text("frame.protocols", "radiotap:wlan_radio:wlan");
	decode(127, "00000b00 00000800 07 00 07 d400 0000" STATION); /* Wi-Fi 4, step 7 */
	assert_text("radiotap.datarate", "65");
	decode(127,
	       "00000900 20000080 c9 d400 0000" STATION); /* more words than the length holds */
	ck_assert(record.malformed);
	decode(127, "00000400 00000000 d400 0000" STATION); /* shorter than its own header */
	ck_assert(record.malformed);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("wifi");
	TCase *t = tcase_create("all");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, the_four_messages);
	tcase_add_test(t, logins);
	tcase_add_test(t, joining);
	tcase_add_test(t, data_frames);
	tcase_add_test(t, what_the_card_noted);
	suite_add_tcase(s, t);
	return s;
}

UNIT_MAIN(suite)
