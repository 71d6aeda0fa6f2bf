/* SPDX-License-Identifier: GPL-3.0-or-later */
/* link: link layers, ARP, PPP, and packets rebuilt from compressed headers. */
#include "unit.h"

#include "bytes.h"
#include "link_case.h"
#include "src/decode/vj_table.h"
#include "tracetutor/capture.h"
#include "tracetutor/decode.h"

/* Twenty bytes of IPv4 without payload, 192.0.2.1 to 192.0.2.2, protocol 253. */
#define IP "45000014000100004000 f6e1 c0000201c0000202"
#define IP6                                                                                        \
	"6000000000003bff"                                                                         \
	"20010db8000000000000000000000001"                                                         \
	"20010db8000000000000000000000002"
#define MACS "ffffffffffff 001122334455"

START_TEST(ethernet_and_arp_request)
{
	decode(1, MACS "0806 0001080006040001 001122334455c0000201 000000000000c0000202"
		       "000000000000000000000000000000000000");
	assert_text("eth.dst", "ff:ff:ff:ff:ff:ff");
	assert_text("eth.src", "00:11:22:33:44:55");
	assert_uint("eth.dst.ig", 1);
	assert_uint("eth.src.ig", 0);
	assert_uint("eth.type", 0x0806);
	assert_uint("arp.opcode", 1);
	assert_text("arp.src.hw_mac", "00:11:22:33:44:55");
	assert_text("arp.dst.proto_ipv4", "192.0.2.2");
	assert_none("arp.isgratuitous");
	ck_assert_uint_eq(find("eth.padding")->len, 18);
	assert_none("eth.trailer");
	assert_text("frame.protocols", "eth:ethertype:arp");
	ck_assert_uint_eq(record.nmarks, 1);
	ck_assert(record.marks[0].any_conv && record.marks[0].role == EXCHANGE_REQUEST);
	ck_assert_uint_eq(record.marks[0].key, UINT64_C(0xc0000201c0000202));
}
END_TEST

START_TEST(arp_answers_and_announcements)
{
	decode(1, MACS "0806 0001080006040002 001122334455c0000202 aaaaaaaaaaaac0000201");
	ck_assert_uint_eq(record.marks[0].key, UINT64_C(0xc0000201c0000202));
	ck_assert_int_eq(record.marks[0].role, EXCHANGE_RESPONSE);
	decode(1, MACS "0806 0001080006040001 001122334455c0000202 000000000000c0000202");
	assert_uint("arp.isgratuitous", 1);
	assert_uint("arp.isannouncement", 1);
	ck_assert_uint_eq(record.nmarks, 0);
	decode(1, MACS "0806 0001080006040001 00112233445500000000 000000000000c0000202");
	assert_uint("arp.isprobe", 1);
}
END_TEST

START_TEST(ethernet_with_length_carries_llc)
{
	decode(1, MACS "001c aaaa03 000000 0800" IP "010203");
	assert_uint("eth.len", 28);
	assert_none("eth.type");
	assert_uint("llc.dsap", 0xaa);
	assert_uint("llc.control", 3);
	assert_uint("llc.type", 0x0800);
	assert_text("ip.dst", "192.0.2.2");
	assert_text("eth.trailer", "01:02:03");
	assert_text("frame.protocols", "eth:llc:ip");
	decode(1, MACS "0016 aaaa03 00000c 2000 0102030405060708090a0b0c0d0e");
	assert_uint("llc.cisco_pid", 0x2000);
	decode(1, MACS "05ff 4242030000");
	assert_uint("eth.invalid_lentype", 0x05ff);
}
END_TEST

START_TEST(ethernet_check_sequence)
{
	decode(1, MACS "0800" IP "0000000000000000000000000000000000000000000000000000 deadbeef");
	ck_assert_uint_eq(find("eth.padding")->len, 26);
	assert_uint("eth.fcs", 0xdeadbeef);
	assert_none("eth.trailer");
}
END_TEST

START_TEST(vlan_tags)
{
	decode(1, MACS "88a8 2005 8100 7007 0800" IP);
	assert_uint("ieee8021ad.id", 5);
	assert_uint("ieee8021ad.priority", 1);
	assert_uint("ieee8021ah.etype", 0x8100);
	assert_uint("vlan.id", 7);
	assert_uint("vlan.priority", 3);
	assert_uint("vlan.dei", 1);
	assert_uint("vlan.etype", 0x0800);
	assert_text("ip.src", "192.0.2.1");
}
END_TEST

