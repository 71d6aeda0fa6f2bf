/* SPDX-License-Identifier: GPL-3.0-or-later */
/* live_take: a recording that is finished, opened as a session, with how far the program came. */
#include <string.h>

#include "src/lesson/live.h"

static void observe(void *context, const struct record *r)
{
	stages_record(context, r);
}

bool take_open(struct player *p, struct take *t, const char *name)
{
	struct live *l = p->live;
	struct diag *d = &p->said, judged = DIAG_INIT; /* what is wrong with packets, check tells */
	const struct capture_info *info;
	char *path = NULL;
	int fd = l->world.trace(l->world.context, name, &path, d);
	struct capture *c = fd < 0 ? NULL : capture_open_fd(fd, path, d);

	take_release(t);
	t->trace = path;
	if (!c)
		return false;
	t->session = session_of(c, path, p->packs);
	session_watch(t->session, l->world.care.at);
	for (unsigned i = 0; i < l->world.care.nskips; i++)
		session_skip(t->session, l->world.care.skips[i]);
	t->stages = stages_new(player_server(p));
	if (l->address)
		stages_server_at(t->stages, l->address);
	session_observe(t->session, observe, t->stages);
	session_read(t->session, NULL, NULL, &judged);
	diag_release(&judged);
	info = session_facts(t->session).info;
	if (info && info->facts)
		machine_parse(&t->machine, info->facts, strlen(info->facts));
	return true;
}

void take_release(struct take *t)
{
	session_close(t->session);
	stages_free(t->stages);
	machine_release(&t->machine);
	g_free(t->trace);
	*t = (struct take){.dropped = UINT64_MAX};
	machine_init(&t->machine);
}
