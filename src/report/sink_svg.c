/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Pictures as SVG within the page: whole numbers, no script, no reference to anything outside, and
 * links to packets of the same page. What colour says, a shape says, too.
 */
#include "config.h"

#include <glib.h>

#include "para.h"
#include "sink_html.h"

/* The ladder. */
#define WIDTH    800
#define TIME_X   62  /* right end of the times, ... */
#define PACKET_X 112 /* ... of the packet numbers; then the two sides */
#define LEFT_X   128
#define RIGHT_X  788
#define HEAD     46 /* above the first rung */
#define STEP     30
#define ASIDE    24  /* rows of silence, and of packets left out */
#define SHORT    220 /* an arrow that does not arrive ends so far before the other side */
#define TEXT_MAX 84  /* columns of a rung's text */
#define LOST_MAX 60  /* if its arrow does not arrive */
#define SIDE_MAX 48

/* The graph. */
#define HEIGHT 330
#define PLOT_L 84
#define PLOT_R 780
#define PLOT_T 40
#define PLOT_B 284
#define TICKS  6

const char svg_style[] =
	":root{--one:#0b5cad;--two:#8a3a9c}\n"
	"@media (prefers-color-scheme:dark){:root{--one:#84bbf7;--two:#d9a2ea}}\n"
	".draw{overflow-x:auto}svg{display:block;width:100%;min-width:42rem;max-width:60rem;height:"
	"auto;"
	"font:13px system-ui,sans-serif;fill:var(--ink);stroke:none}\n"
	"svg .e{text-anchor:end}svg .m{text-anchor:middle}svg .s{fill:var(--soft)}"
	"svg .b{font-weight:600}svg .l{stroke:var(--soft);fill:none}"
	"svg .g{stroke:var(--line);fill:none}svg .d{stroke-dasharray:2 5}\n"
	"svg .o{stroke:var(--one);fill:none;stroke-width:1.6}"
	"svg .t{stroke:var(--two);fill:none;stroke-width:1.6}"
	"svg .oh{fill:var(--one)}svg .th{fill:var(--two)}\n"
	"svg .x{stroke:var(--bad);fill:none;stroke-width:2.2}svg .z{fill:var(--warn)}"
	"svg .p{fill:var(--raw);stroke:var(--bad)}"
	"svg a{fill:var(--link);text-decoration:underline}"
	"svg .c{stroke-width:2}figcaption{margin-bottom:.4rem}\n"
	"@media print{svg{break-inside:avoid}.draw{overflow:visible}}\n";

static void str(struct out *o, const char *s)
{
	out_str(o, s);
}

static void num(struct out *o, int64_t n)
{
	buf_sdec(o->to, n);
}

/* name="n" */
static void attr(struct out *o, const char *name, int64_t n)
{
	out_char(o, ' ');
	str(o, name);
	str(o, "=\"");
	num(o, n);
	out_char(o, '"');
}

/* A point of a path. */
static void point(struct out *o, char command, int64_t x, int64_t y)
{
	out_char(o, command);
	num(o, x);
	out_char(o, ' ');
	num(o, y);
}

static void path_begin(struct out *o, const char *class)
{
	str(o, "<path class=\"");
	str(o, class);
	str(o, "\" d=\"");
}

static void path_end(struct out *o)
{
	str(o, "\"/>");
}

static void line(struct out *o, const char *class, int64_t x, int64_t y, int64_t to_x, int64_t to_y)
{
	path_begin(o, class);
	point(o, 'M', x, y);
	point(o, 'L', to_x, to_y);
	path_end(o);
}

/* As much of the text as fits into so many columns. */
static void text_n(struct out *o, const char *class, int64_t x, int64_t y, const char *s,
		   unsigned columns)
{
	size_t n = strlen(s), fit = text_columns(s, n) > columns ? text_fit(s, n, columns) : n;

	str(o, "<text");
	if (*class) {
		str(o, " class=\"");
		str(o, class);
		out_char(o, '"');
	}
	attr(o, "x", x);
	attr(o, "y", y);
	out_char(o, '>');
	html_escape(o, s, fit);
	str(o, fit < n ? "\xe2\x80\xa6</text>" : "</text>");
}

static void text(struct out *o, const char *class, int64_t x, int64_t y, const char *s)
{
	text_n(o, class, x, y, s, TEXT_MAX);
}

static void cross(struct out *o, int64_t x, int64_t y)
{
	path_begin(o, "x");
	point(o, 'M', x - 4, y - 4);
	str(o, "l8 8m0-8l-8 8");
	path_end(o);
}

