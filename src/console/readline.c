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

#include "src/console/door.h"
#include "src/console/libreadline.h"
#include "src/console/signals.h"

#define HISTORY_LINES 500
#define SILENCE       50   /* milliseconds after a text until the prompt is shown again */
#define LINE_MAX_LEN  4096 /* of a typed line; the rest is passed over */

struct door {
	bool terminal;
	char *history;
	door_complete *complete;
	void *context;
	GPtrArray *offers; /* completions at hand */
	bool asking;       /* a line is awaited */
	bool stale;        /* plain: text came after the prompt; it is to be shown again */
	char *prompt;      /* of it */
	char *line;        /* given by readline; NULL with `got`: Ctrl-D */
	bool got;
	GString *input; /* plain: what was read and is no whole line yet; terminal: pasted lines */
	bool ended;     /* plain: standard input has ended */
	sigset_t open;  /* the signal mask while waiting */
	pid_t helper;   /* stops and goes on with us; 0: none */
};

/* readline calls back without a context: the one door that is open. */
static struct door *the_door;

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
	char *before = g_strndup(*libreadline.rl_line_buffer, (gsize)start);
	char **matches;

	(void)end;
	the_door->offers = g_ptr_array_new_with_free_func(g_free);
	the_door->complete(the_door->context, before, text, take_offer, the_door->offers);
	matches = libreadline.rl_completion_matches(text, next_offer);
	*libreadline.rl_attempted_completion_over = 1;
	g_ptr_array_free(the_door->offers, TRUE);
	g_free(before);
	return matches;
}

/* --- the terminal's modes --- */

/*
 * readline would give the terminal back after each line. It stays ours until the door is closed:
 * what is typed or pasted meanwhile waits for the next prompt as it is, and is not echoed into the
 * middle of what is said.
 */
static bool terminal_taken;

static void take_terminal(int meta)
{
	if (!terminal_taken)
		libreadline.rl_prep_terminal(meta);
	terminal_taken = true;
}

static void keep_terminal(void)
{
}

static void give_terminal_back(void)
{
	if (terminal_taken)
		libreadline.rl_deprep_terminal();
	terminal_taken = false;
}

/* --- opening --- */

static bool editable(void)
{
	const char *term = g_getenv("TERM");
	struct diag quiet = DIAG_INIT; /* without readline lines come in plain */
	bool can = isatty(STDIN_FILENO) && isatty(STDOUT_FILENO) && term && *term &&
		   strcmp(term, "dumb") != 0 && libreadline_load(&quiet);

	diag_release(&quiet);
	return can;
}

static void open_terminal(struct door *d)
{
	*libreadline.rl_readline_name = "tracetutor";
	*libreadline.rl_catch_signals = 0;
	*libreadline.rl_catch_sigwinch = 0;
	*libreadline.rl_prep_term_function = take_terminal;
	*libreadline.rl_deprep_term_function = keep_terminal;
	*libreadline.rl_attempted_completion_function = complete_word;
	*libreadline.rl_completer_word_break_characters = " \t";
	libreadline.using_history();
	libreadline.stifle_history(HISTORY_LINES);
	if (d->history)
		libreadline.read_history(d->history);
}

struct door *door_open(const char *history, door_complete *complete, void *context)
{
	struct door *d = g_new0(struct door, 1);

	d->terminal = editable();
	d->history = g_strdup(history);
	d->complete = complete;
	d->context = context;
	d->input = g_string_new(NULL);
	the_door = d;
	signals_watch(&d->open);
	if (d->terminal)
		open_terminal(d);
	return d;
}

void door_helper(struct door *d, pid_t pid)
{
	d->helper = pid;
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
	libreadline.rl_callback_handler_remove();
}

/* Stop as Ctrl-Z asks, with the terminal in order, and take up again with what was typed so far. */
static void suspend(struct door *d)
{
	bool editing = d->asking && d->terminal;
	char *typed = editing ? g_strdup(*libreadline.rl_line_buffer) : NULL;
	int point = editing ? *libreadline.rl_point : 0;

	if (editing)
		libreadline.rl_callback_handler_remove();
	give_terminal_back();
	if (d->helper > 0)
		kill(d->helper, SIGSTOP);
	raise(SIGSTOP);
	if (d->helper > 0)
		kill(d->helper, SIGCONT);
	if (editing) {
		libreadline.rl_callback_handler_install(d->prompt, line_came);
		libreadline.rl_insert_text(typed);
		*libreadline.rl_point = point;
		libreadline.rl_redisplay();
	}
	g_free(typed);
}

static void stop_asking(struct door *d)
{
	if (d->asking && d->terminal && !d->got)
		libreadline.rl_callback_handler_remove();
	d->asking = d->stale = false;
}

