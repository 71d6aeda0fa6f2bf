/* SPDX-License-Identifier: GPL-3.0-or-later */
/* DHCP, DHCPv6, QUIC, SSH, LDAP, what HTTP carries: fields, hostile lengths, exchange marks;
 * expectations from the RFCs. */
#include <zlib.h>

#include "src/decode/quic.h"
#include "tests/unit/app_feed.h"

#define UDP    17
#define TCP    6
#define LIT(s) (s), sizeof(s) - 1

/* RFC 8415 section 21: a Reply with an address in an association, and a status. */
#define REPLY  "\7\x12\x34\x56"
#define IAADDR "\0\5\0\x18\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\5\0\0\x0e\x10\0\0\x1c\x20"

START_TEST(dhcpv6_reply)
{
	struct feed *f = feed_new(UDP, 547);

	feed_bytes(f, SERVER,
		   LIT(REPLY "\0\1\0\x0a\0\3\0\1\2\0\x5e\x10\x77\x44"
			     "\0\3\0\x28\x5e\x10\x77\x44\0\0\7\x08\0\0\x0b\x40" IAADDR
			     "\0\x0d\0\6\0\2none"));
	ck_value(f, "dhcpv6.xid", "0x123456");
	ck_value(f, "dhcpv6.duidll.link_layer_addr", "02:00:5e:10:77:44");
	ck_value(f, "dhcpv6.iaid", "5e107744");
	ck_value(f, "dhcpv6.iaid.t1", "1800");
	ck_value(f, "dhcpv6.iaaddr.ip", "2001:db8::5");
	ck_value(f, "dhcpv6.iaaddr.valid_lifetime", "7200");
	ck_value(f, "dhcpv6.status_code", "2");
	ck_value(f, "dhcpv6.status_msg", "none");
	ck_assert_int_eq(mark_role(f, 0), EXCHANGE_RESPONSE);
	ck_assert_uint_eq(f->r.marks[0].key, 0x123456u << 8 | 1);
	ck_assert(!f->r.malformed);
	feed_free(f);
}
END_TEST

/* RFC 8415 section 9: the client's message inside that of a relay. */
START_TEST(dhcpv6_relay)
{
	static const uint8_t zero[16];
	struct feed *f = feed_new(UDP, 547);
	GByteArray *b = g_byte_array_new();

	g_byte_array_append(b, (const uint8_t *)"\x0c\2", 2);
	g_byte_array_append(b, zero, 16);
	g_byte_array_append(b, zero, 16);
	g_byte_array_append(b, (const uint8_t *)LIT("\0\x09\0\x0a\1\xab\xcd\xef\0\x08\0\2\0\x64"));
	feed_bytes(f, CLIENT, b->data, b->len);
	ck_value_nth(f, "dhcpv6.msgtype", 0, "12");
	ck_value(f, "dhcpv6.hopcount", "2");
	ck_value_nth(f, "dhcpv6.msgtype", 1, "1");
	ck_value(f, "dhcpv6.xid", "0xabcdef");
	ck_value(f, "dhcpv6.elapsed_time", "1000");
	ck_assert_uint_eq(f->r.marks[0].key, 0xabcdefu << 8 | 2);
	g_byte_array_free(b, TRUE);
	feed_free(f);
}
END_TEST

/* A relay's message in a relay's message, without end. */
START_TEST(dhcpv6_nested)
{
	struct feed *f = feed_new(UDP, 547);
	GByteArray *b = g_byte_array_new();
	uint8_t head[38] = {12, 1};

	for (unsigned left = 60; left-- > 0;) {
		head[34] = 0;
		head[35] = 9;
		head[36] = (uint8_t)(left * sizeof(head) >> 8);
		head[37] = (uint8_t)(left * sizeof(head));
		g_byte_array_append(b, head, sizeof(head));
	}
	feed_bytes(f, CLIENT, b->data, b->len);
	ck_assert_ptr_nonnull(field_nth(f, "dhcpv6.hopcount", 5));
	ck_assert_ptr_null(field_nth(f, "dhcpv6.hopcount", 45));
	g_byte_array_free(b, TRUE);
	feed_free(f);
}
END_TEST

