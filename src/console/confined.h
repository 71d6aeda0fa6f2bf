/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * confined: commands that read packets do so in a process without power (sandbox.h).
 *
 * What they need is opened before; what they write, messages included, they write themselves. This
 * process reads no packet: it starts the pager, removes a file that could not be written whole, and
 * says so if the other one crashed, and at which packet.
 */
#ifndef TRACETUTOR_CONSOLE_CONFINED_H
#define TRACETUTOR_CONSOLE_CONFINED_H

#include <stdint.h>

#include "src/console/output.h"

/* Work of the other process, with memory as it was when confined_run() was called. Nothing it
 * changes is seen by the caller. *at: for pipeline_watch(). */
typedef enum exit_code confined_work(void *context, struct output *out, volatile uint32_t *at,
				     struct diag *d);

/*
 * Do the work and settle `out`, which was opened. Answers the exit code of the work; all messages
 * so far have then been written and taken out of d. A signal that ended the work ends this process,
 * too.
 */
enum exit_code confined_run(confined_work *work, void *context, struct output *out, struct diag *d);

#endif
