/* SPDX-License-Identifier: GPL-3.0-or-later */
/* picture: the ladder in characters, the pictures of a page, and what counts as not answered. */
#include "unit.h"

#include <fcntl.h>
#include <glib.h>
#include <string.h>
#include <unistd.h>

#include "src/report/para.h"
#include "tracetutor/picture.h"
#include "tracetutor/session.h"

#define MS 1000000ll

static const struct figure_rung rungs[] = {
	{.packet = 1, .time = 0, .to_right = true, .text = "asks"},
	{.packet = 2, .time = 30 * MS, .text = "agrees", .proof = true, .linked = true},
	{.packet = 9,
	 .time = 1500 * MS,
	 .left_out = 6,
	 .to_right = true,
	 .lost = true,
	 .text = "says <b>&\"\x01 something that nobody hears, and goes on and on about it, "
		 "so that it does not fit"},
	{.packet = 10,
	 .time = 5000 * MS,
	 .silence = 3500 * MS,
	 .lost = true,
	 .text = "\xe5\x8c\x97"},
};

static struct figure sample(void)
{
	return (struct figure){.kind = FIGURE_LADDER,
			       .describe = "Two talk < & >.",
			       .note = "A note.",
			       .left = "client 192.0.2.1:1030",
			       .right = "server 198.51.100.5:110",
			       .right_name = "pop.example.org",
			       .rungs = rungs,
			       .nrungs = G_N_ELEMENTS(rungs),
			       .left_out = 1};
}

static unsigned widest(const char *text)
{
	unsigned widest = 0;

	while (*text) {
		size_t n = strcspn(text, "\n");

		widest = MAX(widest, text_columns(text, n));
		text += n + (text[n] != '\0');
	}
	return widest;
}

START_TEST(ladder_is_laid_out)
{
	struct figure f = sample();
	struct buf out = BUF_INIT;

	figure_text(&out, &f, 78);
	ck_assert_uint_eq(widest(out.s), 78);
	ck_assert_ptr_nonnull(strstr(out.s, "    time packet client 192.0.2.1:1030   "));
	ck_assert_ptr_nonnull(strstr(out.s, "\n   0.000      1 |-- asks -----"));
	ck_assert_ptr_nonnull(strstr(out.s, "->|\n   0.030      2 |<- agrees -----"));
	ck_assert_ptr_nonnull(strstr(out.s, "-| *\n"));
	ck_assert_ptr_nonnull(strstr(out.s, " 6 packets not shown "));
	ck_assert_ptr_nonnull(strstr(out.s, "... --x      |\n"));
	ck_assert_ptr_nonnull(strstr(out.s, " 3.5 seconds without a packet "));
	ck_assert_ptr_nonnull(strstr(out.s, "|                             x- \xe5\x8c\x97 ---"));
	ck_assert_ptr_nonnull(strstr(out.s, " 1 packet not shown "));
	ck_assert_ptr_nonnull(strstr(out.s, "\n\nA note.\n"));
	ck_assert_ptr_null(strstr(out.s, " \n"));
	buf_release(&out);
}
END_TEST

/* Each side stands in one column, whatever the width and the words. */
START_TEST(ladder_fits_every_width)
{
	for (unsigned width = 1; width < 200; width += 7) {
		struct figure f = sample();
		struct buf out = BUF_INIT;
		char **lines;

		figure_text(&out, &f, width);
		ck_assert_uint_le(widest(out.s), CLAMP(width, 40, 110));
		lines = g_strsplit(out.s, "\n", 0);
		for (unsigned i = 3; lines[i] && *lines[i]; i++)
			ck_assert(strchr("|:", lines[i][16]));
		g_strfreev(lines);
		buf_release(&out);
	}
}
END_TEST

