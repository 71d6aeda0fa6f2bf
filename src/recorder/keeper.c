/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * keeper: the process that keeps the rights the program was started with, and forks recorders.
 *
 * It reads no packet and no file, and obeys only the program it was forked from.
 */
#include "config.h"

#include <errno.h>
#include <glib.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "src/recorder/process.h"
#include "src/recorder/run.h"

struct keeping {
	int orders, signals;
	int console; /* pidfd of the program: sockets alone do not tell if a child of it lives on */
	GArray *children; /* pid_t of recorders and probers */
	bool ending;
};

static void reap(struct keeping *k, int options)
{
	pid_t pid;

	while (k->children->len && (pid = waitpid(-1, NULL, options)) != 0) {
		if (pid < 0 && errno != EINTR)
			return;
		for (guint i = 0; i < k->children->len; i++)
			if (g_array_index(k->children, pid_t, i) == pid) {
				g_array_remove_index_fast(k->children, i);
				break;
			}
	}
}

/* The texts of an order stand one after another, each ended by a NUL. */
static bool task_read(struct task *t, const char *message, size_t n)
{
	const char **texts[] = {&t->interface, &t->filter, &t->comment};
	const char *at = message + sizeof(t->order), *end = message + n;

	memcpy(&t->order, message, sizeof(t->order));
	for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
		const char *stop = memchr(at, '\0', (size_t)(end - at));

		if (!stop)
			return false;
		*texts[i] = at;
		at = stop + 1;
	}
	return true;
}

static void obey(struct keeping *k, const struct task *t)
{
	pid_t pid = fork();

	if (pid > 0)
		g_array_append_val(k->children, pid);
	if (pid)
		return;
	if (t->order.kind == ORDER_RECORD)
		recorder_run(t);
	prober_run(t);
}

static void hear(struct keeping *k)
{
	static char message[MESSAGE_MAX];
	struct task t = {0};
	int fds[MESSAGE_MAX_FDS];
	ssize_t n = message_receive(k->orders, message, sizeof(message), fds);

	if (n == 0 || (n < 0 && errno != EAGAIN))
		k->ending = true;
	if (n >= (ssize_t)sizeof(t.order) && task_read(&t, message, (size_t)n) && fds[0] >= 0 &&
	    (t.order.kind == ORDER_WAY || fds[1] >= 0)) {
		t.control = fds[0];
		t.file = fds[1];
		obey(k, &t);
	}
	for (unsigned i = 0; i < MESSAGE_MAX_FDS; i++)
		if (fds[i] >= 0)
			close(fds[i]);
}

static void hear_signals(struct keeping *k)
{
	struct signalfd_siginfo s;

	while (read(k->signals, &s, sizeof(s)) == (ssize_t)sizeof(s))
		k->ending = k->ending || s.ssi_signo != SIGCHLD;
	reap(k, WNOHANG);
}

noreturn void keeper_run(int orders)
{
	int fds[] = {orders, (int)syscall(SYS_pidfd_open, getppid(), 0)};
	unsigned n = fds[1] >= 0 ? 2 : 1; /* kernels before 5.3 have none */
	struct keeping k = {.children = g_array_new(FALSE, FALSE, sizeof(pid_t))};

	k.signals = process_begin("tt-keeper", fds, n);
	k.orders = fds[0];
	k.console = fds[1];
	while (!k.ending && k.signals >= 0) {
		struct pollfd p[] = {{.fd = k.orders, .events = POLLIN},
				     {.fd = k.signals, .events = POLLIN},
				     {.fd = k.console, .events = POLLIN}};

		poll(p, G_N_ELEMENTS(p), -1);
		if (p[0].revents)
			hear(&k);
		if (p[1].revents)
			hear_signals(&k);
		if (p[2].revents)
			k.ending = true;
	}
	for (guint i = 0; i < k.children->len; i++)
		kill(g_array_index(k.children, pid_t, i), SIGTERM);
	reap(&k, 0);
	_exit(0);
}
