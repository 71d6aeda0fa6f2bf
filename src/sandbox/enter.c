/* SPDX-License-Identifier: GPL-3.0-or-later */
/* enter: the walls one after another, those last that would stand in the way of the others. */
#include "config.h"

#include <sys/resource.h>

#include <glib.h>

#include "src/sandbox/walls.h"

#if SANDBOX_ASAN
#include <sanitizer/common_interface_defs.h>
#include <sanitizer/lsan_interface.h>

static bool inside;

/* Looking for leaks at the end needs clone, ptrace and /proc: not done in a sandbox. */
int __lsan_is_turned_off(void)
{
	return inside;
}

static void tell_sanitizer(void)
{
	inside = true;
	__sanitizer_sandbox_on_notify(NULL);
}
#else
static void tell_sanitizer(void)
{
}
#endif

static void limit(__rlimit_resource_t what, rlim_t most)
{
	struct rlimit now;

	if (getrlimit(what, &now) != 0)
		return;
	now.rlim_max = MIN(now.rlim_max, most);
	now.rlim_cur = MIN(now.rlim_cur, now.rlim_max);
	setrlimit(what, &now);
}

bool sandbox_enter(struct sandbox_user u, unsigned megabytes, struct diag *d)
{
	if (!become(u, false, d))
		return false;
	tell_sanitizer();
	limit(RLIMIT_CORE, 0);
	if (megabytes && !SANDBOX_ASAN)
		limit(RLIMIT_AS, (rlim_t)megabytes << 20);
	close_files();
	close_calls();
	return true;
}
