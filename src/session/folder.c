/* SPDX-License-Identifier: GPL-3.0-or-later */
/* folder: session folders below $XDG_STATE_HOME, with a state file that is replaced atomically. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tracetutor/folder.h"
#include "tracetutor/writer.h"

#define STATE_MAX (1u << 20) /* bytes of a state file that is read */
#define TRIES     1000       /* numbered names tried before giving up */
#define FINISHING 3000       /* milliseconds a recorder may take to finish its file */

struct folder {
	char *path;
	GKeyFile *state;
	int held; /* its lock; -1 */
};

static bool make_folder(const char *path, struct diag *d)
{
	if (g_mkdir_with_parents(path, 0700) == 0)
		return true;
	return diag_fail(d, "set XDG_STATE_HOME to a folder where you may write",
			 "the folder %s could not be made (%s)", path, g_strerror(errno));
}

char *folder_state_home(struct diag *d)
{
	char *path = g_build_filename(g_get_user_state_dir(), "tracetutor", NULL);

	if (make_folder(path, d))
		return path;
	g_free(path);
	return NULL;
}

static char *sessions_home(struct diag *d)
{
	char *home = folder_state_home(d), *path;

	if (!home)
		return NULL;
	path = g_build_filename(home, "sessions", NULL);
	g_free(home);
	if (make_folder(path, d))
		return path;
	g_free(path);
	return NULL;
}

static struct folder *folder_at(char *path)
{
	struct folder *f = g_new0(struct folder, 1);

	f->path = path;
	f->state = g_key_file_new();
	f->held = -1;
	return f;
}

bool folder_hold(struct folder *f)
{
	if (f->held < 0)
		f->held = open(f->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	/* where nothing can be locked (old network file systems) nothing is known */
	return f->held < 0 || flock(f->held, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK;
}

/* One that was made now is nobody else's. */
static struct folder *folder_made(char *path)
{
	struct folder *f = folder_at(path);

	folder_hold(f);
	return f;
}

struct folder *folder_new(const char *lesson, struct diag *d)
{
	char *home = sessions_home(d), *stamp, *path = NULL;
	GDateTime *now = g_date_time_new_now_local();
	bool made = false;

	if (!home) {
		g_date_time_unref(now);
		return NULL;
	}
	stamp = g_date_time_format(now, "%Y-%m-%d_%H-%M-%S");
	for (int i = 1; i <= TRIES && !made; i++) {
		char *name = i == 1 ? g_strdup_printf("%s-%s", stamp, lesson)
				    : g_strdup_printf("%s-%s-%d", stamp, lesson, i);

		g_free(path);
		path = g_build_filename(home, name, NULL);
		g_free(name);
		made = mkdir(path, 0700) == 0;
		if (!made && errno != EEXIST)
			break;
	}
	if (!made)
		diag_fail(d, "check that there is room and that the folder is yours",
			  "the session folder %s could not be made (%s)", path, g_strerror(errno));
	g_date_time_unref(now);
	g_free(stamp);
	g_free(home);
	if (made)
		return folder_made(path);
	g_free(path);
	return NULL;
}

/* Read a whole small regular file; NULL if it is none. */
static char *read_small(const char *path, gsize *size)
{
	int fd = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
	char *bytes = NULL;
	struct stat st;
	ssize_t n = 0;

	if (fd < 0)
		return NULL;
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_size <= STATE_MAX) {
		bytes = g_malloc((gsize)st.st_size + 1);
		n = read(fd, bytes, (size_t)st.st_size);
	}
	close(fd);
	*size = n > 0 ? (gsize)n : 0;
	return bytes;
}

/* The session in that folder; NULL if it is none. */
static struct folder *folder_load(const char *home, const char *name)
{
	struct folder *f = folder_at(g_build_filename(home, name, NULL));
	char *path = g_build_filename(f->path, "state", NULL);
	gsize size;
	char *bytes = read_small(path, &size);
	bool ok = bytes &&
		  g_key_file_load_from_data(f->state, bytes, size, G_KEY_FILE_NONE, NULL) &&
		  g_key_file_has_key(f->state, "session", "lesson", NULL);

	g_free(bytes);
	g_free(path);
	if (ok)
		return f;
	folder_free(f);
	return NULL;
}

/* Names begin with date and time: the greatest name is the newest session. */
static int newest_first(const void *a, const void *b)
{
	return strcmp(*(char *const *)b, *(char *const *)a);
}

static void free_folder(gpointer f)
{
	folder_free(f);
}

GPtrArray *folders_all(struct diag *d)
{
	char *home = sessions_home(d);
	GDir *dir = home ? g_dir_open(home, 0, NULL) : NULL;
	GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
	GPtrArray *all = g_ptr_array_new_with_free_func(free_folder);
	const char *name;

	while (dir && (name = g_dir_read_name(dir)))
		g_ptr_array_add(names, g_strdup(name));
	if (dir)
		g_dir_close(dir);
	g_ptr_array_sort(names, newest_first);
	for (guint i = 0; i < names->len; i++) {
		struct folder *f = folder_load(home, names->pdata[i]);

		if (f)
			g_ptr_array_add(all, f);
	}
	g_ptr_array_free(names, TRUE);
	g_free(home);
	return all;
}

bool folder_finished(const struct folder *f)
{
	return g_key_file_get_boolean(f->state, "session", "finished", NULL);
}

/* To go on with; given up if that is done elsewhere. */
static struct folder *folder_taken(struct folder *f, struct diag *d)
{
	char *name;

	if (!f || folder_hold(f))
		return f;
	name = g_path_get_basename(f->path);
	diag_fail(d, "go on there, or name another one: tracetutor sessions",
		  "the session %s is open in another window", name);
	g_free(name);
	folder_free(f);
	return NULL;
}

struct folder *folder_resume(const char *name, struct diag *d)
{
	GPtrArray *all = folders_all(d);
	struct folder *f = NULL;

	for (guint i = 0; i < all->len && !f; i++) {
		char *own = g_path_get_basename(folder_path(all->pdata[i]));

		if (name ? g_str_has_prefix(own, name) : !folder_finished(all->pdata[i]))
			f = g_ptr_array_steal_index(all, i);
		g_free(own);
	}
	g_ptr_array_free(all, TRUE);
	return folder_taken(f, d);
}

void folder_free(struct folder *f)
{
	if (!f)
		return;
	if (f->held >= 0)
		close(f->held);
	g_key_file_free(f->state);
	g_free(f->path);
	g_free(f);
}

const char *folder_path(const struct folder *f)
{
	return f->path;
}

GKeyFile *folder_state(struct folder *f)
{
	return f->state;
}

static bool write_all(int fd, const char *bytes, size_t n)
{
	while (n > 0) {
		ssize_t done = write(fd, bytes, n);

		if (done < 0 && errno == EINTR)
			continue;
		if (done <= 0)
			return false;
		bytes += done;
		n -= (size_t)done;
	}
	return fsync(fd) == 0;
}

/* A rename is on disk only once the folder is. */
static void sync_folder(const char *path)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd >= 0) {
		fsync(fd);
		close(fd);
	}
}

