/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * parse: the tree of a filter.
 *
 *	test    := any ("or" any)*           any := all ("xor" all)*      all := one ("and" one)*
 *	one     := "not"* ( "(" test ")" | relation )
 *	relation:= ["any"|"all"] sum [ ["not"] "in" "{" member ("," member)* "}" | (operator sum)* ]
 *	member  := sum [".." sum]
 *	sum     := product (("+"|"-") product)*     product := mask (("*"|"/"|"%") mask)*
 *	a value & another binds looser than + and -; signs and brackets bind tightest.
 */
#include "src/filter/tree.h"

struct parser {
	struct compile *c;
	struct token t; /* not yet used */
	unsigned depth; /* open brackets */
	uint32_t end;   /* where the last used token ended */
};

static struct node *parse_test(struct parser *p);
static struct node *parse_value(struct parser *p);

static void take(struct parser *p)
{
	p->end = p->t.at.at + p->t.at.len;
	p->t = lex(p->c, p->end);
}

static bool is_sign(const struct parser *p, unsigned sign)
{
	return p->t.kind == TOKEN_SIGN && p->t.sign == sign;
}

static bool is_word(const struct parser *p, const char *word)
{
	return p->t.kind == TOKEN_WORD && p->t.n == strlen(word) &&
	       !memcmp(p->t.bytes, word, p->t.n);
}

/* Use the token if it is the sign or the word (either may be 0 or NULL). */
static bool accept(struct parser *p, unsigned sign, const char *word)
{
	if (!(sign && is_sign(p, sign)) && !(word && is_word(p, word)))
		return false;
	take(p);
	return true;
}

static struct node *fail_here(struct parser *p, const char *expected)
{
	char *hint = NULL;

	if (p->t.kind == TOKEN_ERROR)
		return NULL;
	if (p->t.kind == TOKEN_WORD && p->t.n < 5) {
		char *low = g_ascii_strdown((const char *)p->t.bytes, p->t.n);

		if (!strcmp(low, "and") || !strcmp(low, "or") || !strcmp(low, "not"))
			hint = g_strdup_printf("Write %s in small letters.", low);
		g_free(low);
	}
	if (p->t.kind == TOKEN_END)
		compile_fail(p->c, p->t.at, NULL, "The filter ends where %s is expected.",
			     expected);
	else
		compile_fail(p->c, p->t.at, hint, "Here %s is expected.", expected);
	g_free(hint);
	return NULL;
}

static bool expect(struct parser *p, char sign, const char *name)
{
	if (accept(p, SIGN(0, sign), NULL))
		return true;
	fail_here(p, name);
	return false;
}

static struct node *node_new(struct parser *p, enum node_kind kind, uint32_t at)
{
	struct node *n = arena_zero(&p->c->f->arena, sizeof(*n));

	n->kind = kind;
	n->at.at = at;
	n->field = FIELD_NONE;
	n->depth = 1;
	return n;
}

/* The node's text ends where the last used token ended. */
static struct node *finish(struct parser *p, struct node *n)
{
	n->at.len = p->end - n->at.at;
	return n;
}

/* False if the child is NULL or the tree gets too deep. */
static bool adopt(struct parser *p, struct node *n, struct node *child)
{
	if (!child)
		return false;
	if (child->depth >= FILTER_MAX_DEPTH)
		return compile_fail(p->c, child->at, "Split the condition into simpler ones.",
				    "The filter is nested too deeply.");
	n->depth = MAX(n->depth, (uint8_t)(child->depth + 1));
	if (n->last)
		n->last->next = child;
	else
		n->first = child;
	n->last = child;
	n->count++;
	return true;
}

static bool enter(struct parser *p)
{
	if (p->depth++ < FILTER_MAX_DEPTH)
		return true;
	return compile_fail(p->c, p->t.at, "Split the condition into simpler ones.",
			    "The filter is nested too deeply.");
}

/* --- slices and layers --- */

static bool parse_int(const char **s, int32_t *out)
{
	bool minus = **s == '-';
	int64_t v = 0;

	*s += minus;
	if (!g_ascii_isdigit(**s))
		return false;
	for (; g_ascii_isdigit(**s) && v < INT32_MAX; (*s)++)
		v = v * 10 + (**s - '0');
	*out = (int32_t)(minus ? -MIN(v, INT32_MAX) : MIN(v, INT32_MAX));
	return !g_ascii_isdigit(**s);
}

