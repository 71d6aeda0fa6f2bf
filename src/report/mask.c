/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a report must not tell. Secrets become stars of the same length, identities get stable names
 * from the ranges that are kept free for documentation (RFC 5737, RFC 3849, RFC 2606; locally
 * administered MAC addresses). Payload bytes are shown only where a decoder has understood them and
 * neither a secret nor (if asked) an identity lies there: whatever is not known to be harmless is
 * hidden.
 */
#include "config.h"

#include "mask_names.h"
#include "report_private.h"

#define STARS_MAX 64 /* a longer secret is not told apart */

/* What is known of each byte of a source. */
enum { BYTE_UNDERSTOOD = 1, BYTE_SECRET = 2, BYTE_IDENTITY = 4, BYTE_CONTENT = 8 };

struct byte_map {
	uint8_t *flags;
	uint32_t n, cap;
	uint32_t number, nfields; /* of the packet it was made for */
	uint8_t source;
	bool valid;
};

struct masker {
	struct mask mask; /* first: the hooks get a pointer to it */
	bool identities;
	struct mask_names *names;
	struct byte_map maps[2]; /* frame bytes and stream bytes of one packet are asked in turn */
};

/* The hooks are given a const mask; the masker around it was made writable. */
static struct masker *masker_of(const struct mask *m)
{
	return (struct masker *)(uintptr_t)m;
}

static bool is_secret(const struct field *f)
{
	return f->flags & FIELD_SECRET || def_of(f)->secrecy == SECRET;
}

static bool is_identity(const struct field *f)
{
	return f->flags & FIELD_IDENTITY || def_of(f)->secrecy == IDENTITY;
}

/* --- which bytes may be seen --- */

/* A line that holds an identity is told by its parts: the other parts may be seen. */
static bool parts_tell(const struct record *r, const struct field *f)
{
	const struct field *end = r->fields + r->nfields;

	for (const struct field *part = f + 1; part < end && part->depth > f->depth; part++)
		if (part->flags & FIELD_IDENTITY && part->source == f->source)
			return true;
	return false;
}

static uint8_t field_byte_flags(const struct record *r, const struct field *f)
{
	enum proto_id proto = r->layers[f->layer].proto;
	bool content = field_value_class(def_of(f)->type) == VALUE_NONE;
	uint8_t flags = 0;

	if (f->depth > 0 && proto != PROTO_tcp && proto != PROTO_udp && proto != PROTO_data)
		flags |= BYTE_UNDERSTOOD;
	if (is_secret(f))
		flags |= BYTE_SECRET;
	if (is_identity(f) && !parts_tell(r, f))
		flags |= content ? BYTE_IDENTITY | BYTE_CONTENT : BYTE_IDENTITY;
	return flags;
}

static void map_fill(struct byte_map *map, const struct record *r, uint8_t source)
{
	uint32_t n = r->sources[source].captured;

	if (n > map->cap) {
		map->cap = n;
		map->flags = g_realloc(map->flags, n);
	}
	if (n > 0)
		memset(map->flags, 0, n);
	map->n = n;
	for (uint32_t i = 0; i < r->nfields; i++) {
		const struct field *f = &r->fields[i];
		uint8_t flags = f->source == source ? field_byte_flags(r, f) : 0;

		if (!flags || f->off >= n)
			continue;
		for (uint32_t k = f->off; k < n && k - f->off < f->len; k++)
			map->flags[k] |= flags;
	}
}

/* The map of a source of the record; NULL if there is no such source. */
static const struct byte_map *byte_map(struct masker *m, const struct record *r, uint8_t source)
{
	struct byte_map *map = &m->maps[source != 0];

	if (source >= r->nsources)
		return NULL;
	if (map->valid && r->kind == RECORD_PACKET && map->number == r->number &&
	    map->nfields == r->nfields && map->source == source)
		return map;
	map_fill(map, r, source);
	map->valid = r->kind == RECORD_PACKET;
	map->number = r->number;
	map->nfields = r->nfields;
	map->source = source;
	return map;
}

static bool any_flag(const struct byte_map *map, uint32_t off, uint32_t len, uint8_t flag)
{
	for (uint32_t i = off; map && i < map->n && i - off < len; i++)
		if (map->flags[i] & flag)
			return true;
	return false;
}

