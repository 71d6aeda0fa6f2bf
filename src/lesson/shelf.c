/* SPDX-License-Identifier: GPL-3.0-or-later */
/* shelf: where lessons are, and finding one by name. */
#include <string.h>

#include "tracetutor/lesson.h"

const char *lesson_data(void)
{
	const char *data = g_getenv("TRACETUTOR_DATA");

	return data && *data ? data : PKGDATADIR;
}

static void lesson_gone(void *l)
{
	lesson_free(l);
}

/* A later one of the same id takes the place of the earlier. */
static void shelve(GPtrArray *lessons, struct lesson *l)
{
	for (guint i = 0; i < lessons->len; i++)
		if (strcmp(((struct lesson *)lessons->pdata[i])->id, l->id) == 0) {
			g_ptr_array_remove_index(lessons, i);
			break;
		}
	g_ptr_array_add(lessons, l);
}

static void load_folder(GPtrArray *lessons, const char *folder, struct diag *d)
{
	GDir *dir = g_dir_open(folder, 0, NULL);
	const char *name;

	while (dir && (name = g_dir_read_name(dir))) {
		char *path = g_build_filename(folder, name, NULL);
		struct lesson *l = g_str_has_suffix(name, ".xml") ? lesson_load(path, d) : NULL;

		if (l)
			shelve(lessons, l);
		g_free(path);
	}
	if (dir)
		g_dir_close(dir);
}

static int by_order(const void *a, const void *b)
{
	const struct lesson *x = *(struct lesson *const *)a, *y = *(struct lesson *const *)b;

	return x->order != y->order ? (x->order < y->order ? -1 : 1) : strcmp(x->id, y->id);
}

GPtrArray *lessons_load(struct diag *d)
{
	GPtrArray *lessons = g_ptr_array_new_with_free_func(lesson_gone);
	char *shipped = g_build_filename(lesson_data(), "lessons", NULL);
	char *own = g_build_filename(g_get_user_data_dir(), "tracetutor", "lessons", NULL);

	load_folder(lessons, shipped, d);
	load_folder(lessons, own, d);
	if (!lessons->len)
		diag_fail(d, "install the program, or set TRACETUTOR_DATA to its folder 'lessons'",
			  "no lessons were found in %s", shipped);
	g_ptr_array_sort(lessons, by_order);
	g_free(shipped);
	g_free(own);
	return lessons;
}

const struct lesson *lessons_find(const GPtrArray *lessons, const char *id, struct diag *d)
{
	struct nearest near = NEAREST_INIT(id);
	const struct lesson *found = NULL;
	size_t matches = 0;
	char *hint;

	for (guint i = 0; i < lessons->len; i++) {
		const struct lesson *l = lessons->pdata[i];

		if (strcmp(l->id, id) == 0)
			return l;
		nearest_offer(&near, l->id);
		if (*id && g_str_has_prefix(l->id, id)) {
			found = l;
			matches++;
		}
	}
	if (matches == 1)
		return found;
	hint = near.best ? g_strdup_printf("did you mean '%s'?", near.best)
			 : g_strdup("'tracetutor lessons' lists them");
	diag_fail(d, hint,
		  matches ? "'%s' is short for several lessons" : "there is no lesson '%s'", id);
	g_free(hint);
	return NULL;
}
