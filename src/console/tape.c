/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * tape: a recording under way. New files are made here, exclusively; the recorder only fills them,
 * and the guest only reads them.
 *
 * Ring mode (for faults that come rarely): the last pieces are kept, each a whole file, and at the
 * end joined into one: a pcapng file may have many sections.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "src/console/host.h"
#include "tracetutor/system.h"
#include "tracetutor/writer.h"

#define RING_MAX 64

/* --- files --- */

/* A file the person named: new, or refused. */
static int named_file(const char *path, struct diag *d)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);

	if (fd < 0 && (errno == EEXIST || errno == ELOOP))
		diag_fail(d, "choose another name: nothing is ever overwritten",
			  "%s exists already", path);
	else if (fd < 0)
		diag_fail(d, "choose a folder that is yours", "%s could not be made (%s)", path,
			  g_strerror(errno));
	return fd;
}

static int new_file(struct host *h, char **path, struct diag *d)
{
	struct tape *t = &h->tape;
	char *name;
	int fd;

	*path = NULL;
	if (!t->ring && h->new_trace) {
		*path = g_strdup(h->new_trace);
		return named_file(*path, d);
	}
	if (!h->folder)
		return -1;
	name = t->ring ? g_strdup_printf("piece-%u", ++t->piece) : g_strdup("trace");
	fd = folder_new_file(folder_path(h->folder), name, ".pcapng", path, d);
	if (fd >= 0) /* the folder is the person's alone; the file is to become 0444 */
		fchmod(fd, 0644);
	g_free(name);
	return fd;
}

static int next_file(struct host *h, char **path, struct diag *d)
{
	int fd = new_file(h, path, d);

	if (fd >= 0)
		folder_lock(fd);
	return fd;
}

/* The guest reads the file through a descriptor of its own. */
static int open_to_read(const char *path)
{
	return open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
}

static bool copy_into(int to, const char *path)
{
	char bytes[64 * 1024];
	int from = open_to_read(path);
	ssize_t n = -1, done = 0;

	while (from >= 0 && done >= 0 && (n = read(from, bytes, sizeof(bytes))) > 0)
		for (ssize_t at = 0; at < n && done >= 0; at += MAX(done, 0))
			done = write(to, bytes + at, (size_t)(n - at));
	if (from >= 0)
		close(from);
	return n == 0 && done >= 0;
}

/* Join the pieces of a ring; they go only when the whole is safe. NULL: it did not work. */
static char *join_ring(struct host *h)
{
	GPtrArray *ring = g_steal_pointer(&h->tape.ring); /* the whole is no piece */
	char *path = h->tape.whole_fd < 0 ? NULL : g_strdup(h->new_trace);
	int fd = path ? h->tape.whole_fd : next_file(h, &path, h->d);
	bool ok = fd >= 0;

	h->tape.whole_fd = -1;
	for (guint i = 0; ok && i < ring->len; i++)
		ok = copy_into(fd, ring->pdata[i]);
	ok = ok && fsync(fd) == 0 && writer_seal(fd);
	if (!ok && fd >= 0)
		diag_fail(h->d, "they are safe, each a trace of its own: tracetutor sessions",
			  "the pieces could not be joined into one file (%s)", g_strerror(errno));
	if (fd >= 0)
		close(fd);
	for (guint i = 0; ok && i < ring->len; i++)
		unlink(ring->pdata[i]);
	if (!ok && path)
		unlink(path);
	if (!ok)
		g_clear_pointer(&path, g_free);
	g_ptr_array_free(ring, TRUE);
	return path;
}

/* --- starting --- */

static void facts_of(struct machine *m, const char *interface, struct buf *out)
{
	machine_release(m);
	machine_init(m);
	system_machine(m, interface);
	system_owners(m);
	machine_write(m, out);
}

/* A name that is taken is told now, not after hours. */
static bool start_ring(struct host *h, struct diag *d)
{
	struct tape *t = &h->tape;

	t->whole_fd = h->new_trace ? named_file(h->new_trace, d) : -1;
	if (h->new_trace && t->whole_fd < 0)
		return false;
	t->ring = g_ptr_array_new_with_free_func(g_free);
	return true;
}

static void forget_ring(struct host *h)
{
	struct tape *t = &h->tape;

	if (t->whole_fd >= 0) {
		close(t->whole_fd);
		unlink(h->new_trace); /* ours, and empty */
	}
	t->whole_fd = -1;
	if (t->ring)
		g_ptr_array_free(t->ring, TRUE);
	t->ring = NULL;
}

static bool start_into(struct host *h, struct recorder_request *q, int64_t *way, struct diag *d)
{
	struct tape *t = &h->tape;
	struct buf facts = BUF_INIT;
	enum recorder_way found = WAY_NONE;

	facts_of(&t->machine, q->interface, &facts);
	t->owners = 0;
	g_free(t->path); /* of the recording before */
	t->fd = next_file(h, &t->path, d);
	q->fd = t->fd;
	q->comment = buf_text(&facts);
	t->recording = t->fd < 0 ? NULL : recording_start(h->keeper, q, &found, d);
	*way = found;
	buf_release(&facts);
	if (!t->recording && t->fd >= 0) {
		close(t->fd);
		unlink(t->path); /* ours, and empty */
	}
	if (!t->recording)
		g_clear_pointer(&t->path, g_free);
	return t->recording != NULL;
}

/* The request in the message; its strings live as long as the variant. */
static GVariant *request_of(struct host *h, struct recorder_request *q, unsigned *pieces)
{
	GVariant *v = g_variant_new_from_data(G_VARIANT_TYPE(HOST_RECORD), buf_text(&h->got.text),
					      h->got.text.len, FALSE, NULL, NULL);
	guint64 bytes;

	g_variant_ref_sink(v);
	*q = (struct recorder_request){0};
	g_variant_get(v, "(&s&suutu)", &q->interface, &q->filter, &q->seconds, &q->quiet_seconds,
		      &bytes, pieces);
	q->bytes = bytes;
	if (!*q->filter)
		q->filter = NULL;
	*pieces = MIN(*pieces, RING_MAX);
	return v;
}

