/* SPDX-License-Identifier: GPL-3.0-or-later */
/* lines: the decode column, in the grammar of ipformat. */
#include "tracetutor/lines.h"

#include <glib.h>

#include "tracetutor/pages.h"
#include "tracetutor/shape.h"

#define RULE_WIDTH 57 /* dashes and title of a header's rule, the separator's width */
#define DASHES_13  "-------------"

#define KEPT_BITS 9   /* of the number of places for kept rows: 256 KiB at most */
#define KEPT_MAX  488 /* bytes of text in one of them */

struct kept_rows {
	uint64_t key, more;
	uint16_t field, len; /* len 0: free */
	char text[KEPT_MAX];
};

void lines_init(struct lines *l)
{
	*l = (struct lines){0};
}

void lines_reset(struct lines *l)
{
	buf_reset(&l->text);
	l->n = 0;
}

void lines_release(struct lines *l)
{
	buf_release(&l->text);
	g_free(l->v);
	g_free(l->kept);
	lines_init(l);
}

static struct kept_rows *kept_new(void)
{
	size_t n = 1u << KEPT_BITS;
	struct kept_rows *kept = g_new0(struct kept_rows, n);

	pages_soon(kept, n * sizeof(*kept));
	return kept;
}

bool lines_again(struct lines *l, uint16_t field, uint64_t key, uint64_t more)
{
	uint64_t hash =
		(key ^ more * 0xd6e8feb86659fd93u ^ (uint64_t)field << 48) * 0x9e3779b97f4a7c15u;
	struct kept_rows *k;

	l->keeps = NULL;
	if (!l->plain || l->mask)
		return false;
	if (!l->kept)
		l->kept = kept_new();
	k = &l->kept[hash >> (64 - KEPT_BITS)];
	if (k->len && k->key == key && k->more == more && k->field == field) {
		buf_mem(&l->text, k->text, k->len);
		return true;
	}
	k->len = 0;
	k->key = key;
	k->more = more;
	k->field = field;
	l->keeps = k;
	l->keeps_from = l->text.len;
	return false;
}

void lines_keep(struct lines *l)
{
	size_t n = l->text.len - l->keeps_from;

	if (l->keeps && n <= KEPT_MAX) {
		memcpy(l->keeps->text, l->text.s + l->keeps_from, n);
		l->keeps->len = (uint16_t)n;
	}
	l->keeps = NULL;
}

static void line_begin(struct lines *l, enum line_kind kind, uint8_t layer)
{
	if (l->plain)
		return;
	if (l->n == l->cap) {
		l->cap = l->cap ? l->cap * 2 : 128;
		l->v = g_renew(struct line, l->v, l->cap);
	}
	l->v[l->n++] = (struct line){.kind = kind,
				     .layer = layer,
				     .first = UINT32_MAX,
				     .last = 0,
				     .off = (uint32_t)l->text.len};
}

void lines_prefix(struct lines *l, const char *prefix)
{
	size_t n = 0;

	for (; prefix[n] && n < sizeof(l->prefix) - 2; n++) /* two or three, mostly */
		l->prefix[n] = prefix[n];
	l->prefix[n] = ':';
	l->prefix[n + 1] = ' ';
	l->prefix_len = (uint8_t)(n + 2);
}

void lines_bare(struct lines *l, const struct record *r, const struct layer *layer)
{
	line_begin(l, LINE_ROW, (uint8_t)(layer - r->layers));
}

static void put_value(struct lines *l, const struct record *r, const struct field *f, bool named)
{
	lines_cover(l, r, f);
	if (!f || (l->mask && l->mask->value(l->mask, &l->text, r, f)))
		return;
	if (named)
		field_named_text(&l->text, r, f);
	else
		field_value_text(&l->text, r, f);
}

void lines_field(struct lines *l, const struct record *r, const struct field *f)
{
	put_value(l, r, f, true);
}

void lines_value(struct lines *l, const struct record *r, const struct field *f)
{
	put_value(l, r, f, false);
}

void lines_bits(struct lines *l, uint64_t mask, unsigned bits, uint64_t value)
{
	static const char dots[] = ".... .... .... .... .... .... .... .... "
				   ".... .... .... .... .... .... .... .... ";
	const size_t n = bits + bits / 4;
	char *to = buf_room(&l->text, sizeof(dots));

	memcpy(to, dots, 16);
	if (n > 16)
		memcpy(to + 16, dots + 16, sizeof(dots) - 16);
	value = mask ? value << __builtin_ctzll(mask) : value;
	for (uint64_t rest = mask; rest; rest &= rest - 1) {
		unsigned bit = (unsigned)__builtin_ctzll(rest), at = bits - 1 - bit;

		if (bit < bits)
			to[at + at / 4] = value >> bit & 1 ? '1' : '0';
	}
	buf_added(&l->text, n);
}

