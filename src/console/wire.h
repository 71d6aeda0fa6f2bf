/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * wire: messages between the two halves of a guided session.
 *
 *     host    has the terminal, the files and the way to the recorder; reads no packet
 *     guest   reads packets and decides what is said; has no power (sandbox.h)
 *
 * A message is a kind, a number, bytes, and perhaps a descriptor. The host takes nothing for
 * granted of what the guest sends: lengths are bounded, and it opens only what belongs to the
 * session.
 */
#ifndef TRACETUTOR_CONSOLE_WIRE_H
#define TRACETUTOR_CONSOLE_WIRE_H

#include <stdbool.h>
#include <stdint.h>

#include "tracetutor/buf.h"

#define WIRE_MAX (32u << 20) /* bytes of a message; more ends the connection */

enum wire_kind {
	/* From the guest. (a): the host answers with WIRE_ANSWER, number 0: no, with the reason. */
	WIRE_SHOW,       /* text for the terminal */
	WIRE_READ,       /* text: prompt; the answer is a WIRE_CAME */
	WIRE_PROMPT,     /* text: another prompt, while reading */
	WIRE_REMEMBER,   /* text: a line for the history */
	WIRE_OFFERS,     /* number: of the question; text: completions, one a line */
	WIRE_BEGIN,      /* (a) text: id of the lesson; the session gets its folder, whose path is
			    answered */
	WIRE_SAVE,       /* (a) text: the state file */
	WIRE_FILE,       /* (a) text: name, newline, suffix; a new file in the folder, its path */
	WIRE_DROP,       /* the file made last goes: it could not be written whole */
	WIRE_TRACE,      /* (a) text: name of a trace in the folder, opened for reading */
	WIRE_PROGRAMS,   /* (a) who holds connections */
	WIRE_INTERFACES, /* (a) */
	WIRE_ROUTE,      /* (a) text: host */
	WIRE_WAY,        /* (a) text: interface; number: enum recorder_way */
	WIRE_SUDO,       /* (a) ask for the password of sudo on the terminal */
	WIRE_RECORD,     /* (a) start recording; the path of the trace, and it for reading */
	WIRE_MARK,       /* text: a note into the trace */
	WIRE_STOP,       /* stop recording */
	WIRE_OVER,       /* the session ends; number: enum exit_code */
	/* From the host. */
	WIRE_ANSWER,   /* to an (a) */
	WIRE_CAME,     /* number: enum door_came; text: the line */
	WIRE_SIZE,     /* number: columns << 16 | rows of the terminal */
	WIRE_COMPLETE, /* number: for its answer; text: what stands before the word, newline, the
			  word */
	WIRE_EVENT,    /* a struct recording_event; with a descriptor: the next file of a ring */
	WIRE_TICK      /* a second has passed; number: now, ns since 1970 */
};

struct wire_message {
	enum wire_kind kind;
	int64_t number;
	struct buf text; /* bytes; NUL-terminated beyond its length */
	int fd;          /* -1: none; whoever receives it closes it or hands it on */
};
#define WIRE_MESSAGE_INIT                                                                          \
	{                                                                                          \
		.fd = -1                                                                           \
	}

/* Two connected ends, closed on exec. */
bool wire_pair(int ends[2]);
/* False if the other side is gone. The descriptor (or -1) stays the caller's. */
bool wire_send(int end, enum wire_kind kind, int64_t number, const void *bytes, size_t n, int fd);
/* The other side has read little of what it was sent: what can wait should. */
bool wire_busy(int end);
/* Wait for a message; false if the other side is gone or talks nonsense. The text of *m is reused.
 */
bool wire_receive(int end, struct wire_message *m);

#endif
