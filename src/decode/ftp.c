/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * FTP moves files: commands and replies go over one connection, each file over another one whose
 * address and port the two sides tell each other first.
 * RFC 959, 2228 and 4217 (AUTH TLS), 2428 (EPRT, EPSV).
 * Hangs at TCP port 21.
 */
#include "src/decode/apptext.h"

enum {
	FTP,
	FTP_REQUEST,
	FTP_RESPONSE,
	FTP_REQUEST_COMMAND,
	FTP_REQUEST_ARG,
	FTP_RESPONSE_CODE,
	FTP_RESPONSE_ARG,
	FTP_PASSIVE_IP,
	FTP_PASSIVE_PORT,
	FTP_PASSIVE_NAT,
	FTP_ACTIVE_IP,
	FTP_ACTIVE_PORT,
	FTP_ACTIVE_NAT,
	FTP_EPRT_AF,
	FTP_EPRT_IP,
	FTP_EPRT_IPV6,
	FTP_EPRT_PORT,
	FTP_EPSV_IP,
	FTP_EPSV_IPV6,
	FTP_EPSV_PORT,
	TT_GREETING,
	TT_COMMAND,
	TT_USER,
	TT_USER_FRAME,
	FTP_ROWS
};

/* RFC 959 section 4.2, RFC 2228 section 5, RFC 2428 */
static const struct value_name codes[] = {
	{110, "Restart mark"},
	{120, "Ready in some minutes"},
	{125, "Data connection open, transfer starts"},
	{150, "File is there, opening the data connection"},
	{200, "Done"},
	{202, "Not needed here"},
	{211, "System status"},
	{212, "Folder status"},
	{213, "File status"},
	{214, "Help"},
	{215, "System type"},
	{220, "Ready for a new user"},
	{221, "Closing the connection"},
	{225, "Data connection open, no transfer"},
	{226, "Transfer done, closing the data connection"},
	{227, "Passive mode: connect to this address"},
	{229, "Extended passive mode: connect to this port"},
	{230, "Logged in"},
	{232, "Logged in by security data"},
	{234, "Encryption may begin"},
	{235, "Security data accepted"},
	{250, "File action done"},
	{257, "Path name made"},
	{331, "User name taken, password please"},
	{332, "Account please"},
	{334, "Security data please"},
	{335, "More security data please"},
	{336, "Challenge for the password"},
	{350, "More information please"},
	{421, "Service not available, closing the connection"},
	{425, "Cannot open the data connection"},
	{426, "Data connection broken, transfer stopped"},
	{431, "Something needed for security is not there"},
	{450, "File busy, try later"},
	{451, "Error at the server"},
	{452, "Too little room at the server"},
	{500, "Command not understood"},
	{501, "Argument not understood"},
	{502, "Command not available here"},
	{503, "Commands in the wrong order"},
	{504, "Argument not available here"},
	{522, "Network protocol not supported"},
	{530, "Not logged in"},
	{532, "Account needed to store files"},
	{533, "This protection is not allowed"},
	{534, "Refused by policy"},
	{535, "Security check failed"},
	{536, "Protection level not supported"},
	{537, "Protection level not supported by the mechanism"},
	{550, "File not there, or not allowed"},
	{551, "Page type not known"},
	{552, "Too much for the room given"},
	{553, "File name not allowed"},
	{631, "Protected reply"},
	{632, "Protected and encrypted reply"},
	{633, "Encrypted reply"},
	{0, NULL},
};

static const struct value_name families[] = {{1, "IPv4"}, {2, "IPv6"}, {0, NULL}};

