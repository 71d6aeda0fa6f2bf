/* SPDX-License-Identifier: GPL-3.0-or-later */
/* player: where the person is in the lesson, and what moves her on. No terminal here. */
#include <string.h>

#include "src/lesson/live.h"

struct player *player_start(const struct lesson *l, struct session *s, const struct packs *packs)
{
	struct player *p = g_new0(struct player, 1);

	p->lesson = l;
	p->session = s;
	p->packs = packs;
	p->ids = g_ptr_array_new_with_free_func(g_free);
	p->answers = g_ptr_array_new_with_free_func(g_free);
	p->shown_answers = g_array_new(FALSE, FALSE, sizeof(struct report_answer));
	return p;
}

struct player *player_start_live(const struct lesson *l, const struct player_world *w,
				 const struct packs *packs)
{
	struct player *p = player_start(l, NULL, packs);

	p->live = live_new(w);
	return p;
}

void player_free(struct player *p)
{
	if (!p)
		return;
	live_free(p->live);
	session_close(p->practice);
	g_ptr_array_free(p->ids, TRUE);
	g_ptr_array_free(p->answers, TRUE);
	g_array_free(p->shown_answers, TRUE);
	diag_release(&p->said);
	g_free(p);
}

const struct act *player_act(const struct player *p)
{
	return &p->lesson->steps[p->step].acts[p->act];
}

const struct lesson *player_lesson(const struct player *p)
{
	return p->lesson;
}

struct session *player_session(const struct player *p)
{
	return p->session;
}

void player_session_changed(struct player *p, struct session *s)
{
	p->session = s;
	p->packet = 0;
	p->fed = 0;
}

/* --- answers --- */

const char *player_answer(const struct player *p, const char *id)
{
	for (guint i = 0; i < p->ids->len; i++)
		if (strcmp(p->ids->pdata[i], id) == 0)
			return p->answers->pdata[i];
	return NULL;
}

void player_keep(struct player *p, const char *id, const char *answer)
{
	struct buf clean = BUF_INIT;

	buf_clean_max(&clean, answer, strlen(answer), 200);
	for (guint i = 0; i < p->ids->len; i++)
		if (strcmp(p->ids->pdata[i], id) == 0) {
			g_ptr_array_remove_index(p->ids, i);
			g_ptr_array_remove_index(p->answers, i);
			break;
		}
	g_ptr_array_add(p->ids, g_strdup(id));
	g_ptr_array_add(p->answers, g_strdup(buf_text(&clean)));
	buf_release(&clean);
}

const char *player_server(const struct player *p)
{
	const char *server = p->lesson->server ? player_answer(p, p->lesson->server) : NULL;

	/* "sending a mail" is an answer, too, but names no server */
	return server && *server && !strpbrk(server, " \t") ? server : NULL;
}

const char *player_user(const struct player *p)
{
	const char *user = p->lesson->user ? player_answer(p, p->lesson->user) : NULL;

	return user && *user ? user : NULL;
}

/* The act that asked for that answer; NULL if the lesson has changed since. */
static const struct act *asked_by(const struct player *p, const char *id)
{
	for (size_t s = 0; s < p->lesson->nsteps; s++)
		for (size_t i = 0; i < p->lesson->steps[s].nacts; i++) {
			const struct act *a = &p->lesson->steps[s].acts[i];

			if (a->id && strcmp(a->id, id) == 0)
				return a;
		}
	return NULL;
}

const struct report_answer *player_answers(const struct player *p, size_t *n)
{
	g_array_set_size(p->shown_answers, 0);
	for (guint i = 0; i < p->ids->len; i++) {
		const struct act *asked = asked_by(p, p->ids->pdata[i]);
		struct report_answer a = {.answer = p->answers->pdata[i]};

		if (!asked || asked->private || !*a.answer)
			continue;
		a.question = asked->question ? asked->question : asked->id;
		g_array_append_val(p->shown_answers, a);
	}
	*n = p->shown_answers->len;
	return (const struct report_answer *)(void *)p->shown_answers->data;
}

/* --- moving --- */

static void enter_act(struct player *p, size_t step, size_t act)
{
	p->step = step;
	p->act = act;
	p->hinted = 0;
	p->reached = false;
	p->tour_over = false;
	if (player_act(p)->kind == ACT_TOUR)
		p->packet = 0;
}

bool player_advance(struct player *p)
{
	if (p->act + 1 < p->lesson->steps[p->step].nacts)
		enter_act(p, p->step, p->act + 1);
	else if (p->step + 1 < p->lesson->nsteps)
		enter_act(p, p->step + 1, 0);
	else
		return false;
	return true;
}

enum player_next player_ahead(struct player *p)
{
	return player_advance(p) ? PLAYER_SCREEN : PLAYER_DONE;
}

bool player_goto(struct player *p, enum act_kind kind)
{
	for (size_t s = 0; s < p->lesson->nsteps; s++)
		for (size_t i = 0; i < p->lesson->steps[s].nacts; i++)
			if (p->lesson->steps[s].acts[i].kind == kind) {
				enter_act(p, s, i);
				return true;
			}
	return false;
}

