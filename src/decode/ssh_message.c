/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The messages of SSH that are not encrypted: those up to NEWKEYS (RFC 4253 section 7 to 11; groups
 * RFC 4419, elliptic curves RFC 5656, host keys section 6.6).
 */
#include "src/decode/ssh.h"

enum {
	DISCONNECT = 1,
	IGNORE = 2,
	DEBUG = 4,
	KEXINIT = 20,
	NEWKEYS = 21,
	KEX_FIRST = 30,
	KEX_REPLY = 31,
	GEX_INIT = 32,
	GEX_REPLY = 33,
	GEX_REQUEST = 34
};

#define COOKIE 16

/* A number of any length after its length (RFC 4251 section 5). */
static void mpint(struct ssh *s, struct cursor *c, enum ssh_row row)
{
	ssh_bytes(s, c, row, (uint32_t)ssh_row(s, c, SSH_MPINT_LENGTH));
}

static bool type_is(const struct cursor *c, uint32_t at, uint32_t n, const char *type)
{
	return n == strlen(type) && !memcmp(c->base + at, type, n);
}

static void kexinit(struct ssh *s, struct cursor *c)
{
	uint32_t first = s->r->nfields;

	ssh_bytes(s, c, SSH_COOKIE, COOKIE);
	for (unsigned row = SSH_KEX_LENGTH; row < SSH_FIRST_FOLLOWS; row += 2)
		ssh_counted(s, c, row);
	ssh_row(s, c, SSH_FIRST_FOLLOWS);
	ssh_bytes(s, c, SSH_KEX_RESERVED, 4);
	if (cursor_ok(c))
		ssh_agree(s, first);
}

/* The server's lasting key, by which clients know it again. */
static void host_key(struct ssh *s, struct cursor *c)
{
	struct cursor in = cursor_fence(c, (uint32_t)ssh_row(s, c, SSH_HOST_KEY_LENGTH));
	uint32_t n = (uint32_t)ssh_row(s, &in, SSH_HOST_KEY_TYPE_LENGTH), at = in.pos;

	ssh_bytes(s, &in, SSH_HOST_KEY_TYPE, n);
	if (!cursor_ok(&in)) {
		c->malformed |= in.malformed;
		return;
	}
	if (type_is(&in, at, n, "ssh-rsa")) {
		mpint(s, &in, SSH_RSA_E);
		mpint(s, &in, SSH_RSA_N);
	} else if (type_is(&in, at, n, "ssh-dss")) {
		for (unsigned row = SSH_DSA_P; row <= SSH_DSA_Y; row++)
			mpint(s, &in, row);
	} else if (n > 11 && !memcmp(in.base + at, "ecdsa-sha2-", 11)) {
		ssh_counted(s, &in, SSH_ECDSA_ID_LENGTH);
		ssh_counted(s, &in, SSH_ECDSA_Q_LENGTH);
	} else if (type_is(&in, at, n, "ssh-ed25519") || type_is(&in, at, n, "ssh-ed448")) {
		ssh_counted(s, &in, SSH_EDDSA_LENGTH);
	} else if (cursor_left(&in)) {
		ssh_bytes(s, &in, SSH_HOST_KEY_DATA, cursor_left(&in));
	}
}

static void signature(struct ssh *s, struct cursor *c)
{
	struct cursor in = cursor_fence(c, (uint32_t)ssh_row(s, c, SSH_SIGNATURE_LENGTH));
	uint32_t n = (uint32_t)ssh_row(s, &in, SSH_SIGNATURE_TYPE_LENGTH), at = in.pos;
	enum ssh_row row = SSH_SIGNATURE_DATA;

	ssh_bytes(s, &in, SSH_SIGNATURE_TYPE, n);
	if (!cursor_ok(&in))
		return;
	if (type_is(&in, at, n, "ssh-rsa"))
		row = SSH_SIGNATURE_RSA;
	else if (type_is(&in, at, n, "ssh-dss"))
		row = SSH_SIGNATURE_DSA;
	if (row == SSH_SIGNATURE_DATA)
		ssh_bytes(s, &in, row, cursor_left(&in));
	else
		mpint(s, &in, row);
}

