/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * live.h: the acts of a lesson that is played live: close, capture, witness, check, again. Each
 * step's "done" is a condition on the system or on packets, never the person's word.
 */
#ifndef TRACETUTOR_LESSON_LIVE_H
#define TRACETUTOR_LESSON_LIVE_H

#include "src/lesson/player.h"
#include "tracetutor/machine.h"
#include "tracetutor/quality.h"
#include "tracetutor/stages.h"
#include "tracetutor/watch.h"

#define LIVE_QUIET      4  /* seconds without a packet after which traffic counts as quiet */
#define LIVE_UNATTENDED 45 /* seconds after which a recording ends that nobody can stop */

/* A recording that is finished. */
struct take {
	char *trace; /* its path */
	struct session *session;
	struct stages *stages;  /* how far the program came */
	struct machine machine; /* where it was recorded */
	uint64_t dropped;       /* UINT64_MAX: not known */
};

struct live {
	struct player_world world;
	bool unattended;        /* nobody types any more */
	size_t programs;        /* others with connections, when last looked */
	bool only;              /* record the one server alone */
	char *interface;        /* to be recorded; NULL: not chosen yet */
	bool rare;              /* only the last pieces are kept */
	bool by_hand;           /* the person chose it */
	char *address;          /* of the server; NULL: not known */
	char *server_interface; /* where it would be reached; NULL: not known */
	enum recorder_way way;
	/* while it runs */
	struct watch *watch;
	char *trace; /* path of the file */
	bool stopping;
	bool until_quiet; /* stop when nothing comes any more */
	int64_t began;    /* ns since 1970 */
	uint32_t *seen;   /* packets that fit the items of the witness */
	/* what came out */
	struct take now, before; /* session NULL: none */
	struct quality quality;
	bool judged;
	bool mended;    /* compared: what went wrong before works now */
	bool repeating; /* recording again, to compare */
};

/* The row of a kind of act, as it is played live; without functions: as any lesson. */
extern const struct act_row live_table[ACT_COUNT];
/* What Enter does now; NULL: as any lesson says. */
const char *live_enter(const struct player *p, struct buf *scratch);

/* The screen at hand tells what came of the lesson's words, which would come too late. */
bool live_has_result(const struct player *p);

/* What was recorded is "before" from now on: to the start of a recording. False: the lesson has
 * none. */
bool live_again(struct player *p);

struct live *live_new(const struct player_world *w);
void live_free(struct live *l);
enum player_next live_happened(struct player *p, const struct player_happening *h,
			       struct report *rep);
/* Where the person was before a crash or a break: what was recorded is taken up. */
void live_store(const struct player *p, GKeyFile *state);
void live_restore(struct player *p, GKeyFile *state);

/* --- live_start.c: closing and choosing --- */

void live_close_screen(struct player *p, struct report *rep);
enum player_next live_close_input(struct player *p, const char *line, struct report *rep);
void live_capture_screen(struct player *p, struct report *rep);
enum player_next live_capture_input(struct player *p, const char *line, struct report *rep);
/* Watch what is recorded into that file (taken over; -1: there is none). */
bool live_follow(struct player *p, int fd);

/* --- live_take.c: what was recorded --- */

/* A login was refused: the user name that was sent beside the one that is right. */
void live_say_user(struct player *p, struct report *rep);

/* Open the trace just recorded (or, by name, an earlier one) and read it. False: it cannot be. */
bool take_open(struct player *p, struct take *t, const char *name);
void take_release(struct take *t);

#endif
