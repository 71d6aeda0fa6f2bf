/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sessions: what there is of guided sessions and recordings, newest first. */
#include <string.h>

#include "src/console/cli.h"
#include "src/console/learn.h"
#include "src/console/output.h"
#include "tracetutor/folder.h"

static int by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* The files a person may want, by their endings. */
static void list_files(const char *folder, struct buf *out)
{
	GDir *dir = g_dir_open(folder, 0, NULL);
	GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
	const char *name;

	while (dir && (name = g_dir_read_name(dir)))
		if (g_str_has_suffix(name, ".pcapng") || g_str_has_suffix(name, ".txt"))
			g_ptr_array_add(names, g_strdup(name));
	if (dir)
		g_dir_close(dir);
	g_ptr_array_sort(names, by_name);
	for (guint i = 0; i < names->len; i++) {
		buf_str(out, "    ");
		buf_clean(out, names->pdata[i], strlen(names->pdata[i]));
		buf_char(out, '\n');
	}
	g_ptr_array_free(names, TRUE);
}

/* "2026-03-24_19-00-24-mail-login   finished" and what is in it. */
static void list_session(struct folder *f, struct buf *out)
{
	char *name = g_path_get_basename(folder_path(f));
	guint64 step = g_key_file_get_uint64(folder_state(f), "session", "step", NULL);

	buf_clean(out, name, strlen(name));
	if (folder_finished(f))
		buf_str(out, "  finished\n");
	else if (step)
		buf_printf(out, "  left at step %" G_GUINT64_FORMAT "\n", step);
	else
		buf_str(out, "\n");
	list_files(folder_path(f), out);
	g_free(name);
}

int run_sessions(const struct request *q, struct diag *d)
{
	struct request plain = {.no_pager = true};
	GPtrArray *all;
	char *home;
	struct buf text = BUF_INIT;
	struct output out;
	enum exit_code code;

	(void)q;
	if (!be_the_person(d))
		return EXIT_WRONG;
	all = folders_all(d);
	home = folder_state_home(d);
	for (guint i = 0; i < all->len; i++) {
		folder_tidy(all->pdata[i]);
		list_session(all->pdata[i], &text);
	}
	if (!all->len)
		buf_str(&text, "There are no sessions yet. Begin one: tracetutor\n");
	else if (home) {
		buf_str(&text, "\nThey are in ");
		buf_clean(&text, home, strlen(home));
		buf_str(&text,
			"/sessions.\nGo on with one: tracetutor resume NAME (a beginning of it "
			"is enough).\n");
	}
	code = output_open(&out, &plain, NULL, d);
	output_write(&out, buf_text(&text), text.len);
	buf_release(&text);
	g_ptr_array_free(all, TRUE);
	g_free(home);
	return output_close(&out, code, d);
}
