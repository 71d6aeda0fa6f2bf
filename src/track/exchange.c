/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * exchange: requests wait here for their answers, by key or in order within the conversation.
 *
 * A request that is not answered before its deadline on the capture's clock is reported, but kept a
 * while longer, so that a late answer is still paired. The lists of a wait class are in the order
 * of their deadlines, because all of a class wait equally long.
 */
#include "src/track/internal.h"

#include <glib.h>

#define DNS_RESEND (5 * NS_PER_S)

/* How long after its last repeat a request counts as unanswered; longer than the usual pause
 * between two repeats, so that a series of repeats is reported once. */
static const int64_t wait_times[WAIT_CLASSES] = {
	/* ARP: repeated each second (RFC 1122 section 2.3.2.1); names on the local network:
	 * asked two or three times within a second */
	[WAIT_SHORT] = 3 * NS_PER_S,
	/* DNS and echo: resolvers repeat after 1 to 5 s; so do RADIUS, SNMP, TFTP */
	[WAIT_MEDIUM] = 8 * NS_PER_S,
	/* SYN: 1, 2, 4, 8, 16 s (RFC 6298 section 5.5); DHCP the same (RFC 2131 section 4.1);
	 * SIP and STUN: 0.5, 1, 2, 4 ... s (RFC 3261 section 17.1, RFC 8489 section 6.2.1) */
	[WAIT_CONNECT] = 20 * NS_PER_S,
	[WAIT_LONG] = 60 * NS_PER_S,  /* commands of mail and file protocols */
	[WAIT_LATE] = 120 * NS_PER_S, /* reported; a late answer still counts */
};

static enum wait_class wait_of(enum proto_id proto)
{
	switch (proto) {
	case PROTO_nbns:
	case PROTO_mdns:
	case PROTO_llmnr:
	case PROTO_arp: return WAIT_SHORT;
	case PROTO_sip:
	case PROTO_stun:
	case PROTO_tcp:
	case PROTO_dhcp:
	case PROTO_dhcpv6:
	case PROTO_quic: return WAIT_CONNECT;
	case PROTO_dns:
	case PROTO_ntp:
	case PROTO_tftp:
	case PROTO_snmp:
	case PROTO_radius:
	case PROTO_icmp:
	case PROTO_icmpv6: return WAIT_MEDIUM;
	default: return WAIT_LONG;
	}
}

static void wait_unlink(struct track *t, struct pending *p)
{
	struct wait_list *l = &t->waits[p->wait];

	*(p->wait_prev ? &p->wait_prev->wait_next : &l->first) = p->wait_next;
	*(p->wait_next ? &p->wait_next->wait_prev : &l->last) = p->wait_prev;
}

static void wait_link(struct track *t, struct pending *p, enum wait_class wait)
{
	struct wait_list *l = &t->waits[wait];

	p->wait = wait;
	p->wait_next = NULL;
	p->wait_prev = l->last;
	*(l->last ? &l->last->wait_next : &l->first) = p;
	l->last = p;
}

static uint32_t bucket_of(uint64_t scope, enum proto_id proto, uint64_t key)
{
	uint64_t h = (scope ^ key * 0x9e3779b97f4a7c15ull) + (uint64_t)proto * 0x85ebca6bull;

	h ^= h >> 29;
	h *= 0xbf58476d1ce4e5b9ull;
	return (uint32_t)(h >> 40) & (PENDING_BUCKETS - 1);
}

static void conv_link(struct pending *p, struct entry *e)
{
	p->entry = e;
	p->conv_prev = e->waiting_last;
	*(e->waiting_last ? &e->waiting_last->conv_next : &e->waiting) = p;
	e->waiting_last = p;
}

static void pending_free(struct track *t, struct pending *p)
{
	struct pending **at = &t->pending_buckets[bucket_of(p->scope, p->proto, p->key)];

	while (*at != p)
		at = &(*at)->hash_next;
	*at = p->hash_next;
	wait_unlink(t, p);
	if (p->entry) {
		*(p->conv_prev ? &p->conv_prev->conv_next : &p->entry->waiting) = p->conv_next;
		*(p->conv_next ? &p->conv_next->conv_prev : &p->entry->waiting_last) = p->conv_prev;
	}
	if (p->saved)
		pool_give(&t->saved, p->saved);
	pool_give(&t->pendings, p);
}

