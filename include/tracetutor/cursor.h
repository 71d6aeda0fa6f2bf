/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * cursor: the only way packet bytes are read.
 *
 * A cursor has two ends. Beyond `reported` (the length the sender's headers promise) a read means
 * that the sender's lengths are wrong: `malformed`. Inside it but beyond `captured` a read means
 * that the capture was cut: `snapped`. The two are never merged, for the learner gets opposite
 * advice in the two cases. Both are sticky: after the first overrun every read returns 0 or NULL
 * and nothing moves, so a dissector checks once, where it decides something.
 *
 * Positions are offsets from the start of a source (see record.h), not from where the cursor began.
 * All multi-byte reads are big-endian unless the name says le.
 */
#ifndef TRACETUTOR_CURSOR_H
#define TRACETUTOR_CURSOR_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

struct cursor {
	const uint8_t *base; /* byte 0 of the source */
	uint32_t pos;        /* next byte to read */
	uint32_t captured;   /* first offset that is not in the capture */
	uint32_t reported;   /* first offset the sender did not promise; >= captured */
	union {
		struct {
			bool snapped, malformed;
		};
		uint16_t overrun; /* either */
	};
	bool need_more; /* set by a stream dissector: the message from pos on is not complete yet */
};

/* A cursor over base[pos .. captured), of which the sender promised up to `reported`. */
static inline struct cursor cursor_make(const uint8_t *base, uint32_t pos, uint32_t captured,
					uint32_t reported)
{
	return (struct cursor){.base = base,
			       .pos = pos,
			       .captured = captured,
			       .reported = reported < captured ? captured : reported};
}

static inline bool cursor_ok(const struct cursor *c)
{
	return !c->overrun;
}

/* Bytes that can be read; 0 after an overrun. */
static inline uint32_t cursor_left(const struct cursor *c)
{
	return cursor_ok(c) && c->captured > c->pos ? c->captured - c->pos : 0;
}

/* Bytes the sender promised from here on, captured or not. */
static inline uint32_t cursor_promised(const struct cursor *c)
{
	return cursor_ok(c) && c->reported > c->pos ? c->reported - c->pos : 0;
}

/* True if n bytes can be read; else sets the flag that says why not. */
static inline bool cursor_want(struct cursor *c, uint32_t n)
{
	if (!cursor_ok(c))
		return false;
	if (n <= c->captured - c->pos && c->pos <= c->captured)
		return true;
	if (c->pos <= c->reported && n <= c->reported - c->pos)
		c->snapped = true;
	else
		c->malformed = true;
	return false;
}

/* Pointer to the next n bytes, which are passed over; NULL (nothing moves) if they are not there.
 */
static inline const uint8_t *cursor_bytes(struct cursor *c, uint32_t n)
{
	if (!cursor_want(c, n))
		return NULL;
	c->pos += n;
	return c->base + c->pos - n;
}

static inline bool cursor_skip(struct cursor *c, uint32_t n)
{
	return cursor_bytes(c, n) != NULL;
}

/* Big-endian number of n bytes, 1 <= n <= 8; 0 after an overrun. */
static inline uint64_t cursor_be(struct cursor *c, uint32_t n)
{
	const uint8_t *p = cursor_bytes(c, n);
	uint64_t v = 0;

	if (p)
		for (uint32_t i = 0; i < n; i++)
			v = v << 8 | p[i];
	return v;
}

/* Little-endian number of n bytes, 1 <= n <= 8; 0 after an overrun. */
static inline uint64_t cursor_le(struct cursor *c, uint32_t n)
{
	const uint8_t *p = cursor_bytes(c, n);
	uint64_t v = 0;

	if (p)
		for (uint32_t i = n; i-- > 0;)
			v = v << 8 | p[i];
	return v;
}

static inline uint8_t cursor_u8(struct cursor *c)
{
	return (uint8_t)cursor_be(c, 1);
}

static inline uint16_t cursor_be16(struct cursor *c)
{
	return (uint16_t)cursor_be(c, 2);
}

static inline uint32_t cursor_be32(struct cursor *c)
{
	return (uint32_t)cursor_be(c, 4);
}

/* The next byte without moving; 0 if there is none (no flag is set). */
static inline uint8_t cursor_peek(const struct cursor *c)
{
	return cursor_left(c) ? c->base[c->pos] : 0;
}

/*
 * A sub-cursor over the next n promised bytes, which the parent passes over. If the sender promised
 * fewer than n, the child ends where the parent ends and the parent is malformed after it. If they
 * are promised but not captured, the child carries the two ends and the parent is snapped.
 */
static inline struct cursor cursor_fence(struct cursor *c, uint32_t n)
{
	struct cursor sub = *c;
	uint32_t promised = cursor_promised(c), left = cursor_left(c);

	sub.reported = sub.pos + (n < promised ? n : promised);
	sub.captured = sub.pos + (n < left ? n : left);
	if (cursor_want(c, n))
		c->pos += n;
	return sub;
}

#endif