/* A length beyond the message is the sender's fault, a cut capture is not. */
START_TEST(dhcpv6_lengths)
{
	struct feed *f = feed_new(UDP, 547);

	feed_bytes(f, SERVER, LIT(REPLY "\0\x17\0\x20\x20\x01\x0d\xb8"));
	ck_assert(f->r.malformed && !f->r.snapped);
	f->cut = 28;
	feed_bytes(f, SERVER, LIT(REPLY "\0\x17\0\x20\x20\x01\x0d\xb8"));
	ck_assert(!f->r.malformed && f->r.snapped);
	f->cut = 0;
	feed_bytes(f, SERVER, LIT(REPLY "\0\x0d\0\1\0"));
	ck_assert_ptr_nonnull(field_nth(f, "dhcpv6.malformed_option", 0));
	feed_free(f);
}
END_TEST

/* RFC 9001 appendix A.1. */
START_TEST(quic_keys)
{
	const struct quic_cid id = {8, {0x83, 0x94, 0xc8, 0xf0, 0x3e, 0x51, 0x57, 0x08}};
	struct quic_keys k;

	ck_assert(quic_initial_keys(1, &id, 0, &k));
	ck_assert_mem_eq(k.key, "\x1f\x36\x96\x13\xdd\x76\xd5\x46\x77\x30\xef\xcb\xe3\xb1\xa2\x2d",
			 16);
	ck_assert_mem_eq(k.iv, "\xfa\x04\x4b\x2f\x42\xa3\xfd\x3b\x46\xfb\x25\x5c", 12);
	ck_assert_mem_eq(k.header,
			 "\x9f\x50\x44\x9e\x04\xa0\xe8\x10\x28\x3a\x1e\x99\x33\xad\xed\xd2", 16);
	ck_assert(quic_initial_keys(1, &id, 1, &k));
	ck_assert_mem_eq(k.key, "\xcf\x3a\x53\x31\x65\x3c\x36\x4c\x88\xf0\xf3\x79\xb6\x06\x7e\x37",
			 16);
	/* RFC 9369 appendix A.1: version 2 has labels of its own. */
	ck_assert(quic_initial_keys(0x6b3343cf, &id, 0, &k));
	ck_assert_mem_eq(k.key, "\x8b\x1a\x0b\xc1\x21\x28\x42\x90\xa2\x9e\x09\x71\xb5\xcd\x04\x5d",
			 16);
	ck_assert(!quic_initial_keys(0x1a2a3a4a, &id, 0, &k));
}
END_TEST

/* An Initial packet with a part of a hello in it. */
static const char initial[] =
	"\xcc\0\0\0\1\x08\x83\x94\xc8\xf0\x3e\x51\x57\x08\x08\x63\x6c\x69\x65\x6e\x74\x30\x31"
	"\x00\x40\x51\xa8\xd4\x46\xb4\x2d\xdb\x9a\x7c\x3a\x24\xc0\xa6\x4e\x97\xc5\x8c\x72\xc5"
	"\x25\x18\x19\xf4\xa0\x5c\x1a\x15\xbe\x66\xae\x7c\x89\x32\x15\xa2\x1b\x6d\xfd\x74\x5f"
	"\x17\x6a\x47\x63\x17\x27\xff\x02\xf7\xf7\x76\xe8\x02\x68\xbb\x31\xe3\xba\x62\xa4\xcf"
	"\xd0\x8b\x3e\x1e\x63\xba\xe3\x21\x53\x59\xaf\x11\x7c\x61\x49\x5a\xd0\xd2\x40\xac\x91";

START_TEST(quic_initial)
{
	struct feed *f = feed_new(UDP, 4433);

	feed_bytes(f, CLIENT, initial, sizeof(initial) - 1);
	ck_value(f, "quic.version", "0x00000001");
	ck_value(f, "quic.dcid", "83:94:c8:f0:3e:51:57:08");
	ck_value(f, "quic.length", "81");
	ck_assert_int_eq(mark_role(f, 0), EXCHANGE_REQUEST);
	ck_value(f, "quic.packet_number", "0");
	ck_value(f, "quic.crypto.length", "60");
	ck_none(f, "quic.decryption_failed");
	ck_none(f, "tls.handshake.type"); /* the rest of the hello is not there */
	feed_free(f);
}
END_TEST

