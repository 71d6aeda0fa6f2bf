/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * reader: what a file format has to bring, and what it is given.
 *
 * A reader hands out frames in file order. It may be asked to continue at a frame's file_offset.
 * Interfaces are known from their place in the file, so that a second pass adds none.
 */
#ifndef TRACETUTOR_CAPTURE_READER_H
#define TRACETUTOR_CAPTURE_READER_H

#include <glib.h>

#include "src/capture/input.h"
#include "tracetutor/capture.h"

/* Times are kept within this, so that the difference of two never overflows: years 1823 to 2116. */
#define CAPTURE_TIME_LIMIT ((int64_t)1 << 62)

struct reader;
struct reader_ops {
	/* Fill all of *f but its number. For CAPTURE_DAMAGED capture_damage() has been called. */
	enum capture_status (*next)(struct reader *, struct frame *f, struct diag *d);
	/* Number of frames without reading them, the place kept; false: not that way. NULL: never.
	 */
	bool (*count)(struct reader *, uint64_t *n);
	/* Go to a frame_offset given earlier, or to the first frame (offset 0). */
	bool (*seek)(struct reader *, uint64_t offset, struct diag *d);
	void (*free)(struct reader *);
};

struct capture {
	struct input *in;
	struct capture_info info;
	GArray *interfaces; /* struct capture_interface; info.interfaces is its data */
	struct reader *reader;
	const struct reader_ops *ops;
	uint32_t frames; /* given in this pass */
	bool stopped;    /* damage was said in this pass */
};

/* The format's reader, or NULL and a message. The input stands at its begin. */
struct reader *pcap_reader_new(struct capture *c, struct diag *d);
struct reader *pcapng_reader_new(struct capture *c, struct diag *d);
extern const struct reader_ops pcap_reader_ops, pcapng_reader_ops;

/* Append an interface; strings become the capture's own. */
void capture_add_interface(struct capture *c, const struct capture_interface *i);

/*
 * The one sentence for a file that cannot be read further: why, after how many frames, what to do.
 * `ended`: the bytes ended; else they are wrong, and fmt says how. Returns CAPTURE_DAMAGED.
 */
enum capture_status capture_cut(struct capture *c, struct diag *d);
enum capture_status capture_damage(struct capture *c, struct diag *d, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* Values of a file header as LINKTYPE_ values: some systems wrote their own numbers for raw IP. */
uint32_t link_type_from_file(uint32_t value);

/* Say what a file is that is no capture. Always false. */
bool not_a_capture(struct input *in, struct diag *d);

#endif
