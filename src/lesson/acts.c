/* SPDX-License-Identifier: GPL-3.0-or-later */
/* acts: the screen of each kind of act, and what it makes of a line. One row of act_table each. */
#include <string.h>

#include "src/lesson/player.h"

#define WITNESS_LINES 8        /* summary lines shown before "... and N more" */
#define HALF_TENTH    50000000 /* ns, to round to a tenth of a second */

/* --- text --- */

void text_write(const struct player *p, const struct lesson_text *t, struct report *rep)
{
	bool open = false;

	for (size_t i = 0; i < t->n; i++) {
		const struct lesson_piece *piece = &t->pieces[i];
		const char *answer = piece->answer ? player_answer(p, piece->text) : NULL;

		if (!piece->text) {
			sink_end(rep->sink, NODE_PROSE);
			open = false;
			continue;
		}
		if (!open)
			sink_begin(rep->sink, NODE_PROSE, NULL);
		open = true;
		sink_str(rep->sink, piece->style,
			 piece->answer ? (answer && *answer ? answer : "(no answer)")
				       : piece->text);
	}
	if (open)
		sink_end(rep->sink, NODE_PROSE);
}

static void say(struct report *rep, enum style style, const char *text)
{
	report_say(rep, style, text);
}

/* --- questions --- */

static void items_screen(struct player *p, struct report *rep)
{
	const struct act *a = player_act(p);
	struct buf text = BUF_INIT;

	for (size_t i = 0; i < a->nitems; i++) {
		buf_printf(&text, "%s  %zu  ", i ? "\n" : "", i + 1);
		for (size_t k = 0; k < a->items[i].text.n; k++)
			buf_str(&text, a->items[i].text.pieces[k].text
					       ? a->items[i].text.pieces[k].text
					       : " ");
	}
	sink_begin(rep->sink, NODE_CODE, NULL);
	sink_text(rep->sink, STYLE_PLAIN, buf_text(&text), text.len);
	sink_end(rep->sink, NODE_CODE);
	buf_release(&text);
}

/* The item a line names by number or by its value; NULL: none. */
static const struct lesson_item *item_named(const struct act *a, const char *line)
{
	guint64 n;

	if (g_ascii_string_to_unsigned(line, 10, 1, a->nitems, &n, NULL))
		return &a->items[n - 1];
	for (size_t i = 0; i < a->nitems; i++)
		if (a->items[i].value && g_ascii_strcasecmp(a->items[i].value, line) == 0)
			return &a->items[i];
	return NULL;
}

static enum player_next ahead(struct player *p)
{
	return player_advance(p) ? PLAYER_SCREEN : PLAYER_DONE;
}

static enum player_next ask_input(struct player *p, const char *line, struct report *rep)
{
	const struct act *a = player_act(p);

	(void)rep;
	player_keep(p, a->id, *line ? line : a->fallback ? a->fallback : "");
	return ahead(p);
}

static enum player_next choose_input(struct player *p, const char *line, struct report *rep)
{
	const struct act *a = player_act(p);
	const char *name = *line ? line : a->fallback ? a->fallback : "1";
	const struct lesson_item *item = item_named(a, name);

	if (!item) {
		buf_reset(&rep->text);
		buf_printf(&rep->text, "Type a number from 1 to %zu, or just press Enter.",
			   a->nitems);
		say(rep, STYLE_PLAIN, buf_text(&rep->text));
		return PLAYER_STAY;
	}
	player_keep(p, a->id, item->value ? item->value : item->text.pieces[0].text);
	return ahead(p);
}

/* Enter without an answer: the next hint, and after the last one what the answer is. */
static bool hint_left(struct player *p, struct report *rep)
{
	const struct act *a = player_act(p);

	if (p->hinted >= a->nhints)
		return false;
	text_write(p, &a->hints[p->hinted++], rep);
	return true;
}

static enum player_next reveal(struct player *p, struct report *rep)
{
	const struct act *a = player_act(p);
	uint32_t number = a->when ? packet_find(p, a->when) : 0;

	buf_reset(&rep->text);
	if (number)
		buf_printf(&rep->text, "It is packet %u.", number);
	for (size_t i = 0; i < a->nitems && !number; i++)
		if (a->items[i].right)
			buf_printf(&rep->text, "The answer is %zu.", i + 1);
	if (rep->text.len)
		say(rep, STYLE_STRONG, buf_text(&rep->text));
	if (a->kind == ACT_LOOK && number)
		packet_show(p, number, rep);
	text_write(p, &a->done, rep);
	return ahead(p);
}

