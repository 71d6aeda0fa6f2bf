/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * host: the half of a guided session that has power: terminal, session folder, recorder. It serves
 * the guest (guest.h), which decides what is said and done, and reads no packet itself.
 *
 * If the guest crashes or hangs at a packet, that is said, and another one goes on without that
 * packet.
 */
#ifndef TRACETUTOR_CONSOLE_HOST_H
#define TRACETUTOR_CONSOLE_HOST_H

#include <sys/types.h>

#include "src/console/door.h"
#include "src/console/wire.h"
#include "tracetutor/console.h"
#include "tracetutor/folder.h"
#include "tracetutor/machine.h"
#include "tracetutor/recorder.h"

#define HOST_MAX_CRASHES 20 /* then the session ends */
#define HOST_HANGS       10 /* seconds at one packet after which a guest is given up */

/* A recording under way, and the files it is written into. */
struct tape {
	struct recording *recording; /* NULL: none */
	struct machine machine;
	size_t owners; /* of the machine, when they were last told to the recorder */
	int fd;        /* the file at work, for writing */
	char *path;    /* of it */
	int next_fd;   /* ring mode: the piece offered to the recorder; -1: none */
	char *next_path;
	GPtrArray *ring; /* ring mode: paths of the pieces kept, oldest first; NULL: no ring */
	unsigned keep;   /* of them */
	int whole_fd;    /* ring mode: the file that was named, for all pieces in the end; -1 */
	unsigned piece;  /* number of the last one */
	uint64_t before; /* packets in pieces before the one at work */
	bool put_off;    /* not told to the guest yet: */
	struct recording_event grew;
};

struct host {
	struct door *door;
	struct keeper *keeper; /* NULL: this session cannot record */
	struct folder *folder; /* NULL until the guest begins */
	char *trace;     /* the recorded trace it plays; may be opened again for a new guest */
	char *new_trace; /* capture -w: the file to record into; NULL: in the folder */
	struct diag *d;
	/* the rest is the host's own */
	struct tape tape;
	int end; /* of the wire */
	pid_t guest;
	volatile uint32_t *at; /* packet at which the guest works, shared with it */
	uint32_t stuck_at;     /* where it was a second ago, and for how many it has been there */
	unsigned stuck;
	uint32_t skips[HOST_MAX_CRASHES]; /* packets at which guests crashed */
	unsigned nskips;
	int64_t serial;   /* of the prompt that is shown */
	int64_t asked;    /* completions asked for so far */
	bool reading;     /* the guest awaits a line */
	bool interrupted; /* Ctrl-C was pressed while it did not */
	bool input_ended; /* it knows, and may not ask any more: it is told unasked */
	int64_t size;     /* of the terminal, as the guest knows it */
	gint64 next_tick; /* monotonic */
	bool gone;        /* the terminal is gone, or writing failed: end */
	int write_error;
	bool over;
	char *made;          /* the file made last for the guest */
	enum exit_code code; /* with which it ended */
	struct wire_message got;
	struct buf line;
};

/* What a guest does: runs in a process of its own, in the sandbox, and returns its exit code. The
 * host is seen as it was when the guest was forked. */
struct guest;
typedef enum exit_code guest_work(struct guest *g, struct host *h, void *context);

/* The door, with completions that come from the guest. */
void host_open_door(struct host *h, const char *history);
/* Serve guests until the session is over. door, d, and what is wanted of the rest are set. */
enum exit_code host_run(struct host *h, guest_work *work, void *context);
void host_release(struct host *h);

/* GVariant types of what is answered and asked: (name, connections, those inside this computer);
 * (name, kind, addresses, up,
 * running, has the default route); (interface, kind, address, gateway, local, tunnel); (interface,
 * filter, seconds, quiet seconds, bytes, pieces of a ring). */
#define HOST_PROGRAMS   "a(suu)"
#define HOST_INTERFACES "a(sssbbb)"
#define HOST_ROUTE      "(ssssbb)"
#define HOST_RECORD     "(ssuutu)"

/* There is nobody any more: each line the guest asks for from now on is the end. */
void host_gone(struct host *h);

/* --- host_answers.c: what the guest may ask for --- */

/* One message of the guest. False: it makes no sense, and the guest is given up. */
bool host_answer(struct host *h);

/* Answer what the guest asked; the descriptor (-1: none) stays the caller's. */
void host_reply(struct host *h, int64_t number, const char *text, int fd);
/* Answer "no" with the messages, which are released. */
void host_refuse(struct host *h, struct diag *d);

/* --- tape.c --- */

/* Start recording as asked for in the message at hand, and answer it. */
void tape_start(struct host *h);
/* The recorder has something to say: hand it on to the guest. */
void tape_event(struct host *h);
/* A second has passed. */
void tape_tick(struct host *h);
/* Facts, then stop. */
void tape_stop(struct host *h);
/* The session is over: what is still being recorded is finished. */
void tape_release(struct host *h);

#endif
