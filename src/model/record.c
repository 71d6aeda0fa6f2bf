/* SPDX-License-Identifier: GPL-3.0-or-later */
/* record: the flat list of fields, its layers and sources, and the generic walker. */
#include "tracetutor/record.h"

#include <glib.h>
#include <string.h>

#include "tracetutor/pages.h"

#define FIELDS_FIRST 256 /* room at the start; grows to RECORD_MAX_FIELDS + 1 */
#define FIELD_IDS    ((size_t)PROTO_COUNT << FIELD_ROW_BITS)

void record_init(struct record *r, enum record_kind kind)
{
	memset(r, 0, sizeof(*r));
	r->cap = FIELDS_FIRST;
	r->fields = g_new(struct field, r->cap);
	r->places = pages_sparse(FIELD_IDS * sizeof(*r->places));
	r->asked = field_all();
	record_reset(r, kind);
}

void record_reset(struct record *r, enum record_kind kind)
{
	struct field *fields = r->fields;
	struct field_place *places = r->places;
	struct arena arena = r->arena;
	uint32_t cap = r->cap;

	arena_reset(&arena);
	memset(r, 0, offsetof(struct record, layers));
	memset(&r->nlayers, 0, sizeof(r->nlayers));
	memset(&r->nsources, 0, offsetof(struct record, marks) - offsetof(struct record, nsources));
	memset(&r->nmarks, 0, offsetof(struct record, arena) - offsetof(struct record, nmarks));
	r->fields = fields;
	r->places = places;
	r->arena = arena;
	r->cap = cap;
	r->kind = kind;
}

void record_release(struct record *r)
{
	g_free(r->fields);
	pages_free(r->places, FIELD_IDS * sizeof(*r->places));
	arena_release(&r->arena);
	memset(r, 0, sizeof(*r));
}

uint8_t record_source(struct record *r, const char *name, const uint8_t *bytes, uint32_t captured,
		      uint32_t reported)
{
	if (r->nsources == RECORD_MAX_SOURCES)
		return 0;
	r->sources[r->nsources] = (struct source){
		.bytes = bytes, .captured = captured, .reported = reported, .name = name};
	return r->nsources++;
}

/* Make room for more fields; false once the record is full. */
static bool more_room(struct record *r)
{
	if (r->cap <= RECORD_MAX_FIELDS) {
		r->cap = MIN(r->cap * 2, RECORD_MAX_FIELDS + 1);
		r->fields = g_renew(struct field, r->fields, r->cap);
	}
	r->overfull = r->overfull || r->nfields == RECORD_MAX_FIELDS;
	return !r->overfull;
}

static inline struct field *field_fill(struct record *r, struct field *f, uint16_t id, uint32_t off,
				       uint32_t len, union field_value v, uint32_t vlen)
{
	memcpy(f, &r->cur_head, sizeof(r->cur_head));
	f->id = id;
	f->depth++;
	f->off = off;
	f->len = len;
	f->vlen = vlen;
	f->v = v;
	return f;
}

/* The record is full, or its memory: a scratch field at the end, or one in more memory. */
static G_GNUC_NO_INLINE struct field *field_beyond(struct record *r, uint16_t id, uint32_t off,
						   uint32_t len, union field_value v, uint32_t vlen)
{
	if (more_room(r))
		return field_put(r, id, off, len, v, vlen);
	return field_fill(r, &r->fields[RECORD_MAX_FIELDS], id, off, len, v, vlen);
}

static inline struct field *put(struct record *r, uint16_t id, uint32_t off, uint32_t len,
				union field_value v, uint32_t vlen)
{
	struct field_place *place = &r->places[id];
	struct layer *layer = &r->layers[r->cur_layer];
	uint16_t n = (uint16_t)r->nfields;

