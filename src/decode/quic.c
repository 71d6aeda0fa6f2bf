/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * QUIC carries web pages (HTTP/3) and more over UDP, encrypted from the first packet; only the
 * first packets of each side can be opened by who looks on. RFC 9000 (packets), 9001 (encryption),
 * 8999 (what all versions share), 9369 (version 2). Known by its long header at any UDP port.
 */
#include "src/decode/quic.h"

#include "tracetutor/lines.h"

#define LONG_HEADER  0x80
#define FIXED_BIT    0x40
#define INITIAL_MIN  1200 /* a client's first datagram (RFC 9000 section 14.1) */
#define SAMPLE_AT    4    /* from where the packet number begins (RFC 9001 section 5.4.2) */
#define SHORT_NUMBER 4    /* longest packet number */

/* Kinds of packets with a long header, numbered as in version 1. */
enum long_type { INITIAL, ZERO_RTT, HANDSHAKE, RETRY };

uint64_t quic_varint(struct cursor *c)
{
	uint32_t n = 1u << (cursor_peek(c) >> 6);
	uint64_t v = cursor_be(c, n);

	return v & (UINT64_MAX >> 2 >> (64 - 8 * n));
}

uint64_t quic_number(struct quic *q, struct cursor *c, enum quic_row row)
{
	uint32_t at = c->pos;
	uint64_t v = quic_varint(c);

	if (cursor_ok(c))
		field_add_uint(q->r, QUIC_ID(row), at, c->pos - at, v);
	return v;
}

static bool known_version(uint32_t v)
{
	return v == QUIC_V1 || v == QUIC_V2 || (v >= QUIC_DRAFT_29 && v <= QUIC_DRAFT_34);
}

/* Versions that nobody means, so that servers learn to answer with a list (RFC 9000 section 15). */
static bool greased_version(uint32_t v)
{
	return (v & 0x0f0f0f0f) == 0x0a0a0a0a;
}

static bool cid_is(const struct quic_cid *a, const struct quic_cid *b)
{
	return a->len == b->len && !memcmp(a->bytes, b->bytes, a->len);
}

static uint64_t row(struct quic *q, struct cursor *c, enum quic_row which)
{
	return walk(q->r, c, QUIC_ID(which), QUIC_ID(which));
}

static void rest(struct quic *q, struct cursor *c, enum quic_row which, uint32_t n)
{
	if (n && cursor_skip(c, n))
		field_add_bytes(q->r, QUIC_ID(which), c->pos - n, n);
}

/* Length and bytes; a longer one than RFC 9000 allows is skipped. */
static struct quic_cid cid_field(struct quic *q, struct cursor *c, enum quic_row length)
{
	struct quic_cid id = {.len = (uint8_t)row(q, c, length)};
	uint32_t n = id.len;

	rest(q, c, length + 1, n);
	if (!cursor_ok(c) || n > QUIC_CID_MAX)
		id.len = 0;
	else
		memcpy(id.bytes, c->base + c->pos - n, n);
	return id;
}

/* A packet with a long header: what its parts say, before encryption. */
struct long_packet {
	uint32_t start, version;
	uint8_t first;
	enum long_type type;
	struct quic_cid to, from;
	struct cursor body; /* packet number and payload */
};

/* Version 2 numbers them otherwise, so that nobody relies on the numbers (RFC 9369 section 3.2). */
static enum long_type type_of(uint8_t first, uint32_t version)
{
	unsigned v = first >> 4 & 3;

	return version == QUIC_V2 ? (v + 3) & 3 : v;
}

/* The number that is meant, of which the packet gives the last bytes: first packets count from 0,
 * and few of them go before the keys change (RFC 9000 appendix A.3). */
static uint64_t number_of(const uint8_t *p, unsigned n)
{
	uint64_t v = 0;

	for (unsigned i = 0; i < n; i++)
		v = v << 8 | p[i];
	return v;
}

/*
 * Open an Initial packet with the keys of that connection id. The header is copied with its
 * protection taken away, as it is part of what the tag covers.
 */
struct opened {
	uint8_t first, number_length;
	uint64_t number;
	uint8_t *text; /* NULL: could not be opened */
	uint32_t len;
};

