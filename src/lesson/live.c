/* SPDX-License-Identifier: GPL-3.0-or-later */
/* live: recording, what is witnessed meanwhile, whether it is good, and recording once more. */
#include "src/lesson/live.h"

#include <string.h>
#include <unistd.h>

#define NS_PER_SECOND 1000000000
#define COMPARE_WIDTH 76

struct live *live_new(const struct player_world *w)
{
	struct live *l = g_new0(struct live, 1);

	l->world = *w;
	take_release(&l->now);
	take_release(&l->before);
	return l;
}

void live_free(struct live *l)
{
	if (!l)
		return;
	watch_free(l->watch);
	take_release(&l->now);
	take_release(&l->before);
	quality_release(&l->quality);
	g_free(l->interface);
	g_free(l->address);
	g_free(l->server_interface);
	g_free(l->trace);
	g_free(l->seen);
	g_free(l);
}

/* --- the witness --- */

/* The lesson's own sentences, each at the first packet that fits, where nothing else tells it. */
static void witness_items(void *context, const struct record *r)
{
	struct player *p = context;
	const struct act *a = player_act(p);
	struct buf text = BUF_INIT;

	if (r->kind != RECORD_PACKET || a->kind != ACT_WITNESS)
		return;
	for (size_t i = 0; i < a->nitems; i++) {
		if (p->live->seen[i] || !filter_match(a->items[i].when, r))
			continue;
		p->live->seen[i] = r->number;
		text_plain(p, &a->items[i].text, &text);
		watch_tell(p->live->watch, buf_text(&text));
		buf_reset(&text);
	}
	buf_release(&text);
}

static void witness_live_screen(struct player *p, struct report *rep)
{
	struct live *l = p->live;

	if (!l->watch)
		return;
	g_free(l->seen);
	l->seen = g_new0(uint32_t, player_act(p)->nitems);
	watch_each(l->watch, witness_items, p);
	report_sayf(rep, STYLE_STRONG, "Recording %s now.", l->interface);
	if (l->repeating)
		report_say(rep, STYLE_PLAIN,
			   "This time it may work. Then press Enter when your program is done.");
	report_say(
		rep, STYLE_PLAIN,
		"Type 'mark' and a few words to put a note into the recording, for example: mark "
		"clicked Send. Type 'quiet' and it stops by itself when nothing comes any more.");
}

static void stop(struct live *l)
{
	if (!l->stopping)
		l->world.stop(l->world.context);
	l->stopping = true;
}

static enum player_next witness_live_input(struct player *p, const char *line, struct report *rep)
{
	struct live *l = p->live;

	if (!l->watch)
		return player_ahead(p);
	if (strcmp(line, "quiet") == 0) {
		l->until_quiet = true;
		report_sayf(rep, STYLE_PLAIN,
			    "It stops by itself when nothing has come for %d seconds.", LIVE_QUIET);
	} else if (*line)
		report_say(rep, STYLE_PLAIN, "Press Enter to stop, or type 'mark' and a note.");
	else
		stop(l);
	return PLAYER_STAY;
}

/* --- events --- */

static enum player_next finished(struct player *p, const struct recording_event *e,
				 struct report *rep)
{
	struct live *l = p->live;
	struct take *t = &l->now;
	struct capture_facts facts;

	watch_write(l->watch, rep);
	watch_say_end(e, l->interface, rep);
	watch_free(l->watch);
	l->watch = NULL;
	quality_release(&l->quality);
	l->judged = false;
	if (!take_open(p, t, ""))
		return player_goto(p, ACT_CAPTURE) ? PLAYER_SCREEN : PLAYER_DONE;
	t->dropped = e->dropped;
	facts = session_facts(t->session);
	watch_say_kept(&facts, t->dropped, rep);
	player_session_changed(p, t->session);
	return player_ahead(p);
}

/* Nobody can stop it, or it was asked to stop when nothing comes any more. */
static void maybe_stop(struct live *l, int64_t now)
{
	int64_t since = now - watch_last_time(l->watch);
	bool quiet = watch_packets(l->watch) && since > LIVE_QUIET * (int64_t)NS_PER_SECOND;
	bool late = now - l->began > LIVE_UNATTENDED * (int64_t)NS_PER_SECOND;

	if ((l->until_quiet && quiet) ||
	    (l->unattended &&
	     (late || quiet || (watch_fault(l->watch) && watch_caught_up(l->watch)))))
		stop(l);
}

