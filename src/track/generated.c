/* SPDX-License-Identifier: GPL-3.0-or-later */
/* generated: what was found is added to the packet's transport layer as generated fields. */
#include "src/track/internal.h"

#include <glib.h>

/* Offsets in the TCP header (RFC 9293 section 3.1). */
#define TCP_OFF_SEQ    4
#define TCP_OFF_ACK    8
#define TCP_OFF_WINDOW 14

/* Is there such a field, and will it be kept? */
static bool wanted(const struct track *t, const struct record *r, enum foreign f)
{
	return t->ids[f] != FIELD_NONE && !record_leaves_out(r, t->ids[f]);
}

static void gen_uint(struct track *t, struct record *r, enum foreign f, uint64_t v)
{
	if (wanted(t, r, f))
		field_gen_uint(r, t->ids[f], v);
}

static void gen_int(struct track *t, struct record *r, enum foreign f, int64_t v)
{
	if (wanted(t, r, f))
		field_gen_int(r, t->ids[f], v);
}

static void gen_none(struct track *t, struct record *r, enum foreign f)
{
	if (wanted(t, r, f))
		field_add_none(r, t->ids[f], 0, 0)->flags |= FIELD_GENERATED;
}

/* Further fields belong to the packet's own layer of that protocol, or to that of the packet which
 * an ICMP error quotes; NULL if it has none. */
static const struct layer *enter_layer(struct record *r, enum proto_id proto, bool quoted)
{
	for (unsigned i = r->nlayers; i-- > 0;) {
		if (r->layers[i].proto != proto || r->layers[i].quoted != quoted)
			continue;
		r->cur_layer = (uint8_t)i;
		r->cur_source = r->layers[i].source;
		r->cur_depth = 0;
		return &r->layers[i];
	}
	return NULL;
}

static const struct {
	uint32_t mark;
	enum foreign field;
} mark_fields[] = {
	{MARK_REUSED_PORTS, F_TCP_REUSED_PORTS},
	{MARK_RETRANSMISSION, F_TCP_RETRANSMISSION},
	{MARK_FAST_RETRANSMISSION, F_TCP_FAST_RETRANSMISSION},
	{MARK_FAST_RETRANSMISSION, F_TCP_RETRANSMISSION},
	{MARK_SPURIOUS_RETRANSMISSION, F_TCP_SPURIOUS_RETRANSMISSION},
	{MARK_SPURIOUS_RETRANSMISSION, F_TCP_RETRANSMISSION},
	{MARK_OUT_OF_ORDER, F_TCP_OUT_OF_ORDER},
	{MARK_LOST_SEGMENT, F_TCP_LOST_SEGMENT},
	{MARK_ACK_LOST_SEGMENT, F_TCP_ACK_LOST_SEGMENT},
	{MARK_WINDOW_UPDATE, F_TCP_WINDOW_UPDATE},
	{MARK_WINDOW_FULL, F_TCP_WINDOW_FULL},
	{MARK_KEEP_ALIVE, F_TCP_KEEP_ALIVE},
	{MARK_KEEP_ALIVE_ACK, F_TCP_KEEP_ALIVE_ACK},
	{MARK_DUPLICATE_ACK, F_TCP_DUPLICATE_ACK},
	{MARK_ZERO_WINDOW_PROBE, F_TCP_ZERO_WINDOW_PROBE},
	{MARK_ZERO_WINDOW, F_TCP_ZERO_WINDOW},
	{MARK_ZERO_WINDOW_PROBE_ACK, F_TCP_ZERO_WINDOW_PROBE_ACK},
};

static void generate_marks(struct track *t, struct record *r, const struct tcp_marks *m)
{
	gen_none(t, r, F_TCP_FLAGS_ANALYSIS);
	for (size_t i = 0; i < sizeof(mark_fields) / sizeof(mark_fields[0]); i++)
		if (m->flags & mark_fields[i].mark)
			gen_none(t, r, mark_fields[i].field);
	if (m->flags & MARK_RETRANSMISSION && m->rto) {
		gen_int(t, r, F_TCP_RTO, m->rto);
		gen_uint(t, r, F_TCP_RTO_FRAME, m->rto_frame);
	}
	if (m->dup_num) {
		gen_uint(t, r, F_TCP_DUPLICATE_ACK_NUM, m->dup_num);
		gen_uint(t, r, F_TCP_DUPLICATE_ACK_FRAME, m->dup_frame);
	}
}

static void generate_analysis(struct track *t, struct record *r, const struct tcp *tcp,
			      const struct tcp_marks *m)
{
	gen_none(t, r, F_TCP_ANALYSIS);
	if (m->acked_frame) {
		gen_uint(t, r, F_TCP_ACKS_FRAME, m->acked_frame);
		if (m->ack_rtt)
			gen_int(t, r, F_TCP_ACK_RTT, m->ack_rtt);
	}
	if (tcp->first_rtt)
		gen_int(t, r, F_TCP_INITIAL_RTT, tcp->first_rtt);
	if (m->in_flight) {
		gen_uint(t, r, F_TCP_BYTES_IN_FLIGHT, m->in_flight);
		gen_uint(t, r, F_TCP_PUSH_BYTES_SENT, m->push_bytes);
	}
	if (m->flags)
		generate_marks(t, r, m);
}

