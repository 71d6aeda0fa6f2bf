/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The readable messages of a TLS handshake (RFC 5246 section 7.4, RFC 8446 section 4). */
#include "src/decode/tls.h"

#define SUPPORTED_VERSIONS 43     /* extension */
#define DRAFT              0x7F00 /* version of a draft of TLS 1.3 */

enum handshake {
	CLIENT_HELLO = 1,
	SERVER_HELLO = 2,
	NEW_SESSION_TICKET = 4,
	CERTIFICATE = 11,
	SERVER_KEY_EXCHANGE = 12,
	CERTIFICATE_REQUEST = 13,
	CERTIFICATE_VERIFY = 15,
	CLIENT_KEY_EXCHANGE = 16,
	CERTIFICATE_STATUS = 22
};

static void mark(struct tls *t, enum exchange_role role, uint32_t first)
{
	if (t->r->nfields > first && !t->silent)
		exchange_mark(t->r, role, PROTO_tls, 0, first, t->r->nfields - 1);
}

/* The random begins with a time where old programs put one (RFC 5246 section 7.4.1.2). */
static void hello_random(struct tls *t, struct cursor *c, bool with_time)
{
	uint32_t at = c->pos;
	struct cursor in = *c;

	tls_bytes(t, c, RANDOM, 32);
	if (!cursor_ok(c) || !with_time)
		return;
	t->r->cur_depth++;
	field_add_int(t->r, TLS_ID(RANDOM_TIME), at, 4,
		      (int64_t)cursor_be32(&in) * INT64_C(1000000000));
	tls_bytes(t, &in, RANDOM_BYTES, 28);
	t->r->cur_depth--;
}

void tls_elements(struct tls *t, struct cursor *c, enum tls_row list, enum tls_row element)
{
	uint32_t n = cursor_promised(c);

	if (!n)
		return;
	field_add_none(t->r, TLS_ID(list), c->pos, n);
	t->r->cur_depth++;
	while (cursor_left(c) && decode_step(t->d))
		tls_walk(t, c, element);
	t->r->cur_depth--;
}

/* The version that an extension of the server's hello chooses (RFC 8446 section 4.2.1), else the
 * hello's own. */
static uint16_t chosen_version(struct cursor c)
{
	uint16_t version = cursor_be16(&c);

	cursor_skip(&c, 32);
	cursor_skip(&c, cursor_u8(&c));
	cursor_skip(&c, 5); /* cipher, compression, length of the extensions */
	while (cursor_left(&c)) {
		uint16_t type = cursor_be16(&c), n = cursor_be16(&c);

		if (type == SUPPORTED_VERSIONS && n == 2 && cursor_left(&c) >= 2)
			return cursor_be16(&c);
		cursor_skip(&c, n);
	}
	return version;
}

static void hello_start(struct tls *t, struct cursor *c, bool with_time)
{
	tls_walk(t, c, HS_VERSION);
	hello_random(t, c, with_time);
	tls_bytes(t, c, SESSION_ID, (uint32_t)tls_walk(t, c, SESSION_ID_LENGTH));
}

static void hello_extensions(struct tls *t, struct cursor *c, uint8_t type)
{
	struct cursor in;

	if (!cursor_left(c) && !cursor_promised(c))
		return;
	in = cursor_fence(c, (uint32_t)tls_walk(t, c, EXTENSIONS_LENGTH));
	tls_extensions(t, &in, type);
	if (!cursor_ok(&in))
		decode_overrun(t->r, &in);
}

static void client_hello(struct tls *t, struct cursor *c)
{
	struct tls_state *s = t->state;
	bool known = s->client_known, client_is_a = s->client_is_a;
	bool again = s->version == TLS_13; /* after a Hello Retry Request */
	uint32_t first = t->r->nfields;
	struct cursor in;

	memset(s, 0, sizeof(*s)); /* a new handshake, also on an old connection */
	s->client_known = known;
	s->client_is_a = client_is_a;
	s->phase = TLS_HELLO;
	hello_start(t, c, !t->silent && !again); /* QUIC and TLS 1.3 put no time there */
	in = cursor_fence(c, (uint32_t)tls_walk(t, c, CIPHERS_LENGTH));
	tls_elements(t, &in, CIPHERS, CIPHER);
	in = cursor_fence(c, (uint32_t)tls_walk(t, c, COMPS_LENGTH));
	tls_elements(t, &in, COMPS, COMP);
	hello_extensions(t, c, CLIENT_HELLO);
	tls_fingerprint(t, first, false);
	if (s->sni_len)
		field_gen_text(t->r, TLS_ID(TT_SNI), s->sni, s->sni_len);
}

/* The server's hello decides version and cipher. */
static void server_hello(struct tls *t, struct cursor *c)
{
	struct tls_state *s = t->state;
	uint32_t first;

	s->version = chosen_version(*c);
	s->phase = TLS_FLIGHT;
	first = t->r->nfields;
	if (s->version >> 8 == DRAFT >> 8) {
		/* Up to draft 21 of RFC 8446: without session id and compression. */
		s->version = TLS_13;
		tls_walk(t, c, HS_VERSION);
		tls_bytes(t, c, RANDOM, 32);
		s->cipher = (uint16_t)tls_walk(t, c, CIPHER);
	} else {
		hello_start(t, c, s->version < TLS_13);
		s->cipher = (uint16_t)tls_walk(t, c, CIPHER);
		tls_walk(t, c, COMP);
	}
	hello_extensions(t, c, SERVER_HELLO);
	tls_fingerprint(t, first, true);
	field_gen_uint(t->r, TLS_ID(TT_VERSION), s->version);
	tls_sizes_begin(s);
	if (s->sni_len)
		field_gen_text(t->r, TLS_ID(TT_SNI), s->sni, s->sni_len);
}

