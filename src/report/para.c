/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib.h>
#include <unilbrk.h>
#include <unistr.h>
#include <uniwidth.h>

#include "para.h"

#define BREAKS_ON_STACK 1024

void para_release(struct para *p)
{
	buf_release(&p->text);
	g_free(p->runs);
	*p = (struct para){0};
}

void para_reset(struct para *p)
{
	buf_reset(&p->text);
	p->nruns = 0;
}

void para_add(struct para *p, enum style st, const char *text, size_t len)
{
	size_t start = p->text.len;

	if (len == 0)
		return;
	buf_mem(&p->text, text, len);
	for (size_t i = start; i < p->text.len; i++)
		if (p->text.s[i] == '\n')
			p->text.s[i] = ' ';
	if (p->nruns == 0 || p->runs[p->nruns - 1].style != st) {
		if (p->nruns == p->cap) {
			p->cap = p->cap ? 2 * p->cap : 16;
			p->runs = g_renew(struct para_run, p->runs, p->cap);
		}
		p->runs[p->nruns++].style = st;
	}
	p->runs[p->nruns - 1].end = p->text.len;
}

const char *style_escape(enum style st)
{
	static const char *const escape[] = {
		[STYLE_PLAIN] = "",         [STYLE_STRONG] = "\033[1m",  [STYLE_CODE] = "\033[36m",
		[STYLE_TERM] = "\033[4m",   [STYLE_LINK] = "\033[1;34m", [STYLE_GOOD] = "\033[32m",
		[STYLE_BAD] = "\033[1;31m",
	};

	return escape[st];
}

/* Length in bytes and columns of the character at s. */
static size_t character(const char *s, size_t n, unsigned *columns)
{
	ucs4_t c;
	int len, w;

	if ((unsigned char)*s < 0x80) {
		*columns = 1;
		return 1;
	}
	len = u8_mbtouc(&c, (const uint8_t *)s, n);
	w = uc_width(c, "UTF-8");
	*columns = w > 0 ? (unsigned)w : 0;
	return len > 0 ? (size_t)len : 1;
}

unsigned text_columns(const char *s, size_t n)
{
	unsigned columns = 0, w;

	for (size_t i = 0; i < n; columns += w)
		i += character(s + i, n - i, &w);
	return columns;
}

size_t text_fit(const char *s, size_t n, unsigned columns)
{
	unsigned used = 0, w;
	size_t i = 0;

	while (i < n) {
		size_t len = character(s + i, n - i, &w);

		if (used + w > columns && i > 0)
			break;
		used += w;
		i += len;
	}
	return i;
}

static bool is_ascii(const struct buf *b)
{
	for (size_t i = 0; i < b->len; i++)
		if ((unsigned char)b->s[i] >= 0x80)
			return false;
	return true;
}

/* breaks == NULL: pure ASCII, where blanks are all we need. */
static bool can_break(const struct buf *t, const char *breaks, size_t i)
{
	if (breaks)
		return breaks[i] != UC_BREAK_PROHIBITED;
	return t->s[i - 1] == ' ' && t->s[i] != ' ';
}

/* Where the line that begins at `start` ends, before its trailing blanks; *next: the line after. */
static size_t line_end(const struct buf *t, const char *breaks, size_t start, unsigned width,
		       size_t *next)
{
	size_t i = start, possible = 0, end = t->len;
	unsigned used = 0, w;

	if (!breaks && t->len - start <= width)
		i = t->len; /* the rest fits */
	while (i < t->len) {
		size_t len = character(t->s + i, t->len - i, &w);

		if (i > start && can_break(t, breaks, i))
			possible = i;
		if (used + w > width && t->s[i] != ' ' && i > start) {
			end = possible ? possible : i;
			break;
		}
		used += w;
		i += len;
	}
	*next = end;
	while (end > start && t->s[end - 1] == ' ')
		end--;
	return end;
}

/* The bytes from..to with their styles; *run is the run that `from` lies in or before. */
static void put_slice(const struct para *p, size_t from, size_t to, bool color, size_t *run,
		      struct buf *out)
{
	while (from < to) {
		while (p->runs[*run].end <= from)
			(*run)++;
		size_t end = p->runs[*run].end < to ? p->runs[*run].end : to;
		const char *escape = color ? style_escape(p->runs[*run].style) : "";

		buf_str(out, escape);
		buf_mem(out, p->text.s + from, end - from);
		if (*escape)
			buf_str(out, STYLE_END);
		from = end;
	}
}

void para_layout(const struct para *p, unsigned width, bool color, const char *first,
		 const char *rest, struct buf *out)
{
	char stack[BREAKS_ON_STACK];
	char *breaks = NULL;
	size_t start = 0, next, run = 0;

	if (p->text.len == 0)
		return;
	if (!is_ascii(&p->text)) {
		breaks = p->text.len <= sizeof stack ? stack : g_malloc(p->text.len);
		u8_possible_linebreaks((const uint8_t *)p->text.s, p->text.len, "UTF-8", breaks);
	}
	while (start < p->text.len && p->text.s[start] == ' ')
		start++;
	for (const char *prefix = first; start < p->text.len; prefix = rest) {
		size_t end = line_end(&p->text, breaks, start, width, &next);

		buf_str(out, prefix);
		put_slice(p, start, end, color, &run, out);
		buf_char(out, '\n');
		for (start = next; start < p->text.len && p->text.s[start] == ' ';)
			start++;
	}
	if (breaks != stack)
		g_free(breaks);
}