/* The edges of a selective ack count from where the peer began, as the ack number does. */
static void relative_edges(struct record *r, const struct layer *l, uint32_t base)
{
	for (uint32_t i = l->first; i < l->end; i++) {
		struct field *f = &r->fields[i];
		const char *name = def_of(f)->name;

		if (FIELD_PROTO(f->id) == PROTO_tcp &&
		    (g_str_has_suffix(name, "sack_le") || g_str_has_suffix(name, "sack_re")))
			f->v.u = (uint32_t)f->v.u - base;
	}
}

static void gen_scale(struct track *t, struct record *r, const struct tcp_sight *me)
{
	gen_int(t, r, F_TCP_SCALEFACTOR, me->wscale < 0 ? me->wscale : 1 << me->wscale);
}

static void gen_window(struct track *t, struct record *r, const struct layer *l, uint64_t window)
{
	if (wanted(t, r, F_TCP_WINDOW_SIZE))
		field_add_uint(r, t->ids[F_TCP_WINDOW_SIZE], l->off + TCP_OFF_WINDOW, 2, window)
			->flags |= FIELD_GENERATED;
}

static void generate_numbers(struct track *t, struct record *r, const struct layer *l,
			     const struct segment *s, const struct tcp *tcp, unsigned from)
{
	const struct tcp_sight *me = &tcp->sight[from];
	uint32_t seq = s->seq - tcp->side[from].base_seq;
	uint32_t ack = s->flags & TCP_ACK ? s->ack - tcp->side[!from].base_seq : s->ack;
	uint32_t next = seq + s->len + (s->flags & (TCP_SYN | TCP_FIN) ? 1 : 0);
	unsigned shift = s->flags & TCP_SYN || me->wscale < 0 ? 0 : (unsigned)me->wscale;

	if (wanted(t, r, F_TCP_SEQ))
		field_add_uint(r, t->ids[F_TCP_SEQ], l->off + TCP_OFF_SEQ, 4, seq);
	gen_uint(t, r, F_TCP_NXTSEQ, next);
	if (wanted(t, r, F_TCP_ACK))
		field_add_uint(r, t->ids[F_TCP_ACK], l->off + TCP_OFF_ACK, 4, ack);
	gen_window(t, r, l, (uint64_t)s->window << shift);
	if (!(s->flags & TCP_SYN))
		gen_scale(t, r, me);
}

void generate_tcp(struct track *t, struct record *r, const struct entry *e, const struct segment *s,
		  const struct tcp_marks *m, int64_t delta)
{
	const struct layer *l = enter_layer(r, PROTO_tcp, false);
	struct tcp *tcp = e->tcp;
	unsigned from = r->from_a ? 0 : 1;

	if (!l)
		return;
	if (r->flow.nsack)
		relative_edges(r, l, tcp->side[!from].base_seq);
	if (r->lean)
		return;
	gen_uint(t, r, F_TCP_STREAM, e->conv.index);
	gen_uint(t, r, F_TCP_COMPLETENESS, tcp->completeness);
	generate_numbers(t, r, l, s, tcp, from);
	if (s->flags & TCP_FIN) {
		bool second = tcp->sight[!from].closing_first;

		tcp->sight[from].closing_first |= !second;
		gen_none(t, r, second ? F_TCP_FIN_PASSIVE : F_TCP_FIN_ACTIVE);
	}
	gen_int(t, r, F_TCP_TIME_RELATIVE, r->time - e->first_time);
	gen_int(t, r, F_TCP_TIME_DELTA, delta);
	if (m->present)
		generate_analysis(t, r, tcp, m);
}

void generate_udp(struct track *t, struct record *r, const struct entry *e, int64_t delta)
{
	if (r->lean || !enter_layer(r, PROTO_udp, false))
		return;
	gen_uint(t, r, F_UDP_STREAM, e->conv.index);
	gen_int(t, r, F_UDP_TIME_RELATIVE, r->time - e->first_time);
	gen_int(t, r, F_UDP_TIME_DELTA, delta);
}

/* Its numbers stand as they are: it may never have arrived. */
static void quoted_tcp(struct track *t, struct record *r, const struct entry *e, bool from_a,
		       int64_t delta)
{
	const struct flow *f = &r->quoted;
	const struct layer *l = enter_layer(r, PROTO_tcp, true);

	if (!l || !f->tcp_flags) /* not the whole header */
		return;
	gen_uint(t, r, F_TCP_STREAM, e->conv.index);
	gen_uint(t, r, F_TCP_COMPLETENESS, e->tcp->completeness);
	if (wanted(t, r, F_TCP_ACK))
		field_add_uint(r, t->ids[F_TCP_ACK], l->off + TCP_OFF_ACK, 4, f->ack);
	gen_window(t, r, l, f->window);
	if (!(f->tcp_flags & TCP_SYN))
		gen_scale(t, r, &e->tcp->sight[from_a ? 0 : 1]);
	gen_int(t, r, F_TCP_TIME_RELATIVE, r->time - e->first_time);
	gen_int(t, r, F_TCP_TIME_DELTA, delta);
}

void generate_quoted(struct track *t, struct record *r, const struct entry *e, bool from_a,
		     int64_t delta)
{
	if (r->lean)
		return;
	if (e->tcp)
		quoted_tcp(t, r, e, from_a, delta);
	else if (enter_layer(r, PROTO_udp, true))
		gen_uint(t, r, F_UDP_STREAM, e->conv.index);
}
