/* SPDX-License-Identifier: GPL-3.0-or-later */
/* story_say: the sentences of the story, in the second person. What is quoted was cleaned before.
 */
#include "src/session/story_say.h"

#include <glib.h>

/* "pop.example.org (192.0.2.5), port 110" between two texts. */
static char *with_who(const struct talk *t, const char *before, const char *after)
{
	struct buf out = BUF_INIT;

	buf_str(&out, before);
	talk_who(t, true, &out);
	buf_str(&out, after);
	return buf_steal(&out);
}

/* "The server said hello: +OK ready"; without words only what stands before the colon. */
static char *with_words(const char *before, const struct step *s)
{
	return s->words[0] ? g_strconcat(before, ": ", s->words, NULL) : g_strdup(before);
}

static char *lookup_name(const struct lookup *l)
{
	struct buf out = BUF_INIT;

	buf_clean(&out, l->name, strlen(l->name));
	return buf_steal(&out);
}

static char *with_name(const struct lookup *l, const char *before, const char *after)
{
	char *name = lookup_name(l), *all = g_strconcat(before, name, after, NULL);

	g_free(name);
	return all;
}

static char *asked_page(const struct milestone *m)
{
	struct buf out = BUF_INIT;

	buf_str(&out, "Your program asked ");
	talk_who(m->talk, false, &out);
	buf_str(&out, " for ");
	buf_str(&out, m->step->asking);
	return buf_steal(&out);
}

static char *asked_data(const struct milestone *m)
{
	switch (m->talk->app) {
	case PROTO_http: return asked_page(m);
	case PROTO_smtp: return g_strdup("Your program wants to hand over a mail");
	case PROTO_pop:
	case PROTO_imap: return g_strdup("Your program asked for mail");
	default: return g_strdup("Your program asked for what it wants");
	}
}

static char *asked(const struct milestone *m)
{
	switch (m->stage) {
	case STAGE_ADDRESS: return g_strdup("This computer asked for an address");
	case STAGE_NAME: return with_name(m->lookup, "You asked for ", "");
	case STAGE_LOGIN:
		if (!m->step->asking[0])
			return g_strdup("Your program began to log in");
		return g_strconcat("Your program gave the user name ", m->step->asking, NULL);
	case STAGE_DATA: return asked_data(m);
	default: return NULL;
	}
}

static char *done(const struct milestone *m)
{
	bool web = m->talk && m->talk->app == PROTO_http;
	char *sentence, *words;

	switch (m->stage) {
	case STAGE_ADDRESS: return with_words("This computer got an address", m->step);
	case STAGE_NAME:
		words = g_strconcat(" is ", m->step->words, NULL);
		sentence = with_name(m->lookup, "The answer: ", words);
		g_free(words);
		return sentence;
	case STAGE_CONNECT: return with_who(m->talk, "Your program connected to ", "");
	case STAGE_TLS:
		return g_strdup("Encrypted from here on: what is said cannot be read, only how "
				"much and when");
	case STAGE_GREETING: return web ? NULL : with_words("The server said hello", m->step);
	case STAGE_LOGIN: return with_words("The login was accepted", m->step);
	case STAGE_DATA: return with_words("The server answered", m->step);
	default: return NULL;
	}
}

/* What was being waited for when the connection ended. */
static const char *broken_part(enum stage stage)
{
	switch (stage) {
	case STAGE_TLS: return " ended before encryption was agreed on";
	case STAGE_LOGIN: return " ended before the login was answered";
	default: return " ended before an answer came";
	}
}

static char *refused_connection(const struct milestone *m)
{
	struct buf out = BUF_INIT;

	if (m->step->how == HOW_RESET)
		buf_printf(&out, "Refused: nobody listens on port %u of ", m->talk->server.port);
	else if (m->step->how == HOW_ICMP)
		buf_str(&out, "No way to ");
	else
		buf_str(&out, "The connection did not come about: ");
	talk_who(m->talk, m->step->how != HOW_RESET, &out);
	if (m->step->how == HOW_ICMP)
		buf_printf(&out, ": %s", m->step->words);
	return buf_steal(&out);
}

