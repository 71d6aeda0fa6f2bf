/* SPDX-License-Identifier: GPL-3.0-or-later */
/* confined: the process that reads packets, and the one that waits for it. */
#include "config.h"

#include "src/console/confined.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <glib.h>

#include "tracetutor/sandbox.h"

#define MEMORY_MAX 1024 /* MB of address space for the work; the tests do with half of it */

/* What the two processes share. */
struct shared {
	volatile uint32_t at;    /* number of the packet at work */
	volatile uint32_t done;  /* the work came to its end, well or not */
	volatile uint32_t whole; /* its output is written whole */
};

static const int stops[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT};

/* --- the process that reads --- */

static _Noreturn void be_confined(struct shared *s, pid_t parent, confined_work *work,
				  void *context, struct output *out, struct diag *d)
{
	enum exit_code code = EXIT_WRONG;
	bool inside;

	if (out->pager_in >= 0)
		close(out->pager_in);
	out->pager_in = -1;
	inside = sandbox_enter(sandbox_user(), MEMORY_MAX, d);
	prctl(PR_SET_PDEATHSIG, SIGKILL); /* after the change of user, which would clear it */
	if (getppid() != parent)
		_exit(code);
	if (inside)
		code = work(context, out, &s->at, d);
	code = output_finish(out, code, d);
	s->whole = output_whole(out, code);
	console_complain(d);
	s->done = true;
	_exit(code);
}

/* --- the process that waits --- */

static volatile pid_t confined_id;  /* 0: there is none yet, or no more */
static volatile sig_atomic_t early; /* a signal that came before */

/* What the terminal sends (Ctrl-C) goes to both; what somebody sends to this process is meant for
 * the work. */
static void pass_on(int signum, siginfo_t *info, void *context)
{
	(void)context;
	if (!confined_id)
		early = signum;
	else if (info->si_code != SI_KERNEL)
		kill(confined_id, signum);
}

static void watch_signals(void)
{
	struct sigaction pass = {.sa_sigaction = pass_on, .sa_flags = SA_SIGINFO | SA_RESTART}, was;

	for (size_t i = 0; i < G_N_ELEMENTS(stops); i++)
		if (sigaction(stops[i], NULL, &was) == 0 && was.sa_handler != SIG_IGN)
			sigaction(stops[i], &pass, NULL);
}

/* While a pager is left to end, Ctrl-C is the pager's alone. */
static void unwatch_signals(bool paged)
{
	struct sigaction was;

	confined_id = 0;
	for (size_t i = 0; i < G_N_ELEMENTS(stops); i++)
		if (sigaction(stops[i], NULL, &was) == 0 && was.sa_flags & SA_SIGINFO)
			signal(stops[i], paged && stops[i] == SIGINT ? SIG_IGN : SIG_DFL);
}

/* The pager starts at the first byte, so that reading can be watched and stopped before. */
static void attend_pager(struct output *out)
{
	struct pollfd first = {.fd = out->pager_in, .events = POLLIN};

	while (poll(&first, 1, -1) < 0 && errno == EINTR)
		;
	if (first.revents & POLLIN)
		output_page(out);
}

static int await(pid_t id)
{
	int status = 0;

	while (waitpid(id, &status, 0) < 0 && errno == EINTR)
		;
	return status;
}

static bool was_stopped(int status)
{
	for (size_t i = 0; i < G_N_ELEMENTS(stops); i++)
		if (WIFSIGNALED(status) && WTERMSIG(status) == stops[i])
			return true;
	return false;
}

static enum exit_code say_crash(uint32_t at, struct diag *d)
{
	const char *hint =
		"This is a fault of tracetutor, not of yours, and nothing else was "
		"touched by it. Please report it, with that packet if it holds no secret.";

	if (at)
		diag_fail(d, hint, "packet %u could not be decoded: the decoder crashed there", at);
	else
		diag_fail(d, hint, "the capture could not be read: its reader crashed");
	return EXIT_WRONG;
}

static enum exit_code wait_for(pid_t id, const struct shared *s, struct output *out, struct diag *d)
{
	int status;

	if (out->fd != STDOUT_FILENO)
		close(out->fd);
	if (out->pager)
		attend_pager(out);
	status = await(id);
	unwatch_signals(out->pager_id != 0);
	output_settle(out, s->whole);
	if (was_stopped(status))
		raise(WTERMSIG(status));
	if (!s->done)
		return say_crash(s->at, d);
	diag_release(d);
	return WEXITSTATUS(status);
}

/* A signal to both comes before the fork, and is passed on after it, or it comes to both. */
static pid_t fork_watched(void)
{
	pid_t id;

	watch_signals();
	id = fork();
	if (id <= 0)
		unwatch_signals(false);
	else
		confined_id = id;
	if (early && id == 0)
		raise(early);
	else if (early && id > 0)
		kill(id, early);
	return id;
}

enum exit_code confined_run(confined_work *work, void *context, struct output *out, struct diag *d)
{
	struct shared *s =
		mmap(NULL, sizeof(*s), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	pid_t self = getpid(), id = -1;
	enum exit_code code = EXIT_WRONG;

	g_random_int(); /* seeds itself from a file, which cannot be opened later */
	if (s != MAP_FAILED)
		id = fork_watched();
	if (id == 0)
		be_confined(s, self, work, context, out, d);
	if (id > 0) {
		code = wait_for(id, s, out, d);
	} else {
		diag_fail(d, "end some programs and try again",
			  "the process that reads packets could not be started (%s)",
			  g_strerror(errno));
		output_settle(out, false);
	}
	if (s != MAP_FAILED)
		munmap(s, sizeof(*s));
	return code;
}
