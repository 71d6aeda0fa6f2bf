/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * IMAP lets a mail program work with mail that stays on the server: each command begins with a tag
 * of the client's choice, and the reply to it repeats the tag. Lines may hold literals: a count in
 * braces, then that many bytes that are not lines.
 * RFC 9051, 3501, 7888 (literals without waiting), 5530 (response codes).
 * Hangs at TCP port 143.
 */
#include "src/decode/apptext.h"

enum {
	IMAP,
	IMAP_ISREQUEST,
	IMAP_LINE,
	IMAP_REQUEST,
	IMAP_REQUEST_TAG,
	IMAP_RESPONSE,
	IMAP_RESPONSE_TAG,
	IMAP_TAG,
	IMAP_REQUEST_COMMAND,
	IMAP_REQUEST_UID,
	IMAP_REQUEST_FOLDER,
	IMAP_REQUEST_USERNAME,
	IMAP_REQUEST_PASSWORD,
	IMAP_RESPONSE_STATUS,
	IMAP_RESPONSE_COMMAND,
	IMAP_COMMAND,
	IMAP_RESPONSE_TO, /* these two are filled in by track */
	IMAP_TIME,
	TT_GREETING,
	TT_COMMAND,
	TT_USER,
	TT_CODE,
	TT_UNTAGGED,
	TT_LITERAL,
	TT_STARTTLS_OFFERED,
	TT_LOGIN_DISABLED,
	IMAP_ROWS
};

static const struct field_def rows[IMAP_ROWS] = {
	[IMAP] = {"imap", "Internet Message Access Protocol", FT_PROTOCOL},
	[IMAP_ISREQUEST] = {"imap.isrequest", "Request", FT_BOOLEAN, .on = "Yes", .off = "No"},
	[IMAP_LINE] = {"imap.line", "Line", FT_STRINGZ},
	[IMAP_REQUEST] = {"imap.request", "Request", FT_STRINGZ},
	[IMAP_REQUEST_TAG] = {"imap.request_tag", "Request tag", FT_STRINGZ,
			      .blurb =
				      "A label the program gives to its command; the reply repeats "
				      "it."},
	[IMAP_RESPONSE] = {"imap.response", "Reply", FT_STRINGZ},
	[IMAP_RESPONSE_TAG] = {"imap.response_tag", "Reply tag", FT_STRINGZ,
			       .blurb = "The label of the command that is answered."},
	[IMAP_TAG] = {"imap.tag", "Tag", FT_STRINGZ},
	[IMAP_REQUEST_COMMAND] = {"imap.request.command", "Command", FT_STRINGZ},
	[IMAP_REQUEST_UID] = {"imap.request.command.uid", "By unique number", FT_BOOLEAN,
			      .on = "Yes", .off = "No"},
	[IMAP_REQUEST_FOLDER] = {"imap.request.folder", "Folder", FT_STRINGZ, .secrecy = IDENTITY},
	[IMAP_REQUEST_USERNAME] = {"imap.request.username", "User name", FT_STRINGZ,
				   .secrecy = IDENTITY},
	[IMAP_REQUEST_PASSWORD] = {"imap.request.password", "Password", FT_STRINGZ,
				   .secrecy = SECRET},
	[IMAP_RESPONSE_STATUS] = {"imap.response.status", "Verdict", FT_STRINGZ,
				  .blurb = "OK: done. NO: refused. BAD: not understood.",
				  .see = "RFC 9051 section 7.1"},
	[IMAP_RESPONSE_COMMAND] = {"imap.response.command", "First word of the reply", FT_STRINGZ},
	[IMAP_COMMAND] = {"imap.command", "Command", FT_STRINGZ},
	[IMAP_RESPONSE_TO] = {"imap.response_to", "Answers the request in packet", FT_FRAMENUM},
	[IMAP_TIME] = {"imap.time", "Time since the request", FT_RELATIVE_TIME},
	[TT_GREETING] = {"tt.imap.greeting", "Greeting", FT_BOOLEAN, .on = "Yes", .off = "No",
			 .blurb = "The server's first words, before any command."},
	[TT_COMMAND] = {"tt.imap.command", "Command in question", FT_STRING,
			.blurb = "In a reply: the command with its tag."},
	[TT_USER] = {"tt.imap.user", "User name", FT_STRING, .secrecy = IDENTITY,
		     .blurb = "Who logs in: from LOGIN or AUTHENTICATE."},
	[TT_CODE] = {"tt.imap.code", "Reason code", FT_STRING,
		     .blurb = "The word in brackets that says why, such as AUTHENTICATIONFAILED.",
		     .see = "RFC 5530"},
	[TT_UNTAGGED] = {"tt.imap.untagged", "Untagged reply", FT_STRING,
			 .blurb = "What a reply without a tag is about: OK, BYE, CAPABILITY ..."},
	[TT_LITERAL] = {"tt.imap.literal", "Literal", FT_NONE, .secrecy = IDENTITY,
			.blurb =
				"Bytes counted by the number in braces before them: mail, a name."},
	[TT_STARTTLS_OFFERED] = {"tt.imap.starttls_offered", "Encryption offered", FT_BOOLEAN,
				 .on = "Yes", .off = "No",
				 .blurb = "The server's list of abilities names STARTTLS."},
	[TT_LOGIN_DISABLED] = {"tt.imap.login_disabled", "Login switched off", FT_BOOLEAN,
			       .on = "Yes", .off = "No",
			       .blurb = "The server takes no login before the connection is "
					"encrypted.",
			       .see = "RFC 9051 section 6.2.3"},
};

