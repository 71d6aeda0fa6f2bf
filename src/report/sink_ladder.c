/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A ladder in characters:
 *
 *        time packet  client 192.0.2.1:1030                    server 198.51.100.5:110
 *                     |                                                             |
 *       0.934      5  |-- TCP SYN: asks for a connection -------------------------->|
 *       1.100      6  |<- TCP SYN+ACK: agrees to the connection --------------------|
 *                     :                   5.0 seconds without a packet              :
 *       6.559     14  |-- what was not answered ------------x                       |
 */
#include "config.h"

#include <glib.h>

#include "para.h"
#include "tracetutor/figure.h"

#define WIDTH_LEAST 40u
#define WIDTH_MOST  110u
#define GUTTER      16u /* time, number, blanks */
#define SHORT_OF    6u  /* an arrow that does not arrive ends that far before the other side */

/* Columns between the two sides: what is left beside the gutter, the sides, and the mark. */
static unsigned inner_width(unsigned width)
{
	return CLAMP(width, WIDTH_LEAST, WIDTH_MOST) - GUTTER - 2 - 2;
}

static void right_aligned(struct buf *out, const char *s, size_t n, unsigned width)
{
	buf_fill(out, ' ', n < width ? width - n : 0);
	buf_mem(out, s, n);
}

static void gutter(struct buf *out, const struct figure_rung *r)
{
	struct buf cell = BUF_INIT;

	buf_seconds(&cell, r->time, 3);
	right_aligned(out, cell.s, cell.len, 8);
	buf_reset(&cell);
	buf_dec(&cell, r->packet);
	right_aligned(out, cell.s, cell.len, 7);
	buf_char(out, ' ');
	buf_release(&cell);
}

/* The text, as much as fits; returns its columns. */
static unsigned clipped(struct buf *out, const char *s, unsigned columns)
{
	size_t n = strlen(s);
	unsigned all = text_columns(s, n), dots = MIN(3, columns);

	if (all <= columns) {
		buf_mem(out, s, n);
		return all;
	}
	n = columns > dots ? text_fit(s, n, columns - dots) : 0;
	buf_mem(out, s, n);
	buf_mem(out, "...", dots);
	return text_columns(s, n) + dots;
}

/* One row between the sides, its text in the middle. */
static void aside(struct buf *out, unsigned inner, const char *text)
{
	struct buf cut = BUF_INIT;
	unsigned columns = clipped(&cut, text, inner), before = (inner - columns) / 2;

	buf_fill(out, ' ', GUTTER);
	buf_char(out, ':');
	buf_fill(out, ' ', before);
	buf_mem(out, buf_text(&cut), cut.len);
	buf_fill(out, ' ', inner - before - columns);
	buf_str(out, ":\n");
	buf_release(&cut);
}

static void left_out(struct buf *out, unsigned inner, uint32_t n)
{
	struct buf text = BUF_INIT;

	buf_dec(&text, n);
	buf_str(&text, n == 1 ? " packet not shown" : " packets not shown");
	aside(out, inner, text.s);
	buf_release(&text);
}

static void silence(struct buf *out, unsigned inner, int64_t ns)
{
	struct buf text = BUF_INIT;

	buf_seconds(&text, ns, 1);
	buf_str(&text, " seconds without a packet");
	aside(out, inner, text.s);
	buf_release(&text);
}

/* Length of the arrow: all the way, or to the middle (a long text takes it further). */
static unsigned arrow_length(const struct figure_rung *r, unsigned inner)
{
	unsigned text = text_columns(r->text, strlen(r->text)) + 7;

	if (!r->lost)
		return inner;
	return MIN(MAX(text, inner / 2), inner - SHORT_OF);
}

static void arrow(struct buf *out, const struct figure_rung *r, unsigned inner)
{
	unsigned length = arrow_length(r, inner), room = length > 7 ? length - 7 : 1, text;

	if (!r->to_right) {
		buf_fill(out, ' ', inner - length);
		buf_str(out, r->lost ? "x- " : "<- ");
	} else {
		buf_str(out, "-- ");
	}
	text = clipped(out, r->text, room);
	buf_char(out, ' ');
	buf_fill(out, '-', length - text - 5);
	if (!r->to_right) {
		buf_char(out, '-');
	} else {
		buf_char(out, r->lost ? 'x' : '>');
		buf_fill(out, ' ', inner - length);
	}
}

static void rung(struct buf *out, const struct figure_rung *r, unsigned inner)
{
	if (r->left_out)
		left_out(out, inner, r->left_out);
	if (r->silence)
		silence(out, inner, r->silence);
	gutter(out, r);
	buf_char(out, '|');
	arrow(out, r, inner);
	buf_str(out, r->proof ? "| *\n" : "|\n");
}

/* What stands above the two sides: on one line if there is room, else on two. */
static void sides(struct buf *out, const char *left, const char *right, unsigned room)
{
	unsigned l = text_columns(left, strlen(left)), r = text_columns(right, strlen(right));
	bool together = !r || l + r + 2 <= room;

	buf_str(out, left);
	if (!together) {
		buf_char(out, '\n');
		buf_fill(out, ' ', GUTTER);
	}
	l = together ? l : 0;
	if (r)
		buf_fill(out, ' ', l + r < room ? room - l - r : 0);
	buf_str(out, right);
	buf_char(out, '\n');
}

static void note(struct buf *out, const char *text, unsigned width)
{
	struct para para = {0};

	para_add(&para, STYLE_PLAIN, text, strlen(text));
	buf_char(out, '\n');
	para_layout(&para, width, false, "", "", out);
	para_release(&para);
}

void figure_text(struct buf *out, const struct figure *f, unsigned width)
{
	unsigned inner = inner_width(width);

	buf_str(out, "    time packet ");
	sides(out, f->left, f->right, inner + 2);
	if (f->left_name || f->right_name) {
		buf_fill(out, ' ', GUTTER);
		sides(out, f->left_name ? f->left_name : "", f->right_name ? f->right_name : "",
		      inner + 2);
	}
	for (size_t i = 0; i < f->nrungs; i++)
		rung(out, &f->rungs[i], inner);
	if (f->left_out)
		left_out(out, inner, f->left_out);
	if (f->note)
		note(out, f->note, GUTTER + inner + 4);
}
