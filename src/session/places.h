/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * places: where reading a capture can begin again, so that going back does not mean going to its
 * first packet.
 *
 * While a capture is read for the first time, each step-th packet leaves its place in the file and
 * what was counted before it. When the table is full each second place is given up. Two bits a
 * packet tell whether it began a conversation, and whether it was a new question: a run that begins
 * in the middle knows by them what it sees from its begin on, and only that is as it was.
 */
#ifndef TRACETUTOR_SESSION_PLACES_H
#define TRACETUTOR_SESSION_PLACES_H

#include "tracetutor/track.h"

#define PLACES_MAX 32768 /* 768 KiB */

struct spot {
	uint64_t offset; /* for capture_seek() */
	struct track_counts before;
};

/* All-zero is empty. */
struct places {
	struct spot *table;
	uint32_t n, step; /* place i is that of frame 1 + i * step */
	uint32_t frames;  /* seen so far, at most PLACES_MAX_FRAMES */
	uint8_t *begun;   /* bits of enum track_begun, four frames a byte */
	size_t size;      /* bytes of it */
};

/* The next frame, numbered from 1, before it is tracked: where it is, what was there before. */
void places_frame(struct places *p, const struct frame *f, const struct track_counts *before);
/* What the same frame began: bits of enum track_begun. */
void places_begun(struct places *p, uint32_t frame, unsigned what);
/* The last place at or before a frame, and of which frame it is; NULL: none, or it is not known
 * what lies between. */
const struct spot *places_before(const struct places *p, uint32_t frame, uint32_t *at);
unsigned places_began(const struct places *p, uint32_t frame);
void places_release(struct places *p);

#endif
