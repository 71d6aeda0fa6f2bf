/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Prose of packs and of findings as events. Values of the packet come in here, masked.
 */
#include <stdarg.h>
#include <string.h>

#include "config.h"

#include "report_private.h"

void say_number(struct sink *s, enum style st, uint64_t n)
{
	char digits[20];
	size_t at = sizeof digits;

	do
		digits[--at] = (char)('0' + n % 10);
	while (n /= 10);
	sink_text(s, st, digits + at, sizeof digits - at);
}

/* Text that may quote values, masked. */
static void masked_text(const struct report *rep, struct buf *out, const char *s, size_t n)
{
	const struct mask *m = rep->lines.mask;

	if (m)
		m->text(m, out, s, n);
	else
		buf_mem(out, s, n);
}

/* What stands for a value where there is no packet to take it from. */
static void open_value(const struct span *span, struct buf *out)
{
	if (span->kind == SPAN_WHO) {
		buf_str(out, "that computer");
		return;
	}
	buf_char(out, '[');
	buf_str(out, field_def(span->field)->label);
	buf_char(out, ']');
}

static void span_value(const struct report *rep, const struct span *span, const struct record *r,
		       struct buf *out)
{
	const struct mask *m = rep->lines.mask;
	const struct field *f = r ? record_find(r, span->field, 0) : NULL;
	struct buf plain = BUF_INIT;

	if (!r) {
		open_value(span, out);
		return;
	}
	if (m && span->kind == SPAN_VALUE && f && m->value(m, out, r, f))
		return;
	if (span->kind == SPAN_WHO)
		engine_who(rep->engine, r, span->field, &plain);
	else
		prose_value(r, span->field, &plain);
	masked_text(rep, out, buf_text(&plain), plain.len);
	buf_release(&plain);
}

static bool is_value(const struct span *s)
{
	return s->kind == SPAN_VALUE || s->kind == SPAN_WHO;
}

static enum style span_style(enum span_kind kind)
{
	switch (kind) {
	case SPAN_EM: return STYLE_STRONG;
	case SPAN_CODE: return STYLE_CODE;
	case SPAN_TERM: return STYLE_TERM;
	case SPAN_VALUE: return STYLE_CODE;
	default: return STYLE_PLAIN;
	}
}

static void say_span(struct report *rep, const struct span *span, const struct record *r)
{
	struct buf value = BUF_INIT;

	if (is_value(span)) {
		span_value(rep, span, r, &value);
		sink_text(rep->sink, span_style(span->kind), buf_text(&value), value.len);
	} else if (span->text) {
		sink_str(rep->sink, span_style(span->kind), span->text);
	}
	buf_release(&value);
}

void say_spans(struct report *rep, const struct prose *p, const struct record *r)
{
	for (size_t i = 0; i < p->n; i++)
		say_span(rep, &p->spans[i], r);
}

void spans_text(const struct report *rep, const struct prose *p, const struct record *r,
		struct buf *out)
{
	for (size_t i = 0; i < p->n; i++) {
		const struct span *span = &p->spans[i];

		if (is_value(span))
			span_value(rep, span, r, out);
		else if (span->kind == SPAN_BREAK)
			buf_char(out, ' ');
		else if (span->text)
			buf_str(out, span->text);
	}
}

void report_prose(struct report *rep, const struct prose *p, const struct record *r)
{
	for (size_t i = 0; i < p->n; i++) {
		if (p->spans[i].kind == SPAN_BREAK)
			continue;
		sink_begin(rep->sink, NODE_PROSE, NULL);
		for (; i < p->n && p->spans[i].kind != SPAN_BREAK; i++)
			say_span(rep, &p->spans[i], r);
		sink_end(rep->sink, NODE_PROSE);
	}
}

void report_say(struct report *rep, enum style st, const char *text)
{
	struct buf masked = BUF_INIT;

	while (*text) {
		size_t n = strcspn(text, "\n");

		if (n > 0) {
			buf_reset(&masked);
			masked_text(rep, &masked, text, n);
			sink_begin(rep->sink, NODE_PROSE, NULL);
			sink_text(rep->sink, st, masked.s, masked.len);
			sink_end(rep->sink, NODE_PROSE);
		}
		text += n;
		text += strspn(text, "\n");
	}
	buf_release(&masked);
}

void report_sayf(struct report *rep, enum style style, const char *fmt, ...)
{
	struct buf text = BUF_INIT;
	va_list args;
	char *made;

	va_start(args, fmt);
	made = g_strdup_vprintf(fmt, args);
	va_end(args);
	buf_clean_lines(&text, made, strlen(made));
	report_say(rep, style, buf_text(&text));
	buf_release(&text);
	g_free(made);
}

void report_code(struct report *rep, const char *text)
{
	sink_begin(rep->sink, NODE_CODE, NULL);
	sink_text(rep->sink, STYLE_PLAIN, text, strlen(text));
	sink_end(rep->sink, NODE_CODE);
}

void say_labelled(struct report *rep, const char *label, const char *text)
{
	size_t n = strcspn(text, "\n");
	struct buf masked = BUF_INIT;

	masked_text(rep, &masked, text, n);
	sink_begin(rep->sink, NODE_PROSE, NULL);
	sink_str(rep->sink, STYLE_STRONG, label);
	sink_str(rep->sink, STYLE_PLAIN, " ");
	sink_text(rep->sink, STYLE_PLAIN, buf_text(&masked), masked.len);
	sink_end(rep->sink, NODE_PROSE);
	report_say(rep, STYLE_PLAIN, text + n);
	buf_release(&masked);
}

void headline_text(const struct finding *f, struct buf *out)
{
	size_t start = out->len;

	if (f->headline && *f->headline)
		buf_str(out, f->headline);
	else
		prose_text(&f->rule->title, NULL, out);
	/* A sentence may begin with who it is about. */
	if (out->len > start &&
	    (g_str_has_prefix(out->s + start, "the ") || g_str_has_prefix(out->s + start, "your ")))
		out->s[start] = g_ascii_toupper(out->s[start]);
}

void finding_headline(const struct report *rep, const struct finding *f, struct buf *out)
{
	struct buf text = BUF_INIT;

	headline_text(f, &text);
	masked_text(rep, out, buf_text(&text), text.len);
	buf_release(&text);
}

void say_packets(struct sink *s, const struct finding *f)
{
	sink_str(s, STYLE_PLAIN, f->nframes == 1 ? "packet " : "packets ");
	for (unsigned i = 0; i < f->nframes; i++) {
		if (i > 0)
			sink_str(s, STYLE_PLAIN, i + 1 < f->nframes ? ", " : " and ");
		say_number(s, STYLE_LINK, f->frames[i]);
	}
}
