/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * recorder: the process that copies frames from an interface into a file, and does nothing else.
 *
 * One round: wait, fetch what is there, write it at most every ROUND_MS, say how far the file is
 * whole. What takes long (the disk, a console that does not listen) never holds up fetching.
 */
#include "config.h"

#include <errno.h>
#include <glib.h>
#include <poll.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <unistd.h>

#include "src/recorder/clocks.h"
#include "src/recorder/ladder.h"
#include "src/recorder/process.h"
#include "src/recorder/run.h"
#include "tracetutor/writer.h"
#include "src/recorder/target.h"
#include "tracetutor/writer.h"
#include "tracetutor/sandbox.h"

#define MS             INT64_C(1000000)
#define SECOND         (1000 * MS)
#define ROUND_MS       20  /* between two writes, and two events, under load */
#define CHECK_MS       200 /* between two looks at drops and clocks */
#define FETCH          256 /* frames between two looks at everything else */
#define DRAIN_MS       50  /* the kernel hands on what it holds sooner than that */
#define DRAIN_OTHER_MS 400 /* and another program as well: dumpcap waits 250 ms */
#define DRAIN_MOST_MS  2000
#define TELL_MOST_MS   1000 /* for the last event, when we were told to end */

struct recorder {
	const struct task *task;
	int control, signals;
	struct source source;
	struct writer_head head;
	struct target *target;
	char *facts;
	GQueue events; /* struct recording_event, not sent yet */
	uint64_t dropped;
	struct clocks clocks;       /* as last checked */
	int64_t started, fetched;   /* monotonic; the last frame, 0: none */
	int64_t flushed;            /* monotonic; the last write */
	int64_t until;              /* day time of the stop: later frames are not recorded; 0 */
	bool past_until;            /* one was there */
	bool down, full, listening; /* interface; file (said); somebody is at the other end */
	bool told;                  /* by signal: do not wait for anybody */
	bool ending;
	enum recording_end end;
	int error;
};

/* --- events --- */

static struct recording_event event_of(const struct recorder *r, enum recording_what what)
{
	return (struct recording_event){.what = what,
					.packets = target_packets(r->target),
					.size = target_size(r->target),
					.dropped = r->dropped};
}

/* Counts that were not fetched yet are replaced by newer ones. */
static void event_push(struct recorder *r, const struct recording_event *e)
{
	struct recording_event *last = g_queue_peek_tail(&r->events);

	if (last && last->what == RECORDING_GREW && e->what == RECORDING_GREW)
		*last = *e;
	else
		g_queue_push_tail(&r->events, g_memdup2(e, sizeof(*e)));
}

static void say(struct recorder *r, enum recording_what what, int64_t seconds)
{
	struct recording_event e = event_of(r, what);

	e.seconds = seconds;
	event_push(r, &e);
}

static void events_send(struct recorder *r)
{
	struct recording_event *e;

	while (r->listening && (e = g_queue_peek_head(&r->events))) {
		const struct iovec part = {.iov_base = e, .iov_len = sizeof(*e)};

		if (!message_send(r->control, &part, 1, NULL, 0, false)) {
			r->listening = errno == EAGAIN || errno == ENOBUFS;
			return;
		}
		g_free(g_queue_pop_head(&r->events));
	}
}

static void end_for(struct recorder *r, enum recording_end end, int error)
{
	if (r->ending)
		return;
	r->ending = true;
	r->end = end;
	r->error = error;
}

/* Into the trace as well, where it explains what is seen there. */
static void mark(struct recorder *r, int64_t time, const char *text)
{
	target_mark(r->target, time, text);
}

/* --- frames into the file --- */

static bool size_reached(const struct recorder *r)
{
	uint64_t most = r->task->order.bytes;

	return most && target_length(r->target) >= most;
}

static void one_frame(void *context, const struct frame *f)
{
	struct recorder *r = context;

	if (r->until && f->time > r->until)
		r->past_until = true;
	else if (!size_reached(r) || r->task->order.ring)
		target_frame(r->target, f);
}