/* Every bit of it is covered by the check. */
START_TEST(quic_changed)
{
	struct feed *f = feed_new(UDP, 4433);
	uint8_t bytes[sizeof(initial) - 1];

	for (unsigned i = 40; i < sizeof(bytes); i++) {
		memset(&f->conv, 0, sizeof(f->conv));
		f->conv.a_is_client = true;
		memcpy(bytes, initial, sizeof(bytes));
		bytes[i] ^= 1;
		feed_bytes(f, CLIENT, bytes, sizeof(bytes));
		ck_none(f, "quic.crypto.length");
	}
	feed_free(f);
}
END_TEST

START_TEST(quic_other_packets)
{
	struct feed *f = feed_new(UDP, 443);

	/* RFC 9000 section 17.2.1 */
	feed_bytes(f, SERVER, LIT("\x95\0\0\0\0\1\x61\1\x62\0\0\0\1\x6b\x33\x43\xcf"));
	ck_value_nth(f, "quic.supported_version", 1, "0x6b3343cf");
	/* section 17.2.5 */
	feed_bytes(f, SERVER, LIT("\xf0\0\0\0\1\1\x61\1\x62token0123456789abcdef"));
	ck_value(f, "quic.retry_token", "74:6f:6b:65:6e");
	ck_value(f, "quic.long.packet_type", "3");
	/* a length that lies */
	feed_bytes(f, CLIENT, LIT("\xe0\0\0\0\1\1\x61\1\x62\x7f\xff"));
	ck_assert(f->r.malformed);
	/* what looks like it, but is of no known version */
	memset(&f->conv, 0, sizeof(f->conv));
	feed_bytes(f, CLIENT, LIT("\xc0\0\0\7\1\1\x61\1\x62\x40\x20"));
	ck_none(f, "quic.version");
	feed_free(f);
}
END_TEST

/* RFC 9287: the fixed bit may be 0; the id that the other end has chosen tells the packet. */
START_TEST(quic_greased_bit)
{
	struct feed *f = feed_new(UDP, 443);

	feed_bytes(f, CLIENT, LIT("\xc0\0\0\0\1\3abc\3def\0\4\1\2\3\4"));
	feed_bytes(f, SERVER, LIT("\xe0\0\0\0\1\3def\4wxyz\4\1\2\3\4"));
	feed_bytes(f, CLIENT, LIT("\x20wxyz0123456789"));
	ck_value(f, "quic.fixed_bit", "0");
	ck_value(f, "quic.dcid", "77:78:79:7a");
	feed_bytes(f, CLIENT, LIT("\x20wxya0123456789"));
	ck_none(f, "quic.short");
	feed_free(f);
}
END_TEST

/* RFC 9327 section 2; mode 7 has no leap bits. */
START_TEST(ntp_control)
{
	struct feed *f = feed_new(UDP, 123);

	feed_bytes(f, SERVER, LIT("\x16\xa2\0\7\6\x15\0\0\0\x10\0\4a=1,"));
	ck_value(f, "ntp.flags.mode", "6");
	ck_value(f, "ntp.ctrl.flags2.r", "1");
	ck_value(f, "ntp.ctrl.flags2.error", "0");
	ck_value(f, "ntp.ctrl.flags2.more", "1");
	ck_value(f, "ntp.ctrl.flags2.opcode", "2");
	ck_value(f, "ntp.ctrl.sequence", "7");
	ck_value(f, "ntp.ctrl.status", "0x0615");
	ck_value(f, "ntp.ctrl.offset", "16");
	ck_value(f, "ntp.ctrl.count", "4");
	ck_none(f, "ntp.stratum");
	feed_bytes(f, CLIENT, LIT("\xd7\0\3\x2a\0\0\0\0"));
	ck_value(f, "ntp.flags.vn", "2");
	ck_value(f, "ntp.flags.mode", "7");
	ck_none(f, "ntp.flags.li");
	feed_free(f);
}
END_TEST

