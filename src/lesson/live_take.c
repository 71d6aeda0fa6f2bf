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

void live_say_user(struct player *p, struct report *rep)
{
	struct stages *s = p->live->now.stages;
	const char *right = player_user(p), *sent = s ? stages_talk(s)->user : "";

	if (!right || !*sent || stages_results(s)[STAGE_LOGIN].state != STAGE_REFUSED)
		return;
	if (strcmp(right, sent) == 0)
		report_sayf(rep, STYLE_STRONG,
			    "The user name that was sent is the one you wrote: %s. So look at the "
			    "password.",
			    sent);
	else
		report_sayf(rep, STYLE_STRONG,
			    "You wrote that the user name should be %s. Sent was %s.", right, sent);
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
