/* SPDX-License-Identifier: GPL-3.0-or-later */
/* lesson: loading, the player without a terminal, and the session folder. */
#include "unit.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tracetutor/folder.h"
#include "tracetutor/lesson.h"

#define HEAD                                                                                       \
	"<lesson xmlns=\"urn:tracetutor:1\" id=\"t\" version=\"1.0\">\n<title>T</title>"           \
	"<symptom>S</symptom><trace file=\"captures/pop3-login.pcapng\"/>\n"

static char *scratch; /* a folder for the test's files */

static void make_scratch(void)
{
	scratch = g_dir_make_tmp("tt-lesson-XXXXXX", NULL);
	ck_assert_ptr_nonnull(scratch);
	g_setenv("XDG_STATE_HOME", scratch, TRUE);
}

static void drop(const char *path)
{
	GDir *dir = g_dir_open(path, 0, NULL);
	const char *name;

	while (dir && (name = g_dir_read_name(dir))) {
		char *below = g_build_filename(path, name, NULL);

		drop(below);
		g_free(below);
	}
	if (dir)
		g_dir_close(dir);
	remove(path);
}

static void drop_scratch(void)
{
	drop(scratch);
	g_free(scratch);
}

/* Load a lesson of that text; the messages stay in d. */
static struct lesson *load(const char *text, struct diag *d)
{
	char *path = g_build_filename(scratch, "lesson.xml", NULL);
	struct lesson *l;

	ck_assert(g_file_set_contents(path, text, -1, NULL));
	l = lesson_load(path, d);
	g_free(path);
	return l;
}

START_TEST(lesson_holds_what_the_file_says)
{
	struct diag d = DIAG_INIT;
	struct lesson *l = load(
		HEAD "<step title=\"One\"><say><p>Look at <code>x</code> now.</p><p>B</p></say>"
		     "<choose id=\"c\" default=\"b\"><option value=\"a\">A</option>"
		     "<option value=\"b\">B</option></choose></step>"
		     "<step title=\"Two\"><look "
		     "when=\"tcp\"><hint>h1</hint><hint>h2</hint></look></step>"
		     "</lesson>",
		&d);

	ck_assert_ptr_nonnull(l);
	ck_assert_uint_eq(l->nsteps, 2);
	ck_assert_str_eq(l->steps[0].title, "One");
	ck_assert_int_eq(l->steps[0].acts[0].kind, ACT_SAY);
	ck_assert_uint_eq(l->steps[0].acts[0].text.n, 5); /* text, code, text, break, text */
	ck_assert_int_eq(l->steps[0].acts[0].text.pieces[1].style, STYLE_CODE);
	ck_assert_ptr_null(l->steps[0].acts[0].text.pieces[3].text);
	ck_assert_uint_eq(l->steps[0].acts[1].nitems, 2);
	ck_assert_str_eq(l->steps[0].acts[1].fallback, "b");
	ck_assert_uint_eq(l->steps[1].acts[0].nhints, 2);
	ck_assert_ptr_nonnull(l->steps[1].acts[0].when);
	lesson_free(l);
	diag_release(&d);
}
END_TEST

static const struct {
	const char *body, *said;
} refused[] = {
	{"<step title=\"x\"><sya><p>a</p></sya></step>", ":3:"},
	{"<step title=\"x\"><look when=\"tcp.prot == 1\"><hint>h</hint></look></step>", "tcp.port"},
	{"<step title=\"x\"><look><hint>h</hint></look></step>", "no condition"},
	{"<step title=\"x\"><ask><p>a</p></ask></step>", "no id"},
	{"<step title=\"x\"><witness><p>a</p></witness></step>", "empty"},
	{"<step title=\"x\"><choose id=\"c\" default=\"z\"><option "
	 "value=\"a\">A</option></choose></step>",
	 "default is no option"},
	{"<step title=\"x\"><choose id=\"c\"><option/></choose></step>", "no text"},
	{"", "<lesson>"},
};

START_TEST(lesson_says_what_is_wrong)
{
	struct diag d = DIAG_INIT;
	struct buf text = BUF_INIT;
	char *file = g_strconcat(HEAD, refused[_i].body, "</lesson>", NULL);

	ck_assert_ptr_null(load(file, &d));
	diag_write(&d, &text);
	ck_assert_msg(strstr(buf_text(&text), refused[_i].said), "%s", buf_text(&text));
	ck_assert_ptr_nonnull(strstr(buf_text(&text), "lesson.xml"));
	g_free(file);
	buf_release(&text);
	diag_release(&d);
}
END_TEST

