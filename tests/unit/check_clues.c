/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * clues: what patterns are known to need is an aid to speed, never a change of meaning.
 *
 * "(?=)" in front of a pattern changes nothing but that its clues are not looked for, so the two
 * can be held against each other.
 */
#define _GNU_SOURCE
#include "unit.h"

#include <glib.h>

#include "tracetutor/filter.h"

#define FIELD    "pop.response.description"
#define PATTERNS 4000
#define SUBJECTS 40

/* NULL: it is no pattern. */
static struct filter *matching(const char *before, const char *pattern)
{
	char *escaped = g_strescape(pattern, NULL);
	char *text = g_strdup_printf(FIELD " matches \"%s%s\"", before, escaped);
	struct diag d = DIAG_INIT;
	struct filter *f = filter_compile(text, NULL, &d);

	diag_release(&d);
	g_free(text);
	g_free(escaped);
	return f;
}

static bool has_literal(const struct filter_anchor *a, const char *s, size_t n)
{
	for (size_t i = 0; i + a->nliteral <= n; i++)
		if (!g_ascii_strncasecmp(s + i, (const char *)a->literal, a->nliteral))
			return true;
	return false;
}

static bool run_at(const struct byte_run *run, const char *s)
{
	for (uint32_t k = 0; k < run->n; k++)
		if (!byte_set_has(&run->sets[k], (uint8_t)s[k]))
			return false;
	return true;
}

static bool has_run(const struct byte_run *run, const char *s, size_t n)
{
	for (size_t i = 0; i + run->n <= n; i++)
		if (run_at(run, s + i))
			return true;
	return false;
}

/* Would the index let the rule meet a field with that text? */
static bool is_met(const struct filter *f, const char *s, size_t n)
{
	struct filter_anchor a[16];
	size_t count = filter_anchors(f, a, G_N_ELEMENTS(a));

	ck_assert_uint_gt(count, 0);
	for (size_t i = 0; i < count; i++)
		if (a[i].literal ? has_literal(&a[i], s, n) : !a[i].run || has_run(a[i].run, s, n))
			return true;
	return false;
}

/* --- patterns out of a hat --- */

static uint32_t hat = 1;

static uint32_t draw(uint32_t below)
{
	hat = hat * 1664525 + 1013904223;
	return (hat >> 8) % below;
}

#define DRAW(list) ((list)[draw(G_N_ELEMENTS(list))])

static void draw_parts(GString *out, unsigned depth);

static void draw_part(GString *out, unsigned depth)
{
	static const char *const atoms[] = {
		"a",         "b",
		"B",         "1",
		"-",         "{",
		"]",         "}",
		".",         "\\d",
		"\\D",       "\\w",
		"\\s",       "\\S",
		"\\x61",     "\\.",
		"[ab]",      "[^ab]",
		"[a-c1]",    "[]a]",
		"[^]a]",     "[\\d-]",
		"[\\w.]",    "[.-b]",
		"[\\]b]",    "[[:^digit:]]",
		"\\Qa|b\\E", "\\x{62}",
		"\\W",       "[^\\W1]",
		"ab1",       "b-",
	};
	static const char *const repeats[] = {"?",   "*",      "+",     "{0}",   "{1}",
					      "{2}", "{2,}",   "{0,1}", "{1,3}", "+?",
					      "*+",  "{2}{0}", "{,2}",  "{2"};

	if (depth < 3 && !draw(6)) {
		g_string_append(out, draw(2) ? "(" : "(?:");
		draw_parts(out, depth + 1);
		g_string_append_c(out, ')');
	} else {
		g_string_append(out, DRAW(atoms));
	}
	if (!draw(3))
		g_string_append(out, DRAW(repeats));
}

static void draw_parts(GString *out, unsigned depth)
{
	for (uint32_t n = 1 + draw(5); n; n--) {
		draw_part(out, depth);
		if (!draw(10))
			g_string_append_c(out, '|');
	}
}

