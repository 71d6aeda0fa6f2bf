/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * watch: reading a trace while it is being recorded, and saying what is seen as it happens.
 *
 * The same pipeline and rules as afterwards, fed as the file grows. What it says is kept as lines
 * until they are fetched: a line a packet (few a second, the rest counted), the milestones of
 * story.h, and the fault when a rule names it.
 */
#ifndef TRACETUTOR_WATCH_H
#define TRACETUTOR_WATCH_H

#include "tracetutor/recorder.h"
#include "tracetutor/session.h"

#define WATCH_LINES_A_SECOND 5   /* packets shown one by one; further ones are counted */
#define WATCH_MAX_LINES      200 /* waiting to be fetched; further packets are counted */

struct watch;

/* The capture (taken over) must have a limit (capture_limit()). `server` as in story.h; `began`: ns
 * since 1970. With packets to skip it takes up where another watch crashed: what came up to there
 * is read once more, and not told again. */
struct watch *watch_new(struct capture *c, const struct packs *packs,
			const struct pipeline_care *care, const char *server, int64_t began);
/* As stages_server_at(). */
void watch_server_at(struct watch *w, const char *address);
void watch_free(struct watch *w);
/* The file is not the first of the recording: so many packets came before it. */
void watch_base(struct watch *w, uint64_t packets);
/* Told of each packet after what is said of it (for the conditions of a lesson); NULL: nobody. */
void watch_each(struct watch *w, pipeline_each *each, void *context);
/* Say this of the packet at hand, unless a milestone or the fault says more of it. */
void watch_tell(struct watch *w, const char *text);

/* The recording tells that its file has grown, goes on in the next one, or has ended: reads on for
 * a moment (when it has ended: to the end). A file that cannot be read further counts as read. */
void watch_grown(struct watch *w, const struct recording_event *e);
/* A second has passed, it is `now` (ns since 1970): reads on if there is more to read; once all was
 * read, what is overdue is noticed. */
void watch_tick(struct watch *w, int64_t now);
/* The recording goes on in this file (taken over), once the one at hand was read to its end. */
void watch_next_file(struct watch *w, struct capture *c);
/* No packet comes any more: the file is read up to `size` bytes, and all is told. */
void watch_end(struct watch *w, uint64_t size);

/* A packet as it runs by: "ppp0:[  0.885]: Dest: 192.0.2.1  Source: 192.0.2.2", with the time since
 * the one before. */
void watch_packet_line(struct buf *out, const struct record *r, int64_t previous);

enum watch_kind {
	WATCH_PACKET, /* "eth0:[  0.885]: Dest: ..  Source: ..", or "... and 212 more" */
	WATCH_STORY,  /* a milestone */
	WATCH_FAULT   /* "This is the fault: ... (packet 14)" */
};
/* The oldest line not fetched yet, appended without a newline. False: there is none. */
bool watch_line(struct watch *w, enum watch_kind *kind, struct buf *out);

/* All that waits, as paragraphs and blocks (a SECTION is begun). */
void watch_write(struct watch *w, struct report *rep);
/* What happened to the recording, in a sentence; nothing for what needs none. */
void watch_say_event(const struct recording_event *e, struct report *rep);
/* Why it ended, unless that was asked for. */
void watch_say_end(const struct recording_event *e, const char *interface, struct report *rep);
/* "Recorded: 18 packets in 6.6 s; none was lost", and the file (f->name). */
void watch_say_kept(const struct capture_facts *f, uint64_t dropped, struct report *rep);

uint64_t watch_packets(const struct watch *w);
/* All that has been recorded was read. */
bool watch_caught_up(const struct watch *w);
/* A fault has been named. */
bool watch_fault(const struct watch *w);
/* Times of the first and the last packet read; 0: none. */
int64_t watch_first_time(const struct watch *w);
int64_t watch_last_time(const struct watch *w);

#endif
