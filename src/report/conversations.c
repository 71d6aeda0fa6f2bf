/* SPDX-License-Identifier: GPL-3.0-or-later */
/* conversations: collecting the rows. */
#include "config.h"

#include <string.h>

#include "tracetutor/conversations.h"

/* A conversation that goes on. */
struct live {
	int64_t start;
	bool wanted;
};

static const char *const sort_names[] = {[SORT_TIME] = "time",
					 [SORT_BYTES] = "bytes",
					 [SORT_PACKETS] = "packets",
					 [SORT_RTT] = "rtt"};

bool conversations_sort_named(const char *name, enum conversations_sort *sort)
{
	for (unsigned i = 0; i < G_N_ELEMENTS(sort_names); i++)
		if (strcmp(name, sort_names[i]) == 0) {
			*sort = (enum conversations_sort)i;
			return true;
		}
	return false;
}

void conversations_init(struct conversations *c, enum conversations_sort sort,
			const struct filter *f)
{
	*c = (struct conversations){.sort = sort, .filter = f};
	c->rows = g_array_new(FALSE, FALSE, sizeof(struct conversation_row));
	c->live = g_hash_table_new_full(NULL, NULL, NULL, g_free);
}

void conversations_release(struct conversations *c)
{
	if (c->rows)
		g_array_free(c->rows, TRUE);
	if (c->live)
		g_hash_table_destroy(c->live);
	*c = (struct conversations){0};
}

/* TCP and UDP are numbered apart. */
static gpointer key_of(const struct conv *c)
{
	return GSIZE_TO_POINTER(((gsize)c->index << 1 | (c->ip_proto == 17)) + 1);
}

/* --- order, and what is kept --- */

static uint64_t both(const uint64_t v[2])
{
	return v[0] + v[1];
}

static int compare_large(uint64_t a, uint64_t b)
{
	return a < b ? 1 : a > b ? -1 : 0;
}

static gint compare(gconstpointer a, gconstpointer b, gpointer sort)
{
	const struct conversation_row *x = a, *y = b;
	int by = 0;

	switch ((enum conversations_sort)GPOINTER_TO_INT(sort)) {
	case SORT_BYTES: by = compare_large(both(x->bytes), both(y->bytes)); break;
	case SORT_PACKETS: by = compare_large(both(x->packets), both(y->packets)); break;
	case SORT_RTT: by = compare_large((uint64_t)(x->rtt + 1), (uint64_t)(y->rtt + 1)); break;
	case SORT_TIME: break;
	}
	if (by)
		return by;
	return x->first_packet < y->first_packet ? -1 : x->first_packet > y->first_packet;
}

static void keep_best(struct conversations *c)
{
	g_array_sort_with_data(c->rows, compare, GINT_TO_POINTER((int)c->sort));
	for (guint i = CONVERSATIONS_MAX; i < c->rows->len; i++) {
		const struct conversation_row *row =
			&g_array_index(c->rows, struct conversation_row, i);

		c->unlisted_packets += both(row->packets);
		c->unlisted_bytes += both(row->bytes);
	}
	if (c->rows->len > CONVERSATIONS_MAX)
		g_array_set_size(c->rows, CONVERSATIONS_MAX);
}

void conversations_end(struct conversations *c)
{
	keep_best(c);
}

/* --- a conversation --- */

static const struct field *named(const struct record *r, const char *name)
{
	uint16_t id = field_named(name);

	return id == FIELD_NONE ? NULL : record_first(r, id);
}

static uint64_t number(const struct record *r, const char *name)
{
	const struct field *f = named(r, name);

	return f ? f->v.u : 0;
}

static bool text_is(const struct record *r, const char *name, const char *text)
{
	const struct field *f = named(r, name);

	return f && f->vlen == strlen(text) && !memcmp(f->v.p, text, f->vlen);
}

