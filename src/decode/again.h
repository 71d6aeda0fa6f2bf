/* SPDX-License-Identifier: GPL-3.0-or-later */
/* again: headers of a shape that was decoded before (private to decode). */
#ifndef DECODE_AGAIN_H
#define DECODE_AGAIN_H

#include "tracetutor/decode.h"

/*
 * For a record that has `shapes`, and nothing yet but the frame. True: it has all of the headers
 * but their fields, because their shape is known and has lines. False: they are to be decoded, and
 * if r->shape is set then, headers_learn() keeps what came of it; their lines are kept when they
 * are written.
 */
bool headers_again(struct record *r, const struct frame *f);
void headers_learn(struct record *r);

#endif
