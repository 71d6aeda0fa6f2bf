/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * POP3 lets a mail program fetch mail from the server: commands in single lines, replies that begin
 * with +OK or -ERR, some followed by more lines up to one with a single dot.
 * RFC 1939, 2449 (CAPA, response codes), 2595 (STLS), 3206 (AUTH and SYS codes), 5034 (AUTH).
 * Hangs at TCP port 110.
 */
#include "src/decode/apptext.h"

enum {
	POP,
	POP_RESPONSE,
	POP_RESPONSE_INDICATOR,
	POP_RESPONSE_DESCRIPTION,
	POP_RESPONSE_DATA,
	POP_REQUEST,
	POP_REQUEST_COMMAND,
	POP_REQUEST_PARAMETER,
	POP_REQUEST_DATA,
	TT_GREETING,
	TT_COMMAND,
	TT_USER,
	TT_USER_FRAME,
	TT_CODE,
	TT_MESSAGE,
	TT_LINES,
	TT_STLS_OFFERED,
	POP_ROWS
};

static const struct field_def rows[POP_ROWS] = {
	[POP] = {"pop", "Post Office Protocol", FT_PROTOCOL},
	[POP_RESPONSE] = {"pop.response", "Reply", FT_STRING,
			  .blurb = "A reply of the mail server; its parts follow."},
	[POP_RESPONSE_INDICATOR] =
		{"pop.response.indicator", "Verdict", FT_STRING,
		 .blurb = "+OK: the server did what it was asked. -ERR: it refused.",
		 .see = "RFC 1939 section 3"},
	[POP_RESPONSE_DESCRIPTION] =
		{"pop.response.description", "Server's words", FT_STRING,
		 .blurb = "What the server says to a person about its verdict."},
	[POP_RESPONSE_DATA] =
		{"pop.response.data", "Line of the answer", FT_STRING, .secrecy = IDENTITY,
		 .blurb = "One line of an answer that has several, up to a single dot."},
	[POP_REQUEST] = {"pop.request", "Request", FT_STRING,
			 .blurb = "A command of the mail program; its parts follow."},
	[POP_REQUEST_COMMAND] = {"pop.request.command", "Command", FT_STRING, .see = "RFC 1939"},
	[POP_REQUEST_PARAMETER] = {"pop.request.parameter", "Argument", FT_STRING},
	[POP_REQUEST_DATA] = {"pop.request.data", "Login exchange", FT_STRING, .secrecy = SECRET,
			      .blurb = "A line of the login exchange that AUTH began.",
			      .see = "RFC 5034 section 4"},
	[TT_GREETING] = {"tt.pop.greeting", "Greeting", FT_BOOLEAN, .on = "Yes", .off = "No",
			 .blurb = "The server's first words, before any command."},
	[TT_COMMAND] = {"tt.pop.command", "Command in question", FT_STRING,
			.blurb = "In a reply: the command that it answers."},
	[TT_USER] = {"tt.pop.user", "User name", FT_STRING, .secrecy = IDENTITY,
		     .blurb = "Who logs in: from USER, APOP or AUTH."},
	[TT_USER_FRAME] = {"tt.pop.user_frame", "User name sent in packet", FT_FRAMENUM,
			   .blurb = "Where the user name was sent, in a reply to the password."},
	[TT_CODE] = {"tt.pop.code", "Reason code", FT_STRING,
		     .blurb = "The code in brackets that says why, such as IN-USE or AUTH.",
		     .see = "RFC 2449 section 8, RFC 3206"},
	[TT_MESSAGE] = {"tt.pop.message", "Part of a mail", FT_NONE, .secrecy = IDENTITY,
			.blurb = "Lines of a mail that is being fetched."},
	[TT_LINES] = {"tt.pop.lines", "More lines of the answer", FT_NONE, .secrecy = IDENTITY,
		      .blurb = "Lines of an answer that began in an earlier packet."},
	[TT_STLS_OFFERED] = {"tt.pop.stls_offered", "Encryption offered", FT_BOOLEAN, .on = "Yes",
			     .off = "No",
			     .blurb = "The server's list of abilities names STLS: it can switch to "
				      "an encrypted connection.",
			     .see = "RFC 2595 section 4"},
};

#define ID(row) FIELD_ID(PROTO_pop, row)

/* flags of a pending command */
#define MANY_LINES 1 /* +OK is followed by lines up to a dot */
#define MAIL_LINES 2 /* and these are a mail */

struct pop_state {
	struct app_state app;
	uint8_t reading; /* flags of the answer whose lines are coming */
	bool stls;       /* STLS was in the list so far */
	bool in_capa;
};