static void interface_changed(struct recorder *r, bool down)
{
	char *text;

	if (r->down == down)
		return;
	r->down = down;
	text = g_strdup_printf("The network interface %s was switched %s here.", r->task->interface,
			       down ? "off" : "on again");
	mark(r, clocks_now().real, text);
	say(r, down ? RECORDING_DOWN : RECORDING_UP, 0);
	g_free(text);
}

/* How many frames were there. */
static unsigned fetch(struct recorder *r)
{
	unsigned given;
	enum live_status status = live_next(r->source.live, FETCH, one_frame, r, &given);

	if (given)
		r->fetched = clocks_now().mono;
	if (status == LIVE_GONE)
		end_for(r, END_GONE, 0);
	else
		interface_changed(r, status == LIVE_DOWN);
	return given;
}

static void flush(struct recorder *r, int64_t now)
{
	r->flushed = now;
	if (target_flush(r->target))
		say(r, RECORDING_GREW, 0);
	else
		end_for(r, END_DISK, errno);
}

/* --- what else happens --- */

static void check_clocks(struct recorder *r, const struct clocks *now)
{
	int64_t set = clocks_set_by(&r->clocks, now), slept = clocks_slept(&r->clocks, now);
	char *text;

	if (slept) {
		text = g_strdup_printf(
			"The computer slept for %" G_GINT64_FORMAT " seconds before this.", slept);
		mark(r, now->real, text);
		say(r, RECORDING_SLEPT, slept);
		g_free(text);
	}
	if (set) {
		text = g_strdup_printf("The clock was set %s by %" G_GINT64_FORMAT
				       " seconds before this.",
				       set < 0 ? "back" : "forward", set < 0 ? -set : set);
		mark(r, now->real, text);
		say(r, RECORDING_CLOCK, set);
		g_free(text);
	}
}

static void check_dropped(struct recorder *r)
{
	uint64_t before = r->dropped;

	if (!source_dropped(&r->source, &r->dropped))
		r->dropped = UINT64_MAX;
	if (r->dropped != before)
		say(r, RECORDING_GREW, 0);
}

static void check_limits(struct recorder *r, int64_t now)
{
	const struct order *o = &r->task->order;

	if (size_reached(r) && !o->ring) {
		end_for(r, END_SIZE, 0);
	} else if (size_reached(r) && !r->full) {
		r->full = true;
		flush(r, now);
		say(r, RECORDING_FULL, 0);
	}
	if (o->seconds && now - r->started >= o->seconds * SECOND)
		end_for(r, END_TIME, 0);
	if (o->quiet_seconds && r->fetched && now - r->fetched >= o->quiet_seconds * SECOND)
		end_for(r, END_QUIET, 0);
}

/* False with errno if the file does not take its first blocks. */
static bool use_file(struct recorder *r, int fd)
{
	r->full = false;
	r->target = target_begin(fd, &r->head, r->dropped == UINT64_MAX ? 0 : r->dropped);
	return r->target != NULL;
}

static void next_file(struct recorder *r, int fd)
{
	struct target *old = r->target;

	if (!target_finish(old, clocks_now().real, r->dropped, r->facts)) {
		end_for(r, END_DISK, errno);
		close(fd);
	} else if (use_file(r, fd)) {
		struct recording_event e = event_of(r, RECORDING_NEXT);

		e.packets = target_packets(old);
		e.size = target_size(old);
		event_push(r, &e);
		say(r, RECORDING_GREW, 0);
		target_free(old);
	} else {
		r->target = old;
		end_for(r, END_DISK, errno);
	}
}

static void obey(struct recorder *r, const struct wish *w, const char *text, int fd)
{
	switch (w->kind) {
	case WISH_STOP: end_for(r, END_STOPPED, 0); break;
	case WISH_MARK: mark(r, clocks_now().real, text); break;
	case WISH_FACTS:
		g_free(r->facts);
		r->facts = g_strdup(text);
		break;
	case WISH_FILE:
		if (fd >= 0)
			next_file(r, fd);
		break;
	}
}