static void report(struct track *t, struct pending *p, const char *reason)
{
	struct answer none = {.reason = p->icmp_frame ? "icmp" : reason};

	if (!p->reported)
		emit_exchange(t, p, &none);
	p->reported = true;
}

static void evict_one(struct track *t)
{
	for (unsigned c = WAIT_CLASSES; c-- > 0;) {
		struct pending *p = t->waits[c].first;

		if (!p)
			continue;
		t->caps.pending_evicted++;
		report(t, p, "evicted");
		pending_free(t, p);
		return;
	}
}

static struct pending *pending_new(struct track *t, struct entry *e, const struct record *r,
				   enum proto_id proto, uint64_t scope, uint64_t key)
{
	uint32_t bucket = bucket_of(scope, proto, key);
	struct pending *p;

	if (t->pendings.used == t->pendings.max)
		evict_one(t);
	p = pool_take(&t->pendings);
	p->scope = scope;
	p->key = key;
	p->proto = proto;
	p->from_a = r->from_a;
	p->frame = p->last_frame = p->asked_frame = r->number;
	p->time = p->last_time = p->asked_time = r->time;
	p->family = r->flow.family;
	p->ip_proto = r->flow.ip_proto;
	p->src = r->flow.src;
	p->dst = r->flow.dst;
	p->hash_next = t->pending_buckets[bucket];
	t->pending_buckets[bucket] = p;
	wait_link(t, p, wait_of(proto));
	if (e)
		conv_link(p, e);
	return p;
}

/* Keep the fields that say the request, as many as fit. */
static void save_fields(struct track *t, struct pending *p, const struct record *r,
			const struct exchange_mark *m)
{
	struct saved_request *s = p->saved = pool_take(&t->saved);

	for (uint32_t i = m->first; s && i <= m->last && i < r->nfields && s->n < SAVED_FIELDS;
	     i++) {
		const struct field *f = &r->fields[i];
		struct saved_field *to = &s->fields[s->n];

		if (FIELD_ROW(f->id) == 0)
			continue;
		*to = (struct saved_field){
			.id = f->id, .flags = f->flags, .depth = f->depth, .v = f->v.u};
		if (field_value_class(def_of(f)->type) == VALUE_BYTES) {
			to->vlen = MIN(f->vlen, (uint32_t)(SAVED_BYTES - s->used));
			to->v = s->used;
			memcpy(s->bytes + s->used, f->v.p, to->vlen);
			s->used = (uint16_t)(s->used + to->vlen);
		}
		s->n++;
	}
}

static uint64_t scope_of(const struct track *t, const struct entry *e, const struct record *r,
			 const struct exchange_mark *m)
{
	if (m->any_conv)
		return 0;
	if (e)
		return ((uint64_t)e->conv.index << 8 | e->conv.ip_proto) + 1;
	return flow_hash(t, &r->flow, false);
}

/* The request with that key; or the oldest without a key, which are answered in order. */
static struct pending *pending_find(struct track *t, struct entry *e, uint64_t scope,
				    enum proto_id proto, uint64_t key)
{
	struct pending *p;

	if (e && !key && scope) {
		for (p = e->waiting; p; p = p->conv_next)
			if (p->proto == proto && p->key == 0)
				return p;
		return NULL;
	}
	for (p = t->pending_buckets[bucket_of(scope, proto, key)]; p; p = p->hash_next)
		if (p->scope == scope && p->key == key && p->proto == proto)
			return p;
	return NULL;
}

static void repeat(struct track *t, struct pending *p, const struct record *r)
{
	p->retries++;
	p->last_frame = r->number;
	p->last_time = r->time;
	p->reported = false;
	wait_unlink(t, p);
	wait_link(t, p, wait_of(p->proto));
}

static void gen(struct track *t, struct record *r, enum foreign id, uint64_t v)
{
	if (t->ids[id] != FIELD_NONE)
		field_gen_uint(r, t->ids[id], v);
}

static void gen_time(struct track *t, struct record *r, enum foreign id, int64_t ns)
{
	if (t->ids[id] != FIELD_NONE)
		field_gen_int(r, t->ids[id], ns);
}