static void draw(struct sink *s, const struct figure *f, const char *title)
{
	struct node_attr attr = {.title = title, .figure = f};

	sink_begin(s, NODE_REPORT, NULL);
	sink_begin(s, NODE_SECTION, NULL);
	sink_begin(s, NODE_FIGURE, &attr);
	sink_end(s, NODE_FIGURE);
	sink_end(s, NODE_SECTION);
	sink_end(s, NODE_REPORT);
	ck_assert(sink_flush(s));
	sink_free(s);
}

/* The page with that picture; g_free() it. */
static char *page_with(const struct figure *f)
{
	struct sink_options o = {0};
	char *path = NULL, *text = NULL;
	int fd = g_file_open_tmp("check_picture-XXXXXX", &path, NULL);

	ck_assert_int_ge(fd, 0);
	draw(sink_html_new(fd, &o), f, "A <title>");
	close(fd);
	ck_assert(g_file_get_contents(path, &text, NULL, NULL));
	unlink(path);
	g_free(path);
	return text;
}

START_TEST(page_has_a_drawing)
{
	struct figure f = sample();
	char *text = page_with(&f);

	ck_assert_ptr_nonnull(strstr(text, "<title id=\"ft1\">A &lt;title&gt;</title>"));
	ck_assert_ptr_nonnull(strstr(text, "<desc id=\"fd1\">Two talk &lt; &amp; &gt;.</desc>"));
	ck_assert_ptr_nonnull(strstr(text, "<a href=\"#p2\">"));
	ck_assert_ptr_null(strstr(text, "<a href=\"#p1\">")); /* it is not on the page */
	ck_assert_ptr_nonnull(strstr(text, "says &lt;b&gt;&amp;&quot;\xef\xbf\xbd something"));
	ck_assert_ptr_null(strstr(text, "<b>"));
	ck_assert_ptr_nonnull(strstr(text, ">A note.</p>"));
	g_free(text);
}
END_TEST

START_TEST(page_has_a_graph)
{
	static const struct figure_point sent[] = {{0, 0}, {10 * MS, 1460}, {900 * MS, 9000000}};
	static const struct figure_point far[] = {{INT64_MIN / 4, 0},
						  {INT64_MAX / 4, UINT64_MAX / 4}};
	static const struct figure_mark marks[] = {{{5 * MS, 100}, FIGURE_AGAIN, 7, true},
						   {{6 * MS, 200}, FIGURE_FULL, 8, false}};
	struct figure f = {.kind = FIGURE_GRAPH,
			   .describe = "Bytes.",
			   .left = "a",
			   .right = "b",
			   .sent = {sent, NULL},
			   .nsent = {G_N_ELEMENTS(sent), 0},
			   .marks = marks,
			   .nmarks = G_N_ELEMENTS(marks)};
	char *text = page_with(&f);

	ck_assert_ptr_nonnull(strstr(text, "<a href=\"#p7\"><g><title>packet 7: sent again"));
	ck_assert_ptr_nonnull(strstr(text, "<g><title>packet 8: no room left"));
	ck_assert_ptr_nonnull(strstr(text, ">the receiver had no room</text>"));
	g_free(text);
	f.sent[1] = far; /* times and numbers that no line could show */
	f.nsent[1] = G_N_ELEMENTS(far);
	text = page_with(&f);
	ck_assert_uint_lt(strlen(text), 40000);
	g_free(text);
	f.nsent[0] = f.nsent[1] = f.nmarks = 0;
	text = page_with(&f);
	ck_assert_ptr_nonnull(strstr(text, "</svg>"));
	g_free(text);
}
END_TEST

/* --- from captures --- */

static bool add(void *context, const struct record *r, struct engine *engine)
{
	(void)engine;
	picture_add(context, r, true);
	return true;
}

/* The picture of a TCP or UDP conversation of a bundled capture. */
static struct picture *picture_of(const char *name, uint8_t ip_proto)
{
	char *path = g_build_filename(g_getenv("TRACETUTOR_DATA"), "captures", name, NULL);
	struct picture *p = picture_new(0, ip_proto, NULL);
	struct diag d = DIAG_INIT;
	struct session *s = session_open(path, NULL, &d);

