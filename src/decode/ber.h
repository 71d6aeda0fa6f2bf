/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ber: elements of ASN.1's basic encoding rules (X.690), read one after the other from a cursor.
 * Who goes into an element opens its content; nothing here calls itself.
 */
#ifndef TRACETUTOR_DECODE_BER_H
#define TRACETUTOR_DECODE_BER_H

#include "tracetutor/cursor.h"

enum ber_tag {
	BER_INTEGER = 0x02,
	BER_OCTETS = 0x04,
	BER_NULL = 0x05,
	BER_OID = 0x06,
	BER_SEQUENCE = 0x30
};

struct ber {
	uint32_t off;      /* of the tag */
	uint8_t tag;       /* whole first byte; tags above 30 are not read */
	struct cursor in;  /* fenced to the content */
	uint32_t start, n; /* of the content: promised bytes */
};

/*
 * Read the next element; the cursor moves behind it. False at the end, or if it breaks the rules:
 * then the cursor is malformed or snapped. Lengths that are not given beforehand are not read.
 */
static inline bool ber_next(struct cursor *c, struct ber *e)
{
	uint32_t length;

	*e = (struct ber){.off = c->pos};
	if (!cursor_promised(c))
		return false;
	e->tag = cursor_u8(c);
	length = cursor_u8(c);
	if ((e->tag & 0x1F) == 0x1F || length == 0x80 || length > 0x84)
		c->malformed = true;
	else if (length > 0x80)
		length = (uint32_t)cursor_be(c, length - 0x80);
	if (!cursor_ok(c))
		return false;
	e->in = cursor_fence(c, length);
	e->start = e->in.pos;
	e->n = e->in.reported - e->in.pos;
	return true;
}

/* The same, and it has that tag; another one makes the cursor malformed. */
static inline bool ber_expect(struct cursor *c, uint8_t tag, struct ber *e)
{
	if (!ber_next(c, e))
		return false;
	if (e->tag != tag)
		c->malformed = true;
	return e->tag == tag;
}

/* The content as a signed number; the lowest 64 bits if it is longer. */
static inline int64_t ber_integer(const struct ber *e)
{
	struct cursor c = e->in;
	uint32_t n = cursor_left(&c);
	uint64_t v = n && cursor_peek(&c) & 0x80 ? UINT64_MAX : 0;

	while (n--)
		v = v << 8 | cursor_u8(&c);
	return (int64_t)v;
}

#endif
