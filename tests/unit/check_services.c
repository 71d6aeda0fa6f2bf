/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Tests of NetBIOS names, TFTP, SIP and SDP, STUN, SNMP, RADIUS, syslog, SOCKS and Telnet: what is
 * read, what is secret, which answer belongs to which question, and messages that are cut.
 */
#include "tests/unit/app_feed.h"

#define UDP 17
#define TCP 6

/* A string literal with NULs as bytes and count. */
#define LIT(s) (s), sizeof(s) - 1

/* "PRINTER", for file sharing, in the code of RFC 1001 section 14.1 */
#define NB_PRINTER                                                                                 \
	"\x20"                                                                                     \
	"FAFCEJEOFEEFFCCACACACACACACACACA\0"

START_TEST(nbns_question_and_answer)
{
	struct feed *f = feed_new(UDP, 137);
	uint64_t key;

	feed_bytes(f, CLIENT, LIT("\x10\x01\x01\x10\0\1\0\0\0\0\0\0" NB_PRINTER "\0\x20\0\1"));
	ck_value(f, "nbns.name", "PRINTER<20>");
	ck_value(f, "tt.nbns.name", "PRINTER");
	ck_value(f, "nbns.flags.broadcast", "1");
	ck_none(f, "nbns.flags.rcode");
	ck_assert_int_eq(mark_role(f, 0), EXCHANGE_REQUEST);
	ck_assert(f->r.marks[0].any_conv);
	key = f->r.marks[0].key;
	feed_bytes(f, SERVER,
		   LIT("\x10\x01\x85\0\0\0\0\1\0\0\0\0" NB_PRINTER
		       "\0\x20\0\1\0\4\x93\xe0\0\6\x60\0\xc0\0\2\x32"));
	ck_value(f, "nbns.name", "PRINTER<20> (Server service)");
	ck_value(f, "nbns.addr", "192.0.2.50");
	ck_value(f, "nbns.nb_flags.ont", "3");
	ck_value(f, "nbns.flags.rcode", "0");
	ck_assert_uint_eq(f->r.marks[0].key, key);
	/* a claim to everybody waits for no answer */
	feed_bytes(f, CLIENT, LIT("\x10\x02\x29\x10\0\1\0\0\0\0\0\0" NB_PRINTER "\0\x20\0\1"));
	ck_assert_int_eq(mark_role(f, 0), EXCHANGE_EVENT);
	feed_bytes(f, CLIENT, LIT("\0\1\1\x10\0\1\0\0\0\0\0\0\3www\0\0\x20\0\1"));
	ck_flag(f, "nbns.name", FIELD_MALFORMED);
	feed_free(f);
}
END_TEST

START_TEST(tftp_transfer)
{
	struct feed *f = feed_new(UDP, 69);

	feed_bytes(f, CLIENT, LIT("\0\1boot.img\0octet\0blksize\0001428\0"));
	ck_value(f, "tftp.source_file", "boot.img");
	ck_value(f, "tftp.option.name", "blksize");
	ck_value(f, "tftp.option.value", "1428");
	ck_assert_int_eq(mark_role(f, 0), EXCHANGE_REQUEST);
	ck_assert(f->r.marks[0].any_conv);
	feed_bytes(f, SERVER, LIT("\0\5\0\1File not found\0"));
	ck_value(f, "tftp.error.code", "1");
	ck_value(f, "tftp.error.message", "File not found");
	feed_bytes(f, SERVER, LIT("\0\3\0\7abc"));
	ck_value(f, "tftp.block", "7");
	ck_value(f, "data.data", "61:62:63");
	/* a name without its end: the message lies; the same cut by the recording does not */
	feed_bytes(f, CLIENT, LIT("\0\1boot.img"));
	ck_assert(f->r.malformed);
	f->cut = 7;
	feed_bytes(f, CLIENT, LIT("\0\1boot.img"));
	ck_assert(f->r.snapped && !f->r.malformed);
	feed_free(f);
}
END_TEST

#define SIP_HEAD                                                                                   \
	"Via: SIP/2.0/UDP 192.0.2.20:5060;branch=z9hG4bK1;rport\r\n"                               \
	"From: \"Alice\" <sip:alice@example.org>;tag=1\r\nTo: <sip:bob@example.org:5070;lr>\r\n"   \
	"Call-ID: call-1\r\n"

