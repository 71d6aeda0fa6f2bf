/* SPDX-License-Identifier: GPL-3.0-or-later */
/* turn: going from packet to packet of the trace, noise folded. */
#include "src/lesson/player.h"

#define BEFORE 64 /* packets looked at first for the one before */

/* A walk that looks for one packet. */
struct seek {
	struct player *player;
	struct report *rep;
	const struct filter *filter;
	uint32_t number; /* the one wanted, or the first to look at */
	uint32_t found;
};

static bool seek_first(void *context, const struct record *r, struct engine *engine)
{
	struct seek *s = context;

	(void)engine;
	s->found = r->number;
	return false;
}

uint32_t packet_find(struct player *p, const struct filter *f)
{
	struct seek s = {.player = p};

	session_walk(p->session, 1, UINT32_MAX, f, seek_first, &s, &p->said);
	return s.found;
}

bool packet_fits(struct player *p, uint32_t number, const struct filter *f)
{
	struct seek s = {.player = p};

	session_walk(p->session, number, number, f, seek_first, &s, &p->said);
	return number && s.found == number;
}

/* The packet before the first one only sets the clock of the delta time. */
static bool give(struct seek *s, const struct record *r, struct engine *engine)
{
	s->player->fed = r->number;
	if (r->number < s->number || (s->filter && !filter_match(s->filter, r))) {
		report_skip(s->rep, r);
		return false;
	}
	report_judged(s->rep, r, engine);
	return true;
}

static bool give_one(void *context, const struct record *r, struct engine *engine)
{
	struct seek *s = context;

	if (!give(s, r, engine))
		return true;
	s->found = r->number;
	return false;
}

static bool give_until_shown(void *context, const struct record *r, struct engine *engine)
{
	struct seek *s = context;
	uint32_t folded = s->rep->folded;

	if (!give(s, r, engine) || s->rep->folded > folded)
		return true;
	s->found = r->number;
	return false;
}

static uint32_t walk_from(const struct player *p, uint32_t number)
{
	return p->fed + 1 == number || number < 2 ? number : number - 1;
}

bool packet_show(struct player *p, uint32_t number, struct report *rep)
{
	struct seek s = {.player = p, .rep = rep, .number = number};
	bool folding = rep->show_folded;

	rep->show_folded = true;
	session_walk(p->session, walk_from(p, number), number, NULL, give_one, &s, &p->said);
	rep->show_folded = folding;
	if (s.found)
		p->packet = s.found;
	return s.found != 0;
}

bool packet_next(struct player *p, uint32_t from, const struct filter *f, struct report *rep)
{
	struct seek s = {.player = p, .rep = rep, .number = from, .filter = f};

	session_walk(p->session, walk_from(p, from), UINT32_MAX, NULL, give_until_shown, &s,
		     &p->said);
	if (!s.found) {
		report_end(rep);
		return false;
	}
	p->packet = s.found;
	return true;
}

static bool keep_last(void *context, const struct record *r, struct engine *engine)
{
	struct seek *s = context;
	size_t n;
	const struct note *notes = engine_notes(engine, &n);

	for (size_t i = 0; i < n; i++)
		if (notes[i].rule->fold)
			return true;
	s->found = r->number;
	return true;
}

/* Most often the packet just before is not folded; so look at few first. */
uint32_t packet_before(struct player *p, uint32_t number)
{
	struct seek s = {.player = p};

	for (uint32_t n = BEFORE; number > 1 && !s.found; n *= 8) {
		uint32_t from = number > n ? number - n : 1;

		session_walk(p->session, from, number - 1, NULL, keep_last, &s, &p->said);
		number = from;
	}
	return s.found;
}