static void link_begin(struct out *o, uint32_t packet, bool linked)
{
	if (!linked)
		return;
	str(o, "<a href=\"#p");
	num(o, packet);
	str(o, "\">");
}

static void link_end(struct out *o, bool linked)
{
	if (linked)
		str(o, "</a>");
}

/* --- ladder --- */

static unsigned asides_of(const struct figure_rung *r)
{
	return (r->left_out != 0) + (r->silence != 0);
}

static int64_t ladder_height(const struct figure *f)
{
	int64_t h = HEAD + 14 + (f->left_out ? ASIDE : 0);

	for (size_t i = 0; i < f->nrungs; i++)
		h += STEP + ASIDE * asides_of(&f->rungs[i]);
	return h;
}

/* The two sides from y to y + height, broken or not. */
static void two_sides(struct out *o, const char *class, int64_t y, int64_t height)
{
	path_begin(o, class);
	point(o, 'M', LEFT_X, y);
	out_char(o, 'v');
	num(o, height);
	point(o, 'M', RIGHT_X, y);
	out_char(o, 'v');
	num(o, height);
	path_end(o);
}

/* Time or packets passed over. */
static void aside(struct out *o, int64_t *y, const struct buf *words)
{
	two_sides(o, "l d", *y, ASIDE);
	text(o, "m s", (LEFT_X + RIGHT_X) / 2, *y + 16, buf_text(words));
	str(o, "\n");
	*y += ASIDE;
}

static void aside_left_out(struct out *o, int64_t *y, uint32_t n)
{
	struct buf words = BUF_INIT;

	buf_dec(&words, n);
	buf_str(&words, n == 1 ? " packet not shown" : " packets not shown");
	aside(o, y, &words);
	buf_release(&words);
}

static void aside_silence(struct out *o, int64_t *y, int64_t ns)
{
	struct buf words = BUF_INIT;

	buf_seconds(&words, ns, 1);
	buf_str(&words, " seconds without a packet");
	aside(o, y, &words);
	buf_release(&words);
}

static void head(struct out *o, const char *class, int64_t x, int64_t y, bool to_right)
{
	path_begin(o, class);
	point(o, 'M', x, y);
	str(o, to_right ? "l-9-4v8z" : "l9-4v8z");
	path_end(o);
}

static void rung_arrow(struct out *o, const struct figure_rung *r, int64_t y)
{
	int64_t from = r->to_right ? LEFT_X : RIGHT_X, to = r->to_right ? RIGHT_X : LEFT_X;

	if (r->lost)
		to += r->to_right ? -SHORT : SHORT;
	line(o, r->to_right ? "o" : "t", from, y, to, y);
	if (r->lost)
		cross(o, to, y);
	else
		head(o, r->to_right ? "oh" : "th", to, y, r->to_right);
}

static void rung_labels(struct out *o, const struct figure_rung *r, int64_t y)
{
	struct buf label = BUF_INIT;

	buf_seconds(&label, r->time, 3);
	text(o, "e s", TIME_X, y + 4, label.s);
	buf_reset(&label);
	buf_dec(&label, r->packet);
	link_begin(o, r->packet, r->linked);
	text(o, "e", PACKET_X, y + 4, label.s);
	link_end(o, r->linked);
	buf_release(&label);
}

static void rung(struct out *o, const struct figure_rung *r, int64_t *y)
{
	int64_t middle = (LEFT_X + RIGHT_X) / 2, at;

	if (r->lost) /* above its arrow, as far as that goes */
		middle += r->to_right ? -SHORT / 2 : SHORT / 2;
	if (r->left_out)
		aside_left_out(o, y, r->left_out);
	if (r->silence)
		aside_silence(o, y, r->silence);
	at = *y + STEP - 8;
	two_sides(o, "l", *y, STEP);
	if (r->proof) {
		str(o, "<rect class=\"p\" rx=\"4\"");
		attr(o, "x", LEFT_X + 6);
		attr(o, "y", *y + 2);
		attr(o, "width", RIGHT_X - LEFT_X - 12);
		attr(o, "height", STEP - 3);
		str(o, "/>");
	}
	rung_labels(o, r, at);
	text_n(o, r->proof ? "m b" : "m", middle, at - 6, r->text, r->lost ? LOST_MAX : TEXT_MAX);
	rung_arrow(o, r, at);
	str(o, "\n");
	*y += STEP;
}

