/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tests of DNS: header, questions, records, names that attack, counts that lie. */
#include "tests/unit/app_feed.h"

#define UDP 17
#define TCP 6

/* A string literal with NULs as bytes and count. */
#define LIT(s) (s), sizeof(s) - 1

#define QUERY  "\x12\x34\x01\x00\0\1\0\0\0\0\0\0"
#define ANSWER "\x12\x34\x81\x80\0\1\0\1\0\0\0\0"
#define QNAME  "\3www\7example\3com\0"
#define A_IN   "\0\1\0\1"

START_TEST(query)
{
	struct feed *f = feed_new(UDP, 53);

	feed_bytes(f, CLIENT, LIT(QUERY QNAME A_IN));
	ck_value(f, "dns.id", "0x1234");
	ck_value(f, "dns.flags.response", "0");
	ck_value(f, "dns.flags.recdesired", "1");
	ck_none(f, "dns.flags.rcode");
	ck_none(f, "dns.flags.authoritative");
	ck_value(f, "dns.qry.name", "www.example.com");
	ck_value(f, "dns.qry.name.len", "15");
	ck_value(f, "dns.count.labels", "3");
	ck_value(f, "dns.qry.type", "1");
	ck_assert_int_eq(mark_role(f, 0), EXCHANGE_REQUEST);
	ck_assert(!f->r.malformed);
	feed_free(f);
}
END_TEST

START_TEST(answer_pairs_with_query)
{
	struct feed *f = feed_new(UDP, 53);
	uint64_t key;

	feed_bytes(f, CLIENT, LIT(QUERY "\3WwW\7example\3com\0" A_IN));
	key = f->r.marks[0].key;
	feed_bytes(f, SERVER, LIT(ANSWER QNAME A_IN "\xc0\x0c" A_IN "\0\0\1\x2c\0\4\xc0\0\2\1"));
	ck_assert_uint_eq(f->r.marks[0].key, key);
	ck_assert_int_eq(mark_role(f, 0), EXCHANGE_RESPONSE);
	ck_value(f, "dns.resp.name", "www.example.com");
	ck_value(f, "dns.resp.ttl", "300");
	ck_value(f, "dns.a", "192.0.2.1");
	ck_value(f, "tt.dns.rcode", "0");
	ck_value(f, "tt.dns.answered", "1");
	feed_bytes(f, SERVER, LIT("\x12\x34\x81\x83\0\1\0\0\0\0\0\0" QNAME A_IN));
	ck_value(f, "dns.flags.rcode", "3");
	ck_none(f, "tt.dns.answered");
	feed_free(f);
}
END_TEST

/* Record data by type; `name` is a field that must have that value. */
static const struct {
	uint16_t type;
	const char *rdata;
	uint16_t len;
	const char *name, *value;
} records[] = {
	{28, LIT("\x20\1\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\1"), "dns.aaaa", "2001:db8::1"},
	{2, LIT("\2ns\xc0\x10"), "dns.ns", "ns.example.com"},
	{5, LIT("\1x\0"), "dns.cname", "x"},
	{12, LIT("\xc0\x0c"), "dns.ptr.domain_name", "www.example.com"},
	{15, LIT("\0\x0a\2mx\0"), "dns.mx.mail_exchange", "mx"},
	{16, LIT("\2ab\3cde"), "dns.txt", "ab"},
	{6, LIT("\1m\0\1r\0\0\0\0\1\0\0\0\2\0\0\0\3\0\0\0\4\0\0\0\5"), "dns.soa.minimum_ttl", "5"},
	{33, LIT("\0\1\0\2\x14\x66\1t\0"), "dns.srv.port", "5222"},
	{35, LIT("\0\1\0\2\1S\3SIP\0\1r\0"), "dns.naptr.service", "SIP"},
	{257, LIT("\x80\5issueca.example"), "dns.caa.issue", "ca.example"},
	{43, LIT("\x12\x34\x08\x02\xaa\xbb"), "dns.ds.digest_type", "2"},
	{46, LIT("\0\1\x08\2\0\0\1\0\x5f\0\0\0\x5e\0\0\0\x12\x34\1s\0\xff"),
	 "dns.rrsig.signers_name", "s"},
	{48, LIT("\1\1\3\x08\1\2\3\4"), "dns.dnskey.key_id", "2063"},
	{47, LIT("\1n\0\0\1\x40"), "dns.nsec.next_domain_name", "n"},
	{50, LIT("\1\1\0\x0a\1\xaa\2\xff\x00"), "dns.nsec3.hash_value", "vs00"},
	{52, LIT("\3\1\1\xab"), "dns.tlsa.certificate_usage", "3"},
	{13, LIT("\1c\1o"), "dns.hinfo.os", "o"},
	{250, LIT("\0\xff\xff\xff\xff\xff\xff\0\1\0\0\0\1\0\0\0\0"), "dns.tsig.fudge", "1"},
	{65, LIT("\0\1\0\0\1\0\3\2h2\0\3\0\2\x20\xfb"), "dns.svcb.svcparam.alpn", "h2"},
	{64, LIT("\0\1\0\0\3\0\2\x20\xfb"), "dns.svcb.svcparam.port", "8443"},
	{4711, LIT("\1\2"), "dns.data", "01:02"},
};

