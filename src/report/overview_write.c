/* SPDX-License-Identifier: GPL-3.0-or-later */
/* overview_write: the overview as sections of a report, and as JSON. */
#include "config.h"

#include "json.h"
#include "out.h"
#include "overview_private.h"
#include "tracetutor/capture.h"

#define SHOWN 20 /* of each list */
#define TALKS 8  /* conversations */

static void section_begin(struct report *rep, const char *title)
{
	struct node_attr attr = {.title = title};

	sink_begin(rep->sink, NODE_SECTION, &attr);
}

/* A SECTION with lines as they are, which are taken. */
static void lines_section(struct report *rep, const char *title, struct buf *text)
{
	if (text->len) {
		section_begin(rep, title);
		report_code(rep, buf_text(text));
		sink_end(rep->sink, NODE_SECTION);
	}
	buf_release(text);
}

static void more_line(struct buf *out, size_t n)
{
	if (n)
		buf_printf(out, "... and %u more\n", (unsigned)n);
}

/* --- size, time, verdict --- */

static void say_size(struct report *rep, const struct capture_facts *f)
{
	struct buf text = BUF_INIT;

	buf_printf(&text, "%" G_GUINT64_FORMAT " %s, %" G_GUINT64_FORMAT " bytes", f->packets,
		   f->packets == 1 ? "packet" : "packets", f->bytes);
	if (f->packets) {
		buf_str(&text, ", in ");
		buf_seconds(&text, f->last_time - f->first_time, 3);
		buf_str(&text, " seconds from ");
		buf_time_utc(&text, f->first_time);
		buf_str(&text, " UTC");
	}
	if (f->info)
		buf_printf(&text, "; %s", f->info->format);
	buf_char(&text, '.');
	report_say(rep, STYLE_PLAIN, buf_text(&text));
	buf_release(&text);
}

static void say_verdict(struct report *rep, const struct engine *e)
{
	const struct finding *v = engine_verdict(e);
	struct buf text = BUF_INIT;

	if (!v) {
		report_say(rep, STYLE_GOOD, "Nothing wrong was seen in this trace.");
		return;
	}
	buf_str(&text, sink_severity((int)v->rule->severity));
	headline_text(v, &text);
	if (text.s[text.len - 1] == '.')
		text.len--;
	sink_begin(rep->sink, NODE_PROSE, NULL);
	sink_text(rep->sink, STYLE_BAD, buf_text(&text), text.len);
	if (v->nframes) {
		sink_str(rep->sink, STYLE_PLAIN, " (");
		say_packets(rep->sink, v);
		sink_str(rep->sink, STYLE_PLAIN, ")");
	}
	sink_str(rep->sink, STYLE_PLAIN, ".");
	sink_end(rep->sink, NODE_PROSE);
	buf_release(&text);
}

/* --- lists --- */

static int by_count(const void *a, const void *b, void *counts)
{
	const uint64_t *n = counts;
	unsigned x = *(const unsigned *)a, y = *(const unsigned *)b;

	if (n[x] != n[y])
		return n[x] < n[y] ? 1 : -1;
	return x < y ? -1 : x > y;
}

/* The protocols that occur, the most frequent first; returns how many. */
static unsigned protos_in_order(const struct overview *o, unsigned order[PROTO_COUNT])
{
	unsigned n = 0;

	for (unsigned i = 0; i < PROTO_COUNT; i++)
		if (o->protos[i] && i != PROTO_frame)
			order[n++] = i;
	g_qsort_with_data(order, (gint)n, sizeof(*order), by_count, (gpointer)o->protos);
	return n;
}

static void say_protocols(struct report *rep, const struct overview *o)
{
	unsigned order[PROTO_COUNT], n = protos_in_order(o, order);
	struct buf text = BUF_INIT;

	for (unsigned i = 0; i < n; i++)
		buf_printf(&text, "%8" G_GUINT64_FORMAT "  %-10s %s\n", o->protos[order[i]],
			   proto_table[order[i]]->name, proto_table[order[i]]->label);
	lines_section(rep, "Protocols, by packets that hold them", &text);
}

static void put_address(struct buf *out, const struct computer *c)
{
	if (c->family == 4)
		buf_ipv4(out, (uint32_t)c->addr[0] << 24 | (uint32_t)c->addr[1] << 16 |
				      (uint32_t)c->addr[2] << 8 | c->addr[3]);
	else
		buf_ipv6(out, c->addr);
}

static void say_computers(struct report *rep, const struct overview *o, const struct engine *e)
{
	GPtrArray *all = overview_computers(o);
	struct buf text = BUF_INIT, address = BUF_INIT;

	for (guint i = 0; i < MIN(all->len, SHOWN); i++) {
		const struct computer *c = all->pdata[i];
		const char *name = engine_name(e, c->addr);

		if (!i)
			buf_str(&text, "    sent      got       bytes  address\n");
		buf_reset(&address);
		put_address(&address, c);
		buf_printf(&text,
			   "%8" G_GUINT64_FORMAT " %8" G_GUINT64_FORMAT " %11" G_GUINT64_FORMAT
			   "  %s",
			   c->sent, c->got, c->bytes, address.s);
		if (name)
			buf_printf(&text, "  %s", name);
		buf_char(&text, '\n');
	}
	more_line(&text, all->len > SHOWN ? all->len - SHOWN : 0);
	if (o->others)
		buf_printf(&text, "and %" G_GUINT64_FORMAT " packets of yet others\n", o->others);
	lines_section(rep, "Computers, by packets sent and got", &text);
	g_ptr_array_free(all, TRUE);
	buf_release(&address);
}