bool folder_save(struct folder *f, struct diag *d)
{
	char *path = g_build_filename(f->path, "state", NULL),
	     *fresh = g_strconcat(path, ".new", NULL);
	gsize size;
	char *bytes = g_key_file_to_data(f->state, &size, NULL);
	bool ok;
	int fd;

	unlink(fresh); /* left by a crash: it was never the state */
	fd = open(fresh, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	ok = fd >= 0 && write_all(fd, bytes, size);
	if (fd >= 0)
		ok = close(fd) == 0 && ok;
	ok = ok && rename(fresh, path) == 0;
	if (ok)
		sync_folder(f->path);
	else
		diag_fail(
			d,
			"make room on the disk; the session goes on, but 'resume' may not find it",
			"where you are could not be kept in %s (%s)", path, g_strerror(errno));
	if (!ok && fd >= 0)
		unlink(fresh);
	g_free(bytes);
	g_free(fresh);
	g_free(path);
	return ok;
}

/* --- traces --- */

void folder_lock(int fd)
{
	flock(fd, LOCK_EX | LOCK_NB);
}

/* Does nobody record into it (any more)? */
static bool at_rest(int fd, unsigned ms)
{
	gint64 until = g_get_monotonic_time() + (gint64)ms * 1000;

	while (flock(fd, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK) {
		if (g_get_monotonic_time() >= until)
			return false;
		g_usleep(10000);
	}
	return true;
}

/* A recorder that was killed leaves the last block open. Only a trace is touched, and only what may
 * be written to: a finished one may not, but by root. */
static void trace_finish(const char *path, unsigned ms)
{
	int fd = open(path, O_RDWR | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
	struct stat st;

	if (fd < 0)
		return;
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_uid == geteuid() &&
	    at_rest(fd, ms) && writer_repair(fd) >= 0)
		writer_seal(fd);
	close(fd);
}

int folder_trace(const char *path, bool growing, struct diag *d)
{
	int fd;

	if (!growing)
		trace_finish(path, FINISHING);
	fd = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0)
		diag_fail(d, "choose another session: tracetutor sessions",
			  "the trace %s cannot be opened (%s)", path, g_strerror(errno));
	return fd;
}

void folder_tidy(struct folder *f)
{
	GDir *dir = folder_hold(f) ? g_dir_open(f->path, 0, NULL) : NULL;
	const char *name;

	while (dir && (name = g_dir_read_name(dir))) {
		char *path = g_build_filename(f->path, name, NULL);

		if (g_str_has_suffix(name, ".pcapng"))
			trace_finish(path, FINISHING);
		g_free(path);
	}
	if (dir)
		g_dir_close(dir);
}

int folder_new_file(const char *folder, const char *name, const char *suffix, char **path,
		    struct diag *d)
{
	int fd = -1;

	*path = NULL;
	if (mkdir(folder, 0700) != 0 && errno != EEXIST) {
		diag_fail(d, "check that the folder above it exists and is yours",
			  "the folder %s could not be made (%s)", folder, g_strerror(errno));
		return -1;
	}
	for (int i = 1; i <= TRIES && fd < 0; i++) {
		char *file = i == 1 ? g_strconcat(name, suffix, NULL)
				    : g_strdup_printf("%s-%d%s", name, i, suffix);

		g_free(*path);
		*path = g_build_filename(folder, file, NULL);
		g_free(file);
		fd = open(*path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
		if (fd < 0 && errno != EEXIST && errno != ELOOP)
			break;
	}
	if (fd < 0) {
		diag_fail(d,
			  errno == ENOTDIR ? "name a folder, not a file"
					   : "choose a folder that is yours",
			  "no file could be made in %s (%s)", folder, g_strerror(errno));
		g_clear_pointer(path, g_free);
	}
	return fd;
}
