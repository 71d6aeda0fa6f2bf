// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * check: what an author should know about packs that loaded without an error.
 */
#include <string.h>

#include "private.h"

static void warn(struct diag *d, const struct rule *r, const char *hint, const char *what,
		 const char *word)
{
	struct place where = {.file = r->file, .line = r->line};

	diag_add(d, DIAG_WARNING, &where, hint, "%s: %s%s", r->id, what, word ? word : "");
}

static void check_links(const struct packs *p, const struct rule *r, struct diag *d)
{
	for (size_t i = 0; i < r->nexplains; i++)
		if (!packs_find(p, r->explains[i].rule))
			warn(d, r, "Is the other pack there? Is the id right?",
			     "it explains a rule that is not there: ", r->explains[i].rule);
}

static void check_terms(const struct packs *p, const struct rule *r, const struct prose *text,
			struct diag *d)
{
	for (size_t i = 0; i < text->n; i++)
		if (text->spans[i].kind == SPAN_TERM && !packs_term(p, text->spans[i].word))
			warn(d, r, "Add <term word=\"...\"> to a pack.",
			     "a word that the glossary does not have: ", text->spans[i].word);
}

static void check_tests(const struct rule *r, struct diag *d)
{
	bool fires = false, silent = false;

	for (size_t i = 0; i < r->ntests; i++) {
		char *path = rule_test_path(r, &r->tests[i]);

		fires = fires || !r->tests[i].silent;
		silent = silent || r->tests[i].silent;
		if (!path)
			warn(d, r, "It is looked for in the pack's folder and the one above it.",
			     "there is no capture ", r->tests[i].capture);
		g_free(path);
	}
	if (!fires)
		warn(d, r, "Add <test capture=\"FILE\" packets=\"N\"/>.",
		     "no test shows that it fires", NULL);
	if (!silent)
		warn(d, r, "Add <test capture=\"FILE\" silent=\"yes\"/>.",
		     "no test shows that it can be silent", NULL);
}

static void check_rule(const struct packs *p, const struct rule *r, struct diag *d)
{
	const struct prose *const texts[] = {&r->title,  &r->headline,  &r->explain,
					     &r->advice, &r->lookalike, &r->fine};

	check_links(p, r, d);
	for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
		check_terms(p, r, texts[i], d);
	check_tests(r, d);
	if (!r->explain.n)
		warn(d, r, "Add <explain>: what does it mean?", "nothing is explained", NULL);
	if (fault_is_verdict(r) && !r->headline.n)
		warn(d, r, "Add <headline>: one sentence.", "a fault without a headline", NULL);
	if (fault_is_verdict(r) && !r->advice.n)
		warn(d, r, "Add <advice>: what to do now?", "a fault without advice", NULL);
	if (filter_never(r->when))
		warn(d, r, "Compare its parts: they exclude each other.",
		     "its condition can never be true", NULL);
}

void packs_check(const struct packs *p, struct diag *d)
{
	for (size_t i = 0; i < packs_rule_count(p); i++)
		check_rule(p, packs_rule(p, i), d);
}
