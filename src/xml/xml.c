// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Documents: loading step by step, finding one's way in the tree, places for messages.
 */
#include <string.h>

#include <glib.h>

#include "private.h"

static struct xml_doc *doc_new(const char *name, const char *text, size_t n)
{
	struct xml_doc *doc = g_new0(struct xml_doc, 1);

	doc->file = arena_copy(&doc->arena, name, strlen(name));
	doc->bytes = arena_copy(&doc->arena, text, n);
	doc->n = n;
	return doc;
}

static bool validate_by_path(struct xml_doc *doc, const char *path, struct diag *d)
{
	struct xml_schema *schema = xml_schema_load(path, d);
	bool valid = schema && xml_validate(doc, schema, d);

	xml_schema_free(schema);
	return valid;
}

struct xml_doc *xml_parse(const char *name, const char *bytes, size_t n, const char *schema,
			  struct diag *d)
{
	struct xml_doc *doc = NULL;
	char *text = text_to_utf8(name, bytes, &n, d);

	if (text && scan_limits(name, text, n, d)) {
		doc = doc_new(name, text, n);
		if (dom_parse(doc, d))
			tree_copy(doc);
		if (!doc->root || (schema && !validate_by_path(doc, schema, d))) {
			xml_free(doc);
			doc = NULL;
		}
	}
	g_free(text);
	return doc;
}

struct xml_doc *xml_load(const char *path, const char *schema, struct diag *d)
{
	size_t n;
	char *bytes = file_read(path, &n, d);
	struct xml_doc *doc = NULL;

	if (bytes)
		doc = xml_parse(path, bytes, n, schema, d);
	g_free(bytes);
	return doc;
}

void xml_free(struct xml_doc *doc)
{
	if (!doc)
		return;
	if (doc->dom)
		libxml.xmlFreeDoc(doc->dom);
	arena_release(&doc->arena);
	g_free(doc);
}

const struct xml_node *xml_root(const struct xml_doc *doc)
{
	return doc->root;
}

const char *xml_namespace(const struct xml_doc *doc)
{
	return doc->ns;
}

const char *xml_file(const struct xml_doc *doc)
{
	return doc->file;
}

const char *xml_attr(const struct xml_node *n, const char *name)
{
	for (size_t i = 0; i < n->nattrs; i++)
		if (strcmp(n->attrs[i].name, name) == 0)
			return n->attrs[i].value;
	return NULL;
}

static const struct xml_node *named(const struct xml_node *n, const char *name)
{
	while (n && (!n->name || strcmp(n->name, name) != 0))
		n = n->next;
	return n;
}

const struct xml_node *xml_child(const struct xml_node *n, const char *name)
{
	return named(n->child, name);
}

const struct xml_node *xml_same(const struct xml_node *n)
{
	return named(n->next, n->name);
}

/* XML's white space only: a no-break space is the author's wish. */
static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static void fold_text(GString *out, const struct xml_node *n)
{
	for (const char *p = n->text ? n->text : ""; *p; p++) {
		if (!is_blank(*p))
			g_string_append_c(out, *p);
		else if (out->len && out->str[out->len - 1] != ' ')
			g_string_append_c(out, ' ');
	}
	for (const struct xml_node *c = n->child; c; c = c->next)
		fold_text(out, c);
}

char *xml_text(const struct xml_node *n)
{
	GString *out = g_string_new(NULL);

	fold_text(out, n);
	if (out->len && out->str[out->len - 1] == ' ')
		g_string_truncate(out, out->len - 1);
	return g_string_free(out, FALSE);
}

/* Places are asked for once a rule: looking for them from the top each time would take minutes in a
 * file of nothing but lines. */
static void index_lines(struct xml_doc *doc)
{
	const char *p = doc->bytes, *end = p + doc->n;
	uint32_t n = 1;

	for (const char *q = p; (q = memchr(q, '\n', (size_t)(end - q))); q++)
		n++;
	doc->lines = arena_alloc(&doc->arena, n * sizeof(*doc->lines));
	doc->lines[doc->nlines++] = 0;
	while (doc->nlines < n) {
		p = (const char *)memchr(p, '\n', (size_t)(end - p)) + 1;
		doc->lines[doc->nlines++] = (uint32_t)(p - doc->bytes);
	}
}

/* Start of line `line`, or NULL beyond the end. */
static const char *line_start(struct xml_doc *doc, unsigned line)
{
	if (!doc->lines)
		index_lines(doc);
	return line && line <= doc->nlines ? doc->bytes + doc->lines[line - 1] : NULL;
}

#define NEAR 8 /* lines searched for the word: first the line, then upwards, then downwards */

static bool is_word_char(char c)
{
	return g_ascii_isalnum(c) || c == '_' || c == '-' || c == '.';
}

/* The word as a whole word in the line, or NULL: "e" is not in "rule". */
static const char *whole_word(const char *line, const char *word)
{
	const char *end = line + strcspn(line, "\n"), *hit = line;
	const size_t len = strlen(word);

	while ((hit = g_strstr_len(hit, end - hit, word))) {
		bool before = hit > line && is_word_char(hit[-1]) && is_word_char(word[0]);
		bool after = is_word_char(hit[len]) && is_word_char(word[len - 1]);

		if (!before && !after)
			return hit;
		hit++;
	}
	return NULL;
}

static bool find_word(struct xml_doc *doc, const char *word, struct place *at)
{
	const unsigned line = at->line;

	for (unsigned i = 0; i <= 2 * NEAR; i++) {
		unsigned try = i <= NEAR ? line - i : line + i - NEAR;
		const char *start = try > 0 && try <= line + NEAR ? line_start(doc, try) : NULL;
		const char *hit;

		if (!start)
			continue;
		hit = whole_word(start, word);
		if (hit) {
			at->line = try;
			at->column = (unsigned)(hit - start) + 1;
			at->span = (unsigned)strlen(word);
			return true;
		}
	}
	return false;
}

#define SOURCE_MAX 400 /* a longer source line is not shown */

struct place xml_place(struct xml_doc *doc, unsigned line, const char *word)
{
	struct place at = {.file = doc->file, .line = line};
	const char *start;
	size_t len;

	if (word && *word)
		find_word(doc, word, &at);
	start = at.line ? line_start(doc, at.line) : NULL;
	len = start ? strcspn(start, "\r\n") : 0;
	if (start && len <= SOURCE_MAX)
		at.source = arena_copy(&doc->arena, start, len);
	return at;
}
