/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "src/capture/input.h"

#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#define INPUT_BUFFER (64 * 1024)

enum input_trouble {
	INPUT_FINE,
	INPUT_READ_FAILED,
	INPUT_GZ_CUT,
	INPUT_GZ_DAMAGED,
	INPUT_SPOOL_FAILED,
	INPUT_SPOOL_FULL
};

/* What is unpacked while it is read. */
struct inflater {
	z_stream z;
	uint8_t in[INPUT_BUFFER + 16]; /* a buffer, and what was read before gzip was recognised */
	bool inside;                   /* between the begin and the end of a gzip member */
};

struct input {
	char *name;
	int fd;          /* what the user gave */
	bool close_fd;   /* false for standard input */
	int store;       /* where stored bytes are read: fd itself, or the temporary file */
	uint64_t first;  /* offset of byte 0 in store */
	uint64_t stored; /* bytes in store that can be read; UINT64_MAX: store is the file itself */
	uint64_t limit;  /* the end of a file that still grows; UINT64_MAX: none */
	uint64_t size;
	int spool; /* temporary file, made before content is looked at; -1: none, or it is store */
	struct inflater *gz;
	bool ended; /* the source has no more bytes for store */
	enum input_trouble trouble;
	int error; /* errno of the trouble */

	uint64_t begin; /* position of buffer[0] */
	size_t len, next;
	uint8_t buffer[INPUT_BUFFER];
};

static bool open_failed(const char *name, int error, struct diag *d)
{
	switch (error) {
	case ENOENT:
	case ENOTDIR:
		return diag_fail(d, "Check the spelling of the name and the folder you are in.",
				 "there is no file %s", name);
	case EACCES:
	case EPERM:
		return diag_fail(d,
				 "Captures made as root often belong to root. Make a copy that is "
				 "yours, or ask its owner for one.",
				 "you have no permission to read %s", name);
	default:
		return diag_fail(d, "Try a copy of the file on a local disk.",
				 "%s cannot be opened: %s", name, g_strerror(error));
	}
}

/* A file of ours that has no name: it is gone when it is closed, however we end. In memory only
 * where no folder takes it, or none may be opened any more. */
static int spool_open(void)
{
	char *path = g_build_filename(g_get_tmp_dir(), "tracetutor-XXXXXX", NULL);
	int fd = open(g_get_tmp_dir(), O_TMPFILE | O_RDWR | O_CLOEXEC | O_EXCL, 0600);

	if (fd < 0 && (fd = g_mkstemp_full(path, O_RDWR | O_CLOEXEC, 0600)) >= 0)
		unlink(path);
	if (fd < 0)
		fd = memfd_create("tracetutor", MFD_CLOEXEC);
	g_free(path);
	return fd;
}

/* A handler that interrupts instead of restarting (Ctrl-C) means: what there is will do. A pipe
 * that says nothing more would otherwise hold the program for ever. */
static ssize_t read_some(int fd, void *to, size_t n)
{
	ssize_t got = read(fd, to, n);

	return got < 0 && errno == EINTR ? 0 : got;
}

static size_t source_failed(struct input *in, enum input_trouble trouble, int error)
{
	in->trouble = trouble;
	in->error = error;
	in->ended = true;
	return 0;
}

static size_t read_plain(struct input *in, uint8_t *to, size_t n)
{
	ssize_t got = read_some(in->fd, to, n);

	if (got < 0)
		return source_failed(in, INPUT_READ_FAILED, errno);
	in->ended = got == 0;
	return (size_t)got;
}

/* Next packed bytes for zlib; false at the end of the file. */
static bool inflate_refill(struct input *in)
{
	struct inflater *gz = in->gz;
	ssize_t got = read_some(in->fd, gz->in, sizeof(gz->in));

	if (got < 0)
		return source_failed(in, INPUT_READ_FAILED, errno);
	if (got == 0 && gz->inside)
		return source_failed(in, INPUT_GZ_CUT, 0);
	in->ended = got == 0;
	gz->z.next_in = gz->in;
	gz->z.avail_in = (uInt)got;
	return got > 0;
}

