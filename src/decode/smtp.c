/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * SMTP carries mail from a program to its mail server and from server to server: commands in single
 * lines, replies of one or more lines that begin with a three-digit code, and the mail itself.
 * RFC 5321, 2034 (enhanced status codes), 3030 (BDAT), 3207 (STARTTLS), 4954 (AUTH).
 * Hangs at TCP ports 25 and 587.
 */
#include "src/decode/apptext.h"
#include "src/decode/http_content.h"

enum {
	SMTP,
	SMTP_REQ,
	SMTP_RSP,
	SMTP_COMMAND_LINE,
	SMTP_REQ_COMMAND,
	SMTP_REQ_PARAMETER,
	SMTP_RESPONSE,
	SMTP_RESPONSE_CODE,
	SMTP_RSP_PARAMETER,
	SMTP_AUTH_USERNAME,
	SMTP_AUTH_PASSWORD,
	SMTP_AUTH_BOTH,
	SMTP_EOM,
	TT_GREETING,
	TT_COMMAND,
	TT_USER,
	TT_ENHANCED,
	TT_MESSAGE,
	TT_AUTH_SEEN,
	TT_AUTH_OFFERED,
	TT_STARTTLS_OFFERED,
	TT_STARTTLS_MASKED,
	SMTP_ROWS
};

/* RFC 5321 section 4.2.3, RFC 4954 section 6 */
static const struct value_name codes[] = {
	{211, "System status"},
	{214, "Help"},
	{220, "Ready"},
	{221, "Closing the connection"},
	{235, "Login accepted"},
	{250, "Done"},
	{251, "User not here, will be forwarded"},
	{252, "Cannot check the user, will try to deliver"},
	{334, "Go on with the login"},
	{354, "Send the mail, end with a dot"},
	{421, "Service not available, closing the connection"},
	{432, "A new password is needed"},
	{450, "Mailbox busy, try later"},
	{451, "Error at the server, try later"},
	{452, "Too little room at the server, try later"},
	{454, "Login cannot be checked now, try later"},
	{500, "Command not understood"},
	{501, "Argument not understood"},
	{502, "Command not available here"},
	{503, "Commands in the wrong order"},
	{504, "Argument not available here"},
	{530, "Log in (or encrypt) first"},
	{534, "This way to log in is too weak"},
	{535, "Login refused"},
	{538, "Encrypt before this login"},
	{550, "Refused: mailbox not there, or not allowed"},
	{551, "User not here"},
	{552, "Too much for this mailbox"},
	{553, "Mailbox name not allowed"},
	{554, "Refused"},
	{0, NULL},
};

