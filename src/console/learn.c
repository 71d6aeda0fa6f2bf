/* SPDX-License-Identifier: GPL-3.0-or-later */
/* learn: learn, resume, and the program without a command: choosing a lesson and starting it. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "src/console/dialogue.h"
#include "src/console/trace.h"
#include "src/console/host.h"
#include "src/console/learn.h"
#include "src/console/stream.h"
#include "tracetutor/sandbox.h"

static char *history_path(void)
{
	struct diag quiet = DIAG_INIT; /* no history is no harm */
	char *home = folder_state_home(&quiet), *path = NULL;

	if (home)
		path = g_build_filename(home, "history", NULL);
	g_free(home);
	diag_release(&quiet);
	return path;
}

/* An absolute path, so that the session can be resumed from another folder. */
static char *trace_of(const struct request *q, const struct lesson *l)
{
	if (!q->trace)
		return g_strdup(l->trace);
	return strcmp(q->trace, "-") == 0 ? g_strdup("-") : g_canonicalize_filename(q->trace, NULL);
}

/* --- the guest's side --- */

/* What is to be played; made before the guest is forked. */
struct playing {
	const struct lesson *lesson;
	struct packs *packs;
	bool live, resumed;
};

/* What a guest has opened before it gave up its power. */
struct opened {
	struct guest *guest;
	struct host *host;
	const struct playing *playing;
	struct capture *trace; /* the recorded trace of the lesson, or the one named */
	struct session *session;
};

/* Read the trace that is played. NULL and a message if it is no capture. */
static struct session *read_trace(struct opened *o, enum exit_code *code, struct diag *d)
{
	struct capture *c = g_steal_pointer(&o->trace);
	struct session *s;

	*code = EXIT_WRONG;
	if (!c || !capture_begin(c, d)) {
		capture_close(c);
		return NULL;
	}
	s = session_of(c, o->host->trace, o->playing->packs);
	session_watch(s, o->host->at);
	for (unsigned i = 0; i < o->host->nskips; i++)
		session_skip(s, o->host->skips[i]);
	*code = trace_read(s, d);
	return s;
}

static struct session *practice(void *context, struct diag *d)
{
	struct guest *g = context;
	enum exit_code code;

	return read_trace(g->opened, &code, d);
}

static struct player *start_player(struct opened *o)
{
	struct player_world w = guest_world(o->guest);

	if (!o->playing->live)
		return player_start(o->playing->lesson, o->session, o->playing->packs);
	w.practice = practice;
	w.care.at = o->host->at;
	w.care.nskips = MIN(o->host->nskips, PIPELINE_MAX_SKIPS);
	memcpy(w.care.skips, o->host->skips, w.care.nskips * sizeof(w.care.skips[0]));
	return player_start_live(o->playing->lesson, &w, o->playing->packs);
}

/* The state as the host has it: of the session that is resumed, or before a crash. */
static GKeyFile *known_state(const struct host *h)
{
	GKeyFile *state = g_key_file_new();
	char *text;
	gsize n;

	if (!h->folder)
		return state;
	text = g_key_file_to_data(folder_state(h->folder), &n, NULL);
	g_key_file_load_from_data(state, text, n, G_KEY_FILE_NONE, NULL);
	g_free(text);
	return state;
}

static enum exit_code play_opened(struct opened *o, enum exit_code code)
{
	struct dialogue g = {.guest = o->guest, .packs = o->playing->packs, .d = o->guest->d};

	if (!guest_begin(o->guest, o->playing->lesson->id, o->guest->d))
		return EXIT_FORBIDDEN;
	o->guest->complete = complete_line;
	o->guest->context = &g;
	o->guest->opened = o;
	g.state = known_state(o->host);
	g.player = start_player(o);
	if (o->playing->resumed || o->host->nskips)
		player_restore(g.player, g.state);
	dialogue_run(&g);
	player_free(g.player);
	g_key_file_free(g.state);
	return code;
}

static enum exit_code play(struct guest *guest, struct host *h, void *context)
{
	struct opened o = {.guest = guest, .host = h, .playing = context};
	enum exit_code code = EXIT_FINE;

	o.trace = capture_find(h->trace, guest->d);
	if (!sandbox_enter(sandbox_user(), GUEST_MEMORY, guest->d))
		return EXIT_WRONG;
	if (!o.playing->live)
		o.session = read_trace(&o, &code, guest->d);
	if (o.session || o.playing->live)
		code = play_opened(&o, code);
	if (o.session)
		engine_complaints(session_engine(o.session), guest->d);
	session_close(o.session);
	capture_close(o.trace);
	console_complain(guest->d);
	return code;
}

/* --- the host's side --- */

bool be_the_person(struct diag *d)
{
	struct sandbox_user u = sandbox_user();

	if (geteuid() != 0 || !g_getenv("SUDO_UID"))
		return true;
	sandbox_home(u);
	return sandbox_drop_root(u, d);
}

static enum exit_code host_lesson(struct host *h, struct playing *p)
{
	enum exit_code code;

	code = trace_permitted(h->trace, h->d);
	p->packs = packs_new();
	if (code == EXIT_FINE && !packs_load_all(p->packs, h->d)) /* all would look fine */
		code = EXIT_WRONG;
	if (code == EXIT_FINE)
		code = host_run(h, play, p);
	packs_free(p->packs);
	return code;
}

/* --- choosing --- */

static void list_symptoms(const GPtrArray *lessons)
{
	struct buf text = BUF_INIT;

	buf_str(&text, "What is wrong?\n\n");
	for (guint i = 0; i < lessons->len; i++) {
		const struct lesson *l = lessons->pdata[i];

		buf_printf(&text, "  %u  %s\n", i + 1, l->symptom);
	}
	buf_char(&text, '\n');
	fputs(buf_text(&text), stdout);
	buf_release(&text);
}