/* What is new; `named`: the fault was named before. */
static void write_news(struct live *l, bool named, struct report *rep)
{
	watch_write(l->watch, rep);
	if (!named && watch_fault(l->watch) && !l->stopping && !l->unattended)
		report_say(rep, STYLE_PLAIN, "Wait a moment more, then press Enter.");
}

static enum player_next ticked(struct player *p, int64_t now, struct report *rep)
{
	struct live *l = p->live;
	bool named = watch_fault(l->watch);

	watch_tick(l->watch, now);
	write_news(l, named, rep);
	maybe_stop(l, now);
	return PLAYER_STAY;
}

enum player_next live_happened(struct player *p, const struct player_happening *h,
			       struct report *rep)
{
	struct live *l = p->live;
	const struct recording_event *e = &h->recording;
	bool named;

	if (!l->watch) {
		if (h->fd >= 0)
			close(h->fd);
		return PLAYER_STAY;
	}
	if (h->tick)
		return ticked(p, h->now, rep);
	if (h->fd >= 0)
		watch_next_file(l->watch, capture_open_fd(h->fd, l->trace, &p->said));
	named = watch_fault(l->watch);
	watch_grown(l->watch, e);
	if (e->what == RECORDING_ENDED)
		return finished(p, e, rep);
	write_news(l, named, rep);
	watch_say_event(e, rep);
	return PLAYER_STAY;
}

/* --- check --- */

/* The second recording of two: that it shows no fault is what one hopes for. */
static bool is_comparison(const struct live *l)
{
	return l->repeating && l->before.session;
}

static void judge(struct player *p, const struct observation *o)
{
	struct live *l = p->live;
	struct capture_facts facts = session_facts(l->now.session);
	struct quality_input in = {.facts = &facts,
				   .engine = session_engine(l->now.session),
				   .stages = l->now.stages,
				   .machine = &l->now.machine,
				   .server = player_server(p),
				   .server_interface = l->server_interface,
				   /* what works is over soon */
				   .asked = is_comparison(l) ? 0 : l->began,
				   .wanted = player_act(p)->nitems,
				   .dropped = l->now.dropped};

	for (size_t i = 0; i < in.wanted; i++)
		in.seen += o->seen[i] != 0;
	quality_release(&l->quality);
	quality_judge(&in, &l->quality);
	l->judged = true;
}

/* The second one must be as good as the first, or the two cannot be compared. */
static bool lacks_something(const struct quality *q)
{
	bool lacks = false;

	for (size_t i = 0; i < q->n; i++)
		lacks |= q->problems[i].again;
	return lacks && q->fault != FAULT_SHOWN;
}

static bool wants_again(const struct live *l)
{
	return l->judged && (is_comparison(l) ? lacks_something(&l->quality) : l->quality.again);
}

static void say_problem(const struct quality_problem *q, struct report *rep)
{
	sink_begin(rep->sink, NODE_PROSE, NULL);
	sink_str(rep->sink, STYLE_PLAIN, "- ");
	sink_str(rep->sink, q->again ? STYLE_STRONG : STYLE_PLAIN, q->seen);
	if (q->todo) {
		sink_str(rep->sink, STYLE_PLAIN, " ");
		sink_str(rep->sink, STYLE_PLAIN, q->todo);
	}
	sink_end(rep->sink, NODE_PROSE);
}

static void say_fault(const struct live *l, struct report *rep)
{
	const struct quality *q = &l->quality;
	const struct finding *f = engine_verdict(session_engine(l->now.session));

	if (is_comparison(l) && wants_again(l))
		report_say(rep, STYLE_STRONG,
			   "So this recording does not show whether the fault is gone. Record "
			   "again, and let your program try as it did before.");
	else if (is_comparison(l))
		report_say(rep, STYLE_PLAIN, "Now compare it with the recording before.");
	else if (q->fault == FAULT_SHOWN && f)
		report_sayf(rep, STYLE_GOOD, "The fault is in the recording: %s", f->headline);
	else if (q->fault == FAULT_SHOWN)
		report_say(rep, STYLE_GOOD, "The fault is in the recording.");
	else if (q->fault == FAULT_LIKELY && f)
		report_sayf(rep, STYLE_STRONG,
			    "This is in the recording, and it may be the fault: %s", f->headline);
	else if (q->fault == FAULT_LIKELY)
		report_say(rep, STYLE_PLAIN,
			   "Something unusual is in the recording; whether it is the fault, the "
			   "next step tells.");
	else if (session_packets(l->now.session))
		report_say(rep, STYLE_STRONG,
			   "The fault is not in this recording: nothing in it went wrong. Record "
			   "again, and wait until your program has said that it failed.");
}

