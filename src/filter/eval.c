/* SPDX-License-Identifier: GPL-3.0-or-later */
/* eval: does the condition hold for a record? */
#define _GNU_SOURCE
#include "src/filter/tree.h"

static uint64_t network(uint8_t prefix)
{
	return prefix >= 32 ? UINT32_MAX : prefix ? UINT32_MAX << (32 - prefix) : 0;
}

static int order_u64(uint64_t a, uint64_t b)
{
	return a < b ? -1 : a > b;
}

static int order_ipv6(const struct value *a, const struct value *b)
{
	unsigned bits = MIN(128, MIN(a->prefix, b->prefix)), whole = bits / 8;
	uint8_t mask = bits % 8 ? (uint8_t)(0xFF << (8 - bits % 8)) : 0;
	int order;

	if (a->n != 16 || b->n != 16)
		return order_u64(a->n, b->n);
	order = memcmp(a->p, b->p, whole);
	return order || !mask ? order : (a->p[whole] & mask) - (b->p[whole] & mask);
}

int value_order(enum field_type type, const struct value *a, const struct value *b)
{
	uint32_t n = MIN(a->n, b->n);
	int order;

	if (type == FT_IPv4) {
		uint64_t mask = network(MIN(a->prefix, b->prefix));

		return order_u64(a->u & mask, b->u & mask);
	}
	if (type == FT_IPv6)
		return order_ipv6(a, b);
	if (field_value_class(type) == VALUE_BYTES) {
		if (type_is_bytes(type) && a->n != b->n)
			return order_u64(a->n, b->n); /* as Wireshark: the shorter is less */
		order = n ? memcmp(a->p, b->p, n) : 0;
		return order ? order : order_u64(a->n, b->n);
	}
	if (a->neg != b->neg)
		return a->neg ? -1 : 1;
	return order_u64(a->u, b->u);
}

const uint8_t *bytes_find(const uint8_t *in, size_t n, const uint8_t *what, size_t len)
{
	return len && n >= len ? memmem(in, n, what, len) : NULL;
}

/* A comparison at work: its values, and what came of it. */
struct compare {
	const struct run *run;
	const struct node *n;
	const struct node *member; /* of a set */
	struct value left;
	bool any;    /* there was a pair */
	bool answer; /* known early */
};

static bool order_holds(enum relation op, int order)
{
	switch (op) {
	case REL_EQ: return order == 0;
	case REL_NE: return order != 0;
	case REL_LT: return order < 0;
	case REL_LE: return order <= 0;
	case REL_GT: return order > 0;
	default: return order >= 0;
	}
}

static bool holds(const struct compare *c, const struct value *a, const struct value *b)
{
	enum field_type type = c->n->first->type;

	switch ((enum relation)c->n->op) {
	case REL_CONTAINS: return run_pay(c->run, a->n / 64) && bytes_find(a->p, a->n, b->p, b->n);
	case REL_MATCHES:
		return run_pay(c->run, a->n / 16) &&
		       pattern_match(c->n->pattern, a->p, a->n, &c->run->state->exhausted);
	default: return order_holds((enum relation)c->n->op, value_order(type, a, b));
	}
}

static bool on_pair(void *context, const struct value *right)
{
	struct compare *c = context;
	bool yes = holds(c, &c->left, right);

	c->any = true;
	c->answer = yes;
	return yes != c->n->all; /* any: the first yes; all: the first no */
}

static bool on_compared(void *context, const struct value *left)
{
	struct compare *c = context;
	const struct node *right = c->n->first->next;

	c->left = *left;
	if (right->kind == NODE_CONST)
		return on_pair(c, &right->value);
	return value_each(c->run, right, on_pair, c);
}

/* The most frequent test, written out: a number of the packet beside one of the filter. */
static bool test_number(const struct run *run, const struct node *n)
{
	const struct value *right = &n->first->next->value;
	bool whole = n->first->type != FT_BOOLEAN, is_signed = type_is_signed(n->first->type);
	bool yes = false;
	uint32_t count = 0;

	for (const struct field *f = record_first(run->r, n->first->field); f;
	     f = record_next(run->r, f)) {
		uint64_t u = whole ? f->v.u : f->v.u != 0;
		int order = is_signed ? (f->v.i > (int64_t)right->u) - (f->v.i < (int64_t)right->u)
				      : (u > right->u) - (u < right->u);

		count++;
		yes = order_holds((enum relation)n->op, order);
		if (yes != n->all)
			break;
	}
	return run_pay(run, 1 + count / 16) && yes;
}

static bool test_relation(const struct run *run, const struct node *n)
{
	struct compare c = {.run = run, .n = n};

	if (n->quick)
		return test_number(run, n);
	value_each(run, n->first, on_compared, &c);
	return c.any && c.answer && run->state->steps;
}

/* --- sets --- */

static bool on_equal(void *context, const struct value *v)
{
	struct compare *c = context;

	return value_order(c->n->first->type, &c->left, v) == 0;
}

static bool on_low(void *context, const struct value *v)
{
	struct compare *c = context;

	return value_order(c->n->first->type, &c->left, v) >= 0;
}

static bool on_high(void *context, const struct value *v)
{
	struct compare *c = context;

	return value_order(c->n->first->type, &c->left, v) <= 0;
}

static bool in_set(struct compare *c)
{
	for (const struct node *m = c->n->first->next; m; m = m->next) {
		if (!run_pay(c->run, 1))
			return false;
		if (m->kind == NODE_CONST   ? on_equal(c, &m->value)
		    : m->kind == NODE_RANGE ? value_each(c->run, m->first, on_low, c) &&
						      value_each(c->run, m->last, on_high, c)
					    : value_each(c->run, m, on_equal, c))
			return true;
	}
	return false;
}

static bool on_member(void *context, const struct value *v)
{
	struct compare *c = context;

	c->left = *v;
	c->any = true;
	c->answer = in_set(c);
	return c->answer != c->n->all;
}

static bool test_in(const struct run *run, const struct node *n)
{
	struct compare c = {.run = run, .n = n};

	value_each(run, n->first, on_member, &c);
	return c.any && c.answer && run->state->steps;
}

/* --- presence --- */

/* A field or slice is there; a calculated value must not be zero. */
static bool on_there(void *context, const struct value *v)
{
	const struct node *n = context;

	if (n->kind != NODE_ARITH && n->kind != NODE_NEGATE)
		return true;
	if (!type_is_bytes(n->type))
		return v->u != 0;
	for (uint32_t i = 0; i < v->n; i++)
		if (v->p[i])
			return true;
	return false;
}

static bool test_exists(const struct run *run, const struct node *n)
{
	return value_each(run, n->first, on_there, n->first) && run->state->steps;
}

bool node_test(const struct run *run, const struct node *n)
{
	bool odd = false;

	switch (n->kind) {
	case NODE_AND:
		for (const struct node *child = n->first; child; child = child->next)
			if (!node_test(run, child))
				return false;
		return true;
	case NODE_OR:
		for (const struct node *child = n->first; child; child = child->next)
			if (node_test(run, child))
				return true;
		return false;
	case NODE_XOR:
		for (const struct node *child = n->first; child; child = child->next)
			odd ^= node_test(run, child);
		return odd;
	case NODE_NOT: return !node_test(run, n->first);
	case NODE_EXISTS: return test_exists(run, n);
	case NODE_RELATION: return test_relation(run, n);
	case NODE_IN: return test_in(run, n);
	default: return false;
	}
}