static void hear(struct recorder *r)
{
	static char message[MESSAGE_MAX + 1];
	int fds[MESSAGE_MAX_FDS];
	struct wish w;
	ssize_t n;

	while ((n = message_receive(r->control, message, MESSAGE_MAX, fds)) >= (ssize_t)sizeof(w)) {
		message[n] = '\0';
		memcpy(&w, message, sizeof(w));
		obey(r, &w, message + sizeof(w), fds[0]);
		if (r->ending)
			return;
	}
	if (n >= 0 || errno != EAGAIN) {
		r->listening = false;
		end_for(r, END_STOPPED, 0);
	}
}

static void hear_signals(struct recorder *r)
{
	struct signalfd_siginfo s;

	while (read(r->signals, &s, sizeof(s)) == (ssize_t)sizeof(s))
		if (s.ssi_signo != SIGCHLD) {
			r->told = true;
			end_for(r, END_STOPPED, 0);
		}
}

/* --- rounds --- */

static void sooner(int64_t *when, int64_t other)
{
	*when = MIN(*when, other);
}

/* Milliseconds until something is due. */
static int due_in(const struct recorder *r)
{
	const struct order *o = &r->task->order;
	int64_t now = clocks_now().mono, when = r->clocks.mono + CHECK_MS * MS;

	if (target_pending(r->target) || r->events.length)
		sooner(&when, r->flushed + ROUND_MS * MS);
	if (o->seconds)
		sooner(&when, r->started + o->seconds * SECOND);
	if (o->quiet_seconds && r->fetched)
		sooner(&when, r->fetched + o->quiet_seconds * SECOND);
	return when <= now ? 0 : (int)((when - now + MS - 1) / MS);
}

static void round_of(struct recorder *r)
{
	struct pollfd p[] = {{.fd = live_fd(r->source.live), .events = POLLIN},
			     {.fd = r->control, .events = POLLIN},
			     {.fd = r->signals, .events = POLLIN}};
	struct clocks now;

	poll(p, G_N_ELEMENTS(p), due_in(r));
	fetch(r);
	if (p[1].revents)
		hear(r);
	if (p[2].revents)
		hear_signals(r);
	now = clocks_now();
	if (now.mono - r->clocks.mono >= CHECK_MS * MS) {
		check_clocks(r, &now);
		check_dropped(r);
		r->clocks = now;
		if (target_error(r->target))
			end_for(r, END_DISK, target_error(r->target));
	}
	if (now.mono - r->flushed >= ROUND_MS * MS) {
		if (target_pending(r->target))
			flush(r, now.mono);
		events_send(r);
	}
	check_limits(r, now.mono);
}

/* --- begin and end --- */

/* Fetch what was queued before the stop; no wait is needed once a later frame was seen. */
static void drain(struct recorder *r, int64_t ms)
{
	int64_t begin = clocks_now().mono, spent = 0;
	struct pollfd p = {.fd = live_fd(r->source.live), .events = POLLIN};

	while (!r->past_until && r->end != END_GONE && spent < DRAIN_MOST_MS * MS) {
		unsigned given = fetch(r);

		if (!given && spent >= ms * MS)
			return;
		if (!given)
			poll(&p, 1, 5);
		spent = clocks_now().mono - begin;
	}
}

/* What another program still has in hand comes when it ends. */
static void drain_other(struct recorder *r)
{
	int64_t begin = clocks_now().mono;
	struct pollfd p = {.fd = live_fd(r->source.live), .events = POLLIN};
	unsigned given;

	source_end(&r->source);
	while (live_next(r->source.live, FETCH, one_frame, r, &given) != LIVE_GONE &&
	       clocks_now().mono - begin < DRAIN_MOST_MS * MS)
		if (!given)
			poll(&p, 1, 5);
}

static void fetch_the_rest(struct recorder *r)
{
	bool other = r->source.way != WAY_DIRECT;

	if (r->end != END_STOPPED && r->end != END_TIME && r->end != END_QUIET)
		return;
	r->until = clocks_now().real;
	drain(r, other ? DRAIN_OTHER_MS : DRAIN_MS);
	if (other)
		drain_other(r);
}

