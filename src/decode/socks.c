/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * SOCKS asks a proxy to make a connection on behalf of a program; then the connection carries what
 * the program says. RFC 1928 (version 5), 1929 (user name and password); version 4 and 4a as
 * described by their authors. Hangs at TCP port 1080; version 5 is found elsewhere by its first
 * message.
 */
#include "tracetutor/decode.h"

#define TARGET_MAX 64

enum {
	SOCKS,
	SOCKS_VERSION,
	SOCKS_METHOD_COUNT,
	SOCKS_METHOD,
	SOCKS_ACCEPTED,
	SOCKS_SUBVERSION,
	SOCKS_USERNAME,
	SOCKS_PASSWORD,
	SOCKS_STATUS,
	SOCKS_COMMAND,
	SOCKS_RESULT,
	SOCKS_RESERVED,
	SOCKS_ADDRESS_TYPE,
	SOCKS_DST,
	SOCKS_DST6,
	SOCKS_NAME,
	SOCKS_PORT,
	SOCKS_DSTPORT,
	SOCKS_NAME_4A,
	TT_TARGET,
	TT_REFUSED,
	SOCKS_ROWS
};

enum address { ADDRESS_IPV4 = 1, ADDRESS_NAME = 3, ADDRESS_IPV6 = 4 };
enum method { METHOD_NONE = 0, METHOD_PASSWORD = 2 };
enum command { COMMAND_CONNECT = 1, COMMAND_BIND = 2 };

static const struct value_name methods[] = {{0, "no login"},
					    {1, "GSSAPI"},
					    {2, "user name and password"},
					    {255, "none of those offered"},
					    {0, NULL}};
static const struct value_name commands[] = {
	{1, "Connect"}, {2, "Bind"}, {3, "UdpAssociate"}, {0, NULL}};
/* RFC 1928 section 6; from 90 on those of version 4 */
static const struct value_name results[] = {
	{0, "Succeeded"},
	{1, "General SOCKS server failure"},
	{2, "Connection not allowed by ruleset"},
	{3, "Network unreachable"},
	{4, "Host unreachable"},
	{5, "Connection refused"},
	{6, "TTL expired"},
	{7, "Command not supported"},
	{8, "Address type not supported"},
	{90, "Granted"},
	{91, "Rejected or Failed"},
	{92, "Rejected because SOCKS server cannot connect to identd on the client"},
	{93, "Rejected because the client program and identd report different user-ids"},
	{0, NULL}};
static const struct value_name address_types[] = {
	{ADDRESS_IPV4, "IPv4"}, {ADDRESS_NAME, "Domain Name"}, {ADDRESS_IPV6, "IPv6"}, {0, NULL}};
static const struct value_name statuses[] = {{0, "accepted"}, {1, "refused"}, {0, NULL}};

static const struct field_def rows[SOCKS_ROWS] = {
	[SOCKS] = {.name = "socks", .label = "Socks Protocol", .type = FT_PROTOCOL},
	[SOCKS_VERSION] = {"socks.version", "Version", FT_UINT8, .size = 1},
	[SOCKS_METHOD_COUNT] = {"socks.auth_method_count", "Ways of logging in offered", FT_UINT8,
				.size = 1},
	[SOCKS_METHOD] = {"socks.auth_method", "Offered", FT_UINT8, .size = 1, .values = methods},
	[SOCKS_ACCEPTED] = {"socks.auth_accepted_method", "Way of logging in chosen", FT_UINT8,
			    .size = 1, .values = methods, .see = "RFC 1928 section 3"},
	[SOCKS_SUBVERSION] = {"socks.subnegotiation_version", "Version of the login", FT_UINT8,
			      .size = 1},
	[SOCKS_USERNAME] = {"socks.username", "User name", FT_STRING, .secrecy = IDENTITY},
	[SOCKS_PASSWORD] = {"socks.password", "Password", FT_STRING, .secrecy = SECRET},
	[SOCKS_STATUS] = {"socks.auth_status", "Login", FT_UINT8, .size = 1, .values = statuses,
			  .blurb = "0: accepted. Anything else: refused.",
			  .see = "RFC 1929 section 2"},
	[SOCKS_COMMAND] = {"socks.command", "What is wanted", FT_UINT8, .size = 1,
			   .values = commands},
	[SOCKS_RESULT] = {"socks.results", "Result", FT_UINT8, .size = 1, .values = results,
			  .see = "RFC 1928 section 6"},
	[SOCKS_RESERVED] = {"socks.reserved", "Reserved", FT_UINT8, .size = 1},
	[SOCKS_ADDRESS_TYPE] = {"socks.address_type", "Kind of address", FT_UINT8, .size = 1,
				.values = address_types},
	[SOCKS_DST] = {"socks.dst", "Address", FT_IPv4, .size = 4, .secrecy = IDENTITY},
	[SOCKS_DST6] = {"socks.dstV6", "Address", FT_IPv6, .secrecy = IDENTITY},
	[SOCKS_NAME] = {"socks.remote_name", "Name", FT_STRING, .secrecy = IDENTITY},
	[SOCKS_PORT] = {"socks.port", "Port", FT_UINT16, .size = 2},
	[SOCKS_DSTPORT] = {"socks.dstport", "Port", FT_UINT16, .size = 2},
	[SOCKS_NAME_4A] = {"socks.v4a_dns_name", "Name", FT_STRINGZ, .secrecy = IDENTITY},
	[TT_TARGET] = {"tt.socks.target", "Wanted", FT_STRING, .secrecy = IDENTITY,
		       .blurb = "In request and reply: the computer the program wants to reach."},
	[TT_REFUSED] = {"tt.socks.refused", "Refused", FT_BOOLEAN, .on = "Yes", .off = "No"},
};

