/* SPDX-License-Identifier: GPL-3.0-or-later */
/* stage_words: what is said of a stage in a few words. */
#include "src/session/stage_words.h"

#include <glib.h>

const char *stage_name(enum stage s)
{
	static const char *const names[STAGE_COUNT] = {
		[STAGE_ADDRESS] = "Address",    [STAGE_NAME] = "Name",
		[STAGE_CONNECT] = "Connection", [STAGE_TLS] = "Encryption",
		[STAGE_GREETING] = "Hello",     [STAGE_LOGIN] = "Login",
		[STAGE_DATA] = "Transfer",
	};

	return names[s];
}

const struct step *result_step(const struct stages *s, enum stage stage)
{
	switch (stage) {
	case STAGE_ADDRESS: return &s->m.address;
	case STAGE_NAME: return s->lookup ? &s->lookup->step : NULL;
	default: return s->chosen ? &s->chosen->steps[stage] : NULL;
	}
}

static char *unseen_words(const struct stages *s, enum stage stage)
{
	const struct talk *t = s->chosen;

	if (t && stage == STAGE_CONNECT && t->mid_stream)
		return g_strdup("stood before the recording began");
	if (t && t->one_sided && stage == STAGE_CONNECT)
		return g_strdup("only one side was recorded");
	if (!s->results[stage].hidden)
		return NULL;
	if (stage == STAGE_DATA && t->sealed)
		return g_strdup_printf("encrypted: only seen that %" G_GUINT64_FORMAT " bytes came",
				       t->sealed);
	return g_strdup("encrypted: cannot be seen");
}

static char *done_words(const struct step *p, enum stage stage, bool web)
{
	static const char *const words[STAGE_COUNT] = {
		[STAGE_ADDRESS] = "got",   [STAGE_NAME] = "found:",    [STAGE_CONNECT] = "accepted",
		[STAGE_TLS] = "agreed on", [STAGE_GREETING] = "said:", [STAGE_LOGIN] = "accepted:",
		[STAGE_DATA] = "worked:",
	};

	if (web && stage == STAGE_GREETING)
		return g_strdup_printf("answered: %s", p->words);
	return p->words[0] ? g_strdup_printf("%s %s", words[stage], p->words)
			   : g_strndup(words[stage], strcspn(words[stage], ":"));
}

static char *refused_words(const struct step *p, enum stage stage)
{
	switch (p->how) {
	case HOW_RESET: return g_strdup("refused: nobody listens there");
	case HOW_HALF: return g_strdup("half-way: its last packet never arrived");
	case HOW_ALERT_SERVER: return g_strdup_printf("the server refused: %s", p->words);
	case HOW_ALERT_CLIENT: return g_strdup_printf("your program refused: %s", p->words);
	case HOW_ALERT_LIKELY: return g_strdup("very likely refused by your program, by the size");
	case HOW_CLOSED: return g_strdup("closed before an answer came");
	case HOW_CLOSED_SERVER: return g_strdup("the server hung up without an answer");
	case HOW_CLOSED_CLIENT: return g_strdup("your program hung up before an answer came");
	case HOW_BROKE: return g_strdup("stopped in the middle");
	case HOW_SIZES: return g_strdup("very likely refused, by the sizes: a guess");
	case HOW_ENDED:
	case HOW_NONE:
	case HOW_SAID:
	case HOW_ICMP: break;
	}
	if (stage == STAGE_NAME)
		return g_strdup(p->words);
	return g_strdup_printf("refused%s%s", p->words[0] ? ": " : "", p->words);
}

static char *open_words(const struct step *p, enum stage stage)
{
	bool repeats = stage <= STAGE_CONNECT && p->tries > 1;

	if (stage == STAGE_GREETING && !p->asked_in)
		return g_strdup("the server said nothing");
	if (p->how == HOW_ENDED && !step_failed(p))
		return g_strdup("no answer when the recording ended");
	if (repeats)
		return g_strdup_printf("no answer, asked %u times", p->tries);
	return g_strdup("no answer");
}

char *result_words(const struct stages *s, enum stage stage)
{
	const struct step *p = result_step(s, stage);

	switch (s->results[stage].state) {
	case STAGE_NOT_SEEN: return unseen_words(s, stage);
	case STAGE_DONE: return done_words(p, stage, s->chosen && s->chosen->app == PROTO_http);
	case STAGE_REFUSED: return refused_words(p, stage);
	case STAGE_OPEN: return open_words(p, stage);
	}
	return NULL;
}
