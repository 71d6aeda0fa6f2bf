/* SPDX-License-Identifier: GPL-3.0-or-later */
/* IPv4, IPv6, ICMP and ICMPv6: what the RFCs say against what is decoded. */
#include "net_build.h"
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

#define UDP_HI "03e8 07d0 000a 0000 6869"

START_TEST(checksum_of_rfc1071)
{
	/* RFC 1071 section 3 */
	static const uint8_t bytes[] = {0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7, 0x80};

	ck_assert_uint_eq(checksum_fold(checksum_add(0, bytes, 8)), 0xddf2);
	ck_assert_uint_eq(checksum_fold(checksum_add(0, bytes, 9)), 0xddf2 + 0x8000 - 0xffff);
	ck_assert_uint_eq(checksum_fold(checksum_add(0xfffe, bytes, 2)), 0xffff);
}
END_TEST

/* Word by word, as the RFC says it, for every length and place. */
START_TEST(checksum_of_any_length)
{
	uint8_t bytes[300];

	for (unsigned i = 0; i < sizeof(bytes); i++)
		bytes[i] = (uint8_t)(i * 73 + i / 7 + (i % 5 ? 0 : 0xff));
	for (unsigned from = 0; from < 4; from++)
		for (unsigned n = 0; from + n <= sizeof(bytes); n++) {
			const uint8_t *p = bytes + from;
			uint32_t sum = 0xabcd;

			for (unsigned i = 0; i < n; i++)
				sum += i % 2 ? p[i] : (uint32_t)p[i] << 8;
			ck_assert_uint_eq(checksum_fold(checksum_add(0xabcd, p, n)),
					  checksum_fold(sum));
		}
}
END_TEST

START_TEST(ip_header)
{
	struct pkt *p = seal(ip4("", 17, 0x4000, UDP_HI), 20, 6, 17);

	feed(&t, p);
	EXPECT(&t, "ip.version", "4");
	EXPECT(&t, "ip.hdr_len", "20");
	EXPECT(&t, "ip.len", "30");
	EXPECT(&t, "ip.id", "0x1234");
	EXPECT(&t, "ip.flags", "0x02");
	EXPECT(&t, "ip.flags.df", "1");
	EXPECT(&t, "ip.flags.mf", "0");
	EXPECT(&t, "ip.ttl", "64");
	EXPECT(&t, "ip.proto", "17");
	EXPECT(&t, "tt.ip.checksum_ok", "1");
	EXPECT(&t, "ip.src", "10.0.0.1");
	EXPECT(&t, "ip.dst_host", "10.0.0.2");
	EXPECT_NTH(&t, "ip.addr", 1, "10.0.0.2");
	ck_assert(nth(&t, "ip.addr", 0)->flags & FIELD_HIDDEN);
	ck_assert_uint_eq(t.r.flow.family, 4);
	ck_assert_uint_eq(t.r.flow.ttl, 64);
	ck_assert_uint_eq(t.r.flow.ip_id, 0x1234);
	ck_assert_mem_eq(t.r.flow.dst.addr, "\x0a\0\0\x02\0\0\0\0\0\0\0\0\0\0\0\0", 16);
	ck_assert(!t.r.malformed && !t.r.snapped);
}
END_TEST

START_TEST(ip_checksum_wrong)
{
	struct pkt *p = ip4("", 17, 0, UDP_HI);
	unsigned right = p->b[10] << 8 | p->b[11];

	p->b[11] ^= 1;
	feed(&t, p);
	EXPECT(&t, "tt.ip.checksum_ok", "0");
	ck_assert(nth(&t, "ip.checksum", 0)->flags & FIELD_BAD_CHECKSUM);
	ck_assert_uint_eq(nth(&t, "tt.ip.checksum_calculated", 0)->v.u, right);
	ck_assert_uint_eq(right, 0x5499);
	ck_assert_ptr_nonnull(strstr(folded(&t), "(Incorrect, should be 5499)\n"));
}
END_TEST

START_TEST(ip_checksum_offloaded)
{
	struct pkt *p = ip4("", 17, 0, UDP_HI);

	set16(p->b + 10, 0);
	feed(&t, p);
	ck_assert(!has(&t, "tt.ip.checksum_ok"));
	EXPECT(&t, "tt.ip.checksum_offloaded", "1");
	ck_assert(!(nth(&t, "ip.checksum", 0)->flags & FIELD_BAD_CHECKSUM));
	ck_assert_ptr_nonnull(strstr(folded(&t),
				     "IP: Header Checksum: 0 (not filled in yet: the network card "
				     "does it)\n"));
}
END_TEST

START_TEST(ip_length_zero_is_offload)
{
	struct pkt *p = seal(ip4("", 17, 0, UDP_HI), 20, 6, 17);

	set16(p->b + 2, 0);
	set16(p->b + 10, 0);
	feed(&t, p);
	EXPECT(&t, "ip.len", "30");
	EXPECT(&t, "tt.udp.checksum_ok", "1");
	ck_assert(!t.r.malformed);
}
END_TEST

