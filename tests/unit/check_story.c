/* SPDX-License-Identifier: GPL-3.0-or-later */
/* story: the witness's sentences for the shipped captures, and what keeps them few. */
#include "capture_run.h"
#include "tracetutor/story.h"

#include "unit.h"

#define SECOND INT64_C(1000000000)

/* A story and its lines, "packet|sentence\n". */
struct told {
	struct story *story;
	struct buf lines;
	int64_t last;
};

static void drain(struct told *t)
{
	struct buf line = BUF_INIT;
	uint32_t packet;

	while (story_next(t->story, &packet, &line)) {
		buf_printf(&t->lines, "%u|%s\n", packet, buf_text(&line));
		ck_assert(text_is_clean(buf_text(&line), line.len));
		buf_reset(&line);
	}
	buf_release(&line);
}

static void observe(void *context, const struct record *r)
{
	struct told *t = context;

	t->last = r->time;
	story_record(t->story, r);
	drain(t);
}

static struct told told_of(const char *name, const char *server)
{
	struct told t = {.story = story_new(server, 0)};
	struct pipeline p;

	capture_run(&p, name, NULL, observe, &t);
	pipeline_release(&p);
	return t;
}

static void told_release(struct told *t)
{
	story_free(t->story);
	buf_release(&t->lines);
}

static const struct {
	const char *capture, *lines;
} shipped[] = {
	{"pop3-login.pcapng",
	 "6|Your program connected to 207.217.121.215, port 110 (1.1 s).\n"
	 "8|The server said hello: +OK NGPopper vEL_4_29 at earthlink.net ready "
	 "<18671.1048532426@avocet> (1.3 s).\n"
	 "9|Your program gave the user name steve35 (1.3 s).\n"
	 "14|The server refused the login: -ERR bad password or unknown username (6.6 s).\n"},
	{"tcp_refused.pcap", "2|Refused: nobody listens on port 110 of 203.0.113.10 (0.0 s).\n"},
	{"dns_nxdomain.pcap", "1|You asked for pop.exmaple.org (0.0 s).\n"
			      "2|No address for pop.exmaple.org: there is no such name (0.0 s).\n"},
	{"dhcp_dora.pcap", "1|This computer asked for an address (0.0 s).\n"
			   "4|This computer got an address: 192.0.2.50 (0.1 s).\n"},
	{"http_404.pcap", "2|Your program connected to 203.0.113.10, port 80 (0.0 s).\n"
			  "4|Your program asked a.example (203.0.113.10) for /x (0.0 s).\n"
			  "6|The server refused: 404 Not Found (0.1 s).\n"},
	{"tls_ok.pcap", "2|Your program connected to 127.0.0.1, port 4433 (0.0 s).\n"
			"9|Encrypted from here on: what is said cannot be read, only how much and "
			"when (0.0 s).\n"},
	{"tls_gnutls_ca13.pcap",
	 "2|Your program connected to 127.0.0.1, port 4433 (0.0 s).\n"
	 "9|Very likely your program refused the server's certificate (by the size of its answer) "
	 "(0.0 s).\n"},
	{"icmp_host_unreach.pcap",
	 "2|No way to 203.0.113.10, port 110: the computer cannot be reached (0.0 s).\n"},
	{"tcp_zero_window.pcap",
	 "2|Your program connected to 203.0.113.10, port 80 (0.0 s).\n"
	 "4|Your program asked x (203.0.113.10) for / (0.0 s).\n"
	 "13|Your program takes no more data for now: it has no room left (2.2 s).\n"
	 "4|No answer yet from x (203.0.113.10), port 80 (5 s).\n"},
	{"empty.pcap", ""},
};

START_TEST(shipped_captures)
{
	struct told t = told_of(shipped[_i].capture, NULL);

	ck_assert_str_eq(buf_text(&t.lines), shipped[_i].lines);
	told_release(&t);
}
END_TEST

/* Passwords, and nothing that came from the wire as it was. */
START_TEST(no_secrets)
{
	static const char *const captures[] = {"pop3-login.pcapng",  "pop3-ok.pcap",
					       "imap_authfail.pcap", "smtp_535.pcap",
					       "ftp_530.pcap",       "http_cookie.pcap"};
	static const char *const secrets[] = {"secret", "hunter", "PASS", "cGFz", "sid="};
	struct told t = told_of(captures[_i], NULL);

	for (size_t i = 0; i < G_N_ELEMENTS(secrets); i++)
		ck_assert_msg(!strstr(buf_text(&t.lines), secrets[i]), "%s", buf_text(&t.lines));
	told_release(&t);
}
END_TEST

/* What is overdue is told by the clock alone, a few times and not for ever. */
START_TEST(overdue)
{
	struct told t = told_of("web-page.pcap", "www.example.org");
	size_t before = t.lines.len;

	ck_assert_ptr_nonnull(strstr(buf_text(&t.lines),
				     "5|No answer yet from www.example.org (203.0.113.80), port "
				     "443 (3 s, asked 3 times).\n"));
	story_clock(t.story, t.last + 60 * SECOND);
	drain(&t);
	for (int i = 61; i < 500; i++)
		story_clock(t.story, t.last + i * SECOND);
	drain(&t);
	ck_assert_msg(t.lines.len == before, "%s", buf_text(&t.lines) + before);
	told_release(&t);
}
END_TEST

