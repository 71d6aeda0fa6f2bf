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
	struct tcp_facts *facts = e->tcp->facts;
	bool server = from == server_side(e);

	if (s->flags & TCP_SYN && f->mss)
		facts->side[from].mss = f->mss;
	if ((s->flags & (TCP_SYN | TCP_ACK)) == TCP_SYN && !server) {
		if (!facts->syn_frame) {
			facts->syn_frame = s->frame;
			facts->syn_time = s->time;
		} else if (!s->duplicate) {
			facts->syn_retries++;
		}
	} else if ((s->flags & (TCP_SYN | TCP_ACK)) == (TCP_SYN | TCP_ACK) && server) {
		facts->syn_answered = true;
		if (!facts->synack_frame) {
			facts->synack_frame = s->frame;
			facts->synack_time = s->time;
		} else if (!s->duplicate) {
			facts->synack_retries++;
		}
	} else if (s->flags & TCP_RST && server && facts->syn_frame && !facts->synack_frame) {
		facts->syn_answered = true;
		facts->refused = true;
	} else if (!server && s->flags & TCP_ACK && facts->synack_frame && !facts->handshake_done &&
		   !(s->flags & (TCP_RST | TCP_SYN))) {
		facts->handshake_done = true;
		facts->ack_time = s->time;
	}
}

/* The reset of a host that was never asked: nearer than the side it names, or of another TTL. */
static void reset(struct entry *e, const struct segment *s, unsigned from)
{
	struct tcp *tcp = e->tcp;
	struct tcp_facts *facts = tcp->facts;
	const struct side_facts *mine = &facts->side[from];
	const struct tcp_side *me = &tcp->side[from], *peer = &tcp->side[!from];
	int64_t rtt = facts->rtt_min;

	if (tcp->reset_by)
		return;
	tcp->reset_by = (int8_t)(from + 1);
	facts->reset_frame = s->frame;
	facts->reset_after_data = me->bytes || peer->bytes;
	facts->reset_after_goodbye =
		me->fin_frame || peer->fin_frame || (e->conv.left[0] && e->conv.left[1]);
	facts->reset_ack = s->flags & TCP_ACK;
	facts->reset_ttl = s->ttl;
	facts->reset_usual_ttl = mine->ttl;
	facts->reset_ttl_differs = mine->ttl && s->ttl != mine->ttl;
	/* Only an answer to the client's data can be too fast, and only over a measurable way. */
	facts->reset_too_fast = from == server_side(e) && rtt > NS_PER_MS &&
				facts->last_from == !from && facts->last_len &&
				s->time - facts->last_time < rtt / 2;
}

/* Requests of the client and how long the server's program took for each. */
static void replies(struct entry *e, const struct segment *s, const struct stream_news *news,
		    unsigned from)
{
	struct tcp_facts *facts = e->tcp->facts;

	if (from != server_side(e)) {
		if (news->fresh) {
			facts->request.waiting = true;
			facts->request.frame = s->frame;
			facts->request.end = s->seq + s->len;
			facts->request.time = s->time;
			facts->request.acked = 0;
		}
		return;
	}
	if (!facts->request.waiting || s->flags & TCP_RST)
		return;
	if (!facts->request.acked && s->flags & TCP_ACK && seq_le(facts->request.end, s->ack))
		facts->request.acked = s->time;
	if (news->fresh && facts->request.acked) {
		int64_t delay = s->time - facts->request.acked;

		if (!facts->slowest_reply)
			facts->first_reply_delay = delay;
		if (!facts->slowest_reply || delay > facts->slowest_delay) {
			facts->slowest_delay = delay;
			facts->slowest_request = facts->request.frame;
			facts->slowest_reply = s->frame;
		}
		facts->request.waiting = false;
	}
}

static void data(struct entry *e, const struct segment *s, const struct stream_news *news,
		 unsigned from)
{
	struct tcp_facts *facts = e->tcp->facts;
	struct side_facts *mine = &facts->side[from];

	if (!e->tcp->side[from].stream.held)
		mine->gap_frame = 0;
	if (!news->fresh)
		return;
	if (s->len > mine->largest)
		mine->largest = s->len;
	if (!facts->first_data_frame) {
		facts->first_data_frame = s->frame;
		facts->data_by_server_first = from == server_side(e);
	}
	if (from == server_side(e) && !facts->server_first_byte_delay && facts->handshake_done)
		facts->server_first_byte_delay = s->time - facts->ack_time;
	if (news->opened_gap && !mine->gap_frame) {
		mine->gap_frame = s->frame;
		mine->gap_time = s->time;
		mine->gap_next_size = s->len;
	}
}

