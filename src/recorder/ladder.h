/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ladder: ways to frames of an interface, the one that needs least first: libpcap with the rights
 * we have, Wireshark's dumpcap, tcpdump through sudo.
 */
#ifndef TRACETUTOR_RECORDER_LADDER_H
#define TRACETUTOR_RECORDER_LADDER_H

#include "tracetutor/live.h"
#include "tracetutor/recorder.h"

struct source {
	struct live *live;
	enum recorder_way way;
	int lifeline, errors; /* of the other program (see process.h); -1 */
};

/* False and a message if there is none; s->way then is as recording_start() says. */
bool source_open(struct source *s, const char *interface, const char *filter, uint32_t snap_length,
		 struct diag *d);
/* Tell the other program to end: no more frames will come after those it has. */
void source_end(struct source *s);
/* Frames lost, as far as the kernel or, at its end, the other program says; false: not known. */
bool source_dropped(struct source *s, uint64_t *dropped);
void source_close(struct source *s);

#endif
