/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * player.h: what player.c (moves and lines) and acts.c (screens and answers) share.
 */
#ifndef TRACETUTOR_LESSON_PLAYER_H
#define TRACETUTOR_LESSON_PLAYER_H

#include "tracetutor/lesson.h"

struct live;

struct player {
	const struct lesson *lesson;
	struct session *session;  /* NULL: nothing was recorded yet */
	struct live *live;        /* NULL: a recorded trace is played */
	struct session *practice; /* the recorded trace, opened because recording is impossible */
	const struct packs *packs;
	size_t step, act;
	size_t hinted;            /* hints given in this act */
	bool reached;             /* try: the packet was reached */
	uint32_t packet;          /* the one at hand */
	uint32_t fed;             /* last packet the report was given, for its delta time */
	bool tour_over;           /* the tour has shown its last packet */
	GPtrArray *ids, *answers; /* of equal length: name and value of each answer */
	GArray *shown_answers;    /* struct report_answer, made for player_answers() */
	struct diag said;         /* reading errors while showing: told in the screen */
};

const struct act *player_act(const struct player *p);
const char *player_answer(const struct player *p, const char *id);
void player_keep(struct player *p, const char *id, const char *answer);
/* To the next act, or the next step; false at the end of the lesson. */
bool player_advance(struct player *p);
/* The same, as what comes of a line. */
enum player_next player_ahead(struct player *p);
/* To the first act of that kind; false if the lesson has none. */
bool player_goto(struct player *p, enum act_kind kind);
/* The user name as the person says it should be; NULL: nothing was said. */
const char *player_user(const struct player *p);
/* What the person answered as the server; NULL: nothing. */
const char *player_server(const struct player *p);
/* Packets are those of another trace from now on; NULL: there is none. */
void player_session_changed(struct player *p, struct session *s);
/* Go on with the lesson's recorded trace. */
enum player_next player_practise(struct player *p, struct report *rep);

/* --- acts.c --- */

/* The screen of the act at hand in a SECTION that is begun, and ended here. */
void act_screen(struct player *p, struct report *rep);
/* The act is about packets, and nothing was recorded. */
bool act_lacks_trace(const struct player *p);
/* More packets than anybody reads one by one. */
bool tour_is_long(const struct player *p);
/* What comes of a line in the act at hand. */
enum player_next act_input(struct player *p, const char *line, struct report *rep);
/* Text as one line, with the answers in it. */
void text_plain(const struct player *p, const struct lesson_text *t, struct buf *out);
/* Text as PROSE nodes, with the answers in it. */
void text_write(const struct player *p, const struct lesson_text *t, struct report *rep);

/* --- observe.c --- */

/* What one pass over the trace collects for the items of witness and check. */
struct observation {
	const struct act *act;
	struct buf lines; /* the first packets, as they run by */
	uint64_t packets;
	int64_t first_time, last_time;
	uint32_t *seen; /* packet of each item, 0: not seen */
	int64_t *times; /* ns since the first packet */
};
struct observation observation_make(struct player *p);
void observation_release(struct observation *o);
/* "- Packet 14, 6.6 s: The server refused the login." */
void item_seen(struct player *p, const struct observation *o, size_t i, struct report *rep);

/* What is seen while the recording runs, and what of it is needed: one line for each item. */
void witness_screen(struct player *p, struct report *rep);
void check_screen(struct player *p, struct report *rep);

/* --- turn.c: packets --- */

/* First packet of the trace that fits; 0: none. */
uint32_t packet_find(struct player *p, const struct filter *f);
/* Does that packet fit? */
bool packet_fits(struct player *p, uint32_t number, const struct filter *f);
/* Write it (SECTION begun); false if there is no such packet. */
bool packet_show(struct player *p, uint32_t number, struct report *rep);
/* Write the next one at or after `from` that fits and is not noise; false at the end. */
bool packet_next(struct player *p, uint32_t from, const struct filter *f, struct report *rep);
/* Number of the last packet before `number` that is not noise; 0: none. */
uint32_t packet_before(struct player *p, uint32_t number);

#endif
