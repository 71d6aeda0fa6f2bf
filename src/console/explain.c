/* SPDX-License-Identifier: GPL-3.0-or-later */
/* explain: explain and report, which read a capture with all rules. */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <glib.h>

#include "src/console/cli.h"
#include "src/console/explain.h"
#include "src/console/output.h"
#include "src/console/stream.h"
#include "tracetutor/folder.h"

/* --- opening, with progress --- */

static volatile sig_atomic_t interrupted;

static void on_interrupt(int signum)
{
	(void)signum;
	interrupted = 1;
}

struct progress {
	gint64 next; /* monotonic time of the next line */
	bool terminal, shown;
};

static bool show_progress(void *context, uint64_t packets, uint64_t bytes)
{
	struct progress *p = context;
	gint64 now = g_get_monotonic_time();

	if (p->terminal && now >= p->next) {
		fprintf(stderr, "\r%" G_GUINT64_FORMAT " packets, %" G_GUINT64_FORMAT " MB read ",
			packets, bytes >> 20);
		p->next = now + G_USEC_PER_SEC / 2;
		p->shown = true;
	}
	return !interrupted;
}

struct trace trace_open(const char *path, enum exit_code *code, struct diag *d)
{
	struct progress progress = {.next = g_get_monotonic_time() + G_USEC_PER_SEC,
				    .terminal = isatty(STDERR_FILENO)};
	/* Without SA_RESTART: waiting for a pipe ends, too. */
	const struct sigaction stop = {.sa_handler = on_interrupt};
	struct trace t = {0};

	*code = trace_permitted(path, d);
	if (*code != EXIT_FINE)
		return t;
	*code = EXIT_WRONG;
	t.packs = packs_new();
	if (!packs_load_all(t.packs, d)) /* without rules everything would look fine */
		return t;
	t.session = session_open(path, t.packs, d);
	if (!t.session)
		return t;
	interrupted = 0;
	sigaction(SIGINT, &stop, NULL);
	*code = session_read(t.session, show_progress, &progress, d) ? EXIT_FINE : EXIT_WRONG;
	signal(SIGINT, SIG_DFL);
	if (progress.shown)
		fprintf(stderr, "\r%40s\r", "");
	if (interrupted)
		diag_add(d, DIAG_NOTE, NULL, NULL,
			 "stopped after %" G_GUINT64_FORMAT " packets; what follows is about those",
			 session_packets(t.session));
	return t;
}

void trace_close(struct trace *t, struct diag *d)
{
	if (t->session)
		engine_complaints(session_engine(t->session), d);
	session_close(t->session);
	packs_free(t->packs);
	*t = (struct trace){0};
}

/* --- the formats --- */

struct explaining {
	const struct request *request;
	const struct filter *filter;
	struct session *session;
	const struct packs *packs;
	struct output *out;
	struct report rep;
	struct buf text;
	struct diag *d;
};

static bool explain_packet(void *context, const struct record *r, const struct note *notes,
			   size_t n)
{
	struct explaining *e = context;
	bool wanted = !e->request->packet || e->request->packet == r->number;

	if (wanted && (!e->filter || filter_match(e->filter, r)))
		report_packet(&e->rep, r, notes, n);
	else
		report_skip(&e->rep, r);
	return e->rep.sink->error == 0;
}

static void taught(void *context, const struct rule *rule)
{
	session_taught(context, rule);
}

static void explain_prose(struct explaining *e, struct sink *sink)
{
	uint32_t last = e->request->packet ? e->request->packet : UINT32_MAX;

	report_init(&e->rep, sink, e->packs, NULL);
	e->rep.show_folded = e->request->packet != 0;
	e->rep.taught = taught;
	e->rep.taught_context = e->session;
	sink_begin(sink, NODE_REPORT, NULL);
	report_verdict(&e->rep, session_engine(e->session));
	sink_begin(sink, NODE_SECTION, &(struct node_attr){.title = "Packet by packet"});
	session_walk(e->session, 1, last, NULL, explain_packet, e, e->d);
	report_end(&e->rep);
	sink_end(sink, NODE_SECTION);
	sink_end(sink, NODE_REPORT);
	sink_flush(sink);
	if (sink->error)
		e->out->error = sink->error;
	report_release(&e->rep);
	sink_free(sink);
}

static void explain_text(struct explaining *e)
{
	struct sink_options o = screen_options(&e->out->screen);

	explain_prose(e, sink_text_new(e->out->fd, &o));
}

