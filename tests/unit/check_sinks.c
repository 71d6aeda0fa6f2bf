/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sinks: layout at several widths, nesting, escaping, failing descriptors. */
#include "unit.h"

#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "src/report/para.h"
#include "tracetutor/sink.h"

static void prose(struct sink *s, const char *text)
{
	sink_begin(s, NODE_PROSE, NULL);
	sink_str(s, STYLE_PLAIN, text);
	sink_end(s, NODE_PROSE);
}

static void open_section(struct sink *s)
{
	sink_begin(s, NODE_REPORT, NULL);
	sink_begin(s, NODE_SECTION, NULL);
}

static void close_section(struct sink *s)
{
	sink_end(s, NODE_SECTION);
	sink_end(s, NODE_REPORT);
}

/* One row: raw lines, and an explanation unless it is NULL. */
static void row(struct sink *s, const char *raw, const char *title, const char *text)
{
	struct node_attr attr = {.title = title};

	sink_begin(s, NODE_ROW, NULL);
	sink_begin(s, NODE_DECODE, NULL);
	sink_str(s, STYLE_PLAIN, raw);
	sink_end(s, NODE_DECODE);
	if (title) {
		sink_begin(s, NODE_NOTE, &attr);
		prose(s, text);
		sink_end(s, NODE_NOTE);
	}
	sink_end(s, NODE_ROW);
}

#define LONG_NOTE                                                                                  \
	"The second line says how long this packet may travel. Each router on its way takes one "  \
	"off, and the one that counts to zero throws the packet away and says so to the sender."

static void packet(struct sink *s)
{
	struct node_attr attr = {.number = 14, .title = "Packet 14"};

	sink_begin(s, NODE_PACKET, &attr);
	row(s, "IP: Version: 4\n", NULL, NULL);
	row(s, "IP: Time To Live: 64 sec\n", "Life", LONG_NOTE);
	row(s, "IP: No Options\n", "Options", "None here.");
	row(s,
	    "0000 2D 45 52 52 20 62 61 64 20 70 61 73 73 77 6F 72  -ERR bad passwor\n"
	    "0010 64\n",
	    NULL, NULL);
	sink_end(s, NODE_PACKET);
}