static char *refused_encryption(const struct milestone *m)
{
	switch (m->step->how) {
	case HOW_ALERT_CLIENT: return with_words("Your program refused the encryption", m->step);
	case HOW_ALERT_LIKELY:
		return g_strdup("Very likely your program refused the server's certificate (by the "
				"size of its answer)");
	default: return with_words("The server refused the encryption", m->step);
	}
}

static char *no_address(const struct milestone *m)
{
	char *after = g_strconcat(": ", m->step->words, NULL);
	char *sentence = with_name(m->lookup, "No address for ", after);

	g_free(after);
	return sentence;
}

static char *refused(const struct milestone *m)
{
	const char *part = broken_part(m->stage);

	switch (m->step->how) {
	case HOW_CLOSED:
	case HOW_CLOSED_CLIENT:
	case HOW_CLOSED_SERVER: return with_who(m->talk, "The connection to ", part);
	case HOW_BROKE: return with_who(m->talk, "The talk with ", " stopped in the middle");
	case HOW_SIZES:
		return g_strdup("The sizes look like a refused login (a guess: the words are "
				"encrypted)");
	default: break;
	}
	switch (m->stage) {
	case STAGE_ADDRESS: return with_words("The address was refused", m->step);
	case STAGE_NAME: return no_address(m);
	case STAGE_CONNECT: return refused_connection(m);
	case STAGE_TLS: return refused_encryption(m);
	case STAGE_GREETING: return with_words("The server turned your program away", m->step);
	case STAGE_LOGIN:
		return with_words(m->step->asked_in ? "The server refused the login"
						    : "The server wants a login",
				  m->step);
	default: return with_words("The server refused", m->step);
	}
}

/* 3, 10, 30, 100 ... times. */
static bool is_landmark(uint32_t n)
{
	while (n > 30 && n % 10 == 0)
		n /= 10;
	return n == 3 || n == 10 || n == 30;
}

static char *repeats(const struct milestone *m)
{
	char *after, *sentence;

	if (!is_landmark(m->talk->repeats))
		return NULL;
	after = g_strdup_printf(" had to be sent again: %u so far", m->talk->repeats);
	sentence = with_who(m->talk, "Packets between you and ", after);
	g_free(after);
	return sentence;
}

static char *full(const struct milestone *m)
{
	if (m->talk->full[0])
		return with_who(m->talk, "", " takes no more data for now: it has no room left");
	return g_strdup("Your program takes no more data for now: it has no room left");
}

char *story_sentence(const struct milestone *m)
{
	switch (m->change) {
	case CHANGE_ASKED: return asked(m);
	case CHANGE_SETTLED: return m->step->state == STAGE_DONE ? done(m) : refused(m);
	case CHANGE_REPEATS: return repeats(m);
	case CHANGE_FULL: return full(m);
	case CHANGE_REPEATED: /* told when overdue */
	case CHANGE_UNHEARD: break;
	}
	return NULL;
}

static char *overdue_start(enum stage stage, const struct talk *t, const struct lookup *l)
{
	switch (stage) {
	case STAGE_ADDRESS: return g_strdup("No answer yet to the question for an address");
	case STAGE_NAME: return with_name(l, "No answer yet to the question for ", "");
	case STAGE_CONNECT: return with_who(t, "No answer yet from ", "");
	case STAGE_TLS: return with_who(t, "No answer yet to the request for encryption from ", "");
	case STAGE_GREETING:
		return t->app == PROTO_http
			       ? with_who(t, "No answer yet from ", "")
			       : with_who(t, "Connected, but nothing is said yet by ", "");
	case STAGE_LOGIN: return with_who(t, "No answer yet to the login from ", "");
	default: return with_who(t, "No answer yet from ", "");
	}
}

char *overdue_sentence(const struct step *s, enum stage stage, const struct talk *t,
		       const struct lookup *l, int64_t waited)
{
	char *start = overdue_start(stage, t, l), *all;
	unsigned seconds = (unsigned)(waited / SECOND);

	if (stage <= STAGE_CONNECT && s->tries > 1)
		all = g_strdup_printf("%s (%u s, asked %u times).", start, seconds, s->tries);
	else
		all = g_strdup_printf("%s (%u s).", start, seconds);
	g_free(start);
	return all;
}
