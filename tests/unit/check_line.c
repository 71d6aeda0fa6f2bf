/* SPDX-License-Identifier: GPL-3.0-or-later */
/* line: what the two ends of a line say to each other: PPPoE discovery, LCP, IPCP, logins. */
#include "link_case.h"

#define PPP "ff03"

START_TEST(settings_of_the_line)
{
	decode(9, PPP "c021 01 07 0012 0104 05d4 0304 c023 0506 01020304");
	assert_uint("ppp.code", 1);
	assert_uint("ppp.identifier", 7);
	assert_uint("lcp.opt.mru", 1492);
	assert_uint("lcp.opt.auth_protocol", 0xc023);
	assert_uint("lcp.opt.magic_number", 0x01020304);
	ck_assert_uint_eq(record.nmarks, 1);
	ck_assert_int_eq(record.marks[0].role, EXCHANGE_REQUEST);
	decode(9, PPP "c021 02 07 000a 0506 01020304");
	ck_assert_int_eq(record.marks[0].role, EXCHANGE_RESPONSE);
	decode(9, PPP "c021 01 01 000f 0305 c223 81 0206 000a0000");
	assert_uint("lcp.opt.algorithm", 129);
	assert_uint("lcp.opt.asyncmap.dc1", 1);
	assert_uint("lcp.opt.asyncmap.nul", 0);
	ck_assert(!record.malformed);
}
END_TEST

START_TEST(echo_and_rejects)
{
	decode(9, PPP "c021 09 01 000c 00000007 64617461");
	assert_uint("lcp.magic_number", 7);
	assert_text("lcp.data", "64:61:74:61");
	decode(9, PPP "c021 08 01 000a 8057 01010004");
	assert_uint("lcp.rej_proto", 0x8057);
	decode(9, PPP "c021 05 01 0007 627965");
	assert_text("ppp.data", "62:79:65");
}
END_TEST

START_TEST(options_that_lie)
{
	decode(9, PPP "c021 01 01 0008 0501 0102"); /* shorter than its own header */
	ck_assert(record.malformed);
	decode(9, PPP "c021 01 01 0008 0509 0102"); /* beyond the message */
	ck_assert(record.malformed);
	decode(9, PPP "c021 01 01 0003"); /* a message shorter than its header */
	ck_assert(record.malformed);
	decode_cut(9, PPP "c021 01 01 000a 0506 01020304", 12);
	ck_assert(record.snapped && !record.malformed);
	decode(9, PPP "c021 01 01 0008 6304 0102"); /* an option nobody knows */
	assert_text("tt.ppp.option", "63:04:01:02");
	ck_assert(!record.malformed);
}
END_TEST

START_TEST(addresses_of_the_line)
{
	decode(9, PPP "8021 03 01 0010 0306 c0000205 8106 c0000235");
	assert_text("ipcp.opt.ip_address", "192.0.2.5");
	assert_text("ipcp.opt.pri_dns_address", "192.0.2.53");
	decode(9, PPP "8021 01 01 000a 0206 002d 0f 01");
	assert_uint("ipcp.opt.max_slot_id", 15);
	assert_uint("ipcp.opt.comp_slot_id", 1);
	decode(9, PPP "8057 01 01 000e 010a 0200 00ff fe00 0020");
	assert_text("ipv6cp.interface_identifier", "02:00:00:ff:fe:00:00:20");
	decode(9, PPP "80fd 01 01 000e 1206 01000040 1a04 7800");
	assert_uint("ccp.opt.supported_bits.s", 1);
	assert_uint("ccp.opt.window", 7);
	assert_uint("ccp.opt.method", 8);
}
END_TEST

START_TEST(logins)
{
	decode(9, PPP "c023 01 01 000d 02 6d65 05 7365637265");
	assert_text("pap.peer_id", "me");
	ck_assert_int_eq(def_of(find("pap.password"))->secrecy, SECRET);
	decode(9, PPP "c023 03 01 0008 03 6e6f21");
	assert_text("pap.message", "no!");
	assert_text("tt.ppp.reason", "no!");
	decode(9, PPP "c023 03 01 0004");
	assert_text("tt.ppp.reason", "no reason given");
	decode(9, PPP "c223 01 07 0009 02 abcd 7372");
	assert_text("chap.value", "ab:cd");
	assert_text("chap.name", "sr");
	decode(9, PPP "c223 02 07 0009 02 abcd 7372");
	ck_assert_uint_eq(record.nmarks, 2); /* it answers, and waits for the verdict */
	decode(9, PPP "c223 04 07 000d 453d363931 20523d30");
	assert_uint("tt.chap.error", 691);
}
END_TEST

START_TEST(discovery)
{
	const char *mac = "ffffffffffff 020000000020 8863";
	char frame[256];

	g_snprintf(frame, sizeof(frame), "%s 1109 0000 0008 0101 0000 0103 0000", mac);
	decode(1, frame);
	assert_uint("pppoe.code", 9);
	assert_none("pppoed.tags.service_name");
	ck_assert_int_eq(record.marks[0].role, EXCHANGE_REQUEST);
	g_snprintf(frame, sizeof(frame), "%s 1165 0000 0008 0202 0004 66756c6c", mac);
	decode(1, frame);
	assert_text("pppoed.tags.ac_system_error", "full");
	assert_text("tt.ppp.reason", "full");
	g_snprintf(frame, sizeof(frame),
		   "%s 1165 0000 0012 0105 000e 00000de9 0102 6162 8104 000003e8", mac);
	decode(1, frame);
	assert_text("pppoed.tags.circuit_id", "ab");
	assert_uint("pppoed.tags.act_data_rate_up", 1000);
	g_snprintf(frame, sizeof(frame), "%s 1165 0000 0006 0102 0009 6162", mac);
	decode(1, frame);
	ck_assert(record.malformed);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("line");
	TCase *t = tcase_create("all");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, settings_of_the_line);
	tcase_add_test(t, echo_and_rejects);
	tcase_add_test(t, options_that_lie);
	tcase_add_test(t, addresses_of_the_line);
	tcase_add_test(t, logins);
	tcase_add_test(t, discovery);
	suite_add_tcase(s, t);
	return s;
}

UNIT_MAIN(suite)
