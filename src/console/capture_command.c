/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * capture_command: `capture`, recording alone: a line a packet, what is witnessed, Enter stops.
 *
 * Without a terminal it records until a limit, a line on standard input, or a signal ends it; the
 * end of standard input does not.
 */
#include <string.h>
#include <unistd.h>

#include "src/console/trace.h"
#include "src/console/guest.h"
#include "src/console/host.h"
#include "src/console/learn.h"
#include "src/console/stream.h"
#include "tracetutor/live.h"
#include "tracetutor/sandbox.h"
#include "tracetutor/watch.h"

#define PIECE_MB 10 /* of a ring, unless told otherwise */

struct taping {
	const struct request *request;
	struct packs *packs;
	char *filter; /* NULL: everything */
	/* the guest's */
	struct guest *guest;
	struct host *host;
	char *interface, *path;
	struct watch *watch;
	struct report rep;
	struct buf shown;
	uint64_t dropped;
	bool stopping, ended;
	bool failed; /* it had to end */
};

/* --- showing --- */

static void begin(struct taping *t)
{
	struct sink_options o = screen_options(&t->guest->screen);

	o.dense = true;
	buf_reset(&t->shown);
	t->rep.sink = sink_buf_new(&t->shown, &o);
	sink_begin(t->rep.sink, NODE_REPORT, NULL);
	sink_begin(t->rep.sink, NODE_SECTION, NULL);
}

static void end(struct taping *t)
{
	sink_end(t->rep.sink, NODE_SECTION);
	sink_end(t->rep.sink, NODE_REPORT);
	sink_flush(t->rep.sink);
	sink_free(t->rep.sink);
	t->rep.sink = NULL;
	if (t->shown.len)
		guest_show(t->guest, buf_text(&t->shown), t->shown.len);
}

/* --- starting --- */

/* The one named, or where packets to elsewhere leave. */
static char *interface_of(struct taping *t, const struct player_world *w)
{
	GPtrArray *all;
	char *name;

	if (t->request->interface)
		return g_strdup(t->request->interface);
	all = w->interfaces(w->context);
	name = g_strdup(all->len ? ((const struct system_interface *)all->pdata[0])->name : "any");
	g_ptr_array_free(all, TRUE);
	return name;
}

static enum exit_code refused(struct taping *t, const struct player_world *w)
{
	struct buf words = BUF_INIT;
	enum recorder_way way = w->way(w->context, t->interface, &words);

	if (way == WAY_NONE)
		diag_fail(t->guest->d, NULL, "%s", buf_text(&words));
	buf_release(&words);
	if (way == WAY_SUDO && !w->sudo(w->context, t->guest->d))
		way = WAY_NONE;
	return way == WAY_NONE ? EXIT_FORBIDDEN : EXIT_FINE;
}

static bool follow(struct taping *t, int fd)
{
	struct pipeline_care care = {.at = t->host->at,
				     .nskips = MIN(t->host->nskips, PIPELINE_MAX_SKIPS)};
	struct capture *c = fd < 0 ? NULL : capture_open_fd(fd, t->path, t->guest->d);

	if (!c)
		return false;
	memcpy(care.skips, t->host->skips, care.nskips * sizeof(care.skips[0]));
	t->watch = watch_new(c, t->packs, &care, NULL, g_get_real_time() * 1000);
	return true;
}

/* The guest before this one crashed: what it recorded, or still records. */
static bool take_up(struct taping *t)
{
	t->ended = !t->guest->recording;
	if (!follow(t, guest_trace(t->guest, "", &t->path, t->guest->d)))
		return false;
	if (t->ended)
		watch_end(t->watch, UINT64_MAX);
	else
		watch_base(t->watch, t->guest->before);
	return true;
}

static bool start(struct taping *t, const struct player_world *w)
{
	const struct request *q = t->request;
	struct recorder_request r = {.interface = t->interface,
				     .filter = t->filter,
				     .seconds = q->seconds,
				     .quiet_seconds = q->quiet,
				     .bytes = (uint64_t)q->megabytes << 20};

	if (q->ring && !r.bytes)
		r.bytes = (uint64_t)PIECE_MB << 20;
	return follow(t, w->record(w->context, &r, q->ring, &t->path, t->guest->d));
}

/* --- while it runs --- */

static void stop(struct taping *t, const struct player_world *w)
{
	if (!t->stopping)
		w->stop(w->context);
	t->stopping = true;
}

static void told(struct taping *t, const struct recording_event *e)
{
	t->dropped = e->dropped;
	t->ended = e->what == RECORDING_ENDED;
	t->failed = t->ended && recording_failed(e);
	watch_grown(t->watch, e);
}

static void happened(struct taping *t, const struct player_happening *h)
{
	begin(t);
	if (h->fd >= 0)
		watch_next_file(t->watch, capture_open_fd(h->fd, t->path, t->guest->d));
	if (h->tick)
		watch_tick(t->watch, h->now);
	else
		told(t, &h->recording);
	watch_write(t->watch, &t->rep);
	if (!h->tick)
		watch_say_event(&h->recording, &t->rep);
	if (t->ended)
		watch_say_end(&h->recording, t->interface, &t->rep);
	end(t);
}

static void say(struct taping *t, const char *text)
{
	begin(t);
	report_say(&t->rep, STYLE_PLAIN, text);
	end(t);
}

/* On a terminal a word that is none, a question among them, stops nothing. */
static void take_line(struct taping *t, const struct player_world *w)
{
	const char *line = buf_text(&t->host->line);

	if (g_str_has_prefix(line, "mark ")) {
		w->mark(w->context, line + 5);
		say(t, "The note is in the recording.");
	} else if (!*line || strcmp(line, "quit") == 0 || !t->guest->terminal)
		stop(t, w);
	else
		say(t, "Press Enter to stop the recording, or type 'mark' and a few words to put "
		       "a note into it, for example: mark clicked Send");
}

