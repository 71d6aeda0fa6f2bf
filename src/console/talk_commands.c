/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * talk_commands: follow, ladder, conversations and summary, which look at a capture as talk between
 * computers. One pass finds what is asked for; follow and ladder then show it in a second one.
 */
#include <string.h>

#include <glib.h>

#include "src/console/confined.h"
#include "src/console/trace.h"
#include "src/console/stream.h"
#include "src/console/views.h"
#include "tracetutor/conversations.h"
#include "tracetutor/overview.h"

struct talking {
	const struct request *request;
	void (*show)(struct talking *, struct diag *);
	struct trace trace;
	struct output *out;
	bool json;
	/* follow and ladder: which conversation */
	uint32_t number;       /* the one of this packet, ... */
	struct filter *filter; /* ... or of the first that matches; conversations: which ones */
	struct view_talk talk;
	bool found, passed; /* the packet `number` came */
	uint64_t most;      /* bytes of the busiest conversation so far */
	struct conversations list;
	struct overview *overview;
};

static bool write_text(void *context, struct buf *text)
{
	bool ok = output_write(context, buf_text(text), text->len);

	buf_reset(text);
	return ok;
}

/* Columns of lines that are laid out here. */
static unsigned columns(const struct talking *t)
{
	return t->out->screen.width;
}

/* --- which conversation --- */

static void take(struct talking *t, const struct conv *c)
{
	t->talk = (struct view_talk){c->index, c->ip_proto};
	t->found = true;
}

static uint64_t bytes_of(const struct record *r)
{
	static const char *const names[] = {"tt.conv.bytes_a2b", "tt.conv.bytes_b2a"};
	uint64_t n = 0;

	for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
		const struct field *f = record_first(r, field_named(names[i]));

		n += f ? f->v.u : 0;
	}
	return n;
}

/* Nothing was named: the busiest will do, if nothing is wrong. */
static void offer_busiest(struct talking *t, const struct record *r)
{
	uint64_t bytes = bytes_of(r);

	if (t->found && bytes <= t->most)
		return;
	t->most = bytes;
	take(t, r->conv);
}

static void seek(void *context, const struct record *r)
{
	struct talking *t = context;

	if (r->kind == RECORD_CONVERSATION && r->conv && !t->number && !t->filter)
		offer_busiest(t, r);
	if (r->kind != RECORD_PACKET || t->found)
		return;
	t->passed |= r->number == t->number;
	if (r->conv &&
	    (t->number ? r->number == t->number : t->filter && filter_match(t->filter, r)))
		take(t, r->conv);
}

static enum exit_code choose(struct talking *t, struct diag *d)
{
	const struct finding *v = engine_verdict(session_engine(t->trace.session));

	if (!t->number && !t->filter && v && v->conv) {
		t->talk = (struct view_talk){v->conv - 1, v->ip_proto};
		t->found = true;
	}
	if (t->found)
		return EXIT_FINE;
	if (t->number && !t->passed)
		diag_fail(d, "'tracetutor list FILE' shows the packets there are",
			  "packet %u is not in this capture", t->number);
	else if (t->number)
		diag_fail(d, "'tracetutor conversations FILE' shows those there are",
			  "packet %u belongs to no conversation (TCP or UDP)", t->number);
	else
		diag_fail(d, "'tracetutor list FILE' shows the packets there are",
			  t->filter ? "no packet of a conversation (TCP or UDP) matches that filter"
				    : "there is no conversation (TCP or UDP) in this capture");
	return EXIT_WRONG;
}

/* --- showing --- */

static void show_follow(struct talking *t, struct diag *d)
{
	view_follow(t->trace.session, &t->talk, t->request->hex, columns(t), write_text, t->out, d);
}

static void show_ladder(struct talking *t, struct diag *d)
{
	unsigned width = columns(t);
	struct buf text = BUF_INIT;

	view_ladder(t->trace.session, &t->talk, width > 2 ? width - 2 : width, &text, d);
	write_text(t->out, &text);
	buf_release(&text);
}

static void show_conversations(struct talking *t, struct diag *d)
{
	const struct engine *e = session_engine(t->trace.session);
	struct buf text = BUF_INIT;

	(void)d;
	conversations_end(&t->list);
	if (t->json)
		conversations_json(&t->list, e, &text);
	else
		conversations_text(&t->list, e, t->out->screen.terminal ? columns(t) : 0, 0, &text);
	write_text(t->out, &text);
	buf_release(&text);
}

static void summary_prose(struct talking *t, const struct capture_facts *facts)
{
	struct sink_options o = screen_options(&t->out->screen);
	struct sink *sink = sink_text_new(t->out->fd, &o);
	struct report rep;

	output_begin(t->out);
	report_init(&rep, sink, t->trace.packs, NULL);
	sink_begin(sink, NODE_REPORT, NULL);
	overview_say(t->overview, &rep, facts, session_engine(t->trace.session),
		     columns(t) > 24 ? columns(t) - 4 : 20);
	sink_end(sink, NODE_REPORT);
	sink_flush(sink);
	t->out->error = sink->error;
	report_release(&rep);
	sink_free(sink);
}

