/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * parse_value: the values of a filter: fields, literals, functions, slices, arithmetic.
 *
 *	value   := sum ("&" sum)*
 *	sum     := product (("+"|"-") product)*
 *	product := signed (("*"|"/"|"%") signed)*
 *	signed  := ("-"|"+")* ( field ["#" layer] | literal | call | "{" value "}" ) slice*
 */
#include "src/filter/parse.h"

void parser_take(struct parser *p)
{
	p->end = p->t.at.at + p->t.at.len;
	p->t = lex(p->c, p->end);
}

bool parser_sees_sign(const struct parser *p, unsigned sign)
{
	return p->t.kind == TOKEN_SIGN && p->t.sign == sign;
}

bool parser_sees(const struct parser *p, const char *word)
{
	return p->t.kind == TOKEN_WORD && p->t.n == strlen(word) &&
	       !memcmp(p->t.bytes, word, p->t.n);
}

bool parser_accept(struct parser *p, unsigned sign, const char *word)
{
	if (!(sign && parser_sees_sign(p, sign)) && !(word && parser_sees(p, word)))
		return false;
	parser_take(p);
	return true;
}

struct node *parser_fail(struct parser *p, const char *expected)
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

bool parser_expect(struct parser *p, char sign, const char *name)
{
	if (parser_accept(p, SIGN(0, sign), NULL))
		return true;
	parser_fail(p, name);
	return false;
}

struct node *parser_node(struct parser *p, enum node_kind kind, uint32_t at)
{
	struct node *n = arena_zero(&p->c->f->arena, sizeof(*n));

	n->kind = kind;
	n->at.at = at;
	n->field = FIELD_NONE;
	n->depth = 1;
	return n;
}

struct node *parser_finish(struct parser *p, struct node *n)
{
	n->at.len = p->end - n->at.at;
	return n;
}

bool parser_adopt(struct parser *p, struct node *n, struct node *child)
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

bool parser_enter(struct parser *p)
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
	parser_take(p);
	return true;
}

static bool parse_layers(struct parser *p, struct node *n)
{
	struct range one = {.kind = RANGE_LENGTH, .to = 1};
	uint64_t number;

	if (n->kind != NODE_FIELD)
		return compile_fail(p->c, p->t.at, "Write it as ip.addr#1.",
				    "Layers can only be chosen for fields.");
	parser_take(p);
	if (parser_sees_sign(p, SIGN(0, '[')))
		return parse_ranges(p, n);
	if (p->t.kind != TOKEN_WORD || number_parse(p->t.bytes, p->t.n, &number) != NUMBER_OK ||
	    number > 1000) {
		parser_fail(p, "the number of a layer (#1) or a range (#[1-2])");
		return false;
	}
	one.from = (int32_t)number;
	n->ranges = arena_copy(&p->c->f->arena, &one, sizeof(one));
	n->nranges = 1;
	parser_take(p);
	return true;
}

/* --- values --- */

static struct node *parse_call(struct parser *p, enum function fn)
{
	struct node *n = parser_node(p, NODE_CALL, p->t.at.at);

	n->op = fn;
	parser_take(p);
	if (!parser_enter(p) || !parser_expect(p, '(', "("))
		return NULL;
	do {
		if (!parser_adopt(p, n, parse_value(p)))
			return NULL;
	} while (parser_accept(p, SIGN(0, ','), NULL));
	p->depth--;
	return parser_expect(p, ')', ")") ? parser_finish(p, n) : NULL;
}

static struct node *parse_literal(struct parser *p)
{
	struct node *n = parser_node(p, NODE_LITERAL, p->t.at.at);
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
	parser_take(p);
	return parser_finish(p, n);
}

static bool is_reserved(const struct parser *p)
{
	static const char *const words[] = {"and",      "or",      "not",        "xor",    "in",
					    "eq",       "ne",      "lt",         "le",     "gt",
					    "ge",       "any_eq",  "all_eq",     "any_ne", "all_ne",
					    "contains", "matches", "bitwise_and"};

	for (size_t i = 0; i < G_N_ELEMENTS(words); i++)
		if (parser_sees(p, words[i]))
			return true;
	return false;
}

static struct node *parse_atom(struct parser *p)
{
	struct node *n;

	if (parser_accept(p, SIGN(0, '{'), NULL)) {
		if (!parser_enter(p))
			return NULL;
		n = parse_value(p);
		p->depth--;
		return n && parser_expect(p, '}', "}") ? n : NULL;
	}
	if (p->t.kind == TOKEN_WORD && !is_reserved(p)) {
		enum function fn = function_named(p->t.bytes, p->t.n);

		if (fn != FN_NONE && p->c->f->text[p->t.at.at + p->t.at.len] == '(')
			return parse_call(p, fn);
		return parse_literal(p);
	}
	if (p->t.kind == TOKEN_STRING || p->t.kind == TOKEN_CHAR)
		return parse_literal(p);
	return parser_fail(p, "a field, a value or a function");
}

static struct node *parse_signed(struct parser *p)
{
	uint32_t at = p->t.at.at;
	bool minus = false;
	struct node *n, *outer;

	for (;;) {
		if (parser_accept(p, SIGN(0, '-'), NULL))
			minus = !minus;
		else if (!parser_accept(p, SIGN(0, '+'), NULL))
			break;
	}
	n = parse_atom(p);
	if (n && parser_sees_sign(p, SIGN(0, '#')) && !parse_layers(p, n))
		return NULL;
	while (n && parser_sees_sign(p, SIGN(0, '['))) {
		outer = parser_node(p, NODE_SLICE, n->at.at);
		if (!parser_adopt(p, outer, n) || !parse_ranges(p, outer))
			return NULL;
		n = parser_finish(p, outer);
	}
	if (!n || !minus)
		return n;
	if (n->kind == NODE_LITERAL && n->literal == LITERAL_WORD) {
		n->negative = !n->negative;
		n->at.at = at;
		return parser_finish(p, n);
	}
	outer = parser_node(p, NODE_NEGATE, at);
	return parser_adopt(p, outer, n) ? parser_finish(p, outer) : NULL;
}

/* Operators of one level of binding, loosest first; a left-associative chain each. */
static const char *const levels[] = {"&", "+-", "*/%"};

static uint8_t level_operator(const struct parser *p, unsigned level)
{
	if (level == 0 && parser_sees(p, "bitwise_and"))
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
		struct node *n = parser_node(p, NODE_ARITH, left->at.at);

		n->op = op;
		parser_take(p);
		if (!parser_adopt(p, n, left) || !parser_adopt(p, n, parse_level(p, level + 1)))
			return NULL;
		left = parser_finish(p, n);
	}
	return left;
}

struct node *parse_value(struct parser *p)
{
	return parse_level(p, 0);
}
