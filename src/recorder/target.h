/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * target: the file a recorder writes, from its first block to its last.
 */
#ifndef TRACETUTOR_RECORDER_TARGET_H
#define TRACETUTOR_RECORDER_TARGET_H

#include "tracetutor/writer.h"

struct target;

/* Takes the descriptor over. NULL with errno if the first blocks could not be written. `lost`:
 * frames the kernel lost before. */
struct target *target_begin(int fd, const struct writer_head *head, uint64_t lost);
void target_frame(struct target *t, const struct frame *f);
void target_mark(struct target *t, int64_t time, const char *text);
/* False with errno: the disk does not take it, and the file ends with its last whole block. */
bool target_flush(struct target *t);
/* errno of what failed behind our back; 0. */
int target_error(struct target *t);
/* Bytes the file will have. */
uint64_t target_length(const struct target *t);
bool target_pending(const struct target *t);
/* What is in the file. */
uint64_t target_size(const struct target *t);
uint64_t target_packets(const struct target *t);
/* The last block, everything onto the disk, the file read-only. False with errno as above. */
bool target_finish(struct target *t, int64_t time, uint64_t lost, const char *facts);
void target_free(struct target *t);

#endif
