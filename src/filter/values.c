/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * values: the values of an expression in a record, one after the other.
 *
 * A field may occur several times, so every expression has any number of values. Each is handed to
 * a function and is gone when that returns. What has to be made (joined slices, text of numbers)
 * goes into the node's scratch, which keeps its memory. All work is paid for in steps, so that a
 * hostile filter on a hostile packet ends.
 */
#include "src/filter/tree.h"

bool run_pay(const struct run *run, uint32_t cost)
{
	if (run->state->steps < cost) {
		run->state->steps = 0;
		run->state->exhausted = true;
		return false;
	}
	run->state->steps -= cost;
	return true;
}

/* --- fields --- */

/* How often the protocol of that layer has been opened up to it, from 1; *total: in the record. */
static int32_t layer_number(const struct record *r, uint8_t layer, int32_t *total)
{
	int32_t number = 0;

	*total = 0;
	for (uint8_t i = 0; i < r->nlayers; i++)
		if (layer < r->nlayers && r->layers[i].proto == r->layers[layer].proto) {
			++*total;
			number += i <= layer;
		}
	return number;
}

static bool in_layers(const struct record *r, const struct node *n, const struct field *f)
{
	int32_t total, number = layer_number(r, f->layer, &total);

	for (unsigned i = 0; i < n->nranges; i++) {
		const struct range *range = &n->ranges[i];
		int64_t from = range->from < 0 ? (int64_t)range->from + total + 1 : range->from;
		int64_t to = range->to < 0 ? (int64_t)range->to + total + 1 : range->to;

		if (range->kind == RANGE_LENGTH)
			to = from + range->to - 1;
		else if (range->kind == RANGE_REST)
			to = total;
		if (number >= from && number <= to)
			return true;
	}
	return false;
}

/* The bytes of a protocol with all it carries. The link layer holds the frame's trailer, too. */
static uint32_t whole_length(const struct record *r, const struct field *f)
{
	const struct source *s = &r->sources[f->source];
	uint64_t end = (uint64_t)f->off + f->vlen;

	if (f->source >= r->nsources || f->layer >= r->nlayers)
		return f->vlen;
	if (f->layer <= (r->layers[0].proto == PROTO_frame) && !r->layers[f->layer].quoted)
		end = s->captured;
	for (unsigned i = f->layer + 1u; i < r->nlayers; i++)
		if (r->layers[i].source == f->source)
			end = MAX(end, (uint64_t)r->layers[i].off + r->layers[i].len);
	if (r->flow.family && r->flow.psource == f->source && r->flow.poff >= f->off)
		end = MAX(end, (uint64_t)r->flow.poff + r->flow.pcaptured);
	end = MIN(end, s->captured);
	return end > f->off ? (uint32_t)(end - f->off) : 0;
}

static struct value field_value(const struct run *run, const struct node *n, const struct field *f)
{
	struct value v = {.prefix = FILTER_NO_PREFIX};

	switch (field_value_class(n->type)) {
	case VALUE_UNSIGNED: v.u = n->type == FT_BOOLEAN ? f->v.u != 0 : f->v.u; break;
	case VALUE_SIGNED:
		v.u = f->v.u;
		v.neg = f->v.i < 0;
		break;
	case VALUE_BYTES:
		v.p = f->v.p;
		v.n = n->whole ? whole_length(run->r, f) : f->vlen;
		break;
	case VALUE_NONE: break;
	}
	return v;
}

static bool each_field(const struct run *run, const struct node *n, value_fn *fn, void *context)
{
	const struct record *r = run->r;

	for (const struct field *f = record_first(r, n->field); f; f = record_next(r, f)) {
		struct value v;

		if (!run_pay(run, 1))
			return true;
		if (n->nranges && !in_layers(r, n, f))
			continue;
		v = field_value(run, n, f);
		if (fn(context, &v))
			return true;
	}
	return false;
}

/* --- made values --- */

