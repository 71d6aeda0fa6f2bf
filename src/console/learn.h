/* SPDX-License-Identifier: GPL-3.0-or-later */
/* learn.h: what commands share that have a host. */
#ifndef TRACETUTOR_CONSOLE_LEARN_H
#define TRACETUTOR_CONSOLE_LEARN_H

#include "src/console/host.h"

/*
 * Make a host with its door; first of all in the program, so that its keeper (if it `records`) has
 * the rights the program was started with. Under sudo the rest goes on as the person behind it.
 * False and a message if that failed. host_release() in any case.
 */
bool host_begin(struct host *h, struct diag *d, bool records);
/* Files of a session belong to the person, not to root for whom sudo acts: be him for good, with
 * his home. Nothing happens without sudo. False and a message if it failed. */
bool be_the_person(struct diag *d);

#endif
