/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * dialogue: a guided session as a conversation of lines. The loop is in dialogue.c, what can be
 * typed in words.c, completion in complete.c.
 */
#ifndef TRACETUTOR_CONSOLE_DIALOGUE_H
#define TRACETUTOR_CONSOLE_DIALOGUE_H

#include "src/console/guest.h"
#include "src/console/output.h"
#include "tracetutor/lesson.h"

struct dialogue {
	struct guest *guest;
	struct player *player;
	struct packs *packs;
	GKeyFile *state;               /* where the person is */
	struct report rep;             /* writes to the screen at work */
	struct buf carried;            /* to be shown at the head of the next screen */
	struct buf shown;              /* its text */
	struct buf line;               /* the line at work */
	struct buf prompt;             /* the prompt that is shown */
	const struct session *clocked; /* the trace whose times are told */
	bool has_line;                 /* a line was typed while a long screen was read */
	bool ended;                    /* no more input: going on with the defaults */
	bool over;                     /* the loop ends */
	bool warned;                   /* Ctrl-C was pressed once */
	bool finished;                 /* played to its end */
	struct diag *d;
};

/* Begin and print a screen; between them write to g->rep inside SECTIONs of your own. */
void screen_begin(struct dialogue *g);
void screen_print(struct dialogue *g);
/* A screen of one section with one paragraph. */
void screen_say(struct dialogue *g, enum style style, const char *text);

/* What a word's argument can be completed to. */
enum word_takes { TAKES_NOTHING, TAKES_FILTER, TAKES_RULE, TAKES_TOPIC, TAKES_WORD };

struct word {
	const char *name, *args, *help;
	enum word_takes takes;
	bool needs;  /* an argument */
	bool trace;  /* a trace */
	bool forget; /* not kept in the history: what is looked for may be a secret */
	void (*run)(struct dialogue *g, const char *arg);
};
extern const struct word word_table[];
extern const size_t word_count;

/* Run a line as a command; its row, or NULL if it is none (nothing was said). `whole`: only by its
 * whole name. */
const struct word *word_run(struct dialogue *g, const char *line, bool whole);
/* Say that the line was not understood, with "did you mean". */
void word_unknown(struct dialogue *g, const char *line);

/* Write the report into the session folder, tell the player, and follow what comes of it. */
void dialogue_report(struct dialogue *g);
/* The screen of the player's act. */
void dialogue_show(struct dialogue *g);

/* Play the session to its end or until it is left; guest, player, packs, state and d are set. */
void dialogue_run(struct dialogue *g);

door_complete complete_line;

#endif
