/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * sweep: captures, cut at every length and with bytes changed, go through the whole pipeline with
 * the shipped rules and through all views. Sanitizers say what is wrong; what is shown must be
 * clean; no packet may hang or need much memory; without sanitizers none may take more than
 * --limit ms of CPU time. Each capture has a process of its own; what broke it is saved. TAP.
 *
 *     tests/robust/sweep [--flips N] [--seed N] [--cuts N] [--packets N] [--save FOLDER]
 *                        [FILE|FOLDER ...]
 *
 * Without a file: the project's captures, with small numbers, as a test.
 */
#include "config.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "tests/fuzz/feed.h"
#include "tests/robust/sweep.h"

#if defined(__SANITIZE_ADDRESS__)
#define SANITIZED true
#elif defined(__has_feature)
#define SANITIZED __has_feature(address_sanitizer)
#else
#define SANITIZED false
#endif

#define MOST_FRAMES 20000 /* of a capture */
#define FOLDER_DEEP 4
#define POLL_US     20000

static struct sweep_options options = {.flips = 160,
				       .seed = 1,
				       .cuts = 3000,
				       .packets = 200,
				       .megabytes = 1024,
				       .timed = !SANITIZED};
static int hang_seconds = 20; /* of CPU time, without one step */
static int limit_ms = 10;
static const char *save = ".";
static char **named;

static const GOptionEntry entries[] = {
	{"flips", 0, 0, G_OPTION_ARG_INT64, &options.flips,
	 "packets with changed bytes of each capture; a tenth of it changed files", "N"},
	{"seed", 0, 0, G_OPTION_ARG_INT64, &options.seed, "of the first run over a capture", "N"},
	{"cuts", 0, 0, G_OPTION_ARG_INT64, &options.cuts,
	 "most cut packets of a capture, each way (0: all)", "N"},
	{"packets", 0, 0, G_OPTION_ARG_INT, &options.packets, "most packets of a run", "N"},
	{"memory", 0, 0, G_OPTION_ARG_INT, &options.megabytes, "resident memory allowed", "MB"},
	{"hang", 0, 0, G_OPTION_ARG_INT, &hang_seconds, "CPU time without one step", "SECONDS"},
	{"limit", 0, 0, G_OPTION_ARG_INT, &limit_ms, "CPU time of a packet", "MS"},
	{"save", 0, 0, G_OPTION_ARG_FILENAME, &save, "where captures go that broke it", "FOLDER"},
	{G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &named, NULL, NULL},
	{NULL, 0, 0, 0, NULL, NULL, NULL}};

/* --- the captures --- */

static int by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static bool is_capture(const char *path)
{
	static const char *const ends[] = {".pcap", ".pcapng", ".cap", ".gz", ".snoop", ".ntar"};

	for (size_t i = 0; i < G_N_ELEMENTS(ends); i++)
		if (g_str_has_suffix(path, ends[i]))
			return true;
	return false;
}

/* In the order of names. A file that is named is taken whatever its name. */
static void collect(GPtrArray *paths, const char *path, int deep)
{
	GDir *dir = deep > 0 ? g_dir_open(path, 0, NULL) : NULL;
	GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
	const char *name;

	if (!dir && (deep == FOLDER_DEEP || is_capture(path)))
		g_ptr_array_add(paths, g_strdup(path));
	while (dir && (name = g_dir_read_name(dir)))
		g_ptr_array_add(names, g_build_filename(path, name, NULL));
	if (dir)
		g_dir_close(dir);
	g_ptr_array_sort(names, by_name);
	for (guint i = 0; i < names->len; i++)
		collect(paths, g_ptr_array_index(names, i), deep - 1);
	g_ptr_array_free(names, TRUE);
}

