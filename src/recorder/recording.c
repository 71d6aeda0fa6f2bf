/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * recording: the console's side of the keeper and its recorders.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "src/recorder/run.h"
#include "tracetutor/writer.h"

#define ANSWER_SECONDS 20 /* until the interface must be open; other programs may have to start */

struct keeper {
	pid_t pid;
	int orders;
};

struct recording {
	int control;
	int file, next; /* at work, and given with recording_next_file(); -1 */
	bool ended;
	struct recording_event last;
};

/* --- keeper --- */

struct keeper *keeper_start(struct diag *d)
{
	struct keeper *k;
	int ends[2];
	pid_t pid;

	if (!message_pair(ends) || (pid = fork()) < 0) {
		diag_fail(d, "Close some programs and try again.",
			  "the process that records could not be started: %s", g_strerror(errno));
		return NULL;
	}
	if (!pid)
		keeper_run(ends[1]);
	setpgid(pid, pid); /* as the keeper does: whoever is first */
	close(ends[1]);
	k = g_new0(struct keeper, 1);
	k->pid = pid;
	k->orders = ends[0];
	return k;
}

void keeper_end(struct keeper *k)
{
	if (!k)
		return;
	close(k->orders);
	while (waitpid(k->pid, NULL, 0) < 0 && errno == EINTR)
		;
	g_free(k);
}

static struct iovec text_part(const char *text)
{
	if (!text)
		text = "";
	return (struct iovec){.iov_base = (char *)text, .iov_len = strlen(text) + 1};
}

/* Send the order and wait for the answer; the socket of the recorder, or -1 if nobody answers. */
static int keeper_ask(struct keeper *k, const struct order *o, const char *interface,
		      const struct recorder_request *q, struct answer *a)
{
	const struct iovec parts[] = {{.iov_base = (void *)o, .iov_len = sizeof(*o)},
				      text_part(interface),
				      text_part(q ? q->filter : NULL),
				      text_part(q ? q->comment : NULL)};
	int ends[2], fds[MESSAGE_MAX_FDS];
	bool sent;

	if (!message_pair(ends))
		return -1;
	fds[0] = ends[1];
	fds[1] = q ? q->fd : -1;
	sent = message_send(k->orders, parts, G_N_ELEMENTS(parts), fds, q ? 2 : 1, true);
	close(ends[1]);
	if (sent && message_wait(ends[0], ANSWER_SECONDS) &&
	    message_receive(ends[0], a, sizeof(*a), NULL) == (ssize_t)sizeof(*a))
		return ends[0];
	close(ends[0]);
	return -1;
}

enum recorder_way keeper_way(struct keeper *k, const char *interface)
{
	const struct order o = {.kind = ORDER_WAY};
	struct answer a;
	int control = keeper_ask(k, &o, interface, NULL, &a);

	if (control < 0)
		return WAY_NONE;
	close(control);
	return a.way;
}

/* --- recording --- */

struct recording *recording_start(struct keeper *k, const struct recorder_request *q,
				  enum recorder_way *way, struct diag *d)
{
	const struct order o = {.kind = ORDER_RECORD,
				.snap_length = q->snap_length,
				.seconds = q->seconds,
				.quiet_seconds = q->quiet_seconds,
				.bytes = q->bytes,
				.ring = q->ring};
	struct recording *r;
	struct answer a;
	int control = keeper_ask(k, &o, q->interface, q, &a);

	*way = control < 0 ? WAY_DIRECT : a.way;
	if (control < 0 || !a.fine) {
		diag_fail(d, control < 0 ? "Start the program again." : NULL, "%s",
			  control < 0 ? "the process that records does not answer" : a.words);
		if (control >= 0)
			close(control);
		return NULL;
	}
	r = g_new0(struct recording, 1);
	r->control = control;
	r->file = fcntl(q->fd, F_DUPFD_CLOEXEC, 0);
	r->next = -1;
	return r;
}

int recording_fd(const struct recording *r)
{
	return r->control;
}

static void close_file(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

/* The recorder makes a finished file read-only; where root made it and the recorder is root no
 * more, we do. */
static void file_finished(struct recording *r)
{
	struct stat st;

	if (r->file >= 0 && !fstat(r->file, &st) && st.st_mode & 0222)
		writer_seal(r->file);
	close_file(&r->file);
	r->file = r->next;
	r->next = -1;
}

void recording_next(struct recording *r, struct recording_event *e)
{
	ssize_t n = r->ended ? -1 : message_receive(r->control, e, sizeof(*e), NULL);

	if (r->ended || (n < 0 && errno == EAGAIN)) {
		*e = r->last;
		e->what = RECORDING_NOTHING;
		return;
	}
	if (n != (ssize_t)sizeof(*e)) {
		*e = r->last;
		e->what = RECORDING_ENDED;
		e->end = END_DIED;
		e->dropped = UINT64_MAX;
	}
	r->ended = e->what == RECORDING_ENDED;
	if (e->what == RECORDING_NEXT || (r->ended && e->end != END_DIED))
		file_finished(r);
	r->last = *e;
}

static void wish(struct recording *r, enum wish_kind kind, const char *text, int fd)
{
	const struct wish w = {.kind = kind};
	const struct iovec parts[] = {{.iov_base = (void *)&w, .iov_len = sizeof(w)},
				      text_part(text)};

	/* If it is gone, recording_next() says so. */
	message_send(r->control, parts, G_N_ELEMENTS(parts), &fd, fd >= 0, true);
}

void recording_mark(struct recording *r, const char *text)
{
	wish(r, WISH_MARK, text, -1);
}

void recording_facts(struct recording *r, const char *comment)
{
	wish(r, WISH_FACTS, comment, -1);
}

void recording_next_file(struct recording *r, int fd)
{
	close_file(&r->next);
	r->next = fcntl(fd, F_DUPFD_CLOEXEC, 0);
	wish(r, WISH_FILE, NULL, fd);
}

void recording_stop(struct recording *r)
{
	wish(r, WISH_STOP, NULL, -1);
}

void recording_free(struct recording *r)
{
	if (!r)
		return;
	close(r->control);
	close_file(&r->file);
	close_file(&r->next);
	g_free(r);
}
