/* SPDX-License-Identifier: GPL-3.0-or-later */
/* watch: the pipeline over a growing file, and what there is to say of it. */
#include "tracetutor/watch.h"

#include <string.h>

#include <glib.h>

#include "tracetutor/story.h"

#define NS_PER_SECOND  1000000000
#define CLOCK_PACKETS  64        /* between two looks at the time while reading */
#define READ_AT_ONCE   30        /* milliseconds of reading between two looks for a line */
#define BEHIND         300000000 /* ns: packets may arrive so late after their time */
#define INTERFACE_NAME 15        /* columns of it in a line */

struct watch_line {
	enum watch_kind kind;
	char *text;
};

struct watch {
	struct capture *capture;
	struct capture *next; /* the recording goes on there; NULL */
	uint64_t size;        /* of the file that is whole */
	bool caught_up;       /* all of it has been read */
	struct pipeline run;
	struct story *story;
	GQueue lines; /* struct watch_line * */
	pipeline_each *each;
	void *context;
	int64_t second; /* in which `shown` packets were shown */
	unsigned shown;
	uint64_t more;    /* packets only counted, not told yet */
	int64_t previous; /* time of the packet before, or when the recording began */
	uint32_t base;    /* packets of the files before this one */
	uint32_t passed;  /* packets that were told of before */
	size_t findings;  /* looked at */
	bool fault, broken;
	bool said;       /* something was said of the packet at hand */
	struct buf text; /* scratch */
};

/* --- lines --- */

/* The packets that were only counted since the last line. */
static void tell_rest(struct watch *w)
{
	struct watch_line *l;

	if (!w->more)
		return;
	l = g_new(struct watch_line, 1);
	l->kind = WATCH_PACKET;
	l->text = g_strdup_printf("... and %" G_GUINT64_FORMAT " more", w->more);
	g_queue_push_tail(&w->lines, l);
	w->more = 0;
}

static void keep(struct watch *w, enum watch_kind kind)
{
	struct watch_line *l;

	if (kind != WATCH_PACKET)
		tell_rest(w);
	w->said = w->said || kind != WATCH_PACKET;
	if (w->run.packets <= w->passed) {
		buf_reset(&w->text);
		return;
	}
	l = g_new(struct watch_line, 1);
	l->kind = kind;
	l->text = buf_steal(&w->text);
	g_queue_push_tail(&w->lines, l);
}

static void free_line(gpointer p)
{
	struct watch_line *l = p;

	g_free(l->text);
	g_free(l);
}

static void append_address(struct buf *out, const struct flow *f, const struct endpoint *e)
{
	const uint8_t *a = e->addr;

	if (f->family == 6)
		buf_ipv6(out, a);
	else
		buf_ipv4(out,
			 (uint32_t)a[0] << 24 | (uint32_t)a[1] << 16 | (uint32_t)a[2] << 8 | a[3]);
}

void watch_packet_line(struct buf *out, const struct record *r, int64_t previous)
{
	const char *name = r->frame->interface_name;

	if (name)
		buf_clean_max(out, name, strlen(name), INTERFACE_NAME);
	else
		buf_str(out, "network");
	buf_str(out, ":[");
	buf_seconds(out, r->time - previous, 3);
	buf_str(out, "]: ");
	if (!r->flow.family) {
		report_words(out, r, NULL);
		return;
	}
	buf_str(out, "Dest: ");
	append_address(out, &r->flow, &r->flow.dst);
	buf_str(out, "  Source: ");
	append_address(out, &r->flow, &r->flow.src);
}

/* One line a packet, as long as they are few. */
static void show_packet(struct watch *w, const struct record *r)
{
	int64_t second = r->time / NS_PER_SECOND;

	if (second != w->second) {
		tell_rest(w);
		w->second = second;
		w->shown = 0;
	}
	if (w->run.packets == 1) /* asked for and begun are not the same moment */
		w->previous = MIN(w->previous, r->time);
	if (w->run.packets <= w->passed)
		w->shown = 0;
	else if (w->shown < WATCH_LINES_A_SECOND &&
		 g_queue_get_length(&w->lines) < WATCH_MAX_LINES) {
		w->shown++;
		watch_packet_line(&w->text, r, w->previous);
		keep(w, WATCH_PACKET);
	} else
		w->more++;
	w->previous = r->time;
}

static void show_story(struct watch *w)
{
	uint32_t packet;

	while (story_next(w->story, &packet, &w->text))
		keep(w, WATCH_STORY);
}

/* A rule has named a fault: the first time it is said aloud. */
static void show_findings(struct watch *w)
{
	size_t n;
	const struct finding *all = engine_findings(w->run.engine, &n);

	for (; w->findings < n; w->findings++) {
		const struct finding *f = &all[w->findings];

		if (f->rule->severity < SEVERITY_ERROR || !f->rule->fault ||
		    g_str_has_prefix(f->rule->fault, "note-"))
			continue;
		buf_printf(&w->text, w->fault ? "Also: %s" : "This is the fault: %s", f->headline);
		if (f->nframes)
			buf_printf(&w->text, " (packet %u)", f->frames[f->nframes - 1]);
		w->fault = true;
		keep(w, WATCH_FAULT);
	}
}

