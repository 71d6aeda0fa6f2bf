// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * grams: which of many literals may lie in some bytes?
 *
 * Of each literal one run of four bytes is kept, one that it shares with as few others as can be.
 * The bytes are gone through once, whatever the number of literals: a bitmap says of nearly all
 * places that nothing begins there. Letters count alike in both cases, and so do some other bytes:
 * what is found is looked at more closely by who asks.
 */
#include <string.h>

#include "private.h"

#define HASH_BITS 16

struct gram {
	uint32_t bytes;
	uint32_t id;
};

struct literal {
	const uint8_t *bytes;
	uint32_t n, id;
};

struct grams {
	uint64_t seen[(1u << HASH_BITS) / 64];
	GArray *literals; /* struct literal, until grams_done() */
	GArray *sorted;   /* struct gram */
};

static inline uint32_t shifted(uint32_t bytes, uint8_t next)
{
	return bytes << 8 | next | 0x20;
}

static inline uint32_t hash(uint32_t bytes)
{
	return (bytes * 0x9e3779b1u) >> (32 - HASH_BITS);
}

struct grams *grams_new(void)
{
	struct grams *g = g_new0(struct grams, 1);

	g->literals = g_array_new(FALSE, FALSE, sizeof(struct literal));
	g->sorted = g_array_new(FALSE, FALSE, sizeof(struct gram));
	return g;
}

void grams_free(struct grams *g)
{
	if (!g)
		return;
	g_array_free(g->literals, TRUE);
	g_array_free(g->sorted, TRUE);
	g_free(g);
}

void grams_add(struct grams *g, const uint8_t *bytes, uint32_t n, uint32_t id)
{
	struct literal l = {bytes, n, id};

	g_array_append_val(g->literals, l);
}

/* Count the literal's runs of four. */
static void count(const struct literal *l, uint16_t *uses)
{
	uint32_t bytes = 0;

	for (uint32_t i = 0; i < l->n; i++) {
		bytes = shifted(bytes, l->bytes[i]);
		if (i >= GRAM - 1 && uses[hash(bytes)] < UINT16_MAX)
			uses[hash(bytes)]++;
	}
}

/* The run that it shares with the fewest. */
static struct gram choose(const struct literal *l, const uint16_t *uses)
{
	struct gram best = {.id = l->id};
	uint32_t bytes = 0;

	for (uint32_t i = 0; i < l->n; i++) {
		bytes = shifted(bytes, l->bytes[i]);
		if (i == GRAM - 1 || (i >= GRAM && uses[hash(bytes)] < uses[hash(best.bytes)]))
			best.bytes = bytes;
	}
	return best;
}

static int by_bytes(gconstpointer pa, gconstpointer pb)
{
	const struct gram *a = pa, *b = pb;

	return (a->bytes > b->bytes) - (a->bytes < b->bytes);
}

void grams_done(struct grams *g)
{
	uint16_t *uses = g_new0(uint16_t, 1u << HASH_BITS);

	for (guint i = 0; i < g->literals->len; i++)
		count(&g_array_index(g->literals, struct literal, i), uses);
	for (guint i = 0; i < g->literals->len; i++) {
		struct gram x = choose(&g_array_index(g->literals, struct literal, i), uses);

		g_array_append_val(g->sorted, x);
		g->seen[hash(x.bytes) / 64] |= 1ull << (hash(x.bytes) % 64);
	}
	g_free(uses);
	g_array_sort(g->sorted, by_bytes);
	g_array_set_size(g->literals, 0);
}

void grams_remove(struct grams *g, uint32_t id)
{
	for (guint i = g->sorted->len; i-- > 0;)
		if (g_array_index(g->sorted, struct gram, i).id == id)
			g_array_remove_index(g->sorted, i);
}

/* Tell of all literals that are kept under these four bytes. */
static void tell(const struct grams *g, uint32_t bytes, void (*found)(void *, uint32_t),
		 void *context)
{
	const struct gram *x = (const struct gram *)(const void *)g->sorted->data;
	guint from = 0, to = g->sorted->len;

	while (from < to) {
		guint mid = from + (to - from) / 2;

		if (x[mid].bytes < bytes)
			from = mid + 1;
		else
			to = mid;
	}
	for (; from < g->sorted->len && x[from].bytes == bytes; from++)
		found(context, x[from].id);
}

void grams_find(const struct grams *g, const uint8_t *p, uint32_t n,
		void (*found)(void *context, uint32_t id), void *context)
{
	uint32_t bytes = 0, i = 0;

	for (; i < n && i < GRAM - 1; i++)
		bytes = shifted(bytes, p[i]);
	for (; i < n; i++) {
		uint32_t h;

		bytes = shifted(bytes, p[i]);
		h = hash(bytes);
		if (g->seen[h / 64] >> (h % 64) & 1)
			tell(g, bytes, found, context);
	}
}