/* RFC 1952 section 2.2: a file is a series of members; zero bytes may pad the end. */
static void inflate_next_member(struct input *in)
{
	struct inflater *gz = in->gz;

	while (gz->z.avail_in && gz->z.next_in[0] == 0) {
		gz->z.next_in++;
		gz->z.avail_in--;
	}
	if (gz->z.avail_in && !gz->inside) {
		inflateReset(&gz->z);
		gz->inside = true;
	}
}

static size_t read_gzip(struct input *in, uint8_t *to, size_t n)
{
	struct inflater *gz = in->gz;

	gz->z.next_out = to;
	gz->z.avail_out = (uInt)n;
	while (gz->z.avail_out == n) {
		int rc;

		if (!gz->z.avail_in && !inflate_refill(in))
			break;
		if (!gz->inside)
			inflate_next_member(in);
		if (!gz->inside)
			continue;
		rc = inflate(&gz->z, Z_NO_FLUSH);
		if (rc == Z_STREAM_END)
			gz->inside = false;
		else if (rc != Z_OK && rc != Z_BUF_ERROR) {
			source_failed(in, INPUT_GZ_DAMAGED, 0);
			break;
		}
	}
	return n - gz->z.avail_out;
}

static bool spool_write(struct input *in, const uint8_t *p, size_t n)
{
	uint64_t at = in->first + in->stored;

	if (in->stored + n > INPUT_SPOOL_MAX)
		return source_failed(in, INPUT_SPOOL_FULL, 0);
	while (n) {
		ssize_t done = pwrite(in->store, p, n, (off_t)at);

		if (done < 0 && errno == EINTR)
			continue;
		if (done <= 0)
			return source_failed(in, INPUT_SPOOL_FAILED, done ? errno : ENOSPC);
		p += done;
		n -= (size_t)done;
		at += (uint64_t)done;
	}
	return true;
}

/* New bytes from the source into the buffer and the store. */
static size_t fill_from_source(struct input *in)
{
	size_t n;

	if (in->ended)
		return 0;
	n = in->gz ? read_gzip(in, in->buffer, sizeof(in->buffer))
		   : read_plain(in, in->buffer, sizeof(in->buffer));
	if (n && !spool_write(in, in->buffer, n))
		return 0;
	in->stored += n;
	if (in->ended)
		in->size = in->stored;
	return n;
}

static size_t fill_from_store(struct input *in, uint64_t position)
{
	size_t n = sizeof(in->buffer);
	ssize_t got;

	if (MIN(in->stored, in->limit) - position < n)
		n = (size_t)(MIN(in->stored, in->limit) - position);
	do
		got = pread(in->store, in->buffer, n, (off_t)(in->first + position));
	while (got < 0 && errno == EINTR);
	if (got < 0) {
		in->trouble = INPUT_READ_FAILED;
		in->error = errno;
		return 0;
	}
	return (size_t)got;
}

/* Make the buffer begin at the current position; false if there are no bytes. */
static bool input_fill(struct input *in)
{
	uint64_t position = in->begin + in->next;

	in->begin = position;
	in->next = 0;
	in->len = 0;
	if (position >= in->limit)
		return false;
	in->len = position < in->stored ? fill_from_store(in, position) : fill_from_source(in);
	return in->len > 0;
}

size_t input_read_some(struct input *in, void *to, size_t n)
{
	if (in->next == in->len && !input_fill(in))
		return 0;
	n = MIN(in->len - in->next, n);
	memcpy(to, in->buffer + in->next, n);
	in->next += n;
	return n;
}

size_t input_read(struct input *in, void *to, size_t n)
{
	uint8_t *p = to;
	size_t done = 0, part;

	while (done < n && (part = input_read_some(in, p + done, n - done)) > 0)
		done += part;
	return done;
}

const uint8_t *input_take(struct input *in, size_t n)
{
	if (in->len - in->next < n)
		return NULL;
	in->next += n;
	return in->buffer + in->next - n;
}

