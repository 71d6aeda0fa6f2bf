/* SPDX-License-Identifier: GPL-3.0-or-later */
/* check: fields, types and constants of a parsed filter. */
#include "src/filter/tree.h"

#define TYPE_UNKNOWN ((enum field_type)FT_TYPE_COUNT) /* nothing to compare a literal with */

static const char *const functions[] = {
	[FN_LEN] = "len",       [FN_COUNT] = "count", [FN_UPPER] = "upper", [FN_LOWER] = "lower",
	[FN_STRING] = "string", [FN_MAX] = "max",     [FN_MIN] = "min",     [FN_ABS] = "abs"};

enum function function_named(const uint8_t *name, uint32_t n)
{
	for (unsigned i = 0; i < G_N_ELEMENTS(functions); i++)
		if (strlen(functions[i]) == n && !memcmp(functions[i], name, n))
			return (enum function)i;
	return FN_NONE;
}

const char *function_name(enum function fn)
{
	return functions[fn];
}

static const char *type_words(enum field_type t)
{
	if (t == FT_BOOLEAN)
		return "yes or no";
	if (type_is_number(t))
		return "a number";
	if (field_type_is_text(t))
		return "text";
	switch (t) {
	case FT_PROTOCOL: return "a protocol (bytes)";
	case FT_NONE: return "only there or not there";
	case FT_IPv4: return "an IPv4 address";
	case FT_IPv6: return "an IPv6 address";
	case FT_ETHER: return "an Ethernet address";
	case FT_ABSOLUTE_TIME: return "a date and time";
	case FT_RELATIVE_TIME: return "a number of seconds";
	case FT_DOUBLE: return "a number with a fraction";
	default: return "bytes";
	}
}

static void own_scratch(struct compile *c, struct node *n)
{
	n->scratch = g_new0(struct buf, 1);
	g_ptr_array_add(c->f->scratch, n->scratch);
}

static bool check_value(struct compile *c, struct node *n, enum field_type want,
			const struct node *with);

static bool unknown_field(struct compile *c, const struct node *n)
{
	char *word = g_strndup((const char *)n->value.p, MIN(n->value.n, 200)), *hint = NULL;
	const char *near = n->literal == LITERAL_WORD ? field_nearest(word) : NULL;

	if (near)
		hint = g_strdup_printf("Did you mean %s?", near);
	else if (n->literal != LITERAL_WORD || g_ascii_isdigit(*word))
		hint = g_strdup("A condition begins with a field, as in tcp.port == 110.");
	else if (strchr(word, '-'))
		hint = g_strdup("Put blanks around the minus sign.");
	compile_fail(c, n->at, hint, "A field is expected here, and this is none.");
	g_free(hint);
	g_free(word);
	return false;
}

/* Only literals below: its type comes from what it is compared with. */
static bool is_literal(const struct node *n)
{
	if (n->kind == NODE_LITERAL)
		return true;
	if (n->kind != NODE_ARITH && n->kind != NODE_NEGATE)
		return false;
	for (const struct node *child = n->first; child; child = child->next)
		if (!is_literal(child))
			return false;
	return true;
}

static bool can_calculate(uint8_t op, enum field_type t)
{
	if (op == '&')
		return (type_is_number(t) && t != FT_BOOLEAN) || t == FT_IPv4 || type_is_bytes(t);
	if (type_is_fraction(t))
		return op == '+' || op == '-';
	return type_is_number(t) && t != FT_BOOLEAN;
}

static bool comparable(enum field_type a, enum field_type b)
{
	return a == b || (type_is_number(a) && type_is_number(b)) ||
	       (field_type_is_text(a) && field_type_is_text(b)) ||
	       (type_is_bytes(a) && type_is_bytes(b));
}

static bool refuse_pair(struct compile *c, const struct node *a, const struct node *b)
{
	char *hint = g_strdup_printf("The left side is %s, this is %s.", type_words(a->type),
				     type_words(b->type));

	compile_fail(c, b->at, hint, "These two cannot be put together.");
	g_free(hint);
	return false;
}

