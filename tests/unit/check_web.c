/* SPDX-License-Identifier: GPL-3.0-or-later */
/* HTTP, DHCP and NTP: fields, hostile lengths, exchange marks; expectations from the RFCs. */
#include "tests/unit/app_feed.h"

/* A DHCP message up to and with the cookie (RFC 2131 section 2); returns its length. */
static uint32_t dhcp_start(uint8_t *p, uint8_t op)
{
	memset(p, 0, 240);
	p[0] = op;
	p[1] = 1;
	p[2] = 6;
	memcpy(p + 4, "\x12\x34\x56\x78", 4);
	p[10] = 0x80;
	memcpy(p + 28, "\x02\x00\x00\x00\x00\x01", 6);
	memcpy(p + 236, "\x63\x82\x53\x63", 4);
	return 240;
}

static uint32_t dhcp_feed(struct feed *f, bool client, const void *options, uint32_t n)
{
	uint8_t bytes[600];
	uint32_t at = dhcp_start(bytes, client ? 1 : 2);

	memcpy(bytes + at, options, n);
	return feed_bytes(f, client, bytes, at + n);
}

START_TEST(dhcp_discover)
{
	struct feed *f = feed_new(17, 67);
	uint64_t asked;

	dhcp_feed(f, CLIENT, "\x35\x01\x01\x37\x02\x01\x06\x0c\x02pc\xff\x00", 13);
	ck_value(f, "dhcp.type", "1");
	ck_value(f, "dhcp.id", "0x12345678");
	ck_value(f, "dhcp.flags.bc", "1");
	ck_value(f, "dhcp.hw.mac_addr", "02:00:00:00:00:01");
	ck_value(f, "dhcp.option.dhcp", "1");
	ck_value_nth(f, "dhcp.option.request_list_item", 1, "6");
	ck_value(f, "dhcp.option.hostname", "pc");
	ck_value(f, "dhcp.option.end", "255");
	ck_value(f, "dhcp.option.padding", "00");
	ck_assert_int_eq(mark_role(f, 0), EXCHANGE_REQUEST);
	ck_assert(f->r.marks[0].any_conv);
	ck_assert(!f->r.malformed);
	asked = f->r.marks[0].key;
	dhcp_feed(f, SERVER, "\x35\x01\x02\x33\x04\x00\x00\x0e\x10\xff", 10);
	ck_value(f, "dhcp.option.ip_address_lease_time", "3600");
	ck_assert_int_eq(mark_role(f, 0), EXCHANGE_RESPONSE);
	ck_assert_uint_eq(f->r.marks[0].key, asked);
	/* a verdict belongs to the Request, not to the Discover */
	dhcp_feed(f, SERVER, "\x35\x01\x05\xff", 4);
	ck_assert_uint_ne(f->r.marks[0].key, asked);
	/* but with Rapid Commit it does (RFC 4039) */
	dhcp_feed(f, SERVER, "\x35\x01\x05\x50\x00\xff", 6);
	ck_assert_uint_eq(f->r.marks[0].key, asked);
	feed_free(f);
}
END_TEST

START_TEST(dhcp_overload)
{
	struct feed *f = feed_new(17, 67);
	uint8_t bytes[600];
	uint32_t n = dhcp_start(bytes, 2);

	/* RFC 2132 section 9.3: the file name area holds the message type */
	memcpy(bytes + 108, "\x35\x01\x02\xff", 4);
	memcpy(bytes + n, "\x34\x01\x01\xff", 4);
	feed_bytes(f, SERVER, bytes, n + 4);
	ck_value(f, "dhcp.option.option_overload", "1");
	ck_value(f, "dhcp.option.dhcp", "2");
	ck_none(f, "dhcp.file");
	ck_value(f, "dhcp.server", "");
	feed_free(f);
}
END_TEST

