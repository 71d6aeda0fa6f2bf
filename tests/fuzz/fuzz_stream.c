/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * fuzz_stream: a sequence of packets through the whole pipeline with the shipped rules.
 *
 * First byte: link type. Then for each packet two bytes, little endian, and its bytes: bits 0-10
 * length, 11 cut by the capture, 12 sent by us, 13 received, 14-15 how long after the one before.
 */
#include "feed.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define MAX_BYTES (64 * 1024)

/* PPP with its VJ state first: these differ by what says the direction. */
static const uint32_t link_types[] = {1, 9, 204, 166, 50, 51, 101, 0, 113, 276};
static const int64_t steps[] = {1000000, 50000000, 1500000000, 120000000000};

static size_t next_frame(struct frame *f, const uint8_t *data, size_t size)
{
	uint16_t head = (uint16_t)(data[0] | data[1] << 8);
	uint32_t length = head & 0x7ff;

	if (length > size - 2)
		length = (uint32_t)size - 2;
	f->data = data + 2;
	f->captured = length;
	f->original = length + (head & 0x800 ? 40 : 0);
	f->direction = head & 0x1000 ? DIR_OUT : head & 0x2000 ? DIR_IN : DIR_UNKNOWN;
	f->time += steps[head >> 14];
	return 2 + (size_t)length;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct packs *packs;
	struct frame f = {0};
	struct feed x;

	if (size == 0 || size > MAX_BYTES)
		return 0;
	if (!packs)
		packs = feed_packs();
	f.link_type = link_types[data[0] % G_N_ELEMENTS(link_types)];
	feed_begin(&x, packs);
	for (size_t at = 1; at + 2 <= size;) {
		at += next_frame(&f, data + at, size - at);
		feed_frame(&x, &f);
	}
	feed_end(&x);
	return 0;
}