/* RFC 4034 section 4.1.2, RFC 5155 section 4: which types the name has, of NSEC3PARAM none. */
START_TEST(types_of_a_name)
{
	struct feed *f = feed_new(UDP, 53);

	feed_bytes(f, SERVER,
		   LIT(ANSWER QNAME A_IN "\xc0\x0c\0\x2f\0\1\0\0\0\0\0\x0c"
					 "\1n\0\0\2\x40\1\1\3\0\0\x40"));
	ck_value_nth(f, "dns.resp.type", 0, "47");
	ck_value_nth(f, "dns.resp.type", 1, "1");
	ck_value_nth(f, "dns.resp.type", 2, "15");
	ck_value_nth(f, "dns.resp.type", 3, "273");
	ck_assert_ptr_null(field_nth(f, "dns.resp.type", 4));
	ck_assert(!f->r.malformed);
	feed_bytes(f, SERVER,
		   LIT(ANSWER QNAME A_IN "\xc0\x0c\0\x33\0\1\0\0\0\0\0\5"
					 "\1\1\0\x0a\0"));
	ck_value(f, "dns.nsec3.flags", "1");
	ck_none(f, "dns.nsec3.flags.opt_out");
	feed_free(f);
}
END_TEST

START_TEST(record_data)
{
	struct feed *f = feed_new(UDP, 53);
	GByteArray *m = g_byte_array_new();
	uint8_t head[10] = {0};

	g_byte_array_append(m, (const guint8 *)LIT(ANSWER QNAME A_IN "\xc0\x0c"));
	head[0] = (uint8_t)(records[_i].type >> 8);
	head[1] = (uint8_t)records[_i].type;
	head[3] = 1;
	head[9] = (uint8_t)records[_i].len;
	g_byte_array_append(m, head, sizeof(head));
	g_byte_array_append(m, (const guint8 *)records[_i].rdata, records[_i].len);
	feed_bytes(f, SERVER, m->data, m->len);
	ck_assert(!f->r.malformed);
	ck_value(f, records[_i].name, records[_i].value);
	ck_none(f, "dns.extraneous.data");
	/* every shorter capture: no crash, and it is the capture that is cut, not the message */
	for (uint32_t n = 1; n < m->len; n++) {
		f->cut = m->len - n;
		feed_bytes(f, SERVER, m->data, n);
		ck_assert(f->r.snapped);
		ck_assert(!f->r.malformed);
	}
	/* every shorter message: malformed */
	f->cut = 0;
	for (uint32_t n = 12; n < m->len; n++) {
		feed_bytes(f, SERVER, m->data, n);
		ck_assert(f->r.malformed);
	}
	g_byte_array_free(m, TRUE);
	feed_free(f);
}
END_TEST

