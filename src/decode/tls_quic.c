/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The parameters of QUIC, which travel in the TLS hellos (RFC 9000 section 18, RFC 9368). */
#include "src/decode/tls.h"

#define PARAMETER_VERSIONS 0x11

/* Rows of the parameters' values, by number; the others have no row of their own. */
static const struct {
	uint8_t number;
	uint16_t row;
} parameters[] = {{0x00, QUIC_ORIGINAL_ID}, {0x01, QUIC_IDLE},         {0x02, QUIC_RESET_TOKEN},
		  {0x03, QUIC_UDP_SIZE},    {0x04, QUIC_MAX_DATA},     {0x05, QUIC_DATA_LOCAL},
		  {0x06, QUIC_DATA_REMOTE}, {0x07, QUIC_DATA_UNI},     {0x08, QUIC_STREAMS_BIDI},
		  {0x09, QUIC_STREAMS_UNI}, {0x0a, QUIC_ACK_EXPONENT}, {0x0b, QUIC_ACK_DELAY_MAX},
		  {0x0e, QUIC_ID_LIMIT},    {0x0f, QUIC_SOURCE_ID},    {0x10, QUIC_RETRY_ID},
		  {0x20, QUIC_DATAGRAM}};

/* RFC 9000 section 16 */
static uint64_t varint(struct tls *t, struct cursor *c, enum tls_row row)
{
	uint32_t n = 1u << (cursor_peek(c) >> 6), at = c->pos;
	uint64_t v = cursor_be(c, n) & (UINT64_MAX >> 2 >> (64 - 8 * n));

	if (cursor_ok(c))
		field_add_uint(t->r, TLS_ID(row), at, n, v);
	return v;
}

static void versions(struct tls *t, struct cursor *c)
{
	tls_walk(t, c, QUIC_VERSION_CHOSEN);
	while (cursor_left(c) && decode_step(t->d))
		tls_walk(t, c, QUIC_VERSION_OTHER);
}

static void value(struct tls *t, struct cursor *c, uint64_t number)
{
	if (number == PARAMETER_VERSIONS) {
		versions(t, c);
		return;
	}
	for (unsigned i = 0; i < sizeof(parameters) / sizeof(*parameters); i++) {
		if (parameters[i].number != number)
			continue;
		if (tls_rows[parameters[i].row].type == FT_BYTES)
			tls_bytes(t, c, parameters[i].row, cursor_promised(c));
		else
			varint(t, c, parameters[i].row);
	}
}

void tls_quic_parameters(struct tls *t, struct cursor *c)
{
	while (cursor_left(c) && decode_step(t->d)) {
		uint64_t number, n;
		struct cursor in, whole;

		number = varint(t, c, QUIC_PARAM_TYPE);
		n = varint(t, c, QUIC_PARAM_LENGTH);
		in = whole = cursor_fence(c, n > UINT32_MAX ? UINT32_MAX : (uint32_t)n);
		if (cursor_ok(c)) {
			field_add_bytes(t->r, TLS_ID(QUIC_PARAM_VALUE), whole.pos,
					cursor_left(&whole));
			value(t, &in, number);
		}
	}
}