static void reply(struct ssh *s, struct cursor *c, bool ecdh)
{
	host_key(s, c);
	if (ecdh)
		ssh_counted(s, c, SSH_ECDH_S_LENGTH);
	else
		mpint(s, c, SSH_DH_F);
	signature(s, c);
}

/* What these numbers mean depends on the method. False: not known. */
static bool exchange(struct ssh *s, struct cursor *c, uint8_t code)
{
	enum ssh_method m = s->state->method;

	if (code == KEX_FIRST && m == METHOD_DH)
		mpint(s, c, SSH_DH_E);
	else if (code == KEX_FIRST && m == METHOD_ECDH)
		ssh_counted(s, c, SSH_ECDH_C_LENGTH);
	else if (code == KEX_FIRST && m == METHOD_GROUP)
		ssh_row(s, c, SSH_GEX_BITS);
	else if (code == KEX_REPLY && (m == METHOD_DH || m == METHOD_ECDH))
		reply(s, c, m == METHOD_ECDH);
	else if (code == KEX_REPLY && m == METHOD_GROUP) {
		mpint(s, c, SSH_GEX_P);
		mpint(s, c, SSH_GEX_G);
	} else if (code == GEX_INIT && m == METHOD_GROUP)
		mpint(s, c, SSH_DH_E);
	else if (code == GEX_REPLY && m == METHOD_GROUP)
		reply(s, c, false);
	else if (code == GEX_REQUEST && m == METHOD_GROUP)
		walk(s->r, c, SSH_ID(SSH_GEX_MIN), SSH_ID(SSH_GEX_MAX));
	else
		return false;
	return true;
}

/* Asked by the client: 30, 32, 34; answered: 31, 33. */
static void mark(struct ssh *s, uint8_t code, uint32_t first)
{
	bool asks = !s->dir && (code == KEX_FIRST || code == GEX_INIT || code == GEX_REQUEST);
	bool answers = s->dir && (code == KEX_REPLY || code == GEX_REPLY);
	enum exchange_role role = asks      ? EXCHANGE_REQUEST
				  : answers ? EXCHANGE_RESPONSE
					    : EXCHANGE_EVENT;

	if ((asks || answers || code == DISCONNECT) && first < s->r->nfields)
		exchange_mark(s->r, role, PROTO_ssh, 0, first, s->r->nfields - 1);
}

void ssh_message(struct ssh *s, struct cursor *c)
{
	uint32_t first = s->r->nfields;
	uint8_t code = (uint8_t)ssh_row(s, c, SSH_MESSAGE);
	bool known = true;

	s->r->cur_depth++;
	switch (code) {
	case DISCONNECT:
		ssh_row(s, c, SSH_REASON);
		ssh_counted(s, c, SSH_DESCRIPTION_LENGTH);
		if (cursor_left(c))
			ssh_counted(s, c, SSH_LANGUAGE_LENGTH);
		break;
	case IGNORE: ssh_counted(s, c, SSH_IGNORE_LENGTH); break;
	case DEBUG:
		ssh_row(s, c, SSH_DEBUG_SHOW);
		ssh_counted(s, c, SSH_DEBUG_LENGTH);
		ssh_counted(s, c, SSH_LANGUAGE_LENGTH);
		break;
	case KEXINIT: kexinit(s, c); break;
	case NEWKEYS: s->state->stage[s->dir] = STAGE_SEALED; break;
	default: known = exchange(s, c, code);
	}
	if (!known && cursor_left(c))
		ssh_bytes(s, c, SSH_PAYLOAD, cursor_left(c));
	s->r->cur_depth--;
	if (!cursor_ok(c))
		decode_overrun(s->r, c);
	mark(s, code, first);
}
