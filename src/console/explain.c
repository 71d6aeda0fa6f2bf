/* SPDX-License-Identifier: GPL-3.0-or-later */
/* explain: explain and report, which read a capture with all rules. */
#include <string.h>

#include <glib.h>

#include "src/console/confined.h"
#include "src/console/stream.h"
#include "src/console/trace.h"
#include "tracetutor/choice.h"
#include "tracetutor/folder.h"
#include "tracetutor/picture.h"

/* --- the formats --- */

struct explaining;

struct format {
	const char *name;
	void (*write)(struct explaining *);
};

struct explaining {
	const struct request *request;
	const struct format *format;
	const struct filter *filter;
	struct trace trace;
	struct output *out;
	struct report rep;
	bool chosen;             /* the trace is too large to show each packet */
	struct choice choice;    /* if so */
	struct picture *picture; /* of the verdict's conversation */
	size_t rungs;            /* that it has at most */
	uint32_t last;           /* packet whose time the clock has; 0: none */
	struct buf text;
	struct diag *d;
};

static bool is_wanted(struct explaining *e, const struct record *r)
{
	if (e->chosen)
		return choice_takes(&e->choice, r);
	return !e->filter || filter_match(e->filter, r);
}

static bool skip_packet(void *context, const struct record *r, struct engine *engine)
{
	struct explaining *e = context;

	(void)engine;
	report_skip(&e->rep, r);
	e->last = r->number;
	return true;
}

static bool explain_packet(void *context, const struct record *r, struct engine *engine)
{
	struct explaining *e = context;

	if (is_wanted(e, r))
		report_judged(&e->rep, r, engine);
	else
		report_skip(&e->rep, r);
	return e->rep.sink->error == 0;
}

static void taught(void *context, const struct rule *rule)
{
	session_taught(context, rule);
}

static bool is_folded(struct explaining *e, struct engine *engine)
{
	size_t n;
	const struct note *notes = engine_notes(engine, &n);

	return report_folds(&e->rep, notes, n);
}

static bool picture_packet(void *context, const struct record *r, struct engine *engine)
{
	struct explaining *e = context;

	picture_add(e->picture, r, is_wanted(e, r) && !is_folded(e, engine));
	return !picture_complete(e->picture);
}

/* Must the packet be as it was, for the picture or its page? */
static bool picture_needs(void *context, const struct record *r)
{
	const struct explaining *e = context;

	return !e->chosen || choice_about(&e->choice, r) || picture_about(e->picture, r);
}

static bool page_needs(void *context, const struct record *r)
{
	const struct explaining *e = context;

	return !e->chosen || choice_about(&e->choice, r);
}

/* For the clock any packet will do. */
static bool clock_needs(void *context, const struct record *r)
{
	(void)context;
	(void)r;
	return false;
}

static void choose(struct explaining *e)
{
	const struct session *s = e->trace.session;

	choice_init(&e->choice, session_engine(s), session_packets(s));
}

/* The verdict's conversation as a picture, with links to the packets that will be shown. */
static void explain_picture(struct explaining *e)
{
	const struct finding *v = engine_verdict(session_engine(e->trace.session));

	e->picture = v && !e->request->packet ? picture_of_finding(v, NULL) : NULL;
	if (!e->picture)
		return;
	choose(e);
	if (v->conv_first > 1) /* times are told from the first packet */
		session_walk(e->trace.session, 1, 1, NULL, picture_packet, e, e->d);
	session_walk_about(e->trace.session, MAX(1, v->conv_first),
			   v->conv_last ? v->conv_last : UINT32_MAX, picture_needs, picture_packet,
			   e, e->d);
	choice_release(&e->choice);
	report_pictures(&e->rep, e->picture, v, e->rungs);
	picture_free(e->picture);
}

