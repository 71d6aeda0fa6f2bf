/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * writer: a pcapng file, block by block, that is whole after every write.
 *
 * Blocks are gathered in memory and given to the kernel in one write() by writer_flush(); if that
 * fails the file is cut back to its last whole block. Nothing that was not flushed may be shown.
 */
#ifndef TRACETUTOR_WRITER_H
#define TRACETUTOR_WRITER_H

#include "tracetutor/diag.h"
#include "tracetutor/frame.h"

struct writer;

/*
 * Begin a file (new and empty, open for writing; it stays the caller's) with one interface.
 * `application`, `comment` (of the section), `interface` and `filter` may be NULL; times are in
 * nanoseconds, those before 1970 are held at it. No write yet.
 */
struct writer_head {
	const char *application, *comment;
	const char *interface, *filter;
	uint32_t link_type, snap_length;
};
struct writer *writer_new(int fd, const struct writer_head *head);
void writer_free(struct writer *w);

/* Append a frame: time, captured, original, data, direction, comment are used. */
void writer_frame(struct writer *w, const struct frame *f);
/* A note of the person or the program at that time: stored at once in a statistics block, and as
 * the comment of the next frame, where Wireshark shows it. */
void writer_mark(struct writer *w, int64_t time, const char *text);
/* Counts so far (a statistics block); dropped UINT64_MAX: not known. The comment may be NULL. */
void writer_statistics(struct writer *w, int64_t time, uint64_t received, uint64_t dropped,
		       const char *comment);
/* Give what was appended to the kernel. False with errno if it could not be written: the file then
 * ends with its last whole block, and nothing more is written. */
bool writer_flush(struct writer *w);
/* Bytes, and frames, in the file after the last flush. */
uint64_t writer_size(const struct writer *w);
uint64_t writer_frames(const struct writer *w);
/* Bytes appended and not flushed yet. */
size_t writer_pending(const struct writer *w);

/* Cut a pcapng file of ours that a crash left in mid-block back to its last whole block. The bytes
 * cut; -1 with errno if that failed or the file is no pcapng file (EINVAL). `fd`: read and write.
 */
int64_t writer_repair(int fd);
/* The file is finished: nobody may write into it from now on; who may read it stays. False with
 * errno if its mode cannot be changed. */
bool writer_seal(int fd);

#endif
