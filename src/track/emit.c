/* SPDX-License-Identifier: GPL-3.0-or-later */
/* emit: the records of exchanges and of the capture, and what all emitted records share. */
#include "src/track/internal.h"

#include <glib.h>

void emit_layer(struct record *r, enum proto_id proto)
{
	static const uint8_t nothing[1];
	struct cursor none = cursor_make(nothing, 0, 0, 0);

	layer_open(r, proto, &none);
}

void emit_text(struct record *r, uint16_t id, const char *text)
{
	field_gen_text(r, id, text, strlen(text));
}

uint32_t endpoint_ipv4(const struct endpoint *e)
{
	return (uint32_t)e->addr[0] << 24 | (uint32_t)e->addr[1] << 16 | (uint32_t)e->addr[2] << 8 |
	       e->addr[3];
}

static void put_address(struct track *t, enum foreign id, uint8_t family, const struct endpoint *e,
			uint8_t flags)
{
	struct record *r = &t->out;
	const uint8_t *copy;

	if (t->ids[id] == FIELD_NONE)
		return;
	if (family == 4) {
		field_add_uint(r, t->ids[id], 0, 0, endpoint_ipv4(e))->flags |= flags;
		return;
	}
	copy = arena_copy(&r->arena, e->addr, sizeof(e->addr));
	field_add_value(r, t->ids[id], 0, 0, copy, sizeof(e->addr))->flags |= flags;
}

static void put_port(struct track *t, enum foreign id, uint16_t port, uint8_t flags)
{
	if (t->ids[id] != FIELD_NONE)
		field_add_uint(&t->out, t->ids[id], 0, 0, port)->flags |= flags;
}

static void put_addresses(struct track *t, const struct flow *f)
{
	bool v4 = f->family == 4;
	enum foreign any = v4 ? F_IP_ADDR : F_IPV6_ADDR;

	emit_layer(&t->out, v4 ? PROTO_ip : PROTO_ipv6);
	put_address(t, v4 ? F_IP_SRC : F_IPV6_SRC, f->family, &f->src, 0);
	put_address(t, any, f->family, &f->src, FIELD_HIDDEN);
	put_address(t, v4 ? F_IP_DST : F_IPV6_DST, f->family, &f->dst, 0);
	put_address(t, any, f->family, &f->dst, FIELD_HIDDEN);
}

static void put_ports(struct track *t, const struct flow *f)
{
	bool tcp = f->ip_proto == 6;
	enum foreign any = tcp ? F_TCP_PORT : F_UDP_PORT;

	emit_layer(&t->out, tcp ? PROTO_tcp : PROTO_udp);
	put_port(t, tcp ? F_TCP_SRCPORT : F_UDP_SRCPORT, f->src.port, 0);
	put_port(t, tcp ? F_TCP_DSTPORT : F_UDP_DSTPORT, f->dst.port, 0);
	put_port(t, any, f->src.port, FIELD_HIDDEN);
	put_port(t, any, f->dst.port, FIELD_HIDDEN);
}

static void put_stream(struct track *t, const struct conv *c)
{
	uint16_t id = t->ids[c->ip_proto == 6 ? F_TCP_STREAM : F_UDP_STREAM];

	if (id != FIELD_NONE)
		field_gen_uint(&t->out, id, c->index);
}

struct record *emit_start(struct track *t, enum record_kind kind, const struct flow *f)
{
	static const uint8_t nothing[1];
	struct record *r = &t->out;

	record_reset(r, kind);
	r->number = t->frame;
	r->time = t->now;
	record_source(r, "Deduced", nothing, 0, 0);
	if (!f || !f->family)
		return r;
	r->flow = *f;
	put_addresses(t, f);
	if (f->ip_proto == 6 || f->ip_proto == 17)
		put_ports(t, f);
	return r;
}

void emit_icmp_from(struct record *r, uint8_t family, const struct endpoint *from, uint16_t id4,
		    uint16_t id6)
{
	if (family == 4)
		field_gen_uint(r, id4, endpoint_ipv4(from));
	else
		field_gen_text(r, id6, (const char *)from->addr, sizeof(from->addr));
}