/* An empty packet tells how much its sender has sent: more than came here? */
static void sent_more(const struct tcp_side *me, struct side_facts *mine, const struct segment *s)
{
	uint32_t end = me->stream.next + (me->stream.fin ? 1 : 0);

	if (s->len || s->flags & (TCP_SYN | TCP_FIN | TCP_RST) || !me->stream.started ||
	    me->stream.held || !seq_lt(end, s->seq))
		return;
	mine->ahead = s->seq;
	mine->ahead_frame = s->frame;
}

/* A gap that is filled sooner than a round trip was never lost, only overtaken. */
static bool only_reordered(const struct tcp *tcp, const struct segment *s,
			   const struct side_facts *mine, const struct tcp_marks *m)
{
	int64_t limit = tcp->first_rtt ? tcp->first_rtt : 3 * NS_PER_MS;

	return m->flags & MARK_OUT_OF_ORDER ||
	       (mine->gap_frame && s->time - mine->gap_time < limit);
}

/* Repeats: bytes seen before were lost after this place; bytes that fill a gap, before it. */
static void repeats(struct track *t, struct tcp *tcp, const struct record *r,
		    const struct segment *s, const struct tcp_marks *m,
		    const struct stream_news *news, unsigned from)
{
	struct tcp_facts *facts = tcp->facts;
	struct side_facts *mine = &facts->side[from];
	const struct field *df;

	if (s->duplicate || s->flags & (TCP_SYN | TCP_RST))
		return;
	if (news->filled_gap) {
		if (only_reordered(tcp, s, mine, m)) {
			facts->out_of_order++;
		} else {
			facts->lost_before++;
			if (!facts->lost_before_frame)
				facts->lost_before_frame = s->frame;
		}
		return;
	}
	if (!(m->flags & MARKS_REPEAT) || news->fresh)
		return;
	mine->retransmissions++;
	if (m->flags & MARK_SPURIOUS_RETRANSMISSION)
		facts->spurious++;
	if (!facts->retransmission_frame)
		facts->retransmission_frame = s->frame;
	if (mine->repeat_times && mine->repeat_seq == s->seq) {
		mine->repeat_times++;
	} else {
		mine->repeat_seq = s->seq;
		mine->repeat_times = 1;
	}
	mine->repeat_len = s->len;
	mine->repeat_frame = s->frame;
	df = r->flow.family == 4 && t->ids[F_IP_DF] != FIELD_NONE
		     ? record_find(r, t->ids[F_IP_DF], 0)
		     : NULL;
	mine->repeat_df = r->flow.family == 6 || (df && df->v.u);
}

/* What this segment acknowledges. */
static void acks(struct tcp *tcp, const struct record *r, const struct segment *s,
		 const struct tcp_marks *m, unsigned from)
{
	const struct tcp_side *me = &tcp->side[from];
	struct tcp_facts *facts = tcp->facts;
	struct side_facts *mine = &facts->side[from], *theirs = &facts->side[!from];

	if (!(s->flags & TCP_ACK))
		return;
	mine->ack_moved |= me->acked && s->ack != me->ack_known && !(s->flags & TCP_RST);
	mine->sacked = r->flow.nsack > 0;
	if (theirs->repeat_times && seq_lt(theirs->repeat_seq, s->ack))
		theirs->repeat_times = 0;
	if (m->flags & MARK_ACK_LOST_SEGMENT && !(s->flags & TCP_RST)) {
		facts->capture_drops++;
		if (!facts->capture_drop_frame)
			facts->capture_drop_frame = s->frame;
	}
	if (m->flags & MARK_DUPLICATE_ACK && !s->duplicate)
		facts->dup_acks++;
}

static void windows(struct tcp_facts *facts, const struct segment *s, const struct tcp_marks *m,
		    unsigned from)
{
	struct side_facts *mine = &facts->side[from];

	if (m->flags & (MARK_KEEP_ALIVE | MARK_ZERO_WINDOW_PROBE)) {
		if (facts->side[!from].zero_since)
			facts->zero_probes++;
		else
			facts->keep_alives++;
	}
	if (m->flags & MARK_ZERO_WINDOW) {
		facts->zero_windows++;
		if (!mine->zero_since)
			mine->zero_since = s->time;
		if (!facts->zero_window_frame) {
			facts->zero_window_frame = s->frame;
			facts->zero_by = (int8_t)(from + 1);
		}
	}
	if (!mine->zero_since || s->flags & (TCP_RST | TCP_SYN))
		return;
	if (s->time - mine->zero_since > facts->zero_longest)
		facts->zero_longest = s->time - mine->zero_since;
	if (s->window) {
		mine->zero_since = 0;
		facts->window_reopened = true;
	}
}

