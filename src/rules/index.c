// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * index: from the fields of a record to the rules that can match it.
 *
 * Each field id leads to a bucket; its entries are sorted, those content with the field's presence
 * first, then those that want a value, found by bisection. So a packet pays one table look-up a
 * field, and never meets a rule about a protocol it does not have.
 */
#include <string.h>

#include "private.h"
#include "tracetutor/pages.h"

#define KINDS       4
#define FIELD_IDS   ((size_t)PROTO_COUNT << FIELD_ROW_BITS)
#define ANCHORS_MAX 64

struct entry {
	uint16_t field;
	bool has_value;
	uint32_t id;
	uint64_t value;
};

struct bucket {
	uint32_t first, present, end; /* entries first..present want presence, ..end a value */
	/* those that want bytes within the field's; NULL: none */
	struct grams *literals;
	struct runs *runs;
};

/* An entry that wants bytes within the field's. */
struct bytes_entry {
	struct filter_anchor anchor;
	uint32_t id;
};

struct kind_index {
	GArray *entries;
	GArray *bytes;     /* struct bytes_entry */
	GArray *always;    /* uint32_t */
	uint16_t *buckets; /* by field id: index into `list`; 0: none */
	struct bucket *list;
	size_t nlist;
};

struct rule_index {
	struct kind_index kinds[KINDS];
	uint32_t *stamp; /* by id: the search that found it last */
	uint32_t serial;
	size_t ids;
};

struct rule_index *rule_index_new(size_t ids)
{
	struct rule_index *x = g_new0(struct rule_index, 1);

	x->ids = ids;
	x->stamp = g_new0(uint32_t, ids + 1);
	for (int k = 0; k < KINDS; k++) {
		x->kinds[k].entries = g_array_new(FALSE, FALSE, sizeof(struct entry));
		x->kinds[k].bytes = g_array_new(FALSE, FALSE, sizeof(struct bytes_entry));
		x->kinds[k].always = g_array_new(FALSE, FALSE, sizeof(uint32_t));
	}
	return x;
}

void rule_index_free(struct rule_index *x)
{
	for (int k = 0; k < KINDS; k++) {
		for (size_t i = 1; i < x->kinds[k].nlist; i++) {
			grams_free(x->kinds[k].list[i].literals);
			runs_free(x->kinds[k].list[i].runs);
		}
		g_array_free(x->kinds[k].entries, TRUE);
		g_array_free(x->kinds[k].bytes, TRUE);
		g_array_free(x->kinds[k].always, TRUE);
		pages_free(x->kinds[k].buckets, FIELD_IDS * sizeof(uint16_t));
		g_free(x->kinds[k].list);
	}
	g_free(x->stamp);
	g_free(x);
}

void rule_index_add(struct rule_index *x, enum record_kind kind, const struct filter *f,
		    uint32_t id)
{
	struct filter_anchor anchors[ANCHORS_MAX];
	size_t n = filter_anchors(f, anchors, ANCHORS_MAX);
	struct kind_index *k = &x->kinds[kind];

	if (!n)
		g_array_append_val(k->always, id);
	for (size_t i = 0; i < n; i++) {
		struct bytes_entry b = {.anchor = anchors[i], .id = id};
		struct entry e = {.field = anchors[i].field,
				  .has_value = anchors[i].has_value,
				  .value = anchors[i].has_value ? anchors[i].value : 0,
				  .id = id};

		if (anchors[i].literal || anchors[i].run)
			g_array_append_val(k->bytes, b);
		else
			g_array_append_val(k->entries, e);
	}
}

void rule_index_add_field(struct rule_index *x, uint16_t field, uint32_t id)
{
	struct entry e = {.field = field, .id = id};

	for (int k = 0; k < KINDS; k++)
		g_array_append_val(x->kinds[k].entries, e);
}

static int by_field(gconstpointer pa, gconstpointer pb)
{
	const struct entry *a = pa, *b = pb;

	if (a->field != b->field)
		return a->field < b->field ? -1 : 1;
	if (a->has_value != b->has_value)
		return a->has_value ? 1 : -1;
	return a->value < b->value ? -1 : a->value > b->value;
}

static void bytes_add(struct bucket *b, const struct bytes_entry *e)
{
	if (e->anchor.literal) {
		if (!b->literals)
			b->literals = grams_new();
		grams_add(b->literals, e->anchor.literal, e->anchor.nliteral, e->id);
	} else {
		if (!b->runs)
			b->runs = runs_new();
		runs_add(b->runs, e->anchor.run, e->id);
	}
}

/* Entries that want bytes join the bucket of their field, or get one. */
static void bytes_done(struct kind_index *k)
{
	for (guint i = 0; i < k->bytes->len; i++) {
		const struct bytes_entry *e = &g_array_index(k->bytes, struct bytes_entry, i);
		uint16_t *at = &k->buckets[e->anchor.field];

		if (!*at)
			*at = (uint16_t)k->nlist++;
		bytes_add(&k->list[*at], e);
	}
	for (size_t i = 1; i < k->nlist; i++) {
		if (k->list[i].literals)
			grams_done(k->list[i].literals);
		if (k->list[i].runs)
			runs_done(k->list[i].runs);
	}
}

