/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Telnet is a terminal on another computer, without encryption: what is typed and what is shown,
 * and between them commands that begin with the byte 255. RFC 854, 855; options RFC 1091 (terminal
 * type), 1073 (window size), 1096 (X display), 1372 (flow control). Hangs at TCP port 23, and 2323,
 * which devices use.
 */
#include "src/decode/apptext.h"
#include "src/decode/telnet.h"

#define IAC        255u
#define SB         250u
#define WILL       251u
#define DONT       254u
#define PROMPT_MAX 48 /* bytes of the server's last line that are kept */
#define USER_MAX   40
#define PENDING    2048 /* a suboption longer than that is taken as it is */

enum option { TERMINAL_TYPE = 24, WINDOW_SIZE = 31, FLOW_CONTROL = 33, X_DISPLAY = 35 };

/* What the client's next line answers. */
enum asked { ASKED_NOTHING, ASKED_USER, ASKED_PASSWORD };

struct telnet_state {
	uint8_t asked;   /* enum asked */
	bool after_user; /* the name was given: whatever is asked next is the password */
	bool judged;     /* a password was sent: the server's next words tell what it is worth */
	uint8_t nprompt, nuser;
	char prompt[PROMPT_MAX], user[USER_MAX];
};
_Static_assert(sizeof(struct telnet_state) <= CONV_APP_STATE, "fits in the conversation");

struct telnet {
	struct decoder *d;
	struct record *r;
	struct cursor *c;
	struct telnet_state *state;
	bool from_client;
};

/* --- commands --- */

static void part(struct telnet *t, uint16_t row, uint32_t from, uint32_t to)
{
	if (to > from)
		field_add_bytes(t->r, TELNET_ID(row), from, to - from);
}

static void byte_at(struct telnet *t, uint16_t row, uint32_t at)
{
	field_add_uint(t->r, TELNET_ID(row), at, 1, t->c->base[at]);
}

/* The data of a suboption at from..to. */
static void suboption(struct telnet *t, uint8_t option, uint32_t from, uint32_t to)
{
	if ((option == TERMINAL_TYPE || option == X_DISPLAY) && to > from) {
		byte_at(t, TELNET_SUBCMD, from);
		part(t, TELNET_STRING, from + 1, to);
	} else if (option == WINDOW_SIZE && to - from == 4) {
		struct cursor in = cursor_make(t->c->base, from, to, to);

		walk(t->r, &in, TELNET_ID(TELNET_WIDTH), TELNET_ID(TELNET_HEIGHT));
	} else if (option == FLOW_CONTROL && to - from == 1) {
		byte_at(t, TELNET_FLOW, from);
	} else {
		part(t, TELNET_OPTION_DATA, from, to);
	}
}

/* Offset of the IAC that ends the suboption; a doubled one is data (RFC 855). The end if there is
 * none. */
static uint32_t suboption_end(const struct cursor *c, uint32_t at)
{
	for (; at + 1 < c->captured; at++) {
		if (c->base[at] != IAC)
			continue;
		if (c->base[at + 1] != IAC)
			return at;
		at++;
	}
	return c->captured;
}

/* Bytes of the command that begins here; more than there are if it is not complete. What ends a
 * suboption is a command of its own. */
static uint32_t command_size(const struct cursor *c)
{
	uint32_t left = cursor_left(c), end;
	uint8_t command = left > 1 ? c->base[c->pos + 1] : 0;

	if (left < 2)
		return 2;
	if (command == SB) {
		end = left > 3 ? suboption_end(c, c->pos + 3) : c->captured;
		return end < c->captured ? end - c->pos : left + 1;
	}
	return command >= WILL && command <= DONT ? 3 : 2;
}

