/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * fuzz_frame: the first byte picks the link type (and whether the capture cut the frame), the rest
 * is one packet, decoded and shown in every way, without rules.
 */
#include "feed.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define CUT 0x80 /* in the first byte: 100 bytes are missing behind the frame */

static const uint32_t link_types[] = {1,   0,   9,   12,  50,  51,  101, 108, 113,
				      166, 204, 228, 229, 276, 104, 105, 127};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct feed x;
	struct frame f = {.time = 1};

	if (size == 0 || size > FRAME_MAX)
		return 0;
	f.link_type = link_types[(data[0] & ~CUT) % G_N_ELEMENTS(link_types)];
	f.data = data + 1;
	f.captured = (uint32_t)size - 1;
	f.original = f.captured + (data[0] & CUT ? 100 : 0);
	feed_begin(&x, NULL);
	feed_frame(&x, &f);
	feed_frame(&x, &f); /* as what came before */
	feed_end(&x);
	return 0;
}
