/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * feed: frames made by a test go through the whole pipeline with the shipped rules, and everything
 * that shows a packet is asked to show it. What is shown must hold no byte that drives a terminal.
 */
#ifndef TRACETUTOR_TESTS_FEED_H
#define TRACETUTOR_TESTS_FEED_H

#include <stdio.h>
#include <stdlib.h>

#include "tracetutor/session.h"
#include "tracetutor/shape.h"

struct feed {
	const struct packs *packs; /* NULL: no rules */
	struct pipeline pipeline;
	struct lines lines;
	struct buf text;
	int64_t previous_time;
	uint32_t number;
	bool all_views; /* PDML and the summary line too, not only the listing */
	/* The same frames on the way of `decode`, which must come to the same text. */
	struct pipeline lean;
	struct lines plain;
	int64_t lean_time;
};

/* The shipped rules, below $TRACETUTOR_DATA; NULL (and a run without rules) if they are not there.
 */
static inline struct packs *feed_packs(void)
{
	struct packs *p = packs_new();
	struct diag d = DIAG_INIT;
	char *rules = g_build_filename(g_getenv("TRACETUTOR_DATA") ? g_getenv("TRACETUTOR_DATA")
								   : "lessons",
				       "rules", NULL);

	if (!packs_load(p, rules, &d)) {
		packs_free(p);
		p = NULL;
	}
	diag_release(&d);
	g_free(rules);
	return p;
}

/* One table for all runs of a program: what a shape is hangs on nothing but its bytes. */
static inline struct shapes *feed_shapes(void)
{
	static struct shapes *shapes;

	if (!shapes)
		shapes = shapes_new();
	return shapes;
}

static inline void feed_begin(struct feed *x, const struct packs *packs)
{
	*x = (struct feed){.packs = packs, .all_views = true};
	pipeline_init(&x->pipeline, packs);
	lines_init(&x->lines);
	pipeline_init(&x->lean, NULL);
	x->lean.record.lean = true;
	x->lean.record.shapes = feed_shapes();
	lines_init(&x->plain);
	x->plain.plain = true;
}

/* Every line is clean: no control, no invisible character, valid UTF-8. */
static inline void feed_expect_clean(const struct buf *b)
{
	const char *at = buf_text(b), *end = at + b->len;

	while (at < end) {
		const char *stop = memchr(at, '\n', (size_t)(end - at));

		stop = stop ? stop : end;
		if (!text_is_clean(at, (size_t)(stop - at))) {
			fprintf(stderr, "not clean: %.*s\n", (int)(stop - at), at);
			abort();
		}
		at = stop + 1;
	}
}

/* Decode, rules, and the decode column's text. */
static inline void feed_decode(struct feed *x, struct frame *f)
{
	f->number = ++x->number;
	pipeline_frame(&x->pipeline, f);
	lines_reset(&x->lines);
	lines_packet(&x->lines, &x->pipeline.record, x->previous_time);
	x->previous_time = f->time;
}

/* After feed_decode(): what was said is clean, and what decode says of the same frame. (Where a
 * record is full, other fields are dropped.) */
static inline void feed_check(struct feed *x, const struct frame *f)
{
	const struct buf *text = &x->lines.text, *lean = &x->plain.text;

	feed_expect_clean(text);
	pipeline_frame(&x->lean, f);
	lines_packet(&x->plain, &x->lean.record, x->lean_time);
	x->lean_time = f->time;
	if (x->pipeline.record.overfull || x->lean.record.overfull)
		return;
	if (text->len != lean->len || memcmp(text->s, lean->s, text->len)) {
		fprintf(stderr, "packet %u is\n%s\nbut decode says\n%s\n", f->number, text->s,
			lean->s);
		abort();
	}
}

static inline void feed_frame(struct feed *x, struct frame *f)
{
	const struct record *r = &x->pipeline.record;

	feed_decode(x, f);
	feed_check(x, f);
	if (!x->all_views)
		return;
	buf_reset(&x->text);
	report_summary_line(&x->text, r);
	buf_char(&x->text, '\n');
	pdml_packet(&x->text, r);
	feed_expect_clean(&x->text);
}

/* The end of the capture: conversations, findings and the verdict, as JSON and as text. */
static inline void feed_end(struct feed *x)
{
	pipeline_end(&x->pipeline);
	buf_reset(&x->text);
	if (x->packs) {
		struct capture_facts facts = {.name = "fuzz", .packets = x->number};
		struct sink *sink = sink_buf_new(&x->text, &(struct sink_options){.width = 80});
		struct report rep;

		report_init(&rep, sink, x->packs, NULL);
		sink_begin(sink, NODE_REPORT, NULL);
		report_verdict(&rep, x->pipeline.engine);
		sink_end(sink, NODE_REPORT);
		sink_flush(sink);
		report_release(&rep);
		sink_free(sink);
		report_json(&x->text, &facts, x->pipeline.engine);
		feed_expect_clean(&x->text);
	}
	pipeline_release(&x->pipeline);
	lines_release(&x->lines);
	pipeline_release(&x->lean);
	lines_release(&x->plain);
	buf_release(&x->text);
}

#endif
