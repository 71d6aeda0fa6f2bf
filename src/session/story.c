/* SPDX-License-Identifier: GPL-3.0-or-later */
/* story: which milestones are told, when, and how often. The sentences are in story_say.c. */
#include "tracetutor/story.h"

#include <glib.h>

#include "src/session/story_say.h"

#define EVERY    SECOND /* between two lines of a kind */
#define PATIENCE 3      /* how often it is said that an answer is overdue */

/* What is held back of one kind of line. */
struct held {
	int64_t last; /* when a line of this kind was told; 0: never */
	char *text;   /* the latest held back, NULL: none */
	uint32_t packet;
	unsigned more; /* before it */
};
#define STAGE_STATES 4
#define KIND_REPEATS (STAGE_COUNT * STAGE_STATES)
#define KIND_FULL    (KIND_REPEATS + STAGE_STATES)
#define KINDS        (KIND_FULL + 1)

struct line {
	char *text;
	uint32_t packet;
};

struct story {
	struct milestones m;
	int64_t began, now;
	bool met; /* the server the person named was asked for or connected to */
	struct held held[KINDS];
	struct line lines[STORY_MAX_LINES]; /* a ring */
	unsigned first, n;
	unsigned lost; /* lines for which there was no room */
};

static void add_line(struct story *s, char *text, uint32_t packet)
{
	if (s->n == STORY_MAX_LINES) {
		s->lost++;
		g_free(text);
		return;
	}
	s->lines[(s->first + s->n++) % STORY_MAX_LINES] = (struct line){text, packet};
}

/* "... (1.9 s)." and "... (1.9 s), and 3 more." */
static char *with_more(char *text, unsigned more)
{
	char *all;

	if (!more)
		return text;
	all = g_strdup_printf("%.*s, and %u more.", (int)strlen(text) - 1, text, more);
	g_free(text);
	return all;
}

/* The earliest of the lines that were held back long enough; NULL: none. */
static struct held *next_due(struct story *s)
{
	struct held *due = NULL;

	for (struct held *h = s->held; h < s->held + KINDS; h++)
		if (h->text && s->now - h->last >= EVERY && (!due || h->packet < due->packet))
			due = h;
	return due;
}

static void release_held(struct story *s, struct held *h)
{
	add_line(s, with_more(h->text, h->more), h->packet);
	*h = (struct held){.last = s->now};
}

static void flush_all(struct story *s)
{
	struct held *h;

	while ((h = next_due(s)))
		release_held(s, h);
}

/* A question that is held back is told before its answer. */
static void flush_stage(struct story *s, unsigned kind, uint32_t packet)
{
	struct held *first = &s->held[kind - kind % STAGE_STATES];

	for (struct held *h = first; h < MIN(first + STAGE_STATES, s->held + KINDS); h++)
		if (h->text && h->packet < packet && h != &s->held[kind])
			release_held(s, h);
}

/* Tell the sentence, now or with the next of its kind; takes it over. */
static void tell(struct story *s, unsigned kind, char *text, uint32_t packet)
{
	struct held *h = &s->held[kind];

	if (!h->last || s->now - h->last >= EVERY) {
		flush_stage(s, kind, packet);
		add_line(s, with_more(text, h->more + (h->text != NULL)), packet);
		g_free(h->text);
		*h = (struct held){.last = s->now};
		return;
	}
	h->more += h->text != NULL;
	g_free(h->text);
	h->text = text;
	h->packet = packet;
}

static bool concerns(const struct story *s, const struct talk *t, const struct lookup *l)
{
	if (!s->m.wanted.name[0] && !s->m.wanted.family)
		return true;
	if (t)
		return t->wanted || !s->met;
	return !l || lookup_wanted(&s->m, l) || !s->met;
}

static int64_t since(const struct story *s, int64_t time)
{
	int64_t began = s->began ? s->began : s->m.start;

	return time > began ? time - began : 0;
}

/* "(1.2 s)." behind the sentence. */
static char *with_time(const struct story *s, char *sentence, int64_t time)
{
	struct buf out = BUF_INIT;
	size_t n = strlen(sentence);

	while (n && (sentence[n - 1] == '.' || sentence[n - 1] == ' '))
		n--;
	buf_mem(&out, sentence, n);
	buf_str(&out, " (");
	buf_seconds(&out, since(s, time) + 50 * MS, 1);
	buf_str(&out, " s).");
	g_free(sentence);
	return buf_steal(&out);
}

