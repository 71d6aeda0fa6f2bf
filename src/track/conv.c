/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * conv: the table of conversations: open hashing with chains, and one list from the newest to the
 * oldest used, whose end is evicted (and reported) when the table is full.
 */
#include "src/track/internal.h"

#include <glib.h>

static uint64_t mix(uint64_t h)
{
	h ^= h >> 32;
	h *= 0xd6e8feb86659fd93ull;
	h ^= h >> 32;
	return h;
}

static uint64_t endpoint_hash(const struct track *t, const struct endpoint *e, bool port)
{
	uint64_t w[2];

	memcpy(w, e->addr, sizeof(w));
	return mix(mix(w[0] ^ t->seed) + w[1] * 0x9e3779b97f4a7c15ull + (port ? e->port : 0));
}

uint64_t flow_hash(const struct track *t, const struct flow *f, bool ports)
{
	uint64_t ends = endpoint_hash(t, &f->src, ports) + endpoint_hash(t, &f->dst, ports);

	return mix(ends + f->family * 256u + f->ip_proto);
}

static bool endpoint_equal(const struct endpoint *a, const struct endpoint *b)
{
	return a->port == b->port && !memcmp(a->addr, b->addr, sizeof(a->addr));
}

static bool conv_is(const struct conv *c, const struct flow *f, bool *from_a)
{
	if (c->ip_proto != f->ip_proto || c->family != f->family)
		return false;
	*from_a = true;
	if (endpoint_equal(&c->a, &f->src) && endpoint_equal(&c->b, &f->dst))
		return true;
	*from_a = false;
	return endpoint_equal(&c->a, &f->dst) && endpoint_equal(&c->b, &f->src);
}

struct entry *conv_find(struct track *t, const struct flow *f, bool *from_a)
{
	struct entry *e = t->buckets[flow_hash(t, f, true) & (CONV_BUCKETS - 1)];

	while (e && !conv_is(&e->conv, f, from_a))
		e = e->hash_next;
	return e;
}

static void unlink_age(struct track *t, struct entry *e)
{
	*(e->newer ? &e->newer->older : &t->newest) = e->older;
	*(e->older ? &e->older->newer : &t->oldest) = e->newer;
	e->newer = e->older = NULL;
}

static void link_newest(struct track *t, struct entry *e)
{
	e->older = t->newest;
	*(t->newest ? &t->newest->newer : &t->oldest) = e;
	t->newest = e;
}

static void unlink_closing(struct track *t, struct entry *e)
{
	if (!e->closing)
		return;
	*(e->close_prev ? &e->close_prev->close_next : &t->closing) = e->close_next;
	*(e->close_next ? &e->close_next->close_prev : &t->closing_last) = e->close_prev;
	e->closing = false;
}

/* What is needed for its record ends with it, and what its application protocol knew and waited
 * for: that begins anew should packets come late. */
static void conv_report(struct track *t, struct entry *e, const char *reason)
{
	exchange_end(t, e, -1, reason);
	if (!e->conv.over && !t->quiet)
		emit_conv(t, e);
	e->conv.over = true;
	pool_give(&t->apps, e->conv.app_state);
	e->conv.app_state = NULL;
	if (!e->tcp)
		return;
	pool_give(&t->tcp_facts, e->tcp->facts);
	e->tcp->facts = NULL;
	for (unsigned i = 0; i < 2; i++)
		stream_free(t, &e->tcp->side[i].stream);
}

static void tcp_release(struct track *t, struct tcp *tcp)
{
	sights_free(t, tcp->sight);
	pool_give(&t->tcps, tcp);
}

/* Report it if that was not done yet, and forget it. */
static void conv_drop(struct track *t, struct entry *e, const char *reason)
{
	struct entry **at = &t->buckets[e->bucket];

	conv_report(t, e, reason);
	unlink_closing(t, e);
	unlink_age(t, e);
	while (*at != e)
		at = &(*at)->hash_next;
	*at = e->hash_next;
	if (e->tcp)
		tcp_release(t, e->tcp);
	pool_give(&t->entries, e);
}

static struct tcp *tcp_state_new(struct track *t)
{
	struct tcp *tcp = pool_take(&t->tcps);

	if (!t->quiet) {
		tcp->sight = sights_new(t);
		tcp->facts = pool_take(&t->tcp_facts);
	}
	return tcp;
}

/* Who opened it: the sender of a SYN, the receiver of a SYN+ACK, else whoever has the higher port.
 */
static bool opened_by_sender(const struct flow *f)
{
	if (f->ip_proto == 6 && f->tcp_flags & TCP_SYN)
		return !(f->tcp_flags & TCP_ACK);
	return f->src.port >= f->dst.port;
}

/* Numbers of older ones count down, so that no two are the same. */
static void number(struct track *t, struct entry *e)
{
	e->conv.older = is_older(t, e->first_frame, BEGUN_CONVERSATION);
	if (e->conv.older)
		e->conv.index = UINT32_MAX - ++t->older;
	else
		e->conv.index = e->conv.ip_proto == 6 ? t->counts.tcp++ : t->counts.udp++;
}

struct entry *conv_new(struct track *t, const struct record *r)
{
	const struct flow *f = &r->flow;
	struct entry *e;

	if (t->entries.used == t->entries.max) {
		t->caps.convs_evicted++;
		conv_drop(t, t->oldest, "evicted");
	}
	e = pool_take(&t->entries);
	e->conv.app_states = &t->apps;
	e->conv.family = f->family;
	e->conv.ip_proto = f->ip_proto;
	e->conv.a = f->src;
	e->conv.b = f->dst;
	e->conv.a_is_client = opened_by_sender(f);
	e->first_frame = r->number;
	e->first_time = e->last_time = e->prev_time = r->time;
	number(t, e);
	if (f->ip_proto == 6) {
		e->tcp = tcp_state_new(t);
		e->conv.mid_stream = !(f->tcp_flags & TCP_SYN);
	}
	e->bucket = (uint32_t)(flow_hash(t, f, true) & (CONV_BUCKETS - 1));
	e->hash_next = t->buckets[e->bucket];
	t->buckets[e->bucket] = e;
	link_newest(t, e);
	return e;
}

struct entry *conv_lookup(struct track *t, struct record *r)
{
	struct entry *e = conv_find(t, &r->flow, &r->from_a);

	if (!e) {
		r->from_a = true;
		return conv_new(t, r);
	}
	if (e != t->newest) {
		unlink_age(t, e);
		link_newest(t, e);
	}
	return e;
}

void conv_closing(struct track *t, struct entry *e)
{
	if (e->closing || e->conv.over)
		return;
	e->closing = true;
	e->close_time = t->now;
	e->close_next = NULL;
	e->close_prev = t->closing_last;
	*(t->closing_last ? &t->closing_last->close_next : &t->closing) = e;
	t->closing_last = e;
}

void conv_tick(struct track *t)
{
	struct entry *e = t->closing;

	if (!e || t->now - e->close_time < CLOSE_QUIET)
		return;
	unlink_closing(t, e);
	if (t->now - e->last_time < CLOSE_QUIET)
		conv_closing(t, e);
	else
		conv_report(t, e, "closed");
}

/* Oldest first, so that records come in the order in which conversations fell silent. */
void conv_end_all(struct track *t)
{
	while (t->oldest)
		conv_drop(t, t->oldest, "end-of-capture");
}
