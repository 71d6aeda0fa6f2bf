/* SPDX-License-Identifier: GPL-3.0-or-later */
/* door: readline's callback interface with poll, or getline where there is no terminal. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <glib.h>
#include <readline/history.h>
#include <readline/readline.h>

#include "src/console/door.h"

#define HISTORY_LINES 500
#define LINE_MAX_LEN  4096 /* of a typed line; the rest is passed over */

struct door {
	bool terminal;
	char *history;
	door_complete *complete;
	void *context;
	GPtrArray *offers; /* completions at hand */
	char *line;        /* given by readline */
	bool got, ended;
};

/* readline calls back without a context: the one door that is open. */
static struct door *the_door;
static volatile sig_atomic_t signal_came;

static void on_signal(int signum)
{
	signal_came = signum;
}

/*
 * Signals are taken only while ppoll() waits, with the mask left in *open; so none is lost between
 * looking at the flag and waiting.
 */
static void watch_signals(bool on, sigset_t *open)
{
	const int signals[] = {SIGINT, SIGTERM, SIGHUP, SIGTSTP, SIGWINCH};
	sigset_t ours;

	sigemptyset(&ours);
	for (size_t i = 0; i < G_N_ELEMENTS(signals); i++) {
		struct sigaction act = {.sa_handler = on ? on_signal : SIG_DFL};

		sigemptyset(&act.sa_mask);
		sigaction(signals[i], &act, NULL);
		sigaddset(&ours, signals[i]);
	}
	if (on)
		sigprocmask(SIG_BLOCK, &ours, open);
	else
		sigprocmask(SIG_SETMASK, open, NULL);
}

/* --- completion --- */

static void take_offer(void *list, const char *candidate)
{
	g_ptr_array_add(list, g_strdup(candidate));
}

static char *next_offer(const char *text, int state)
{
	static guint at;

	(void)text;
	if (state == 0)
		at = 0;
	/* readline free()s what it gets: GLib's allocator is malloc. */
	return at < the_door->offers->len ? strdup(the_door->offers->pdata[at++]) : NULL;
}

static char **complete_word(const char *text, int start, int end)
{
	char *before = g_strndup(rl_line_buffer, (gsize)start);
	char **matches;

	(void)end;
	the_door->offers = g_ptr_array_new_with_free_func(g_free);
	the_door->complete(the_door->context, before, text, take_offer, the_door->offers);
	matches = rl_completion_matches(text, next_offer);
	rl_attempted_completion_over = 1;
	g_ptr_array_free(the_door->offers, TRUE);
	g_free(before);
	return matches;
}

/* --- opening --- */

static bool editable(void)
{
	const char *term = g_getenv("TERM");

	return isatty(STDIN_FILENO) && isatty(STDOUT_FILENO) && term && *term &&
	       strcmp(term, "dumb") != 0;
}

static void open_terminal(struct door *d)
{
	rl_readline_name = "tracetutor";
	rl_catch_signals = 0;
	rl_catch_sigwinch = 0;
	rl_attempted_completion_function = complete_word;
	rl_completer_word_break_characters = " \t";
	using_history();
	stifle_history(HISTORY_LINES);
	if (d->history)
		read_history(d->history);
}

struct door *door_open(const char *history, door_complete *complete, void *context)
{
	struct door *d = g_new0(struct door, 1);

	d->terminal = editable();
	d->history = g_strdup(history);
	d->complete = complete;
	d->context = context;
	the_door = d;
	if (d->terminal)
		open_terminal(d);
	return d;
}

bool door_is_terminal(const struct door *d)
{
	return d->terminal;
}

/* --- lines from a terminal --- */

static void line_came(char *line)
{
	the_door->line = line;
	the_door->got = true;
	rl_callback_handler_remove();
}

/* Stop as Ctrl-Z asks, with the terminal in order, and take up again. */
static void suspend(const char *prompt)
{
	rl_callback_handler_remove();
	raise(SIGSTOP);
	rl_callback_handler_install(prompt, line_came);
}

/* What a signal means for the line at work; DOOR_LINE: nothing, go on. */
static enum door_came heed_signal(const char *prompt)
{
	int signum = signal_came;

	signal_came = 0;
	if (signum == SIGTSTP)
		suspend(prompt);
	else if (signum == SIGWINCH)
		rl_resize_terminal();
	else if (signum) {
		rl_callback_handler_remove();
		putchar('\n');
		fflush(stdout);
		return signum == SIGINT ? DOOR_INTERRUPT : DOOR_GONE;
	}
	return DOOR_LINE;
}

static enum door_came read_terminal(struct door *d, const char *prompt, struct buf *line)
{
	struct pollfd in = {.fd = STDIN_FILENO, .events = POLLIN};
	enum door_came came = DOOR_LINE;
	sigset_t open;

	d->got = false;
	signal_came = 0;
	watch_signals(true, &open);
	rl_callback_handler_install(prompt, line_came);
	while (!d->got && came == DOOR_LINE) {
		int n = ppoll(&in, 1, NULL, &open);

		if (signal_came || (n < 0 && errno == EINTR))
			came = heed_signal(prompt);
		else if (n > 0 && in.revents & POLLIN)
			rl_callback_read_char();
		else if (n < 0 || in.revents & (POLLHUP | POLLERR | POLLNVAL)) {
			rl_callback_handler_remove();
			came = DOOR_GONE;
		}
	}
	watch_signals(false, &open);
	if (came != DOOR_LINE)
		return came;
	if (!d->line) {
		putchar('\n');
		fflush(stdout);
		return DOOR_END;
	}
	buf_clean_max(line, d->line, strlen(d->line), LINE_MAX_LEN);
	free(d->line);
	d->line = NULL;
	return DOOR_LINE;
}

/* --- lines from elsewhere --- */

static enum door_came read_plain(struct door *d, const char *prompt, struct buf *line)
{
	char bytes[LINE_MAX_LEN];
	size_t n = 0;
	int c = EOF;

	fputs(prompt, stdout);
	fflush(stdout);
	while (!d->ended && (c = getchar()) != EOF && c != '\n')
		if (n < sizeof(bytes))
			bytes[n++] = (char)c;
	d->ended = d->ended || c == EOF;
	if (!isatty(STDIN_FILENO))
		putchar('\n'); /* nobody pressed Enter on this line */
	if (d->ended && !n)
		return DOOR_END;
	if (n && bytes[n - 1] == '\r')
		n--;
	buf_clean(line, bytes, n);
	return DOOR_LINE;
}

enum door_came door_read(struct door *d, const char *prompt, struct buf *line)
{
	enum door_came came;

	buf_reset(line);
	came = d->terminal ? read_terminal(d, prompt, line) : read_plain(d, prompt, line);
	if (line->len) {
		g_strstrip(line->s);
		line->len = strlen(line->s);
	}
	return came;
}

void door_remember(struct door *d, const char *line)
{
	HIST_ENTRY *last = d->terminal && history_length ? history_get(history_length) : NULL;

	if (d->terminal && *line && !(last && strcmp(last->line, line) == 0))
		add_history(line);
}

/* readline would make the file with the mode of the day; ours are 0600. */
static void keep_history(const struct door *d)
{
	int fd = open(d->history, O_WRONLY | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);

	if (fd < 0)
		return;
	close(fd);
	write_history(d->history);
}

void door_close(struct door *d)
{
	if (d->terminal && d->history)
		keep_history(d);
	if (d->terminal)
		clear_history();
	the_door = NULL;
	g_free(d->history);
	g_free(d);
}