/* Packets from..to; the first one of the trace and the one before set the clock. */
static void explain_range(struct explaining *e, uint32_t from, uint32_t to, session_each *each)
{
	struct session *s = e->trace.session;

	if (from > 1 && !e->rep.started)
		session_walk_about(s, 1, 1, clock_needs, skip_packet, e, e->d);
	if (from > 1 && e->last != from - 1)
		session_walk_about(s, from - 1, from - 1, clock_needs, skip_packet, e, e->d);
	session_walk_about(s, from, to, page_needs, each, e, e->d);
}

static void say_choice(struct explaining *e)
{
	const uint64_t packets = session_packets(e->trace.session);
	const char *others = "To see others: --all (every packet), --packet N (one), or --filter "
			     "FILTER (those you choose).";

	if (e->choice.verdict)
		report_sayf(&e->rep, STYLE_PLAIN,
			    "This trace has %" G_GUINT64_FORMAT " packets, too many to show them "
			    "all. Below are those that prove what was found, and the first %d of "
			    "the conversation it was found in. %s",
			    packets, CHOICE_CONV, others);
	else
		report_sayf(&e->rep, STYLE_PLAIN,
			    "This trace has %" G_GUINT64_FORMAT " packets, too many to show them "
			    "all. Below are the first %d, and those that are named above. %s",
			    packets, CHOICE_QUIET, others);
}

static bool explain_chosen(void *context, const struct record *r, struct engine *engine)
{
	struct explaining *e = context;
	bool some = e->choice.met < e->choice.most;

	choice_packet(&e->choice, &e->rep, r, engine);
	e->last = r->number;
	/* Once the last one of the first is shown, the next stretch may be far away. */
	return e->rep.sink->error == 0 && !(some && e->choice.met == e->choice.most);
}

/* From stretch to stretch of those that matter; what lies between is not looked at. */
static void explain_choice(struct explaining *e)
{
	const uint32_t packets = (uint32_t)MIN(session_packets(e->trace.session), UINT32_MAX);
	uint32_t told = 0, first, last;

	choose(e);
	say_choice(e);
	while (choice_next(&e->choice, told, &first, &last) && first <= packets &&
	       e->rep.sink->error == 0) {
		choice_leave_out(&e->rep, told + 1, first - 1);
		explain_range(e, first, last, explain_chosen);
		told = MAX(first, e->last);
	}
	choice_leave_out(&e->rep, told + 1, packets);
	choice_release(&e->choice);
}

static void explain_packets(struct explaining *e)
{
	const uint32_t number = e->request->packet;
	const char *title = e->chosen ? "The packets that matter" : "Packet by packet";

	sink_begin(e->rep.sink, NODE_SECTION, &(struct node_attr){.title = title});
	if (e->chosen)
		explain_choice(e);
	else if (number)
		explain_range(e, number, number, explain_packet);
	else
		explain_range(e, 1, UINT32_MAX, explain_packet);
	report_end(&e->rep);
	sink_end(e->rep.sink, NODE_SECTION);
}

static void explain_prose(struct explaining *e, struct sink *sink)
{
	const struct request *q = e->request;

	e->chosen = !q->all && !q->packet && !e->filter &&
		    session_packets(e->trace.session) > CHOICE_WHOLE;
	output_begin(e->out);
	report_init(&e->rep, sink, e->trace.packs, NULL);
	e->rep.show_folded = q->packet != 0;
	e->rep.taught = taught;
	e->rep.taught_context = e->trace.session;
	sink_begin(sink, NODE_REPORT, NULL);
	report_verdict(&e->rep, session_engine(e->trace.session));
	explain_picture(e);
	explain_packets(e);
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

	e->rungs = PICTURE_TEXT_RUNGS;
	explain_prose(e, sink_text_new(e->out->fd, &o));
}

static void explain_html(struct explaining *e)
{
	const char *path = session_path(e->trace.session);
	struct sink_options o;

	buf_clean(&e->text, path, strlen(path));
	o = (struct sink_options){.title = buf_text(&e->text)};
	e->rungs = PICTURE_HTML_RUNGS;
	explain_prose(e, sink_html_new(e->out->fd, &o));
}

