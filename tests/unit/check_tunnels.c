/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tunnels: packets in packets; groups, switches, neighbours, SCTP. */
#include "link_case.h"

#define MACS  "020000000010 020000000020"
#define INNER "45000028000100004006 0000 0a0000020a000003" TCP
#define TCP   "9c400050000003e800000000 5002faf0 0000 0000"

/* An IPv4 packet of that protocol around the bytes. */
static void decode_ip(uint8_t proto, const char *payload)
{
	char frame[1000];
	uint8_t bytes[500];
	uint32_t n = unhex(payload, bytes) + 20;

	g_snprintf(frame, sizeof(frame),
		   MACS "0800 4500 %04x 0001 0000 40%02x 0000 c6336401 cb007101 %s", n, proto,
		   payload);
	decode(1, frame);
}

START_TEST(gre)
{
	decode_ip(47, "0000 0800" INNER);
	assert_uint("gre.proto", 0x0800);
	ck_assert_uint_eq(record.flow.src.port, 40000); /* the conversation is the one inside */
	ck_assert_uint_eq(record.flow.ip_proto, 6);
	decode_ip(47, "3000 0800 00000007 00000008" INNER);
	assert_uint("gre.key", 7);
	assert_uint("gre.sequence_number", 8);
	decode_ip(47, "3081 880b 000a 0009 00000003 00000002 ff03 c021 01010004");
	assert_uint("gre.key.call_id", 9);
	assert_uint("gre.ack_number", 2);
	assert_uint("ppp.protocol", 0xc021);
	decode_ip(47, "8000 0800 ffff 0000");
	assert_uint("gre.checksum.status", 0);
	decode_ip(47, "2000 0800 0000");
	ck_assert(record.malformed);
}
END_TEST

START_TEST(ip_in_ip)
{
	decode_ip(4, INNER);
	ck_assert_uint_eq(record.flow.dst.port, 80);
	decode_ip(41, "60000000 0014 06 40 00000000000000000000000000000001"
		      "00000000000000000000000000000002" TCP);
	ck_assert_uint_eq(record.flow.family, 6);
}
END_TEST

START_TEST(vxlan)
{
#define VXLAN "c350 12b5 %04x 0000 0800 0000 00002a00"
	char payload[600];

	g_snprintf(payload, sizeof(payload), VXLAN MACS "0800" INNER, 8 + 8 + 14 + 40);
	decode_ip(17, payload);
	assert_uint("vxlan.vni", 42);
	ck_assert_uint_eq(record.flow.src.port, 40000);
	g_snprintf(payload, sizeof(payload), VXLAN MACS "0800" INNER "000000000000", 76);
	decode_ip(17, payload);
	ck_assert_uint_eq(find("eth.padding")->len, 6); /* fills the frame inside */
	g_snprintf(payload, sizeof(payload), "c350 12b5 000c 0000 0800 0000");
	decode_ip(17, payload);
	ck_assert(record.malformed);
}
END_TEST

START_TEST(tunnels_end)
{
	char nested[2000] = "";

	/* Sixty tunnels in each other: it stops, and says that something is wrong. */
	for (int i = 0; i < 60; i++)
		g_strlcat(nested,
			  "0000 6558" MACS "0800 45000400000100004047 0000 c0000201c0000202",
			  sizeof(nested));
	nested[900] = '\0';
	decode_ip(47, nested);
	ck_assert_uint_le(record.nlayers, RECORD_MAX_LAYERS);
}
END_TEST

START_TEST(groups)
{
	decode_ip(2, "1600 fa04 effffffa");
	assert_uint("igmp.version", 2);
	assert_text("igmp.maddr", "239.255.255.250");
	assert_uint("igmp.checksum.status", 1);
	decode_ip(2, "1100 eeff 00000000");
	assert_uint("igmp.version", 1);
	decode_ip(2, "11fe 0000 00000000 0a7d 0000"); /* RFC 3376 section 4.1.1 */
	assert_uint("igmp.version", 3);
	assert_uint("igmp.max_resp", 30720);
	assert_uint("igmp.s", 1);
	decode_ip(2, "2200 0000 0000 0001 0400 0001 effffffa c0000205");
	assert_uint("igmp.num_grp_recs", 1);
	assert_text("igmp.saddr", "192.0.2.5");
	decode_ip(2, "2200 0000 0000 ffff 0400 0000 effffffa"); /* more groups than there are */
	ck_assert(record.malformed);
}
END_TEST

START_TEST(switches)
{
#define VIEW "8000 020000000010 00000004 9000 020000000020 8007 0100 1400 0200 0f00"
	decode(1, "0180c2000000 020000000010 0026 424203 0000 00 00 81" VIEW);
	assert_uint("stp.flags.tc", 1);
	assert_uint("stp.root.prio", 0x8000);
	ck_assert_int_eq((int)(find("stp.max_age")->v.i / 1000000000), 20);
	assert_none("stp.flags.port_role"); /* only the rapid one has it */
	decode(1, "01000ccccccd 020000000010 0032 aaaa03 00000c 010b 0000 02 02 7c" VIEW
		  "00 0000 0002 0007");
	assert_uint("stp.pvst.origvlan", 7);
	assert_uint("stp.flags.port_role", 3);
	decode(1, "0180c2000000 020000000010 0007 424203 0000 00 80");
	assert_uint("stp.type", 0x80);
	ck_assert(!record.malformed);
}
END_TEST

START_TEST(neighbours)
{
	decode(1, "0180c200000e 020000000010 88cc 0207 04 020000000010 0407 05 706f72742037"
		  "0602 0078 fe06 0080c2 01 000a 0000");
	assert_text("lldp.chassis.id.mac", "02:00:00:00:00:10");
	assert_text("lldp.port.id", "port 7");
	assert_uint("lldp.time_to_live", 120);
	assert_uint("lldp.ieee.802_1.port_vlan.id", 10);
	decode(1, "0180c200000e 020000000010 88cc 02ff 04");
	ck_assert(record.malformed);
}
END_TEST

START_TEST(sctp)
{
#define HEAD "9c40 0b59 00000000 00000000"
	decode_ip(132, HEAD "01 00 0014 00000007 00010000 000a 000a 00000001");
	assert_uint("sctp.init_initiate_tag", 7);
	ck_assert_int_eq(record.marks[0].role, EXCHANGE_REQUEST);
	decode_ip(132, "0b59 9c40 00000007 00000000 06 00 0008 000c 0004");
	assert_uint("sctp.cause_code", 12);
	ck_assert_int_eq(record.marks[0].role, EXCHANGE_RESPONSE);
	decode_ip(132, HEAD "00 03 0015 00000009 0001 0002 00000000 68656c6c6f 000000");
	assert_uint("sctp.data_ssn", 2);
	assert_text("data.data", "68:65:6c:6c:6f");
	ck_assert_uint_eq(find("sctp.chunk_padding")->len, 3);
	decode_ip(132, HEAD "00 03 0002");
	ck_assert(record.malformed);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("tunnels");
	TCase *t = tcase_create("all");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, gre);
	tcase_add_test(t, ip_in_ip);
	tcase_add_test(t, vxlan);
	tcase_add_test(t, tunnels_end);
	tcase_add_test(t, groups);
	tcase_add_test(t, switches);
	tcase_add_test(t, neighbours);
	tcase_add_test(t, sctp);
	suite_add_tcase(s, t);
	return s;
}

UNIT_MAIN(suite)
