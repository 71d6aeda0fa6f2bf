/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * words: what to do when recording is not allowed. One branch, the one that applies here.
 */
#include "config.h"

#include <errno.h>
#include <glib.h>
#include <grp.h>
#include <linux/capability.h>
#include <pwd.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "src/recorder/process.h"
#include "tracetutor/recorder.h"

static const char without[] =
	"Without any rights you can open a trace somebody recorded for you, or take the tour on a "
	"recorded one: tracetutor learn tour\n";

/* Root here cannot record either: so it is in containers that were not given the right. */
static bool out_of_bounds(void)
{
	return !prctl(PR_CAPBSET_READ, CAP_NET_RAW, 0, 0, 0) || !geteuid();
}

static const char *user_name(void)
{
	const struct passwd *p = getpwuid(getuid());

	return p ? p->pw_name : "$USER";
}

/* Is this process in the group? A new membership counts from the next login on. */
static bool in_group(gid_t group)
{
	gid_t mine[256];
	int n = getgroups(G_N_ELEMENTS(mine), mine);

	for (int i = 0; i < n; i++)
		if (mine[i] == group)
			return true;
	return getegid() == group;
}

static bool is_listed(const struct group *g, const char *user)
{
	for (char **member = g->gr_mem; *member; member++)
		if (!strcmp(*member, user))
			return true;
	return false;
}

/* dumpcap is there for a group we are not in: that group, or NULL. */
static const struct group *dumpcap_group(void)
{
	static const char *const places[] = {"/usr/bin/dumpcap", "/usr/sbin/dumpcap",
					     "/usr/local/bin/dumpcap"};
	struct stat st;

	for (size_t i = 0; i < G_N_ELEMENTS(places); i++)
		if (!stat(places[i], &st) && access(places[i], X_OK) < 0 && errno == EACCES &&
		    st.st_mode & S_IXGRP && !in_group(st.st_gid))
			return getgrgid(st.st_gid);
	return NULL;
}

static void words_container(struct buf *out)
{
	buf_str(out,
		"This program runs where nobody may record packets, not even the administrator: "
		"most likely in a container that was not given that right (CAP_NET_RAW). Start  "
		"the container with that right, for example\n\n"
		"    docker run --cap-add=NET_RAW ...\n\n"
		"Programs in the container can then see its packets, and send packets of any "
		"kind.\n");
}

static void words_group(const struct group *g, struct buf *out)
{
	if (is_listed(g, user_name()))
		buf_printf(out,
			   "You were added to the group %s, whose members may record packets, but "
			   "this terminal was opened before. Log out and in again, or continue in "
			   "a shell that has the group:\n\n"
			   "    newgrp %s\n\n"
			   "This changes nothing on the computer.\n",
			   g->gr_name, g->gr_name);
	else
		buf_printf(out,
			   "Recording packets needs a right that you do not have yet. On this "
			   "computer the members of the group %s have it, by Wireshark's program "
			   "dumpcap. Add yourself to the group, then log out and in again:\n\n"
			   "    sudo usermod -aG %s %s\n\n"
			   "From then on all programs you start can see all packets of this "
			   "computer.\n",
			   g->gr_name, g->gr_name, user_name());
}

static void words_root(struct buf *out)
{
	char *sudo = process_find("sudo");

	buf_printf(out,
		   "Recording packets needs a right that only the administrator (root) has on this "
		   "computer. Start the program with that right:\n\n"
		   "    %s\n\n"
		   "It keeps the right in one small process that reads no packet; what reads them "
		   "runs without it%s.\n",
		   sudo ? "sudo tracetutor" : "su -c tracetutor",
		   sudo ? ", and the traces belong to you" : "");
	g_free(sudo);
}

void recorder_way_words(struct buf *out)
{
	const struct group *g = dumpcap_group();

	if (out_of_bounds())
		words_container(out);
	else if (g)
		words_group(g, out);
	else
		words_root(out);
	buf_str(out, without);
}

bool recorder_ask_sudo(struct diag *d)
{
	char *sudo = process_find("sudo");
	const char *const argv[] = {sudo, "-v", "-p",
				    "Your password (for sudo, to record packets): ", NULL};
	int status = sudo ? process_run(argv) : -1;

	g_free(sudo);
	return !status || diag_fail(d, "Open a recorded trace instead, or take the tour.",
				    "sudo did not give the right to record");
}