START_TEST(loopback_in_both_orders)
{
	decode(0, "02000000" IP);
	assert_uint("null.family", 2);
	assert_text("ip.src", "192.0.2.1");
	decode(0, "00000002" IP);
	assert_uint("null.family", 2);
	decode(108, "0000001e" IP6);
	assert_uint("null.family", 30);
	assert_text("ipv6.dst", "2001:db8::2");
	decode(0, "0f000800" IP);
	assert_uint("null.type", 0x0800);
}
END_TEST

START_TEST(raw_ip)
{
	decode(101, IP);
	assert_text("ip.src", "192.0.2.1");
	decode(101, IP6);
	assert_text("ipv6.dst", "2001:db8::2");
	decode(228, IP);
	ck_assert(!record_has_proto(&record, PROTO_raw) && record_has_proto(&record, PROTO_ip));
	decode(229, IP6);
	ck_assert(record_has_proto(&record, PROTO_ipv6));
	decode(101, "ff00");
	ck_assert(record_has_proto(&record, PROTO_data));
}
END_TEST

START_TEST(linux_cooked)
{
	decode(113, "0004 0001 0006 0011223344550000 0800" IP);
	assert_uint("sll.pkttype", 4);
	assert_text("sll.src.eth", "00:11:22:33:44:55");
	assert_text("sll.unused", "00:00");
	assert_uint("sll.etype", 0x0800);
	assert_text("ip.dst", "192.0.2.2");
	decode(276, "86dd 0000 00000003 0200 00 00 0000000000000000" IP6);
	assert_uint("sll.ifindex", 3);
	assert_uint("sll.hatype", 512);
	assert_uint("sll.etype", 0x86dd);
	assert_text("ipv6.src", "2001:db8::1");
}
END_TEST

START_TEST(ppp_framing)
{
	static const struct {
		uint32_t link_type;
		const char *hex;
		int direction; /* ppp.direction; -1: none */
	} ways[] = {{9, "ff03 0021" IP, -1},  {9, "0021" IP, -1},         {50, "ff03 21" IP, -1},
		    {9, "21" IP, -1},         {204, "00ff03 0021" IP, 1}, {204, "01 0021" IP, 0},
		    {166, "0103 0021" IP, -1}};

	for (unsigned i = 0; i < G_N_ELEMENTS(ways); i++) {
		decode(ways[i].link_type, ways[i].hex);
		assert_uint("ppp.protocol", 0x21);
		assert_text("ip.src", "192.0.2.1");
		if (ways[i].direction < 0)
			assert_none("ppp.direction");
		else
			assert_uint("ppp.direction", (uint64_t)ways[i].direction);
	}
	decode(204, "00ff03 0021" IP);
	assert_uint("frame.len", 24); /* the direction is no byte of the frame */
	decode(9, "ff03 0057" IP6);
	assert_text("ipv6.src", "2001:db8::1");
	decode(9, "ff03 c025 01010004");
	assert_uint("ppp.protocol", 0xc025);
	ck_assert(record_has_proto(&record, PROTO_data));
}
END_TEST

START_TEST(pppoe)
{
	decode(1, MACS "8863 1107 0000 0010 0101 0000 0102 0004 42524153 0103 0000");
	assert_uint("pppoe.code", 7);
	assert_text("pppoed.tags.ac_name", "BRAS");
	decode(1, MACS "8864 1100 0011 0016 0021" IP "0000");
	assert_uint("pppoe.session_id", 0x11);
	assert_uint("ppp.protocol", 0x21);
	assert_text("ip.dst", "192.0.2.2");
	decode(51, "1100 0011 0016 0021" IP);
	assert_text("ip.dst", "192.0.2.2");
}
END_TEST

static const struct {
	uint32_t link_type;
	const char *hex;
} samples[] = {{1, MACS "0806 0001080006040001 001122334455c0000201 000000000000c0000202"},
	       {1, MACS "001c aaaa03 000000 0800" IP},
	       {1, MACS "88a8 2005 8100 7007 0800" IP},
	       {0, "02000000" IP},
	       {113, "0004 0001 0006 0011223344550000 0800" IP},
	       {276, "86dd 0000 00000003 0200 00 00 0000000000000000" IP6},
	       {204, "00ff03 0021" IP},
	       {9, "ff03 002d 7f 00 1234 0500010203040506"},
	       {9, "ff03 002f" IP},
	       {1, MACS "8863 1107 0000 0010 0101 0000 0102 0004 42524153 0103 0000"},
	       {1, MACS "8864 1100 0011 0016 0021" IP}};

START_TEST(cut_frames_are_never_called_malformed)
{
	uint32_t n = unhex(samples[_i].hex, frame_bytes);

	for (uint32_t keep = 1; keep < n; keep++) {
		decode_cut(samples[_i].link_type, samples[_i].hex, keep);
		ck_assert_msg(!record.malformed, "malformed with %u bytes", keep);
		ck_assert(record.snapped);
	}
}
END_TEST

