/* SPDX-License-Identifier: GPL-3.0-or-later */
/* watch_say: what a watch has seen, and what happens to a recording, as paragraphs. */
#include <string.h>

#include "tracetutor/watch.h"

static void write_block(struct buf *block, struct report *rep)
{
	if (block->len)
		report_code(rep, buf_text(block));
	buf_reset(block);
}

/* Runs of packet lines become one block. */
void watch_write(struct watch *w, struct report *rep)
{
	struct buf block = BUF_INIT, line = BUF_INIT;
	enum watch_kind kind;

	while (watch_line(w, &kind, &line)) {
		if (kind == WATCH_PACKET)
			buf_printf(&block, "%s%s", block.len ? "\n" : "", buf_text(&line));
		else {
			write_block(&block, rep);
			report_say(rep, kind == WATCH_FAULT ? STYLE_BAD : STYLE_STRONG,
				   buf_text(&line));
		}
		buf_reset(&line);
	}
	write_block(&block, rep);
	buf_release(&line);
	buf_release(&block);
}

void watch_say_event(const struct recording_event *e, struct report *rep)
{
	if (e->what == RECORDING_DOWN)
		report_say(rep, STYLE_BAD,
			   "The interface was switched off, or its cable or Wi-Fi is gone. The "
			   "recording goes on and waits for it.");
	else if (e->what == RECORDING_UP)
		report_say(rep, STYLE_GOOD, "The interface is back.");
	else if (e->what == RECORDING_CLOCK)
		report_sayf(rep, STYLE_PLAIN,
			    "The computer's clock was set by %" G_GINT64_FORMAT
			    " seconds. Times before and after do not fit together.",
			    e->seconds);
	else if (e->what == RECORDING_SLEPT)
		report_sayf(rep, STYLE_PLAIN,
			    "The computer slept for %" G_GINT64_FORMAT
			    " seconds. Nothing was recorded meanwhile.",
			    e->seconds);
}

void watch_say_end(const struct recording_event *e, const char *interface, struct report *rep)
{
	if (e->end == END_DISK)
		report_sayf(
			rep, STYLE_BAD,
			"The recording had to end: the disk is full or failing (%s). The packets "
			"up to here are safe.",
			g_strerror(e->error));
	else if (e->end == END_GONE)
		report_sayf(rep, STYLE_BAD,
			    "The recording ended: the interface %s is gone. The packets up to here "
			    "are safe.",
			    interface);
	else if (e->end == END_DIED)
		report_say(rep, STYLE_BAD,
			   "The recorder was ended from outside. The packets up to here are safe.");
	else if (e->end == END_QUIET)
		report_say(rep, STYLE_PLAIN, "Nothing came any more, so the recording ended.");
	else if (e->end == END_TIME)
		report_say(rep, STYLE_PLAIN, "The time is over, so the recording ended.");
	else if (e->end == END_SIZE)
		report_say(rep, STYLE_PLAIN,
			   "The file has reached its size, so the recording ended.");
}

void watch_say_kept(const struct capture_facts *f, uint64_t dropped, struct report *rep)
{
	struct buf text = BUF_INIT;

	buf_printf(&text, "Recorded: %" G_GUINT64_FORMAT " packet%s", f->packets,
		   f->packets == 1 ? "" : "s");
	if (f->packets > 1) {
		buf_str(&text, " in ");
		buf_seconds(&text, f->last_time - f->first_time, 1);
		buf_str(&text, " s");
	}
	if (dropped == 0)
		buf_str(&text, f->packets ? "; none was lost" : "");
	else if (dropped != UINT64_MAX)
		buf_printf(&text,
			   "; the system lost %" G_GUINT64_FORMAT
			   " packet%s, because they came too fast",
			   dropped, dropped == 1 ? "" : "s");
	if (f->packets)
		buf_printf(&text, ". %s kept in this file, which nothing will change:",
			   f->packets == 1 ? "It is" : "They are");
	else
		buf_str(&text, ". The empty file is kept all the same:");
	report_say(rep, STYLE_PLAIN, buf_text(&text));
	buf_reset(&text);
	buf_clean(&text, f->name, strlen(f->name));
	report_code(rep, buf_text(&text));
	buf_release(&text);
}
