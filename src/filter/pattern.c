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

struct pattern {
	pcre2_code *code;
	pcre2_match_data *data;
	pcre2_match_context *context;
	struct clue *clues;
	uint32_t nclues;
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

static void keep_clues(struct pattern *p, const uint8_t *text, uint32_t n)
{
	struct clue *all = g_new(struct clue, CLUES_MAX);

	p->nclues = clues_find(text, n, all);
	p->clues = g_renew(struct clue, all, p->nclues);
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
	keep_clues(p, text, n);
	return p;
}

void pattern_free(struct pattern *p)
{
	pcre2_match_context_free(p->context);
	pcre2_match_data_free(p->data);
	pcre2_code_free(p->code);
	g_free(p->clues);
	g_free(p);
}

const struct clue *pattern_clues(const struct pattern *p, uint32_t *n)
{
	*n = p->nclues;
	return p->clues;
}

/* Is its literal there, in any case? */
static bool has_literal(const struct clue *clue, const uint8_t *s, uint32_t n)
{
	const char *literal = (const char *)clue->literal;
	const uint8_t *end = s + n, *small, *large;
	char low = literal[0], up = g_ascii_toupper(low);

	if (n < clue->nliteral)
		return false;
	end -= clue->nliteral - 1;
	small = memchr(s, low, (size_t)(end - s));
	large = low != up ? memchr(s, up, (size_t)(end - s)) : NULL;
	while (small || large) {
		const uint8_t **first = !large || (small && small < large) ? &small : &large;
		const uint8_t *at = *first;

		if (!g_ascii_strncasecmp((const char *)at, literal, clue->nliteral))
			return true;
		*first = memchr(at + 1, *at, (size_t)(end - at - 1));
	}
	return false;
}

bool pattern_match(const struct pattern *p, const uint8_t *bytes, uint32_t n, bool *exhausted)
{
	struct watch watch = {0};
	int rc;

	if (p->nclues == 1 && p->clues->nliteral && !has_literal(p->clues, bytes, n))
		return false;
	pcre2_set_callout(p->context, on_start, &watch);
	rc = pcre2_match(p->code, n ? bytes : (PCRE2_SPTR) "", n, 0, 0, p->data, p->context);
	if (rc < PCRE2_ERROR_PARTIAL)
		*exhausted = true;
	return rc >= 0;
}