START_TEST(ip_length_too_long)
{
	struct pkt *p = seal(ip4("", 17, 0, UDP_HI), 20, 6, 17);

	set16(p->b + 2, 90);
	feed(&t, p);
	ck_assert(has(&t, "ip.bogus_ip_length"));
	ck_assert(nth(&t, "ip.len", 0)->flags & FIELD_MALFORMED);
	ck_assert(t.r.malformed);
	ck_assert(!has(&t, "tt.udp.checksum_ok"));
}
END_TEST

START_TEST(ip_cut_by_capture)
{
	struct pkt *p = seal(ip4("", 17, 0, UDP_HI), 20, 6, 17);

	feed_as(&t, p, 28, p->n, 1);
	ck_assert(t.r.snapped && !t.r.malformed);
	ck_assert(!has(&t, "tt.udp.checksum_ok"));
	ck_assert(!t.r.flow.checksum_bad);
	ck_assert_uint_eq(t.r.flow.preported, 2);
	ck_assert_uint_eq(t.r.flow.pcaptured, 0);
	feed_as(&t, p, 12, p->n, 1);
	ck_assert(t.r.snapped && !t.r.malformed && !has(&t, "ip.src"));
}
END_TEST

START_TEST(ip_refused)
{
	struct pkt *p = ip4("", 17, 0, UDP_HI);

	p->b[0] = 0x44;
	feed(&t, p);
	ck_assert(has(&t, "ip.bogus_header_length") && t.r.malformed && !has(&t, "udp.srcport"));
	p->b[0] = 0x45;
	set16(p->b + 2, 19);
	feed(&t, p);
	ck_assert(has(&t, "ip.bogus_ip_length") && t.r.malformed && !has(&t, "udp.srcport"));
	p->b[0] = 0x4f;
	set16(p->b + 2, p->n);
	feed(&t, p);
	ck_assert(t.r.malformed && !has(&t, "udp.srcport"));
	feed_as(&t, p, p->n, 100, 1);
	ck_assert(!has(&t, "udp.srcport"));
}
END_TEST

START_TEST(option_record_route)
{
	feed(&t, ip4("070b08 0a000009 00000000 00", 17, 0, UDP_HI));
	EXPECT(&t, "ip.options.record_route", "07:0b:08:0a:00:00:09:00:00:00:00");
	EXPECT(&t, "ip.opt.type", "7");
	EXPECT(&t, "ip.opt.type.number", "7");
	EXPECT(&t, "ip.opt.ptr", "8");
	EXPECT(&t, "ip.rec_rt", "10.0.0.9");
	EXPECT(&t, "ip.empty_rt", "0.0.0.0");
	ck_assert(has(&t, "ip.options.eol"));
	EXPECT(&t, "udp.dstport", "2000");
}
END_TEST

START_TEST(option_source_route)
{
	/* Two stations are left: the header's destination is only the next stop. */
	struct pkt *p = ip4("830b04 0a000003 0a000004 00", 17, 0, UDP_HI);

	memcpy(p->b + 16, "\x0a\0\0\x04", 4); /* the sum is over the final destination */
	seal(p, 32, 6, 17);
	memcpy(p->b + 16, "\x0a\0\0\x02", 4);
	feed(&t, p);
	EXPECT(&t, "ip.cur_rt", "10.0.0.2");
	EXPECT(&t, "ip.src_rt", "10.0.0.3");
	EXPECT(&t, "ip.dst", "10.0.0.4");
	EXPECT(&t, "tt.udp.checksum_ok", "1");
	ck_assert_uint_eq(t.r.flow.dst.addr[3], 4);
	/* Used up: the list says where it has been. */
	feed(&t, ip4("890b0c 0a000003 0a000004 00", 17, 0, UDP_HI));
	EXPECT(&t, "ip.dst", "10.0.0.2");
	EXPECT_NTH(&t, "ip.rec_rt", 1, "10.0.0.4");
	ck_assert(has(&t, "ip.options.source_route"));
}
END_TEST

START_TEST(option_timestamp)
{
	feed(&t, ip4("44140d31 0a000009 00000102 00000000 00000000", 17, 0, UDP_HI));
	EXPECT(&t, "ip.opt.overflow", "3");
	EXPECT(&t, "ip.opt.flag", "0x01");
	EXPECT(&t, "ip.opt.time_stamp_addr", "10.0.0.9");
	EXPECT(&t, "ip.opt.time_stamp", "258");
	EXPECT_NTH(&t, "ip.opt.time_stamp", 1, "0");
	feed(&t, ip4("440c0d10 00000001 00000002", 17, 0, UDP_HI));
	EXPECT_NTH(&t, "ip.opt.time_stamp", 1, "2");
	ck_assert(!has(&t, "ip.opt.time_stamp_addr"));
}
END_TEST