static void tell_the_end(struct recorder *r)
{
	struct recording_event e = event_of(r, RECORDING_ENDED);
	struct pollfd p = {.fd = r->control, .events = POLLOUT};

	e.end = r->end;
	e.error = r->error;
	event_push(r, &e);
	events_send(r);
	/* A console that sleeps gets it later; one that has told us to go does not hold us. */
	while (r->listening && r->events.length && poll(&p, 1, r->told ? TELL_MOST_MS : -1) > 0)
		events_send(r);
}

static void finish(struct recorder *r)
{
	if (r->end == END_GONE)
		mark(r, clocks_now().real, "The network interface disappeared here.");
	fetch_the_rest(r);
	source_end(&r->source);
	check_dropped(r);
	if (!target_finish(r->target, clocks_now().real, r->dropped, r->facts) &&
	    r->end != END_DISK) {
		r->end = END_DISK;
		r->error = errno;
	}
	tell_the_end(r);
	source_close(&r->source);
	target_free(r->target);
}

/* A file that root made cannot be made read-only by who we become: then it is so from now on, which
 * does not matter to a descriptor. */
static void seal_early(int file, uid_t uid)
{
	struct stat st;

	if (!geteuid() && !fstat(file, &st) && S_ISREG(st.st_mode) && st.st_uid != uid &&
	    !writer_seal(file))
		return; /* a file system without modes */
}

static bool give_up_rights(int file, struct diag *d)
{
	seal_early(file, sandbox_user().uid);
	return sandbox_drop_root(sandbox_user(), d) &&
	       (!prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) ||
		diag_fail(d, NULL, "the recorder could not give up its rights: %s",
			  g_strerror(errno)));
}

static bool begin(struct recorder *r, struct diag *d)
{
	const struct task *t = r->task;
	const struct order *o = &t->order;

	if (!source_open(&r->source, t->interface, t->filter, o->snap_length, d) ||
	    !give_up_rights(t->file, d))
		return false;
	r->head = (struct writer_head){.application = PACKAGE_STRING,
				       .comment = t->comment,
				       .interface = t->interface,
				       .filter = t->filter,
				       .link_type = live_link_type(r->source.live),
				       .snap_length = live_snap_length(r->source.live)};
	r->clocks = clocks_now();
	r->started = r->clocks.mono;
	if (!source_dropped(&r->source, &r->dropped))
		r->dropped = UINT64_MAX;
	return use_file(r, t->file) ||
	       diag_fail(d, "Free some space, or choose a folder on another disk.",
			 "the file cannot be written: %s", g_strerror(errno));
}

static void answer(int to, enum recorder_way way, bool fine, const struct diag *d)
{
	struct answer a = {.fine = fine, .way = way};
	const struct iovec part = {.iov_base = &a, .iov_len = sizeof(a)};
	struct buf words = BUF_INIT;

	diag_write(d, &words);
	g_strlcpy(a.words, g_strchomp(words.s ? words.s : a.words), sizeof(a.words));
	message_send(to, &part, 1, NULL, 0, true);
	buf_release(&words);
}

noreturn void recorder_run(const struct task *t)
{
	int fds[] = {t->control, t->file};
	struct task own = *t;
	struct recorder r = {.task = &own, .listening = true};
	struct diag d = DIAG_INIT;
	bool fine;

	g_queue_init(&r.events);
	r.signals = process_begin("tt-recorder", fds, G_N_ELEMENTS(fds));
	if (r.signals < 0)
		_exit(1); /* who asked hears that nobody is there */
	r.control = own.control = fds[0];
	own.file = fds[1];
	fine = begin(&r, &d);
	answer(r.control, r.source.way, fine, &d);
	while (fine && !r.ending)
		round_of(&r);
	if (fine)
		finish(&r);
	_exit(!fine);
}

noreturn void prober_run(const struct task *t)
{
	int fds[] = {t->control};
	struct diag d = DIAG_INIT;
	struct source s;
	bool fine;

	process_begin("tt-prober", fds, G_N_ELEMENTS(fds));
	fine = source_open(&s, t->interface, NULL, 0, &d);
	answer(fds[0], s.way, fine, &d);
	source_close(&s);
	_exit(0);
}
