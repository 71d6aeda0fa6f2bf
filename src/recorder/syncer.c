/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "src/recorder/syncer.h"

#include <errno.h>
#include <glib.h>
#include <stdbool.h>
#include <unistd.h>

struct syncer {
	int fd;
	GThread *thread;
	GMutex lock; /* of what follows */
	GCond changed;
	bool news, ending;
	int error;
};

/* Does the error speak of the disk? Devices and pipes cannot be synced, and need not be. */
static bool of_the_disk(int error)
{
	return error == EIO || error == ENOSPC || error == EDQUOT;
}

static void sync_once(struct syncer *s)
{
	int error;

	s->news = false;
	g_mutex_unlock(&s->lock);
	error = fdatasync(s->fd) < 0 ? errno : 0;
	g_mutex_lock(&s->lock);
	if (of_the_disk(error))
		s->error = error;
}

static void *syncer_run(void *data)
{
	struct syncer *s = data;
	gint64 next;

	g_mutex_lock(&s->lock);
	while (!s->ending) {
		next = g_get_monotonic_time() + G_USEC_PER_SEC;
		while (!s->ending && g_cond_wait_until(&s->changed, &s->lock, next))
			;
		if (s->news && !s->ending)
			sync_once(s);
	}
	g_mutex_unlock(&s->lock);
	return NULL;
}

struct syncer *syncer_start(int fd)
{
	struct syncer *s = g_new0(struct syncer, 1);

	s->fd = fd;
	g_mutex_init(&s->lock);
	g_cond_init(&s->changed);
	/* Without it the file reaches the disk when the kernel thinks fit, and at the end. */
	s->thread = g_thread_try_new("sync", syncer_run, s, NULL);
	return s;
}

void syncer_new(struct syncer *s)
{
	g_mutex_lock(&s->lock);
	s->news = true;
	g_mutex_unlock(&s->lock);
}

int syncer_error(struct syncer *s)
{
	int error;

	g_mutex_lock(&s->lock);
	error = s->error;
	g_mutex_unlock(&s->lock);
	return error;
}

void syncer_end(struct syncer *s)
{
	g_mutex_lock(&s->lock);
	s->ending = true;
	g_cond_signal(&s->changed);
	g_mutex_unlock(&s->lock);
	if (s->thread)
		g_thread_join(s->thread);
	g_cond_clear(&s->changed);
	g_mutex_clear(&s->lock);
	g_free(s);
}
