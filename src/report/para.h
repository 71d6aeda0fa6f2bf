/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * para: one paragraph of styled text, laid out in lines of a given width.
 *
 * Widths are columns of a terminal (wide characters count two), lines break where Unicode (UAX #14)
 * allows it; a word longer than the line is cut. Line ends in the text count as blanks.
 */
#ifndef TRACETUTOR_REPORT_PARA_H
#define TRACETUTOR_REPORT_PARA_H

#include "tracetutor/sink.h"

struct para {
	struct buf text;
	struct para_run {
		enum style style;
		size_t end; /* offset in text where the run ends */
	} * runs;
	size_t nruns, cap;
};

void para_release(struct para *p);
void para_reset(struct para *p);
void para_add(struct para *p, enum style st, const char *text, size_t len);
/*
 * Append the paragraph's lines to out, each begun by `first` or (from the second on) `rest` and
 * ended by '\n'. The prefixes do not count for the width. Styles become terminal escapes if color.
 */
void para_layout(const struct para *p, unsigned width, bool color, const char *first,
		 const char *rest, struct buf *out);

/* The escape sequence that begins a style; "" for plain. */
const char *style_escape(enum style st);
#define STYLE_END "\033[0m"

/* Columns that text takes. */
unsigned text_columns(const char *s, size_t n);
/* Bytes of the longest beginning of the text that fits in `columns` (at least one character). */
size_t text_fit(const char *s, size_t n, unsigned columns);

#endif
