/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <errno.h>
#include <poll.h>
#include <unistd.h>

#include "out.h"

void out_init(struct out *o, int fd, struct buf *mem, int *error)
{
	o->fd = mem ? -1 : fd;
	o->own = BUF_INIT;
	o->to = mem ? mem : &o->own;
	o->error = error;
}

void out_release(struct out *o)
{
	buf_release(&o->own);
}

/* Wait until a descriptor that somebody made non-blocking takes bytes again. */
static bool wait_writable(int fd)
{
	struct pollfd p = {.fd = fd, .events = POLLOUT};

	return poll(&p, 1, -1) > 0 || errno == EINTR;
}

bool out_flush(struct out *o)
{
	const char *s = buf_text(o->to);
	size_t left = o->to->len;

	if (o->fd < 0)
		return true;
	while (left > 0 && !*o->error) {
		ssize_t n = write(o->fd, s, left);

		if (n > 0) {
			s += n;
			left -= (size_t)n;
		} else if (n == 0) {
			*o->error = EIO;
		} else if (errno == EAGAIN || errno == EWOULDBLOCK) {
			if (!wait_writable(o->fd))
				*o->error = errno;
		} else if (errno != EINTR) {
			*o->error = errno;
		}
	}
	buf_reset(o->to);
	return *o->error == 0;
}
