/* SPDX-License-Identifier: GPL-3.0-or-later */
/* TCP, UDP, service names, ipformat's listing, and captures cut at every length. */
#include <glib.h>

#include "net_build.h"
#include "tracetutor/ports.h"
#include "unit.h"

static struct bench t;

static void setup(void)
{
	bench_init(&t);
}

static void teardown(void)
{
	bench_release(&t);
}

/* A sealed segment from port 51690 to 110; `offset` is the header's length in words and the flags.
 */
static struct pkt *segment(const char *offset_flags, const char *rest)
{
	g_autofree char *hex = g_strconcat("c9ea 006e 00000007 00000009 ", offset_flags,
					   " 8000 0000 0000 ", rest, NULL);

	return seal(ip4("", 6, 0x4000, hex), 20, 16, 6);
}

START_TEST(tcp_header)
{
	feed(&t, segment("5018", "2b4f4b"));
	EXPECT(&t, "tcp.srcport", "51690");
	EXPECT(&t, "tcp.dstport", "110");
	EXPECT_NTH(&t, "tcp.port", 1, "110");
	EXPECT(&t, "tcp.seq_raw", "7");
	EXPECT(&t, "tcp.ack_raw", "9");
	EXPECT(&t, "tcp.hdr_len", "20");
	EXPECT(&t, "tcp.flags", "0x0018");
	EXPECT(&t, "tcp.flags.push", "1");
	EXPECT(&t, "tcp.flags.syn", "0");
	EXPECT(&t, "tcp.flags.str", "·······AP···");
	EXPECT(&t, "tcp.window_size_value", "32768");
	EXPECT(&t, "tt.tcp.checksum_ok", "1");
	EXPECT(&t, "tcp.len", "3");
	EXPECT(&t, "tcp.payload", "2b:4f:4b");
	ck_assert_uint_eq(t.r.flow.seq, 7);
	ck_assert_uint_eq(t.r.flow.ack, 9);
	ck_assert_uint_eq(t.r.flow.tcp_flags, 0x18);
	ck_assert_uint_eq(t.r.flow.window, 32768);
	ck_assert_int_eq(t.r.flow.wscale, -1);
	ck_assert_uint_eq(t.r.flow.src.port, 51690);
	ck_assert_uint_eq(t.r.flow.poff, 40);
	ck_assert_uint_eq(t.r.flow.pcaptured, 3);
	ck_assert_uint_eq(t.r.flow.preported, 3);
	feed(&t, segment("5fff", ""));
	EXPECT(&t, "tcp.flags.str", "RRRACEUAPRSF");
	EXPECT(&t, "tcp.flags.res", "1");
	EXPECT(&t, "tcp.flags.ae", "1");
	ck_assert(has(&t, "tcp.connection.synack") && has(&t, "tcp.connection.rst"));
	ck_assert_ptr_nonnull(strstr(folded(&t), "TCP: No data or not output.\n"));
}
END_TEST

START_TEST(tcp_checksums)
{
	struct pkt *p = segment("5018", "2b4f4b");
	uint16_t partial;

	p->b[42] ^= 1;
	feed(&t, p);
	EXPECT(&t, "tt.tcp.checksum_ok", "0");
	ck_assert(nth(&t, "tcp.checksum", 0)->flags & FIELD_BAD_CHECKSUM);
	ck_assert(t.r.flow.checksum_bad);
	/* A card that computes the sum wants the pseudo-header's in the field, not inverted. */
	partial = test_sum(6 + 23, p->b + 12, 8);
	set16(p->b + 36, partial);
	feed(&t, p);
	ck_assert(!has(&t, "tt.tcp.checksum_ok"));
	EXPECT(&t, "tt.tcp.checksum_offloaded", "1");
	ck_assert(!t.r.flow.checksum_bad);
	ck_assert_ptr_nonnull(strstr(folded(&t), "(not filled in yet: the network card does it)"));
	p = segment("5018", "2b4f4b");
	feed_as(&t, p, p->n - 1, p->n, 1);
	ck_assert(!has(&t, "tt.tcp.checksum_ok"));
	ck_assert(!t.r.flow.checksum_bad && t.r.snapped);
	ck_assert_uint_eq(t.r.flow.pcaptured, 2);
	ck_assert_uint_eq(t.r.flow.preported, 3);
	EXPECT(&t, "tcp.len", "3");
}
END_TEST

START_TEST(tcp_padding_is_not_data)
{
	struct pkt *p = segment("5010", "");
	uint32_t n = p->n;

	memset(p->b + n, 0, 6); /* Ethernet's shortest frame */
	feed_as(&t, p, n + 6, n + 6, 1);
	EXPECT(&t, "tcp.len", "0");
	EXPECT(&t, "tt.tcp.checksum_ok", "1");
	ck_assert(!has(&t, "tcp.payload"));
}
END_TEST