static bool reply_like(const struct textpart *line)
{
	return textpart_starts(line, "+OK") || textpart_starts(line, "-ERR") ||
	       textpart_starts(line, "+ ");
}

/* RFC 1939, 2449, 5034: which answers have several lines. */
static uint8_t answer_shape(const char *name, bool argument)
{
	if (!strcmp(name, "RETR") || !strcmp(name, "TOP"))
		return MANY_LINES | MAIL_LINES;
	if (!strcmp(name, "CAPA"))
		return MANY_LINES;
	if (!argument && (!strcmp(name, "LIST") || !strcmp(name, "UIDL") || !strcmp(name, "AUTH") ||
			  !strcmp(name, "LANG")))
		return MANY_LINES;
	return 0;
}

/* A client's line in the login exchange after AUTH. */
static void client_sasl(struct app *a, const struct textline *line)
{
	struct textpart whole = textline_whole(line);
	uint32_t first = a->r->nfields;
	uint8_t flags = app_secrecy(sasl_line(&a->state->sasl, &line->text, a->state->user,
					      APP_USER_MAX, &a->state->user_len));

	a->state->in_sasl = false;
	app_span(a, ID(POP_REQUEST), &whole, flags);
	a->r->cur_depth++;
	app_part(a, ID(POP_REQUEST_DATA), &line->text, flags);
	a->r->cur_depth--;
	app_text(a, ID(TT_COMMAND), "AUTH", 4);
	app_user(a, ID(TT_USER));
	app_sent(a, "AUTH", 0);
	app_mark(a, EXCHANGE_REQUEST, 0, first);
}

/* How secret is the argument of the command? Learns the user name on the way. */
static uint8_t argument_secrecy(struct app *a, const char *name, const struct textpart *argument)
{
	uint32_t at = 0;
	struct textpart word = textpart_word(argument, &at);

	if (!strcmp(name, "USER")) {
		app_set_user(a, argument);
		return FIELD_IDENTITY;
	}
	if (!strcmp(name, "PASS"))
		return FIELD_SECRET;
	if (!strcmp(name, "APOP")) {
		app_set_user(a, &word);
		return FIELD_SECRET;
	}
	if (strcmp(name, "AUTH") != 0)
		return 0;
	sasl_begin(&a->state->sasl, &word);
	word = textpart_word(argument, &at);
	return app_secrecy(sasl_line(&a->state->sasl, &word, a->state->user, APP_USER_MAX,
				     &a->state->user_len));
}

static bool tells_user(const char *name)
{
	return !strcmp(name, "USER") || !strcmp(name, "PASS") || !strcmp(name, "APOP") ||
	       !strcmp(name, "AUTH");
}

static void client_command(struct app *a, const struct textline *line)
{
	struct textpart whole = textline_whole(line);
	uint32_t at = 0, first = a->r->nfields;
	struct textpart command = textpart_word(&line->text, &at);
	struct textpart argument = textpart_rest(&line->text, at);
	char name[APP_COMMAND_MAX];
	uint8_t flags;

	app_command_name(&command, name);
	flags = argument_secrecy(a, name, &argument);
	app_span(a, ID(POP_REQUEST), &whole, flags);
	a->r->cur_depth++;
	app_part(a, ID(POP_REQUEST_COMMAND), &command, 0);
	if (argument.len)
		app_part(a, ID(POP_REQUEST_PARAMETER), &argument, flags);
	a->r->cur_depth--;
	app_text(a, ID(TT_COMMAND), name, strlen(name));
	if (tells_user(name))
		app_user(a, ID(TT_USER));
	app_sent(a, name, answer_shape(name, argument.len > 0));
	app_mark(a, EXCHANGE_REQUEST, 0, first);
}

static void client(struct app *a, const struct textline *line)
{
	struct textpart whole = textline_whole(line);

	if (line->tail)
		app_span(a, ID(POP_REQUEST_DATA), &whole, FIELD_SECRET);
	else if (a->state->in_sasl)
		client_sasl(a, line);
	else
		client_command(a, line);
}

/* "[IN-USE] text": the code (RFC 2449 section 8), if there is one. */
static void add_code(struct app *a, const struct textpart *words)
{
	const uint8_t *end = words->len ? memchr(words->p, ']', words->len) : NULL;

	if (end && words->p[0] == '[')
		app_text(a, ID(TT_CODE), (const char *)words->p + 1, (size_t)(end - words->p) - 1);
}