/* KEXINIT with one name in each of the first lists (RFC 4253 section 7.1). */
static void feed_lists(struct feed *f, bool client, const char *exchange)
{
	static const char *const others[] = {"k", "c", "c", "m", "m", "none", "none", "", ""};
	GByteArray *b = g_byte_array_new();
	uint8_t start[22] = {0, 0, 0, 0, 4, 20}, length[4] = {0};

	g_byte_array_append(b, start, sizeof(start));
	for (unsigned i = 0; i < 10; i++) {
		const char *name = i ? others[i - 1] : exchange;

		length[3] = (uint8_t)strlen(name);
		g_byte_array_append(b, length, 4);
		g_byte_array_append(b, (const uint8_t *)name, length[3]);
	}
	g_byte_array_append(b, (const uint8_t *)"\0\0\0\0\0pad", 9);
	b->data[3] = (uint8_t)(b->len - 4);
	feed_bytes(f, client, b->data, b->len);
	g_byte_array_free(b, TRUE);
}

START_TEST(ssh_agrees)
{
	struct feed *f = feed_new(TCP, 22);

	feed_text(f, SERVER, "some words\r\nSSH-2.0-s\r\n");
	ck_value(f, "tt.ssh.notice", "some words");
	ck_value(f, "ssh.protocol", "SSH-2.0-s");
	feed_text(f, CLIENT, "SSH-2.0-c\n");
	feed_lists(f, CLIENT, "x,curve25519-sha256,y,ext-info-c");
	ck_value(f, "ssh.kex_algorithms_length", "32");
	ck_none(f, "tt.ssh.kex");
	feed_lists(f, SERVER, "y,curve25519-sha256,ext-info-c");
	ck_value(f, "tt.ssh.kex", "curve25519-sha256"); /* what the client likes better */
	ck_none(f, "tt.ssh.no_common");
	feed_bytes(f, CLIENT, LIT("\0\0\0\x0c\4\x1e\0\0\0\2qqpad."));
	ck_value(f, "ssh.ecdh.q_c", "71:71");
	ck_assert_int_eq(mark_role(f, 0), EXCHANGE_REQUEST);
	feed_bytes(f, CLIENT, LIT("\0\0\0\6\4\x15pad.sealed"));
	ck_value(f, "ssh.message_code", "21");
	ck_value(f, "ssh.packet_length_encrypted", "73:65:61:6c");
	ck_value(f, "ssh.encrypted_packet", "65:64");
	feed_free(f);
}
END_TEST

START_TEST(ssh_nothing_common)
{
	struct feed *f = feed_new(TCP, 22);

	feed_text(f, SERVER, "SSH-2.0-s\r\n");
	feed_text(f, CLIENT, "SSH-2.0-c\r\n");
	feed_lists(f, SERVER, "old,ext-info-s");
	feed_lists(f, CLIENT, "new,ext-info-c");
	ck_value(f, "tt.ssh.no_common", "key exchange");
	ck_value(f, "tt.ssh.cipher", "c");
	feed_free(f);
}
END_TEST

/* Lengths that cannot be right, pieces of packets, a recording that begins later. */
START_TEST(ssh_lengths)
{
	struct feed *f = feed_new(TCP, 22);

	feed_text(f, CLIENT, "SSH-2.0-c\r\n");
	ck_assert_uint_eq(feed_bytes(f, CLIENT, LIT("\0\0\1\0\4")), 0);
	feed_bytes(f, CLIENT, LIT("\0\0\0\4\xff\2.."));
	ck_assert(f->r.malformed);
	feed_bytes(f, CLIENT, LIT("\x7f\xff\xff\xff\4\2"));
	ck_assert_ptr_nonnull(field_nth(f, "ssh.packet_length.error", 0));
	feed_bytes(f, SERVER, LIT("\x9a\1\2\3"));
	ck_value(f, "ssh.encrypted_packet", "9a:01:02:03");
	feed_free(f);
}
END_TEST

/* RFC 4511 section 4.2 */
#define LDAP_BIND "\x30\x13\2\1\1\x60\x0e\2\1\3\4\3uid\x80\4pass"