#define ID(row) FIELD_ID(PROTO_imap, row)

enum argument { ARG_USER, ARG_PASSWORD, ARG_OTHER };

struct imap_state {
	struct app_state app;          /* pending[].count holds the hash of the tag */
	char command[APP_COMMAND_MAX]; /* whose line is at work, client */
	uint8_t argument;              /* enum argument: the next one of LOGIN */
	bool goes_on[2];               /* a literal was read: the line goes on, by direction */
	bool knows_abilities, starttls, login_disabled;
};

static struct imap_state *state_of(const struct app *a)
{
	return (struct imap_state *)a->state;
}

static bool reply_like(const struct textpart *line)
{
	return textpart_starts(line, "* ") || textpart_starts(line, "+ ");
}

static void begin(struct app *a)
{
	struct field *f = field_add_uint(a->r, ID(IMAP_ISREQUEST), a->layer ? a->layer->off : 0, 0,
					 a->from_client);

	f->flags |= FIELD_HIDDEN;
}

/* FNV-1a; never 0. */
static uint64_t tag_hash(const struct textpart *tag)
{
	uint64_t h = 0xcbf29ce484222325u;

	for (uint32_t i = 0; i < tag->len; i++)
		h = (h ^ tag->p[i]) * 0x100000001b3u;
	return h | 1;
}

static uint16_t short_hash(uint64_t hash)
{
	return (uint16_t)(hash >> 16 ^ hash >> 32);
}

static void remember_tag(struct app *a, uint64_t hash)
{
	struct app_state *s = a->state;
	struct app_pending *p;

	if (s->npending == APP_PENDING_MAX) {
		s->npending--;
		memmove(&s->pending[0], &s->pending[1], s->npending * sizeof(s->pending[0]));
	}
	p = &s->pending[s->npending++];
	*p = (struct app_pending){.count = short_hash(hash)};
	memcpy(p->name, state_of(a)->command, sizeof(p->name));
}

static bool recall_tag(struct app *a, uint64_t hash, struct app_pending *found)
{
	struct app_state *s = a->state;

	for (uint8_t i = 0; i < s->npending; i++)
		if (s->pending[i].count == short_hash(hash)) {
			*found = s->pending[i];
			s->npending--;
			memmove(&s->pending[i], &s->pending[i + 1],
				(size_t)(s->npending - i) * sizeof(s->pending[0]));
			return true;
		}
	return false;
}

/* "{12}", "{12+}" at the end of a line: that many bytes follow (RFC 9051 section 4.3, RFC 7888). */
static void find_literal(struct app *a, const struct textline *line)
{
	const struct textpart *t = &line->text;
	uint32_t at = t->len, n;

	state_of(a)->goes_on[a->dir] = false;
	if (t->len < 3 || t->p[t->len - 1] != '}')
		return;
	while (at > 0 && t->p[at - 1] != '{')
		at--;
	if (at == 0 || !textpart_number(t, &at, &n))
		return;
	if (at < t->len && (t->p[at] == '+' || t->p[at] == '-'))
		at++;
	if (at + 1 != t->len)
		return;
	a->state->raw[a->dir] = n;
	state_of(a)->goes_on[a->dir] = true;
}

/* The next argument: an atom, or a quoted string with its quotes. Empty at the end of the line. */
static struct textpart next_argument(const struct textpart *text, uint32_t *at)
{
	uint32_t from = *at, to;

