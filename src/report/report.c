/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Packets as events: the raw lines of a packet, and each note beside the line that says the field
 * it explains. That join, on field indices, is all there is to "decode left, explanation right".
 */
#include "config.h"

#include "report_private.h"

#define NOTES_MAX 256 /* shown beside one packet; more would help nobody */

void report_init(struct report *rep, struct sink *s, const struct packs *p, const struct mask *m)
{
	*rep = (struct report){.sink = s, .packs = p};
	lines_init(&rep->lines);
	rep->lines.mask = m;
	rep->explained = g_hash_table_new(NULL, NULL);
}

void report_release(struct report *rep)
{
	lines_release(&rep->lines);
	g_hash_table_destroy(rep->explained);
	buf_release(&rep->text);
}

/* --- folding --- */

/* The rule that makes the packet noise: unless something is wrong with it, too. */
static const struct rule *fold_reason(const struct report *rep, const struct note *notes, size_t n)
{
	const struct rule *reason = NULL;

	if (rep->decode_only || rep->show_folded)
		return NULL;
	for (size_t i = 0; i < n; i++) {
		if (notes[i].rule->fold && !reason)
			reason = notes[i].rule;
		else if (!notes[i].rule->fold && notes[i].rule->severity >= SEVERITY_WARN)
			return NULL;
	}
	return reason;
}

bool report_folds(const struct report *rep, const struct note *notes, size_t n)
{
	return fold_reason(rep, notes, n) != NULL;
}

static void say_range(struct report *rep, uint32_t count, uint32_t first, uint32_t last)
{
	say_number(rep->sink, STYLE_PLAIN, count);
	sink_str(rep->sink, STYLE_PLAIN, count == 1 ? " packet (" : " packets (");
	say_number(rep->sink, STYLE_PLAIN, first); /* no link: they are not on the page */
	if (count > 1) {
		sink_str(rep->sink, STYLE_PLAIN, last - first + 1 == count ? "-" : " ... ");
		say_number(rep->sink, STYLE_PLAIN, last);
	}
	sink_str(rep->sink, STYLE_PLAIN, "): ");
}

void report_end(struct report *rep)
{
	if (!rep->folded)
		return;
	sink_begin(rep->sink, NODE_PROSE, NULL);
	say_range(rep, rep->folded, rep->fold_first, rep->fold_last);
	say_spans(rep, &rep->fold_rule->title, NULL);
	sink_str(rep->sink, STYLE_PLAIN, ".");
	sink_end(rep->sink, NODE_PROSE);
	rep->folded = 0;
}

void report_fold(struct report *rep, uint32_t first, uint32_t last, const struct rule *reason)
{
	if (rep->folded && rep->fold_rule != reason)
		report_end(rep);
	if (!rep->folded)
		rep->fold_first = first;
	rep->folded += last - first + 1;
	rep->fold_last = last;
	rep->fold_rule = reason;
}

/* --- which line a note stands beside --- */

static bool says(const struct line *line, uint32_t first, uint32_t last)
{
	return line->first <= line->last && line->first <= last && line->last >= first;
}

/* The line that says the note's first field most closely; else the first one that says any of its
 * fields (of a protocol's: any of that layer); else the last line before them. */
static uint32_t line_of(const struct lines *l, const struct record *r, const struct note *note)
{
	uint32_t exact = UINT32_MAX, any = UINT32_MAX, before = 0, last = note->last;

	if (note->first < r->nfields && r->fields[note->first].depth == 0)
		last = MAX(last, r->layers[r->fields[note->first].layer].end - 1);
	for (uint32_t i = 0; i < l->n; i++) {
		const struct line *line = &l->v[i];

		if (says(line, note->first, note->first) &&
		    (exact == UINT32_MAX ||
		     line->last - line->first < l->v[exact].last - l->v[exact].first))
			exact = i;
		if (any == UINT32_MAX && says(line, note->first, last))
			any = i;
		if (line->first <= line->last && line->last < note->first &&
		    line->last >= l->v[before].last)
			before = i;
	}
	return exact != UINT32_MAX ? exact : any != UINT32_MAX ? any : before;
}

struct placed {
	uint32_t line;
	const struct note *note;
};

/* Concepts are explained once. */
static bool is_shown(struct report *rep, const struct note *note)
{
	const struct rule *rule = note->rule;

	if (rule->teach && !rep->explain_again &&
	    g_hash_table_contains(rep->explained, (gpointer)rule))
		return false;
	if (rule->teach && g_hash_table_add(rep->explained, (gpointer)rule) && rep->taught)
		rep->taught(rep->taught_context, rule);
	return rule->title.n || rule->explain.n;
}

/* The notes to show. */
static size_t choose_notes(struct report *rep, const struct note *notes, size_t n,
			   struct placed *placed)
{
	size_t count = 0;

	for (size_t i = 0; i < n && count < NOTES_MAX; i++)
		if (is_shown(rep, &notes[i]))
			placed[count++].note = &notes[i];
	return count;
}

