/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * HTTP/2 fetches web pages, many at once over one connection; nearly always inside TLS, where
 * nobody sees it. In clear text its opening line and the headers of its frames are read; what HPACK
 * has packed is not. RFC 9113. Begins where HTTP hands over to it.
 */
#include "src/decode/textline.h"
#include "tracetutor/decode.h"

enum {
	HTTP2,
	HTTP2_STREAM,
	HTTP2_MAGIC,
	HTTP2_LENGTH,
	HTTP2_TYPE,
	HTTP2_FLAGS,
	HTTP2_UNUSED,
	HTTP2_UNUSED_SETTINGS,
	HTTP2_ACK_SETTINGS,
	HTTP2_UNUSED_HEADERS,
	HTTP2_PRIORITY,
	HTTP2_UNUSED_DATA,
	HTTP2_UNUSED_PING,
	HTTP2_ACK_PING,
	HTTP2_UNUSED_CONTINUATION,
	HTTP2_UNUSED_PUSH,
	HTTP2_PADDED,
	HTTP2_END_HEADERS,
	HTTP2_END_STREAM,
	HTTP2_RESERVED,
	HTTP2_STREAM_ID,
	TT_CONTENT,
	HTTP2_ROWS
};
#define ID(row) FIELD_ID(PROTO_http2, (row))

#define MAGIC  "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
#define HEADER 9

enum frame_kind {
	DATA,
	HEADERS,
	PRIORITY,
	RST_STREAM,
	SETTINGS,
	PUSH_PROMISE,
	PING,
	GOAWAY,
	WINDOW_UPDATE,
	CONTINUATION
};

static const struct value_name types[] = {
	{0, "content"},       {1, "header fields"},      {2, "priority"}, {3, "stream broken off"},
	{4, "settings"},      {5, "push announced"},     {6, "ping"},     {7, "good-bye"},
	{8, "window update"}, {9, "more header fields"}, {0, NULL}};

#define FLAG(row, name_, label_, mask_)                                                            \
	[row] = {.name = name_,                                                                    \
		 .label = label_,                                                                  \
		 .type = FT_BOOLEAN,                                                               \
		 .mask = mask_,                                                                    \
		 .on = "Yes",                                                                      \
		 .off = "No"}
#define UNUSED(row, name_, mask_)                                                                  \
	[row] = {.name = name_,                                                                    \
		 .label = "Unused flags",                                                          \
		 .type = FT_UINT8,                                                                 \
		 .show = SHOW_HEX,                                                                 \
		 .mask = mask_}

static const struct field_def rows[HTTP2_ROWS] = {
	[HTTP2] = {"http2", "HyperText Transfer Protocol 2", FT_PROTOCOL},
	[HTTP2_STREAM] = {"http2.stream", "Frame", FT_NONE},
	[HTTP2_MAGIC] = {"http2.magic", "Opening line", FT_STRING, .see = "RFC 9113 section 3.4"},
	[HTTP2_LENGTH] = {"http2.length", "Length of the frame", FT_UINT24, .size = 3},
	[HTTP2_TYPE] = {"http2.type", "Kind of frame", FT_UINT8, .size = 1, .values = types,
			.see = "RFC 9113 section 6"},
	[HTTP2_FLAGS] = {"http2.flags", "Flags", FT_UINT8, .show = SHOW_HEX, .size = 1},
	UNUSED(HTTP2_UNUSED, "http2.flags.unused", 0xFF),
	UNUSED(HTTP2_UNUSED_SETTINGS, "http2.flags.unused_settings", 0xFE),
	FLAG(HTTP2_ACK_SETTINGS, "http2.flags.ack.settings", "Receipt of the settings", 1),
	UNUSED(HTTP2_UNUSED_HEADERS, "http2.flags.unused_headers", 0xD2),
	FLAG(HTTP2_PRIORITY, "http2.flags.priority", "With a priority", 0x20),
	UNUSED(HTTP2_UNUSED_DATA, "http2.flags.unused_data", 0xF6),
	UNUSED(HTTP2_UNUSED_PING, "http2.flags.unused_ping", 0xFE),
	FLAG(HTTP2_ACK_PING, "http2.flags.ack.ping", "Answer to the ping", 1),
	UNUSED(HTTP2_UNUSED_CONTINUATION, "http2.flags.unused_continuation", 0xFB),
	UNUSED(HTTP2_UNUSED_PUSH, "http2.flags.unused_push_promise", 0xF3),
	FLAG(HTTP2_PADDED, "http2.flags.padded", "With filling", 8),
	FLAG(HTTP2_END_HEADERS, "http2.flags.eh", "Last header fields", 4),
	FLAG(HTTP2_END_STREAM, "http2.flags.end_stream", "End of this stream", 1),
	[HTTP2_RESERVED] = {"http2.r", "Reserved", FT_UINT32, .show = SHOW_HEX, .size = 4,
			    .mask = 0x80000000},
	[HTTP2_STREAM_ID] = {"http2.streamid", "Stream", FT_UINT32, .flags = ROW_SUB,
			     .mask = 0x7FFFFFFF,
			     .blurb = "Each request and its reply have a number of their own; 0 is "
				      "the connection itself."},
	[TT_CONTENT] = {"tt.http2.content", "Contents of the frame", FT_NONE, .secrecy = SECRET},
};