START_TEST(sip_call)
{
	struct feed *f = feed_new(UDP, 5060);

	feed_text(f, CLIENT,
		  "INVITE sip:bob@example.org SIP/2.0\r\n" SIP_HEAD "CSeq: 7 INVITE\r\n"
		  "Contact: <sip:a@1.2.3.4>;expires=5, <sip:bb@[2001:db8::1]:5061>\r\n"
		  "c: application/sdp\r\n\r\nv=0\r\nc=IN IP4 192.0.2.20\r\n"
		  "m=audio 49170 RTP/AVP 0\r\na=crypto:1 AES inline:hidden\r\n");
	ck_value(f, "sip.Method", "INVITE");
	ck_value(f, "sip.r-uri.host", "example.org");
	ck_value(f, "sip.from.display.info", "\"Alice\"");
	ck_value(f, "sip.from.tag", "1");
	ck_value(f, "sip.to.port", "5070");
	ck_value(f, "sip.to.param", "lr");
	ck_value(f, "sip.Via.branch", "z9hG4bK1");
	ck_value(f, "sip.contact.parameter", "expires=5");
	ck_value_nth(f, "sip.contact.host", 1, "[2001:db8::1]");
	ck_value_nth(f, "sip.contact.port", 0, "5061");
	ck_value(f, "sdp.media.port", "49170");
	ck_value(f, "sdp.media.format", "ITU-T G.711 PCMU");
	ck_flag(f, "sdp.media_attr", FIELD_SECRET);
	ck_value(f, "sip.resend", "0");
	ck_assert_int_eq(mark_role(f, 0), EXCHANGE_REQUEST);
	feed_text(f, SERVER, "SIP/2.0 100 Trying\r\n" SIP_HEAD "CSeq: 7 INVITE\r\n\r\n");
	ck_assert_int_eq(mark_role(f, 0), EXCHANGE_RESPONSE);
	feed_text(f, SERVER, "SIP/2.0 486 Busy Here\r\n" SIP_HEAD "CSeq: 7 INVITE\r\n\r\n");
	ck_value(f, "sip.Status-Code", "486");
	ck_value(f, "tt.sip.peer", "bob");
	ck_assert_int_eq(mark_role(f, 0), EXCHANGE_EVENT); /* the first answer was "Trying" */
	feed_text(f, CLIENT, "ACK sip:bob@example.org SIP/2.0\r\n" SIP_HEAD "CSeq: 7 ACK\r\n\r\n");
	ck_assert_int_eq(mark_role(f, 0), -1);
	feed_free(f);
}
END_TEST

START_TEST(sip_login)
{
	struct feed *f = feed_new(UDP, 5060);

	feed_text(f, CLIENT,
		  "REGISTER sip:example.org SIP/2.0\r\n" SIP_HEAD "CSeq: 1 REGISTER\r\n\r\n");
	feed_text(f, SERVER, "SIP/2.0 401 Unauthorized\r\n" SIP_HEAD "CSeq: 1 REGISTER\r\n\r\n");
	ck_value(f, "tt.sip.login", "0");
	feed_text(f, CLIENT,
		  "REGISTER sip:example.org SIP/2.0\r\n" SIP_HEAD "CSeq: 2 REGISTER\r\n"
		  "Authorization: Digest username=\"alice\", response=\"6629\"\r\n\r\n");
	ck_value(f, "sip.auth.username", "\"alice\"");
	ck_value(f, "sip.auth.digest.response", "\"6629\"");
	ck_flag(f, "sip.msg_hdr", FIELD_SECRET);
	ck_assert_uint_eq(field_nth(f, "sip.msg_hdr", 0)->len, 0); /* hides no bytes of others */
	feed_text(f, SERVER, "SIP/2.0 401 Unauthorized\r\n" SIP_HEAD "CSeq: 2 REGISTER\r\n\r\n");
	ck_value(f, "tt.sip.login", "1");
	feed_free(f);
}
END_TEST

