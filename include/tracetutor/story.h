/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * story: what the witness says while packets come in: a short sentence for each milestone, once, as
 * it happens: "Your program connected to 192.0.2.5, port 110 (1.4 s)."
 *
 *     story_record() for each record of the pipeline, story_clock() now and then,
 *     then story_next() until it has no more.
 *
 * The milestones are those of stages.h. Lines are cleaned, hold no secret, and are few: of a kind
 * (questions for names, connections, answers ...) one a second; what is held back meanwhile is
 * counted in the next one: "... (and 3 more)".
 */
#ifndef TRACETUTOR_STORY_H
#define TRACETUTOR_STORY_H

#include "tracetutor/record.h"

#define STORY_MAX_LINES 64 /* waiting to be fetched; further ones are counted in the last */

struct story;
/* `server`: the name or address the person gave: what others do is then told only until it is met;
 * NULL or "": everybody. `began`: when the recording began, ns since 1970 (times are told from
 * there); 0: at the first packet. */
struct story *story_new(const char *server, int64_t began);
/* As stages_server_at(). */
void story_server_at(struct story *s, const char *address);
void story_free(struct story *s);
/* Packet, exchange and conversation records, as the pipeline gives them (pipeline_observe()). */
void story_record(struct story *s, const struct record *r);
/* It is now that late by the clock of the recording (ns since 1970): what is overdue, and lines
 * that were held back, can be said although no packet came. */
void story_clock(struct story *s, int64_t now);
/* The oldest line not yet fetched: appended to `out` without newline, *packet is the packet that
 * says so (0: none). False: there is none now. */
bool story_next(struct story *s, uint32_t *packet, struct buf *out);

#endif
