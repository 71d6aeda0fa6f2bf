/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * live: frames from an interface, through libpcap, or from another program that writes a capture
 * into a pipe (dumpcap, tcpdump).
 */
#ifndef TRACETUTOR_LIVE_H
#define TRACETUTOR_LIVE_H

#include "tracetutor/diag.h"
#include "tracetutor/frame.h"

struct live;

enum live_why { LIVE_FORBIDDEN, LIVE_NO_INTERFACE, LIVE_BAD_FILTER, LIVE_FAILED };

/* NULL, a message, and *why. `filter` NULL: everything. snap_length 0: whole packets. */
struct live *live_open(const char *interface, const char *filter, uint32_t snap_length,
		       enum live_why *why, struct diag *d);
/* Read a capture that arrives on a descriptor (taken over): waits for its header, at most
 * `seconds`. */
struct live *live_from_stream(int fd, unsigned seconds, struct diag *d);
void live_close(struct live *l);

uint32_t live_link_type(const struct live *l);
uint32_t live_snap_length(const struct live *l);
/* To poll for reading. */
int live_fd(const struct live *l);

enum live_status {
	LIVE_FRAMES, /* none or more were given; more may come */
	LIVE_DOWN,   /* the interface was switched off; it may come back */
	LIVE_GONE,   /* the interface is gone, or the other program has ended: no more will come */
};
typedef void live_each(void *context, const struct frame *f);
/* Hand on what is there now, at most `most` frames, without waiting. *given: how many. */
enum live_status live_next(struct live *l, unsigned most, live_each *each, void *context,
			   unsigned *given);
/* Frames the kernel lost because nobody fetched them; false: not known. */
bool live_dropped(struct live *l, uint64_t *dropped);

/* Is it a filter libpcap understands (for Ethernet)? False and a message if not. */
bool live_filter_check(const char *filter, struct diag *d);

#endif
