/* SPDX-License-Identifier: GPL-3.0-or-later */
/* lines_shape: the lines of headers that come again with other numbers. */
#include "tracetutor/lines.h"
#include "tracetutor/shape.h"

bool lines_shape_again(struct lines *l, const struct record *r)
{
	struct shape *s = r->shape;
	unsigned at = 0;

	if (!s->len) {
		s->nopen = 0;
		s->hex = 0;
		l->shape = s;
		l->shape_len = 0;
		l->shape_from = l->text.len;
		return false;
	}
	for (unsigned i = 0; i < s->nopen; i++) {
		buf_mem(&l->text, s->text + at, s->open[i] - at);
		at = s->open[i];
		if (s->hex >> i & 1)
			buf_hex_upper(&l->text, r->numbers[i], 0);
		else
			buf_dec(&l->text, r->numbers[i]);
	}
	buf_mem(&l->text, s->text + at, s->len - at);
	return true;
}

/* Keep what was written since the last piece, up to `end`; the next begins at `next`. */
static void keep_piece(struct lines *l, size_t end, size_t next)
{
	size_t n = end - l->shape_from;

	if (l->shape_len + n > SHAPE_TEXT_MAX) {
		l->shape = NULL;
		return;
	}
	memcpy(l->shape->text + l->shape_len, l->text.s + l->shape_from, n);
	l->shape_len += n;
	l->shape_from = next;
}

/* The number of that field was written from `start` on: not it is kept, but its place. */
static void leave_open(struct lines *l, const struct record *r, const struct field *f, size_t start,
		       bool hex)
{
	struct shape *s = l->shape;

	if (!s)
		return;
	if (!f || s->nopen == r->nnumbers || f->v.u != r->numbers[s->nopen]) {
		l->shape = NULL;
		return;
	}
	keep_piece(l, start, l->text.len);
	s->hex |= (uint16_t)(hex << s->nopen);
	s->open[s->nopen++] = (uint16_t)l->shape_len;
}

void lines_open_dec(struct lines *l, const struct record *r, const struct field *f)
{
	size_t start = l->text.len;

	lines_dec(l, r, f);
	leave_open(l, r, f, start, false);
}

void lines_open_hex(struct lines *l, const struct record *r, const struct field *f)
{
	size_t start = l->text.len;

	lines_hex(l, r, f, 0);
	leave_open(l, r, f, start, true);
}

void lines_shape_keep(struct lines *l, const struct record *r)
{
	if (l->shape)
		keep_piece(l, l->text.len, l->text.len);
	if (l->shape && l->shape->nopen == r->nnumbers)
		l->shape->len = (uint16_t)l->shape_len;
	l->shape = NULL;
}