/* What there is to tell of the packet at hand, and of what it completes. */
static void show_news(struct watch *w)
{
	show_story(w);
	show_findings(w);
}

/* Exchanges and conversations come before the packet that completes them, and are told after it. */
static void seen(void *context, const struct record *r)
{
	struct watch *w = context;

	story_record(w->story, r);
	if (r->kind != RECORD_PACKET)
		return;
	show_packet(w, r);
	w->said = false;
	show_news(w);
	if (w->each)
		w->each(w->context, r);
}

void watch_tell(struct watch *w, const char *text)
{
	if (w->said)
		return;
	buf_str(&w->text, text);
	keep(w, WATCH_STORY);
}

/* --- reading --- */

struct watch *watch_new(struct capture *c, const struct packs *packs,
			const struct pipeline_care *care, const char *server, int64_t began)
{
	struct watch *w = g_new0(struct watch, 1);

	w->capture = c;
	w->caught_up = true;
	w->story = story_new(server, began);
	w->previous = began;
	pipeline_init(&w->run, packs);
	engine_without_notes(w->run.engine);
	w->run.care = *care;
	for (unsigned i = 0; i < care->nskips; i++)
		w->passed = MAX(w->passed, care->skips[i]);
	pipeline_observe(&w->run, seen, w);
	return w;
}

void watch_server_at(struct watch *w, const char *address)
{
	story_server_at(w->story, address);
}

void watch_free(struct watch *w)
{
	if (!w)
		return;
	pipeline_release(&w->run);
	story_free(w->story);
	capture_close(w->capture);
	capture_close(w->next);
	g_queue_clear_full(&w->lines, free_line);
	buf_release(&w->text);
	g_free(w);
}

void watch_base(struct watch *w, uint64_t packets)
{
	w->base = (uint32_t)packets;
	w->run.packets = packets;
}

void watch_each(struct watch *w, pipeline_each *each, void *context)
{
	w->each = each;
	w->context = context;
}

/* Go over into the next piece, once this one is read. False: there is none. */
static bool turn(struct watch *w)
{
	if (!w->next)
		return false;
	capture_close(w->capture);
	w->capture = w->next;
	w->next = NULL;
	w->base = (uint32_t)w->run.packets;
	return true;
}

/* Read on for a while, as far as the file is whole. What cannot be read further counts as read. */
static void read_on(struct watch *w)
{
	gint64 until = g_get_monotonic_time() + (gint64)READ_AT_ONCE * 1000;
	enum capture_status status = CAPTURE_FRAME;
	struct diag d = DIAG_INIT;
	struct frame f;
	bool late = false;

	capture_limit(w->capture, w->next ? UINT64_MAX : w->size);
	while (!late && !w->broken) {
		status = capture_next(w->capture, &f, &d);
		if (status == CAPTURE_END && turn(w)) {
			capture_limit(w->capture, w->size);
			continue;
		}
		w->broken = status == CAPTURE_DAMAGED;
		if (status != CAPTURE_FRAME)
			break;
		f.number += w->base;
		pipeline_frame(&w->run, &f);
		late = w->run.packets % CLOCK_PACKETS == 0 && g_get_monotonic_time() > until;
	}
	pipeline_between(&w->run);
	show_news(w);
	diag_release(&d);
	w->caught_up = !late;
}

void watch_next_file(struct watch *w, struct capture *c)
{
	capture_close(w->next); /* a piece that was too short to be read at all */
	w->next = c;
}

void watch_grown(struct watch *w, const struct recording_event *e)
{
	if (e->what == RECORDING_ENDED) {
		watch_end(w, e->size);
		return;
	}
	w->size = e->what == RECORDING_NEXT ? 0 : e->size;
	read_on(w);
}

void watch_end(struct watch *w, uint64_t size)
{
	w->size = size;
	do
		read_on(w);
	while (!w->caught_up);
	tell_rest(w);
}

/* What is overdue by then is noticed. */
static void clock_shows(struct watch *w, int64_t now)
{
	if (now / NS_PER_SECOND > w->second)
		tell_rest(w);
	pipeline_clock(&w->run, now);
	story_clock(w->story, now);
	show_news(w);
}

void watch_tick(struct watch *w, int64_t now)
{
	if (!w->caught_up)
		read_on(w);
	if (w->caught_up)
		clock_shows(w, now - BEHIND);
}

/* --- fetching --- */

bool watch_line(struct watch *w, enum watch_kind *kind, struct buf *out)
{
	struct watch_line *l = g_queue_pop_head(&w->lines);

	if (!l)
		return false;
	*kind = l->kind;
	buf_str(out, l->text);
	free_line(l);
	return true;
}

uint64_t watch_packets(const struct watch *w)
{
	return w->run.packets;
}

bool watch_caught_up(const struct watch *w)
{
	return w->caught_up;
}

bool watch_fault(const struct watch *w)
{
	return w->fault;
}

int64_t watch_first_time(const struct watch *w)
{
	return w->run.first_time;
}

int64_t watch_last_time(const struct watch *w)
{
	return w->run.packets ? w->run.last_time : 0;
}
