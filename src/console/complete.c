/* SPDX-License-Identifier: GPL-3.0-or-later */
/* complete: what Tab offers: words, and behind them fields, rules or the glossary. */
#include <string.h>

#include "src/console/dialogue.h"

/* An offer under way: candidates that begin as the word does go to the door. */
struct offering {
	const char *word;
	void (*offer)(void *list, const char *candidate);
	void *list;
};

static void offer(struct offering *o, const char *candidate)
{
	if (g_ascii_strncasecmp(candidate, o->word, strlen(o->word)) == 0)
		o->offer(o->list, candidate);
}

static void offer_words(struct offering *o)
{
	for (size_t i = 0; i < word_count; i++)
		offer(o, word_table[i].name);
}

static void offer_fields(struct offering *o)
{
	for (uint16_t id = field_next(FIELD_NONE); id != FIELD_NONE; id = field_next(id))
		offer(o, field_def(id)->name);
}

static void offer_rules(struct offering *o, const struct packs *p)
{
	for (size_t i = 0; i < packs_rule_count(p); i++)
		offer(o, packs_rule(p, i)->id);
}

static void offer_terms(struct offering *o, const struct packs *p)
{
	for (size_t i = 0; i < packs_term_count(p); i++)
		offer(o, packs_term_at(p, i)->word);
}

/* The word the line begins with; NULL if it is none. */
static const struct word *first_word(const char *before)
{
	char *name = g_strndup(before, strcspn(before, " \t"));
	const struct word *found = NULL;
	size_t matches = 0;

	for (size_t i = 0; i < word_count; i++)
		if (g_str_has_prefix(word_table[i].name, name)) {
			found = &word_table[i];
			matches++;
		}
	g_free(name);
	return matches == 1 ? found : NULL;
}

void complete_line(void *context, const char *before, const char *word,
		   void (*give)(void *list, const char *candidate), void *list)
{
	struct dialogue *g = context;
	struct offering o = {.word = word, .offer = give, .list = list};
	const char *line = before + strspn(before, " \t");
	const struct word *w = *line ? first_word(line) : NULL;

	if (!g->player)
		return; /* no session yet: the line is a choice */
	if (!*line)
		offer_words(&o);
	else if (w && w->takes == TAKES_WORD)
		offer_words(&o);
	else if (w && w->takes == TAKES_RULE)
		offer_rules(&o, g->packs);
	else if (w && (w->takes == TAKES_FILTER || w->takes == TAKES_TOPIC))
		offer_fields(&o);
	if (w && w->takes == TAKES_TOPIC)
		offer_terms(&o, g->packs);
}
