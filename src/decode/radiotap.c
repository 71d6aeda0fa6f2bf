/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Radiotap is what the wireless card noted about a frame: channel, speed, signal. radiotap.org.
 * Hangs at link type 127; the frame itself follows.
 */
#include "radiotap.h"

#include "option_lines.h"
#include "wlan.h"

#define MAX_WORDS 16

/* Size and alignment of each item by its bit (radiotap.org/fields/defined); size 0: not known. */
static const struct {
	uint8_t size, align;
} items[32] = {[0] = {8, 8},  [1] = {1, 1},   [2] = {1, 1},   [3] = {4, 2},   [4] = {2, 2},
	       [5] = {1, 1},  [6] = {1, 1},   [7] = {2, 2},   [8] = {2, 2},   [9] = {2, 2},
	       [10] = {1, 1}, [11] = {1, 1},  [12] = {1, 1},  [13] = {1, 1},  [14] = {2, 2},
	       [15] = {2, 2}, [16] = {1, 1},  [17] = {1, 1},  [18] = {8, 4},  [19] = {3, 1},
	       [20] = {8, 4}, [21] = {12, 2}, [22] = {12, 8}, [23] = {12, 2}, [24] = {12, 2},
	       [25] = {6, 2}, [26] = {1, 1},  [27] = {4, 2}};

#define BIT_NAMESPACE 29
#define BIT_MORE      31

const char *radio_rate(struct record *r, unsigned tenths, uint32_t *len)
{
	struct buf b = BUF_INIT;
	const char *s;

	buf_dec(&b, tenths / 10);
	if (tenths % 10) {
		buf_char(&b, '.');
		buf_dec(&b, tenths % 10);
	}
	*len = (uint32_t)b.len;
	s = arena_copy(&r->arena, buf_text(&b), b.len);
	buf_release(&b);
	return s;
}

static void add_rate(struct record *r, struct radio *radio, uint32_t at, unsigned tenths)
{
	uint32_t len;
	const char *text = radio_rate(r, tenths, &len);

	radio->rate = (uint16_t)tenths;
	radio->has_rate = true;
	field_add_value(r, RADIOTAP_ID(RATE), at, 1, text, len);
}

/* The speed of Wi-Fi 4 (IEEE 802.11 section 19.5): bits of one symbol, which lasts 4 us, or 3.6
 * with a short guard interval; up to four streams of eight steps each. */
static void mcs_rate(struct record *r, struct radio *radio, uint32_t at, unsigned flags,
		     unsigned index)
{
	static const uint16_t bits[2][8] = {{26, 52, 78, 104, 156, 208, 234, 260},
					    {54, 108, 162, 216, 324, 432, 486, 540}};
	unsigned n, wide = (flags & 3) == 1;

	if (index > 31)
		return;
	n = bits[wide][index % 8] * (index / 8 + 1);
	add_rate(r, radio, at, flags & 4 ? (n * 100 + 18) / 36 : n * 10 / 4);
}

static void mcs(struct record *r, struct cursor *c, struct radio *radio)
{
	uint32_t at = c->pos;
	unsigned known, flags, index = 0;

	field_add_none(r, RADIOTAP_ID(MCS), at, 3);
	r->cur_depth++;
	known = cursor_peek(c);
	walk(r, c, RADIOTAP_ID(MCS_KNOWN),
	     known & 0x40 ? RADIOTAP_ID(MCS_NESS_BIT1) : RADIOTAP_ID(MCS_HAVE_NESS));
	flags = cursor_u8(c);
	if (known & 0x01)
		field_add_uint(r, RADIOTAP_ID(MCS_BW), at + 1, 1, flags & 3);
	if (known & 0x04)
		field_add_uint(r, RADIOTAP_ID(MCS_GI), at + 1, 1, flags >> 2 & 1);
	if (known & 0x08)
		field_add_uint(r, RADIOTAP_ID(MCS_FORMAT), at + 1, 1, flags >> 3 & 1);
	if (known & 0x10)
		field_add_uint(r, RADIOTAP_ID(MCS_FEC), at + 1, 1, flags >> 4 & 1);
	if (known & 0x20)
		field_add_uint(r, RADIOTAP_ID(MCS_STBC), at + 1, 1, flags >> 5 & 3);
	if (known & 0x40)
		field_add_uint(r, RADIOTAP_ID(MCS_NESS_BIT0), at + 1, 1, flags >> 7);
	if (known & 0x02)
		index = (unsigned)walk(r, c, RADIOTAP_ID(MCS_INDEX), RADIOTAP_ID(MCS_INDEX));
	r->cur_depth--;
	if ((known & 7) == 7)
		mcs_rate(r, radio, at, flags, index);
	radio->has_mcs = true;
}

