/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * lines: the decode column of one packet, in the grammar of ipformat.
 *
 * A packet's lines stand in one reused buffer; each line knows which fields it says, which is how
 * an explanation finds its place beside it. A protocol with a layout of its own writes it in its
 * `lines` hook with the calls below; any other gets one line a field.
 *
 * Values go through lines_field()/lines_value(), where masking happens (mask.h): hooks never write
 * a packet's bytes in another way.
 */
#ifndef TRACETUTOR_LINES_H
#define TRACETUTOR_LINES_H

#include "tracetutor/buf.h"
#include "tracetutor/record.h"

enum line_kind {
	LINE_ROW,  /* "IP: Version: 4 ..." */
	LINE_RULE, /* "---- IP HEADER ----" */
	LINE_HEX,  /* a row of the hex dump */
	LINE_HEAD  /* the packet's separator and timing lines */
};

struct line {
	enum line_kind kind;
	uint8_t layer;        /* index into record->layers */
	uint32_t first, last; /* fields it says, inclusive; first > last: none */
	uint32_t off, len;    /* in lines->text, without the newline */
};

/* How values are masked before they become characters; NULL in lines: nothing is masked. */
struct mask {
	/* Append the value of f to out, masked, and return true; false: show it as it is. */
	bool (*value)(const struct mask *, struct buf *out, const struct record *r,
		      const struct field *f);
	/* May the payload bytes off..off+len of that source be shown as hex? Asked byte by byte
	 * (len 1) where a row holds both: a hidden byte is written "**", and '.' in the text
	 * column. */
	bool (*bytes)(const struct mask *, const struct record *r, uint8_t source, uint32_t off,
		      uint32_t len);
	/* Append running text that may quote values (a headline), with what is masked replaced. */
	void (*text)(const struct mask *, struct buf *out, const char *s, size_t n);
};

#define LINES_PREFIX_MAX 16
struct kept_rows;

struct lines {
	struct buf text; /* lines, each followed by '\n' */
	struct line *v;
	uint32_t n, cap;
	const struct mask *mask;
	/* Only the text is wanted: v stays empty. For who does not ask which line says what. */
	bool plain;
	char prefix[LINES_PREFIX_MAX]; /* of the layer at work, with its colon: "IP: " */
	uint8_t prefix_len;
	struct kept_rows *kept;  /* rows written before: lines_again() */
	struct kept_rows *keeps; /* where the rows at work will be kept; NULL: nowhere */
	size_t keeps_from;       /* where they begin in `text` */
	struct shape *shape;     /* whose lines are at work, to be kept; NULL: none */
	size_t shape_len;        /* bytes of them kept so far */
	size_t shape_from;       /* where the others begin in `text` */
};

void lines_init(struct lines *l);
void lines_reset(struct lines *l);
void lines_release(struct lines *l);

/* The rows that follow begin with this prefix: "IP". */
void lines_prefix(struct lines *l, const char *prefix);
/* The row is complete. */
static inline void lines_end(struct lines *l)
{
	if (!l->plain)
		l->v[l->n - 1].len = (uint32_t)l->text.len - l->v[l->n - 1].off;
	buf_char(&l->text, '\n');
}
/* Begin a row without a prefix, for what is said of the packet as a whole. */
void lines_bare(struct lines *l, const struct record *r, const struct layer *layer);
/* Begin a row with "PREFIX: "; fields are added to its range by lines_field()/lines_cover(). */
static inline void lines_row(struct lines *l, const struct record *r, const struct layer *layer)
{
	if (!l->plain)
		lines_bare(l, r, layer);
	memcpy(buf_room(&l->text, sizeof(l->prefix)), l->prefix, sizeof(l->prefix));
	buf_added(&l->text, l->prefix_len);
}
static inline void lines_str(struct lines *l, const char *s)
{
	buf_str(&l->text, s);
}
/* The row says this field too (it may be NULL: nothing happens). */
static inline void lines_cover(struct lines *l, const struct record *r, const struct field *f)
{
	struct line *n;
	uint32_t i;

	if (!f || l->plain)
		return;
	n = &l->v[l->n - 1];
	i = (uint32_t)(f - r->fields);
	n->first = i < n->first ? i : n->first;
	n->last = i > n->last ? i : n->last;
}
/* Cover the field and append its named value. */
void lines_field(struct lines *l, const struct record *r, const struct field *f);
/* Cover the field and append its value without the name. */
void lines_value(struct lines *l, const struct record *r, const struct field *f);
/* The same for a row that is a plain decimal number, on the way of most packets. */
static inline void lines_dec(struct lines *l, const struct record *r, const struct field *f)
{
	if (l->mask) {
		lines_value(l, r, f);
		return;
	}
	lines_cover(l, r, f);
	if (f)
		buf_dec(&l->text, f->v.u);
}
/* Cover the field and append it in upper-case hexadecimal, at least `width` digits. */
static inline void lines_hex(struct lines *l, const struct record *r, const struct field *f,
			     unsigned width)
{
	lines_cover(l, r, f);
	if (f)
		buf_hex_upper(&l->text, f->v.u, width);
}
/* Bit picture of a mask over `bits` bits (4, 8, 16): "..0. ...." with the field's bits, then ' '.
 */
void lines_bits(struct lines *l, uint64_t mask, unsigned bits, uint64_t value);
/* A dashed rule with a title in the middle: 23 + 23 dashes for "IP HEADER". */
void lines_rule(struct lines *l, const char *title);
/*
 * Rows that follow from a few bits alone (flags, a type) are the same again and again: their text
 * is kept, where only text is wanted. `field`, `key` and `more` tell apart all that they depend on.
 * True: they are written. False: write them, then lines_keep().
 */
bool lines_again(struct lines *l, uint16_t field, uint64_t key, uint64_t more);
void lines_keep(struct lines *l);
/*
 * The lines of a record's headers that have a shape (shape.h; r->shape is not NULL): true, they are
 * written. False: write them, then lines_shape_keep(); the record's numbers are to be written in
 * their order, and with the two calls below, which leave them open.
 */
bool lines_shape_again(struct lines *l, const struct record *r);
void lines_shape_keep(struct lines *l, const struct record *r);
/* As lines_dec() and lines_hex() of width 0. */
void lines_open_dec(struct lines *l, const struct record *r, const struct field *f);
void lines_open_hex(struct lines *l, const struct record *r, const struct field *f);
/* Whole generic row "PREFIX: Label: value" (or bit picture and words) for one field. */
void lines_generic(struct lines *l, const struct record *r, const struct layer *layer,
		   const struct field *f);

/* All lines of a packet record: separator, timing (delta since previous packet), layers, data. */
void lines_packet(struct lines *l, const struct record *r, int64_t previous_time);
/* The same, behind what stands there already. */
void lines_append(struct lines *l, const struct record *r, int64_t previous_time);

#endif