START_TEST(shipped_lessons_load)
{
	const char *names[] = {"mail-login", "web-page",   "names", "slow",
			       "stall",      "no-address", "tour"};
	struct diag d = DIAG_INIT;
	struct buf text = BUF_INIT;
	GPtrArray *lessons = lessons_load(&d);

	diag_write(&d, &text);
	ck_assert_msg(d.errors == 0, "%s", buf_text(&text));
	ck_assert_uint_eq(lessons->len, G_N_ELEMENTS(names));
	for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
		const struct lesson *l = lessons->pdata[i];

		ck_assert_str_eq(l->id, names[i]);
		ck_assert_uint_eq(l->nsteps, 8);
		ck_assert(g_file_test(l->trace, G_FILE_TEST_IS_REGULAR));
	}
	ck_assert_ptr_eq(lessons_find(lessons, "to", &d), lessons->pdata[6]);
	ck_assert_ptr_null(lessons_find(lessons, "s", &d)); /* slow or stall */
	ck_assert_ptr_null(lessons_find(lessons, "tuor", &d));
	buf_reset(&text);
	diag_write(&d, &text);
	ck_assert_ptr_nonnull(strstr(buf_text(&text), "did you mean 'tour'?"));
	g_ptr_array_free(lessons, TRUE);
	buf_release(&text);
	diag_release(&d);
}
END_TEST

/* --- the player --- */

struct play {
	struct lesson *lesson;
	struct packs *packs;
	struct session *session;
	struct player *player;
	struct report rep;
	struct buf shown;
	struct diag d;
};

static void play_begin(struct play *p, const char *body)
{
	char *text = g_strconcat(HEAD, body, "</lesson>", NULL);
	char *trace = g_build_filename(lesson_data(), "captures", "pop3-login.pcapng", NULL);

	*p = (struct play){.lesson = load(text, &p->d)};
	ck_assert_ptr_nonnull(p->lesson);
	p->packs = packs_new();
	packs_load_all(p->packs, &p->d);
	p->session = session_open(trace, p->packs, &p->d);
	ck_assert_ptr_nonnull(p->session);
	ck_assert(session_read(p->session, NULL, NULL, &p->d));
	p->player = player_start(p->lesson, p->session, p->packs);
	report_init(&p->rep, NULL, p->packs, NULL);
	g_free(text);
	g_free(trace);
}

static void play_end(struct play *p)
{
	report_release(&p->rep);
	player_free(p->player);
	session_close(p->session);
	packs_free(p->packs);
	lesson_free(p->lesson);
	buf_release(&p->shown);
	diag_release(&p->d);
}

static void screen_open(struct play *p)
{
	struct sink_options o = {.width = 80};

	buf_reset(&p->shown);
	p->rep.sink = sink_buf_new(&p->shown, &o);
	sink_begin(p->rep.sink, NODE_REPORT, NULL);
}

static void screen_close(struct play *p)
{
	sink_end(p->rep.sink, NODE_REPORT);
	sink_flush(p->rep.sink);
	sink_free(p->rep.sink);
}

static const char *look(struct play *p)
{
	screen_open(p);
	player_screen(p->player, &p->rep);
	screen_close(p);
	return buf_text(&p->shown);
}

static enum player_next type(struct play *p, const char *line)
{
	enum player_next next;

	screen_open(p);
	next = player_input(p->player, line, &p->rep);
	screen_close(p);
	return next;
}

static void prompt_is(struct play *p, const char *text)
{
	struct buf prompt = BUF_INIT;

	player_prompt(p->player, &prompt);
	ck_assert_str_eq(buf_text(&prompt), text);
	buf_release(&prompt);
}

START_TEST(player_asks_and_keeps_answers)
{
	struct play p;
	size_t n;

	play_begin(
		&p,
		"<step title=\"One\"><ask id=\"server\" question=\"Server\"><p>Which?</p></ask>"
		"<ask id=\"user\" private=\"yes\"><p>Who?</p></ask>"
		"<choose id=\"often\" default=\"never\"><p>How?</p>"
		"<option value=\"always\">always</option><option value=\"never\">never</option>"
		"</choose></step>"
		"<step title=\"Two\"><say><p>You said <answer id=\"server\"/>.</p></say></step>");
	ck_assert_ptr_nonnull(strstr(look(&p), "Step 1 of 2: One"));
	prompt_is(&p, "[step 1 of 2] Type your answer, or press Enter to leave it open: ");
	ck_assert(player_asks(p.player));
	ck_assert_int_eq(type(&p, "pop.example.org"), PLAYER_SCREEN);
	ck_assert_int_eq(type(&p, "steve53"), PLAYER_SCREEN); /* kept, but not for the report */
	prompt_is(&p, "[step 1 of 2] Type a number, or press Enter for never: ");
	ck_assert_int_eq(type(&p, "7"), PLAYER_STAY);
	ck_assert_ptr_nonnull(strstr(buf_text(&p.shown), "from 1 to 2"));
	ck_assert_int_eq(type(&p, "1"), PLAYER_SCREEN);
	ck_assert_ptr_nonnull(strstr(look(&p), "You said pop.example.org."));
	ck_assert_str_eq(player_answers(p.player, &n)[0].question, "Server");
	ck_assert_uint_eq(n, 2);
	ck_assert_str_eq(player_answers(p.player, &n)[1].answer, "always");
	ck_assert_int_eq(type(&p, ""), PLAYER_DONE);
	play_end(&p);
}
END_TEST

