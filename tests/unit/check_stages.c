/* SPDX-License-Identifier: GPL-3.0-or-later */
/* stages: how far programs came in the shipped captures, and what is said of two side by side. */
#include "capture_run.h"
#include "tracetutor/stages.h"

#include "unit.h"

static void observe(void *context, const struct record *r)
{
	stages_record(context, r);
}

static struct stages *stages_of(const char *name, const char *server)
{
	struct stages *s = stages_new(server);
	struct pipeline p;

	capture_run(&p, name, NULL, observe, s);
	pipeline_release(&p);
	return s;
}

/* The states in the order of enum stage: "." not seen, "+" done, "-" refused, "?" open, "*" hidden;
 * after a guess stands "~". */
static const char *pattern(struct stages *s)
{
	static char text[2 * STAGE_COUNT + 1];
	const struct stage_result *r = stages_results(s);
	size_t n = 0;

	for (unsigned i = 0; i < STAGE_COUNT; i++) {
		text[n++] = r[i].hidden ? '*' : ".+-?"[r[i].state];
		if (r[i].guess)
			text[n++] = '~';
	}
	text[n] = '\0';
	return text;
}

/* Address, name, connection, encryption, hello, login, transfer. */
static const struct {
	const char *capture, *pattern;
} shipped[] = {
	{"pop3-login.pcapng", "..+.+-."},
	{"pop3-ok.pcap", "..+.+++"},
	{"pop3-locked.pcap", "..+.+-."},
	{"imap_authfail.pcap", "..+.+-."},
	{"smtp_535.pcap", "..+.+-."},
	{"smtp_530_starttls.pcap", "..+.+-."},
	{"smtp_550_relay.pcap", "..+.+.-"},
	{"smtp_554_banner.pcap", "..+.-.."},
	{"smtp_starttls_missing.pcap", "..+-+.."},
	{"ftp_530.pcap", "..+.+-."},
	{"ftp_425.pcap", "..+.+.-"},
	{"http_404.pcap", "..+.+.-"},
	{"http_407.pcap", "..+.+-."},
	{"http_503.pcap", "..+.+.-"},
	{"slow_server.pcap", "..+.+.+"},
	{"pmtu_blackhole.pcap", "..+.-.?"},
	{"rst_midstream.pcap", "..+.-.-"},
	{"tcp_refused.pcap", "..-...."},
	{"tcp_no_synack.pcap", "..?...."},
	{"half-handshake.pcap", "..-...."},
	{"icmp_admin_prohib.pcap", "..-...."},
	{"peer-vanished.pcap", "..+.+.-"},
	{"web-page.pcap", ".+?...."},
	{"dns_nxdomain.pcap", ".-....."},
	{"dns_servfail.pcap", ".-....."},
	{"dns_timeout.pcap", ".?....."},
	{"dhcp_dora.pcap", "+......"},
	{"dhcp_nak.pcap", "-......"},
	{"dhcp_no_offer.pcap", "?......"},
	{"tls_ok.pcap", "..++***"},
	{"tls_unknown_ca13.pcap", "..+-..."},
	{"tls_gnutls_ca13.pcap", "..+-~..."},
	{"tls_version.pcap", "..+-..."},
	{"tls_closed.pcap", "..+-..."},
	{"pop3s_bad.pcap", "..++*-~*"},
	{"pop3s_good.pcap", "..++***"},
	{"one-sided.pcap", "......."}, /* what is not in the capture is not claimed */
	{"all-cut.pcap", "..+...."},   /* nor what was cut away */
	{"empty.pcap", "......."},
	{"unknown-link.pcap", "......."},
	{"ntp_skew.pcap", "......."},
};

START_TEST(shipped_captures)
{
	struct stages *s = stages_of(shipped[_i].capture, NULL);

	ck_assert_msg(!strcmp(pattern(s), shipped[_i].pattern), "%s: %s instead of %s",
		      shipped[_i].capture, pattern(s), shipped[_i].pattern);
	stages_free(s);
}
END_TEST

/* Programs remember names, and do not ask for them while it is recorded. */
START_TEST(name_known_before)
{
	static const struct {
		const char *capture, *at, *who;
		bool named;
	} row[] = {
		{"pop3-login.pcapng", "207.217.121.215",
		 "pop.example.org (207.217.121.215), port 110", true},
		{"pop3-login.pcapng", "207.217.121.216", "207.217.121.215, port 110", false},
		/* what is said in the conversation itself counts for more */
		{"tls_ok.pcap", "127.0.0.1", "mail.lab (127.0.0.1), port 4433", false},
	};
	struct stages *s = stages_new("pop.example.org");
	struct pipeline p;

	stages_server_at(s, row[_i].at);
	capture_run(&p, row[_i].capture, NULL, observe, s);
	pipeline_release(&p);
	stages_results(s);
	ck_assert_str_eq(stages_talk(s)->who, row[_i].who);
	ck_assert(stages_talk(s)->named == row[_i].named);
	stages_free(s);
}
END_TEST

START_TEST(words_and_packets)
{
	struct stages *s = stages_of("pop3-login.pcapng", "207.217.121.215");
	const struct stage_result *r = stages_results(s);

	ck_assert_str_eq(r[STAGE_LOGIN].words, "refused: -ERR bad password or unknown username");
	ck_assert_uint_eq(r[STAGE_LOGIN].packet, 14);
	ck_assert_int_gt(r[STAGE_LOGIN].took, INT64_C(5000000000));
	ck_assert_uint_eq(r[STAGE_CONNECT].packet, 6);
	ck_assert(stages_talk(s)->found && stages_talk(s)->named);
	ck_assert_str_eq(stages_talk(s)->who, "207.217.121.215, port 110");
	ck_assert_uint_eq(stages_talk(s)->to, 6);
	stages_free(s);
}
END_TEST

