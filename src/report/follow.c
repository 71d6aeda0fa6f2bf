/* SPDX-License-Identifier: GPL-3.0-or-later */
/* follow: the bytes of both sides in turn, as lines of text or as rows of hex. */
#include "config.h"

#include <glib.h>

#include "para.h"
#include "report_private.h"
#include "tracetutor/follow.h"

#define SILENCE 1000000000ll /* ns that are worth a line */
#define HANG    15u          /* columns before what is said */
#define ROOM    20u          /* it gets at least */
#define WIDE    100u         /* with less there is no room for two numbers */

enum { FLAG_FIN = 1, FLAG_RST = 4 };

/* One side. */
struct side {
	GString *line;   /* begun, not ended yet */
	uint32_t number; /* packet in which it began */
	uint64_t said;   /* bytes so far */
	bool ended;      /* FIN or RST was told */
};

/* Packets of one side that are not text, told together. */
struct binary {
	uint32_t number, packets;
	uint64_t bytes;
	unsigned side;
	char *words; /* what the first one is */
};

/* Bytes of sources. */
#define RANGES_MAX 256
struct ranges {
	struct range {
		uint8_t source;
		uint32_t from, to;
	} v[RANGES_MAX];
	unsigned n;
};

struct follow {
	struct follow_options o;
	bool met;
	bool spoken, secrets, gaps;
	int64_t previous;
	struct side side[2]; /* [0] the client */
	struct binary binary;
	struct ranges secret; /* of the packet at work */
	struct buf text;      /* scratch */
};

/* Bytes of a packet that come next in their direction. */
struct piece {
	const struct record *r;
	const uint8_t *bytes;
	uint32_t n, off; /* off: in its source */
	uint8_t source;
	unsigned side;
};

struct follow *follow_new(const struct follow_options *o)
{
	struct follow *f = g_new0(struct follow, 1);

	f->o = *o;
	for (unsigned i = 0; i < 2; i++)
		f->side[i].line = g_string_new(NULL);
	return f;
}

void follow_free(struct follow *f)
{
	if (!f)
		return;
	for (unsigned i = 0; i < 2; i++)
		g_string_free(f->side[i].line, TRUE);
	g_free(f->binary.words);
	buf_release(&f->text);
	g_free(f);
}

/* --- lines --- */

static const char *speaker(unsigned side)
{
	return side ? "server" : "client";
}

static void gutter(struct buf *out, uint32_t number, unsigned side)
{
	buf_printf(out, "%5u  %s:", number, speaker(side));
}

/* Cleaned text, on as many lines as it needs; they begin below one another. */
static void folded(struct follow *f, struct buf *out)
{
	unsigned room = f->o.width > HANG + ROOM ? f->o.width - HANG : ROOM;
	const char *s = buf_text(&f->text);
	size_t left = f->text.len;

	buf_str(out, left ? " " : "");
	while (text_columns(s, left) > room) {
		size_t n = text_fit(s, left, room);

		buf_mem(out, s, n);
		buf_char(out, '\n');
		buf_fill(out, ' ', HANG);
		s += n;
		left -= n;
	}
	buf_mem(out, s, left);
	buf_char(out, '\n');
}

static void put_line(struct follow *f, struct buf *out, uint32_t number, unsigned side,
		     const char *bytes, size_t n, bool secret)
{
	if (n && bytes[n - 1] == '\r')
		n--;
	gutter(out, number, side);
	buf_reset(&f->text);
	buf_clean(&f->text, bytes, n);
	if (secret)
		buf_str(&f->text, "   <- secret");
	f->secrets |= secret;
	folded(f, out);
}

/* What is said about the dialogue, not in it. */
static void put_remark(struct buf *out, const char *words)
{
	buf_fill(out, ' ', 7);
	buf_str(out, "-- ");
	buf_str(out, words);
	buf_char(out, '\n');
}

static void flush_line(struct follow *f, struct buf *out, unsigned side)
{
	GString *line = f->side[side].line;

	if (line->len)
		put_line(f, out, f->side[side].number, side, line->str, line->len, false);
	g_string_truncate(line, 0);
}

static void flush_binary(struct follow *f, struct buf *out)
{
	struct binary *b = &f->binary;

	if (!b->packets)
		return;
	gutter(out, b->number, b->side);
	buf_reset(&f->text);
	buf_char(&f->text, '[');
	if (b->words)
		buf_printf(&f->text, "%s: ", b->words);
	if (b->packets > 1)
		buf_printf(&f->text, "%u packets, ", b->packets);
	buf_printf(&f->text, "%" G_GUINT64_FORMAT " %s%s]", b->bytes,
		   b->bytes == 1 ? "byte" : "bytes", b->words ? "" : " that are not text");
	folded(f, out);
	g_free(b->words);
	*b = (struct binary){0};
}

