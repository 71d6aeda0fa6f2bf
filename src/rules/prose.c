// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * prose: a rule's text with the values of a record in it.
 */
#include <string.h>

#include "private.h"

#define NOT_SEEN  "(not seen)"
#define VALUE_MAX 200 /* characters of one value in running text */

/* The name of the field for the other IP version: ipv6.src for ip.src, tt.conv.icmp_from6 for
 * tt.conv.icmp_from. False: too long to have one. */
static bool twin_name(const char *name, char out[40])
{
	bool ip = strncmp(name, "ip.", 3) == 0;

	return g_snprintf(out, 40, ip ? "ipv6.%s" : "%s6", ip ? name + 3 : name) < 40;
}

/* The field, or its twin of the other IP version. */
const struct field *prose_field(const struct record *r, uint16_t id)
{
	const struct field *f = r ? record_find(r, id, 0) : NULL;
	char twin[40];
	uint16_t other;

	if (f || !r || !twin_name(field_def(id)->name, twin))
		return f;
	other = field_named(twin);
	return other == FIELD_NONE ? NULL : record_find(r, other, 0);
}

/* Seconds with what a person can use of them. */
static void put_time(struct buf *out, int64_t ns)
{
	if (ns < 0)
		buf_char(out, '-');
	buf_seconds(out, ns < 0 ? -ns : ns, ns < 1000000 && ns > -1000000 ? 6 : 3);
}

void prose_value(const struct record *r, uint16_t field, struct buf *out)
{
	const struct field *f = prose_field(r, field);

	if (!f) {
		buf_str(out, NOT_SEEN);
	} else if ((f->flags & FIELD_SECRET) || def_of(f)->secrecy == SECRET) {
		buf_str(out, "(hidden)");
	} else if (def_of(f)->type == FT_RELATIVE_TIME) {
		put_time(out, f->v.i);
	} else if (field_type_is_text(def_of(f)->type)) {
		buf_clean_max(out, f->v.p, f->vlen, VALUE_MAX);
	} else {
		struct buf text = BUF_INIT;

		field_named_text(&text, r, f);
		buf_clean_max(out, buf_text(&text), text.len, VALUE_MAX);
		buf_release(&text);
	}
}

static void put_span(const struct engine *e, const struct span *s, const struct record *r,
		     struct buf *out)
{
	switch (s->kind) {
	case SPAN_TEXT:
	case SPAN_EM:
	case SPAN_CODE:
	case SPAN_TERM: buf_clean(out, s->text, strlen(s->text)); break;
	case SPAN_VALUE:
		if (r)
			prose_value(r, s->field, out);
		else
			buf_printf(out, "[%s]", field_def(s->field)->label);
		break;
	case SPAN_WHO:
		if (r)
			engine_who(e, r, s->field, out);
		else
			buf_str(out, "that computer");
		break;
	case SPAN_BREAK: buf_char(out, '\n'); break;
	}
}

/* Does a sentence begin at the end of this text, which began at `from`? */
static bool sentence_begins(const struct buf *b, size_t from)
{
	size_t end = b->len;

	while (end > from && b->s[end - 1] == ' ')
		end--;
	return end == from || strchr("\n.!?", b->s[end - 1]);
}

void engine_prose(const struct engine *e, const struct prose *p, const struct record *r,
		  struct buf *out)
{
	const size_t from = out->len;

	for (size_t i = 0; i < p->n; i++) {
		const size_t at = out->len;
		const bool capital = p->spans[i].kind == SPAN_WHO && sentence_begins(out, from);

		put_span(e, &p->spans[i], r, out);
		if (capital && out->len > at)
			out->s[at] = g_ascii_toupper(out->s[at]);
	}
}

void prose_text(const struct prose *p, const struct record *r, struct buf *out)
{
	engine_prose(NULL, p, r, out);
}

static bool is_private(uint8_t family, const uint8_t *a)
{
	if (family == 4)
		return a[0] == 10 || a[0] == 127 || (a[0] == 172 && a[1] >> 4 == 1) ||
		       (a[0] == 192 && a[1] == 168) || (a[0] == 169 && a[1] == 254);
	return (a[0] & 0xFE) == 0xFC || (a[0] == 0xFE && a[1] >> 6 == 2);
}

enum part { CLIENT, SERVER, NEITHER };

/* Which end of the record's conversation is it? */
static enum part part_of(const struct record *r, const uint8_t addr[16])
{
	const struct conv *c = r->conv;
	const struct endpoint *client, *server;

	if (!c)
		return NEITHER;
	client = c->a_is_client ? &c->a : &c->b;
	server = c->a_is_client ? &c->b : &c->a;
	if (memcmp(client->addr, addr, 16) == 0)
		return CLIENT;
	return memcmp(server->addr, addr, 16) == 0 ? SERVER : NEITHER;
}

void who_text(const struct names *names, bool home, const struct record *r, const struct field *f,
	      struct buf *out)
{
	uint8_t addr[16];
	const char *name;
	enum part part;

	if (!field_address(f, addr)) {
		field_value_text(out, r, f);
		return;
	}
	part = part_of(r, addr);
	if (part == CLIENT || (part == NEITHER && home)) {
		buf_str(out, "your computer");
		return;
	}
	name = names ? names_find(names, addr) : NULL;
	if (part == SERVER || name)
		buf_str(out, "the server ");
	else if (is_private(def_of(f)->type == FT_IPv4 ? 4 : 6, addr))
		buf_str(out, "the device ");
	else
		buf_str(out, "the machine ");
	if (name) {
		buf_clean(out, name, strlen(name));
		buf_str(out, " (");
	}
	field_value_text(out, r, f);
	if (name)
		buf_char(out, ')');
}