/* --- Van Jacobson --- */

/* The IP packet in the record: rebuilt ones lie in a source of their own. */
static const uint8_t *ip_packet(uint32_t *n)
{
	for (unsigned i = 0; i < record.nlayers; i++)
		if (record.layers[i].proto == PROTO_ip) {
			const struct source *s = &record.sources[record.layers[i].source];

			*n = s->captured - record.layers[i].off;
			return s->bytes + record.layers[i].off;
		}
	*n = 0;
	return NULL;
}

/* The article's packets as raw IP are the proof of what must come out of the compressed ones. */
static void compare_with_plain(const char *name)
{
	struct diag d = DIAG_INIT;
	char *plain_path = test_file("article/pop3-login-ip.pcap"), *path = test_file(name);
	struct capture *plain = capture_open(plain_path, &d), *ppp = capture_open(path, &d);
	struct frame a, b;
	uint32_t n, compressed = 0;

	ck_assert(plain && ppp);
	for (int i = 0; i < 4; i++) /* these went over loopback */
		ck_assert_int_eq(capture_next(plain, &a, &d), CAPTURE_FRAME);
	while (capture_next(ppp, &b, &d) == CAPTURE_FRAME) {
		const uint8_t *p;

		ck_assert_int_eq(capture_next(plain, &a, &d), CAPTURE_FRAME);
		decode_headers(decoder, &record, &b);
		p = ip_packet(&n);
		ck_assert_msg(p != NULL, "packet %u was not rebuilt", b.number);
		ck_assert_uint_eq(n, a.captured);
		ck_assert_mem_eq(p, a.data, n);
		assert_uint("tt.tcp.checksum_ok", 1);
		assert_uint("tt.ip.checksum_ok", 1);
		compressed +=
			record_has_proto(&record, PROTO_vj) && find("vjc.compressed")->v.u == 1;
	}
	ck_assert_uint_eq(b.number, 14);
	ck_assert_uint_eq(compressed, 8);
	capture_close(plain);
	capture_close(ppp);
	diag_release(&d);
	g_free(plain_path);
	g_free(path);
}

START_TEST(article_with_direction)
{
	compare_with_plain("article/pop3-login-ppp-with-direction.pcap");
}
END_TEST

START_TEST(article_without_direction)
{
	compare_with_plain("article/pop3-login-ppp.pcap");
}
END_TEST

START_TEST(compressed_before_anything_is_known)
{
	decode(204, "01 ff03 002d 00 1234 41");
	ck_assert_ptr_nonnull(find("vjc.no_connection_id"));
	decode(204, "01 ff03 002d 40 07 1234 41");
	ck_assert_ptr_nonnull(find("vjc.no_connection"));
	decode(9, "ff03 002d 40 07 1234 41");
	ck_assert_ptr_nonnull(find("vjc.no_connection"));
	ck_assert(!record_has_proto(&record, PROTO_ip));
	ck_assert(!record.malformed);
}
END_TEST

/* IPv4 192.0.2.1 > 192.0.2.2, TCP 1000 > 110, seq 100, ack 200, one byte 'A'; slot 3 as protocol.
 */
#define LEARN                                                                                      \
	"4500002900010000 4003 0000 c0000201c0000202"                                              \
	"03e8006e 00000064 000000c8 5018 1000 0000 0000 41"

START_TEST(a_wrong_checksum_is_shown_or_refused)
{
	/* With a direction there is only one way to read it: the TCP layer tells it is wrong. */
	decode(204, "01 ff03 002f" LEARN);
	decode(204, "01 ff03 002d 08 1234 01 42");
	assert_uint("tcp.seq_raw", 101);
	assert_uint("tt.tcp.checksum_ok", 0);
	/* Without one, nothing says which table it belongs to. */
	decode(9, "ff03 002f" LEARN);
	decode(9, "ff03 002d 08 1234 01 42");
	ck_assert_ptr_nonnull(find("vjc.no_direction"));
	ck_assert(!record_has_proto(&record, PROTO_tcp));
}
END_TEST

START_TEST(uncompressed_that_is_no_tcp)
{
	decode(204, "01 ff03 002f 4f00002900010000 4003 0000 c0000201c0000202 03e8006e");
	ck_assert_ptr_nonnull(find("vjc.bad_data"));
	decode(204, "01 ff03 002d 40 03 1234 41");
	ck_assert_ptr_nonnull(find("vjc.no_connection"));
}
END_TEST

