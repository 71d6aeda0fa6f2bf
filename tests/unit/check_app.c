/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tests of POP3, SMTP, IMAP, FTP and NNTP: fields, states, secrets, hostile lines. */
#include "tests/unit/app_feed.h"

#define TCP 6

START_TEST(pop_login)
{
	struct feed *f = feed_new(TCP, 110);

	feed_text(f, SERVER, "+OK ready <1@example>\r\n");
	ck_value(f, "pop.response.indicator", "+OK");
	ck_value(f, "pop.response.description", "ready <1@example>");
	ck_value(f, "tt.pop.greeting", "1");
	ck_assert_int_eq(mark_role(f, 0), EXCHANGE_EVENT);
	feed_text(f, CLIENT, "USER steve35\r\n");
	ck_value(f, "pop.request.command", "USER");
	ck_value(f, "pop.request.parameter", "steve35");
	ck_value(f, "tt.pop.user", "steve35");
	ck_flag(f, "pop.request.parameter", FIELD_IDENTITY);
	ck_flag(f, "pop.request", FIELD_IDENTITY);
	feed_text(f, SERVER, "+OK password please, steve35\r\n");
	ck_value(f, "tt.pop.command", "USER");
	ck_flag(f, "pop.response.description", FIELD_IDENTITY);
	feed_text(f, CLIENT, "pass two words\r\n");
	ck_value(f, "pop.request.parameter", "two words");
	ck_flag(f, "pop.request.parameter", FIELD_SECRET);
	ck_flag(f, "pop.request", FIELD_SECRET);
	ck_assert_int_eq(mark_role(f, 0), EXCHANGE_REQUEST);
	feed_text(f, SERVER, "-ERR [IN-USE] locked\r\n");
	ck_value(f, "pop.response.indicator", "-ERR");
	ck_value(f, "tt.pop.command", "PASS");
	ck_value(f, "tt.pop.user", "steve35");
	ck_value(f, "tt.pop.code", "IN-USE");
	ck_none(f, "tt.pop.greeting");
	ck_assert_int_eq(mark_role(f, 0), EXCHANGE_RESPONSE);
	feed_free(f);
}
END_TEST

START_TEST(pop_many_lines)
{
	struct feed *f = feed_new(TCP, 110);

	feed_text(f, CLIENT, "CAPA\r\nLIST\r\nRETR 1\r\nSTLS\r\n");
	ck_assert_int_eq(f->r.nmarks, 4);
	feed_text(f, SERVER, "+OK list\r\nUSER\r\nSTLS\r\n.\r\n+OK\r\n1 10\r\n");
	ck_value(f, "tt.pop.stls_offered", "1");
	ck_value_nth(f, "tt.pop.command", 1, "LIST");
	ck_assert_ptr_nonnull(field_nth(f, "pop.response.data", 3));
	feed_text(f, SERVER, "2 20\r\n.\r\n+OK mail\r\nFrom: x\r\n");
	ck_assert_int_eq(field_nth(f, "tt.pop.lines", 0)->len, 9);
	ck_value(f, "tt.pop.command", "RETR");
	ck_assert_int_eq(field_nth(f, "tt.pop.message", 0)->len, 9);
	/* a line of the mail that looks like a verdict is mail, after lost bytes it is a verdict */
	feed_text(f, SERVER, "+OK not a reply\r\n..\r\n");
	ck_none(f, "pop.response");
	feed_text(f, SERVER, ".\r\n+OK begin TLS\r\n\x16\x03\x01");
	ck_value(f, "tt.pop.command", "STLS");
	ck_assert(f->conv.app_opaque);
	feed_free(f);
}
END_TEST