static struct opened open_with(struct quic *q, const struct long_packet *p,
			       const struct quic_cid *id)
{
	struct opened o = {.text = NULL};
	const struct cursor *b = &p->body;
	uint32_t head = b->pos - p->start, size = cursor_left(b);
	uint8_t mask[QUIC_KEY], *copy, *text;
	struct quic_keys keys;

	if (size < SAMPLE_AT + QUIC_KEY || b->captured < b->reported ||
	    !quic_initial_keys(p->version, id, q->dir, &keys))
		return o;
	quic_header_mask(&keys, b->base + b->pos + SAMPLE_AT, mask);
	copy = arena_copy(&q->r->arena, b->base + p->start, head + SHORT_NUMBER);
	copy[0] ^= mask[0] & 0x0f;
	o.first = copy[0];
	o.number_length = (copy[0] & 3) + 1;
	for (unsigned i = 0; i < o.number_length; i++)
		copy[head + i] ^= mask[1 + i];
	o.number = number_of(copy + head, o.number_length);
	size -= o.number_length;
	text = arena_alloc(&q->r->arena, size);
	o.len = size - QUIC_TAG;
	if (quic_open(&keys, o.number, copy, head + o.number_length,
		      b->base + b->pos + o.number_length, size, text))
		o.text = text;
	return o;
}

static void connection_begin(struct quic *q, const struct long_packet *p)
{
	struct quic_state *s = q->state;

	*s = (struct quic_state){.known = true, .first = p->to};
	s->ends[0] = p->from;
	quic_begin(q);
}

/* Open it; a client that begins anew on the same ports, or after a Retry, is known by its keys. */
static struct opened open_initial(struct quic *q, const struct long_packet *p)
{
	struct opened o = {.text = NULL}, again;

	if (q->state->known)
		o = open_with(q, p, &q->state->first);
	if (o.text || q->dir || (q->state->known && cid_is(&p->to, &q->state->first)))
		return o;
	again = open_with(q, p, &p->to);
	if (q->state->retried && cid_is(&p->to, &q->state->ends[1]))
		q->state->first = p->to;
	else if (again.text || !q->state->known)
		connection_begin(q, p);
	return again.text || !o.number_length ? again : o;
}

static void opened_frames(struct quic *q, const struct opened *o, struct quic_messages *messages)
{
	struct record *r = q->r;
	uint8_t source = r->cur_source;
	struct cursor c = cursor_make(o->text, 0, o->len, o->len);

	r->cur_source = record_source(r, "Opened QUIC", o->text, o->len, o->len);
	if (r->cur_source)
		quic_frames(q, &c, messages);
	else
		r->cur_source = source;
}

/* The bits of the first byte that are hidden, as they are under the protection. */
static void hidden_bits(struct quic *q, uint32_t at, uint8_t first)
{
	field_add_uint(q->r, QUIC_ID(QUIC_RESERVED), at, 1, first >> 2 & 3);
	field_add_uint(q->r, QUIC_ID(QUIC_NUMBER_LENGTH), at, 1, first & 3);
}

static void initial_body(struct quic *q, const struct long_packet *p, const struct opened *o,
			 struct quic_messages *messages)
{
	struct cursor b = p->body;

	if (!o->number_length) {
		rest(q, &b, QUIC_REMAINING, cursor_left(&b));
		return;
	}
	field_add_uint(q->r, QUIC_ID(QUIC_NUMBER), b.pos, o->number_length, o->number);
	cursor_skip(&b, o->number_length);
	rest(q, &b, QUIC_PAYLOAD, cursor_left(&b));
	if (o->text)
		opened_frames(q, o, messages);
	else
		field_add_none(q->r, QUIC_ID(QUIC_DECRYPTION_FAILED), b.pos, 0)->flags |=
			FIELD_GENERATED;
}

static void negotiation(struct quic *q, struct cursor *c)
{
	while (cursor_left(c) >= 4 && decode_step(q->d))
		row(q, c, QUIC_SUPPORTED);
}

static void retry(struct quic *q, struct cursor *c, const struct long_packet *p)
{
	uint32_t left = cursor_left(c);

	q->state->retried = q->dir;
	q->state->ends[q->dir] = p->from;
	if (left > QUIC_TAG)
		rest(q, c, QUIC_RETRY_TOKEN, left - QUIC_TAG);
	rest(q, c, QUIC_RETRY_TAG, QUIC_TAG);
}

/* Token and length of an Initial stand before what is encrypted; others have the length only. */
static void lengths(struct quic *q, struct cursor *c, struct long_packet *p)
{
	uint64_t n;

	if (p->type == INITIAL) {
		n = quic_number(q, c, QUIC_TOKEN_LENGTH);
		if (n > cursor_promised(c))
			c->malformed = true;
		rest(q, c, QUIC_TOKEN, (uint32_t)n);
	}
	n = quic_number(q, c, QUIC_LENGTH);
	if (n > cursor_promised(c)) {
		n = cursor_promised(c);
		c->malformed = true;
	}
	p->body = cursor_fence(c, (uint32_t)n);
}

