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
enum {
	BYTE_UNDERSTOOD = 1,
	BYTE_SECRET = 2,
	BYTE_IDENTITY = 4,
	BYTE_CONTENT = 8,        /* of a mail or file: nobody can tell what it holds */
	BYTE_SECRET_LINE = 16,   /* of a line that has a secret part: open only where another ... */
	BYTE_IDENTITY_LINE = 32, /* ... part tells that it is neither */
	BYTE_TOLD = 64           /* of a part */
};

struct byte_map {
	uint8_t *flags;
	uint32_t n, cap;
	uint32_t number, nfields; /* of the packet it was made for */
	uint8_t source;
	bool valid;
};

/* Where a packet's payload lies in the stream, found out once a packet. */
struct shift {
	uint32_t number, nfields; /* of the packet */
	uint32_t bytes;           /* of its beginning that were in the stream before */
	bool valid, told;
};

struct masker {
	struct mask mask; /* first: the hooks get a pointer to it */
	bool identities;
	struct mask_names *names;
	struct shift shift;
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

/* A field around others is told apart by them; true if one of them has the property. */
static bool has_part(const struct record *r, const struct field *f,
		     bool (*property)(const struct field *))
{
	const struct field *end = r->fields + r->nfields;

	for (const struct field *part = f + 1; part < end && part->depth > f->depth; part++)
		if (part->source == f->source && part->len && property(part))
			return true;
	return false;
}

static bool is_any(const struct field *f)
{
	return f->len > 0;
}

static uint8_t field_byte_flags(const struct record *r, const struct field *f)
{
	enum proto_id proto = r->layers[f->layer].proto;
	bool content = field_value_class(def_of(f)->type) == VALUE_NONE;
	uint8_t flags = 0;

	if (f->depth == 0 || proto == PROTO_tcp || proto == PROTO_udp || proto == PROTO_data)
		return 0;
	flags |= BYTE_UNDERSTOOD;
	if (!has_part(r, f, is_any))
		flags |= BYTE_TOLD;
	if (is_secret(f))
		flags |= has_part(r, f, is_secret) ? BYTE_SECRET_LINE : BYTE_SECRET;
	if (is_identity(f) && has_part(r, f, is_identity))
		flags |= BYTE_IDENTITY_LINE;
	else if (is_identity(f))
		flags |= content ? BYTE_IDENTITY | BYTE_CONTENT : BYTE_IDENTITY;
	return flags;
}

/* Names in the words of a server are identities although nobody marked them. */
static void map_words(struct byte_map *map, const struct field *f)
{
	const char *text = (const char *)f->v.p;
	size_t at = 0, len;

	for (; mask_names_word(text, f->vlen, &at, &len); at += len)
		for (size_t k = at; k < at + len; k++)
			if (f->off + k < map->n)
				map->flags[f->off + k] |= BYTE_IDENTITY;
}

static bool is_own_bytes(const struct record *r, const struct field *f)
{
	return field_bytes(r, f) == f->v.p && f->vlen == f->len;
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
		if (field_type_is_text(def_of(f)->type) && is_own_bytes(r, f))
			map_words(map, f);
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

static bool holds_secret(uint8_t flags)
{
	return flags & BYTE_SECRET || (flags & BYTE_SECRET_LINE && !(flags & BYTE_TOLD));
}

static bool any_secret(const struct byte_map *map, uint32_t off, uint32_t len)
{
	for (uint32_t i = off; map && i < map->n && i - off < len; i++)
		if (holds_secret(map->flags[i]))
			return true;
	return false;
}

static bool holds_identity(uint8_t flags)
{
	return flags & BYTE_IDENTITY || (flags & BYTE_IDENTITY_LINE && !(flags & BYTE_TOLD));
}

static bool byte_is_open(struct masker *m, const struct record *r, uint8_t source, uint32_t off)
{
	const struct byte_map *map = byte_map(m, r, source);
	uint8_t flags;

	if (!map || off >= map->n)
		return false;
	flags = map->flags[off];
	if (flags & BYTE_UNDERSTOOD && r->sources[source].bytes[off] == ' ')
		return !(flags & (BYTE_SECRET | BYTE_CONTENT)); /* between the parts of a line */
	return flags & BYTE_UNDERSTOOD && !(flags & BYTE_CONTENT) && !holds_secret(flags) &&
	       !(m->identities && holds_identity(flags));
}

/*
 * How many bytes of the segment were in the stream before. The new bytes of the stream are the
 * segment's, or (if its beginning was there already) its end; that is compared, not believed.
 * False: it cannot be told, so all stays hidden.
 */
static bool stream_shift(const struct record *r, uint32_t *shift)
{
	const struct source *stream = &r->sources[r->payload.source];
	const struct source *frame = &r->sources[r->flow.psource];
	uint32_t have;

	if (r->payload.source >= r->nsources || stream->carried > stream->captured ||
	    r->flow.poff > frame->captured || r->flow.pcaptured > frame->captured - r->flow.poff)
		return false;
	have = stream->captured - stream->carried;
	*shift = have < r->flow.pcaptured ? r->flow.pcaptured - have : 0;
	return !memcmp(frame->bytes + r->flow.poff + *shift, stream->bytes + stream->carried,
		       r->flow.pcaptured - *shift);
}

/* Where a byte of the segment lies in the stream the payload was decoded from. */
static bool stream_offset(struct masker *m, const struct record *r, uint32_t off, uint32_t *at)
{
	struct shift *s = &m->shift;
	uint32_t in = off - r->flow.poff;

	if (!s->valid || s->number != r->number || s->nfields != r->nfields) {
		*s = (struct shift){.number = r->number, .nfields = r->nfields};
		s->told = stream_shift(r, &s->bytes);
		s->valid = true;
	}
	if (!s->told || off < r->flow.poff || in >= r->flow.pcaptured || in < s->bytes)
		return false;
	*at = r->sources[r->payload.source].carried + (in - s->bytes);
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
		if (streamed && any_secret(byte_map(m, r, source), i, 1))
			return false;
		if (streamed && stream_offset(m, r, i, &at))
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

		if (at < map->n && holds_secret(map->flags[at]))
			buf_char(out, '*');
		else
			buf_clean(out, f->v.p + i, 1);
	}
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
		if (!any_secret(map, f->off, f->len))
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

static bool has_text(const struct field *f)
{
	enum field_type type = def_of(f)->type;

	return type == FT_IPv4 || type == FT_IPv6 || type == FT_ETHER || field_type_is_text(type);
}

/* Its stand-in; false, with nothing written, if it stands for itself. */
static bool put_name(struct masker *m, struct buf *out, enum field_type type, const char *text)
{
	const char *stands = mask_names_get(m->names, type, text);

	if (!strcmp(stands, text))
		return false;
	buf_str(out, stands);
	return true;
}

/* Identities are remembered by their text; true if this field is one that has a text. */
static bool identity_text(struct buf *text, const struct record *r, const struct field *f)
{
	if (!is_identity(f) || !has_text(f))
		return false;
	field_value_text(text, r, f);
	return text->len > 0;
}

static bool mask_identity(struct masker *m, struct buf *out, const struct record *r,
			  const struct field *f)
{
	struct buf text = BUF_INIT;
	bool done;

	if (!is_identity(f))
		return false;
	if (!has_text(f)) {
		if (field_value_class(def_of(f)->type) != VALUE_BYTES)
			return false;
		stars(out, f->vlen);
		return true;
	}
	done = identity_text(&text, r, f);
	if (done && field_type_is_text(def_of(f)->type) && strchr(text.s, ' '))
		mask_sentence(m, out, text.s, text.len);
	else if (done)
		done = put_name(m, out, def_of(f)->type, text.s);
	buf_release(&text);
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
	if (m->identities)
		mask_names_learn_words(m->names, buf_text(&text), text.len);
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
		} else if (field_type_is_text(def_of(f)->type)) {
			buf_reset(&text);
			field_value_text(&text, r, f);
			mask_names_learn_words(m->names, buf_text(&text), text.len);
		}
	}
	buf_release(&text);
}

void masker_learn_text(struct masker *m, const char *text)
{
	char **words = g_strsplit_set(text, " ,;()[]/@", 0);

	for (char **w = words; *w; w++) {
		char *port = strchr(*w, ':');

		if (port && !strchr(port + 1, ':')) /* two and more: an IPv6 address */
			*port = '\0';
		if (g_hostname_is_ip_address(*w))
			mask_names_get(m->names, FT_STRING, *w);
	}
	mask_names_learn_words(m->names, text, strlen(text));
	g_strfreev(words);
}

const struct mask *masker_mask(const struct masker *m)
{
	return &m->mask;
}

void masker_counts(const struct masker *m, uint64_t *secrets, uint64_t *identities)
{
	mask_names_counts(m->names, secrets, identities);
}
