/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * pool: equally large things that are taken and given back. Memory grows in chunks, up to `max`
 * things; taking one costs no malloc once the pool has grown, and no chunk is given back before
 * all.
 */
#ifndef TRACETUTOR_POOL_H
#define TRACETUTOR_POOL_H

#include <stddef.h>
#include <stdint.h>

struct pool {
	size_t size;
	uint32_t used, made, max;
	void *free;    /* the first pointer of each free thing links the next */
	void **chunks; /* for pool_release() */
	uint32_t nchunks;
};

void pool_init(struct pool *p, size_t size, uint32_t max);
/* One thing, cleared, aligned for any type; NULL if max are in use. */
void *pool_take(struct pool *p);
/* NULL is given back to nobody. */
void pool_give(struct pool *p, void *thing);
/* Give all memory back, with what was taken; the pool is empty and usable again. */
void pool_release(struct pool *p);

#endif
