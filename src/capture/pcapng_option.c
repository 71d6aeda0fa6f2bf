/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "src/capture/pcapng_option.h"

#include "src/capture/number.h"
#include "src/capture/reader.h"

bool option_next(struct options *o, struct option *opt)
{
	uint32_t left = o->end - MIN(o->at, o->end), padded;

	if (left < 4) {
		o->bad = left > 0 && !o->cut;
		return false;
	}
	opt->code = number_u16(o->p + o->at, o->little);
	opt->len = number_u16(o->p + o->at + 2, o->little);
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