const uint8_t *input_peek(struct input *in, size_t n, size_t *got)
{
	uint64_t position = in->begin + in->next;
	uint8_t ahead[INPUT_PEEK_MAX];

	*got = input_read(in, ahead, MIN(n, sizeof(ahead)));
	input_seek(in, position);
	if (in->begin != position || in->len < *got) {
		/* The bytes lie in two buffers: a fill from here has them in one. */
		in->next = 0;
		in->begin = position;
		input_fill(in);
	}
	*got = MIN(*got, in->len - in->next);
	return in->buffer + in->next;
}

bool input_skip(struct input *in, uint64_t n)
{
	while (n) {
		size_t part = in->len - in->next;

		if (!part && in->begin + in->next < in->stored && in->stored == UINT64_MAX &&
		    n > INPUT_BUFFER) {
			uint64_t position = in->begin + in->next;

			if (in->size && n > in->size - MIN(in->size, position))
				return false;
			input_seek(in, position + n);
			return true;
		}
		if (!part && !input_fill(in))
			return false;
		part = (size_t)MIN((uint64_t)(in->len - in->next), n);
		in->next += part;
		n -= part;
	}
	return true;
}

void input_seek(struct input *in, uint64_t position)
{
	if (position >= in->begin && position - in->begin <= in->len) {
		in->next = (size_t)(position - in->begin);
		return;
	}
	in->begin = position;
	in->len = 0;
	in->next = 0;
}

bool input_explain(const struct input *in, struct diag *d)
{
	switch (in->trouble) {
	case INPUT_READ_FAILED:
		diag_fail(d, "Copy the file to another disk and open the copy.",
			  "%s cannot be read further: %s", in->name, g_strerror(in->error));
		return true;
	case INPUT_GZ_CUT:
		diag_fail(d, "Copy the file again from where it came; what is shown is right.",
			  "the compressed file %s ends too early: it was cut", in->name);
		return true;
	case INPUT_GZ_DAMAGED:
		diag_fail(d, "Copy the file again from where it came, in binary mode.",
			  "the compressed data of %s is damaged", in->name);
		return true;
	case INPUT_SPOOL_FAILED:
		diag_fail(d, "Free some space, or set TMPDIR to a folder with more room.",
			  "the temporary copy of %s in %s cannot be written: %s", in->name,
			  g_get_tmp_dir(), g_strerror(in->error));
		return true;
	case INPUT_SPOOL_FULL:
		diag_fail(d, "Unpack or save it to a file first, and open that file.",
			  "%s is too long to be kept for a second look (limit %" G_GUINT64_FORMAT
			  " GiB)",
			  in->name, INPUT_SPOOL_MAX >> 30);
		return true;
	case INPUT_FINE: break;
	}
	return false;
}

/* The source is read through the temporary file from now on. */
static bool input_spool(struct input *in, struct diag *d)
{
	if (in->spool < 0)
		in->spool = spool_open();
	if (in->spool < 0)
		return diag_fail(d, "Set TMPDIR to a folder you may write to.",
				 "no temporary file can be made in %s: %s", g_get_tmp_dir(),
				 g_strerror(errno));
	in->store = in->spool;
	in->spool = -1;
	in->first = 0;
	in->stored = 0;
	in->size = 0;
	in->begin = 0;
	in->len = 0;
	in->next = 0;
	return true;
}

