/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The bodies of HTTP messages: chunks (RFC 9112 section 7.1), and content that was made smaller for
 * the way (RFC 9110 section 8.4.1: gzip, deflate). Content is decoded as it comes, packet by
 * packet, for as many bodies at once as there is room; what comes out is bounded.
 */
#include "src/decode/http_state.h"

#include <zlib.h>

#define BODIES_MAX   8
#define BOUNDARY_MAX 72 /* RFC 2046 section 5.1.1: 70 */
#define TYPE_MAX     40
#define POOL         (56 * 1024)  /* what zlib needs to inflate */
#define PACKET_MAX   (128 * 1024) /* decoded in one packet */
#define BODY_MAX     (16u << 20)  /* decoded of one body */
#define WINDOW_AUTO  (15 + 32)    /* a gzip or zlib header tells */
#define WINDOW_RAW   (-15)

enum coding { PLAIN, PACKED, BROKEN };

struct body {
	uint32_t conv; /* index + 1; 0: free */
	uint8_t dir, coding, kind;
	bool raw_tried;
	uint32_t used; /* when, to find the one that was not used for longest */
	uint64_t out;  /* bytes decoded so far */
	char boundary[BOUNDARY_MAX], type[TYPE_MAX];
	z_stream z;
	size_t pool_used;
	_Alignas(16) uint8_t pool[POOL];
};

struct store {
	uint32_t clock;
	struct body bodies[BODIES_MAX];
};

/* zlib's memory comes out of the body's own, and is given back all at once. */
static void *zlib_take(void *opaque, unsigned items, unsigned size)
{
	struct body *b = opaque;
	size_t n = ((size_t)items * size + 15) & ~(size_t)15;

	if (n > POOL - b->pool_used)
		return NULL;
	b->pool_used += n;
	return b->pool + b->pool_used - n;
}

static void zlib_give(void *opaque, void *p)
{
	(void)opaque;
	(void)p;
}

static bool unpack_begin(struct body *b, int window)
{
	b->pool_used = 0;
	memset(&b->z, 0, sizeof(b->z));
	b->z.zalloc = zlib_take;
	b->z.zfree = zlib_give;
	b->z.opaque = b;
	return inflateInit2(&b->z, window) == Z_OK;
}

static uint8_t dir_of(const struct http *h)
{
	return h->r->from_a ? 0 : 1;
}

static struct store *store_of(struct http *h)
{
	return decoder_state(h->d, PROTO_http, sizeof(struct store));
}

static struct body *body_find(struct http *h)
{
	struct store *s = store_of(h);

	for (unsigned i = 0; i < BODIES_MAX; i++)
		if (s->bodies[i].conv == h->r->conv->index + 1 && s->bodies[i].dir == dir_of(h))
			return &s->bodies[i];
	return NULL;
}

static struct body *body_new(struct http *h)
{
	struct store *s = store_of(h);
	struct body *b = body_find(h);

	for (unsigned i = 0; !b && i < BODIES_MAX; i++)
		if (!s->bodies[i].conv)
			b = &s->bodies[i];
	if (!b) {
		b = &s->bodies[0];
		for (unsigned i = 1; i < BODIES_MAX; i++)
			if (s->bodies[i].used < b->used)
				b = &s->bodies[i];
	}
	memset(b, 0, offsetof(struct body, pool));
	b->conv = h->r->conv->index + 1;
	b->dir = dir_of(h);
	b->used = ++s->clock;
	return b;
}

static void keep(char *to, uint32_t size, const struct textpart *part)
{
	uint32_t n = part->len < size ? part->len : 0;

	memcpy(to, part->p, n);
	to[n] = '\0';
}

/* boundary=... or boundary="..." (RFC 2046 section 5.1.1) */
static void keep_boundary(struct body *b, const struct textpart *type)
{
	static const char word[] = "boundary=";
	struct textpart at = *type;
	uint32_t n = 0;

	while (at.len && !textpart_starts(&at, word))
		at = textpart_slice(&at, 1, at.len);
	at = textpart_slice(&at, sizeof(word) - 1, at.len);
	if (at.len && *at.p == '"')
		at = textpart_slice(&at, 1, at.len);
	while (n < at.len && at.p[n] != '"' && at.p[n] != ';' && at.p[n] != ' ')
		n++;
	at = textpart_slice(&at, 0, n);
	keep(b->boundary, BOUNDARY_MAX, &at);
}

void http_body_begin(struct http *h, const struct textpart *lines)
{
	struct textpart type = http_header_find(lines, "Content-Type"), name;
	struct textpart coding = http_header_find(lines, "Content-Encoding");
	struct body *b = body_new(h);
	uint32_t n = 0;

	b->kind = (uint8_t)http_kind_of(&type);
	while (n < type.len && type.p[n] != ';' && type.p[n] != ' ')
		n++;
	name = textpart_slice(&type, 0, n);
	keep(b->type, TYPE_MAX, &name);
	if (b->kind == KIND_MULTIPART)
		keep_boundary(b, &type);
	if (textpart_is(&coding, "gzip") || textpart_is(&coding, "x-gzip") ||
	    textpart_is(&coding, "deflate"))
		b->coding = unpack_begin(b, WINDOW_AUTO) ? PACKED : BROKEN;
	else if (coding.len && !textpart_is(&coding, "identity"))
		b->coding = BROKEN;
}