START_TEST(dhcp_bad_lengths)
{
	struct feed *f = feed_new(17, 67);
	uint8_t bytes[600];
	uint32_t n = dhcp_start(bytes, 1);

	dhcp_feed(f, CLIENT, "\x35\x01\x01\x0c\xc8zz",
		  7); /* a name of 200 bytes that are not there */
	ck_assert(f->r.malformed);
	dhcp_feed(f, CLIENT, "\x35\x02\x01\x01\x06\x03\x01\x02\x03\xff", 10);
	ck_none(f, "dhcp.option.dhcp"); /* two bytes are no message type */
	ck_none(f, "dhcp.option.domain_name_server");
	for (uint32_t i = 1; i < n; i++) { /* any cut is said, none is read over */
		feed_bytes(f, CLIENT, bytes, i);
		ck_assert(i >= 236 || f->r.malformed);
	}
	feed_free(f);
}
END_TEST

#define NTP_SECONDS_1970 "\x83\xaa\x7e\x80"

START_TEST(ntp_reply)
{
	struct feed *f = feed_new(17, 123);
	uint8_t bytes[48] = {0x24, 2, 6, 0xEC};

	memcpy(bytes + 24, NTP_SECONDS_1970 "\x80\x00\x00\x00", 8); /* origin: half a second */
	memcpy(bytes + 40, "\x83\xaa\x7e\xf8", 4);                  /* 120 s later */
	feed_bytes(f, SERVER, bytes, 48);
	ck_value(f, "ntp.flags.mode", "4");
	ck_value(f, "ntp.flags.vn", "4");
	ck_value(f, "ntp.stratum", "2");
	ck_none(f, "ntp.reftime");
	ck_assert_int_eq(field_nth(f, "ntp.org", 0)->v.i, 500000000);
	ck_assert_int_eq(field_nth(f, "tt.ntp.offset", 0)->v.i, 120000000000);
	ck_value(f, "tt.ntp.error", "2 minutes");
	ck_assert_int_eq(mark_role(f, 0), EXCHANGE_RESPONSE);
	bytes[0] = 0xE4; /* the server's clock is not set: no judgement */
	feed_bytes(f, SERVER, bytes, 48);
	ck_none(f, "tt.ntp.offset");
	memset(bytes + 40, 0, 8);
	bytes[40] = 1; /* small seconds are after 2036 (RFC 4330 section 3) */
	feed_bytes(f, SERVER, bytes, 48);
	ck_assert_int_gt(field_nth(f, "ntp.xmt", 0)->v.i, 2085978496000000000);
	feed_free(f);
}
END_TEST

START_TEST(ntp_bad_lengths)
{
	struct feed *f = feed_new(17, 123);
	uint8_t bytes[120] = {0x23};

	for (uint32_t i = 1; i < 48; i++) {
		feed_bytes(f, CLIENT, bytes, i);
		ck_assert(f->r.malformed);
		ck_assert_int_eq(mark_role(f, 0), -1);
	}
	feed_bytes(f, CLIENT, bytes, 48 + 20);
	ck_assert_ptr_nonnull(field_nth(f, "ntp.mac", 0));
	feed_bytes(f, CLIENT, bytes, 120); /* an extension that says length 0 */
	ck_assert_ptr_nonnull(field_nth(f, "ntp.ext", 0));
	ck_assert(!f->r.overfull);
	feed_free(f);
}
END_TEST

#define HOST "Host: www.example.org\r\n"

START_TEST(http_exchange)
{
	struct feed *f = feed_new(6, 80);

	feed_text(f, CLIENT, "GET /a?token=x HTTP/1.1\r\n" HOST "Cookie: a=1; b=2\r\n\r\n");
	ck_value(f, "http.request.method", "GET");
	ck_value(f, "http.request.full_uri", "http://www.example.org/a?token=x");
	ck_value_nth(f, "http.cookie_pair", 1, "b=2");
	ck_flag(f, "http.request.uri", FIELD_SECRET);
	ck_flag(f, "http.request.full_uri", FIELD_SECRET);
	ck_assert(field_nth(f, "http.request.line", 1)->flags & FIELD_SECRET);
	ck_assert_int_eq(mark_role(f, 0), EXCHANGE_REQUEST);
	feed_text(f, SERVER, "HTTP/1.1 100 Continue\r\n\r\n");
	ck_assert_int_eq(mark_role(f, 0), EXCHANGE_EVENT);
	feed_text(f, SERVER, "HTTP/1.1 404 Nope\r\nContent-Length: 8\r\n\r\nabc");
	ck_value(f, "http.response.code", "404");
	ck_value(f, "http.response.phrase", "Nope");
	ck_value(f, "tt.http.method", "GET");
	ck_value(f, "tt.http.host", "www.example.org");
	ck_assert_int_eq(mark_role(f, 0), EXCHANGE_RESPONSE);
	/* the body's bytes are no message, whatever they say; the next one begins after them */
	feed_text(f, SERVER, "HTTP/HTTP/1.1 204 No Content\r\n\r\n");
	ck_assert_uint_eq(field_nth(f, "tt.http.body", 0)->len, 5);
	ck_value(f, "http.response.code", "204");
	feed_free(f);
}
END_TEST