static void show_summary(struct talking *t, struct diag *d)
{
	struct capture_facts facts = session_facts(t->trace.session);
	struct buf text = BUF_INIT;

	(void)d;
	if (!t->json) {
		summary_prose(t, &facts);
		return;
	}
	overview_json(t->overview, &facts, session_engine(t->trace.session), &text);
	write_text(t->out, &text);
	buf_release(&text);
}

/* --- the work --- */

static void collect(void *context, const struct record *r)
{
	struct talking *t = context;

	if (t->show == show_conversations)
		conversations_record(&t->list, r);
	else if (t->show == show_summary)
		overview_record(t->overview, r);
	else
		seek(t, r);
}

static enum exit_code talk_confined(void *context, struct output *out, volatile uint32_t *at,
				    struct diag *d)
{
	struct talking *t = context;
	enum exit_code code, chosen = EXIT_FINE;

	if (!trace_begin(&t->trace, d))
		return EXIT_WRONG;
	t->out = out;
	session_watch(t->trace.session, at);
	session_observe(t->trace.session, collect, t);
	code = trace_read(t->trace.session, d);
	if (t->show == show_follow || t->show == show_ladder)
		chosen = choose(t, d);
	if (chosen == EXIT_FINE)
		t->show(t, d);
	engine_complaints(session_engine(t->trace.session), d);
	trace_filter_done(t->filter, d);
	return code == EXIT_FINE ? chosen : code;
}

/* `rules`: the verdict is wanted. */
static enum exit_code run_talking(struct talking *t, bool rules, struct diag *d)
{
	const struct request *q = t->request;
	struct output out;
	enum exit_code code = rules ? trace_find(&t->trace, q->args[0], d)
				    : trace_find_plain(&t->trace, q->args[0], d);

	if (t->trace.found)
		code = output_open(&out, q, q->args[0], d);
	if (t->trace.found && code == EXIT_FINE)
		code = confined_run(talk_confined, t, &out, d);
	trace_close(&t->trace, d);
	return code;
}

/* --- the commands --- */

/* "14" or a filter; false after a message. */
static bool parse_which(struct talking *t, struct diag *d)
{
	const char *which = t->request->nargs > 1 ? t->request->args[1] : NULL;
	guint64 n;

	if (!which)
		return true;
	if (g_ascii_string_to_unsigned(which, 10, 1, UINT32_MAX, &n, NULL)) {
		t->number = (uint32_t)n;
		return true;
	}
	t->filter = filter_compile(which, NULL, d);
	return t->filter != NULL;
}

static int run_which(const struct request *q, void (*show)(struct talking *, struct diag *),
		     struct diag *d)
{
	struct talking t = {.request = q, .show = show};
	enum exit_code code = EXIT_WRONG;

	if (parse_which(&t, d))
		code = run_talking(&t, !t.number && !t.filter, d);
	filter_free(t.filter);
	return code;
}

int run_follow(const struct request *q, struct diag *d)
{
	return run_which(q, show_follow, d);
}

int run_ladder(const struct request *q, struct diag *d)
{
	return run_which(q, show_ladder, d);
}

static bool parse_format(struct talking *t, struct diag *d)
{
	const char *format = t->request->format;

	t->json = format && strcmp(format, "json") == 0;
	if (format && !t->json && strcmp(format, "text") != 0)
		return diag_fail(d, "choose text or json", "there is no format '%s' here", format);
	return true;
}

static bool parse_sort(const struct request *q, enum conversations_sort *sort, struct diag *d)
{
	*sort = SORT_TIME;
	if (q->sort && !conversations_sort_named(q->sort, sort))
		return diag_fail(d, "choose time, bytes, packets or rtt", "there is no order '%s'",
				 q->sort);
	return true;
}

int run_conversations(const struct request *q, struct diag *d)
{
	struct talking t = {.request = q, .show = show_conversations};
	enum exit_code code = EXIT_WRONG;
	enum conversations_sort sort;

	if (!parse_format(&t, d) || !parse_sort(q, &sort, d) || !trace_filter(q, &t.filter, d))
		return EXIT_WRONG;
	conversations_init(&t.list, sort, t.filter);
	code = run_talking(&t, false, d);
	conversations_release(&t.list);
	filter_free(t.filter);
	return code;
}

int run_summary(const struct request *q, struct diag *d)
{
	struct talking t = {.request = q, .show = show_summary};
	enum exit_code code = EXIT_WRONG;

	if (!parse_format(&t, d))
		return EXIT_WRONG;
	t.overview = overview_new();
	code = run_talking(&t, true, d);
	overview_free(t.overview);
	return code;
}
