/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "src/capture/pcapng_option.h"

#include "src/capture/reader.h"

uint16_t pcapng_u16(const uint8_t *p, bool little)
{
	return (uint16_t)(little ? p[1] << 8 | p[0] : p[0] << 8 | p[1]);
}

uint32_t pcapng_u32(const uint8_t *p, bool little)
{
	uint32_t a = pcapng_u16(p, little), b = pcapng_u16(p + 2, little);

	return little ? b << 16 | a : a << 16 | b;
}

uint64_t pcapng_u64(const uint8_t *p, bool little)
{
	uint64_t a = pcapng_u32(p, little), b = pcapng_u32(p + 4, little);

	return little ? b << 32 | a : a << 32 | b;
}

bool option_next(struct options *o, struct option *opt)
{
	uint32_t left = o->end - MIN(o->at, o->end), padded;

	if (left < 4) {
		o->bad = left > 0 && !o->cut;
		return false;
	}
	opt->code = pcapng_u16(o->p + o->at, o->little);
	opt->len = pcapng_u16(o->p + o->at + 2, o->little);
	opt->value = o->p + o->at + 4;
	padded = (opt->len + 3u) & ~3u;
	if (opt->code == OPT_END)
		return false;
	if (padded > left - 4) {
		o->bad = !o->cut;
		return false;
	}
	o->at += 4 + padded;
	return true;
}

static int64_t held(__int128 ns)
{
	if (ns > CAPTURE_TIME_LIMIT)
		return CAPTURE_TIME_LIMIT;
	return ns < -CAPTURE_TIME_LIMIT ? -CAPTURE_TIME_LIMIT : (int64_t)ns;
}

int64_t pcapng_time(uint64_t units, uint8_t resolution, int64_t offset)
{
	unsigned power = resolution & 0x7f;
	__int128 ns = units;

	if (resolution & 0x80) {
		ns = ns * 1000000000 >> power; /* below 2^94, and power is below 128 */
	} else {
		for (; power < 9; power++)
			ns *= 10; /* below 2^64 * 10^9 */
		for (; power > 9 && ns; power--)
			ns /= 10;
	}
	return held(ns + (__int128)offset * 1000000000);
}
