/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * writer: pcapng blocks (draft-ietf-opsawg-pcapng), little-endian, times in nanoseconds.
 *
 * libpcap's own writer knows neither this format nor, from its pcap_dump(), whether a write failed.
 */
#include "config.h"

#include "tracetutor/writer.h"

#include <errno.h>
#include <glib.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "src/capture/number.h"
#include "src/capture/pcapng_option.h"

#define OPTION_TEXT_MAX 65532u /* an option's length has 16 bits; whole words stay whole */
#define FILTER_LIBPCAP  0      /* first byte of if_filter: text for libpcap's compiler */

struct writer {
	int fd;
	uint64_t size;    /* of the file, whole blocks only */
	uint64_t frames;  /* in it */
	int error;        /* errno of the write that failed; nothing is written after it */
	int64_t start;    /* time of the first frame or mark; 0: none yet */
	struct buf out;   /* blocks not written yet */
	struct buf marks; /* for the comment of the next frame */
	size_t block;     /* where the open block begins in out */
};

/* --- bytes and blocks --- */

static void put16(struct buf *b, uint16_t v)
{
	v = GUINT16_TO_LE(v);
	buf_mem(b, &v, sizeof(v));
}

static void put32(struct buf *b, uint32_t v)
{
	v = GUINT32_TO_LE(v);
	buf_mem(b, &v, sizeof(v));
}

/* 64-bit times are stored as two words, the upper one first (draft section 4.3). */
static void put_time(struct buf *b, int64_t time)
{
	uint64_t ns = time > 0 ? (uint64_t)time : 0;

	put32(b, (uint32_t)(ns >> 32));
	put32(b, (uint32_t)ns);
}

static void pad(struct buf *b, size_t n)
{
	buf_fill(b, '\0', -n & 3);
}

static void option(struct buf *b, uint16_t code, const void *value, size_t n)
{
	put16(b, code);
	put16(b, (uint16_t)n);
	buf_mem(b, value, n);
	pad(b, n);
}

static void option_text(struct buf *b, uint16_t code, const char *text)
{
	if (text && *text)
		option(b, code, text, MIN(strlen(text), OPTION_TEXT_MAX));
}

static void option_u64(struct buf *b, uint16_t code, uint64_t v)
{
	v = GUINT64_TO_LE(v);
	option(b, code, &v, sizeof(v));
}

static void option_time(struct buf *b, uint16_t code, int64_t time)
{
	put16(b, code);
	put16(b, 8);
	put_time(b, time);
}

static void block_begin(struct writer *w, uint32_t type)
{
	w->block = w->out.len;
	put32(&w->out, type);
	put32(&w->out, 0);
}

static void block_end(struct writer *w)
{
	uint32_t length = (uint32_t)(w->out.len + 4 - w->block), stored = GUINT32_TO_LE(length);

	put32(&w->out, length);
	memcpy(w->out.s + w->block + 4, &stored, sizeof(stored));
}

/* --- the file --- */

static void put_section(struct writer *w, const struct writer_head *head)
{
	struct utsname u;
	char *system = uname(&u) < 0 ? NULL : g_strdup_printf("%s %s", u.sysname, u.release);

	block_begin(w, BLOCK_SECTION);
	put32(&w->out, 0x1a2b3c4d);
	put16(&w->out, 1);
	put16(&w->out, 0);
	buf_fill(&w->out, '\xff', 8); /* length of the section: not known */
	option_text(&w->out, OPT_COMMENT, head->comment);
	option_text(&w->out, OPT_SECTION_SYSTEM, system);
	option_text(&w->out, OPT_SECTION_APPLICATION, head->application);
	option(&w->out, OPT_END, NULL, 0);
	block_end(w);
	g_free(system);
}

