/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * sasl: what the base64 lines of a login exchange (RFC 4422) tell without the password: who logs
 * in. Used by POP3 and IMAP AUTHENTICATE, SMTP AUTH and NNTP AUTHINFO SASL.
 */
#ifndef TRACETUTOR_DECODE_SASL_H
#define TRACETUTOR_DECODE_SASL_H

#include "src/decode/textline.h"

enum sasl_mech {
	SASL_OTHER, /* nothing can be told */
	SASL_PLAIN, /* RFC 4616 */
	SASL_LOGIN, /* user name, then password, each in a line of its own */
	SASL_CRAM,  /* RFC 2195 */
	SASL_SCRAM, /* RFC 5802 */
	SASL_OAUTH  /* XOAUTH2 and OAUTHBEARER (RFC 7628) */
};

struct sasl {
	uint8_t mech;
	uint8_t step; /* client lines seen */
};

/* What a client's line holds. */
enum sasl_content { SASL_EMPTY, SASL_USER, SASL_PASSWORD, SASL_BOTH };

/* Bytes decoded from base64, at most cap; 0 if it is not base64. */
uint32_t base64_decode(const struct textpart *in, uint8_t *out, uint32_t cap);

void sasl_begin(struct sasl *s, const struct textpart *mechanism);
/*
 * The client's next line (base64). A user name found in it is written to user (at most cap bytes)
 * and its length to *len, else *len is left alone.
 */
enum sasl_content sasl_line(struct sasl *s, const struct textpart *line, char *user, uint8_t cap,
			    uint8_t *len);

#endif
