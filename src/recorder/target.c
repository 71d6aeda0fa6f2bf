/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "src/recorder/target.h"

#include <errno.h>
#include <glib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "src/recorder/syncer.h"

#define PENDING_MAX (1u << 20) /* bytes held back at most */

struct target {
	int fd;
	struct writer *writer;
	struct syncer *syncer;
	uint64_t frames; /* given, written or not */
	uint64_t lost;   /* before this file was begun */
};

struct target *target_begin(int fd, const struct writer_head *head, uint64_t lost)
{
	struct target *t = g_new0(struct target, 1);
	int error;

	t->fd = fd;
	t->lost = lost;
	t->writer = writer_new(fd, head);
	if (writer_flush(t->writer)) {
		t->syncer = syncer_start(fd);
		return t;
	}
	error = errno;
	target_free(t);
	errno = error;
	return NULL;
}

void target_frame(struct target *t, const struct frame *f)
{
	writer_frame(t->writer, f);
	t->frames++;
	/* Should that fail, the next target_flush() says so. */
	if (writer_pending(t->writer) > PENDING_MAX && writer_flush(t->writer))
		syncer_new(t->syncer);
}

void target_mark(struct target *t, int64_t time, const char *text)
{
	writer_mark(t->writer, time, text);
}

bool target_flush(struct target *t)
{
	if (!writer_flush(t->writer))
		return false;
	syncer_new(t->syncer);
	return true;
}

int target_error(struct target *t)
{
	return syncer_error(t->syncer);
}

uint64_t target_length(const struct target *t)
{
	return writer_size(t->writer) + writer_pending(t->writer);
}

bool target_pending(const struct target *t)
{
	return writer_pending(t->writer) > 0;
}

uint64_t target_size(const struct target *t)
{
	return writer_size(t->writer);
}

uint64_t target_packets(const struct target *t)
{
	return writer_frames(t->writer);
}

bool target_finish(struct target *t, int64_t time, uint64_t lost, const char *facts)
{
	uint64_t here = lost == UINT64_MAX ? lost : lost - MIN(lost, t->lost);
	bool fine;
	int error;

	writer_statistics(t->writer, time, t->frames + (here == UINT64_MAX ? 0 : here), here,
			  facts);
	fine = writer_flush(t->writer);
	error = errno;
	if (fine && fsync(t->fd) < 0 && errno != EINVAL && errno != EROFS) {
		fine = false;
		error = errno;
	}
	/* Refused where root made the file and we are root no more; then who asked does it. */
	if (!writer_seal(t->fd))
		error = error ? error : errno;
	errno = error;
	return fine;
}

void target_free(struct target *t)
{
	if (!t)
		return;
	if (t->syncer)
		syncer_end(t->syncer);
	writer_free(t->writer);
	close(t->fd);
	g_free(t);
}