/* Every way to write the server means the same one. */
START_TEST(server_as_written)
{
	static const char *const written[] = {"www.example.org",
					      "WWW.Example.ORG.",
					      "example.org",
					      "https://www.example.org/a?b",
					      "www.example.org:443",
					      "203.0.113.80",
					      "http://me@203.0.113.80:80/"};
	struct stages *s = stages_of("web-page.pcap", written[_i]);

	ck_assert_msg(stages_talk(s)->named, "%s", written[_i]);
	ck_assert_str_eq(stages_talk(s)->who, "www.example.org (203.0.113.80), port 443");
	stages_free(s);
}
END_TEST

START_TEST(other_server)
{
	struct stages *s = stages_of("web-page.pcap", "ample.org");

	ck_assert(!stages_talk(s)->named);
	stages_free(s);
}
END_TEST

static const struct {
	const char *before, *after, *server, *begins;
} pairs[] = {
	{"pop3-locked.pcap", "pop3-ok.pcap", NULL,
	 "Before, the login was refused; now it was accepted.\n\n"},
	{"pop3-ok.pcap", "pop3-locked.pcap", "198.51.100.10",
	 "It got worse: before, the login was accepted; now it was refused.\n"},
	{"pop3_err.pcap", "pop3_err.pcap", NULL,
	 "The same happened again: the login was refused (packet 12), as before.\n"},
	{"pop3-locked.pcap", "pop3-trouble.pcap", NULL,
	 "The same happened again: the login was refused (packet 12), but in other words.\n"},
	{"tcp_refused.pcap", "pop3_err.pcap", NULL,
	 "Before, the connection was refused; now it was accepted. But then the login was refused "
	 "(packet 12).\n"},
	{"tcp_refused.pcap", "tcp_no_synack.pcap", NULL,
	 "It fails in another way: before, the connection was refused; now it was not answered.\n"},
	{"slow_server.pcap", "keep-alive.pcap", NULL,
	 "Before as now nothing went wrong: the transfer worked both times. It was faster: "
	 "\"Hello\" took 0.03 s instead of 9.53 s. But the two are not about the same server.\n"},
	{"tls_unknown_ca13.pcap", "tls_ok.pcap", NULL,
	 "Before, encryption did not come about; now it was agreed on.\n"},
	{"pop3s_bad.pcap", "pop3s_good.pcap", NULL,
	 "Before, the login was very likely refused (only sizes can be seen: a guess); now the "
	 "sizes do not look like that any more.\n"},
	{"tls_ok.pcap", "tls_ok.pcap", NULL,
	 "Before as now nothing went wrong: encryption was agreed on both times. What was said "
	 "then is encrypted and cannot be seen.\n"},
	{"dns_nxdomain.pcap", "pop3-ok.pcap", NULL,
	 "Before, the server's name was not found; now it did not have to be looked up.\n"},
	{"dhcp_no_offer.pcap", "dhcp_dora.pcap", NULL,
	 "Before, the question for an address was not answered; now it was answered.\n"},
	{"one-sided.pcap", "pop3-ok.pcap", NULL,
	 "Before, the connection cannot be judged, for only one side was recorded; now it was "
	 "accepted.\n"},
	{"empty.pcap", "unknown-link.pcap", NULL,
	 "Neither of the two traces shows how far your program came.\n"},
};

START_TEST(compared)
{
	struct stages *a = stages_of(pairs[_i].before, pairs[_i].server);
	struct stages *b = stages_of(pairs[_i].after, pairs[_i].server);
	struct buf out = BUF_INIT;

	stages_compare(a, b, 200, &out);
	ck_assert_msg(g_str_has_prefix(buf_text(&out), pairs[_i].begins), "%s", buf_text(&out));
	buf_release(&out);
	stages_free(a);
	stages_free(b);
}
END_TEST

/* A page of text: few lines, none too long, each packet named. */
START_TEST(table)
{
	struct stages *a = stages_of("pop3-login.pcapng", NULL);
	struct stages *b = stages_of("pop3-ok.pcap", NULL);
	struct buf out = BUF_INIT;
	char **lines;

	stages_compare(a, b, 78, &out);
	lines = g_strsplit(buf_text(&out), "\n", -1);
	ck_assert_uint_le(g_strv_length(lines), 20);
	for (char **l = lines; *l; l++) {
		ck_assert_int_le(g_utf8_strlen(*l, -1), 78);
		ck_assert(!g_str_has_suffix(*l, " "));
	}
	ck_assert_ptr_nonnull(strstr(buf_text(&out), "Login       refused: -ERR bad password or"));
	ck_assert_ptr_nonnull(strstr(buf_text(&out), "(packet 14, 5.15 s)"));
	ck_assert_ptr_null(strchr(buf_text(&out), '\x1f'));
	g_strfreev(lines);
	buf_release(&out);
	stages_free(a);
	stages_free(b);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("stages");
	TCase *one = tcase_create("one trace"), *two = tcase_create("two traces");

	tcase_add_loop_test(one, shipped_captures, 0, G_N_ELEMENTS(shipped));
	tcase_add_loop_test(one, name_known_before, 0, 3);
	tcase_add_test(one, words_and_packets);
	tcase_add_loop_test(one, server_as_written, 0, 7);
	tcase_add_test(one, other_server);
	tcase_add_loop_test(two, compared, 0, G_N_ELEMENTS(pairs));
	tcase_add_test(two, table);
	suite_add_tcase(s, one);
	suite_add_tcase(s, two);
	return s;
}

UNIT_MAIN(suite)