static void ampdu(struct record *r, struct cursor *c)
{
	field_add_none(r, RADIOTAP_ID(AMPDU), c->pos, 8);
	r->cur_depth++;
	walk(r, c, RADIOTAP_ID(AMPDU_REFERENCE), RADIOTAP_ID(AMPDU_EOF_KNOWN));
	r->cur_depth--;
}

/* One item; only the first of each kind sums up the frame, further ones are of single antennas. */
static void item(struct record *r, struct cursor *c, unsigned bit, struct radio *radio)
{
	switch (bit) {
	case 0: walk(r, c, RADIOTAP_ID(MACTIME), RADIOTAP_ID(MACTIME)); break;
	case 1:
		radio->flags = (uint8_t)walk(r, c, RADIOTAP_ID(FLAGS), RADIOTAP_ID(FLAGS_SHORTGI));
		radio->has_flags = true;
		break;
	case 2: add_rate(r, radio, c->pos, c->base[c->pos] * 5u); break;
	case 3:
		radio->frequency =
			(uint16_t)walk(r, c, RADIOTAP_ID(FREQUENCY), RADIOTAP_ID(FREQUENCY));
		radio->channel_flags = (uint16_t)walk(r, c, RADIOTAP_ID(CHANNEL_FLAGS),
						      RADIOTAP_ID(CHANNEL_QUARTER));
		radio->has_channel = true;
		break;
	case 4:
		walk(r, c, RADIOTAP_ID(HOP_SET), RADIOTAP_ID(HOP_PATTERN));
		radio->has_hops = true;
		break;
	case 5:
		if (!radio->has_signal)
			radio->signal = (int8_t)cursor_peek(c);
		radio->has_signal = true;
		walk(r, c, RADIOTAP_ID(SIGNAL), RADIOTAP_ID(SIGNAL));
		break;
	case 6:
		if (!radio->has_noise)
			radio->noise = (int8_t)cursor_peek(c);
		radio->has_noise = true;
		walk(r, c, RADIOTAP_ID(NOISE), RADIOTAP_ID(NOISE));
		break;
	case 8: walk(r, c, RADIOTAP_ID(ATTENUATION), RADIOTAP_ID(ATTENUATION)); break;
	case 9: walk(r, c, RADIOTAP_ID(DB_ATTENUATION), RADIOTAP_ID(DB_ATTENUATION)); break;
	case 10: walk(r, c, RADIOTAP_ID(POWER), RADIOTAP_ID(POWER)); break;
	case 11: walk(r, c, RADIOTAP_ID(ANTENNA), RADIOTAP_ID(ANTENNA)); break;
	case 12: walk(r, c, RADIOTAP_ID(DB_SIGNAL), RADIOTAP_ID(DB_SIGNAL)); break;
	case 13: walk(r, c, RADIOTAP_ID(DB_NOISE), RADIOTAP_ID(DB_NOISE)); break;
	case 14: walk(r, c, RADIOTAP_ID(RX_FLAGS), RADIOTAP_ID(RX_BAD_PLCP)); break;
	case 15: walk(r, c, RADIOTAP_ID(TX_FLAGS), RADIOTAP_ID(TX_ORDER)); break;
	case 17: walk(r, c, RADIOTAP_ID(RETRIES), RADIOTAP_ID(RETRIES)); break;
	case 19: mcs(r, c, radio); break;
	case 20: ampdu(r, c); break;
	default: break;
	}
}

/* The items of one word, in the order of its bits. False where one of unknown size comes. */
static bool word_items(struct record *r, struct cursor *c, uint32_t word, uint32_t start,
		       struct radio *radio)
{
	for (unsigned bit = 0; bit < BIT_NAMESPACE; bit++) {
		uint32_t skip, end;

		if (!(word >> bit & 1))
			continue;
		if (!items[bit].size)
			return false;
		skip = (items[bit].align - (c->pos - start) % items[bit].align) % items[bit].align;
		if (!cursor_skip(c, skip) || !cursor_want(c, items[bit].size))
			return false;
		end = c->pos + items[bit].size;
		item(r, c, bit, radio);
		c->pos = end;
	}
	return true;
}