static void blanks(const char **s)
{
	while (**s == ' ' || **s == '\t')
		(*s)++;
}

/* "i", "i:j", "i-j", ":j", "i:"; false if it is none of these. */
static bool parse_range(const char **s, struct range *r)
{
	bool from;

	blanks(s);
	from = parse_int(s, &r->from);
	blanks(s);
	if (**s == ':') {
		(*s)++;
		blanks(s);
		r->kind = RANGE_LENGTH;
		if (!from)
			r->from = 0;
		if (from && (**s == ']' || **s == ','))
			r->kind = RANGE_REST;
		else if (!parse_int(s, &r->to))
			return false;
	} else if (**s == '-' && from) {
		(*s)++;
		blanks(s);
		r->kind = RANGE_TO;
		if (!parse_int(s, &r->to))
			return false;
	} else {
		*r = (struct range){.kind = RANGE_LENGTH, .from = r->from, .to = 1};
		if (!from)
			return false;
	}
	blanks(s);
	return **s == ']' || **s == ',';
}

static bool range_sane(struct compile *c, const struct range *r, struct span at)
{
	if (r->kind == RANGE_LENGTH && r->to <= 0)
		return compile_fail(c, at, NULL, "A length is at least 1.");
	if (r->kind == RANGE_TO && ((r->from < 0) != (r->to < 0) || r->from >= r->to))
		return compile_fail(c, at,
				    "Write [1-2] for the second and third byte, [1:2] for "
				    "two bytes from the second on.",
				    "The last position must stand behind the first.");
	return true;
}

/* The ranges between [ (the current token) and ]. */
static bool parse_ranges(struct parser *p, struct node *n)
{
	const char *text = p->c->f->text, *s = text + p->t.at.at + 1;
	struct range ranges[FILTER_MAX_RANGES];

	do {
		const char *start = s;

		if (n->nranges == FILTER_MAX_RANGES)
			return compile_fail(p->c, p->t.at, NULL, "At most %d slices can be joined.",
					    FILTER_MAX_RANGES);
		if (!parse_range(&s, &ranges[n->nranges]))
			return compile_fail(
				p->c,
				(struct span){(uint32_t)(start - text), (uint32_t)(s - start)},
				"Write [start:length], [first-last], [start], [:length] or "
				"[start:].",
				"These are not positions.");
		if (!range_sane(p->c, &ranges[n->nranges++],
				(struct span){(uint32_t)(start - text), (uint32_t)(s - start)}))
			return false;
	} while (*s++ == ',');
	n->ranges = arena_copy(&p->c->f->arena, ranges, n->nranges * sizeof(*ranges));
	p->t.at.len = (uint32_t)(s - text) - p->t.at.at;
	take(p);
	return true;
}

static bool parse_layers(struct parser *p, struct node *n)
{
	struct range one = {.kind = RANGE_LENGTH, .to = 1};
	uint64_t number;

	if (n->kind != NODE_FIELD)
		return compile_fail(p->c, p->t.at, "Write it as ip.addr#1.",
				    "Layers can only be chosen for fields.");
	take(p);
	if (is_sign(p, SIGN(0, '[')))
		return parse_ranges(p, n);
	if (p->t.kind != TOKEN_WORD || number_parse(p->t.bytes, p->t.n, &number) != NUMBER_OK ||
	    number > 1000) {
		fail_here(p, "the number of a layer (#1) or a range (#[1-2])");
		return false;
	}
	one.from = (int32_t)number;
	n->ranges = arena_copy(&p->c->f->arena, &one, sizeof(one));
	n->nranges = 1;
	take(p);
	return true;
}

/* --- values --- */

static struct node *parse_call(struct parser *p, enum function fn)
{
	struct node *n = node_new(p, NODE_CALL, p->t.at.at);