START_TEST(ldap_login)
{
	struct feed *f = feed_new(TCP, 389);
	uint64_t key;

	feed_bytes(f, CLIENT, LIT(LDAP_BIND));
	ck_value(f, "ldap.messageID", "1");
	ck_value(f, "ldap.name", "uid");
	ck_value(f, "ldap.simple", "pass");
	ck_assert_int_eq(field_def(field_nth(f, "ldap.simple", 0)->id)->secrecy, SECRET);
	ck_assert_int_eq(mark_role(f, 0), EXCHANGE_REQUEST);
	key = f->r.marks[0].key;
	feed_bytes(f, SERVER, LIT("\x30\x16\2\1\1\x61\x11\x0a\1\x31\4\0\4\x0a, data 775"));
	ck_value(f, "ldap.resultCode", "49");
	ck_value(f, "tt.ldap.user", "uid");
	ck_value(f, "tt.ldap.reason", "0x00000775");
	ck_assert_int_eq(mark_role(f, 0), EXCHANGE_RESPONSE);
	ck_assert_uint_eq(f->r.marks[0].key, key);
	feed_free(f);
}
END_TEST

/* Known by its first message on any port. */
START_TEST(ldap_by_content)
{
	struct feed *f = feed_new(TCP, 3890);

	feed_bytes(f, CLIENT, LIT(LDAP_BIND));
	ck_value(f, "ldap.name", "uid");
	feed_free(f);
	f = feed_new(TCP, 3890);
	feed_bytes(f, CLIENT,
		   LIT("\x30\x1d\2\1\1\x77\x18\x80\x16"
		       "1.3.6.1.4.1.1466.20037"));
	ck_value(f, "ldap.requestName", "1.3.6.1.4.1.1466.20037");
	feed_free(f);
	f = feed_new(TCP, 3890);
	feed_bytes(f, CLIENT, LIT("\x30\x0a\2\1\1\x60\5\2\1\7\4\0"));
	ck_none(f, "ldap.messageID");
	feed_free(f);
}
END_TEST

/* Two messages in one packet, one in two. */
START_TEST(ldap_stream)
{
	struct feed *f = feed_new(TCP, 389);

	ck_assert_uint_eq(feed_bytes(f, CLIENT, LIT(LDAP_BIND "\x30\x13\2")), 21);
	ck_value(f, "ldap.name", "uid");
	ck_assert_uint_eq(feed_bytes(f, CLIENT, LIT("\x30")), 0);
	feed_bytes(f, CLIENT, LIT(LDAP_BIND LDAP_BIND));
	ck_assert_ptr_nonnull(field_nth(f, "ldap.messageID", 1));
	feed_free(f);
}
END_TEST

/* Filters in filters without end, lengths that lie, values that are passwords. */
START_TEST(ldap_hostile)
{
	struct feed *f = feed_new(TCP, 389);
	GByteArray *b = g_byte_array_new();
	uint8_t head[4] = {0xa0, 0x82};

	g_byte_array_append(b,
			    (const uint8_t *)"\x30\x82\0\0\2\1\1\x63\x82\0\0\4\0\x0a\1\0\x0a\1\0"
					     "\2\1\0\2\1\0\1\1\0",
			    28);
	for (unsigned left = 100; left-- > 0;) {
		head[2] = (uint8_t)(left * 4 >> 8);
		head[3] = (uint8_t)(left * 4);
		g_byte_array_append(b, head, 4);
	}
	b->data[2] = (uint8_t)((b->len - 4) >> 8);
	b->data[3] = (uint8_t)(b->len - 4);
	b->data[9] = (uint8_t)((b->len - 11) >> 8);
	b->data[10] = (uint8_t)(b->len - 11);
	feed_bytes(f, CLIENT, b->data, b->len);
	ck_assert_ptr_nonnull(field_nth(f, "ldap.and_item", 10));
	ck_assert_ptr_null(field_nth(f, "ldap.and_item", 40));
	g_byte_array_free(b, TRUE);
	feed_bytes(f, CLIENT, LIT("\x30\x0c\2\1\1\x60\x40\2\1\3\4\3uid"));
	ck_assert(f->r.malformed);
	feed_bytes(f, SERVER,
		   LIT("\x30\x1c\2\1\2\x64\x17\4\0\x30\x13\x30\x11\4\x0cuserPassword"
		       "\x31\1\4"));
	ck_assert(f->r.malformed);
	feed_bytes(f, SERVER,
		   LIT("\x30\x1e\2\1\2\x64\x19\4\0\x30\x15\x30\x13\4\x0cuserPassword"
		       "\x31\3\4\1x"));
	ck_flag(f, "ldap.AttributeValue", FIELD_SECRET);
	feed_free(f);
}
END_TEST