START_TEST(option_others)
{
	feed(&t, ip4("94040000", 17, 0, UDP_HI));
	EXPECT(&t, "ip.opt.ra", "0");
	EXPECT(&t, "ip.opt.type.copy", "1");
	feed(&t, ip4("820bf135 0001 4142 000000 01", 17, 0, UDP_HI));
	EXPECT(&t, "ip.opt.sec_rfc791_sec", "0xf135");
	EXPECT(&t, "ip.opt.sec_rfc791_comp", "1");
	EXPECT(&t, "ip.opt.sec_rfc791_hr", "AB");
	EXPECT(&t, "ip.opt.sec_rfc791_tcc", "");
	ck_assert(has(&t, "ip.options.nop"));
	feed(&t, ip4("520c 0001 0002 0003 0a000009", 17, 0, UDP_HI));
	EXPECT(&t, "ip.opt.ohc", "2");
	EXPECT(&t, "ip.opt.originator", "10.0.0.9");
	feed(&t, ip4("88041234 0b040578", 17, 0, UDP_HI));
	EXPECT(&t, "ip.opt.sid", "4660");
	EXPECT(&t, "ip.opt.mtu", "1400");
	ck_assert(!t.r.malformed);
}
END_TEST

START_TEST(option_length_wrong)
{
	static const char *const bad[] = {"0700 0000", "0701 0000", "07ff 0000", "010101 07"};

	for (unsigned i = 0; i < 4; i++) {
		feed(&t, ip4(bad[i], 17, 0, UDP_HI));
		ck_assert_msg(has(&t, "ip.opt.len.invalid") && t.r.malformed, "%s", bad[i]);
		EXPECT(&t, "udp.dstport", "2000");
	}
	feed(&t, ip4("070701 0a000001 00", 17, 0, UDP_HI));
	ck_assert(has(&t, "ip.opt.ptr.before_address"));
	feed(&t, ip4("070706 0a000001 00", 17, 0, UDP_HI));
	ck_assert(has(&t, "ip.opt.ptr.middle_address"));
}
END_TEST

/* A UDP message of 8 + 16 bytes in two pieces; the checksum is over the whole. */
#define PIECE_1 "03e8 07d0 0018 0000 41414141 41414141"
#define PIECE_2 "42424242 42424242"

static void pieces(struct pkt *first, struct pkt *second)
{
	struct pkt *whole = seal(ip4("", 17, 0, PIECE_1 PIECE_2), 20, 6, 17);
	uint8_t sum[2] = {whole->b[26], whole->b[27]};

	*first = *ip4("", 17, 0x2000, PIECE_1);
	memcpy(first->b + 26, sum, 2);
	*second = *ip4("", 17, 2, PIECE_2);
}

START_TEST(fragments_make_a_whole)
{
	static struct pkt a, b;

	pieces(&a, &b);
	feed(&t, &b); /* the later piece first */
	ck_assert(t.r.flow.fragment && !has(&t, "udp.srcport") && has(&t, "data.data"));
	feed(&t, &a);
	ck_assert(!t.r.flow.fragment);
	EXPECT(&t, "ip.fragment", "1");
	EXPECT_NTH(&t, "ip.fragment", 1, "2");
	EXPECT(&t, "ip.fragment.count", "2");
	EXPECT(&t, "ip.reassembled.length", "24");
	EXPECT(&t, "udp.dstport", "2000");
	EXPECT(&t, "tt.udp.checksum_ok", "1");
	ck_assert_uint_eq(t.r.flow.dst.port, 2000);
	ck_assert_uint_eq(t.r.payload.captured, 16);
	ck_assert_mem_eq(t.r.sources[t.r.payload.source].bytes + t.r.payload.off,
			 "AAAAAAAABBBBBBBB", 16);
	ck_assert_ptr_nonnull(strstr(folded(&t), "whole again from packets 1 2: 24 bytes\n"));
	feed(&t, &a); /* the whole is gone: it begins anew */
	ck_assert(t.r.flow.fragment);
}
END_TEST

START_TEST(fragments_overlap)
{
	static struct pkt a, b;

	pieces(&a, &b);
	feed(&t, &a);
	a.b[30] = 'X';
	feed(&t, &a);
	feed(&t, &b);
	ck_assert(has(&t, "ip.fragment.overlap") && has(&t, "ip.fragment.overlap.conflict"));
	EXPECT(&t, "ip.fragment.count", "3");
	EXPECT(&t, "tt.udp.checksum_ok", "1"); /* the bytes that came first stand */
}
END_TEST

START_TEST(fragments_too_late)
{
	static struct pkt a, b;

	pieces(&a, &b);
	feed_as(&t, &a, a.n, a.n, 1000);
	feed_as(&t, &b, b.n, b.n, 1061);
	ck_assert(t.r.flow.fragment && !has(&t, "udp.srcport"));
	feed_as(&t, &a, a.n, a.n, 1062);
	ck_assert(!t.r.flow.fragment && has(&t, "udp.srcport"));
}
END_TEST