static void put_interface(struct writer *w, const struct writer_head *head)
{
	static const uint8_t nanoseconds = 9;

	block_begin(w, BLOCK_INTERFACE);
	put16(&w->out, (uint16_t)head->link_type);
	put16(&w->out, 0);
	put32(&w->out, head->snap_length);
	option_text(&w->out, OPT_IF_NAME, head->interface);
	option(&w->out, OPT_IF_TSRESOL, &nanoseconds, 1);
	if (head->filter && *head->filter) {
		size_t n = MIN(strlen(head->filter), OPTION_TEXT_MAX - 1);

		put16(&w->out, OPT_IF_FILTER);
		put16(&w->out, (uint16_t)(n + 1));
		buf_char(&w->out, FILTER_LIBPCAP);
		buf_mem(&w->out, head->filter, n);
		pad(&w->out, n + 1);
	}
	option(&w->out, OPT_END, NULL, 0);
	block_end(w);
}

struct writer *writer_new(int fd, const struct writer_head *head)
{
	struct writer *w = g_new0(struct writer, 1);

	w->fd = fd;
	put_section(w, head);
	put_interface(w, head);
	return w;
}

void writer_free(struct writer *w)
{
	if (!w)
		return;
	buf_release(&w->out);
	buf_release(&w->marks);
	g_free(w);
}

static void began(struct writer *w, int64_t time)
{
	if (!w->start)
		w->start = time;
}

static void frame_options(struct writer *w, const struct frame *f)
{
	uint32_t flags = f->direction == DIR_IN ? 1 : f->direction == DIR_OUT ? 2 : 0;
	size_t before = w->out.len;

	if (w->marks.len) {
		option_text(&w->out, OPT_COMMENT, w->marks.s);
		buf_reset(&w->marks);
	}
	option_text(&w->out, OPT_COMMENT, f->comment);
	if (flags) {
		flags = GUINT32_TO_LE(flags);
		option(&w->out, OPT_PACKET_FLAGS, &flags, sizeof(flags));
	}
	if (w->out.len > before)
		option(&w->out, OPT_END, NULL, 0);
}

void writer_frame(struct writer *w, const struct frame *f)
{
	if (w->error)
		return;
	began(w, f->time);
	block_begin(w, BLOCK_ENHANCED);
	put32(&w->out, 0);
	put_time(&w->out, f->time);
	put32(&w->out, f->captured);
	put32(&w->out, f->original);
	buf_mem(&w->out, f->data, f->captured);
	pad(&w->out, f->captured);
	frame_options(w, f);
	block_end(w);
}

static void statistics_begin(struct writer *w, int64_t time, const char *comment)
{
	block_begin(w, BLOCK_STATISTICS);
	put32(&w->out, 0);
	put_time(&w->out, time);
	option_text(&w->out, OPT_COMMENT, comment);
}

static void statistics_end(struct writer *w)
{
	option(&w->out, OPT_END, NULL, 0);
	block_end(w);
}

void writer_mark(struct writer *w, int64_t time, const char *text)
{
	if (w->error)
		return;
	began(w, time);
	statistics_begin(w, time, text);
	statistics_end(w);
	if (w->marks.len)
		buf_char(&w->marks, '\n');
	buf_str(&w->marks, text);
}

void writer_statistics(struct writer *w, int64_t time, uint64_t received, uint64_t dropped,
		       const char *comment)
{
	if (w->error)
		return;
	began(w, time);
	statistics_begin(w, time, comment);
	option_time(&w->out, OPT_ISB_STARTTIME, w->start);
	option_time(&w->out, OPT_ISB_ENDTIME, time);
	option_u64(&w->out, OPT_ISB_IFRECV, received);
	if (dropped != UINT64_MAX)
		option_u64(&w->out, OPT_ISB_IFDROP, dropped);
	statistics_end(w);
}

/* --- giving it to the kernel --- */

/* Length of the whole blocks among the first n bytes; *frames: packets in them. */
static size_t whole_blocks(const struct writer *w, size_t n, uint64_t *frames)
{
	const uint8_t *p = (const uint8_t *)w->out.s;
	size_t at = 0;

	*frames = 0;
	while (n - at >= BLOCK_FRAME) {
		uint32_t length = number_u32(p + at + 4, true);

		if (length > n - at)
			break;
		*frames += number_u32(p + at, true) == BLOCK_ENHANCED;
		at += length;
	}
	return at;
}

