/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * trace.h: a capture opened with all rules and read to its end, as explain, report and the guided
 * session need it; in two halves, between which all power can be given up.
 */
#ifndef TRACETUTOR_CONSOLE_TRACE_H
#define TRACETUTOR_CONSOLE_TRACE_H

#include "src/console/cli.h"
#include "tracetutor/session.h"

struct trace {
	const char *path; /* borrowed */
	struct packs *packs;
	struct capture *found;   /* open, not yet looked at; NULL: there is a session, or nothing */
	struct session *session; /* NULL: it could not be opened */
};

/* Open, and load the rules; no byte of the capture is looked at. EXIT_FINE, or what to end with. */
enum exit_code trace_find(struct trace *t, const char *path, struct diag *d);
/* The same without rules: what a packet says does not need them. */
enum exit_code trace_find_plain(struct trace *t, const char *path, struct diag *d);
/* Make a session of what was found. False and a message if it is no capture. */
bool trace_begin(struct trace *t, struct diag *d);
/* Read to the end. Progress goes to standard error if that is a terminal; Ctrl-C stops reading, and
 * what was read counts. What to end with: a damaged capture is EXIT_WRONG. */
enum exit_code trace_read(struct session *s, struct diag *d);
/* Says what was too slow in all that was done with the trace. */
void trace_close(struct trace *t, struct diag *d);

#endif
