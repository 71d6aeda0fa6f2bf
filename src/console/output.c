/* SPDX-License-Identifier: GPL-3.0-or-later */
/* output: standard output, pager or a new file; never over anything that exists. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <glib.h>

#include "src/console/output.h"

static bool set(const char *name)
{
	const char *v = g_getenv(name);

	return v && *v;
}

static unsigned from_environment(const char *name, unsigned otherwise)
{
	guint64 v;

	return g_ascii_string_to_unsigned(g_getenv(name) ? g_getenv(name) : "", 10, 20, 1000, &v,
					  NULL)
		       ? (unsigned)v
		       : otherwise;
}

struct screen screen_look(void)
{
	struct winsize w = {0};
	struct screen s = {.terminal = isatty(STDOUT_FILENO)};
	bool known = s.terminal && ioctl(STDOUT_FILENO, TIOCGWINSZ, &w) == 0;

	s.width = known && w.ws_col >= 20 ? w.ws_col : from_environment("COLUMNS", 80);
	s.height = known && w.ws_row >= 5 ? w.ws_row : 24;
	s.color = s.terminal && !set("NO_COLOR") && set("TERM") && strcmp(g_getenv("TERM"), "dumb");
	return s;
}

struct sink_options screen_options(const struct screen *s)
{
	const char *charset;

	return (struct sink_options){.width = s->width,
				     .color = s->color,
				     .ascii = !g_get_charset(&charset),
				     .side_by_side = s->width >= 100};
}

/* Is what fd writes to the very file the capture is read from? */
static bool same_file(int fd, const char *input, struct stat *out)
{
	struct stat in;
	int rc;

	if (!input || fstat(fd, out) != 0 || !S_ISREG(out->st_mode))
		return false;
	rc = strcmp(input, "-") == 0 ? fstat(STDIN_FILENO, &in) : stat(input, &in);
	return rc == 0 && in.st_dev == out->st_dev && in.st_ino == out->st_ino;
}

static bool refuse_input(const char *input, struct diag *d)
{
	struct stat st;

	if (!same_file(STDOUT_FILENO, input, &st))
		return true;
	if (st.st_size == 0)
		return diag_fail(
			d,
			"if there is no copy, record it again. To keep a listing, choose a new "
			"name: tracetutor decode trace.pcap > listing.txt",
			"%s is empty, and it is also where the output goes: the '>' of your "
			"command line emptied it before this program began",
			input);
	return diag_fail(d, "choose another name behind '>' ; the capture was not touched",
			 "the output would be written into the capture %s itself", input);
}

static enum exit_code open_file(struct output *o, const char *path, struct diag *d)
{
	enum exit_code code = EXIT_WRONG;

	o->fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (o->fd >= 0) {
		o->created = g_strdup(path);
		return EXIT_FINE;
	}
	if (errno == EEXIST || errno == ELOOP)
		diag_fail(d, "nothing is ever overwritten: choose a new name", "%s exists already",
			  path);
	else if (errno == EACCES || errno == EPERM || errno == EROFS) {
		diag_fail(d, "choose a folder that is yours, for example your home",
			  "you may not create %s (%s)", path, g_strerror(errno));
		code = EXIT_FORBIDDEN;
	} else
		diag_fail(d, "check that its folder exists", "%s could not be created (%s)", path,
			  g_strerror(errno));
	return code;
}

/* The pager's arguments as git chooses them; NULL: none wanted. */
static char **pager_arguments(void)
{
	const char *names[] = {"TRACETUTOR_PAGER", "PAGER"}, *command = "less";
	char **argv = NULL;

	for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
		if (g_getenv(names[i])) {
			command = g_getenv(names[i]);
			break;
		}
	if (!*command || strcmp(command, "cat") == 0 ||
	    !g_shell_parse_argv(command, NULL, &argv, NULL))
		return NULL;
	return argv;
}

