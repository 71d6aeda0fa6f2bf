/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * track: the order of things. Per packet: the clock, the conversation, the analysis, the bytes in
 * order; after decode has read those, what it left over, the exchanges, and what has ended.
 */
#include "src/track/internal.h"

#include <glib.h>

#define COPY_TIME         (1 * NS_PER_MS)
#define COPY_TIME_WITH_ID (200 * NS_PER_MS)
#define PORT_DNS_OVER_TLS 853

struct track *track_new(track_emit *emit, void *context)
{
	struct track *t = g_new0(struct track, 1);

	t->emit = emit;
	t->context = context;
	t->seed = (uint64_t)g_random_int() << 32 | g_random_int();
	foreign_ids(t->ids);
	pool_init(&t->entries, sizeof(struct entry), TRACK_MAX_CONVS);
	pool_init(&t->tcps, sizeof(struct tcp), TRACK_MAX_CONVS);
	pool_init(&t->tcp_sights, 2 * sizeof(struct tcp_sight), TRACK_MAX_CONVS);
	pool_init(&t->tcp_facts, sizeof(struct tcp_facts), TRACK_MAX_CONVS);
	pool_init(&t->apps, CONV_APP_STATE, TRACK_MAX_CONVS);
	pool_init(&t->segs, sizeof(struct seg), SEGS_MAX);
	pool_init(&t->pendings, sizeof(struct pending), TRACK_MAX_PENDING);
	pool_init(&t->saved, sizeof(struct saved_request), TRACK_MAX_PENDING);
	record_init(&t->out, RECORD_CAPTURE);
	return t;
}

static void free_streams(struct track *t)
{
	for (struct entry *e = t->newest; e; e = e->older)
		if (e->tcp)
			for (unsigned i = 0; i < 2; i++)
				stream_free(t, &e->tcp->side[i].stream);
}

void track_free(struct track *t)
{
	if (!t)
		return;
	free_streams(t);
	pool_release(&t->entries);
	pool_release(&t->tcps);
	pool_release(&t->tcp_sights);
	pool_release(&t->tcp_facts);
	pool_release(&t->apps);
	pool_release(&t->segs);
	pool_release(&t->pendings);
	pool_release(&t->saved);
	record_release(&t->out);
	g_free(t);
}

const struct track_caps *track_caps(const struct track *t)
{
	return &t->caps;
}

struct track_counts track_counts(const struct track *t)
{
	return t->counts;
}

unsigned track_begun(const struct track_counts *before, const struct track_counts *after)
{
	bool talk = before->tcp != after->tcp || before->udp != after->udp;

	return (talk ? BEGUN_CONVERSATION : 0u) |
	       (before->asked != after->asked ? BEGUN_QUESTION : 0u);
}

void track_resume(struct track *t, const struct track_counts *counts,
		  unsigned (*begins)(void *context, uint32_t frame), void *context)
{
	t->counts = *counts;
	t->begins = begins;
	t->begins_context = context;
}

static bool is_loopback(uint8_t family, const struct endpoint *e)
{
	static const uint8_t one[16] = {[15] = 1};

	return family == 4 ? e->addr[0] == 127 : !memcmp(e->addr, one, sizeof(one));
}

static void count_packet(struct track *t, const struct record *r)
{
	struct capture_facts *c = &t->facts;
	const struct flow *f = &r->flow;

	if (!c->packets++)
		c->first_time = c->last_time = r->time;
	c->last_time = MAX(c->last_time, r->time);
	c->bytes += r->frame ? r->frame->original : 0;
	c->cut += r->frame && r->frame->captured < r->frame->original;
	c->unreadable += r->nlayers == 2 && r->layers[1].proto == PROTO_data; /* frame, data */
	c->bad_checksums += f->checksum_bad;
	if (!f->family) {
		c->has_arp |= record_has_proto(r, PROTO_arp);
		return;
	}
	c->ip_packets++;
	c->has_ip |= f->family == 4;
	c->has_ipv6 |= f->family == 6;
	c->loopback_packets += is_loopback(f->family, &f->src) && is_loopback(f->family, &f->dst);
	c->encrypted_dns |= f->ip_proto == 6 &&
			    (f->src.port == PORT_DNS_OVER_TLS || f->dst.port == PORT_DNS_OVER_TLS);
}

static void count_duplicate(struct track *t, struct entry *e, uint32_t frame)
{
	t->duplicate = true;
	if (!t->facts.duplicates++)
		t->facts.duplicate_frame = frame;
	if (e)
		e->duplicates++;
}