void tape_start(struct host *h)
{
	struct tape *t = &h->tape;
	struct diag d = DIAG_INIT;
	struct recorder_request q;
	unsigned pieces;
	GVariant *v = request_of(h, &q, &pieces);
	int64_t way = WAY_NONE;
	int reading;

	if (t->recording || !h->keeper) {
		host_reply(h, 0, "", -1);
		g_variant_unref(v);
		return;
	}
	t->keep = pieces;
	t->before = 0;
	q.ring = pieces > 0;
	if ((!pieces || start_ring(h, &d)) && start_into(h, &q, &way, &d)) {
		reading = open_to_read(t->path);
		if (t->ring)
			g_ptr_array_add(t->ring, g_strdup(t->path));
		host_reply(h, 1, t->path, reading);
		close(reading);
	} else {
		forget_ring(h);
		host_refuse(h, &d);
	}
	g_variant_unref(v);
	diag_release(&d);
}

/* --- while it runs --- */

/* Counts are told to a guest that keeps up; to another one the newest, later: its lines come first.
 */
static void tell(struct host *h, const struct recording_event *e, int fd)
{
	struct tape *t = &h->tape;

	t->put_off = e->what == RECORDING_GREW && wire_busy(h->end);
	t->grew = *e;
	if (!t->put_off)
		wire_send(h->end, WIRE_EVENT, 0, e, sizeof(*e), fd);
}

/* The piece is full: here is the next one. Without it the recorder stays in the old one. */
static void offer_next(struct host *h)
{
	struct tape *t = &h->tape;

	t->next_fd = next_file(h, &t->next_path, h->d);
	if (t->next_fd >= 0)
		recording_next_file(t->recording, t->next_fd);
}

/* The next piece is in use; the oldest one too many goes. Returns the new one for reading. */
static int turn_ring(struct tape *t)
{
	close(t->fd);
	t->fd = t->next_fd;
	t->next_fd = -1;
	g_free(t->path);
	t->path = g_steal_pointer(&t->next_path);
	g_ptr_array_add(t->ring, g_strdup(t->path));
	if (t->ring->len > t->keep) {
		unlink(t->ring->pdata[0]);
		g_ptr_array_remove_index(t->ring, 0);
	}
	return open_to_read(t->path);
}

/* A piece that was offered and never used: empty, and ours. */
static void drop_next(struct tape *t)
{
	if (t->next_fd < 0)
		return;
	close(t->next_fd);
	unlink(t->next_path);
	g_clear_pointer(&t->next_path, g_free);
	t->next_fd = -1;
}

/* The recording is over: its files are put in order. */
static void put_away(struct host *h, const struct recording_event *e)
{
	struct tape *t = &h->tape;
	char *whole;

	drop_next(t);
	if (e->end == END_DIED) { /* it could not finish the file itself */
		writer_repair(t->fd);
		writer_seal(t->fd);
	}
	whole = t->ring ? join_ring(h) : NULL;
	recording_free(t->recording);
	t->recording = NULL;
	close(t->fd);
	t->fd = -1;
	if (whole) {
		g_free(t->path);
		t->path = whole;
	}
}

static void ended(struct host *h, struct recording_event *e)
{
	put_away(h, e);
	wire_send(h->end, WIRE_EVENT, 1, e, sizeof(*e), -1);
}

void tape_event(struct host *h)
{
	struct recording_event e;
	int fd = -1;

	while (h->tape.recording) {
		recording_next(h->tape.recording, &e);
		if (e.what == RECORDING_NOTHING)
			return;
		if (e.what == RECORDING_ENDED) {
			ended(h, &e);
			return;
		}
		if (e.what == RECORDING_FULL)
			offer_next(h);
		else if (e.what == RECORDING_NEXT) {
			h->tape.before += e.packets;
			fd = turn_ring(&h->tape);
		}
		tell(h, &e, fd);
		if (fd >= 0)
			close(fd);
		fd = -1;
	}
}

static void tell_facts(struct host *h)
{
	struct tape *t = &h->tape;
	struct buf text = BUF_INIT;

	system_owners(&t->machine);
	if (t->machine.owners->len != t->owners) {
		machine_write(&t->machine, &text);
		recording_facts(t->recording, buf_text(&text));
	}
	t->owners = t->machine.owners->len;
	buf_release(&text);
}

void tape_tick(struct host *h)
{
	if (!h->tape.recording)
		return;
	if (h->tape.put_off)
		tell(h, &h->tape.grew, -1);
	tell_facts(h);
}

void tape_stop(struct host *h)
{
	if (!h->tape.recording)
		return;
	tell_facts(h);
	recording_stop(h->tape.recording);
}

void tape_release(struct host *h)
{
	struct tape *t = &h->tape;
	struct recording_event e = {0};

	if (t->recording) { /* the guest ended first: finish the file all the same */
		recording_stop(t->recording);
		while (e.what != RECORDING_ENDED) {
			struct pollfd in = {.fd = recording_fd(t->recording), .events = POLLIN};

			poll(&in, 1, 1000);
			recording_next(t->recording, &e);
			if (e.what == RECORDING_NEXT)
				close(turn_ring(t));
		}
		put_away(h, &e);
	}
	forget_ring(h);
	machine_release(&t->machine);
	g_free(t->path);
	*t = (struct tape){.fd = -1, .next_fd = -1, .whole_fd = -1};
}