static int64_t round_trip(const struct record *r)
{
	static const char *const names[] = {"tt.conv.initial_rtt", "tt.conv.synack_rtt",
					    "tt.conv.rtt_min"};

	for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
		const struct field *f = named(r, names[i]);

		if (f && f->v.i >= 0)
			return f->v.i;
	}
	return -1;
}

static const char *tcp_ended(const struct record *r)
{
	bool fin_a = number(r, "tt.conv.fin_a"), fin_b = number(r, "tt.conv.fin_b");

	if (number(r, "tt.conv.refused"))
		return "refused";
	if (named(r, "tt.conv.syn_frame") && !number(r, "tt.conv.syn_answered"))
		return number(r, "tt.conv.icmp_frame") ? "unreachable" : "no-answer";
	if (fin_a && fin_b)
		return "closed";
	if (text_is(r, "tt.conv.reset_by", "client"))
		return "reset-by-client";
	if (text_is(r, "tt.conv.reset_by", "server"))
		return "reset-by-server";
	return fin_a || fin_b ? "half-closed" : "open";
}

static const char *udp_ended(const struct record *r, const struct conversation_row *row)
{
	if (number(r, "tt.conv.icmp_frame"))
		return "unreachable";
	return row->packets[0] && row->packets[1] ? "answered" : "one-way";
}

static const char *service_of(const struct conv *c)
{
	return c->app && c->app <= PROTO_COUNT ? proto_table[c->app - 1]->name : NULL;
}

static void add_row(struct conversations *c, const struct record *r, int64_t start)
{
	const struct conv *v = r->conv;
	struct conversation_row row = {.index = v->index,
				       .family = v->family,
				       .ip_proto = v->ip_proto,
				       .service = service_of(v)};

	row.client = v->a_is_client ? v->a : v->b;
	row.server = v->a_is_client ? v->b : v->a;
	row.first_packet = (uint32_t)number(r, "tt.conv.first_frame");
	row.last_packet = (uint32_t)number(r, "tt.conv.last_frame");
	row.packets[0] = number(r, "tt.conv.packets_a2b");
	row.packets[1] = number(r, "tt.conv.packets_b2a");
	row.bytes[0] = number(r, "tt.conv.bytes_a2b");
	row.bytes[1] = number(r, "tt.conv.bytes_b2a");
	row.duration = (int64_t)number(r, "tt.conv.duration");
	row.start = start;
	row.rtt = round_trip(r);
	row.ended = v->ip_proto == 6 ? tcp_ended(r) : udp_ended(r, &row);
	c->all++;
	g_array_append_val(c->rows, row);
	if (c->rows->len >= 2 * CONVERSATIONS_MAX)
		keep_best(c);
}

static void ended(struct conversations *c, const struct record *r)
{
	struct live *l = g_hash_table_lookup(c->live, key_of(r->conv));
	bool wanted = !c->filter || (l && l->wanted) || filter_match(c->filter, r);

	if (wanted)
		add_row(c, r, l ? l->start : 0);
	g_hash_table_remove(c->live, key_of(r->conv));
}

/* --- records --- */

static void packet(struct conversations *c, const struct record *r)
{
	unsigned kind = r->conv && r->conv->ip_proto == 17;
	struct live *l;

	if (!c->begun)
		c->first_time = r->time;
	c->begun = true;
	if (!r->conv)
		return;
	if (r->conv->index >= c->seen[kind]) { /* they are numbered as they begin */
		c->seen[kind] = r->conv->index + 1;
		l = g_new0(struct live, 1);
		l->start = r->time - c->first_time;
		g_hash_table_insert(c->live, key_of(r->conv), l);
	}
	if (!c->filter)
		return;
	l = g_hash_table_lookup(c->live, key_of(r->conv));
	if (l && !l->wanted)
		l->wanted = filter_match(c->filter, r);
}

void conversations_record(struct conversations *c, const struct record *r)
{
	if (r->kind == RECORD_PACKET)
		packet(c, r);
	else if (r->kind == RECORD_CONVERSATION && r->conv)
		ended(c, r);
}
