/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "src/decode/textline.h"

static bool is_blank(uint8_t c)
{
	return c == ' ' || c == '\t';
}

static uint8_t upper(uint8_t c)
{
	return c >= 'a' && c <= 'z' ? (uint8_t)(c - 'a' + 'A') : c;
}

/* May the n bytes without a line end be taken as they are? */
static bool takes_unended(struct cursor *c, bool last, uint32_t n, struct textline *l)
{
	l->cut = c->captured < c->reported;
	if (l->cut || last || n >= TEXTLINE_MAX)
		return true;
	c->need_more = true;
	return false;
}

bool textline_next(struct cursor *c, bool last, bool *overlong, struct textline *l)
{
	uint32_t left = cursor_left(c), n;
	const uint8_t *p = c->base + c->pos, *end;

	if (left == 0)
		return false;
	*l = (struct textline){.text = {p, c->pos, 0}, .tail = *overlong};
	end = memchr(p, '\n', left);
	if (!end && !takes_unended(c, last, left, l))
		return false;
	*overlong = !end;
	l->full = end ? (uint32_t)(end - p) + 1 : left;
	n = end ? l->full - 1 : left;
	if (end && n > 0 && p[n - 1] == '\r')
		n--;
	l->text.len = n;
	cursor_skip(c, l->full);
	return true;
}

struct textpart textline_whole(const struct textline *l)
{
	return (struct textpart){l->text.p, l->text.off, l->full};
}

struct textpart textpart_slice(const struct textpart *part, uint32_t from, uint32_t to)
{
	if (to > part->len)
		to = part->len;
	if (from > to)
		from = to;
	return (struct textpart){part->p + from, part->off + from, to - from};
}

struct textpart textpart_word(const struct textpart *part, uint32_t *at)
{
	uint32_t from = *at, to;

	while (from < part->len && is_blank(part->p[from]))
		from++;
	for (to = from; to < part->len && !is_blank(part->p[to]);)
		to++;
	*at = to;
	return textpart_slice(part, from, to);
}

struct textpart textpart_rest(const struct textpart *part, uint32_t at)
{
	if (at < part->len && is_blank(part->p[at]))
		at++;
	return textpart_slice(part, at, part->len);
}

bool textpart_starts(const struct textpart *part, const char *word)
{
	uint32_t i;

	for (i = 0; word[i]; i++)
		if (i >= part->len || upper(part->p[i]) != upper((uint8_t)word[i]))
			return false;
	return true;
}

bool textpart_is(const struct textpart *part, const char *word)
{
	return part->len == strlen(word) && textpart_starts(part, word);
}

bool textpart_has(const struct textpart *part, const char *word)
{
	uint32_t n = (uint32_t)strlen(word);

	for (uint32_t i = 0; i + n <= part->len; i++) {
		struct textpart here = textpart_slice(part, i, part->len);

		if (textpart_starts(&here, word))
			return true;
	}
	return false;
}

bool textpart_number(const struct textpart *part, uint32_t *at, uint32_t *value)
{
	uint32_t from = *at;

	*value = 0;
	while (*at < part->len && *at - from < 9 && part->p[*at] >= '0' && part->p[*at] <= '9')
		*value = *value * 10 + (part->p[(*at)++] - '0');
	return *at > from;
}

bool textpart_reply_code(const struct textpart *part, uint32_t *code)
{
	uint32_t at = 0;

	return textpart_number(part, &at, code) && at == 3 &&
	       (part->len == 3 || part->p[3] == ' ' || part->p[3] == '-');
}
