/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * tcp_facts: what a conversation record tells about a TCP connection: how it opened and ended, who
 * waited for whom, what was lost where. Side 0 is a (the sender of the first packet seen); client
 * and server are told apart only when the record is made or where it matters.
 */
#include "src/track/internal.h"

/* A second copy comes at once; a host that counts its packets in the IP id never reuses it soon. */
#define COPY_TIME_WITH_ID (200 * NS_PER_MS)
#define COPY_TIME         (1 * NS_PER_MS)

bool tcp_seen_twice(struct tcp_side *side, const struct flow *f, int64_t time)
{
	bool same = side->packets && side->last.seq == f->seq && side->last.ack == f->ack &&
		    side->last.flags == f->tcp_flags && side->last.len == f->preported &&
		    side->last.ip_id == f->ip_id && side->last.window == f->window;
	bool counted = f->family == 4 && f->ip_id;
	/* Without a counter only a segment that takes sequence numbers can be told from a repeat.
	 */
	bool tellable = counted || f->preported || f->tcp_flags & (TCP_SYN | TCP_FIN);
	int64_t age = time - side->last.time;

	side->last.seq = f->seq;
	side->last.ack = f->ack;
	side->last.flags = f->tcp_flags;
	side->last.len = f->preported;
	side->last.ip_id = f->ip_id;
	side->last.window = f->window;
	side->last.time = time;
	return same && tellable && age < (counted ? COPY_TIME_WITH_ID : COPY_TIME);
}

static unsigned server_side(const struct entry *e)
{
	return e->conv.a_is_client ? 1 : 0;
}

static void opening(struct entry *e, const struct segment *s, const struct flow *f, unsigned from)
{
	struct tcp *tcp = e->tcp;
	bool server = from == server_side(e);

	if (s->flags & TCP_SYN && f->mss)
		tcp->side[from].mss = f->mss;
	if ((s->flags & (TCP_SYN | TCP_ACK)) == TCP_SYN && !server) {
		if (!tcp->syn_frame) {
			tcp->syn_frame = s->frame;
			tcp->syn_time = s->time;
		} else if (!s->duplicate) {
			tcp->syn_retries++;
		}
	} else if ((s->flags & (TCP_SYN | TCP_ACK)) == (TCP_SYN | TCP_ACK) && server) {
		tcp->syn_answered = true;
		if (!tcp->synack_frame) {
			tcp->synack_frame = s->frame;
			tcp->synack_time = s->time;
		} else if (!s->duplicate) {
			tcp->synack_retries++;
		}
	} else if (s->flags & TCP_RST && server && tcp->syn_frame && !tcp->synack_frame) {
		tcp->syn_answered = true;
		tcp->refused = true;
	} else if (!server && s->flags & TCP_ACK && tcp->synack_frame && !tcp->handshake_done &&
		   !(s->flags & (TCP_RST | TCP_SYN))) {
		tcp->handshake_done = true;
		tcp->ack_time = s->time;
	}
}

/* The reset of a host that was never asked: nearer than the side it names, or of another TTL. */
static void reset(struct entry *e, const struct segment *s, unsigned from)
{
	struct tcp *tcp = e->tcp;
	const struct tcp_side *me = &tcp->side[from], *peer = &tcp->side[!from];
	int64_t rtt = tcp->rtt_min;

	if (tcp->reset_by)
		return;
	tcp->reset_by = (int8_t)(from + 1);
	tcp->reset_frame = s->frame;
	tcp->reset_after_data = me->bytes || peer->bytes;
	tcp->reset_after_fin = me->fin_frame || peer->fin_frame;
	tcp->reset_ack = s->flags & TCP_ACK;
	tcp->reset_ttl = s->ttl;
	tcp->reset_usual_ttl = me->ttl;
	tcp->reset_ttl_differs = me->ttl && s->ttl != me->ttl;
	/* Only an answer to the client's data can be too fast, and only over a measurable way. */
	tcp->reset_too_fast = from == server_side(e) && rtt > NS_PER_MS &&
			      tcp->last_from == !from && tcp->last_len &&
			      s->time - tcp->last_time < rtt / 2;
}

static void closing(struct tcp *tcp, const struct segment *s, unsigned from)
{
	if (s->flags & TCP_FIN && !tcp->side[from].fin_frame)
		tcp->side[from].fin_frame = s->frame;
	if (s->flags & (TCP_FIN | TCP_RST) && !tcp->closed_by)
		tcp->closed_by = (int8_t)(from + 1);
}

