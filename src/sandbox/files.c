/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * files: Landlock with no rule at all, so that whatever it knows of is refused. The system's header
 * may be older than the kernel; what the kernel knows is asked of it (its "ABI").
 */
#include "config.h"

#include <linux/landlock.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "src/sandbox/walls.h"

/* struct landlock_ruleset_attr as of ABI 6; an older kernel takes it if what it lacks is zero. */
struct ruleset {
	uint64_t files, net, scoped;
};

#define NET_BIND_CONNECT_TCP  3u /* from ABI 4 */
#define SCOPE_SOCKETS_SIGNALS 3u /* abstract sockets and signals of others, from ABI 6 */

/* Each ABI added kinds of access at the top. */
static uint64_t files_of(long abi)
{
	static const uint8_t kinds[] = {0, 13, 14, 15, 15, 16};
	size_t last = sizeof(kinds) - 1;

	return (UINT64_C(1) << kinds[(size_t)abi < last ? (size_t)abi : last]) - 1;
}

void close_files(void)
{
	long abi = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
	struct ruleset r = {0};
	long fd;

	if (abi < 1)
		return;
	r.files = files_of(abi);
	r.net = abi >= 4 ? NET_BIND_CONNECT_TCP : 0;
	r.scoped = abi >= 6 ? SCOPE_SOCKETS_SIGNALS : 0;
	fd = syscall(SYS_landlock_create_ruleset, &r, sizeof(r), 0);
	if (fd < 0)
		return;
	syscall(SYS_landlock_restrict_self, fd, 0);
	close((int)fd);
}