START_TEST(fragments_are_bounded)
{
	static struct pkt a, b;
	struct pkt *p;

	pieces(&a, &b);
	feed(&t, &a);
	for (unsigned id = 0; id < 200; id++) { /* more datagrams than are kept */
		p = ip4("", 17, 0x2000, PIECE_1);
		set16(p->b + 4, 0x8000 + id);
		feed_as(&t, p, p->n, p->n, 1000000001 + id % 2);
	}
	feed(&t, &b);
	ck_assert(t.r.flow.fragment);
	for (unsigned i = 0; i < 300; i++) /* more pieces than are kept */
		feed(&t, ip4("", 17, 0x2001, PIECE_2));
	p = ip4("", 17, 0x1fff, PIECE_2 PIECE_2); /* ends beyond 65,535 */
	feed(&t, p);
	ck_assert(t.r.flow.fragment && !has(&t, "ip.fragments"));
	feed_as(&t, &a, 30, a.n, 1); /* not all of it was captured */
	ck_assert(t.r.flow.fragment && t.r.snapped);
	EXPECT(&t, "udp.dstport", "2000"); /* there will be no whole: the header is read here */
	feed_as(&t, &b, 22, b.n, 1);
	ck_assert(t.r.flow.fragment && t.r.snapped && !has(&t, "udp.srcport"));
}
END_TEST

START_TEST(icmp_echo)
{
	feed(&t, seal(ip4("", 1, 0, "0800 0000 0c67 0001 616263"), 20, 2, 1));
	EXPECT(&t, "icmp.type", "8");
	EXPECT(&t, "icmp.checksum.status", "1");
	EXPECT(&t, "icmp.ident", "3175");
	EXPECT(&t, "icmp.ident_le", "26380");
	EXPECT(&t, "icmp.seq", "1");
	EXPECT(&t, "icmp.seq_le", "256");
	EXPECT(&t, "data.data", "61:62:63");
	ck_assert_uint_eq(t.r.nmarks, 1);
	ck_assert_int_eq(t.r.marks[0].role, EXCHANGE_REQUEST);
	ck_assert_uint_eq(t.r.marks[0].key, 0x0c670001);
	feed(&t, seal(ip4("", 1, 0, "0000 0000 0c67 0001 616263"), 20, 2, 1));
	ck_assert_int_eq(t.r.marks[0].role, EXCHANGE_RESPONSE);
	ck_assert_ptr_nonnull(strstr(folded(&t), "ICMP: Type: 0 Echo reply Code: 0\n"));
}
END_TEST

START_TEST(icmp_send_time)
{
	/* 1000000000 s and 5 us, little-endian, in the data; the packet came at that second */
	feed(&t, seal(ip4("", 1, 0, "0800 0000 0001 0001 00ca9a3b 05000000 0808"), 20, 2, 1));
	ck_assert_int_eq(nth(&t, "icmp.data_time", 0)->v.i, 1000000000000005000ll);
	EXPECT(&t, "data.data", "08:08");
	feed(&t, seal(ip4("", 1, 0, "0800 0000 0001 0001 00cccccc 05000000 0808"), 20, 2, 1));
	ck_assert(!has(&t, "icmp.data_time"));
}
END_TEST

/* What is quoted: 10.0.0.2 refused a UDP message of 10.0.0.1 to port 53. */
#define QUOTED_IP "4500 0044 1234 4000 3f11 0000 0a000001 0a000002"

START_TEST(icmp_quotes_a_packet)
{
	feed(&t,
	     seal(ip4("", 1, 0, "0303 0000 00000000" QUOTED_IP "8000 0035 0030 1111"), 20, 2, 1));
	ck_assert_uint_eq(t.r.quoted.family, 4);
	ck_assert_uint_eq(t.r.quoted.ip_proto, 17);
	ck_assert_uint_eq(t.r.quoted.src.port, 0x8000);
	ck_assert_uint_eq(t.r.quoted.dst.port, 53);
	ck_assert_uint_eq(t.r.flow.ip_proto, 1);
	ck_assert_uint_eq(t.r.flow.src.port, 0);
	ck_assert_uint_eq(t.r.payload.captured, 0);
	ck_assert(!t.r.malformed && !t.r.snapped);
	EXPECT(&t, "icmp.unused", "00:00:00:00");
	EXPECT_NTH(&t, "ip.ttl", 1, "63");
	ck_assert_ptr_null(nth(&t, "tt.ip.checksum_ok", 1));
	ck_assert(!has(&t, "tt.udp.checksum_ok"));
	for (unsigned i = 0; i < t.r.nlayers; i++) {
		const struct layer *l = &t.r.layers[i];

		ck_assert_int_eq(l->quoted, l > nth_layer(&t, PROTO_icmp));
		if (l->quoted)
			ck_assert_int_eq(t.r.layers[l->parent].proto, PROTO_icmp);
	}
	ck_assert_ptr_nonnull(strstr(
		folded(&t), "ICMP: Type: 3 Destination unreachable Code: 3 Port unreachable\n"));
	ck_assert_ptr_nonnull(strstr(folded(&t), " QUOTED UDP HEADER "));
	ck_assert_ptr_nonnull(strstr(folded(&t), "Checksum: 1111 (not checked: only quoted here)"));
}
END_TEST