static GPtrArray *captures_wanted(void)
{
	const char *top = g_getenv("srcdir") ? g_getenv("srcdir") : ".";
	GPtrArray *paths = g_ptr_array_new_with_free_func(g_free);
	char *shipped = g_build_filename(top, "lessons", "captures", NULL);
	char *ours = g_build_filename(top, "tests", "captures", NULL);

	for (char **n = named; n && *n; n++)
		collect(paths, *n, FOLDER_DEEP);
	if (!named) {
		collect(paths, shipped, FOLDER_DEEP);
		collect(paths, ours, FOLDER_DEEP);
	}
	g_free(shipped);
	g_free(ours);
	return paths;
}

/* --- what broke it is kept --- */

struct saved {
	struct damage_file file;
	uint64_t left;
};

static bool save_frame(void *context, struct frame *f, bool changed)
{
	struct saved *s = context;

	(void)changed;
	damage_file_frame(&s->file, f);
	return --s->left > 0;
}

/* The packets of the run up to the one at work, or the bytes of the file at work. */
static void save_broken(const struct taken *t, const struct sweep_state *state)
{
	char *base = g_path_get_basename(t->path);
	char *path = g_strdup_printf("%s/broken-%s-%u-%" G_GUINT64_FORMAT ".pcapng", save, base,
				     state->stage, state->seed);
	int fd = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	struct saved s = {.left = state->step ? state->step : 1};
	struct damage_run run;
	size_t n = t->size;

	if (fd < 0) {
		printf("# %s cannot be written\n", path);
	} else if (sweep_run(state->stage, state->seed, &options, &run)) {
		s.left = state->stage == SWEEP_VIEWS ? UINT64_MAX : s.left;
		damage_file_begin(&s.file, fd);
		damage_frames(t, &run, save_frame, &s);
		damage_file_end(&s.file);
	} else {
		if (state->stage == SWEEP_FILE_CUT)
			n = state->step;
		else
			damage_file(t->bytes, n, state->seed);
		if (write(fd, t->bytes, n) != (ssize_t)n)
			printf("# %s is not whole\n", path);
	}
	printf("# saved as %s\n", path);
	if (fd >= 0)
		close(fd);
	g_free(path);
	g_free(base);
}

/* --- the process at work --- */

