/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * eap_methods: how a device proves who it is. RFC 3748 section 5, TLS RFC 5216, SIM RFC 4186, AKA
 * RFC 4187; LEAP and Microsoft's password as their makers describe them.
 */
#include "eap.h"

#define TLS_ALERT 21

enum {
	METHOD_IDENTITY = 1,
	METHOD_NOTIFICATION = 2,
	METHOD_NAK = 3,
	METHOD_MD5 = 4,
	METHOD_TLS = 13,
	METHOD_LEAP = 17,
	METHOD_SIM = 18,
	METHOD_TTLS = 21,
	METHOD_AKA = 23,
	METHOD_PEAP = 25,
	METHOD_MS_AUTH = 26,
	METHOD_MS_CHAP = 29,
	METHOD_FAST = 43,
	METHOD_AKA_PRIME = 50,
	METHOD_TEAP = 55,
	METHOD_EXPANDED = 254
};
enum { MS_CHALLENGE = 1, MS_RESPONSE, MS_SUCCESS, MS_FAILURE };
enum { AT_NOTIFICATION = 12, AT_IDENTITY = 14, AT_CLIENT_ERROR = 22 };

/* n bytes as one field; none if there are none. */
static void bytes(struct record *r, struct cursor *c, uint16_t id, uint32_t n)
{
	if (n && cursor_want(c, n))
		field_add_bytes(r, id, c->pos, n);
	cursor_skip(c, n);
}

static void rest(struct record *r, struct cursor *c, uint16_t id)
{
	bytes(r, c, id, cursor_left(c));
}

static void md5(struct record *r, struct cursor *c)
{
	uint32_t n = (uint32_t)walk(r, c, EAP_ID(MD5_SIZE), EAP_ID(MD5_SIZE));

	bytes(r, c, EAP_ID(MD5_VALUE), n);
	rest(r, c, EAP_ID(MD5_EXTRA));
}

/* A record of TLS that holds two bytes is an alert in clear text. */
static void find_alert(struct record *r, const struct cursor *c)
{
	const uint8_t *p = c->base + c->pos;

	if (cursor_left(c) >= 7 && p[0] == TLS_ALERT && p[3] == 0 && p[4] == 2)
		field_gen_uint(r, EAP_ID(TT_ALERT), p[6]);
}

/* RFC 5216 section 3.1; the low bits are the version only where a method has several. */
static void tls(struct record *r, struct cursor *c, unsigned type)
{
	uint32_t at = c->pos;
	unsigned flags = cursor_u8(c);
	const struct field *f;

	if (!cursor_ok(c))
		return;
	f = field_add_uint(r, EAP_ID(TLS_FLAGS), at, 1, flags);
	walk_bits(r, f, EAP_ID(TLS_LENGTH_INCLUDED), EAP_ID(TLS_START));
	r->cur_depth++;
	if (type == METHOD_TEAP)
		field_add_uint(r, EAP_ID(TLS_OUTER), at, 1, flags >> 4 & 1);
	if (type != METHOD_TLS)
		field_add_uint(r, EAP_ID(TLS_VERSION), at, 1, flags & 7);
	r->cur_depth--;
	if (flags & 0x80)
		walk(r, c, EAP_ID(TLS_LENGTH), EAP_ID(TLS_LENGTH));
	find_alert(r, c);
	rest(r, c, EAP_ID(TT_TLS));
}

/* One attribute; `row` is SIM's or AKA's first. Lengths count four bytes. */
static bool attribute(struct record *r, struct cursor *c, uint16_t row)
{
	const uint16_t delta = row - EAP_ID(SIM_SUBTYPE);
	uint32_t at = c->pos, n = cursor_left(c) > 1 ? c->base[at + 1] * 4u : 0;
	struct cursor one = cursor_fence(c, n ? n : 2);
	unsigned type;

	field_add_none(r, EAP_ID(SIM_ATTRIBUTE) + delta, at, cursor_left(&one));
	r->cur_depth++;
	type = (unsigned)walk(r, &one, EAP_ID(SIM_TYPE) + delta, EAP_ID(SIM_TYPE) + delta);
	walk(r, &one, EAP_ID(SIM_ATTRIBUTE_LENGTH) + delta, EAP_ID(SIM_ATTRIBUTE_LENGTH) + delta);
	if (type == AT_NOTIFICATION) {
		walk(r, &one, EAP_ID(SIM_NOTIFICATION) + delta, EAP_ID(SIM_NOTIFICATION) + delta);
	} else if (type == AT_CLIENT_ERROR) {
		walk(r, &one, EAP_ID(SIM_ERROR) + delta, EAP_ID(SIM_ERROR) + delta);
	} else if (type == AT_IDENTITY) {
		bytes(r, &one, EAP_ID(IDENTITY),
		      (uint32_t)walk(r, &one, EAP_ID(IDENTITY_LENGTH), EAP_ID(IDENTITY_LENGTH)));
		rest(r, &one, EAP_ID(IDENTITY_PADDING));
	} else {
		rest(r, &one, EAP_ID(SIM_VALUE) + delta);
	}
	r->cur_depth--;
	return n && cursor_ok(c);
}