/* Requests of the client and how long the server's program took for each. */
static void replies(struct entry *e, const struct segment *s, const struct stream_news *news,
		    unsigned from)
{
	struct tcp *tcp = e->tcp;

	if (from != server_side(e)) {
		if (news->fresh) {
			tcp->request.waiting = true;
			tcp->request.frame = s->frame;
			tcp->request.end = s->seq + s->len;
			tcp->request.time = s->time;
			tcp->request.acked = 0;
		}
		return;
	}
	if (!tcp->request.waiting || s->flags & TCP_RST)
		return;
	if (!tcp->request.acked && s->flags & TCP_ACK && seq_le(tcp->request.end, s->ack))
		tcp->request.acked = s->time;
	if (news->fresh && tcp->request.acked) {
		int64_t delay = s->time - tcp->request.acked;

		if (!tcp->slowest_reply)
			tcp->first_reply_delay = delay;
		if (!tcp->slowest_reply || delay > tcp->slowest_delay) {
			tcp->slowest_delay = delay;
			tcp->slowest_request = tcp->request.frame;
			tcp->slowest_reply = s->frame;
		}
		tcp->request.waiting = false;
	}
}

static void data(struct entry *e, const struct segment *s, const struct stream_news *news,
		 unsigned from)
{
	struct tcp *tcp = e->tcp;
	struct tcp_side *me = &tcp->side[from];

	if (!me->stream.held)
		me->gap_frame = 0;
	if (!news->fresh)
		return;
	if (s->len > me->largest)
		me->largest = s->len;
	if (!tcp->first_data_frame) {
		tcp->first_data_frame = s->frame;
		tcp->data_by_server_first = from == server_side(e);
	}
	if (from == server_side(e) && !tcp->server_first_byte_delay && tcp->handshake_done)
		tcp->server_first_byte_delay = s->time - tcp->ack_time;
	if (news->opened_gap && !me->gap_frame) {
		me->gap_frame = s->frame;
		me->gap_time = s->time;
		me->gap_next_size = s->len;
	}
}

/* An empty packet tells how much its sender has sent: more than came here? */
static void sent_more(struct tcp_side *me, const struct segment *s)
{
	uint32_t end = me->stream.next + (me->stream.fin ? 1 : 0);

	if (s->len || s->flags & (TCP_SYN | TCP_FIN | TCP_RST) || !me->stream.started ||
	    me->stream.held || !seq_lt(end, s->seq))
		return;
	me->ahead = s->seq;
	me->ahead_frame = s->frame;
}

/* A gap that is filled sooner than a round trip was never lost, only overtaken. */
static bool only_reordered(const struct tcp *tcp, const struct segment *s,
			   const struct tcp_side *me, const struct tcp_marks *m)
{
	int64_t limit = tcp->first_rtt ? tcp->first_rtt : 3 * NS_PER_MS;

	return m->flags & MARK_OUT_OF_ORDER || (me->gap_frame && s->time - me->gap_time < limit);
}

/* Repeats: bytes seen before were lost after this place; bytes that fill a gap, before it. */
static void repeats(struct track *t, struct tcp *tcp, const struct record *r,
		    const struct segment *s, const struct tcp_marks *m,
		    const struct stream_news *news, unsigned from)
{
	struct tcp_side *me = &tcp->side[from];
	const struct field *df;

	if (s->duplicate || s->flags & (TCP_SYN | TCP_RST))
		return;
	if (news->filled_gap) {
		if (only_reordered(tcp, s, me, m)) {
			tcp->out_of_order++;
		} else {
			tcp->lost_before++;
			if (!tcp->lost_before_frame)
				tcp->lost_before_frame = s->frame;
		}
		return;
	}
	if (!(m->flags & MARKS_REPEAT) || news->fresh)
		return;
	me->retransmissions++;
	if (m->flags & MARK_SPURIOUS_RETRANSMISSION)
		tcp->spurious++;
	if (!tcp->retransmission_frame)
		tcp->retransmission_frame = s->frame;
	if (me->repeat_times && me->repeat_seq == s->seq) {
		me->repeat_times++;
	} else {
		me->repeat_seq = s->seq;
		me->repeat_times = 1;
	}
	me->repeat_len = s->len;
	me->repeat_frame = s->frame;
	df = r->flow.family == 4 && t->ids[F_IP_DF] != FIELD_NONE
		     ? record_find(r, t->ids[F_IP_DF], 0)
		     : NULL;
	me->repeat_df = r->flow.family == 6 || (df && df->v.u);
}

