/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The extensions of a TLS hello (RFC 8446 section 4.2, RFC 6066, 7301, 8422). */
#include "src/decode/tls.h"

#define CLIENT_HELLO 1

enum extension {
	SERVER_NAME = 0,
	MAX_FRAGMENT_LENGTH = 1,
	STATUS_REQUEST = 5,
	SUPPORTED_GROUPS = 10,
	EC_POINT_FORMATS = 11,
	SIGNATURE_ALGORITHMS = 13,
	HEARTBEAT_EXT = 15,
	APPLICATION_PROTOCOLS = 16,
	CERTIFICATE_TIMESTAMP = 18,
	PADDING_EXT = 21,
	COMPRESS_CERTIFICATE = 27,
	RECORD_SIZE_LIMIT = 28,
	SESSION_TICKET = 35,
	KEY_SHARE_DRAFT = 40, /* before draft 23 of RFC 8446 */
	PRE_SHARED_KEY = 41,
	SUPPORTED_VERSIONS = 43,
	COOKIE_EXT = 44,
	PSK_MODES = 45,
	SIGNATURE_ALGORITHMS_CERT = 50,
	KEY_SHARE = 51,
	QUIC_PARAMETERS = 57,
	APPLICATION_SETTINGS = 17513, /* draft-vvv-tls-alps */
	QUIC_PARAMETERS_DRAFT = 65445,
	RENEGOTIATION_INFO = 65281
};

/* Elements of one row to the end of the cursor. */
static void every(struct tls *t, struct cursor *c, enum tls_row row)
{
	while (cursor_left(c) && decode_step(t->d))
		tls_walk(t, c, row);
}

static void keep_sni(struct tls_state *s, const uint8_t *name, uint32_t n)
{
	s->sni_len = (uint8_t)(n < TLS_SNI_MAX ? n : TLS_SNI_MAX);
	memcpy(s->sni, name, s->sni_len);
}

static void server_name(struct tls *t, struct cursor *c)
{
	struct cursor in = cursor_fence(c, (uint32_t)tls_walk(t, c, SNI_LIST_LEN));

	while (cursor_left(&in) && decode_step(t->d)) {
		uint32_t n;

		tls_walk(t, &in, SNI_TYPE);
		n = (uint32_t)tls_walk(t, &in, SNI_LEN);
		tls_bytes(t, &in, SNI, n);
		if (n && cursor_ok(&in))
			keep_sni(t->state, in.base + in.pos - n, n);
	}
}

static void application_protocols(struct tls *t, struct cursor *c, uint8_t hello)
{
	struct cursor in = cursor_fence(c, (uint32_t)tls_walk(t, c, ALPN_LEN));

	field_add_none(t->r, TLS_ID(ALPN_LIST), in.pos, cursor_promised(&in));
	t->r->cur_depth++;
	while (cursor_left(&in) && decode_step(t->d)) {
		uint32_t n = (uint32_t)tls_walk(t, &in, ALPN_STR_LEN);

		tls_bytes(t, &in, ALPN_STR, n);
		if (hello != CLIENT_HELLO && cursor_ok(&in) && n == 2)
			t->state->http2 = !memcmp(in.base + in.pos - 2, "h2", 2);
	}
	t->r->cur_depth--;
}

void tls_signature(struct tls *t, struct cursor *c)
{
	struct cursor parts = *c;

	tls_walk(t, c, SIG_ALG);
	if (!cursor_ok(c))
		return;
	t->r->cur_depth++;
	tls_walk(t, &parts, SIG_HASH);
	tls_walk(t, &parts, SIG_SIG);
	t->r->cur_depth--;
}

void tls_signatures(struct tls *t, struct cursor *c)
{
	struct cursor in = cursor_fence(c, (uint32_t)tls_walk(t, c, SIGS_LENGTH));

	field_add_none(t->r, TLS_ID(SIGS), in.pos, cursor_promised(&in));
	t->r->cur_depth++;
	while (cursor_left(&in) && decode_step(t->d))
		tls_signature(t, &in);
	t->r->cur_depth--;
}