/* Open a layer when the protocol changes. */
static void layer_for(struct record *r, uint16_t id)
{
	if (!r->nlayers || r->layers[r->cur_layer].proto != FIELD_PROTO(id))
		emit_layer(r, FIELD_PROTO(id));
}

static void put_saved(struct record *r, const struct saved_request *s)
{
	for (unsigned i = 0; i < s->n; i++) {
		const struct saved_field *from = &s->fields[i];
		struct field *f;

		layer_for(r, from->id);
		if (field_value_class(field_def(from->id)->type) == VALUE_BYTES)
			f = field_add_value(r, from->id, 0, 0,
					    arena_copy(&r->arena, s->bytes + from->v, from->vlen),
					    from->vlen);
		else
			f = field_add_uint(r, from->id, 0, 0, from->v);
		f->flags = from->flags;
		f->depth = from->depth;
	}
}

static void put_marked(struct record *r, const struct record *from, const struct exchange_mark *m)
{
	for (uint32_t i = m->first; i <= m->last && i < from->nfields; i++) {
		const struct field *f = &from->fields[i];
		struct field *to;

		if (FIELD_ROW(f->id) == 0)
			continue;
		layer_for(r, f->id);
		to = field_copy(r, f);
		to->off = to->len = 0;
		to->depth = f->depth;
	}
}

static void put_icmp(struct record *r, const struct pending *p)
{
	field_gen_uint(r, EXCHANGE_ID(EXCHANGE_ICMP_FRAME), p->icmp_frame);
	field_gen_uint(r, EXCHANGE_ID(EXCHANGE_ICMP_TYPE), p->icmp_type);
	field_gen_uint(r, EXCHANGE_ID(EXCHANGE_ICMP_CODE), p->icmp_code);
	emit_icmp_from(r, p->family, &p->icmp_from, EXCHANGE_ID(EXCHANGE_ICMP_FROM),
		       EXCHANGE_ID(EXCHANGE_ICMP_FROM6));
}

static void put_request(struct track *t, struct record *r, const struct pending *p,
			const struct answer *a)
{
	field_gen_uint(r, EXCHANGE_ID(EXCHANGE_REQUEST_FRAME), p->frame);
	field_gen_uint(r, EXCHANGE_ID(EXCHANGE_RETRIES), p->retries);
	if (p->retries)
		field_gen_uint(r, EXCHANGE_ID(EXCHANGE_LAST_REQUEST_FRAME), p->last_frame);
	if (a->r)
		field_gen_int(r, EXCHANGE_ID(EXCHANGE_ELAPSED), a->r->time - p->time);
	else
		field_gen_int(r, EXCHANGE_ID(EXCHANGE_WAITED), t->now - p->time);
	field_gen_uint(r, EXCHANGE_ID(EXCHANGE_LATE), a->r && p->reported);
	if (p->icmp_frame)
		put_icmp(r, p);
}

static void put_exchange(struct track *t, struct record *r, const struct pending *p,
			 const struct answer *a)
{
	enum proto_id proto = p ? p->proto : a->mark->proto;

	emit_layer(r, PROTO_tt_exchange);
	emit_text(r, EXCHANGE_ID(EXCHANGE_KIND),
		  proto == PROTO_tcp ? "tcp-connect" : proto_table[proto]->name);
	field_gen_uint(r, EXCHANGE_ID(EXCHANGE_REQUEST_SEEN), p != NULL);
	field_gen_uint(r, EXCHANGE_ID(EXCHANGE_ANSWERED), a->r != NULL);
	if (p)
		put_request(t, r, p, a);
	if (a->r)
		field_gen_uint(r, EXCHANGE_ID(EXCHANGE_RESPONSE_FRAME), a->r->number);
	else
		emit_text(r, EXCHANGE_ID(EXCHANGE_REASON), a->reason);
	if (proto == PROTO_tcp)
		field_gen_uint(r, EXCHANGE_ID(EXCHANGE_REFUSED), a->refused);
	field_gen_uint(r, EXCHANGE_ID(EXCHANGE_EVENT_ROW),
		       a->mark && a->mark->role == EXCHANGE_EVENT);
}

/* Who asked whom: the request's own addresses, else the answer's, turned round. */
static struct flow asking_flow(const struct pending *p, const struct answer *a)
{
	struct flow f = {0};