static void explain_html(struct explaining *e)
{
	const char *path = session_path(e->session);
	struct sink_options o;

	buf_clean(&e->text, path, strlen(path));
	o = (struct sink_options){.title = buf_text(&e->text)};
	explain_prose(e, sink_html_new(e->out->fd, &o));
}

static void explain_json(struct explaining *e)
{
	struct capture_facts facts = session_facts(e->session);

	report_json(&e->text, &facts, session_engine(e->session));
	output_write(e->out, buf_text(&e->text), e->text.len);
}

static bool pdml_each(void *context, const struct record *r, const struct note *notes, size_t n)
{
	struct explaining *e = context;

	(void)notes;
	(void)n;
	if (e->request->packet && e->request->packet != r->number)
		return true;
	buf_reset(&e->text);
	pdml_packet(&e->text, r);
	return output_write(e->out, buf_text(&e->text), e->text.len);
}

static void explain_pdml(struct explaining *e)
{
	pdml_head(&e->text, session_path(e->session));
	output_write(e->out, buf_text(&e->text), e->text.len);
	session_walk(e->session, 1, UINT32_MAX, e->filter, pdml_each, e, e->d);
	buf_reset(&e->text);
	pdml_foot(&e->text);
	output_write(e->out, buf_text(&e->text), e->text.len);
}

static const struct format {
	const char *name;
	void (*write)(struct explaining *);
} formats[] = {{"text", explain_text},
	       {"json", explain_json},
	       {"html", explain_html},
	       {"pdml", explain_pdml}};

static const struct format *format_find(const char *name, struct diag *d)
{
	for (size_t i = 0; i < G_N_ELEMENTS(formats); i++)
		if (!name || strcmp(name, formats[i].name) == 0)
			return &formats[i];
	diag_fail(d, "choose text, json, html or pdml", "there is no format '%s'", name);
	return NULL;
}

/* --- the commands --- */

static enum exit_code explain_trace(const struct request *q, const struct format *format,
				    const struct filter *filter, struct diag *d)
{
	struct output out;
	enum exit_code code = EXIT_FINE, opened;
	struct trace t = trace_open(q->args[0], &code, d);
	bool found;

	if (!t.session) {
		trace_close(&t, d);
		return code;
	}
	found = engine_verdict(session_engine(t.session)) != NULL;
	opened = output_open(&out, q, q->args[0], d);
	if (opened == EXIT_FINE) {
		struct explaining e = {.request = q,
				       .filter = filter,
				       .session = t.session,
				       .packs = t.packs,
				       .out = &out,
				       .d = d};

		format->write(&e);
		code = output_close(&out, code, d);
		buf_release(&e.text);
	} else
		code = opened;
	trace_close(&t, d);
	return code == EXIT_FINE && found && q->exit_status ? EXIT_FOUND : code;
}

int run_explain(const struct request *q, struct diag *d)
{
	const struct format *format = format_find(q->format, d);
	struct filter *filter = NULL;
	enum exit_code code = EXIT_WRONG;

	if (format && trace_filter(q, &filter, d))
		code = explain_trace(q, format, filter, d);
	trace_filter_done(filter, d);
	filter_free(filter);
	return code;
}

/* The path of what was written, on standard output. */
static enum exit_code print_path(const char *path, const char *input, enum exit_code code,
				 struct diag *d)
{
	struct request plain = {.no_pager = true};
	struct buf text = BUF_INIT;
	struct output out;

	if (output_open(&out, &plain, input, d) != EXIT_FINE)
		return EXIT_WRONG;
	buf_clean(&text, path, strlen(path));
	buf_char(&text, '\n');
	output_write(&out, buf_text(&text), text.len);
	buf_release(&text);
	return output_close(&out, code, d);
}

int run_report(const struct request *q, struct diag *d)
{
	enum exit_code code;
	struct trace t;
	char *path;

	if (!q->output) {
		diag_fail(d, "name a folder for it: tracetutor report FILE -o FOLDER",
			  "'report' needs a place for the report");
		return EXIT_WRONG;
	}
	t = trace_open(q->args[0], &code, d);
	if (t.session) {
		path = folder_report(q->output, t.session, t.packs, NULL, NULL, 0, d);
		code = path ? print_path(path, q->args[0], code, d) : EXIT_WRONG;
		g_free(path);
	}
	trace_close(&t, d);
	return code;
}