/* In the order of the lines they stand beside. */
static void place_notes(const struct lines *l, const struct record *r, struct placed *placed,
			size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct placed p = {line_of(l, r, placed[i].note), placed[i].note};
		size_t at = i;

		for (; at > 0 && placed[at - 1].line > p.line; at--)
			placed[at] = placed[at - 1];
		placed[at] = p;
	}
}

/* --- events --- */

/* Lines from..to; to the end: UINT32_MAX. */
static void decode_lines(struct report *rep, uint32_t from, uint32_t to)
{
	const struct lines *l = &rep->lines;
	size_t start = from ? l->v[from].off : 0, end = to < l->n ? l->v[to].off : l->text.len;

	sink_begin(rep->sink, NODE_DECODE, NULL);
	sink_text(rep->sink, STYLE_PLAIN, buf_text(&l->text) + start, end - start);
	sink_end(rep->sink, NODE_DECODE);
}

static void all_lines(struct report *rep)
{
	sink_begin(rep->sink, NODE_ROW, NULL);
	decode_lines(rep, 0, UINT32_MAX);
	sink_end(rep->sink, NODE_ROW);
}

static void raw_row(struct report *rep, uint32_t from, uint32_t to)
{
	if (from >= to)
		return;
	sink_begin(rep->sink, NODE_ROW, NULL);
	decode_lines(rep, from, to);
	sink_end(rep->sink, NODE_ROW);
}

/* What the finding says: in full at the packet that completes it, a pointer at those before. */
static void note_finding(struct report *rep, const struct note *n)
{
	if (!n->see) {
		if (n->finding->explain)
			report_say(rep, STYLE_PLAIN, n->finding->explain);
		return;
	}
	sink_begin(rep->sink, NODE_PROSE, NULL);
	sink_str(rep->sink, STYLE_PLAIN, "This packet belongs to it; see packet ");
	say_number(rep->sink, STYLE_LINK, n->see);
	sink_str(rep->sink, STYLE_PLAIN, ".");
	sink_end(rep->sink, NODE_PROSE);
}

static void note_event(struct report *rep, const struct record *r, const struct note *n)
{
	const struct rule *rule = n->rule;
	struct buf title = BUF_INIT;
	struct node_attr attr = {.severity = (int)rule->severity};

	spans_text(rep, &rule->title, r, &title);
	attr.title = title.len ? title.s : NULL;
	sink_begin(rep->sink, NODE_NOTE, &attr);
	if (n->finding)
		note_finding(rep, n);
	else
		report_prose(rep, &rule->explain, r);
	sink_end(rep->sink, NODE_NOTE);
	buf_release(&title);
}

static void annotated(struct report *rep, const struct record *r, struct placed *placed,
		      size_t count)
{
	uint32_t next = 0;

	place_notes(&rep->lines, r, placed, count);
	for (size_t i = 0; i < count;) {
		uint32_t line = placed[i].line;

		raw_row(rep, next, line);
		sink_begin(rep->sink, NODE_ROW, NULL);
		decode_lines(rep, line, line + 1);
		for (; i < count && placed[i].line == line; i++)
			note_event(rep, r, placed[i].note);
		sink_end(rep->sink, NODE_ROW);
		next = line + 1;
	}
	raw_row(rep, next, rep->lines.n);
}

static void packet_title(struct report *rep, const struct record *r)
{
	buf_reset(&rep->text);
	buf_str(&rep->text, "Packet ");
	buf_dec(&rep->text, r->number);
	buf_str(&rep->text, ": ");
	report_words(&rep->text, r, rep->lines.mask);
}

void report_packet(struct report *rep, const struct record *r, const struct note *notes, size_t n)
{
	const struct rule *reason = fold_reason(rep, notes, n);
	struct placed placed[NOTES_MAX];
	struct node_attr attr = {.number = r->number};

	if (reason) {
		report_fold(rep, r->number, r->number, reason);
		report_skip(rep, r);
		return;
	}
	report_end(rep);
	n = rep->decode_only ? 0 : choose_notes(rep, notes, n, placed);
	rep->lines.plain = n == 0;
	lines_packet(&rep->lines, r, rep->started ? rep->previous_time : r->time);
	if (!rep->decode_only) {
		packet_title(rep, r);
		attr.title = rep->text.s;
	}
	sink_begin(rep->sink, NODE_PACKET, &attr);
	if (n)
		annotated(rep, r, placed, n);
	else
		all_lines(rep);
	sink_end(rep->sink, NODE_PACKET);
	report_skip(rep, r);
}

void report_judged(struct report *rep, const struct record *r, struct engine *engine)
{
	size_t n;
	const struct note *notes = engine_notes(engine, &n);

	report_packet(rep, r, notes, n);
}

void report_skip(struct report *rep, const struct record *r)
{
	if (!rep->started)
		rep->first_time = r->time;
	rep->started = true;
	rep->previous_time = r->time;
}