static void ladder_head(struct out *o, const struct figure *f)
{
	text(o, "e s", TIME_X, HEAD - 12, "seconds");
	text(o, "e s", PACKET_X, HEAD - 12, "packet");
	text_n(o, "b", LEFT_X, 16, f->left, SIDE_MAX);
	text_n(o, "e b", RIGHT_X, 16, f->right, SIDE_MAX);
	if (f->left_name)
		text_n(o, "s", LEFT_X, HEAD - 12, f->left_name, SIDE_MAX);
	if (f->right_name)
		text_n(o, "e s", RIGHT_X, HEAD - 12, f->right_name, SIDE_MAX);
	str(o, "\n");
}

static void ladder(struct out *o, const struct figure *f)
{
	int64_t y = HEAD;

	ladder_head(o, f);
	for (size_t i = 0; i < f->nrungs; i++)
		rung(o, &f->rungs[i], &y);
	if (f->left_out)
		aside_left_out(o, &y, f->left_out);
	two_sides(o, "l", y, 8);
}

/* --- graph --- */

struct plot {
	int64_t first, last; /* time */
	uint64_t most;       /* bytes */
};

static void widen(struct plot *p, const struct figure_point *at)
{
	p->first = MIN(p->first, at->time);
	p->last = MAX(p->last, at->time);
	p->most = MAX(p->most, at->bytes);
}

static struct plot plot_of(const struct figure *f)
{
	struct plot p = {INT64_MAX, INT64_MIN, 1};

	for (unsigned side = 0; side < 2; side++)
		for (size_t i = 0; i < f->nsent[side]; i++)
			widen(&p, &f->sent[side][i]);
	for (size_t i = 0; i < f->nmarks; i++)
		widen(&p, &f->marks[i].at);
	if (p.first > p.last)
		p.first = p.last = 0;
	if (p.last == p.first)
		p.last++;
	return p;
}

static int64_t plot_x(const struct plot *p, int64_t time)
{
	return PLOT_L + (int64_t)((double)(time - p->first) / (double)(p->last - p->first) *
				  (PLOT_R - PLOT_L));
}

static int64_t plot_y(const struct plot *p, uint64_t bytes)
{
	return PLOT_B - (int64_t)((double)bytes / (double)p->most * (PLOT_B - PLOT_T));
}

/* 1, 2 or 5 times a power of ten, so that there are at most TICKS steps. */
static uint64_t tick_step(uint64_t range)
{
	static const unsigned nice[] = {1, 2, 5};

	for (uint64_t power = 1;; power *= 10)
		for (size_t i = 0; i < G_N_ELEMENTS(nice); i++)
			if (range / (nice[i] * power) <= TICKS || power > UINT64_MAX / 100)
				return nice[i] * power;
}

static void bytes_label(struct buf *out, uint64_t n)
{
	static const char *const units[] = {"", " kB", " MB", " GB", " TB"};
	unsigned unit = 0;

	while (n >= 10000 && n % 1000 == 0 && unit + 1 < G_N_ELEMENTS(units)) {
		n /= 1000;
		unit++;
	}
	buf_dec(out, n);
	buf_str(out, units[unit]);
}

static void axis_bytes(struct out *o, const struct plot *p)
{
	uint64_t step = tick_step(p->most);
	struct buf label = BUF_INIT;

	for (uint64_t v = 0; v <= p->most; v += step) {
		int64_t y = plot_y(p, v);

		buf_reset(&label);
		bytes_label(&label, v);
		line(o, "g", PLOT_L, y, PLOT_R, y);
		text(o, "e s", PLOT_L - 8, y + 4, label.s);
	}
	text(o, "e s", PLOT_L - 8, PLOT_T - 20, "bytes");
	buf_release(&label);
}

static void axis_time(struct out *o, const struct plot *p)
{
	uint64_t step = tick_step((uint64_t)(p->last - p->first));
	int64_t v = p->first - p->first % (int64_t)step;
	unsigned digits = step >= 1000000000u  ? 0
			  : step >= 100000000u ? 1
			  : step >= 1000000u   ? 3
					       : 6;
	struct buf label = BUF_INIT;

	for (; v < p->first; v += (int64_t)step)
		;
	for (uint64_t left = (uint64_t)(p->last - v) / step + 1; left && v <= p->last; left--) {
		int64_t x = plot_x(p, v);

		buf_reset(&label);
		buf_seconds(&label, v, digits);
		line(o, "g", x, PLOT_B, x, PLOT_B + 5);
		text(o, "m s", x, PLOT_B + 20, label.s);
		v = left > 1 ? v + (int64_t)step : v;
	}
	text(o, "m s", (PLOT_L + PLOT_R) / 2, PLOT_B + 40, "seconds since the trace began");
	buf_release(&label);
}