	if (G_UNLIKELY(r->nfields + 1 >= r->cap))
		return field_beyond(r, id, off, len, v, vlen);
	if (place->first < n && r->fields[place->first].id == id)
		r->fields[place->last].next = n;
	else
		place->first = n;
	place->last = n;
	/* A layer's own protocol was noted when it was opened. */
	if (FIELD_PROTO(id) != layer->proto)
		record_note_proto(r, FIELD_PROTO(id));
	layer->end = ++r->nfields;
	return field_fill(r, &r->fields[n], id, off, len, v, vlen);
}

struct field *field_put(struct record *r, uint16_t id, uint32_t off, uint32_t len,
			union field_value v, uint32_t vlen)
{
	return put(r, id, off, len, v, vlen);
}

static inline struct field *field_new(struct record *r, uint16_t id, uint32_t off, uint32_t len,
				      union field_value v, uint32_t vlen)
{
	return record_leaves_out(r, id) ? record_scratch(r, id, off, len)
					: put(r, id, off, len, v, vlen);
}

/* What has no value. */
static inline struct field *field_bare(struct record *r, uint16_t id, uint32_t off, uint32_t len)
{
	return field_new(r, id, off, len, (union field_value){0}, 0);
}

struct layer *layer_open(struct record *r, enum proto_id proto, const struct cursor *c)
{
	struct layer *l;
	struct field *f;

	if (r->nlayers == RECORD_MAX_LAYERS)
		return NULL;
	l = &r->layers[r->nlayers];
	*l = (struct layer){.proto = proto,
			    .source = r->cur_source,
			    .quoted = r->in_quote,
			    .parent = r->in_quote ? r->quote_parent : r->nlayers,
			    .first = r->nfields,
			    .end = r->nfields,
			    .off = c->pos,
			    .len = cursor_left(c),
			    .again = record_has_proto(r, proto)};
	r->cur_layer = r->nlayers++;
	r->cur_depth = 0;
	record_note_proto(r, proto);
	f = field_new(r, FIELD_ID(proto, 0), l->off, l->len,
		      (union field_value){.p = c->base + c->pos}, l->len);
	f->depth = 0;
	return l;
}

void layer_close(struct record *r, struct layer *l, uint32_t end)
{
	struct field *f = &r->fields[l->first];

	if (end < l->off)
		return;
	l->len = end - l->off;
	if (l->first < r->nfields && f->id == FIELD_ID(l->proto, 0)) {
		f->len = l->len;
		f->vlen = MIN(l->len, f->vlen);
	}
}

struct field *field_add_bytes(struct record *r, uint16_t id, uint32_t off, uint32_t len)
{
	return field_add_value(r, id, off, len, r->sources[r->cur_source].bytes + off, len);
}

struct field *field_add_value(struct record *r, uint16_t id, uint32_t off, uint32_t len,
			      const void *v, uint32_t vlen)
{
	return field_new(r, id, off, len, (union field_value){.p = v}, vlen);
}

struct field *field_add_none(struct record *r, uint16_t id, uint32_t off, uint32_t len)
{
	return field_bare(r, id, off, len);
}

static struct field *generated(struct field *f)
{
	f->flags |= FIELD_GENERATED;
	return f;
}

struct field *field_gen_text(struct record *r, uint16_t id, const char *text, size_t len)
{
	const char *copy = record_leaves_out(r, id) ? NULL : arena_copy(&r->arena, text, len);

	return generated(field_add_value(r, id, 0, 0, copy, (uint32_t)len));
}

struct field *field_copy(struct record *r, const struct field *f)
{
	struct field *to = field_bare(r, f->id, f->off, f->len);

	to->flags = f->flags;
	to->vlen = f->vlen;
	to->v = f->v;
	if (field_value_class(field_def(f->id)->type) == VALUE_BYTES)
		to->v.p = arena_copy(&r->arena, f->v.p, f->vlen);
	return to;
}

static inline uint64_t masked(const struct field_def *d, uint64_t raw)
{
	uint64_t v = d->mask ? (raw & d->mask) >> __builtin_ctzll(d->mask) : raw;

	return d->type == FT_BOOLEAN ? v != 0 : v;
}

