/* SPDX-License-Identifier: GPL-3.0-or-later */
/* milestone_said: what programs and servers say to each other: greeting, login, transfer. */
#include <glib.h>

#include "src/session/milestones.h"

/* How the fields of a protocol are called. */
static const struct tongue {
	uint16_t proto;
	enum known command, user, verdict, words, greeting;
} tongues[] = {
	{PROTO_pop, K_POP_COMMAND, K_POP_USER, K_POP_VERDICT, K_POP_WORDS, K_POP_GREETING},
	{PROTO_imap, K_IMAP_COMMAND, K_IMAP_USER, K_IMAP_VERDICT, K_IMAP_WORDS, K_IMAP_GREETING},
	{PROTO_smtp, K_SMTP_COMMAND, K_SMTP_USER, K_SMTP_CODE, K_SMTP_WORDS, K_SMTP_GREETING},
	{PROTO_ftp, K_FTP_COMMAND, K_FTP_USER, K_FTP_CODE, K_FTP_WORDS, K_FTP_GREETING},
	{PROTO_nntp, K_NNTP_COMMAND, K_NNTP_USER, K_NNTP_CODE, K_NNTP_WORDS, K_NNTP_GREETING},
};

/* Which stage a command belongs to. `on_the_way`: its yes does not finish the stage. */
static const struct command {
	uint16_t proto;
	const char *name;
	enum stage stage;
	bool on_the_way;
} commands[] = {
	{PROTO_pop, "STLS", STAGE_TLS, true},      {PROTO_pop, "USER", STAGE_LOGIN, true},
	{PROTO_pop, "PASS", STAGE_LOGIN, false},   {PROTO_pop, "APOP", STAGE_LOGIN, false},
	{PROTO_pop, "AUTH", STAGE_LOGIN, false},   {PROTO_pop, "STAT", STAGE_DATA, false},
	{PROTO_pop, "LIST", STAGE_DATA, false},    {PROTO_pop, "UIDL", STAGE_DATA, false},
	{PROTO_pop, "RETR", STAGE_DATA, false},    {PROTO_imap, "STARTTLS", STAGE_TLS, true},
	{PROTO_imap, "LOGIN", STAGE_LOGIN, false}, {PROTO_imap, "AUTHENTICATE", STAGE_LOGIN, false},
	{PROTO_imap, "SELECT", STAGE_DATA, false}, {PROTO_imap, "EXAMINE", STAGE_DATA, false},
	{PROTO_imap, "FETCH", STAGE_DATA, false},  {PROTO_smtp, "STARTTLS", STAGE_TLS, true},
	{PROTO_smtp, "AUTH", STAGE_LOGIN, false},  {PROTO_smtp, "MAIL", STAGE_DATA, true},
	{PROTO_smtp, "RCPT", STAGE_DATA, true},    {PROTO_smtp, "DATA", STAGE_DATA, false},
	{PROTO_ftp, "AUTH", STAGE_TLS, true},      {PROTO_ftp, "USER", STAGE_LOGIN, false},
	{PROTO_ftp, "PASS", STAGE_LOGIN, false},   {PROTO_ftp, "PASV", STAGE_DATA, true},
	{PROTO_ftp, "EPSV", STAGE_DATA, true},     {PROTO_ftp, "PORT", STAGE_DATA, true},
	{PROTO_ftp, "LIST", STAGE_DATA, false},    {PROTO_ftp, "NLST", STAGE_DATA, false},
	{PROTO_ftp, "MLSD", STAGE_DATA, false},    {PROTO_ftp, "RETR", STAGE_DATA, false},
	{PROTO_ftp, "STOR", STAGE_DATA, false},    {PROTO_nntp, "AUTHINFO", STAGE_LOGIN, false},
	{PROTO_nntp, "GROUP", STAGE_DATA, false},  {PROTO_nntp, "ARTICLE", STAGE_DATA, false},
	{PROTO_nntp, "BODY", STAGE_DATA, false},
};

enum verdict { VERDICT_NONE, VERDICT_YES, VERDICT_GO_ON, VERDICT_NO };

static const struct tongue *tongue_of(uint16_t proto)
{
	for (size_t i = 0; i < G_N_ELEMENTS(tongues); i++)
		if (tongues[i].proto == proto)
			return &tongues[i];
	return NULL;
}

static const struct command *command_of(uint16_t proto, const struct field *name)
{
	for (size_t i = 0; i < G_N_ELEMENTS(commands); i++)
		if (commands[i].proto == proto && field_is(name, commands[i].name))
			return &commands[i];
	return NULL;
}

/* "+OK", "-ERR", "NO", or the first figure of a code (RFC 5321 section 4.2.1). */
static enum verdict verdict_of(const struct record *r, const struct tongue *t)
{
	const struct field *f = known_field(r, t->verdict);

