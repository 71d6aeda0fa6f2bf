/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * views: other ways to look at the trace of a session, as lines of text (no final newline).
 * Bounded: what is left out is counted.
 */
#ifndef TRACETUTOR_CONSOLE_VIEWS_H
#define TRACETUTOR_CONSOLE_VIEWS_H

#include "tracetutor/session.h"

#define VIEW_MAX_LINES 2000
#define VIEW_MAX_BYTES 200000 /* of a dialogue */

/* One line a packet. */
void view_list(struct session *s, const struct filter *f, unsigned width, struct buf *out,
	       struct diag *d);
/* The packets in which the text occurs, in their bytes or in their decode; case does not count. */
void view_find(struct session *s, const char *text, unsigned width, struct buf *out,
	       struct diag *d);
/* A conversation: its number among those of its transport, 6 or 17. */
struct view_talk {
	uint32_t index;
	uint8_t ip_proto;
};
/* The one of that packet; false: it belongs to none, or there is no such packet. */
bool view_talk_of(struct session *s, uint32_t number, struct view_talk *t, struct diag *d);

/* Takes the text and empties it; false: that is enough. */
typedef bool view_put(void *context, struct buf *text);

/* What the two sides said, handed on piece by piece. False: reading failed, or enough was put. */
bool view_follow(struct session *s, const struct view_talk *t, bool hex, unsigned width,
		 view_put *put, void *context, struct diag *d);
/* The packets as arrows between the two. */
void view_ladder(struct session *s, const struct view_talk *t, unsigned width, struct buf *out,
		 struct diag *d);
/* All conversations that match, in a table. */
void view_conversations(struct session *s, const struct filter *f, unsigned width, struct buf *out,
			struct diag *d);
/* The rules that spoke at a packet; or for one rule, which parts of its condition hold there. */
void view_why(struct session *s, uint32_t number, const struct rule *rule, struct buf *out,
	      struct diag *d);

#endif