static void explain_json(struct explaining *e)
{
	struct capture_facts facts = session_facts(e->trace.session);

	report_json(&e->text, &facts, session_engine(e->trace.session));
	output_write(e->out, buf_text(&e->text), e->text.len);
}

static bool pdml_each(void *context, const struct record *r, struct engine *engine)
{
	struct explaining *e = context;

	(void)engine;
	if (e->request->packet && e->request->packet != r->number)
		return true;
	buf_reset(&e->text);
	pdml_packet(&e->text, r);
	return output_write(e->out, buf_text(&e->text), e->text.len);
}

static void explain_pdml(struct explaining *e)
{
	pdml_head(&e->text, session_path(e->trace.session));
	output_write(e->out, buf_text(&e->text), e->text.len);
	session_walk(e->trace.session, 1, UINT32_MAX, e->filter, pdml_each, e, e->d);
	buf_reset(&e->text);
	pdml_foot(&e->text);
	output_write(e->out, buf_text(&e->text), e->text.len);
}

static const struct format formats[] = {{"text", explain_text},
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

static enum exit_code explain_confined(void *context, struct output *out, volatile uint32_t *at,
				       struct diag *d)
{
	struct explaining *e = context;
	enum exit_code code;
	bool found;

	if (!trace_begin(&e->trace, d))
		return EXIT_WRONG;
	session_watch(e->trace.session, at);
	code = trace_read(e->trace.session, d);
	found = engine_verdict(session_engine(e->trace.session)) != NULL;
	e->out = out;
	e->d = d;
	e->format->write(e);
	engine_complaints(session_engine(e->trace.session), d);
	trace_filter_done(e->filter, d);
	return code == EXIT_FINE && found && e->request->exit_status ? EXIT_FOUND : code;
}

int run_explain(const struct request *q, struct diag *d)
{
	struct explaining e = {.request = q, .format = format_find(q->format, d)};
	struct filter *filter = NULL;
	enum exit_code code = EXIT_WRONG;
	struct output out;

	if (e.format && trace_filter(q, &filter, d))
		code = trace_find(&e.trace, q->args[0], d);
	e.filter = filter;
	if (e.trace.found)
		code = output_open(&out, q, q->args[0], d);
	if (e.trace.found && code == EXIT_FINE)
		code = confined_run(explain_confined, &e, &out, d);
	trace_close(&e.trace, d);
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

static enum exit_code report_confined(void *context, struct output *out, volatile uint32_t *at,
				      struct diag *d)
{
	struct trace *t = context;
	enum exit_code code;

	if (!trace_begin(t, d))
		return EXIT_WRONG;
	session_watch(t->session, at);
	code = trace_read(t->session, d);
	if (!folder_report_into(out->fd, t->session, t->packs, NULL, NULL, 0, d))
		return EXIT_WRONG;
	output_begin(out); /* it is whole */
	engine_complaints(session_engine(t->session), d);
	return code;
}

static enum exit_code write_report(const struct request *q, struct trace *t, struct diag *d)
{
	struct output out = {.pager_in = -1};
	enum exit_code code;
	char *path;

	out.fd = folder_new_file(q->output, "report", ".txt", &path, d);
	if (out.fd < 0)
		return EXIT_WRONG;
	out.created = g_strdup(path);
	code = confined_run(report_confined, t, &out, d);
	if (g_file_test(path, G_FILE_TEST_EXISTS))
		code = print_path(path, q->args[0], code, d);
	g_free(path);
	return code;
}

int run_report(const struct request *q, struct diag *d)
{
	enum exit_code code;
	struct trace t;

	if (!q->output) {
		diag_fail(d, "name a folder for it: tracetutor report FILE -o FOLDER",
			  "'report' needs a place for the report");
		return EXIT_WRONG;
	}
	code = trace_find(&t, q->args[0], d);
	if (code == EXIT_FINE)
		code = write_report(q, &t, d);
	trace_close(&t, d);
	return code;
}
