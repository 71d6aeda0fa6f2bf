/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * clean: bytes of others become visible text here and nowhere else.
 *
 * A terminal can be made to type answers into our prompt (ESC [ 6 n), a bidi override can turn a
 * sentence round: so whatever could drive anything is shown as what it is.
 */
#include "tracetutor/buf.h"

#include <unictype.h>
#include <unistr.h>

static const char hex[] = "0123456789ABCDEF";

/* Plain ASCII that passes as it is. */
static bool is_plain(uint8_t c)
{
	return c >= 0x20 && c < 0x7f;
}

/* Characters beyond ASCII that are shown as they are: graphic ones, neither control nor invisible.
 */
static bool is_shown(ucs4_t c)
{
	if (c == 0x00a0 || c == 0x3000)
		return true;
	if (c == 0x00ad || c == 0x034f || c == 0x115f || c == 0x1160 || c == 0x3164 || c == 0xffa0)
		return false; /* invisible although they count as letters, marks or hyphens */
	if ((c >= 0xfe00 && c <= 0xfe0f) || (c >= 0xe0000 && c <= 0xe0fff))
		return false; /* variation selectors, tags */
	return !uc_is_general_category_withtable(
		c, UC_CATEGORY_MASK_C | UC_CATEGORY_MASK_Z); /* controls, formats, separators */
}

static void escape_byte(struct buf *b, uint8_t c)
{
	char text[4] = {'\\', 'x', hex[c >> 4], hex[c & 15]};

	buf_mem(b, text, sizeof(text));
}

static void escape_char(struct buf *b, ucs4_t c)
{
	buf_mem(b, "\\u{", 3);
	buf_hex_upper(b, c, 4);
	buf_char(b, '}');
}

/* One character that is not plain, at p (n bytes left); returns the bytes it took. */
static size_t clean_char(struct buf *b, const uint8_t *p, size_t n, bool lines)
{
	ucs4_t c;
	int len;

	if (*p == '\n' && lines) {
		buf_char(b, '\n');
		return 1;
	}
	if (*p == '\n' || *p == '\r' || *p == '\t') {
		buf_char(b, '\\');
		buf_char(b, *p == '\n' ? 'n' : *p == '\r' ? 'r' : 't');
		return 1;
	}
	len = u8_mbtoucr(&c, p, n);
	if (len <= 0) {
		escape_byte(b, *p);
		return 1;
	}
	if (c < 0x80 || !is_shown(c))
		escape_char(b, c);
	else
		buf_mem(b, p, (size_t)len);
	return (size_t)len;
}

/* Clean until the input ends or more than `max` bytes were written; returns the bytes read. */
static size_t clean(struct buf *b, const uint8_t *p, size_t n, size_t max, bool lines)
{
	size_t start = b->len, i = 0;

	while (i < n && b->len - start <= max) {
		size_t run = 0;

		while (i + run < n && run <= max && is_plain(p[i + run]))
			run++;
		buf_mem(b, p + i, run);
		i += run;
		if (i < n && !is_plain(p[i]))
			i += clean_char(b, p + i, n - i, lines);
	}
	return i;
}

void buf_clean(struct buf *b, const void *bytes, size_t n)
{
	clean(b, bytes, n, SIZE_MAX - 1, false);
}

void buf_clean_lines(struct buf *b, const void *bytes, size_t n)
{
	clean(b, bytes, n, SIZE_MAX - 1, true);
}

/* Cut the text from `start` on back to at most `max` bytes, at the border of a character. */
static void cut_back(struct buf *b, size_t start, size_t max)
{
	size_t end = start + max;

	while (end > start && ((uint8_t)b->s[end] & 0xc0) == 0x80)
		end--;
	b->len = end;
	b->s[end] = '\0';
}

void buf_clean_max(struct buf *b, const void *bytes, size_t n, size_t max)
{
	size_t start = b->len, used = clean(b, bytes, n, max, false);

	if (b->len - start <= max && used == n)
		return;
	if (b->len - start > max - 3)
		cut_back(b, start, max - 3);
	buf_str(b, "...");
}

bool text_is_clean(const void *bytes, size_t n)
{
	const uint8_t *p = bytes;

	for (size_t i = 0; i < n;) {
		ucs4_t c;
		int len = u8_mbtoucr(&c, p + i, n - i);

		if (len <= 0 || (c < 0x80 ? !is_plain((uint8_t)c) : !is_shown(c)))
			return false;
		i += (size_t)len;
	}
	return true;
}
