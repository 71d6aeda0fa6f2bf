/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * stream: the bytes of each direction in order, each once (RFC 9293 section 3.4).
 *
 * In the common case the payload points into the frame. It is put together in the packet's arena
 * only when decode left bytes over from earlier packets (carry) or when bytes that came too early
 * (pieces) get their turn. A gap is given up when too much is held behind it, when the receiver
 * acknowledged bytes beyond it, or when the connection ends: then the payload says gap_before.
 */
#include "src/track/internal.h"

#include <glib.h>

#define CARRY_FIRST 512

static void pieces_drop_first(struct track *t, struct stream *st)
{
	struct piece *p = st->held;

	st->held = p->next;
	st->held_bytes -= p->len;
	st->npieces--;
	t->stream_total -= p->len;
	g_free(p);
}

static void carry_drop(struct track *t, struct stream *st)
{
	t->stream_total -= st->carry_len;
	st->carry_len = 0;
}

void stream_free(struct track *t, struct stream *st)
{
	st->gap |= st->held || st->carry_len;
	while (st->held)
		pieces_drop_first(t, st);
	carry_drop(t, st);
	g_free(st->carry);
	st->carry = NULL;
	st->carry_cap = 0;
}

static bool room_for(const struct track *t, const struct stream *st, uint32_t n)
{
	return st->held_bytes + st->carry_len + n <= TRACK_MAX_STREAM &&
	       t->stream_total + n <= TRACK_MAX_STREAM_TOTAL;
}

/* Keep bytes that come too early; those another piece has are cut off. False if there is no room.
 */
static bool hold(struct track *t, struct stream *st, uint32_t seq, const uint8_t *bytes,
		 uint32_t len, uint32_t *fresh)
{
	struct piece **at = &st->held, *p;

	while (len) {
		uint32_t n = len;

		while (*at && seq_le((*at)->seq + (*at)->len, seq))
			at = &(*at)->next;
		if (*at && seq_le((*at)->seq, seq)) { /* this much is there already */
			uint32_t known = MIN((*at)->seq + (*at)->len - seq, len);

			seq += known;
			bytes += known;
			len -= known;
			continue;
		}
		if (*at && seq_lt((*at)->seq, seq + len))
			n = (*at)->seq - seq;
		if (!room_for(t, st, n) || st->npieces == PIECES_MAX)
			return false;
		p = g_malloc(sizeof(*p) + n);
		*p = (struct piece){.next = *at, .seq = seq, .len = n};
		memcpy(p->bytes, bytes, n);
		*at = p;
		st->held_bytes += n;
		st->npieces++;
		t->stream_total += n;
		*fresh += n;
		seq += n;
		bytes += n;
		len -= n;
	}
	return true;
}

/* What is delivered with this packet: carry, then bytes of the frame, then pieces. */
struct delivery {
	uint32_t off;                /* in the transport source */
	uint32_t captured, reported; /* bytes of this segment */
	bool gap;
};

/* Bytes of pieces that follow `next` without a gap. */
static uint32_t ready_bytes(const struct stream *st, uint32_t next)
{
	uint32_t n = 0;

	for (const struct piece *p = st->held; p && seq_le(p->seq, next + n); p = p->next)
		if (seq_lt(next + n, p->seq + p->len))
			n = p->seq + p->len - next;
	return n;
}

/* Move the pieces that continue at st->next to `to`; returns how many bytes. */
static uint32_t take_ready(struct track *t, struct stream *st, uint8_t *to)
{
	uint32_t n = 0;

	while (st->held && seq_le(st->held->seq, st->next)) {
		const struct piece *p = st->held;

		if (seq_lt(st->next, p->seq + p->len)) {
			uint32_t skip = st->next - p->seq, more = p->len - skip;

			memcpy(to + n, p->bytes + skip, more);
			n += more;
			st->next += more;
		}
		pieces_drop_first(t, st);
	}
	return n;
}

static void deliver_joined(struct track *t, struct stream *st, struct record *r,
			   const struct delivery *d, uint32_t ready)
{
	uint32_t carried = st->carry_len, n = carried + d->captured,
		 cut = d->reported - d->captured;
	uint8_t *bytes = arena_alloc(&r->arena, (size_t)n + ready);

	if (carried)
		memcpy(bytes, st->carry, carried);
	if (d->captured)
		memcpy(bytes + carried, r->sources[r->flow.psource].bytes + d->off, d->captured);
	carry_drop(t, st);
	n += take_ready(t, st, bytes + n);
	r->payload.source = record_source(r, "Reassembled TCP", bytes, n, n + cut);
	r->sources[r->payload.source].carried = carried;
	r->payload.off = 0;
	r->payload.captured = n;
	r->payload.reported = n + cut;
}

static void deliver(struct track *t, struct stream *st, struct record *r, struct delivery *d)
{
	uint32_t ready;

	st->next += d->reported;
	/* Bytes the capture cut off leave a gap of their own: pieces wait for the next packet. */
	ready = d->captured == d->reported ? ready_bytes(st, st->next) : 0;
	if (d->gap)
		carry_drop(t, st);
	if ((ready || st->carry_len) && r->nsources < RECORD_MAX_SOURCES) {
		deliver_joined(t, st, r, d, ready);
	} else {
		r->payload.source = r->flow.psource;
		r->payload.off = d->off;
		r->payload.captured = d->captured;
		r->payload.reported = d->reported;
	}
	r->payload.gap_before = d->gap;
	st->gap = d->captured < d->reported;
}

/* Give the gap up and go on with the first byte behind it. */
static void skip_gap(struct stream *st, uint32_t seq)
{
	if (st->held && seq_lt(st->held->seq, seq))
		seq = st->held->seq;
	st->next = seq;
	st->gap = true;
}

