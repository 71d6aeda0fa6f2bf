/* SPDX-License-Identifier: GPL-3.0-or-later */
/* wire: a header of fixed size, then the bytes; descriptors travel with the header. */
#include <errno.h>
#include <linux/sockios.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "src/console/wire.h"

#define BUSY (32 << 10) /* bytes unread, as the kernel counts them: about 20 messages */

struct header {
	uint32_t kind, length;
	int64_t number;
};

/* Room for one descriptor, aligned as the kernel wants it. */
union control {
	struct cmsghdr align;
	char bytes[CMSG_SPACE(sizeof(int))];
};

bool wire_pair(int ends[2])
{
	return socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) == 0;
}

static bool send_all(int end, const char *bytes, size_t n)
{
	while (n) {
		ssize_t done = send(end, bytes, n, MSG_NOSIGNAL);

		if (done < 0 && errno == EINTR)
			continue;
		if (done <= 0)
			return false;
		bytes += done;
		n -= (size_t)done;
	}
	return true;
}

bool wire_send(int end, enum wire_kind kind, int64_t number, const void *bytes, size_t n, int fd)
{
	struct header h = {.kind = kind, .length = (uint32_t)n, .number = number};
	struct iovec part = {.iov_base = &h, .iov_len = sizeof(h)};
	union control control = {0};
	struct msghdr m = {.msg_iov = &part, .msg_iovlen = 1};
	struct cmsghdr *c;
	ssize_t done;

	if (n > WIRE_MAX)
		return false;
	if (fd >= 0) {
		m.msg_control = control.bytes;
		m.msg_controllen = sizeof(control.bytes);
		c = CMSG_FIRSTHDR(&m);
		c->cmsg_level = SOL_SOCKET;
		c->cmsg_type = SCM_RIGHTS;
		c->cmsg_len = CMSG_LEN(sizeof(int));
		memcpy(CMSG_DATA(c), &fd, sizeof(int));
	}
	do
		done = sendmsg(end, &m, MSG_NOSIGNAL);
	while (done < 0 && errno == EINTR);
	return done > 0 && send_all(end, (const char *)&h + done, sizeof(h) - (size_t)done) &&
	       send_all(end, bytes, n);
}

bool wire_busy(int end)
{
	int unread = 0;

	return ioctl(end, SIOCOUTQ, &unread) == 0 && unread > BUSY;
}

static bool receive_all(int end, char *bytes, size_t n)
{
	while (n) {
		ssize_t got = recv(end, bytes, n, 0);

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return false;
		bytes += got;
		n -= (size_t)got;
	}
	return true;
}

/* The first one; there is room for more than one, and further ones are closed. */
static int descriptor_of(struct msghdr *m)
{
	int kept = -1;

	for (struct cmsghdr *c = CMSG_FIRSTHDR(m); c; c = CMSG_NXTHDR(m, c)) {
		if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_RIGHTS)
			continue;
		for (size_t at = 0; CMSG_LEN(at + sizeof(int)) <= c->cmsg_len; at += sizeof(int)) {
			int fd;

			memcpy(&fd, CMSG_DATA(c) + at, sizeof(int));
			if (kept < 0)
				kept = fd;
			else
				close(fd);
		}
	}
	return kept;
}

bool wire_receive(int end, struct wire_message *m)
{
	struct header h;
	struct iovec part = {.iov_base = &h, .iov_len = sizeof(h)};
	union control control;
	struct msghdr got = {.msg_iov = &part,
			     .msg_iovlen = 1,
			     .msg_control = control.bytes,
			     .msg_controllen = sizeof(control.bytes)};
	ssize_t n;

	buf_reset(&m->text);
	do
		n = recvmsg(end, &got, MSG_CMSG_CLOEXEC);
	while (n < 0 && errno == EINTR);
	m->fd = n > 0 ? descriptor_of(&got) : -1;
	if (n <= 0 || !receive_all(end, (char *)&h + n, sizeof(h) - (size_t)n) ||
	    h.length > WIRE_MAX)
		return false;
	m->kind = (enum wire_kind)h.kind;
	m->number = h.number;
	buf_fill(&m->text, '\0', h.length);
	return receive_all(end, m->text.s, h.length);
}
