/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * arena: memory that is given back all at once.
 *
 * The packet arena is reset before each frame; nothing in it outlives the packet. Blocks are kept
 * on reset, so a steady stream of packets allocates nothing. An arena is bounded by what its users
 * put in: dissectors never ask for a packet-given size before that many bytes are known to exist.
 */
#ifndef TRACETUTOR_ARENA_H
#define TRACETUTOR_ARENA_H

#include <stddef.h>

struct arena_block;

struct arena {
	struct arena_block *first, *current;
	size_t used;  /* bytes used in current */
	size_t block; /* bytes of a block, for what is known to be small; 0: many */
};

/* An all-zero arena is valid and empty. */
#define ARENA_INIT ((struct arena){0})

/* `n` bytes aligned for any type, not cleared; never NULL (out of memory aborts, as GLib does). */
void *arena_alloc(struct arena *a, size_t n);
/* The same, cleared. */
void *arena_zero(struct arena *a, size_t n);
/* A copy of `n` bytes followed by a NUL that does not count. */
void *arena_copy(struct arena *a, const void *bytes, size_t n);
/* Forget everything, keep up to 1 MiB of blocks for the next round. */
void arena_reset(struct arena *a);
/* Give all memory back; the arena is empty and usable again. */
void arena_release(struct arena *a);

#endif