#define REPLY_HEAD "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n"

START_TEST(http_chunks)
{
	struct feed *f = feed_new(TCP, 80);

	feed_text(f, SERVER,
		  REPLY_HEAD "Transfer-Encoding: chunked\r\n\r\n5;a=b\r\nHello\r\n"
			     "1\r\n!\r\n0\r\nX-End: 1\r\n\r\n");
	ck_value_nth(f, "http.chunk_size", 0, "5");
	ck_value_nth(f, "http.chunk_size", 2, "0");
	ck_value(f, "http.file_data", "Hello!");
	ck_value(f, "tt.text.line", "Hello!");
	ck_value(f, "http.chunked_trailer_part", "X-End: 1\\r\\n");
	/* over two packets: the bytes as they come; then a size that is none */
	feed_text(f, SERVER, REPLY_HEAD "Transfer-Encoding: chunked\r\n\r\n1\r\n!\r\n9\r\nHel");
	ck_value(f, "http.chunk_size", "1");
	ck_assert_ptr_null(field_nth(f, "http.chunk_size", 1));
	ck_none(f, "http.file_data");
	ck_value(f, "tt.text.line", "!Hel");
	feed_text(f, SERVER, "lo you\r\nzz\r\n");
	ck_none(f, "http.chunk_size");
	ck_value(f, "data.data", "6c:6f:20:79:6f:75:0d:0a");
	ck_value(f, "http.file_data", "lo you\\r\\n");
	/* and a message behind it */
	feed_text(f, SERVER, REPLY_HEAD "Transfer-Encoding: chunked\r\n\r\n1\r\n!\r\nzz\r\n");
	ck_value(f, "http.file_data", "!");
	feed_text(f, SERVER, REPLY_HEAD "Content-Length: 2\r\n\r\nok");
	ck_value(f, "http.file_data", "ok");
	feed_free(f);
}
END_TEST

/* Two messages with chunks in one packet do not share their bytes. */
START_TEST(http_two_bodies)
{
#define CHUNKED REPLY_HEAD "Transfer-Encoding: chunked\r\n\r\n"
	struct feed *f = feed_new(TCP, 80);

	feed_text(f, SERVER,
		  CHUNKED "1\r\na\r\n1\r\nb\r\n0\r\n\r\n" CHUNKED "1\r\nc\r\n1\r\nd\r\n0\r\n\r\n");
	ck_value_nth(f, "http.file_data", 0, "ab");
	ck_value_nth(f, "http.file_data", 1, "cd");
	feed_free(f);
}
END_TEST

/* `n` letters packed, as a reply with gzip or the bare form of deflate. */
static void feed_packed(struct feed *f, const char *coding, int window, uint32_t n)
{
	GByteArray *b = g_byte_array_new();
	uint8_t *letters = g_malloc(n), *out = g_malloc(n / 500 + 200);
	z_stream z = {
		.next_in = letters, .avail_in = n, .next_out = out, .avail_out = n / 500 + 200};
	char *head;

	memset(letters, 'a', n);
	deflateInit2(&z, 9, Z_DEFLATED, window, 8, Z_DEFAULT_STRATEGY);
	ck_assert_int_eq(deflate(&z, Z_FINISH), Z_STREAM_END);
	head = g_strdup_printf(REPLY_HEAD "Content-Encoding: %s\r\nContent-Length: %lu\r\n\r\n",
			       coding, z.total_out);
	g_byte_array_append(b, (const uint8_t *)head, (guint)strlen(head));
	g_byte_array_append(b, out, (guint)z.total_out);
	deflateEnd(&z);
	feed_bytes(f, SERVER, b->data, b->len);
	g_byte_array_free(b, TRUE);
	g_free(head);
	g_free(letters);
	g_free(out);
}