START_TEST(pop_auth)
{
	struct feed *f = feed_new(TCP, 110);

	feed_text(f, CLIENT, "AUTH PLAIN AHN0ZXZlMzUAeHh4\r\n"); /* NUL steve35 NUL xxx */
	ck_value(f, "tt.pop.user", "steve35");
	ck_flag(f, "pop.request.parameter", FIELD_SECRET);
	feed_text(f, SERVER, "-ERR no\r\n");
	ck_value(f, "tt.pop.command", "AUTH");
	feed_text(f, CLIENT, "AUTH LOGIN\r\n");
	ck_assert(!(field_nth(f, "pop.request", 0)->flags & FIELD_SECRET));
	feed_text(f, SERVER, "+ VXNlcm5hbWU6\r\n");
	feed_text(f, CLIENT, "am9l\r\n"); /* joe */
	ck_value(f, "tt.pop.user", "joe");
	ck_flag(f, "pop.request.data", FIELD_IDENTITY);
	feed_text(f, SERVER, "+ UGFzc3dvcmQ6\r\n");
	feed_text(f, CLIENT, "c2VjcmV0\r\n");
	ck_flag(f, "pop.request.data", FIELD_SECRET);
	ck_flag(f, "pop.request", FIELD_SECRET);
	feed_text(f, CLIENT, "APOP mary 00112233445566778899aabbccddeeff\r\n");
	ck_value(f, "tt.pop.user", "mary");
	ck_flag(f, "pop.request", FIELD_SECRET);
	feed_free(f);
}
END_TEST

START_TEST(pop_split)
{
	struct feed *f = feed_new(TCP, 110);

	ck_assert_int_eq(feed_text(f, SERVER, "+OK rea"), 0);
	ck_assert_int_eq(f->r.nlayers, 0);
	ck_assert_int_eq(feed_text(f, SERVER, "+OK ready\r\n-ER"), 11);
	ck_value(f, "pop.response.description", "ready");
	ck_none(f, "pop.response.data");
	f->last = true;
	ck_assert_int_eq(feed_text(f, SERVER, "-ERR by"), 7);
	ck_value(f, "pop.response.description", "by");
	feed_free(f);
}
END_TEST

START_TEST(pop_middle_of_connection)
{
	struct feed *f = feed_new(TCP, 9110);

	f->conv.mid_stream = true;
	f->conv.a_is_client = false; /* guessed wrong: what is said decides */
	feed_text(f, SERVER, "-ERR bad password\r\n");
	ck_value(f, "pop.response.indicator", "-ERR");
	ck_none(f, "tt.pop.command");
	ck_none(f, "tt.pop.greeting");
	feed_text(f, CLIENT, "QUIT\r\n");
	ck_value(f, "pop.request.command", "QUIT");
	f->gap = true;
	feed_text(f, SERVER, "+OK\r\n");
	ck_none(f, "tt.pop.command");
	feed_free(f);
}
END_TEST

START_TEST(smtp_session)
{
	struct feed *f = feed_new(TCP, 25);

	feed_text(f, SERVER, "220 mail ESMTP\r\n");
	ck_value(f, "smtp.response.code", "220");
	ck_value(f, "tt.smtp.greeting", "1");
	feed_text(f, CLIENT, "EHLO me\r\n");
	feed_text(f, SERVER, "250-mail\r\n250-STARTTLS\r\n");
	ck_assert_int_eq(f->r.nmarks, 0);
	ck_value(f, "smtp.rsp.parameter", "mail");
	feed_text(f, SERVER, "250 AUTH PLAIN LOGIN\r\n");
	ck_assert_int_eq(mark_role(f, 0), EXCHANGE_RESPONSE);
	ck_value(f, "smtp.response.code", "250");
	ck_value(f, "tt.smtp.command", "EHLO");
	ck_value(f, "tt.smtp.starttls_offered", "1");
	ck_value(f, "tt.smtp.auth_offered", "1");
	ck_value(f, "tt.smtp.auth_seen", "0");
	feed_text(f, CLIENT, "MAIL FROM:<a@b>\r\nRCPT TO:<c@d>\r\nRCPT TO:<e@f>\r\nDATA\r\n");
	ck_flag(f, "smtp.req.parameter", FIELD_IDENTITY);
	ck_value_nth(f, "tt.smtp.command", 3, "DATA");
	feed_text(f, SERVER, "250 2.1.0 Ok\r\n550 5.7.1 Relay\r\n250 2.1.5 Ok\r\n354 go\r\n");
	ck_value_nth(f, "tt.smtp.command", 1, "RCPT");
	ck_value_nth(f, "tt.smtp.enhanced", 1, "5.7.1");
	ck_value_nth(f, "tt.smtp.command", 3, "DATA");
	feed_text(f, CLIENT, "Subject: x\r\n\r\nQUIT\r\n..\r\n.\r\nQUIT\r\n");
	ck_assert_int_eq(field_nth(f, "tt.smtp.message", 0)->len, 24);
	ck_assert_ptr_nonnull(field_nth(f, "smtp.eom", 0));
	ck_value_nth(f, "smtp.req.command", 0, "QUIT");
	feed_text(f, SERVER, "250 queued\r\n221 Bye\r\n");
	ck_value_nth(f, "tt.smtp.command", 0, "DATA");
	ck_value_nth(f, "tt.smtp.command", 1, "QUIT");
	feed_free(f);
}
END_TEST

