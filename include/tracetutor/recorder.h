/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * recorder: recording into a trace file, by processes of their own.
 *
 *     tracetutor --------- keeper (has the rights the program was started with, reads no packet)
 *         |                   |  one for each recording
 *         |<--- events -- recorder (opened the interface, then gave up all rights; copies frames
 *         |                   |     into the file, decodes nothing)
 *         |                   v
 *         '---reads----- trace.pcapng
 *
 * The file is the only way from the recorder to whoever shows packets: a packet is shown after it
 * is in the file, so that a kill at any moment loses nothing that was shown. The recorder goes on
 * until it is told to stop, a limit is reached, or the program that asked is gone.
 */
#ifndef TRACETUTOR_RECORDER_H
#define TRACETUTOR_RECORDER_H

#include <stdbool.h>
#include <stdint.h>

#include "tracetutor/diag.h"

struct keeper;

/* Fork the keeper. Call it first of all in the program: it keeps the rights that are there then. */
struct keeper *keeper_start(struct diag *d);
/* Ends it and what it recorded (each file is finished first). */
void keeper_end(struct keeper *k);

/* By which way recording is possible; the ladder of rights. */
enum recorder_way {
	WAY_NONE,    /* not at all: recorder_way_words() says what to do */
	WAY_DIRECT,  /* libpcap in our own recorder */
	WAY_DUMPCAP, /* Wireshark's dumpcap, which this user may run */
	WAY_SUDO     /* tcpdump through sudo; may ask for a password on the terminal */
};
/* Ask the keeper which way would work on that interface, without recording (WAY_DIRECT as well if
 * it is not a matter of rights, as recording_start() then says). */
enum recorder_way keeper_way(struct keeper *k, const char *interface);
/* Let sudo ask for the password, on the terminal, in the foreground. False and a message if it was
 * not given. For the console, which still has the terminal. */
bool recorder_ask_sudo(struct diag *d);
/* For WAY_NONE: one paragraph (its lines are not wrapped) with what is missing, the one command to
 * copy (alone on its line), what it changes, and what works without rights. Only the branch that
 * applies on this system. */
void recorder_way_words(struct buf *out);

struct recorder_request {
	const char *interface;
	const char *filter;   /* libpcap's language; NULL: everything */
	const char *comment;  /* of the file: facts of the machine; NULL */
	uint32_t snap_length; /* 0: whole packets */
	int fd;               /* the new, empty file, open for writing; stays the caller's */
	/* Limits; 0: none. */
	uint32_t seconds;       /* stop after so long */
	uint32_t quiet_seconds; /* stop when nothing came for so long, after something did */
	uint64_t bytes; /* stop when the file has this size (the last block may exceed it) */
	bool ring;      /* at that size do not stop, but ask for another file: RECORDING_FULL */
};

struct recording;
/*
 * Start; returns when the interface is open, so that what happens next is recorded, and the file
 * has its first blocks, so that it can be opened. NULL and a message if it could not; *way (not
 * NULL) then is WAY_SUDO if recorder_ask_sudo() and a second try may help, WAY_NONE if the rights
 * are missing (recorder_way_words()), and WAY_DIRECT if it is not a matter of rights.
 */
struct recording *recording_start(struct keeper *k, const struct recorder_request *q,
				  enum recorder_way *way, struct diag *d);

enum recording_what {
	RECORDING_NOTHING, /* no event at hand */
	RECORDING_GREW,    /* the counts changed */
	RECORDING_DOWN,    /* the interface was switched off; going on */
	RECORDING_UP,      /* it is back: packets come again */
	RECORDING_CLOCK,   /* the clock was set; `seconds` by how much */
	RECORDING_SLEPT,   /* the computer slept for `seconds` */
	RECORDING_FULL, /* the file has reached its size (request.ring); see recording_next_file()
			 */
	RECORDING_NEXT, /* the next file is in use; `packets` and `size` are the finished one's */
	RECORDING_ENDED /* the last event; `end` says why, the file is finished (read-only, but for
			   END_DIED: see writer_repair()); do not poll any more */
};
enum recording_end {
	END_STOPPED, /* recording_stop() */
	END_TIME,    /* request.seconds */
	END_QUIET,   /* request.quiet_seconds */
	END_SIZE,    /* request.bytes */
	END_DISK,    /* the disk is full, or failing: `error`; packets up to there are safe */
	END_GONE,    /* the interface is gone */
	END_DIED     /* the recorder was killed; what is in the file is safe */
};
struct recording_event {
	enum recording_what what;
	enum recording_end end;
	int error;        /* errno of END_DISK */
	int64_t seconds;  /* CLOCK, SLEPT */
	uint64_t packets; /* in the file at work */
	uint64_t size;    /* bytes of the file that are whole */
	uint64_t dropped; /* lost by the kernel; UINT64_MAX: not known */
};
/* It ended before anybody wanted it to. */
static inline bool recording_failed(const struct recording_event *e)
{
	return e->end == END_DISK || e->end == END_GONE || e->end == END_DIED;
}
/* To poll for reading. */
int recording_fd(const struct recording *r);
/* The next event, without waiting. */
void recording_next(struct recording *r, struct recording_event *e);
/* A note into the trace, now. */
void recording_mark(struct recording *r, const char *text);
/* Facts learned while recording; they go into the last block of the file. */
void recording_facts(struct recording *r, const char *comment);
/* Ring mode: go on in this new, empty file (after RECORDING_FULL; until it comes the recorder stays
 * in the old one). */
void recording_next_file(struct recording *r, int fd);
/* Ask it to stop: it fetches what the kernel still holds, finishes the file, then RECORDING_ENDED.
 */
void recording_stop(struct recording *r);
/* If it has not ended it is stopped, without waiting for it. */
void recording_free(struct recording *r);

#endif