START_TEST(icmp_quotes_tcp)
{
	/* RFC 792: 8 bytes of the segment, so the ports and the sequence number */
	feed(&t, seal(ip4("", 1, 0,
			  "0304 0000 0000 0578"
			  "4500 05dc 1234 4000 4006 0000 0a000001 0a000002"
			  "c001 0019 00000007"),
		      20, 2, 1));
	EXPECT(&t, "icmp.mtu", "1400");
	EXPECT(&t, "tcp.dstport", "25");
	EXPECT(&t, "tcp.seq", "7");
	ck_assert(!has(&t, "tcp.flags"));
	ck_assert_uint_eq(t.r.quoted.seq, 7);
	ck_assert(!t.r.malformed && !t.r.snapped);
}
END_TEST

START_TEST(icmp_extensions)
{
	static struct pkt p;
	struct pkt *q;

	/* RFC 4884: 128 bytes of quote, then an MPLS label stack (RFC 4950) */
	p.n = 0;
	put(&p, "0b00 0000 00 20 0000" QUOTED_IP "8000 0035 0030 1111");
	p.n = 8 + 128;
	put(&p, "2000 0000 0008 0101 00016101");
	set16(p.b + 8 + 128 + 2, (uint16_t)~test_sum(0, p.b + 8 + 128, 12));
	q = ip4("", 1, 0, "");
	memcpy(q->b + 20, p.b, p.n);
	q->n = 20 + p.n;
	set16(q->b + 2, q->n);
	feed(&t, seal(q, 20, 2, 1));
	EXPECT(&t, "icmp.length", "32");
	EXPECT(&t, "icmp.length.original_datagram", "128");
	EXPECT(&t, "icmp.ext.version", "2");
	EXPECT(&t, "icmp.ext.checksum.status", "1");
	EXPECT(&t, "icmp.mpls.label", "22");
	EXPECT(&t, "icmp.mpls.s", "1");
	EXPECT(&t, "icmp.mpls.ttl", "1");
	EXPECT(&t, "udp.dstport", "53");
}
END_TEST

START_TEST(icmp_others)
{
	feed(&t, seal(ip4("", 1, 0, "0501 0000 0a0000fe" QUOTED_IP), 20, 2, 1));
	EXPECT(&t, "icmp.redir_gw", "10.0.0.254");
	feed(&t, seal(ip4("", 1, 0, "0c00 0000 14000000" QUOTED_IP), 20, 2, 1));
	EXPECT(&t, "icmp.pointer", "20");
	feed(&t, seal(ip4("", 1, 0, "0900 0000 01020708 0a0000fe 80000000"), 20, 2, 1));
	EXPECT(&t, "icmp.router_address", "10.0.0.254");
	EXPECT(&t, "icmp.lifetime", "1800");
	EXPECT(&t, "icmp.pref_level", "-2147483648");
	feed(&t, seal(ip4("", 1, 0, "0d00 0000 0001 0002 00000003 00000004 00000005"), 20, 2, 1));
	EXPECT(&t, "icmp.receive_timestamp", "4");
	feed(&t, seal(ip4("", 1, 0, "1200 0000 0001 0002 ffffff00"), 20, 2, 1));
	EXPECT(&t, "icmp.address_mask", "255.255.255.0");
	feed(&t, ip4("", 1, 0, "0800 1234 0001 0002"));
	EXPECT(&t, "icmp.checksum.status", "0");
	EXPECT(&t, "tt.icmp.checksum_calculated", "0xf7fc");
	ck_assert(t.r.flow.checksum_bad);
	feed(&t, ip4("", 1, 0, "0800 12"));
	ck_assert(t.r.malformed);
}
END_TEST

START_TEST(icmp_quote_in_quote)
{
	/* An error about an error: one level is decoded, the inner one stays data. */
	feed(&t, seal(ip4("", 1, 0,
			  "0b00 0000 00000000 4500 0060 1234 4000 3f01 0000 0a000001 0a000002"
			  "0301 0000 00000000" QUOTED_IP),
		      20, 2, 1));
	EXPECT_NTH(&t, "icmp.type", 1, "3");
	ck_assert_ptr_null(nth(&t, "ip.src", 2));
	ck_assert(has(&t, "data.data") && !t.r.malformed);
}
END_TEST

