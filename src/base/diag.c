/* SPDX-License-Identifier: GPL-3.0-or-later */
/* diag: messages about the user's input, collected and rendered. */
#include "tracetutor/diag.h"

#include <glib.h>
#include <stdarg.h>
#include <string.h>

#define CARET_WINDOW 72 /* columns of the source line that are shown around the caret */

void diag_release(struct diag *d)
{
	for (size_t i = 0; i < d->count; i++)
		g_free(d->messages[i].text);
	g_free(d->messages);
	*d = DIAG_INIT;
}

/* "file:line:column: " as far as known. */
static void write_place(struct buf *b, const struct place *w)
{
	if (!w || !w->file)
		return;
	buf_clean(b, w->file, strlen(w->file));
	if (w->line) {
		buf_char(b, ':');
		buf_dec(b, w->line);
		if (w->column) {
			buf_char(b, ':');
			buf_dec(b, w->column);
		}
	}
	buf_str(b, ": ");
}

/* The source line with a caret below it; a long line is shown around the caret only. */
static void write_caret(struct buf *b, const struct place *w)
{
	size_t len, from, at, start, indent;

	if (!w || !w->source || !w->column)
		return;
	len = strcspn(w->source, "\n");
	at = MIN((size_t)w->column - 1, len);
	from = at > CARET_WINDOW / 2 && len > CARET_WINDOW ? at - CARET_WINDOW / 2 : 0;
	buf_str(b, "\n    ");
	start = b->len;
	buf_clean(b, w->source + from, at - from);
	indent = b->len - start; /* the caret stands under the cleaned text */
	buf_clean(b, w->source + at, MIN(len - at, (size_t)CARET_WINDOW));
	buf_str(b, "\n    ");
	buf_fill(b, ' ', indent);
	buf_char(b, '^');
	buf_fill(b, '~', MIN(MAX(w->span, 1u), CARET_WINDOW / 2) - 1);
}

static void add(struct diag *d, enum diag_level level, const struct place *where, const char *hint,
		const char *fmt, va_list ap)
{
	static const char *const words[] = {"note: ", "warning: ", "error: "};
	struct buf b = BUF_INIT;
	char *text;

	if (level == DIAG_ERROR)
		d->errors++;
	if (d->count == DIAG_MAX) {
		d->dropped++;
		return;
	}
	write_place(&b, where);
	buf_str(&b, where && where->file ? words[level] : "");
	text = g_strdup_vprintf(fmt, ap);
	buf_clean_lines(&b, text, strlen(text));
	g_free(text);
	write_caret(&b, where);
	if (hint) {
		buf_str(&b, "\n    ");
		buf_clean_lines(&b, hint, strlen(hint));
	}
	if (!d->messages)
		d->messages = g_new(struct diag_message, DIAG_MAX);
	d->messages[d->count++] = (struct diag_message){.level = level, .text = buf_steal(&b)};
}

void diag_add(struct diag *d, enum diag_level level, const struct place *where, const char *hint,
	      const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	add(d, level, where, hint, fmt, ap);
	va_end(ap);
}

bool diag_fail(struct diag *d, const char *hint, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	add(d, DIAG_ERROR, NULL, hint, fmt, ap);
	va_end(ap);
	return false;
}

void diag_write(const struct diag *d, struct buf *out)
{
	for (size_t i = 0; i < d->count; i++) {
		buf_str(out, d->messages[i].text);
		buf_char(out, '\n');
	}
	if (d->dropped) {
		buf_dec(out, d->dropped);
		buf_str(out, " further messages are not shown\n");
	}
}

/* Edit distance (insert, delete, replace, swap two neighbours), given up above `limit`; words up to
 * 63 characters. */
static unsigned edit_distance(const char *a, const char *b, unsigned limit)
{
	size_t la = strlen(a), lb = strlen(b);
	unsigned rows[3][64]; /* of i, i - 1 and i - 2, in turn */

	if (la > 63 || lb > 63 || (la > lb ? la - lb : lb - la) > limit)
		return limit + 1;
	for (size_t j = 0; j <= lb; j++)
		rows[0][j] = (unsigned)j;
	for (size_t i = 1; i <= la; i++) {
		unsigned *row = rows[i % 3];
		const unsigned *above = rows[(i - 1) % 3], *swap = rows[(i + 1) % 3];

		row[0] = (unsigned)i;
		for (size_t j = 1; j <= lb; j++) {
			row[j] = MIN(above[j - 1] + (a[i - 1] != b[j - 1]),
				     MIN(above[j], row[j - 1]) + 1);
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
				row[j] = MIN(row[j], swap[j - 2] + 1);
		}
	}
	return rows[la % 3][lb];
}

void nearest_offer(struct nearest *n, const char *candidate)
{
	unsigned limit = (unsigned)MAX(strlen(n->word) / 3, (size_t)1), d;

	if (n->best)
		limit = MIN(limit, n->distance ? n->distance - 1 : 0);
	d = edit_distance(n->word, candidate, limit);
	if (d <= limit && (!n->best || d < n->distance)) {
		n->best = candidate;
		n->distance = d;
	}
}