/* RFC 4186 section 8, RFC 4187 section 8 */
static void sim(struct decoder *d, struct record *r, struct cursor *c, uint16_t row)
{
	walk(r, c, row, row + 1);
	while (cursor_left(c) && decode_step(d) && attribute(r, c, row))
		;
}

static void leap(struct record *r, struct cursor *c, unsigned code)
{
	uint32_t n;

	walk(r, c, EAP_ID(LEAP_VERSION), EAP_ID(LEAP_RESERVED));
	n = (uint32_t)walk(r, c, EAP_ID(LEAP_COUNT), EAP_ID(LEAP_COUNT));
	bytes(r, c,
	      n == 8                            ? EAP_ID(LEAP_CHALLENGE)
	      : n == 24 && code == EAP_RESPONSE ? EAP_ID(LEAP_RESPONSE)
						: EAP_ID(LEAP_DATA),
	      n);
	rest(r, c, EAP_ID(LEAP_NAME));
}

/* 16 bytes challenge, 8 reserved, 24 proof, flags. */
static void ms_response(struct record *r, struct cursor *c, uint32_t n)
{
	if (n != 49) {
		bytes(r, c, EAP_ID(MS_RESPONSE), n);
		return;
	}
	bytes(r, c, EAP_ID(MS_PEER_CHALLENGE), 16);
	bytes(r, c, EAP_ID(MS_RESERVED), 8);
	bytes(r, c, EAP_ID(MS_NT_RESPONSE), 24);
	walk(r, c, EAP_ID(MS_FLAGS), EAP_ID(MS_FLAGS));
}

static void ms_chap(struct record *r, struct cursor *c)
{
	unsigned opcode = (unsigned)walk(r, c, EAP_ID(MS_OPCODE), EAP_ID(MS_OPCODE));

	if (!cursor_left(c)) /* the device confirms with the step alone */
		return;
	walk(r, c, EAP_ID(MS_ID), EAP_ID(MS_LENGTH));
	if (opcode == MS_CHALLENGE || opcode == MS_RESPONSE) {
		uint32_t n = (uint32_t)walk(r, c, EAP_ID(MS_SIZE), EAP_ID(MS_SIZE));

		if (opcode == MS_CHALLENGE)
			bytes(r, c, EAP_ID(MS_CHALLENGE), n);
		else
			ms_response(r, c, n);
		rest(r, c, EAP_ID(MS_NAME));
	} else {
		rest(r, c,
		     opcode == MS_SUCCESS   ? EAP_ID(MS_MESSAGE)
		     : opcode == MS_FAILURE ? EAP_ID(MS_FAILURE)
					    : EAP_ID(MS_DATA));
	}
}

/* RFC 3748 section 5.7: maker and method are numbers of three and four bytes. */
static void expanded(struct decoder *d, struct record *r, struct cursor *c)
{
	cursor_skip(c, 1);
	walk(r, c, EAP_ID(VENDOR), EAP_ID(VENDOR));
	cursor_skip(c, 3);
	walk(r, c, EAP_ID(VENDOR_TYPE), EAP_ID(VENDOR_TYPE));
	decode_data(d, r, c);
}

void eap_method(struct decoder *d, struct record *r, struct cursor *c, unsigned type, unsigned code)
{
	switch (type) {
	case METHOD_IDENTITY: rest(r, c, EAP_ID(IDENTITY)); break;
	case METHOD_NOTIFICATION: rest(r, c, EAP_ID(NOTIFICATION)); break;
	case METHOD_NAK: walk(r, c, EAP_ID(DESIRED), EAP_ID(DESIRED)); break;
	case METHOD_MD5: md5(r, c); break;
	case METHOD_TLS:
	case METHOD_TTLS:
	case METHOD_PEAP:
	case METHOD_FAST:
	case METHOD_TEAP: tls(r, c, type); break;
	case METHOD_SIM: sim(d, r, c, EAP_ID(SIM_SUBTYPE)); break;
	case METHOD_AKA:
	case METHOD_AKA_PRIME: sim(d, r, c, EAP_ID(AKA_SUBTYPE)); break;
	case METHOD_LEAP: leap(r, c, code); break;
	case METHOD_MS_AUTH:
	case METHOD_MS_CHAP: ms_chap(r, c); break;
	case METHOD_EXPANDED: expanded(d, r, c); break;
	default: rest(r, c, EAP_ID(DATA)); break;
	}
}
