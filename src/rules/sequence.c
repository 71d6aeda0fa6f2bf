// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * sequence: rules about order, time and absence within one conversation.
 */
#include <string.h>

#include "private.h"

#define CONVS_MAX   1024      /* conversations remembered; the oldest is forgotten */
#define CLOCK_EVERY 100000000 /* ns of capture time between two looks at the deadlines */

struct state {
	const struct rule *rule;
	uint8_t step; /* the next one to match; 0: it has not begun */
	uint8_t nframes;
	uint32_t frames[SEQUENCE_MAX_STEPS];
	int64_t time;            /* of the step before */
	struct finding *pending; /* all but the last, absent step has matched */
	int64_t deadline;        /* of that; INT64_MAX: the end of the capture */
};

struct slot {
	uint64_t key; /* 0: free */
	struct state *states;
};

struct sequences {
	size_t n;
	struct sequence_owner owner;
	struct slot slots[CONVS_MAX];
	GHashTable *by_key;               /* &slot.key -> slot */
	size_t hand;                      /* the slot that is given away next */
	int64_t next_look, next_deadline; /* no earlier than the first of them */
};

struct sequences *sequences_new(size_t n, struct sequence_owner owner)
{
	struct sequences *s = g_new0(struct sequences, 1);

	s->n = n;
	s->owner = owner;
	s->next_deadline = INT64_MAX;
	s->by_key = g_hash_table_new(g_int64_hash, g_int64_equal);
	return s;
}

static void forget(struct sequences *s, struct slot *slot)
{
	if (!slot->key)
		return;
	g_hash_table_remove(s->by_key, &slot->key);
	for (size_t i = 0; i < s->n; i++)
		finding_free(slot->states[i].pending);
	memset(slot->states, 0, s->n * sizeof(*slot->states));
	slot->key = 0;
}

static void forget_all(struct sequences *s)
{
	for (size_t i = 0; i < CONVS_MAX; i++) {
		forget(s, &s->slots[i]);
		g_clear_pointer(&s->slots[i].states, g_free);
	}
}

void sequences_free(struct sequences *s)
{
	forget_all(s);
	g_hash_table_destroy(s->by_key);
	g_free(s);
}

static struct slot *slot_of(struct sequences *s, const struct conv *c, bool make)
{
	uint64_t key = (uint64_t)c->ip_proto << 32 | c->index | 1ull << 63;
	struct slot *slot = g_hash_table_lookup(s->by_key, &key);

	if (slot || !make)
		return slot;
	slot = &s->slots[s->hand++ % CONVS_MAX];
	forget(s, slot);
	if (!slot->states)
		slot->states = g_new0(struct state, s->n);
	slot->key = key;
	g_hash_table_insert(s->by_key, &slot->key, slot);
	return slot;
}

static void restart(struct state *st)
{
	finding_free(st->pending);
	*st = (struct state){0};
}

static void finish(struct sequences *s, struct state *st)
{
	struct finding *made = st->pending;

	st->pending = NULL;
	for (uint8_t i = 0; i < st->nframes; i++)
		finding_frame(made, st->frames[i]);
	restart(st);
	s->owner.done(s->owner.context, made);
}

/* Step k has matched this packet. */
static void advance(struct sequences *s, struct state *st, const struct rule *rule,
		    const struct record *r, size_t k)
{
	const struct rule_step *last = &rule->steps[rule->nsteps - 1];

	st->rule = rule;
	st->frames[st->nframes++] = r->number;
	st->time = r->time;
	st->step = (uint8_t)(k + 1);
	if (st->step == rule->nsteps) {
		st->pending = s->owner.make(s->owner.context, rule, r);
		finish(s, st);
	} else if (st->step + 1u == rule->nsteps && last->absent) {
		st->pending = s->owner.make(s->owner.context, rule, r);
		st->deadline = last->within ? r->time + last->within : INT64_MAX;
		s->next_deadline = MIN(s->next_deadline, st->deadline);
	}
}

static bool in_time(const struct state *st, const struct rule_step *step, const struct record *r)
{
	return !step->within || r->time - st->time <= step->within;
}

/* The first step once more: the time for the second one counts from here. */
static void begin_again(struct state *st, const struct record *r)
{
	st->frames[0] = r->number;
	st->time = r->time;
}

/* One packet against the steps it may match now, after the first. */
static void look(struct sequences *s, struct state *st, const struct record *r)
{
	const struct rule *rule = st->rule;
	size_t k = st->step;
	bool absent = rule->steps[k].absent;
	size_t next = absent ? k + 1 : k; /* the step that is waited for */

	if (next < rule->nsteps && !in_time(st, &rule->steps[next], r)) {
		restart(st);
		next = 0;
		absent = false;
	}
	if (next < rule->nsteps && filter_match(rule->steps[next].filter, r))
		advance(s, st, rule, r, next);
	else if (absent && filter_match(rule->steps[k].filter, r))
		restart(st);
	else if (k == 1 && !absent && rule->steps[1].within &&
		 filter_match(rule->steps[0].filter, r))
		begin_again(st, r);
}

bool sequence_too_slow(const struct rule *rule)
{
	for (size_t i = 0; i < rule->nsteps; i++)
		if (filter_exhausted(rule->steps[i].filter))
			return true;
	return false;
}

void sequences_begin(struct sequences *s, size_t i, const struct rule *rule, const struct record *r)
{
	struct slot *slot = slot_of(s, r->conv, false);

	if ((slot && slot->states[i].step) || !filter_match(rule->steps[0].filter, r))
		return;
	if (!slot)
		slot = slot_of(s, r->conv, true);
	advance(s, &slot->states[i], rule, r, 0);
}

void sequences_go_on(struct sequences *s, const struct record *r)
{
	struct slot *slot = slot_of(s, r->conv, false);

	for (size_t i = 0; slot && i < s->n; i++) {
		struct state *st = &slot->states[i];

		if (st->step && st->frames[st->nframes - 1] != r->number &&
		    !sequence_too_slow(st->rule))
			look(s, st, r);
	}
}

static void due(struct sequences *s, int64_t time, bool over)
{
	s->next_deadline = INT64_MAX;
	for (size_t c = 0; c < CONVS_MAX; c++)
		for (size_t i = 0; s->slots[c].key && i < s->n; i++) {
			struct state *st = &s->slots[c].states[i];

			if (!st->pending)
				continue;
			if (st->deadline < time || (over && st->deadline == INT64_MAX))
				finish(s, st);
			else
				s->next_deadline = MIN(s->next_deadline, st->deadline);
		}
}

void sequences_clock(struct sequences *s, int64_t time)
{
	if (time < s->next_look || time <= s->next_deadline)
		return;
	s->next_look = time + CLOCK_EVERY;
	due(s, time, false);
}

void sequences_end(struct sequences *s, int64_t time)
{
	due(s, time, true);
	forget_all(s);
}
