/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tests of TLS: hellos, messages over several records, alerts, certificates, sizes, lying lengths.
 */
#include "tests/unit/app_feed.h"

#define TCP 6

#define LIT(s) (s), sizeof(s) - 1

#define RANDOM "0123456789abcdef0123456789abcdef"
/* A client's hello with the name "mail.lab": body of 59 + 4 bytes, record of 63. */
#define SNI          "\0\0\0\x0d\0\x0b\0\0\x08mail.lab"
#define CLIENT_BODY  "\x03\x03" RANDOM "\0\0\2\x13\1\1\0\0\x11" SNI
#define CLIENT_HELLO "\x16\3\1\0\x40\1\0\0\x3c" CLIENT_BODY
#define SERVER_START "\x16\3\3\0\x2a\2\0\0\x26\3\3" RANDOM "\0"
#define SERVER_HELLO SERVER_START "\xc0\x2f\0"
#define SERVER_CBC   SERVER_START "\xc0\x13\0"
#define SERVER_13    "\x16\3\3\0\x32\2\0\0\x2e\3\3" RANDOM "\0\x13\1\0\0\6\0\x2b\0\2\3\4"
#define CHANGE       "\x14\3\3\0\1\1"
#define SEALED_19                                                                                  \
	"\x17\3\3\0\x13"                                                                           \
	"nineteen bytes here"

START_TEST(hellos)
{
	struct feed *f = feed_new(TCP, 443);

	feed_bytes(f, CLIENT, LIT(CLIENT_HELLO));
	ck_value(f, "tls.record.content_type", "22");
	ck_value(f, "tls.handshake.type", "1");
	ck_value(f, "tls.handshake.length", "60");
	ck_value(f, "tls.handshake.ciphersuite", "0x1301");
	ck_value(f, "tls.handshake.extensions_server_name", "mail.lab");
	ck_value(f, "tt.tls.sni", "mail.lab");
	ck_assert_int_eq(mark_role(f, 0), EXCHANGE_REQUEST);
	ck_assert(!f->r.malformed);
	feed_bytes(f, SERVER, LIT(SERVER_HELLO));
	ck_value(f, "tt.tls.version", "0x0303");
	ck_value(f, "tls.handshake.ciphersuite", "0xc02f");
	ck_assert_int_eq(mark_role(f, 0), EXCHANGE_RESPONSE);
	feed_bytes(f, CLIENT, LIT(CLIENT_HELLO));
	feed_bytes(f, SERVER, LIT(SERVER_13));
	ck_value(f, "tt.tls.version", "0x0304");
	ck_none(f, "tls.handshake.random_time");
	feed_free(f);
}
END_TEST

/* A hello with that one extension; body of at most 255 bytes. */
static void feed_extension(struct feed *f, bool client, uint16_t type, const void *bytes, uint8_t n)
{
	static const char client_rest[] = "\0\0\2\x13\1\1\0", server_rest[] = "\0\x13\1\0";
	GByteArray *b = g_byte_array_new();
	uint8_t head[11] = {0x16, 3, 3, 0, 0, client ? 1 : 2, 0, 0, 0, 3, 3};
	uint8_t extension[6] = {0, (uint8_t)(n + 4), (uint8_t)(type >> 8), (uint8_t)type, 0, n};

	g_byte_array_append(b, head, sizeof(head));
	g_byte_array_append(b, (const uint8_t *)RANDOM, 32);
	g_byte_array_append(b, (const uint8_t *)(client ? client_rest : server_rest),
			    client ? sizeof(client_rest) - 1 : sizeof(server_rest) - 1);
	g_byte_array_append(b, extension, sizeof(extension));
	g_byte_array_append(b, bytes, n);
	b->data[4] = (uint8_t)(b->len - 5);
	b->data[8] = (uint8_t)(b->len - 9);
	feed_bytes(f, client, b->data, b->len);
	g_byte_array_free(b, TRUE);
}