static void complete(void *context, const char *before, const char *word,
		     void (*offer)(void *list, const char *candidate), void *list)
{
	static const char *const words[] = {"mark", "quit"};

	(void)context;
	for (size_t i = 0; !*before && i < G_N_ELEMENTS(words); i++)
		if (g_str_has_prefix(words[i], word))
			offer(list, words[i]);
}

static void ask(struct taping *t, struct buf *shown, bool fresh)
{
	struct buf prompt = BUF_INIT;

	buf_printf(&prompt, "Recording %s, %" G_GUINT64_FORMAT " packet%s. %s ", t->interface,
		   watch_packets(t->watch), watch_packets(t->watch) == 1 ? "" : "s",
		   t->stopping ? "Stopping ..." : "Press Enter to STOP.");
	if (fresh || strcmp(buf_text(&prompt), buf_text(shown)) != 0)
		guest_ask(t->guest, buf_text(&prompt), fresh);
	buf_release(shown);
	*shown = prompt;
}

static void attend(struct taping *t, const struct player_world *w)
{
	enum door_came came = DOOR_AGAIN;
	struct buf shown = BUF_INIT;
	struct player_happening h;
	bool lines = true; /* standard input has not ended */

	while (!t->ended && !t->guest->gone) {
		if (lines && !t->stopping)
			ask(t, &shown, came != DOOR_OTHER);
		came = guest_wait(t->guest, &t->host->line, &h);
		if (came == DOOR_OTHER)
			happened(t, &h);
		else if (came == DOOR_LINE)
			take_line(t, w);
		else if (came == DOOR_INTERRUPT || came == DOOR_GONE ||
			 (came == DOOR_END && t->guest->terminal))
			stop(t, w);
		else if (came == DOOR_END)
			lines = false;
	}
	buf_release(&shown);
}

/* Of a ring only the last pieces were kept. The descriptor is taken over. */
static void kept_of_ring(int fd, struct capture_facts *f)
{
	struct diag quiet = DIAG_INIT;
	struct capture *c = capture_open_fd(fd, f->name, &quiet);
	struct frame frame;

	f->packets = 0;
	while (c && capture_next(c, &frame, &quiet) == CAPTURE_FRAME)
		if (f->packets++ == 0)
			f->first_time = frame.time;
	capture_close(c);
	diag_release(&quiet);
}

static void say_kept(struct taping *t)
{
	struct diag quiet = DIAG_INIT;
	char *path = NULL;
	int fd = guest_trace(t->guest, "", &path, &quiet);
	struct capture_facts f = {.name = path ? path : t->path};

	begin(t);
	watch_write(t->watch, &t->rep); /* after a crash */
	f.packets = watch_packets(t->watch);
	f.first_time = watch_first_time(t->watch);
	f.last_time = watch_last_time(t->watch);
	if (t->request->ring && fd >= 0)
		kept_of_ring(fd, &f);
	else if (fd >= 0)
		close(fd);
	watch_say_kept(&f, t->dropped, &t->rep);
	report_say(&t->rep, STYLE_PLAIN, "What is in it: tracetutor explain, and the file's name.");
	end(t);
	g_free(path);
	diag_release(&quiet);
}

/* --- the two halves --- */

/* A folder of its own, which `sessions` lists and `resume` leaves alone. */
static bool make_folder(struct guest *g)
{
	GKeyFile *state = g_key_file_new();
	bool ok = guest_begin(g, "capture", g->d);

	g_key_file_set_string(state, "session", "lesson", "capture");
	g_key_file_set_boolean(state, "session", "finished", TRUE);
	ok = ok && guest_save(g, state, g->d);
	g_key_file_free(state);
	return ok;
}

static enum exit_code record(struct guest *g, struct host *h, void *context)
{
	struct taping *t = context;
	struct player_world w = guest_world(g);
	enum exit_code code = EXIT_WRONG;

	t->guest = g;
	t->host = h;
	g->complete = complete;
	if (!sandbox_enter(sandbox_user(), GUEST_MEMORY, g->d))
		return EXIT_WRONG;
	report_init(&t->rep, NULL, t->packs, NULL);
	t->interface = interface_of(t, &w);
	if (h->nskips)
		take_up(t);
	else if ((h->new_trace && !t->request->ring) || make_folder(g)) /* pieces need a folder */
		code = refused(t, &w);
	if (code == EXIT_FINE && !start(t, &w))
		code = EXIT_WRONG;
	if (t->watch) {
		attend(t, &w);
		say_kept(t);
		code = t->failed ? EXIT_WRONG : EXIT_FINE;
	}
	watch_free(t->watch);
	report_release(&t->rep);
	buf_release(&t->shown);
	g_free(t->interface);
	g_free(t->path);
	console_complain(g->d);
	return code;
}

int run_capture(const struct request *q, struct diag *d)
{
	struct taping t = {.request = q, .packs = packs_new(), .dropped = UINT64_MAX};
	enum exit_code code = EXIT_WRONG;
	struct host h;

	t.filter = q->nargs ? g_strjoinv(" ", q->args) : NULL;
	if (host_begin(&h, d, true) && (!t.filter || live_filter_check(t.filter, d)) &&
	    packs_load_all(t.packs, d)) {
		h.new_trace = q->write ? g_strdup(q->write) : NULL;
		code = host_run(&h, record, &t);
	}
	host_release(&h);
	packs_free(t.packs);
	g_free(t.filter);
	return code;
}