void http_body_lost(struct http *h)
{
	struct body *b = body_find(h);

	if (b)
		b->conv = 0;
}

/* Unpack into out; how many bytes came out. Some servers leave the header of "deflate" out. */
static uint32_t unpack(struct http *h, struct body *b, uint8_t *out)
{
	int result;

	for (;;) {
		b->z.next_in = h->content;
		b->z.avail_in = h->content_len;
		b->z.next_out = out;
		b->z.avail_out = PACKET_MAX;
		result = inflate(&b->z, Z_SYNC_FLUSH);
		if (result != Z_DATA_ERROR || b->out || b->raw_tried)
			break;
		b->raw_tried = true;
		if (!unpack_begin(b, WINDOW_RAW))
			break;
	}
	if (result != Z_OK && result != Z_STREAM_END && result != Z_BUF_ERROR) {
		field_add_none(h->r, HTTP_ID(HTTP_DECODE_FAILED), h->content_off, 0)->flags |=
			FIELD_GENERATED;
		b->coding = BROKEN;
	}
	b->out += PACKET_MAX - b->z.avail_out;
	if (b->out > BODY_MAX)
		b->coding = BROKEN;
	return PACKET_MAX - b->z.avail_out;
}

/* A string ends at its first zero, as in Wireshark. */
static void file_data(struct record *r, const struct cursor *c)
{
	const uint8_t *p = c->base + c->pos, *end = memchr(p, 0, cursor_left(c));
	uint32_t n = end ? (uint32_t)(end - p) : cursor_left(c);

	field_add_value(r, HTTP_ID(HTTP_FILE_DATA), c->pos, cursor_left(c), p, n);
}

/* What this packet has of the content, by its kind. */
static void whole_content(struct http *h, const struct body *b, struct cursor c)
{
	struct record *r = h->r;
	uint8_t layer = r->cur_layer, depth = r->cur_depth;

	file_data(r, &c);
	if (b->kind == KIND_TEXT)
		http_text(r, &c);
	else if (b->kind == KIND_MEDIA)
		http_media(r, &c);
	else if (b->kind == KIND_MULTIPART && *b->boundary)
		mime_multipart(h->d, r, &c, b->type, b->boundary);
	r->cur_layer = layer;
	r->cur_depth = depth;
}

/*
 * Bytes of a body as they stand in this packet, chunks and packing included: nobody can tell its
 * kind where the header came earlier, or where it cannot be unpacked. Wireshark calls a later piece
 * content if it begins like text.
 */
static void raw_piece(struct http *h, bool later)
{
	struct record *r = h->r;
	uint32_t carried = r->sources[r->cur_source].carried;
	uint32_t off = h->body_off < carried ? carried : h->body_off;
	uint32_t end = h->body_off + h->body_len;
	uint8_t layer = r->cur_layer, depth = r->cur_depth;
	struct cursor c = cursor_make(h->c->base, off, end, end);

	if (off >= end)
		return;
	if (later && cursor_peek(&c) >= ' ' && cursor_peek(&c) <= '~')
		file_data(r, &c);
	decode_data(h->d, r, &c);
	r->cur_layer = layer;
	r->cur_depth = depth;
}

/* The content as far as this packet has it: unpacked, chunks joined; false if it is not known. */
static bool content(struct http *h, struct body *b, struct cursor *c, bool *made)
{
	struct record *r = h->r;
	uint32_t off = h->content_off, n = h->content_len;
	const uint8_t *bytes = h->c->base;

	*made = b->coding == PACKED || h->pieces > 1;
	if (b->coding == BROKEN)
		return false;
	if (b->coding == PACKED) {
		uint8_t *out = arena_alloc(&r->arena, PACKET_MAX);

		n = unpack(h, b, out);
		bytes = out;
	} else if (*made) {
		bytes = h->content;
	}
	if (b->coding == BROKEN || !n)
		return false; /* it turned out only now */
	if (*made) {
		r->cur_source = record_source(
			r, b->coding == PACKED ? "Decoded content" : "Joined chunks", bytes, n, n);
		off = 0;
	}
	*c = cursor_make(bytes, off, off + n, off + n);
	return !*made || r->cur_source;
}

/* Nothing of it comes any more, or its chunks cannot be told apart. */
static bool body_ended(const struct http *h)
{
	return h->dir->where == AT_START || h->dir->where == AT_LOST;
}

void http_body_flush(struct http *h)
{
	struct body *b = h->body_len ? body_find(h) : NULL;
	uint8_t source = h->r->cur_source;
	bool made, later = h->later || !b;
	struct cursor c;

	if (h->body_len && later)
		raw_piece(h, true);
	if (b && h->content_len && content(h, b, &c, &made)) {
		if (!later && !h->chunk_cut)
			whole_content(h, b, c);
		if (made && b->kind == KIND_TEXT)
			http_lines(h->r, &c);
	}
	h->r->cur_source = source;
	if (b && b->coding == BROKEN && !later)
		raw_piece(h, false);
	if (body_ended(h)) {
		h->later = false;
		if (b)
			b->conv = 0;
	}
	if (h->content) /* the record points into it */
		h->content += h->content_len;
	h->body_len = h->content_len = h->pieces = 0;
	h->chunk_cut = false;
}

