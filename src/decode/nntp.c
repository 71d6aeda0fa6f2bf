/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * NNTP reads and posts news articles: commands in single lines, replies that begin with a
 * three-digit code, some followed by lines up to one with a single dot.
 * RFC 3977, 4642 (STARTTLS), 4643 (AUTHINFO).
 * Hangs at TCP port 119.
 */
#include "src/decode/apptext.h"

enum {
	NNTP,
	NNTP_RESPONSE,
	NNTP_REQUEST,
	TT_REQUEST_COMMAND,
	TT_REQUEST_ARG,
	TT_RESPONSE_CODE,
	TT_RESPONSE_ARG,
	TT_GREETING,
	TT_COMMAND,
	TT_USER,
	TT_TEXT,
	NNTP_ROWS
};

/* RFC 3977 section 3.2, RFC 4643 */
static const struct value_name codes[] = {
	{200, "Ready, posting allowed"},
	{201, "Ready, no posting"},
	{205, "Closing the connection"},
	{211, "Group chosen"},
	{215, "List follows"},
	{220, "Article follows"},
	{221, "Article's head follows"},
	{222, "Article's body follows"},
	{223, "Article is there"},
	{224, "Overview follows"},
	{230, "List of new articles follows"},
	{235, "Article taken over"},
	{240, "Article posted"},
	{281, "Logged in"},
	{335, "Send the article"},
	{340, "Send the article"},
	{381, "Password please"},
	{382, "Encryption may begin"},
	{383, "Go on with the login"},
	{400, "Service not available"},
	{411, "No such group"},
	{412, "No group chosen"},
	{420, "No article chosen"},
	{423, "No article of that number"},
	{430, "No such article"},
	{435, "Article not wanted"},
	{436, "Transfer not possible, try later"},
	{437, "Article refused"},
	{440, "Posting not allowed"},
	{441, "Posting failed"},
	{480, "Log in first"},
	{481, "Login refused"},
	{482, "Login out of order"},
	{483, "Encrypt first"},
	{500, "Command not understood"},
	{501, "Argument not understood"},
	{502, "Not allowed here"},
	{503, "Not available here"},
	{0, NULL},
};

static const struct field_def rows[NNTP_ROWS] = {
	[NNTP] = {"nntp", "Network News Transfer Protocol", FT_PROTOCOL},
	[NNTP_RESPONSE] = {"nntp.response", "Reply", FT_BOOLEAN, .on = "Yes", .off = "No"},
	[NNTP_REQUEST] = {"nntp.request", "Request", FT_BOOLEAN, .on = "Yes", .off = "No"},
	[TT_REQUEST_COMMAND] = {"tt.nntp.request.command", "Command", FT_STRING},
	[TT_REQUEST_ARG] = {"tt.nntp.request.arg", "Argument", FT_STRING},
	[TT_RESPONSE_CODE] = {"tt.nntp.response.code", "Reply code", FT_UINT32, .values = codes,
			      .see = "RFC 3977 section 3.2"},
	[TT_RESPONSE_ARG] = {"tt.nntp.response.arg", "Server's words", FT_STRING},
	[TT_GREETING] = {"tt.nntp.greeting", "Greeting", FT_BOOLEAN, .on = "Yes", .off = "No",
			 .blurb = "The server's first words, before any command."},
	[TT_COMMAND] =
		{"tt.nntp.command", "Command in question", FT_STRING,
		 .blurb = "The command in capitals; in a reply: the command that it answers."},
	[TT_USER] = {"tt.nntp.user", "User name", FT_STRING, .secrecy = IDENTITY},
	[TT_TEXT] = {"tt.nntp.text", "Lines of text", FT_NONE, .secrecy = IDENTITY,
		     .blurb = "Lines of an article or a list."},
};

#define ID(row) FIELD_ID(PROTO_nntp, row)

struct nntp_state {
	struct app_state app;
	bool reading; /* lines up to a dot follow, from the server */
	bool posting; /* the same from the client */
};

static struct nntp_state *state_of(const struct app *a)
{
	return (struct nntp_state *)a->state;
}

static bool reply_like(const struct textpart *line)
{
	struct textpart head = textpart_slice(line, 0, 4);
	uint32_t code;

	return textpart_reply_code(&head, &code) && code >= 100 && code < 600;
}

static void begin(struct app *a)
{
	uint16_t id = a->from_client ? ID(NNTP_REQUEST) : ID(NNTP_RESPONSE);

	field_add_uint(a->r, id, a->layer ? a->layer->off : 0, 0, 1)->flags |= FIELD_HIDDEN;
}

/* Lines of text of one packet are one field. */
static void text_line(struct app *a, const struct textline *line, bool *going_on)
{
	struct textpart whole = textline_whole(line);
	struct field *last = a->r->nfields ? &a->r->fields[a->r->nfields - 1] : NULL;

	if (textpart_is(&line->text, ".") && !line->tail)
		*going_on = false;
	if (last && last->id == ID(TT_TEXT) && last->off + last->len == whole.off)
		last->len += whole.len;
	else
		field_add_none(a->r, ID(TT_TEXT), whole.off, whole.len);
}

/* AUTHINFO USER name, PASS password, SASL mechanism base64 (RFC 4643 section 2). */
static uint8_t authinfo(struct app *a, const struct textpart *argument)
{
	uint32_t at = 0;
	struct textpart kind = textpart_word(argument, &at);
	struct textpart rest = textpart_rest(argument, at);

	if (textpart_is(&kind, "USER")) {
		app_set_user(a, &rest);
		return FIELD_IDENTITY;
	}
	if (textpart_is(&kind, "SASL")) {
		kind = textpart_word(argument, &at);
		sasl_begin(&a->state->sasl, &kind);
		kind = textpart_word(argument, &at);
		return app_secrecy(sasl_line(&a->state->sasl, &kind, a->state->user, APP_USER_MAX,
					     &a->state->user_len));
	}
	return FIELD_SECRET;
}