START_TEST(tcp_header_length_wrong)
{
	feed(&t, segment("4010", ""));
	ck_assert(has(&t, "tcp.bogus_header_length") && t.r.malformed);
	feed(&t, segment("f010", "01010101"));
	ck_assert(has(&t, "tcp.bogus_header_length") && t.r.malformed);
	feed(&t, ip4("", 6, 0, "c9ea 006e 00000007 0000"));
	ck_assert(t.r.malformed && !has(&t, "tcp.flags"));
}
END_TEST

START_TEST(tcp_options_of_a_syn)
{
	feed(&t, segment("a002", "020405b4 0402 080a 0000000b 00000000 01 030307"));
	EXPECT(&t, "tcp.options.mss", "02:04:05:b4");
	EXPECT(&t, "tcp.options.mss_val", "1460");
	EXPECT(&t, "tcp.options.timestamp.tsval", "11");
	EXPECT(&t, "tcp.options.wscale.shift", "7");
	EXPECT(&t, "tcp.options.wscale.multiplier", "128");
	EXPECT_NTH(&t, "tcp.option_kind", 4, "3");
	ck_assert(has(&t, "tcp.options.sack_perm") && has(&t, "tcp.options.nop"));
	ck_assert_uint_eq(t.r.flow.mss, 1460);
	ck_assert_int_eq(t.r.flow.wscale, 7);
	ck_assert(t.r.flow.sack_permitted && t.r.flow.has_timestamps);
	ck_assert_uint_eq(t.r.flow.tsval, 11);
	ck_assert_ptr_nonnull(strstr(folded(&t), "TCP: Option Code: 02 Length: 4 bytes [MSS]\n"
						 "TCP: Max Segment Size 1460 (x5B4)\n"));
	ck_assert_ptr_nonnull(strstr(folded(&t),
				     "TCP: Option Code: 03 Length: 3 bytes [WIN_SCALE]\n"
				     "TCP: Window scale factor 7 (x7)\n"));
	feed(&t, segment("6002", "03030f00"));
	ck_assert(has(&t, "tcp.options.wscale.shift.invalid"));
	ck_assert_int_eq(t.r.flow.wscale, 14); /* RFC 7323 section 2.3 */
}
END_TEST

START_TEST(tcp_options_sack)
{
	feed(&t, segment("a010", "0101 0512 00000064 000000c8 0000012c 00000190"));
	EXPECT(&t, "tcp.options.sack_le", "100");
	EXPECT_NTH(&t, "tcp.options.sack_re", 1, "400");
	EXPECT(&t, "tcp.options.sack.count", "2");
	ck_assert(!has(&t, "tcp.options.sack.dsack"));
	ck_assert_uint_eq(t.r.flow.nsack, 2);
	ck_assert_uint_eq(t.r.flow.sack[3], 400);
	/* RFC 2883: the first block lies below the ack number */
	feed(&t, segment("8010", "0101 050a 00000003 00000005"));
	EXPECT(&t, "tcp.options.sack.dsack_le", "3");
	ck_assert(has(&t, "tcp.options.sack.dsack"));
}
END_TEST

START_TEST(tcp_options_rare)
{
	feed(&t, segment("a010", "1312 00112233445566778899aabbccddeeff 0101"));
	EXPECT(&t, "tcp.options.md5.digest", "00:11:22:33:44:55:66:77:88:99:aa:bb:cc:dd:ee:ff");
	ck_assert_int_eq(def_of(nth(&t, "tcp.options.md5.digest", 0))->secrecy, SECRET);
	feed(&t, segment("7010", "2204aabb 2202 0101"));
	EXPECT(&t, "tcp.options.tfo.cookie", "aa:bb");
	ck_assert(has(&t, "tcp.options.tfo.request"));
	feed(&t, segment("6010", "1c048005"));
	EXPECT(&t, "tcp.options.user_to_granularity", "1");
	EXPECT(&t, "tcp.options.user_to_val", "5");
	feed(&t, segment("8010", "1d0a0102aabbccddeeff 0101"));
	EXPECT(&t, "tcp.options.ao.rnextkeyid", "2");
	EXPECT(&t, "tcp.options.ao.mac", "aa:bb:cc:dd:ee:ff");
	feed(&t, segment("8010", "1e0c2081 0011223344556677"));
	EXPECT(&t, "tcp.options.mptcp.subtype", "2");
	feed(&t, segment("7010", "fd06f9890011 0101"));
	EXPECT(&t, "tcp.options.experimental.exid", "0xf989");
	EXPECT(&t, "tcp.options.tfo.cookie", "00:11");
	feed(&t, segment("6010", "c8030100"));
	EXPECT(&t, "tcp.options.unknown", "c8:03:01");
	EXPECT(&t, "tcp.options.unknown.payload", "01");
	EXPECT(&t, "tcp.options.eol", "00");
	ck_assert(!t.r.malformed);
	ck_assert_ptr_nonnull(strstr(folded(&t), "[UNKNOWN]\nTCP: Option data 01\n"));
}
END_TEST