	ck_assert_ptr_nonnull(s);
	ck_assert(session_read(s, NULL, NULL, &d));
	ck_assert(session_walk(s, 1, UINT32_MAX, NULL, add, p, &d));
	session_close(s);
	diag_release(&d);
	g_free(path);
	return p;
}

static const struct {
	const char *capture;
	uint8_t ip_proto;
	uint32_t rungs, lost; /* lost: bit n - 1 for rung n */
} answers[] = {
	{"tcp_refused.pcap", 6, 2, 0},
	{"tcp_no_synack.pcap", 6, 5, 0x1f},
	{"pmtu_blackhole.pcap", 6, 11, 0x7e0},
	{"tcp_zero_window.pcap", 6, 16, 0},
	{"dns_timeout.pcap", 17, 3, 7},
	{"dns_port_closed.pcap", 17, 2, 0}, /* the ICMP error came back */
	{"recorded-twice.pcap", 6, 0, 0},   /* a second copy is no repeat */
	{"one-sided.pcap", 6, 0, 0},        /* what was answered cannot be told */
};

START_TEST(unanswered_packets_are_told)
{
	struct picture *p = picture_of(answers[_i].capture, answers[_i].ip_proto);
	const struct figure *f = picture_ladder(p, NULL, PICTURE_MAX_RUNGS);
	uint32_t lost = 0;

	ck_assert_ptr_nonnull(f);
	if (answers[_i].rungs)
		ck_assert_uint_eq(f->nrungs, answers[_i].rungs);
	for (size_t i = 0; i < MIN(f->nrungs, 32); i++)
		lost |= (uint32_t)f->rungs[i].lost << i;
	ck_assert_uint_eq(lost, answers[_i].lost);
	picture_free(p);
}
END_TEST

START_TEST(long_ladders_are_thinned)
{
	struct picture *p = picture_of("pop3-ok.pcap", 6);
	const struct figure *all = picture_ladder(p, NULL, PICTURE_MAX_RUNGS);
	size_t n = all->nrungs, shown = 0;
	const struct figure *some = picture_ladder(p, NULL, 10);

	ck_assert_uint_gt(n, 10);
	ck_assert_uint_le(some->nrungs, 19); /* one alone between two is shown, too */
	ck_assert_uint_lt(some->nrungs, n);
	for (size_t i = 0; i < some->nrungs; i++)
		shown += 1 + some->rungs[i].left_out;
	ck_assert_uint_eq(shown + some->left_out, n);
	picture_free(p);
}
END_TEST

START_TEST(graph_needs_something_to_show)
{
	struct picture *few = picture_of("tcp_refused.pcap", 6);
	struct picture *loss = picture_of("tcp_loss_fast.pcap", 6);
	const struct figure *f = picture_graph(loss, NULL);

	ck_assert_ptr_null(picture_graph(few, NULL));
	ck_assert_ptr_nonnull(f);
	ck_assert_uint_eq(f->nmarks, 1);
	ck_assert_int_eq(f->marks[0].kind, FIGURE_AGAIN);
	ck_assert_uint_eq(f->marks[0].packet, 16);
	picture_free(few);
	picture_free(loss);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("picture");
	TCase *t = tcase_create("all");

	tcase_add_test(t, ladder_is_laid_out);
	tcase_add_test(t, ladder_fits_every_width);
	tcase_add_test(t, page_has_a_drawing);
	tcase_add_test(t, page_has_a_graph);
	tcase_add_loop_test(t, unanswered_packets_are_told, 0, (int)G_N_ELEMENTS(answers));
	tcase_add_test(t, long_ladders_are_thinned);
	tcase_add_test(t, graph_needs_something_to_show);
	suite_add_tcase(s, t);
	return s;
}

UNIT_MAIN(suite)
