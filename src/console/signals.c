/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "src/console/signals.h"

#include <stddef.h>

static const int watched[] = {SIGINT, SIGTERM, SIGHUP, SIGTSTP, SIGWINCH};

#define NWATCHED (sizeof(watched) / sizeof(*watched))

static volatile sig_atomic_t came[NSIG]; /* several may come at once */

static void on_signal(int signum)
{
	came[signum] = 1;
}

bool signals_took(int signum)
{
	bool it = came[signum];

	came[signum] = 0;
	return it;
}

void signals_watch(sigset_t *open)
{
	sigset_t ours;

	sigemptyset(&ours);
	for (size_t i = 0; i < NWATCHED; i++) {
		struct sigaction act = {.sa_handler = on_signal};

		sigemptyset(&act.sa_mask);
		sigaction(watched[i], &act, NULL);
		sigaddset(&ours, watched[i]);
	}
	sigprocmask(SIG_BLOCK, &ours, open);
}

void signals_leave(const sigset_t *open)
{
	for (size_t i = 0; i < NWATCHED; i++)
		signal(watched[i], SIG_DFL);
	sigprocmask(SIG_SETMASK, open, NULL);
}
