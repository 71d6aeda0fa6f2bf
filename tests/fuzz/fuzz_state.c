/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Any text as the state of a session, and lines as a person could type them (behind a zero byte):
 * what is wrong is passed over, and what is kept afterwards is taken up as it was.
 */
#include <fcntl.h>
#include <glib.h>
#include <string.h>

#include "tracetutor/lesson.h"
#include "tracetutor/session.h"

#define LINES_MAX 30 /* typed into one session */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* --- a system without anything but the traces of the session --- */

static GPtrArray *nothing(void *context)
{
	(void)context;
	return g_ptr_array_new();
}

static bool no_route(void *context, const char *host, struct system_route *r, struct diag *d)
{
	(void)context;
	(void)host;
	(void)r;
	return diag_fail(d, NULL, "no name is found here");
}

static enum recorder_way no_way(void *context, const char *interface, struct buf *words)
{
	(void)context;
	(void)interface;
	buf_str(words, "You may not record.");
	return WAY_NONE;
}

static int one_trace(void *context, const char *name, char **path, struct diag *d)
{
	char *file = g_build_filename(lesson_data(), "captures/pop3-login.pcapng", NULL);
	int fd = *name == 'm' ? -1 : open(file, O_RDONLY | O_CLOEXEC);

	(void)context;
	if (fd < 0)
		diag_fail(d, NULL, "the trace is missing");
	*path = g_strdup(name);
	g_free(file);
	return fd;
}

static bool no_sudo(void *context, struct diag *d)
{
	(void)context;
	return diag_fail(d, NULL, "there is no sudo here");
}

static int no_recording(void *context, const struct recorder_request *q, unsigned pieces,
			char **path, struct diag *d)
{
	(void)context;
	(void)q;
	(void)pieces;
	*path = NULL;
	diag_fail(d, NULL, "nothing is recorded here");
	return -1;
}

static int none_under_way(void *context, char **path, struct diag *d)
{
	(void)context;
	(void)path;
	(void)d;
	return -1;
}

static void no_mark(void *context, const char *text)
{
	(void)context;
	(void)text;
}

static void no_stop(void *context)
{
	(void)context;
}

static struct session *no_practice(void *context, struct diag *d)
{
	(void)context;
	diag_fail(d, NULL, "the recorded trace is missing");
	return NULL;
}

/* --- playing --- */

struct world {
	struct packs *packs;
	GPtrArray *lessons;
	const struct lesson *lesson;
};

static const struct world *shipped(void)
{
	static struct world w;
	struct diag d = DIAG_INIT;

	if (!w.packs) {
		w.packs = packs_new();
		g_assert(packs_load_all(w.packs, &d));
		w.lessons = lessons_load(&d);
		w.lesson = lessons_find(w.lessons, "mail-login", &d);
		g_assert(w.lesson);
	}
	diag_release(&d);
	return &w;
}

static struct player *start(GKeyFile *state)
{
	const struct player_world w = {.programs = nothing,
				       .interfaces = nothing,
				       .route = no_route,
				       .way = no_way,
				       .sudo = no_sudo,
				       .record = no_recording,
				       .recording = none_under_way,
				       .mark = no_mark,
				       .stop = no_stop,
				       .trace = one_trace,
				       .practice = no_practice};
	struct player *p = player_start_live(shipped()->lesson, &w, shipped()->packs);

	player_restore(p, state);
	return p;
}

static void show(struct player *p, struct report *rep, struct buf *shown)
{
	const struct sink_options o = {.width = 80};

	buf_reset(shown);
	rep->sink = sink_buf_new(shown, &o);
	sink_begin(rep->sink, NODE_REPORT, NULL);
	player_screen(p, rep);
	player_prompt(p, shown);
}

static void close_screen(struct report *rep)
{
	sink_end(rep->sink, NODE_REPORT);
	sink_flush(rep->sink);
	sink_free(rep->sink);
}

static void type(struct player *p, const char *text)
{
	char **lines = g_strsplit(text, "\n", LINES_MAX);
	enum player_next next = PLAYER_STAY;
	struct buf shown = BUF_INIT;
	struct report rep;

	report_init(&rep, NULL, shipped()->packs, NULL);
	for (char **line = lines; *line && next != PLAYER_DONE; line++) {
		show(p, &rep, &shown);
		next = player_input(p, *line, &rep);
		if (next == PLAYER_REPORT)
			next = player_reported(p, NULL, &rep);
		close_screen(&rep);
	}
	report_release(&rep);
	buf_release(&shown);
	g_strfreev(lines);
}

static char *kept(const struct player *p)
{
	GKeyFile *state = g_key_file_new();
	char *text;

	player_store(p, state);
	text = g_key_file_to_data(state, NULL, NULL);
	g_key_file_free(state);
	return text;
}

static struct player *resume(const char *text, size_t n)
{
	GKeyFile *state = g_key_file_new();
	struct player *p;

	g_key_file_load_from_data(state, text, n, G_KEY_FILE_NONE, NULL);
	p = start(state);
	g_key_file_free(state);
	return p;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = g_strndup((const char *)data, size), *typed, *first, *second;
	size_t n = strlen(text);
	struct player *p;

	typed = n < size ? g_strndup((const char *)data + n + 1, size - n - 1) : g_strdup("");
	p = resume(text, n);
	type(p, typed);
	first = kept(p);
	player_free(p);
	p = resume(first, strlen(first));
	second = kept(p);
	player_free(p);
	g_assert_cmpstr(first, ==, second);
	g_free(first);
	g_free(second);
	g_free(typed);
	g_free(text);
	return 0;
}
