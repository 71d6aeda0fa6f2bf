/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * stream: one pass over a capture, for the commands that need no rules and nothing twice.
 */
#ifndef TRACETUTOR_CONSOLE_STREAM_H
#define TRACETUTOR_CONSOLE_STREAM_H

#include "src/console/cli.h"
#include "tracetutor/capture.h"
#include "tracetutor/filter.h"
#include "tracetutor/record.h"

/* EXIT_FORBIDDEN and a message if the file is there but may not be read. */
enum exit_code trace_permitted(const char *path, struct diag *d);

/* The filter of the request in *f (NULL if there is none). False and a message if it is wrong. */
bool trace_filter(const struct request *q, struct filter **f, struct diag *d);
/* After the last packet: say it if the filter (or NULL) was too slow for some. */
void trace_filter_done(const struct filter *f, struct diag *d);

/* Called for each packet; `wanted`: filter and --packet select it. Returns false to stop. */
typedef bool stream_each(void *context, const struct record *r, bool wanted);

/* Read to the end. Damage is said in d, after every readable packet was handed on: EXIT_WRONG.
 * `shapes`: nothing but the lines of the records is wanted, which may lack fields (shape.h); NULL:
 * they are whole. `at`: where the number of the packet at work is kept; NULL: nowhere. */
enum exit_code stream_packets(struct capture *c, const struct request *q, const struct filter *f,
			      struct shapes *shapes, volatile uint32_t *at, stream_each *each,
			      void *context, struct diag *d);

#endif