/* The whole page at some width. */
static char *page(unsigned width, struct sink_options o)
{
	struct buf out = BUF_INIT;
	struct sink *s;

	o.width = width;
	s = sink_buf_new(&out, &o);
	open_section(s);
	packet(s);
	prose(s, "A sentence after the packet that is long enough to be wrapped at any width that "
		 "the tests use, for it goes on and on and on, and then it ends after all.");
	close_section(s);
	ck_assert(sink_flush(s));
	sink_free(s);
	return buf_steal(&out);
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

static bool has_trailing_blank(const char *text)
{
	return strstr(text, " \n") != NULL;
}

START_TEST(notes_stand_below_their_line)
{
	char *text = page(80, (struct sink_options){.side_by_side = true});

	ck_assert_ptr_nonnull(strstr(text, "\nIP: Time To Live: 64 sec\n"
					   "    ├─ Life. The second line says"));
	ck_assert_ptr_nonnull(strstr(text, "sender.\nIP: No Options\n"
					   "    ├─ Options. None here.\n0000 2D"));
	ck_assert_uint_le(widest(text), 80);
	ck_assert(!has_trailing_blank(text));
	g_free(text);
}
END_TEST

START_TEST(ascii_means_ascii)
{
	char *text = page(80, (struct sink_options){.ascii = true});

	ck_assert(g_str_is_ascii(text));
	ck_assert_ptr_nonnull(strstr(text, "    +- Life. The"));
	ck_assert_ptr_nonnull(strstr(text, "\n    |  "));
	g_free(text);
}
END_TEST

START_TEST(raw_lines_fold_only_if_asked)
{
	char *whole = page(60, (struct sink_options){0});
	char *folded = page(60, (struct sink_options){.fold_raw = true});

	ck_assert_uint_eq(widest(whole), 70);
	ck_assert_uint_le(widest(folded), 60);
	ck_assert_ptr_nonnull(strstr(folded, "6F 72\n     -ERR bad passwor\n0010 64\n"));
	g_free(whole);
	g_free(folded);
}
END_TEST

/* The line that holds the raw text holds the beginning of its note as well. */
static void assert_beside(const char *text, const char *raw, const char *note)
{
	const char *line = strstr(text, raw), *at;

	ck_assert_ptr_nonnull(line);
	at = strstr(line, note);
	ck_assert_msg(at && at < strchr(line, '\n'), "%s is not beside %s in\n%s", note, raw, text);
}

static void check_side(unsigned width)
{
	char *text = page(width, (struct sink_options){.side_by_side = true});

	ck_assert_uint_le(widest(text), width);
	assert_beside(text, "IP: Time To Live: 64 sec", "├─ Life. The second");
	/* The second note begins beside its own line, after the first one has ended. */
	assert_beside(text, "IP: No Options", "├─ Options. None here.");
	ck_assert(strstr(text, "sender.") < strstr(text, "Options. None"));
	ck_assert(!has_trailing_blank(text));
	g_free(text);
}

START_TEST(notes_stand_beside_their_line)
{
	check_side(100);
	check_side(120);
	check_side(160);
	check_side(400);
}
END_TEST

/* While an explanation runs on, the raw side goes on beside it, narrowed where it is too wide. */
START_TEST(raw_side_goes_on)
{
	struct buf out = BUF_INIT;
	struct sink_options o = {.width = 100, .side_by_side = true};
	struct sink *s = sink_buf_new(&out, &o);

	open_section(s);
	sink_begin(s, NODE_PACKET, NULL);
	row(s, "IP: Time To Live: 64 sec\n", "Life", LONG_NOTE);
	row(s,
	    "0000 2D 45 52 52 20 62 61 64 20 70 61 73 73 77 6F 72  -ERR bad passwor\n"
	    "0010 64 20 6F 72 20 75 6E 6B 6E 6F 77 6E 20 75 73 65  d or unknown use\n"
	    "0020 72 6E 61 6D 65 0D 0A                             rname..\n",
	    NULL, NULL);
	sink_end(s, NODE_PACKET);
	close_section(s);
	assert_beside(out.s, "0000 2D", " │ ");
	assert_beside(out.s, "     -ERR bad", " │ ");
	ck_assert_uint_le(widest(out.s), 100);
	sink_free(s);
	buf_release(&out);
}
END_TEST

static char *laid_out(unsigned width, const char *text)
{
	struct buf out = BUF_INIT;
	struct para p = {0};

	para_add(&p, STYLE_PLAIN, text, strlen(text));
	para_layout(&p, width, false, "", "", &out);
	para_release(&p);
	return buf_steal(&out);
}

START_TEST(words_wrap_by_columns)
{
	char *wide = laid_out(10, "日本語の文章です"), *both = laid_out(8, "ab cd ef gh");
	char *accents = laid_out(6, "re\xcc\x81sume\xcc\x81 x");

	ck_assert_str_eq(wide, "日本語の文\n章です\n");
	ck_assert_str_eq(both, "ab cd ef\ngh\n");
	ck_assert_str_eq(accents, "re\xcc\x81sume\xcc\x81\nx\n");
	g_free(wide);
	g_free(both);
	g_free(accents);
}
END_TEST

START_TEST(long_words_are_cut)
{
	char *text = laid_out(10, "a 0123456789abcdefghij z");
	char *only = laid_out(4, "0123456789");

	ck_assert_str_eq(text, "a\n0123456789\nabcdefghij\nz\n");
	ck_assert_str_eq(only, "0123\n4567\n89\n");
	g_free(text);
	g_free(only);
}
END_TEST

START_TEST(hostile_text_stays_text)
{
	static const char evil[] = "\033[6n\033]0;x\007\xe2\x80\xae<script>\"&\xff";
	struct buf clean = BUF_INIT, out = BUF_INIT;
	struct sink_options o = {.width = 200};
	struct sink *s = sink_buf_new(&out, &o);

	buf_clean(&clean, evil, strlen(evil));
	open_section(s);
	prose(s, clean.s);
	close_section(s);
	ck_assert_ptr_null(strchr(out.s, '\033'));
	ck_assert_ptr_null(strchr(out.s, '\007'));
	ck_assert_ptr_null(strstr(out.s, "\xe2\x80\xae"));
	ck_assert_ptr_nonnull(strstr(out.s, "<script>"));
	sink_free(s);
	buf_release(&clean);
	buf_release(&out);
}
END_TEST

/* Colour comes only when asked, and every colour is switched off before the line ends. */
START_TEST(color_ends_with_its_line)
{
	char *plain = page(80, (struct sink_options){0});
	char *color = page(80, (struct sink_options){.color = true});
	bool on = false;

	ck_assert_ptr_null(strchr(plain, '\033'));
	ck_assert_ptr_nonnull(strstr(color, "\033[1mPacket 14\033[0m\n"));
	for (const char *p = color; *p; p++) {
		if (*p == '\033')
			on = strncmp(p, STYLE_END, strlen(STYLE_END)) != 0;
		ck_assert(*p != '\n' || !on);
	}
	g_free(plain);
	g_free(color);
}
END_TEST

START_TEST(items_have_no_blank_lines_between)
{
	struct buf out = BUF_INIT;
	struct sink_options o = {.width = 30};
	struct sink *s = sink_buf_new(&out, &o);

	open_section(s);
	prose(s, "First.");
	prose(s, "- one item that is long enough");
	prose(s, "- two");
	prose(s, "Last.");
	close_section(s);
	ck_assert_str_eq(out.s, "First.\n\n- one item that is long\n  enough\n- two\n\nLast.\n");
	sink_free(s);
	buf_release(&out);
}
END_TEST

/* --- nesting --- */

static void wrong_child(struct sink *s)
{
	sink_begin(s, NODE_REPORT, NULL);
	sink_begin(s, NODE_PROSE, NULL);
}

static void wrong_end(struct sink *s)
{
	open_section(s);
	sink_end(s, NODE_REPORT);
}

static void wrong_text(struct sink *s)
{
	open_section(s);
	sink_str(s, STYLE_PLAIN, "no place");
}

static void wrong_root(struct sink *s)
{
	sink_begin(s, NODE_SECTION, NULL);
}

static bool aborts(void (*mistake)(struct sink *))
{
	struct sink_options o = {0};
	int status;
	pid_t pid = fork();

	ck_assert_int_ge(pid, 0);
	if (pid == 0) {
		struct buf out = BUF_INIT;

		signal(SIGABRT, SIG_DFL);
		mistake(sink_buf_new(&out, &o));
		_exit(0);
	}
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	return WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT;
}

START_TEST(wrong_nesting_aborts)
{
	ck_assert(aborts(wrong_child));
	ck_assert(aborts(wrong_end));
	ck_assert(aborts(wrong_text));
	ck_assert(aborts(wrong_root));
}
END_TEST

/* --- descriptors --- */

static int error_of(int fd, struct sink *(*make)(int, const struct sink_options *))
{
	struct sink_options o = {0};
	struct sink *s = make(fd, &o);
	bool fine;
	int error;

	open_section(s);
	for (int i = 0; i < 20000; i++)
		prose(s, "more than one block of text");
	close_section(s);
	fine = sink_flush(s);
	error = s->error;
	ck_assert_int_eq(fine, error == 0);
	sink_free(s);
	return error;
}

START_TEST(full_disk_is_said)
{
	int fd = open("/dev/full", O_WRONLY);

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(error_of(fd, sink_text_new), ENOSPC);
	ck_assert_int_eq(error_of(fd, sink_html_new), ENOSPC);
	close(fd);
}
END_TEST

START_TEST(closed_pipe_is_said)
{
	int fds[2];

	signal(SIGPIPE, SIG_IGN);
	ck_assert_int_eq(pipe(fds), 0);
	close(fds[0]);
	ck_assert_int_eq(error_of(fds[1], sink_text_new), EPIPE);
	close(fds[1]);
}
END_TEST

/* A reader that takes its time, on a pipe that was made non-blocking, loses nothing. */
START_TEST(slow_reader_gets_everything)
{
	char block[4096];
	size_t total = 0;
	int fds[2], status;
	ssize_t n;
	pid_t pid;

	ck_assert_int_eq(pipe(fds), 0);
	pid = fork();
	ck_assert_int_ge(pid, 0);
	if (pid == 0) {
		close(fds[0]);
		fcntl(fds[1], F_SETFL, O_NONBLOCK);
		_exit(error_of(fds[1], sink_text_new) == 0 ? 0 : 1);
	}
	close(fds[1]);
	while ((n = read(fds[0], block, sizeof block)) > 0)
		total += (size_t)n;
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert(WIFEXITED(status) && WEXITSTATUS(status) == 0);
	ck_assert_uint_eq(total, 20000 * (strlen("more than one block of text\n\n")) - 1);
	close(fds[0]);
}
END_TEST

/* --- HTML --- */

static char *html_page(void)
{
	char name[] = "/tmp/check_sinks.XXXXXX", *text;
	int fd = g_mkstemp(name);
	struct sink_options o = {.title = "A <page> & more"};
	struct sink *s;

	ck_assert_int_ge(fd, 0);
	s = sink_html_new(fd, &o);
	open_section(s);
	packet(s);
	prose(s, "<script>alert('\"')</script> & so on \001");
	sink_begin(s, NODE_PROSE, NULL);
	sink_str(s, STYLE_LINK, "14");
	sink_str(s, STYLE_LINK, "x\" onclick=\"y");
	sink_end(s, NODE_PROSE);
	close_section(s);
	ck_assert(sink_flush(s));
	sink_free(s);
	close(fd);
	ck_assert(g_file_get_contents(name, &text, NULL, NULL));
	unlink(name);
	return text;
}

START_TEST(html_holds_no_element_of_others)
{
	char *text = html_page();

	ck_assert_ptr_null(strstr(text, "<script"));
	ck_assert_ptr_nonnull(strstr(text, "&lt;script&gt;"));
	ck_assert_ptr_nonnull(strstr(text, "<title>A &lt;page&gt; &amp; more</title>"));
	ck_assert_ptr_nonnull(strstr(text, "id=\"p14\""));
	ck_assert_ptr_nonnull(strstr(text, "<a href=\"#p14\">14</a>"));
	ck_assert_ptr_null(strstr(text, "href=\"#px"));
	ck_assert_ptr_null(strchr(text, '\001'));
	g_free(text);
}
END_TEST

START_TEST(html_is_well_formed)
{
	char name[] = "/tmp/check_sinks.XXXXXX", *text = html_page();
	const char *argv[] = {"xmllint", "--noout", "--nonet", name, NULL};
	int fd = g_mkstemp(name), status = 0;

	ck_assert_int_ge(fd, 0);
	close(fd);
	ck_assert(g_file_set_contents(name, text, -1, NULL));
	if (g_spawn_sync(NULL, (char **)argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL,
			 &status, NULL))
		ck_assert_int_eq(status, 0);
	unlink(name);
	g_free(text);
}
END_TEST

static Suite *sinks_suite(void)
{
	Suite *s = suite_create("sinks");
	TCase *layout = tcase_create("layout"), *rest = tcase_create("rest");

	tcase_add_test(layout, notes_stand_below_their_line);
	tcase_add_test(layout, ascii_means_ascii);
	tcase_add_test(layout, raw_lines_fold_only_if_asked);
	tcase_add_test(layout, notes_stand_beside_their_line);
	tcase_add_test(layout, raw_side_goes_on);
	tcase_add_test(layout, words_wrap_by_columns);
	tcase_add_test(layout, long_words_are_cut);
	tcase_add_test(layout, hostile_text_stays_text);
	tcase_add_test(layout, color_ends_with_its_line);
	tcase_add_test(layout, items_have_no_blank_lines_between);
	suite_add_tcase(s, layout);
	tcase_add_test(rest, wrong_nesting_aborts);
	tcase_add_test(rest, full_disk_is_said);
	tcase_add_test(rest, closed_pipe_is_said);
	tcase_add_test(rest, slow_reader_gets_everything);
	tcase_add_test(rest, html_holds_no_element_of_others);
	tcase_add_test(rest, html_is_well_formed);
	suite_add_tcase(s, rest);
	return s;
}

UNIT_MAIN(sinks_suite)
