/* SPDX-License-Identifier: GPL-3.0-or-later */
/* dialogue: the loop of a guided session: screen, prompt, line, and keeping the place after each.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "src/console/dialogue.h"

/* --- screens --- */

void screen_begin(struct dialogue *g)
{
	struct sink_options o = screen_options(&g->screen);

	buf_reset(&g->shown);
	g->rep.sink = sink_buf_new(&g->shown, &o);
	sink_begin(g->rep.sink, NODE_REPORT, NULL);
}

static void write_out(struct dialogue *g, const char *bytes, size_t n)
{
	struct output out = {.fd = STDOUT_FILENO, .error = g->write_error};

	fflush(stdout);
	output_write(&out, bytes, n);
	output_flush(&out);
	g->write_error = out.error;
	buf_release(&out.pending);
	if (g->write_error)
		g->over = true;
}

/* Bytes of the first n lines of the text. */
static size_t lines_length(const char *s, size_t len, unsigned n)
{
	const char *at = s, *end = s + len;

	for (; n > 0 && at < end; n--) {
		const char *newline = memchr(at, '\n', (size_t)(end - at));

		at = newline ? newline + 1 : end;
	}
	return (size_t)(at - s);
}

static unsigned lines_count(const char *s, size_t len)
{
	unsigned n = 0;

	for (size_t i = 0; i < len; i++)
		n += s[i] == '\n';
	return n;
}

/* More than fits on the screen is shown in pieces. False: the rest is left out. */
static bool read_on(struct dialogue *g, unsigned left)
{
	char *prompt =
		g_strdup_printf("-- %u more line%s: press Enter to read on, or type a command -- ",
				left, left == 1 ? "" : "s");
	bool on = door_read(g->door, prompt, &g->line) == DOOR_LINE;

	g->has_line = on && g->line.len;
	g_free(prompt);
	return on && !g->has_line;
}

void screen_print(struct dialogue *g)
{
	const char *s;
	size_t left, n;

	sink_end(g->rep.sink, NODE_REPORT);
	sink_flush(g->rep.sink);
	sink_free(g->rep.sink);
	g->rep.sink = NULL;
	s = buf_text(&g->shown);
	left = g->shown.len;
	g->screen = screen_look(); /* it may have been resized */
	if (left)
		write_out(g, "\n", 1);
	while (left) {
		n = door_is_terminal(g->door) ? lines_length(s, left, g->screen.height - 2) : left;
		/* two lines are not worth a question */
		if (lines_count(s + n, left - n) <= 1)
			n = left;
		write_out(g, s, n);
		s += n;
		left -= n;
		if (left && !read_on(g, lines_count(s, left)))
			return;
	}
}

void screen_say(struct dialogue *g, enum style style, const char *text)
{
	screen_begin(g);
	sink_begin(g->rep.sink, NODE_SECTION, NULL);
	report_say(&g->rep, style, text);
	sink_end(g->rep.sink, NODE_SECTION);
	screen_print(g);
}

void dialogue_show(struct dialogue *g)
{
	screen_begin(g);
	player_screen(g->player, &g->rep);
	screen_print(g);
}

/* --- the report --- */

/* --- the loop --- */

static void follow_up(struct dialogue *g, enum player_next next)
{
	if (next == PLAYER_REPORT)
		dialogue_report(g);
	if (next == PLAYER_SCREEN)
		dialogue_show(g);
	if (next == PLAYER_DONE) {
		g->over = true;
		folder_finish(g->folder, g->d);
	}
}

void dialogue_report(struct dialogue *g)
{
	enum player_next next;
	size_t n;
	const struct report_answer *answers = player_answers(g->player, &n);
	struct diag d = DIAG_INIT;
	struct buf text = BUF_INIT;
	char *path = folder_report(folder_path(g->folder), g->trace.session, g->trace.packs,
				   player_lesson(g->player)->complaint, answers, n, &d);

	diag_write(&d, &text);
	if (text.len)
		screen_say(g, STYLE_BAD, buf_text(&text));
	screen_begin(g);
	next = player_reported(g->player, path, &g->rep);
	screen_print(g);
	g_free(path);
	buf_release(&text);
	diag_release(&d);
	follow_up(g, next);
}