/* Packets that are not TCP: the same addresses, ports, identification and length just before. */
static bool seen_twice(struct track *t, const struct record *r)
{
	const struct flow *f = &r->flow, *l = &t->last.flow;
	bool counted = f->family == 4 && f->ip_id;
	bool same = f->family == l->family && f->ip_proto == l->ip_proto && f->ip_id == l->ip_id &&
		    f->preported == l->preported && !memcmp(&f->src, &l->src, sizeof(f->src)) &&
		    !memcmp(&f->dst, &l->dst, sizeof(f->dst)) && !f->fragment && !l->fragment;
	int64_t age = r->time - t->last.time;

	t->last.flow = *f;
	t->last.time = r->time;
	/* Without an identification the length must do, and the time must be very near. */
	return same && age < (counted ? COPY_TIME_WITH_ID : COPY_TIME / 10);
}

static void note_time(struct entry *e, const struct record *r)
{
	int64_t silence = r->time - e->last_time;

	if (e->last_frame && silence > e->idle_max) {
		e->idle_max = silence;
		e->idle_frame = r->number;
	}
	e->last_frame = r->number;
	e->last_time = MAX(e->last_time, r->time);
	e->prev_time = r->time;
	e->packets[r->from_a ? 0 : 1]++;
}

/* A SYN with another initial number on the same ports opens another connection. */
static struct entry *maybe_reused(struct track *t, struct entry *e, struct record *r,
				  struct tcp_marks *m)
{
	const struct flow *f = &r->flow;
	struct tcp_side *me = &e->tcp->side[r->from_a ? 0 : 1];
	bool ack = f->tcp_flags & TCP_ACK;

	if (!(f->tcp_flags & TCP_SYN) || !me->base_set || me->base_seq == f->seq)
		return e;
	m->flags |= MARK_REUSED_PORTS;
	m->present = true;
	if (ack) {
		me->base_seq = f->seq;
		return e;
	}
	conv_closing(t, e);
	r->from_a = true;
	e = conv_new(t, r);
	e->tcp->completeness = 1;
	return e;
}

/* The bits of tcp.completeness. */
static void move_completeness(struct tcp *tcp, const struct segment *s, bool first)
{
	uint16_t opening = s->flags & (TCP_SYN | TCP_ACK);

	if (opening == TCP_SYN) {
		if (first)
			tcp->completeness |= s->len ? 1 | 8 : 1;
		return;
	}
	if (first)
		return;
	if (opening == (TCP_SYN | TCP_ACK))
		tcp->completeness |= 2;
	if (opening == TCP_ACK)
		tcp->completeness |= s->len ? 8 : 4;
	if ((s->flags & (TCP_FIN | TCP_ACK)) == (TCP_FIN | TCP_ACK))
		tcp->completeness |= 16;
	if (s->flags & TCP_RST)
		tcp->completeness |= 32;
}

static struct segment segment_of(const struct record *r)
{
	const struct flow *f = &r->flow;

	return (struct segment){.frame = r->number,
				.time = r->time,
				.seq = f->seq,
				.ack = f->ack,
				.len = f->preported,
				.window = f->window,
				.flags = f->tcp_flags,
				.ttl = f->ttl};
}

/* All that is to be found out about a segment. */
static void tcp_examine(struct track *t, struct record *r, struct entry *e, const struct segment *s,
			struct tcp_marks *m)
{
	struct stream_news news = {0};
	bool first = e->last_frame == 0;
	int64_t delta = r->time - e->prev_time;

	note_time(e, r);
	tcp_analyse(t, e->tcp, r->from_a ? 0 : 1, s, &r->flow, m);
	generate_tcp(t, r, e, s, m, delta);
	move_completeness(e->tcp, s, first);
	stream_segment(t, e->tcp, r, s, &news);
	if (s->flags & (TCP_SYN | TCP_RST) && !s->duplicate)
		exchange_connect(t, e, r);
	tcp_facts(t, e, r, s, m, &news);
}

/* Only what puts its bytes in order, and tells when they end. */
static void tcp_follow(struct track *t, struct record *r, struct entry *e, const struct segment *s)
{
	struct stream_news news = {0};

	note_time(e, r);
	tcp_bases(e->tcp, r->from_a ? 0 : 1, s);
	generate_tcp(t, r, e, s, NULL, 0);
	stream_segment(t, e->tcp, r, s, &news);
	tcp_stream_facts(t, e, r->from_a ? 0 : 1, s, &news);
}