/* What this segment acknowledges. */
static void acks(struct tcp *tcp, const struct record *r, const struct segment *s,
		 const struct tcp_marks *m, unsigned from)
{
	struct tcp_side *me = &tcp->side[from], *peer = &tcp->side[!from];

	if (!(s->flags & TCP_ACK))
		return;
	me->ack_moved |= me->acked && s->ack != me->ack_known && !(s->flags & TCP_RST);
	me->sacked = r->flow.nsack > 0;
	if (peer->repeat_times && seq_lt(peer->repeat_seq, s->ack))
		peer->repeat_times = 0;
	if (m->flags & MARK_ACK_LOST_SEGMENT && !(s->flags & TCP_RST)) {
		tcp->capture_drops++;
		if (!tcp->capture_drop_frame)
			tcp->capture_drop_frame = s->frame;
	}
	if (m->flags & MARK_DUPLICATE_ACK && !s->duplicate)
		tcp->dup_acks++;
}

static void windows(struct tcp *tcp, const struct segment *s, const struct tcp_marks *m,
		    unsigned from)
{
	struct tcp_side *me = &tcp->side[from];

	if (m->flags & (MARK_KEEP_ALIVE | MARK_ZERO_WINDOW_PROBE)) {
		if (tcp->side[!from].zero_since)
			tcp->zero_probes++;
		else
			tcp->keep_alives++;
	}
	if (m->flags & MARK_ZERO_WINDOW) {
		tcp->zero_windows++;
		if (!me->zero_since)
			me->zero_since = s->time;
		if (!tcp->zero_window_frame) {
			tcp->zero_window_frame = s->frame;
			tcp->zero_by = (int8_t)(from + 1);
		}
	}
	if (!me->zero_since || s->flags & (TCP_RST | TCP_SYN))
		return;
	if (s->time - me->zero_since > tcp->zero_longest)
		tcp->zero_longest = s->time - me->zero_since;
	if (s->window) {
		me->zero_since = 0;
		tcp->window_reopened = true;
	}
}

/* What follows the longest silence: an answer, a reset, or only repeats. */
static void after_silence(struct entry *e, const struct segment *s, const struct tcp_marks *m,
			  unsigned from)
{
	struct tcp *tcp = e->tcp;

	if (e->idle_frame == s->frame) {
		tcp->idle_side = (int8_t)(from + 1);
		tcp->idle_answered = tcp->idle_reset = false;
		tcp->idle_repeats = 0;
		return;
	}
	if (!tcp->idle_side || tcp->idle_answered || tcp->idle_reset)
		return;
	if (tcp->idle_side == (int8_t)(from + 1)) {
		if (m->flags & MARKS_REPEAT && !s->duplicate)
			tcp->idle_repeats++;
	} else if (s->flags & TCP_RST) {
		tcp->idle_reset = true;
	} else {
		tcp->idle_answered = true;
	}
}

static void round_trips(struct entry *e, const struct segment *s, const struct tcp_marks *m,
			unsigned from)
{
	struct tcp *tcp = e->tcp;

	if (from == server_side(e) && m->acked_frame && m->ack_rtt > 0 && !(s->flags & TCP_RST) &&
	    (!tcp->rtt_min || m->ack_rtt < tcp->rtt_min))
		tcp->rtt_min = m->ack_rtt;
}

void tcp_stream_facts(struct tcp_side *me, const struct segment *s, const struct stream_news *news)
{
	me->packets++;
	me->bytes += news->fresh;
	if (s->flags & TCP_ACK) {
		me->ack_known = s->ack;
		me->acked = true;
	}
}

void tcp_facts(struct track *t, struct entry *e, const struct record *r, const struct segment *s,
	       const struct tcp_marks *m, const struct stream_news *news)
{
	unsigned from = r->from_a ? 0 : 1;
	struct tcp *tcp = e->tcp;
	struct tcp_side *me = &tcp->side[from];

	opening(e, s, &r->flow, from);
	if (s->flags & TCP_RST)
		reset(e, s, from);
	else
		me->ttl = s->ttl;
	closing(tcp, s, from);
	repeats(t, tcp, r, s, m, news, from);
	data(e, s, news, from);
	sent_more(me, s);
	replies(e, s, news, from);
	acks(tcp, r, s, m, from);
	windows(tcp, s, m, from);
	after_silence(e, s, m, from);
	round_trips(e, s, m, from);
	tcp_stream_facts(me, s, news);
	tcp->last_from = from;
	tcp->last_len = s->len;
	tcp->last_time = s->time;
	if (tcp->reset_by || (tcp->side[0].fin_frame && tcp->side[1].fin_frame))
		conv_closing(t, e);
}

bool tcp_one_sided(const struct tcp *tcp)
{
	for (unsigned i = 0; i < 2; i++)
		if (tcp->side[i].packets && !tcp->side[!i].packets)
			return tcp->side[i].ack_moved || tcp->synack_frame ||
			       (tcp->syn_frame && tcp->side[i].acked);
	return false;
}