static void command(struct telnet *t)
{
	uint32_t at = t->c->pos, left = cursor_left(t->c), size = command_size(t->c);

	size = size < left ? size : left;
	if (size > 1)
		byte_at(t, TELNET_CMD, at + 1);
	t->r->cur_depth++;
	if (size > 2)
		byte_at(t, TELNET_SUBCMD, at + 2);
	if (size > 3)
		suboption(t, t->c->base[at + 2], at + 3, at + size);
	t->r->cur_depth--;
	cursor_skip(t->c, size);
}

/* --- the login --- */

static bool prompt_has(const struct telnet_state *s, const char *const *words)
{
	struct textpart prompt = {(const uint8_t *)s->prompt, 0, s->nprompt};

	for (; *words; words++)
		if (textpart_has(&prompt, *words))
			return true;
	return false;
}

/* What does the server's unfinished line ask for? */
static void read_prompt(struct telnet_state *s)
{
	static const char *const passwords[] = {"assword",    "passwd",   "passphrase",
						"passcode",   "pin:",     "secret",
						"kennwort",   "passwort", "mot de passe",
						"contrase",   "senha",    "parola",
						"wachtwoord", "haslo",    NULL};
	static const char *const users[] = {
		"login:", "login :", "user", "account:", "name:", "benutzer", "usuario", NULL};

	if (!s->nprompt)
		return;
	if (prompt_has(s, passwords) || (s->after_user && s->asked != ASKED_USER))
		s->asked = ASKED_PASSWORD;
	else if (prompt_has(s, users))
		s->asked = ASKED_USER;
	if (s->asked == ASKED_USER && !s->after_user)
		s->judged = false;
}

/* Keep the last line of what the server shows. */
static void keep_prompt(struct telnet_state *s, const struct textpart *line, bool ended)
{
	if (ended) {
		s->nprompt = 0;
		return;
	}
	for (uint32_t i = 0; i < line->len; i++) {
		if (s->nprompt == PROMPT_MAX)
			memmove(s->prompt, s->prompt + 1, --s->nprompt);
		s->prompt[s->nprompt++] = (char)line->p[i];
	}
}

static bool refuses(const struct textpart *line)
{
	static const char *const words[] = {"incorrect",           "login failed",
					    "authentication fail", "denied",
					    "bad password",        "invalid password",
					    "invalid login",       "login invalid",
					    "wrong password",      NULL};

	for (const char *const *w = words; *w; w++)
		if (textpart_has(line, *w))
			return true;
	return false;
}

static void user_fact(struct telnet *t)
{
	if (t->state->nuser)
		field_gen_text(t->r, TELNET_ID(TT_USER), t->state->user, t->state->nuser);
}

/* The client typed this; it may be a letter at a time. */
static uint8_t client_line(struct telnet *t, const struct textpart *line, bool ended)
{
	struct telnet_state *s = t->state;
	uint8_t asked = s->asked;

	if (asked == ASKED_USER)
		for (uint32_t i = 0; i < line->len && s->nuser < USER_MAX; i++)
			if (line->p[i] > ' ' && line->p[i] < 0x7F)
				s->user[s->nuser++] = (char)line->p[i];
	if (ended) {
		s->after_user = asked == ASKED_USER;
		s->judged |= asked == ASKED_PASSWORD;
		s->asked = ASKED_NOTHING;
		s->nprompt = 0;
	}
	return asked == ASKED_PASSWORD ? FIELD_SECRET : asked == ASKED_USER ? FIELD_IDENTITY : 0;
}

/* The server shows this. What it shows while a password is typed is the password. */
static uint8_t server_line(struct telnet *t, const struct textpart *line, bool ended)
{
	struct telnet_state *s = t->state;
	bool typed = s->asked == ASKED_PASSWORD && !ended && line->len;

	if (s->judged && refuses(line)) {
		field_gen_uint(t->r, TELNET_ID(TT_REFUSED), 1);
		user_fact(t);
		s->judged = false;
		s->after_user = false;
	}
	keep_prompt(s, line, ended);
	if (typed)
		return FIELD_SECRET;
	if (!ended) {
		bool before = s->asked;

		read_prompt(s);
		if (s->asked == ASKED_USER && !before)
			s->nuser = 0;
	}
	return 0;
}

