/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * follow: what the two sides of a conversation said, as a dialogue, in the order in which the
 * programs got it: each byte once, repeats left out, missing bytes said.
 *
 * It shows what was sent, as it was sent. Lines that hold a password or the like are marked.
 */
#ifndef TRACETUTOR_FOLLOW_H
#define TRACETUTOR_FOLLOW_H

#include "tracetutor/rules.h"

#define FOLLOW_MAX_LINE 65536 /* bytes of a line without end; then it is shown as it is so far */

struct follow_options {
	uint32_t conv_index;
	uint8_t ip_proto;
	bool hex;                    /* bytes instead of lines */
	unsigned width;              /* columns; longer lines go on below */
	const struct engine *engine; /* knows the names of addresses; NULL */
};

struct follow;
struct follow *follow_new(const struct follow_options *o);
void follow_free(struct follow *f);
/* Every packet of the trace in order; whole lines, each with '\n', are appended to out. */
void follow_add(struct follow *f, const struct record *r, struct buf *out);
/* After the last: what is still waiting for the end of its line, and closing words. */
void follow_end(struct follow *f, struct buf *out);

#endif
