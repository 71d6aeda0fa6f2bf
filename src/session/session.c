/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * session: a capture that is read once for its findings and again for the packets that are shown.
 *
 * The second run keeps its place: going on from where the last walk stopped costs nothing twice.
 * Going back, or far ahead, is a new one, which begins some way before the packet that is wanted
 * (places.h); if that was not far enough for what this packet hangs on, at ever earlier places.
 */
#include "tracetutor/session.h"

#include <glib.h>

#include "src/session/crossing.h"
#include "src/session/places.h"
#include "tracetutor/decode.h"

#define PROGRESS_EVERY 4096 /* packets between two calls of the progress function */
#define RUN_UP         1024 /* packets read again before one that is wanted: a millisecond or two */
#define FURTHER        4    /* times as many, if those were too few */

struct session {
	char *path;
	const struct packs *packs;
	struct capture *capture;
	char *damage;          /* why it could not be read to its end; NULL: it could */
	struct pipeline first; /* the run that found the findings */
	struct places places;  /* which it left */
	struct crossing crossing;
	struct pipeline again;  /* the run that shows packets */
	struct machine machine; /* that recorded */
	bool knows_machine;
	bool walking;   /* `again` is in use */
	uint32_t begun; /* the frame at which it began, beside the first one */
	uint32_t at;    /* last frame it has seen */
	bool astray;    /* what should have begun in it did not */
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
	s->first.record.asked = field_asked();
	crossing_init(&s->crossing);
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
	places_release(&s->places);
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
	s->first.record.asked = field_all(); /* it may look at all */
}

/* What the packet at work began. */
static unsigned begun_since(const struct pipeline *p, const struct track_counts *before)
{
	struct track_counts now = track_counts(p->track);

	return track_begun(before, &now);
}

static void first_frame(struct session *s, const struct frame *f)
{
	struct track_counts before = track_counts(s->first.track);

	places_frame(&s->places, f, &before);
	pipeline_frame(&s->first, f);
	places_begun(&s->places, f->number, begun_since(&s->first, &before));
	crossing_packet(&s->crossing, &s->first.record);
	pipeline_between(&s->first);
}

bool session_read(struct session *s, bool (*progress)(void *, uint64_t packets, uint64_t bytes),
		  void *context, struct diag *d)
{
	enum capture_status status;
	struct frame f;

	while ((status = capture_next(s->capture, &f, d)) == CAPTURE_FRAME) {
		first_frame(s, &f);
		if (progress && f.number % PROGRESS_EVERY == 0 &&
		    !progress(context, f.number, capture_position(s->capture)))
			break;
	}
	learn_machine(s);
	s->crossing.agreed = decoder_expects(s->first.decoder);
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

static unsigned begins(void *context, uint32_t frame)
{
	return places_began(context, frame);
}

/* The next frame of the second run, if there is one. Of those before `from` nobody sees fields. */
static bool again_frame(struct session *s, struct frame *f, uint32_t from)
{
	/* Damage was said in the first run; it ends this one silently. */
	struct diag said = DIAG_INIT;
	bool there = capture_next(s->capture, f, &said) == CAPTURE_FRAME;
	struct track_counts before = track_counts(s->again.track);

	diag_release(&said);
	if (!there)
		return false;
	s->again.record.asked = f->number < from ? field_asked() : field_all();
	pipeline_frame(&s->again, f);
	s->at = f->number;
	if (s->begun > 1)
		s->astray |= places_began(&s->places, f->number) & ~begun_since(&s->again, &before);
	return true;
}

/* From the first frame, which tells when the capture began, to that of a place. */
static bool jump(struct session *s, const struct spot *place, uint32_t frame, struct diag *d)
{
	struct frame f;

	if (capture_next(s->capture, &f, d) != CAPTURE_FRAME)
		return false;
	decode_ignored(s->again.decoder, &s->again.record, &f);
	if (!capture_seek(s->capture, place->offset, frame, d))
		return false;
	track_resume(s->again.track, &place->before, begins, &s->places);
	s->begun = frame;
	s->at = frame - 1;
	return true;
}

/* Begin the second run `back` frames or a few more before a frame, at last at the first one. */
static bool begin_before(struct session *s, uint32_t number, uint64_t back, struct diag *d)
{
	const struct spot *place = NULL;
	uint32_t frame;

	if (!start_again(s, d))
		return false;
	pipeline_init(&s->again, s->packs);
	s->again.care = s->first.care;
	if (s->knows_machine)
		pipeline_machine(&s->again, &s->machine);
	if (s->again.engine)
		engine_second_run(s->again.engine, s->first.engine);
	s->walking = true;
	s->astray = false;
	s->begun = 1;
	s->at = 0;
	if (number > back)
		place = places_before(&s->places, number - (uint32_t)back, &frame);
	return !place || frame == 1 || jump(s, place, frame, d);
}

/* Be ready to give frame `from` next. */
static bool walk_to(struct session *s, uint32_t from, struct diag *d)
{
	if (s->walking && s->at < from && from - s->at <= RUN_UP)
		return true;
	return begin_before(s, from, RUN_UP, d);
}

/* Who asked for a walk, and for which packets. */
struct walker {
	const struct filter *filter; /* NULL: all */
	session_needs *needs;        /* NULL: all that are given */
	session_each *each;
	void *context;
};

/* Is the packet at work as it was in the first run, if it has to be? A run that has gone astray
 * gives conversations other numbers, by which packets are told apart: nothing is known then. */
static bool is_known(const struct session *s, const struct walker *w)
{
	const struct record *r = &s->again.record;

	if (s->begun == 1 || s->astray)
		return !s->astray;
	if (!r->older && !crossing_owes(&s->crossing, r))
		return true;
	return w->needs && !w->needs(w->context, r);
}

void session_taught(struct session *s, const struct rule *rule)
{
	if (s->walking && s->again.engine)
		engine_taught(s->again.engine, rule);
}

static bool run_over(struct session *s, uint32_t from, uint32_t to, const struct walker *w,
		     struct diag *d)
{
	const struct record *r = &s->again.record;
	struct frame f;
	bool more = walk_to(s, from, d), ok = more;

	/* What was read counts, also if reading was stopped. */
	to = (uint32_t)MIN(s->first.packets, to);
	while (more && s->at < to && again_frame(s, &f, from)) {
		if (f.number >= from && !is_known(s, w)) {
			from = f.number;
			pipeline_between(&s->again);
			more = ok = begin_before(s, from, FURTHER * (uint64_t)(from - s->begun), d);
			continue;
		}
		if (f.number >= from && (!w->filter || filter_match(w->filter, r)))
			more = w->each(w->context, r, s->again.engine);
		pipeline_between(&s->again);
	}
	return ok;
}

bool session_walk(struct session *s, uint32_t from, uint32_t to, const struct filter *filter,
		  session_each *each, void *context, struct diag *d)
{
	return run_over(s, from, to,
			&(struct walker){.filter = filter, .each = each, .context = context}, d);
}

bool session_walk_about(struct session *s, uint32_t from, uint32_t to, session_needs *needs,
			session_each *each, void *context, struct diag *d)
{
	return run_over(s, from, to,
			&(struct walker){.needs = needs, .each = each, .context = context}, d);
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
