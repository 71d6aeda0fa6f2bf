// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * findings: what is the matter with which conversation, counted, with causes over consequences.
 */
#include <string.h>

#include "private.h"

#define KEYS_MAX                                                                                   \
	(4 * RULES_MAX_FINDINGS) /* conversations led to findings by key; others by words */

struct key {
	const struct rule *rule;
	uint32_t conv;
	uint8_t ip_proto;
	uint32_t words; /* hash of the headline, for the same words in other conversations */
};

static guint key_hash(gconstpointer p)
{
	const struct key *k = p;

	return g_direct_hash(k->rule) ^ (k->conv * 2654435761u) ^ k->ip_proto ^ k->words;
}

static gboolean key_equal(gconstpointer pa, gconstpointer pb)
{
	const struct key *a = pa, *b = pb;

	return a->rule == b->rule && a->conv == b->conv && a->ip_proto == b->ip_proto &&
	       a->words == b->words;
}

static void clear(gpointer p)
{
	struct finding *f = p;

	g_free(f->headline);
	g_free(f->explain);
	g_free(f->advice);
}

void finding_free(struct finding *f)
{
	if (f)
		clear(f);
	g_free(f);
}

void findings_init(struct findings *f)
{
	f->all = g_array_new(FALSE, TRUE, sizeof(struct finding));
	g_array_set_clear_func(f->all, clear);
	f->keys = g_hash_table_new_full(key_hash, key_equal, g_free, NULL);
	f->convs = g_hash_table_new(NULL, NULL);
	f->conv_first = field_named("tt.conv.first_frame");
	f->conv_last = field_named("tt.conv.last_frame");
	f->conv_error = field_named("tt.conv.icmp_frame");
	f->dropped = 0;
}

void findings_release(struct findings *f)
{
	g_array_free(f->all, TRUE);
	g_hash_table_destroy(f->keys);
	g_hash_table_destroy(f->convs);
}

/* A conversation as a key of f->convs. */
static gpointer conv_key(uint32_t conv, uint8_t ip_proto)
{
	return GSIZE_TO_POINTER((uint64_t)conv << 8 | ip_proto);
}

static struct finding *look_up(struct findings *f, const struct key *k)
{
	size_t at = GPOINTER_TO_SIZE(g_hash_table_lookup(f->keys, k));

	return at ? &g_array_index(f->all, struct finding, at - 1) : NULL;
}

struct finding *findings_known(struct findings *f, const struct rule *rule, const struct record *r)
{
	struct key k = {.rule = rule};

	if (r->conv) {
		k.conv = r->conv->index + 1;
		k.ip_proto = r->conv->ip_proto;
	}
	return k.conv ? look_up(f, &k) : NULL;
}

void finding_frame(struct finding *f, uint32_t number)
{
	uint8_t at = 0;

	while (at < f->nframes && f->frames[at] < number)
		at++;
	if (!number || f->nframes == FINDING_MAX_FRAMES ||
	    (at < f->nframes && f->frames[at] == number))
		return;
	memmove(&f->frames[at + 1], &f->frames[at],
		(size_t)(f->nframes - at) * sizeof(f->frames[0]));
	f->frames[at] = number;
	f->nframes++;
}

static void frames_of_fields(struct finding *f, const struct record *r, const uint16_t *ids,
			     size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const struct field *at = record_find(r, ids[i], 0);

		if (at)
			finding_frame(f, (uint32_t)at->v.u);
	}
}

/* Without <evidence>: the packets the exchange is made of, or with which the conversation begins.
 */
static void frames_by_kind(struct finding *f, const struct record *r)
{
	static const char *const names[] = {"tt.exchange.request_frame",
					    "tt.exchange.response_frame", "tt.conv.first_frame"};
	uint16_t ids[G_N_ELEMENTS(names)];
	size_t n = 0;

	for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
		ids[n] = field_named(names[i]);
		n += ids[n] != FIELD_NONE;
	}
	frames_of_fields(f, r, ids, n);
}

void finding_place(struct finding *f, const struct record *r)
{
	f->time = r->time;
	if (r->conv) {
		f->conv = r->conv->index + 1;
		f->ip_proto = r->conv->ip_proto;
	}
	frames_of_fields(f, r, f->rule->evidence, f->rule->nevidence);
	if (!f->nframes && r->kind != RECORD_PACKET)
		frames_by_kind(f, r);
	if (!f->nframes)
		finding_frame(f, r->number);
}

static void map(struct findings *f, const struct key *k, size_t at)
{
	g_hash_table_insert(f->keys, g_memdup2(k, sizeof(*k)), GSIZE_TO_POINTER(at + 1));
}