static void say_names(struct report *rep, const struct overview *o)
{
	GPtrArray *all = overview_names(o);
	struct buf text = BUF_INIT;

	for (guint i = 0; i < MIN(all->len, SHOWN); i++) {
		const struct asked *a = all->pdata[i];

		buf_printf(&text, "%s: %s", a->name, *a->answer ? a->answer : "no answer");
		if (a->times > 1)
			buf_printf(&text, " (asked %u times)", a->times);
		buf_char(&text, '\n');
	}
	more_line(&text, all->len > SHOWN ? all->len - SHOWN : 0);
	if (o->unnamed)
		buf_printf(&text, "and %" G_GUINT64_FORMAT " questions for yet others\n",
			   o->unnamed);
	lines_section(rep, "Names that were asked for", &text);
	g_ptr_array_free(all, TRUE);
}

/* What the program, or the trace, could not show; in the order of the JSON. */
static const struct {
	const char *member, *one, *many;
	size_t at;
} unread[] = {
	{"unknown_link", "packet is of a kind of network that is not known",
	 "packets are of a kind of network that is not known",
	 offsetof(struct overview, unreadable)},
	{"cut", "packet was kept only in part by the recording",
	 "packets were kept only in part by the recording", offsetof(struct overview, cut)},
	{"malformed", "packet breaks the format it should have",
	 "packets break the format they should have", offsetof(struct overview, malformed)},
	{"encrypted", "packet is part of an encrypted connection",
	 "packets are part of encrypted connections", offsetof(struct overview, encrypted)},
	{"not_understood", "packet carries data that the program does not know",
	 "packets carry data that the program does not know", offsetof(struct overview, opaque)},
};

static uint64_t unread_count(const struct overview *o, size_t i)
{
	return *(const uint64_t *)(const void *)((const char *)o + unread[i].at);
}

static void say_unread(struct report *rep, const struct overview *o, const struct capture_facts *f)
{
	struct buf text = BUF_INIT;

	for (size_t i = 0; i < G_N_ELEMENTS(unread); i++) {
		uint64_t n = unread_count(o, i);

		if (n)
			buf_printf(&text, "%" G_GUINT64_FORMAT " %s\n", n,
				   n == 1 ? unread[i].one : unread[i].many);
	}
	if (f->damage)
		buf_printf(&text, "the file is damaged: %s\n", f->damage);
	lines_section(rep, "What could not be read", &text);
}

void overview_say(struct overview *o, struct report *rep, const struct capture_facts *facts,
		  const struct engine *e, unsigned width)
{
	struct buf text = BUF_INIT;

	overview_end(o);
	section_begin(rep, "The trace");
	say_size(rep, facts);
	say_verdict(rep, e);
	sink_end(rep->sink, NODE_SECTION);
	say_protocols(rep, o);
	say_computers(rep, o, e);
	if (o->talks.all)
		conversations_text(&o->talks, e, width, TALKS, &text);
	lines_section(rep, "Busiest conversations", &text);
	say_names(rep, o);
	say_unread(rep, o, facts);
}

/* --- JSON --- */

static void json_protocols(const struct overview *o, struct buf *out)
{
	unsigned order[PROTO_COUNT], n = protos_in_order(o, order);

	json_member(out, "protocols");
	buf_char(out, '[');
	for (unsigned i = 0; i < n; i++) {
		json_element(out);
		buf_char(out, '{');
		json_member_string(out, "name", proto_table[order[i]]->name);
		json_member_number(out, "packets", o->protos[order[i]]);
		buf_char(out, '}');
	}
	buf_char(out, ']');
}

static void json_computers(const struct overview *o, const struct engine *e, struct buf *out)
{
	GPtrArray *all = overview_computers(o);
	struct buf address = BUF_INIT;

	json_member(out, "computers");
	buf_char(out, '[');
	for (guint i = 0; i < all->len; i++) {
		const struct computer *c = all->pdata[i];

		json_element(out);
		buf_char(out, '{');
		buf_reset(&address);
		put_address(&address, c);
		json_member_string(out, "address", address.s);
		json_member_string(out, "name", engine_name(e, c->addr));
		json_member_number(out, "packets_sent", c->sent);
		json_member_number(out, "packets_got", c->got);
		json_member_number(out, "bytes", c->bytes);
		buf_char(out, '}');
	}
	buf_char(out, ']');
	g_ptr_array_free(all, TRUE);
	buf_release(&address);
}

static void json_names(const struct overview *o, struct buf *out)
{
	GPtrArray *all = overview_names(o);

	json_member(out, "names");
	buf_char(out, '[');
	for (guint i = 0; i < all->len; i++) {
		const struct asked *a = all->pdata[i];

		json_element(out);
		buf_char(out, '{');
		json_member_string(out, "name", a->name);
		json_member_number(out, "times", a->times);
		json_member_string(out, "answer", *a->answer ? a->answer : NULL);
		json_member_number(out, "first_packet", a->packet);
		buf_char(out, '}');
	}
	buf_char(out, ']');
	g_ptr_array_free(all, TRUE);
}

void overview_json(struct overview *o, const struct capture_facts *facts, const struct engine *e,
		   struct buf *out)
{
	overview_end(o);
	buf_str(out, "{\"version\":1");
	json_capture(out, facts);
	json_verdict(out, e);
	json_protocols(o, out);
	json_computers(o, e, out);
	json_names(o, out);
	json_member_number(out, "conversation_count", o->talks.all);
	conversations_json_list(&o->talks, e, TALKS, out);
	json_member(out, "unread");
	buf_char(out, '{');
	for (size_t i = 0; i < G_N_ELEMENTS(unread); i++)
		json_member_number(out, unread[i].member, unread_count(o, i));
	buf_str(out, "}}\n");
}