static void draw_subject(char *s, size_t n)
{
	static const char letters[] = {'a', 'b', 'A', 'B', 'c', '1', '2', '-', '.', ']', '{', ' '};

	for (size_t i = 0; i < n; i++)
		s[i] = DRAW(letters);
	s[n] = '\0';
}

static void compare_on(const struct filter *with, const struct filter *without, const char *pattern)
{
	struct record r;
	char s[20];

	record_init(&r, RECORD_PACKET);
	for (int i = 0; i < SUBJECTS; i++) {
		size_t n = draw(sizeof(s));
		bool yes;

		draw_subject(s, n);
		record_reset(&r, RECORD_PACKET);
		field_gen_text(&r, field_find(FIELD, strlen(FIELD)), s, n);
		yes = filter_match(without, &r);
		ck_assert_msg(filter_match(with, &r) == yes, "%s on '%s'", pattern, s);
		ck_assert_msg(is_met(with, s, n) || !yes, "%s on '%s'", pattern, s);
	}
	record_release(&r);
}

/* False: it is no pattern. */
static bool compare(const char *pattern)
{
	struct filter *with = matching("", pattern), *without = matching("(?=)", pattern);
	bool good = with && without;

	if (good)
		compare_on(with, without, pattern);
	filter_free(with);
	filter_free(without);
	return good;
}

START_TEST(clues_change_nothing)
{
	GString *pattern = g_string_new(NULL);
	int good = 0;

	for (int i = 0; i < PATTERNS; i++) {
		g_string_truncate(pattern, 0);
		draw_parts(pattern, 0);
		good += compare(pattern->str);
	}
	ck_assert_int_gt(good, PATTERNS * 3 / 4);
	g_string_free(pattern, TRUE);
}
END_TEST

/* --- what is known of a pattern --- */

static const struct {
	const char *pattern;
	const char *clues; /* an alternative: its literal, or the worth of its run's sets */
} known[] = {
	{"hello", "hello"},
	{"[ab]HELLO+", "hello"},
	{"error|fail(ed)?|denied", "error fail denied"},
	{"error|no", "error 77"},
	{"error|n", ""}, /* a letter alone is nearly everywhere */
	{"(error|fail)12", "88"},
	{"[q-s][3][x-z]{2}[0-9]", "58554"},
	{"a{3,}[0-9]b", "77747"},
	{"a.*[0-9]{3}", "444"},
	{"x?12345", "12345"},
	{"\\d\\d-\\x41", "4487"},
	{"[0-9]{20}", "44444444"},
	{"abc(?i)d", ""},
	{"abcd(*ACCEPT)efgh", ""},
	{"(?=a)bcdef", ""},
	{"\\Qabcdef\\E", ""},
	{"[[:alpha:]]abcdef", ""},
	{"abcdef{,3}", ""}, /* PCRE2 reads it in one way or the other */
	{"(abcdef)?", ""},
	{"", ""},
};

static void describe(const struct filter_anchor *a, GString *out)
{
	if (a->literal)
		g_string_append_len(out, (const char *)a->literal, a->nliteral);
	for (uint32_t k = 0; a->run && k < a->run->n; k++)
		g_string_append_printf(out, "%u", byte_set_worth(&a->run->sets[k]));
}

START_TEST(clues_of_patterns)
{
	struct filter *f = matching("", known[_i].pattern);
	struct filter_anchor a[16];
	size_t n = filter_anchors(f, a, G_N_ELEMENTS(a));
	GString *said = g_string_new(NULL);

	for (size_t i = 0; i < n; i++) {
		g_string_append(said, i ? " " : "");
		describe(&a[i], said);
	}
	ck_assert_str_eq(said->str, known[_i].clues);
	g_string_free(said, TRUE);
	filter_free(f);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("clues");
	TCase *c = tcase_create("clues");

	tcase_set_timeout(c, 60);
	tcase_add_test(c, clues_change_nothing);
	tcase_add_loop_test(c, clues_of_patterns, 0, G_N_ELEMENTS(known));
	suite_add_tcase(s, c);
	return s;
}

UNIT_MAIN(suite)