void lines_rule(struct lines *l, const char *title)
{
	size_t n = strlen(title), side = n + 2 < RULE_WIDTH ? (RULE_WIDTH - 2 - n) / 2 : 1;
	char *to;

	line_begin(l, LINE_RULE, 0);
	to = buf_room(&l->text, 2 * side + n + 2);
	memset(to, '-', side);
	to[side] = ' ';
	memcpy(to + side + 1, title, n);
	to[side + 1 + n] = ' ';
	memset(to + side + n + 2, '-', side);
	buf_added(&l->text, 2 * side + n + 2);
	lines_end(l);
}

static void generic_row(struct lines *l, const struct record *r, const struct layer *layer,
			const struct field *f)
{
	const struct field_def *d = def_of(f);

	lines_row(l, r, layer);
	if (f->depth > 1)
		buf_fill(&l->text, ' ', 2 * (f->depth - 1u));
	if (d->mask && (d->flags & ROW_SUB)) {
		lines_bits(l, d->mask, f->len * 8, f->v.u);
		lines_str(l, d->label);
		lines_str(l, d->type == FT_BOOLEAN ? " " : ": ");
	} else {
		lines_str(l, d->label);
		lines_str(l, field_value_class(d->type) == VALUE_NONE ? "" : ": ");
	}
	lines_field(l, r, f);
	if (f->flags & FIELD_SNAPPED)
		lines_str(l, " (cut off: the capture kept only the start of this packet)");
	if (f->flags & FIELD_MALFORMED)
		lines_str(l, " (these bytes break the format)");
	lines_end(l);
}

void lines_generic(struct lines *l, const struct record *r, const struct layer *layer,
		   const struct field *f)
{
	/* Small numbers, types and flags come again; what else the row depends on is in the key. */
	bool small = field_value_class(def_of(f)->type) == VALUE_UNSIGNED && f->v.u <= UINT16_MAX &&
		     f->len <= 8;
	uint64_t key = f->v.u | (uint64_t)f->flags << 16 | (uint64_t)f->depth << 24 |
		       (uint64_t)f->len << 32 | (uint64_t)layer->proto << 40;

	if (small && lines_again(l, f->id, key, 0))
		return;
	generic_row(l, r, layer, f);
	if (small)
		lines_keep(l);
}

/* One line a field, under the layer's rule. */
static void generic_lines(struct lines *l, const struct record *r, const struct layer *layer)
{
	if (proto_table[layer->proto]->header)
		lines_rule(l, proto_table[layer->proto]->header);
	for (uint32_t i = layer->first + 1; i < layer->end; i++)
		if (!(r->fields[i].flags & FIELD_HIDDEN) && &r->layers[r->fields[i].layer] == layer)
			lines_generic(l, r, layer, &r->fields[i]);
}

static void layer_lines(struct lines *l, const struct record *r, const struct layer *layer)
{
	const struct proto_def *p = proto_table[layer->proto];
	uint32_t start = l->n;

	lines_prefix(l, p->prefix);
	if (p->lines)
		p->lines(l, r, layer);
	else
		generic_lines(l, r, layer);
	/* The first rule says the layer itself: explanations of the protocol stand there. */
	for (uint32_t i = start; i < l->n; i++) {
		if (l->v[i].kind != LINE_RULE)
			continue;
		l->v[i].layer = (uint8_t)(layer - r->layers);
		l->v[i].first = l->v[i].last = layer->first;
		break;
	}
}

/* The field that says the packet's number. */
static const struct field *frame_number(const struct record *r)
{
	for (uint32_t i = 0; i < r->nfields && FIELD_PROTO(r->fields[i].id) == PROTO_frame; i++)
		if (r->fields[i].v.u == r->number &&
		    !strcmp(def_of(&r->fields[i])->name, "frame.number"))
			return &r->fields[i];
	return NULL;
}

/* "------ #:14 ------" and "Delta Time: 0.885sec Packet Length: 53 bytes (35 hex)". */
static void head_lines(struct lines *l, const struct record *r, int64_t previous_time)
{
	uint32_t length = r->frame->original;

	/* What a compressed header stood for is the packet; its own line gives the length on the
	 * wire. */
	for (unsigned i = 0; i < r->nlayers; i++)
		if (r->layers[i].source && r->layers[i].proto == PROTO_ip &&
		    record_has_proto(r, PROTO_vj))
			length = r->sources[r->layers[i].source].reported;
	line_begin(l, LINE_HEAD, 0);
	lines_str(l, DASHES_13 DASHES_13 " #:");
	buf_dec(&l->text, r->number);
	lines_str(l, " " DASHES_13 DASHES_13);
	lines_cover(l, r, frame_number(r));
	lines_end(l);
	line_begin(l, LINE_HEAD, 0);
	lines_str(l, "Delta Time: ");
	buf_seconds(&l->text, r->time - previous_time, 3);
	lines_str(l, "sec  Packet Length: ");
	buf_dec(&l->text, length);
	lines_str(l, " bytes (");
	buf_hex_upper(&l->text, length, 0);
	lines_str(l, " hex)");
	for (uint32_t i = 0;
	     !l->plain && i < r->nfields && FIELD_PROTO(r->fields[i].id) == PROTO_frame; i++)
		lines_cover(l, r, &r->fields[i]);
	lines_end(l);
}