	n->op = fn;
	take(p);
	if (!enter(p) || !expect(p, '(', "("))
		return NULL;
	do {
		if (!adopt(p, n, parse_value(p)))
			return NULL;
	} while (accept(p, SIGN(0, ','), NULL));
	p->depth--;
	return expect(p, ')', ")") ? finish(p, n) : NULL;
}

static struct node *parse_literal(struct parser *p)
{
	struct node *n = node_new(p, NODE_LITERAL, p->t.at.at);
	const uint8_t *s = p->t.bytes;
	uint32_t len = p->t.n;

	n->literal = p->t.kind == TOKEN_STRING ? LITERAL_STRING
		     : p->t.kind == TOKEN_CHAR ? LITERAL_CHAR
					       : LITERAL_WORD;
	if (n->literal == LITERAL_WORD) {
		bool field = len > 1 && s[0] == '.';

		n->forced = len > 1 && s[0] == ':' && s[1] != ':';
		s += field || n->forced;
		len -= field || n->forced;
		if (!n->forced)
			n->field = field_find((const char *)s, len);
		if (n->field != FIELD_NONE)
			n->kind = NODE_FIELD;
	}
	n->value = (struct value){.p = s, .n = len};
	take(p);
	return finish(p, n);
}

static bool is_reserved(const struct parser *p)
{
	static const char *const words[] = {"and",      "or",      "not",        "xor",    "in",
					    "eq",       "ne",      "lt",         "le",     "gt",
					    "ge",       "any_eq",  "all_eq",     "any_ne", "all_ne",
					    "contains", "matches", "bitwise_and"};

	for (size_t i = 0; i < G_N_ELEMENTS(words); i++)
		if (is_word(p, words[i]))
			return true;
	return false;
}

static struct node *parse_atom(struct parser *p)
{
	struct node *n;

	if (accept(p, SIGN(0, '{'), NULL)) {
		if (!enter(p))
			return NULL;
		n = parse_value(p);
		p->depth--;
		return n && expect(p, '}', "}") ? n : NULL;
	}
	if (p->t.kind == TOKEN_WORD && !is_reserved(p)) {
		enum function fn = function_named(p->t.bytes, p->t.n);

		if (fn != FN_NONE && p->c->f->text[p->t.at.at + p->t.at.len] == '(')
			return parse_call(p, fn);
		return parse_literal(p);
	}
	if (p->t.kind == TOKEN_STRING || p->t.kind == TOKEN_CHAR)
		return parse_literal(p);
	return fail_here(p, "a field, a value or a function");
}

static struct node *parse_signed(struct parser *p)
{
	uint32_t at = p->t.at.at;
	bool minus = false;
	struct node *n, *outer;

	for (;;) {
		if (accept(p, SIGN(0, '-'), NULL))
			minus = !minus;
		else if (!accept(p, SIGN(0, '+'), NULL))
			break;
	}
	n = parse_atom(p);
	if (n && is_sign(p, SIGN(0, '#')) && !parse_layers(p, n))
		return NULL;
	while (n && is_sign(p, SIGN(0, '['))) {
		outer = node_new(p, NODE_SLICE, n->at.at);
		if (!adopt(p, outer, n) || !parse_ranges(p, outer))
			return NULL;
		n = finish(p, outer);
	}
	if (!n || !minus)
		return n;
	if (n->kind == NODE_LITERAL && n->literal == LITERAL_WORD) {
		n->negative = !n->negative;
		n->at.at = at;
		return finish(p, n);
	}
	outer = node_new(p, NODE_NEGATE, at);
	return adopt(p, outer, n) ? finish(p, outer) : NULL;
}

/* Operators of one level of binding, loosest first; a left-associative chain each. */
static const char *const levels[] = {"&", "+-", "*/%"};

static uint8_t level_operator(const struct parser *p, unsigned level)
{
	if (level == 0 && is_word(p, "bitwise_and"))
		return '&';
	if (p->t.kind == TOKEN_SIGN && p->t.sign < 256 && strchr(levels[level], (int)p->t.sign))
		return (uint8_t)p->t.sign;
	return 0;
}

static struct node *parse_level(struct parser *p, unsigned level)
{
	struct node *left;
	uint8_t op;