static void server_facts(struct app *a, const struct textpart *verdict,
			 const struct app_pending *command)
{
	struct pop_state *s = (struct pop_state *)a->state;
	bool good = textpart_is(verdict, "+OK");

	app_text(a, ID(TT_COMMAND), command->name, strlen(command->name));
	if (tells_user(command->name)) {
		app_user(a, ID(TT_USER));
		app_user_frame(a, ID(TT_USER_FRAME));
	}
	s->reading = good ? command->flags : 0;
	s->in_capa = !strcmp(command->name, "CAPA");
	s->stls = false;
	if (good && !strcmp(command->name, "STLS"))
		app_encrypted(a);
}

static void server_reply(struct app *a, const struct textline *line)
{
	struct textpart whole = textline_whole(line);
	uint32_t at = 0, first = a->r->nfields;
	struct textpart verdict = textpart_word(&line->text, &at);
	struct textpart words = textpart_rest(&line->text, at);
	uint8_t flags = app_identity(a, &words);
	struct app_pending command;
	bool answered = app_answered(a, &command);

	app_span(a, ID(POP_RESPONSE), &whole, flags);
	a->r->cur_depth++;
	app_part(a, ID(POP_RESPONSE_INDICATOR), &verdict, 0);
	if (words.len)
		app_part(a, ID(POP_RESPONSE_DESCRIPTION), &words, flags);
	a->r->cur_depth--;
	add_code(a, &words);
	a->state->in_sasl = textpart_is(&verdict, "+");
	if (answered)
		server_facts(a, &verdict, &command);
	else if (!a->state->greeted && !(a->r->conv && a->r->conv->mid_stream))
		app_flag(a, ID(TT_GREETING), true);
	a->state->greeted = true;
	a->replied = true;
	app_mark(a, answered ? EXCHANGE_RESPONSE : EXCHANGE_EVENT, 0, first);
}

/* The dot that ends an answer of several lines; the capability list is complete now. */
static void end_of_lines(struct app *a)
{
	struct pop_state *s = (struct pop_state *)a->state;

	if (s->in_capa)
		app_flag(a, ID(TT_STLS_OFFERED), s->stls);
	s->reading = 0;
	s->in_capa = false;
}

/* Lines of one packet as one field: a mail or a long list has too many of them. */
static void add_lines(struct app *a, uint16_t row, const struct textpart *whole)
{
	struct field *last = a->r->nfields ? &a->r->fields[a->r->nfields - 1] : NULL;

	if (last && last->id == ID(row) && last->off + last->len == whole->off)
		last->len += whole->len;
	else
		field_add_none(a->r, ID(row), whole->off, whole->len);
}

static void server(struct app *a, const struct textline *line)
{
	struct pop_state *s = (struct pop_state *)a->state;
	struct textpart whole = textline_whole(line);
	bool reply = !line->tail && reply_like(&line->text);

	/* After lost bytes the dot may be lost too: a verdict counts again. */
	if (reply && (!s->reading || s->app.lossy)) {
		s->app.lossy = false;
		server_reply(a, line);
		return;
	}
	if (s->reading & MAIL_LINES)
		add_lines(a, TT_MESSAGE, &whole);
	else if (s->reading && !a->replied)
		add_lines(a, TT_LINES, &whole);
	else
		app_span(a, ID(POP_RESPONSE_DATA), &whole, 0);
	if (textpart_is(&line->text, "STLS"))
		s->stls = true;
	if (textpart_is(&line->text, ".") && !line->tail)
		end_of_lines(a);
}

static const struct hang on[] = {{ON_TCP_PORT, 110}, {ON_NOTHING, 0}};

static const struct app_proto pop = {
	.id = PROTO_pop,
	.on = on,
	.state_size = sizeof(struct pop_state),
	.reply_like = reply_like,
	.client = client,
	.server = server,
};

_Static_assert(sizeof(struct pop_state) <= CONV_APP_STATE, "fits in the conversation");

static void decode(struct decoder *d, struct record *r, struct cursor *c)
{
	app_decode(d, r, c, &pop);
}

static bool looks(const struct record *r, const uint8_t *bytes, uint32_t n)
{
	struct textpart all = {bytes, 0, n};

	return r->flow.ip_proto == 6 &&
	       (textpart_starts(&all, "+OK ") || textpart_starts(&all, "-ERR "));
}

const struct proto_def proto_pop = {
	.name = "pop",
	.label = "Post Office Protocol",
	.prefix = "POP3",
	.fields = rows,
	.nfields = POP_ROWS,
	.on = on,
	.decode = decode,
	.looks = looks,
	.lines = app_no_lines,
	.ascii = true,
	.blurb = "Fetches mail from a mail server: the program logs in and asks for each mail.",
	.see = "RFC 1939",
};
