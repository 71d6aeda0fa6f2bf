/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * FTP moves files: commands and replies go over one connection, each file over another one whose
 * address and port the two sides tell each other first.
 * RFC 959, 2228 and 4217 (AUTH TLS), 2428 (EPRT, EPSV).
 * Hangs at TCP port 21.
 */
#include "src/decode/apptext.h"
#include "src/decode/ftp.h"

#define ID(row) FIELD_ID(PROTO_ftp, row)

struct ftp_state {
	struct app_state app;
	uint16_t code; /* of the reply of several lines that is coming; 0: none */
	/* Folder at the server, and the one that is asked for; NUL-terminated. */
	char directory[FTP_DIRECTORY_MAX], wanted[FTP_DIRECTORY_MAX];
};

static struct ftp_state *state_of(const struct app *a)
{
	return (struct ftp_state *)a->state;
}

static bool reply_like(const struct textpart *line)
{
	struct textpart head = textpart_slice(line, 0, 4);
	uint32_t code;

	return textpart_reply_code(&head, &code) && code >= 100 && code < 700;
}

static void begin(struct app *a)
{
	uint32_t off = a->layer ? a->layer->off : 0;

	field_add_uint(a->r, ID(FTP_REQUEST), off, 0, a->from_client)->flags |= FIELD_HIDDEN;
	field_add_uint(a->r, ID(FTP_RESPONSE), off, 0, !a->from_client)->flags |= FIELD_HIDDEN;
}

/* "192,0,2,1,4,1" from *at on (RFC 959 section 4.1.2): address and port, with the bytes of each. */
struct host_port {
	struct textpart ip_text, port_text;
	uint32_t ip;
	uint16_t port;
};

static bool six_numbers(const struct textpart *text, uint32_t at, struct host_port *hp)
{
	uint32_t v[6], ends[6], start = at;

	for (int i = 0; i < 6; i++) {
		if (!textpart_number(text, &at, &v[i]) || v[i] > 255)
			return false;
		ends[i] = at;
		if (i < 5 && (at >= text->len || text->p[at++] != ','))
			return false;
	}
	hp->ip = v[0] << 24 | v[1] << 16 | v[2] << 8 | v[3];
	hp->port = (uint16_t)(v[4] << 8 | v[5]);
	hp->ip_text = textpart_slice(text, start, ends[3]);
	hp->port_text = textpart_slice(text, ends[3] + 1, ends[5]);
	return true;
}

/* Is it another address than the one the packet comes from? */
static bool other_address(const struct app *a, uint32_t ip)
{
	const uint8_t *src = a->r->flow.src.addr;

	return a->r->flow.family == 4 && ip != ((uint32_t)src[0] << 24 | (uint32_t)src[1] << 16 |
						(uint32_t)src[2] << 8 | src[3]);
}

/* Somebody waits for the data connection: at the address that was told, and where that is another
 * one than the sender's (address translation), at the sender's, too. */
static void announce(struct app *a, const uint8_t *addr, uint32_t n, uint16_t port,
		     const char *method)
{
	struct endpoint at = a->r->flow.src;

	at.port = port;
	ftp_data_announce(a->d, a->r, &at, method);
	if (memcmp(at.addr, addr, n) == 0)
		return;
	memcpy(at.addr, addr, n);
	ftp_data_announce(a->d, a->r, &at, method);
}

static void announce4(struct app *a, uint32_t ip, uint16_t port, const char *method)
{
	const uint8_t addr[4] = {(uint8_t)(ip >> 24), (uint8_t)(ip >> 16), (uint8_t)(ip >> 8),
				 (uint8_t)ip};

	if (a->r->flow.family == 4)
		announce(a, addr, 4, port, method);
}

/* PORT or the reply to PASV: rows ip, port, nat follow each other in the table. */
static void add_host_port(struct app *a, const struct textpart *text, uint16_t ip_row)
{
	struct host_port hp;
	uint32_t at = 0;

	for (; at < text->len; at++) {
		if (text->p[at] < '0' || text->p[at] > '9')
			continue;
		if (six_numbers(text, at, &hp))
			break;
		while (at < text->len && text->p[at] >= '0' && text->p[at] <= '9')
			at++;
	}
	if (at >= text->len)
		return;
	app_number(a, ID(ip_row), &hp.ip_text, hp.ip);
	app_number(a, ID(ip_row + 1), &hp.port_text, hp.port);
	if (other_address(a, hp.ip))
		app_flag(a, ID(ip_row + 2), true);
	announce4(a, hp.ip, hp.port, ip_row == FTP_ACTIVE_IP ? "PORT" : "PASV");
}

