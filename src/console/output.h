/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * output: where results go: standard output, a pager in front of it, or a new file.
 *
 * A file is made with O_EXCL | O_NOFOLLOW and 0600: an existing one is refused, whatever it is.
 * Standard output that is the capture itself (`decode x > x`) is refused too. A file that could not
 * be written whole is removed again. The pager starts when there is something to show.
 *
 * Commands that read packets open and settle the output in one process and write it in another, see
 * confined.h.
 */
#ifndef TRACETUTOR_CONSOLE_OUTPUT_H
#define TRACETUTOR_CONSOLE_OUTPUT_H

#include <stdbool.h>
#include <sys/types.h>

#include "src/console/cli.h"
#include "tracetutor/buf.h"
#include "tracetutor/sink.h"

/* What the terminal (or a pipe) can show. */
struct screen {
	bool terminal; /* standard output is one */
	bool color;    /* and may be coloured: NO_COLOR and TERM=dumb are honoured */
	unsigned width, height;
};
struct screen screen_look(void);
/* The options of a text sink for it. */
struct sink_options screen_options(const struct screen *s);

struct output {
	int fd;
	struct screen screen;
	struct buf pending;
	char *created; /* path of the file made; NULL */
	char **pager;  /* its command line; NULL: none */
	int pager_in;  /* where it will read; -1: it has started, or another process starts it */
	pid_t pager_id;
	bool begun; /* something was or will be written */
	int error;  /* errno of the first failed write */
};

/*
 * Open what the request asks for. `input` is the capture that is read, NULL if none. On failure a
 * message and the exit code to end with; EXIT_FINE otherwise.
 */
enum exit_code output_open(struct output *o, const struct request *q, const char *input,
			   struct diag *d);
/* Append; written in large pieces. False once writing has failed. */
bool output_write(struct output *o, const char *bytes, size_t n);
/* Write out what is pending. */
bool output_flush(struct output *o);
/* What follows is written to o->fd by others (sinks). */
void output_begin(struct output *o);
/*
 * The two halves of output_close(). Finish: flush and close; `code` is how the work went, the
 * answer is the exit code, after a message if writing failed. A closed pipe is not a failure.
 * Settle: wait for the pager, remove the file made if it is not `whole`.
 */
enum exit_code output_finish(struct output *o, enum exit_code code, struct diag *d);
bool output_whole(const struct output *o, enum exit_code code);
void output_settle(struct output *o, bool whole);
enum exit_code output_close(struct output *o, enum exit_code code, struct diag *d);
/* Start the pager of an output that has one. */
void output_page(struct output *o);

#endif