START_TEST(extensions)
{
	struct feed *f = feed_new(TCP, 443);

	feed_extension(f, CLIENT, 41, LIT("\0\x0c\0\6ticket\0\0\1\2\0\3\2ab"));
	ck_value(f, "tls.handshake.extensions.psk.identity.identity", "74:69:63:6b:65:74");
	ck_value(f, "tls.handshake.extensions.psk.identity.obfuscated_ticket_age", "258");
	ck_assert_uint_eq(field_nth(f, "tls.handshake.extensions.psk.binders", 0)->len, 3);
	ck_none(f, "tls.handshake.extension.data");
	feed_extension(f, SERVER, 41, LIT("\0\1"));
	ck_value(f, "tls.handshake.extensions.psk.identity.selected", "1");
	feed_extension(f, CLIENT, 44, LIT("\0\2xy"));
	ck_value(f, "tls.handshake.extensions.cookie", "78:79");
	feed_extension(f, CLIENT, 1, LIT("\2"));
	ck_value(f, "tls.handshake.max_fragment_length", "2");
	feed_extension(f, CLIENT, 17513, LIT("\0\3\2h2"));
	ck_value(f, "tls.handshake.extensions_alps_alpn_str", "h2");
	feed_extension(f, SERVER, 18,
		       LIT("\0\x34\0\x32\0" RANDOM "\0\0\0\0\0\0\x03\xe8\0\1x\4\3\0\2sg"));
	ck_value(f, "tls.sct.sct_timestamp", "1970-01-01 00:00:01.000000");
	ck_value(f, "tls.sct.sct_signature", "73:67");
	ck_assert(!f->r.malformed);
	feed_extension(f, SERVER, 18, LIT("\0\x34\0\x32\0" RANDOM "\xff\xff\xff\xff"));
	ck_assert(f->r.malformed);
	feed_free(f);
}
END_TEST

/* In the middle of a record nothing is said. */
START_TEST(middle_of_a_record)
{
	struct feed *f = feed_new(TCP, 443);

	feed_bytes(f, SERVER, LIT("\x16\3\3\1\0\2\0\0\xfc"));
	ck_assert_ptr_nonnull(field_nth(f, "tls", 0));
	f->carried = 5;
	feed_bytes(f, SERVER, LIT("\x16\3\3\1\0\2\0\0\xfc"));
	ck_none(f, "tls");
	feed_free(f);
}
END_TEST

/* Each cut of a hello waits for the rest; nothing is said before. */
START_TEST(over_segments)
{
	struct feed *f = feed_new(TCP, 443);
	static const char hello[] = CLIENT_HELLO;

	for (uint32_t n = 1; n < sizeof(hello) - 1; n++) {
		ck_assert_int_eq(feed_bytes(f, CLIENT, hello, n), 0);
		ck_none(f, "tls.handshake.type");
	}
	ck_assert_int_eq(feed_bytes(f, CLIENT, LIT(CLIENT_HELLO CHANGE "\x16")), 75);
	ck_value(f, "tls.handshake.type", "1");
	feed_free(f);
}
END_TEST

/* One message in two records; the second record comes later. */
START_TEST(over_records)
{
	struct feed *f = feed_new(TCP, 443);

	ck_assert_int_eq(feed_bytes(f, CLIENT, LIT("\x16\3\1\0\6\1\0\0\x3c\3\3")), 0);
	feed_bytes(f, CLIENT,
		   LIT("\x16\3\1\0\6\1\0\0\x3c\3\3"
		       "\x16\3\1\0\x3a" RANDOM "\0\0\2\x13\1\1\0\0\x11" SNI));
	ck_value(f, "tt.tls.sni", "mail.lab");
	ck_assert_ptr_nonnull(field_nth(f, "tls.record", 1));
	ck_assert_ptr_null(field_nth(f, "tls.handshake", 1));
	ck_assert(!f->r.malformed);
	feed_free(f);
}
END_TEST