#define ID(row) FIELD_ID(PROTO_socks, row)

/* What comes next, by side. */
enum step { STEP_FIRST, STEP_LOGIN, STEP_REQUEST, STEP_REPLY, STEP_SECOND_REPLY, STEP_DONE };

struct socks_state {
	uint8_t version, client, server; /* enum step */
	uint8_t command, ntarget;
	uint16_t port;
	bool lost; /* not SOCKS, or its beginning was not seen */
	char target[TARGET_MAX];
};
_Static_assert(sizeof(struct socks_state) <= CONV_APP_STATE, "fits in the conversation");

struct socks {
	struct decoder *d;
	struct record *r;
	struct cursor *c;
	struct socks_state *state;
};

static uint8_t number(struct socks *s, uint16_t row)
{
	return (uint8_t)walk(s->r, s->c, ID(row), ID(row));
}

static void set_target(struct socks *s, const char *text, size_t n)
{
	s->state->ntarget = (uint8_t)(n < TARGET_MAX ? n : TARGET_MAX);
	memcpy(s->state->target, text, s->state->ntarget);
}

static void target_ipv4(struct socks *s, uint32_t address)
{
	struct buf text = BUF_INIT;

	buf_ipv4(&text, address);
	set_target(s, buf_text(&text), text.len);
	buf_release(&text);
}

/* A length byte and that many characters, which are the field together. */
static const struct field *counted(struct socks *s, uint16_t row)
{
	uint32_t at = s->c->pos, n = cursor_u8(s->c);
	const uint8_t *p = cursor_bytes(s->c, n);

	return p ? field_add_value(s->r, ID(row), at, n + 1, p, n) : NULL;
}

/* Kind, address and port (RFC 1928 section 5); of a request they are kept. */
static void address5(struct socks *s, bool request)
{
	uint8_t type = number(s, SOCKS_ADDRESS_TYPE);
	uint32_t at = s->c->pos, v4;
	const struct field *name;
	struct buf text = BUF_INIT;
	uint16_t port;

	if (type == ADDRESS_IPV4) {
		v4 = (uint32_t)walk(s->r, s->c, ID(SOCKS_DST), ID(SOCKS_DST));
		if (request)
			target_ipv4(s, v4);
	} else if (type == ADDRESS_IPV6 && cursor_bytes(s->c, 16)) {
		field_add_bytes(s->r, ID(SOCKS_DST6), at, 16);
		buf_ipv6(&text, s->c->base + at);
		if (request)
			set_target(s, buf_text(&text), text.len);
	} else if (type == ADDRESS_NAME) {
		name = counted(s, SOCKS_NAME);
		if (request && name)
			set_target(s, (const char *)name->v.p, name->vlen);
	} else {
		s->c->malformed |= cursor_ok(s->c);
	}
	buf_release(&text);
	port = (uint16_t)walk(s->r, s->c, ID(SOCKS_PORT), ID(SOCKS_PORT));
	if (request)
		s->state->port = port;
}

static void mark(struct socks *s, bool request, uint64_t key, uint32_t first)
{
	if (!s->r->in_quote && s->r->nfields > first)
		exchange_mark(s->r, request ? EXCHANGE_REQUEST : EXCHANGE_RESPONSE, PROTO_socks,
			      key, first, s->r->nfields - 1);
}

static void refused(struct socks *s, bool no)
{
	if (s->state->ntarget)
		field_gen_text(s->r, ID(TT_TARGET), s->state->target, s->state->ntarget);
	field_gen_uint(s->r, ID(TT_REFUSED), no);
}

