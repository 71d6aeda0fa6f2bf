/* SPDX-License-Identifier: GPL-3.0-or-later */
/* dialogue: the loop of a guided session: screen, prompt, line, and keeping the place after each.
 */
#include <string.h>
#include <unistd.h>

#include "src/console/dialogue.h"
#include "tracetutor/folder.h"

/* --- screens --- */

static void begin(struct dialogue *g, bool dense)
{
	struct sink_options o = screen_options(&g->guest->screen);

	o.dense = dense;
	buf_reset(&g->shown);
	g->rep.sink = sink_buf_new(&g->shown, &o);
	sink_begin(g->rep.sink, NODE_REPORT, NULL);
}

void screen_begin(struct dialogue *g)
{
	begin(g, false);
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
	bool on = guest_line(g->guest, prompt, &g->line) == DOOR_LINE;

	g->has_line = on && g->line.len;
	g_free(prompt);
	return on && !g->has_line;
}

/* What the sink has written is ready to be shown. */
static void screen_end(struct dialogue *g)
{
	sink_end(g->rep.sink, NODE_REPORT);
	sink_flush(g->rep.sink);
	sink_free(g->rep.sink);
	g->rep.sink = NULL;
}

/* What a line or an event brought, when a screen follows: the two are read as one. */
static void screen_carry(struct dialogue *g)
{
	screen_end(g);
	buf_mem(&g->carried, buf_text(&g->shown), g->shown.len);
}

/* The text to be shown, behind what was carried. */
static size_t put_together(struct dialogue *g)
{
	struct buf both = g->carried;

	if (!both.len)
		return g->shown.len;
	if (g->shown.len)
		buf_char(&both, '\n');
	buf_mem(&both, buf_text(&g->shown), g->shown.len);
	g->carried = g->shown;
	g->shown = both;
	buf_reset(&g->carried);
	return both.len;
}

