/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The halves of the key exchange, readable up to TLS 1.2: RFC 5246 section 7.4.3 and 7.4.7, curves
 * RFC 8422 section 5.4 and 5.7, shared secrets RFC 4279. Which form they have follows from the
 * cipher.
 */
#include "src/decode/tls.h"

#define NAMED_CURVE 3
#define SSL_30_END  0x0300 /* up to here the encrypted secret has no length before it */

enum exchange { BY_OTHER, BY_CURVE, BY_GROUP, BY_RSA };

static enum exchange exchange_of(const struct tls *t)
{
	const char *cipher = value_name(tls_ciphers, t->state->cipher);

	if (!cipher || t->state->version >= TLS_13)
		return BY_OTHER;
	if (strstr(cipher, "_ECDHE_") || strstr(cipher, "_ECDH_"))
		return BY_CURVE;
	if (strstr(cipher, "_DHE_") || strstr(cipher, "_DH_"))
		return BY_GROUP;
	return strstr(cipher, "_RSA_WITH_") || strstr(cipher, "_RSA_PSK_") ||
			       strstr(cipher, "_RSA_EXPORT")
		       ? BY_RSA
		       : BY_OTHER;
}

/* Is a secret used that both ends were given before? Its name then stands before all else. */
static bool by_shared_secret(const struct tls *t)
{
	const char *cipher = value_name(tls_ciphers, t->state->cipher);

	return cipher && t->state->version < TLS_13 && strstr(cipher, "_PSK_");
}

/* A length and what it counts: rows next to each other. */
static void counted(struct tls *t, struct cursor *c, enum tls_row length)
{
	tls_bytes(t, c, length + 1, (uint32_t)tls_walk(t, c, length));
}

void tls_server_keys(struct tls *t, struct cursor *c)
{
	enum exchange how = exchange_of(t);

	if (by_shared_secret(t))
		counted(t, c, SHARED_HINT_LEN);
	if (how == BY_CURVE && cursor_peek(c) == NAMED_CURVE) {
		tls_walk(t, c, CURVE_TYPE);
		tls_walk(t, c, NAMED_CURVE_ROW);
		counted(t, c, SERVER_POINT_LEN);
	} else if (how == BY_GROUP) {
		counted(t, c, DH_P_LEN);
		counted(t, c, DH_G_LEN);
		counted(t, c, DH_YS_LEN);
	} else {
		return;
	}
	if (!cursor_left(c)) /* nobody signs: anonymous, or proved by the shared secret */
		return;
	if (t->state->version >= TLS_12)
		tls_signature(t, c);
	counted(t, c, SIGNATURE_LEN);
}

void tls_client_keys(struct tls *t, struct cursor *c)
{
	if (by_shared_secret(t))
		counted(t, c, SHARED_IDENTITY_LEN);
	switch (exchange_of(t)) {
	case BY_CURVE: counted(t, c, CLIENT_POINT_LEN); break;
	case BY_GROUP: counted(t, c, DH_YC_LEN); break;
	case BY_RSA:
		if (t->state->version <= SSL_30_END)
			tls_bytes(t, c, EPMS, cursor_promised(c));
		else
			counted(t, c, EPMS_LEN);
		break;
	case BY_OTHER: break;
	}
}
