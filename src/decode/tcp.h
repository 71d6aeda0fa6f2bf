/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tcp: what the files of TCP share (private to decode). */
#ifndef DECODE_TCP_H
#define DECODE_TCP_H

#include "net.h"
#include "tracetutor/tcp_fields.h"

extern const struct field_def tcp_fields[TCP_ROWS];

/* Read all of the cursor as TCP options; fills the option values of the flow. */
void tcp_options(struct record *r, struct flow *flow, struct cursor *c);
void tcp_lines(struct lines *l, const struct record *r, const struct layer *layer);

#endif
