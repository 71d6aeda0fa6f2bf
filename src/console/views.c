/* SPDX-License-Identifier: GPL-3.0-or-later */
/* views: list, find, follow, ladder, conversations and why, as lines of text. */
#include <string.h>

#include <glib.h>

#include "src/console/views.h"
#include "tracetutor/conversations.h"
#include "tracetutor/follow.h"
#include "tracetutor/picture.h"

/* What one pass collects. */
struct view {
	struct buf *out;
	unsigned width;
	uint32_t lines, left_out, number;
	int64_t first_time;
	bool started;
	const struct filter *filter;
	const char *text; /* find */
	struct lines decode;
	const struct rule *rule; /* why */
};

static void clock_start(struct view *v, const struct record *r)
{
	if (!v->started)
		v->first_time = r->time;
	v->started = true;
}

/* Room for one more line; false: it is counted as left out. */
static bool line_begin(struct view *v)
{
	if (v->lines >= VIEW_MAX_LINES) {
		v->left_out++;
		return false;
	}
	if (v->lines++)
		buf_char(v->out, '\n');
	return true;
}

static void summary_line(struct view *v, const struct record *r)
{
	if (line_begin(v))
		report_summary(v->out, r, NULL, v->first_time, v->width);
}

static void closing_line(struct view *v, const char *none)
{
	if (!v->lines)
		buf_str(v->out, none);
	if (v->left_out)
		buf_printf(v->out, "\n... and %u more", v->left_out);
}

/* --- list and find --- */

static bool list_each(void *context, const struct record *r, struct engine *engine)
{
	struct view *v = context;

	(void)engine;
	clock_start(v, r);
	if (!v->filter || filter_match(v->filter, r))
		summary_line(v, r);
	return true;
}

void view_list(struct session *s, const struct filter *f, unsigned width, struct buf *out,
	       struct diag *d)
{
	struct view v = {.out = out, .width = width, .filter = f};

	session_walk(s, 1, UINT32_MAX, NULL, list_each, &v, d);
	closing_line(&v, f ? "No packet fits that filter." : "There are no packets.");
}

static bool bytes_hold(const uint8_t *p, size_t n, const char *text, size_t len)
{
	for (size_t i = 0; len <= n && i <= n - len; i++)
		if (g_ascii_strncasecmp((const char *)p + i, text, len) == 0)
			return true;
	return false;
}

static bool packet_holds(struct view *v, const struct record *r)
{
	size_t len = strlen(v->text);

	for (uint8_t i = 0; i < r->nsources; i++)
		if (bytes_hold(r->sources[i].bytes, r->sources[i].captured, v->text, len))
			return true;
	lines_reset(&v->decode);
	lines_packet(&v->decode, r, r->time);
	return bytes_hold((const uint8_t *)buf_text(&v->decode.text), v->decode.text.len, v->text,
			  len);
}

static bool find_each(void *context, const struct record *r, struct engine *engine)
{
	struct view *v = context;

	(void)engine;
	clock_start(v, r);
	if (packet_holds(v, r))
		summary_line(v, r);
	return true;
}

void view_find(struct session *s, const char *text, unsigned width, struct buf *out, struct diag *d)
{
	struct view v = {.out = out, .width = width, .text = text};

	lines_init(&v.decode);
	v.decode.plain = true;
	session_walk(s, 1, UINT32_MAX, NULL, find_each, &v, d);
	lines_release(&v.decode);
	closing_line(&v, "No packet holds that text.");
}

/* --- conversations --- */

struct seeking {
	struct view_talk *talk;
	bool found;
};

static bool talk_of(void *context, const struct record *r, struct engine *engine)
{
	struct seeking *s = context;

	(void)engine;
	s->found = r->conv != NULL;
	if (s->found)
		*s->talk = (struct view_talk){r->conv->index, r->conv->ip_proto};
	return false;
}

