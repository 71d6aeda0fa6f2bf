/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * clocks: was the clock set, did the computer sleep? Told from how the kernel's clocks move apart.
 */
#ifndef TRACETUTOR_RECORDER_CLOCKS_H
#define TRACETUTOR_RECORDER_CLOCKS_H

#include <stdint.h>

#define CLOCKS_NOTED_NS INT64_C(2000000000) /* less is not worth telling */

/* Nanoseconds: of the day since 1970; since the start; since the start without sleep. */
struct clocks {
	int64_t real, boot, mono;
};
struct clocks clocks_now(void);

/* Seconds by which the clock was set forward (or back) since `before`, and how long the computer
 * slept; 0 where less than CLOCKS_NOTED_NS. */
int64_t clocks_set_by(const struct clocks *before, const struct clocks *now);
int64_t clocks_slept(const struct clocks *before, const struct clocks *now);

#endif
