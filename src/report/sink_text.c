/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Text: terminal and plain. Explanations stand below the raw line they explain, or at its right
 * when there is room. At the right, the raw side goes on while the explanation runs on, and the
 * next explanation waits until the one before has ended.
 */
#include "config.h"

#include <glib.h>

#include "out.h"
#include "para.h"

#define WIDTH_DEFAULT 80u
#define WIDTH_MIN     20u
#define WIDTH_SIDE    100u /* explanations at the right from here on */
#define LEFT_MAX      76u  /* the raw side needs no more */
#define RIGHT_MAX     78u  /* longer lines are tiring to read */
#define PROSE_MAX     100u
#define GUTTER        4u
#define HANG          5u /* the rest of a folded raw line stands below its values */

/* What was written last decides whether a blank line comes before the next. */
enum block { BLOCK_NONE, BLOCK_TITLE, BLOCK_HEADING, BLOCK_RAW, BLOCK_ITEM, BLOCK_PROSE };

struct text_sink {
	struct sink base;
	struct out out;
	struct sink_options o;
	bool side;
	unsigned left, right; /* columns of the two sides */
	enum block last;
	struct para para;
	struct buf raw;     /* raw lines of the row, each ended by '\n' */
	struct buf notes;   /* explanations of the row, laid out */
	struct buf pending; /* explanations still running on at the right ... */
	size_t pending_at;  /* ... from here on */
	bool titled;        /* para holds only the title of a note so far */
	bool first_line;    /* the note has no line yet */
	bool open_line;     /* the raw line written last has no end yet */
};

static struct text_sink *text_sink(struct sink *s)
{
	return (struct text_sink *)s;
}

static enum style severity_style(int severity)
{
	return severity >= 2 ? STYLE_BAD : STYLE_STRONG;
}

/* The blank line between blocks. */
static void block(struct text_sink *t, enum block b)
{
	bool together = t->o.dense || t->last == BLOCK_NONE ||
			(t->last == BLOCK_HEADING && b != BLOCK_HEADING) ||
			(t->last == b && (b == BLOCK_ITEM || b == BLOCK_RAW));

	if (!together)
		out_char(&t->out, '\n');
	t->last = b;
}

/* Lay out what the paragraph holds, straight into the output. */
static void lay_out(struct text_sink *t, const char *first, const char *rest)
{
	unsigned indent = text_columns(rest, strlen(rest));
	unsigned room = MIN(t->o.width, PROSE_MAX);
	unsigned width = room > indent + WIDTH_MIN ? room - indent : WIDTH_MIN;

	para_layout(&t->para, width, t->o.color, first, rest, t->out.to);
	para_reset(&t->para);
	out_check(&t->out);
}

static void heading(struct text_sink *t, const struct node_attr *a, bool underlined)
{
	unsigned columns;

	if (!a->title)
		return;
	block(t, t->base.depth == 1 ? BLOCK_TITLE : BLOCK_HEADING);
	para_reset(&t->para);
	para_add(&t->para, severity_style(a->severity), sink_severity(a->severity),
		 strlen(sink_severity(a->severity)));
	para_add(&t->para, STYLE_STRONG, a->title, strlen(a->title));
	columns = underlined ? text_columns(a->title, strlen(a->title)) : 0;
	lay_out(t, "", "");
	for (unsigned i = 0; i < MIN(columns, t->o.width); i++)
		out_str(&t->out, t->o.ascii ? "-" : "─");
	if (underlined)
		out_char(&t->out, '\n');
}

/* --- raw lines and what stands beside them --- */

/* One raw line in the left column, one line of the explanation (may be empty) at the right. */
static void put_side(struct text_sink *t, const char *left, size_t n)
{
	unsigned columns = text_columns(left, n);
	const char *right = t->pending.s + t->pending_at;
	size_t len = strcspn(right, "\n");

	out_mem(&t->out, left, n);
	out_fill(&t->out, ' ', columns < t->left ? t->left - columns : 0);
	out_mem(&t->out, right, len);
	out_char(&t->out, '\n');
	t->pending_at += len + 1;
}

static bool is_pending(const struct text_sink *t)
{
	return t->pending_at < t->pending.len;
}

static void flush_pending(struct text_sink *t)
{
	while (is_pending(t))
		put_side(t, "", 0);
	buf_reset(&t->pending);
	t->pending_at = 0;
}

/* Where a raw line too long for `columns` is best cut: before its text column (two blanks), at a
 * blank, or wherever the column ends. */
static size_t cut_raw(const char *s, size_t n, unsigned columns)
{
	size_t fit = text_fit(s, n, columns);

	if (fit >= n)
		return n;
	for (size_t i = fit; i > fit / 2; i--)
		if (s[i - 1] == ' ' && s[i] == ' ' && i > HANG)
			return i - 1;
	for (size_t i = fit; i > fit / 3; i--)
		if (s[i] == ' ')
			return i;
	return fit;
}

