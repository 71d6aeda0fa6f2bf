/* SPDX-License-Identifier: GPL-3.0-or-later */
/* anchors: what must be in a record for a filter to match it, for the index of rules. */
#include "src/filter/tree.h"

/* The first field that must be there for the value to exist, or FIELD_NONE. */
static uint16_t value_field(const struct node *n)
{
	if (n->kind == NODE_FIELD)
		return n->field;
	if (n->kind == NODE_CALL && n->count > 1)
		return FIELD_NONE; /* max and min: one of them is enough */
	for (const struct node *child = n->first; child; child = child->next) {
		uint16_t field = value_field(child);

		if (field != FIELD_NONE)
			return field;
	}
	return FIELD_NONE;
}

static bool is_exact(const struct node *field, const struct node *value)
{
	return field->kind == NODE_FIELD && value->kind == NODE_CONST &&
	       field_value_class(field->type) == VALUE_UNSIGNED &&
	       (field->type != FT_IPv4 || value->value.prefix >= 32);
}

/* A field whose bytes the relation looks into, as they are. */
static bool is_looked_into(const struct node *n)
{
	const struct node *a = n->first;

	return a->kind == NODE_FIELD && !a->whole && !n->all &&
	       field_value_class(a->type) == VALUE_BYTES;
}

/* The bytes of a clue; false: there are none that help. */
static bool use_clue(const struct clue *clue, struct filter_anchor *out)
{
	if (clue->nliteral >= FILTER_LITERAL_MIN) {
		out->literal = clue->literal;
		out->nliteral = clue->nliteral;
	} else if (clue->run.n) {
		out->run = &clue->run;
	}
	return out->literal || out->run;
}

/* One anchor an alternative of the pattern; 0: one of them tells nothing, or they are too many. */
static size_t anchor_pattern(const struct node *n, struct filter_anchor *out, size_t max)
{
	uint32_t count;
	const struct clue *clues = pattern_clues(n->pattern, &count);

	if (count > max)
		return 0;
	for (uint32_t i = 0; i < count; i++) {
		out[i] = (struct filter_anchor){.field = n->first->field};
		if (!use_clue(&clues[i], &out[i]))
			return 0;
	}
	return count;
}

static size_t anchor_relation(const struct node *n, struct filter_anchor *out, size_t max)
{
	const struct node *a = n->first, *b = a->next;
	uint16_t field = value_field(a);
	size_t count = 0;

	if (field == FIELD_NONE && b)
		field = value_field(b);
	if (field == FIELD_NONE || !max)
		return 0;
	if (n->kind == NODE_RELATION && n->op == REL_MATCHES && is_looked_into(n))
		count = anchor_pattern(n, out, max);
	if (count)
		return count;
	*out = (struct filter_anchor){.field = field};
	if (n->kind == NODE_EXISTS)
		return 1;
	if (n->op == REL_EQ && is_exact(a, b)) {
		out->has_value = true;
		out->value = b->value.u;
	} else if (n->op == REL_CONTAINS && b->kind == NODE_CONST && is_looked_into(n) &&
		   b->value.n >= FILTER_LITERAL_MIN) {
		out->literal = b->value.p;
		out->nliteral = b->value.n;
	}
	return 1;
}

/* A set of single numbers: one anchor each; else presence of the field. */
static size_t anchor_set(const struct node *n, struct filter_anchor *out, size_t max)
{
	const struct node *a = n->first;
	size_t count = 0;
	uint16_t field = value_field(a);

	for (const struct node *m = a->next; m; m = m->next) {
		if (!is_exact(a, m) || count == max) {
			count = 0;
			break;
		}
		out[count++] = (struct filter_anchor){
			.field = a->field, .has_value = true, .value = m->value.u};
	}
	if (count || field == FIELD_NONE || !max)
		return count;
	*out = (struct filter_anchor){.field = field};
	return 1;
}

static size_t anchor_node(const struct node *n, struct filter_anchor *out, size_t max);

/* How much an anchor narrows: a value best, then a literal, a run of sets, a field, last a whole
 * protocol. */
static unsigned worth(const struct filter_anchor *a, size_t n)
{
	unsigned least = 5;

	for (size_t i = 0; i < n; i++)
		least = MIN(least, a[i].has_value          ? 5u
				   : a[i].literal          ? 4u
				   : a[i].run              ? 3u
				   : FIELD_ROW(a[i].field) ? 2u
							   : 1u);
	return n ? least : 0;
}

static size_t anchor_all(const struct node *n, struct filter_anchor *out, size_t max)
{
	struct filter_anchor *trial = g_newa(struct filter_anchor, max ? max : 1);
	size_t best = 0;

	for (const struct node *child = n->first; child; child = child->next) {
		size_t got = anchor_node(child, trial, max);

		if (worth(trial, got) < worth(out, best) || !got ||
		    (best && worth(trial, got) == worth(out, best) && got >= best))
			continue;
		memcpy(out, trial, got * sizeof(*trial));
		best = got;
	}
	return best;
}

static size_t anchor_any(const struct node *n, struct filter_anchor *out, size_t max)
{
	size_t count = 0;

	for (const struct node *child = n->first; child; child = child->next) {
		size_t got = anchor_node(child, out + count, max - count);

		if (!got)
			return 0;
		count += got;
	}
	return count;
}

static size_t anchor_node(const struct node *n, struct filter_anchor *out, size_t max)
{
	switch (n->kind) {
	case NODE_AND: return anchor_all(n, out, max);
	case NODE_OR:
	case NODE_XOR: return anchor_any(n, out, max);
	case NODE_EXISTS:
	case NODE_RELATION: return anchor_relation(n, out, max);
	case NODE_IN: return anchor_set(n, out, max);
	default: return 0;
	}
}

size_t filter_anchors(const struct filter *f, struct filter_anchor *out, size_t max)
{
	return anchor_node(f->root, out, MIN(max, 64));
}

void node_need(const struct node *n, uint64_t need[])
{
	uint16_t field;

	if (n->kind == NODE_AND) {
		for (const struct node *child = n->first; child; child = child->next)
			node_need(child, need);
	} else if (n->kind == NODE_EXISTS || n->kind == NODE_RELATION || n->kind == NODE_IN) {
		field = value_field(n->first);
		if (field != FIELD_NONE)
			need[FIELD_PROTO(field) / 64] |= 1ull << (FIELD_PROTO(field) % 64);
	}
}

static void each_named(const struct node *n, void (*each)(void *, uint16_t), void *context)
{
	if (n->kind == NODE_FIELD)
		each(context, n->field);
	for (const struct node *child = n->first; child; child = child->next)
		each_named(child, each, context);
}

void filter_fields(const struct filter *f, void (*each)(void *context, uint16_t field),
		   void *context)
{
	each_named(f->root, each, context);
}