/* Before something else is said. */
static void flush(struct follow *f, struct buf *out)
{
	flush_binary(f, out);
	flush_line(f, out, 0);
	flush_line(f, out, 1);
}

/* --- what is secret --- */

static bool is_content(const struct field *f)
{
	return f->len && def_of(f)->secrecy == SECRET &&
	       field_value_class(def_of(f)->type) == VALUE_NONE;
}

static void add_range(struct ranges *to, const struct field *f)
{
	if (to->n < RANGES_MAX)
		to->v[to->n++] = (struct range){f->source, f->off, f->off + f->len};
}

static bool holds(const struct ranges *in, const struct field *f)
{
	for (unsigned i = 0; i < in->n; i++)
		if (in->v[i].source == f->source && in->v[i].from <= f->off &&
		    f->off + f->len <= in->v[i].to)
			return true;
	return false;
}

/* Where passwords and the like stand in the packet. Contents of mails and pages may hold anything:
 * of those only what is marked on its own counts. */
static void find_secrets(struct follow *f, const struct record *r)
{
	struct ranges contents = {.n = 0};

	f->secret.n = 0;
	for (uint32_t i = 0; i < r->nfields; i++)
		if (is_content(&r->fields[i]))
			add_range(&contents, &r->fields[i]);
	for (uint32_t i = 0; i < r->nfields; i++) {
		const struct field *field = &r->fields[i];
		bool row = def_of(field)->secrecy == SECRET;

		if (field->len && !is_content(field) &&
		    (field->flags & FIELD_SECRET || (row && !holds(&contents, field))))
			add_range(&f->secret, field);
	}
}

/* Is one of them in bytes from..to of that source? */
static bool is_secret(const struct follow *f, uint8_t source, uint32_t from, uint32_t to)
{
	for (unsigned i = 0; i < f->secret.n; i++)
		if (f->secret.v[i].source == source && f->secret.v[i].from < to &&
		    from < f->secret.v[i].to)
			return true;
	return false;
}

/* --- text --- */

/* Mostly characters, and no byte that no text has. */
static bool is_text(const uint8_t *p, size_t n)
{
	size_t odd = 0, high = 0;

	for (size_t i = 0; i < n; i++) {
		bool control = p[i] < 0x20 || p[i] == 0x7f;

		if (p[i] == 0)
			return false;
		odd += control && p[i] != '\r' && p[i] != '\n' && p[i] != '\t';
		high += p[i] >= 0x80;
	}
	if (high && !g_utf8_validate((const char *)p, (gssize)n, NULL))
		odd += high;
	return odd * 10 <= n;
}

static void say_text(struct follow *f, const struct piece *p, struct buf *out)
{
	struct side *me = &f->side[p->side];
	const uint8_t *at = p->bytes, *end = p->bytes + p->n;

	flush_binary(f, out);
	flush_line(f, out, !p->side);
	while (at < end) {
		const uint8_t *newline = memchr(at, '\n', (size_t)(end - at));
		const uint8_t *stop = newline ? newline : end;
		uint32_t from = p->off + (uint32_t)(at - p->bytes);

		if (!me->line->len)
			me->number = p->r->number;
		from -= MIN(from, (uint32_t)me->line->len);
		g_string_append_len(me->line, (const char *)at, stop - at);
		if (newline || me->line->len > FOLLOW_MAX_LINE) {
			put_line(f, out, me->number, p->side, me->line->str, me->line->len,
				 is_secret(f, p->source, from,
					   p->off + (uint32_t)(stop - p->bytes)));
			g_string_truncate(me->line, 0);
		}
		at = newline ? newline + 1 : end;
	}
}

static void say_binary(struct follow *f, const struct piece *p, struct buf *out)
{
	struct binary *b = &f->binary;
	struct buf words = BUF_INIT;

	flush_line(f, out, 0);
	flush_line(f, out, 1);
	if (b->packets && b->side != p->side)
		flush_binary(f, out);
	if (!b->packets) {
		b->number = p->r->number;
		b->side = p->side;
		if (report_speaks(p->r))
			report_words(&words, p->r, NULL);
		b->words = words.len ? buf_steal(&words) : NULL;
	}
	b->packets++;
	b->bytes += p->n;
}

/* --- hex --- */

static void say_hex(struct follow *f, const struct piece *p, struct buf *out)
{
	bool secret = is_secret(f, p->source, p->off, p->off + p->n);
	uint64_t at = f->side[p->side].said;

	gutter(out, p->r->number, p->side);
	buf_printf(out, " %u %s%s\n", p->n, p->n == 1 ? "byte" : "bytes",
		   secret ? "   <- secret" : "");
	f->secrets |= secret;
	for (uint32_t i = 0; i < p->n; i += 16) {
		buf_fill(out, ' ', 7);
		buf_hex_row(out, (uint32_t)(at + i), p->bytes + i, MIN(16, p->n - i));
		buf_char(out, '\n');
	}
}

