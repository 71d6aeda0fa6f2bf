// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Prose of a pack: mixed text of an XML element to a list of spans, blanks folded.
 */
#include <string.h>

#include "private.h"

struct writer {
	struct load *l;
	GArray *spans;
	GString *text; /* of the span at work */
	bool blank;    /* a blank is due before the next character */
	bool begun;    /* something stands in the paragraph */
	bool broken;   /* a paragraph ended before */
};

static const char *keep(struct writer *w, const char *s)
{
	return arena_copy(&w->l->p->arena, s, strlen(s));
}

static void flush(struct writer *w)
{
	struct span s = {.kind = SPAN_TEXT};

	if (!w->text->len)
		return;
	s.text = keep(w, w->text->str);
	g_array_append_val(w->spans, s);
	g_string_truncate(w->text, 0);
}

/* Something visible comes: what is due before it. */
static void begin(struct writer *w)
{
	struct span s = {.kind = SPAN_BREAK};

	if (!w->begun && w->broken)
		g_array_append_val(w->spans, s);
	if (w->begun && w->blank)
		g_string_append_c(w->text, ' ');
	w->begun = true;
	w->blank = false;
	w->broken = false;
}

static void put_text(struct writer *w, const char *text)
{
	for (size_t n; *text; text += n) {
		n = strcspn(text, " \t\r\n");
		if (n) {
			begin(w);
			g_string_append_len(w->text, text, (gssize)n);
		} else {
			w->blank = true;
			n = 1;
		}
	}
}

static void put_span(struct writer *w, struct span s)
{
	begin(w);
	flush(w);
	g_array_append_val(w->spans, s);
}

static void end_paragraph(struct writer *w)
{
	flush(w);
	w->broken = w->broken || w->begun;
	w->begun = false;
	w->blank = false;
}

static void put_field(struct writer *w, const struct xml_node *n, enum span_kind kind)
{
	const char *name = xml_attr(n, "f");
	uint16_t id = name ? load_field(w->l, n, name) : FIELD_NONE;
	enum field_type type;

	if (!name)
		load_say(w->l, DIAG_ERROR, n, n->name, "Write <v f=\"FIELD\"/>.",
			 "<%s> lacks the attribute f", n->name);
	if (id == FIELD_NONE)
		return;
	type = field_def(id)->type;
	if (kind == SPAN_WHO && type != FT_IPv4 && type != FT_IPv6)
		load_say(w->l, DIAG_ERROR, n, name, "Use <v> for other values.",
			 "<who> needs a field with an IP address, and %s is none", name);
	put_span(w, (struct span){.kind = kind, .field = id});
}

static void put_words(struct writer *w, const struct xml_node *n, enum span_kind kind)
{
	char *text = xml_text(n);
	const char *word = xml_attr(n, "word");
	struct span s = {.kind = kind, .text = keep(w, text)};

	if (kind == SPAN_TERM)
		s.word = word ? keep(w, word) : s.text;
	if (*text)
		put_span(w, s);
	g_free(text);
}

static void put_children(struct writer *w, const struct xml_node *n);

static void put_element(struct writer *w, const struct xml_node *n)
{
	if (strcmp(n->name, "p") == 0) {
		end_paragraph(w);
		put_children(w, n);
		end_paragraph(w);
	} else if (strcmp(n->name, "em") == 0) {
		put_words(w, n, SPAN_EM);
	} else if (strcmp(n->name, "code") == 0) {
		put_words(w, n, SPAN_CODE);
	} else if (strcmp(n->name, "term") == 0) {
		put_words(w, n, SPAN_TERM);
	} else if (strcmp(n->name, "v") == 0) {
		put_field(w, n, SPAN_VALUE);
	} else if (strcmp(n->name, "who") == 0) {
		put_field(w, n, SPAN_WHO);
	} else if (w->l->newer) {
		put_children(w, n); /* an unknown mark of a newer format: its words count */
	} else {
		load_say(w->l, DIAG_ERROR, n, n->name, "In text: p em code term v who.",
			 "<%s> cannot stand in text", n->name);
	}
}

/* Depth is bounded by the XML module. */
static void put_children(struct writer *w, const struct xml_node *n)
{
	for (const struct xml_node *c = n->child; c; c = c->next) {
		if (c->text)
			put_text(w, c->text);
		else
			put_element(w, c);
	}
}

struct prose load_prose(struct load *l, const struct xml_node *n)
{
	struct writer w = {.l = l, .text = g_string_new(NULL)};
	struct prose p;

	w.spans = g_array_new(FALSE, FALSE, sizeof(struct span));
	put_children(&w, n);
	end_paragraph(&w);
	g_string_free(w.text, TRUE);
	p.spans = load_array(l, w.spans, &p.n);
	return p;
}