	if (!f)
		return VERDICT_NONE;
	if (t->proto == PROTO_pop || t->proto == PROTO_imap) {
		if (field_is(f, "+OK") || field_is(f, "OK"))
			return VERDICT_YES;
		return field_is(f, "+") ? VERDICT_GO_ON : VERDICT_NO;
	}
	switch (f->v.u / 100) {
	case 2: return VERDICT_YES;
	case 4:
	case 5: return VERDICT_NO;
	default: return VERDICT_GO_ON;
	}
}

/* "535 5.7.8 bad password", "-ERR bad password"; of IMAP the whole line. */
static void answer_words(const struct record *r, const struct tongue *t, char out[WORDS_MAX])
{
	const struct field *verdict = known_field(r, t->verdict);
	char words[WORDS_MAX];
	struct buf all = BUF_INIT;

	known_text(r, t->words, words);
	if (t->proto == PROTO_imap && !words[0])
		known_text(r, K_IMAP_LINE, words);
	if (verdict && t->proto != PROTO_imap) {
		field_value_text(&all, r, verdict);
		if (words[0])
			buf_char(&all, ' ');
	}
	if (g_str_has_suffix(words, "\\r\\n")) /* a whole line, as the cleaner writes its end */
		words[strlen(words) - 4] = '\0';
	buf_str(&all, words);
	words_copy(out, buf_text(&all));
	buf_release(&all);
}

static void spoken_request(const struct scene *sc, const struct exchange_mark *mark)
{
	const struct tongue *t = tongue_of(mark->proto);
	const struct field *name = known_within(sc->r, t->command, mark->first, mark->last);
	const struct command *c;
	struct scene now = *sc;
	char user[WORDS_MAX] = "";

	if (mark->proto == PROTO_nntp && !name)
		name = known_within(sc->r, K_NNTP_REQUEST, mark->first, mark->last);
	c = command_of(mark->proto, name);
	if (!c)
		return;
	now.stage = c->stage;
	if (c->stage == STAGE_LOGIN)
		known_text(sc->r, t->user, user);
	step_ask(&now, &sc->talk->steps[c->stage], user);
}

/* A login is wanted (RFC 4954 section 6), whatever was asked. */
static bool login_wanted(const struct record *r, const struct tongue *t)
{
	return t->proto == PROTO_smtp && known_uint(r, K_SMTP_CODE, 0) == 530;
}

/* A request that was answered with "log in first": nothing is known of what it asked for. */
static void not_judged(struct step *s)
{
	if (s->state == STAGE_OPEN)
		*s = (struct step){.took = -1};
}

/* One file of several that is refused is what went wrong, whatever worked before or after. */
static bool refuses_data(const struct command *c)
{
	return c->stage == STAGE_DATA && !c->on_the_way;
}

static void spoken_answer(const struct scene *sc, const struct tongue *t)
{
	const struct command *c = command_of(t->proto, known_field(sc->r, t->command));
	enum verdict v = verdict_of(sc->r, t);
	struct scene now = *sc;
	char words[WORDS_MAX];
	struct step *s;

	if (!c)
		return;
	now.stage = c->stage;
	if (login_wanted(sc->r, t)) {
		not_judged(&sc->talk->steps[STAGE_DATA]);
		now.stage = STAGE_LOGIN;
	}
	s = &sc->talk->steps[now.stage];
	answer_words(sc->r, t, words);
	if (v == VERDICT_NO && (s->state != STAGE_DONE || refuses_data(c))) {
		step_settle(&now, s, STAGE_REFUSED, HOW_SAID, words);
		s->firm = refuses_data(c);
	} else if (v == VERDICT_YES && !c->on_the_way && s->state != STAGE_DONE && !s->firm) {
		step_settle(&now, s, STAGE_DONE, HOW_NONE, words);
	}
}

static void unanswered(const struct scene *sc, enum stage stage)
{
	struct scene now = *sc;

	now.stage = stage;
	step_unanswered(&now, &sc->talk->steps[stage]);
}

static void greeting(const struct scene *sc, const struct tongue *t)
{
	struct step *s = &sc->talk->steps[STAGE_GREETING];
	struct scene now = *sc;
	enum verdict v = verdict_of(sc->r, t);
	char words[WORDS_MAX];

	now.stage = STAGE_GREETING;
	answer_words(sc->r, t, words);
	if (known_is(sc->r, K_IMAP_UNTAGGED, "BYE"))
		v = VERDICT_NO;
	if (v == VERDICT_NO)
		step_settle(&now, s, STAGE_REFUSED, HOW_SAID, words);
	else
		step_settle(&now, s, STAGE_DONE, HOW_NONE, words);
	if (sc->talk->greeting_due)
		s->took = sc->r->time - sc->talk->greeting_due;
	sc->talk->greeting_due = 0;
}