/* --- a packet --- */

/* Of TCP, what track put in order; of UDP the datagram. */
static struct piece piece_of(const struct record *r)
{
	struct piece p = {.r = r, .side = conv_from_client(r->conv, r->from_a) ? 0 : 1};
	uint32_t carried = 0;

	if (r->flow.ip_proto == 6) {
		p.source = r->payload.source;
		carried = MIN(r->sources[p.source].carried, r->payload.captured);
		p.off = r->payload.off + carried;
		p.n = r->payload.captured - carried;
	} else {
		p.source = r->flow.psource;
		p.off = r->flow.poff;
		p.n = r->flow.pcaptured;
	}
	p.bytes = r->sources[p.source].bytes + p.off;
	return p;
}

static void side_text(struct follow *f, struct buf *out, const struct record *r,
		      const struct endpoint *e, const char *who)
{
	const char *name = f->o.engine ? engine_name(f->o.engine, e->addr) : NULL;

	buf_str(out, who);
	report_endpoint(out, r, NULL, e);
	if (!name)
		return;
	buf_str(out, " (");
	buf_clean_max(out, name, strlen(name), 80);
	buf_char(out, ')');
}

static void meet(struct follow *f, const struct record *r, struct buf *out)
{
	const struct conv *c = r->conv;

	f->met = true;
	f->previous = r->time;
	side_text(f, out, r, c->a_is_client ? &c->a : &c->b, "Client ");
	buf_str(out, f->o.width >= WIDE ? ", " : ",\n");
	side_text(f, out, r, c->a_is_client ? &c->b : &c->a, "server ");
	buf_str(out, c->ip_proto == 6 ? ", over TCP\n\n" : ", over UDP\n\n");
}

static void say_silence(struct follow *f, const struct record *r, struct buf *out)
{
	struct buf words = BUF_INIT;

	if (r->time - f->previous >= SILENCE) {
		flush(f, out);
		buf_seconds(&words, r->time - f->previous, 1);
		buf_str(&words, " seconds later");
		put_remark(out, words.s);
		buf_release(&words);
	}
	f->previous = r->time;
}

static void say_missing(struct follow *f, const struct record *r, const struct piece *p,
			struct buf *out)
{
	bool cut = r->flow.ip_proto == 6 ? r->payload.captured < r->payload.reported
					 : r->flow.pcaptured < r->flow.preported;

	if (r->flow.ip_proto == 6 && r->payload.gap_before && f->side[p->side].said) {
		flush(f, out);
		put_remark(out, "bytes are missing here: the recording does not have them");
	}
	if (cut && p->n) {
		flush_binary(f, out);
		put_remark(out, "the recording has only the beginning of the next packet");
	}
}

static void say_end(struct follow *f, const struct record *r, unsigned side, struct buf *out)
{
	uint16_t flags = r->flow.ip_proto == 6 ? r->flow.tcp_flags & (FLAG_FIN | FLAG_RST) : 0;
	char *words;

	if (!flags || f->side[side].ended)
		return;
	f->side[side].ended = true;
	flush(f, out);
	words = g_strdup_printf(flags & FLAG_RST ? "the %s breaks the connection off (RST)"
						 : "the %s has no more to send (FIN)",
				speaker(side));
	put_remark(out, words);
	g_free(words);
}

void follow_add(struct follow *f, const struct record *r, struct buf *out)
{
	const struct conv *c = r->conv;
	struct piece p;

	if (!c || c->index != f->o.conv_index || c->ip_proto != f->o.ip_proto)
		return;
	if (!f->met)
		meet(f, r, out);
	p = piece_of(r);
	if (p.n) {
		find_secrets(f, r);
		say_silence(f, r, out);
		say_missing(f, r, &p, out);
		f->spoken = true;
	}
	if (p.n && f->o.hex)
		say_hex(f, &p, out);
	else if (p.n && is_text(p.bytes, p.n))
		say_text(f, &p, out);
	else if (p.n)
		say_binary(f, &p, out);
	f->side[p.side].said += p.n;
	say_end(f, r, p.side, out);
}

void follow_end(struct follow *f, struct buf *out)
{
	flush(f, out);
	if (f->met && !f->spoken)
		buf_str(out, "Neither side said anything in this conversation.\n");
	if (f->secrets)
		buf_str(out, "\nWhat is marked \"<- secret\" is a password or the like, as it was "
			     "sent:\ndo not pass it on.\n");
}
