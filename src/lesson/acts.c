/* SPDX-License-Identifier: GPL-3.0-or-later */
/* acts: the screen of each kind of act, and what it makes of a line. One row of act_table each. */
#include <string.h>

#include "src/lesson/live.h"

#define TOUR_LONG 40 /* packets; fewer are read one after the other */

/* --- text --- */

void text_write(const struct player *p, const struct lesson_text *t, struct report *rep)
{
	bool open = false;

	for (size_t i = 0; i < t->n; i++) {
		const struct lesson_piece *piece = &t->pieces[i];
		const char *answer = piece->answer ? player_answer(p, piece->text) : NULL;

		if (!piece->text) {
			if (open)
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

void text_plain(const struct player *p, const struct lesson_text *t, struct buf *out)
{
	for (size_t i = 0; i < t->n; i++) {
		const struct lesson_piece *piece = &t->pieces[i];
		const char *answer = piece->answer ? player_answer(p, piece->text) : NULL;

		buf_str(out, !piece->text    ? " "
			     : piece->answer ? (answer ? answer : "")
					     : piece->text);
	}
}

/* --- questions --- */

static void items_screen(struct player *p, struct report *rep)
{
	const struct act *a = player_act(p);

	sink_begin(rep->sink, NODE_CODE, NULL);
	for (size_t i = 0; i < a->nitems; i++) {
		buf_reset(&rep->text);
		buf_printf(&rep->text, "%s  %zu  ", i ? "\n" : "", i + 1);
		for (size_t k = 0; k < a->items[i].text.n; k++)
			if (a->items[i].text.pieces[k].text)
				buf_str(&rep->text, a->items[i].text.pieces[k].text);
		sink_text(rep->sink, STYLE_PLAIN, buf_text(&rep->text), rep->text.len);
	}
	sink_end(rep->sink, NODE_CODE);
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

static enum player_next ask_input(struct player *p, const char *line, struct report *rep)
{
	const struct act *a = player_act(p);

	(void)rep;
	player_keep(p, a->id, *line ? line : a->fallback ? a->fallback : "");
	return player_ahead(p);
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
		report_say(rep, STYLE_PLAIN, buf_text(&rep->text));
		return PLAYER_STAY;
	}
	player_keep(p, a->id, item->value ? item->value : item->text.pieces[0].text);
	return player_ahead(p);
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
		report_say(rep, STYLE_STRONG, buf_text(&rep->text));
	if (a->kind == ACT_LOOK && number)
		packet_show(p, number, rep);
	text_write(p, &a->done, rep);
	return player_ahead(p);
}

static enum player_next right(struct player *p, struct report *rep)
{
	const struct act *a = player_act(p);

	report_say(rep, STYLE_GOOD, "Yes.");
	text_write(p, &a->done, rep);
	return player_ahead(p);
}

/* A packet number that must fit the condition. */
static enum player_next look_input(struct player *p, const char *line, struct report *rep)
{
	const struct act *a = player_act(p);
	guint64 n;

	if (!*line)
		return hint_left(p, rep) ? PLAYER_STAY : reveal(p, rep);
	if (!g_ascii_string_to_unsigned(line, 10, 1, UINT32_MAX, &n, NULL)) {
		report_say(rep, STYLE_PLAIN, "Type the number of a packet. 'list' shows them all.");
		return PLAYER_STAY;
	}
	if (!packet_fits(p, (uint32_t)n, a->when)) {
		report_say(rep, STYLE_PLAIN,
			   "Not this one. Look again, or press Enter for a hint.");
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
	report_say(rep, STYLE_PLAIN,
		   item ? "Not that. Try again, or press Enter for a hint."
			: "Type the number of one of the answers.");
	return PLAYER_STAY;
}

static enum player_next try_input(struct player *p, const char *line, struct report *rep)
{
	(void)line;
	if (p->reached)
		return player_ahead(p);
	return hint_left(p, rep) ? PLAYER_STAY : reveal(p, rep);
}

/* --- recording --- */

static void close_screen(struct player *p, struct report *rep)
{
	(void)p;
	report_say(rep, STYLE_PLAIN,
		   "This session uses a trace that was recorded before, so there is nothing to "
		   "close.");
}

static void capture_screen(struct player *p, struct report *rep)
{
	const char *path = session_path(p->session);
	uint64_t packets = session_packets(p->session);
	char *name = g_path_get_basename(path);

	buf_reset(&rep->text);
	if (p->lesson->filter)
		buf_str(&rep->text,
			"A live recording keeps only the packets that this lesson needs. ");
	buf_printf(&rep->text,
		   "Here the recording is done already: %s, %" G_GUINT64_FORMAT " packet%s. "
		   "Pressing Enter plays it.",
		   name, packets, packets == 1 ? "" : "s");
	report_say(rep, STYLE_PLAIN, buf_text(&rep->text));
	g_free(name);
}

/* --- packets --- */

bool tour_is_long(const struct player *p)
{
	return p->session && session_packets(p->session) > TOUR_LONG;
}

/* More than anybody reads: where to look. */
static void say_long(const struct player *p, struct report *rep)
{
	const struct finding *f = engine_verdict(session_engine(p->session));

	buf_reset(&rep->text);
	buf_printf(&rep->text,
		   "There are %" G_GUINT64_FORMAT " packets, and you need not read them all. ",
		   session_packets(p->session));
	if (f && f->nframes)
		buf_printf(&rep->text, "The result rests on packet %u: type 'show %u' to see it. ",
			   f->frames[f->nframes - 1], f->frames[f->nframes - 1]);
	buf_str(&rep->text, "Type 'skip' when you have seen enough.");
	report_say(rep, STYLE_PLAIN, buf_text(&rep->text));
}

static void tour_screen(struct player *p, struct report *rep)
{
	const struct act *a = player_act(p);

	p->tour_over = false;
	if (!p->packet && tour_is_long(p))
		say_long(p, rep);
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
	return player_ahead(p);
}

static void show_screen(struct player *p, struct report *rep)
{
	const struct act *a = player_act(p);
	uint32_t number = a->packet ? a->packet : packet_find(p, a->when);

	if (!number || !packet_show(p, number, rep))
		report_say(rep, STYLE_PLAIN, "This trace has no such packet.");
}

/* --- what came out --- */

static void verdict_screen(struct player *p, struct report *rep)
{
	report_verdict(rep, session_engine(p->session));
}

static void advice_screen(struct player *p, struct report *rep)
{
	const struct finding *f = engine_verdict(session_engine(p->session));

	if (f && f->advice) {
		report_say(rep, STYLE_STRONG, f->headline ? f->headline : "");
		report_say(rep, STYLE_PLAIN, f->advice);
	} else if (f)
		report_finding(rep, f);
	else
		report_say(rep, STYLE_PLAIN,
			   "Nothing wrong was seen in this trace, so there is nothing to repair on "
			   "the "
			   "network "
			   "as far as it shows. If the fault is there all the same, record again "
			   "while it "
			   "happens, and begin before you start the program.");
	if (p->live)
		live_say_user(p, rep);
}

static void again_screen(struct player *p, struct report *rep)
{
	(void)p;
	report_say(rep, STYLE_PLAIN,
		   "A recorded trace cannot change, so this session goes on to the report.");
}

static enum player_next just_on(struct player *p, const char *line, struct report *rep)
{
	(void)line;
	(void)rep;
	return player_ahead(p);
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
		       .trace = true,
		       .enter = "Press Enter to go on.",
		       .items = true,
		       .screen = check_screen,
		       .input = just_on},
	[ACT_TOUR] = {.name = "tour",
		      .trace = true,
		      .enter = "Press Enter for the next packet.",
		      .screen = tour_screen,
		      .input = tour_input},
	[ACT_SHOW] = {.name = "show",
		      .trace = true,
		      .enter = "Press Enter to go on.",
		      .when = true,
		      .screen = show_screen,
		      .input = just_on},
	[ACT_LOOK] = {.name = "look",
		      .trace = true,
		      .enter = "Type a packet number, or press Enter for a hint.",
		      .when = true,
		      .asks = true,
		      .input = look_input},
	[ACT_TRY] = {.name = "try",
		     .trace = true,
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
			 .trace = true,
			 .enter = "Press Enter to go on.",
			 .screen = verdict_screen,
			 .input = just_on},
	[ACT_ADVICE] = {.name = "advice",
			.trace = true,
			.enter = "Press Enter to go on.",
			.screen = advice_screen,
			.input = just_on},
	[ACT_AGAIN] = {.name = "again",
		       .enter = "Press Enter to go on.",
		       .screen = again_screen,
		       .input = just_on},
	[ACT_REPORT] = {.name = "report",
			.trace = true,
			.enter = "Press Enter to write the report.",
			.input = report_input},
};

/* As it is played live, or else as any lesson. */
static const struct act_row *row_of(const struct player *p)
{
	enum act_kind kind = player_act(p)->kind;

	return p->live && live_table[kind].input ? &live_table[kind] : &act_table[kind];
}

bool act_lacks_trace(const struct player *p)
{
	return !p->session && act_table[player_act(p)->kind].trace;
}

void act_screen(struct player *p, struct report *rep)
{
	const struct act *a = player_act(p);
	const struct act_row *row = row_of(p);

	if (!p->live || !live_has_result(p))
		text_write(p, &a->text, rep);
	if (act_lacks_trace(p)) {
		report_say(rep, STYLE_PLAIN,
			   "Nothing was recorded, so there is nothing to show here. 'back' goes to "
			   "the step before.");
		sink_end(rep->sink, NODE_SECTION);
		return;
	}
	if (a->kind == ACT_VERDICT) /* writes SECTIONs of its own */
		sink_end(rep->sink, NODE_SECTION);
	if (row->screen)
		row->screen(p, rep);
	if (a->kind != ACT_VERDICT)
		sink_end(rep->sink, NODE_SECTION);
}

enum player_next act_input(struct player *p, const char *line, struct report *rep)
{
	if (act_lacks_trace(p))
		return player_ahead(p);
	return row_of(p)->input(p, line, rep);
}