/* On another port a client that waited in vain for the greeting. */
START_TEST(smtp_by_client)
{
	struct feed *f = feed_new(TCP, 2500);

	feed_text(f, CLIENT, "EHLO me\r\n");
	ck_value(f, "smtp.req.parameter", "me");
	feed_free(f);
}
END_TEST

START_TEST(smtp_auth)
{
	struct feed *f = feed_new(TCP, 587);

	feed_text(f, CLIENT, "AUTH LOGIN\r\n");
	feed_text(f, SERVER, "334 VXNlcm5hbWU6\r\n");
	feed_text(f, CLIENT, "am9l\r\n");
	ck_value(f, "smtp.auth.username", "am9l");
	ck_value(f, "tt.smtp.user", "joe");
	feed_text(f, SERVER, "334 UGFzc3dvcmQ6\r\n");
	feed_text(f, CLIENT, "c2VjcmV0\r\n");
	ck_value(f, "smtp.auth.password", "c2VjcmV0");
	ck_flag(f, "smtp.auth.password", FIELD_SECRET);
	feed_text(f, SERVER, "535 5.7.8 no\r\n");
	ck_value(f, "tt.smtp.command", "AUTH");
	ck_value(f, "tt.smtp.user", "joe");
	ck_value(f, "tt.smtp.enhanced", "5.7.8");
	ck_value(f, "tt.smtp.auth_seen", "1");
	feed_text(f, CLIENT, "AUTH PLAIN AHN0ZXZlMzUAeHh4\r\n");
	ck_value(f, "smtp.auth.username_password", "AHN0ZXZlMzUAeHh4");
	ck_flag(f, "smtp.req.parameter", FIELD_SECRET);
	ck_flag(f, "smtp.command_line", FIELD_SECRET);
	ck_value(f, "tt.smtp.user", "steve35");
	feed_text(f, CLIENT, "STARTTLS\r\n");
	ck_value(f, "smtp.req.command", "STAR"); /* as Wireshark cuts it */
	ck_value(f, "tt.smtp.command", "STARTTLS");
	feed_free(f);
}
END_TEST

START_TEST(smtp_bdat)
{
	struct feed *f = feed_new(TCP, 25);

	feed_text(f, CLIENT, "BDAT 10\r\n12345");
	ck_assert_int_eq(field_nth(f, "tt.smtp.message", 0)->len, 5);
	feed_text(f, CLIENT, "6789\nQUIT\r\n");
	ck_assert_int_eq(field_nth(f, "tt.smtp.message", 0)->len, 5);
	ck_value(f, "smtp.req.command", "QUIT");
	feed_free(f);
}
END_TEST

START_TEST(smtp_masked_starttls)
{
	struct feed *f = feed_new(TCP, 25);

	feed_text(f, SERVER, "220 x\r\n");
	feed_text(f, CLIENT, "EHLO me\r\n");
	feed_text(f, SERVER, "250-mail\r\n250 XXXXXXXA\r\n");
	ck_value(f, "tt.smtp.starttls_masked", "1");
	ck_value(f, "tt.smtp.starttls_offered", "0");
	feed_free(f);
}
END_TEST

START_TEST(imap_login_forms)
{
	static const struct {
		const char *line, *user, *password;
	} cases[] = {
		{"a LOGIN joe secret\r\n", "joe", "secret"},
		{"a login \"joe\" \"se cret\"\r\n", "joe", "se cret"},
		{"a LOGIN \"j\\\"oe\" {6+}\r\nsecret\r\n", "j\\\"oe", "secret"},
		{"a LOGIN {3+}\r\njoe {6}\r\nsecret\r\n", "joe", "secret"},
	};
	struct feed *f = feed_new(TCP, 143);

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		feed_text(f, CLIENT, cases[i].line);
		ck_value(f, "imap.request.password", cases[i].password);
		ck_flag(f, "imap.line", FIELD_SECRET);
		ck_flag(f, "imap.request", FIELD_SECRET);
		feed_text(f, SERVER, "a NO [AUTHENTICATIONFAILED] no\r\n");
		ck_value(f, "tt.imap.user", cases[i].user);
		ck_value(f, "tt.imap.command", "LOGIN");
		ck_value(f, "tt.imap.code", "AUTHENTICATIONFAILED");
		ck_value(f, "imap.response.status", "NO");
	}
	feed_free(f);
}
END_TEST