/* A word with the bits that mean the same in every word; those before them only in the first word
 * of radiotap's own numbering. */
static uint32_t present_word(struct record *r, struct cursor *c, bool own)
{
	uint32_t index = r->nfields, word;
	struct field f;

	if (own)
		return (uint32_t)walk(r, c, RADIOTAP_ID(WORD), RADIOTAP_ID(HAS_EXT));
	word = (uint32_t)walk(r, c, RADIOTAP_ID(WORD), RADIOTAP_ID(WORD));
	if (index < r->nfields && cursor_ok(c)) {
		f = r->fields[index];
		walk_bits(r, &f, RADIOTAP_ID(HAS_RTAP_NS), RADIOTAP_ID(HAS_EXT));
	}
	return word;
}

/* Words follow each other while their last bit is set; then the items of all of them. Where a word
 * begins no numbering of radiotap's own, nothing more is known. */
static void all_items(struct record *r, struct cursor *c, uint32_t start, struct radio *radio)
{
	uint32_t words[MAX_WORDS], at = c->pos, index = r->nfields;
	unsigned n = 0, known = 0;
	bool own = true;

	field_add_none(r, RADIOTAP_ID(PRESENT), at, 4);
	r->cur_depth++;
	do {
		words[n] = present_word(r, c, own);
		known += own && known == n;
		own = words[n] >> BIT_NAMESPACE & 1;
	} while (cursor_ok(c) && words[n++] >> BIT_MORE && n < MAX_WORDS);
	r->cur_depth--;
	if (!cursor_ok(c) || n == MAX_WORDS)
		return;
	if (index < r->nfields)
		r->fields[index].len = c->pos - at;
	for (unsigned i = 0; i < known; i++)
		if (!word_items(r, c, words[i], start, radio))
			break;
}

static void decode(struct decoder *d, struct record *r, struct cursor *c)
{
	struct layer *layer = layer_open(r, PROTO_radiotap, c);
	struct wlan_capture *capture = wlan_capture(d);
	struct radio radio = {0};
	uint32_t start = c->pos, length;
	struct cursor head = *c;

	walk(r, &head, RADIOTAP_ID(VERSION), RADIOTAP_ID(PAD));
	length = (uint32_t)walk(r, &head, RADIOTAP_ID(LENGTH), RADIOTAP_ID(LENGTH));
	if (!cursor_ok(&head) || length < 8) {
		r->malformed |= cursor_ok(&head);
		decode_overrun(r, &head);
		return;
	}
	head = cursor_fence(c, length);
	cursor_skip(&head, 4);
	all_items(r, &head, start, &radio);
	decode_overrun(r, cursor_ok(c) ? &head : c);
	layer_close(r, layer, start + length);
	if (!cursor_ok(c))
		return;
	*capture = (struct wlan_capture){.fcs = radio.has_flags && radio.flags & 0x10,
					 .pad = radio.has_flags && radio.flags & 0x20};
	wlan_radio(r, c, &radio);
	if (decode_step(d))
		wlan_frame(d, r, c);
}

/* Which items there are can be seen from the items. */
static void lines(struct lines *l, const struct record *r, const struct layer *layer)
{
	static const uint16_t quiet[] = {RADIOTAP_ID(VERSION), RADIOTAP_ID(PAD),
					 RADIOTAP_ID(LENGTH), RADIOTAP_ID(PRESENT), FIELD_NONE};

	option_lines_set(l, r, layer, quiet);
}

static const struct hang on[] = {{ON_LINK, 127}, {ON_NOTHING, 0}};

const struct proto_def proto_radiotap = {
	.name = "radiotap",
	.label = "IEEE 802.11 Radiotap Capture header",
	.prefix = "RADIOTAP",
	.header = "RADIOTAP HEADER",
	.fields = radiotap_rows,
	.nfields = RADIOTAP_ROWS,
	.on = on,
	.decode = decode,
	.lines = lines,
	.blurb = "What the wireless card noted about a frame: channel, rate, signal.",
	.see = "radiotap.org",
};
