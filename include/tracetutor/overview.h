/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * overview: what is in a trace, on one page: size and time, the verdict in a line, protocols,
 * computers with their names, the busiest conversations, the names that were asked for, and what
 * could not be read.
 *
 * Give it every record of a run. Bounded: what is beyond the caps is counted.
 */
#ifndef TRACETUTOR_OVERVIEW_H
#define TRACETUTOR_OVERVIEW_H

#include "tracetutor/conversations.h"
#include "tracetutor/report.h"

#define OVERVIEW_MAX_COMPUTERS 8192 /* counted apart; further ones together */
#define OVERVIEW_MAX_NAMES     2048

struct overview;
struct overview *overview_new(void);
void overview_free(struct overview *o);
void overview_record(struct overview *o, const struct record *r);

/* As SECTIONs of the report at work; the engine tells the verdict and the names of addresses. */
void overview_say(struct overview *o, struct report *rep, const struct capture_facts *facts,
		  const struct engine *e, unsigned width);
/* The JSON of `summary --format json`, version 1. */
void overview_json(struct overview *o, const struct capture_facts *facts, const struct engine *e,
		   struct buf *out);

#endif