static void check_live_screen(struct player *p, struct report *rep)
{
	struct live *l = p->live;
	struct observation o;

	if (!l->now.session)
		return;
	o = observation_make(p);
	for (size_t i = 0; i < o.act->nitems && o.packets; i++)
		item_seen(p, &o, i, rep);
	judge(p, &o);
	observation_release(&o);
	for (size_t i = 0; i < l->quality.n; i++)
		say_problem(&l->quality.problems[i], rep);
	say_fault(l, rep);
	if (wants_again(l))
		report_say(rep, STYLE_PLAIN,
			   "What was recorded is kept in any case. To go on with it all the same, "
			   "type 'skip'.");
}

/* The recording once more: the first one keeps its name. */
static enum player_next record_again(struct player *p)
{
	return player_goto(p, ACT_CAPTURE) ? PLAYER_SCREEN : PLAYER_STAY;
}

static enum player_next check_live_input(struct player *p, const char *line, struct report *rep)
{
	struct live *l = p->live;

	if (*line) {
		report_say(
			rep, STYLE_PLAIN,
			wants_again(l)
				? "It is not in this recording, so nothing could be read from "
				  "it. Press Enter to record again, or type 'skip' to go on with "
				  "this recording all the same."
				: "Press Enter to go on, or type ? to see what can be typed.");
		return PLAYER_STAY;
	}
	if (is_comparison(l) && (!wants_again(l) || l->unattended)) {
		l->repeating = false;
		return player_goto(p, ACT_AGAIN) ? PLAYER_SCREEN : player_ahead(p);
	}
	return wants_again(l) && !l->unattended ? record_again(p) : player_ahead(p);
}

/* --- again --- */

/* What goes wrong now. What is wrong with the recording is no fault of the network. */
static const struct finding *verdict_now(const struct live *l)
{
	const struct finding *f = engine_verdict(session_engine(l->now.session));

	return f && strcmp(f->rule->pack, "capture") != 0 ? f : NULL;
}

/* The same again, or another error; that the repaired program is slow, say, is something else. */
static bool still_fails(const struct live *l)
{
	const struct finding *f = verdict_now(l);
	const struct finding *b = engine_verdict(session_engine(l->before.session));

	return f && (f->rule->severity >= SEVERITY_ERROR ||
		     (b && g_strcmp0(b->rule->fault, f->rule->fault) == 0));
}

/* Nothing goes wrong, and the program came as far as to what went wrong before. */
static bool is_repaired(const struct live *l)
{
	return l->before.session && l->now.session && l->mended && !still_fails(l);
}

static void compare_screen(struct player *p, struct report *rep)
{
	struct live *l = p->live;
	struct buf text = BUF_INIT;

	report_say(rep, STYLE_STRONG, "Before and after:");
	l->mended = stages_compare(l->before.stages, l->now.stages, COMPARE_WIDTH, &text);
	report_code(rep, buf_text(&text));
	buf_release(&text);
	if (is_repaired(l) && verdict_now(l))
		report_sayf(rep, STYLE_GOOD,
			    "What went wrong before works now. If your program agrees, the fault "
			    "is repaired. This was seen besides: %s",
			    verdict_now(l)->headline);
	else if (is_repaired(l))
		report_say(rep, STYLE_GOOD,
			   "Nothing went wrong this time. If your program agrees, the fault is "
			   "repaired.");
	else if (still_fails(l))
		report_say(rep, STYLE_PLAIN,
			   "Something still goes wrong. 'back' shows the advice for what was seen "
			   "now.");
	else
		report_say(
			rep, STYLE_PLAIN,
			"This does not show that the fault is gone: your program did not come "
			"far enough. Record once more, and let it try while the recording runs.");
}

bool live_has_result(const struct player *p)
{
	return player_act(p)->kind == ACT_AGAIN && p->live->before.session && p->live->now.session;
}

static void again_live_screen(struct player *p, struct report *rep)
{
	if (live_has_result(p))
		compare_screen(p, rep);
}

static enum player_next again_live_input(struct player *p, const char *line, struct report *rep)
{
	struct live *l = p->live;

	if (*line) {
		report_say(
			rep, STYLE_PLAIN,
			is_repaired(l)
				? "Press Enter to go on, or type 'again' to record once more."
				: "Whether it is repaired, only packets can tell. Press Enter to "
				  "record once more, or type 'skip' to go on to the report.");
		return PLAYER_STAY;
	}
	if (l->unattended || is_repaired(l))
		return player_ahead(p);
	return live_again(p) ? PLAYER_SCREEN : player_ahead(p);
}