/* Ids that the ends have chosen: by them packets with a short header are read. */
static void remember(struct quic *q, const struct long_packet *p)
{
	struct quic_state *s = q->state;

	if (!s->known && !q->dir)
		connection_begin(q, p);
	if (!s->known || !cursor_ok(&p->body))
		return;
	s->ends[q->dir] = p->from;
}

static void mark(struct quic *q, const struct long_packet *p, uint32_t first)
{
	struct quic_state *s = q->state;
	enum exchange_role role = q->dir ? EXCHANGE_RESPONSE : EXCHANGE_REQUEST;
	bool begins = known_version(p->version) && p->type == INITIAL;

	if (!s->known || s->answered || q->r->in_quote || (!q->dir && !begins))
		return;
	exchange_mark(q->r, role, PROTO_quic, (uint64_t)s->number + 1, first, q->r->nfields - 1);
	s->answered = q->dir;
}

/* The header up to the ids, which all versions share (RFC 8999 section 5.1). */
static void long_header(struct quic *q, struct cursor *c, struct long_packet *p)
{
	struct cursor ahead = *c;

	p->start = c->pos;
	p->first = cursor_u8(&ahead);
	p->version = cursor_be32(&ahead);
	p->type = type_of(p->first, p->version);
	ahead = *c;
	row(q, &ahead, QUIC_FORM);
	if (p->version == QUIC_NEGOTIATION) {
		ahead = *c;
		row(q, &ahead, QUIC_UNUSED);
		return;
	}
	if (!known_version(p->version))
		return;
	if (p->type != RETRY) {
		ahead = *c;
		row(q, &ahead, QUIC_FIXED);
	}
	ahead = *c;
	row(q, &ahead, p->version == QUIC_V2 ? QUIC_TYPE_V2 : QUIC_TYPE);
}

/* What stands behind the ids; the opened packet's bits stand before them in tshark's order, but in
 * the same byte, so that their place does not matter. */
static void long_body(struct quic *q, struct cursor *c, struct long_packet *p,
		      struct quic_messages *messages)
{
	struct opened o = {.text = NULL};

	if (p->version == QUIC_NEGOTIATION) {
		negotiation(q, c);
		return;
	}
	if (!known_version(p->version)) {
		rest(q, c, QUIC_REMAINING, cursor_left(c));
		return;
	}
	if (p->type == RETRY) {
		retry(q, c, p);
		return;
	}
	lengths(q, c, p);
	if (p->type == INITIAL)
		o = open_initial(q, p);
	if (o.number_length)
		hidden_bits(q, p->start, o.first);
	remember(q, p);
	initial_body(q, p, &o, messages);
}

static void connection_number(struct quic *q)
{
	if (q->state->known && !q->numbered)
		field_gen_uint(q->r, QUIC_ID(QUIC_CONNECTION), q->state->number);
	q->numbered = true;
	field_gen_text(q->r, QUIC_ID(TT_QUIC_FROM), q->dir ? "server" : "client", 6);
}

static void long_packet(struct quic *q, struct cursor *c)
{
	struct record *r = q->r;
	struct layer *layer = layer_open(r, PROTO_quic, c);
	struct quic_messages messages = {.bytes = NULL};
	struct long_packet p = {.version = 0};
	uint8_t source = r->cur_source;
	uint32_t first = r->nfields;

	long_header(q, c, &p);
	cursor_skip(c, 1);
	row(q, c, QUIC_VERSION);
	p.to = cid_field(q, c, QUIC_DCIL);
	p.from = cid_field(q, c, QUIC_SCIL);
	p.body = *c;
	if (cursor_ok(c))
		long_body(q, c, &p, &messages);
	connection_number(q);
	field_gen_uint(r, QUIC_ID(QUIC_PACKET_LENGTH), c->pos - p.start);
	if (!cursor_ok(c))
		decode_overrun(r, c);
	if (layer)
		layer_close(r, layer, c->pos);
	if (messages.bytes)
		quic_tls(q, &messages);
	r->cur_source = source;
	mark(q, &p, first);
}

/* Behind the first byte stands the id that the receiver has chosen. */
static bool has_id(const struct quic *q, const struct cursor *c)
{
	const struct quic_cid *id = &q->state->ends[!q->dir];

	return id->len && cursor_left(c) > id->len &&
	       !memcmp(c->base + c->pos + 1, id->bytes, id->len);
}