static void client_methods(struct socks *s)
{
	uint8_t n = number(s, SOCKS_METHOD_COUNT);

	s->r->cur_depth++;
	while (n-- && cursor_ok(s->c) && decode_step(s->d))
		number(s, SOCKS_METHOD);
	s->r->cur_depth--;
	s->state->client = STEP_REQUEST; /* unless the server chooses a login */
}

static void client_login(struct socks *s)
{
	field_gen_uint(s->r, ID(SOCKS_VERSION), 5);
	number(s, SOCKS_SUBVERSION);
	counted(s, SOCKS_USERNAME);
	counted(s, SOCKS_PASSWORD);
	s->state->client = STEP_REQUEST;
}

static void client_request5(struct socks *s)
{
	s->state->command = number(s, SOCKS_COMMAND);
	number(s, SOCKS_RESERVED);
	address5(s, true);
	s->state->client = STEP_DONE;
	field_gen_text(s->r, ID(TT_TARGET), s->state->target, s->state->ntarget);
}

/* A string that ends with a zero byte. */
static const struct field *zero_ended(struct socks *s, uint16_t row)
{
	uint32_t at = s->c->pos, left = cursor_left(s->c);
	const uint8_t *end = left ? memchr(s->c->base + at, 0, left) : NULL;
	uint32_t n = end ? (uint32_t)(end - (s->c->base + at)) : 0;

	if (!end) {
		cursor_want(s->c, left + 1);
		return NULL;
	}
	cursor_skip(s->c, n + 1);
	return field_add_value(s->r, ID(row), at, n + 1, s->c->base + at, n);
}

/* An address of 0.0.0.x says that a name follows: version 4a. */
static void client_request4(struct socks *s)
{
	uint32_t address;
	const struct field *name;

	s->state->command = number(s, SOCKS_COMMAND);
	s->state->port = (uint16_t)walk(s->r, s->c, ID(SOCKS_DSTPORT), ID(SOCKS_DSTPORT));
	address = (uint32_t)walk(s->r, s->c, ID(SOCKS_DST), ID(SOCKS_DST));
	target_ipv4(s, address);
	zero_ended(s, SOCKS_USERNAME);
	if (address && address < 256) {
		name = zero_ended(s, SOCKS_NAME_4A);
		if (name)
			set_target(s, (const char *)name->v.p, name->vlen);
	}
	s->state->client = STEP_DONE;
	s->state->server = STEP_REPLY;
	field_gen_text(s->r, ID(TT_TARGET), s->state->target, s->state->ntarget);
}

static void client(struct socks *s)
{
	uint32_t first = s->r->nfields;
	uint8_t key = s->state->client + 1;

	if (s->state->client == STEP_LOGIN) {
		client_login(s);
	} else {
		uint8_t version = number(s, SOCKS_VERSION);

		if (s->state->client == STEP_REQUEST && version == 5)
			client_request5(s);
		else if (s->state->client == STEP_FIRST && version == 5)
			client_methods(s);
		else if (s->state->client == STEP_FIRST && version == 4)
			client_request4(s);
		else
			s->c->malformed |= cursor_ok(s->c);
		s->state->version = version;
		key = version == 4 ? STEP_REQUEST + 1 : key;
	}
	mark(s, true, key, first);
}

static void server_method(struct socks *s)
{
	uint8_t method;

	number(s, SOCKS_VERSION);
	method = number(s, SOCKS_ACCEPTED);
	if (!cursor_ok(s->c))
		return;
	s->state->server = method == METHOD_PASSWORD ? STEP_LOGIN : STEP_REPLY;
	if (method == METHOD_PASSWORD)
		s->state->client = STEP_LOGIN;
	else if (method != METHOD_NONE) /* GSSAPI and others wrap what follows */
		s->state->lost = true;
	refused(s, method == 255);
}

/* The proxy has done what was asked: what follows belongs to somebody else. */
static void tunnel(struct socks *s)
{
	s->state->server = STEP_DONE;
	if (s->state->command == COMMAND_CONNECT && !s->r->in_quote)
		decode_handover(s->d, s->r, s->state->port);
	else
		s->state->lost = true;
}

static void server_reply(struct socks *s)
{
	bool five = s->state->version == 5, good;
	uint8_t result;

	number(s, SOCKS_VERSION);
	result = number(s, SOCKS_RESULT);
	if (five) {
		number(s, SOCKS_RESERVED);
		address5(s, false);
	} else {
		walk(s->r, s->c, ID(SOCKS_DSTPORT), ID(SOCKS_DSTPORT));
		walk(s->r, s->c, ID(SOCKS_DST), ID(SOCKS_DST));
	}
	if (!cursor_ok(s->c))
		return;
	good = result == (five ? 0 : 90);
	refused(s, !good);
	if (good && s->state->command == COMMAND_BIND && s->state->server == STEP_REPLY)
		s->state->server = STEP_SECOND_REPLY;
	else
		tunnel(s);
}