static bool is_dashes(const char *s, size_t n)
{
	return n > 8 && !memcmp(s, "--------", 8) && !memcmp(s + n - 8, "--------", 8);
}

/* A dashed rule made narrower on both sides alike; returns its new length. */
static size_t narrow_rule(const char **s, size_t n, unsigned columns)
{
	size_t cut = n - columns, lead = cut / 2;

	*s += MIN(lead, 8);
	return n - MIN(lead, 8) - MIN(cut - lead, 8);
}

/* The same cut, not within a character. */
static size_t whole_characters(const char *s, size_t n, size_t cut)
{
	while (cut > 1 && cut < n && ((unsigned char)s[cut] & 0xc0) == 0x80)
		cut--;
	return cut;
}

/* One raw line in pieces that fit, each handed to `put`. */
static void fold_raw(struct text_sink *t, const char *s, size_t n, unsigned columns,
		     void (*put)(struct text_sink *, const char *, size_t))
{
	char piece[512];
	size_t hang = 0;

	if (is_dashes(s, n) && n > columns)
		n = narrow_rule(&s, n, columns);
	do {
		size_t cut = cut_raw(s, n, columns - (unsigned)hang);

		cut = whole_characters(s, n, MIN(cut, sizeof piece - HANG));
		memset(piece, ' ', hang);
		memcpy(piece + hang, s, cut);
		put(t, piece, hang + cut);
		s += cut;
		n -= cut;
		for (hang = HANG; n > 0 && *s == ' '; n--)
			s++;
	} while (n > 0);
}

static void put_plain(struct text_sink *t, const char *s, size_t n)
{
	out_mem(&t->out, s, n);
	out_char(&t->out, '\n');
}

/* Beside an explanation as long as there is one. */
static void put_beside(struct text_sink *t, const char *s, size_t n)
{
	if (is_pending(t))
		put_side(t, s, n);
	else
		put_plain(t, s, n);
}

static void raw_line(struct text_sink *t, const char *s, size_t n)
{
	if (is_pending(t))
		fold_raw(t, s, n, t->left - 1, put_beside);
	else if (t->o.fold_raw && n > t->o.width && text_columns(s, n) > t->o.width)
		fold_raw(t, s, n, t->o.width, put_plain);
	else
		put_plain(t, s, n);
}

static void raw_lines(struct text_sink *t)
{
	const char *s = buf_text(&t->raw), *end = s + t->raw.len;

	while (s < end) {
		const char *eol = memchr(s, '\n', (size_t)(end - s));

		raw_line(t, s, (size_t)(eol - s));
		s = eol + 1;
	}
	buf_reset(&t->raw);
}

/* The row is complete: its explanations begin at its first line. */
static void row_end(struct text_sink *t)
{
	if (t->raw.len || t->notes.len)
		block(t, BLOCK_RAW);
	if (!t->side) {
		raw_lines(t);
		out_mem(&t->out, buf_text(&t->notes), t->notes.len);
	} else if (t->notes.len) {
		flush_pending(t);
		buf_mem(&t->pending, t->notes.s, t->notes.len);
		raw_lines(t);
	} else {
		raw_lines(t);
	}
	buf_reset(&t->notes);
}

/* --- nodes --- */

static void note_begin(struct text_sink *t, const struct node_attr *a)
{
	para_reset(&t->para);
	t->first_line = true;
	t->titled = a->title != NULL;
	para_add(&t->para, severity_style(a->severity), sink_severity(a->severity),
		 strlen(sink_severity(a->severity)));
	if (a->title) {
		char last = *a->title ? a->title[strlen(a->title) - 1] : '.';

		para_add(&t->para, STYLE_STRONG, a->title, strlen(a->title));
		para_add(&t->para, STYLE_STRONG, ". ", strchr(".?!:", last) ? 0 : 1);
		para_add(&t->para, STYLE_PLAIN, " ", 1);
	}
}

static void note_lines(struct text_sink *t)
{
	static const char *const marks[2][2][2] = {
		/* below: first, rest; beside: first, rest */
		{{"    ├─ ", "    │  "}, {" ├─ ", " │  "}},
		{{"    +- ", "    |  "}, {" +- ", " |  "}},
	};
	const char *const *mark = marks[t->o.ascii][t->side];
	unsigned width = t->side ? t->right : t->o.width - 7;

	para_layout(&t->para, width, t->o.color, mark[t->first_line ? 0 : 1], mark[1], &t->notes);
	if (t->para.text.len)
		t->first_line = false;
	para_reset(&t->para);
	t->titled = false;
}

static bool is_item(const struct para *p)
{
	return p->text.len > 2 && !memcmp(p->text.s, "- ", 2);
}

static void prose_end(struct text_sink *t)
{
	switch (t->base.stack[t->base.depth - 2]) {
	case NODE_NOTE: note_lines(t); break;
	case NODE_FINDING:
		block(t, is_item(&t->para) ? BLOCK_ITEM : BLOCK_PROSE);
		lay_out(t, "  ", is_item(&t->para) ? "    " : "  ");
		break;
	default:
		block(t, is_item(&t->para) ? BLOCK_ITEM : BLOCK_PROSE);
		lay_out(t, "", is_item(&t->para) ? "  " : "");
	}
}