static void new_line(void)
{
	putchar('\n');
	fflush(stdout);
}

static void leave_line(struct door *d)
{
	if (d->asking)
		new_line();
	stop_asking(d);
}

/* What signals mean for the line at work; those that end it are the last word. */
static enum door_came heed_signals(struct door *d)
{
	bool gone, interrupt;

	if (signals_took(SIGTSTP))
		suspend(d);
	if (signals_took(SIGWINCH) && d->terminal)
		d->asking ? libreadline.rl_resize_terminal() : libreadline.rl_reset_screen_size();
	interrupt = signals_took(SIGINT);
	gone = signals_took(SIGTERM);
	gone = signals_took(SIGHUP) || gone;
	if (gone || interrupt)
		leave_line(d);
	return gone ? DOOR_GONE : interrupt ? DOOR_INTERRUPT : DOOR_OTHER;
}

/* The first of several lines; the others, pasted with it, are kept for later questions. */
static void first_line(struct door *d, const char *text, struct buf *line)
{
	const char *end = strpbrk(text, "\r\n");

	buf_clean_max(line, text, end ? (size_t)(end - text) : strlen(text), LINE_MAX_LEN);
	if (end && *end == '\r' && end[1] == '\n')
		end++;
	if (end && end[1])
		g_string_prepend(d->input, end + 1);
}

static enum door_came terminal_line(struct door *d, struct buf *line)
{
	d->asking = false;
	if (!d->line) {
		new_line();
		return DOOR_END;
	}
	first_line(d, d->line, line);
	free(d->line);
	d->line = NULL;
	return DOOR_LINE;
}

/* --- lines from elsewhere --- */

/* The next line of what was read; at the end of input its last piece, too. */
static bool plain_line(struct door *d, struct buf *line)
{
	char *newline = strchr(d->input->str, '\n');
	gsize n = newline ? (gsize)(newline - d->input->str) : d->input->len;

	if (!newline && !(d->ended && n))
		return false;
	buf_clean_max(line, d->input->str, n && d->input->str[n - 1] == '\r' ? n - 1 : n,
		      LINE_MAX_LEN);
	g_string_erase(d->input, 0, (gssize)(newline ? n + 1 : n));
	return true;
}

/* Read what is there; NUL bytes would end the text, so they become blanks. */
static void plain_fetch(struct door *d)
{
	char bytes[LINE_MAX_LEN];
	ssize_t n = read(STDIN_FILENO, bytes, sizeof(bytes));

	if (n < 0 && (errno == EINTR || errno == EAGAIN))
		return;
	d->ended = n <= 0;
	for (ssize_t i = 0; i < n; i++) {
		char c = bytes[i] ? bytes[i] : ' ';

		/* of a line that is too long the end is passed over */
		if (d->input->len < 4 * LINE_MAX_LEN || c == '\n')
			g_string_append_c(d->input, c);
	}
}

static enum door_came plain_came(struct door *d, struct buf *line)
{
	bool got = plain_line(d, line);

	if (!got && !d->ended)
		return DOOR_OTHER;
	d->asking = d->stale = false;
	if (!d->terminal && !isatty(STDIN_FILENO))
		new_line(); /* nobody pressed Enter on this line */
	return got ? DOOR_LINE : DOOR_END;
}

/* --- asking and waiting --- */

void door_ask(struct door *d, const char *prompt)
{
	if (d->asking && d->terminal && !d->got) {
		door_prompt(d, prompt);
		return;
	}
	if (d->asking && !d->terminal && !d->stale) /* another prompt stands there, unanswered */
		putchar('\n');
	g_free(d->prompt);
	d->prompt = g_strdup(prompt);
	d->asking = true;
	d->stale = false;
	d->got = false;
	if (d->terminal && !d->input->len) {
		libreadline.rl_callback_handler_install(d->prompt, line_came);
		return;
	}
	fputs(prompt, stdout);
	fflush(stdout);
}

/* A line that needs no waiting. */
static bool at_hand(const struct door *d)
{
	return d->asking && (d->got || d->input->len || d->ended);
}

static enum door_came take(struct door *d, struct buf *line)
{
	if (d->terminal && d->got)
		return terminal_line(d, line);
	if (d->terminal && d->input->len) { /* pasted before */
		char *rest = g_string_free(d->input, FALSE);

		d->input = g_string_new(NULL);
		first_line(d, rest, line);
		g_free(rest);
		d->asking = false;
		fputs(buf_text(line), stdout);
		new_line();
		return DOOR_LINE;
	}
	return d->terminal ? DOOR_OTHER : plain_came(d, line);
}