/* gzip is known by its first bytes (RFC 1952 section 2.3.1: ID1, ID2, CM = deflate). */
bool input_unpack(struct input *in, struct diag *d)
{
	size_t got;
	const uint8_t *p = input_peek(in, 3, &got);
	ssize_t ahead;

	if (got < 3 || p[0] != 0x1f || p[1] != 0x8b || p[2] != 8)
		return true;
	in->gz = g_new0(struct inflater, 1);
	if (inflateInit2(&in->gz->z, 15 + 16) != Z_OK)
		return diag_fail(d, "Unpack the file with gunzip and open the result.",
				 "%s cannot be unpacked here", in->name);
	in->gz->inside = true;
	if (in->stored == UINT64_MAX) {
		lseek(in->fd, (off_t)in->first, SEEK_SET);
	} else {
		/* What a pipe has given already goes through zlib first; the spool starts anew. */
		ahead = pread(in->store, in->gz->in, sizeof(in->gz->in), 0);
		in->gz->z.next_in = in->gz->in;
		in->gz->z.avail_in = ahead > 0 ? (uInt)ahead : 0;
		in->spool = in->store;
		in->store = -1;
	}
	return input_spool(in, d);
}

static bool input_prepare(struct input *in, bool from_begin, struct diag *d)
{
	struct stat st;
	off_t at;

	if (fstat(in->fd, &st) < 0)
		return open_failed(in->name, errno, d);
	if (S_ISDIR(st.st_mode))
		return diag_fail(d, "Name one of the capture files inside it.",
				 "%s is a folder, not a capture file", in->name);
	at = !S_ISREG(st.st_mode) ? -1 : from_begin ? 0 : lseek(in->fd, 0, SEEK_CUR);
	/* Who reads a file later, without the right to make one, may find gzip content in it. */
	in->spool = spool_open();
	if (at < 0)
		return input_spool(in, d);
	in->store = in->fd;
	in->first = (uint64_t)at;
	in->stored = UINT64_MAX;
	in->size = st.st_size > at ? (uint64_t)(st.st_size - at) : 0;
	return true;
}

static struct input *input_new(int fd, bool close_fd, const char *name)
{
	struct input *in = g_new0(struct input, 1);

	in->name = g_strdup(name);
	in->fd = fd;
	in->close_fd = close_fd;
	in->store = -1;
	in->spool = -1;
	in->limit = UINT64_MAX;
	return in;
}

static struct input *prepared(struct input *in, bool from_begin, struct diag *d)
{
	if (input_prepare(in, from_begin, d))
		return in;
	input_close(in);
	return NULL;
}

struct input *input_open(const char *path, struct diag *d)
{
	int fd;

	if (!strcmp(path, "-"))
		return prepared(input_new(STDIN_FILENO, false, "standard input"), false, d);
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (fd >= 0)
		return prepared(input_new(fd, true, path), false, d);
	open_failed(path, errno, d);
	return NULL;
}

struct input *input_open_fd(int fd, const char *name, struct diag *d)
{
	return prepared(input_new(fd, true, name), true, d);
}

void input_limit(struct input *in, uint64_t size)
{
	struct stat st;

	if (in->stored != UINT64_MAX)
		return;
	in->limit = size;
	in->size = size;
	if (size == UINT64_MAX)
		in->size = fstat(in->fd, &st) < 0 ? 0 : (uint64_t)st.st_size - in->first;
	if (in->begin + in->len > size) {
		/* What was read ahead may not have been whole. */
		in->len = size > in->begin ? (size_t)(size - in->begin) : 0;
		in->next = MIN(in->next, in->len);
	}
}

bool input_limited(const struct input *in)
{
	return in->limit != UINT64_MAX;
}

void input_close(struct input *in)
{
	if (!in)
		return;
	if (in->gz) {
		inflateEnd(&in->gz->z);
		g_free(in->gz);
	}
	if (in->store >= 0 && in->store != in->fd)
		close(in->store);
	if (in->spool >= 0)
		close(in->spool);
	if (in->close_fd && in->fd >= 0)
		close(in->fd);
	g_free(in->name);
	g_free(in);
}

int input_file(const struct input *in)
{
	struct stat st;

	return fstat(in->fd, &st) == 0 && S_ISREG(st.st_mode) ? in->fd : -1;
}

const char *input_name(const struct input *in)
{
	return in->name;
}

bool input_compressed(const struct input *in)
{
	return in->gz != NULL;
}

uint64_t input_size(const struct input *in)
{
	return in->size;
}

uint64_t input_position(const struct input *in)
{
	return in->begin + in->next;
}