static void server(struct socks *s)
{
	uint32_t first = s->r->nfields;
	uint8_t step = s->state->server, status;

	if (step == STEP_FIRST) {
		server_method(s);
	} else if (step == STEP_LOGIN) {
		field_gen_uint(s->r, ID(SOCKS_VERSION), 5);
		number(s, SOCKS_SUBVERSION);
		status = number(s, SOCKS_STATUS);
		s->state->server = STEP_REPLY;
		refused(s, status != 0);
	} else {
		server_reply(s);
	}
	mark(s, false, step == STEP_REPLY ? STEP_REQUEST + 1 : step + 1, first);
}

/* Size of kind, address and port with the four bytes before them; n + 1 if that is not to be seen.
 */
static uint32_t size5(const uint8_t *p, uint32_t n)
{
	if (n < 5)
		return n + 1;
	switch (p[3]) {
	case ADDRESS_IPV4: return 10;
	case ADDRESS_IPV6: return 22;
	case ADDRESS_NAME: return 7u + p[4];
	default: return 5; /* malformed */
	}
}

/* A request of version 4: eight bytes, one string, and a second one in version 4a. */
static uint32_t size4(const uint8_t *p, uint32_t n)
{
	unsigned strings = n >= 8 && !p[4] && !p[5] && !p[6] && p[7] ? 2 : 1;
	uint32_t at = 8;

	while (strings && at < n)
		strings -= p[at++] == 0;
	return strings ? n + 1 : at;
}

/* Bytes of the message that begins here; more than n if it is not complete. */
static uint32_t message_size(const struct socks_state *s, bool from_client, const uint8_t *p,
			     uint32_t n)
{
	if (!from_client) {
		if (s->server == STEP_FIRST || s->server == STEP_LOGIN)
			return 2;
		return s->version == 5 ? size5(p, n) : 8;
	}
	if (s->client == STEP_FIRST && p[0] == 4)
		return size4(p, n);
	if (n < 2)
		return n + 1;
	if (s->client == STEP_FIRST)
		return 2u + p[1];
	if (s->client == STEP_REQUEST)
		return size5(p, n);
	return n > 2u + p[1] ? 3u + p[1] + p[2 + p[1]] : n + 1;
}

static void message(struct socks *s, bool from_client)
{
	struct layer *layer = layer_open(s->r, PROTO_socks, s->c);

	if (from_client)
		client(s);
	else
		server(s);
	if (!cursor_ok(s->c)) {
		decode_overrun(s->r, s->c);
		s->state->lost = true;
	}
	if (layer)
		layer_close(s->r, layer, s->c->pos);
}

static void decode(struct decoder *d, struct record *r, struct cursor *c)
{
	struct socks s = {d, r, c, conv_state(r, PROTO_socks, sizeof(struct socks_state))};
	bool client = conv_from_client(r->conv, r->from_a);
	uint8_t step = client ? s.state->client : s.state->server;

	if (r->payload.gap_before ||
	    (client && step == STEP_FIRST && cursor_peek(c) != 5 && cursor_peek(c) != 4))
		s.state->lost = true;
	while (cursor_left(c) && !s.state->lost && step != STEP_DONE && decode_step(d)) {
		uint32_t left = cursor_left(c);

		if (!r->payload.last && c->captured == c->reported &&
		    message_size(s.state, client, c->base + c->pos, left) > left) {
			c->need_more = true;
			return;
		}
		message(&s, client);
		step = client ? s.state->client : s.state->server;
		if (r->conv->app != PROTO_socks + 1) /* handed over */
			break;
	}
	decode_data(d, r, c);
}

/* On other ports only the first message of version 5: its length fits, the methods are usual ones.
 */
static bool looks(const struct record *r, const uint8_t *p, uint32_t n)
{
	if (r->flow.ip_proto != 6 || n < 3 || p[0] != 5 || !p[1] || p[1] > 3 || n != p[1] + 2u)
		return false;
	for (uint32_t i = 2; i < n; i++)
		if (p[i] > METHOD_PASSWORD)
			return false;
	return true;
}

static const struct hang on[] = {{ON_TCP_PORT, 1080}, {ON_NOTHING, 0}};

const struct proto_def proto_socks = {
	.name = "socks",
	.label = "Socks Protocol",
	.prefix = "SOCKS",
	.header = "SOCKS HEADER",
	.fields = rows,
	.nfields = SOCKS_ROWS,
	.on = on,
	.decode = decode,
	.looks = looks,
	.blurb = "Asks a proxy to make a connection on behalf of a program.",
	.see = "RFC 1928",
};