/* An FT_DOUBLE; nothing if the clocks of the capture are that far apart. */
static void gen_milliseconds(struct track *t, struct record *r, enum foreign id, int64_t ns)
{
	const int64_t per = NS_PER_S / NS_PER_MS;

	if (ns <= INT64_MAX / per && ns >= INT64_MIN / per)
		gen_time(t, r, id, ns * per);
}

/* Wireshark calls a query that comes again after DNS_RESEND or later a new one. */
static void dns_repeat(struct track *t, struct pending *p, struct record *r)
{
	if (r->time - p->asked_time < DNS_RESEND) {
		gen(t, r, F_DNS_RETRANSMISSION, 1);
		if (t->ids[F_DNS_RETRANSMIT_REQUEST] != FIELD_NONE)
			field_add_none(r, t->ids[F_DNS_RETRANSMIT_REQUEST], 0, 0)->flags |=
				FIELD_GENERATED;
		gen(t, r, F_DNS_RETRANSMIT_REQUEST_IN, p->asked_frame);
	} else {
		p->asked_frame = r->number;
		p->asked_time = r->time;
	}
}

/* Conversations are counted and known as older themselves. */
static bool is_outside(const struct entry *e, const struct exchange_mark *m)
{
	return !e || m->any_conv;
}

static void request(struct track *t, struct entry *e, struct record *r,
		    const struct exchange_mark *m)
{
	uint64_t scope = scope_of(t, e, r, m);
	bool keyed = m->key || is_outside(e, m);
	struct pending *p = keyed ? pending_find(t, e, scope, m->proto, m->key) : NULL;

	if (p && (p->entry != e || p->from_a == r->from_a)) {
		r->older |= p->older;
		repeat(t, p, r);
		if (m->proto == PROTO_dns)
			dns_repeat(t, p, r);
		return;
	}
	p = pending_new(t, e, r, m->proto, scope, m->key);
	if (is_outside(e, m)) {
		p->older = is_older(t, r->number, BEGUN_QUESTION);
		r->older |= p->older;
		t->counts.asked += !p->older;
	}
	save_fields(t, p, r, m);
}

/* Wireshark's fields of an answer: the packet it answers, and how long after that it came. */
static void answers(struct track *t, struct record *r, enum foreign to, enum foreign time,
		    uint32_t frame, int64_t asked)
{
	gen(t, r, to, frame);
	gen_time(t, r, time, r->time - asked);
}

/* What the packet of an answer tells about its request, in Wireshark's fields and ours. */
static void generate_answer(struct track *t, struct record *r, const struct pending *p)
{
	switch (p->proto) {
	case PROTO_dns:
		answers(t, r, F_DNS_RESPONSE_TO, F_DNS_TIME, p->asked_frame, p->asked_time);
		break;
	case PROTO_stun: answers(t, r, F_STUN_RESPONSE_TO, F_STUN_TIME, p->frame, p->time); break;
	case PROTO_snmp: answers(t, r, F_SNMP_RESPONSE_TO, F_SNMP_TIME, p->frame, p->time); break;
	case PROTO_radius: answers(t, r, F_RADIUS_REQUEST, F_RADIUS_TIME, p->frame, p->time); break;
	case PROTO_imap: answers(t, r, F_IMAP_RESPONSE_TO, F_IMAP_TIME, p->frame, p->time); break;
	case PROTO_icmp:
		gen(t, r, F_ICMP_RESP_TO, p->frame);
		gen_milliseconds(t, r, F_ICMP_RESPTIME, r->time - p->time);
		break;
	case PROTO_icmpv6:
		gen(t, r, F_ICMPV6_RESP_TO, p->frame);
		gen_milliseconds(t, r, F_ICMPV6_RESPTIME, r->time - p->time);
		break;
	default: break;
	}
	field_gen_uint(r, EXCHANGE_ID(EXCHANGE_REQUEST_FRAME), p->frame);
	field_gen_int(r, EXCHANGE_ID(EXCHANGE_ELAPSED), r->time - p->time);
}

/* The oldest request of the conversation whose key begins like that. */
static struct pending *pending_begins(struct entry *e, enum proto_id proto, uint64_t key)
{
	for (struct pending *p = e->waiting; p; p = p->conv_next)
		if (p->proto == proto && p->key && (p->key & ~EXCHANGE_KEY_REST) == key)
			return p;
	return NULL;
}