bool findings_count(struct findings *f, const struct finding *made)
{
	struct key here = {made->rule, made->conv, made->ip_proto, 0};
	struct key words = {made->rule, 0, 0, g_str_hash(made->headline) | 1};
	struct finding *old = made->conv ? look_up(f, &here) : NULL;

	if (!old) {
		old = look_up(f, &words);
		if (old && strcmp(old->headline, made->headline) != 0)
			old = NULL;
		if (old && made->conv && g_hash_table_size(f->keys) < KEYS_MAX)
			map(f, &here, (size_t)(old - (struct finding *)(void *)f->all->data));
	}
	if (old)
		old->times++;
	return old != NULL;
}

void findings_add(struct findings *f, struct finding *made)
{
	struct key here = {made->rule, made->conv, made->ip_proto, 0};
	struct key words = {made->rule, 0, 0, g_str_hash(made->headline) | 1};

	if (f->all->len >= RULES_MAX_FINDINGS) {
		f->dropped++;
		finding_free(made);
		return;
	}
	if (made->conv) {
		map(f, &here, f->all->len);
		g_hash_table_add(f->convs, conv_key(made->conv, made->ip_proto));
	}
	map(f, &words, f->all->len);
	g_array_append_vals(f->all, made, 1);
	g_free(made);
}

/* The findings in that conversation learn where it lies (first 0: they know). */
static void conv_lies(struct findings *f, const struct conv *c, uint32_t first, uint32_t last)
{
	if (!g_hash_table_contains(f->convs, conv_key(c->index + 1, c->ip_proto)))
		return;
	for (guint i = 0; i < f->all->len; i++) {
		struct finding *at = &g_array_index(f->all, struct finding, i);

		if (!finding_in(at, c->index, c->ip_proto))
			continue;
		at->conv_first = first ? first : at->conv_first;
		at->conv_last = at->conv_first ? last : 0;
	}
}

void findings_conv_over(struct findings *f, const struct record *r)
{
	const struct field *first = record_find(r, f->conv_first, 0);
	const struct field *last = record_find(r, f->conv_last, 0);
	const struct field *error = record_find(r, f->conv_error, 0);

	if (first && last)
		conv_lies(f, r->conv, (uint32_t)first->v.u,
			  (uint32_t)MAX(last->v.u, error ? error->v.u : 0));
}

void findings_conv_late(struct findings *f, const struct record *r)
{
	conv_lies(f, r->conv, 0, r->number);
}

bool fault_is_verdict(const struct rule *r)
{
	return r->fault && !g_str_has_prefix(r->fault, "note-");
}

static bool explains(const struct packs *p, const struct finding *cause,
		     const struct finding *effect)
{
	bool near = !cause->conv || !effect->conv ||
		    (cause->conv == effect->conv && cause->ip_proto == effect->ip_proto);

	for (size_t i = 0; i < cause->rule->nexplains; i++) {
		const struct rule_link *link = &cause->rule->explains[i];

		if ((near || link->everywhere) && packs_find(p, link->rule) == effect->rule)
			return true;
	}
	return false;
}

/* Would it make a circle: is `cause` itself a consequence of `effect`? */
static bool follows(const int *causes, int cause, int effect)
{
	while (cause >= 0 && cause != effect)
		cause = causes[cause];
	return cause == effect;
}

static void find_causes(struct findings *f, const struct packs *p)
{
	const int n = (int)f->all->len;
	struct finding *all = (struct finding *)(void *)f->all->data;
	int *causes = g_new(int, (size_t)n + 1);

	for (int i = 0; i < n; i++)
		causes[i] = -1;
	for (int c = 0; c < n; c++)
		for (int i = 0; i < n && all[c].rule->nexplains; i++)
			if (i != c && causes[i] < 0 && explains(p, &all[c], &all[i]) &&
			    !follows(causes, c, i)) {
				causes[i] = c;
				all[i].explained_by = all[c].rule;
			}
	g_free(causes);
}

static int compare(gconstpointer pa, gconstpointer pb)
{
	const struct finding *a = pa, *b = pb;
	const bool va = fault_is_verdict(a->rule), vb = fault_is_verdict(b->rule);

	if (!a->explained_by != !b->explained_by)
		return a->explained_by ? 1 : -1;
	if (va != vb)
		return va ? -1 : 1;
	if (a->rule->rank != b->rule->rank)
		return a->rule->rank > b->rule->rank ? -1 : 1;
	if (a->rule->severity != b->rule->severity)
		return a->rule->severity > b->rule->severity ? -1 : 1;
	if (a->time != b->time)
		return a->time < b->time ? -1 : 1;
	return (a->conv > b->conv) - (a->conv < b->conv);
}

void findings_sort(struct findings *f, const struct packs *p)
{
	g_hash_table_remove_all(f->keys);
	find_causes(f, p);
	g_array_sort(f->all, compare);
}