static unsigned kind_of(const struct milestone *m)
{
	if (m->change == CHANGE_REPEATS)
		return KIND_REPEATS;
	return m->change == CHANGE_FULL ? KIND_FULL : m->stage * STAGE_STATES + m->step->state;
}

static void happened(void *context, const struct milestone *m)
{
	struct story *s = context;
	char *sentence;

	s->now = MAX(s->now, m->time);
	if (!concerns(s, m->talk, m->lookup))
		return;
	if ((m->talk && m->talk->wanted) || (m->lookup && lookup_wanted(&s->m, m->lookup)))
		s->met = true;
	sentence = story_sentence(m);
	if (sentence)
		tell(s, kind_of(m), with_time(s, sentence, m->time), m->packet);
}

/* --- what is overdue --- */

static void check_step(struct story *s, struct step *step, enum stage stage, const struct talk *t,
		       const struct lookup *l)
{
	static const int64_t limits[PATIENCE] = {3 * SECOND, 10 * SECOND, 30 * SECOND};
	int64_t asked = step->asked;

	uint32_t packet = step->packet;

	if (stage == STAGE_GREETING && step->state == STAGE_NOT_SEEN && t->greeting_due) {
		asked = t->greeting_due;
		packet = t->steps[STAGE_CONNECT].packet;
	} else if (step->state != STAGE_OPEN) {
		return;
	}
	if (step->told >= PATIENCE || s->now - asked < limits[step->told] || !concerns(s, t, l))
		return;
	while (step->told < PATIENCE && s->now - asked >= limits[step->told])
		step->told++;
	tell(s, stage * 4u + STAGE_OPEN, overdue_sentence(step, stage, t, l, s->now - asked),
	     packet);
}

static void check_talk(struct story *s, struct talk *t)
{
	if (!t->used || t->done)
		return;
	for (unsigned i = STAGE_COUNT; i-- > STAGE_CONNECT;) {
		check_step(s, &t->steps[i], i, t, NULL);
		if (t->steps[i].state != STAGE_NOT_SEEN)
			break; /* what comes before it was answered, seen or not */
	}
}

static void check_all(struct story *s)
{
	check_step(s, &s->m.address, STAGE_ADDRESS, NULL, NULL);
	for (unsigned i = 0; i < LOOKUPS_MAX; i++)
		if (s->m.lookups[i].used)
			check_step(s, &s->m.lookups[i].step, STAGE_NAME, NULL, &s->m.lookups[i]);
	for (unsigned i = 0; i < TALKS_MAX; i++)
		check_talk(s, &s->m.talks[i]);
	flush_all(s);
}

/* --- entries --- */

struct story *story_new(const char *server, int64_t began)
{
	struct story *s = g_new0(struct story, 1);

	milestones_init(&s->m, server);
	s->m.each = happened;
	s->m.context = s;
	s->began = began;
	return s;
}

void story_server_at(struct story *s, const char *address)
{
	wanted_at(&s->m.wanted, address);
}

void story_free(struct story *s)
{
	if (!s)
		return;
	for (unsigned i = 0; i < KINDS; i++)
		g_free(s->held[i].text);
	for (unsigned i = 0; i < s->n; i++)
		g_free(s->lines[(s->first + i) % STORY_MAX_LINES].text);
	g_free(s);
}

void story_record(struct story *s, const struct record *r)
{
	int64_t before = s->now;

	s->now = MAX(s->now, r->time);
	milestones_record(&s->m, r);
	if (s->now / (SECOND / 10) != before / (SECOND / 10))
		check_all(s);
}

void story_clock(struct story *s, int64_t now)
{
	s->now = MAX(s->now, now);
	check_all(s);
}

bool story_next(struct story *s, uint32_t *packet, struct buf *out)
{
	struct line *l = &s->lines[s->first];

	*packet = 0;
	if (!s->n) {
		if (s->lost)
			buf_printf(out, "... and %u more.", s->lost);
		return s->lost && (s->lost = 0, true);
	}
	buf_str(out, l->text);
	*packet = l->packet;
	g_free(l->text);
	s->first = (s->first + 1) % STORY_MAX_LINES;
	s->n--;
	return true;
}