/* What the functions below carry while the values of a part are walked. */
struct make {
	const struct run *run;
	const struct node *n;
	value_fn *fn;
	void *context;
	struct value left; /* arithmetic: the left value; max, min: the best so far */
	uint32_t count;
};

static bool cut(const struct range *range, uint32_t n, uint32_t *from, uint32_t *len)
{
	int64_t start = range->from < 0 ? (int64_t)n + range->from : range->from;
	int64_t to = range->to < 0 ? (int64_t)n + range->to : range->to;
	int64_t size = range->kind == RANGE_REST     ? n - start
		       : range->kind == RANGE_LENGTH ? range->to
						     : to - start + 1;

	if (start < 0 || size <= 0 || start + size > n)
		return false;
	*from = (uint32_t)start;
	*len = (uint32_t)size;
	return true;
}

static bool on_slice(void *context, const struct value *in)
{
	struct make *m = context;
	struct value v = *in;
	uint8_t address[4];
	uint32_t from, len;

	if (m->n->first->type == FT_IPv4) {
		for (unsigned i = 0; i < 4; i++)
			address[i] = (uint8_t)(in->u >> (24 - 8 * i));
		v = (struct value){.p = address, .n = 4, .prefix = FILTER_NO_PREFIX};
	}
	if (m->n->nranges == 1) {
		if (!cut(m->n->ranges, v.n, &from, &len))
			return false;
		v.p += from;
		v.n = len;
		return m->fn(m->context, &v);
	}
	buf_reset(m->n->scratch);
	for (unsigned i = 0; i < m->n->nranges; i++) {
		if (!cut(&m->n->ranges[i], v.n, &from, &len) ||
		    m->n->scratch->len + len > FILTER_MAX_SLICE)
			return false;
		if (!run_pay(m->run, len / 64))
			return true;
		buf_mem(m->n->scratch, v.p + from, len);
	}
	v.p = (const uint8_t *)m->n->scratch->s;
	v.n = (uint32_t)m->n->scratch->len;
	return m->fn(m->context, &v);
}

static bool mask_bytes(const struct node *n, const struct value *a, const struct value *b,
		       struct value *out)
{
	uint32_t len = MIN(a->n, b->n);
	char *p;

	buf_reset(n->scratch);
	p = buf_room(n->scratch, len);
	for (uint32_t i = 0; i < len; i++)
		p[i] = (char)(a->p[i] & b->p[i]);
	*out = (struct value){.p = (const uint8_t *)p, .n = len, .prefix = FILTER_NO_PREFIX};
	return true;
}

static __int128 wide(const struct value *v)
{
	return v->neg ? (__int128)(int64_t)v->u : (__int128)v->u;
}

/* False: the result does not fit, or a division by zero; then there is no value. */
static bool calculate(const struct node *n, const struct value *a, const struct value *b,
		      struct value *out)
{
	__int128 x = wide(a), y = wide(b), result;
	uint64_t most = type_is_unsigned(n->type) && type_max(n->type) <= UINT32_MAX ? UINT32_MAX
			: type_is_unsigned(n->type)                                  ? UINT64_MAX
										     : INT64_MAX;

	if (n->op == '&' && type_is_bytes(n->type))
		return mask_bytes(n, a, b, out);
	if ((n->op == '/' || n->op == '%') && !y)
		return false;
	switch (n->op) {
	case '+': result = x + y; break;
	case '-': result = x - y; break;
	case '*': result = x * y; break;
	case '/': result = x / y; break;
	case '%': result = x % y; break;
	default: result = x & y; break;
	}
	*out = (struct value){.u = (uint64_t)result, .neg = result < 0, .prefix = FILTER_NO_PREFIX};
	return result <= (__int128)most && result >= INT64_MIN;
}

static bool on_right(void *context, const struct value *right)
{
	struct make *m = context;
	struct value v;

	return calculate(m->n, &m->left, right, &v) && m->fn(m->context, &v);
}

static bool on_left(void *context, const struct value *left)
{
	struct make *m = context;

	m->left = *left;
	return value_each(m->run, m->n->first->next, on_right, m);
}

