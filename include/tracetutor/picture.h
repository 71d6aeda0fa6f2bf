/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * picture: one conversation, collected packet by packet for the figures that show it.
 *
 *     picture_new(), picture_proof() for packets that must be on it,
 *     picture_add() for every packet of the trace (those of others only tell the time),
 *     then picture_ladder() and picture_graph().
 *
 * Bounded: of a long conversation the beginning, the end and the proof are kept; what is left out
 * is counted.
 *
 * "Not answered" is a fact of this trace: the packet was neither confirmed nor answered before it
 * was sent again, or at all. It is not said where only one direction was recorded.
 */
#ifndef TRACETUTOR_PICTURE_H
#define TRACETUTOR_PICTURE_H

#include "tracetutor/figure.h"
#include "tracetutor/report.h"

#define PICTURE_MAX_RUNGS  2000 /* kept; more are counted */
#define PICTURE_HTML_RUNGS 40   /* on a page, and those that stand alone between two ... */
#define PICTURE_TEXT_RUNGS 24   /* ... and in the text of explain */

struct picture;
/* The conversation with that index and transport (6 or 17). A mask (NULL: none) is asked for all
 * text; it stays the caller's. */
struct picture *picture_new(uint32_t conv_index, uint8_t ip_proto, const struct mask *m);
/* The one of a finding, with its proof; NULL if it is about no conversation. */
struct picture *picture_of_finding(const struct finding *f, const struct mask *m);
void picture_free(struct picture *p);
void picture_proof(struct picture *p, uint32_t packet);
/* Will it be on it? */
bool picture_about(const struct picture *p, const struct record *r);
/* `linked`: the packet stands on the page on which the picture will be. */
void picture_add(struct picture *p, const struct record *r, bool linked);
/* Both sides have closed it, or one broke it off, and every proof came: nothing more is needed. */
bool picture_complete(const struct picture *p);

/*
 * The figures; they live as long as the picture. e (or NULL) knows the names of addresses. NULL:
 * there is nothing to draw; of the graph also if there are too few data for a curve.
 */
const struct figure *picture_ladder(struct picture *p, const struct engine *e, size_t max_rungs);
const struct figure *picture_graph(struct picture *p, const struct engine *e);
/* A SECTION with the ladder, and the graph if the rule of the finding wants one. */
void report_pictures(struct report *rep, struct picture *p, const struct finding *f,
		     size_t max_rungs);

#endif