static const struct field_def rows[SMTP_ROWS] = {
	[SMTP] = {"smtp", "Simple Mail Transfer Protocol", FT_PROTOCOL},
	[SMTP_REQ] = {"smtp.req", "Request", FT_BOOLEAN, .on = "Yes", .off = "No"},
	[SMTP_RSP] = {"smtp.rsp", "Reply", FT_BOOLEAN, .on = "Yes", .off = "No"},
	[SMTP_COMMAND_LINE] = {"smtp.command_line", "Command line", FT_STRING},
	[SMTP_REQ_COMMAND] =
		{"smtp.req.command", "Command", FT_STRING,
		 .blurb = "The first four letters of the command, as Wireshark has it."},
	[SMTP_REQ_PARAMETER] = {"smtp.req.parameter", "Argument", FT_STRING},
	[SMTP_RESPONSE] = {"smtp.response", "Reply", FT_STRING},
	[SMTP_RESPONSE_CODE] = {"smtp.response.code", "Reply code", FT_UINT32, .values = codes,
				.blurb = "2xx: done. 3xx: go on. 4xx: not now, try later. 5xx: "
					 "refused.",
				.see = "RFC 5321 section 4.2"},
	[SMTP_RSP_PARAMETER] = {"smtp.rsp.parameter", "Server's words", FT_STRING},
	[SMTP_AUTH_USERNAME] = {"smtp.auth.username", "User name in base64", FT_STRING,
				.secrecy = IDENTITY},
	[SMTP_AUTH_PASSWORD] = {"smtp.auth.password", "Password in base64", FT_STRING,
				.secrecy = SECRET},
	[SMTP_AUTH_BOTH] = {"smtp.auth.username_password", "User name and password in base64",
			    FT_STRING, .secrecy = SECRET, .see = "RFC 4616"},
	[SMTP_EOM] = {"smtp.eom", "End of the mail", FT_NONE},
	[TT_GREETING] = {"tt.smtp.greeting", "Greeting", FT_BOOLEAN, .on = "Yes", .off = "No",
			 .blurb = "The server's first words, before any command."},
	[TT_COMMAND] = {"tt.smtp.command", "Command in question", FT_STRING,
			.blurb = "The whole command in capitals; in a reply: the command that it "
				 "answers."},
	[TT_USER] = {"tt.smtp.user", "User name", FT_STRING, .secrecy = IDENTITY,
		     .blurb = "Who logs in, decoded from the AUTH exchange."},
	[TT_ENHANCED] = {"tt.smtp.enhanced", "Enhanced status code", FT_STRING,
			 .blurb = "Three numbers that say the reason more exactly, such as 5.7.8.",
			 .see = "RFC 3463"},
	[TT_MESSAGE] = {"tt.smtp.message", "Part of a mail", FT_NONE, .secrecy = IDENTITY,
			.blurb = "Lines of the mail that is being sent."},
	[TT_AUTH_SEEN] = {"tt.smtp.auth_seen", "Login tried before", FT_BOOLEAN, .on = "Yes",
			  .off = "No",
			  .blurb = "An AUTH command was sent earlier in this connection. Missing "
				   "when the capture began in the middle."},
	[TT_AUTH_OFFERED] = {"tt.smtp.auth_offered", "Login offered", FT_BOOLEAN, .on = "Yes",
			     .off = "No", .blurb = "The reply to EHLO names AUTH."},
	[TT_STARTTLS_OFFERED] = {"tt.smtp.starttls_offered", "Encryption offered", FT_BOOLEAN,
				 .on = "Yes", .off = "No",
				 .blurb = "The reply to EHLO names STARTTLS.", .see = "RFC 3207"},
	[TT_STARTTLS_MASKED] =
		{"tt.smtp.starttls_masked", "Encryption offer overwritten", FT_BOOLEAN,
		 .on = "Yes", .off = "No",
		 .blurb = "A device on the way has overwritten a word of the reply to "
			  "EHLO with X letters."},
};

#define ID(row) FIELD_ID(PROTO_smtp, row)

/* flag of a pending DATA: the mail was sent, the second reply is waited for */
#define MAIL_SENT 1

struct smtp_state {
	struct app_state app;
	uint16_t code; /* of the reply of several lines that is coming; 0: none */
	bool in_mail;  /* the client sends mail text up to a dot */
	bool auth_seen, ehlo_seen;
	bool starttls, auth, masked; /* words of the EHLO reply */
	bool enhanced;               /* the reply's enhanced code was added */
};

static struct smtp_state *state_of(const struct app *a)
{
	return (struct smtp_state *)a->state;
}

static bool reply_like(const struct textpart *line)
{
	uint32_t code;
	struct textpart head = textpart_slice(line, 0, 4);

	return textpart_reply_code(&head, &code) && code >= 200 && code < 600;
}

/* Hidden mark of a command or a reply, as in Wireshark: mail text has none. */
static void mark_kind(struct app *a, uint16_t row, const struct textline *line)
{
	field_add_uint(a->r, ID(row), line->text.off, 0, 1)->flags |= FIELD_HIDDEN;
}

static uint16_t sasl_row(enum sasl_content content, const struct sasl *s)
{
	if (content == SASL_USER)
		return ID(SMTP_AUTH_USERNAME);
	return content == SASL_BOTH || s->mech != SASL_LOGIN ? ID(SMTP_AUTH_BOTH)
							     : ID(SMTP_AUTH_PASSWORD);
}

/* The base64 of a login: returns how secret it is; *row says as which field it goes. */
static uint8_t read_sasl(struct app *a, const struct textpart *base64, uint16_t *row)
{
	enum sasl_content content = sasl_line(&a->state->sasl, base64, a->state->user, APP_USER_MAX,
					      &a->state->user_len);

	*row = content == SASL_EMPTY ? FIELD_NONE : sasl_row(content, &a->state->sasl);
	return app_secrecy(content);
}

