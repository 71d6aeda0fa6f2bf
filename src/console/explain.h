/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * explain.h: a capture opened with all rules and read to its end, as explain, report and the guided
 * session need it.
 */
#ifndef TRACETUTOR_CONSOLE_EXPLAIN_H
#define TRACETUTOR_CONSOLE_EXPLAIN_H

#include "src/console/cli.h"
#include "tracetutor/session.h"

struct trace {
	struct packs *packs;
	struct session *session; /* NULL: it could not be opened */
};

/* Progress goes to standard error if that is a terminal; Ctrl-C stops reading, and what was read
 * counts. *code: EXIT_FINE, or what to end with (a damaged capture still gives a session). */
struct trace trace_open(const char *path, enum exit_code *code, struct diag *d);
/* Says what was too slow in all that was done with the trace. */
void trace_close(struct trace *t, struct diag *d);

#endif