START_TEST(alerts)
{
	struct feed *f = feed_new(TCP, 443);

	feed_bytes(f, CLIENT, LIT(CLIENT_HELLO));
	feed_bytes(f, SERVER, LIT("\x15\3\3\0\2\2\x46"));
	ck_value(f, "tls.alert_message.level", "2");
	ck_value(f, "tls.alert_message.desc", "70");
	ck_value(f, "tt.tls.alert_from", "server");
	ck_value(f, "tt.tls.phase", "hello");
	ck_assert_int_eq(mark_role(f, 0), EXCHANGE_RESPONSE);
	feed_bytes(f, CLIENT, LIT(CLIENT_HELLO));
	feed_bytes(f, SERVER, LIT(SERVER_HELLO));
	feed_bytes(f, CLIENT, LIT("\x15\3\3\0\2\2\x30"));
	ck_value(f, "tt.tls.alert_from", "client");
	ck_value(f, "tt.tls.phase", "flight");
	ck_assert_int_eq(mark_role(f, 0), EXCHANGE_EVENT);
	feed_bytes(f, CLIENT,
		   LIT(CHANGE "\x15\3\3\0\x1a"
			      "encrypted alert, 26 bytes."));
	ck_none(f, "tls.alert_message.desc");
	feed_free(f);
}
END_TEST

/* A client's 19 bytes after the server's flight are an alert; later they say nothing. */
START_TEST(alert_by_size)
{
	struct feed *f = feed_new(TCP, 443);

	feed_bytes(f, CLIENT, LIT(CLIENT_HELLO));
	feed_bytes(f, SERVER, LIT(SERVER_13 CHANGE SEALED_19));
	ck_none(f, "tt.tls.alert_likely");
	ck_value(f, "tls.record.opaque_type", "23");
	feed_bytes(f, CLIENT, LIT(CHANGE));
	feed_bytes(f, CLIENT, LIT(SEALED_19));
	ck_value(f, "tt.tls.alert_likely", "1");
	ck_value(f, "tt.tls.text_size", "2");
	feed_bytes(f, CLIENT, LIT(SEALED_19));
	ck_none(f, "tt.tls.alert_likely");
	feed_free(f);
}
END_TEST

/* An encrypted record with n bytes of text in TLS 1.3. */
static void say(struct feed *f, bool client, uint32_t n)
{
	uint8_t bytes[256] = {0x17, 3, 3, 0, (uint8_t)(n + 17)};

	feed_bytes(f, client, bytes, n + 22);
}

static void pop3s_begin(struct feed *f)
{
	feed_bytes(f, CLIENT, LIT(CLIENT_HELLO));
	feed_bytes(f, SERVER, LIT(SERVER_13));
	say(f, CLIENT, 36); /* Finished */
	say(f, SERVER, 20); /* greeting */
	say(f, CLIENT, 14);
	say(f, SERVER, 5);
	say(f, CLIENT, 10);
}

START_TEST(login_by_size)
{
	struct feed *f = feed_new(TCP, 995);

	pop3s_begin(f);
	say(f, SERVER, 39);
	say(f, CLIENT, 6);
	ck_value(f, "tt.tls.login_refused_likely", "1");
	pop3s_begin(f);
	say(f, SERVER, 5);
	say(f, CLIENT, 6);
	ck_none(f, "tt.tls.login_refused_likely");
	say(f, SERVER, 39); /* a list */
	say(f, CLIENT, 6);
	ck_none(f, "tt.tls.login_refused_likely");
	feed_free(f);
}
END_TEST

/* A program that closes in place of QUIT; its alert has two bytes. */
START_TEST(login_by_size_and_close)
{
	struct feed *f = feed_new(TCP, 995);

	pop3s_begin(f);
	say(f, SERVER, 39);
	say(f, CLIENT, 2);
	ck_value(f, "tt.tls.login_refused_likely", "1");
	ck_none(f, "tt.tls.left_at_once");
	pop3s_begin(f);
	say(f, SERVER, 5);
	say(f, CLIENT, 2);
	ck_none(f, "tt.tls.login_refused_likely");
	feed_free(f);
}
END_TEST

