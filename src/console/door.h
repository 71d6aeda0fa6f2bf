/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * door: where lines come in. readline on a terminal (only readline.c uses it),
 * plain lines otherwise. The terminal is always given back as it was found, also on a signal.
 *
 * While a line is awaited the program may say something: it appears above the prompt and what was
 * typed so far. From door_open() to door_close() signals are taken only inside door_wait().
 */
#ifndef TRACETUTOR_CONSOLE_DOOR_H
#define TRACETUTOR_CONSOLE_DOOR_H

#include <poll.h>
#include <stdbool.h>
#include <sys/types.h>

#include "tracetutor/buf.h"

enum door_came {
	DOOR_LINE,      /* *line is filled */
	DOOR_END,       /* end of input; Ctrl-D on a terminal */
	DOOR_INTERRUPT, /* Ctrl-C */
	DOOR_GONE,      /* the program is told to end (SIGTERM, SIGHUP), or the terminal is gone */
	DOOR_OTHER,     /* no line: something else is ready, or the time is over */
	DOOR_AGAIN      /* nothing was asked yet */
};

struct door;

/* Give all completions of `word`, which stands after `before` on the line: call offer for each. */
typedef void door_complete(void *context, const char *before, const char *word,
			   void (*offer)(void *list, const char *candidate), void *list);

/* `history`: file to keep commands in, or NULL. One door at a time. */
struct door *door_open(const char *history, door_complete *complete, void *context);
/* Standard input and output are terminals that can be edited on. */
bool door_is_terminal(const struct door *d);
void door_close(struct door *d);
/* In a forked child: this process takes no lines, signals do what they usually do. */
void door_leave(const struct door *d);

/* A process that works for this one (0: none). Ctrl-Z stops it with this one, never alone: it might
 * be in the middle of a message that this one waits for. */
void door_helper(struct door *d, pid_t pid);

/* Show the prompt and begin to take a line; if one is awaited already, what was typed stays. */
void door_ask(struct door *d, const char *prompt);
/*
 * Wait for the line that was asked for (if one was: without its newline, cleaned of control
 * characters), for one of the others to be ready, or for `ms` to pass (-1: no limit). After
 * DOOR_OTHER the line is still awaited; after anything else it is not.
 */
enum door_came door_wait(struct door *d, struct pollfd *others, unsigned n, int ms,
			 struct buf *line);
/* Ask and wait, with nothing else to do. */
enum door_came door_read(struct door *d, const char *prompt, struct buf *line);
/* Write text: above the prompt if a line is awaited. 0, or the errno of a failed write. */
int door_say(struct door *d, const char *text, size_t n);
/* Replace the prompt while a line is awaited; what was typed stays. Without a terminal it is seen
 * after the next text. */
void door_prompt(struct door *d, const char *prompt);
/* Give the terminal back for a while (a program may ask for a password on it). */
void door_pause(struct door *d);

/* Keep a command in the history; answers are never kept. */
void door_remember(struct door *d, const char *line);

#endif
