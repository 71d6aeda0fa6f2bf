/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * capture: frames out of a capture file, one after another, twice if wanted.
 *
 * pcap (both byte orders, micro- and nanoseconds) and pcapng, each read by a bounded reader of our
 * own. "-" is standard input, ".gz" content is recognised by its first bytes. Sources
 * that cannot be read twice are kept in an unlinked temporary file while they are read.
 * A damaged file gives every frame that is readable first, then one sentence.
 */
#ifndef TRACETUTOR_CAPTURE_H
#define TRACETUTOR_CAPTURE_H

#include <stdbool.h>
#include <stdint.h>

#include "tracetutor/diag.h"
#include "tracetutor/frame.h"

#define CAPTURE_MAX_INTERFACES 4096 /* further interface blocks of a file are damage */

struct capture;

struct capture_interface {
	char *name;        /* raw bytes of the file; NULL */
	char *description; /* raw; NULL */
	uint32_t link_type;
	uint32_t snap_length; /* 0: none */
	uint64_t dropped; /* from interface statistics blocks; UINT64_MAX: the file does not say */
};

struct capture_info {
	const char *format; /* "pcap", "pcap (nanoseconds)", "pcapng" */
	bool compressed;
	const struct capture_interface *interfaces;
	uint32_t ninterfaces;
	const char *comment; /* section comment, raw; NULL */
	const char *facts;   /* last comment so far with facts of the machine (machine.h), raw, at
				most MACHINE_TEXT_MAX bytes; NULL */
	const char *application; /* "Dumpcap ...", raw; NULL */
	bool has_secrets;        /* holds TLS keys (decryption secrets block) */
	uint64_t size; /* bytes, unpacked; 0: not known (yet: pipes and .gz, until read once) */
};

enum capture_status {
	CAPTURE_FRAME,  /* *f is filled */
	CAPTURE_END,    /* no more; a warning in d if there was none at all */
	CAPTURE_DAMAGED /* no more can be read; d says why, after how many frames, and what to do
			   (once: a further call only returns the status again) */
};

/* NULL and a message if it is not a readable capture: what it is instead, and what to do. */
struct capture *capture_open(const char *path, struct diag *d);
/*
 * The two halves of it. To find is to open: all that needs a file system is done, and no byte of
 * the content was looked at, so that a sandbox can be entered in between. To begin is to recognise
 * the format; false and a message if it is none (then only capture_close() may follow).
 */
struct capture *capture_find(const char *path, struct diag *d);
bool capture_begin(struct capture *c, struct diag *d);
/* For a process that cannot open files: an open descriptor, which is taken over. A regular file is
 * read from its begin, and its offset is left alone. `name` is for messages. */
struct capture *capture_open_fd(int fd, const char *name, struct diag *d);
/*
 * Follow a file that is being recorded: it ends at `size` (CAPTURE_END, without a warning if it has
 * no packet yet), and reading goes on there after a higher limit was set. UINT64_MAX: no limit, the
 * file is finished. No effect on pipes and .gz.
 */
void capture_limit(struct capture *c, uint64_t size);
enum capture_status capture_next(struct capture *c, struct frame *f, struct diag *d);
/* How many frames the capture has, without reading them; false: only reading can tell. What is read
 * next does not change. */
bool capture_count(struct capture *c, uint64_t *n);
/* Start again at frame 1 (interfaces stay known). False and a message if reading failed. */
bool capture_rewind(struct capture *c, struct diag *d);
/* Continue at a frame that was given before, by its file_offset and number. */
bool capture_seek(struct capture *c, uint64_t file_offset, uint32_t number, struct diag *d);
/* Valid until close; interfaces grow as the file is read. */
const struct capture_info *capture_info(const struct capture *c);
/* The file itself as it was found (packed if it is), to be read with pread() only; -1: it is a pipe
 * or the like. */
int capture_file(const struct capture *c);
/* Bytes read so far, for progress; counted like capture_info()->size. */
uint64_t capture_position(const struct capture *c);
void capture_close(struct capture *c);

/* "Ethernet", "PPP with direction" ... for people; NULL if unknown. Static storage. */
const char *link_type_name(uint32_t link_type);

#endif