static struct feed *agreed(void)
{
	struct feed *f = feed_new(TCP, 443);

	feed_bytes(f, CLIENT, LIT(CLIENT_HELLO));
	feed_bytes(f, SERVER, LIT(SERVER_13));
	say(f, CLIENT, 36);  /* Finished */
	say(f, SERVER, 200); /* a ticket */
	return f;
}

/* Who leaves first, and was anything said before? */
START_TEST(left_at_once)
{
	struct feed *f = agreed();

	say(f, CLIENT, 2);
	ck_value(f, "tt.tls.left_at_once", "1");
	feed_free(f);
	f = agreed();
	say(f, CLIENT, 80);
	say(f, CLIENT, 2);
	ck_none(f, "tt.tls.left_at_once");
	feed_free(f);
	f = agreed();
	say(f, SERVER, 2);
	say(f, CLIENT, 2);
	ck_none(f, "tt.tls.left_at_once");
	feed_free(f);
}
END_TEST

/* After the handshake an alert is a good-bye: by its kind, and inside TLS 1.3 by its size. */
START_TEST(good_byes)
{
	static const uint8_t alert[] = {0x15, 3, 3, 0, 3, 1, 2, 3};
	struct feed *f = agreed();

	ck_assert(!f->conv.left[0] && !f->conv.left[1]);
	say(f, CLIENT, 80);
	say(f, SERVER, 2);
	ck_assert(!f->conv.left[0] && f->conv.left[1]);
	say(f, CLIENT, 2);
	ck_assert(f->conv.left[0]);
	feed_free(f);
	f = feed_new(TCP, 443);
	feed_bytes(f, CLIENT, LIT(CLIENT_HELLO));
	feed_bytes(f, SERVER, LIT(SERVER_CBC CHANGE));
	feed_bytes(f, CLIENT, LIT(CHANGE));
	say(f, CLIENT, 36); /* ends the handshake */
	say(f, CLIENT, 2);  /* two bytes of data */
	ck_assert(!f->conv.left[0]);
	feed_bytes(f, CLIENT, alert, sizeof(alert));
	ck_assert(f->conv.left[0] && !f->conv.left[1]);
	ck_none(f, "tt.tls.left_at_once"); /* was anything said? Its sizes are not known */
	feed_free(f);
}
END_TEST

/* subject and issuer "a", for b.example, valid 2020-01-01 .. 2021-01-01 */
#define DER_NAME "\x30\x0c\x31\x0a\x30\x08\x06\x03\x55\x04\x03\x0c\x01\x61"
#define DER_TIMES                                                                                  \
	"\x30\x1e\x17\x0d"                                                                         \
	"200101000000Z"                                                                            \
	"\x17\x0d"                                                                                 \
	"210101000000Z"
#define DER_SAN                                                                                    \
	"\xa3\x18\x30\x16\x30\x14\x06\x03\x55\x1d\x11\x04\x0d\x30\x0b\x82\x09"                     \
	"b.example"
#define DER_BODY  "\x02\x01\x01\x30\x00" DER_NAME DER_TIMES DER_NAME "\x30\x00" DER_SAN
#define DER_CERT  "\x30\x5f\x30\x5d" DER_BODY
#define CERT_BODY "\0\0\x64\0\0\x61" DER_CERT