/* A stair: the number stays until more is sent. One corner for each column of the picture. */
static void curve(struct out *o, const struct plot *p, const char *class,
		  const struct figure_point *v, size_t n)
{
	int64_t x = 0;

	if (!n)
		return;
	path_begin(o, class);
	for (size_t i = 0; i < n; i++) {
		int64_t to_x = plot_x(p, v[i].time), to_y = plot_y(p, v[i].bytes);

		if (i == 0) {
			point(o, 'M', to_x, to_y);
		} else if (to_x != x || i + 1 == n || plot_x(p, v[i + 1].time) != to_x) {
			out_char(o, 'H');
			num(o, to_x);
			out_char(o, 'V');
			num(o, to_y);
		} else {
			continue;
		}
		x = to_x;
	}
	path_end(o);
	str(o, "\n");
}

static void mark_shape(struct out *o, enum figure_mark_kind kind, int64_t x, int64_t y)
{
	if (kind == FIGURE_AGAIN) {
		cross(o, x, y);
		return;
	}
	path_begin(o, "z");
	point(o, 'M', x, y - 6);
	str(o, "l6 6l-6 6l-6-6z");
	path_end(o);
}

static void marks(struct out *o, const struct figure *f, const struct plot *p)
{
	struct buf title = BUF_INIT;

	for (size_t i = 0; i < f->nmarks; i++) {
		const struct figure_mark *m = &f->marks[i];

		buf_reset(&title);
		buf_str(&title, "packet ");
		buf_dec(&title, m->packet);
		buf_str(&title, m->kind == FIGURE_AGAIN ? ": sent again" : ": no room left");
		link_begin(o, m->packet, m->linked);
		str(o, "<g><title>");
		html_escape(o, title.s, title.len);
		str(o, "</title>");
		mark_shape(o, m->kind, plot_x(p, m->at.time), plot_y(p, m->at.bytes));
		str(o, "</g>");
		link_end(o, m->linked);
	}
	buf_release(&title);
}

static bool has_mark(const struct figure *f, enum figure_mark_kind kind)
{
	for (size_t i = 0; i < f->nmarks; i++)
		if (f->marks[i].kind == kind)
			return true;
	return false;
}

/* What the lines and marks mean, above the plot. */
static void legend(struct out *o, const struct figure *f)
{
	int64_t x = PLOT_L;

	line(o, "o c", x, 14, x + 22, 14);
	text(o, "", x + 28, 18, "sent by the client");
	line(o, "t c", x + 164, 14, x + 186, 14);
	text(o, "", x + 192, 18, "sent by the server");
	x += 340;
	if (has_mark(f, FIGURE_AGAIN)) {
		cross(o, x, 14);
		text(o, "", x + 12, 18, "sent again");
		x += 110;
	}
	if (has_mark(f, FIGURE_FULL)) {
		mark_shape(o, FIGURE_FULL, x, 14);
		text(o, "", x + 12, 18, "the receiver had no room");
	}
	str(o, "\n");
}

static void graph(struct out *o, const struct figure *f)
{
	struct plot p = plot_of(f);

	legend(o, f);
	axis_bytes(o, &p);
	axis_time(o, &p);
	str(o, "\n");
	curve(o, &p, "o c", f->sent[0], f->nsent[0]);
	curve(o, &p, "t c", f->sent[1], f->nsent[1]);
	marks(o, f, &p);
}

/* --- the element --- */

static void described(struct out *o, const char *element, const char *id, unsigned number,
		      const char *words)
{
	out_char(o, '<');
	str(o, element);
	str(o, " id=\"");
	str(o, id);
	num(o, number);
	str(o, "\">");
	html_escape(o, words, strlen(words));
	str(o, "</");
	str(o, element);
	str(o, ">\n");
}

void svg_write(struct out *o, const struct figure *f, const char *title, unsigned number)
{
	str(o, "<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"group\" viewBox=\"0 0 ");
	num(o, WIDTH);
	out_char(o, ' ');
	num(o, f->kind == FIGURE_LADDER ? ladder_height(f) : HEIGHT);
	str(o, "\" aria-labelledby=\"ft");
	num(o, number);
	str(o, " fd");
	num(o, number);
	str(o, "\">\n");
	described(o, "title", "ft", number, title);
	described(o, "desc", "fd", number, f->describe);
	if (f->kind == FIGURE_LADDER)
		ladder(o, f);
	else
		graph(o, f);
	str(o, "</svg>\n");
}
