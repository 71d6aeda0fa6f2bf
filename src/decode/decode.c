/* SPDX-License-Identifier: GPL-3.0-or-later */
/* decode: the engine. Who hangs where, the two steps of a packet, limits, checksums. */
#include "tracetutor/decode.h"

#include <glib.h>
#include <string.h>

#include "again.h"
#include "frame.h"
#include "tracetutor/vector.h"

#define HANG_SLOTS 1024 /* power of two, several times the number of hang entries */
#define MAX_TRIES  4    /* payloads of a conversation that are tried by content */

#define EXPECTED_MAX 64   /* announced endpoints that are remembered */
#define WELL_KNOWN   1024 /* ports below are not given out by chance */

struct hang_slot {
	struct hang on;
	uint16_t proto; /* enum proto_id + 1; 0: free */
};

/* An endpoint of a conversation that another one has announced. */
struct expected {
	struct endpoint at;
	uint8_t ip_proto; /* 0: free */
	uint16_t proto;   /* enum proto_id + 1 */
};

struct decoder {
	struct hang_slot slots[HANG_SLOTS];
	struct expected expected[EXPECTED_MAX];
	uint32_t nexpected; /* ever */
	void *state[PROTO_COUNT];
	uint32_t steps;
};

static uint32_t hang_hash(enum hang_kind kind, uint32_t value)
{
	return ((uint32_t)kind * 0x9e3779b1u ^ value * 0x85ebca6bu) >> 7 & (HANG_SLOTS - 1);
}

static struct hang_slot *hang_slot(struct decoder *d, enum hang_kind kind, uint32_t value)
{
	uint32_t i = hang_hash(kind, value);

	while (d->slots[i].proto && (d->slots[i].on.kind != kind || d->slots[i].on.value != value))
		i = (i + 1) & (HANG_SLOTS - 1);
	return &d->slots[i];
}

struct decoder *decoder_new(void)
{
	struct decoder *d = g_new0(struct decoder, 1);

	for (unsigned p = 0; p < PROTO_COUNT; p++)
		for (const struct hang *on = proto_table[p]->on; on && on->kind != ON_NOTHING; on++)
			*hang_slot(d, on->kind, on->value) =
				(struct hang_slot){.on = *on, .proto = (uint16_t)(p + 1)};
	return d;
}

void decoder_free(struct decoder *d)
{
	if (!d)
		return;
	for (unsigned p = 0; p < PROTO_COUNT; p++)
		g_free(d->state[p]);
	g_free(d);
}

void *decoder_state(struct decoder *d, enum proto_id proto, size_t size)
{
	if (!d->state[proto])
		d->state[proto] = g_malloc0(size);
	return d->state[proto];
}

bool decode_step(struct decoder *d)
{
	return ++d->steps <= DECODE_MAX_STEPS;
}

static void call(struct decoder *d, struct record *r, const struct proto_def *p, struct cursor *c)
{
	if (!decode_step(d) || r->nlayers == RECORD_MAX_LAYERS) {
		r->malformed = true;
		return;
	}
	p->decode(d, r, c);
}

bool decode_next(struct decoder *d, struct record *r, enum hang_kind kind, uint32_t value,
		 struct cursor *c)
{
	const struct hang_slot *s = hang_slot(d, kind, value);

	if (!s->proto)
		return false;
	call(d, r, proto_table[s->proto - 1], c);
	return true;
}

void decode_as(struct decoder *d, struct record *r, enum proto_id proto, struct cursor *c)
{
	call(d, r, proto_table[proto], c);
}

void decode_data(struct decoder *d, struct record *r, struct cursor *c)
{
	if (cursor_left(c))
		call(d, r, proto_table[PROTO_data], c);
}

void decode_overrun(struct record *r, const struct cursor *c)
{
	uint8_t flag = c->malformed ? FIELD_MALFORMED : c->snapped ? FIELD_SNAPPED : 0;
	uint32_t n = r->nfields;

	r->malformed |= c->malformed;
	r->snapped |= c->snapped;
	while (n && r->fields[n - 1].flags & (FIELD_HIDDEN | FIELD_GENERATED))
		n--;
	if (flag && n)
		r->fields[n - 1].flags |= flag;
}

static void packet_begin(struct decoder *d, struct record *r, const struct frame *f)
{
	record_reset(r, RECORD_PACKET);
	d->steps = 0;
	r->frame = f;
	r->number = f->number;
	r->time = f->time;
	record_source(r, "Frame", f->data, f->captured, MAX(f->captured, f->original));
}