static void client_sasl(struct app *a, const struct textline *line)
{
	struct textpart whole = textline_whole(line);
	uint32_t first = a->r->nfields;
	uint16_t row;
	uint8_t flags = read_sasl(a, &line->text, &row);

	a->state->in_sasl = false;
	mark_kind(a, SMTP_REQ, line);
	if (row != FIELD_NONE)
		app_part(a, row, &line->text, flags);
	else
		app_part(a, ID(SMTP_COMMAND_LINE), &whole, 0);
	app_text(a, ID(TT_COMMAND), "AUTH", 4);
	app_user(a, ID(TT_USER));
	app_sent(a, "AUTH", 0);
	app_mark(a, EXCHANGE_REQUEST, 0, first);
}

/* "AUTH PLAIN base64": the base64 part and what it is. */
static uint8_t auth_argument(struct app *a, const struct textline *line, struct textpart *base64,
			     uint16_t *row)
{
	uint32_t at = 0;
	struct textpart mech;

	textpart_word(&line->text, &at);
	mech = textpart_word(&line->text, &at);
	sasl_begin(&a->state->sasl, &mech);
	state_of(a)->auth_seen = true;
	*base64 = textpart_word(&line->text, &at);
	return read_sasl(a, base64, row);
}

/* RFC 3030: BDAT is followed by that many bytes of mail. */
static void begin_bdat(struct app *a, const struct textpart *argument)
{
	uint32_t at = 0, n;

	if (textpart_number(argument, &at, &n))
		a->state->raw[a->dir] = n;
}

static bool names_people(const char *name)
{
	static const char *const all[] = {"MAIL", "RCPT", "EHLO", "HELO", "VRFY", "EXPN"};

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		if (!strcmp(name, all[i]))
			return true;
	return false;
}

static void client_command(struct app *a, const struct textline *line)
{
	struct textpart whole = textline_whole(line), base64 = {NULL, 0, 0};
	uint32_t at = 0, first = a->r->nfields;
	struct textpart command = textpart_word(&line->text, &at);
	struct textpart four = textpart_slice(&line->text, 0, 4);
	struct textpart rest = textpart_slice(&line->text, 5, line->text.len);
	char name[APP_COMMAND_MAX];
	uint8_t flags = 0;
	uint16_t row = FIELD_NONE;

	app_command_name(&command, name);
	if (!strcmp(name, "AUTH"))
		flags = auth_argument(a, line, &base64, &row);
	else if (names_people(name))
		flags = FIELD_IDENTITY;
	else if (!strcmp(name, "BDAT"))
		begin_bdat(a, &rest);
	mark_kind(a, SMTP_REQ, line);
	app_part(a, ID(SMTP_COMMAND_LINE), &whole, flags);
	a->r->cur_depth++;
	app_part(a, ID(SMTP_REQ_COMMAND), &four, 0);
	if (rest.len)
		app_part(a, ID(SMTP_REQ_PARAMETER), &rest, flags);
	if (row != FIELD_NONE)
		app_part(a, row, &base64, flags);
	a->r->cur_depth--;
	app_text(a, ID(TT_COMMAND), name, strlen(name));
	if (!strcmp(name, "AUTH"))
		app_user(a, ID(TT_USER));
	app_sent(a, name, 0);
	app_mark(a, EXCHANGE_REQUEST, 0, first);
}

/* Mail text; what one packet has of it is one field. */
static void mail_bytes(struct app *a, const struct textpart *part)
{
	struct field *last = a->r->nfields ? &a->r->fields[a->r->nfields - 1] : NULL;

	if (last && last->id == ID(TT_MESSAGE) && last->off + last->len == part->off)
		last->len += part->len;
	else
		field_add_none(a->r, ID(TT_MESSAGE), part->off, part->len);
}

static void mail_line(struct app *a, const struct textline *line)
{
	struct textpart whole = textline_whole(line);
	uint32_t first = a->r->nfields;

	if (textpart_is(&line->text, ".") && !line->tail) {
		state_of(a)->in_mail = false;
		field_add_none(a->r, ID(SMTP_EOM), whole.off, whole.len);
		app_text(a, ID(TT_COMMAND), "DATA", 4);
		app_sent(a, "DATA", MAIL_SENT);
		app_mark(a, EXCHANGE_REQUEST, 0, first);
	} else {
		mail_bytes(a, &whole);
	}
}