START_TEST(http_packed)
{
	struct feed *f = feed_new(TCP, 80);

	feed_packed(f, "gzip", 31, 1000);
	ck_assert_uint_eq(field_nth(f, "http.file_data", 0)->vlen, 1000);
	feed_packed(f, "deflate", -15, 1000);
	ck_assert_uint_eq(field_nth(f, "http.file_data", 0)->vlen, 1000);
	feed_packed(f, "gzip", 31, 10000000); /* a bomb */
	ck_assert_uint_le(field_nth(f, "http.file_data", 0)->vlen, 1 << 17);
	feed_text(f, SERVER, REPLY_HEAD "Content-Encoding: gzip\r\nContent-Length: 5\r\n\r\nnone!");
	ck_assert_ptr_nonnull(field_nth(f, "http.decompression_failed", 0));
	ck_none(f, "http.file_data");
	ck_value(f, "data.len", "5");
	feed_free(f);
}
END_TEST

/* Where the header came alone, or is forgotten, the body is bytes. */
START_TEST(http_body_later)
{
	struct feed *f = feed_new(TCP, 80);

	feed_text(f, SERVER, REPLY_HEAD "Content-Length: 5\r\n\r\n");
	ck_none(f, "data.data");
	feed_bytes(f, SERVER, LIT("\1\2x"));
	ck_value(f, "data.data", "01:02:78");
	ck_none(f, "http.file_data");
	feed_text(f, SERVER, "ab");
	ck_value(f, "http.file_data", "ab");
	ck_none(f, "data-text-lines");
	feed_free(f);
}
END_TEST

START_TEST(http_multipart)
{
	struct feed *f = feed_new(TCP, 80);

	feed_text(f, CLIENT,
		  "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 90\r\n"
		  "Content-Type: multipart/form-data; boundary=\"xy\"\r\n\r\n"
		  "--xy\r\nContent-Disposition: form-data; name=\"n\"\r\n\r\nv--xyz\r\n--xy--\r\n");
	ck_value(f, "mime_multipart.header.content-disposition", "form-data;name=\"n\"");
	ck_assert_ptr_nonnull(field_nth(f, "mime_multipart.last_boundary", 0));
	ck_assert_ptr_null(field_nth(f, "mime_multipart.part", 1));
	feed_free(f);
}
END_TEST