bool player_back(struct player *p)
{
	if (!p->step && !p->act)
		return false;
	enter_act(p, p->step ? p->step - 1 : 0, 0);
	return true;
}

bool player_skip(struct player *p)
{
	if (p->step + 1 >= p->lesson->nsteps)
		return false;
	enter_act(p, p->step + 1, 0);
	return true;
}

bool player_again(struct player *p)
{
	if (p->live && p->live->now.session)
		return live_again(p);
	enter_act(p, p->step, 0);
	return true;
}

/* --- live --- */

bool player_busy(const struct player *p)
{
	return p->live && p->live->watch;
}

bool player_mark(struct player *p, const char *text)
{
	if (player_busy(p))
		p->live->world.mark(p->live->world.context, text);
	return player_busy(p);
}

void player_unattended(struct player *p)
{
	if (p->live)
		p->live->unattended = true;
}

enum player_next player_happened(struct player *p, const struct player_happening *h,
				 struct report *rep)
{
	enum player_next next = PLAYER_STAY;

	if (!p->live)
		return next;
	sink_begin(rep->sink, NODE_SECTION, NULL);
	next = live_happened(p, h, rep);
	sink_end(rep->sink, NODE_SECTION);
	return next;
}

enum player_next player_practise(struct player *p, struct report *rep)
{
	bool shown = p->practice != NULL;

	if (!shown)
		p->practice = p->live->world.practice(p->live->world.context, &p->said);
	if (!p->practice) {
		report_say(rep, STYLE_BAD, "The recorded trace of this lesson cannot be read.");
		return PLAYER_STAY;
	}
	g_clear_pointer(&p->live, live_free);
	player_session_changed(p, p->practice);
	return PLAYER_SCREEN;
}

/* --- screens and lines --- */

static void section(struct player *p, struct report *rep, bool titled)
{
	struct buf title = BUF_INIT;

	if (titled)
		buf_printf(&title, "Step %zu of %zu: %s", p->step + 1, p->lesson->nsteps,
			   p->lesson->steps[p->step].title);
	sink_begin(rep->sink, NODE_SECTION,
		   titled ? &(struct node_attr){.title = buf_text(&title)} : NULL);
	buf_release(&title);
}

/* What could not be read is said once, where it was wanted. */
static void say_trouble(struct player *p, struct report *rep)
{
	struct buf text = BUF_INIT;

	if (!p->said.count)
		return;
	diag_write(&p->said, &text);
	diag_release(&p->said);
	p->said = DIAG_INIT;
	section(p, rep, false);
	report_say(rep, STYLE_BAD, buf_text(&text));
	sink_end(rep->sink, NODE_SECTION);
	buf_release(&text);
}

void player_screen(struct player *p, struct report *rep)
{
	bool more = true;

	while (more) {
		section(p, rep, p->act == 0);
		act_screen(p, rep);
		more = player_act(p)->kind == ACT_SAY &&
		       p->act + 1 < p->lesson->steps[p->step].nacts;
		if (more)
			player_advance(p);
	}
	say_trouble(p, rep);
}

/* "or press Enter for "yes": " where an answer can be left out. */
/* The words of the option that is the default; else the default itself. */
static const char *fallback_words(const struct act *a)
{
	for (size_t i = 0; i < a->nitems; i++)
		if (a->items[i].value && a->items[i].text.n == 1 &&
		    g_ascii_strcasecmp(a->items[i].value, a->fallback) == 0)
			return a->items[i].text.pieces[0].text;
	return a->fallback;
}

static void prompt_fallback(const struct act *a, struct buf *out)
{
	if (a->fallback && *a->fallback)
		buf_printf(out, " for %s: ", fallback_words(a));
	else
		buf_str(out, a->kind == ACT_CHOOSE ? " for 1: " : " to leave it open: ");
}

void player_prompt(const struct player *p, struct buf *out)
{
	const struct act *a = player_act(p);
	struct buf scratch = BUF_INIT;
	const char *live = p->live ? live_enter(p, &scratch) : NULL;

	buf_printf(out, "[step %zu of %zu", p->step + 1, p->lesson->nsteps);
	if (a->kind == ACT_TOUR && p->packet && p->session)
		buf_printf(out, ", packet %u of %" G_GUINT64_FORMAT, p->packet,
			   session_packets(p->session));
	buf_str(out, "] ");
	if (a->kind == ACT_TOUR && p->tour_over)
		buf_str(out, "Press Enter to go on.");
	else if ((a->kind == ACT_TRY && p->reached) || act_lacks_trace(p))
		buf_str(out, "Press Enter to go on.");
	else if (a->kind == ACT_TOUR && tour_is_long(p))
		buf_str(out, "Press Enter for the next one, or type skip.");
	else
		buf_str(out, live ? live : act_table[a->kind].enter);
	buf_release(&scratch);
	if (a->kind == ACT_ASK || a->kind == ACT_CHOOSE)
		prompt_fallback(a, out);
	else
		buf_char(out, ' ');
}

bool player_asks(const struct player *p)
{
	return act_table[player_act(p)->kind].asks;
}