START_TEST(sip_over_tcp_in_pieces)
{
	struct feed *f = feed_new(TCP, 5060);
	const char *message = "MESSAGE sip:b@c SIP/2.0\r\n" SIP_HEAD
			      "CSeq: 1 MESSAGE\r\nContent-Length: 5\r\n\r\nHello";
	uint32_t n = (uint32_t)strlen(message);

	ck_assert_uint_eq(feed_bytes(f, CLIENT, message, n - 1), 0);
	ck_none(f, "sip.Method");
	ck_assert_uint_eq(feed_bytes(f, CLIENT, message, n), n);
	ck_value(f, "sip.Content-Length", "5");
	feed_free(f);
}
END_TEST

#define STUN_HEAD                                                                                  \
	"\x21\x12\xa4\x42"                                                                         \
	"abcdefghijkl"

START_TEST(stun_address)
{
	struct feed *f = feed_new(UDP, 40000); /* found by the cookie */
	uint64_t key;

	feed_bytes(f, CLIENT, LIT("\0\1\0\0" STUN_HEAD));
	ck_value(f, "stun.type.class", "0x0000");
	ck_assert_int_eq(mark_role(f, 0), EXCHANGE_REQUEST);
	key = f->r.marks[0].key;
	feed_bytes(f, SERVER,
		   LIT("\1\1\0\x0c" STUN_HEAD "\0\x20\0\x08\0\1\xce\x20\xea\x12\xd5\x45"));
	ck_value(f, "stun.att.ipv4", "203.0.113.7");
	ck_value(f, "stun.att.port", "61234");
	ck_assert_uint_eq(f->r.marks[0].key, key);
	feed_bytes(f, SERVER, LIT("\1\x13\0\x10" STUN_HEAD "\0\x09\0\x0c\0\0\4\1No, sor!"));
	ck_value(f, "tt.stun.error", "401");
	/* an attribute longer than the message */
	feed_bytes(f, CLIENT, LIT("\0\1\0\x08" STUN_HEAD "\0\6\0\x20user"));
	ck_assert(f->r.malformed);
	feed_free(f);
}
END_TEST

#define SNMP_GET                                                                                   \
	"\x30\x26\2\1\1\4\6public\xa0\x19\2\1\5\2\1\0\2\1\0\x30\x0e\x30\x0c\6\x08\x2b\6\1\2\1\1\1" \
	"\0"                                                                                       \
	"\5\0"

START_TEST(snmp_get)
{
	struct feed *f = feed_new(UDP, 161);
	uint32_t n = sizeof(SNMP_GET) - 1;

	feed_bytes(f, CLIENT, LIT(SNMP_GET));
	ck_assert(!f->r.malformed);
	ck_value(f, "snmp.version", "1");
	ck_value(f, "snmp.community", "public");
	ck_assert_int_eq(def_of(field_nth(f, "snmp.community", 0))->secrecy, SECRET);
	ck_value(f, "snmp.data", "0");
	ck_value(f, "snmp.request_id", "5");
	ck_value(f, "snmp.variable_bindings", "1");
	ck_value(f, "snmp.name", "1.3.6.1.2.1.1.1.0");
	ck_assert_ptr_nonnull(field_nth(f, "snmp.value.null", 0));
	for (uint32_t i = 6; i < n; i++) {
		f->cut = n - i;
		feed_bytes(f, CLIENT, SNMP_GET, i);
		ck_assert(f->r.snapped && !f->r.malformed);
		f->cut = 0;
		feed_bytes(f, CLIENT, SNMP_GET, i);
		ck_assert(f->r.malformed);
	}
	feed_free(f);
}
END_TEST

/* Known on any port; what only begins alike is not. */
START_TEST(snmp_by_content)
{
	struct feed *f = feed_new(UDP, 1161);

	feed_bytes(f, CLIENT, LIT(SNMP_GET));
	ck_value(f, "snmp.community", "public");
	feed_free(f);
	f = feed_new(UDP, 1161);
	feed_bytes(f, CLIENT, LIT("\x30\x10\2\1\1\4\2ab\4\7sevenby"));
	ck_none(f, "snmp.version");
	feed_free(f);
}
END_TEST

