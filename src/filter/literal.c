/* SPDX-License-Identifier: GPL-3.0-or-later */
/* literal: what the user wrote, as a value of the type it is compared with. */
#include "src/filter/tree.h"

uint64_t type_max(enum field_type t)
{
	switch (t) {
	case FT_BOOLEAN: return UINT64_MAX;
	case FT_CHAR:
	case FT_UINT8: return UINT8_MAX;
	case FT_UINT16: return UINT16_MAX;
	case FT_UINT24: return 0xFFFFFF;
	case FT_UINT40: return 0xFFFFFFFFFF;
	case FT_UINT48: return 0xFFFFFFFFFFFF;
	case FT_UINT64: return UINT64_MAX;
	case FT_INT8: return INT8_MAX;
	case FT_INT16: return INT16_MAX;
	case FT_INT32: return INT32_MAX;
	case FT_INT64: return INT64_MAX;
	default: return UINT32_MAX;
	}
}

static bool is_word(const struct node *n, const char *word)
{
	return n->value.n == strlen(word) && !memcmp(n->value.p, word, n->value.n);
}

/* Compare with the name of a value, without regard to case. */
static bool is_name(const struct node *n, const char *name)
{
	return name && strlen(name) == n->value.n &&
	       !g_ascii_strncasecmp(name, (const char *)n->value.p, n->value.n);
}

static const struct field_def *row_of(const struct node *with)
{
	return with->kind == NODE_FIELD ? field_def(with->field) : NULL;
}

static bool named_value(const struct node *n, const struct node *with, uint64_t *u)
{
	const struct field_def *def = row_of(with);
	bool boolean = def && def->type == FT_BOOLEAN;

	if (!def)
		return false;
	for (const struct value_name *v = def->values; v && v->text; v++)
		if (is_name(n, v->text)) {
			*u = v->value;
			return true;
		}
	if (!boolean)
		return false;
	*u = is_name(n, def->on ? def->on : "Set");
	if (!*u && !is_name(n, def->off ? def->off : "Not set"))
		return false;
	return true;
}

/* No such name: say which are known, nearest first. */
static bool unknown_name(struct compile *c, const struct node *n, const struct node *with)
{
	const struct field_def *def = row_of(with);
	char *word = g_strndup((const char *)n->value.p, MIN(n->value.n, 200)), *hint = NULL;
	struct nearest near = NEAREST_INIT(word);

	for (const struct value_name *v = def ? def->values : NULL; v && v->text; v++)
		nearest_offer(&near, v->text);
	if (near.best)
		hint = g_strdup_printf("Did you mean \"%s\"?", near.best);
	else if (def && def->values && def->values->text)
		hint = g_strdup_printf("Write a number, or a name such as \"%s\".",
				       def->values->text);
	compile_fail(c, n->at,
		     hint                    ? hint
		     : n->type == FT_BOOLEAN ? "Write 1 or 0, True or False."
					     : "Write it as 110, 0x6e, 0156 or 0b1101110.",
		     "This is not a number%s%s.", def ? " and not a value of " : "",
		     def ? def->name : "");
	g_free(hint);
	g_free(word);
	return false;
}

/* Does it begin like a number that a name would not? */
static bool looks_numeric(const struct node *n)
{
	return n->literal == LITERAL_WORD && n->value.n && g_ascii_isdigit(n->value.p[0]);
}

/*
 * A minus before a number that is compared with an unsigned field: Wireshark takes the number's bit
 * pattern, so that nothing is below -1. Beside a computed value it is the negative number.
 */
static void apply_minus(struct node *n, enum field_type type, bool plain)
{
	if (!n->negative || !n->value.u)
		return;
	n->value.u = -n->value.u;
	if (plain && type_is_unsigned(type)) {
		if (type_max(type) <= UINT32_MAX)
			n->value.u &= UINT32_MAX;
		return;
	}
	n->value.neg = true;
}