bool view_talk_of(struct session *s, uint32_t number, struct view_talk *t, struct diag *d)
{
	struct seeking seeking = {.talk = t};

	session_walk(s, number, number, NULL, talk_of, &seeking, d);
	return seeking.found;
}

struct following {
	struct follow *follow;
	struct buf text;
	view_put *put;
	void *context;
	bool more; /* is wanted */
};

static bool follow_each(void *context, const struct record *r, struct engine *engine)
{
	struct following *f = context;

	(void)engine;
	follow_add(f->follow, r, &f->text);
	if (f->text.len)
		f->more = f->put(f->context, &f->text);
	return f->more;
}

bool view_follow(struct session *s, const struct view_talk *t, bool hex, unsigned width,
		 view_put *put, void *context, struct diag *d)
{
	struct follow_options o = {.conv_index = t->index,
				   .ip_proto = t->ip_proto,
				   .hex = hex,
				   .width = width,
				   .engine = session_engine(s)};
	struct following f = {follow_new(&o), BUF_INIT, put, context, true};

	session_walk(s, 1, UINT32_MAX, NULL, follow_each, &f, d);
	if (f.more) {
		follow_end(f.follow, &f.text);
		f.more = put(context, &f.text);
	}
	follow_free(f.follow);
	buf_release(&f.text);
	return f.more;
}

static bool ladder_each(void *context, const struct record *r, struct engine *engine)
{
	(void)engine;
	picture_add(context, r, false);
	return true;
}

void view_ladder(struct session *s, const struct view_talk *t, unsigned width, struct buf *out,
		 struct diag *d)
{
	const struct engine *e = session_engine(s);
	const struct finding *v = e ? engine_verdict(e) : NULL;
	struct picture *p = picture_new(t->index, t->ip_proto, NULL);
	const struct figure *f;

	if (v && finding_in(v, t->index, t->ip_proto))
		for (unsigned i = 0; i < v->nframes; i++)
			picture_proof(p, v->frames[i]);
	session_walk(s, 1, UINT32_MAX, NULL, ladder_each, p, d);
	f = picture_ladder(p, e, PICTURE_MAX_RUNGS);
	if (f)
		figure_text(out, f, width);
	picture_free(p);
}

static void conversation_record(void *context, const struct record *r)
{
	conversations_record(context, r);
}

void view_conversations(struct session *s, const struct filter *f, unsigned width, struct buf *out,
			struct diag *d)
{
	struct conversations c;

	conversations_init(&c, SORT_TIME, f);
	session_review(s, conversation_record, &c, d);
	conversations_end(&c);
	conversations_text(&c, session_engine(s), width, VIEW_MAX_LINES, out);
	conversations_release(&c);
}

/* --- why --- */

static bool why_each(void *context, const struct record *r, struct engine *engine)
{
	struct view *v = context;
	const struct note *notes;
	size_t n;

	if (v->rule) {
		buf_printf(v->out, "%s at packet %u:\n", v->rule->id, r->number);
		if (v->rule->on != RECORD_PACKET)
			buf_str(v->out, "It judges a whole exchange or conversation, not one "
					"packet. As far as "
					"this packet goes:\n");
		if (v->rule->when)
			filter_why(v->rule->when, r, v->out);
		return false;
	}
	notes = engine_notes(engine, &n);
	for (size_t i = 0; i < n; i++) {
		if (!v->lines++)
			buf_printf(v->out, "Rules that say something here; 'why %s' tells why:\n",
				   notes[n - 1].rule->id);
		buf_printf(v->out, "\n%-28s ", notes[i].rule->id);
		prose_text(&notes[i].rule->title, r, v->out);
	}
	if (!n)
		buf_str(v->out, "No rule says anything about this packet.");
	return false;
}

void view_why(struct session *s, uint32_t number, const struct rule *rule, struct buf *out,
	      struct diag *d)
{
	struct view v = {.out = out, .rule = rule};

	session_walk(s, number, number, NULL, why_each, &v, d);
}
