/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * tcp_analysis: is this segment a repeat, out of order, a probe, a duplicate acknowledgment ...
 *
 * The marks have Wireshark's names and mean what Wireshark 4.0 means by them, so that a filter
 * finds the same packets in both; numbers are compared modulo 2^32 (RFC 9293 section 3.4). A number
 * that is 0 counts as not known yet, as there.
 */
#include "src/track/internal.h"

#define REORDER_TIME (3 * NS_PER_MS)  /* nearer to the newest segment than this: out of order */
#define FAST_TIME    (20 * NS_PER_MS) /* nearer to the last duplicate ACK: fast retransmission */
#define WSCALE_MAX   14               /* RFC 7323 section 2.3 */

static bool plain(const struct segment *s)
{
	return !(s->flags & (TCP_SYN | TCP_FIN | TCP_RST));
}

/* SYN and FIN take one sequence number each. */
static uint32_t virtual_byte(const struct segment *s)
{
	return s->flags & (TCP_SYN | TCP_FIN) ? 1 : 0;
}

void tcp_bases(struct tcp *tcp, unsigned from, const struct segment *s)
{
	struct tcp_side *me = &tcp->side[from], *peer = &tcp->side[!from];

	if (!me->base_set) {
		me->base_seq = s->flags & TCP_SYN ? s->seq : s->seq - 1;
		me->base_set = true;
	}
	if (!peer->base_set && s->flags & TCP_ACK) {
		peer->base_seq = s->ack - 1;
		peer->base_set = true;
	}
}

/* An empty segment that repeats this side's last acknowledgment. */
static bool repeats_ack(const struct tcp_sight *me, const struct segment *s)
{
	return s->len == 0 && s->seq == me->nextseq && s->ack == me->lastack && plain(s);
}

static bool fills_window(const struct tcp_sight *peer, const struct segment *s)
{
	unsigned shift = peer->first_ack || peer->wscale < 0 ? 0 : (unsigned)peer->wscale;

	return s->len && plain(s) && peer->wscale != WSCALE_UNKNOWN &&
	       s->seq + s->len == peer->lastack + (peer->window << shift);
}

static uint32_t position_marks(struct tcp_sight *me, const struct tcp_sight *peer,
			       const struct segment *s)
{
	uint32_t marks = 0;

	if (s->window == 0 && plain(s))
		marks |= MARK_ZERO_WINDOW;
	if (me->nextseq && seq_lt(me->nextseq, s->seq) && !(s->flags & TCP_RST)) {
		marks |= MARK_LOST_SEGMENT;
		me->valid_flight = false;
	}
	if (s->len <= 1 && s->seq == me->nextseq - 1 && plain(s))
		marks |= MARK_KEEP_ALIVE;
	if (repeats_ack(me, s) && s->window && s->window != me->window)
		marks |= MARK_WINDOW_UPDATE;
	if (fills_window(peer, s))
		marks |= MARK_WINDOW_FULL;
	return marks;
}

/* The marks of an acknowledgment that says nothing new. */
static void repeat_marks(struct tcp_sight *me, const struct tcp_sight *peer,
			 const struct segment *s, struct tcp_marks *m)
{
	if (!repeats_ack(me, s) || s->window != me->window)
		return;
	if (s->window && peer->last_marks & MARK_KEEP_ALIVE) {
		m->flags |= MARK_KEEP_ALIVE_ACK;
	} else if (!s->window) {
		if (peer->last_marks & MARK_ZERO_WINDOW_PROBE)
			m->flags |= MARK_ZERO_WINDOW_PROBE_ACK;
	} else {
		me->dupacks = me->dupacks == -1 ? 1 : me->dupacks + 1;
		m->flags |= MARK_DUPLICATE_ACK;
		m->dup_num = (uint32_t)me->dupacks;
		m->dup_frame = me->lastnondupack;
	}
}

/* The segment acknowledges bytes of the peer that were never seen. */
static void ack_of_unseen(struct tcp_sight *peer, const struct segment *s, struct tcp_marks *m)
{
	if (!peer->max_to_ack || !(s->flags & TCP_ACK) || !seq_lt(peer->max_to_ack, s->ack))
		return;
	m->present = true;
	if (seq_lt(peer->max_to_ack, peer->nextseq)) {
		peer->max_to_ack = peer->nextseq;
		m->flags |= MARK_ACK_LOST_SEGMENT;
		return;
	}
	/* The peer sends nothing more: say it once, until it acknowledges something new. */
	if (peer->dupacks == 0)
		m->flags |= MARK_ACK_LOST_SEGMENT;
	peer->dupacks = -1;
}

