/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "src/recorder/message.h"

#include <errno.h>
#include <glib.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>

#define CONTROL_MAX CMSG_SPACE(sizeof(int) * MESSAGE_MAX_FDS)

/* Room for the descriptors of a message, aligned as the macros of cmsg(3) want it. */
union control {
	struct cmsghdr head;
	char bytes[CONTROL_MAX];
};

bool message_pair(int ends[2])
{
	return !socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends);
}

bool message_send(int to, const struct iovec *parts, unsigned n, const int *fds, unsigned nfds,
		  bool wait)
{
	union control control = {0};
	struct msghdr m = {.msg_iov = (struct iovec *)parts, .msg_iovlen = n};
	ssize_t sent;

	if (nfds) {
		m.msg_control = &control;
		m.msg_controllen = CMSG_SPACE(sizeof(int) * nfds);
		control.head.cmsg_level = SOL_SOCKET;
		control.head.cmsg_type = SCM_RIGHTS;
		control.head.cmsg_len = CMSG_LEN(sizeof(int) * nfds);
		memcpy(CMSG_DATA(&control.head), fds, sizeof(int) * nfds);
	}
	do
		sent = sendmsg(to, &m, MSG_NOSIGNAL | (wait ? 0 : MSG_DONTWAIT));
	while (sent < 0 && errno == EINTR);
	return sent >= 0;
}

ssize_t message_receive(int from, void *to, size_t n, int *fds)
{
	union control control = {0};
	struct iovec part = {.iov_base = to, .iov_len = n};
	struct msghdr m = {.msg_iov = &part,
			   .msg_iovlen = 1,
			   .msg_control = &control,
			   .msg_controllen = sizeof(control)};
	const struct cmsghdr *c;
	ssize_t got;

	for (unsigned i = 0; fds && i < MESSAGE_MAX_FDS; i++)
		fds[i] = -1;
	if (!fds)
		m.msg_controllen = 0;
	do
		got = recvmsg(from, &m, MSG_CMSG_CLOEXEC | MSG_DONTWAIT);
	while (got < 0 && errno == EINTR);
	c = got >= 0 ? CMSG_FIRSTHDR(&m) : NULL;
	if (fds && c && c->cmsg_level == SOL_SOCKET && c->cmsg_type == SCM_RIGHTS)
		memcpy(fds, CMSG_DATA(c),
		       MIN(c->cmsg_len - CMSG_LEN(0), sizeof(int) * MESSAGE_MAX_FDS));
	return got;
}

bool message_wait(int from, unsigned seconds)
{
	gint64 until = g_get_monotonic_time() + (gint64)seconds * G_USEC_PER_SEC, left;
	struct pollfd p = {.fd = from, .events = POLLIN};

	while ((left = until - g_get_monotonic_time()) > 0) {
		int ready = poll(&p, 1, (int)(left / 1000) + 1);

		if (ready > 0)
			return true;
		if (ready < 0 && errno != EINTR)
			return false;
	}
	return false;
}