START_TEST(certificate)
{
	struct feed *f = feed_new(TCP, 443);

	feed_bytes(f, CLIENT, LIT(CLIENT_HELLO));
	feed_bytes(f, SERVER, LIT(SERVER_HELLO "\x16\3\3\0\x6b\x0b\0\0\x67" CERT_BODY));
	ck_value(f, "tls.handshake.certificate_length", "97");
	ck_value(f, "tt.tls.cert_subject", "a");
	ck_value(f, "tt.tls.cert_issuer", "a");
	ck_value(f, "tt.tls.cert_self_signed", "1");
	ck_value(f, "tt.tls.cert_names", "b.example");
	ck_value(f, "tt.tls.cert_other_name", "1"); /* asked for: a.example */
	ck_assert_int_eq(field_nth(f, "tt.tls.cert_not_before", 0)->v.i / 1000000000, 1577836800);
	ck_assert_int_eq(field_nth(f, "tt.tls.cert_not_after", 0)->v.i / 1000000000, 1609459200);
	ck_value(f, "tt.tls.cert_not_yet", "1"); /* the packet's time is 1970 */
	feed_free(f);
}
END_TEST

/* Any byte of a certificate changed to any value must neither crash nor read beyond it. */
START_TEST(certificate_broken)
{
	struct feed *f = feed_new(TCP, 443);
	uint8_t bytes[] = "\x16\3\3\0\x6b\x0b\0\0\x67" CERT_BODY;

	feed_bytes(f, CLIENT, LIT(CLIENT_HELLO));
	feed_bytes(f, SERVER, LIT(SERVER_HELLO));
	for (uint32_t i = 9; i < sizeof(bytes) - 1; i++) {
		uint8_t kept = bytes[i];

		for (uint32_t v = 0; v < 256; v += 17) {
			bytes[i] = (uint8_t)v;
			ck_assert_int_eq(feed_bytes(f, SERVER, bytes, sizeof(bytes) - 1),
					 sizeof(bytes) - 1);
		}
		bytes[i] = kept;
	}
	feed_free(f);
}
END_TEST

/* Lengths that lie: the message ends before its list does. What is said of it stands at a field of
 * the message, not at one that was made of it (tls.handshake.ja3). */
START_TEST(lengths_lie)
{
	struct feed *f = feed_new(TCP, 443);
	unsigned marked = 0;

	feed_bytes(f, CLIENT, LIT("\x16\3\1\0\x2b\1\0\0\x27\3\3" RANDOM "\0\xff\xff\x13\1"));
	ck_assert(f->r.malformed);
	for (uint32_t i = 0; i < f->r.nfields; i++)
		if (f->r.fields[i].flags & FIELD_MALFORMED) {
			ck_assert(!(f->r.fields[i].flags & FIELD_GENERATED));
			marked++;
		}
	ck_assert_uint_gt(marked, 0);
	ck_assert_int_eq(feed_bytes(f, CLIENT, LIT("\x16\3\1\0\0")), 5);
	feed_bytes(f, CLIENT, LIT("\x16\3\1\xff\xff\1\2\3"));
	ck_none(f, "tls.record");
	/* a message said to be too long to be kept is passed over */
	feed_bytes(f, SERVER, LIT("\x16\3\3\0\5\x0b\xff\xff\xff\0"));
	ck_value(f, "tls.handshake.type", "11");
	feed_bytes(f, SERVER, LIT("\x16\3\3\0\2xy"));
	ck_none(f, "tls.handshake.type");
	feed_free(f);
}
END_TEST