void screen_print(struct dialogue *g)
{
	size_t left, n;
	const char *s;

	screen_end(g);
	left = put_together(g);
	s = buf_text(&g->shown);
	if (left)
		guest_show(g->guest, "\n", 1);
	while (left) {
		n = g->guest->terminal ? lines_length(s, left, g->guest->screen.height - 2) : left;
		/* two lines are not worth a question */
		if (lines_count(s + n, left - n) <= 1)
			n = left;
		guest_show(g->guest, s, n);
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

static bool first_clock(void *context, const struct record *r, struct engine *engine)
{
	(void)engine;
	report_skip(context, r);
	return false;
}

/* Times are told from the first packet of the trace that is shown. */
static void set_clock(struct dialogue *g)
{
	struct session *s = player_session(g->player);

	if (s == g->clocked)
		return;
	g->clocked = s;
	g->rep.started = false;
	if (s)
		session_walk(s, 1, 1, NULL, first_clock, &g->rep, g->d);
}

void dialogue_show(struct dialogue *g)
{
	set_clock(g);
	screen_begin(g);
	player_screen(g->player, &g->rep);
	screen_print(g);
}

/* --- what comes of a line --- */

static void keep_place(struct dialogue *g)
{
	player_store(g->player, g->state);
	if (g->finished)
		g_key_file_set_boolean(g->state, "session", "finished", TRUE);
	guest_save(g->guest, g->state, g->d);
}

static void follow_up(struct dialogue *g, enum player_next next)
{
	if (next == PLAYER_REPORT)
		dialogue_report(g);
	if (next == PLAYER_SCREEN)
		dialogue_show(g);
	if (next == PLAYER_DONE) {
		g->over = g->finished = true;
		keep_place(g);
	}
}

/* Write the report of the trace into a new file; its path, or NULL and a message. */
static char *write_report(struct dialogue *g, struct diag *d)
{
	size_t n;
	const struct report_answer *answers = player_answers(g->player, &n);
	struct session *s = player_session(g->player);
	char *path = NULL;
	int fd = -1;
	bool ok;

	if (!s)
		diag_fail(d, "type back, and record first", "there is no trace to report on yet");
	else
		fd = guest_file(g->guest, "report", ".txt", &path, d);
	if (fd < 0)
		return NULL;
	ok = folder_report_into(fd, s, g->packs, player_lesson(g->player)->complaint, answers, n,
				d);
	if (close(fd) != 0 && ok)
		ok = diag_fail(d, "make room, or choose another disk", "%s could not be written",
			       path);
	if (ok)
		return path;
	guest_drop(g->guest);
	g_free(path);
	return NULL;
}

void dialogue_report(struct dialogue *g)
{
	struct diag d = DIAG_INIT;
	struct buf text = BUF_INIT;
	char *path = write_report(g, &d);
	enum player_next next;

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
	if (next == PLAYER_SCREEN)
		screen_carry(g);
	else
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
		guest_remember(g->guest, line);
	if (word) {
		g_free(line);
		return;
	}
	if (!*line || asks || player_takes_lines(g->player))
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
	} else if (came == DOOR_END && !g->guest->terminal) {
		g->ended = true;
		player_unattended(g->player);
		screen_say(g, STYLE_PLAIN,
			   "(No more input: going on as if Enter were pressed each time.)");
	} else
		g->over = true;
}

/* --- the loop --- */

/* What happens while a line is awaited is said above the prompt, without waiting for anybody. */
static enum player_next happened(struct dialogue *g, const struct player_happening *h)
{
	enum player_next next;

	begin(g, true);
	next = player_happened(g->player, h, &g->rep);
	if (next == PLAYER_SCREEN) {
		screen_carry(g);
		return next;
	}
	screen_end(g);
	if (g->shown.len)
		guest_show(g->guest, buf_text(&g->shown), g->shown.len);
	return next;
}

/* Ask for a line with the prompt as it is now. */
static void ask(struct dialogue *g, bool fresh)
{
	struct buf prompt = BUF_INIT;

	player_prompt(g->player, &prompt);
	if (fresh || strcmp(buf_text(&prompt), buf_text(&g->prompt)) != 0)
		guest_ask(g->guest, buf_text(&prompt), fresh);
	buf_release(&g->prompt);
	g->prompt = prompt;
}

/* Wait for a line. DOOR_OTHER: something happened that ended the act, and was followed up. */
static enum door_came await_line(struct dialogue *g)
{
	struct player_happening h;
	enum player_next next = PLAYER_STAY;
	enum door_came came = DOOR_AGAIN;

	while (came >= DOOR_OTHER && next == PLAYER_STAY) {
		if (!g->ended)
			ask(g, came == DOOR_AGAIN);
		came = guest_wait(g->guest, &g->line, &h);
		if (came == DOOR_OTHER)
			next = happened(g, &h);
	}
	follow_up(g, next);
	return came;
}

/* At the end of input Enter is pressed each time; what is asked belongs into the transcript. */
static void press_enter(struct dialogue *g)
{
	struct buf prompt = BUF_INIT;

	buf_reset(&g->line);
	if (player_asks(g->player)) {
		player_prompt(g->player, &prompt);
		buf_char(&prompt, '\n');
		guest_show(g->guest, buf_text(&prompt), prompt.len);
	}
	buf_release(&prompt);
}

static void turn(struct dialogue *g)
{
	enum door_came came = DOOR_LINE;

	if (g->ended && !player_busy(g->player))
		press_enter(g);
	else if (!g->has_line)
		came = await_line(g);
	g->has_line = false;
	if (came == DOOR_LINE)
		take_line(g);
	else if (came != DOOR_OTHER)
		no_line(g, came);
	if (!g->over)
		keep_place(g);
}

static void farewell(struct dialogue *g)
{
	if (!g->finished)
		screen_say(g, STYLE_PLAIN,
			   "Your place is kept. 'tracetutor resume' goes on from here.");
}

void dialogue_run(struct dialogue *g)
{
	report_init(&g->rep, NULL, g->packs, NULL);
	dialogue_show(g);
	keep_place(g);
	while (!g->over)
		turn(g);
	farewell(g);
	report_release(&g->rep);
	buf_release(&g->carried);
	buf_release(&g->shown);
	buf_release(&g->line);
	buf_release(&g->prompt);
}