static void short_packet(struct quic *q, struct cursor *c)
{
	const struct quic_cid *id = &q->state->ends[!q->dir];
	bool named = has_id(q, c);
	struct layer *layer = layer_open(q->r, PROTO_quic, c);
	uint32_t start = c->pos;
	struct cursor ahead = *c;

	field_add_none(q->r, QUIC_ID(QUIC_SHORT), start, 1 + id->len);
	q->r->cur_depth++;
	row(q, &ahead, QUIC_FORM);
	ahead = *c;
	row(q, &ahead, QUIC_FIXED);
	row(q, c, QUIC_SPIN);
	if (named)
		rest(q, c, QUIC_DCID, id->len);
	q->r->cur_depth--;
	rest(q, c, QUIC_REMAINING, cursor_left(c));
	connection_number(q);
	field_gen_uint(q->r, QUIC_ID(QUIC_PACKET_LENGTH), c->pos - start);
	if (layer)
		layer_close(q->r, layer, c->pos);
}

/* Several packets may share a datagram (RFC 9000 section 12.2); what begins neither as a long nor
 * as a short header is filling. The fixed bit may be 0 where both ends agreed on it (RFC 9287); the
 * id tells. */
static void decode(struct decoder *d, struct record *r, struct cursor *c)
{
	struct quic q = {.d = d, .r = r};

	q.state = conv_state(r, PROTO_quic, sizeof(struct quic_state));
	q.dir = conv_from_client(r->conv, r->from_a) ? 0 : 1;
	while (cursor_left(c) && cursor_ok(c) && decode_step(d)) {
		uint8_t first = cursor_peek(c);

		if (first & LONG_HEADER) {
			long_packet(&q, c);
		} else if (first & FIXED_BIT || has_id(&q, c)) {
			short_packet(&q, c);
		} else {
			decode_data(d, r, c);
			break;
		}
	}
}

/* Two ids of lengths that are allowed, and room behind them. */
static bool ids_fit(const uint8_t *p, uint32_t n)
{
	uint32_t at = 5;

	for (unsigned i = 0; i < 2; i++) {
		if (at >= n || p[at] > QUIC_CID_MAX)
			return false;
		at += 1u + p[at];
	}
	return at < n;
}

/* A long header of a known version with ids of lengths that are allowed; a client's first datagram
 * is of a size that no other one has. A list of versions names one that is known. */
static bool looks(const struct record *r, const uint8_t *p, uint32_t n)
{
	uint32_t version;

	if (r->flow.ip_proto != 17 || n < 7 || !(p[0] & LONG_HEADER) || !ids_fit(p, n))
		return false;
	version = (uint32_t)p[1] << 24 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 8 | p[4];
	if (version == QUIC_NEGOTIATION) {
		for (uint32_t i = n; i >= 11; i -= 4)
			if (known_version((uint32_t)p[i - 4] << 24 | (uint32_t)p[i - 3] << 16 |
					  (uint32_t)p[i - 2] << 8 | p[i - 1]))
				return true;
		return false;
	}
	return (p[0] & FIXED_BIT) &&
	       (known_version(version) || (greased_version(version) && n >= INITIAL_MIN));
}

/* Bits and lengths fill pages and tell a newcomer nothing: they are in the fields only. */
static bool is_quiet(uint16_t which)
{
	switch (which) {
	case QUIC_SHORT:
	case QUIC_FIXED:
	case QUIC_RESERVED:
	case QUIC_NUMBER_LENGTH:
	case QUIC_UNUSED:
	case QUIC_SPIN:
	case QUIC_DCIL:
	case QUIC_SCIL:
	case QUIC_TOKEN_LENGTH:
	case QUIC_LENGTH:
	case QUIC_FRAME:
	case QUIC_PAYLOAD:
	case QUIC_REMAINING:
	case QUIC_CRYPTO_DATA: return true;
	default: return false;
	}
}

static void lines(struct lines *l, const struct record *r, const struct layer *layer)
{
	lines_rule(l, "QUIC HEADER");
	for (uint32_t i = layer->first + 1; i < layer->end; i++)
		if (&r->layers[r->fields[i].layer] == layer &&
		    !is_quiet(FIELD_ROW(r->fields[i].id)))
			lines_generic(l, r, layer, &r->fields[i]);
}

_Static_assert(sizeof(struct quic_state) <= CONV_APP_STATE, "fits in the conversation");

const struct proto_def proto_quic = {
	.name = "quic",
	.label = "QUIC",
	.prefix = "QUIC",
	.header = "QUIC HEADER",
	.fields = quic_rows,
	.nfields = QUIC_ROWS,
	.decode = decode,
	.looks = looks,
	.lines = lines,
	.blurb = "Carries web pages over UDP, encrypted from the first packet.",
	.see = "RFC 9000",
};