static inline uint64_t load(const uint8_t *p, uint32_t n, bool little)
{
	uint64_t v = 0;
	uint32_t four;

	if (n == 1)
		return *p;
	if (n == 2 && !little)
		return (uint64_t)p[0] << 8 | p[1];
	if (n == 4 && !little) {
		memcpy(&four, p, 4);
		return g_ntohl(four);
	}
	for (uint32_t i = 0; i < n; i++)
		v = v << 8 | p[little ? n - 1 - i : i];
	return v;
}

/* Give the field its value from its bytes, as its row says. */
static inline void take_value(struct field *f, const struct field_def *d, const uint8_t *p,
			      uint32_t n)
{
	switch (field_value_class(d->type)) {
	case VALUE_UNSIGNED: f->v.u = masked(d, load(p, n, d->flags & ROW_LE)); break;
	case VALUE_SIGNED: {
		unsigned shift = 64 - 8 * n;

		f->v.i = (int64_t)(load(p, n, d->flags & ROW_LE) << shift) >> shift;
		break;
	}
	case VALUE_BYTES:
		f->v.p = p;
		f->vlen = n;
		break;
	case VALUE_NONE: break;
	}
}

/* The rows first..last over the same n bytes, one step deeper. */
static inline void bits(struct record *r, const uint8_t *p, uint32_t off, uint32_t n,
			uint16_t first, uint16_t last)
{
	r->cur_depth++;
	for (uint16_t id = record_next_kept(r, first, last); id <= last;
	     id = record_next_kept(r, (uint16_t)(id + 1), last))
		take_value(field_bare(r, id, off, n), field_def(id), p, n);
	r->cur_depth--;
}

void walk_bits(struct record *r, const struct field *f, uint16_t first, uint16_t last)
{
	const uint8_t *p = field_bytes(r, f);

	if (p && f->len <= 8)
		bits(r, p, f->off, f->len, first, last);
}

void header_bits(struct header_fields *h, uint32_t off, uint32_t len, uint64_t number,
		 uint16_t first, uint16_t last)
{
	const struct field_def *rows = field_def(first);

	header_deeper(h, 1);
	for (uint16_t id = record_next_kept(h->r, first, last); id <= last;
	     id = record_next_kept(h->r, (uint16_t)(id + 1), last))
		header_kept(h, id, off, len, masked(&rows[id - first], number));
	header_deeper(h, -1);
}

uint64_t walk(struct record *r, struct cursor *c, uint16_t first, uint16_t last)
{
	const struct field_def *d = field_def(first);
	uint64_t value = 0;

	for (uint16_t id = first; id <= last; id++, d++) {
		const uint32_t at = c->pos, n = d->size;
		const uint8_t *p = cursor_bytes(c, n);
		const uint16_t above = id;
		struct field *f;

		if (!p)
			break;
		f = field_bare(r, id, at, n);
		take_value(f, d, p, n);
		if (id == first && field_value_class(d->type) == VALUE_UNSIGNED)
			value = f->v.u;
		for (; id < last && d[1].flags & ROW_SUB; id++)
			d++;
		if (id > above && n && n <= 8)
			bits(r, p, at, n, (uint16_t)(above + 1), id);
	}
	return value;
}

const struct field *record_find(const struct record *r, uint16_t id, uint32_t from)
{
	const struct field *f = id < FIELD_IDS ? record_first(r, id) : NULL;

	while (f && f < r->fields + from)
		f = record_next(r, f);
	return f;
}

const uint8_t *field_bytes(const struct record *r, const struct field *f)
{
	const struct source *s = &r->sources[f->source];

	if (!f->len || f->source >= r->nsources || f->off > s->captured ||
	    f->len > s->captured - f->off)
		return NULL;
	return s->bytes + f->off;
}

void exchange_mark(struct record *r, enum exchange_role role, enum proto_id proto, uint64_t key,
		   uint32_t first, uint32_t last)
{
	if (r->nmarks == RECORD_MAX_MARKS)
		return;
	r->marks[r->nmarks++] = (struct exchange_mark){
		.role = role, .proto = proto, .key = key, .first = first, .last = last};
}