START_TEST(by_content_and_after_starttls)
{
	struct feed *f = feed_new(TCP, 4433);

	feed_bytes(f, CLIENT, LIT(CLIENT_HELLO));
	ck_value(f, "tt.tls.sni", "mail.lab");
	feed_free(f);
	f = feed_new(TCP, 110);
	feed_text(f, CLIENT, "STLS\r\n");
	feed_text(f, SERVER, "+OK begin TLS\r\n");
	feed_text(f, CLIENT, "not TLS at all");
	ck_none(f, "tls.record");
	feed_bytes(f, CLIENT, LIT(CLIENT_HELLO));
	ck_value(f, "tt.tls.sni", "mail.lab");
	feed_bytes(f, SERVER, LIT(CHANGE));
	ck_assert_ptr_nonnull(field_nth(f, "tls.change_cipher_spec", 0));
	feed_free(f);
	f = feed_new(TCP, 443);
	feed_text(f, SERVER, "220 an FTP server\r\n");
	ck_none(f, "tls.record");
	ck_value(f, "ftp.response.code", "220");
	feed_bytes(f, CLIENT, LIT(CLIENT_HELLO)); /* the client is set to encrypt, the server not */
	ck_value(f, "tt.tls.sni", "mail.lab");
	feed_free(f);
	f = feed_new(TCP, 8443);
	feed_text(f, CLIENT, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
	ck_value(f, "http.host", "a");
	feed_free(f);
}
END_TEST

/* A server that was addressed in another language says one word. */
START_TEST(alert_alone)
{
	struct feed *f = feed_new(TCP, 4433);

	feed_bytes(f, SERVER, LIT("\x15\3\1\0\2\2\x46"));
	ck_value(f, "tls.alert_message.desc", "70");
	feed_free(f);
	f = feed_new(TCP, 4433);
	feed_bytes(f, SERVER, LIT("\x15\3\1\0\2\3\x46"));
	ck_none(f, "tls.record");
	feed_free(f);
}
END_TEST

/* RFC 4279: the names of the shared secret; RFC 5246 section 7.4.3: nobody signs; RFC 6066 section
 * 8: the proof that the certificate is not revoked. */
START_TEST(key_exchanges)
{
	struct feed *f = feed_new(TCP, 443);

	feed_bytes(f, CLIENT, LIT(CLIENT_HELLO));
	feed_bytes(f, SERVER, LIT(SERVER_START "\0\xa8\0"));
	ck_value(f, "tls.handshake.ciphersuite", "0x00a8");
	feed_bytes(f, SERVER, LIT("\x16\3\3\0\x08\x0c\0\0\4\0\2ab"));
	ck_value(f, "tls.handshake.hint", "61:62");
	feed_bytes(f, CLIENT, LIT("\x16\3\3\0\x07\x10\0\0\3\0\1c"));
	ck_value(f, "tls.handshake.identity", "63");
	feed_bytes(f, SERVER, LIT("\x16\3\3\0\x0a\x16\0\0\6\1\0\0\2xy"));
	ck_value(f, "tls.handshake.extensions_status_request_type", "1");
	ck_value(f, "tls.handshake.ocsp_response_len", "2");
	ck_assert(!f->r.malformed);
	feed_bytes(f, CLIENT, LIT(CLIENT_HELLO));
	feed_bytes(f, SERVER, LIT(SERVER_START "\0\xa7\0"));
	feed_bytes(f, SERVER, LIT("\x16\3\3\0\x0d\x0c\0\0\x09\0\1\x17\0\1\2\0\1\5"));
	ck_value(f, "tls.handshake.p", "17");
	ck_value(f, "tls.handshake.g", "02");
	ck_value(f, "tls.handshake.ys", "05");
	ck_none(f, "tls.handshake.sig_len");
	feed_free(f);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("tls");
	TCase *c = tcase_create("tls");

	tcase_add_test(c, hellos);
	tcase_add_test(c, extensions);
	tcase_add_test(c, middle_of_a_record);
	tcase_add_test(c, over_segments);
	tcase_add_test(c, over_records);
	tcase_add_test(c, alerts);
	tcase_add_test(c, alert_by_size);
	tcase_add_test(c, alert_alone);
	tcase_add_test(c, key_exchanges);
	tcase_add_test(c, login_by_size);
	tcase_add_test(c, login_by_size_and_close);
	tcase_add_test(c, left_at_once);
	tcase_add_test(c, good_byes);
	tcase_add_test(c, certificate);
	tcase_add_test(c, certificate_broken);
	tcase_add_test(c, lengths_lie);
	tcase_add_test(c, by_content_and_after_starttls);
	suite_add_tcase(s, c);
	return s;
}

UNIT_MAIN(suite)