	while (from < text->len && text->p[from] == ' ')
		from++;
	if (from == text->len || text->p[from] != '"') {
		*at = from;
		return textpart_word(text, at);
	}
	for (to = from + 1; to < text->len && text->p[to] != '"'; to++)
		if (text->p[to] == '\\' && to + 1 < text->len)
			to++;
	*at = to < text->len ? to + 1 : text->len;
	return textpart_slice(text, from, *at);
}

static struct textpart unquoted(const struct textpart *part)
{
	bool quoted = part->len >= 2 && part->p[0] == '"' && part->p[part->len - 1] == '"';

	return quoted ? textpart_slice(part, 1, part->len - 1) : *part;
}

static bool is_literal(const struct textpart *argument)
{
	return argument->len > 0 && argument->p[0] == '{';
}

/* User name and password of LOGIN, as far as this line has them. */
static void login_arguments(struct app *a, const struct textline *line, uint32_t at)
{
	struct imap_state *s = state_of(a);

	while (s->argument < ARG_OTHER) {
		struct textpart argument = next_argument(&line->text, &at);
		struct textpart inner = unquoted(&argument);

		if (argument.len == 0)
			return;
		if (is_literal(&argument)) {
			if (s->argument == ARG_USER)
				a->state->user_len = 0;
			return;
		}
		if (s->argument == ARG_USER) {
			app_set_user(a, &inner);
			app_part(a, ID(IMAP_REQUEST_USERNAME), &argument, 0);
		} else {
			app_part(a, ID(IMAP_REQUEST_PASSWORD), &inner, 0);
		}
		s->argument++;
	}
}

/* Which argument names a folder, from 1; 0: none. */
static unsigned folder_argument(const char *name)
{
	static const char *const first[] = {"SELECT", "EXAMINE",   "CREATE",
					    "DELETE", "RENAME",    "STATUS",
					    "APPEND", "SUBSCRIBE", "UNSUBSCRIBE"};

	for (size_t i = 0; i < sizeof(first) / sizeof(first[0]); i++)
		if (!strcmp(name, first[i]))
			return 1;
	return !strcmp(name, "COPY") || !strcmp(name, "MOVE") ? 2 : 0;
}

static void command_arguments(struct app *a, const struct textline *line, uint32_t at)
{
	struct imap_state *s = state_of(a);
	struct textpart argument = {NULL, 0, 0};

	if (!strcmp(s->command, "LOGIN")) {
		s->argument = ARG_USER;
		login_arguments(a, line, at);
	} else if (!strcmp(s->command, "AUTHENTICATE")) {
		argument = textpart_word(&line->text, &at);
		sasl_begin(&a->state->sasl, &argument);
		argument = textpart_word(&line->text, &at); /* RFC 4959 */
		sasl_line(&a->state->sasl, &argument, a->state->user, APP_USER_MAX,
			  &a->state->user_len);
	} else if (folder_argument(s->command)) {
		for (unsigned n = folder_argument(s->command); n > 0; n--)
			argument = next_argument(&line->text, &at);
		if (argument.len && !is_literal(&argument))
			app_part(a, ID(IMAP_REQUEST_FOLDER), &argument, 0);
	}
}

static bool is_login(const char *command)
{
	return !strcmp(command, "LOGIN") || !strcmp(command, "AUTHENTICATE");
}

/* A visible field and its hidden alias (imap.tag beside imap.request_tag). */
static void twice(struct app *a, uint16_t id, uint16_t alias, const struct textpart *part,
		  const struct textpart *alias_part)
{
	app_part(a, id, part, 0);
	app_part(a, alias, alias_part, FIELD_HIDDEN);
}

static void client_command(struct app *a, const struct textline *line)
{
	struct imap_state *s = state_of(a);
	struct textpart whole = textline_whole(line);
	uint32_t at = 0, first = a->r->nfields;
	struct textpart tag = textpart_word(&line->text, &at);
	struct textpart command = textpart_word(&line->text, &at), word = command;
	uint64_t hash = tag_hash(&tag);
	bool uid = textpart_is(&command, "UID");
	uint8_t flags;

	if (uid)
		command = textpart_word(&line->text, &at);
	app_command_name(&command, s->command);
	flags = is_login(s->command) ? FIELD_SECRET : 0;
	app_part(a, ID(IMAP_LINE), &whole, flags);
	a->r->cur_depth++;
	app_part(a, ID(IMAP_REQUEST), &line->text, flags);
	twice(a, ID(IMAP_REQUEST_TAG), ID(IMAP_TAG), &tag, &tag);
	if (uid)
		app_flag(a, ID(IMAP_REQUEST_UID), true);
	if (command.len)
		twice(a, ID(IMAP_REQUEST_COMMAND), ID(IMAP_COMMAND), &command, &word);
	command_arguments(a, line, at);
	a->r->cur_depth--;
	app_text(a, ID(TT_COMMAND), s->command, strlen(s->command));
	if (is_login(s->command))
		app_user(a, ID(TT_USER));
	remember_tag(a, hash);
	app_mark(a, EXCHANGE_REQUEST, hash, first);
}