/* RFC 2920: a client sends nothing after DATA before it may. What comes is mail, reply seen or not.
 */
static bool begins_mail(const struct app *a)
{
	const struct app_state *s = a->state;
	const struct app_pending *last = s->npending ? &s->pending[s->npending - 1] : NULL;

	return last && !strcmp(last->name, "DATA") && !(last->flags & MAIL_SENT);
}

static void client(struct app *a, const struct textline *line)
{
	struct textpart whole = textline_whole(line);

	if (begins_mail(a))
		state_of(a)->in_mail = true;
	if (state_of(a)->in_mail)
		mail_line(a, line);
	else if (line->tail)
		app_part(a, ID(SMTP_COMMAND_LINE), &whole, FIELD_SECRET);
	else if (a->state->in_sasl)
		client_sasl(a, line);
	else
		client_command(a, line);
}

/* Digits in the part from *at on, then '.'; moves past both. */
static bool number_dot(const struct textpart *part, uint32_t *at)
{
	uint32_t n;

	if (!textpart_number(part, at, &n) || *at >= part->len || part->p[*at] != '.')
		return false;
	(*at)++;
	return true;
}

/* RFC 2034: "5.7.8 words". Once a packet and reply. */
static void add_enhanced(struct app *a, const struct textpart *words)
{
	uint32_t at = 0, n;

	if (state_of(a)->enhanced || !words->len || !strchr("245", words->p[0]))
		return;
	if (!number_dot(words, &at) || at != 2 || !number_dot(words, &at) || at > 6 ||
	    !textpart_number(words, &at, &n) || (at < words->len && words->p[at] != ' '))
		return;
	state_of(a)->enhanced = true;
	app_text(a, ID(TT_ENHANCED), (const char *)words->p, at);
}

/* A word of the reply to EHLO (RFC 5321 section 4.1.1.1). */
static void learn_ability(struct smtp_state *s, const struct textpart *words)
{
	uint32_t at = 0;
	struct textpart word = textpart_word(words, &at);

	if (textpart_is(&word, "STARTTLS"))
		s->starttls = true;
	else if (textpart_is(&word, "AUTH") || textpart_starts(&word, "AUTH="))
		s->auth = true;
	else if (word.len >= 4 && textpart_starts(&word, "XXXX"))
		s->masked = true;
}

static void begin_reply(struct app *a, const struct app_pending *command)
{
	struct smtp_state *s = state_of(a);

	a->reply_first = a->r->nfields;
	s->enhanced = false;
	if (command && (!strcmp(command->name, "EHLO") || !strcmp(command->name, "HELO"))) {
		s->starttls = s->auth = s->masked = false;
		s->ehlo_seen = false;
	}
}

/* What the connection has shown so far, for rules about replies. */
static void add_facts(struct app *a)
{
	struct smtp_state *s = state_of(a);

	if (!(a->r->conv && a->r->conv->mid_stream) || s->auth_seen)
		app_flag(a, ID(TT_AUTH_SEEN), s->auth_seen);
	if (!s->ehlo_seen)
		return;
	app_flag(a, ID(TT_AUTH_OFFERED), s->auth);
	app_flag(a, ID(TT_STARTTLS_OFFERED), s->starttls);
	if (s->masked)
		app_flag(a, ID(TT_STARTTLS_MASKED), true);
}

/* What the reply changes for what follows. */
static void act_on_reply(struct app *a, const char *name, uint32_t code)
{
	struct smtp_state *s = state_of(a);

	if (code == 354 && !a->state->npending)
		s->in_mail = true;
	a->state->in_sasl = code == 334;
	if (!strcmp(name, "EHLO") && code == 250)
		s->ehlo_seen = true;
	if (!strcmp(name, "STARTTLS") && code == 220)
		app_encrypted(a);
}

static void end_reply(struct app *a, uint32_t code)
{
	struct app_pending command;
	bool answered = app_answered(a, &command);

	if (answered) {
		act_on_reply(a, command.name, code);
		app_text(a, ID(TT_COMMAND), command.name, strlen(command.name));
		if (!strcmp(command.name, "AUTH"))
			app_user(a, ID(TT_USER));
	} else {
		act_on_reply(a, "", code);
		if (!a->state->greeted && !(a->r->conv && a->r->conv->mid_stream))
			app_flag(a, ID(TT_GREETING), true);
	}
	add_facts(a);
	a->state->greeted = true;
	app_mark(a, answered ? EXCHANGE_RESPONSE : EXCHANGE_EVENT, 0, a->reply_first);
}