/* RFC 3411 section 5: the device's number as net-snmp makes it up, from chance and the time. */
START_TEST(snmp_engine)
{
	struct feed *f = feed_new(UDP, 161);

	feed_bytes(f, CLIENT,
		   LIT("0I\x02\x01\x03\x30\x0d\x02\x01\x07\x02\x02\x04\0\x04\x01\x04"
		       "\x02\x01\x03\x04\x22\x30 \x04\x11\x80\0\x1f\x88\x80\x65\x45"
		       "\x9e~.\x95\x0ck\0\0\0\0\x02\x01\x01\x02\x01\x02\x04\x01u\x04"
		       "\0\x04\0\x30\x11\x04\0\x04\0\xa0\x0b\x02\x01\x05\x02\x01\0"
		       "\x02\x01\0\x30\0"));
	ck_assert(!f->r.malformed);
	ck_value(f, "snmp.engineid.enterprise", "8072");
	ck_value(f, "snmp.engineid.format", "128");
	ck_value(f, "snmp.engineid.data", "65:45:9e:7e");
	ck_value(f, "snmp.engineid.time", "2026-11-29 21:12:14.000000");
	feed_free(f);
}
END_TEST

START_TEST(radius_request)
{
	struct feed *f = feed_new(UDP, 1812);

	feed_bytes(f, CLIENT,
		   LIT("\1\x09\0\x37"
		       "0123456789abcdef\1\6walt\2\x12hiddenhiddenhidd\4\6\xc0\0\2\x32\5\5\0\0\7"));
	ck_value(f, "radius.code", "1");
	ck_value(f, "radius.User_Name", "walt");
	ck_value(f, "radius.NAS_IP_Address", "192.0.2.50");
	ck_assert_int_eq(def_of(field_nth(f, "radius.User_Password_encrypted", 0))->secrecy,
			 SECRET);
	ck_assert(field_nth(f, "radius.avp", 1)->flags & FIELD_SECRET);
	ck_assert_ptr_nonnull(field_nth(f, "radius.invalid_length", 0)); /* a number of 3 bytes */
	ck_assert_int_eq(mark_role(f, 0), EXCHANGE_REQUEST);
	feed_bytes(f, SERVER,
		   LIT("\3\x09\0\x14"
		       "0123456789abcdef"));
	ck_assert_int_eq(mark_role(f, 0), EXCHANGE_RESPONSE);
	feed_bytes(f, CLIENT,
		   LIT("\1\x09\0\x16"
		       "0123456789abcdef\1\1"));
	ck_assert(f->r.malformed);
	feed_free(f);
}
END_TEST

START_TEST(syslog_forms)
{
	struct feed *f = feed_new(UDP, 514);

	feed_text(f, CLIENT, "<34>Oct 11 22:14:15 mymachine su: failed");
	ck_value(f, "syslog.facility", "4");
	ck_value(f, "syslog.level", "2");
	ck_value(f, "syslog.timestamp_rfc3164", "Oct 11 22:14:15");
	ck_value(f, "syslog.hostname", "mymachine");
	ck_value(f, "syslog.procid", "su");
	feed_text(f, CLIENT, "<165>1 2003-08-24T05:14:15.000003-07:00 host app 8710 ID47 - text");
	ck_value(f, "syslog.timestamp", "2003-08-24 12:14:15.000003");
	ck_value(f, "syslog.appname", "app");
	feed_text(f, CLIENT, "<999>x");
	ck_value(f, "syslog.msg", "x");
	feed_text(f, CLIENT, "no number");
	ck_none(f, "syslog.level");
	feed_free(f);
}
END_TEST