START_TEST(player_verifies_what_is_found)
{
	struct play p;

	play_begin(
		&p,
		"<step title=\"x\"><look when=\"frame.number == 14\"><p>Which?</p>"
		"<hint>first</hint><hint>second</hint><done><p>Well.</p></done></look>"
		"<try when=\"frame.number == 5\"><p>Type show 5.</p><hint>h</hint></try></step>");
	look(&p);
	ck_assert_int_eq(type(&p, "13"), PLAYER_STAY);
	ck_assert_ptr_nonnull(strstr(buf_text(&p.shown), "Not this one"));
	ck_assert_int_eq(type(&p, ""), PLAYER_STAY);
	ck_assert_ptr_nonnull(strstr(buf_text(&p.shown), "first"));
	ck_assert_int_eq(type(&p, "14"), PLAYER_SCREEN);
	ck_assert_ptr_nonnull(strstr(buf_text(&p.shown), "#:14"));
	ck_assert_ptr_nonnull(strstr(buf_text(&p.shown), "Well."));
	ck_assert_uint_eq(player_packet(p.player), 14);
	ck_assert_int_eq(type(&p, ""), PLAYER_STAY); /* try: a hint first */
	screen_open(&p);
	ck_assert(player_show(p.player, 5, &p.rep));
	screen_close(&p);
	ck_assert_ptr_nonnull(strstr(buf_text(&p.shown), "that is it"));
	ck_assert_int_eq(type(&p, ""), PLAYER_DONE);
	play_end(&p);
}
END_TEST

START_TEST(player_bears_empty_paragraphs)
{
	struct play p;

	play_begin(&p, "<step title=\"x\"><say><p/><p>a</p><p/><p/><p>b</p><p/></say></step>");
	ck_assert_ptr_nonnull(strstr(look(&p), "a\n\nb"));
	play_end(&p);
}
END_TEST

START_TEST(lesson_text_drives_nothing)
{
	struct play p;
	const char *shown;

	play_begin(&p, "<step title=\"a&#x9b;b\"><say><p>x&#x9b;31m &#x202e;y</p></say>"
		       "<ask id=\"q\"><p>?</p></ask></step>"
		       "<step title=\"c\"><say><p>You said <answer id=\"q\"/></p></say></step>");
	shown = look(&p);
	ck_assert_ptr_null(strstr(shown, "\xc2\x9b"));
	ck_assert_ptr_null(strstr(shown, "\xe2\x80\xae"));
	ck_assert_ptr_nonnull(strstr(shown, "\\u{202E}"));
	type(&p, "a\033[31mb");
	ck_assert_ptr_null(strchr(look(&p), '\033'));
	play_end(&p);
}
END_TEST

START_TEST(player_tells_the_answer_after_the_hints)
{
	struct play p;

	play_begin(&p,
		   "<step title=\"x\"><look when=\"frame.number == 14\"><p>?</p><hint>one</hint>"
		   "</look></step>");
	look(&p);
	ck_assert_int_eq(type(&p, ""), PLAYER_STAY);
	ck_assert_int_eq(type(&p, ""), PLAYER_DONE);
	ck_assert_ptr_nonnull(strstr(buf_text(&p.shown), "It is packet 14."));
	play_end(&p);
}
END_TEST

START_TEST(tour_goes_through_every_packet)
{
	uint32_t last = 0, seen = 0;
	struct play p;

	play_begin(
		&p,
		"<step title=\"x\"><tour/></step><step title=\"y\"><say><p>end</p></say></step>");
	look(&p);
	do {
		ck_assert_uint_gt(player_packet(p.player), last);
		last = player_packet(p.player);
		seen++;
	} while (type(&p, "") == PLAYER_STAY);
	ck_assert_uint_eq(last, 18);
	ck_assert_uint_ge(seen, 14); /* the four of the loopback may be folded as noise */
	screen_open(&p);
	ck_assert(player_back(p.player));
	ck_assert(!player_show(p.player, 19, &p.rep));
	screen_close(&p);
	play_end(&p);
}
END_TEST