/* The n-th part (from 0) between delimiters: "|1|192.0.2.1|5000|". */
static struct textpart between(const struct textpart *text, unsigned n)
{
	uint32_t from = 1, to;

	for (;; from = to + 1) {
		for (to = from; to < text->len && text->p[to] != text->p[0]; to++)
			;
		if (n-- == 0 || to >= text->len)
			return textpart_slice(text, from, to);
	}
}

static bool ipv4_text(const struct textpart *text, uint32_t *ip)
{
	uint32_t at = 0, v;

	*ip = 0;
	for (int i = 0; i < 4; i++) {
		if (!textpart_number(text, &at, &v) || v > 255)
			return false;
		*ip = *ip << 8 | v;
		if (i < 3 && (at >= text->len || text->p[at++] != '.'))
			return false;
	}
	return at == text->len;
}

static int hex_digit(uint8_t c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* RFC 4291 section 2.2, without the form that ends in IPv4's dots. */
static bool ipv6_text(const struct textpart *text, uint8_t out[16])
{
	unsigned n = 0, gap = 8;
	uint16_t groups[8] = {0};

	for (uint32_t i = 0; i < text->len;) {
		unsigned digits = 0;

		if (i + 1 < text->len && text->p[i] == ':' && text->p[i + 1] == ':') {
			if (gap < 8)
				return false;
			gap = n;
			i += 2;
			continue;
		}
		if (n == 8 || (i > 0 && text->p[i] == ':' && ++i >= text->len))
			return false;
		for (; i < text->len && hex_digit(text->p[i]) >= 0 && digits < 4; digits++)
			groups[n] = (uint16_t)(groups[n] << 4 | hex_digit(text->p[i++]));
		if (digits == 0)
			return false;
		n++;
	}
	if (gap == 8 && n != 8)
		return false;
	memset(out, 0, 16);
	for (unsigned i = 0; i < n; i++) {
		unsigned to = i < gap ? i : i + 8 - n;

		out[2 * to] = (uint8_t)(groups[i] >> 8);
		out[2 * to + 1] = (uint8_t)groups[i];
	}
	return true;
}

/* EPRT |1|192.0.2.1|5000| (RFC 2428 section 2) */
static void add_eprt(struct app *a, const struct textpart *argument)
{
	struct textpart family = between(argument, 0), host = between(argument, 1),
			port = between(argument, 2);
	uint32_t at = 0, af, ip = 0, n;
	uint8_t ip6[16];
	bool six = false;

	if (!textpart_number(&family, &at, &af) || af > 255)
		return;
	app_number(a, ID(FTP_EPRT_AF), &family, af);
	if (af == 1 && ipv4_text(&host, &ip))
		app_number(a, ID(FTP_EPRT_IP), &host, ip);
	else if ((six = af == 2 && ipv6_text(&host, ip6)))
		field_add_value(a->r, ID(FTP_EPRT_IPV6), host.off, host.len,
				arena_copy(&a->r->arena, ip6, 16), 16);
	at = 0;
	if (!textpart_number(&port, &at, &n) || n > 65535)
		return;
	app_number(a, ID(FTP_EPRT_PORT), &port, n);
	if (six && a->r->flow.family == 6)
		announce(a, ip6, 16, (uint16_t)n, "EPRT");
	else if (ip)
		announce4(a, ip, (uint16_t)n, "EPRT");
}

/* 229 Entering Extended Passive Mode (|||6446|): same address as this connection's server. */
static void add_epsv(struct app *a, const struct textpart *words)
{
	const struct flow *flow = &a->r->flow;
	const uint8_t *open = words->len ? memchr(words->p, '(', words->len) : NULL;
	struct textpart inside, port;
	uint32_t at = 0, n;

	if (!open)
		return;
	inside = textpart_slice(words, (uint32_t)(open - words->p) + 1, words->len);
	port = between(&inside, 2);
	if (!textpart_number(&port, &at, &n) || n > 65535)
		return;
	if (flow->family == 6)
		field_add_value(a->r, ID(FTP_EPSV_IPV6), port.off, 0, flow->src.addr, 16)->flags |=
			FIELD_GENERATED;
	else if (flow->family == 4)
		field_gen_uint(a->r, ID(FTP_EPSV_IP),
			       (uint32_t)flow->src.addr[0] << 24 |
				       (uint32_t)flow->src.addr[1] << 16 |
				       (uint32_t)flow->src.addr[2] << 8 | flow->src.addr[3]);
	app_number(a, ID(FTP_EPSV_PORT), &port, n);
	announce(a, flow->src.addr, 16, (uint16_t)n, "EPASV");
}

/* A folder's name, if there is room for it. */
static void keep_name(char *to, const uint8_t *p, uint32_t n)
{
	if (n >= FTP_DIRECTORY_MAX)
		n = 0;
	memcpy(to, p, n);
	to[n] = '\0';
}

/* One up, or below the present folder unless the name begins at the root. */
static void wanted_folder(struct ftp_state *s, const struct textpart *name)
{
	size_t have = strlen(s->directory);
	bool slash = have && s->directory[have - 1] == '/';

	s->wanted[0] = '\0';
	if (textpart_starts(name, "/") || !have) {
		keep_name(s->wanted, name->p, name->len);
	} else if (have + name->len + 2 <= FTP_DIRECTORY_MAX) {
		memcpy(s->wanted, s->directory, have);
		if (!slash)
			s->wanted[have++] = '/';
		keep_name(s->wanted + have, name->p, name->len);
	}
}

/* What replies tell of the folder: 257 "/home" (RFC 959 appendix II), 250 to CWD. */
static void folder_reply(struct app *a, const char *name, uint32_t code,
			 const struct textpart *words)
{
	struct ftp_state *s = state_of(a);
	const uint8_t *from = words->len ? memchr(words->p, '"', words->len) : NULL, *to;

	if (code == 257 && (!strcmp(name, "PWD") || !strcmp(name, "XPWD")) && from) {
		from++;
		to = memchr(from, '"', (size_t)(words->p + words->len - from));
		if (to)
			keep_name(s->directory, from, (uint32_t)(to - from));
	} else if (code == 250 && (!strcmp(name, "CWD") || !strcmp(name, "XCWD")) && *s->wanted) {
		memcpy(s->directory, s->wanted, sizeof(s->directory));
	}
}

/* Commands whose data go over a connection of their own (RFC 959 section 4.1.3, RFC 3659). */
static bool moves_data(const char *name)
{
	static const char *const names[] = {"RETR", "STOR", "STOU", "APPE",
					    "LIST", "NLST", "MLSD", NULL};

	for (unsigned i = 0; names[i]; i++)
		if (!strcmp(names[i], name))
			return true;
	return false;
}

static uint8_t argument_secrecy(struct app *a, const char *name, const struct textpart *argument)
{
	if (!strcmp(name, "USER")) {
		app_set_user(a, argument);
		return FIELD_IDENTITY;
	}
	return !strcmp(name, "PASS") || !strcmp(name, "ACCT") || !strcmp(name, "ADAT")
		       ? FIELD_SECRET
		       : 0;
}

static bool tells_user(const char *name)
{
	return !strcmp(name, "USER") || !strcmp(name, "PASS") || !strcmp(name, "ACCT");
}

static void client(struct app *a, const struct textline *line)
{
	uint32_t at = 0, first = a->r->nfields;
	struct textpart command = textpart_word(&line->text, &at);
	struct textpart argument = textpart_rest(&line->text, at);
	char name[APP_COMMAND_MAX];

	if (line->tail) {
		app_part(a, ID(FTP_REQUEST_ARG), &line->text, FIELD_SECRET);
		return;
	}
	app_command_name(&command, name);
	app_part(a, ID(FTP_REQUEST_COMMAND), &command, 0);
	if (argument.len)
		app_part(a, ID(FTP_REQUEST_ARG), &argument, argument_secrecy(a, name, &argument));
	if (!strcmp(name, "PORT"))
		add_host_port(a, &argument, FTP_ACTIVE_IP);
	else if (!strcmp(name, "EPRT") && argument.len)
		add_eprt(a, &argument);
	else if (!strcmp(name, "CWD") || !strcmp(name, "XCWD"))
		wanted_folder(state_of(a), &argument);
	if (moves_data(name))
		ftp_data_command(a->d, a->r, line->text.p, line->text.len, state_of(a)->directory);
	app_text(a, ID(TT_COMMAND), name, strlen(name));
	if (tells_user(name))
		app_user(a, ID(TT_USER));
	app_sent(a, name, 0);
	app_mark(a, EXCHANGE_REQUEST, 0, first);
}

static void reply_facts(struct app *a, const char *name, uint32_t code)
{
	app_text(a, ID(TT_COMMAND), name, strlen(name));
	if (tells_user(name)) {
		app_user(a, ID(TT_USER));
		app_user_frame(a, ID(TT_USER_FRAME));
	}
	if (!strcmp(name, "AUTH") && code == 234)
		app_encrypted(a);
}

/* The last line of a reply. 1xx says that the command began: its real reply is still to come. */
static void end_reply(struct app *a, uint32_t code, const struct textpart *words)
{
	enum exchange_role role = EXCHANGE_EVENT;
	struct app_pending command;

	if (code < 200) {
		if (app_waiting(a))
			reply_facts(a, app_waiting(a)->name, code);
	} else if (app_answered(a, &command)) {
		reply_facts(a, command.name, code);
		folder_reply(a, command.name, code, words);
		role = EXCHANGE_RESPONSE;
	} else if (!a->state->greeted && !(a->r->conv && a->r->conv->mid_stream)) {
		app_flag(a, ID(TT_GREETING), true);
	}
	a->state->greeted = true;
	app_mark(a, role, 0, a->reply_first);
}

static void server(struct app *a, const struct textline *line)
{
	struct ftp_state *s = state_of(a);
	struct textpart digits = textpart_slice(&line->text, 0, 3);
	struct textpart words = textpart_slice(&line->text, 4, line->text.len);
	uint32_t code;
	bool more;

	if (line->tail || !textpart_reply_code(&line->text, &code) ||
	    (s->code && code != s->code)) {
		app_part(a, ID(FTP_RESPONSE_ARG), &line->text, app_identity(a, &line->text));
		return;
	}
	more = line->text.len > 3 && line->text.p[3] == '-';
	if (!s->code)
		a->reply_first = a->r->nfields;
	app_number(a, ID(FTP_RESPONSE_CODE), &digits, code);
	if (words.len)
		app_part(a, ID(FTP_RESPONSE_ARG), &words, app_identity(a, &words));
	if (code == 227)
		add_host_port(a, &words, FTP_PASSIVE_IP);
	else if (code == 229)
		add_epsv(a, &words);
	s->code = more ? (uint16_t)code : 0;
	if (!more)
		end_reply(a, code, &words);
}

static const struct hang on[] = {{ON_TCP_PORT, 21}, {ON_NOTHING, 0}};

static const struct app_proto ftp = {
	.id = PROTO_ftp,
	.on = on,
	.state_size = sizeof(struct ftp_state),
	.reply_like = reply_like,
	.begin = begin,
	.client = client,
	.server = server,
};

_Static_assert(sizeof(struct ftp_state) <= CONV_APP_STATE, "fits in the conversation");

static void decode(struct decoder *d, struct record *r, struct cursor *c)
{
	const struct ftp_state *s;

	app_decode(d, r, c, &ftp);
	if (!r->nlayers || r->layers[r->nlayers - 1].proto != PROTO_ftp)
		return;
	s = conv_state(r, PROTO_ftp, sizeof(struct ftp_state));
	field_gen_text(r, ID(FTP_DIRECTORY), s->directory, strlen(s->directory));
}

static bool looks(const struct record *r, const uint8_t *bytes, uint32_t n)
{
	struct textpart all = {bytes, 0, n < 512 ? n : 512};

	return r->flow.ip_proto == 6 &&
	       (textpart_starts(&all, "220 ") || textpart_starts(&all, "220-")) &&
	       (textpart_has(&all, "FTP") || textpart_has(&all, "FileZilla")) &&
	       !textpart_has(&all, "SMTP");
}

const struct proto_def proto_ftp = {
	.name = "ftp",
	.label = "File Transfer Protocol (FTP)",
	.prefix = "FTP",
	.fields = ftp_rows,
	.nfields = FTP_ROWS,
	.on = on,
	.decode = decode,
	.looks = looks,
	.lines = app_no_lines,
	.ascii = true,
	.blurb = "Moves files; the files themselves travel over connections of their own.",
	.see = "RFC 959",
};
