/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * never: conditions that cannot hold whatever the packet says.
 *
 * Only what follows from the fields' types and bit masks: "a == 1 and a == 2" may hold, for a field
 * may occur twice.
 */
#include "src/filter/tree.h"

/* The largest number the field can have; false if that is not known. */
static bool field_limit(const struct node *n, uint64_t *max)
{
	const struct field_def *def;

	if (n->kind != NODE_FIELD || !type_is_unsigned(n->type))
		return false;
	def = field_def(n->field);
	*max = n->type == FT_BOOLEAN ? 1
	       : def->mask           ? def->mask >> __builtin_ctzll(def->mask)
				     : type_max(n->type);
	return true;
}

static bool relation_impossible(const struct node *n)
{
	const struct node *a = n->first, *b = a->next;
	uint64_t max;

	if (b->kind != NODE_CONST)
		return false;
	if (a->kind == NODE_ARITH && a->op == '&' && n->op == REL_EQ && type_is_unsigned(a->type) &&
	    a->last->kind == NODE_CONST)
		return (b->value.u & ~a->last->value.u) != 0;
	if (!field_limit(a, &max))
		return n->op == REL_CONTAINS && !b->value.n;
	switch ((enum relation)n->op) {
	case REL_EQ: return b->value.u > max;
	case REL_LT: return b->value.u == 0;
	case REL_GT: return b->value.u >= max;
	case REL_GE: return b->value.u > max;
	default: return false;
	}
}

static bool set_impossible(const struct node *n)
{
	uint64_t max = UINT64_MAX;
	bool limited = field_limit(n->first, &max);

	for (const struct node *m = n->first->next; m; m = m->next) {
		if (m->kind != NODE_RANGE) {
			if (m->kind != NODE_CONST || !limited || m->value.u <= max)
				return false;
		} else if (m->first->kind != NODE_CONST || m->last->kind != NODE_CONST ||
			   (value_order(m->type, &m->first->value, &m->last->value) <= 0 &&
			    (!limited || m->first->value.u <= max))) {
			return false;
		}
	}
	return true;
}

/* and: never if one never; or: never if all never. The other way round for always. */
static enum verdict join(const struct node *n, enum verdict one)
{
	enum verdict all = one == VERDICT_NEVER ? VERDICT_ALWAYS : VERDICT_NEVER, result = all;

	for (const struct node *child = n->first; child; child = child->next) {
		enum verdict v = node_verdict(child);

		if (v == one)
			return one;
		if (v != all)
			result = VERDICT_OPEN;
	}
	return result;
}

enum verdict node_verdict(const struct node *n)
{
	enum verdict v;

	switch (n->kind) {
	case NODE_AND: return join(n, VERDICT_NEVER);
	case NODE_OR: return join(n, VERDICT_ALWAYS);
	case NODE_NOT:
		v = node_verdict(n->first);
		return v == VERDICT_NEVER    ? VERDICT_ALWAYS
		       : v == VERDICT_ALWAYS ? VERDICT_NEVER
					     : VERDICT_OPEN;
	case NODE_RELATION: return relation_impossible(n) ? VERDICT_NEVER : VERDICT_OPEN;
	case NODE_IN: return set_impossible(n) ? VERDICT_NEVER : VERDICT_OPEN;
	default: return VERDICT_OPEN;
	}
}

bool filter_never(const struct filter *f)
{
	return node_verdict(f->root) == VERDICT_NEVER;
}
