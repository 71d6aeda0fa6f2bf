/* SPDX-License-Identifier: GPL-3.0-or-later */
/* filter: compiling, matching and giving back. */
#include "src/filter/tree.h"

/* The line of the text that holds `at`, its number from 0 and its start. */
static unsigned line_of(const char *text, uint32_t at, uint32_t *start)
{
	unsigned line = 0;

	*start = 0;
	for (uint32_t i = 0; i < at; i++)
		if (text[i] == '\n') {
			line++;
			*start = i + 1;
		}
	return line;
}

bool compile_fail(struct compile *c, struct span at, const char *hint, const char *fmt, ...)
{
	struct place place = {.span = at.len};
	unsigned line, lead = 0;
	uint32_t start;
	char *text, *source;
	va_list ap;

	if (c->failed)
		return false;
	c->failed = true;
	line = line_of(c->f->text, at.at, &start);
	if (c->where) {
		place.file = c->where->file;
		place.line = c->where->line ? c->where->line + line : 0;
		/* In a file the column counts from the start of its line. */
		lead = line == 0 && c->where->column ? c->where->column - 1 : 0;
	}
	place.column = lead + at.at - start + 1;
	source = g_strdup_printf("%*s%s", (int)MIN(lead, 4000u), "", c->f->text + start);
	place.source = source;
	va_start(ap, fmt);
	text = g_strdup_vprintf(fmt, ap);
	va_end(ap);
	diag_add(c->d, DIAG_ERROR, &place, hint, "%s", text);
	g_free(text);
	g_free(source);
	return false;
}

static void scratch_free(gpointer data)
{
	buf_release(data);
	g_free(data);
}

static void pattern_release(gpointer data)
{
	pattern_free(data);
}

#define TREE_BLOCK 1024 /* bytes that most trees need: there are many filters */

static struct filter *filter_new(const char *text, size_t len)
{
	struct filter *f = g_new0(struct filter, 1);

	f->text = g_strndup(text, len);
	f->arena.block = TREE_BLOCK;
	f->state = g_new0(struct filter_state, 1);
	f->patterns = g_ptr_array_new_with_free_func(pattern_release);
	f->scratch = g_ptr_array_new_with_free_func(scratch_free);
	return f;
}

struct filter *filter_compile(const char *text, const struct place *where, struct diag *d)
{
	size_t len = strlen(text);
	struct compile c = {.where = where, .d = d};

	if (len > FILTER_MAX_TEXT) {
		diag_add(d, DIAG_ERROR, where, "Split it into several rules.",
			 "The filter is longer than %d characters.", FILTER_MAX_TEXT);
		return NULL;
	}
	c.f = filter_new(text, len);
	c.len = len;
	c.f->root = parse(&c);
	if (!c.f->root || c.failed || !check(&c, c.f->root)) {
		filter_free(c.f);
		return NULL;
	}
	node_need(c.f->root, c.f->need);
	return c.f;
}

void filter_free(struct filter *f)
{
	if (!f)
		return;
	g_ptr_array_free(f->patterns, TRUE);
	g_ptr_array_free(f->scratch, TRUE);
	arena_release(&f->arena);
	g_free(f->state);
	g_free(f->text);
	g_free(f);
}

bool filter_match(const struct filter *f, const struct record *r)
{
	struct run run = {.r = r, .state = f->state};

	for (size_t i = 0; i < G_N_ELEMENTS(f->need); i++)
		if (f->need[i] & ~r->protos[i])
			return false;
	f->state->steps = FILTER_STEPS;
	return node_test(&run, f->root) && f->state->steps;
}

const char *filter_text(const struct filter *f)
{
	return f->text;
}

bool filter_exhausted(const struct filter *f)
{
	return f->state->exhausted;
}