START_TEST(imap_literal_in_pieces)
{
	struct feed *f = feed_new(TCP, 143);

	feed_text(f, CLIENT, "a LOGIN {3}\r\n");
	feed_text(f, SERVER, "+ go\r\n");
	feed_text(f, CLIENT, "jo");
	feed_text(f, CLIENT, "e {6}\r\nse");
	ck_assert_ptr_nonnull(field_nth(f, "imap.request.password", 0));
	feed_text(f, CLIENT, "cret\r\nb NOOP\r\n");
	ck_value(f, "imap.request.command", "NOOP");
	feed_text(f, SERVER, "b OK\r\na OK in\r\n");
	ck_value_nth(f, "tt.imap.command", 0, "NOOP");
	ck_value_nth(f, "tt.imap.command", 1, "LOGIN");
	ck_value(f, "tt.imap.user", "joe");
	ck_assert(f->r.marks[0].key != f->r.marks[1].key);
	feed_text(f, SERVER, "* 1 FETCH (BODY {12}\r\na OK fake\r\n\r\n)\r\n");
	ck_none(f, "imap.response.status");
	ck_value(f, "tt.imap.untagged", "1");
	feed_free(f);
}
END_TEST

START_TEST(imap_abilities)
{
	struct feed *f = feed_new(TCP, 143);

	feed_text(f, SERVER, "* OK [CAPABILITY IMAP4rev1 STARTTLS LOGINDISABLED] hi\r\n");
	ck_value(f, "tt.imap.greeting", "1");
	ck_value(f, "tt.imap.starttls_offered", "1");
	ck_value(f, "tt.imap.login_disabled", "1");
	feed_text(f, CLIENT, "a UID FETCH 1 FLAGS\r\nb STARTTLS\r\n");
	ck_value(f, "imap.request.command", "FETCH");
	ck_value(f, "imap.request.command.uid", "1");
	feed_text(f, SERVER, "* CAPABILITY IMAP4rev1\r\nb OK\r\n");
	ck_value(f, "tt.imap.starttls_offered", "0");
	ck_assert(f->conv.app_opaque);
	feed_free(f);
}
END_TEST

START_TEST(imap_authenticate)
{
	struct feed *f = feed_new(TCP, 143);

	feed_text(f, CLIENT, "a AUTHENTICATE PLAIN\r\n");
	feed_text(f, SERVER, "+ \r\n");
	feed_text(f, CLIENT, "AHN0ZXZlMzUAeHh4\r\n");
	ck_flag(f, "imap.line", FIELD_SECRET);
	ck_value(f, "tt.imap.user", "steve35");
	ck_none(f, "imap.request_tag");
	feed_text(f, CLIENT, "b SELECT \"Private\"\r\n");
	ck_value(f, "imap.request.folder", "\"Private\"");
	feed_free(f);
}
END_TEST

START_TEST(ftp_data_connections)
{
	struct feed *f = feed_new(TCP, 21);

	feed_text(f, CLIENT, "PORT 192,0,2,1,4,1\r\n");
	ck_value(f, "ftp.active.cip", "192.0.2.1");
	ck_value(f, "ftp.active.port", "1025");
	ck_value(f, "ftp.active.nat", "1");
	feed_text(f, SERVER, "227 Entering 2 Passive Mode (10,0,0,7,0,21).\r\n");
	ck_value(f, "ftp.passive.ip", "10.0.0.7");
	ck_value(f, "ftp.passive.port", "21");
	feed_text(f, SERVER, "227 Entering (10,0,0,300,0,21)\r\n");
	ck_none(f, "ftp.passive.ip");
	feed_text(f, CLIENT, "EPRT |2|2001:db8::1|5282|\r\n");
	ck_value(f, "ftp.eprt.ipv6", "2001:db8::1");
	ck_value(f, "ftp.eprt.port", "5282");
	feed_text(f, SERVER, "229 ok (|||6446|)\r\n");
	ck_value(f, "ftp.epsv.port", "6446");
	feed_text(f, CLIENT, "EPRT |2|:::::::::|5282\r\n");
	ck_none(f, "ftp.eprt.ipv6");
	feed_free(f);
}
END_TEST

