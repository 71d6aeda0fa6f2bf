/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tracetutor/pool.h"

#include <string.h>

#include <glib.h>

#include "tracetutor/pages.h"

#define CHUNK_THINGS 32  /* in the first chunk; then as many as there are */
#define CHUNK_MOST   256 /* in the largest */

void pool_init(struct pool *p, size_t size, uint32_t max)
{
	*p = (struct pool){.size = (size + 15) & ~(size_t)15, .max = max};
}

static void pool_grow(struct pool *p)
{
	uint32_t n = MIN(CLAMP(p->made, CHUNK_THINGS, CHUNK_MOST), p->max - p->made);
	uint8_t *chunk = g_malloc(p->size * n);

	pages_soon(chunk, p->size * n);
	p->chunks = g_renew(void *, p->chunks, p->nchunks + 1);
	p->chunks[p->nchunks++] = chunk;
	p->made += n;
	for (uint32_t i = n; i-- > 0;) {
		void **thing = (void **)(chunk + i * p->size);

		*thing = p->free;
		p->free = thing;
	}
}

void *pool_take(struct pool *p)
{
	void **thing;

	if (!p->free && p->made < p->max)
		pool_grow(p);
	thing = p->free;
	if (!thing)
		return NULL;
	p->free = *thing;
	p->used++;
	return memset(thing, 0, p->size);
}

void pool_give(struct pool *p, void *thing)
{
	if (!thing)
		return;
	*(void **)thing = p->free;
	p->free = thing;
	p->used--;
}

void pool_release(struct pool *p)
{
	for (uint32_t i = 0; i < p->nchunks; i++)
		g_free(p->chunks[i]);
	g_free(p->chunks);
	*p = (struct pool){.size = p->size, .max = p->max};
}