START_TEST(opt_and_extended_error)
{
	struct feed *f = feed_new(UDP, 53);

	feed_bytes(f, SERVER,
		   LIT("\0\1\x81\x82\0\1\0\0\0\0\0\1" QNAME A_IN "\0\0\x29\x04\xd0\1\0\x80\0\0\x18"
		       "\0\x0f\0\4\0\7ab\0\x0a\0\x0c"
		       "01234567abcd"));
	ck_value(f, "dns.rr.udp_payload_size", "1232");
	ck_value(f, "dns.resp.ext_rcode", "0x01");
	ck_value(f, "tt.dns.rcode", "18");
	ck_value(f, "dns.resp.z.do", "1");
	ck_value(f, "dns.opt.ext_error.info_code", "7");
	ck_value(f, "dns.opt.ext_error.extra_text", "ab");
	ck_value(f, "dns.opt.cookie.server", "61:62:63:64");
	ck_assert(!f->r.malformed);
	feed_free(f);
}
END_TEST

/* Names that must end as malformed, without a hang; the pointer is at offset 12. */
static const struct {
	const char *name;
	uint16_t len;
} bad_names[] = {
	{LIT("\xc0\x0c")},    /* itself */
	{LIT("\1a\xc0\x0c")}, /* its own beginning: a loop */
	{LIT("\xc0\xff")},    /* forward, outside */
	{LIT("\xff\xff")},
	{LIT("\x40"
	     "abc\0")}, /* label types that are not */
	{LIT("\x80"
	     "abc\0")},
	{LIT("\x3f"
	     "short\0")}, /* label longer than the message */
	{LIT("\xc0")},    /* half a pointer */
	{LIT("\3ww")},
};

START_TEST(bad_name)
{
	struct feed *f = feed_new(UDP, 53);
	GByteArray *m = g_byte_array_new();

	g_byte_array_append(m, (const guint8 *)LIT(QUERY));
	g_byte_array_append(m, (const guint8 *)bad_names[_i].name, bad_names[_i].len);
	feed_bytes(f, CLIENT, m->data, m->len);
	ck_assert(f->r.malformed);
	ck_none(f, "dns.qry.type");
	g_byte_array_free(m, TRUE);
	feed_free(f);
}
END_TEST

START_TEST(name_too_long)
{
	struct feed *f = feed_new(UDP, 53);
	GByteArray *m = g_byte_array_new();

	g_byte_array_append(m, (const guint8 *)LIT(QUERY));
	for (int i = 0; i < 40; i++)
		g_byte_array_append(m, (const guint8 *)LIT("\7abcdefg"));
	g_byte_array_append(m, (const guint8 *)LIT("\0" A_IN));
	feed_bytes(f, CLIENT, m->data, m->len);
	ck_assert(f->r.malformed);
	ck_assert_uint_le(field_nth(f, "dns.qry.name", 0)->vlen, 255);
	g_byte_array_free(m, TRUE);
	feed_free(f);
}
END_TEST

START_TEST(counts_lie)
{
	struct feed *f = feed_new(UDP, 53);

	feed_bytes(f, CLIENT, LIT("\0\1\x01\0\xff\xff\xff\xff\xff\xff\xff\xff" QNAME A_IN));
	ck_assert(f->r.malformed);
	ck_value(f, "dns.qry.name", "www.example.com");
	/* ten thousand and more records of 11 bytes: bounded */
	{
		GByteArray *m = g_byte_array_new();

		g_byte_array_append(m, (const guint8 *)LIT("\0\1\x81\0\0\0\xff\xff\0\0\0\0"));
		for (int i = 0; i < 5900; i++)
			g_byte_array_append(m, (const guint8 *)LIT("\0\0\1\0\1\0\0\0\0\0\0"));
		feed_bytes(f, SERVER, m->data, m->len);
		ck_assert(f->r.overfull);
		g_byte_array_free(m, TRUE);
	}
	feed_bytes(f, CLIENT, LIT(QUERY QNAME A_IN "more"));
	ck_value(f, "dns.extraneous.length", "4");
	feed_free(f);
}
END_TEST

