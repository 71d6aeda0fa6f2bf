/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * report_private: what the files of this folder share beyond report.h.
 */
#ifndef TRACETUTOR_REPORT_PRIVATE_H
#define TRACETUTOR_REPORT_PRIVATE_H

#include "tracetutor/report.h"

/* A number as text of the node at work; with STYLE_LINK a packet. */
void say_number(struct sink *s, enum style st, uint64_t n);
/* The spans of a prose, without its paragraphs, as text of the node at work. */
void say_spans(struct report *rep, const struct prose *p, const struct record *r);
/* The same as plain text, masked. */
void spans_text(const struct report *rep, const struct prose *p, const struct record *r,
		struct buf *out);
/* "packet 14", "packets 3, 9 and 14". */
void say_packets(struct sink *s, const struct finding *f);
/* More packets of a run that is told in one line. */
void report_fold(struct report *rep, uint32_t first, uint32_t last, const struct rule *reason);
/* Headline of a finding: its own, or the title of its rule. */
void headline_text(const struct finding *f, struct buf *out);
/* The same, masked. */
void finding_headline(const struct report *rep, const struct finding *f, struct buf *out);
/* A whole PROSE: "label" in strong, then text. */
void say_labelled(struct report *rep, const char *label, const char *text);
/* Is what TCP or UDP carries in this packet understood? */
bool report_speaks(const struct record *r);
/* An end of the record's conversation: "192.0.2.1:110", masked; and its address alone. */
void report_endpoint(struct buf *out, const struct record *r, const struct mask *m,
		     const struct endpoint *e);
void report_address(struct buf *out, const struct record *r, const struct mask *m,
		    const struct endpoint *e);

#endif