/* Bytes that arrived in the file; errno if it is not all. */
static size_t write_all(const struct writer *w)
{
	size_t done = 0;

	while (done < w->out.len) {
		ssize_t n =
			pwrite(w->fd, w->out.s + done, w->out.len - done, (off_t)(w->size + done));

		if (n < 0 && errno == EINTR)
			continue;
		if (n == 0)
			errno = ENOSPC;
		if (n <= 0)
			break;
		done += (size_t)n;
	}
	return done;
}

bool writer_flush(struct writer *w)
{
	size_t done, whole;
	uint64_t frames;

	errno = w->error;
	if (w->error)
		return false;
	done = write_all(w);
	if (done < w->out.len)
		w->error = errno;
	whole = whole_blocks(w, done, &frames);
	w->size += whole;
	w->frames += frames;
	buf_reset(&w->out);
	/* A file that cannot be cut (a device) is left as it is: writer_repair() can do it later.
	 */
	if (done > whole && ftruncate(w->fd, (off_t)w->size) < 0)
		w->error = w->error ? w->error : errno;
	errno = w->error;
	return !w->error;
}

uint64_t writer_size(const struct writer *w)
{
	return w->size;
}

uint64_t writer_frames(const struct writer *w)
{
	return w->frames;
}

size_t writer_pending(const struct writer *w)
{
	return w->out.len;
}

/* --- after a crash --- */

/* Length of the block at that offset, 0 if it is not whole. *little: the section's order. */
static uint32_t block_at(int fd, uint64_t at, uint64_t end, bool *little)
{
	static const uint8_t section[4] = {0x0a, 0x0d, 0x0d, 0x0a},
			     magic[4] = {0x4d, 0x3c, 0x2b, 0x1a};
	uint8_t head[12], tail[4];
	uint32_t length;

	if (end - at < BLOCK_FRAME ||
	    pread(fd, head, sizeof(head), (off_t)at) != (ssize_t)sizeof(head))
		return 0;
	if (!memcmp(head, section, sizeof(section)))
		*little = !memcmp(head + 8, magic, sizeof(magic));
	else if (!at)
		return 0;
	length = number_u32(head + 4, *little);
	if (length < BLOCK_FRAME || length > BLOCK_MAX || length % 4 || length > end - at ||
	    pread(fd, tail, sizeof(tail), (off_t)(at + length - 4)) != (ssize_t)sizeof(tail))
		return 0;
	return number_u32(tail, *little) == length ? length : 0;
}

/* A finished file ends so: then there is no need to walk through it. */
static bool ends_with_statistics(int fd, uint64_t end)
{
	uint8_t tail[4], head[8];
	uint32_t length;

	if (end < BLOCK_FRAME ||
	    pread(fd, tail, sizeof(tail), (off_t)(end - 4)) != (ssize_t)sizeof(tail))
		return false;
	length = number_u32(tail, true);
	return length >= BLOCK_FRAME && length % 4 == 0 && length <= end &&
	       pread(fd, head, sizeof(head), (off_t)(end - length)) == (ssize_t)sizeof(head) &&
	       number_u32(head, true) == BLOCK_STATISTICS && number_u32(head + 4, true) == length;
}

/* Does the file begin as a section does, as far as it goes? Nothing else is cut. */
static bool begins_as_section(int fd)
{
	static const uint8_t section[4] = {0x0a, 0x0d, 0x0d, 0x0a};
	uint8_t head[4];
	ssize_t n = pread(fd, head, sizeof(head), 0);

	if (n < 0)
		return false;
	errno = EINVAL;
	return !memcmp(head, section, (size_t)n);
}

int64_t writer_repair(int fd)
{
	struct stat st;
	uint64_t at = 0, end;
	uint32_t length;
	bool little = true;

	if (fstat(fd, &st) < 0 || !begins_as_section(fd))
		return -1;
	end = (uint64_t)st.st_size;
	if (ends_with_statistics(fd, end))
		return 0;
	while ((length = block_at(fd, at, end, &little)))
		at += length;
	if (at < end && ftruncate(fd, (off_t)at) < 0)
		return -1;
	return (int64_t)(end - at);
}

bool writer_seal(int fd)
{
	struct stat st;

	return fstat(fd, &st) == 0 && fchmod(fd, st.st_mode & 0777 & ~(mode_t)0222) == 0;
}