static void start(struct stream *st, const struct segment *s, uint32_t seq)
{
	st->started = true;
	st->next = seq;
	st->gap = !(s->flags & TCP_SYN);
}

/* Hold the segment behind its gap; false if there is no room or the capture cut it. */
static bool hold_segment(struct track *t, struct stream *st, const struct record *r, uint32_t seq,
			 struct stream_news *news)
{
	const struct flow *f = &r->flow;

	if (f->pcaptured < f->preported ||
	    !hold(t, st, seq, r->sources[f->psource].bytes + f->poff, f->pcaptured, &news->fresh))
		return false;
	news->opened_gap = news->fresh > 0;
	return true;
}

static uint32_t untouched(const struct stream *st, uint32_t seq, uint32_t len)
{
	uint32_t n = len;

	for (const struct piece *p = st->held; p; p = p->next) {
		uint32_t from = seq_lt(p->seq, seq) ? seq : p->seq;
		uint32_t to = seq_lt(seq + len, p->seq + p->len) ? seq + len : p->seq + p->len;

		if (seq_lt(from, to))
			n -= to - from;
	}
	return n;
}

static void in_order(struct track *t, struct stream *st, struct record *r, uint32_t seq,
		     struct stream_news *news)
{
	uint32_t old = st->next - seq;
	struct delivery d = {.off = r->flow.poff + old,
			     .reported = r->flow.preported - old,
			     .captured = r->flow.pcaptured > old ? r->flow.pcaptured - old : 0,
			     .gap = st->gap};

	news->fresh = untouched(st, st->next, d.reported);
	news->filled_gap = st->held != NULL && news->fresh;
	deliver(t, st, r, &d);
}

/* The connection ends: nothing more will come in this direction. */
static void finish(struct track *t, struct stream *st, struct record *r, const struct segment *s)
{
	struct delivery rest = {.off = r->flow.poff};

	if (s->flags & TCP_RST && !st->done) {
		st->done = true;
		if (st->held) /* what is held behind a gap comes now or never */
			skip_gap(st, st->held->seq);
	} else if (st->fin && !st->done && st->started && st->next == st->fin_seq) {
		st->done = true;
	} else {
		return;
	}
	rest.gap = st->gap;
	if (!r->payload.reported && (st->carry_len || st->held))
		deliver(t, st, r, &rest);
	r->payload.last = true;
}

/* What is held and has got its turn. */
static void deliver_held(struct track *t, struct stream *st, struct record *r)
{
	struct delivery held = {.off = r->flow.poff, .gap = st->gap};

	deliver(t, st, r, &held);
}

/* A segment behind a gap: hold it, or give the gap up. */
static void behind_gap(struct track *t, struct stream *st, struct record *r, uint32_t seq,
		       bool hopeless, struct stream_news *news)
{
	if (!hopeless && hold_segment(t, st, r, seq, news))
		return;
	t->caps.stream_dropped += !hopeless;
	skip_gap(st, seq);
	if (st->next == seq) {
		in_order(t, st, r, seq, news);
		return;
	}
	/* With room it joins what is held and comes out with it; else there is room after that. */
	if (hold_segment(t, st, r, seq, news)) {
		deliver_held(t, st, r);
	} else {
		deliver_held(t, st, r);
		hold_segment(t, st, r, seq, news);
	}
}

void stream_segment(struct track *t, struct tcp *tcp, struct record *r, const struct segment *s,
		    struct stream_news *news)
{
	struct tcp_side *me = &tcp->side[r->from_a ? 0 : 1], *peer = &tcp->side[r->from_a ? 1 : 0];
	struct stream *st = &me->stream;
	uint32_t seq = s->seq + (s->flags & TCP_SYN ? 1 : 0);
	bool reset = s->flags & TCP_RST;
	bool hopeless; /* the receiver has the bytes of the gap: nobody will send them again */

	if ((!st->started || (s->flags & TCP_SYN && !me->bytes)) && !reset)
		start(st, s, seq);
	if (s->flags & TCP_FIN && !st->fin) {
		st->fin = true;
		st->fin_seq = seq + s->len;
	}
	hopeless = peer->acked && seq_lt(st->next, peer->ack_known);
	if (st->held && hopeless && seq_le(st->held->seq, peer->ack_known) &&
	    seq_le(st->held->seq, seq))
		skip_gap(st, st->held->seq);
	if (s->len && !st->done && !reset && seq_lt(st->next, seq))
		behind_gap(t, st, r, seq, hopeless && seq_le(seq, peer->ack_known), news);
	else if (s->len && !st->done && !reset && seq_lt(st->next, seq + s->len))
		in_order(t, st, r, seq, news);
	else if (st->held && ready_bytes(st, st->next))
		deliver_held(t, st, r);
	if (reset || st->fin)
		finish(t, st, r, s);
}

void stream_keep(struct track *t, struct stream *st, const struct record *r)
{
	uint32_t used = MIN(r->payload.consumed, r->payload.captured);
	uint32_t rest = r->payload.captured - used;

	if (!rest || r->payload.last)
		return;
	/* A message that the capture cut, or that is longer than what is kept, cannot be completed.
	 */
	if (r->payload.captured < r->payload.reported || !room_for(t, st, rest)) {
		t->caps.stream_dropped += r->payload.captured == r->payload.reported;
		st->gap = true;
		return;
	}
	if (rest > st->carry_cap) {
		st->carry_cap = MAX(rest + rest / 2, CARRY_FIRST);
		g_free(st->carry);
		st->carry = g_malloc(st->carry_cap);
	}
	memcpy(st->carry, r->sources[r->payload.source].bytes + r->payload.off + used, rest);
	st->carry_len = rest;
	t->stream_total += rest;
}