static enum player_next right(struct player *p, struct report *rep)
{
	const struct act *a = player_act(p);

	say(rep, STYLE_GOOD, "Yes.");
	text_write(p, &a->done, rep);
	return ahead(p);
}

/* A packet number that must fit the condition. */
static enum player_next look_input(struct player *p, const char *line, struct report *rep)
{
	const struct act *a = player_act(p);
	guint64 n;

	if (!*line)
		return hint_left(p, rep) ? PLAYER_STAY : reveal(p, rep);
	if (!g_ascii_string_to_unsigned(line, 10, 1, UINT32_MAX, &n, NULL)) {
		say(rep, STYLE_PLAIN, "Type the number of a packet. 'list' shows them all.");
		return PLAYER_STAY;
	}
	if (!packet_fits(p, (uint32_t)n, a->when)) {
		say(rep, STYLE_PLAIN, "Not this one. Look again, or press Enter for a hint.");
		return PLAYER_STAY;
	}
	packet_show(p, (uint32_t)n, rep);
	return right(p, rep);
}

static enum player_next quiz_input(struct player *p, const char *line, struct report *rep)
{
	const struct act *a = player_act(p);
	const struct lesson_item *item;

	if (!*line)
		return hint_left(p, rep) ? PLAYER_STAY : reveal(p, rep);
	item = item_named(a, line);
	if (item && item->right)
		return right(p, rep);
	say(rep, STYLE_PLAIN,
	    item ? "Not that. Try again, or press Enter for a hint."
		 : "Type the number of one of the answers.");
	return PLAYER_STAY;
}

static enum player_next try_input(struct player *p, const char *line, struct report *rep)
{
	(void)line;
	if (p->reached)
		return ahead(p);
	return hint_left(p, rep) ? PLAYER_STAY : reveal(p, rep);
}

/* --- recording --- */

static void close_screen(struct player *p, struct report *rep)
{
	(void)p;
	say(rep, STYLE_PLAIN,
	    "This session uses a trace that was recorded before, so there is nothing to close.");
}

static void capture_screen(struct player *p, struct report *rep)
{
	const char *path = session_path(p->session), *filter = p->lesson->filter;
	uint64_t packets = session_packets(p->session);
	char *name = g_path_get_basename(path);

	buf_reset(&rep->text);
	if (filter)
		buf_printf(&rep->text, "Recording live would keep only: %s.\n", filter);
	buf_printf(&rep->text,
		   "Here the recording is done already: %s, %" G_GUINT64_FORMAT " packet%s. "
		   "Pressing Enter plays it.",
		   name, packets, packets == 1 ? "" : "s");
	say(rep, STYLE_PLAIN, buf_text(&rep->text));
	g_free(name);
}

/* What one pass over the trace collects for witness and check. */
struct observation {
	const struct act *act;
	struct buf lines;
	uint64_t packets;
	int64_t first_time, last_time;
	uint32_t *seen; /* packet of each item, 0: not seen */
	int64_t *times; /* ns since the first packet */
};

static void append_address(struct buf *out, const struct flow *f, const struct endpoint *e)
{
	const uint8_t *a = e->addr;

	if (f->family == 6)
		buf_ipv6(out, a);
	else
		buf_ipv4(out,
			 (uint32_t)a[0] << 24 | (uint32_t)a[1] << 16 | (uint32_t)a[2] << 8 | a[3]);
}

/* A line as it runs by while recording: "ppp0:[  0.885]: Dest: 192.0.2.1  Source: 192.0.2.2". */
static void running_line(struct observation *o, const struct record *r)
{
	const char *name = r->frame->interface_name;
	struct buf *out = &o->lines;
	size_t start = out->len;

	if (start)
		buf_char(out, '\n');
	if (name)
		buf_clean_max(out, name, strlen(name), 15);
	else
		buf_str(out, "network");
	buf_str(out, ":[");
	buf_seconds(out, r->time - o->last_time, 3);
	buf_str(out, "]: ");
	if (!r->flow.family) {
		report_words(out, r, NULL);
		return;
	}
	buf_str(out, "Dest: ");
	append_address(out, &r->flow, &r->flow.dst);
	buf_str(out, "  Source: ");
	append_address(out, &r->flow, &r->flow.src);
}

