// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * runs: which of many runs of byte sets ("[0-9]x") may lie in some bytes?
 *
 * Of each run the four neighbours that tell most go into a sieve. It tells for 64 slots at once,
 * with four look-ups a byte, in which of them such four may end here: a slot lets through what any
 * of its runs allows at each of the four places. Few runs have a slot each. Many share the slots of
 * the coarse sieve, like with like; where one lets something through, its fine sieve is asked, and
 * last the whole run is compared.
 */
#include <string.h>

#include "private.h"

#define SLOTS     64
#define SHARE_MIN 8 /* different fours that share a slot, at least: a fine sieve takes 8 KB */
#define PLACES    4
#define GONE      UINT32_MAX
#define PATIENCE  16 /* comparisons a run, on average; then all runs are told of */

/* Fours end at the last place; the places before shorter ones are free: any byte, or none. */
struct sieve {
	uint64_t may[256][PLACES]; /* by byte and place: the slots that let it through */
	uint64_t free[PLACES];     /* by place: the slots with a four that wants nothing there */
};

/* The sets of a run that are in the sieve. */
struct four {
	const struct byte_set *sets;
	uint32_t n;
	uint32_t narrow; /* the one that tells most */
};

struct run {
	const struct byte_run *bytes;
	struct four four;
	uint32_t id;          /* GONE: it is of no interest any more */
	uint8_t coarse, fine; /* its slots */
};

/* The runs of a coarse slot. */
struct share {
	uint32_t first, end;
	struct sieve *fine; /* NULL: all its fours are equal */
};

struct runs {
	GArray *all; /* struct run */
	struct sieve coarse;
	struct share shares[SLOTS];
	uint64_t used; /* coarse slots with runs */
};

struct runs *runs_new(void)
{
	struct runs *x = g_new0(struct runs, 1);

	x->all = g_array_new(FALSE, FALSE, sizeof(struct run));
	return x;
}

void runs_free(struct runs *x)
{
	if (!x)
		return;
	for (unsigned i = 0; i < SLOTS; i++)
		g_free(x->shares[i].fine);
	g_array_free(x->all, TRUE);
	g_free(x);
}

static struct run *run_at(const struct runs *x, uint32_t i)
{
	return &g_array_index(x->all, struct run, i);
}

/* --- sorting in --- */

static uint32_t worth(const struct byte_set *sets, uint32_t n)
{
	uint32_t sum = 0;

	for (uint32_t i = 0; i < n; i++)
		sum += byte_set_worth(&sets[i]);
	return sum;
}

static struct four choose(const struct byte_run *r)
{
	struct four f = {r->sets, MIN(r->n, PLACES), 0};

	for (uint32_t i = 1; i + f.n <= r->n; i++)
		if (worth(r->sets + i, f.n) > worth(f.sets, f.n))
			f.sets = r->sets + i;
	for (uint32_t i = 1; i < f.n; i++)
		if (byte_set_worth(&f.sets[i]) > byte_set_worth(&f.sets[f.narrow]))
			f.narrow = i;
	return f;
}

void runs_add(struct runs *x, const struct byte_run *bytes, uint32_t id)
{
	struct run r = {.bytes = bytes, .four = choose(bytes), .id = id};

	g_array_append_val(x->all, r);
}

/* Like with like: what they want where they tell most. */
static int order_fours(const struct four *a, const struct four *b)
{
	int order;

	if (a->n != b->n)
		return a->n < b->n ? -1 : 1;
	if (a->narrow != b->narrow)
		return a->narrow < b->narrow ? -1 : 1;
	order = memcmp(&a->sets[a->narrow], &b->sets[b->narrow], sizeof(*a->sets));
	return order ? order : memcmp(a->sets, b->sets, a->n * sizeof(*a->sets));
}

static int by_likeness(gconstpointer pa, gconstpointer pb)
{
	const struct run *a = pa, *b = pb;
	int order = order_fours(&a->four, &b->four);

	if (order || a->bytes->n != b->bytes->n)
		return order ? order : a->bytes->n < b->bytes->n ? -1 : 1;
	return memcmp(a->bytes->sets, b->bytes->sets, a->bytes->n * sizeof(struct byte_set));
}

static void sieve_put(struct sieve *s, unsigned slot, const struct four *f)
{
	const uint64_t bit = 1ull << slot;
	const unsigned free = PLACES - f->n;

	for (unsigned place = 0; place < PLACES; place++) {
		for (unsigned c = 0; c < 256; c++)
			if (place < free || byte_set_has(&f->sets[place - free], (uint8_t)c))
				s->may[c][place] |= bit;
		if (place < free)
			s->free[place] |= bit;
	}
}