static void tcp_packet(struct track *t, struct record *r)
{
	struct tcp_marks m = {0};
	struct segment s = segment_of(r);
	struct entry *e = maybe_reused(t, conv_lookup(t, r), r, &m);

	r->conv = &e->conv;
	r->older |= e->conv.older;
	s.duplicate = tcp_seen_twice(&e->tcp->side[r->from_a ? 0 : 1], &r->flow, r->time);
	if (s.duplicate)
		count_duplicate(t, e, r->number);
	if (t->quiet)
		tcp_follow(t, r, e, &s);
	else
		tcp_examine(t, r, e, &s, &m);
}

static void udp_packet(struct track *t, struct record *r)
{
	struct entry *e = conv_lookup(t, r);
	int64_t delta = r->time - e->prev_time;

	r->conv = &e->conv;
	r->older |= e->conv.older;
	if (t->duplicate)
		e->duplicates++;
	note_time(e, r);
	e->bytes[r->from_a ? 0 : 1] += r->flow.preported;
	generate_udp(t, r, e, delta);
}

static uint64_t number_of(const struct track *t, const struct record *r, enum foreign id)
{
	const struct field *f = t->ids[id] == FIELD_NONE ? NULL : record_find(r, t->ids[id], 0);

	return f ? f->v.u : 0;
}

/* An ICMP error tells about the conversation of the packet it quotes. */
static void icmp_error(struct track *t, struct record *r)
{
	bool v6 = r->flow.family == 6, from_a;
	struct entry *e = conv_find(t, &r->quoted, &from_a);
	struct icmp_news n = {.frame = r->number, .family = r->flow.family, .from = r->flow.src};

	/* What began in mid-capture may not have seen it. */
	r->older |= e ? e->conv.older : t->begins != NULL;
	if (!e)
		return;
	generate_quoted(t, r, e, from_a, r->time - e->prev_time);
	if (r->quoted.tcp_flags) /* Wireshark's time_delta counts quoted whole headers in */
		e->prev_time = r->time;
	n.type = (uint8_t)number_of(t, r, v6 ? F_ICMPV6_TYPE : F_ICMP_TYPE);
	n.code = (uint8_t)number_of(t, r, v6 ? F_ICMPV6_CODE : F_ICMP_CODE);
	n.mtu = (uint32_t)number_of(t, r, v6 ? F_ICMPV6_MTU : F_ICMP_MTU);
	e->icmp_frame = n.frame;
	e->icmp_type = n.type;
	e->icmp_code = n.code;
	e->icmp_mtu = n.mtu;
	e->icmp_from = n.from;
	exchange_icmp(t, e, &r->quoted, &n);
}

void track_clock(struct track *t, int64_t now)
{
	t->now = MAX(t->now, now);
	exchange_tick(t);
	conv_tick(t);
}

/* Cut in its header, or with a length that cannot be: flags and window are not known, and would be
 * taken for a window of nothing. */
static bool header_is_whole(const struct flow *f)
{
	return f->poff != 0;
}

void track_packet(struct track *t, struct record *r)
{
	const struct flow *f = &r->flow;

	t->frame = r->number;
	t->duplicate = false;
	t->quiet = r->lean;
	track_clock(t, r->time);
	if (!t->quiet)
		count_packet(t, r);
	if (!f->family)
		return;
	if (f->ip_proto != 6 && seen_twice(t, r))
		count_duplicate(t, NULL, r->number);
	if (f->fragment)
		return;
	if (f->ip_proto == 6 && record_has_proto(r, PROTO_tcp) && header_is_whole(f))
		tcp_packet(t, r);
	else if (f->ip_proto == 17 && record_has_proto(r, PROTO_udp))
		udp_packet(t, r);
	else if (r->quoted.family)
		icmp_error(t, r);
}

/* What can no longer be answered, now that the packet has been read. */
static void end_exchanges(struct track *t, struct entry *e, const struct record *r)
{
	if (r->flow.tcp_flags & TCP_RST)
		exchange_end(t, e, -1, "reset");
	else if (r->payload.last)
		exchange_end(t, e, r->from_a ? 1 : 0, "closed");
}

void track_payload_done(struct track *t, struct record *r)
{
	struct entry *e = (struct entry *)r->conv;

	machine_packet(t->machine, r);
	t->facts.malformed += r->malformed;
	t->facts.has_dns |= record_has_proto(r, PROTO_dns);
	if (e && e->tcp)
		stream_keep(t, &e->tcp->side[r->from_a ? 0 : 1].stream, r);
	if (r->nmarks && !t->duplicate)
		exchange_marks(t, r);
	if (e && e->tcp && e->waiting)
		end_exchanges(t, e, r);
}

void track_end(struct track *t)
{
	exchange_end_all(t);
	conv_end_all(t);
	emit_capture(t);
}
