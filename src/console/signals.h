/* SPDX-License-Identifier: GPL-3.0-or-later */
/* signals: what a person sends with keys, a window or kill, taken one by one when it suits. */
#ifndef TRACETUTOR_CONSOLE_SIGNALS_H
#define TRACETUTOR_CONSOLE_SIGNALS_H

#include <signal.h>
#include <stdbool.h>

/*
 * From now on SIGINT, SIGTERM, SIGHUP, SIGTSTP and SIGWINCH are blocked but while ppoll() waits
 * with the mask *open, which is filled in; so none is lost between looking for them and waiting.
 */
void signals_watch(sigset_t *open);
/* They do again what they usually do. */
void signals_leave(const sigset_t *open);
/* Has this one come since it was last asked for? */
bool signals_took(int signum);

#endif