/* The line goes on after a literal, or answers a challenge of the login exchange. */
static void client_more(struct app *a, const struct textline *line)
{
	struct imap_state *s = state_of(a);
	struct textpart whole = textline_whole(line);
	bool login = is_login(s->command) || line->tail;

	app_part(a, ID(IMAP_LINE), &whole, login ? FIELD_SECRET : 0);
	if (!strcmp(s->command, "LOGIN")) {
		a->r->cur_depth++;
		login_arguments(a, line, 0);
		a->r->cur_depth--;
	} else if (a->state->in_sasl) {
		sasl_line(&a->state->sasl, &line->text, a->state->user, APP_USER_MAX,
			  &a->state->user_len);
	}
	if (login)
		app_user(a, ID(TT_USER));
	a->state->in_sasl = false;
}

static void client(struct app *a, const struct textline *line)
{
	bool more = state_of(a)->goes_on[0] || a->state->in_sasl || line->tail;

	if (more)
		client_more(a, line);
	else
		client_command(a, line);
	find_literal(a, line);
}

/* Bytes of a literal: in LOGIN the user name or the password, else mail or a name. */
static void literal(struct app *a, const struct textpart *part)
{
	struct imap_state *s = state_of(a);
	struct app_state *app = a->state;
	bool login = a->from_client && !strcmp(s->command, "LOGIN") && s->argument < ARG_OTHER;
	uint32_t room = (uint32_t)(APP_USER_MAX - app->user_len);

	if (!login) {
		field_add_none(a->r, ID(TT_LITERAL), part->off, part->len);
		return;
	}
	if (s->argument == ARG_USER) {
		app_part(a, ID(IMAP_REQUEST_USERNAME), part, 0);
		memcpy(app->user + app->user_len, part->p, part->len < room ? part->len : room);
		app->user_len = (uint8_t)(app->user_len + (part->len < room ? part->len : room));
	} else {
		app_part(a, ID(IMAP_REQUEST_PASSWORD), part, 0);
	}
	if (app->raw[0] == 0)
		s->argument++;
}

/* Words of a capability list, wherever it stands. */
static void learn_abilities(struct app *a, const struct textpart *text)
{
	struct imap_state *s = state_of(a);

	if (!textpart_starts(text, "CAPABILITY") && !textpart_starts(text, "[CAPABILITY"))
		return;
	s->knows_abilities = true;
	s->starttls = textpart_has(text, " STARTTLS");
	s->login_disabled = textpart_has(text, " LOGINDISABLED");
	app_flag(a, ID(TT_STARTTLS_OFFERED), s->starttls);
	app_flag(a, ID(TT_LOGIN_DISABLED), s->login_disabled);
}

/* "[CODE more] words" after a status: the code's first word. */
static void add_code(struct app *a, const struct textpart *text)
{
	uint32_t n = 1;

	if (text->len < 2 || text->p[0] != '[')
		return;
	while (n < text->len && text->p[n] != ']' && text->p[n] != ' ')
		n++;
	app_text(a, ID(TT_CODE), (const char *)text->p + 1, n - 1);
}

static void untagged(struct app *a, const struct textpart *text, uint32_t at)
{
	struct textpart body = textpart_rest(text, at);
	struct textpart word = textpart_word(text, &at);
	struct textpart rest = textpart_rest(text, at);
	bool first = !a->state->greeted && !(a->r->conv && a->r->conv->mid_stream);

	learn_abilities(a, &body);
	app_text(a, ID(TT_UNTAGGED), (const char *)word.p, word.len < 32 ? word.len : 32);
	add_code(a, &rest);
	learn_abilities(a, &rest);
	if (first)
		app_flag(a, ID(TT_GREETING), true);
	a->state->greeted = true;
}