static bool starts_four(const struct runs *x, uint32_t i)
{
	return !i || order_fours(&run_at(x, i - 1)->four, &run_at(x, i)->four) != 0;
}

/* Run i of the sorted ones, with the which-th different four, of `each` that share a slot. */
static void put(struct runs *x, uint32_t i, uint32_t which, uint32_t each)
{
	struct run *r = run_at(x, i);
	struct share *s;

	r->coarse = (uint8_t)(which / each);
	r->fine = (uint8_t)(which % each % SLOTS);
	s = &x->shares[r->coarse];
	if (!(x->used >> r->coarse & 1))
		s->first = i;
	s->end = i + 1;
	x->used |= 1ull << r->coarse;
	if (!starts_four(x, i))
		return;
	sieve_put(&x->coarse, r->coarse, &r->four);
	if (each == 1)
		return;
	if (!s->fine)
		s->fine = g_new0(struct sieve, 1);
	sieve_put(s->fine, r->fine, &r->four);
}

void runs_done(struct runs *x)
{
	uint32_t different = 0, each, which = 0;

	g_array_sort(x->all, by_likeness);
	for (guint i = 0; i < x->all->len; i++)
		different += starts_four(x, i);
	each = different <= SLOTS ? 1 : MAX((different + SLOTS - 1) / SLOTS, SHARE_MIN);
	for (guint i = 0; i < x->all->len; i++) {
		which += i && starts_four(x, i);
		put(x, i, which, each);
	}
}

void runs_remove(struct runs *x, uint32_t id)
{
	for (guint i = 0; i < x->all->len; i++)
		if (run_at(x, i)->id == id)
			run_at(x, i)->id = GONE;
}

/* --- looking --- */

/* A search at work. */
struct look {
	const struct runs *x;
	const uint8_t *p;
	uint32_t n;
	uint64_t patience; /* comparisons left */
	runs_found *found;
	void *context;
};

/* The slots in which a four may end at byte i. */
static uint64_t sieve_at(const struct sieve *s, const uint8_t *p, uint32_t i)
{
	uint64_t slots = ~0ull;

	for (unsigned back = 0; back < PLACES; back++) {
		unsigned place = PLACES - 1 - back;

		slots &= i < back ? s->free[place] : s->may[p[i - back]][place];
	}
	return slots;
}

/* Does the whole run lie there, with its four ending at byte i? */
static bool fits(const struct look *l, const struct run *r, uint32_t i)
{
	uint32_t before = (uint32_t)(r->four.sets - r->bytes->sets) + r->four.n - 1;

	if (i < before || l->n - (i - before) < r->bytes->n)
		return false;
	for (uint32_t k = 0; k < r->bytes->n; k++)
		if (!byte_set_has(&r->bytes->sets[k], l->p[i - before + k]))
			return false;
	return true;
}

static void tell_share(struct look *l, const struct share *s, uint32_t i)
{
	uint64_t slots = s->fine ? sieve_at(s->fine, l->p, i) : ~0ull;

	for (uint32_t k = s->first; slots && k < s->end && l->patience; k++) {
		const struct run *r = run_at(l->x, k);

		if (!(slots >> r->fine & 1))
			continue;
		l->patience--;
		if (r->id != GONE && fits(l, r, i))
			l->found(l->context, r->id);
	}
}

static void tell_all(const struct look *l)
{
	for (guint i = 0; i < l->x->all->len; i++)
		if (run_at(l->x, i)->id != GONE)
			l->found(l->context, run_at(l->x, i)->id);
}

void runs_find(const struct runs *x, const uint8_t *p, uint32_t n, runs_found *found, void *context)
{
	const struct sieve *s = &x->coarse;
	struct look look = {x, p, n, (uint64_t)PATIENCE * x->all->len, found, context};
	/* The slots whose first one, two, three places fit what lies just before. */
	uint64_t one = s->free[0], two = s->free[1], three = s->free[2];

	for (uint32_t i = 0; i < n && look.patience; i++) {
		const uint64_t *may = s->may[p[i]];
		uint64_t slots = three & may[3] & x->used;

		three = two & may[2];
		two = one & may[1];
		one = may[0];
		for (; slots; slots &= slots - 1)
			tell_share(&look, &x->shares[__builtin_ctzll(slots)], i);
	}
	if (!look.patience)
		tell_all(&look);
}
