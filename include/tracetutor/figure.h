/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * figure: a picture of a conversation, told as what there is to see on it. A sink draws it as its
 * format can: HTML in lines and curves, text as a ladder of characters. All text in it has been
 * cleaned and masked.
 *
 * LADDER: two sides, one rung a packet, in time's order from top to bottom.
 * GRAPH: bytes that each side sent over time, with marks where something was amiss.
 */
#ifndef TRACETUTOR_FIGURE_H
#define TRACETUTOR_FIGURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tracetutor/buf.h"

enum figure_kind { FIGURE_LADDER, FIGURE_GRAPH };

struct figure_rung {
	uint32_t packet;
	int64_t time;      /* ns since the first packet of the trace */
	int64_t silence;   /* ns without a packet before this one, if that is worth saying; 0 */
	uint32_t left_out; /* packets of the conversation not shown before this one */
	bool to_right;     /* the left side sends */
	bool lost;         /* neither confirmed nor answered: its arrow ends in the middle */
	bool proof;        /* it proves what the picture is about */
	bool linked;       /* the packet stands on the same page */
	const char *text;
};

struct figure_point {
	int64_t time;   /* ns since the first packet of the trace */
	uint64_t bytes; /* sent until then */
};

enum figure_mark_kind { FIGURE_AGAIN, FIGURE_FULL, FIGURE_MARK_KINDS };

struct figure_mark {
	struct figure_point at;
	enum figure_mark_kind kind; /* sent again; the receiver had no room */
	uint32_t packet;
	bool linked;
};

struct figure {
	enum figure_kind kind;
	const char *describe; /* what it shows in one or two sentences, for who cannot see it */
	const char *note;     /* below it: how to read it, what was left out; NULL */
	/* The two sides: who, and where. The left one is the client. */
	const char *left, *right;           /* "client 192.0.2.1:1030" */
	const char *left_name, *right_name; /* name of the computer; NULL: not known */
	const struct figure_rung *rungs;    /* LADDER */
	size_t nrungs;
	uint32_t left_out;                  /* packets not shown behind the last rung */
	const struct figure_point *sent[2]; /* GRAPH: of the left side, of the right side */
	size_t nsent[2];
	const struct figure_mark *marks;
	size_t nmarks;
};

#define FIGURE_WIDTH 78 /* columns of a ladder in text */

/* The ladder with its note as lines of text, each ended by '\n', at most so many columns (40 or
 * more). */
void figure_text(struct buf *out, const struct figure *f, unsigned width);

#endif