static void tagged_facts(struct app *a, const struct app_pending *command, bool good)
{
	struct imap_state *s = state_of(a);

	app_text(a, ID(TT_COMMAND), command->name, strlen(command->name));
	a->state->in_sasl = false;
	if (is_login(command->name)) {
		app_user(a, ID(TT_USER));
		if (s->knows_abilities)
			app_flag(a, ID(TT_LOGIN_DISABLED), s->login_disabled);
	}
	if (good && !strcmp(command->name, "STARTTLS"))
		app_encrypted(a);
}

static void tagged(struct app *a, const struct textline *line, const struct textpart *tag,
		   uint32_t at, uint32_t first)
{
	struct textpart status = textpart_word(&line->text, &at);
	struct textpart rest = textpart_rest(&line->text, at);
	struct textpart word = textpart_word(&line->text, &at);
	uint64_t hash = tag_hash(tag);
	struct app_pending command;
	uint8_t flags = app_identity(a, &line->text);
	bool known = recall_tag(a, hash, &command);

	a->r->cur_depth++;
	app_part(a, ID(IMAP_RESPONSE), &line->text, flags);
	twice(a, ID(IMAP_RESPONSE_TAG), ID(IMAP_TAG), tag, tag);
	if (status.len)
		app_part(a, ID(IMAP_RESPONSE_STATUS), &status, 0);
	if (word.len)
		twice(a, ID(IMAP_RESPONSE_COMMAND), ID(IMAP_COMMAND), &word, &word);
	a->r->cur_depth--;
	add_code(a, &rest);
	learn_abilities(a, &rest);
	if (known)
		tagged_facts(a, &command, textpart_is(&status, "OK"));
	app_mark(a, EXCHANGE_RESPONSE, hash, first);
}

/* "+": the server waits for more of the command (RFC 9051 section 7.6). */
static void go_on(struct app *a, const struct textline *line, const struct textpart *plus)
{
	const struct app_state *s = a->state;
	const struct app_pending *last = s->npending ? &s->pending[s->npending - 1] : NULL;

	a->r->cur_depth++;
	app_part(a, ID(IMAP_RESPONSE), &line->text, 0);
	twice(a, ID(IMAP_RESPONSE_TAG), ID(IMAP_TAG), plus, plus);
	a->r->cur_depth--;
	a->state->in_sasl = last && !strcmp(last->name, "AUTHENTICATE");
}

static void server(struct app *a, const struct textline *line)
{
	struct textpart whole = textline_whole(line);
	uint32_t at = 0, first = a->r->nfields;
	struct textpart tag = textpart_word(&line->text, &at);
	bool goes_on = state_of(a)->goes_on[1] || line->tail;

	app_part(a, ID(IMAP_LINE), &whole, app_identity(a, &line->text));
	find_literal(a, line);
	if (goes_on)
		return;
	if (textpart_is(&tag, "*"))
		untagged(a, &line->text, at);
	else if (textpart_is(&tag, "+"))
		go_on(a, line, &tag);
	else {
		tagged(a, line, &tag, at, first);
		return;
	}
	app_mark(a, EXCHANGE_EVENT, 0, first);
}

static const struct hang on[] = {{ON_TCP_PORT, 143}, {ON_NOTHING, 0}};

static const struct app_proto imap = {
	.id = PROTO_imap,
	.on = on,
	.state_size = sizeof(struct imap_state),
	.reply_like = reply_like,
	.begin = begin,
	.client = client,
	.server = server,
	.raw = literal,
};

_Static_assert(sizeof(struct imap_state) <= CONV_APP_STATE, "fits in the conversation");

static void decode(struct decoder *d, struct record *r, struct cursor *c)
{
	app_decode(d, r, c, &imap);
}

static bool looks(const struct record *r, const uint8_t *bytes, uint32_t n)
{
	struct textpart all = {bytes, 0, n < 512 ? n : 512};

	return r->flow.ip_proto == 6 &&
	       (textpart_starts(&all, "* OK ") || textpart_starts(&all, "* PREAUTH ") ||
		(textpart_starts(&all, "* BYE ") && textpart_has(&all, "IMAP")));
}

const struct proto_def proto_imap = {
	.name = "imap",
	.label = "Internet Message Access Protocol",
	.prefix = "IMAP",
	.fields = rows,
	.nfields = IMAP_ROWS,
	.on = on,
	.decode = decode,
	.looks = looks,
	.lines = app_no_lines,
	.ascii = true,
	.blurb = "Reads and sorts mail that stays on the mail server.",
	.see = "RFC 9051",
};