/* Bytes of a body, marked so that no output shows them where secrets are masked. */
static void mark_bytes(struct http *h, uint32_t n)
{
	struct field *last = h->r->nfields ? &h->r->fields[h->r->nfields - 1] : NULL;

	if (!h->layer)
		h->layer = layer_open(h->r, PROTO_http, h->c);
	if (!h->body_len)
		h->body_off = h->c->pos;
	h->body_len += n;
	if (last && last->id == HTTP_ID(TT_HTTP_BODY) && last->off + last->len == h->c->pos)
		last->len += n;
	else
		field_add_none(h->r, HTTP_ID(TT_HTTP_BODY), h->c->pos, n);
}

/* Content: it is joined with what of it came before in this packet. */
static void add_content(struct http *h, uint32_t n)
{
	if (!h->content)
		h->content = arena_alloc(&h->r->arena, cursor_left(h->c) + 1u);
	if (!h->pieces++)
		h->content_off = h->c->pos;
	memcpy(h->content + h->content_len, h->c->base + h->c->pos, n);
	h->content_len += n;
}

static void plain_body(struct http *h)
{
	uint64_t left = h->dir->left;
	uint32_t n = cursor_left(h->c);

	if (left < n)
		n = (uint32_t)left;
	mark_bytes(h, n);
	add_content(h, n);
	cursor_skip(h->c, n);
	if (left != UNTIL_CLOSE)
		h->dir->left -= n;
	if (!h->dir->left)
		h->dir->where = AT_START;
}

/* Chunks are told where they stand behind their header, whole. */
static bool chunks_shown(const struct http *h)
{
	return !h->later && !h->chunk_cut;
}

/* Bytes of a chunk; the line end behind it belongs to it. */
static void chunk(struct http *h)
{
	uint32_t n = cursor_left(h->c), data;
	uint64_t left = h->dir->left;

	if (left < n)
		n = (uint32_t)left;
	data = left <= 2 ? 0 : left - 2 < n ? (uint32_t)(left - 2) : n;
	mark_bytes(h, n);
	if (data)
		add_content(h, data);
	if (chunks_shown(h)) {
		field_add_bytes(h->r, HTTP_ID(HTTP_CHUNK_DATA), h->c->pos, data);
		if (n == left)
			field_add_bytes(h->r, HTTP_ID(HTTP_CHUNK_END), h->c->pos + data, 2);
	}
	cursor_skip(h->c, n);
	h->dir->left -= n;
	if (!h->dir->left)
		h->dir->where = AT_CHUNK_SIZE;
}

/* "1a2b;extension": false if it is no number (RFC 9112 section 7.1). */
static bool chunk_size(const struct textpart *line, uint64_t *size)
{
	uint32_t i;

	*size = 0;
	for (i = 0; i < line->len && i < 15; i++) {
		uint8_t c = line->p[i] | 0x20;

		if (c >= '0' && c <= '9')
			*size = *size << 4 | (c - '0');
		else if (c >= 'a' && c <= 'f')
			*size = *size << 4 | (c - 'a' + 10u);
		else
			break;
	}
	return i > 0;
}

/* A line between chunks or after the last one; false if it is not complete. */
static bool chunk_line(struct http *h)
{
	bool overlong = false;
	struct textline line;
	struct cursor at = *h->c;
	uint64_t size = 0;

	if (!textline_next(&at, h->r->payload.last, &overlong, &line)) {
		h->c->need_more = at.need_more;
		return false;
	}
	if (h->dir->where == AT_CHUNK_SIZE && !chunk_size(&line.text, &size)) {
		h->dir->where = AT_LOST;
		return true;
	}
	mark_bytes(h, line.full);
	if (h->dir->where == AT_TRAILER) {
		if (line.text.len && !h->later)
			field_add_bytes(h->r, HTTP_ID(HTTP_TRAILER_PART), h->c->pos, line.full);
		h->dir->where = line.text.len ? AT_TRAILER : AT_START;
	} else {
		h->chunk_cut |= size > cursor_left(&at);
		if (chunks_shown(h))
			field_add_uint(h->r, HTTP_ID(HTTP_CHUNK_SIZE), h->c->pos, line.full, size);
		h->dir->where = size ? AT_CHUNK : AT_TRAILER;
		h->dir->left = size ? size + 2 : 0;
	}
	cursor_skip(h->c, line.full);
	return true;
}

bool http_body_step(struct http *h)
{
	bool more = true;

	if (h->dir->where == AT_BODY)
		plain_body(h);
	else if (h->dir->where == AT_CHUNK)
		chunk(h);
	else
		more = chunk_line(h);
	if (body_ended(h))
		http_body_flush(h);
	return more;
}
