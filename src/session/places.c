/* SPDX-License-Identifier: GPL-3.0-or-later */
/* places: a table of them and two bits a packet. */
#include "src/session/places.h"

#include <string.h>

#include <glib.h>

#include "tracetutor/session.h"

#define FIRST_STEP 64
#define FIRST_SIZE 4096 /* bytes of the bits; doubled when it is full */

/* Each second place is given up. */
static void thin_out(struct places *p)
{
	for (uint32_t i = 1; i < p->n / 2; i++)
		p->table[i] = p->table[2 * i];
	p->n /= 2;
	p->step *= 2;
}

static void grow(struct places *p)
{
	size_t size = p->size ? 2 * p->size : FIRST_SIZE;

	p->begun = g_realloc(p->begun, size);
	memset(p->begun + p->size, 0, size - p->size);
	p->size = size;
}

void places_frame(struct places *p, const struct frame *f, const struct track_counts *before)
{
	if (p->frames == PLACES_MAX_FRAMES)
		return;
	if (!p->table) {
		p->table = g_new(struct spot, PLACES_MAX);
		p->step = FIRST_STEP;
	}
	if (p->frames++ / 4 == p->size)
		grow(p);
	if ((f->number - 1) % p->step)
		return;
	if (p->n == PLACES_MAX)
		thin_out(p);
	if ((f->number - 1) % p->step == 0)
		p->table[p->n++] = (struct spot){f->file_offset, *before};
}

void places_begun(struct places *p, uint32_t frame, unsigned what)
{
	if (frame <= p->frames)
		p->begun[(frame - 1) / 4] |= (uint8_t)(what << (frame - 1) % 4 * 2);
}

const struct spot *places_before(const struct places *p, uint32_t frame, uint32_t *at)
{
	uint32_t i;

	if (!p->n || frame > p->frames)
		return NULL;
	i = (frame - 1) / p->step;
	*at = 1 + i * p->step;
	return &p->table[i];
}

unsigned places_began(const struct places *p, uint32_t frame)
{
	return frame <= p->frames ? p->begun[(frame - 1) / 4] >> (frame - 1) % 4 * 2 & 3 : 0;
}

void places_release(struct places *p)
{
	g_free(p->table);
	g_free(p->begun);
	*p = (struct places){0};
}
