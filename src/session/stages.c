/* SPDX-License-Identifier: GPL-3.0-or-later */
/* stages: which conversation the trace is about, and where its steps stand. */
#include "src/session/stage_words.h"

#include <glib.h>

struct stages *stages_new(const char *server)
{
	struct stages *s = g_new0(struct stages, 1);

	milestones_init(&s->m, server);
	return s;
}

void stages_server_at(struct stages *s, const char *address)
{
	wanted_at(&s->m.wanted, address);
}

void stages_free(struct stages *s)
{
	if (!s)
		return;
	for (unsigned i = 0; i < STAGE_COUNT; i++)
		g_free(s->results[i].words);
	buf_release(&s->who);
	g_free(s);
}

void stages_record(struct stages *s, const struct record *r)
{
	s->fresh = false;
	milestones_record(&s->m, r);
}

int talks_alike(const struct talk *t, const struct talk *like)
{
	bool same;

	if (!like)
		return 0;
	same = t->family == like->family && !memcmp(t->server.addr, like->server.addr, 16);
	if (same || (t->name[0] && !strcmp(t->name, like->name)))
		return t->server.port == like->server.port ? 2 : 1;
	return 0;
}

const struct talk *stages_choose(const struct stages *s, const struct talk *like)
{
	const struct talk *best = NULL;

	for (unsigned i = 0; i < TALKS_MAX; i++) {
		const struct talk *t = &s->m.talks[i];
		int better;

		if (!t->used)
			continue;
		better = best ? talks_alike(t, like) - talks_alike(best, like) : 1;
		if (better > 0 || (better == 0 && talk_compare(t, best) > 0))
			best = t;
	}
	return best;
}

bool stages_own(const struct stages *s, uint32_t index)
{
	for (unsigned i = 0; i < TALKS_MAX; i++)
		if (s->m.talks[i].used && s->m.talks[i].index == index)
			return s->m.talks[i].wanted > 0;
	return false;
}

/* A name that was asked for and is what it is about, when no conversation is: the named one, else
 * one that was not found. */
static const struct lookup *choose_lookup(const struct milestones *m)
{
	const struct lookup *best = NULL;
	int most = -1;

	for (unsigned i = 0; i < LOOKUPS_MAX; i++) {
		const struct lookup *l = &m->lookups[i];
		int match = l->used ? 2 * lookup_wanted(m, l) + step_failed(&l->step) : -1;

		if (match > most) {
			most = match;
			best = l;
		}
	}
	return best;
}

static void result_set(struct stage_result *out, const struct step *s)
{
	*out = (struct stage_result){.state = s->state,
				     .guess = s->guess,
				     .packet = s->packet,
				     .time = s->time,
				     .took = s->state == STAGE_NOT_SEEN ? -1 : s->took};
}

/* What encryption hides: all that would come after it. */
static void hide(struct stages *s, const struct talk *t)
{
	if (!t->encrypted)
		return;
	for (unsigned i = STAGE_GREETING; i < STAGE_COUNT; i++)
		if (s->results[i].state == STAGE_NOT_SEEN)
			s->results[i].hidden = true;
}

/* The server spoke first there, and has not. */
static void silent_server(struct stages *s, const struct talk *t)
{
	struct stage_result *g = &s->results[STAGE_GREETING];

	if (!t->greeting_due || g->state != STAGE_NOT_SEEN || s->m.now <= t->greeting_due ||
	    t->steps[STAGE_CONNECT].state != STAGE_DONE)
		return;
	g->state = STAGE_OPEN;
	g->packet = t->steps[STAGE_CONNECT].packet;
	g->time = t->steps[STAGE_CONNECT].time;
	g->took = s->m.now - t->greeting_due;
}

static void talk_results(struct stages *s, const struct talk *t)
{
	for (unsigned i = STAGE_CONNECT; i < STAGE_COUNT; i++)
		result_set(&s->results[i], &t->steps[i]);
	hide(s, t);
	silent_server(s, t);
}

static void sum_packets(struct stages *s, const struct talk *chosen)
{
	for (unsigned i = 0; i < TALKS_MAX; i++) {
		const struct talk *t = &s->m.talks[i];

		if (!t->used || t->family != chosen->family ||
		    memcmp(t->server.addr, chosen->server.addr, 16) != 0)
			continue;
		s->talk.to += t->to;
		s->talk.from += t->from;
	}
}

static void tell_talk(struct stages *s, const struct talk *t, const struct lookup *l)
{
	s->talk = (struct stages_talk){.found = t != NULL, .user = ""};
	buf_reset(&s->who);
	if (t) {
		s->talk.named = t->wanted > 0;
		s->talk.user = t->steps[STAGE_LOGIN].asking;
		s->talk.mid_stream = t->mid_stream;
		s->talk.one_sided = t->one_sided;
		s->talk.encrypted = t->encrypted;
		s->talk.first = t->first;
		s->talk.first_time = t->first_time;
		sum_packets(s, t);
		talk_who(t, true, &s->who);
	} else if (l) {
		s->talk.named = lookup_wanted(&s->m, l) > 0;
		buf_clean(&s->who, l->name, strlen(l->name));
	}
	s->talk.who = buf_text(&s->who);
}

void stages_work_out(struct stages *s, const struct talk *like)
{
	const struct talk *t = stages_choose(s, like);
	const struct lookup *l = choose_lookup(&s->m);

	/* The name was asked for and there it ended: other conversations are not what it is about.
	 */
	if (t && !t->wanted && l && lookup_wanted(&s->m, l) && !talks_alike(t, like))
		t = NULL;
	if (t)
		l = talk_lookup(&s->m, t);
	for (unsigned i = 0; i < STAGE_COUNT; i++)
		g_free(s->results[i].words);
	memset(s->results, 0, sizeof(s->results));
	s->chosen = t;
	s->lookup = l;
	result_set(&s->results[STAGE_ADDRESS], &s->m.address);
	if (l)
		result_set(&s->results[STAGE_NAME], &l->step);
	if (t)
		talk_results(s, t);
	for (unsigned i = 0; i < STAGE_COUNT; i++)
		s->results[i].words = result_words(s, i);
	tell_talk(s, t, l);
	s->fresh = true;
}

const struct stage_result *stages_results(struct stages *s)
{
	if (!s->fresh)
		stages_work_out(s, NULL);
	return s->results;
}

const struct stages_talk *stages_talk(struct stages *s)
{
	stages_results(s);
	return &s->talk;
}
