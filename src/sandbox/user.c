/* SPDX-License-Identifier: GPL-3.0-or-later */
/* user: who is to read packets, and becoming him. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cap-ng.h>
#include <glib.h>

#include "src/sandbox/walls.h"

#define NOBODY 65534 /* the kernel's own number for a user it does not know */

static bool id_from(const char *name, unsigned *id)
{
	const char *text = g_getenv(name);
	guint64 v;

	if (!text || !g_ascii_string_to_unsigned(text, 10, 1, UINT32_MAX - 1, &v, NULL))
		return false;
	*id = (unsigned)v;
	return true;
}

struct sandbox_user sandbox_user(void)
{
	struct sandbox_user u = {geteuid(), getegid()};

	if (u.uid != 0 || (id_from("SUDO_UID", &u.uid) && id_from("SUDO_GID", &u.gid)))
		return u;
	return (struct sandbox_user){NOBODY, NOBODY};
}

/* Root of a user namespace that an ordinary user made for himself is that user. */
static bool root_is_ordinary(void)
{
	FILE *map = fopen("/proc/self/uid_map", "re");
	char line[128];
	bool ordinary = false;

	if (!map)
		return false;
	while (fgets(line, sizeof(line), map)) {
		char **ids = g_strsplit_set(g_strstrip(line), " ", -1);
		const char *outside = NULL;

		for (char **id = ids + 1; ids[0] && *id && !outside; id++)
			outside = **id ? *id : NULL;
		if (strcmp(ids[0], "0") == 0)
			ordinary = outside && strcmp(outside, "0") != 0;
		g_strfreev(ids);
	}
	fclose(map);
	return ordinary;
}

/* False if root, a capability or a way back is left. */
static bool powerless(void)
{
	uid_t real, effective, saved;
	bool root = getresuid(&real, &effective, &saved) != 0 || !real || !effective || !saved;

	if (capng_get_caps_process() != 0 || capng_have_permitted_capabilities() != CAPNG_NONE)
		return false;
	return !root || root_is_ordinary();
}

static bool drop_capabilities(void)
{
	if (capng_get_caps_process() != 0)
		return false;
	if (capng_have_permitted_capabilities() == CAPNG_NONE)
		return true;
	/* The bounding set can be emptied only with CAP_SETPCAP; without it no_new_privs will do.
	 */
	capng_clear(CAPNG_SELECT_ALL);
	capng_apply(CAPNG_SELECT_BOUNDS);
	return capng_apply(CAPNG_SELECT_CAPS) == 0;
}

static void change_id(struct sandbox_user u, bool groups)
{
	bool known = groups && getpwuid(u.uid);
	capng_flags_t how = CAPNG_CLEAR_BOUNDING | CAPNG_CLEAR_AMBIENT;

	how |= known ? CAPNG_INIT_SUPP_GRP : CAPNG_DROP_SUPP_GRP;
	if (capng_get_caps_process() != 0)
		return;
	capng_clear(CAPNG_SELECT_ALL);
	capng_change_id((int)u.uid, (int)u.gid, how);
}

bool become(struct sandbox_user u, bool groups, struct diag *d)
{
	if (geteuid() == 0 && u.uid != 0)
		change_id(u, groups);
	if (drop_capabilities() && powerless() && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0)
		return true;
	return diag_fail(d, "run tracetutor as an ordinary user",
			 "the rights of root could not be given up, so nothing was read (%s)",
			 g_strerror(errno));
}

bool sandbox_drop_root(struct sandbox_user u, struct diag *d)
{
	if (geteuid() != 0 && powerless())
		return true;
	return become(u, true, d);
}

static bool owned_by(const char *path, uid_t uid)
{
	struct stat st;

	return path && stat(path, &st) == 0 && st.st_uid == uid;
}

void sandbox_home(struct sandbox_user u)
{
	static const char *const folders[] = {"XDG_STATE_HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME",
					      "XDG_CACHE_HOME", "XDG_RUNTIME_DIR"};
	const struct passwd *p = getpwuid(u.uid);

	if (geteuid() != 0 || u.uid == 0 || !owned_by(g_getenv("HOME"), 0))
		return;
	if (!p || !owned_by(p->pw_dir, u.uid))
		return;
	g_setenv("HOME", p->pw_dir, TRUE);
	g_setenv("USER", p->pw_name, TRUE);
	g_setenv("LOGNAME", p->pw_name, TRUE);
	for (size_t i = 0; i < G_N_ELEMENTS(folders); i++)
		if (owned_by(g_getenv(folders[i]), 0))
			g_unsetenv(folders[i]);
}
