/* SPDX-License-Identifier: GPL-3.0-or-later */
/* learn: learn, resume, and the program without a command: choosing a lesson and starting it. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "src/console/dialogue.h"

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

/* Play a lesson on a trace; `folder` is the session's, taken over. */
static enum exit_code play(struct dialogue *g, const struct lesson *l, const char *path,
			   bool resumed)
{
	enum exit_code code, played;

	g->trace = trace_open(path, &code, g->d);
	if (!g->trace.session) {
		trace_close(&g->trace, g->d);
		return code;
	}
	if (!g->folder)
		g->folder = folder_new(l->id, g->d);
	if (!g->folder) {
		trace_close(&g->trace, g->d);
		return EXIT_FORBIDDEN;
	}
	g->player = player_start(l, g->trace.session, g->trace.packs);
	if (resumed)
		player_restore(g->player, folder_state(g->folder));
	played = dialogue_run(g);
	player_free(g->player);
	trace_close(&g->trace, g->d);
	return played != EXIT_FINE ? played : code;
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
static const struct lesson *choose(struct dialogue *g, const GPtrArray *lessons)
{
	const struct lesson *l = NULL, *tour = chosen(lessons, "tour");
	enum door_came came = DOOR_LINE;
	char *prompt = g_strdup_printf("Type a number from 1 to %u, or press Enter for the tour: ",
				       lessons->len);

	list_symptoms(lessons);
	while (!l && came == DOOR_LINE) {
		came = door_read(g->door, prompt, &g->line);
		if (came == DOOR_END && !door_is_terminal(g->door))
			l = tour;
		else if (came == DOOR_LINE && strcmp(buf_text(&g->line), "quit") == 0)
			came = DOOR_END;
		else if (came == DOOR_LINE)
			l = g->line.len ? chosen(lessons, buf_text(&g->line)) : tour;
	}
	g_free(prompt);
	return l;
}

static enum exit_code learn_with_door(struct dialogue *g, const struct request *q,
				      const GPtrArray *lessons)
{
	const struct lesson *l =
		q->nargs ? lessons_find(lessons, q->args[0], g->d) : choose(g, lessons);
	enum exit_code code;
	char *path;

	if (!l)
		return q->nargs ? EXIT_WRONG : EXIT_FINE;
	path = trace_of(q, l);
	code = play(g, l, path, false);
	g_free(path);
	return code;
}

int run_learn(const struct request *q, struct diag *d)
{
	struct dialogue g = {.d = d};
	GPtrArray *lessons = lessons_load(d);
	char *history = history_path();
	enum exit_code code = EXIT_WRONG;

	g.door = door_open(history, complete_line, &g);
	if (lessons->len)
		code = learn_with_door(&g, q, lessons);
	door_close(g.door);
	folder_free(g.folder);
	g_free(history);
	g_ptr_array_free(lessons, TRUE);
	return code;
}

int run_resume(const struct request *q, struct diag *d)
{
	struct dialogue g = {.d = d, .folder = folder_resume(d)};
	GPtrArray *lessons = lessons_load(d);
	char *history = history_path(), *id = NULL, *trace = NULL;
	const struct lesson *l = NULL;
	enum exit_code code = EXIT_WRONG;

	(void)q;
	if (g.folder) {
		id = g_key_file_get_string(folder_state(g.folder), "session", "lesson", NULL);
		trace = g_key_file_get_string(folder_state(g.folder), "session", "trace", NULL);
		l = id ? lessons_find(lessons, id, d) : NULL;
	} else
		diag_fail(d, "begin one: tracetutor", "there is no session to go on with");
	if (l && trace && strcmp(trace, "-") == 0)
		diag_fail(d, "begin again: tracetutor learn LESSON --trace FILE",
			  "that session read its trace from a pipe, which cannot be read again");
	else if (l && trace) {
		g.door = door_open(history, complete_line, &g);
		code = play(&g, l, trace, true);
		door_close(g.door);
	}
	folder_free(g.folder);
	g_free(history);
	g_free(trace);
	g_free(id);
	g_ptr_array_free(lessons, TRUE);
	return code;
}