START_TEST(http_pieces)
{
	struct feed *f = feed_new(6, 80);

	ck_assert_uint_eq(feed_text(f, CLIENT, "GET / HTTP/1.1\r\nHost: a\r\n"), 0);
	ck_none(f, "http.request.method"); /* kept until the header is whole */
	feed_text(f, CLIENT, "HEAD / HTTP/1.1\r\n\r\nGET /generate_204 HTTP/1.1\r\n\r\n");
	ck_assert_int_eq(mark_role(f, 1), EXCHANGE_REQUEST);
	ck_value(f, "tt.http.expected", "204");
	/* RFC 9112 section 6.3: the reply to HEAD has no body */
	feed_text(f, SERVER,
		  "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n"
		  "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
		  "5;x=y\r\nHTTP/\r\n0\r\nT: 1\r\n\r\n"
		  "HTTP/1.1 503 Busy\r\n\r\n");
	ck_value_nth(f, "http.response.code", 1, "200");
	ck_value_nth(f, "http.response.code", 2, "503");
	feed_text(f, SERVER, "HTTP/1.1 200 no message, but content up to the end");
	ck_none(f, "http.response.code");
	feed_free(f);
}
END_TEST

START_TEST(http_tunnel)
{
	struct feed *f = feed_new(6, 3128);

	feed_text(f, CLIENT, "CONNECT a:443 HTTP/1.1\r\nProxy-Authorization: Basic eA==\r\n\r\n");
	ck_assert(field_nth(f, "http.request.line", 0)->flags & FIELD_SECRET);
	feed_text(f, SERVER, "HTTP/1.1 407 Login\r\nContent-Length: 0\r\n\r\n");
	ck_assert(!f->conv.app_opaque);
	feed_text(f, CLIENT, "CONNECT a:443 HTTP/1.1\r\n\r\n");
	feed_text(f, SERVER, "HTTP/1.1 200 OK\r\n\r\n");
	ck_assert(f->conv.app_opaque);
	feed_free(f);
}
END_TEST

START_TEST(http_hostile)
{
	static const char *const bytes[] = {
		"HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999999\r\n\r\n",
		"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\n",
		"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
		"HTTP/1.1 \r\n\r\n",
		"GET  \r\n:\r\n \r\n\r\n",
		"GET /?&&=&%00 x\r\n\r\n",
		"\r\n\r\n",
	};
	struct feed *f = feed_new(6, 80);

	f->last = true;
	for (unsigned i = 0; i < G_N_ELEMENTS(bytes); i++)
		for (uint32_t n = 1; n <= strlen(bytes[i]); n++) {
			conv_begin(&f->conv, PROTO_http);
			ck_assert_uint_eq(feed_bytes(f, SERVER, bytes[i], n), n);
			ck_assert(!f->r.overfull);
		}
	feed_free(f);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("web");
	TCase *c = tcase_create("web");

	tcase_add_test(c, http_exchange);
	tcase_add_test(c, http_pieces);
	tcase_add_test(c, http_tunnel);
	tcase_add_test(c, http_hostile);
	tcase_add_test(c, dhcp_discover);
	tcase_add_test(c, dhcp_overload);
	tcase_add_test(c, dhcp_bad_lengths);
	tcase_add_test(c, ntp_reply);
	tcase_add_test(c, ntp_bad_lengths);
	suite_add_tcase(s, c);
	return s;
}

UNIT_MAIN(suite)