static bool observe(void *context, const struct record *r, const struct note *notes, size_t n)
{
	struct observation *o = context;

	(void)notes;
	(void)n;
	if (!o->packets++)
		o->first_time = o->last_time = r->time;
	if (o->packets <= WITNESS_LINES)
		running_line(o, r);
	o->last_time = r->time;
	for (size_t i = 0; i < o->act->nitems; i++)
		if (!o->seen[i] && filter_match(o->act->items[i].when, r)) {
			o->seen[i] = r->number;
			o->times[i] = r->time - o->first_time;
		}
	return true;
}

static struct observation observation_make(struct player *p)
{
	struct observation o = {.act = player_act(p)};

	o.seen = g_new0(uint32_t, o.act->nitems);
	o.times = g_new0(int64_t, o.act->nitems);
	session_walk(p->session, 1, UINT32_MAX, NULL, observe, &o, &p->said);
	p->fed = 0;
	return o;
}

static void observation_release(struct observation *o)
{
	buf_release(&o->lines);
	g_free(o->seen);
	g_free(o->times);
}

/* "Packet 14, 6.6 s: The server refused the login." */
static void item_seen(struct player *p, const struct observation *o, size_t i, struct report *rep)
{
	const struct lesson_item *item = &o->act->items[i];

	buf_reset(&rep->text);
	if (o->seen[i]) {
		buf_printf(&rep->text, "Packet %u, ", o->seen[i]);
		buf_seconds(&rep->text, o->times[i] + HALF_TENTH, 1);
		buf_str(&rep->text, " s: ");
	} else
		buf_str(&rep->text, "Not seen: ");
	if (!o->seen[i] && !item->otherwise.n)
		return;
	sink_begin(rep->sink, NODE_PROSE, NULL);
	sink_str(rep->sink, STYLE_STRONG, buf_text(&rep->text));
	for (size_t k = 0; k < (o->seen[i] ? item->text.n : item->otherwise.n); k++) {
		const struct lesson_piece *piece =
			o->seen[i] ? &item->text.pieces[k] : &item->otherwise.pieces[k];
		const char *text = piece->answer ? player_answer(p, piece->text) : piece->text;

		if (text)
			sink_str(rep->sink, piece->style, text);
	}
	sink_end(rep->sink, NODE_PROSE);
}

/* Indices of the items in the order in which they were seen; those not seen come last. */
static void items_in_order(struct player *p, const struct observation *o, struct report *rep)
{
	bool *said = g_new0(bool, o->act->nitems);

	for (size_t turn = 0; turn < o->act->nitems; turn++) {
		size_t next = o->act->nitems;

		for (size_t i = 0; i < o->act->nitems; i++)
			if (!said[i] &&
			    (next == o->act->nitems || o->seen[i] - 1 < o->seen[next] - 1))
				next = i;
		said[next] = true;
		item_seen(p, o, next, rep);
	}
	g_free(said);
}

static void witness_screen(struct player *p, struct report *rep)
{
	struct observation o = observation_make(p);

	if (o.packets > WITNESS_LINES)
		buf_printf(&o.lines, "\n... and %" G_GUINT64_FORMAT " more",
			   o.packets - WITNESS_LINES);
	sink_begin(rep->sink, NODE_CODE, NULL);
	sink_text(rep->sink, STYLE_PLAIN, buf_text(&o.lines), o.lines.len);
	sink_end(rep->sink, NODE_CODE);
	items_in_order(p, &o, rep);
	observation_release(&o);
}

static void check_screen(struct player *p, struct report *rep)
{
	struct observation o = observation_make(p);

	if (!o.packets)
		say(rep, STYLE_BAD,
		    "The trace is empty: there is nothing to explain in it. Record again.");
	for (size_t i = 0; i < o.act->nitems && o.packets; i++)
		item_seen(p, &o, i, rep);
	observation_release(&o);
}

/* --- packets --- */

static void tour_screen(struct player *p, struct report *rep)
{
	const struct act *a = player_act(p);

	p->tour_over = false;
	if (p->packet && packet_fits(p, p->packet, a->when))
		packet_show(p, p->packet, rep);
	else if (!packet_next(p, 1, a->when, rep))
		p->tour_over = true;
}

static enum player_next tour_input(struct player *p, const char *line, struct report *rep)
{
	(void)line;
	if (!p->tour_over && packet_next(p, p->packet + 1, player_act(p)->when, rep))
		return PLAYER_STAY;
	return ahead(p);
}

static void show_screen(struct player *p, struct report *rep)
{
	const struct act *a = player_act(p);
	uint32_t number = a->packet ? a->packet : packet_find(p, a->when);

	if (!number || !packet_show(p, number, rep))
		say(rep, STYLE_PLAIN, "This trace has no such packet.");
}