static void learn(struct vj_table *t)
{
	uint8_t packet[64];
	uint32_t n = unhex(LEARN, packet);

	packet[9] = 6;
	ck_assert(vj_learn(t, 3, packet, n));
}

static uint32_t be32(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

/* RFC 1144 section 3.2.2 and the code of its appendix A. */
START_TEST(changes_of_a_header)
{
	struct vj_table *t = g_new0(struct vj_table, 1);
	struct vj_change v = {.mask = VJ_SPECIAL_ECHO | VJ_PUSH, .ipid = 1, .checksum = 0xbeef};
	uint8_t h[VJ_HEADER_MAX];

	learn(t);
	v.data = (const uint8_t *)"xyz";
	v.captured = v.reported = 3;
	ck_assert_uint_eq(vj_apply(t, &v, h), 40);
	ck_assert_uint_eq(be32(h + 24), 101); /* the last data was one byte */
	ck_assert_uint_eq(be32(h + 28), 201);
	ck_assert_uint_eq(h[3], 43);
	ck_assert_uint_eq(h[5], 2);
	ck_assert_uint_eq(h[33], 0x18);
	ck_assert_uint_eq(h[36] << 8 | h[37], 0xbeef);
	vj_accept(t, &v, h);
	v.mask = VJ_SPECIAL_DATA;
	ck_assert_uint_eq(vj_apply(t, &v, h), 40);
	ck_assert_uint_eq(be32(h + 24), 104); /* three bytes were sent since */
	ck_assert_uint_eq(be32(h + 28), 201);
	ck_assert_uint_eq(h[33], 0x10);
	v = (struct vj_change){.mask = VJ_NEW_URGENT | VJ_NEW_WINDOW,
			       .urgent = 5,
			       .window = (uint16_t)-16,
			       .ipid = 300};
	ck_assert_uint_eq(vj_apply(t, &v, h), 40);
	ck_assert_uint_eq(h[33], 0x30);
	ck_assert_uint_eq(h[39], 5);
	ck_assert_uint_eq(h[34] << 8 | h[35], 0x1000 - 16);
	ck_assert_uint_eq(h[4] << 8 | h[5], 302);
	vj_lost(t, &v);
	ck_assert_uint_eq(vj_apply(t, &v, h), 0); /* tossed until a connection is named */
	v.mask |= VJ_NEW_CONNECTION;
	v.slot = 3;
	ck_assert_uint_eq(vj_apply(t, &v, h), 40);
	v.slot = 4;
	ck_assert_uint_eq(vj_apply(t, &v, h), 0);
	g_free(t);
}
END_TEST

START_TEST(times_between_frames)
{
	struct frame f = {.link_type = 101, .data = frame_bytes, .captured = 1, .original = 1};

	f.number = 1;
	f.time = 5000000000;
	decode_headers(decoder, &record, &f);
	assert_uint("frame.time_delta", 0);
	f.number = 2;
	f.time = 5250000000;
	f.direction = DIR_IN;
	f.section = 1;
	f.interface_name = "eth0";
	decode_headers(decoder, &record, &f);
	assert_uint("frame.time_delta", 250000000);
	assert_uint("frame.time_relative", 250000000);
	assert_uint("frame.packet_flags_direction", 1);
	assert_text("frame.interface_name", "eth0");
	f.number = 9; /* shown out of turn: what came before it is not known */
	decode_headers(decoder, &record, &f);
	assert_none("frame.time_delta");
	f.untimed = true;
	decode_headers(decoder, &record, &f);
	assert_none("frame.time_epoch");
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("link");
	TCase *t = tcase_create("all");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, ethernet_and_arp_request);
	tcase_add_test(t, arp_answers_and_announcements);
	tcase_add_test(t, ethernet_with_length_carries_llc);
	tcase_add_test(t, ethernet_check_sequence);
	tcase_add_test(t, vlan_tags);
	tcase_add_test(t, loopback_in_both_orders);
	tcase_add_test(t, raw_ip);
	tcase_add_test(t, linux_cooked);
	tcase_add_test(t, ppp_framing);
	tcase_add_test(t, pppoe);
	tcase_add_loop_test(t, cut_frames_are_never_called_malformed, 0, G_N_ELEMENTS(samples));
	tcase_add_test(t, article_with_direction);
	tcase_add_test(t, article_without_direction);
	tcase_add_test(t, compressed_before_anything_is_known);
	tcase_add_test(t, a_wrong_checksum_is_shown_or_refused);
	tcase_add_test(t, uncompressed_that_is_no_tcp);
	tcase_add_test(t, changes_of_a_header);
	tcase_add_test(t, times_between_frames);
	suite_add_tcase(s, t);
	return s;
}

UNIT_MAIN(suite)