bool live_again(struct player *p)
{
	struct live *l = p->live;

	if (!l->now.session)
		return player_goto(p, ACT_CAPTURE);
	if (!player_goto(p, ACT_CAPTURE))
		return false;
	take_release(&l->before);
	l->before = l->now;
	l->now = (struct take){.dropped = UINT64_MAX};
	machine_init(&l->now.machine);
	player_session_changed(p, NULL);
	l->repeating = true;
	return true;
}

/* --- prompts --- */

static const char *witness_enter(const struct live *l, struct buf *scratch)
{
	if (!l->watch)
		return NULL;
	if (l->stopping)
		return "Stopping ...";
	buf_printf(scratch, "Recording, %" G_GUINT64_FORMAT " packet%s. Press Enter to STOP.",
		   watch_packets(l->watch), watch_packets(l->watch) == 1 ? "" : "s");
	return buf_text(scratch);
}

const char *live_enter(const struct player *p, struct buf *scratch)
{
	const struct live *l = p->live;

	switch (player_act(p)->kind) {
	case ACT_CLOSE:
		return l->programs > 1 ? "Press Enter to look again." : "Press Enter to go on.";
	case ACT_CAPTURE:
		return l->way == WAY_NONE ? "Press Enter to try again." : "Press Enter to START.";
	case ACT_WITNESS: return witness_enter(l, scratch);
	case ACT_CHECK:
		return wants_again(l) ? "Press Enter to record AGAIN." : "Press Enter to go on.";
	case ACT_AGAIN:
		return is_repaired(l) ? "Press Enter to go on."
				      : "Press Enter to record AGAIN, or type skip.";
	default: return NULL;
	}
}

const struct act_row live_table[ACT_COUNT] = {
	[ACT_CLOSE] = {.screen = live_close_screen, .input = live_close_input, .lines = true},
	[ACT_CAPTURE] = {.screen = live_capture_screen, .input = live_capture_input, .lines = true},
	[ACT_WITNESS] = {.screen = witness_live_screen, .input = witness_live_input, .lines = true},
	[ACT_CHECK] = {.screen = check_live_screen, .input = check_live_input, .lines = true},
	[ACT_AGAIN] = {.screen = again_live_screen, .input = again_live_input, .lines = true},
};

/* --- keeping --- */

static void store(GKeyFile *state, const char *key, const char *value)
{
	if (value)
		g_key_file_set_string(state, "live", key, value);
}

/* Traces by their names in the folder; one recorded elsewhere by its path. */
void live_store(const struct player *p, GKeyFile *state)
{
	const struct live *l = p->live;

	g_key_file_remove_group(state, "live", NULL);
	g_key_file_set_boolean(state, "live", "live", TRUE);
	g_key_file_set_boolean(state, "live", "repeating", l->repeating);
	store(state, "interface", l->interface);
	store(state, "recording", l->watch ? l->trace : NULL);
	g_key_file_set_int64(state, "live", "began", l->began);
	store(state, "trace", l->now.trace);
	store(state, "before", l->before.trace);
}

static void restore_take(struct player *p, GKeyFile *state, const char *key, struct take *t)
{
	char *path = g_key_file_get_string(state, "live", key, NULL);
	char *name = path ? g_path_get_basename(path) : NULL;

	if (name)
		take_open(p, t, name);
	g_free(name);
	g_free(path);
}

/* Who read packets has crashed; the recording went on meanwhile. */
static int recording_under_way(struct player *p)
{
	struct live *l = p->live;

	g_clear_pointer(&l->trace, g_free);
	return l->world.recording ? l->world.recording(l->world.context, &l->trace, &p->said) : -1;
}

void live_restore(struct player *p, GKeyFile *state)
{
	struct live *l = p->live;

	g_free(l->interface);
	l->interface = g_key_file_get_string(state, "live", "interface", NULL);
	l->repeating = g_key_file_get_boolean(state, "live", "repeating", NULL);
	restore_take(p, state, "before", &l->before);
	restore_take(p, state, "trace", &l->now);
	l->began = g_key_file_get_int64(state, "live", "began", NULL);
	if (player_act(p)->kind == ACT_WITNESS && !live_follow(p, recording_under_way(p))) {
		restore_take(p, state, "recording", &l->now);
		if (l->now.session)
			player_advance(p);
		else
			player_goto(p, ACT_CAPTURE);
	}
	player_session_changed(p, l->now.session);
}