START_TEST(ftp_replies)
{
	struct feed *f = feed_new(TCP, 21);

	feed_text(f, SERVER, "220-hello\r\n220 is not the end here\r\n");
	ck_value(f, "tt.ftp.greeting", "1");
	feed_text(f, CLIENT, "USER joe\r\nPASS secret\r\nRETR x\r\n");
	ck_assert(field_nth(f, "ftp.request.arg", 1)->flags & FIELD_SECRET);
	feed_text(f, SERVER,
		  "331 pass\r\n230-Hi joe\r\n 530 inside\r\n230 in\r\n150 open\r\n425 no\r\n");
	ck_value_nth(f, "tt.ftp.command", 1, "PASS");
	ck_value_nth(f, "tt.ftp.command", 2, "RETR");
	ck_value_nth(f, "tt.ftp.command", 3, "RETR");
	ck_assert_int_eq(mark_role(f, 2), EXCHANGE_EVENT);
	ck_assert_int_eq(mark_role(f, 3), EXCHANGE_RESPONSE);
	feed_text(f, CLIENT, "AUTH TLS\r\n");
	feed_text(f, SERVER, "234 go\r\n");
	ck_assert(f->conv.app_opaque);
	feed_free(f);
}
END_TEST

/* On another port by what only a newsreader says. */
START_TEST(nntp_by_client)
{
	struct feed *f = feed_new(TCP, 1199);

	feed_text(f, SERVER, "200 welcome\r\n");
	feed_text(f, CLIENT, "MODE READER\r\n");
	feed_text(f, SERVER, "201 no posting\r\n");
	ck_value(f, "tt.nntp.response.code", "201");
	feed_free(f);
}
END_TEST

START_TEST(nntp_session)
{
	struct feed *f = feed_new(TCP, 119);

	feed_text(f, SERVER, "200 news ready\r\n");
	ck_value(f, "tt.nntp.greeting", "1");
	feed_text(f, CLIENT, "AUTHINFO USER joe\r\nAUTHINFO PASS secret\r\nARTICLE 1\r\n");
	ck_assert(field_nth(f, "tt.nntp.request.arg", 0)->flags & FIELD_IDENTITY);
	ck_assert(field_nth(f, "tt.nntp.request.arg", 1)->flags & FIELD_SECRET);
	feed_text(f, SERVER, "381 more\r\n481 no\r\n220 1 <x>\r\n200 text\r\n.\r\n");
	ck_value_nth(f, "tt.nntp.response.code", 1, "481");
	ck_value_nth(f, "tt.nntp.command", 1, "AUTHINFO");
	ck_assert_ptr_null(field_nth(f, "tt.nntp.response.code", 3));
	ck_assert_int_eq(field_nth(f, "tt.nntp.text", 0)->len, 13);
	feed_free(f);
}
END_TEST

START_TEST(by_content)
{
	static const struct {
		const char *greeting, *proto;
	} cases[] = {
		{"+OK POP3 here\r\n", "pop"},
		{"220 x ESMTP y\r\n", "smtp"},
		{"220 (vsFTPd 3.0)\r\n", "ftp"},
		{"* OK IMAP4\r\n", "imap"},
		{"200 x InterNetNews NNRP server INN 2.6\r\n", "nntp"},
	};

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		struct feed *f = feed_new(TCP, 4711);

		feed_text(f, SERVER, cases[i].greeting);
		ck_assert_int_eq(f->r.layers[0].proto,
				 proto_find(cases[i].proto, strlen(cases[i].proto)));
		feed_free(f);
	}
}
END_TEST

START_TEST(tls_is_not_text)
{
	struct feed *f = feed_new(TCP, 110);

	feed_bytes(f, CLIENT, "\x16\x03\x01\x00\x05hello", 10);
	ck_assert_int_eq(f->r.layers[0].proto, PROTO_data);
	feed_text(f, SERVER, "-ERR what\r\n");
	ck_value(f, "pop.response.indicator", "-ERR");
	feed_free(f);
}
END_TEST

