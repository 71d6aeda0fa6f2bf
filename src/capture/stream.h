/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * stream: a pcap capture that arrives on a descriptor bit by bit, read without ever waiting.
 *
 * libpcap reads savefiles only with blocking reads and loses its place when a read is short, so the
 * few numbers of this format are read here.
 */
#ifndef TRACETUTOR_CAPTURE_STREAM_H
#define TRACETUTOR_CAPTURE_STREAM_H

#include "tracetutor/diag.h"
#include "tracetutor/live.h"

struct stream;

/* Wait for the header, at most `seconds`; takes the descriptor over, also when it fails. */
struct stream *stream_open(int fd, unsigned seconds, struct diag *d);
void stream_close(struct stream *s);
int stream_fd(const struct stream *s);
uint32_t stream_link_type(const struct stream *s);
uint32_t stream_snap_length(const struct stream *s);
/* As live_next(). */
enum live_status stream_next(struct stream *s, unsigned most, live_each *each, void *context,
			     unsigned *given);

#endif
