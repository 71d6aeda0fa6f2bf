/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * shape: what the headers of many packets have in common.
 *
 * From one packet of a conversation to the next only a few numbers of the headers change. Where
 * nothing but text is wanted (decode), what they decode to and their lines are kept once for each
 * shape, that is for each set of all their other bytes, and come again with other numbers. What is
 * kept was made the ordinary way, by the first packet of the shape; there is no other way to make
 * it.
 */
#ifndef TRACETUTOR_SHAPE_H
#define TRACETUTOR_SHAPE_H

#include "tracetutor/record.h"

#define SHAPE_LAYERS   4    /* frame, Ethernet, IP, TCP */
#define SHAPE_TEXT_MAX 1500 /* bytes of lines, without their numbers; longer ones are not kept */

/* The bytes that make the shape, in any order that is always the same. */
struct shape_key {
	uint64_t v[8];
};

struct shape {
	struct shape_key key;
	/* What the ordinary way made of the headers, but for their fields. */
	bool known;
	struct layer layers[SHAPE_LAYERS];
	uint64_t protos[(PROTO_COUNT + 63) / 64];
	struct flow flow;
	/* Their lines (lines_shape_again()); len 0: not written yet. */
	uint16_t len;
	uint8_t nopen;                     /* numbers that are left open in them */
	uint16_t hex;                      /* bits of those that are hexadecimal */
	uint16_t open[RECORD_MAX_NUMBERS]; /* where they stand */
	char text[SHAPE_TEXT_MAX];
};

/* Some hundred shapes, about 1 MB of memory when all are used. */
struct shapes *shapes_new(void);
void shapes_free(struct shapes *s); /* NULL: nothing happens */
/* The shape with that key; if it is new it is neither known nor has it lines, and one that was not
 * used for long has given way to it. Valid until the next call. */
struct shape *shapes_find(struct shapes *s, const struct shape_key *key);

#endif
