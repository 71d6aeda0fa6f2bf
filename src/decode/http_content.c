/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What HTTP carries: content that is text, and any other (RFC 9110 section 8). */
#include "src/decode/http_state.h"
#include "tracetutor/lines.h"

#define LINES_MAX 100 /* of decoded text in one packet */

enum { TEXT, TEXT_ROWS };
enum { TT_TEXT, TT_TEXT_LINE, TT_TEXT_ROWS };
enum { MEDIA, MEDIA_TYPE, MEDIA_ROWS };

static const struct field_def text_rows[TEXT_ROWS] = {
	[TEXT] = {"data-text-lines", "Lines of text", FT_PROTOCOL},
};
static const struct field_def tt_text_rows[TT_TEXT_ROWS] = {
	[TT_TEXT] = {"tt.text", "Text made readable", FT_PROTOCOL},
	[TT_TEXT_LINE] = {"tt.text.line", "Text", FT_STRING, .secrecy = SECRET,
			  .blurb = "A line of content that was packed or cut into chunks for the "
				   "way."},
};
static const struct field_def media_rows[MEDIA_ROWS] = {
	[MEDIA] = {"media", "Content", FT_PROTOCOL},
	[MEDIA_TYPE] = {"media.type", "Content", FT_BYTES, .secrecy = SECRET},
};

enum http_kind http_kind_of(const struct textpart *type)
{
	/* Kinds that Wireshark reads with dissectors of their own. */
	static const char *const others[] = {"image/",
					     "application/json",
					     "application/xml",
					     "application/x-www-form-urlencoded",
					     "application/octet-stream",
					     NULL};

	if (textpart_starts(type, "text/xml"))
		return KIND_OTHER;
	if (textpart_starts(type, "text/") || textpart_starts(type, "application/javascript") ||
	    textpart_starts(type, "application/x-javascript"))
		return KIND_TEXT;
	if (textpart_starts(type, "multipart/"))
		return KIND_MULTIPART;
	for (unsigned i = 0; others[i]; i++)
		if (textpart_starts(type, others[i]))
			return KIND_OTHER;
	return type->len ? KIND_MEDIA : KIND_OTHER;
}

void http_text(struct record *r, struct cursor *c)
{
	struct layer *layer = layer_open(r, PROTO_data_text_lines, c);

	if (layer)
		layer_close(r, layer, c->captured);
}

void http_lines(struct record *r, struct cursor *c)
{
	uint8_t cur_layer = r->cur_layer, depth = r->cur_depth;
	struct layer *layer = layer_open(r, PROTO_tt_text, c);
	unsigned n = 0;

	while (layer && cursor_left(c) && n++ < LINES_MAX) {
		struct textpart rest = {c->base + c->pos, c->pos, cursor_left(c)}, text;
		uint32_t at = 0;

		http_line(&rest, &at, &text);
		field_add_bytes(r, FIELD_ID(PROTO_tt_text, TT_TEXT_LINE), text.off, text.len);
		cursor_skip(c, at);
	}
	if (layer)
		layer_close(r, layer, c->captured);
	r->cur_layer = cur_layer;
	r->cur_depth = depth;
}

void http_media(struct record *r, struct cursor *c)
{
	struct layer *layer = layer_open(r, PROTO_media, c);
	uint32_t n = cursor_left(c);

	field_add_bytes(r, FIELD_ID(PROTO_media, MEDIA_TYPE), c->pos, n);
	cursor_skip(c, n);
	if (layer)
		layer_close(r, layer, c->pos);
}

/* Its bytes stand in the hex rows. */
static void media_lines(struct lines *l, const struct record *r, const struct layer *layer)
{
	lines_row(l, r, layer);
	lines_cover(l, r, &r->fields[layer->first]);
	buf_dec(&l->text, layer->len);
	lines_str(l, " bytes");
	lines_end(l);
}

const struct proto_def proto_data_text_lines = {
	.name = "data-text-lines",
	.label = "Lines of text",
	.prefix = "TEXT",
	.fields = text_rows,
	.nfields = TEXT_ROWS,
	.blurb = "Content that is text.",
};

const struct proto_def proto_tt_text = {
	.name = "tt.text",
	.label = "Text made readable",
	.prefix = "TEXT",
	.fields = tt_text_rows,
	.nfields = TT_TEXT_ROWS,
	.blurb = "Content that is text, after it was unpacked and its chunks were joined.",
};

const struct proto_def proto_media = {
	.name = "media",
	.label = "Content",
	.prefix = "MEDIA",
	.fields = media_rows,
	.nfields = MEDIA_ROWS,
	.lines = media_lines,
	.blurb = "Content of a kind that is not read here: a program, a film.",
};
