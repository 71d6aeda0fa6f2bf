/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * WebSocket lets a web page and its server talk both ways at any time, over the connection that an
 * HTTP request began. RFC 6455. Begins after "101 Switching Protocols".
 */
#include "tracetutor/decode.h"

enum {
	WEBSOCKET,
	WS_FIN,
	WS_RSV,
	WS_OPCODE,
	WS_MASK,
	WS_LENGTH,
	WS_LENGTH_16,
	WS_LENGTH_64,
	WS_KEY,
	WS_MASKED,
	WS_PAYLOAD,
	WS_CONTINUE,
	WS_TEXT,
	WS_CLOSE,
	WS_STATUS,
	WS_REASON,
	WS_PING,
	WS_PONG,
	WS_UNKNOWN,
	WS_ROWS
};
#define ID(row) FIELD_ID(PROTO_websocket, (row))

#define WAIT_MAX   (32 * 1024) /* a longer frame is not waited for */
#define LAYERS_MAX 20          /* frames with a layer of their own in a packet */

enum opcode { CONTINUE, TEXT, BINARY, CLOSE = 8, PING, PONG };

static const struct value_name opcodes[] = {{0, "goes on"},  {1, "text"}, {2, "bytes"},
					    {8, "good-bye"}, {9, "ping"}, {10, "answer to a ping"},
					    {0, NULL}};
/* RFC 6455 section 7.4.1 */
static const struct value_name statuses[] = {{1000, "done"},
					     {1001, "going away"},
					     {1002, "protocol error"},
					     {1003, "kind of data not accepted"},
					     {1005, "no reason given"},
					     {1006, "connection lost"},
					     {1007, "data broken"},
					     {1008, "against the rules"},
					     {1009, "message too big"},
					     {1010, "extension missing"},
					     {1011, "server error"},
					     {1012, "server restarts"},
					     {1013, "try later"},
					     {0, NULL}};

static const struct field_def rows[WS_ROWS] = {
	[WEBSOCKET] = {"websocket", "WebSocket", FT_PROTOCOL},
	[WS_FIN] = {"websocket.fin", "Whole message, or its end", FT_BOOLEAN, .size = 1,
		    .mask = 0x80, .on = "Yes", .off = "No"},
	[WS_RSV] = {"websocket.rsv", "Reserved", FT_UINT8, .show = SHOW_HEX, .size = 1,
		    .mask = 0x70},
	[WS_OPCODE] = {"websocket.opcode", "Kind", FT_UINT8, .size = 1, .mask = 0x0F,
		       .values = opcodes, .see = "RFC 6455 section 5.2"},
	[WS_MASK] = {"websocket.mask", "Masked", FT_BOOLEAN, .size = 1, .mask = 0x80, .on = "Yes",
		     .off = "No",
		     .blurb = "Clients mix a random key into what they send, so that nothing on "
			      "the way takes it for something else. This hides nothing."},
	[WS_LENGTH] = {"websocket.payload_length", "Length", FT_UINT8, .size = 1, .mask = 0x7F},
	[WS_LENGTH_16] = {"websocket.payload_length_ext_16", "Length", FT_UINT16, .size = 2},
	[WS_LENGTH_64] = {"websocket.payload_length_ext_64", "Length", FT_UINT64, .size = 8},
	[WS_KEY] = {"websocket.masking_key", "Key of the mask", FT_BYTES, .size = 4},
	[WS_MASKED] = {"websocket.masked_payload", "Content, masked", FT_NONE, .secrecy = SECRET},
	[WS_PAYLOAD] = {"websocket.payload", "Content", FT_NONE, .secrecy = SECRET},
	[WS_CONTINUE] = {"websocket.payload.continue", "More content", FT_BYTES, .secrecy = SECRET},
	[WS_TEXT] = {"websocket.payload.text", "Text", FT_STRING, .secrecy = SECRET},
	[WS_CLOSE] = {"websocket.payload.close", "Good-bye", FT_NONE},
	[WS_STATUS] = {"websocket.payload.close.status_code", "Reason", FT_UINT16,
		       .values = statuses, .see = "RFC 6455 section 7.4"},
	[WS_REASON] = {"websocket.payload.close.reason", "Words", FT_STRING},
	[WS_PING] = {"websocket.payload.ping", "Bytes of the ping", FT_BYTES},
	[WS_PONG] = {"websocket.payload.pong", "Bytes of the ping", FT_BYTES},
	[WS_UNKNOWN] = {"websocket.payload.unknown", "Content of an unknown kind", FT_BYTES,
			.secrecy = SECRET},
};

struct state {
	uint64_t left[2]; /* bytes to come of a frame that was too long to wait for */
};

struct head {
	uint8_t opcode;
	bool masked, fin;
	uint64_t length;
	const uint8_t *key;
};

static void good_bye(struct record *r, uint32_t at, uint32_t n, const uint8_t *text)
{
	field_add_none(r, ID(WS_CLOSE), at, n);
	if (n < 2)
		return;
	field_add_uint(r, ID(WS_STATUS), at, 2, (uint64_t)text[0] << 8 | text[1]);
	if (n > 2)
		field_add_value(r, ID(WS_REASON), at + 2, n - 2, text + 2, n - 2);
}