	if (p) {
		f.family = p->family;
		f.ip_proto = p->ip_proto;
		f.src = p->src;
		f.dst = p->dst;
	} else {
		f = a->r->flow;
		f.src = a->r->flow.dst;
		f.dst = a->r->flow.src;
	}
	return f;
}

void emit_exchange(struct track *t, const struct pending *p, const struct answer *a)
{
	struct flow f;
	struct record *r;

	if (t->quiet)
		return;
	f = asking_flow(p, a);
	r = emit_start(t, RECORD_EXCHANGE, &f);
	if (p && p->entry)
		r->conv = &p->entry->conv;
	else if (a->r)
		r->conv = a->r->conv;
	r->from_a = p ? p->from_a : !a->r->from_a;
	if (r->conv)
		put_stream(t, r->conv);
	if (p && p->saved)
		put_saved(r, p->saved);
	if (a->r && a->mark)
		put_marked(r, a->r, a->mark);
	put_exchange(t, r, p, a);
	machine_deduced(t->machine, r);
	t->emit(t->context, r);
}

static void put_counts(struct record *r, const struct track *t)
{
	const struct capture_facts *c = &t->facts;

	field_gen_uint(r, CAPTURE_ID(CAPTURE_PACKETS), c->packets);
	field_gen_uint(r, CAPTURE_ID(CAPTURE_BYTES), c->bytes);
	field_gen_int(r, CAPTURE_ID(CAPTURE_DURATION), c->last_time - c->first_time);
	if (c->packets)
		field_gen_int(r, CAPTURE_ID(CAPTURE_FIRST_TIME), c->first_time);
	field_gen_uint(r, CAPTURE_ID(CAPTURE_EMPTY), c->packets == 0);
	field_gen_uint(r, CAPTURE_ID(CAPTURE_CONVERSATIONS), t->counts.tcp + t->counts.udp);
	field_gen_uint(r, CAPTURE_ID(CAPTURE_TCP_CONVERSATIONS), t->counts.tcp);
	field_gen_uint(r, CAPTURE_ID(CAPTURE_UDP_CONVERSATIONS), t->counts.udp);
	field_gen_uint(r, CAPTURE_ID(CAPTURE_ONE_SIDED_CONVERSATIONS), c->one_sided);
	field_gen_uint(r, CAPTURE_ID(CAPTURE_ONE_SIDED), c->one_sided && !c->two_sided);
}

void emit_capture(struct track *t)
{
	const struct capture_facts *c = &t->facts;
	struct record *r = emit_start(t, RECORD_CAPTURE, NULL);

	emit_layer(r, PROTO_tt_capture);
	put_counts(r, t);
	field_gen_uint(r, CAPTURE_ID(CAPTURE_CUT), c->cut);
	field_gen_uint(r, CAPTURE_ID(CAPTURE_UNREADABLE), c->unreadable);
	field_gen_uint(r, CAPTURE_ID(CAPTURE_MALFORMED), c->malformed);
	field_gen_uint(r, CAPTURE_ID(CAPTURE_BAD_CHECKSUMS), c->bad_checksums);
	field_gen_uint(r, CAPTURE_ID(CAPTURE_ONLY_LOOPBACK),
		       c->ip_packets && c->ip_packets == c->loopback_packets);
	field_gen_uint(r, CAPTURE_ID(CAPTURE_HAS_ARP), c->has_arp);
	field_gen_uint(r, CAPTURE_ID(CAPTURE_HAS_DNS), c->has_dns);
	field_gen_uint(r, CAPTURE_ID(CAPTURE_HAS_IP), c->has_ip);
	field_gen_uint(r, CAPTURE_ID(CAPTURE_HAS_IPV6), c->has_ipv6);
	field_gen_uint(r, CAPTURE_ID(CAPTURE_DUPLICATES), c->duplicates);
	if (c->duplicate_frame)
		field_gen_uint(r, CAPTURE_ID(CAPTURE_DUPLICATE_FRAME), c->duplicate_frame);
	field_gen_uint(r, CAPTURE_ID(CAPTURE_ENCRYPTED_DNS), c->encrypted_dns);
	field_gen_uint(r, CAPTURE_ID(CAPTURE_EVICTED), t->caps.convs_evicted);
	machine_deduced(t->machine, r);
	t->emit(t->context, r);
}