static bool convert_number(struct compile *c, struct node *n, enum field_type type,
			   const struct node *with)
{
	enum number_result got = NUMBER_NONE;
	uint64_t u = 0;

	n->type = type;
	if (n->literal == LITERAL_CHAR) {
		u = n->value.p[0];
		got = NUMBER_OK;
	} else if (type == FT_BOOLEAN && n->literal == LITERAL_WORD &&
		   (is_word(n, "True") || is_word(n, "TRUE") || is_word(n, "False") ||
		    is_word(n, "FALSE"))) {
		u = n->value.p[0] == 'T';
		got = NUMBER_OK;
	} else if (n->literal == LITERAL_WORD) {
		got = number_parse(n->value.p, n->value.n, &u);
	}
	if (got == NUMBER_NONE) {
		if (looks_numeric(n) || !named_value(n, with, &u))
			return unknown_name(c, n, with);
	} else if (got == NUMBER_TOO_BIG || u > type_max(type)) {
		char hint[64];

		g_snprintf(hint, sizeof(hint),
			   "The largest number it can hold is %" G_GUINT64_FORMAT ".",
			   type_max(type));
		return compile_fail(c, n->at, hint, "This number is too big%s%s.",
				    row_of(with) ? " for " : "",
				    row_of(with) ? row_of(with)->name : "");
	}
	n->value = (struct value){.u = type == FT_BOOLEAN ? u != 0 : u, .prefix = FILTER_NO_PREFIX};
	apply_minus(n, type, with->kind == NODE_FIELD);
	return true;
}

static bool refuse_quotes(struct compile *c, const struct node *n, const char *what)
{
	if (n->literal == LITERAL_WORD)
		return true;
	return compile_fail(c, n->at, "Write it without quotation marks.", "%s is expected here.",
			    what);
}

static bool convert_ipv4(struct compile *c, struct node *n)
{
	uint32_t address;
	unsigned prefix;

	if (!refuse_quotes(c, n, "An IPv4 address"))
		return false;
	if (!ipv4_parse(n->value.p, n->value.n, &address, &prefix))
		return compile_fail(c, n->at, "Write it as 192.0.2.1 or 192.0.2.0/24.",
				    "This is not an IPv4 address.");
	if (prefix > 32)
		return compile_fail(c, n->at, NULL, "An IPv4 prefix has at most 32 bits.");
	n->value = (struct value){.u = address, .prefix = (uint8_t)prefix};
	return true;
}

static bool convert_ipv6(struct compile *c, struct node *n)
{
	uint8_t *address = arena_alloc(&c->f->arena, 16);
	unsigned prefix;

	if (!refuse_quotes(c, n, "An IPv6 address"))
		return false;
	if (!ipv6_parse(n->value.p, n->value.n, address, &prefix))
		return compile_fail(c, n->at, "Write it as 2001:db8::1 or 2001:db8::/32.",
				    "This is not an IPv6 address.");
	if (prefix > 128)
		return compile_fail(c, n->at, NULL, "An IPv6 prefix has at most 128 bits.");
	n->value = (struct value){.p = address, .n = 16, .prefix = (uint8_t)prefix};
	return true;
}

/* One number of an object identifier, seven bits a byte (X.690 section 8.19). */
static uint32_t oid_number(uint8_t *to, uint64_t v)
{
	uint32_t n = 1;

	for (uint64_t rest = v >> 7; rest; rest >>= 7)
		n++;
	for (uint32_t i = n; i-- > 0; v >>= 7)
		to[i] = (uint8_t)((v & 0x7F) | (i + 1 < n ? 0x80 : 0));
	return n;
}

