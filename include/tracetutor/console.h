/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * console: the command line and the dialogue of a guided session. The only layer that prints.
 *
 * Exit codes, the same for every command:
 *     0  fine
 *     1  a finding or a refused check, only where documented: `check` found an error in a pack,
 *        `explain --exit-status` found a fault. `explain` alone ends 0 whatever it found.
 *     2  usage or input error: unknown option, damaged capture, disk full, refused output file
 *     3  no permission to read or write what was named
 *
 * Results go to standard output, everything else to standard error. A reader that closes the pipe
 * early (head, a pager) ends the work quietly with 0.
 */
#ifndef TRACETUTOR_CONSOLE_H
#define TRACETUTOR_CONSOLE_H

enum exit_code { EXIT_FINE = 0, EXIT_FOUND = 1, EXIT_WRONG = 2, EXIT_FORBIDDEN = 3 };

/* The whole program; returns one of the exit codes. */
int console_main(int argc, char **argv);

#endif
