/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * damage: the packets of a capture, cut or with bytes changed. The same seed means the same damage
 * everywhere, so that whoever watches can make again what broke the one who read it.
 */
#ifndef TRACETUTOR_TESTS_DAMAGE_H
#define TRACETUTOR_TESTS_DAMAGE_H

#include <glib.h>

#include "tracetutor/frame.h"

struct taken {
	char *path;
	uint8_t *bytes; /* the file */
	size_t size;
	struct frame *frames; /* each with bytes of its own */
	uint32_t n;
	bool more; /* the file has more frames than were wanted */
};

/* At most `most` frames of the file; false if it is not there or no capture. */
bool taken_read(struct taken *t, const char *path, uint32_t most);
void taken_release(struct taken *t);

enum damage {
	DAMAGE_NONE,
	DAMAGE_SNAPPED, /* cut at each length by the capture: more was sent */
	DAMAGE_SHORT,   /* cut at each length: no more was sent */
	DAMAGE_FLIPPED  /* three of four packets have bytes changed */
};
struct damage_run {
	enum damage kind;
	uint64_t seed; /* flipped: which bytes, and which packets if there are more than `most` */
	uint64_t most; /* frames; cut: packets are left out evenly until there are no more */
};
/* Told of each frame. Its bytes stand alone on the heap, so that reading one too many is seen; they
 * are lent for the call. Returns false to stop. */
typedef bool damage_each(void *context, struct frame *f, bool changed);
void damage_frames(const struct taken *t, const struct damage_run *run, damage_each *each,
		   void *context);

/* Change bytes of the file itself (its first 64 most: there are the headers). */
void damage_file(uint8_t *bytes, size_t n, uint64_t seed);

/* Writes what it is given into a pcapng file, with all that the pipeline knows of a frame. */
struct damage_file {
	int fd;
	GArray *links; /* uint32_t: link type of each interface so far */
	bool failed;
};
void damage_file_begin(struct damage_file *w, int fd);
void damage_file_frame(struct damage_file *w, const struct frame *f);
bool damage_file_end(struct damage_file *w);

#endif