static void client_sasl(struct app *a, const struct textline *line)
{
	uint32_t first = a->r->nfields;

	a->state->in_sasl = false;
	app_part(a, ID(TT_REQUEST_ARG), &line->text,
		 app_secrecy(sasl_line(&a->state->sasl, &line->text, a->state->user, APP_USER_MAX,
				       &a->state->user_len)));
	app_sent(a, "AUTHINFO", 0);
	app_mark(a, EXCHANGE_REQUEST, 0, first);
}

static void client_command(struct app *a, const struct textline *line)
{
	uint32_t at = 0, first = a->r->nfields;
	struct textpart command = textpart_word(&line->text, &at);
	struct textpart argument = textpart_rest(&line->text, at);
	char name[APP_COMMAND_MAX];
	bool login;

	app_command_name(&command, name);
	login = !strcmp(name, "AUTHINFO");
	app_part(a, ID(TT_REQUEST_COMMAND), &command, 0);
	if (argument.len)
		app_part(a, ID(TT_REQUEST_ARG), &argument, login ? authinfo(a, &argument) : 0);
	app_text(a, ID(TT_COMMAND), name, strlen(name));
	if (login)
		app_user(a, ID(TT_USER));
	app_sent(a, name, 0);
	app_mark(a, EXCHANGE_REQUEST, 0, first);
}

static void client(struct app *a, const struct textline *line)
{
	struct nntp_state *s = state_of(a);

	if (s->posting) {
		text_line(a, line, &s->posting);
		if (!s->posting)
			app_sent(a, "POST", 0);
	} else if (line->tail) {
		app_part(a, ID(TT_REQUEST_ARG), &line->text, FIELD_SECRET);
	} else if (a->state->in_sasl) {
		client_sasl(a, line);
	} else {
		client_command(a, line);
	}
}

/* RFC 3977 appendix B: replies with lines of text. 211 has them only after LISTGROUP. */
static bool has_text(const char *command, uint32_t code)
{
	static const uint16_t all[] = {100, 101, 215, 220, 221, 222, 224, 225, 230, 231, 282};

	if (code == 211)
		return !strcmp(command, "LISTGROUP");
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		if (code == all[i])
			return true;
	return false;
}

static void server_reply(struct app *a, const struct textline *line, uint32_t code)
{
	struct nntp_state *s = state_of(a);
	struct textpart digits = textpart_slice(&line->text, 0, 3);
	struct textpart words = textpart_slice(&line->text, 4, line->text.len);
	uint32_t first = a->r->nfields;
	struct app_pending command = {.count = 0};
	bool answered = app_answered(a, &command);

	app_number(a, ID(TT_RESPONSE_CODE), &digits, code);
	if (words.len)
		app_part(a, ID(TT_RESPONSE_ARG), &words, app_identity(a, &words));
	app_text(a, ID(TT_COMMAND), command.name, strlen(command.name));
	if (!strcmp(command.name, "AUTHINFO"))
		app_user(a, ID(TT_USER));
	if (!answered && !a->state->greeted && !(a->r->conv && a->r->conv->mid_stream))
		app_flag(a, ID(TT_GREETING), true);
	a->state->greeted = true;
	a->state->in_sasl = code == 383;
	s->reading = has_text(command.name, code);
	s->posting = code == 340 || code == 335;
	if (code == 382)
		app_encrypted(a);
	app_mark(a, answered ? EXCHANGE_RESPONSE : EXCHANGE_EVENT, 0, first);
}

static void server(struct app *a, const struct textline *line)
{
	struct nntp_state *s = state_of(a);
	uint32_t code;
	bool reply = !line->tail && textpart_reply_code(&line->text, &code);

	if (reply && (!s->reading || s->app.lossy)) {
		s->app.lossy = false;
		server_reply(a, line, code);
	} else {
		text_line(a, line, &s->reading);
	}
}

static const struct hang on[] = {{ON_TCP_PORT, 119}, {ON_NOTHING, 0}};

static const struct app_proto nntp = {
	.id = PROTO_nntp,
	.on = on,
	.state_size = sizeof(struct nntp_state),
	.reply_like = reply_like,
	.begin = begin,
	.client = client,
	.server = server,
};

_Static_assert(sizeof(struct nntp_state) <= CONV_APP_STATE, "fits in the conversation");

static void decode(struct decoder *d, struct record *r, struct cursor *c)
{
	app_decode(d, r, c, &nntp);
}

/* On other ports by the greeting, or by what only a newsreader says (RFC 3977 section 5). */
static bool looks(const struct record *r, const uint8_t *bytes, uint32_t n)
{
	struct textpart all = {bytes, 0, n < 512 ? n : 512};

	if (r->flow.ip_proto != 6)
		return false;
	if (textpart_starts(&all, "CAPABILITIES\r\n") || textpart_starts(&all, "MODE READER\r\n"))
		return true;
	return (textpart_starts(&all, "200 ") || textpart_starts(&all, "201 ")) &&
	       (textpart_has(&all, "NNTP") || textpart_has(&all, "INN ") ||
		textpart_has(&all, "news server"));
}

const struct proto_def proto_nntp = {
	.name = "nntp",
	.label = "Network News Transfer Protocol",
	.prefix = "NNTP",
	.fields = rows,
	.nfields = NNTP_ROWS,
	.on = on,
	.decode = decode,
	.looks = looks,
	.lines = app_no_lines,
	.ascii = true,
	.blurb = "Reads and posts articles of news groups.",
	.see = "RFC 3977",
};
