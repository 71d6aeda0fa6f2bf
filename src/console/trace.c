/* SPDX-License-Identifier: GPL-3.0-or-later */
/* trace: a capture is opened, and read to its end with progress. */
#include "src/console/trace.h"

#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include <glib.h>

#include "src/console/stream.h"

static volatile sig_atomic_t interrupted;

static void on_interrupt(int signum)
{
	(void)signum;
	interrupted = 1;
}

struct progress {
	gint64 next; /* monotonic time of the next line */
	const struct session *session;
	bool terminal, shown;
};

/* "2027520 packets, 1261 of 6220 MB read"; how large a pipe is nobody knows. */
static void print_progress(const struct session *s, uint64_t packets, uint64_t bytes)
{
	const uint64_t size = session_facts(s).info->size;
	char of[32] = "";

	if (size)
		g_snprintf(of, sizeof(of), "of %" G_GUINT64_FORMAT " ", size >> 20);
	fprintf(stderr, "\r%" G_GUINT64_FORMAT " packets, %" G_GUINT64_FORMAT " %sMB read ",
		packets, bytes >> 20, of);
}

static bool show_progress(void *context, uint64_t packets, uint64_t bytes)
{
	struct progress *p = context;
	gint64 now = g_get_monotonic_time();

	if (p->terminal && now >= p->next) {
		print_progress(p->session, packets, bytes);
		p->next = now + G_USEC_PER_SEC / 2;
		p->shown = true;
	}
	return !interrupted;
}

enum exit_code trace_read(struct session *s, struct diag *d)
{
	struct progress progress = {.session = s,
				    .next = g_get_monotonic_time() + G_USEC_PER_SEC,
				    .terminal = isatty(STDERR_FILENO)};
	/* Without SA_RESTART: waiting for a pipe ends, too. */
	const struct sigaction stop = {.sa_handler = on_interrupt};
	struct sigaction before;
	enum exit_code code;

	interrupted = 0;
	sigaction(SIGINT, &stop, &before);
	code = session_read(s, show_progress, &progress, d) ? EXIT_FINE : EXIT_WRONG;
	sigaction(SIGINT, &before, NULL);
	if (progress.shown)
		fprintf(stderr, "\r%60s\r", "");
	if (interrupted)
		diag_add(d, DIAG_NOTE, NULL, NULL,
			 "stopped after %" G_GUINT64_FORMAT " packets; what follows is about those",
			 session_packets(s));
	return code;
}

static enum exit_code find(struct trace *t, const char *path, bool rules, struct diag *d)
{
	enum exit_code code = trace_permitted(path, d);

	*t = (struct trace){.path = path};
	if (code != EXIT_FINE)
		return code;
	t->packs = packs_new();
	if (rules && !packs_load_all(t->packs, d)) /* without rules everything would look fine */
		return EXIT_WRONG;
	t->found = capture_find(path, d);
	return t->found ? EXIT_FINE : EXIT_WRONG;
}

enum exit_code trace_find(struct trace *t, const char *path, struct diag *d)
{
	return find(t, path, true, d);
}

enum exit_code trace_find_plain(struct trace *t, const char *path, struct diag *d)
{
	return find(t, path, false, d);
}

bool trace_begin(struct trace *t, struct diag *d)
{
	if (!capture_begin(t->found, d))
		return false;
	t->session = session_of(g_steal_pointer(&t->found), t->path, t->packs);
	return true;
}

void trace_close(struct trace *t, struct diag *d)
{
	if (t->session)
		engine_complaints(session_engine(t->session), d);
	session_close(t->session);
	capture_close(t->found);
	packs_free(t->packs);
	*t = (struct trace){0};
}
