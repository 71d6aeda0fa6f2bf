/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * sink: where a report becomes characters of some format.
 *
 * Three calls over a dozen nodes. Text that arrives has been cleaned and masked already; a sink
 * escapes for its format and lays out, and knows no packet, field or record, so it cannot leak.
 * Nesting is checked once, in sink_begin()/sink_end(), for all sinks.
 *
 *   REPORT  > SECTION*
 *   SECTION > PACKET PROSE CODE FINDING QUESTION FIGURE (title in the attribute)
 *   PACKET  > ROW*   (attributes: number, folded count)
 *   ROW     > DECODE NOTE*   one or more raw lines, then the explanations that stand beside them
 *   NOTE    > PROSE*   FINDING > PROSE*
 *   FIGURE  (attributes: what there is to see; nothing stands in it)
 * Text within DECODE and CODE may hold '\n': whole preformatted lines. Elsewhere the sink wraps. A
 * PROSE that begins with "- " is an item of a list. A wrong nesting aborts.
 */
#ifndef TRACETUTOR_SINK_H
#define TRACETUTOR_SINK_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "tracetutor/buf.h"
#include "tracetutor/figure.h"

enum node {
	NODE_REPORT,
	NODE_SECTION,
	NODE_PACKET,
	NODE_ROW,
	NODE_DECODE,
	NODE_NOTE,
	NODE_FINDING,
	NODE_PROSE,
	NODE_CODE,
	NODE_FIGURE,
	NODE_QUESTION,
	NODE_COUNT
};

enum style {
	STYLE_PLAIN,
	STYLE_STRONG,
	STYLE_CODE,
	STYLE_TERM,
	STYLE_LINK, /* text is a packet number: "14" */
	STYLE_GOOD,
	STYLE_BAD
};

struct node_attr {
	const char
		*title;  /* SECTION, FINDING, NOTE, FIGURE: heading; PACKET: one-line summary; NULL
			  */
	uint32_t number; /* PACKET: frame number; 0: none */
	int severity;    /* NOTE, FINDING: 0 chat .. 3 error */
	const struct figure *figure; /* FIGURE */
};

struct sink;
struct sink_ops {
	void (*begin)(struct sink *, enum node, const struct node_attr *);
	void (*text)(struct sink *, enum style, const char *, size_t);
	void (*end)(struct sink *, enum node);
	/* Write out what is buffered; false once writing has failed (disk full ...). */
	bool (*flush)(struct sink *);
	void (*free)(struct sink *);
};
struct sink {
	const struct sink_ops *ops;
	uint8_t stack[16]; /* nesting, checked */
	uint8_t depth;
	int error; /* errno of the first failed write; 0 */
};

void sink_begin(struct sink *s, enum node n, const struct node_attr *a); /* a may be NULL */
void sink_text(struct sink *s, enum style st, const char *text, size_t len);
static inline void sink_str(struct sink *s, enum style st, const char *text)
{
	sink_text(s, st, text, strlen(text));
}
void sink_end(struct sink *s, enum node n);
bool sink_flush(struct sink *s);
void sink_free(struct sink *s);

struct sink_options {
	unsigned width;    /* columns; 0: 80 */
	bool color;        /* terminal only */
	bool ascii;        /* no characters beyond ASCII in what we write ourselves */
	bool side_by_side; /* terminal: explanations at the right (width >= 100) */
	bool fold_raw; /* text: decode lines longer than the width go on below; else they stay whole
			*/
	bool dense;    /* text: no blank lines between blocks, for what is said meanwhile */
	const char *title; /* html: title of the page; NULL: "tracetutor" */
};
/*
 * All write to fd through one large buffer; the fd stays the caller's. Interrupted and short writes
 * are gone on with; the first failure stays in sink->error and nothing more is written.
 */
struct sink *sink_text_new(int fd, const struct sink_options *o); /* terminal and plain text */
struct sink *sink_html_new(int fd, const struct sink_options *o); /* one self-contained page */
/* A text sink into memory, for the report's body and for tests. */
struct sink *sink_buf_new(struct buf *out, const struct sink_options *o);

#endif
