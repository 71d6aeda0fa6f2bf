/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * diag: what is wrong with the user's input, where, what was expected, what to do.
 *
 * Functions that can fail take a struct diag and never print. A message reads
 *     file:line:column: error: what is wrong
 *         the source line
 *             ^~~~
 *     what to do
 * with the parts that are known. Messages are collected (all errors of all files at once) up to
 * DIAG_MAX; further ones are counted. All text is cleaned on its way in.
 */
#ifndef TRACETUTOR_DIAG_H
#define TRACETUTOR_DIAG_H

#include <stdbool.h>
#include <stddef.h>

#include "tracetutor/buf.h"

#define DIAG_MAX 200 /* messages kept */

enum diag_level { DIAG_NOTE, DIAG_WARNING, DIAG_ERROR };

/* Where: any part may be 0 or NULL. column counts from 1, in bytes; span is the caret's width. */
struct place {
	const char *file;
	unsigned line, column, span;
	const char *source; /* the source line (or the whole filter text) to show above the caret */
};

struct diag_message {
	enum diag_level level;
	char *text; /* whole message as rendered, without a final newline */
};

struct diag {
	struct diag_message *messages;
	size_t count;   /* kept */
	size_t dropped; /* over DIAG_MAX */
	size_t errors;  /* of level DIAG_ERROR, kept or not */
};

#define DIAG_INIT ((struct diag){0})

void diag_release(struct diag *d);
/* Add a message; where and hint ("what to do", "did you mean ...?") may be NULL. */
void diag_add(struct diag *d, enum diag_level level, const struct place *where, const char *hint,
	      const char *fmt, ...) __attribute__((format(printf, 5, 6)));
/* The common case: an error without a place, with a hint or NULL. Returns false. */
bool diag_fail(struct diag *d, const char *hint, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
/* All messages, each ended by a newline. */
void diag_write(const struct diag *d, struct buf *out);

/*
 * "Did you mean": offer candidates one at a time; the nearest one within a third of the word's
 * length is kept. Start from NEAREST_INIT.
 */
struct nearest {
	const char *word, *best;
	unsigned distance;
};
#define NEAREST_INIT(w) ((struct nearest){.word = (w)})
void nearest_offer(struct nearest *n, const char *candidate);

#endif