/* Measure the timeout from the oldest unacknowledged segment, else from the newest one. */
static void retransmission_timeout(const struct tcp_sight *me, const struct segment *s,
				   struct tcp_marks *m)
{
	m->rto = s->time - (me->segs ? me->segs->time : me->nextseq_time);
	m->rto_frame = me->segs ? me->segs->frame : me->nextseq_frame;
}

static bool out_of_order(const struct tcp *tcp, const struct tcp_sight *me, const struct segment *s)
{
	int64_t limit = tcp->first_rtt ? tcp->first_rtt : REORDER_TIME;

	if (s->time - me->nextseq_time >= limit)
		return false;
	return me->nextseq != s->seq + s->len + virtual_byte(s) || (s->len && me->lastacklen == 0);
}

/* Which kind of repeat, if it does not advance the sequence number. */
static void repeat_kind(const struct tcp *tcp, const struct tcp_sight *me,
			const struct tcp_sight *peer, const struct segment *s, struct tcp_marks *m)
{
	bool behind = me->nextseq && seq_lt(s->seq, me->nextseq);

	if (!(s->len || virtual_byte(s)) || m->flags & MARK_KEEP_ALIVE)
		return;
	/* One byte back with more than one byte: new data after a zero window probe. */
	if (s->len > 1 && me->nextseq - 1 == s->seq)
		behind = false;
	if (s->len && peer->lastack && seq_le(s->seq + s->len, peer->lastack)) {
		m->flags |= MARK_SPURIOUS_RETRANSMISSION;
	} else if (behind && peer->dupacks >= 2 && peer->lastack == s->seq &&
		   s->time - peer->lastack_time < FAST_TIME) {
		m->flags |= MARK_FAST_RETRANSMISSION;
	} else if (behind && out_of_order(tcp, me, s)) {
		m->flags |= MARK_OUT_OF_ORDER;
	} else if (behind) {
		m->flags |= MARK_RETRANSMISSION;
		retransmission_timeout(me, s, m);
	}
}

static void seg_drop_first(struct track *t, struct tcp_sight *me)
{
	struct seg *g = me->segs;

	me->segs = g->next;
	if (!me->segs)
		me->segs_last = NULL;
	me->nsegs--;
	pool_give(&t->segs, g);
}

struct tcp_sight *sights_new(struct track *t)
{
	struct tcp_sight *sights = pool_take(&t->tcp_sights);

	for (unsigned i = 0; i < 2; i++) {
		sights[i].wscale = WSCALE_UNKNOWN;
		sights[i].valid_flight = true;
		sights[i].window = UINT32_MAX;
	}
	return sights;
}

void sights_free(struct track *t, struct tcp_sight *sights)
{
	for (unsigned i = 0; sights && i < 2; i++)
		while (sights[i].segs)
			seg_drop_first(t, &sights[i]);
	pool_give(&t->tcp_sights, sights);
}

static void seg_add(struct track *t, struct tcp_sight *me, const struct segment *s,
		    uint32_t nextseq)
{
	struct seg *g;

	if (me->nsegs == SEGS_MAX_SIDE)
		seg_drop_first(t, me);
	g = pool_take(&t->segs);
	if (!g)
		return;
	*g = (struct seg){.seq = s->seq, .nextseq = nextseq, .frame = s->frame, .time = s->time};
	/* Sorted lists need not be walked to their end. */
	me->segs_mixed =
		me->segs_last && (me->segs_mixed || seq_lt(s->seq, me->segs_last->nextseq));
	*(me->segs_last ? &me->segs_last->next : &me->segs) = g;
	me->segs_last = g;
	me->nsegs++;
}

/* Take the acknowledged segments off the peer's list; the oldest exact match gives the time. */
static void acknowledge(struct track *t, struct tcp_sight *peer, const struct segment *s,
			struct tcp_marks *m)
{
	struct seg *before = NULL, *g = peer->segs, *next;

	for (; g; g = next) {
		next = g->next;
		if (seq_lt(s->ack, g->nextseq)) {
			if (seq_lt(g->seq, s->ack))
				g->seq = s->ack;
			else if (!peer->segs_mixed)
				break;
			before = g;
			continue;
		}
		if (g->nextseq == s->ack) {
			m->present = true;
			if (!m->acked_frame) {
				m->acked_frame = g->frame;
				m->ack_rtt = s->time - g->time;
			}
		}
		if (g->nextseq - g->seq > peer->largest_acked)
			peer->largest_acked = g->nextseq - g->seq;
		*(before ? &before->next : &peer->segs) = next;
		if (!next)
			peer->segs_last = before;
		peer->nsegs--;
		pool_give(&t->segs, g);
	}
}