static void key_share(struct tls *t, struct cursor *c, uint8_t hello)
{
	struct cursor in = *c;

	if (hello != CLIENT_HELLO && cursor_promised(c) == 2) { /* HelloRetryRequest */
		tls_walk(t, c, SHARE_SELECTED);
		return;
	}
	if (hello == CLIENT_HELLO)
		in = cursor_fence(c, (uint32_t)tls_walk(t, c, SHARES_LEN));
	while (cursor_left(&in) && decode_step(t->d)) {
		tls_walk(t, &in, SHARE_GROUP);
		tls_bytes(t, &in, SHARE, (uint32_t)tls_walk(t, &in, SHARE_LEN));
	}
}

static void versions(struct tls *t, struct cursor *c, uint8_t hello)
{
	if (hello == CLIENT_HELLO) {
		tls_walk(t, c, VERSIONS_LEN);
		every(t, c, SUPPORTED);
	} else {
		t->state->version = (uint16_t)tls_walk(t, c, SUPPORTED);
	}
}

/* A list with its length in the row before the list's. */
static void counted(struct tls *t, struct cursor *c, enum tls_row length, enum tls_row element)
{
	struct cursor in = cursor_fence(c, (uint32_t)tls_walk(t, c, length));

	tls_elements(t, &in, length + 1, element);
}

static void status_request(struct tls *t, struct cursor *c)
{
	tls_walk(t, c, STATUS_TYPE);
	cursor_skip(c, (uint32_t)tls_walk(t, c, STATUS_IDS_LEN));
	tls_walk(t, c, STATUS_EXTS_LEN);
}

/* Tickets of earlier sessions, and which of them the server takes (RFC 8446 section 4.2.11). */
static void pre_shared_key(struct tls *t, struct cursor *c, uint8_t hello)
{
	struct cursor in;
	uint32_t n;

	if (hello != CLIENT_HELLO) {
		tls_walk(t, c, PSK_SELECTED);
		return;
	}
	in = cursor_fence(c, (uint32_t)tls_walk(t, c, PSK_IDENTITIES_LEN));
	while (cursor_left(&in) && decode_step(t->d)) {
		tls_bytes(t, &in, PSK_IDENTITY, (uint32_t)tls_walk(t, &in, PSK_IDENTITY_LEN));
		tls_walk(t, &in, PSK_AGE);
	}
	n = (uint32_t)tls_walk(t, c, PSK_BINDERS_LEN);
	if (cursor_skip(c, n))
		field_add_none(t->r, TLS_ID(PSK_BINDERS), c->pos - n, n);
}

/* RFC 6962 section 3.2: one of the proofs that the certificate was published. */
static void timestamp(struct tls *t, struct cursor *c)
{
	uint32_t at, n;
	uint64_t ms;

	if (tls_walk(t, c, SCT_VERSION) || !cursor_ok(c))
		return;
	tls_bytes(t, c, SCT_LOG, 32);
	at = c->pos;
	ms = (uint64_t)cursor_be32(c) << 32;
	ms |= cursor_be32(c);
	if (cursor_ok(c) && ms <= INT64_MAX / 1000000)
		field_add_int(t->r, TLS_ID(SCT_TIME), at, 8, (int64_t)ms * 1000000);
	n = (uint32_t)tls_walk(t, c, SCT_EXTENSIONS_LEN);
	if (n && cursor_skip(c, n))
		field_add_none(t->r, TLS_ID(SCT_EXTENSIONS), c->pos - n, n);
	tls_signature(t, c);
	tls_bytes(t, c, SCT_SIGNATURE, (uint32_t)tls_walk(t, c, SCT_SIGNATURE_LEN));
}

