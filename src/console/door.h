/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * door: where lines come in. readline on a terminal (the only file that includes it is readline.c),
 * plain lines otherwise. The terminal is always given back as it was found, also on a signal.
 */
#ifndef TRACETUTOR_CONSOLE_DOOR_H
#define TRACETUTOR_CONSOLE_DOOR_H

#include <stdbool.h>

#include "tracetutor/buf.h"

enum door_came {
	DOOR_LINE,      /* *line is filled */
	DOOR_END,       /* end of input; Ctrl-D on a terminal */
	DOOR_INTERRUPT, /* Ctrl-C */
	DOOR_GONE       /* the program is told to end (SIGTERM, SIGHUP) */
};

struct door;

/* Give all completions of `word`, which stands after `before` on the line: call offer for each. */
typedef void door_complete(void *context, const char *before, const char *word,
			   void (*offer)(void *list, const char *candidate), void *list);

/* `history`: file to keep commands in, or NULL. One door at a time. */
struct door *door_open(const char *history, door_complete *complete, void *context);
/* Standard input and output are terminals that can be edited on. */
bool door_is_terminal(const struct door *d);
/* Show the prompt, wait for a line (without its newline, cleaned of control characters). */
enum door_came door_read(struct door *d, const char *prompt, struct buf *line);
/* Keep a command in the history; answers are never kept. */
void door_remember(struct door *d, const char *line);
void door_close(struct door *d);

#endif