/* Where in the payload shown as hex a field begins; -1 if it does not begin there. */
static int64_t begin_in_payload(const struct record *r, const struct field *f)
{
	int64_t at;

	if (!f->len || f->depth == 0 || (f->flags & FIELD_HIDDEN))
		return -1;
	if (f->source == r->flow.psource)
		return (int64_t)f->off - r->flow.poff;
	if (f->source != r->payload.source)
		return -1;
	/* Bytes carried over from earlier packets are not in this one: what began there is shown at
	 * the first byte. */
	at = (int64_t)f->off - r->sources[f->source].carried;
	return at < 0 ? 0 : at;
}

/* The hex row may hide bytes one by one when a mask is at work. */
static void masked_row(struct lines *l, const struct record *r, uint32_t row, uint32_t n)
{
	size_t start = l->text.len, bytes_at;
	const uint8_t *p = r->sources[r->flow.psource].bytes + r->flow.poff;

	buf_hex_row(&l->text, row, p + row, n);
	bytes_at = l->text.len - n - 2 - 16 * 3;
	for (uint32_t i = 0; i < n; i++) {
		if (l->mask->bytes(l->mask, r, r->flow.psource, r->flow.poff + row + i, 1))
			continue;
		memset(l->text.s + bytes_at + 3 * i + 1, '*', 2);
		l->text.s[l->text.len - n + i] = '.';
	}
	g_assert(bytes_at > start);
}

/* Rows of the hex dump; each says the fields that begin in it. */
static void hex_lines(struct lines *l, const struct record *r)
{
	const uint8_t *p = r->sources[r->flow.psource].bytes + r->flow.poff;
	uint32_t next = 0;

	while (next < r->nfields && begin_in_payload(r, &r->fields[next]) < 0)
		next++;
	for (uint32_t row = 0; row < r->flow.pcaptured; row += 16) {
		uint32_t n = MIN(r->flow.pcaptured - row, 16u);

		line_begin(l, LINE_HEX, r->nlayers ? (uint8_t)(r->nlayers - 1) : 0);
		if (l->mask)
			masked_row(l, r, row, n);
		else
			buf_hex_row(&l->text, row, p + row, n);
		for (; next < r->nfields; next++) {
			int64_t at = begin_in_payload(r, &r->fields[next]);

			if (at >= (int64_t)row + n)
				break;
			if (at >= 0)
				lines_cover(l, r, &r->fields[next]);
		}
		lines_end(l);
	}
}

static void data_lines(struct lines *l, const struct record *r)
{
	line_begin(l, LINE_RULE, r->nlayers ? (uint8_t)(r->nlayers - 1) : 0);
	lines_str(l, DASHES_13 DASHES_13 "------- DATA " DASHES_13 DASHES_13 "---------");
	lines_end(l);
	if (l->plain && !l->mask)
		buf_hex_dump(&l->text, r->sources[r->flow.psource].bytes + r->flow.poff,
			     r->flow.pcaptured);
	else
		hex_lines(l, r);
	if (r->flow.preported > r->flow.pcaptured) {
		line_begin(l, LINE_ROW, 0);
		buf_dec(&l->text, r->flow.preported - r->flow.pcaptured);
		lines_str(l, " more bytes were sent that the capture does not hold");
		lines_end(l);
	}
}

static void layers_lines(struct lines *l, const struct record *r, unsigned first, unsigned end)
{
	for (unsigned i = first; i < end; i++)
		if (r->layers[i].proto != PROTO_frame)
			layer_lines(l, r, &r->layers[i]);
}

void lines_append(struct lines *l, const struct record *r, int64_t previous_time)
{
	unsigned shaped = r->shape ? SHAPE_LAYERS : 0;

	head_lines(l, r, previous_time);
	if (r->shape && !lines_shape_again(l, r)) {
		layers_lines(l, r, 0, shaped);
		lines_shape_keep(l, r);
	}
	layers_lines(l, r, shaped, r->nlayers);
	if (r->flow.pcaptured)
		data_lines(l, r);
}

void lines_packet(struct lines *l, const struct record *r, int64_t previous_time)
{
	lines_reset(l);
	lines_append(l, r, previous_time);
}