static bool byte_is_open(struct masker *m, const struct record *r, uint8_t source, uint32_t off)
{
	const struct byte_map *map = byte_map(m, r, source);
	uint8_t hidden = BYTE_SECRET | BYTE_CONTENT | (m->identities ? BYTE_IDENTITY : 0);

	if (!map || off >= map->n)
		return false;
	return map->flags[off] & BYTE_UNDERSTOOD && !(map->flags[off] & hidden);
}

/*
 * Where a byte of the segment lies in the stream the payload was decoded from. The new bytes of the
 * stream are the segment's, or (if its beginning was there already) its end; that is compared, not
 * believed. False: it cannot be told, so the byte stays hidden.
 */
static bool stream_offset(const struct record *r, uint32_t off, uint32_t *at)
{
	const struct source *stream = &r->sources[r->payload.source];
	const struct source *frame = &r->sources[r->flow.psource];
	uint32_t have, shift, n;

	if (r->payload.source >= r->nsources || stream->carried > stream->captured ||
	    off < r->flow.poff || off - r->flow.poff >= r->flow.pcaptured ||
	    r->flow.poff + r->flow.pcaptured > frame->captured)
		return false;
	have = stream->captured - stream->carried;
	shift = have < r->flow.pcaptured ? r->flow.pcaptured - have : 0;
	n = r->flow.pcaptured - shift;
	if (off - r->flow.poff < shift ||
	    memcmp(frame->bytes + r->flow.poff + shift, stream->bytes + stream->carried, n) != 0)
		return false;
	*at = stream->carried + (off - r->flow.poff - shift);
	return true;
}

static bool is_line_end(const struct record *r, uint8_t source, uint32_t off)
{
	uint8_t c = r->sources[source].bytes[off];

	return c == '\r' || c == '\n';
}

static bool mask_bytes(const struct mask *mask, const struct record *r, uint8_t source,
		       uint32_t off, uint32_t len)
{
	struct masker *m = masker_of(mask);
	bool streamed =
		source == r->flow.psource && r->payload.source != source && r->payload.captured > 0;

	if (source >= r->nsources)
		return false;
	for (uint32_t i = off; i < off + len; i++) {
		uint32_t at = i;
		uint8_t in = source;

		if (i >= r->sources[source].captured)
			return false;
		if (is_line_end(r, source, i))
			continue;
		if (any_flag(byte_map(m, r, source), i, 1, BYTE_SECRET))
			return false;
		if (streamed && stream_offset(r, i, &at))
			in = r->payload.source;
		if (!byte_is_open(m, r, in, at))
			return false;
	}
	return true;
}

/* --- values --- */

static void stars(struct buf *out, size_t n)
{
	buf_fill(out, '*', MIN(n, STARS_MAX));
}

/* Text whose own bytes hold a secret in part ("PASS ..." as one line): stars for those bytes. */
static void partly_starred(struct buf *out, const struct byte_map *map, const struct field *f)
{
	for (uint32_t i = 0; i < f->vlen; i++) {
		uint32_t at = f->off + i;

		if (at < map->n && map->flags[at] & BYTE_SECRET)
			buf_char(out, '*');
		else
			buf_clean(out, f->v.p + i, 1);
	}
}

static bool is_own_bytes(const struct record *r, const struct field *f)
{
	return field_bytes(r, f) == f->v.p && f->vlen == f->len;
}

static bool mask_secret(struct masker *m, struct buf *out, const struct record *r,
			const struct field *f)
{
	const struct byte_map *map = NULL;

	if (field_value_class(def_of(f)->type) != VALUE_BYTES) {
		if (is_secret(f))
			stars(out, 1);
		return is_secret(f);
	}
	if (!is_secret(f)) {
		if (!f->len || f->depth == 0)
			return false;
		map = byte_map(m, r, f->source);
		if (!any_flag(map, f->off, f->len, BYTE_SECRET))
			return false;
		if (is_own_bytes(r, f) && field_type_is_text(def_of(f)->type)) {
			partly_starred(out, map, f);
			return true;
		}
	}
	stars(out, f->vlen);
	return true;
}

/* Free text that holds an identity somewhere: the known ones are replaced; if none is known, all
 * of it goes. */
static void mask_sentence(struct masker *m, struct buf *out, const char *s, size_t n)
{
	size_t start = out->len;

	mask_names_replace(m->names, out, s, n, true);
	if (out->len - start == n && !memcmp(out->s + start, s, n)) {
		out->len = start;
		stars(out, n);
	}
}