START_TEST(player_takes_up_where_it_was)
{
	GKeyFile *state = g_key_file_new();
	struct player *again;
	struct play p;
	size_t n;

	play_begin(
		&p,
		"<step title=\"a\"><ask id=\"who\"><p>?</p></ask></step>"
		"<step title=\"b\"><tour/></step><step title=\"c\"><say><p>end</p></say></step>");
	look(&p);
	type(&p, "me");
	look(&p);
	type(&p, "");
	player_store(p.player, state);
	again = player_start(p.lesson, p.session, p.packs);
	player_restore(again, state);
	ck_assert_uint_eq(player_packet(again), player_packet(p.player));
	ck_assert_str_eq(player_answers(again, &n)[0].answer, "me");
	g_key_file_set_uint64(state, "session", "step", 99); /* a state that was tampered with */
	g_key_file_set_uint64(state, "session", "packet", 1u << 30);
	player_restore(again, state);
	ck_assert(player_skip(again));
	ck_assert(!player_skip(again));
	player_free(again);
	g_key_file_free(state);
	play_end(&p);
}
END_TEST

/* --- the folder --- */

START_TEST(folder_keeps_the_newest_unfinished)
{
	struct diag d = DIAG_INIT;
	struct folder *f = folder_new("tour", &d);
	struct stat st;

	ck_assert_ptr_nonnull(f);
	ck_assert_int_eq(stat(folder_path(f), &st), 0);
	ck_assert_int_eq(st.st_mode & 0777, 0700);
	ck_assert_ptr_null(folder_resume(NULL, &d)); /* nothing was saved yet */
	g_key_file_set_string(folder_state(f), "session", "lesson", "tour");
	ck_assert(folder_save(f, &d));
	ck_assert_ptr_null(folder_resume(NULL, &d)); /* somebody is at it */
	ck_assert_uint_eq(d.errors, 1);
	diag_release(&d);
	d = DIAG_INIT;
	folder_free(f);
	f = folder_resume(NULL, &d);
	ck_assert_ptr_nonnull(f);
	ck_assert(!folder_finished(f));
	g_key_file_set_boolean(folder_state(f), "session", "finished", TRUE);
	ck_assert(folder_save(f, &d));
	ck_assert(folder_finished(f));
	ck_assert_ptr_null(folder_resume(NULL, &d));
	folder_free(f);
	ck_assert_uint_eq(d.errors, 0);
	diag_release(&d);
}
END_TEST

START_TEST(folder_overwrites_nothing)
{
	struct diag d = DIAG_INIT;
	char *first, *second, *third, *target = g_build_filename(scratch, "target", NULL);
	char *link3 = g_build_filename(scratch, "r", "report-3.txt", NULL);
	char *folder = g_build_filename(scratch, "r", NULL);
	struct stat st;

	close(folder_new_file(folder, "report", ".txt", &first, &d));
	close(folder_new_file(folder, "report", ".txt", &second, &d));
	ck_assert(g_str_has_suffix(first, "/report.txt"));
	ck_assert(g_str_has_suffix(second, "/report-2.txt"));
	ck_assert_int_eq(stat(first, &st), 0);
	ck_assert_int_eq(st.st_mode & 0777, 0600);
	ck_assert_int_eq(symlink(target, link3),
			 0); /* a trap: it points to a file that is not there */
	close(folder_new_file(folder, "report", ".txt", &third, &d));
	ck_assert(g_str_has_suffix(third, "/report-4.txt"));
	ck_assert(!g_file_test(target, G_FILE_TEST_EXISTS));
	g_free(target);
	ck_assert_int_eq(folder_new_file(first, "report", ".txt", &target, &d), -1);
	ck_assert_ptr_null(target);
	ck_assert_uint_eq(d.errors, 1);
	g_free(first);
	g_free(second);
	g_free(third);
	g_free(link3);
	g_free(folder);
	diag_release(&d);
}
END_TEST

static Suite *lesson_suite(void)
{
	Suite *s = suite_create("lesson");
	TCase *t = tcase_create("all");

	tcase_add_checked_fixture(t, make_scratch, drop_scratch);
	tcase_add_test(t, lesson_holds_what_the_file_says);
	tcase_add_loop_test(t, lesson_says_what_is_wrong, 0, (int)G_N_ELEMENTS(refused));
	tcase_add_test(t, shipped_lessons_load);
	tcase_add_test(t, player_asks_and_keeps_answers);
	tcase_add_test(t, player_verifies_what_is_found);
	tcase_add_test(t, player_bears_empty_paragraphs);
	tcase_add_test(t, lesson_text_drives_nothing);
	tcase_add_test(t, player_tells_the_answer_after_the_hints);
	tcase_add_test(t, tour_goes_through_every_packet);
	tcase_add_test(t, player_takes_up_where_it_was);
	tcase_add_test(t, folder_keeps_the_newest_unfinished);
	tcase_add_test(t, folder_overwrites_nothing);
	suite_add_tcase(s, t);
	return s;
}

UNIT_MAIN(lesson_suite)
