/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The frames that QUIC's first packets hold (RFC 9000 section 12.4 and 19): padding, pings,
 * receipts, pieces of the TLS handshake, and the end of a connection. Pieces come in any order and
 * may come twice; they are put together here.
 */
#include "src/decode/quic.h"
#include "src/decode/tls.h"

#include <glib.h>

#define HELLO_MAX  16384 /* of a handshake in one direction; first packets hold far less */
#define HELLOS_MAX 16    /* directions that are put together at once */
#define RANGES_MAX 8     /* gaps that are remembered in each */
#define TLS_HEADER 4

enum frame_type {
	FRAME_PADDING,
	FRAME_PING,
	FRAME_ACK,
	FRAME_ACK_ECN,
	FRAME_CRYPTO = 6,
	FRAME_CLOSE = 0x1c,
	FRAME_CLOSE_APP = 0x1d
};

#define CRYPTO_ERROR     0x100 /* and a TLS alert in the last byte (RFC 9001 section 4.8) */
#define CRYPTO_ERROR_END 0x1ff

/* One direction of a handshake. Ranges do not touch and are in order. */
struct hello {
	uint32_t conv; /* index + 1; 0: free */
	uint8_t dir, nranges;
	uint32_t used; /* when, to find the one that was not used for longest */
	uint32_t done; /* handed to TLS up to here */
	struct range {
		uint32_t from, to;
	} ranges[RANGES_MAX];
	struct tls_state tls;
	uint8_t bytes[HELLO_MAX];
};

struct store {
	uint32_t connections, clock;
	struct hello hellos[HELLOS_MAX];
};

static struct store *store_of(struct quic *q)
{
	return decoder_state(q->d, PROTO_quic, sizeof(struct store));
}

static struct hello *hello_find(struct store *s, uint32_t conv, uint8_t dir)
{
	for (unsigned i = 0; i < HELLOS_MAX; i++)
		if (s->hellos[i].conv == conv && s->hellos[i].dir == dir)
			return &s->hellos[i];
	return NULL;
}

/* The direction at work; the one that was not used for longest makes room. */
static struct hello *hello_of(struct quic *q)
{
	struct store *s = store_of(q);
	uint32_t conv = q->r->conv->index + 1;
	struct hello *h = hello_find(s, conv, q->dir), *oldest = &s->hellos[0];

	if (!h) {
		for (unsigned i = 1; i < HELLOS_MAX; i++)
			if (s->hellos[i].used < oldest->used)
				oldest = &s->hellos[i];
		h = oldest;
		memset(h, 0, offsetof(struct hello, bytes));
		h->conv = conv;
		h->dir = q->dir;
	}
	h->used = ++s->clock;
	return h;
}

void quic_begin(struct quic *q)
{
	struct store *s = store_of(q);

	for (uint8_t dir = 0; dir < 2; dir++) {
		struct hello *h = hello_find(s, q->r->conv->index + 1, dir);

		if (h)
			h->conv = h->used = 0;
	}
	q->state->number = s->connections++;
}

/* Note that these bytes are there; false if there are too many gaps. */
static bool add_range(struct hello *h, uint32_t from, uint32_t to)
{
	unsigned i = 0, end;

	while (i < h->nranges && h->ranges[i].to < from)
		i++;
	for (end = i; end < h->nranges && h->ranges[end].from <= to; end++) {
		from = MIN(from, h->ranges[end].from);
		to = MAX(to, h->ranges[end].to);
	}
	if (end == i && h->nranges == RANGES_MAX)
		return false;
	memmove(&h->ranges[i + 1], &h->ranges[end],
		(h->nranges - end) *
			sizeof(h->ranges[0])); /* room stays as end > i, or was there */
	h->nranges = (uint8_t)(h->nranges - (end - i) + 1);
	h->ranges[i] = (struct range){from, to};
	return true;
}

/* Where the last whole message ends, of those that begin at `done`. */
static uint32_t messages_end(const struct hello *h)
{
	uint32_t at = h->done, have = h->nranges && !h->ranges[0].from ? h->ranges[0].to : 0;

	while (at + TLS_HEADER <= have) {
		const uint8_t *p = h->bytes + at;
		uint32_t n = (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];

		if (n > have - at - TLS_HEADER)
			break;
		at += TLS_HEADER + n;
	}
	return at;
}

void quic_piece(struct quic *q, uint64_t offset, const uint8_t *bytes, uint32_t len,
		uint32_t source_off, struct quic_messages *messages)
{
	struct hello *h = hello_of(q);
	uint32_t at, end, before = h->done;

	if (!len || offset > HELLO_MAX || len > HELLO_MAX - offset)
		return;
	at = (uint32_t)offset;
	if (!add_range(h, at, at + len))
		return;
	memcpy(h->bytes + at, bytes, len);
	end = messages_end(h);
	if (end == before)
		return;
	h->done = end;
	messages->joined = messages->bytes || at > before || at + len < end;
	messages->off = source_off + (before - MIN(at, before));
	if (messages->bytes) { /* a second piece of this packet completes one more */
		before -= messages->len;
	}
	messages->len = end - before;
	messages->bytes = h->bytes + before;
}

