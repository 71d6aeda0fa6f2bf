/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * lookup: names to addresses. The resolver of the system may take minutes and cannot be stopped, so
 * it works in a child process that is killed when the time is over.
 */
#include "config.h"

#include "src/system/private.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

/* Fits into one write to a pipe. */
struct answer {
	int error; /* of getaddrinfo() */
	unsigned n;
	struct ip_address addresses[LOOKUP_MAX];
};

static void take(struct answer *a, const struct addrinfo *info)
{
	struct ip_address *to = &a->addresses[a->n];

	if (a->n == LOOKUP_MAX)
		return;
	*to = (struct ip_address){0};
	if (info->ai_family == AF_INET) {
		const struct sockaddr_in *sin = (const void *)info->ai_addr;

		to->family = 4;
		memcpy(to->addr, &sin->sin_addr, 4);
		a->n++;
	} else if (info->ai_family == AF_INET6) {
		const struct sockaddr_in6 *sin6 = (const void *)info->ai_addr;

		to->family = 6;
		to->scope = sin6->sin6_scope_id;
		memcpy(to->addr, &sin6->sin6_addr, 16);
		a->n++;
	}
}

static void ask(const char *host, int flags, struct answer *a)
{
	struct addrinfo hints = {.ai_flags = flags, .ai_socktype = SOCK_STREAM}, *list = NULL;

	*a = (struct answer){.error = getaddrinfo(host, NULL, &hints, &list)};
	if (a->error)
		return;
	for (const struct addrinfo *i = list; i; i = i->ai_next)
		take(a, i);
	freeaddrinfo(list);
}

_Noreturn static void child(const char *host, int fd)
{
	struct answer a;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	ask(host, 0, &a);
	if (write(fd, &a, sizeof(a)) != (ssize_t)sizeof(a))
		_exit(1);
	_exit(0);
}

/* The child's answer, if it comes in time. */
static bool await(int fd, unsigned seconds, struct answer *a)
{
	int64_t end = g_get_monotonic_time() + (int64_t)seconds * G_USEC_PER_SEC;
	struct pollfd p = {.fd = fd, .events = POLLIN};
	int ready;

	do {
		int64_t left = (end - g_get_monotonic_time() + 999) / 1000;

		ready = poll(&p, 1, left > 0 ? (int)left : 0);
	} while (ready < 0 && errno == EINTR);
	return ready == 1 && read(fd, a, sizeof(*a)) == (ssize_t)sizeof(*a);
}

static bool ask_for(const char *host, unsigned seconds, struct answer *a)
{
	bool answered;
	int ends[2];
	pid_t pid;

	if (pipe(ends) != 0)
		return false;
	pid = fork();
	if (pid == 0)
		child(host, ends[1]);
	close(ends[1]);
	answered = pid > 0 && await(ends[0], seconds, a);
	close(ends[0]);
	if (pid > 0) {
		kill(pid, SIGKILL);
		while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
			;
	}
	return answered;
}

static void complain(const char *host, const struct answer *a, unsigned seconds, struct diag *d)
{
	if (!a)
		diag_fail(d, "perhaps this is the fault itself: go on without it",
			  "the name %s could not be looked up: no answer within %u seconds", host,
			  seconds);
	else if (a->error == EAI_AGAIN || a->error == EAI_SYSTEM)
		diag_fail(d, "perhaps this is the fault itself: go on without it",
			  "the name %s could not be looked up: no name server answers", host);
	else
		diag_fail(d, "compare it letter by letter with the name you were given",
			  "the name %s is not known: it has no address", host);
}

unsigned lookup(const char *host, unsigned seconds, struct ip_address out[LOOKUP_MAX],
		struct diag *d)
{
	struct answer a = {0};
	bool answered = true;

	if (!*host) {
		diag_fail(d, "type a name such as mail.example.org, or an address",
			  "there is no name of a server");
		return 0;
	}
	ask(host, AI_NUMERICHOST, &a);
	if (a.error)
		answered = ask_for(host, seconds, &a);
	if (!answered || a.error || !a.n) {
		complain(host, answered ? &a : NULL, seconds, d);
		return 0;
	}
	memcpy(out, a.addresses, sizeof(a.addresses));
	return a.n;
}