START_TEST(tcp_options_wrong)
{
	static const char *const bad[] = {"02ff0101", "02000101", "02010101", "02030101",
					  "01010102", "08050101", "c8ff0101", "05010101"};

	for (unsigned i = 0; i < G_N_ELEMENTS(bad); i++) {
		feed(&t, segment("6010", bad[i]));
		ck_assert_msg(has(&t, "tcp.option.len.invalid") && t.r.malformed, "%s", bad[i]);
		ck_assert_ptr_nonnull(strstr(folded(&t), "the options end here\n"));
		EXPECT(&t, "tcp.len", "0");
	}
	feed(&t, segment("6010", "00ffffff")); /* what follows the end does not count */
	ck_assert(!t.r.malformed && !has(&t, "tcp.option_len"));
}
END_TEST

START_TEST(udp_header)
{
	feed(&t, seal(ip4("", 17, 0, "c000 0035 000b 0000 616263"), 20, 6, 17));
	EXPECT(&t, "udp.dstport", "53");
	EXPECT(&t, "udp.length", "11");
	EXPECT(&t, "tt.udp.checksum_ok", "1");
	EXPECT(&t, "udp.payload", "61:62:63");
	ck_assert_uint_eq(t.r.payload.off, 28);
	ck_assert_uint_eq(t.r.payload.captured, 3);
	ck_assert_uint_eq(t.r.flow.preported, 3);
	ck_assert_ptr_nonnull(strstr(folded(&t), "Dest Port: 53 (domain)\n"));
	/* RFC 768: zero is "no checksum"; RFC 8200 section 8.1 forbids it */
	feed(&t, ip4("", 17, 0, "c000 0035 000b 0000 616263"));
	ck_assert(!has(&t, "tt.udp.checksum_ok"));
	feed(&t, ip6(17, "c000 0035 000b 0000 616263"));
	EXPECT(&t, "tt.udp.checksum_ok", "0");
	ck_assert(has(&t, "udp.checksum.zero"));
	feed(&t, ip4("", 17, 0, "c000 0035 000b 1234 616263"));
	EXPECT(&t, "tt.udp.checksum_ok", "0");
	ck_assert(t.r.flow.checksum_bad);
}
END_TEST

START_TEST(udp_lengths)
{
	feed(&t, ip4("", 17, 0, "c000 0035 0009 0000 61 0000"));
	EXPECT(&t, "udp.payload", "61"); /* IP carries more than UDP counts: not its data */
	feed(&t, ip4("", 17, 0, "c000 0035 0007 0000 616263"));
	ck_assert(has(&t, "udp.length.bad") && t.r.malformed);
	feed(&t, ip4("", 17, 0, "c000 0035 0040 0000 616263"));
	ck_assert(has(&t, "udp.length.bad") && t.r.malformed);
	feed(&t, ip4("", 17, 0, "c000 0035 0000 0000 616263"));
	ck_assert(has(&t, "udp.length.bad_zero"));
	feed(&t, ip4("", 17, 0, "c000 0035 00"));
	ck_assert(t.r.malformed);
	feed(&t, seal(ip4("", 17, 0, "c000 0035 0008 0000"), 20, 6, 17));
	ck_assert(!t.r.malformed && !has(&t, "udp.payload"));
	ck_assert_ptr_nonnull(strstr(folded(&t), "UDP: No data.\n"));
}
END_TEST

START_TEST(service_names)
{
	ck_assert_str_eq(port_name_tcp(110), "pop3");
	ck_assert_str_eq(port_name_tcp(25), "smtp");
	ck_assert_str_eq(port_name_tcp(1), port_names_tcp[0].text);
	ck_assert_str_eq(port_name_udp(53), "domain");
	ck_assert_ptr_null(port_name_tcp(51690));
	ck_assert_ptr_null(port_name_udp(0));
	for (const struct value_name *v = port_names_tcp; v[1].text; v++) {
		ck_assert_uint_lt(v->value, v[1].value);
		ck_assert_str_eq(port_name_tcp((uint16_t)v->value), v->text);
	}
	for (const struct value_name *v = port_names_udp; v[1].text; v++) {
		ck_assert_uint_lt(v->value, v[1].value);
		ck_assert_str_eq(port_name_udp((uint16_t)v->value), v->text);
	}
}
END_TEST