void quic_tls(struct quic *q, const struct quic_messages *messages)
{
	struct hello *h = hello_of(q);
	struct tls t = {
		.d = q->d, .r = q->r, .state = &h->tls, .from_client = !q->dir, .dir = q->dir};
	struct record *r = q->r;
	uint8_t source = r->cur_source;
	struct cursor c;
	struct layer *layer;

	if (messages->joined) {
		const uint8_t *copy = arena_copy(&r->arena, messages->bytes, messages->len);

		r->cur_source =
			record_source(r, "Reassembled QUIC", copy, messages->len, messages->len);
		c = cursor_make(copy, 0, messages->len, messages->len);
		if (!r->cur_source)
			messages = NULL;
	} else {
		c = cursor_make(r->sources[source].bytes, messages->off,
				messages->off + messages->len, messages->off + messages->len);
	}
	if (messages) {
		t.silent = true;
		layer = layer_open(r, PROTO_tls, &c);
		tls_handshake(&t, &c);
		if (layer)
			layer_close(r, layer, c.pos);
	}
	r->cur_source = source;
}

static void ack(struct quic *q, struct cursor *c, bool ecn)
{
	uint64_t ranges;

	quic_number(q, c, QUIC_ACK_LARGEST);
	quic_number(q, c, QUIC_ACK_DELAY);
	ranges = quic_number(q, c, QUIC_ACK_COUNT);
	quic_number(q, c, QUIC_ACK_FIRST);
	for (; ranges && cursor_left(c) && decode_step(q->d); ranges--) {
		quic_number(q, c, QUIC_ACK_GAP);
		quic_number(q, c, QUIC_ACK_RANGE);
	}
	for (unsigned row = QUIC_ACK_ECT0; ecn && row <= QUIC_ACK_CE; row++)
		quic_number(q, c, row);
}

static void crypto(struct quic *q, struct cursor *c, struct quic_messages *messages)
{
	uint64_t offset = quic_number(q, c, QUIC_CRYPTO_OFFSET);
	uint64_t len = quic_number(q, c, QUIC_CRYPTO_LENGTH);
	uint32_t at = c->pos;
	const uint8_t *p = len <= UINT32_MAX ? cursor_bytes(c, (uint32_t)len) : NULL;

	if (!p) {
		c->malformed = true;
		return;
	}
	field_add_none(q->r, QUIC_ID(QUIC_CRYPTO_DATA), at, (uint32_t)len);
	quic_piece(q, offset, p, (uint32_t)len, at, messages);
}

static void close_frame(struct quic *q, struct cursor *c, bool app)
{
	uint32_t at = c->pos;
	uint64_t code = quic_number(q, c, app ? QUIC_CLOSE_APP_ERROR : QUIC_CLOSE_ERROR), n;

	if (!app && code >= CRYPTO_ERROR && code <= CRYPTO_ERROR_END)
		field_add_uint(q->r, QUIC_ID(QUIC_CLOSE_ALERT), at, c->pos - at, code & 0xff);
	if (!app)
		quic_number(q, c, QUIC_CLOSE_FRAME);
	n = quic_number(q, c, QUIC_CLOSE_REASON_LENGTH);
	if (n <= cursor_left(c) && cursor_ok(c)) {
		field_add_bytes(q->r, QUIC_ID(QUIC_CLOSE_REASON), c->pos, (uint32_t)n);
		cursor_skip(c, (uint32_t)n);
	}
}

static void padding(struct quic *q, struct cursor *c)
{
	uint32_t at = c->pos - 1, left = cursor_left(c), n = 0;

	while (n < left && !c->base[c->pos + n])
		n++;
	cursor_skip(c, n);
	field_add_uint(q->r, QUIC_ID(QUIC_PADDING), at, n + 1, n + 1)->flags |= FIELD_GENERATED;
}

void quic_frames(struct quic *q, struct cursor *c, struct quic_messages *messages)
{
	while (cursor_left(c) && decode_step(q->d)) {
		uint32_t index = q->r->nfields, at = c->pos;
		uint64_t type;

		field_add_none(q->r, QUIC_ID(QUIC_FRAME), at, 0);
		q->r->cur_depth++;
		type = quic_number(q, c, QUIC_FRAME_TYPE);
		switch (type) {
		case FRAME_PADDING: padding(q, c); break;
		case FRAME_PING: break;
		case FRAME_ACK:
		case FRAME_ACK_ECN: ack(q, c, type == FRAME_ACK_ECN); break;
		case FRAME_CRYPTO: crypto(q, c, messages); break;
		case FRAME_CLOSE:
		case FRAME_CLOSE_APP: close_frame(q, c, type == FRAME_CLOSE_APP); break;
		default: /* not allowed in these packets; what follows cannot be found */
			field_add_none(q->r, QUIC_ID(QUIC_UNKNOWN_FRAME), at, 0);
			c->pos = c->captured;
		}
		q->r->cur_depth--;
		if (index < q->r->nfields)
			q->r->fields[index].len = c->pos - at;
	}
	if (!cursor_ok(c))
		decode_overrun(q->r, c);
}
