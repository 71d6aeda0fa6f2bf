/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * report: records, notes and findings as events for a sink, or as JSON and PDML.
 *
 * The masking of a report that leaves the house is chosen here and works where values become
 * characters (lines.h); sinks never see what was masked.
 */
#ifndef TRACETUTOR_REPORT_H
#define TRACETUTOR_REPORT_H

#include "tracetutor/lines.h"
#include "tracetutor/rules.h"
#include "tracetutor/sink.h"

/* Masks secrets always, identities if asked; payload that could hold a secret is not shown as hex.
 * The names given to identities are stable within one masker. */
struct masker;
struct masker *masker_new(bool identities);
void masker_free(struct masker *m);
const struct mask *masker_mask(const struct masker *m);
/* How many secrets and identities were masked so far, for the preview. */
void masker_counts(const struct masker *m, uint64_t *secrets, uint64_t *identities);

struct report {
	struct sink *sink;
	struct lines lines;
	const struct packs *packs;
	bool decode_only;       /* no notes */
	uint8_t *explained;     /* one bit a rule: concept already explained in this session */
	int64_t previous_time;  /* of the packet before, for the delta */
	uint32_t folded;        /* packets folded so far in the current run, and the rule that did */
	const struct rule *fold_rule;
};

void report_init(struct report *rep, struct sink *s, const struct packs *p, const struct mask *m);
void report_release(struct report *rep);

/* The packet with its notes. Folded packets are counted and said in one line before the next. */
void report_packet(struct report *rep, const struct record *r, const struct note *notes, size_t n);
/* A packet that is not shown: only its time counts. */
void report_skip(struct report *rep, const struct record *r);
/* Headline verdict with its packets, the other findings, what looks fine, what could not be judged. */
void report_verdict(struct report *rep, const struct engine *e);
/* One finding in full: headline, explanation, advice, look-alikes. */
void report_finding(struct report *rep, const struct finding *f);
/* A rule's or term's text as prose. */
void report_prose(struct report *rep, const struct prose *p, const struct record *r);
/* "110.0.0.1 -> ...: one line a packet", for list and the live view. */
void report_summary_line(struct buf *out, const struct record *r);

/* The JSON of `explain --format json`, version 1. */
struct capture_info;
void report_json(struct buf *out, const char *name, const struct capture_info *info, uint64_t packets,
		 const struct engine *e);

/* PDML as tshark writes it: head, one packet after another, foot. */
void pdml_head(struct buf *out, const char *name);
void pdml_packet(struct buf *out, const struct record *r);
void pdml_foot(struct buf *out);

#endif