struct state {
	uint32_t left[2]; /* bytes to come of a frame's content */
};

static void flags(struct record *r, uint32_t at, uint8_t type, uint8_t v)
{
	/* Which flags each kind of frame has; ended by 0. */
	static const uint8_t sets[][6] = {
		[DATA] = {HTTP2_UNUSED_DATA, HTTP2_PADDED, HTTP2_END_STREAM},
		[HEADERS] = {HTTP2_UNUSED_HEADERS, HTTP2_PRIORITY, HTTP2_PADDED, HTTP2_END_HEADERS,
			     HTTP2_END_STREAM},
		[PRIORITY] = {HTTP2_UNUSED},
		[RST_STREAM] = {HTTP2_UNUSED},
		[SETTINGS] = {HTTP2_UNUSED_SETTINGS, HTTP2_ACK_SETTINGS},
		[PUSH_PROMISE] = {HTTP2_UNUSED_PUSH, HTTP2_PADDED, HTTP2_END_HEADERS},
		[PING] = {HTTP2_UNUSED_PING, HTTP2_ACK_PING},
		[GOAWAY] = {HTTP2_UNUSED},
		[WINDOW_UPDATE] = {HTTP2_UNUSED},
		[CONTINUATION] = {HTTP2_UNUSED_CONTINUATION, HTTP2_END_HEADERS}};

	r->cur_depth++;
	for (unsigned i = 0; type <= CONTINUATION && i < 6 && sets[type][i]; i++) {
		uint8_t row = sets[type][i], mask = (uint8_t)rows[row].mask;

		field_add_uint(r, ID(row), at, 1, (v & mask) / (mask & -mask));
	}
	r->cur_depth--;
}

static void content(struct record *r, struct cursor *c, uint32_t *left)
{
	uint32_t n = cursor_left(c) < *left ? cursor_left(c) : *left;

	if (n)
		field_add_none(r, ID(TT_CONTENT), c->pos, n);
	cursor_skip(c, n);
	*left -= n;
}

/* One frame's header and as much of its content as is there. */
static void frame(struct record *r, struct cursor *c, uint32_t *left)
{
	uint8_t type, v;
	uint32_t at;

	*left = (uint32_t)walk(r, c, ID(HTTP2_LENGTH), ID(HTTP2_LENGTH));
	type = (uint8_t)walk(r, c, ID(HTTP2_TYPE), ID(HTTP2_TYPE));
	at = c->pos;
	v = (uint8_t)walk(r, c, ID(HTTP2_FLAGS), ID(HTTP2_FLAGS));
	flags(r, at, type, v);
	walk(r, c, ID(HTTP2_RESERVED), ID(HTTP2_STREAM_ID));
	content(r, c, left);
}

/* The opening line, or a frame; false if it is not complete. */
static bool advance(struct record *r, struct cursor *c, uint32_t *left)
{
	struct textpart all = {c->base + c->pos, c->pos, cursor_left(c)};
	bool magic = *all.p == 'P' && textpart_starts(&all, "PRI");

	if (*left) {
		content(r, c, left);
		return true;
	}
	if (all.len < (magic ? sizeof(MAGIC) - 1 : HEADER) && !r->payload.last) {
		c->need_more = true;
		return false;
	}
	field_add_none(r, ID(HTTP2_STREAM), c->pos, magic ? sizeof(MAGIC) - 1 : HEADER);
	r->cur_depth++;
	if (!magic)
		frame(r, c, left);
	else if (cursor_skip(c, sizeof(MAGIC) - 1))
		field_add_bytes(r, ID(HTTP2_MAGIC), c->pos - (sizeof(MAGIC) - 1),
				sizeof(MAGIC) - 1);
	r->cur_depth--;
	return cursor_ok(c);
}

static void decode(struct decoder *d, struct record *r, struct cursor *c)
{
	struct state *s = conv_state(r, PROTO_http2, sizeof(struct state));
	struct layer *layer = layer_open(r, PROTO_http2, c);

	if (r->payload.gap_before)
		r->conv->app_opaque = true; /* where a frame begins is not known any more */
	while (cursor_left(c) && decode_step(d) && !r->conv->app_opaque &&
	       advance(r, c, &s->left[r->from_a ? 0 : 1]))
		;
	if (!cursor_ok(c))
		decode_overrun(r, c);
	if (layer)
		layer_close(r, layer, c->pos);
}

const struct proto_def proto_http2 = {
	.name = "http2",
	.label = "HyperText Transfer Protocol 2",
	.prefix = "HTTP2",
	.fields = rows,
	.nfields = HTTP2_ROWS,
	.decode = decode,
	.blurb = "Fetches web pages, many at once over one connection.",
	.see = "RFC 9113",
};