static void certificates(struct tls *t, struct cursor *c)
{
	uint32_t n = (uint32_t)tls_walk(t, c, CERTS_LENGTH);
	struct cursor list = cursor_fence(c, n);
	bool first = true;

	t->state->certificate_none = t->from_client && n == 0;
	if (n)
		field_add_none(t->r, TLS_ID(CERTS), list.pos, n);
	t->r->cur_depth++;
	while (cursor_left(&list) && decode_step(t->d)) {
		uint32_t len = (uint32_t)tls_walk(t, &list, CERT_LENGTH);
		const uint8_t *bytes = list.base + list.pos;

		tls_bytes(t, &list, CERT, len);
		if (first && cursor_ok(&list))
			tls_certificate(t, bytes, len);
		first = false;
	}
	t->r->cur_depth--;
	if (!cursor_ok(&list))
		decode_overrun(t->r, &list);
}

/* The names of those whose certificates the server accepts. */
static void issuers(struct tls *t, struct cursor *c)
{
	struct cursor in = cursor_fence(c, (uint32_t)tls_walk(t, c, DNAMES_LEN));

	if (!cursor_promised(&in))
		return;
	field_add_none(t->r, TLS_ID(DNAMES), in.pos, cursor_promised(&in));
	t->r->cur_depth++;
	while (cursor_left(&in) && decode_step(t->d)) {
		uint32_t n = (uint32_t)tls_walk(t, &in, DNAME_LEN);

		if (cursor_skip(&in, n))
			field_add_none(t->r, TLS_ID(DNAME), in.pos - n, n);
	}
	t->r->cur_depth--;
	if (!cursor_ok(&in))
		decode_overrun(t->r, &in);
}

/* The client proves that it has the key to its certificate (RFC 5246 section 7.4.8). */
static void certificate_verify(struct tls *t, struct cursor *c)
{
	if (t->state->version >= TLS_12)
		tls_signature(t, c);
	tls_bytes(t, c, VERIFY, (uint32_t)tls_walk(t, c, VERIFY_LEN));
}

static void certificate_request(struct tls *t, struct cursor *c)
{
	struct cursor in;

	t->state->certificate_wanted = true;
	tls_yes(t, TT_CERT_WANTED);
	in = cursor_fence(c, (uint32_t)tls_walk(t, c, CERT_TYPES_COUNT));
	tls_elements(t, &in, CERT_TYPES, CERT_TYPE);
	if (t->state->version >= TLS_12)
		tls_signatures(t, c);
	issuers(t, c);
}

static void ticket(struct tls *t, struct cursor *c)
{
	tls_walk(t, c, TICKET_HINT);
	tls_bytes(t, c, TICKET, (uint32_t)tls_walk(t, c, TICKET_LENGTH));
}

static void message(struct tls *t, struct cursor *c, uint8_t type, uint32_t first)
{
	switch (type) {
	case CLIENT_HELLO:
		client_hello(t, c);
		mark(t, EXCHANGE_REQUEST, first);
		break;
	case SERVER_HELLO:
		server_hello(t, c);
		mark(t, EXCHANGE_RESPONSE, first);
		break;
	case NEW_SESSION_TICKET: ticket(t, c); break;
	case CERTIFICATE: certificates(t, c); break;
	case SERVER_KEY_EXCHANGE: tls_server_keys(t, c); break;
	case CERTIFICATE_VERIFY: certificate_verify(t, c); break;
	case CLIENT_KEY_EXCHANGE: tls_client_keys(t, c); break;
	case CERTIFICATE_REQUEST: certificate_request(t, c); break;
	case CERTIFICATE_STATUS:
		tls_walk(t, c, STATUS_TYPE);
		tls_walk(t, c, OCSP_LENGTH);
		break;
	default: break;
	}
	if (!cursor_ok(c))
		decode_overrun(t->r, c);
}

/* Can this be the beginning of a readable message? Encrypted ones begin with anything. */
static bool readable(const struct cursor *c)
{
	uint8_t type = cursor_peek(c);

	return type <= NEW_SESSION_TICKET || (type >= CERTIFICATE && type <= 16) ||
	       (type >= 20 && type <= 24);
}

void tls_handshake(struct tls *t, struct cursor *c)
{
	while (cursor_left(c) && decode_step(t->d)) {
		uint32_t first = t->r->nfields, start = c->pos, left = cursor_promised(c), n;
		struct cursor in;
		uint8_t type;

		if (left < 4 || !readable(c)) {
			field_add_none(t->r, TLS_ID(HANDSHAKE), start, left);
			return;
		}
		in = *c;
		in.pos++;
		n = 4 + (uint32_t)cursor_be(&in, 3);
		field_add_none(t->r, TLS_ID(HANDSHAKE), start, n < left ? n : left);
		t->r->cur_depth++;
		type = (uint8_t)tls_walk(t, c, HS_TYPE);
		n = (uint32_t)tls_walk(t, c, HS_LENGTH);
		if (n <= cursor_promised(c)) {
			in = cursor_fence(c, n);
			message(t, &in, type, first);
		} else {
			c->pos = c->captured; /* a piece of a message */
		}
		t->r->cur_depth--;
	}
}