static void timestamps(struct tls *t, struct cursor *c)
{
	struct cursor in = cursor_fence(c, (uint32_t)tls_walk(t, c, SCTS_LENGTH));

	while (cursor_left(&in) && decode_step(t->d)) {
		struct cursor one = cursor_fence(&in, (uint32_t)tls_walk(t, &in, SCT_LENGTH));

		t->r->cur_depth++;
		timestamp(t, &one);
		t->r->cur_depth--;
		if (!cursor_ok(&one))
			decode_overrun(t->r, &one);
	}
}

static void application_settings(struct tls *t, struct cursor *c)
{
	struct cursor in = cursor_fence(c, (uint32_t)tls_walk(t, c, ALPS_LEN));

	field_add_none(t->r, TLS_ID(ALPS_LIST), in.pos, cursor_promised(&in));
	t->r->cur_depth++;
	while (cursor_left(&in) && decode_step(t->d))
		tls_bytes(t, &in, ALPS_STR, (uint32_t)tls_walk(t, &in, ALPS_STR_LEN));
	t->r->cur_depth--;
}

static void contents(struct tls *t, struct cursor *c, uint16_t type, uint8_t hello)
{
	switch (type) {
	case SERVER_NAME: server_name(t, c); break;
	case MAX_FRAGMENT_LENGTH: tls_walk(t, c, FRAGMENT_LENGTH); break;
	case STATUS_REQUEST: status_request(t, c); break;
	case CERTIFICATE_TIMESTAMP: timestamps(t, c); break;
	case PRE_SHARED_KEY: pre_shared_key(t, c, hello); break;
	case COOKIE_EXT: tls_bytes(t, c, COOKIE, (uint32_t)tls_walk(t, c, COOKIE_LEN)); break;
	case APPLICATION_SETTINGS: application_settings(t, c); break;
	case SUPPORTED_GROUPS: counted(t, c, GROUPS_LENGTH, GROUP); break;
	case EC_POINT_FORMATS: counted(t, c, POINTS_LENGTH, POINT); break;
	case SIGNATURE_ALGORITHMS:
	case SIGNATURE_ALGORITHMS_CERT: tls_signatures(t, c); break;
	case HEARTBEAT_EXT: tls_walk(t, c, HEARTBEAT_MODE); break;
	case APPLICATION_PROTOCOLS: application_protocols(t, c, hello); break;
	case PADDING_EXT: tls_bytes(t, c, PADDING, cursor_promised(c)); break;
	case COMPRESS_CERTIFICATE:
		tls_walk(t, c, COMPRESS_LEN);
		every(t, c, COMPRESS);
		break;
	case RECORD_SIZE_LIMIT: tls_walk(t, c, SIZE_LIMIT); break;
	case SUPPORTED_VERSIONS: versions(t, c, hello); break;
	case PSK_MODES:
		tls_walk(t, c, PSK_MODES_LEN);
		every(t, c, PSK_MODE);
		break;
	case KEY_SHARE_DRAFT:
	case KEY_SHARE: key_share(t, c, hello); break;
	case QUIC_PARAMETERS:
	case QUIC_PARAMETERS_DRAFT: tls_quic_parameters(t, c); break;
	case RENEGOTIATION_INFO: tls_bytes(t, c, RENEG, (uint32_t)tls_walk(t, c, RENEG_LEN)); break;
	case SESSION_TICKET: field_add_bytes(t->r, TLS_ID(EXT_DATA), c->pos, cursor_left(c)); break;
	default: tls_bytes(t, c, EXT_DATA, cursor_promised(c));
	}
}

void tls_extensions(struct tls *t, struct cursor *c, uint8_t hello)
{
	while (cursor_left(c) && decode_step(t->d)) {
		uint16_t type = (uint16_t)tls_walk(t, c, EXT_TYPE);
		struct cursor in = cursor_fence(c, (uint32_t)tls_walk(t, c, EXT_LEN));

		t->r->cur_depth++;
		if (cursor_promised(&in) || type == SESSION_TICKET)
			contents(t, &in, type, hello);
		t->r->cur_depth--;
		if (!cursor_ok(&in)) {
			decode_overrun(t->r, &in);
			break;
		}
	}
}
