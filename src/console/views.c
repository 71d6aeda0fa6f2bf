/* SPDX-License-Identifier: GPL-3.0-or-later */
/* views: list, find, follow, ladder and why, as lines of text. */
#include <string.h>

#include "src/console/views.h"

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
	uint32_t conv; /* index + 1 of the conversation, 0: not known yet */
	uint8_t ip_proto;
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

static bool list_each(void *context, const struct record *r, const struct note *notes, size_t n)
{
	struct view *v = context;

	(void)notes;
	(void)n;
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

static bool find_each(void *context, const struct record *r, const struct note *notes, size_t n)
{
	struct view *v = context;

	(void)notes;
	(void)n;
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

static bool conversation_of(void *context, const struct record *r, const struct note *notes,
			    size_t n)
{
	struct view *v = context;

	(void)notes;
	(void)n;
	if (r->conv) {
		v->conv = r->conv->index + 1;
		v->ip_proto = r->conv->ip_proto;
	}
	return false;
}

static bool in_conversation(struct view *v, const struct record *r)
{
	clock_start(v, r);
	return r->conv && r->conv->index + 1 == v->conv && r->conv->ip_proto == v->ip_proto;
}

static const char *speaker(const struct record *r)
{
	return conv_from_client(r->conv, r->from_a) ? "client" : "server";
}

/* The payload of a packet, a line of the dialogue for each line in it. */
static void payload_lines(struct view *v, const struct record *r)
{
	const struct flow *f = &r->flow;
	const uint8_t *p = r->sources[f->psource].bytes + f->poff, *end = p + f->pcaptured;
	unsigned room = v->width > 40 ? v->width - 20 : 20;

	while (p < end) {
		const uint8_t *newline = memchr(p, '\n', (size_t)(end - p));
		const uint8_t *stop = newline ? newline : end;
		size_t n = (size_t)(stop - p);

		if (n && p[n - 1] == '\r')
			n--;
		if (line_begin(v)) {
			buf_printf(v->out, "%5u  %s: ", r->number, speaker(r));
			buf_clean_max(v->out, p, n, room);
		}
		p = newline ? newline + 1 : end;
	}
}

static bool follow_each(void *context, const struct record *r, const struct note *notes, size_t n)
{
	struct view *v = context;

	(void)notes;
	(void)n;
	if (in_conversation(v, r) && r->flow.pcaptured)
		payload_lines(v, r);
	return true;
}

static bool ladder_each(void *context, const struct record *r, const struct note *notes, size_t n)
{
	struct view *v = context;
	struct buf words = BUF_INIT;
	bool out = false;

	(void)notes;
	(void)n;
	if (!in_conversation(v, r) || !line_begin(v))
		return true;
	out = conv_from_client(r->conv, r->from_a);
	report_words(&words, r, NULL);
	buf_printf(v->out, "%5u ", r->number);
	buf_seconds(v->out, r->time - v->first_time, 3);
	buf_str(v->out, out ? "  client ------> server  " : "  client <------ server  ");
	buf_clean_max(v->out, buf_text(&words), words.len, v->width > 60 ? v->width - 40 : 20);
	buf_release(&words);
	return true;
}

static bool view_each(struct session *s, uint32_t number, unsigned width, struct buf *out,
		      session_each *each, const char *none, struct diag *d)
{
	struct view v = {.out = out, .width = width};

	session_walk(s, number, number, NULL, conversation_of, &v, d);
	if (!v.conv)
		return false;
	session_walk(s, 1, UINT32_MAX, NULL, each, &v, d);
	closing_line(&v, none);
	return true;
}

bool view_follow(struct session *s, uint32_t number, unsigned width, struct buf *out,
		 struct diag *d)
{
	return view_each(s, number, width, out, follow_each,
			 "Neither side said anything in this conversation.", d);
}

bool view_ladder(struct session *s, uint32_t number, unsigned width, struct buf *out,
		 struct diag *d)
{
	return view_each(s, number, width, out, ladder_each, "", d);
}

/* --- why --- */

static bool why_each(void *context, const struct record *r, const struct note *notes, size_t n)
{
	struct view *v = context;

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