static uint32_t in_flight(const struct tcp_sight *me)
{
	uint32_t low = me->segs->seq, high = me->segs->nextseq;

	if (!me->segs_mixed)
		return me->segs_last->nextseq - low;
	for (const struct seg *g = me->segs->next; g; g = g->next) {
		if (seq_lt(g->seq, low))
			low = g->seq;
		if (seq_lt(high, g->nextseq))
			high = g->nextseq;
	}
	return high - low;
}

static void flight(struct tcp_sight *me, const struct tcp_sight *peer, const struct segment *s,
		   struct tcp_marks *m)
{
	uint32_t bytes;

	if (!s->len || !me->segs || !me->valid_flight)
		return;
	bytes = in_flight(me) - peer->sack_bytes;
	m->present = true;
	if (bytes > 0 && bytes < 2000000000)
		m->in_flight = bytes - virtual_byte(s);
	if (me->push_last)
		me->push_bytes = s->len;
	else
		me->push_bytes += s->len;
	me->push_last = s->flags & TCP_PSH;
	m->push_bytes = me->push_bytes;
}

static void remember(struct track *t, struct tcp_sight *me, const struct segment *s,
		     const struct tcp_marks *m)
{
	bool probe = m->flags & MARK_ZERO_WINDOW_PROBE;
	uint32_t nextseq = s->seq + s->len;

	if (s->len || virtual_byte(s)) {
		nextseq += virtual_byte(s);
		seg_add(t, me, s, nextseq);
	}
	if (!me->nextseq || seq_lt(me->nextseq + virtual_byte(s), nextseq))
		me->lastacklen = s->len;
	if ((!me->nextseq || seq_lt(me->nextseq, nextseq)) && !probe) {
		me->nextseq = nextseq;
		me->nextseq_frame = s->frame;
		me->nextseq_time = s->time;
	}
	if ((!me->max_to_ack || s->seq == me->max_to_ack) && !probe)
		me->max_to_ack = me->nextseq;
	me->window = s->window;
	me->lastack = s->ack;
	me->lastack_time = s->time;
	me->last_marks = m->flags;
}

/* Window scaling counts only if both sides offered it (RFC 7323 section 2.2). */
static void window_scale(struct tcp_sight *me, struct tcp_sight *peer, const struct segment *s,
			 const struct flow *f)
{
	if (f->wscale >= 0)
		me->wscale = f->wscale > WSCALE_MAX ? WSCALE_MAX : f->wscale;
	if (me->wscale == WSCALE_UNKNOWN) {
		me->wscale = WSCALE_NONE;
		peer->wscale = WSCALE_NONE;
	} else if (s->flags & TCP_ACK && peer->wscale == WSCALE_NONE) {
		me->wscale = WSCALE_NONE;
	}
}

static void first_rtt(struct tcp *tcp, struct tcp_sight *me, const struct segment *s)
{
	uint16_t opening = s->flags & (TCP_SYN | TCP_ACK);

	if (opening == TCP_SYN)
		tcp->syn_latest = s->time;
	if (s->flags & TCP_SYN)
		me->first_ack = true;
	if (opening != TCP_ACK)
		return;
	me->first_ack = false;
	if (tcp->syn_latest && !tcp->first_rtt)
		tcp->first_rtt = s->time - tcp->syn_latest;
}

static void sack(struct tcp_sight *me, const struct flow *f)
{
	me->sack_bytes = 0;
	for (unsigned i = 0; i < f->nsack; i++)
		me->sack_bytes += f->sack[2 * i + 1] - f->sack[2 * i];
}

void tcp_analyse(struct track *t, struct tcp *tcp, unsigned from, const struct segment *s,
		 const struct flow *f, struct tcp_marks *m)
{
	struct tcp_sight *me = &tcp->sight[from], *peer = &tcp->sight[!from];

	tcp_bases(tcp, from, s);
	if (s->flags & TCP_ACK)
		peer->valid_flight = true;
	if (s->len == 1 && s->seq == me->nextseq && peer->window == 0) {
		m->flags |= MARK_ZERO_WINDOW_PROBE;
	} else {
		m->flags |= position_marks(me, peer, s);
		repeat_marks(me, peer, s, m);
	}
	if (s->ack != me->lastack) {
		me->lastnondupack = s->frame;
		me->dupacks = 0;
	}
	ack_of_unseen(peer, s, m);
	repeat_kind(tcp, me, peer, s, m);
	remember(t, me, s, m);
	acknowledge(t, peer, s, m);
	flight(me, peer, s, m);
	m->present |= m->flags != 0;
	sack(me, f);
	if (s->flags & TCP_SYN)
		window_scale(me, peer, s, f);
	first_rtt(tcp, me, s);
}
