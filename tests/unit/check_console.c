/* SPDX-License-Identifier: GPL-3.0-or-later */
/* console: the tables of commands and options, reading argv by them, and completion. */
#include "unit.h"

#include <ctype.h>
#include <string.h>

#include "src/console/cli.h"
#include "src/console/dialogue.h"
#include "src/console/views.h"

#define MAX_ARGS 8

/* A command line given as one string, parsed; the request borrows the words. */
struct parsed {
	char **words;
	struct request q;
	const struct command *c;
	char *said;
	bool ok;
};

static struct parsed parse(const char *line)
{
	struct parsed p = {.words = g_strsplit(line, " ", MAX_ARGS)};
	char **argv = g_memdup2(p.words, (g_strv_length(p.words) + 1) * sizeof(*argv));
	struct diag d = DIAG_INIT;
	struct buf text = BUF_INIT;

	/* getopt moves the words about, so it gets its own vector */
	p.ok = command_parse((int)g_strv_length(p.words), argv, &p.q, &p.c, &d);
	ck_assert(p.ok == (d.errors == 0));
	diag_write(&d, &text);
	p.said = buf_steal(&text);
	diag_release(&d);
	p.q.args = p.q.nargs ? g_memdup2(p.q.args, (gsize)p.q.nargs * sizeof(*p.q.args)) : NULL;
	g_free(argv);
	return p;
}

static void parsed_release(struct parsed *p)
{
	g_free(p->q.args);
	g_free(p->said);
	g_strfreev(p->words);
}

START_TEST(tables_are_sound)
{
	for (size_t i = 0; i < command_count; i++) {
		ck_assert(islower(command_table[i].help[0]));
		ck_assert_ptr_nonnull(command_table[i].run);
		for (size_t k = 0; k < i; k++)
			ck_assert_str_ne(command_table[i].name, command_table[k].name);
	}
	for (int i = 0; i < OPTION_COUNT; i++) {
		ck_assert_ptr_nonnull(option_table[i].name);
		ck_assert_ptr_nonnull(option_table[i].help);
		for (int k = 0; k < i; k++)
			ck_assert(!option_table[i].letter ||
				  option_table[i].letter != option_table[k].letter);
	}
	for (size_t i = 0; i < word_count; i++)
		for (size_t k = 0; k < i; k++)
			ck_assert_str_ne(word_table[i].name, word_table[k].name);
}
END_TEST

START_TEST(help_shows_every_row)
{
	struct buf text = BUF_INIT;

	help_program(&text);
	for (size_t i = 0; i < command_count; i++)
		ck_assert_ptr_nonnull(strstr(buf_text(&text), command_table[i].help));
	for (int i = 0; i < OPTION_COUNT; i++)
		ck_assert_ptr_nonnull(strstr(buf_text(&text), option_table[i].help));
	buf_release(&text);
}
END_TEST

START_TEST(options_stand_anywhere)
{
	struct parsed p = parse("tracetutor decode x.pcap -Y tcp --packet 14 --numbers");

	ck_assert(p.ok);
	ck_assert_str_eq(p.c->name, "decode");
	ck_assert_str_eq(p.q.args[0], "x.pcap");
	ck_assert_str_eq(p.q.filter, "tcp");
	ck_assert_uint_eq(p.q.packet, 14);
	ck_assert(p.q.numbers);
	parsed_release(&p);
	p = parse("tracetutor -o out exp -");
	ck_assert(p.ok);
	ck_assert_str_eq(p.c->name, "explain");
	ck_assert_str_eq(p.q.args[0], "-");
	ck_assert_str_eq(p.q.output, "out");
	parsed_release(&p);
	p = parse("tracetutor");
	ck_assert(p.ok);
	ck_assert_ptr_null(p.c);
	parsed_release(&p);
}
END_TEST

static const struct {
	const char *line, *said;
} wrong[] = {
	{"tracetutor decoed x", "did you mean 'decode'?"},
	{"tracetutor re", "resume or report"},
	{"tracetutor le", "learn or lessons"},
	{"tracetutor decode", "'decode' needs FILE"},
	{"tracetutor decode a b", "'b' is one argument too many"},
	{"tracetutor decode a --format json", "--format does not belong to 'decode'"},
	{"tracetutor decode a --packet x", "'x' is not a packet number"},
	{"tracetutor decode a --packet 0", "'0' is not a packet number"},
	{"tracetutor decode a --paket 1", "did you mean '--packet'?"},
	{"tracetutor decode a -Y", "-Y needs FILTER"},
	{"tracetutor decode a -Q", "there is no option '-Q'"},
	{"tracetutor frobnicate", "'tracetutor --help' lists the commands"},
};

START_TEST(usage_errors_say_what_to_do)
{
	struct parsed p = parse(wrong[_i].line);

	ck_assert(!p.ok);
	ck_assert_msg(strstr(p.said, wrong[_i].said), "%s: %s", wrong[_i].line, p.said);
	parsed_release(&p);
}
END_TEST

static void collect(void *list, const char *candidate)
{
	g_ptr_array_add(list, g_strdup(candidate));
}

