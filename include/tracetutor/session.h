/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * session: the pipeline from capture to records and findings, and the session folder on disk.
 *
 *     capture -> decode headers -> track -> decode payload -> track exchanges -> rules
 */
#ifndef TRACETUTOR_SESSION_H
#define TRACETUTOR_SESSION_H

#include "tracetutor/capture.h"
#include "tracetutor/report.h"
#include "tracetutor/track.h"

#define PLACES_MAX_FRAMES  (1u << 24) /* packets of a capture that are found without reading all */
#define PIPELINE_MAX_SKIPS 16         /* packets that may be left undecoded after a crash */

/* What a run must know so that a crash is survived: another process starts it again. */
struct pipeline_care {
	volatile uint32_t *at; /* where the number of the packet at work is kept; NULL: nowhere */
	uint32_t skips[PIPELINE_MAX_SKIPS];
	unsigned nskips;
};

/* Told of each record after the rules: packets, and the exchanges, conversations and the capture's
 * summary that packets and the end complete. Borrowed for the call. */
typedef void pipeline_each(void *context, const struct record *r);

/* One run over a capture. */
struct pipeline {
	struct decoder *decoder;
	struct track *track;
	struct engine *engine; /* NULL: no rules */
	struct record record;  /* the packet at work */
	uint64_t packets, bytes;
	int64_t first_time, last_time;
	pipeline_each *each; /* NULL: nobody wants to know */
	void *each_context;
	struct pipeline_care care;
};

void pipeline_init(struct pipeline *p, const struct packs *packs); /* packs may be NULL */
void pipeline_frame(struct pipeline *p, const struct frame *f);    /* fills p->record */
void pipeline_observe(struct pipeline *p, pipeline_each *each, void *context);
/* What is known of the computer that recorded, for what follows; see track_machine(). */
void pipeline_machine(struct pipeline *p, const struct machine *m);
/* It is that late (ns since 1970), although no packet came: what is overdue is noticed. */
void pipeline_clock(struct pipeline *p, int64_t now);
void pipeline_end(struct pipeline *p);
/* Keep the number of the packet at work in *at, which another process can see (MAP_SHARED): it
 * stands there from before the packet is decoded until pipeline_between(). 0: none. */
void pipeline_watch(struct pipeline *p, volatile uint32_t *at);
/* The packet is done with, shown and all: what follows is not its fault. */
void pipeline_between(struct pipeline *p);
/* Leave this packet undecoded: its record says frame.ignored. False: there are too many such. */
bool pipeline_skip(struct pipeline *p, uint32_t number);
/* After the end: give back what only reading needs; the findings stay. */
void pipeline_rest(struct pipeline *p);
void pipeline_release(struct pipeline *p);

/*
 * A capture that has been read once: findings are known, packets can be shown in any order.
 */
struct session;
struct session *session_open(const char *path, const struct packs *packs, struct diag *d);
/* The same over a capture that is open (and begun) already, which is taken over. */
struct session *session_of(struct capture *c, const char *path, const struct packs *packs);
void session_close(struct session *s);
/* Before reading: pipeline_watch() and pipeline_skip() for all its runs. */
void session_watch(struct session *s, volatile uint32_t *at);
bool session_skip(struct session *s, uint32_t number);
/* Before reading: every record of the run that finds the findings goes there, too. */
void session_observe(struct session *s, pipeline_each *each, void *context);
/* Read to the end (progress may be NULL; it returns false to stop). Damage is said in d; what could
 * be read counts. */
bool session_read(struct session *s, bool (*progress)(void *, uint64_t packets, uint64_t bytes),
		  void *context, struct diag *d);
const struct engine *session_engine(const struct session *s);
uint64_t session_packets(const struct session *s);
const char *session_path(const struct session *s);
int session_file(const struct session *s); /* see capture_file() */
/* What is known of the capture after session_read(); pointers live as long as the session. */
struct capture_facts session_facts(const struct session *s);

/*
 * Run over the packets that session_read() saw again in order, from..to (numbers, inclusive), those
 * that match the filter (NULL: all); each gets its record, and may ask the engine (NULL: there are
 * no packs) for its notes. The callback returns false to stop. False if reading failed (d says
 * why).
 *
 * What a packet means hangs on those before it. Who asks for a packet far away is given it after a
 * run over some thousand packets before it; if what it hangs on began earlier than those, the run
 * begins once more, further back, at last at the first packet. So it is always shown as it was.
 */
typedef bool session_each(void *context, const struct record *r, struct engine *engine);
bool session_walk(struct session *s, uint32_t from, uint32_t to, const struct filter *filter,
		  session_each *each, void *context, struct diag *d);
/* The same for who needs only some packets as they were: the others come as a run sees them that
 * began some thousand packets before `from`, which spares looking for where they began. */
typedef bool session_needs(void *context, const struct record *r);
bool session_walk_about(struct session *s, uint32_t from, uint32_t to, session_needs *needs,
			session_each *each, void *context, struct diag *d);
/* A whole run of its own without rules: every record goes to `each`, also exchanges, conversations
 * and the capture's summary. */
bool session_review(struct session *s, pipeline_each *each, void *context, struct diag *d);
/* In the walk at work the notes of this rule have been shown and will not be wanted again. */
void session_taught(struct session *s, const struct rule *rule);

#endif