static const struct field_def rows[FTP_ROWS] = {
	[FTP] = {"ftp", "File Transfer Protocol (FTP)", FT_PROTOCOL},
	[FTP_REQUEST] = {"ftp.request", "Request", FT_BOOLEAN, .on = "Yes", .off = "No"},
	[FTP_RESPONSE] = {"ftp.response", "Reply", FT_BOOLEAN, .on = "Yes", .off = "No"},
	[FTP_REQUEST_COMMAND] = {"ftp.request.command", "Command", FT_STRING},
	[FTP_REQUEST_ARG] = {"ftp.request.arg", "Argument", FT_STRING},
	[FTP_RESPONSE_CODE] = {"ftp.response.code", "Reply code", FT_UINT32, .values = codes,
			       .blurb = "1xx: begun. 2xx: done. 3xx: go on. 4xx: not now. 5xx: "
					"refused.",
			       .see = "RFC 959 section 4.2"},
	[FTP_RESPONSE_ARG] = {"ftp.response.arg", "Server's words", FT_STRING},
	[FTP_PASSIVE_IP] = {"ftp.passive.ip", "Address for the data connection", FT_IPv4,
			    .secrecy = IDENTITY,
			    .blurb = "The client is to connect to this address of the server."},
	[FTP_PASSIVE_PORT] = {"ftp.passive.port", "Port for the data connection", FT_UINT16},
	[FTP_PASSIVE_NAT] = {"ftp.passive.nat", "Other address than the server's", FT_BOOLEAN,
			     .on = "Yes", .off = "No",
			     .blurb = "The reply names another address than it comes from: address "
				      "translation, or a wrong setting at the server."},
	[FTP_ACTIVE_IP] = {"ftp.active.cip", "Address for the data connection", FT_IPv4,
			   .secrecy = IDENTITY,
			   .blurb = "The server is to connect to this address of the client."},
	[FTP_ACTIVE_PORT] = {"ftp.active.port", "Port for the data connection", FT_UINT16},
	[FTP_ACTIVE_NAT] = {"ftp.active.nat", "Other address than the client's", FT_BOOLEAN,
			    .on = "Yes", .off = "No",
			    .blurb =
				    "The command names another address than it comes from: address "
				    "translation."},
	[FTP_EPRT_AF] = {"ftp.eprt.af", "Address family", FT_UINT8, .values = families},
	[FTP_EPRT_IP] = {"ftp.eprt.ip", "Address for the data connection", FT_IPv4,
			 .secrecy = IDENTITY},
	[FTP_EPRT_IPV6] = {"ftp.eprt.ipv6", "Address for the data connection", FT_IPv6,
			   .secrecy = IDENTITY},
	[FTP_EPRT_PORT] = {"ftp.eprt.port", "Port for the data connection", FT_UINT16},
	[FTP_EPSV_IP] = {"ftp.epsv.ip", "Address for the data connection", FT_IPv4,
			 .secrecy = IDENTITY},
	[FTP_EPSV_IPV6] = {"ftp.epsv.ipv6", "Address for the data connection", FT_IPv6,
			   .secrecy = IDENTITY},
	[FTP_EPSV_PORT] = {"ftp.epsv.port", "Port for the data connection", FT_UINT16},
	[TT_GREETING] = {"tt.ftp.greeting", "Greeting", FT_BOOLEAN, .on = "Yes", .off = "No",
			 .blurb = "The server's first words, before any command."},
	[TT_COMMAND] =
		{"tt.ftp.command", "Command in question", FT_STRING,
		 .blurb = "The command in capitals; in a reply: the command that it answers."},
	[TT_USER] = {"tt.ftp.user", "User name", FT_STRING, .secrecy = IDENTITY},
	[TT_USER_FRAME] = {"tt.ftp.user_frame", "User name sent in packet", FT_FRAMENUM,
			   .blurb = "Where the user name was sent, in a reply to the password."},
};

#define ID(row) FIELD_ID(PROTO_ftp, row)

struct ftp_state {
	struct app_state app;
	uint16_t code; /* of the reply of several lines that is coming; 0: none */
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
	uint32_t at = 0, af, ip, n;
	uint8_t ip6[16];

	if (!textpart_number(&family, &at, &af) || af > 255)
		return;
	app_number(a, ID(FTP_EPRT_AF), &family, af);
	if (af == 1 && ipv4_text(&host, &ip))
		app_number(a, ID(FTP_EPRT_IP), &host, ip);
	else if (af == 2 && ipv6_text(&host, ip6))
		field_add_value(a->r, ID(FTP_EPRT_IPV6), host.off, host.len,
				arena_copy(&a->r->arena, ip6, 16), 16);
	at = 0;
	if (textpart_number(&port, &at, &n) && n <= 65535)
		app_number(a, ID(FTP_EPRT_PORT), &port, n);
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
static void end_reply(struct app *a, uint32_t code)
{
	enum exchange_role role = EXCHANGE_EVENT;
	struct app_pending command;

	if (code < 200) {
		if (app_waiting(a))
			reply_facts(a, app_waiting(a)->name, code);
	} else if (app_answered(a, &command)) {
		reply_facts(a, command.name, code);
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
		end_reply(a, code);
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
	app_decode(d, r, c, &ftp);
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
	.fields = rows,
	.nfields = FTP_ROWS,
	.on = on,
	.decode = decode,
	.looks = looks,
	.lines = app_no_lines,
	.blurb = "Moves files; the files themselves travel over connections of their own.",
	.see = "RFC 959",
};