/* "1.3.6.1" as it stands in packets; NULL if it is no object identifier. */
static const uint8_t *oid_parse(struct arena *a, const uint8_t *s, uint32_t len, uint32_t *count)
{
	uint8_t *out = arena_alloc(a, (size_t)len * 2 + 1);
	uint64_t v = 0, first = 0;
	uint32_t arcs = 0, n = 0, digits = 0;

	for (uint32_t i = 0; i <= len; i++) {
		if (i < len && s[i] >= '0' && s[i] <= '9' && ++digits < 11) {
			v = v * 10 + (s[i] - '0');
			continue;
		}
		if ((i < len && s[i] != '.') || !digits)
			return NULL;
		if (arcs == 0 && (first = v) > 2)
			return NULL;
		if (arcs > 0)
			n += oid_number(out + n, arcs == 1 ? first * 40 + v : v);
		arcs++;
		v = digits = 0;
	}
	*count = n;
	return arcs > 1 ? out : NULL;
}

static bool convert_bytes(struct compile *c, struct node *n, enum field_type type)
{
	const uint8_t *bytes;
	uint32_t count;

	n->value.prefix = FILTER_NO_PREFIX;
	if (type == FT_ETHER && !refuse_quotes(c, n, "An Ethernet address"))
		return false;
	if (n->literal != LITERAL_WORD)
		return true; /* text and characters are their own bytes */
	bytes = type == FT_OID ? oid_parse(&c->f->arena, n->value.p, n->value.n, &count) : NULL;
	if (!bytes)
		bytes = bytes_parse(&c->f->arena, n->value.p, n->value.n, &count);
	if (!bytes || (type == FT_ETHER && count != 6))
		return compile_fail(c, n->at,
				    type == FT_ETHER ? "Write it as 02:00:5e:10:00:01."
						     : "Write bytes as 50:4f:50, text as \"POP\".",
				    type == FT_ETHER ? "This is not an Ethernet address."
						     : "These are not bytes.");
	n->value.p = bytes;
	n->value.n = count;
	return true;
}

static bool convert_time(struct compile *c, struct node *n, enum field_type type)
{
	int64_t ns;

	if (type == FT_ABSOLUTE_TIME) {
		if (n->negative || !absolute_time_parse(n->value.p, n->value.n, &ns))
			return compile_fail(c, n->at, "Write it as \"2020-07-04 12:34:56\" (UTC).",
					    "This is not a date and time.");
	} else if (!refuse_quotes(c, n, type == FT_DOUBLE ? "A number" : "A number of seconds") ||
		   !relative_time_parse(n->value.p, n->value.n, &ns)) {
		return compile_fail(c, n->at, "Write it as 2 or 0.25.",
				    type == FT_DOUBLE ? "This is not a number."
						      : "This is not a number of seconds.");
	}
	ns = n->negative ? -ns : ns;
	n->value = (struct value){.u = (uint64_t)ns, .neg = ns < 0, .prefix = FILTER_NO_PREFIX};
	return true;
}

bool literal_convert(struct compile *c, struct node *n, enum field_type type,
		     const struct node *with)
{
	bool number = type_is_number(type);

	if (n->literal == LITERAL_CHAR && n->value.n != 1)
		return compile_fail(c, n->at, "Write \"...\" for text of several characters.",
				    "One character belongs between these marks.");
	if (n->negative && !number && !type_is_time(type))
		return compile_fail(c, n->at, NULL, "Only numbers can have a minus sign.");
	n->type = type;
	if (number) {
		if (!convert_number(c, n, type, with))
			return false;
	} else if (type == FT_IPv4) {
		if (!convert_ipv4(c, n))
			return false;
	} else if (type == FT_IPv6) {
		if (!convert_ipv6(c, n))
			return false;
	} else if (type_is_bytes(type)) {
		if (!convert_bytes(c, n, type))
			return false;
	} else if (type_is_time(type)) {
		if (!convert_time(c, n, type))
			return false;
	} else {
		n->value.prefix = FILTER_NO_PREFIX; /* text as it stands */
	}
	n->kind = NODE_CONST;
	return true;
}