/* What the capture itself says; the cursor stands at the packet's first byte. */
static struct cursor frame_begin(struct decoder *d, struct record *r, const struct frame *f)
{
	struct cursor c = cursor_make(f->data, 0, f->captured, f->original);

	call(d, r, proto_table[PROTO_frame], &c);
	return c;
}

void decode_ignored(struct decoder *d, struct record *r, const struct frame *f)
{
	packet_begin(d, r, f);
	frame_begin(d, r, f);
	frame_ignored(r);
}

void decode_headers(struct decoder *d, struct record *r, const struct frame *f)
{
	struct cursor c;

	packet_begin(d, r, f);
	if (r->shapes && headers_again(r, f))
		return;
	c = frame_begin(d, r, f);
	if (!decode_next(d, r, ON_LINK, f->link_type, &c))
		decode_data(d, r, &c);
	if (f->captured < f->original)
		r->snapped = true;
	frame_protocols(r);
	if (r->shape)
		headers_learn(r);
}

/* The protocol (+ 1) that hangs at one of the two ports; the lower (well-known) port first. */
static uint16_t by_port(struct decoder *d, const struct record *r)
{
	enum hang_kind kind = r->flow.ip_proto == 6 ? ON_TCP_PORT : ON_UDP_PORT;
	uint16_t a = r->flow.src.port, b = r->flow.dst.port;
	uint16_t low = hang_slot(d, kind, MIN(a, b))->proto;

	return low ? low : hang_slot(d, kind, MAX(a, b))->proto;
}

static bool same_endpoint(const struct endpoint *a, const struct endpoint *b)
{
	return a->port == b->port && !memcmp(a->addr, b->addr, sizeof(a->addr));
}

void decode_expect(struct decoder *d, uint8_t ip_proto, const struct endpoint *at,
		   enum proto_id proto)
{
	struct expected e = {.at = *at, .ip_proto = ip_proto, .proto = (uint16_t)(proto + 1)};

	for (unsigned i = 0; i < EXPECTED_MAX; i++)
		if (d->expected[i].ip_proto == ip_proto && same_endpoint(&d->expected[i].at, at)) {
			d->expected[i] = e;
			return;
		}
	d->expected[d->nexpected++ % EXPECTED_MAX] = e;
}

bool decoder_expects(const struct decoder *d)
{
	return d->nexpected > 0;
}

/* The protocol (+ 1) that was announced for one of the two endpoints. */
static uint16_t by_agreement(const struct decoder *d, const struct flow *f)
{
	for (unsigned i = 0; i < EXPECTED_MAX && d->expected[i].ip_proto; i++) {
		const struct expected *e = &d->expected[i];

		if (e->ip_proto == f->ip_proto &&
		    (same_endpoint(&e->at, &f->src) || same_endpoint(&e->at, &f->dst)))
			return e->proto;
	}
	return 0;
}

static uint16_t by_content(const struct record *r, const uint8_t *bytes, uint32_t n)
{
	for (uint16_t p = 0; p < PROTO_COUNT; p++)
		if (proto_table[p]->looks && proto_table[p]->looks(r, bytes, n))
			return (uint16_t)(p + 1);
	return 0;
}

/* A program that is not set to encrypt says so by its first words. */
static uint16_t plain_at_tls_port(const struct record *r, const uint8_t *bytes, uint32_t n)
{
	uint16_t p = by_content(r, bytes, n);

	return p ? p : PROTO_tls + 1;
}

/* The other end may begin to encrypt there all the same. */
static bool tls_after_all(struct decoder *d, const struct record *r, const uint8_t *bytes,
			  uint32_t n)
{
	return r->conv->app != PROTO_tls + 1 && proto_table[PROTO_tls]->looks(r, bytes, n) &&
	       by_port(d, r) == PROTO_tls + 1;
}