/* --- what came out --- */

static void verdict_screen(struct player *p, struct report *rep)
{
	report_verdict(rep, session_engine(p->session));
}

static void advice_screen(struct player *p, struct report *rep)
{
	const struct finding *f = engine_verdict(session_engine(p->session));

	if (f)
		report_finding(rep, f);
	else
		say(rep, STYLE_PLAIN,
		    "Nothing wrong was seen in this trace, so there is nothing to repair on the "
		    "network "
		    "as far as it shows. If the fault is there all the same, record again while it "
		    "happens, and begin before you start the program.");
}

static void again_screen(struct player *p, struct report *rep)
{
	(void)p;
	say(rep, STYLE_PLAIN,
	    "A recorded trace cannot change, so this session goes on to the report.");
}

static enum player_next just_on(struct player *p, const char *line, struct report *rep)
{
	(void)line;
	(void)rep;
	return ahead(p);
}

static enum player_next report_input(struct player *p, const char *line, struct report *rep)
{
	(void)p;
	(void)line;
	(void)rep;
	return PLAYER_REPORT;
}

const struct act_row act_table[ACT_COUNT] = {
	[ACT_SAY] = {.name = "say", .enter = "Press Enter to go on.", .input = just_on},
	[ACT_ASK] = {.name = "ask",
		     .enter = "Type your answer, or press Enter",
		     .id = true,
		     .asks = true,
		     .input = ask_input},
	[ACT_CHOOSE] = {.name = "choose",
			.enter = "Type a number, or press Enter",
			.id = true,
			.items = true,
			.asks = true,
			.screen = items_screen,
			.input = choose_input},
	[ACT_CLOSE] = {.name = "close",
		       .enter = "Press Enter to go on.",
		       .screen = close_screen,
		       .input = just_on},
	[ACT_CAPTURE] = {.name = "capture",
			 .enter = "Press Enter to START.",
			 .screen = capture_screen,
			 .input = just_on},
	[ACT_WITNESS] = {.name = "witness",
			 .enter = "Press Enter to STOP.",
			 .items = true,
			 .screen = witness_screen,
			 .input = just_on},
	[ACT_CHECK] = {.name = "check",
		       .enter = "Press Enter to go on.",
		       .items = true,
		       .screen = check_screen,
		       .input = just_on},
	[ACT_TOUR] = {.name = "tour",
		      .enter = "Press Enter for the next packet.",
		      .screen = tour_screen,
		      .input = tour_input},
	[ACT_SHOW] = {.name = "show",
		      .enter = "Press Enter to go on.",
		      .when = true,
		      .screen = show_screen,
		      .input = just_on},
	[ACT_LOOK] = {.name = "look",
		      .enter = "Type a packet number, or press Enter for a hint.",
		      .when = true,
		      .asks = true,
		      .input = look_input},
	[ACT_TRY] = {.name = "try",
		     .enter = "Type the command, or press Enter for a hint.",
		     .when = true,
		     .input = try_input},
	[ACT_QUIZ] = {.name = "quiz",
		      .enter = "Type a number, or press Enter for a hint.",
		      .items = true,
		      .asks = true,
		      .screen = items_screen,
		      .input = quiz_input},
	[ACT_VERDICT] = {.name = "verdict",
			 .enter = "Press Enter to go on.",
			 .screen = verdict_screen,
			 .input = just_on},
	[ACT_ADVICE] = {.name = "advice",
			.enter = "Press Enter to go on.",
			.screen = advice_screen,
			.input = just_on},
	[ACT_AGAIN] = {.name = "again",
		       .enter = "Press Enter to go on.",
		       .screen = again_screen,
		       .input = just_on},
	[ACT_REPORT] = {.name = "report",
			.enter = "Press Enter to write the report.",
			.input = report_input},
};

void act_screen(struct player *p, struct report *rep)
{
	const struct act *a = player_act(p);

	text_write(p, &a->text, rep);
	if (a->kind == ACT_VERDICT) /* writes SECTIONs of its own */
		sink_end(rep->sink, NODE_SECTION);
	if (act_table[a->kind].screen)
		act_table[a->kind].screen(p, rep);
	if (a->kind != ACT_VERDICT)
		sink_end(rep->sink, NODE_SECTION);
}

enum player_next act_input(struct player *p, const char *line, struct report *rep)
{
	return act_table[player_act(p)->kind].input(p, line, rep);
}