static void kind_done(struct kind_index *k)
{
	struct bucket *b = NULL;

	k->nlist = 1;
	g_array_sort(k->entries, by_field);
	k->buckets = pages_sparse(FIELD_IDS * sizeof(*k->buckets));
	k->list = g_new0(struct bucket, k->entries->len + k->bytes->len + 1);
	for (guint i = 0; i < k->entries->len; i++) {
		const struct entry *e = &g_array_index(k->entries, struct entry, i);

		if (!k->buckets[e->field]) {
			k->buckets[e->field] = (uint16_t)k->nlist;
			b = &k->list[k->nlist++];
			*b = (struct bucket){.first = i, .present = i, .end = i};
		}
		b->present += !e->has_value;
		b->end++;
	}
	bytes_done(k);
}

void rule_index_done(struct rule_index *x)
{
	for (int k = 0; k < KINDS; k++)
		kind_done(&x->kinds[k]);
}

/* Without the entries of that id; what stays is moved together. */
static void bucket_remove(struct entry *e, struct bucket *b, uint32_t id)
{
	uint32_t to = b->first, present = b->first;

	for (uint32_t i = b->first; i < b->end; i++) {
		if (e[i].id == id)
			continue;
		present += !e[i].has_value;
		e[to++] = e[i];
	}
	b->present = present;
	b->end = to;
}

static void kind_remove(struct kind_index *k, uint32_t id)
{
	struct entry *e = (struct entry *)(void *)k->entries->data;

	for (size_t i = 1; i < k->nlist; i++) {
		struct bucket *b = &k->list[i];
		uint16_t field;

		if (b->literals)
			grams_remove(b->literals, id);
		if (b->runs)
			runs_remove(b->runs, id);
		if (b->first == b->end)
			continue;
		field = e[b->first].field;
		bucket_remove(e, b, id);
		if (b->first == b->end && !b->literals && !b->runs)
			k->buckets[field] = 0;
	}
	for (guint i = k->always->len; i-- > 0;)
		if (g_array_index(k->always, uint32_t, i) == id)
			g_array_remove_index(k->always, i);
}

void rule_index_remove(struct rule_index *x, uint32_t id)
{
	for (int k = 0; k < KINDS; k++)
		kind_remove(&x->kinds[k], id);
}

/* First entry of the bucket's values that is not below v. */
static uint32_t lower_bound(const struct entry *e, const struct bucket *b, uint64_t v)
{
	uint32_t from = b->present, to = b->end;

	while (from < to) {
		uint32_t mid = from + (to - from) / 2;

		if (e[mid].value < v)
			from = mid + 1;
		else
			to = mid;
	}
	return from;
}

static size_t take(struct rule_index *x, uint32_t id, uint32_t *out, size_t n)
{
	if (x->stamp[id] == x->serial)
		return n;
	x->stamp[id] = x->serial;
	out[n] = id;
	return n + 1;
}

/* A search at work. */
struct search {
	struct rule_index *x;
	uint32_t *out;
	size_t n;
};

static void on_bytes(void *context, uint32_t id)
{
	struct search *s = context;

	s->n = take(s->x, id, s->out, s->n);
}

static size_t take_bytes(struct rule_index *x, const struct bucket *b, const struct field *f,
			 uint32_t *out, size_t n)
{
	struct search s = {x, out, n};

	if (b->literals)
		grams_find(b->literals, f->v.p, f->vlen, on_bytes, &s);
	if (b->runs)
		runs_find(b->runs, f->v.p, f->vlen, on_bytes, &s);
	return s.n;
}

static size_t take_field(struct rule_index *x, const struct kind_index *k, const struct field *f,
			 uint32_t *out, size_t n)
{
	const struct bucket *b = &k->list[k->buckets[f->id]];
	const struct entry *e = (const struct entry *)(const void *)k->entries->data;

	for (uint32_t i = b->first; i < b->present; i++)
		n = take(x, e[i].id, out, n);
	if (b->literals || b->runs)
		n = take_bytes(x, b, f, out, n);
	if (b->present < b->end)
		for (uint32_t i = lower_bound(e, b, f->v.u); i < b->end && e[i].value == f->v.u;
		     i++)
			n = take(x, e[i].id, out, n);
	return n;
}

size_t rule_index_find(struct rule_index *x, const struct record *r, uint32_t *out)
{
	const struct kind_index *k = &x->kinds[r->kind];
	const struct field *f = r->fields, *end = f + r->nfields;
	const uint16_t *buckets = k->buckets;
	size_t n = 0;

	if (++x->serial == 0) { /* after 2^32 records the old stamps would look new */
		memset(x->stamp, 0, x->ids * sizeof(*x->stamp));
		x->serial = 1;
	}
	for (guint i = 0; i < k->always->len; i++)
		n = take(x, g_array_index(k->always, uint32_t, i), out, n);
	for (; f < end; f++)
		if (buckets[f->id])
			n = take_field(x, k, f, out, n);
	return n;
}