/* Lines no writer of an RFC had in mind, to each protocol and direction. */
START_TEST(odd_lines)
{
	static const uint16_t ports[] = {110, 25, 143, 21, 119};
	static const char *const odd[] = {
		"\n",           "\r\n",
		" \r\n",        "\r",
		"AUTH\n",       "AUTH PLAIN\n",
		"APOP\n",       "x\n",
		"220-\n",       "220\n",
		"22\n",         "BDAT 999999999999\n",
		"a LOGIN\n",    "a LOGIN {\n",
		"a LOGIN {}\n", "a LOGIN {99999999999}\n",
		"PORT 1\n",     "PORT 1,2,3,4,5,6,7,8\n",
		"EPRT |\n",     "EPRT |||||||\n",
		"229 (\n",      "227 1,2,3\n",
		"+OK [\n",      "* \n",
		"*\n",          "+\n",
		".\n",          "MODE\n",
		"334 \n",       "383 \n",
	};

	for (size_t p = 0; p < G_N_ELEMENTS(ports); p++)
		for (size_t i = 0; i < G_N_ELEMENTS(odd); i++) {
			struct feed *f = feed_new(TCP, ports[p]);

			f->last = true;
			for (int turn = 0; turn < 4; turn++) {
				feed_text(f, turn & 1, odd[i]);
				ck_assert_int_eq(f->r.payload.consumed, strlen(odd[i]));
			}
			feed_bytes(f, CLIENT, "\0\0\n\xff\xfe\n", 6);
			feed_bytes(f, SERVER, "\0\0\n\xff\xfe\n", 6);
			feed_free(f);
		}
}
END_TEST

START_TEST(long_line)
{
	static const uint16_t ports[] = {110, 25, 143, 21, 119};
	char *line = g_malloc(60000);

	memset(line, 'A', 60000);
	for (size_t p = 0; p < G_N_ELEMENTS(ports); p++) {
		struct feed *f = feed_new(TCP, ports[p]);

		ck_assert_int_eq(feed_bytes(f, CLIENT, line, 4000), 0);
		ck_assert_int_eq(feed_bytes(f, CLIENT, line, 60000), 60000);
		ck_assert_uint_gt(f->r.nfields, 1);
		line[10] = '\n';
		feed_bytes(f, CLIENT, line, 11); /* its end: still no command */
		ck_assert_int_eq(f->r.nmarks, 0);
		line[10] = 'A';
		ck_assert_int_eq(feed_bytes(f, SERVER, line, 60000), 60000);
		feed_free(f);
	}
	g_free(line);
}
END_TEST

START_TEST(many_commands)
{
	struct feed *f = feed_new(TCP, 25);
	GString *all = g_string_new(NULL);

	for (int i = 0; i < 200; i++)
		g_string_append(all, "RCPT TO:<a@b>\r\n");
	feed_text(f, CLIENT, all->str);
	g_string_truncate(all, 0);
	for (int i = 0; i < 199; i++)
		g_string_append(all, "250 Ok\r\n");
	feed_text(f, SERVER, all->str);
	feed_text(f, SERVER, "550 no\r\n");
	ck_value(f, "tt.smtp.command", "RCPT");
	feed_text(f, SERVER, "250 whose?\r\n");
	ck_none(f, "tt.smtp.command");
	g_string_free(all, TRUE);
	feed_free(f);
}
END_TEST

START_TEST(cut_by_capture)
{
	struct feed *f = feed_new(TCP, 110);

	f->cut = 100;
	feed_text(f, SERVER, "+OK half a li");
	ck_value(f, "pop.response.description", "half a li");
	ck_flag(f, "pop.response.description", FIELD_SNAPPED);
	ck_assert(f->r.snapped);
	feed_free(f);
}
END_TEST

static Suite *suite(void)
{
	const TTest *const tests[] = {
		pop_login,
		pop_many_lines,
		pop_auth,
		pop_split,
		pop_middle_of_connection,
		smtp_session,
		smtp_by_client,
		smtp_auth,
		smtp_bdat,
		smtp_masked_starttls,
		imap_login_forms,
		imap_literal_in_pieces,
		imap_abilities,
		imap_authenticate,
		ftp_data_connections,
		ftp_replies,
		nntp_session,
		nntp_by_client,
		by_content,
		tls_is_not_text,
		odd_lines,
		long_line,
		many_commands,
		cut_by_capture,
	};
	Suite *s = suite_create("app");
	TCase *c = tcase_create("app");

	for (size_t i = 0; i < G_N_ELEMENTS(tests); i++)
		tcase_add_test(c, tests[i]);
	suite_add_tcase(s, c);
	return s;
}

UNIT_MAIN(suite)
