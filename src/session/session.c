/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * session: a capture that is read once for its findings and again for the packets that are shown.
 *
 * The second run keeps its place: going on from where the last walk stopped costs nothing twice,
 * going back starts again from the first frame, for what a packet means hangs on those before it.
 */
#include "tracetutor/session.h"

#include <glib.h>

#define PROGRESS_EVERY 4096 /* packets between two calls of the progress function */

struct session {
	char *path;
	const struct packs *packs;
	struct capture *capture;
	char *damage;           /* why it could not be read to its end; NULL: it could */
	struct pipeline first;  /* the run that found the findings */
	struct pipeline again;  /* the run that shows packets */
	struct machine machine; /* that recorded */
	bool knows_machine;
	bool walking; /* `again` is in use */
	uint32_t at;  /* last frame `again` has seen */
};

struct session *session_open(const char *path, const struct packs *packs, struct diag *d)
{
	struct capture *c = capture_open(path, d);

	return c ? session_of(c, path, packs) : NULL;
}

/* Facts of the machine that the capture has told so far. Its last ones are the most complete. */
static void learn_machine(struct session *s)
{
	const char *facts = capture_info(s->capture)->facts;

	if (!facts || !machine_parse(&s->machine, facts, strlen(facts)))
		return;
	s->knows_machine = true;
	pipeline_machine(&s->first, &s->machine);
}

struct session *session_of(struct capture *c, const char *path, const struct packs *packs)
{
	struct session *s = g_new0(struct session, 1);

	s->path = g_strdup(path);
	s->packs = packs;
	s->capture = c;
	pipeline_init(&s->first, packs);
	if (s->first.engine)
		engine_without_notes(s->first.engine);
	machine_init(&s->machine);
	learn_machine(s);
	return s;
}

void session_close(struct session *s)
{
	if (!s)
		return;
	pipeline_release(&s->first);
	if (s->walking)
		pipeline_release(&s->again);
	capture_close(s->capture);
	machine_release(&s->machine);
	g_free(s->damage);
	g_free(s->path);
	g_free(s);
}

void session_watch(struct session *s, volatile uint32_t *at)
{
	pipeline_watch(&s->first, at);
}

bool session_skip(struct session *s, uint32_t number)
{
	return pipeline_skip(&s->first, number);
}

void session_observe(struct session *s, pipeline_each *each, void *context)
{
	pipeline_observe(&s->first, each, context);
}

bool session_read(struct session *s, bool (*progress)(void *, uint64_t packets, uint64_t bytes),
		  void *context, struct diag *d)
{
	enum capture_status status;
	struct frame f;

	while ((status = capture_next(s->capture, &f, d)) == CAPTURE_FRAME) {
		pipeline_frame(&s->first, &f);
		pipeline_between(&s->first);
		if (progress && f.number % PROGRESS_EVERY == 0 &&
		    !progress(context, f.number, capture_position(s->capture)))
			break;
	}
	learn_machine(s);
	pipeline_end(&s->first);
	pipeline_rest(&s->first);
	if (status == CAPTURE_DAMAGED && d->count)
		s->damage = g_strdup(d->messages[d->count - 1].text);
	return status != CAPTURE_DAMAGED;
}

const struct engine *session_engine(const struct session *s)
{
	return s->first.engine;
}

uint64_t session_packets(const struct session *s)
{
	return s->first.packets;
}

const char *session_path(const struct session *s)
{
	return s->path;
}

int session_file(const struct session *s)
{
	return capture_file(s->capture);
}

struct capture_facts session_facts(const struct session *s)
{
	return (struct capture_facts){.name = s->path,
				      .info = capture_info(s->capture),
				      .packets = s->first.packets,
				      .bytes = s->first.bytes,
				      .first_time = s->first.first_time,
				      .last_time = s->first.last_time,
				      .damage = s->damage};
}

/* The run that shows packets has lost its place: the capture is at its first frame again. */
static bool start_again(struct session *s, struct diag *d)
{
	if (s->walking)
		pipeline_release(&s->again);
	s->walking = false;
	return capture_rewind(s->capture, d);
}

/* Be ready to give frame `from` next. */
static bool walk_to(struct session *s, uint32_t from, struct diag *d)
{
	if (s->walking && s->at < from)
		return true;
	if (!start_again(s, d))
		return false;
	pipeline_init(&s->again, s->packs);
	s->again.care = s->first.care;
	if (s->knows_machine)
		pipeline_machine(&s->again, &s->machine);
	if (s->again.engine)
		engine_second_run(s->again.engine, s->first.engine);
	s->walking = true;
	s->at = 0;
	return true;
}

void session_taught(struct session *s, const struct rule *rule)
{
	if (s->walking && s->again.engine)
		engine_taught(s->again.engine, rule);
}

bool session_walk(struct session *s, uint32_t from, uint32_t to, const struct filter *filter,
		  session_each *each, void *context, struct diag *d)
{
	/* Damage was said in the first run; it ends this one silently. */
	struct diag said = DIAG_INIT;
	const struct note *notes = NULL;
	struct frame f;
	size_t n = 0;
	bool more = walk_to(s, from, d), ok = more;

	while (more && s->at < to && capture_next(s->capture, &f, &said) == CAPTURE_FRAME) {
		const struct record *r = &s->again.record;

		s->at = f.number;
		pipeline_frame(&s->again, &f);
		if (f.number >= from && (!filter || filter_match(filter, r))) {
			if (s->again.engine)
				notes = engine_notes(s->again.engine, &n);
			more = each(context, r, notes, n);
		}
		pipeline_between(&s->again);
	}
	diag_release(&said);
	return ok;
}

bool session_review(struct session *s, pipeline_each *each, void *context, struct diag *d)
{
	struct diag said = DIAG_INIT; /* damage was said in the first run */
	struct pipeline p;
	struct frame f;

	if (!start_again(s, d))
		return false;
	pipeline_init(&p, NULL);
	pipeline_observe(&p, each, context);
	p.care = s->first.care;
	while (p.packets < s->first.packets &&
	       capture_next(s->capture, &f, &said) == CAPTURE_FRAME) {
		pipeline_frame(&p, &f);
		pipeline_between(&p);
	}
	pipeline_end(&p);
	pipeline_release(&p);
	diag_release(&said);
	return true;
}
