/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "src/capture/stream.h"

#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "src/capture/number.h"
#include "src/capture/reader.h"

#define FILE_HEADER  24
#define FRAME_HEADER 16
#define PIECE        (256 * 1024)
#define MAGIC_MICRO  0xa1b2c3d4u
#define MAGIC_NANO   0xa1b23c4du

struct stream {
	int fd;
	bool little, nanoseconds;
	bool ended; /* by its writer, or by damage */
	uint32_t link_type, snap_length;
	uint8_t *bytes; /* read and not handed on: [at .. len) */
	size_t at, len, cap;
};

/* Read what is there. False if there was nothing. */
static bool stream_fill(struct stream *s)
{
	ssize_t got;

	if (s->at) {
		memmove(s->bytes, s->bytes + s->at, s->len - s->at);
		s->len -= s->at;
		s->at = 0;
	}
	if (s->cap - s->len < PIECE) {
		s->cap = s->len + PIECE;
		s->bytes = g_realloc(s->bytes, s->cap);
	}
	do
		got = read(s->fd, s->bytes + s->len, s->cap - s->len);
	while (got < 0 && errno == EINTR);
	if (got > 0)
		s->len += (size_t)got;
	else if (got == 0 || errno != EAGAIN)
		s->ended = true;
	return got > 0;
}

static bool stream_header(struct stream *s)
{
	const uint8_t *p = s->bytes;
	uint32_t magic;

	s->little = p[0] == 0xd4 || p[0] == 0x4d;
	magic = number_u32(p, s->little);
	s->nanoseconds = magic == MAGIC_NANO;
	s->snap_length = number_u32(p + 16, s->little);
	s->link_type = link_type_from_file(number_u32(p + 20, s->little) & 0x03ffffff);
	s->at = FILE_HEADER;
	return magic == MAGIC_MICRO || magic == MAGIC_NANO;
}

static bool stream_wait(struct stream *s, unsigned seconds)
{
	gint64 until = g_get_monotonic_time() + (gint64)seconds * G_USEC_PER_SEC, left;
	struct pollfd p = {.fd = s->fd, .events = POLLIN};

	while (s->len < FILE_HEADER && !s->ended) {
		left = until - g_get_monotonic_time();
		if (left <= 0 || (poll(&p, 1, (int)(left / 1000) + 1) < 0 && errno != EINTR))
			return false;
		stream_fill(s);
	}
	return s->len >= FILE_HEADER;
}

struct stream *stream_open(int fd, unsigned seconds, struct diag *d)
{
	struct stream *s = g_new0(struct stream, 1);

	s->fd = fd;
	fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
	if (!stream_wait(s, seconds) && s->ended)
		diag_fail(d, NULL, "the other program ended before it began to record");
	else if (s->len < FILE_HEADER)
		diag_fail(d, NULL, "the other program did not begin to record within %u seconds",
			  seconds);
	else if (!stream_header(s))
		diag_fail(d, NULL, "what the other program records is not in the pcap format");
	else
		return s;
	stream_close(s);
	return NULL;
}

void stream_close(struct stream *s)
{
	close(s->fd);
	g_free(s->bytes);
	g_free(s);
}

int stream_fd(const struct stream *s)
{
	return s->fd;
}

uint32_t stream_link_type(const struct stream *s)
{
	return s->link_type;
}

uint32_t stream_snap_length(const struct stream *s)
{
	return s->snap_length;
}

/* The next frame if it is there as a whole. */
static bool stream_frame(struct stream *s, struct frame *f)
{
	const uint8_t *p = s->bytes + s->at;

	if (s->len - s->at < FRAME_HEADER)
		return false;
	*f = (struct frame){.captured = number_u32(p + 8, s->little),
			    .original = number_u32(p + 12, s->little),
			    .link_type = s->link_type,
			    .data = p + FRAME_HEADER};
	f->time = (int64_t)number_u32(p, s->little) * 1000000000 +
		  (int64_t)number_u32(p + 4, s->little) * (s->nanoseconds ? 1 : 1000);
	if (f->captured > FRAME_MAX) {
		s->ended = true;
		s->at = s->len;
		return false;
	}
	if (s->len - s->at - FRAME_HEADER < f->captured)
		return false;
	s->at += FRAME_HEADER + f->captured;
	return true;
}

enum live_status stream_next(struct stream *s, unsigned most, live_each *each, void *context,
			     unsigned *given)
{
	struct frame f;

	for (*given = 0; *given < most;) {
		if (stream_frame(s, &f)) {
			++*given;
			each(context, &f);
		} else if (s->ended || !stream_fill(s)) {
			break;
		}
	}
	return s->ended && *given < most ? LIVE_GONE : LIVE_FRAMES;
}