START_TEST(ipv6_header)
{
	struct pkt *p = ip6(17, UDP_HI);

	p->b[0] = 0x6b;
	p->b[1] = 0x81;
	p->b[2] = 0x23;
	p->b[3] = 0x45;
	feed(&t, seal(p, 40, 6, 17));
	EXPECT(&t, "ipv6.version", "6");
	EXPECT(&t, "ip.version", "6");
	EXPECT(&t, "ipv6.tclass", "0x000000b8");
	EXPECT(&t, "ipv6.tclass.dscp", "46");
	EXPECT(&t, "ipv6.flow", "0x012345");
	EXPECT(&t, "ipv6.plen", "10");
	EXPECT(&t, "ipv6.hlim", "64");
	EXPECT(&t, "ipv6.src", "2001:db8::1");
	EXPECT_NTH(&t, "ipv6.host", 1, "2001:db8::2");
	EXPECT(&t, "tt.udp.checksum_ok", "1");
	ck_assert_uint_eq(t.r.flow.family, 6);
	ck_assert_ptr_nonnull(strstr(folded(&t), "IPV6: Traffic Class: B8 Flow Label: 12345\n"));
}
END_TEST

START_TEST(ipv6_extension_headers)
{
	feed(&t, seal(ip6(0, "3c00 05020000 0100 1100 0100 00 040101" UDP_HI), 56, 6, 17));
	EXPECT(&t, "ipv6.hopopts.nxt", "60");
	EXPECT(&t, "ipv6.hopopts.len_oct", "8");
	EXPECT(&t, "ipv6.opt.router_alert", "0");
	EXPECT(&t, "ipv6.dstopts.nxt", "17");
	EXPECT(&t, "ipv6.opt.tel", "1");
	ck_assert(has(&t, "ipv6.opt.pad1") && has(&t, "ipv6.opt.padn"));
	EXPECT(&t, "tt.udp.checksum_ok", "1");
	ck_assert_uint_eq(t.r.flow.ip_proto, 17);
	/* RFC 4302: its length counts words and leaves out two */
	feed(&t, seal(ip6(51, "1104 0000 00000001 00000002 aabbccddeeff001122334455" UDP_HI), 64, 6,
		      17));
	EXPECT(&t, "ah.spi", "0x00000001");
	EXPECT(&t, "ah.icv", "aa:bb:cc:dd:ee:ff:00:11:22:33:44:55");
	EXPECT(&t, "tt.udp.checksum_ok", "1");
	feed(&t, ip6(59, "0102"));
	EXPECT(&t, "data.data", "01:02");
	ck_assert(!t.r.malformed);
}
END_TEST

START_TEST(ipv6_routing)
{
	/* RFC 8200 section 8.1: with stations left the sum is over the last of them. */
	struct pkt *p = ip6(43, "11020001 00000000 20010db8000000000000000000000009" UDP_HI);

	p->b[39] = 9;
	seal(p, 64, 6, 17);
	p->b[39] = 2;
	feed(&t, p);
	EXPECT(&t, "ipv6.routing.type", "0");
	EXPECT(&t, "ipv6.routing.segleft", "1");
	EXPECT(&t, "ipv6.routing.src.addr", "2001:db8::9");
	EXPECT(&t, "tt.udp.checksum_ok", "1");
	feed(&t,
	     seal(ip6(43, "11020400 00000102 20010db8000000000000000000000009" UDP_HI), 64, 6, 17));
	EXPECT(&t, "ipv6.routing.srh.addr", "2001:db8::9");
	EXPECT(&t, "ipv6.routing.srh.tag", "01:02");
	EXPECT(&t, "tt.udp.checksum_ok", "1");
}
END_TEST

START_TEST(ipv6_fragments)
{
	static struct pkt a;
	struct pkt *whole = seal(ip6(17, PIECE_1 PIECE_2), 40, 6, 17);
	uint8_t sum[2] = {whole->b[46], whole->b[47]};

	a = *ip6(44, "1100 0001 000000ff" PIECE_1);
	memcpy(a.b + 54, sum, 2);
	feed(&t, &a);
	EXPECT(&t, "ipv6.fraghdr.more", "1");
	ck_assert(t.r.flow.fragment && !has(&t, "udp.srcport"));
	feed(&t, ip6(44, "1100 0010 000000ff" PIECE_2));
	EXPECT(&t, "ipv6.fraghdr.offset", "2");
	EXPECT(&t, "ipv6.fraghdr.ident", "0x000000ff");
	EXPECT(&t, "ipv6.fragment.count", "2");
	EXPECT(&t, "udp.dstport", "2000");
	EXPECT(&t, "tt.udp.checksum_ok", "1");
	/* RFC 6946: a fragment that is the whole */
	feed(&t, seal(ip6(44, "1100 0000 000000ff" UDP_HI), 48, 6, 17));
	EXPECT(&t, "tt.udp.checksum_ok", "1");
}
END_TEST

