/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Content in several parts, with a line between them that no part holds: forms with files.
 * RFC 2046 section 5.1, RFC 7578. Read as far as the packet has it.
 */
#include "src/decode/http_state.h"

enum {
	MULTIPART,
	MULTIPART_TYPE,
	MULTIPART_FIRST,
	MULTIPART_PREAMBLE,
	MULTIPART_PART,
	MULTIPART_DISPOSITION,
	MULTIPART_CONTENT_TYPE,
	MULTIPART_TRANSFER_ENCODING,
	MULTIPART_ID,
	MULTIPART_DESCRIPTION,
	MULTIPART_LENGTH,
	MULTIPART_BOUNDARY,
	MULTIPART_LAST,
	MULTIPART_TRAILER,
	MULTIPART_ROWS
};
#define ID(row) FIELD_ID(PROTO_mime_multipart, (row))

static const struct field_def rows[MULTIPART_ROWS] = {
	[MULTIPART] = {"mime_multipart", "Content in several parts", FT_PROTOCOL},
	[MULTIPART_TYPE] = {"mime_multipart.type", "Kind", FT_STRING},
	[MULTIPART_FIRST] = {"mime_multipart.first_boundary", "First line between parts",
			     FT_STRING},
	[MULTIPART_PREAMBLE] = {"mime_multipart.preamble", "Before the first part", FT_BYTES,
				.secrecy = SECRET},
	[MULTIPART_PART] = {"mime_multipart.part", "Part", FT_STRING},
	[MULTIPART_DISPOSITION] = {"mime_multipart.header.content-disposition", "What it is",
				   FT_STRING, .secrecy = IDENTITY},
	[MULTIPART_CONTENT_TYPE] = {"mime_multipart.header.content-type", "Kind of the part",
				    FT_STRING},
	[MULTIPART_TRANSFER_ENCODING] = {"mime_multipart.header.content-transfer-encoding",
					 "How it is coded", FT_STRING},
	[MULTIPART_ID] = {"mime_multipart.header.content-id", "Id of the part", FT_STRING},
	[MULTIPART_DESCRIPTION] = {"mime_multipart.header.content-description", "Description",
				   FT_STRING, .secrecy = IDENTITY},
	[MULTIPART_LENGTH] = {"mime_multipart.header.content-length", "Length", FT_STRING},
	[MULTIPART_BOUNDARY] = {"mime_multipart.boundary", "Line between parts", FT_STRING},
	[MULTIPART_LAST] = {"mime_multipart.last_boundary", "Last line", FT_STRING},
	[MULTIPART_TRAILER] = {"mime_multipart.trailer", "After the last part", FT_BYTES,
			       .secrecy = SECRET},
};

static const struct {
	const char *name;
	uint16_t row;
} headers[] = {{"Content-Disposition", MULTIPART_DISPOSITION},
	       {"Content-Type", MULTIPART_CONTENT_TYPE},
	       {"Content-Transfer-Encoding", MULTIPART_TRANSFER_ENCODING},
	       {"Content-ID", MULTIPART_ID},
	       {"Content-Description", MULTIPART_DESCRIPTION},
	       {"Content-Length", MULTIPART_LENGTH}};

/* A line "--boundary" from `from` on: where it begins (with the line end before it) and ends. */
struct boundary {
	uint32_t start, end;
	bool last;
};

static bool boundary_find(const struct cursor *c, uint32_t from, const char *name,
			  struct boundary *b)
{
	uint32_t n = (uint32_t)strlen(name);

	for (uint32_t at = from; at + n + 2 <= c->captured; at++) {
		const uint8_t *p = memchr(c->base + at, '-', c->captured - at);

		if (!p)
			return false;
		at = (uint32_t)(p - c->base);
		if (at + n + 2 > c->captured || p[1] != '-' || memcmp(p + 2, name, n) != 0 ||
		    (at > from && p[-1] != '\n'))
			continue;
		b->start = at;
		if (b->start > from && c->base[b->start - 1] == '\n')
			b->start--;
		if (b->start > from && c->base[b->start - 1] == '\r')
			b->start--;
		b->end = at + n + 2;
		b->last = b->end + 2 <= c->captured && c->base[b->end] == '-' &&
			  c->base[b->end + 1] == '-';
		b->end += b->last ? 2 : 0;
		while (b->end < c->captured && c->base[b->end] != '\n')
			b->end++;
		b->end += b->end < c->captured ? 1 : 0;
		return true;
	}
	return false;
}

/* The header fields of a part; blanks around the parameters' semicolons do not count. */
static void part_headers(struct decoder *d, struct record *r, const struct textpart *part)
{
	uint32_t at = 0;

	r->cur_depth++;
	while (at < part->len && decode_step(d)) {
		struct textpart text, name, value;

		http_line(part, &at, &text);
		if (!text.len)
			break;
		http_split(&text, &name, &value);
		for (unsigned i = 0; i < sizeof(headers) / sizeof(*headers); i++) {
			uint8_t *copy;
			uint32_t n = 0;

			if (!textpart_is(&name, headers[i].name))
				continue;
			copy = arena_alloc(&r->arena, value.len + 1u);
			for (uint32_t k = 0; k < value.len; k++)
				if (value.p[k] != ' ' || !n || copy[n - 1] != ';')
					copy[n++] = value.p[k];
			field_add_value(r, ID(headers[i].row), text.off, text.len, copy, n);
		}
	}
	r->cur_depth--;
}

static void span(struct record *r, uint16_t row, uint32_t from, uint32_t to)
{
	if (to > from)
		field_add_bytes(r, ID(row), from, to - from);
}

void mime_multipart(struct decoder *d, struct record *r, struct cursor *c, const char *type,
		    const char *boundary)
{
	struct layer *layer = layer_open(r, PROTO_mime_multipart, c);
	uint32_t at = c->pos;
	struct boundary b;
	bool first = true;

	field_gen_text(r, ID(MULTIPART_TYPE), type, strlen(type));
	while (decode_step(d) && boundary_find(c, at, boundary, &b)) {
		if (first && b.start > at)
			span(r, MULTIPART_PREAMBLE, at, b.start);
		span(r,
		     first    ? MULTIPART_FIRST
		     : b.last ? MULTIPART_LAST
			      : MULTIPART_BOUNDARY,
		     b.start, b.end);
		at = b.end;
		first = false;
		if (b.last)
			break;
		if (at < c->captured) {
			struct boundary next;
			bool ends = boundary_find(c, at, boundary, &next);
			uint32_t end = ends ? next.start : c->captured;
			struct textpart part = {c->base + at, at, end > at ? end - at : 0};

			field_add_value(r, ID(MULTIPART_PART), at, part.len, "", 0);
			part_headers(d, r, &part);
		}
	}
	if (!first && b.last)
		span(r, MULTIPART_TRAILER, at, c->captured);
	cursor_skip(c, cursor_left(c));
	if (layer)
		layer_close(r, layer, c->pos);
}

const struct proto_def proto_mime_multipart = {
	.name = "mime_multipart",
	.label = "Content in several parts",
	.prefix = "MIME",
	.fields = rows,
	.nfields = MULTIPART_ROWS,
	.blurb = "Content in several parts, with a line between them.",
	.see = "RFC 2046 section 5.1",
};
