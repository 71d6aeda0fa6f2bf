/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "src/recorder/clocks.h"

#include <time.h>

#define SECOND INT64_C(1000000000)

static int64_t clock_ns(clockid_t id)
{
	struct timespec t = {0};

	clock_gettime(id, &t);
	return (int64_t)t.tv_sec * SECOND + t.tv_nsec;
}

struct clocks clocks_now(void)
{
	return (struct clocks){.real = clock_ns(CLOCK_REALTIME),
			       .boot = clock_ns(CLOCK_BOOTTIME),
			       .mono = clock_ns(CLOCK_MONOTONIC)};
}

static int64_t noted(int64_t ns)
{
	if (ns > -CLOCKS_NOTED_NS && ns < CLOCKS_NOTED_NS)
		return 0;
	return (ns + (ns < 0 ? -SECOND / 2 : SECOND / 2)) / SECOND;
}

int64_t clocks_set_by(const struct clocks *before, const struct clocks *now)
{
	return noted((now->real - now->boot) - (before->real - before->boot));
}

int64_t clocks_slept(const struct clocks *before, const struct clocks *now)
{
	return noted((now->boot - now->mono) - (before->boot - before->mono));
}