/* The listing of a capture as ipformat would print it, blanks folded. */
static void listing_is(const char *capture, const char *golden)
{
	struct capture *c = open_test_capture(capture);
	g_autofree char *path = source_path(golden);
	g_autofree char *expected = NULL;
	GString *all = g_string_new(NULL);
	struct diag d = DIAG_INIT;
	struct frame f;
	int64_t before = 0;

	ck_assert(g_file_get_contents(path, &expected, NULL, NULL));
	while (capture_next(c, &f, &d) == CAPTURE_FRAME) {
		decode_headers(t.decoder, &t.r, &f);
		lines_packet(&t.lines, &t.r, before ? before : f.time);
		g_string_append(all, fold(&t));
		before = f.time;
	}
	ck_assert_str_eq(all->str, expected);
	g_string_free(all, TRUE);
	diag_release(&d);
	capture_close(c);
}

/* The lengths of PPP lines are what the capture holds: without the flag and escape octets that
 * ipformat counted. All other lines are the original's, but for the names of services. */
START_TEST(listing_of_the_login)
{
	listing_is("tests/captures/article/pop3-login.pcapng", "tests/golden/pop3-login.lines");
	listing_is("tests/captures/article/pop3-login-ip.pcap", "tests/golden/pop3-login-ip.lines");
}
END_TEST

/* Every cut of the bytes: lost by the capture, or never sent. Asserts nothing but survival, which
 * the sanitizers judge, and that an honest cut is not taken for damage by the sender. */
static void cut_everywhere(const char *capture)
{
	struct capture *c = open_test_capture(capture);
	struct diag d = DIAG_INIT;
	struct frame f;

	while (capture_next(c, &f, &d) == CAPTURE_FRAME) {
		bool malformed;

		decode_headers(t.decoder, &t.r, &f);
		malformed = t.r.malformed;
		for (uint32_t n = 0; n < f.captured && n < 1600; n++) {
			struct frame cut = f;
			uint8_t *exact = g_memdup2(f.data, n ? n : 1);

			cut.data = exact;
			cut.captured = n;
			decode_headers(t.decoder, &t.r, &cut);
			ck_assert_msg(malformed || !t.r.malformed, "frame %u cut at %u", f.number,
				      n);
			ck_assert(t.r.snapped);
			decode_payload(t.decoder, &t.r);
			lines_packet(&t.lines, &t.r, 0);
			cut.original = n;
			decode_headers(t.decoder, &t.r, &cut);
			decode_payload(t.decoder, &t.r);
			lines_packet(&t.lines, &t.r, 0);
			g_free(exact);
		}
	}
	diag_release(&d);
	capture_close(c);
}

static const char *const swept[] = {"tests/captures/article/pop3-login-ip.pcap",
				    "tests/captures/net-tcp-options.pcap",
				    "tests/captures/net-ip-options.pcap",
				    "tests/captures/net-ipv6.pcap", "tests/captures/net-icmp.pcap"};

START_TEST(cut_at_every_length)
{
	cut_everywhere(swept[_i]);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("transport");
	TCase *tcp = tcase_create("tcp"), *udp = tcase_create("udp"),
	      *whole = tcase_create("whole");

	tcase_add_checked_fixture(tcp, setup, teardown);
	tcase_add_test(tcp, tcp_header);
	tcase_add_test(tcp, tcp_checksums);
	tcase_add_test(tcp, tcp_padding_is_not_data);
	tcase_add_test(tcp, tcp_header_length_wrong);
	tcase_add_test(tcp, tcp_options_of_a_syn);
	tcase_add_test(tcp, tcp_options_sack);
	tcase_add_test(tcp, tcp_options_rare);
	tcase_add_test(tcp, tcp_options_wrong);
	suite_add_tcase(s, tcp);
	tcase_add_checked_fixture(udp, setup, teardown);
	tcase_add_test(udp, udp_header);
	tcase_add_test(udp, udp_lengths);
	tcase_add_test(udp, service_names);
	suite_add_tcase(s, udp);
	tcase_add_checked_fixture(whole, setup, teardown);
	tcase_set_timeout(whole, 60);
	tcase_add_test(whole, listing_of_the_login);
	tcase_add_loop_test(whole, cut_at_every_length, 0, G_N_ELEMENTS(swept));
	suite_add_tcase(s, whole);
	return s;
}

UNIT_MAIN(suite)