	if (level == G_N_ELEMENTS(levels))
		return parse_signed(p);
	left = parse_level(p, level + 1);
	while (left && (op = level_operator(p, level))) {
		struct node *n = node_new(p, NODE_ARITH, left->at.at);

		n->op = op;
		take(p);
		if (!adopt(p, n, left) || !adopt(p, n, parse_level(p, level + 1)))
			return NULL;
		left = finish(p, n);
	}
	return left;
}

static struct node *parse_value(struct parser *p)
{
	return parse_level(p, 0);
}

/* --- tests --- */

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
		adopt(p, n, node_copy(p, child));
	return n;
}

/* The operator at the token, as an empty relation; NULL if there is none. */
static struct node *relation_here(struct parser *p, int quantifier)
{
	for (size_t i = 0; i < G_N_ELEMENTS(relations); i++) {
		struct node *n;

		if (!accept(p, relations[i].sign, relations[i].word))
			continue;
		n = node_new(p, NODE_RELATION, p->end);
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
		if (!adopt(p, n, chain ? node_copy(p, left) : left) || !adopt(p, n, right))
			return NULL;
		n->at.at = chain ? left->at.at : at;
		finish(p, n);
		if (!chain)
			chain = node_new(p, NODE_AND, at);
		if (!adopt(p, chain, n))
			return NULL;
		left = right;
	}
	if (!chain)
		return NULL;
	return chain->count == 1 ? chain->first : finish(p, chain);
}

static struct node *parse_member(struct parser *p)
{
	struct node *n = parse_value(p), *range;

	if (!n || !accept(p, SIGN('.', '.'), NULL))
		return n;
	range = node_new(p, NODE_RANGE, n->at.at);
	if (!adopt(p, range, n) || !adopt(p, range, parse_value(p)))
		return NULL;
	return finish(p, range);
}

static struct node *parse_set(struct parser *p, struct node *value, int quantifier, uint32_t at)
{
	struct node *n = node_new(p, NODE_IN, at);

	n->all = quantifier > 0;
	if (!expect(p, '{', "{ and the values of a set") || !adopt(p, n, value))
		return NULL;
	do {
		if (!adopt(p, n, parse_member(p)))
			return NULL;
	} while (accept(p, SIGN(0, ','), NULL));
	return expect(p, '}', "a comma or }") ? finish(p, n) : NULL;
}

static struct node *negate(struct parser *p, struct node *child, uint32_t at)
{
	struct node *n = node_new(p, NODE_NOT, at);

	return adopt(p, n, child) ? finish(p, n) : NULL;
}

static struct node *parse_relation(struct parser *p)
{
	uint32_t at = p->t.at.at;
	int quantifier = accept(p, 0, "all") ? 1 : accept(p, 0, "any") ? -1 : 0;
	struct node *left = parse_value(p), *n;

	if (!left)
		return NULL;
	if (accept(p, 0, "in"))
		return parse_set(p, left, quantifier, at);
	if (is_word(p, "not")) {
		take(p);
		if (!accept(p, 0, "in"))
			return fail_here(p, "in");
		return negate(p, parse_set(p, left, quantifier, at), at);
	}
	n = parse_chain(p, left, quantifier, at);
	if (n || p->c->failed)
		return n;
	if (quantifier)
		return fail_here(p, "a comparison");
	n = node_new(p, NODE_EXISTS, at);
	return adopt(p, n, left) ? finish(p, n) : NULL;
}

static struct node *parse_one(struct parser *p)
{
	uint32_t at = p->t.at.at;
	bool invert = false;
	struct node *n;

	while (accept(p, SIGN(0, '!'), "not"))
		invert = !invert;
	if (accept(p, SIGN(0, '('), NULL)) {
		if (!enter(p))
			return NULL;
		n = parse_test(p);
		p->depth--;
		if (!n || !expect(p, ')', "and, or, or )"))
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
	while (first && accept(p, joins[level].sign, joins[level].word)) {
		if (!n) {
			n = node_new(p, joins[level].kind, at);
			if (!adopt(p, n, first))
				return NULL;
		}
		if (!adopt(p, n, parse_join(p, level + 1)))
			return NULL;
	}
	return n ? finish(p, n) : first;
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
		return fail_here(&p, "and, or, a comparison or the end");
	return c->failed ? NULL : root;
}
