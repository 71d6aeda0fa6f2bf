/* SPDX-License-Identifier: GPL-3.0-or-later */
/* lex: the words, strings and signs of a filter. */
#include "src/filter/tree.h"

static bool is_digit(uint8_t c)
{
	return c >= '0' && c <= '9';
}

static bool is_word(uint8_t c)
{
	return g_ascii_isalnum(c) || c == '_' || c == '.' || c == ':' || c == '-';
}

static struct token failed(struct compile *c, struct span at, const char *hint, const char *what)
{
	compile_fail(c, at, hint, "%s", what);
	return (struct token){.kind = TOKEN_ERROR, .at = at};
}

/* Digits of a base, at most `max`; returns how many. */
static uint32_t digits(const uint8_t *s, const uint8_t *end, uint32_t max, unsigned base,
		       uint32_t *v)
{
	uint32_t n = 0;

	for (*v = 0; n < max && s + n < end; n++) {
		int d = g_ascii_xdigit_value((char)s[n]);

		if (d < 0 || (unsigned)d >= base)
			break;
		*v = *v * base + (unsigned)d;
	}
	return n;
}

static uint32_t put_utf8(uint8_t *out, uint32_t v)
{
	return (uint32_t)g_unichar_to_utf8(v, (char *)out);
}

/* One escape at s (after the backslash); returns its length, 0 if there is no such escape. */
static uint32_t unescape(const uint8_t *s, const uint8_t *end, uint8_t *out, uint32_t *n)
{
	static const char letters[] = "'\"\\abfnrtv", means[] = "'\"\\\a\b\f\n\r\t\v";
	const char *at = s < end && *s ? strchr(letters, *s) : NULL;
	uint32_t v = 0, used = 0;

	if (at) {
		out[(*n)++] = (uint8_t)means[at - letters];
		return 1;
	}
	if (s < end && (used = digits(s, end, 3, 8, &v)) && v < 256) {
		out[(*n)++] = (uint8_t)v;
		return used;
	}
	if (end - s > 1 && *s == 'x' && (used = digits(s + 1, end, 2, 16, &v))) {
		out[(*n)++] = (uint8_t)v;
		return 1 + used;
	}
	if (end - s > 1 && (*s == 'u' || *s == 'U')) {
		uint32_t want = *s == 'u' ? 4 : 8;

		if (digits(s + 1, end, want, 16, &v) == want && g_unichar_validate(v)) {
			*n += put_utf8(out + *n, v);
			return 1 + want;
		}
	}
	return 0;
}

/* The characters s..end without escapes; raw text keeps its backslashes. */
static bool decode(struct compile *c, const uint8_t *s, const uint8_t *end, bool raw,
		   struct token *token)
{
	/* No escape makes more bytes than it has characters. */
	uint8_t *out = arena_alloc(&c->f->arena, (size_t)(end - s) + 1);

	token->bytes = out;
	while (s < end) {
		uint32_t used;

		if (*s != '\\' || raw) {
			out[token->n++] = *s++;
			continue;
		}
		used = unescape(s + 1, end, out, &token->n);
		if (!used)
			return compile_fail(
				c, (struct span){(uint32_t)(s - (const uint8_t *)c->f->text), 2},
				"Write \\\\ for a backslash itself, or put r before the text: "
				"r\"...\".",
				"This escape is not known.");
		s += 1 + used;
	}
	return true;
}

/* The quoted text from pos, whose first `lead` characters are the quote, or r and the quote. */
static struct token quoted(struct compile *c, uint32_t pos, uint32_t lead)
{
	const char *from = c->f->text + pos + lead, *s = from, quote = s[-1];
	struct token token = {.kind = quote == '"' ? TOKEN_STRING : TOKEN_CHAR};

	while (*s && *s != quote)
		s += *s == '\\' && s[1] ? 2 : 1;
	if (!*s)
		return failed(c, (struct span){pos, lead},
			      quote == '"' ? "Put \" at the end of the text."
					   : "Put ' behind the character.",
			      "The quotation mark is never closed.");
	token.at = (struct span){pos, (uint32_t)(s + 1 - from) + lead};
	if (!decode(c, (const uint8_t *)from, (const uint8_t *)s, lead == 2, &token))
		token.kind = TOKEN_ERROR;
	return token;
}

/* Is it an address, so that a following / belongs to it? */
static bool takes_prefix(const uint8_t *s, uint32_t n)
{
	unsigned dots = 0, colons = 0;

	for (uint32_t i = 0; i < n; i++) {
		dots += s[i] == '.';
		colons += s[i] == ':';
	}
	return colons > 1 || (dots == 3 && is_digit(s[0]));
}

static struct token word(struct compile *c, uint32_t pos)
{
	const uint8_t *s = (const uint8_t *)c->f->text + pos;
	uint32_t n = 0;

	while (is_word(s[n]) && !(s[n] == '.' && s[n + 1] == '.'))
		n++;
	if (s[n] == '/' && is_digit(s[n + 1]) && takes_prefix(s, n))
		for (n++; is_digit(s[n]);)
			n++;
	return (struct token){.kind = TOKEN_WORD, .at = {pos, n}, .bytes = s, .n = n};
}

static struct token sign(struct compile *c, uint32_t pos)
{
	static const char *const longer[] = {
		"!==", "===", "==", "!=", "~=", "<=", ">=", "&&", "||", "^^", ".."};
	const char *s = c->f->text + pos;

	for (size_t i = 0; i < G_N_ELEMENTS(longer); i++) {
		const char *l = longer[i];

		if (g_str_has_prefix(s, l))
			return (struct token){.kind = TOKEN_SIGN,
					      .sign = l[2] ? SIGN3(l[0], l[1], l[2])
							   : SIGN(l[0], l[1]),
					      .at = {pos, (uint32_t)strlen(l)}};
	}
	if (strchr("<>!&+-*/%(){}[],#~", *s))
		return (struct token){.kind = TOKEN_SIGN, .sign = SIGN(0, *s), .at = {pos, 1}};
	if (*s == '=')
		return failed(c, (struct span){pos, 1},
			      "Write == to ask whether two things are equal.",
			      "A single = compares nothing.");
	if (*s == '$')
		return failed(
			c, (struct span){pos, 1},
			"Write the value itself; ${...} needs a packet selected in Wireshark.",
			"References to a selected packet are not known here.");
	if (*s == '|' || *s == '^')
		return failed(c, (struct span){pos, 1}, "Write or (||), xor (^^), and (&&).",
			      "This sign is not known.");
	return failed(c, (struct span){pos, 1}, "Put text in quotation marks: \"...\".",
		      "This character is out of place.");
}

struct token lex(struct compile *c, uint32_t pos)
{
	const char *s = c->f->text;

	while (s[pos] == ' ' || (s[pos] >= '\t' && s[pos] <= '\r'))
		pos++;
	if (pos >= c->len)
		return (struct token){.kind = TOKEN_END, .at = {(uint32_t)c->len, 1}};
	if (s[pos] == '"' || s[pos] == '\'')
		return quoted(c, pos, 1);
	if ((s[pos] == 'r' || s[pos] == 'R') && s[pos + 1] == '"')
		return quoted(c, pos, 2);
	if (is_word((uint8_t)s[pos]) && s[pos] != '-' && !(s[pos] == '.' && s[pos + 1] == '.'))
		return word(c, pos);
	return sign(c, pos);
}