static void give(struct dialogue *g, const char *line)
{
	enum player_next next;

	screen_begin(g);
	next = player_input(g->player, line, &g->rep);
	screen_print(g);
	follow_up(g, next);
}

static void take_line(struct dialogue *g)
{
	bool asks = player_asks(g->player);
	char *line = g_strdup(buf_text(&g->line));
	/* "list of servers" is an answer, "list" alone is not */
	bool answer = player_writes(g->player) && strpbrk(line, " \t");
	const struct word *word = *line && !answer ? word_run(g, line, asks) : NULL;

	g->warned = false;
	if (word && !word->forget)
		door_remember(g->door, line);
	if (word) {
		g_free(line);
		return;
	}
	if (!*line || asks)
		give(g, line);
	else
		word_unknown(g, line);
	g_free(line);
}

/* The end of input and Ctrl-C: a terminal keeps the place, a pipe plays on with the defaults. */
static void no_line(struct dialogue *g, enum door_came came)
{
	if (came == DOOR_INTERRUPT && !g->warned) {
		g->warned = true;
		screen_say(g, STYLE_PLAIN, "Press Ctrl-C again to leave. Your place is kept.");
	} else if (came == DOOR_END && !door_is_terminal(g->door)) {
		g->ended = true;
		screen_say(g, STYLE_PLAIN,
			   "(No more input: going on as if Enter were pressed each time.)");
		buf_reset(&g->line);
		take_line(g);
	} else
		g->over = true;
}

static void keep_place(struct dialogue *g)
{
	player_store(g->player, folder_state(g->folder));
	folder_save(g->folder, g->d);
}

static void turn(struct dialogue *g)
{
	struct buf prompt = BUF_INIT;
	enum door_came came = DOOR_LINE;

	player_prompt(g->player, &prompt);
	if (g->ended)
		buf_reset(&g->line);
	else if (!g->has_line)
		came = door_read(g->door, buf_text(&prompt), &g->line);
	g->has_line = false;
	if (g->ended && player_asks(g->player)) { /* what is asked belongs into the transcript */
		buf_char(&prompt, '\n');
		write_out(g, buf_text(&prompt), prompt.len);
	}
	buf_release(&prompt);
	if (came != DOOR_LINE) {
		no_line(g, came);
		return;
	}
	take_line(g);
	if (!g->over)
		keep_place(g);
}

static void farewell(struct dialogue *g)
{
	bool finished =
		g_key_file_get_boolean(folder_state(g->folder), "session", "finished", NULL);

	if (!finished)
		screen_say(g, STYLE_PLAIN,
			   "Your place is kept. 'tracetutor resume' goes on from here.");
}

static bool first_clock(void *context, const struct record *r, const struct note *notes, size_t n)
{
	(void)notes;
	(void)n;
	report_skip(context, r);
	return false;
}

enum exit_code dialogue_run(struct dialogue *g)
{
	report_init(&g->rep, NULL, g->trace.packs, NULL);
	session_walk(g->trace.session, 1, 1, NULL, first_clock, &g->rep, g->d);
	g->screen = screen_look();
	dialogue_show(g);
	keep_place(g);
	while (!g->over)
		turn(g);
	farewell(g);
	report_release(&g->rep);
	buf_release(&g->shown);
	buf_release(&g->line);
	if (g->write_error && g->write_error != EPIPE) {
		diag_fail(g->d, "make room, or write to another disk",
			  "the session could not be shown (%s)", g_strerror(g->write_error));
		return EXIT_WRONG;
	}
	return EXIT_FINE;
}