static const struct lesson *chosen(const GPtrArray *lessons, const char *line)
{
	struct diag quiet = DIAG_INIT;
	const struct lesson *l = NULL;
	guint64 n;

	if (g_ascii_string_to_unsigned(line, 10, 1, lessons->len, &n, NULL))
		l = lessons->pdata[n - 1];
	else if (*line)
		l = lessons_find(lessons, line, &quiet);
	diag_release(&quiet);
	return l;
}

/* Ask which symptom; Enter or the end of input takes the tour. NULL: the person left. */
static const struct lesson *choose(struct host *h, const GPtrArray *lessons)
{
	const struct lesson *l = NULL, *tour = chosen(lessons, "tour");
	enum door_came came = DOOR_LINE;
	char *prompt = g_strdup_printf("Type a number from 1 to %u, or press Enter for the tour: ",
				       lessons->len);

	list_symptoms(lessons);
	while (!l && came == DOOR_LINE) {
		came = door_read(h->door, prompt, &h->line);
		if (came == DOOR_END && !door_is_terminal(h->door))
			l = tour;
		else if (came == DOOR_LINE && strcmp(buf_text(&h->line), "quit") == 0)
			came = DOOR_END;
		else if (came == DOOR_LINE)
			l = h->line.len ? chosen(lessons, buf_text(&h->line)) : tour;
	}
	g_free(prompt);
	return l;
}

/* Record what happens here, or practise? false: the person left. */
static bool choose_live(struct host *h, const struct request *q, const struct lesson *l, bool *live)
{
	enum door_came came = DOOR_LINE;

	*live = q->live && l->live;
	if (q->live || q->recorded || q->trace || !l->live || l->on_request ||
	    !door_is_terminal(h->door))
		return true;
	fputs("\nShall this computer be looked at, or a trace that was recorded before?\n\n"
	      "  1  this computer: record what happens here while it fails\n"
	      "  2  the recorded trace: to see how it goes\n\n",
	      stdout);
	while (came == DOOR_LINE) {
		came = door_read(h->door, "Type 1 or 2, or press Enter for 1: ", &h->line);
		*live = !h->line.len || strcmp(buf_text(&h->line), "1") == 0;
		if (came == DOOR_LINE && (*live || strcmp(buf_text(&h->line), "2") == 0))
			return true;
	}
	return false;
}

static enum exit_code learn_with_door(struct host *h, const struct request *q,
				      const GPtrArray *lessons)
{
	struct playing p = {.lesson = q->nargs ? lessons_find(lessons, q->args[0], h->d)
					       : choose(h, lessons)};

	if (!p.lesson)
		return q->nargs ? EXIT_WRONG : EXIT_FINE;
	if (q->live && !p.lesson->live) {
		diag_fail(h->d, "play it on its recorded trace: without --live",
			  "the lesson %s cannot be played live", p.lesson->id);
		return EXIT_WRONG;
	}
	if (!choose_live(h, q, p.lesson, &p.live))
		return EXIT_FINE;
	h->trace = trace_of(q, p.lesson);
	return host_lesson(h, &p);
}

bool host_begin(struct host *h, struct diag *d, bool records)
{
	char *history;

	*h = (struct host){.d = d, .got = WIRE_MESSAGE_INIT};
	h->keeper = records ? keeper_start(d) : NULL;
	if (!be_the_person(d))
		return false;
	history = history_path();
	host_open_door(h, history);
	g_free(history);
	return true;
}

int run_learn(const struct request *q, struct diag *d)
{
	enum exit_code code = EXIT_WRONG;
	GPtrArray *lessons;
	struct host h;

	if (host_begin(&h, d, !q->trace && !q->recorded)) {
		lessons = lessons_load(d);
		if (lessons->len)
			code = learn_with_door(&h, q, lessons);
		g_ptr_array_free(lessons, TRUE);
	}
	host_release(&h);
	return code;
}

/* The lesson and the trace of the session that is resumed. */
static enum exit_code resume(struct host *h, const GPtrArray *lessons)
{
	GKeyFile *state = folder_state(h->folder);
	char *id = g_key_file_get_string(state, "session", "lesson", NULL);
	struct playing p = {.lesson = id ? lessons_find(lessons, id, h->d) : NULL,
			    .resumed = true,
			    .live = g_key_file_get_boolean(state, "live", "live", NULL)};
	enum exit_code code = EXIT_WRONG;

	h->trace = p.live && p.lesson ? g_strdup(p.lesson->trace)
				      : g_key_file_get_string(state, "session", "trace", NULL);
	if (p.lesson && h->trace && strcmp(h->trace, "-") == 0)
		diag_fail(h->d, "begin again: tracetutor learn LESSON --trace FILE",
			  "that session read its trace from a pipe, which cannot be read again");
	else if (p.lesson && h->trace)
		code = host_lesson(h, &p);
	g_free(id);
	return code;
}

int run_resume(const struct request *q, struct diag *d)
{
	enum exit_code code = EXIT_WRONG;
	GPtrArray *lessons;
	struct host h;

	if (host_begin(&h, d, true)) {
		lessons = lessons_load(d);
		h.folder = folder_resume(q->nargs ? q->args[0] : NULL, d);
		if (h.folder)
			code = resume(&h, lessons);
		else if (d->errors)
			; /* said */
		else if (q->nargs)
			diag_fail(d, "'tracetutor sessions' lists them", "there is no session '%s'",
				  q->args[0]);
		else
			diag_fail(d, "begin one: tracetutor", "there is no session to go on with");
		g_ptr_array_free(lessons, TRUE);
	}
	host_release(&h);
	return code;
}
