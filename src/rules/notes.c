// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * notes: what rules say about the packet at work, in the order of its fields.
 */
#include <string.h>

#include "private.h"

/* A packet that proves a finding of the first run. */
struct proof {
	uint32_t frame;
	const struct finding *finding;
};

static int by_frame(gconstpointer pa, gconstpointer pb)
{
	const struct proof *a = pa, *b = pb;

	return (a->frame > b->frame) - (a->frame < b->frame);
}

void notes_prove(struct notes *b, const GArray *findings)
{
	if (!b->proofs)
		b->proofs = g_array_new(FALSE, FALSE, sizeof(struct proof));
	g_array_set_size(b->proofs, 0);
	for (guint i = 0; i < findings->len; i++) {
		const struct finding *f = &g_array_index(findings, struct finding, i);

		for (uint8_t k = 0; k < f->nframes; k++) {
			struct proof p = {f->frames[k], f};

			g_array_append_val(b->proofs, p);
		}
	}
	g_array_sort(b->proofs, by_frame);
}

void notes_release(struct notes *b)
{
	if (b->proofs)
		g_array_free(b->proofs, TRUE);
}

void notes_begin(struct notes *b, const struct record *r)
{
	size_t kept = 0;

	b->n = 0;
	b->packet = r;
	b->number = r->number;
	for (size_t i = 0; i < b->npending; i++) /* those before it are over, seen or not */
		if (b->pending[i].number == b->number)
			b->pending[kept++] = b->pending[i];
	b->npending = kept;
}

void notes_forget(struct notes *b)
{
	b->packet = NULL;
}

/* A field of the row people see: an alias (ip.addr) has none, the one before it has. */
static uint32_t shown(const struct record *r, uint32_t i)
{
	while (i > 0 && (r->fields[i].flags & FIELD_HIDDEN))
		i--;
	return i;
}

/* Where a packet says what it is about: the beginning of its innermost layer. */
static uint32_t innermost(const struct record *r)
{
	const struct layer *l;

	if (!r->nlayers)
		return 0;
	l = &r->layers[r->nlayers - 1];
	return l->first + 1 < l->end ? l->first + 1 : l->first;
}

/* The fields the note stands beside; the innermost layer if the packet has none of them. */
static void note_range(const struct rule *rule, const struct record *r, struct note *n)
{
	const uint16_t *ids = rule->nmarks ? rule->marks : rule->named;
	const size_t count = rule->nmarks ? rule->nmarks : rule->nnamed;
	bool any = false;

	n->first = n->last = innermost(r);
	for (size_t i = 0; i < count && (rule->nmarks || !any); i++) {
		const struct field *f = record_find(r, ids[i], 0);
		uint32_t at = f ? shown(r, (uint32_t)(f - r->fields)) : 0;

		if (!f)
			continue;
		n->first = any ? MIN(n->first, at) : at;
		n->last = any ? MAX(n->last, at) : at;
		any = true;
	}
}

/* The finding is explained where it was complete; its earlier packets point there. */
static void tell_finding(struct note *n, const struct finding *f, uint32_t number)
{
	uint32_t last = f->frames[f->nframes - 1];

	n->finding = f;
	n->see = last == number ? 0 : last;
}

static void add(struct notes *b, const struct rule *rule, const struct finding *f)
{
	struct note made = {.rule = rule};
	size_t at = b->n;

	for (size_t i = 0; i < b->n; i++) {
		if (b->v[i].rule != rule)
			continue;
		if (f && !b->v[i].finding)
			tell_finding(&b->v[i], f, b->number);
		return;
	}
	if (b->n == NOTES_MAX || b->off)
		return;
	note_range(rule, b->packet, &made);
	if (f)
		tell_finding(&made, f, b->number);
	while (at > 0 && (b->v[at - 1].first > made.first ||
			  (b->v[at - 1].first == made.first && b->v[at - 1].last > made.last)))
		at--;
	memmove(&b->v[at + 1], &b->v[at], (b->n - at) * sizeof(made));
	b->v[at] = made;
	b->n++;
}

void notes_add(struct notes *b, const struct rule *rule)
{
	add(b, rule, NULL);
}

void notes_later(struct notes *b, const struct rule *rule, uint32_t number)
{
	if (!number)
		return;
	if (number == b->number && b->packet) {
		notes_add(b, rule);
	} else if (b->npending < PENDING_MAX) {
		b->pending[b->npending].rule = rule;
		b->pending[b->npending++].number = number;
	}
}

static void due(struct notes *b)
{
	for (size_t i = 0; i < b->npending; i++)
		if (b->pending[i].number == b->number)
			notes_add(b, b->pending[i].rule);
}

static void prove(struct notes *b)
{
	guint from = 0, to = b->proofs->len;

	while (from < to) {
		guint mid = from + (to - from) / 2;

		if (g_array_index(b->proofs, struct proof, mid).frame < b->number)
			from = mid + 1;
		else
			to = mid;
	}
	for (; from < b->proofs->len; from++) {
		const struct proof *p = &g_array_index(b->proofs, struct proof, from);

		if (p->frame != b->number)
			break;
		add(b, p->finding->rule, p->finding);
	}
}

void notes_end(struct notes *b)
{
	due(b);
	if (b->proofs)
		prove(b);
}
