/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * parse: the tree of a filter.
 *
 *	test    := any ("or" any)*           any := all ("xor" all)*      all := one ("and" one)*
 *	one     := "not"* ( "(" test ")" | relation )
 *	relation:= ["any"|"all"] value [ ["not"] "in" "{" member ("," member)* "}"
 *	                               | (operator value)* ]
 *	member  := value [".." value]        value := see parse_value.c
 */
#include "src/filter/parse.h"

static struct node *parse_test(struct parser *p);

static const struct {
	unsigned sign;
	const char *word;
	enum relation op;
	bool all;
} relations[] = {
	{SIGN('=', '='), "eq", REL_EQ, false},
	{0, "any_eq", REL_EQ, false},
	{SIGN3('=', '=', '='), "all_eq", REL_EQ, true},
	{SIGN('!', '='), "ne", REL_NE, true},
	{0, "all_ne", REL_NE, true},
	{SIGN3('!', '=', '='), "any_ne", REL_NE, false},
	{SIGN('~', '='), NULL, REL_NE, false},
	{SIGN(0, '<'), "lt", REL_LT, false},
	{SIGN('<', '='), "le", REL_LE, false},
	{SIGN(0, '>'), "gt", REL_GT, false},
	{SIGN('>', '='), "ge", REL_GE, false},
	{0, "contains", REL_CONTAINS, false},
	{SIGN(0, '~'), "matches", REL_MATCHES, false},
};

static struct node *node_copy(struct parser *p, const struct node *from)
{
	struct node *n = arena_copy(&p->c->f->arena, from, sizeof(*from));

	n->first = n->last = n->next = NULL;
	n->count = 0;
	for (const struct node *child = from->first; child; child = child->next)
		parser_adopt(p, n, node_copy(p, child));
	return n;
}

/* The operator at the token, as an empty relation; NULL if there is none. */
static struct node *relation_here(struct parser *p, int quantifier)
{
	for (size_t i = 0; i < G_N_ELEMENTS(relations); i++) {
		struct node *n;

		if (!parser_accept(p, relations[i].sign, relations[i].word))
			continue;
		n = parser_node(p, NODE_RELATION, p->end);
		n->op = (uint8_t)relations[i].op;
		n->all = quantifier ? quantifier > 0 : relations[i].all;
		return n;
	}
	return NULL;
}

/* a < b < c means a < b and b < c. */
static struct node *parse_chain(struct parser *p, struct node *left, int quantifier, uint32_t at)
{
	struct node *n, *right, *chain = NULL;

	while ((n = relation_here(p, quantifier))) {
		right = parse_value(p);
		if (!parser_adopt(p, n, chain ? node_copy(p, left) : left) ||
		    !parser_adopt(p, n, right))
			return NULL;
		n->at.at = chain ? left->at.at : at;
		parser_finish(p, n);
		if (!chain)
			chain = parser_node(p, NODE_AND, at);
		if (!parser_adopt(p, chain, n))
			return NULL;
		left = right;
	}
	if (!chain)
		return NULL;
	return chain->count == 1 ? chain->first : parser_finish(p, chain);
}

static struct node *parse_member(struct parser *p)
{
	struct node *n = parse_value(p), *range;

	if (!n || !parser_accept(p, SIGN('.', '.'), NULL))
		return n;
	range = parser_node(p, NODE_RANGE, n->at.at);
	if (!parser_adopt(p, range, n) || !parser_adopt(p, range, parse_value(p)))
		return NULL;
	return parser_finish(p, range);
}

static struct node *parse_set(struct parser *p, struct node *value, int quantifier, uint32_t at)
{
	struct node *n = parser_node(p, NODE_IN, at);

	n->all = quantifier > 0;
	if (!parser_expect(p, '{', "{ and the values of a set") || !parser_adopt(p, n, value))
		return NULL;
	do {
		if (!parser_adopt(p, n, parse_member(p)))
			return NULL;
	} while (parser_accept(p, SIGN(0, ','), NULL));
	return parser_expect(p, '}', "a comma or }") ? parser_finish(p, n) : NULL;
}

static struct node *negate(struct parser *p, struct node *child, uint32_t at)
{
	struct node *n = parser_node(p, NODE_NOT, at);

	return parser_adopt(p, n, child) ? parser_finish(p, n) : NULL;
}

static struct node *parse_relation(struct parser *p)
{
	uint32_t at = p->t.at.at;
	int quantifier = parser_accept(p, 0, "all") ? 1 : parser_accept(p, 0, "any") ? -1 : 0;
	struct node *left = parse_value(p), *n;

	if (!left)
		return NULL;
	if (parser_accept(p, 0, "in"))
		return parse_set(p, left, quantifier, at);
	if (parser_sees(p, "not")) {
		parser_take(p);
		if (!parser_accept(p, 0, "in"))
			return parser_fail(p, "in");
		return negate(p, parse_set(p, left, quantifier, at), at);
	}
	n = parse_chain(p, left, quantifier, at);
	if (n || p->c->failed)
		return n;
	if (quantifier)
		return parser_fail(p, "a comparison");
	n = parser_node(p, NODE_EXISTS, at);
	return parser_adopt(p, n, left) ? parser_finish(p, n) : NULL;
}

static struct node *parse_one(struct parser *p)
{
	uint32_t at = p->t.at.at;
	bool invert = false;
	struct node *n;

	while (parser_accept(p, SIGN(0, '!'), "not"))
		invert = !invert;
	if (parser_accept(p, SIGN(0, '('), NULL)) {
		if (!parser_enter(p))
			return NULL;
		n = parse_test(p);
		p->depth--;
		if (!n || !parser_expect(p, ')', "and, or, or )"))
			return NULL;
	} else {
		n = parse_relation(p);
	}
	return n && invert ? negate(p, n, at) : n;
}

static const struct {
	enum node_kind kind;
	unsigned sign;
	const char *word;
} joins[] = {
	{NODE_OR, SIGN('|', '|'), "or"},
	{NODE_XOR, SIGN('^', '^'), "xor"},
	{NODE_AND, SIGN('&', '&'), "and"},
};

static struct node *parse_join(struct parser *p, unsigned level)
{
	uint32_t at = p->t.at.at;
	struct node *first, *n = NULL;

	if (level == G_N_ELEMENTS(joins))
		return parse_one(p);
	first = parse_join(p, level + 1);
	while (first && parser_accept(p, joins[level].sign, joins[level].word)) {
		if (!n) {
			n = parser_node(p, joins[level].kind, at);
			if (!parser_adopt(p, n, first))
				return NULL;
		}
		if (!parser_adopt(p, n, parse_join(p, level + 1)))
			return NULL;
	}
	return n ? parser_finish(p, n) : first;
}

static struct node *parse_test(struct parser *p)
{
	return parse_join(p, 0);
}

struct node *parse(struct compile *c)
{
	struct parser p = {.c = c, .t = lex(c, 0)};
	struct node *root;

	if (p.t.kind == TOKEN_END) {
		compile_fail(c, (struct span){0, 1}, "Write for example tcp.flags.reset == 1.",
			     "The filter is empty.");
		return NULL;
	}
	root = parse_test(&p);
	if (root && p.t.kind != TOKEN_END)
		return parser_fail(&p, "and, or, a comparison or the end");
	return c->failed ? NULL : root;
}