START_TEST(ipv6_hostile_chains)
{
	static struct pkt p;
	struct pkt *q;

	p.n = 0;
	for (unsigned i = 0; i < 200; i++)
		put(&p, "3c00 0104 00000000");
	q = ip6(60, "");
	memcpy(q->b + 40, p.b, p.n);
	q->n = 40 + p.n;
	set16(q->b + 4, p.n);
	feed(&t, q);
	ck_assert(t.r.malformed);
	feed(&t, ip6(60, "11ff 0104 00000000"));
	ck_assert(t.r.malformed && !has(&t, "udp.srcport"));
	feed(&t, ip6(60, "1100 05ff 1e020102" UDP_HI));
	ck_assert(t.r.malformed);
	feed(&t, ip6(60, "1100 0500 01020000" UDP_HI));
	ck_assert(has(&t, "ipv6.opt.invalid_len"));
	q = ip6(17, UDP_HI);
	set16(q->b + 4, 500);
	feed(&t, q);
	ck_assert(t.r.malformed && has(&t, "ipv6.plen_exceeds_framing"));
	q->b[0] = 0x50;
	feed(&t, q);
	ck_assert(!has(&t, "ipv6.src"));
}
END_TEST

#define ADDR9 "20010db8000000000000000000000009"

START_TEST(icmpv6_errors)
{
	struct pkt *p =
		ip6(58, "0200 0000 00000500 60000000 0010 1140" ADDR9 ADDR9 "8000 0035 0010 1111");

	feed(&t, seal(p, 40, 2, 58));
	EXPECT(&t, "icmpv6.checksum.status", "1");
	EXPECT(&t, "icmpv6.mtu", "1280");
	ck_assert_uint_eq(t.r.quoted.family, 6);
	ck_assert_uint_eq(t.r.quoted.dst.port, 53);
	ck_assert(!t.r.malformed);
	feed(&t, seal(ip6(58, "0104 0000 00000000 60000000 0010 0640" ADDR9 ADDR9), 40, 2, 58));
	EXPECT(&t, "icmpv6.reserved", "00:00:00:00");
	ck_assert_ptr_nonnull(strstr(folded(&t), "Code: 4 Port unreachable\n"));
	feed(&t, seal(ip6(58, "0401 0000 00000006 60"), 40, 2, 58));
	EXPECT(&t, "icmpv6.pointer", "6");
	ck_assert(!t.r.malformed);
	feed(&t, seal(ip6(58, "8000 0000 1234 0007 61"), 40, 2, 58));
	EXPECT(&t, "icmpv6.echo.identifier", "0x1234");
	EXPECT(&t, "icmpv6.echo.sequence_number", "7");
	ck_assert_uint_eq(t.r.marks[0].key, 0x12340007);
	p = ip6(58, "8000 0000 1234 0007 61");
	feed(&t, p);
	EXPECT(&t, "icmpv6.checksum.status", "0");
}
END_TEST

START_TEST(icmpv6_router_advertisement)
{
	feed(&t, seal(ip6(58, "8600 0000 40c8 0708 00000000 00000000"
			      "0101 001122334455"
			      "0304 40c0 00015180 00003840 00000000" ADDR9 "0501 0000 000005dc"
			      "1903 0000 00000e10" ADDR9
			      "1f03 0000 00000e10 076578616d706c65 03636f6d00 000000"
			      "1802 4008 00000e10 20010db800000000"),
		      40, 2, 58));
	EXPECT(&t, "icmpv6.nd.ra.cur_hop_limit", "64");
	EXPECT(&t, "icmpv6.nd.ra.flag.m", "1");
	EXPECT(&t, "icmpv6.nd.ra.flag.prf", "1");
	EXPECT(&t, "icmpv6.nd.ra.router_lifetime", "1800");
	EXPECT(&t, "icmpv6.opt.src_linkaddr", "00:11:22:33:44:55");
	EXPECT(&t, "icmpv6.opt.prefix.length", "64");
	EXPECT(&t, "icmpv6.opt.prefix.flag.l", "1");
	EXPECT(&t, "icmpv6.opt.prefix.valid_lifetime", "86400");
	EXPECT(&t, "icmpv6.opt.prefix", "2001:db8::9");
	EXPECT(&t, "icmpv6.opt.mtu", "1500");
	EXPECT(&t, "icmpv6.opt.rdnss.lifetime", "3600");
	EXPECT(&t, "icmpv6.opt.rdnss", "2001:db8::9");
	EXPECT(&t, "icmpv6.opt.dnssl", "example.com");
	EXPECT_NTH(&t, "icmpv6.opt.prefix", 1, "2001:db8::");
	EXPECT(&t, "icmpv6.opt.route_info.flag.route_preference", "1");
	ck_assert(!t.r.malformed);
}
END_TEST