static bool offers(struct dialogue *g, const char *before, const char *word, const char *candidate)
{
	GPtrArray *list = g_ptr_array_new_with_free_func(g_free);
	bool found;

	complete_line(g, before, word, collect, list);
	found = g_ptr_array_find_with_equal_func(list, candidate, g_str_equal, NULL);
	for (guint i = 0; i < list->len; i++)
		ck_assert(g_str_has_prefix(list->pdata[i], word));
	g_ptr_array_free(list, TRUE);
	return found;
}

START_TEST(tab_offers_what_fits)
{
	struct diag d = DIAG_INIT;
	struct dialogue g = {.player =
				     (struct player *)&d}; /* only "is there a session" is asked */

	g.packs = packs_new();
	packs_load_all(g.packs, &d);
	ck_assert(offers(&g, "", "sh", "show"));
	ck_assert(offers(&g, "", "", "quit"));
	ck_assert(!offers(&g, "", "q", "show"));
	ck_assert(offers(&g, "list ", "tcp.fl", "tcp.flags.syn"));
	ck_assert(offers(&g, "explain ", "ip.", "ip.ttl"));
	ck_assert(offers(&g, "why ", "pop3", "pop3-login-refused"));
	ck_assert(offers(&g, "help ", "la", "ladder"));
	ck_assert(!offers(&g, "quit ", "s", "show"));
	g.player = NULL;
	ck_assert(!offers(&g, "", "sh", "show"));
	packs_free(g.packs);
	diag_release(&d);
}
END_TEST

/* --- views --- */

struct viewed {
	struct packs *packs;
	struct session *session;
	struct diag d;
	struct buf text;
};

static void view_begin(struct viewed *v)
{
	char *path = g_build_filename(lesson_data(), "captures", "pop3-login.pcapng", NULL);

	*v = (struct viewed){.packs = packs_new()};
	packs_load_all(v->packs, &v->d);
	v->session = session_open(path, v->packs, &v->d);
	ck_assert_ptr_nonnull(v->session);
	ck_assert(session_read(v->session, NULL, NULL, &v->d));
	g_free(path);
}

static void view_end(struct viewed *v)
{
	session_close(v->session);
	packs_free(v->packs);
	buf_release(&v->text);
	diag_release(&v->d);
}

static bool put(void *context, struct buf *text)
{
	buf_mem(context, buf_text(text), text->len);
	buf_reset(text);
	return true;
}

START_TEST(views_show_the_login)
{
	struct view_talk talk;
	struct viewed v;

	view_begin(&v);
	view_find(v.session, "user STEVE35", 80, &v.text, &v.d);
	ck_assert_ptr_nonnull(strstr(buf_text(&v.text), "  9 "));
	ck_assert_ptr_null(strchr(buf_text(&v.text), '\n'));
	buf_reset(&v.text);
	view_find(v.session, "no such text", 80, &v.text, &v.d);
	ck_assert_str_eq(buf_text(&v.text), "No packet holds that text.");
	buf_reset(&v.text);
	ck_assert(!view_talk_of(v.session, 99, &talk, &v.d));
	ck_assert(view_talk_of(v.session, 5, &talk, &v.d));
	ck_assert(view_follow(v.session, &talk, false, 80, put, &v.text, &v.d));
	ck_assert_ptr_nonnull(strstr(buf_text(&v.text), "    9  client: USER steve35\n"));
	ck_assert_ptr_nonnull(strstr(buf_text(&v.text), "   12  client: PASS xxx   <- secret\n"));
	ck_assert_ptr_nonnull(
		strstr(buf_text(&v.text), "   14  server: -ERR bad password or unknown username"));
	buf_reset(&v.text);
	view_ladder(v.session, &talk, 78, &v.text, &v.d);
	ck_assert_ptr_nonnull(strstr(buf_text(&v.text), "|-- POP3: USER steve35 ---"));
	ck_assert_ptr_nonnull(strstr(buf_text(&v.text), "|<- TCP SYN+ACK: agrees"));
	ck_assert_ptr_nonnull(strstr(buf_text(&v.text), "4.9 seconds without a packet"));
	buf_reset(&v.text);
	view_conversations(v.session, NULL, 0, &v.text, &v.d);
	ck_assert_ptr_nonnull(
		strstr(buf_text(&v.text), "209.179.45.140:51690 -> 207.217.121.215:110"));
	/* the walks go on where they should, whatever was looked at between them */
	ck_assert(view_talk_of(v.session, 5, &talk, &v.d));
	view_end(&v);
}
END_TEST

static Suite *console_suite(void)
{
	Suite *s = suite_create("console");
	TCase *t = tcase_create("all");

	tcase_add_test(t, tables_are_sound);
	tcase_add_test(t, help_shows_every_row);
	tcase_add_test(t, options_stand_anywhere);
	tcase_add_loop_test(t, usage_errors_say_what_to_do, 0, (int)G_N_ELEMENTS(wrong));
	tcase_add_test(t, tab_offers_what_fits);
	tcase_add_test(t, views_show_the_login);
	suite_add_tcase(s, t);
	return s;
}

UNIT_MAIN(console_suite)
