/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * pattern: regular expressions that cannot hurt.
 *
 * PCRE2 with limits on steps, depth and heap. Its step limit counts anew for each place where the
 * match may begin, so a callout at the pattern's start counts these places and looks at the clock.
 * The text is matched as bytes, without regard to case, as Wireshark does.
 */
#define _GNU_SOURCE
#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <time.h>

#include "src/filter/tree.h"

#define DEPTH_LIMIT 20000
#define HEAP_KIB    4096
#define BUDGET_NS   20000000 /* CPU time of one match */
#define LOOK_EVERY  16       /* starting places between two looks at the clock */
#define PATTERN_MAX 8192     /* characters */
#define LEAD        "(?C1)(?:"
#define LITERAL_MAX 64

struct pattern {
	pcre2_code *code;
	pcre2_match_data *data;
	pcre2_match_context *context;
	char literal[LITERAL_MAX + 1]; /* in small letters; must be there, whatever else */
	uint32_t nliteral;
};

struct watch {
	int64_t until; /* 0: not yet looked */
	unsigned starts;
};

static int64_t cpu_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static int on_start(pcre2_callout_block *block, void *data)
{
	struct watch *w = data;

	(void)block;
	if (++w->starts % LOOK_EVERY)
		return 0;
	if (!w->until)
		w->until = cpu_ns() + BUDGET_NS;
	else if (cpu_ns() > w->until)
		return PCRE2_ERROR_MATCHLIMIT;
	return 0;
}

/*
 * The longest run of plain characters that every match holds. Only for patterns without anything
 * that could make it optional: no |, no options, no \Q; groups and classes are skipped over.
 */
static uint32_t skip_class(const uint8_t *s, uint32_t n, uint32_t i)
{
	i++;
	if (i < n && s[i] == '^')
		i++;
	if (i < n && s[i] == ']')
		i++;
	for (; i < n && s[i] != ']'; i++)
		i += s[i] == '\\';
	return i;
}

static void literal_keep(struct pattern *p, const uint8_t *run, uint32_t n)
{
	if (n <= p->nliteral || n > LITERAL_MAX)
		return;
	for (uint32_t i = 0; i < n; i++)
		p->literal[i] = g_ascii_tolower((char)run[i]);
	p->nliteral = n;
}

static bool is_plain(uint8_t c)
{
	return g_ascii_isalnum(c) || strchr(" _@,;:=<>/%&'\"!~`-", c);
}

static void find_literal(struct pattern *p, const uint8_t *s, uint32_t n)
{
	uint32_t from = 0, depth = 0;

	if (memchr(s, '|', n) || memchr(s, 0, n) || bytes_find(s, n, (const uint8_t *)"(?", 2) ||
	    bytes_find(s, n, (const uint8_t *)"\\Q", 2))
		return;
	for (uint32_t i = 0; i < n; i++) {
		if (is_plain(s[i]) && !depth)
			continue;
		/* A quantifier belongs to the last character before it. */
		if (!depth && i > from)
			literal_keep(p, s + from, i - from - (strchr("?*{+", s[i]) ? 1 : 0));
		depth += s[i] == '(';
		depth -= s[i] == ')' && depth;
		if (s[i] == '[')
			i = skip_class(s, n, i);
		else if (s[i] == '{')
			while (i + 1 < n && s[i] != '}')
				i++;
		else if (s[i] == '\\')
			return; /* \d{2}, \x41, \cA ...: keep what was found so far */
		from = i + 1;
	}
	if (!depth && n > from)
		literal_keep(p, s + from, n - from);
}

static pcre2_code *compile_text(const char *text, size_t n, int *error, size_t *at)
{
	pcre2_code *code;
	pcre2_compile_context *cc = pcre2_compile_context_create(NULL);

	pcre2_set_parens_nest_limit(cc, FILTER_MAX_DEPTH);
	code = pcre2_compile((PCRE2_SPTR)text, n, PCRE2_CASELESS | PCRE2_NEVER_UTF, error, at, cc);
	pcre2_compile_context_free(cc);
	return code;
}

/* The pattern as it is compiled: with the callout in front. */
static struct pattern *build(const uint8_t *text, uint32_t n, int *error, size_t *at)
{
	struct pattern *p;
	GString *whole;
	pcre2_code *code = compile_text((const char *)text, n, error, at); /* for the message */

	if (!code)
		return NULL;
	pcre2_code_free(code);
	whole = g_string_new(LEAD);
	g_string_append_len(whole, (const char *)text, n);
	g_string_append_c(whole, ')');
	code = compile_text(whole->str, whole->len, error, at);
	g_string_free(whole, TRUE);
	*at = 0;
	if (!code)
		return NULL;
	p = g_new0(struct pattern, 1);
	p->code = code;
	return p;
}

struct pattern *pattern_new(const uint8_t *text, uint32_t n, char message[128], uint32_t *at)
{
	struct pattern *p;
	size_t offset = 0;
	int error;

	*at = 0;
	if (n > PATTERN_MAX) {
		g_strlcpy(message, "it is too long", 128);
		return NULL;
	}
	p = build(text, n, &error, &offset);
	if (!p) {
		pcre2_get_error_message(error, (PCRE2_UCHAR *)message, 128);
		*at = (uint32_t)offset;
		return NULL;
	}
	p->data = pcre2_match_data_create(1, NULL);
	p->context = pcre2_match_context_create(NULL);
	pcre2_set_match_limit(p->context, FILTER_MATCH_LIMIT);
	pcre2_set_depth_limit(p->context, DEPTH_LIMIT);
	pcre2_set_heap_limit(p->context, HEAP_KIB);
	find_literal(p, text, n);
	return p;
}

void pattern_free(struct pattern *p)
{
	pcre2_match_context_free(p->context);
	pcre2_match_data_free(p->data);
	pcre2_code_free(p->code);
	g_free(p);
}

const uint8_t *pattern_literal(const struct pattern *p, uint32_t *n)
{
	*n = p->nliteral;
	return (const uint8_t *)p->literal;
}

/* Is the literal there, in any case? */
static bool has_literal(const struct pattern *p, const uint8_t *s, uint32_t n)
{
	const uint8_t *end = s + n, *small, *large;
	char low = p->literal[0], up = g_ascii_toupper(low);

	if (n < p->nliteral)
		return false;
	end -= p->nliteral - 1;
	small = memchr(s, low, (size_t)(end - s));
	large = low != up ? memchr(s, up, (size_t)(end - s)) : NULL;
	while (small || large) {
		const uint8_t **first = !large || (small && small < large) ? &small : &large;
		const uint8_t *at = *first;

		if (!g_ascii_strncasecmp((const char *)at, p->literal, p->nliteral))
			return true;
		*first = memchr(at + 1, *at, (size_t)(end - at - 1));
	}
	return false;
}

bool pattern_match(const struct pattern *p, const uint8_t *bytes, uint32_t n, bool *exhausted)
{
	struct watch watch = {0};
	int rc;

	if (p->nliteral && !has_literal(p, bytes, n))
		return false;
	pcre2_set_callout(p->context, on_start, &watch);
	rc = pcre2_match(p->code, n ? bytes : (PCRE2_SPTR) "", n, 0, 0, p->data, p->context);
	if (rc < PCRE2_ERROR_PARTIAL)
		*exhausted = true;
	return rc >= 0;
}