static void spoken_exchange(const struct scene *sc, const struct tongue *t)
{
	const struct record *r = sc->r;

	sc->talk->app = t->proto;
	if (known_uint(r, K_EVENT, 0)) {
		if (known_uint(r, t->greeting, 0))
			greeting(sc, t);
	} else if (known_uint(r, K_ANSWERED, 0)) {
		spoken_answer(sc, t);
	} else {
		const struct field *name = known_field(r, t->command);
		const struct command *c;

		if (t->proto == PROTO_nntp && !name)
			name = known_field(r, K_NNTP_REQUEST);
		c = command_of(t->proto, name);
		if (c)
			unanswered(sc, c->stage);
	}
}

static bool web_login(const struct record *r)
{
	return known_field(r, K_HTTP_AUTH) || known_field(r, K_HTTP_PROXY_AUTH);
}

static void web_request(const struct scene *sc, const struct exchange_mark *mark)
{
	struct scene now = *sc;
	char uri[WORDS_MAX];

	sc->talk->app = PROTO_http;
	talk_learn_name(sc, known_within(sc->r, K_HTTP_HOST, mark->first, mark->last));
	known_text(sc->r, K_HTTP_URI, uri);
	now.stage = STAGE_GREETING;
	step_ask(&now, &sc->talk->steps[STAGE_GREETING], "");
	if (web_login(sc->r)) {
		now.stage = STAGE_LOGIN;
		step_ask(&now, &sc->talk->steps[STAGE_LOGIN], "");
	}
	now.stage = STAGE_DATA;
	step_ask(&now, &sc->talk->steps[STAGE_DATA], uri);
}

/* Is it a page the person wanted, and not a picture the page wants? Browsers say what they take. */
static bool wants_page(const struct record *r)
{
	const struct field *f = known_field(r, K_HTTP_ACCEPT);
	char *text = f ? g_strndup((const char *)f->v.p, f->vlen) : NULL;
	bool page = !text || strstr(text, "text/html") || !strncmp(text, "*/*", 3);

	g_free(text);
	return page;
}

static void web_words(const struct record *r, char out[WORDS_MAX])
{
	char phrase[WORDS_MAX], *all;

	known_text(r, known_field(r, K_HTTP_PHRASE) ? K_HTTP_PHRASE : K_HTTP_DESC, phrase);
	all = g_strdup_printf("%u %s", (unsigned)known_uint(r, K_HTTP_CODE, 0), phrase);
	words_copy(out, all);
	g_free(all);
}

static void web_login_answer(const struct scene *sc, uint64_t code, const char *words)
{
	struct step *s = &sc->talk->steps[STAGE_LOGIN];
	struct scene now = *sc;

	now.stage = STAGE_LOGIN;
	if (code == 401 || code == 407)
		step_settle(&now, s, STAGE_REFUSED, HOW_SAID, words);
	else if (s->state == STAGE_OPEN || (s->state == STAGE_REFUSED && web_login(sc->r)))
		step_settle(&now, s, STAGE_DONE, HOW_NONE, words);
}

static void web_data_answer(const struct scene *sc, uint64_t code, const char *words)
{
	struct step *s = &sc->talk->steps[STAGE_DATA];
	struct scene now = *sc;

	now.stage = STAGE_DATA;
	if (code == 401 || code == 407)
		not_judged(s);
	if (code == 401 || code == 407 || code / 100 == 1)
		return;
	if (code >= 400) {
		if (s->state != STAGE_REFUSED && (s->state != STAGE_DONE || wants_page(sc->r)))
			step_settle(&now, s, STAGE_REFUSED, HOW_SAID, words);
	} else if (s->state != STAGE_REFUSED && s->state != STAGE_DONE) {
		step_settle(&now, s, STAGE_DONE, HOW_NONE, words);
	}
}

static void web_exchange(const struct scene *sc)
{
	struct step *first = &sc->talk->steps[STAGE_GREETING];
	uint64_t code = known_uint(sc->r, K_HTTP_CODE, 0);
	struct scene now = *sc;
	char words[WORDS_MAX];

	now.stage = STAGE_GREETING;
	if (!known_uint(sc->r, K_ANSWERED, 0)) {
		unanswered(sc, STAGE_DATA);
		unanswered(sc, STAGE_GREETING);
		return;
	}
	if (!code)
		return;
	web_words(sc->r, words);
	if (first->state != STAGE_DONE)
		step_settle(&now, first, STAGE_DONE, HOW_NONE, words);
	web_login_answer(sc, code, words);
	web_data_answer(sc, code, words);
}

void said_request(const struct scene *sc, const struct exchange_mark *mark)
{
	if (mark->proto == PROTO_http)
		web_request(sc, mark);
	else if (tongue_of(mark->proto))
		spoken_request(sc, mark);
}

void said_exchange(const struct scene *sc, const struct field *kind)
{
	for (size_t i = 0; i < G_N_ELEMENTS(tongues); i++)
		if (field_is(kind, proto_table[tongues[i].proto]->name))
			spoken_exchange(sc, &tongues[i]);
	if (field_is(kind, "http"))
		web_exchange(sc);
}
