/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * input: the bytes of a capture file at any position, whatever they come from.
 *
 * A regular file is read in place. Anything that can be read only once (a pipe, a terminal, gzip
 * content) is copied into an unlinked temporary file while it is read, so that every byte given
 * once can be given again. Reads never fail loudly: a short read means the end, and input_explain()
 * says whether that end is the true one.
 */
#ifndef TRACETUTOR_CAPTURE_INPUT_H
#define TRACETUTOR_CAPTURE_INPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tracetutor/diag.h"

/* Bytes kept of a source that cannot be read twice: a small gzip file may unpack without end. */
#define INPUT_SPOOL_MAX ((uint64_t)8 << 30)

struct input;

/* NULL and a message if it cannot be opened. "-": standard input. No byte is read yet. */
struct input *input_open(const char *path, struct diag *d);
/* The same for an open descriptor, which is taken over; a regular file is read from its begin. */
struct input *input_open_fd(int fd, const char *name, struct diag *d);
void input_close(struct input *in);
/* Look at the first bytes and unpack gzip content from now on; to be called before reading. False
 * and a message if that cannot be done. */
bool input_unpack(struct input *in, struct diag *d);
/* A file that still grows: it ends at that many bytes until the limit is raised. Only for files
 * that are read in place; UINT64_MAX: no limit. */
void input_limit(struct input *in, uint64_t size);
bool input_limited(const struct input *in);

/* How to call it in messages: the path, or "standard input". */
/* The source, if it is a regular file; else -1. */
int input_file(const struct input *in);
const char *input_name(const struct input *in);
bool input_compressed(const struct input *in);
/* Bytes in all, unpacked; 0: not known yet. */
uint64_t input_size(const struct input *in);
uint64_t input_position(const struct input *in);

/* Read n bytes, fewer only at the end. */
size_t input_read(struct input *in, void *to, size_t n);
/* At least one byte, as many as are at hand up to n: does not wait for a slow pipe to give n. */
size_t input_read_some(struct input *in, void *to, size_t n);
/* The next n bytes where they stand, passed over, until the next call of anything here; NULL
 * (nothing moves) if they are not all at hand: input_read() gives them. */
const uint8_t *input_take(struct input *in, size_t n);
/* Look at the next n bytes (n <= INPUT_PEEK_MAX) without moving; how many there are in *got. */
#define INPUT_PEEK_MAX 4096
const uint8_t *input_peek(struct input *in, size_t n, size_t *got);
/* Pass over n bytes; false if the end comes before. */
bool input_skip(struct input *in, uint64_t n);
/* Go to a position that was reached before. */
void input_seek(struct input *in, uint64_t position);
/* The reason why reading stopped before the true end, as a message; false if there is none. */
bool input_explain(const struct input *in, struct diag *d);
#endif