/* What follows the longest silence: an answer, a reset, or only repeats. */
static void after_silence(struct entry *e, const struct segment *s, const struct tcp_marks *m,
			  unsigned from)
{
	struct tcp_facts *facts = e->tcp->facts;

	if (e->idle_frame == s->frame) {
		facts->idle_side = (int8_t)(from + 1);
		facts->idle_answered = facts->idle_reset = false;
		facts->idle_repeats = 0;
		return;
	}
	if (!facts->idle_side || facts->idle_answered || facts->idle_reset)
		return;
	if (facts->idle_side == (int8_t)(from + 1)) {
		if (m->flags & MARKS_REPEAT && !s->duplicate)
			facts->idle_repeats++;
	} else if (s->flags & TCP_RST) {
		facts->idle_reset = true;
	} else {
		facts->idle_answered = true;
	}
}

static void round_trips(struct entry *e, const struct segment *s, const struct tcp_marks *m,
			unsigned from)
{
	struct tcp_facts *facts = e->tcp->facts;

	if (from == server_side(e) && m->acked_frame && m->ack_rtt > 0 && !(s->flags & TCP_RST) &&
	    (!facts->rtt_min || m->ack_rtt < facts->rtt_min))
		facts->rtt_min = m->ack_rtt;
}

bool tcp_answered(const struct tcp *tcp)
{
	return !tcp->facts || tcp->facts->synack_frame || tcp->facts->refused;
}

bool tcp_ended(const struct tcp *tcp)
{
	return tcp->reset_by || (tcp->side[0].fin_frame && tcp->side[1].fin_frame);
}

void tcp_stream_facts(struct track *t, struct entry *e, unsigned from, const struct segment *s,
		      const struct stream_news *news)
{
	struct tcp_side *me = &e->tcp->side[from];

	me->packets++;
	me->bytes += news->fresh;
	if (s->flags & TCP_ACK) {
		me->ack_known = s->ack;
		me->acked = true;
	}
	if (s->flags & TCP_FIN && !me->fin_frame)
		me->fin_frame = s->frame;
	if (s->flags & TCP_RST && !e->tcp->reset_by)
		e->tcp->reset_by = (int8_t)(from + 1);
	if (tcp_ended(e->tcp))
		conv_closing(t, e);
}

static void for_record(struct track *t, struct entry *e, const struct record *r,
		       const struct segment *s, const struct tcp_marks *m,
		       const struct stream_news *news, unsigned from)
{
	struct tcp *tcp = e->tcp;
	struct tcp_facts *facts = tcp->facts;

	opening(e, s, &r->flow, from);
	if (s->flags & TCP_RST)
		reset(e, s, from);
	else
		facts->side[from].ttl = s->ttl;
	if (s->flags & (TCP_FIN | TCP_RST) && !facts->closed_by)
		facts->closed_by = (int8_t)(from + 1);
	repeats(t, tcp, r, s, m, news, from);
	data(e, s, news, from);
	sent_more(&tcp->side[from], &facts->side[from], s);
	replies(e, s, news, from);
	acks(tcp, r, s, m, from);
	windows(facts, s, m, from);
	after_silence(e, s, m, from);
	round_trips(e, s, m, from);
	facts->last_from = from;
	facts->last_len = s->len;
	facts->last_time = s->time;
}

void tcp_facts(struct track *t, struct entry *e, const struct record *r, const struct segment *s,
	       const struct tcp_marks *m, const struct stream_news *news)
{
	unsigned from = r->from_a ? 0 : 1;

	if (e->tcp->facts)
		for_record(t, e, r, s, m, news, from);
	tcp_stream_facts(t, e, from, s, news);
}

bool tcp_one_sided(const struct tcp *tcp)
{
	const struct tcp_facts *facts = tcp->facts;

	for (unsigned i = 0; i < 2; i++)
		if (tcp->side[i].packets && !tcp->side[!i].packets)
			return facts->side[i].ack_moved || facts->synack_frame ||
			       (facts->syn_frame && tcp->side[i].acked);
	return false;
}