/* Standard input has something to say. */
static enum door_came input_ready(struct door *d, short events, struct buf *line)
{
	if (!d->terminal)
		plain_fetch(d);
	else if (events & POLLIN)
		libreadline.rl_callback_read_char();
	else {
		stop_asking(d);
		return DOOR_GONE;
	}
	return at_hand(d) ? take(d, line) : DOOR_OTHER;
}

/* Text was followed by a while of silence: the prompt again. */
static void show_again(struct door *d)
{
	fputs(d->prompt, stdout);
	fflush(stdout);
	d->stale = false;
}

enum door_came door_wait(struct door *d, struct pollfd *others, unsigned n, int ms,
			 struct buf *line)
{
	struct pollfd fds[8] = {{.fd = d->asking ? STDIN_FILENO : -1, .events = POLLIN}};
	int wait = d->stale && (ms < 0 || ms > SILENCE) ? SILENCE : ms;
	struct timespec limit = {.tv_sec = wait / 1000, .tv_nsec = wait % 1000 * 1000000};
	enum door_came came = DOOR_OTHER;
	int ready;

	buf_reset(line);
	g_assert(n < G_N_ELEMENTS(fds));
	if (n)
		memcpy(fds + 1, others, n * sizeof(*others));
	if (at_hand(d))
		came = take(d, line);
	if (came == DOOR_OTHER) {
		ready = ppoll(fds, n + 1, wait < 0 ? NULL : &limit, &d->open);
		if (!ready && d->stale)
			show_again(d);
		if (ready < 0 && errno == EINTR)
			came = heed_signals(d);
		else if (ready > 0 && fds[0].revents)
			came = input_ready(d, fds[0].revents, line);
		for (unsigned i = 0; i < n; i++)
			others[i].revents = ready > 0 ? fds[i + 1].revents : 0;
	}
	if (line->len) {
		g_strstrip(line->s);
		line->len = strlen(line->s);
	}
	return came;
}

enum door_came door_read(struct door *d, const char *prompt, struct buf *line)
{
	enum door_came came;

	door_ask(d, prompt);
	do
		came = door_wait(d, NULL, 0, -1, line);
	while (came == DOOR_OTHER);
	return came;
}

/* --- saying something --- */

static int write_all(const char *text, size_t n)
{
	while (n) {
		ssize_t done = write(STDOUT_FILENO, text, n);

		if (done < 0 && errno == EINTR)
			continue;
		if (done < 0)
			return errno;
		text += done;
		n -= (size_t)done;
	}
	return 0;
}

int door_say(struct door *d, const char *text, size_t n)
{
	int error;

	if (d->asking && d->terminal)
		libreadline.rl_clear_visible_line();
	else if (d->asking && !d->stale)
		putchar('\n');
	fflush(stdout);
	error = write_all(text, n);
	if (d->asking && d->terminal)
		libreadline.rl_forced_update_display();
	d->stale = d->asking && !d->terminal;
	fflush(stdout);
	return error;
}

void door_prompt(struct door *d, const char *prompt)
{
	if (!d->asking || strcmp(d->prompt, prompt) == 0)
		return;
	g_free(d->prompt);
	d->prompt = g_strdup(prompt);
	if (!d->terminal)
		return; /* it is shown again after the next text */
	libreadline.rl_clear_visible_line();
	libreadline.rl_set_prompt(d->prompt);
	libreadline.rl_forced_update_display();
	fflush(stdout);
}

void door_pause(struct door *d)
{
	if (d->asking && d->terminal)
		libreadline.rl_clear_visible_line();
	stop_asking(d);
	give_terminal_back();
}

void door_remember(struct door *d, const char *line)
{
	HIST_ENTRY *last = d->terminal && *libreadline.history_length
				   ? libreadline.history_get(*libreadline.history_length)
				   : NULL;

	if (d->terminal && *line && !(last && strcmp(last->line, line) == 0))
		libreadline.add_history(line);
}

/* readline would make the file with the mode of the day; ours are 0600. */
static void keep_history(const struct door *d)
{
	int fd = open(d->history, O_WRONLY | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);

	if (fd < 0)
		return;
	close(fd);
	libreadline.write_history(d->history);
}

void door_close(struct door *d)
{
	if (d->terminal && d->history)
		keep_history(d);
	if (d->terminal)
		libreadline.clear_history();
	stop_asking(d);
	give_terminal_back();
	signals_leave(&d->open);
	the_door = NULL;
	g_string_free(d->input, TRUE);
	g_free(d->prompt);
	g_free(d->history);
	g_free(d);
}

void door_leave(const struct door *d)
{
	signals_leave(&d->open);
}