/* Identities are remembered by their text; true if this field is one that has a text. */
static bool identity_text(struct buf *text, const struct record *r, const struct field *f)
{
	enum field_type type = def_of(f)->type;

	if (!is_identity(f) ||
	    !(type == FT_IPv4 || type == FT_IPv6 || type == FT_ETHER || field_type_is_text(type)))
		return false;
	field_value_text(text, r, f);
	return text->len > 0;
}

static bool mask_identity(struct masker *m, struct buf *out, const struct record *r,
			  const struct field *f)
{
	struct buf text = BUF_INIT;
	bool done = identity_text(&text, r, f);

	if (done && field_type_is_text(def_of(f)->type) && strchr(text.s, ' '))
		mask_sentence(m, out, text.s, text.len);
	else if (done)
		buf_str(out, mask_names_get(m->names, def_of(f)->type, text.s));
	buf_release(&text);
	if (!done && is_identity(f) && field_value_class(def_of(f)->type) == VALUE_BYTES &&
	    f->vlen > 0) {
		stars(out, f->vlen);
		return true;
	}
	return done;
}

/* A text that is neither: but what is secret elsewhere may be repeated in it. */
static bool mask_repeated(struct masker *m, struct buf *out, const struct record *r,
			  const struct field *f)
{
	struct buf text = BUF_INIT;
	size_t start = out->len;
	bool changed;

	if (!field_type_is_text(def_of(f)->type))
		return false;
	field_value_text(&text, r, f);
	mask_names_replace(m->names, out, buf_text(&text), text.len, m->identities);
	changed = out->len - start != text.len ||
		  (text.len && memcmp(out->s + start, text.s, text.len));
	if (!changed && out->len > start)
		out->len = start;
	buf_release(&text);
	return changed;
}

/* Undecoded payload as a run of hex digits is payload all the same. */
static bool mask_payload(const struct mask *mask, struct buf *out, const struct record *r,
			 const struct field *f)
{
	enum field_type type = def_of(f)->type;
	bool payload =
		r->layers[f->layer].proto == PROTO_data ||
		(f->source == r->flow.psource && r->flow.pcaptured && f->off >= r->flow.poff);

	if ((type != FT_BYTES && type != FT_UINT_BYTES) || !payload || !f->len ||
	    mask_bytes(mask, r, f->source, f->off, f->len))
		return false;
	buf_str(out, "**");
	return true;
}

static bool mask_value(const struct mask *mask, struct buf *out, const struct record *r,
		       const struct field *f)
{
	struct masker *m = masker_of(mask);

	if (mask_secret(m, out, r, f) || mask_payload(mask, out, r, f))
		return true;
	if (m->identities && mask_identity(m, out, r, f))
		return true;
	return mask_repeated(m, out, r, f);
}

static void mask_text(const struct mask *mask, struct buf *out, const char *s, size_t n)
{
	const struct masker *m = masker_of(mask);

	mask_names_replace(m->names, out, s, n, m->identities);
}

/* --- the masker --- */

struct masker *masker_new(bool identities)
{
	struct masker *m = g_new0(struct masker, 1);

	m->mask = (struct mask){mask_value, mask_bytes, mask_text};
	m->identities = identities;
	m->names = mask_names_new();
	return m;
}

void masker_free(struct masker *m)
{
	if (!m)
		return;
	mask_names_free(m->names);
	g_free(m->maps[0].flags);
	g_free(m->maps[1].flags);
	g_free(m);
}

void masker_learn(struct masker *m, const struct record *r)
{
	struct buf text = BUF_INIT;

	for (uint32_t i = 0; i < r->nfields; i++) {
		const struct field *f = &r->fields[i];

		buf_reset(&text);
		if (is_secret(f)) {
			field_value_text(&text, r, f);
			mask_names_secret(m->names, buf_text(&text), text.len);
		} else if (identity_text(&text, r, f) &&
			   (!field_type_is_text(def_of(f)->type) || !strchr(text.s, ' '))) {
			mask_names_get(m->names, def_of(f)->type, text.s);
		}
	}
	buf_release(&text);
}

const struct mask *masker_mask(const struct masker *m)
{
	return &m->mask;
}

void masker_counts(const struct masker *m, uint64_t *secrets, uint64_t *identities)
{
	mask_names_counts(m->names, secrets, identities);
}
