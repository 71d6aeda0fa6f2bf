/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * process: what the keeper, the recorders and the programs they start have in common: out of reach
 * of the terminal's keys, with no descriptor but those they need.
 */
#ifndef TRACETUTOR_RECORDER_PROCESS_H
#define TRACETUTOR_RECORDER_PROCESS_H

#include <stdbool.h>
#include <sys/types.h>

/*
 * In a new process: be alone in a group of its own; ignore what the terminal sends; SIGTERM, SIGHUP
 * and SIGCHLD come out of the returned signalfd. The n descriptors stay (their new numbers are
 * stored), all others are closed, and 0 to 2 lead nowhere. -1 if that is not possible.
 */
int process_begin(const char *name, int *fds, unsigned n);

/* A program found in the PATH or where only root's PATH looks; NULL. g_free() it. */
char *process_find(const char *program);

/*
 * Start a program by its argument list. Its output is to be read from *out, its errors go into a
 * file in memory, *errors. It is ended when *lifeline is closed, by us or by our death; a program
 * that runs as root is ended through sudo.
 */
bool process_start(const char *const *argv, int *out, int *errors, int *lifeline);
/* Run a program to its end without input or output; its exit status, or -1. */
int process_run(const char *const *argv);

#endif