static bool check_arith(struct compile *c, struct node *n, enum field_type want)
{
	struct node *a = n->first, *b = a->next;
	bool literal = is_literal(a);

	if (literal && is_literal(b)) {
		if (!check_value(c, a, want, n) || !check_value(c, b, want, n))
			return false;
	} else if (literal) {
		if (!check_value(c, b, TYPE_UNKNOWN, NULL) || !check_value(c, a, b->type, b))
			return false;
	} else if (!check_value(c, a, TYPE_UNKNOWN, NULL) || !check_value(c, b, a->type, a)) {
		return false;
	}
	n->type = literal ? b->type : a->type;
	if (!comparable(a->type, b->type))
		return refuse_pair(c, a, b);
	if (!can_calculate(n->op, n->type))
		return compile_fail(c, n->at, NULL, "%c cannot be used with %s.", n->op,
				    type_words(n->type));
	if (type_is_bytes(n->type)) {
		n->type = FT_BYTES;
		own_scratch(c, n);
	}
	return true;
}

static bool check_slice(struct compile *c, struct node *n)
{
	enum field_type t;

	if (!check_value(c, n->first, TYPE_UNKNOWN, NULL))
		return false;
	t = n->first->type;
	if (!field_type_is_text(t) && !type_is_bytes(t) && t != FT_IPv4 && t != FT_IPv6)
		return compile_fail(c, n->at, "Slices are taken from bytes, text and addresses.",
				    "This is %s: it has no bytes to choose from.", type_words(t));
	n->type = FT_BYTES;
	own_scratch(c, n);
	return true;
}

/* Arguments of max and min: one type, literals take it. */
static bool check_extreme(struct compile *c, struct node *n)
{
	const struct node *typed = n->first;

	while (typed && is_literal(typed))
		typed = typed->next;
	if (!typed)
		return compile_fail(c, n->at, NULL, "%s needs at least one field.",
				    functions[n->op]);
	if (!check_value(c, (struct node *)typed, TYPE_UNKNOWN, NULL))
		return false;
	n->type = typed->type;
	if (!type_is_number(n->type) && !type_is_time(n->type) && n->type != FT_IPv4)
		return compile_fail(c, typed->at, NULL, "%s takes numbers and times.",
				    functions[n->op]);
	for (struct node *arg = n->first; arg; arg = arg->next) {
		if (!check_value(c, arg, n->type, n))
			return false;
		if (!comparable(typed->type, arg->type))
			return refuse_pair(c, typed, arg);
	}
	return true;
}

static bool check_argument(struct compile *c, struct node *n, bool fits, const char *takes)
{
	return fits ||
	       compile_fail(c, n->first->at, NULL, "%s() takes %s.", functions[n->op], takes);
}

static bool check_call(struct compile *c, struct node *n)
{
	struct node *arg = n->first;
	enum field_type t;

	if (n->op == FN_MAX || n->op == FN_MIN)
		return check_extreme(c, n);
	if (arg->next)
		return compile_fail(c, arg->next->at, NULL, "%s() takes one argument.",
				    functions[n->op]);
	if (!check_value(c, arg, TYPE_UNKNOWN, NULL))
		return false;
	t = arg->type;
	n->type = n->op == FN_LEN || n->op == FN_COUNT ? FT_UINT32 : t;
	switch ((enum function)n->op) {
	case FN_COUNT: return check_argument(c, n, arg->kind == NODE_FIELD, "a field");
	case FN_LEN: return check_argument(c, n, t != FT_NONE, "a field that has a value");
	case FN_ABS:
		return check_argument(c, n,
				      (type_is_number(t) && t != FT_BOOLEAN) || type_is_fraction(t),
				      "a number");
	case FN_STRING:
		own_scratch(c, n);
		n->type = FT_STRING;
		return check_argument(c, n,
				      (type_is_number(t) && t != FT_BOOLEAN) || t == FT_IPv4 ||
					      t == FT_IPv6 || t == FT_ETHER,
				      "a number or an address");
	default: own_scratch(c, n); return check_argument(c, n, field_type_is_text(t), "text");
	}
}

static bool check_value(struct compile *c, struct node *n, enum field_type want,
			const struct node *with)
{
	switch (n->kind) {
	case NODE_FIELD: n->type = field_def(n->field)->type; return true;
	case NODE_CONST: return true;
	case NODE_LITERAL:
		return want == TYPE_UNKNOWN ? unknown_field(c, n)
					    : literal_convert(c, n, want, with);
	case NODE_SLICE: return check_slice(c, n);
	case NODE_ARITH: return check_arith(c, n, want);
	case NODE_NEGATE:
		if (!check_value(c, n->first, want, with))
			return false;
		n->type = n->first->type;
		return can_calculate('-', n->type) ||
		       compile_fail(c, n->at, NULL, "Only numbers can have a minus sign.");
	case NODE_CALL: return check_call(c, n);
	default: return false;
	}
}