/* The application protocol (+ 1) of this payload, remembered in the conversation; 0: not known. */
static uint16_t payload_proto(struct decoder *d, struct record *r, const uint8_t *bytes, uint32_t n)
{
	struct conv *conv = r->conv;
	uint16_t p;

	if (conv && conv->app_opaque && conv->app != PROTO_tls + 1)
		return proto_table[PROTO_tls]->looks(r, bytes, n) ? PROTO_tls + 1 : 0;
	if (conv && conv->app)
		return tls_after_all(d, r, bytes, n) ? PROTO_tls + 1 : conv->app;
	p = by_port(d, r);
	if (!p || MIN(r->flow.src.port, r->flow.dst.port) >= WELL_KNOWN) {
		uint16_t agreed = by_agreement(d, &r->flow);

		p = agreed ? agreed : p;
	}
	if (!p && (!conv || conv->app_tries < MAX_TRIES))
		p = by_content(r, bytes, n);
	else if (p == PROTO_tls + 1)
		p = plain_at_tls_port(r, bytes, n);
	if (conv) {
		conv->app_tries += conv->app_tries < MAX_TRIES;
		conv->app = p;
	}
	return p;
}

void conv_begin(struct conv *conv, enum proto_id proto)
{
	conv->app = (uint16_t)(proto + 1);
	if (conv->app_state)
		memset(conv->app_state, 0, CONV_APP_STATE);
}

void *conv_state(struct record *r, enum proto_id proto, size_t size)
{
	static const struct conv blank;

	g_assert(size <= CONV_APP_STATE);
	if (!r->conv) /* nobody tracks: a state that lives as long as the packet */
		r->conv = arena_copy(&r->arena, &blank, sizeof(blank));
	if (r->conv->app != proto + 1)
		conv_begin(r->conv, proto);
	if (!r->conv->app_state)
		r->conv->app_state = r->conv->app_states ? pool_take(r->conv->app_states)
							 : arena_zero(&r->arena, CONV_APP_STATE);
	return r->conv->app_state;
}

void decode_handover(struct decoder *d, struct record *r, uint16_t port)
{
	uint16_t p = hang_slot(d, ON_TCP_PORT, port)->proto;

	if (!r->conv)
		return;
	if (!p || p == r->conv->app) {
		r->conv->app_opaque = true;
		return;
	}
	conv_begin(r->conv, (enum proto_id)(p - 1));
}

static void payload_decode(struct decoder *d, struct record *r)
{
	const struct source *s = &r->sources[r->payload.source];
	uint32_t start = r->payload.off, n = r->payload.captured;
	struct cursor c;
	uint16_t p;

	p = payload_proto(d, r, s->bytes + start, n);
	c = cursor_make(s->bytes, start, start + n, start + r->payload.reported);
	r->cur_source = r->payload.source;
	if (p)
		call(d, r, proto_table[p - 1], &c);
	if (p && c.need_more) {
		r->payload.consumed = c.pos - start;
		return;
	}
	/* What nobody reads is data. A stream dissector that stopped early leaves the rest
	 * undecoded. */
	if (!p && cursor_left(&c))
		decode_data(d, r, &c);
	r->payload.consumed = n;
}

void decode_payload(struct decoder *d, struct record *r)
{
	if (!r->payload.captured)
		return;
	payload_decode(d, r);
	frame_protocols(r);
}

/* The words of all whole groups of 32 bytes. */
MADE_TWICE static uint64_t sum_groups(const uint8_t *p, uint32_t n)
{
	typedef uint64_t lanes __attribute__((vector_size(32)));
	lanes sums = {0};

	for (; n >= sizeof(lanes); p += sizeof(lanes), n -= (uint32_t)sizeof(lanes)) {
		lanes words;

		memcpy(&words, p, sizeof(words));
		sums += (words & UINT32_MAX) + (words >> 32);
	}
	return sums[0] + sums[1] + sums[2] + sums[3];
}

uint32_t checksum_add(uint32_t sum, const uint8_t *p, uint32_t n)
{
	/* RFC 1071 section 2(B): the sum may be taken in the machine's own byte order, and in
	 * words of any width. */
	uint64_t native = n < 32 ? 0 : sum_groups(p, n), wide;

	p += n & ~31u;
	for (n &= 31; n >= 8; p += 8, n -= 8) {
		uint64_t words;

		memcpy(&words, p, sizeof(words));
		native += (words & UINT32_MAX) + (words >> 32);
	}
	while (native >> 16)
		native = (native & 0xffff) + (native >> 16);
	wide = (uint64_t)sum + g_ntohs((uint16_t)native);
	for (; n >= 2; p += 2, n -= 2)
		wide += (uint32_t)p[0] << 8 | p[1];
	if (n)
		wide += (uint32_t)p[0] << 8;
	while (wide >> 32)
		wide = (wide & 0xffffffff) + (wide >> 32);
	return (uint32_t)wide;
}

uint16_t checksum_fold(uint32_t sum)
{
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return (uint16_t)sum;
}