static void response(struct track *t, struct entry *e, struct record *r,
		     const struct exchange_mark *m)
{
	struct pending *p = pending_find(t, e, scope_of(t, e, r, m), m->proto, m->key);
	struct answer a = {.r = r, .mark = m};

	if (!p && e && (m->key & EXCHANGE_KEY_REST) == 0)
		p = pending_begins(e, m->proto, m->key);

	if (p && p->entry && p->entry == e && p->from_a == r->from_a)
		p = NULL;
	r->older |= p ? p->older : t->begins && is_outside(e, m);
	if (p)
		generate_answer(t, r, p);
	emit_exchange(t, p, &a);
	if (p)
		pending_free(t, p);
}

void exchange_marks(struct track *t, struct record *r)
{
	struct entry *e = (struct entry *)r->conv;

	for (unsigned i = 0; i < r->nmarks; i++) {
		const struct exchange_mark *m = &r->marks[i];
		struct answer event = {.r = r, .mark = m};

		if (m->first < r->nfields)
			r->cur_layer = r->fields[m->first].layer;
		r->cur_depth = 0;
		switch (m->role) {
		case EXCHANGE_REQUEST: request(t, e, r, m); break;
		case EXCHANGE_RESPONSE: response(t, e, r, m); break;
		case EXCHANGE_EVENT: emit_exchange(t, NULL, &event); break;
		}
	}
}

void exchange_connect(struct track *t, struct entry *e, const struct record *r)
{
	uint64_t scope = ((uint64_t)e->conv.index << 8 | e->conv.ip_proto) + 1;
	struct pending *p = pending_find(t, e, scope, PROTO_tcp, 0);
	uint16_t flags = r->flow.tcp_flags;
	struct answer a = {.r = r, .refused = flags & TCP_RST};

	if ((flags & (TCP_SYN | TCP_ACK | TCP_RST)) == TCP_SYN) {
		if (p && p->from_a == r->from_a)
			repeat(t, p, r);
		else if (!p && !tcp_answered(e->tcp))
			pending_new(t, e, r, PROTO_tcp, scope, 0);
		return;
	}
	if (!p || p->from_a == r->from_a)
		return;
	emit_exchange(t, p, &a);
	pending_free(t, p);
}

/* True if the sender gives up: the packet did not arrive, and a smaller one would not either. */
static bool final_error(const struct icmp_news *n)
{
	if (n->family == 6) /* RFC 4443 section 3 */
		return n->type == 1 || n->type == 3;
	return (n->type == 3 && n->code != 4) || n->type == 11; /* RFC 792, RFC 1191 */
}

void exchange_icmp(struct track *t, struct entry *e, const struct flow *quoted,
		   const struct icmp_news *n)
{
	struct pending *next;

	if (!final_error(n))
		return;
	for (struct pending *p = e->waiting; p; p = next) {
		next = p->conv_next;
		if ((quoted->ip_proto == 6 && p->proto != PROTO_tcp) || p->icmp_frame)
			continue;
		p->icmp_frame = n->frame;
		p->icmp_type = n->type;
		p->icmp_code = n->code;
		p->icmp_from = n->from;
		report(t, p, "icmp");
		wait_unlink(t, p);
		wait_link(t, p, WAIT_LATE);
	}
}

void exchange_end(struct track *t, struct entry *e, int from, const char *reason)
{
	struct pending *next;

	for (struct pending *p = e->waiting; p; p = next) {
		next = p->conv_next;
		if (from >= 0 && p->from_a != (from == 0))
			continue;
		report(t, p, reason);
		pending_free(t, p);
	}
}

void exchange_tick(struct track *t)
{
	for (unsigned c = 0; c < WAIT_CLASSES; c++) {
		struct pending *p;

		while ((p = t->waits[c].first) && t->now - p->last_time >= wait_times[c]) {
			if (c == WAIT_LATE) {
				pending_free(t, p);
				continue;
			}
			report(t, p, "timeout");
			wait_unlink(t, p);
			wait_link(t, p, WAIT_LATE);
		}
	}
}

void exchange_end_all(struct track *t)
{
	for (unsigned c = 0; c < WAIT_CLASSES; c++) {
		while (t->waits[c].first) {
			struct pending *p = t->waits[c].first;

			report(t, p, "end-of-capture");
			pending_free(t, p);
		}
	}
}