START_TEST(icmpv6_neighbours)
{
	feed(&t, seal(ip6(58, "8700 0000 00000000" ADDR9 "0101 001122334455"), 40, 2, 58));
	EXPECT(&t, "icmpv6.nd.ns.target_address", "2001:db8::9");
	feed(&t, seal(ip6(58, "8800 0000 60000000" ADDR9 "0201 001122334455"), 40, 2, 58));
	EXPECT(&t, "icmpv6.nd.na.flag.s", "1");
	EXPECT(&t, "icmpv6.nd.na.flag.r", "0");
	EXPECT(&t, "icmpv6.opt.target_linkaddr", "00:11:22:33:44:55");
	/* RFC 4861 section 4.6: an option of length 0 makes the packet wrong */
	feed(&t, seal(ip6(58, "8700 0000 00000000" ADDR9 "0100 001122334455"), 40, 2, 58));
	ck_assert(has(&t, "icmpv6.invalid_option_length") && t.r.malformed);
	feed(&t, seal(ip6(58, "8700 0000 00000000" ADDR9 "0105 001122334455"), 40, 2, 58));
	ck_assert(t.r.malformed);
	feed(&t, seal(ip6(58, "8900 0000 00000000" ADDR9 ADDR9 "0407 000000000000"
			      "60000000 0008 1140" ADDR9 ADDR9 "8000 0035 0008 1111"),
		      40, 2, 58));
	EXPECT(&t, "icmpv6.nd.rd.target_address", "2001:db8::9");
	ck_assert(has(&t, "icmpv6.opt.redirected_packet"));
	ck_assert_uint_eq(t.r.quoted.dst.port, 53);
}
END_TEST

START_TEST(icmpv6_listeners)
{
	feed(&t, seal(ip6(58, "8200 0000 2710 0000 00000000000000000000000000000000"
			      "027d 0001" ADDR9),
		      40, 2, 58));
	EXPECT(&t, "icmpv6.mld.maximum_response_code", "10000");
	EXPECT(&t, "icmpv6.mld.flag.qrv", "2");
	EXPECT(&t, "icmpv6.mld.source_address", "2001:db8::9");
	feed(&t, seal(ip6(58, "8300 0000 0000 0000" ADDR9), 40, 2, 58));
	EXPECT(&t, "icmpv6.mld.multicast_address", "2001:db8::9");
	feed(&t,
	     seal(ip6(58, "8f00 0000 0000 0002 04000000" ADDR9 "03010001" ADDR9 ADDR9 "01020304"),
		  40, 2, 58));
	EXPECT(&t, "icmpv6.mldr.mar.record_type", "4");
	EXPECT(&t, "icmpv6.mldr.mar.source_address", "2001:db8::9");
	EXPECT(&t, "icmpv6.mldr.mar.auxiliary_data", "01:02:03:04");
	ck_assert(!t.r.malformed);
	feed(&t, seal(ip6(58, "8f00 0000 0000 ffff 04000000" ADDR9), 40, 2, 58));
	ck_assert(t.r.malformed);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("net");
	TCase *ip = tcase_create("ip"), *icmp = tcase_create("icmp"), *six = tcase_create("ipv6");

	tcase_add_checked_fixture(ip, setup, teardown);
	tcase_add_test(ip, checksum_of_rfc1071);
	tcase_add_test(ip, checksum_of_any_length);
	tcase_add_test(ip, ip_header);
	tcase_add_test(ip, ip_checksum_wrong);
	tcase_add_test(ip, ip_checksum_offloaded);
	tcase_add_test(ip, ip_length_zero_is_offload);
	tcase_add_test(ip, ip_length_too_long);
	tcase_add_test(ip, ip_cut_by_capture);
	tcase_add_test(ip, ip_refused);
	tcase_add_test(ip, option_record_route);
	tcase_add_test(ip, option_source_route);
	tcase_add_test(ip, option_timestamp);
	tcase_add_test(ip, option_others);
	tcase_add_test(ip, option_length_wrong);
	tcase_add_test(ip, fragments_make_a_whole);
	tcase_add_test(ip, fragments_overlap);
	tcase_add_test(ip, fragments_too_late);
	tcase_add_test(ip, fragments_are_bounded);
	suite_add_tcase(s, ip);
	tcase_add_checked_fixture(icmp, setup, teardown);
	tcase_add_test(icmp, icmp_echo);
	tcase_add_test(icmp, icmp_send_time);
	tcase_add_test(icmp, icmp_quotes_a_packet);
	tcase_add_test(icmp, icmp_quotes_tcp);
	tcase_add_test(icmp, icmp_extensions);
	tcase_add_test(icmp, icmp_others);
	tcase_add_test(icmp, icmp_quote_in_quote);
	suite_add_tcase(s, icmp);
	tcase_add_checked_fixture(six, setup, teardown);
	tcase_add_test(six, ipv6_header);
	tcase_add_test(six, ipv6_extension_headers);
	tcase_add_test(six, ipv6_routing);
	tcase_add_test(six, ipv6_fragments);
	tcase_add_test(six, ipv6_hostile_chains);
	tcase_add_test(six, icmpv6_errors);
	tcase_add_test(six, icmpv6_router_advertisement);
	tcase_add_test(six, icmpv6_neighbours);
	tcase_add_test(six, icmpv6_listeners);
	suite_add_tcase(s, six);
	return s;
}

UNIT_MAIN(suite)