START_TEST(over_tcp)
{
	static const char two[] = "\0\x21" QUERY QNAME A_IN "\0\x21" QUERY QNAME A_IN;
	struct feed *f = feed_new(TCP, 53);

	ck_assert_int_eq(feed_bytes(f, CLIENT, two, 1), 0);
	ck_assert_int_eq(feed_bytes(f, CLIENT, two, 34), 0);
	ck_assert_int_eq(f->r.nlayers, 0);
	ck_assert_int_eq(feed_bytes(f, CLIENT, two, 40), 35);
	ck_value(f, "dns.length", "33");
	ck_assert_int_eq(feed_bytes(f, CLIENT, two, sizeof(two) - 1), 70);
	ck_assert_int_eq(f->r.nlayers, 2);
	ck_value_nth(f, "dns.qry.name", 1, "www.example.com");
	feed_free(f);
}
END_TEST

/* On another port the length in front must be that of the message. */
START_TEST(over_tcp_elsewhere)
{
	struct feed *f = feed_new(TCP, 10053);

	feed_bytes(f, CLIENT, LIT("\0\x21" QUERY QNAME A_IN));
	ck_value(f, "dns.qry.name", "www.example.com");
	feed_free(f);
	f = feed_new(TCP, 10053);
	feed_bytes(f, CLIENT, LIT("\0\x22" QUERY QNAME A_IN));
	ck_none(f, "dns.id");
	feed_free(f);
}
END_TEST

START_TEST(multicast)
{
	struct feed *f = feed_new(UDP, 5353);

	feed_bytes(f, SERVER,
		   LIT("\0\0\x84\0\0\0\0\1\0\0\0\0\1x\5local\0\0\1\x80\1\0\0\0\x78\0\4\xc0\0\2\1"));
	ck_assert_int_eq(f->r.layers[0].proto, PROTO_mdns);
	ck_value(f, "dns.resp.class", "0x0001");
	ck_value(f, "dns.resp.cache_flush", "1");
	ck_assert_int_eq(mark_role(f, 0), EXCHANGE_RESPONSE);
	/* asked of one computer, from another port (RFC 6762 section 6.7): a question like any */
	feed_bytes(f, CLIENT, LIT(QUERY QNAME A_IN));
	ck_assert_int_eq(f->r.marks[f->r.nmarks - 1].proto, PROTO_dns);
	ck_assert_int_eq(f->r.marks[f->r.nmarks - 1].role, EXCHANGE_REQUEST);
	feed_free(f);
}
END_TEST

START_TEST(by_content)
{
	struct feed *f = feed_new(UDP, 5300);

	feed_bytes(f, CLIENT, LIT(QUERY QNAME A_IN));
	ck_assert_int_eq(f->r.layers[0].proto, PROTO_dns);
	f->conv.app = 0;
	feed_bytes(f, CLIENT, LIT("\x12\x34\x01\x00\0\1\0\0\0\0\0\0\3w\1w\0" A_IN));
	ck_assert_int_ne(f->r.layers[0].proto, PROTO_dns);
	feed_free(f);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("dns");
	TCase *c = tcase_create("dns");

	tcase_add_test(c, query);
	tcase_add_test(c, answer_pairs_with_query);
	tcase_add_test(c, types_of_a_name);
	tcase_add_loop_test(c, record_data, 0, G_N_ELEMENTS(records));
	tcase_add_test(c, opt_and_extended_error);
	tcase_add_loop_test(c, bad_name, 0, G_N_ELEMENTS(bad_names));
	tcase_add_test(c, name_too_long);
	tcase_add_test(c, counts_lie);
	tcase_add_test(c, over_tcp);
	tcase_add_test(c, over_tcp_elsewhere);
	tcase_add_test(c, multicast);
	tcase_add_test(c, by_content);
	suite_add_tcase(s, c);
	return s;
}

UNIT_MAIN(suite)