static double cpu_seconds(pid_t child)
{
	struct timespec t = {0};
	clockid_t clock;

	if (clock_getcpuclockid(child, &clock) == 0)
		clock_gettime(clock, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* Wait for its end, or for it to hang: then it is killed. */
static int await(pid_t child, const struct sweep_state *state)
{
	uint64_t moved = UINT64_MAX;
	double since = 0, now;
	int status;

	while (waitpid(child, &status, WNOHANG) == 0) {
		now = cpu_seconds(child);
		if (state->moved != moved)
			since = now;
		moved = state->moved;
		if (now - since > hang_seconds) {
			printf("# hangs\n");
			kill(child, SIGKILL);
		}
		g_usleep(POLL_US);
	}
	return status;
}

static void say(const struct taken *t, const struct sweep_state *s)
{
	char *base = g_path_get_basename(t->path);

	printf("%s: %u%s packets; cut %" G_GUINT64_FORMAT " + %" G_GUINT64_FORMAT
	       ", file cut %" G_GUINT64_FORMAT ", changed %" G_GUINT64_FORMAT
	       ", file changed %" G_GUINT64_FORMAT ", shown %" G_GUINT64_FORMAT
	       "; slowest packet %.2f ms; %" G_GUINT64_FORMAT " MB\n",
	       base, t->n, t->more ? " first" : "", s->done[SWEEP_SNAPPED], s->done[SWEEP_SHORT],
	       s->done[SWEEP_FILE_CUT], s->done[SWEEP_FLIP], s->done[SWEEP_FILE_FLIP],
	       s->done[SWEEP_VIEWS], (double)s->worst / 1e6, s->kilobytes >> 10);
	g_free(base);
}

static bool sweep_one(const char *path, const struct packs *packs, struct sweep_state *state,
		      unsigned number)
{
	struct taken t;
	bool readable = taken_read(&t, path, MOST_FRAMES), ok, slow;
	pid_t child;
	int status;

	memset(state, 0, sizeof(*state));
	fflush(stdout);
	child = fork();
	if (child == 0) {
		signal(SIGINT, SIG_DFL);
		sweep_capture(&t, packs, &options, state);
		_exit(0);
	}
	status = child < 0 ? -1 : await(child, state);
	ok = status == 0 && (readable || t.bytes);
	slow = !SANITIZED && state->worst > limit_ms * (int64_t)1000000;
	printf("%sok %u - ", ok && !slow ? "" : "not ", number);
	say(&t, state);
	if (slow)
		printf("# packet %" G_GUINT64_FORMAT " of seed %" G_GUINT64_FORMAT " is too slow\n",
		       state->worst_step, state->worst_seed);
	if (!ok) {
		printf("# status %#x in stage %u, seed %" G_GUINT64_FORMAT
		       ", step %" G_GUINT64_FORMAT "\n",
		       (unsigned)status, state->stage, state->seed, state->step);
		save_broken(&t, state);
	}
	fflush(stdout);
	taken_release(&t);
	return ok && !slow;
}

/* --- all of them --- */

static bool sweep_all(const GPtrArray *paths, const struct packs *packs)
{
	struct sweep_state *state = mmap(NULL, sizeof(*state), PROT_READ | PROT_WRITE,
					 MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	uint64_t done[SWEEP_STAGES] = {0};
	int64_t worst = 0;
	bool ok = true;

	if (state == MAP_FAILED)
		return false;
	printf("# seed %" G_GUINT64_FORMAT ", %" G_GUINT64_FORMAT
	       " changed packets each, in runs of at most %u packets; at most %" G_GUINT64_FORMAT
	       " cut packets each way (0: all)\n",
	       options.seed, options.flips, options.packets, options.cuts);
	for (guint i = 0; i < paths->len; i++) {
		ok = sweep_one(g_ptr_array_index(paths, i), packs, state, i + 2) && ok;
		for (int k = 0; k < SWEEP_STAGES; k++)
			done[k] += state->done[k];
		worst = MAX(worst, state->worst);
	}
	printf("# all: cut %" G_GUINT64_FORMAT " + %" G_GUINT64_FORMAT
	       ", file cut %" G_GUINT64_FORMAT ", changed %" G_GUINT64_FORMAT
	       ", file changed %" G_GUINT64_FORMAT ", shown %" G_GUINT64_FORMAT
	       "; slowest packet %.2f ms%s\n",
	       done[SWEEP_SNAPPED], done[SWEEP_SHORT], done[SWEEP_FILE_CUT], done[SWEEP_FLIP],
	       done[SWEEP_FILE_FLIP], done[SWEEP_VIEWS], (double)worst / 1e6,
	       SANITIZED ? " (with sanitizers)" : "");
	return ok;
}

int main(int argc, char **argv)
{
	GOptionContext *c = g_option_context_new("[FILE|FOLDER ...] - read damaged captures");
	GError *error = NULL;
	GPtrArray *paths;
	struct packs *packs;
	bool ok;

	g_option_context_add_main_entries(c, entries, NULL);
	if (!g_option_context_parse(c, &argc, &argv, &error)) {
		fprintf(stderr, "%s\n", error->message);
		return 2;
	}
	g_option_context_free(c);
	options.packets = MAX(options.packets, 1);
	paths = captures_wanted();
	packs = feed_packs();
	ok = packs && paths->len;
	printf("1..%u\n%sok 1 - rules and %u captures are there\n", paths->len + 1,
	       ok ? "" : "not ", paths->len);
	ok = ok && sweep_all(paths, packs);
	g_ptr_array_free(paths, TRUE);
	packs_free(packs);
	g_strfreev(named);
	return ok ? EXIT_SUCCESS : EXIT_FAILURE;
}