START_TEST(socks_login_and_tunnel)
{
	struct feed *f = feed_new(TCP, 1080);

	feed_bytes(f, CLIENT, LIT("\5\2\0\2"));
	ck_value_nth(f, "socks.auth_method", 1, "2");
	feed_bytes(f, SERVER, LIT("\5\2"));
	ck_value(f, "socks.auth_accepted_method", "2");
	/* not all there yet */
	ck_assert_uint_eq(feed_bytes(f, CLIENT, LIT("\1\6walter\6hid")), 0);
	feed_bytes(f, CLIENT, LIT("\1\6walter\6hidden"));
	ck_value(f, "socks.username", "walter");
	ck_value(f, "socks.password", "hidden");
	ck_assert_int_eq(def_of(field_nth(f, "socks.password", 0))->secrecy, SECRET);
	feed_bytes(f, SERVER, LIT("\1\0"));
	feed_bytes(f, CLIENT, LIT("\5\1\0\3\3a.b\0\x50"));
	ck_value(f, "tt.socks.target", "a.b");
	feed_bytes(f, SERVER, LIT("\5\0\0\1\0\0\0\0\0\0"));
	ck_value(f, "tt.socks.refused", "0");
	feed_text(f, CLIENT, "GET / HTTP/1.1\r\n\r\n");
	ck_value(f, "http.request.method", "GET");
	feed_free(f);
}
END_TEST

START_TEST(socks_refusal)
{
	struct feed *f = feed_new(TCP, 1080);

	feed_bytes(f, CLIENT, LIT("\4\1\0\x50\0\0\0\1fred\0a.example\0"));
	ck_value(f, "socks.v4a_dns_name", "a.example");
	feed_bytes(f, SERVER, LIT("\0\x5b\0\0\0\0\0\0"));
	ck_value(f, "socks.results", "91");
	ck_value(f, "tt.socks.refused", "1");
	feed_free(f);
}
END_TEST

START_TEST(telnet_password_letter_by_letter)
{
	struct feed *f = feed_new(TCP, 23);

	feed_bytes(f, SERVER, LIT("\xff\xfd\x18\xff\xfb\1host login: "));
	ck_value_nth(f, "telnet.cmd", 1, "251");
	ck_value_nth(f, "telnet.subcmd", 0, "24");
	feed_text(f, CLIENT, "walter\r\n");
	ck_flag(f, "telnet.data", FIELD_IDENTITY);
	feed_text(f, SERVER,
		  "walter\r\nAnything: "); /* behind the name: the password, in any words */
	for (const char *p = "hidden"; *p; p++) {
		feed_bytes(f, CLIENT, p, 1);
		ck_flag(f, "telnet.data", FIELD_SECRET);
		ck_value(f, "tt.telnet.password", "1");
	}
	feed_bytes(f, CLIENT, LIT("\r\0"));
	feed_text(f, SERVER, "\r\nLogin incorrect\r\nlogin: ");
	ck_value(f, "tt.telnet.refused", "1");
	ck_value(f, "tt.telnet.user", "walter");
	feed_text(f, CLIENT, "ls\r\n");
	ck_assert(!(field_nth(f, "telnet.data", 0)->flags & FIELD_SECRET));
	feed_free(f);
}
END_TEST

START_TEST(telnet_suboption_in_pieces)
{
	struct feed *f = feed_new(TCP, 23);

	ck_assert_uint_eq(feed_bytes(f, CLIENT, LIT("\xff\xfa\x18\0xte")), 0);
	feed_bytes(f, CLIENT, LIT("\xff\xfa\x18\0xterm\xff\xf0\xff\xfa\x1f\0\x50\0\x18\xff\xf0"));
	ck_value(f, "telnet.string_subopt.value", "xterm");
	ck_value(f, "telnet.naws_subopt.width", "80");
	feed_free(f);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("services");
	TCase *c = tcase_create("services");

	tcase_add_test(c, nbns_question_and_answer);
	tcase_add_test(c, tftp_transfer);
	tcase_add_test(c, sip_call);
	tcase_add_test(c, sip_login);
	tcase_add_test(c, sip_over_tcp_in_pieces);
	tcase_add_test(c, stun_address);
	tcase_add_test(c, snmp_get);
	tcase_add_test(c, snmp_engine);
	tcase_add_test(c, snmp_by_content);
	tcase_add_test(c, radius_request);
	tcase_add_test(c, syslog_forms);
	tcase_add_test(c, socks_login_and_tunnel);
	tcase_add_test(c, socks_refusal);
	tcase_add_test(c, telnet_password_letter_by_letter);
	tcase_add_test(c, telnet_suboption_in_pieces);
	suite_add_tcase(s, c);
	return s;
}

UNIT_MAIN(suite)
