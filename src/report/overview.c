/* SPDX-License-Identifier: GPL-3.0-or-later */
/* overview: counting what is in the trace. */
#include "config.h"

#include <string.h>

#include "overview_private.h"

static guint computer_hash(gconstpointer key)
{
	const struct computer *c = key;
	guint h = 2166136261u ^ c->family; /* FNV-1a */

	for (int i = 0; i < 16; i++)
		h = (h ^ c->addr[i]) * 16777619u;
	return h;
}

static gboolean computer_equal(gconstpointer a, gconstpointer b)
{
	const struct computer *x = a, *y = b;

	return x->family == y->family && !memcmp(x->addr, y->addr, sizeof(x->addr));
}

static void asked_free(gpointer p)
{
	g_free(((struct asked *)p)->name);
	g_free(p);
}

struct overview *overview_new(void)
{
	struct overview *o = g_new0(struct overview, 1);

	o->computers = g_hash_table_new_full(computer_hash, computer_equal, NULL, g_free);
	o->names = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, asked_free);
	conversations_init(&o->talks, SORT_BYTES, NULL);
	o->query = field_named("dns.qry.name");
	o->response = field_named("dns.flags.response");
	o->rcode = field_named("dns.flags.rcode");
	o->a = field_named("dns.a");
	o->aaaa = field_named("dns.aaaa");
	return o;
}

void overview_free(struct overview *o)
{
	if (!o)
		return;
	g_hash_table_destroy(o->computers);
	g_hash_table_destroy(o->names);
	conversations_release(&o->talks);
	g_free(o);
}

void overview_end(struct overview *o)
{
	if (!o->ended)
		conversations_end(&o->talks);
	o->ended = true;
}

/* --- computers --- */

static struct computer *computer_of(struct overview *o, uint8_t family, const struct endpoint *e)
{
	struct computer key = {.family = family}, *c;

	memcpy(key.addr, e->addr, sizeof(key.addr));
	c = g_hash_table_lookup(o->computers, &key);
	if (c || g_hash_table_size(o->computers) >= OVERVIEW_MAX_COMPUTERS)
		return c;
	c = g_memdup2(&key, sizeof(key));
	g_hash_table_insert(o->computers, c, c);
	return c;
}

static void count_computers(struct overview *o, const struct record *r)
{
	const struct flow *f = &r->flow;
	struct computer *src = computer_of(o, f->family, &f->src);
	struct computer *dst = computer_of(o, f->family, &f->dst);

	if (src) {
		src->sent++;
		src->bytes += r->frame->original;
	}
	if (dst) {
		dst->got++;
		dst->bytes += r->frame->original;
	}
	o->others += !src || !dst;
}

/* --- names --- */

static const struct field *first(const struct record *r, uint16_t id)
{
	return id == FIELD_NONE ? NULL : record_first(r, id);
}

static struct asked *asked_of(struct overview *o, const struct record *r, const struct field *f)
{
	char *name = g_strndup((const char *)f->v.p, f->vlen), *lower = g_ascii_strdown(name, -1);
	struct asked *a = g_hash_table_lookup(o->names, lower);

	g_free(name);
	if (a || g_hash_table_size(o->names) >= OVERVIEW_MAX_NAMES) {
		g_free(lower);
		return a;
	}
	a = g_new0(struct asked, 1);
	a->name = lower;
	a->packet = r->number;
	g_hash_table_insert(o->names, a->name, a);
	return a;
}

static void put_answer(struct overview *o, struct asked *a, const struct record *r)
{
	const struct field *code = first(r, o->rcode), *address = first(r, o->a);
	struct buf text = BUF_INIT;
	const char *name;

	address = address ? address : first(r, o->aaaa);
	name = code && code->v.u ? value_name(def_of(code)->values, code->v.u) : NULL;
	if (address)
		field_value_text(&text, r, address);
	else
		buf_str(&text, name ? name : code && code->v.u ? "an error" : "no address");
	/* An address counts more than the answer "none" to the question for the other kind. */
	if (address || !*a->answer || !strcmp(a->answer, "no address"))
		g_strlcpy(a->answer, buf_text(&text), sizeof(a->answer));
	buf_release(&text);
}

static void count_names(struct overview *o, const struct record *r)
{
	const struct field *name = first(r, o->query), *response = first(r, o->response);
	struct asked *a;

	if (!name || !response || !name->vlen)
		return;
	a = asked_of(o, r, name);
	if (!a)
		o->unnamed++;
	else if (response->v.u)
		put_answer(o, a, r);
	else
		a->times++;
}

/* --- records --- */

static void count_protos(struct overview *o, const struct record *r)
{
	uint64_t seen[G_N_ELEMENTS(r->protos)] = {0};

	for (unsigned i = 0; i < r->nlayers; i++) {
		unsigned p = r->layers[i].proto;

		if (r->layers[i].quoted || seen[p / 64] >> p % 64 & 1)
			continue;
		seen[p / 64] |= 1ull << p % 64;
		o->protos[p]++;
	}
}

static void packet(struct overview *o, const struct record *r)
{
	bool transport = r->flow.ip_proto == 6 || r->flow.ip_proto == 17;

	count_protos(o, r);
	o->encrypted += record_has_proto(r, PROTO_tls) || record_has_proto(r, PROTO_quic);
	o->opaque += r->flow.family && transport && r->flow.pcaptured && !report_speaks(r);
	if (r->flow.family)
		count_computers(o, r);
	count_names(o, r);
}

static uint64_t told(const struct record *r, const char *name)
{
	const struct field *f = first(r, field_named(name));

	return f ? f->v.u : 0;
}

void overview_record(struct overview *o, const struct record *r)
{
	conversations_record(&o->talks, r);
	if (r->kind == RECORD_PACKET)
		packet(o, r);
	if (r->kind != RECORD_CAPTURE)
		return;
	o->cut = told(r, "tt.capture.cut");
	o->unreadable = told(r, "tt.capture.unreadable");
	o->malformed = told(r, "tt.capture.malformed");
}

/* --- in order --- */

static gint by_bytes(gconstpointer a, gconstpointer b)
{
	const struct computer *x = *(struct computer *const *)a, *y = *(struct computer *const *)b;

	if (x->bytes != y->bytes)
		return x->bytes < y->bytes ? 1 : -1;
	return memcmp(x->addr, y->addr, sizeof(x->addr));
}

static gint by_packet(gconstpointer a, gconstpointer b)
{
	const struct asked *x = *(struct asked *const *)a, *y = *(struct asked *const *)b;

	return x->packet != y->packet ? (x->packet < y->packet ? -1 : 1) : strcmp(x->name, y->name);
}

static GPtrArray *values(GHashTable *table, GCompareFunc compare)
{
	GPtrArray *all = g_ptr_array_new();
	GHashTableIter i;
	gpointer value;

	g_hash_table_iter_init(&i, table);
	while (g_hash_table_iter_next(&i, NULL, &value))
		g_ptr_array_add(all, value);
	g_ptr_array_sort(all, compare);
	return all;
}

GPtrArray *overview_computers(const struct overview *o)
{
	return values(o->computers, by_bytes);
}

GPtrArray *overview_names(const struct overview *o)
{
	return values(o->names, by_packet);
}