/* --- text --- */

/* Bytes of text from here to the end of the line, the next command, or the end. */
static uint32_t text_size(const struct cursor *c, bool *ended)
{
	uint32_t i = c->pos;

	*ended = false;
	for (; i < c->captured && !*ended; i++) {
		uint8_t b = c->base[i];

		if (b == IAC) {
			if (i + 1 >= c->captured || c->base[i + 1] != IAC)
				break;
			i++; /* two of them are one byte of text */
		} else if (b == '\n' || (b == 0 && i > c->pos && c->base[i - 1] == '\r')) {
			*ended = true;
		}
	}
	return i - c->pos;
}

static void text(struct telnet *t)
{
	bool ended;
	uint32_t n = text_size(t->c, &ended), at = t->c->pos, shown = n;
	struct textpart line = {t->c->base + at, at, n};
	struct field *f;
	uint8_t flags;

	ended |= n && t->from_client && line.p[n - 1] == '\r';
	if (n && line.p[n - 1] == 0) /* the zero behind a CR is no text */
		shown--;
	f = field_add_value(t->r, TELNET_ID(TELNET_DATA), at, n, line.p, shown);
	f->flags |= FIELD_IDENTITY;
	flags = t->from_client ? client_line(t, &line, ended) : server_line(t, &line, ended);
	/* Facts may have been added behind it. */
	for (uint32_t i = t->r->nfields; i-- > 0;)
		if (t->r->fields[i].id == TELNET_ID(TELNET_DATA) && t->r->fields[i].off == at) {
			t->r->fields[i].flags |= flags;
			break;
		}
	if (flags == FIELD_SECRET && t->from_client)
		field_gen_uint(t->r, TELNET_ID(TT_PASSWORD), 1);
	cursor_skip(t->c, n);
}

static void decode(struct decoder *d, struct record *r, struct cursor *c)
{
	struct layer *layer = NULL;
	struct telnet t = {d, r, c, conv_state(r, PROTO_telnet, sizeof(struct telnet_state)),
			   conv_from_client(r->conv, r->from_a)};
	bool final = r->payload.last || c->captured < c->reported;

	while (cursor_left(c) && decode_step(d)) {
		bool is_command = c->base[c->pos] == IAC &&
				  !(cursor_left(c) > 1 && c->base[c->pos + 1] == IAC);

		if (is_command && command_size(c) > cursor_left(c) && !final &&
		    cursor_left(c) < PENDING) {
			c->need_more = true;
			break;
		}
		if (!layer)
			layer = layer_open(r, PROTO_telnet, c);
		if (is_command)
			command(&t);
		else
			text(&t);
	}
	if (layer)
		layer_close(r, layer, c->pos);
	if (c->captured < c->reported)
		r->snapped = true;
}

/* On other ports: the first bytes offer or ask for an option that is usual at the beginning. */
static bool looks(const struct record *r, const uint8_t *p, uint32_t n)
{
	uint32_t at = 0, options = 0;

	if (r->flow.ip_proto != 6)
		return false;
	while (at + 3 <= n && p[at] == IAC && p[at + 1] >= WILL && p[at + 1] <= DONT &&
	       value_name(telnet_options, p[at + 2])) {
		at += 3;
		options++;
	}
	return options >= 2 && (at == n || p[at] == IAC || p[at] == '\r');
}

static const struct hang on[] = {{ON_TCP_PORT, 23}, {ON_TCP_PORT, 2323}, {ON_NOTHING, 0}};

const struct proto_def proto_telnet = {
	.name = "telnet",
	.label = "Telnet",
	.prefix = "TELNET",
	.fields = telnet_rows,
	.nfields = TELNET_ROWS,
	.on = on,
	.decode = decode,
	.looks = looks,
	.lines = app_no_lines,
	.blurb = "A terminal on another computer, without encryption.",
	.see = "RFC 854",
};
