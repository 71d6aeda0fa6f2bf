/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * views: other ways to look at the trace of a session, as lines of text (no final newline).
 * Bounded: what is left out is counted.
 */
#ifndef TRACETUTOR_CONSOLE_VIEWS_H
#define TRACETUTOR_CONSOLE_VIEWS_H

#include "tracetutor/session.h"

#define VIEW_MAX_LINES 2000

/* One line a packet. */
void view_list(struct session *s, const struct filter *f, unsigned width, struct buf *out,
	       struct diag *d);
/* The packets in which the text occurs, in their bytes or in their decode; case does not count. */
void view_find(struct session *s, const char *text, unsigned width, struct buf *out,
	       struct diag *d);
/* The conversation of a packet as a dialogue, and as a ladder. False: it belongs to none. */
bool view_follow(struct session *s, uint32_t number, unsigned width, struct buf *out,
		 struct diag *d);
bool view_ladder(struct session *s, uint32_t number, unsigned width, struct buf *out,
		 struct diag *d);
/* The rules that spoke at a packet; or for one rule, which parts of its condition hold there. */
void view_why(struct session *s, uint32_t number, const struct rule *rule, struct buf *out,
	      struct diag *d);

#endif