/* Preformatted lines, indented. */
static void verbatim_end(struct text_sink *t, const char *indent)
{
	const char *s = buf_text(&t->raw), *end = s + t->raw.len;

	block(t, BLOCK_PROSE);
	while (s < end) {
		const char *eol = memchr(s, '\n', (size_t)(end - s));

		out_str(&t->out, eol > s ? indent : "");
		put_plain(t, s, (size_t)(eol - s));
		s = eol + 1;
	}
	buf_reset(&t->raw);
}

/* A ladder in characters; what a curve shows, in words. */
static void figure_begin(struct text_sink *t, const struct node_attr *a)
{
	heading(t, a, false);
	block(t, BLOCK_PROSE);
	if (a->figure->kind == FIGURE_LADDER) {
		figure_text(t->out.to, a->figure, t->o.width);
		out_check(&t->out);
		return;
	}
	para_reset(&t->para);
	para_add(&t->para, STYLE_PLAIN, a->figure->describe, strlen(a->figure->describe));
	lay_out(t, "", "");
}

static void text_begin(struct sink *s, enum node n, const struct node_attr *a)
{
	struct text_sink *t = text_sink(s);

	switch (n) {
	case NODE_REPORT:
	case NODE_SECTION: heading(t, a, true); break;
	case NODE_PACKET:
	case NODE_FINDING: heading(t, a, false); break;
	case NODE_FIGURE: figure_begin(t, a); break;
	case NODE_NOTE: note_begin(t, a); break;
	case NODE_PROSE:
		if (!t->titled)
			para_reset(&t->para);
		break;
	case NODE_QUESTION: para_reset(&t->para); break;
	default: break;
	}
}

/* Raw lines that need no layout go straight into the output: they are most of it. */
static bool is_direct(const struct text_sink *t)
{
	return !t->side && !t->o.fold_raw;
}

static void text_text(struct sink *s, enum style st, const char *text, size_t len)
{
	struct text_sink *t = text_sink(s);
	enum node in = s->stack[s->depth - 1];

	if (in == NODE_PROSE || in == NODE_QUESTION) {
		para_add(&t->para, in == NODE_QUESTION ? STYLE_STRONG : st, text, len);
	} else if (in == NODE_DECODE && is_direct(t)) {
		block(t, BLOCK_RAW);
		out_mem(&t->out, text, len);
		t->open_line = text[len - 1] != '\n';
	} else {
		buf_mem(&t->raw, text, len);
	}
}

static void decode_end(struct text_sink *t)
{
	if (t->open_line)
		out_char(&t->out, '\n');
	t->open_line = false;
}

static void text_end(struct sink *s, enum node n)
{
	struct text_sink *t = text_sink(s);

	if (t->raw.len && t->raw.s[t->raw.len - 1] != '\n')
		buf_char(&t->raw, '\n');
	switch (n) {
	case NODE_PACKET: flush_pending(t); break;
	case NODE_DECODE: decode_end(t); break;
	case NODE_ROW: row_end(t); break;
	case NODE_NOTE:
		if (t->titled)
			note_lines(t);
		break;
	case NODE_PROSE: prose_end(t); break;
	case NODE_CODE: verbatim_end(t, "    "); break;
	case NODE_QUESTION:
		block(t, BLOCK_PROSE);
		lay_out(t, "? ", "  ");
		break;
	default: break;
	}
}

static bool text_flush(struct sink *s)
{
	return out_flush(&text_sink(s)->out);
}

static void text_free(struct sink *s)
{
	struct text_sink *t = text_sink(s);

	out_release(&t->out);
	para_release(&t->para);
	buf_release(&t->raw);
	buf_release(&t->notes);
	buf_release(&t->pending);
	g_free(t);
}

static const struct sink_ops text_ops = {text_begin, text_text, text_end, text_flush, text_free};

static struct sink *text_new(int fd, struct buf *mem, const struct sink_options *o)
{
	struct text_sink *t = g_new0(struct text_sink, 1);

	t->base.ops = &text_ops;
	t->o = *o;
	t->o.width = MAX(o->width ? o->width : WIDTH_DEFAULT, WIDTH_MIN);
	t->side = o->side_by_side && t->o.width >= WIDTH_SIDE;
	t->right = MIN(t->o.width * 42 / 100, RIGHT_MAX);
	t->left = MIN(t->o.width - t->right - GUTTER, LEFT_MAX);
	t->right = MIN(t->o.width - t->left - GUTTER, RIGHT_MAX);
	out_init(&t->out, fd, mem, &t->base.error);
	return &t->base;
}

struct sink *sink_text_new(int fd, const struct sink_options *o)
{
	return text_new(fd, NULL, o);
}

struct sink *sink_buf_new(struct buf *out, const struct sink_options *o)
{
	return text_new(-1, out, o);
}
