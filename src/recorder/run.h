/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * run: what the processes that the keeper forks do. None of these returns.
 */
#ifndef TRACETUTOR_RECORDER_RUN_H
#define TRACETUTOR_RECORDER_RUN_H

#include <stdnoreturn.h>

#include "src/recorder/message.h"

/* An order with its texts; "" for none. */
struct task {
	struct order order;
	const char *interface, *filter, *comment;
	int control; /* to who asked */
	int file;
};

/* Record, and answer and report to who asked. */
noreturn void recorder_run(const struct task *t);
/* Answer which way there is. */
noreturn void prober_run(const struct task *t);
/* The keeper: obey until the other end of `orders` is gone, or the process `console` is. */
noreturn void keeper_run(int orders);

#endif
