/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * syncer: a thread that puts what was written onto the disk once a second, so that fetching frames
 * never waits for a disk. Start it after rights were given up: threads keep theirs.
 */
#ifndef TRACETUTOR_RECORDER_SYNCER_H
#define TRACETUTOR_RECORDER_SYNCER_H

struct syncer;

struct syncer *syncer_start(int fd);
/* There is something new in the file. */
void syncer_new(struct syncer *s);
/* errno of a sync that failed; 0. */
int syncer_error(struct syncer *s);
void syncer_end(struct syncer *s);

#endif