bool player_takes_lines(const struct player *p)
{
	return p->live && live_table[player_act(p)->kind].lines;
}

bool player_writes(const struct player *p)
{
	return player_act(p)->kind == ACT_ASK;
}

enum player_next player_input(struct player *p, const char *line, struct report *rep)
{
	enum player_next next;

	section(p, rep, false);
	next = act_input(p, line, rep);
	sink_end(rep->sink, NODE_SECTION);
	say_trouble(p, rep);
	return next;
}

/* A path stays whole, so that it can be copied. */
static void say_path(struct report *rep, const char *path)
{
	buf_reset(&rep->text);
	buf_clean(&rep->text, path, strlen(path));
	report_say(rep, STYLE_GOOD, "The report is written:");
	report_code(rep, buf_text(&rep->text));
	report_say(rep, STYLE_PLAIN,
		   "Passwords are hidden in it, and the names and addresses of the packets are "
		   "replaced by others, in your answers too. Read it before you send it to "
		   "anybody.");
}

enum player_next player_reported(struct player *p, const char *path, struct report *rep)
{
	bool asked = player_act(p)->kind == ACT_REPORT;

	section(p, rep, false);
	if (path)
		say_path(rep, path);
	else
		report_say(rep, STYLE_BAD,
			   "The report could not be written; the reason is given above.");
	sink_end(rep->sink, NODE_SECTION);
	if (!asked)
		return PLAYER_STAY;
	return player_advance(p) ? PLAYER_SCREEN : PLAYER_DONE;
}

void player_hint(struct player *p, struct report *rep)
{
	const struct act *a = player_act(p);

	section(p, rep, false);
	if (p->hinted < a->nhints)
		text_write(p, &a->hints[p->hinted++], rep);
	else
		report_say(rep, STYLE_PLAIN,
			   a->nhints ? "That was the last hint. Press Enter to see the answer."
				     : "There is nothing to guess here. The line below says what "
				       "Enter does.");
	sink_end(rep->sink, NODE_SECTION);
}

/* --- packets --- */

uint32_t player_packet(const struct player *p)
{
	return p->packet;
}

bool player_show(struct player *p, uint32_t number, struct report *rep)
{
	const struct act *a = player_act(p);
	bool ok;

	section(p, rep, false);
	ok = packet_show(p, number, rep);
	if (ok && a->kind == ACT_TRY && !p->reached && packet_fits(p, number, a->when)) {
		p->reached = true;
		report_say(rep, STYLE_GOOD, "Yes, that is it.");
		text_write(p, &a->done, rep);
	}
	if (ok)
		p->tour_over = false;
	sink_end(rep->sink, NODE_SECTION);
	say_trouble(p, rep);
	return ok;
}

bool player_turn(struct player *p, bool forward, struct report *rep)
{
	const struct act *a = player_act(p);
	uint32_t before = forward ? 0 : packet_before(p, p->packet);
	bool ok;

	if (!forward)
		return before && player_show(p, before, rep);
	section(p, rep, false);
	ok = packet_next(p, p->packet + 1, a->kind == ACT_TOUR ? a->when : NULL, rep);
	sink_end(rep->sink, NODE_SECTION);
	say_trouble(p, rep);
	return ok;
}

/* --- keeping --- */

void player_store(const struct player *p, GKeyFile *state)
{
	g_key_file_set_string(state, "session", "lesson", p->lesson->id);
	if (p->live)
		live_store(p, state);
	else
		g_key_file_remove_group(state, "live", NULL);
	if (p->session)
		g_key_file_set_string(state, "session", "trace", session_path(p->session));
	g_key_file_set_uint64(state, "session", "step", p->step + 1);
	g_key_file_set_uint64(state, "session", "act", p->act + 1);
	g_key_file_set_uint64(state, "session", "packet", p->packet);
	g_key_file_remove_group(state, "answers", NULL);
	for (guint i = 0; i < p->ids->len; i++)
		g_key_file_set_string(state, "answers", p->ids->pdata[i], p->answers->pdata[i]);
}

void player_restore(struct player *p, GKeyFile *state)
{
	guint64 step = g_key_file_get_uint64(state, "session", "step", NULL);
	guint64 act = g_key_file_get_uint64(state, "session", "act", NULL);
	guint64 packet = g_key_file_get_uint64(state, "session", "packet", NULL);
	char **ids = g_key_file_get_keys(state, "answers", NULL, NULL);

	if (step >= 1 && step <= p->lesson->nsteps) {
		bool there = act >= 1 && act <= p->lesson->steps[step - 1].nacts;

		enter_act(p, (size_t)step - 1, there ? (size_t)act - 1 : 0);
	}
	for (char **id = ids; id && *id; id++) {
		char *answer = g_key_file_get_string(state, "answers", *id, NULL);

		if (answer)
			player_keep(p, *id, answer);
		g_free(answer);
	}
	g_strfreev(ids);
	if (p->live)
		live_restore(p, state);
	if (packet && p->session && packet <= session_packets(p->session))
		p->packet = (uint32_t)packet;
}