/* RFC 6455 section 5.7 */
START_TEST(web_socket)
{
	struct feed *f = feed_new(TCP, 80);

	feed_text(f, SERVER, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n");
	ck_value(f, "tt.http.tunnel", "websocket");
	feed_bytes(f, CLIENT, LIT("\x81\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58"));
	ck_value(f, "websocket.payload.text", "Hello");
	ck_assert_uint_eq(feed_bytes(f, SERVER, LIT("\x81\x05Hel")), 0);
	feed_bytes(f, SERVER, LIT("\x88\2\3\xe9"));
	ck_value(f, "websocket.payload.close.status_code", "1001");
	feed_bytes(f, SERVER, LIT("\x82\x7f\xff\xff\xff\xff\xff\xff\xff\xff..")); /* endless */
	feed_bytes(f, SERVER, LIT("\x88\2\3\xe9"));
	ck_none(f, "websocket.payload.close.status_code");
	feed_free(f);
}
END_TEST

/* A DHCP message (RFC 2131 section 2) with these options. */
static void feed_dhcp(struct feed *f, const char *options, uint32_t n)
{
	static const uint8_t head[236] = {2, 1, 6};
	GByteArray *b = g_byte_array_new();

	g_byte_array_append(b, head, sizeof(head));
	g_byte_array_append(b, (const uint8_t *)"\x63\x82\x53\x63", 4);
	g_byte_array_append(b, (const uint8_t *)options, n);
	feed_bytes(f, SERVER, b->data, b->len);
	g_byte_array_free(b, TRUE);
}

/* Routes (RFC 3442), search list (RFC 3397), name (RFC 4702), relay (RFC 3046), telephones
 * (RFC 3361). */
START_TEST(dhcp_parts)
{
	struct feed *f = feed_new(UDP, 67);

	feed_dhcp(f, LIT("\x79\x0d\x17\x0a\1\2\x0a\0\0\1\0\x0a\0\0\2"
			 "\x77\x0c\3lab\0\4test\xc0\0"
			 "\xff"));
	ck_value(f, "dhcp.option.classless_static_route", "17:0a:01:02:0a:00:00:01");
	ck_value(f, "tt.dhcp.route.network", "10.1.2.0");
	ck_value(f, "tt.dhcp.route.bits", "23");
	ck_value(f, "tt.dhcp.route.router", "10.0.0.1");
	ck_value_nth(f, "tt.dhcp.route.network", 1, "0.0.0.0");
	ck_value_nth(f, "tt.dhcp.route.router", 1, "10.0.0.2");
	ck_value(f, "dhcp.option.dhcp_dns_domain_search_list_fqdn", "lab");
	ck_value_nth(f, "dhcp.option.dhcp_dns_domain_search_list_fqdn", 1, "test.lab");
	feed_dhcp(f, LIT("\x51\x0b\5\0\0\2pc\3lab\0\x52\x0b\1\2ab\2\1c\x0b\2xy"
			 "\x78\5\1\x0a\0\0\7\xff"));
	ck_value(f, "dhcp.fqdn.s", "1");
	ck_value(f, "dhcp.fqdn.n", "0");
	ck_value(f, "dhcp.fqdn.name", "pc.lab");
	ck_value(f, "dhcp.option.agent_information_option.agent_circuit_id", "61:62");
	ck_value(f, "dhcp.option.agent_information_option.agent_remote_id", "63");
	ck_none(f, "dhcp.option.agent_information_option.server_id_override");
	ck_value(f, "dhcp.option.sip_server.address", "10.0.0.7");
	/* a mask of 33 bits, a name that points at itself, a part longer than its option */
	feed_dhcp(f, LIT("\x79\6\x21\1\2\3\4\5\x77\2\xc0\0\x52\2\1\2\xff"));
	ck_none(f, "tt.dhcp.route.network");
	ck_none(f, "dhcp.option.agent_information_option.agent_circuit_id");
	ck_value_nth(f, "dhcp.option.type", 3, "0");
	feed_free(f);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("applications");
	TCase *c = tcase_create("dhcp");

	tcase_add_test(c, dhcp_parts);
	suite_add_tcase(s, c);
	c = tcase_create("dhcpv6");

	tcase_add_test(c, dhcpv6_reply);
	tcase_add_test(c, dhcpv6_relay);
	tcase_add_test(c, dhcpv6_nested);
	tcase_add_test(c, dhcpv6_lengths);
	suite_add_tcase(s, c);
	c = tcase_create("quic");
	tcase_add_test(c, quic_keys);
	tcase_add_test(c, quic_initial);
	tcase_add_test(c, quic_changed);
	tcase_add_test(c, quic_other_packets);
	tcase_add_test(c, quic_greased_bit);
	suite_add_tcase(s, c);
	c = tcase_create("ntp");
	tcase_add_test(c, ntp_control);
	suite_add_tcase(s, c);
	c = tcase_create("ssh");
	tcase_add_test(c, ssh_agrees);
	tcase_add_test(c, ssh_nothing_common);
	tcase_add_test(c, ssh_lengths);
	suite_add_tcase(s, c);
	c = tcase_create("ldap");
	tcase_add_test(c, ldap_login);
	tcase_add_test(c, ldap_by_content);
	tcase_add_test(c, ldap_stream);
	tcase_add_test(c, ldap_hostile);
	suite_add_tcase(s, c);
	c = tcase_create("http");
	tcase_add_test(c, http_chunks);
	tcase_add_test(c, http_two_bodies);
	tcase_add_test(c, http_packed);
	tcase_add_test(c, http_body_later);
	tcase_add_test(c, http_multipart);
	tcase_add_test(c, web_socket);
	suite_add_tcase(s, c);
	return s;
}

UNIT_MAIN(suite)