void output_page(struct output *o)
{
	char **env = g_get_environ();
	GPid pid;

	env = g_environ_setenv(env, "LESS", "FRX", FALSE);
	env = g_environ_setenv(env, "LV", "-c", FALSE);
	if (g_spawn_async_with_fds(NULL, o->pager, env,
				   G_SPAWN_SEARCH_PATH | G_SPAWN_DO_NOT_REAP_CHILD, NULL, NULL,
				   &pid, o->pager_in, -1, -1, NULL))
		o->pager_id = pid;
	close(o->pager_in);
	o->pager_in = -1;
	g_strfreev(env);
}

/* Make the way to a pager; without one standard output is written as it is. */
static void open_pager(struct output *o)
{
	char **argv = pager_arguments(), *found = argv ? g_find_program_in_path(argv[0]) : NULL;
	int ends[2];

	if (found && pipe2(ends, O_CLOEXEC) == 0) {
		o->pager = g_steal_pointer(&argv);
		o->pager_in = ends[0];
		o->fd = ends[1];
	}
	g_strfreev(argv);
	g_free(found);
}

enum exit_code output_open(struct output *o, const struct request *q, const char *input,
			   struct diag *d)
{
	*o = (struct output){.fd = STDOUT_FILENO, .screen = screen_look(), .pager_in = -1};
	if (q->output) {
		o->screen = (struct screen){.width = 80, .height = 24};
		return open_file(o, q->output, d);
	}
	if (!refuse_input(input, d))
		return EXIT_WRONG;
	if (o->screen.terminal && !q->no_pager && g_getenv("TERM") &&
	    strcmp(g_getenv("TERM"), "dumb") != 0)
		open_pager(o);
	return EXIT_FINE;
}

void output_begin(struct output *o)
{
	if (o->begun)
		return;
	o->begun = true;
	if (!o->pager)
		return;
	if (o->pager_in >= 0)
		output_page(o);
	/* Ctrl-C belongs to the pager now; leaving it closes the pipe, which ends us. */
	signal(SIGINT, SIG_IGN);
}

bool output_flush(struct output *o)
{
	size_t done = 0;

	if (o->pending.len)
		output_begin(o);
	while (!o->error && done < o->pending.len) {
		ssize_t n = write(o->fd, o->pending.s + done, o->pending.len - done);

		if (n >= 0)
			done += (size_t)n;
		else if (errno != EINTR)
			o->error = errno;
	}
	buf_reset(&o->pending);
	return !o->error;
}

bool output_write(struct output *o, const char *bytes, size_t n)
{
	buf_mem(&o->pending, bytes, n);
	return o->pending.len < BUF_PIECE ? !o->error : output_flush(o);
}

enum exit_code output_finish(struct output *o, enum exit_code code, struct diag *d)
{
	output_flush(o);
	if (o->fd != STDOUT_FILENO && o->fd >= 0 && close(o->fd) != 0 && !o->error)
		o->error = errno;
	o->fd = -1;
	if (!o->error || o->error == EPIPE)
		return code;
	diag_fail(d, "make room, or write to another disk", "the output could not be written (%s)",
		  g_strerror(o->error));
	return EXIT_WRONG;
}

bool output_whole(const struct output *o, enum exit_code code)
{
	return !o->error && (o->begun || code == EXIT_FINE);
}

void output_settle(struct output *o, bool whole)
{
	if (o->pager_in >= 0)
		close(o->pager_in);
	while (o->pager_id && waitpid(o->pager_id, NULL, 0) < 0 && errno == EINTR)
		;
	if (o->pager_id)
		signal(SIGINT, SIG_DFL);
	if (o->created && !whole)
		unlink(o->created);
	g_strfreev(o->pager);
	g_free(o->created);
	buf_release(&o->pending);
	*o = (struct output){.fd = -1, .pager_in = -1};
}

enum exit_code output_close(struct output *o, enum exit_code code, struct diag *d)
{
	code = output_finish(o, code, d);
	output_settle(o, output_whole(o, code));
	return code;
}
