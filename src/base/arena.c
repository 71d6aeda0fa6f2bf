/* SPDX-License-Identifier: GPL-3.0-or-later */
/* arena: memory that is given back all at once. */
#include "tracetutor/arena.h"

#include <glib.h>
#include <string.h>

#define BLOCK_SIZE (64 * 1024)
#define KEEP_BYTES (1024 * 1024) /* blocks kept over a reset */

struct arena_block {
	struct arena_block *next;
	size_t size;
	_Alignas(16) unsigned char bytes[];
};

static struct arena_block *block_new(const struct arena *a, size_t need)
{
	size_t size = MAX(need, a->block ? a->block : BLOCK_SIZE);
	struct arena_block *b = g_malloc(sizeof(*b) + size);

	b->next = NULL;
	b->size = size;
	return b;
}

/* Make `current` a block with room for n bytes: the next kept one if it is large enough. */
static void next_block(struct arena *a, size_t n)
{
	struct arena_block *b = a->current ? a->current->next : a->first;

	if (!b || b->size < n) {
		struct arena_block *fresh = block_new(a, n);

		fresh->next = b;
		if (a->current)
			a->current->next = fresh;
		else
			a->first = fresh;
		b = fresh;
	}
	a->current = b;
	a->used = 0;
}

void *arena_alloc(struct arena *a, size_t n)
{
	void *p;

	n = (n + 15) & ~(size_t)15;
	if (!a->current || n > a->current->size - a->used)
		next_block(a, n);
	p = a->current->bytes + a->used;
	a->used += n;
	return p;
}

void *arena_zero(struct arena *a, size_t n)
{
	return memset(arena_alloc(a, n), 0, n);
}

void *arena_copy(struct arena *a, const void *bytes, size_t n)
{
	char *p = arena_alloc(a, n + 1);

	if (n)
		memcpy(p, bytes, n);
	p[n] = '\0';
	return p;
}

void arena_reset(struct arena *a)
{
	size_t kept = 0;

	for (struct arena_block **link = &a->first; *link;) {
		struct arena_block *b = *link;

		if (kept + b->size <= KEEP_BYTES) {
			kept += b->size;
			link = &b->next;
		} else {
			*link = b->next;
			g_free(b);
		}
	}
	a->current = a->first;
	a->used = 0;
}

void arena_release(struct arena *a)
{
	while (a->first) {
		struct arena_block *b = a->first;

		a->first = b->next;
		g_free(b);
	}
	*a = (struct arena){.block = a->block};
}