/* The conversation of the server that was not met yet is told, then only the named one. */
START_TEST(other_server_until_met)
{
	struct told t = told_of("web-page.pcap", "pop.example.net");

	ck_assert_ptr_nonnull(strstr(buf_text(&t.lines), "You asked for www.example.org"));
	told_release(&t);
}
END_TEST

/* --- few lines --- */

struct question {
	uint8_t bytes[128];
	uint32_t n;
};

/* A question for the name "hN.example" in an Ethernet frame (RFC 1035 section 4). */
static struct question question_make(unsigned number)
{
	static const uint8_t head[] = {
		2,    0,   0,   0,   0,   2,   2,   0,   0,    0,  0, 1,  8, 0, /* Ethernet */
		0x45, 0,   0,   57,  0,   0,   0,   0,   64,   17, 0, 0,        /* IP */
		192,  0,   2,   1,   192, 0,   2,   53,  0xc0, 0,  0, 53, 0, 37,  0,   0, /* UDP */
		0,    0,   1,   0,   0,   1,   0,   0,   0,    0,  0, 0,  3, 'h', '0', '0',
		7,    'e', 'x', 'a', 'm', 'p', 'l', 'e', 0,    0,  1, 0,  1};
	struct question q = {.n = sizeof(head)};

	memcpy(q.bytes, head, sizeof(head));
	q.bytes[43] = (uint8_t)number; /* DNS id */
	q.bytes[56] = (uint8_t)('0' + number / 10 % 10);
	q.bytes[57] = (uint8_t)('0' + number % 10);
	return q;
}

static void feed(struct pipeline *p, const struct question *q, unsigned number, int64_t time)
{
	struct frame f = {.number = number,
			  .time = time,
			  .captured = q->n,
			  .original = q->n,
			  .link_type = 1,
			  .data = q->bytes};

	pipeline_frame(p, &f);
}

static void ask(struct pipeline *p, unsigned number, int64_t time)
{
	struct question q = question_make(number);

	feed(p, &q, number, time);
}

/* The answer to question N: there is no such name. */
static void deny(struct pipeline *p, unsigned question, unsigned number, int64_t time)
{
	struct question q = question_make(question), a = q;

	memcpy(a.bytes + 26, q.bytes + 30, 4);
	memcpy(a.bytes + 30, q.bytes + 26, 4);
	memcpy(a.bytes + 34, q.bytes + 36, 2);
	memcpy(a.bytes + 36, q.bytes + 34, 2);
	a.bytes[44] = 0x81;
	a.bytes[45] = 0x83;
	feed(p, &a, number, time);
}

/* A question that was held back does not come after its answer. */
START_TEST(in_order)
{
	struct told t = {.story = story_new(NULL, 100 * SECOND)};
	struct pipeline p;

	pipeline_init(&p, NULL);
	pipeline_observe(&p, observe, &t);
	ask(&p, 1, 101 * SECOND);
	ask(&p, 2, 101 * SECOND);
	deny(&p, 2, 3, 101 * SECOND);
	drain(&t);
	ck_assert_str_eq(buf_text(&t.lines),
			 "1|You asked for h01.example (1.0 s).\n"
			 "2|You asked for h02.example (1.0 s).\n"
			 "3|No address for h02.example: there is no such name (1.0 s).\n");
	pipeline_release(&p);
	told_release(&t);
}
END_TEST

START_TEST(folded)
{
	struct told t = {.story = story_new(NULL, 100 * SECOND)};
	struct pipeline p;

	pipeline_init(&p, NULL);
	pipeline_observe(&p, observe, &t);
	for (unsigned i = 1; i <= 5; i++)
		ask(&p, i, 101 * SECOND + i * SECOND / 100);
	story_clock(t.story, 103 * SECOND);
	drain(&t);
	ck_assert_str_eq(buf_text(&t.lines), "1|You asked for h01.example (1.0 s).\n"
					     "5|You asked for h05.example (1.1 s), and 3 more.\n");
	pipeline_release(&p);
	told_release(&t);
}
END_TEST

/* Lines that nobody fetches do not pile up. */
START_TEST(bounded)
{
	struct story *s = story_new(NULL, 0);
	struct buf line = BUF_INIT;
	struct pipeline p;
	uint32_t packet;
	unsigned n = 0;

	pipeline_init(&p, NULL);
	pipeline_observe(&p, (pipeline_each *)story_record, s);
	for (unsigned i = 1; i < 100; i++)
		ask(&p, i, (100 + 2 * i) * SECOND);
	while (story_next(s, &packet, &line)) {
		n++;
		if (n <= STORY_MAX_LINES)
			buf_reset(&line);
	}
	ck_assert_uint_eq(n, STORY_MAX_LINES + 1);
	ck_assert_msg(g_str_has_prefix(buf_text(&line), "... and "), "%s", buf_text(&line));
	buf_release(&line);
	pipeline_release(&p);
	story_free(s);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("story");
	TCase *c = tcase_create("story");

	tcase_add_loop_test(c, shipped_captures, 0, G_N_ELEMENTS(shipped));
	tcase_add_loop_test(c, no_secrets, 0, 6);
	tcase_add_test(c, overdue);
	tcase_add_test(c, other_server_until_met);
	tcase_add_test(c, in_order);
	tcase_add_test(c, folded);
	tcase_add_test(c, bounded);
	suite_add_tcase(s, c);
	return s;
}

UNIT_MAIN(suite)