/* The content with the mask taken away. */
static void payload(struct record *r, struct cursor *c, const struct head *h, uint32_t n)
{
	uint32_t at = c->pos;
	uint8_t *text = arena_copy(&r->arena, c->base + at, n);
	uint16_t row = WS_UNKNOWN;

	for (uint32_t i = 0; h->masked && i < n; i++)
		text[i] ^= h->key[i % 4];
	cursor_skip(c, n);
	if (h->masked)
		field_add_none(r, ID(WS_MASKED), at, n);
	field_add_none(r, ID(WS_PAYLOAD), at, n);
	r->cur_depth++;
	switch ((enum opcode)h->opcode) {
	case CONTINUE: row = WS_CONTINUE; break;
	case TEXT: row = WS_TEXT; break;
	case PING: row = WS_PING; break;
	case PONG: row = WS_PONG; break;
	case BINARY:
	case CLOSE: row = 0; break;
	}
	if (h->opcode == CLOSE)
		good_bye(r, at, n, text);
	else if (row)
		field_add_value(r, ID(row), at, n, text, n);
	r->cur_depth--;
}

/* How long is the header that begins here? 0: it is not all there. */
static uint32_t head_size(const struct cursor *c)
{
	const uint8_t *p = c->base + c->pos;
	uint32_t n = 2;

	if (cursor_left(c) < n)
		return 0;
	n += (p[1] & 0x7F) == 126 ? 2 : (p[1] & 0x7F) == 127 ? 8 : 0;
	n += p[1] & 0x80 ? 4 : 0;
	return cursor_left(c) < n ? 0 : n;
}

static uint64_t length_of(const uint8_t *p)
{
	unsigned bytes = (p[1] & 0x7F) == 126 ? 2 : (p[1] & 0x7F) == 127 ? 8 : 0;
	uint64_t v = 0;

	for (unsigned i = 0; i < bytes; i++)
		v = v << 8 | p[2 + i];
	return bytes ? v : p[1] & 0x7Fu;
}

static struct head head(struct record *r, struct cursor *c)
{
	struct head h = {.length = length_of(c->base + c->pos)};
	struct cursor at = *c;

	h.fin = walk(r, &at, ID(WS_FIN), ID(WS_FIN)) != 0;
	at = *c;
	walk(r, &at, ID(WS_RSV), ID(WS_RSV));
	h.opcode = (uint8_t)walk(r, c, ID(WS_OPCODE), ID(WS_OPCODE));
	at = *c;
	h.masked = walk(r, &at, ID(WS_MASK), ID(WS_MASK)) != 0;
	switch (walk(r, c, ID(WS_LENGTH), ID(WS_LENGTH))) {
	case 126: walk(r, c, ID(WS_LENGTH_16), ID(WS_LENGTH_16)); break;
	case 127: walk(r, c, ID(WS_LENGTH_64), ID(WS_LENGTH_64)); break;
	}
	h.key = c->base + c->pos;
	if (h.masked && cursor_skip(c, 4))
		field_add_bytes(r, ID(WS_KEY), c->pos - 4, 4);
	return h;
}

/* What is there of a frame that is too long to be waited for: its bytes only. */
static void piece(struct record *r, struct cursor *c, uint64_t *left)
{
	uint32_t n = cursor_left(c);

	if (*left < n)
		n = (uint32_t)*left;
	if (n)
		field_add_none(r, ID(WS_PAYLOAD), c->pos, n);
	cursor_skip(c, n);
	*left -= n;
}

/* One frame; false if it is not complete yet. */
static bool frame(struct record *r, struct cursor *c, uint64_t *left)
{
	uint32_t n = head_size(c);
	uint64_t length = n ? length_of(c->base + c->pos) : 0;
	bool whole = n && length <= cursor_left(c) - n;
	bool final = r->payload.last || c->captured < c->reported;
	struct layer *layer = NULL;
	struct head h;

	if (!n || (!whole && !final && length <= WAIT_MAX)) {
		c->need_more = !final;
		return false;
	}
	if (r->nlayers < LAYERS_MAX)
		layer = layer_open(r, PROTO_websocket, c);
	h = head(r, c);
	if (whole && length) {
		payload(r, c, &h, (uint32_t)length);
	} else {
		*left = length;
		piece(r, c, left);
	}
	if (layer)
		layer_close(r, layer, c->pos);
	return true;
}

static void decode(struct decoder *d, struct record *r, struct cursor *c)
{
	struct state *s = conv_state(r, PROTO_websocket, sizeof(struct state));
	uint64_t *left = &s->left[r->from_a ? 0 : 1];

	if (r->payload.gap_before)
		r->conv->app_opaque = true; /* where a frame begins is not known any more */
	if (*left && cursor_left(c)) {
		layer_open(r, PROTO_websocket, c);
		piece(r, c, left);
	}
	while (cursor_left(c) && decode_step(d) && !r->conv->app_opaque && frame(r, c, left))
		;
}

const struct proto_def proto_websocket = {
	.name = "websocket",
	.label = "WebSocket",
	.prefix = "WS",
	.fields = rows,
	.nfields = WS_ROWS,
	.decode = decode,
	.blurb = "Lets a web page and its server talk both ways at any time.",
	.see = "RFC 6455",
};
