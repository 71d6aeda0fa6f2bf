/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * lesson: a guided session as data, and the player that walks a person through it.
 *
 * A lesson is steps ("step 3 of 8"), each a few acts: say something, ask, show a packet, check that
 * a condition holds. Conditions are display filters on the trace: verified, not trusted. The player
 * is a state machine without terminal I/O: it writes events for a sink and takes lines, so that a
 * pipe, a terminal and a test drive it alike.
 */
#ifndef TRACETUTOR_LESSON_H
#define TRACETUTOR_LESSON_H

#include <glib.h>

#include "tracetutor/recorder.h"
#include "tracetutor/session.h"
#include "tracetutor/system.h"

/* What a person can be led through; one row of act_table each. */
enum act_kind {
	ACT_SAY,     /* text */
	ACT_ASK,     /* a free answer, kept for the report */
	ACT_CHOOSE,  /* one of several answers, kept for the report */
	ACT_CLOSE,   /* close the programs that disturb */
	ACT_CAPTURE, /* record */
	ACT_WITNESS, /* what is seen while recording */
	ACT_CHECK,   /* is what is needed in the trace? */
	ACT_TOUR,    /* packet by packet */
	ACT_SHOW,    /* one packet */
	ACT_LOOK,    /* find a packet; it is shown when found */
	ACT_TRY,     /* reach a packet with a command */
	ACT_QUIZ,    /* a question with answers of which one is right */
	ACT_VERDICT, /* what is wrong */
	ACT_ADVICE,  /* what to do now */
	ACT_AGAIN,   /* did that, try again */
	ACT_REPORT,  /* write the report */
	ACT_COUNT
};

/* Running text: pieces with a style. A piece without text is a paragraph break. */
struct lesson_piece {
	enum style style;
	bool answer; /* text is the id of an answer, whose value is shown */
	char *text;
};
struct lesson_text {
	struct lesson_piece *pieces;
	size_t n;
};

/* An answer to choose, or a thing to see in the trace. */
struct lesson_item {
	char *value;                        /* choose: what is kept */
	bool right;                         /* quiz */
	struct filter *when;                /* witness, check */
	struct lesson_text text, otherwise; /* check: otherwise is said when it is not there */
};

struct act {
	enum act_kind kind;
	char *id;            /* ask, choose: name of the answer */
	char *fallback;      /* ask, choose: what Enter alone answers */
	char *question;      /* ask, choose: how the report calls it */
	bool private;        /* ask, choose: the answer does not go into the report */
	struct filter *when; /* condition, or NULL */
	uint32_t packet;     /* show: its number, 0: the first that fits `when` */
	struct lesson_text text;
	struct lesson_text done; /* look, try, quiz: said when it is right */
	struct lesson_text *hints;
	size_t nhints;
	struct lesson_item *items;
	size_t nitems;
};

struct step {
	char *title;
	struct act *acts;
	size_t nacts;
};

struct lesson {
	char *id, *title, *about;
	char *symptom;   /* how the list of symptoms calls it: "My mail program cannot log in" */
	char *complaint; /* how the report calls it */
	char *trace;     /* path of the recorded trace */
	bool live;       /* it can be played live */
	bool on_request; /* but only if that is asked for */
	char *filter;    /* what a live session records, as a BPF filter; NULL: everything */
	char *server;    /* id of the answer that names the server; NULL: none is asked for */
	char *user;      /* id of the answer that says which user name is right; NULL: none */
	char **leans;    /* rules it leans on, NULL-terminated */
	int order;       /* place in the list of symptoms */
	struct step *steps;
	size_t nsteps;
};

/* Where the shipped packs and lessons are: $TRACETUTOR_DATA, else where they were installed. */
const char *lesson_data(void);

/* Read one lesson file. NULL and messages with file:line if it is refused. */
struct lesson *lesson_load(const char *path, struct diag *d);
void lesson_free(struct lesson *l);
/* All shipped lessons and the user's own ($XDG_DATA_HOME/tracetutor/lessons), which override by id,
 * in the order of the list of symptoms. Bad ones are messages and are left out. Elements are freed
 * with the array. */
GPtrArray *lessons_load(struct diag *d);
/* By id or unambiguous beginning of one; NULL and a message otherwise. */
const struct lesson *lessons_find(const GPtrArray *lessons, const char *id, struct diag *d);

/* --- the player --- */

struct player;