/* contains and matches see a protocol with what it carries. */
static bool check_search(struct compile *c, struct node *n)
{
	struct node *a = n->first, *b = a->next;
	const char *word = n->op == REL_CONTAINS ? "contains" : "matches";

	if (!field_type_is_text(a->type) && !type_is_bytes(a->type))
		return compile_fail(
			c, a->at,
			type_is_number(a->type) ? "Compare it with ==, < or >, or write "
						  "string(...)."
						: "Compare it with ==, < or >.",
			"%s searches text and bytes; this is %s.", word, type_words(a->type));
	a->whole = a->type == FT_PROTOCOL;
	if (n->op == REL_CONTAINS)
		return check_value(c, b, type_is_bytes(a->type) ? FT_BYTES : a->type, a) &&
		       (comparable(a->type, b->type) || refuse_pair(c, a, b));
	if (b->kind != NODE_LITERAL || b->literal != LITERAL_STRING)
		return compile_fail(c, b->at, "Write it as \"...\".",
				    "matches needs a pattern in quotation marks.");
	return literal_convert(c, b, FT_STRING, a);
}

static bool check_pattern(struct compile *c, struct node *n)
{
	const struct node *b = n->first->next;
	char message[128];
	uint32_t at;

	n->pattern = pattern_new(b->value.p, b->value.n, message, &at);
	if (n->pattern) {
		g_ptr_array_add(c->f->patterns, n->pattern);
		return true;
	}
	/* Escapes make the place in the text unsure: point at it only without them. */
	if (at <= b->value.n && b->value.n + 2 == b->at.len)
		return compile_fail(c, (struct span){b->at.at + 1 + at, 1}, NULL,
				    "The pattern cannot be read: %s.", message);
	return compile_fail(c, b->at, NULL, "The pattern cannot be read: %s.", message);
}

/* The left side must say the type. */
static bool check_left(struct compile *c, struct node *a)
{
	if (is_literal(a) && a->kind != NODE_LITERAL)
		return compile_fail(c, a->at, "Write the field first, as in tcp.len > 10.",
				    "A field is expected on the left side.");
	return check_value(c, a, TYPE_UNKNOWN, NULL);
}

static bool refuse_presence(struct compile *c, const struct node *a)
{
	return compile_fail(c, a->at, "Write its name alone to ask whether it is there.",
			    "This field has no value to compare.");
}

static bool check_relation(struct compile *c, struct node *n)
{
	struct node *a = n->first, *b = a->next;

	if (!check_left(c, a))
		return false;
	if (a->type == FT_NONE)
		return refuse_presence(c, a);
	if (n->op == REL_CONTAINS || n->op == REL_MATCHES)
		return check_search(c, n) && (n->op == REL_CONTAINS || check_pattern(c, n));
	if (!check_value(c, b, a->type, a))
		return false;
	n->quick = a->kind == NODE_FIELD && !a->nranges && type_is_number(a->type) &&
		   b->kind == NODE_CONST;
	return comparable(a->type, b->type) || refuse_pair(c, a, b);
}

static bool check_set(struct compile *c, struct node *n)
{
	struct node *a = n->first;

	if (!check_left(c, a))
		return false;
	if (a->type == FT_NONE)
		return refuse_presence(c, a);
	for (struct node *m = a->next; m; m = m->next) {
		struct node *low = m->kind == NODE_RANGE ? m->first : m;

		m->type = a->type;
		for (struct node *v = low; v; v = m->kind == NODE_RANGE ? v->next : NULL) {
			if (!check_value(c, v, a->type, a))
				return false;
			if (!comparable(a->type, v->type))
				return refuse_pair(c, a, v);
		}
	}
	return true;
}

static bool check_exists(struct compile *c, struct node *n)
{
	struct node *a = n->first;

	if (!check_left(c, a))
		return false;
	if (a->kind == NODE_CALL)
		return compile_fail(c, a->at, "Compare it, as in len(tcp) > 20.",
				    "A function is always there.");
	return true;
}

bool check(struct compile *c, struct node *n)
{
	switch (n->kind) {
	case NODE_RELATION: return check_relation(c, n);
	case NODE_IN: return check_set(c, n);
	case NODE_EXISTS: return check_exists(c, n);
	default:
		for (struct node *child = n->first; child; child = child->next)
			if (!check(c, child))
				return false;
		return true;
	}
}