/* The line's own fields. The first line of a reply in a packet holds the code, as in Wireshark. */
static void reply_fields(struct app *a, const struct textline *line, bool first, uint32_t code)
{
	struct textpart whole = textline_whole(line);
	struct textpart digits = textpart_slice(&line->text, 0, 3);
	struct textpart words = textpart_slice(&line->text, 4, line->text.len);
	uint8_t flags = app_identity(a, &words);

	if (first)
		app_part(a, ID(SMTP_RESPONSE), &whole, flags);
	a->r->cur_depth++;
	if (first)
		app_number(a, ID(SMTP_RESPONSE_CODE), &digits, code);
	if (words.len)
		app_part(a, ID(SMTP_RSP_PARAMETER), &words, flags);
	a->r->cur_depth--;
	add_enhanced(a, &words);
}

static void server(struct app *a, const struct textline *line)
{
	struct smtp_state *s = state_of(a);
	struct textpart whole = textline_whole(line);
	struct textpart words = textpart_slice(&line->text, 4, line->text.len);
	const struct app_pending *command = app_waiting(a);
	bool more = line->text.len > 3 && line->text.p[3] == '-', first = s->code == 0;
	bool begun = !a->replied; /* the first line in this packet */
	uint32_t code;

	if (begun)
		mark_kind(a, SMTP_RSP, line);
	a->replied = true;
	if (line->tail || !textpart_reply_code(&line->text, &code)) {
		app_part(a, ID(SMTP_RESPONSE), &whole, 0);
		return;
	}
	if (first)
		begin_reply(a, command);
	reply_fields(a, line, first || begun, code);
	if (!first && command && !strcmp(command->name, "EHLO"))
		learn_ability(s, &words);
	s->code = more ? (uint16_t)code : 0;
	if (!more)
		end_reply(a, code);
}

static const struct hang on[] = {{ON_TCP_PORT, 25}, {ON_TCP_PORT, 587}, {ON_NOTHING, 0}};

static const struct app_proto smtp = {
	.id = PROTO_smtp,
	.on = on,
	.state_size = sizeof(struct smtp_state),
	.reply_like = reply_like,
	.client = client,
	.server = server,
	.raw = mail_bytes,
};

_Static_assert(sizeof(struct smtp_state) <= CONV_APP_STATE, "fits in the conversation");

/* The mail text that this packet has; its bytes stand in the hex rows. */
static void mail_layer(struct record *r, const struct cursor *c)
{
	const struct field *first = record_first(r, ID(TT_MESSAGE)), *last = first;
	struct cursor text;

	for (const struct field *f = first; f; f = record_next(r, f))
		last = f;
	if (!first)
		return;
	text = cursor_make(c->base, first->off, last->off + last->len, last->off + last->len);
	http_text(r, &text);
}

static void decode(struct decoder *d, struct record *r, struct cursor *c)
{
	app_decode(d, r, c, &smtp);
	mail_layer(r, c);
}

static bool looks(const struct record *r, const uint8_t *bytes, uint32_t n)
{
	struct textpart all = {bytes, 0, n < 512 ? n : 512};

	if (r->flow.ip_proto != 6)
		return false;
	if (textpart_starts(&all, "EHLO ") || textpart_starts(&all, "HELO "))
		return true; /* a client that waited in vain for the server's greeting */
	return (textpart_starts(&all, "220 ") || textpart_starts(&all, "220-") ||
		textpart_starts(&all, "554 ")) &&
	       textpart_has(&all, "SMTP") && !textpart_has(&all, "FTP ");
}

const struct proto_def proto_smtp = {
	.name = "smtp",
	.label = "Simple Mail Transfer Protocol",
	.prefix = "SMTP",
	.fields = rows,
	.nfields = SMTP_ROWS,
	.on = on,
	.decode = decode,
	.looks = looks,
	.lines = app_no_lines,
	.ascii = true,
	.blurb = "Sends mail: from your mail program to its server, and from server to server.",
	.see = "RFC 5321",
};