/* What a live lesson asks of the system. The functions may take a while (a name is looked up). */
struct player_world {
	void *context;
	/* struct system_program *, struct system_interface *, freed with their arrays; never NULL.
	 */
	GPtrArray *(*programs)(void *context);
	GPtrArray *(*interfaces)(void *context);
	bool (*route)(void *context, const char *host, struct system_route *r, struct diag *d);
	enum recorder_way (*way)(void *context, const char *interface, struct buf *words);
	bool (*sudo)(void *context, struct diag *d);
	/* Start recording (`pieces`: of a ring; 0: none); the file for reading, and its path (NULL
	 * if it is in the session's folder under a name of its own). -1 and a message on failure.
	 */
	int (*record)(void *context, const struct recorder_request *q, unsigned pieces, char **path,
		      struct diag *d);
	/* The same for a recording that was under way when this player began; -1: there was none.
	 */
	int (*recording)(void *context, char **path, struct diag *d);
	void (*mark)(void *context, const char *text);
	void (*stop)(void *context);
	/* A trace of this session by its name; "": the one recorded last. */
	int (*trace)(void *context, const char *name, char **path, struct diag *d);
	/* The lesson's recorded trace, read to its end; NULL and a message if it cannot be. */
	struct session *(*practice)(void *context, struct diag *d);
	struct pipeline_care care; /* for every run over packets */
};

/* What happens while a line is awaited. */
struct player_happening {
	bool tick;                        /* a second has passed: */
	int64_t now;                      /* ns since 1970 */
	struct recording_event recording; /* not for ticks */
	int fd; /* the file in which the recording goes on (ring); -1. The receiver's */
};

/* What comes of a line. */
enum player_next {
	PLAYER_STAY,   /* same act; a reply may have been written */
	PLAYER_SCREEN, /* a new act: show player_screen() */
	PLAYER_REPORT, /* write the report, then player_reported() */
	PLAYER_DONE    /* the lesson is over */
};

/* Each kind of act in one row: what the loader asks of it and what the player does with it. */
struct act_row {
	const char *name;  /* element of the lesson file */
	const char *enter; /* what Enter does: "Press Enter to go on." */
	bool id, when;     /* needs these attributes (when: or packet) */
	bool items;        /* needs items */
	bool asks;         /* a line is an answer first, a command only by its whole name */
	bool lines;        /* a line that is no command is for the act */
	bool trace;        /* needs a trace that was recorded */
	/* What it shows after its text; NULL: nothing. */
	void (*screen)(struct player *, struct report *);
	enum player_next (*input)(struct player *, const char *line, struct report *);
};
extern const struct act_row act_table[ACT_COUNT];

/* The lesson, the session (read to its end) and the packs stay the caller's. */
struct player *player_start(const struct lesson *l, struct session *s, const struct packs *p);
/* The same live: there is a session once something was recorded. */
struct player *player_start_live(const struct lesson *l, const struct player_world *w,
				 const struct packs *p);
void player_free(struct player *p);

/* Keep the place and the answers, and take them up again (unknown or wrong values are passed over).
 */
void player_store(const struct player *p, GKeyFile *state);
void player_restore(struct player *p, GKeyFile *state);

/* The screen of the act at hand: whole SECTIONs; the caller has begun REPORT. */
void player_screen(struct player *p, struct report *rep);
/* "[step 3 of 8] Press Enter to START. " */
void player_prompt(const struct player *p, struct buf *out);
/* True if a line is an answer rather than a command. */
bool player_asks(const struct player *p);
/* True if a line that is no command goes to the act all the same. */
bool player_takes_lines(const struct player *p);
/* True if the answer is free text, so that only a single word can be a command. */
bool player_writes(const struct player *p);
/* A line (empty: just Enter). Replies go to rep as SECTIONs. */
enum player_next player_input(struct player *p, const char *line, struct report *rep);
/* The report was written there (NULL: it could not be): say so, and go on if the act was to write
 * it.
 */
enum player_next player_reported(struct player *p, const char *path, struct report *rep);

/* Something happened. Replies go to rep as SECTIONs. */
enum player_next player_happened(struct player *p, const struct player_happening *h,
				 struct report *rep);
/* Nobody will type any more: Enter must come to an end, and a recording stops by itself. */
void player_unattended(struct player *p);
/* Something goes on that Enter must not disturb when nobody types: wait for what happens. */
bool player_busy(const struct player *p);
/* The trace at hand; NULL: nothing was recorded yet. */
struct session *player_session(const struct player *p);
/* A note into the trace that is being recorded; false: none is. */
bool player_mark(struct player *p, const char *text);

/* Moves. False: there is nothing there. */
bool player_back(struct player *p);
bool player_skip(struct player *p);  /* the rest of the step */
bool player_again(struct player *p); /* the step from its start */
/* The next hint. */
void player_hint(struct player *p, struct report *rep);

/* The packet at hand, 0: none yet. */
uint32_t player_packet(const struct player *p);
/* Show that packet and make it the one at hand; false if there is none with that number. */
bool player_show(struct player *p, uint32_t number, struct report *rep);
/* Show the packet after or before the one at hand that is not noise; false at the end. */
bool player_turn(struct player *p, bool forward, struct report *rep);

/* The answers given, for the report; valid until the next input. */
const struct report_answer *player_answers(const struct player *p, size_t *n);
const struct lesson *player_lesson(const struct player *p);

#endif