static bool on_negate(void *context, const struct value *in)
{
	struct make *m = context;
	struct value v = *in;

	v.u = -v.u;
	v.neg = v.u && !in->neg;
	return m->fn(m->context, &v);
}

static bool on_count(void *context, const struct value *in)
{
	struct make *m = context;

	(void)in;
	m->count++;
	return false;
}

static bool on_extreme(void *context, const struct value *in)
{
	struct make *m = context;
	int order = m->count++ ? value_order(m->n->type, in, &m->left) : 0;

	if (m->count == 1 || (m->n->op == FN_MAX ? order > 0 : order < 0))
		m->left = *in;
	return false;
}

static uint32_t value_size(const struct node *arg, const struct value *v)
{
	if (field_value_class(arg->type) == VALUE_BYTES)
		return v->n;
	switch (arg->type) {
	case FT_CHAR:
	case FT_UINT8:
	case FT_INT8: return 1;
	case FT_UINT16:
	case FT_INT16: return 2;
	case FT_UINT24: return 3;
	case FT_UINT40: return 5;
	case FT_UINT48: return 6;
	case FT_UINT64:
	case FT_INT64: return 8;
	default: return 4;
	}
}

static void write_text(struct buf *out, enum field_type type, const struct value *v)
{
	if (type == FT_IPv4)
		buf_ipv4(out, (uint32_t)v->u);
	else if (type == FT_IPv6)
		buf_ipv6(out, v->p);
	else if (type == FT_ETHER)
		buf_hex_bytes(out, v->p, v->n, ':');
	else if (v->neg)
		buf_sdec(out, (int64_t)v->u);
	else
		buf_dec(out, v->u);
}

static bool on_call(void *context, const struct value *in)
{
	struct make *m = context;
	struct value v = *in;

	if (m->n->op == FN_LEN) {
		v = (struct value){.u = value_size(m->n->first, in), .prefix = FILTER_NO_PREFIX};
	} else if (m->n->op == FN_ABS) {
		v.u = in->neg ? -in->u : in->u;
		v.neg = false;
	} else {
		if (!run_pay(m->run, in->n / 16))
			return true;
		buf_reset(m->n->scratch);
		if (m->n->op == FN_STRING)
			write_text(m->n->scratch, m->n->first->type, in);
		for (uint32_t i = 0; i < in->n && m->n->op != FN_STRING; i++) {
			char c = (char)in->p[i];

			buf_char(m->n->scratch,
				 m->n->op == FN_UPPER ? g_ascii_toupper(c) : g_ascii_tolower(c));
		}
		v.p = (const uint8_t *)buf_text(m->n->scratch);
		v.n = (uint32_t)m->n->scratch->len;
	}
	return m->fn(m->context, &v);
}

/* count, max and min: one value of all. */
static bool each_fold(struct make *m)
{
	for (const struct node *arg = m->n->first; arg; arg = arg->next)
		if (value_each(m->run, arg, m->n->op == FN_COUNT ? on_count : on_extreme, m))
			return true;
	if (!m->count)
		return false;
	if (m->n->op == FN_COUNT)
		m->left = (struct value){.u = m->count, .prefix = FILTER_NO_PREFIX};
	return m->fn(m->context, &m->left);
}

bool value_each(const struct run *run, const struct node *n, value_fn *fn, void *context)
{
	struct make m = {.run = run, .n = n, .fn = fn, .context = context};

	switch (n->kind) {
	case NODE_FIELD: return each_field(run, n, fn, context);
	case NODE_CONST: return fn(context, &n->value);
	case NODE_SLICE: return value_each(run, n->first, on_slice, &m);
	case NODE_ARITH: return value_each(run, n->first, on_left, &m);
	case NODE_NEGATE: return value_each(run, n->first, on_negate, &m);
	case NODE_CALL:
		if (n->op == FN_COUNT || n->op == FN_MAX || n->op == FN_MIN)
			return each_fold(&m);
		return value_each(run, n->first, on_call, &m);
	default: return false;
	}
}
