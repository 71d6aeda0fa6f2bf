/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "src/recorder/process.h"

#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define FIRST_FD 3

static void standard_to_nowhere(void)
{
	int null = open("/dev/null", O_RDWR);

	for (int fd = 0; fd < FIRST_FD && null >= 0; fd++)
		dup2(null, fd);
	if (null >= FIRST_FD)
		close(null);
}

/* Move the descriptors to 3, 4 ..., and close all others. */
static bool only_these(int *fds, unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		if ((fds[i] = fcntl(fds[i], F_DUPFD_CLOEXEC, FIRST_FD + (int)n)) < 0)
			return false;
	for (unsigned i = 0; i < n; i++)
		if ((fds[i] = dup3(fds[i], FIRST_FD + (int)i, O_CLOEXEC)) < 0)
			return false;
	closefrom(FIRST_FD + (int)n);
	standard_to_nowhere();
	return true;
}

int process_begin(const char *name, int *fds, unsigned n)
{
	static const int ignored[] = {SIGINT,  SIGQUIT, SIGPIPE, SIGXFSZ, SIGTSTP,
				      SIGTTIN, SIGTTOU, SIGUSR1, SIGUSR2, SIGALRM};
	sigset_t heard;

	setpgid(0, 0);
	prctl(PR_SET_NAME, name);
	umask(077);
	for (size_t i = 0; i < G_N_ELEMENTS(ignored); i++)
		signal(ignored[i], SIG_IGN);
	signal(SIGCHLD, SIG_DFL);
	sigemptyset(&heard);
	sigaddset(&heard, SIGTERM);
	sigaddset(&heard, SIGHUP);
	sigaddset(&heard, SIGCHLD);
	if (sigprocmask(SIG_SETMASK, &heard, NULL) < 0 || !only_these(fds, n))
		return -1;
	return signalfd(-1, &heard, SFD_CLOEXEC | SFD_NONBLOCK);
}

char *process_find(const char *program)
{
	static const char *const folders[] = {"/usr/sbin", "/sbin", "/usr/local/sbin"};
	char *path = g_find_program_in_path(program);

	for (size_t i = 0; !path && i < G_N_ELEMENTS(folders); i++) {
		path = g_build_filename(folders[i], program, NULL);
		if (access(path, X_OK) < 0)
			g_clear_pointer(&path, g_free);
	}
	return path;
}

/* Become the program; only returns if that failed. */
static void become(const char *const *argv)
{
	sigset_t none;

	for (int s = 1; s < NSIG; s++)
		signal(s, SIG_DFL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	execv(argv[0], (char *const *)argv);
}

static pid_t start_with(const char *const *argv, int out, int errors)
{
	pid_t pid = fork();

	if (pid)
		return pid;
	if (out >= 0)
		dup2(out, STDOUT_FILENO);
	if (errors >= 0)
		dup2(errors, STDERR_FILENO);
	become(argv);
	_exit(127);
}

/* As kill(), for a program that sudo runs as root. */
static void end_program(pid_t pid)
{
	char *sudo, number[16];

	if (!kill(pid, SIGTERM) || errno != EPERM || !(sudo = process_find("sudo")))
		return;
	g_snprintf(number, sizeof(number), "%d", (int)pid);
	process_run((const char *const[]){sudo, "-n", "--", "/bin/kill", number, NULL});
	g_free(sudo);
}

/* The process between us and the program: it stays when we are killed, or have given up the right
 * to end what we started. Ends when the program has ended. */
static void guard(const char *const *argv, int out, int errors, int line)
{
	int fds[] = {line, out, errors};
	pid_t pid = only_these(fds, G_N_ELEMENTS(fds)) ? start_with(argv, fds[1], fds[2]) : -1;
	char byte;

	close(fds[1]); /* who reads sees the end of the program, not ours */
	while (pid > 0 && read(fds[0], &byte, 1) < 0 && errno == EINTR)
		;
	if (pid > 0) {
		end_program(pid);
		waitpid(pid, NULL, 0);
	}
	_exit(0);
}

bool process_start(const char *const *argv, int *out, int *errors, int *lifeline)
{
	int output[2] = {-1, -1}, line[2] = {-1, -1};
	pid_t pid;

	*errors = memfd_create("errors", MFD_CLOEXEC);
	if (pipe2(output, O_CLOEXEC) < 0 || pipe2(line, O_CLOEXEC) < 0 || (pid = fork()) < 0) {
		for (int i = 0; i < 2; i++) {
			close(output[i]);
			close(line[i]);
		}
		close(*errors);
		return false;
	}
	if (!pid)
		guard(argv, output[1], *errors, line[0]);
	close(output[1]);
	close(line[0]);
	*out = output[0];
	*lifeline = line[1];
	return true;
}

int process_run(const char *const *argv)
{
	pid_t pid = start_with(argv, -1, -1);
	int status;

	if (pid < 0)
		return -1;
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return -1;
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}
