/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * out: the one large buffer between a sink and a file descriptor (or memory).
 *
 * Written in blocks, never a line at a time. The first error is kept in *error (an errno); from
 * then on everything is dropped, so callers need no check until they flush.
 */
#ifndef TRACETUTOR_REPORT_OUT_H
#define TRACETUTOR_REPORT_OUT_H

#include "tracetutor/buf.h"

struct out {
	int fd;         /* -1: all stays in *to */
	struct buf *to; /* own, or the caller's memory */
	struct buf own;
	int *error;
};

/* Write to fd, or into mem if that is not NULL. */
void out_init(struct out *o, int fd, struct buf *mem, int *error);
void out_release(struct out *o);
/* Hand on what is buffered; false once writing has failed. */
bool out_flush(struct out *o);

/* Call now and then: hands on a full block. */
static inline void out_check(struct out *o)
{
	if (o->to->len >= BUF_PIECE && o->fd >= 0)
		out_flush(o);
}
static inline void out_mem(struct out *o, const char *s, size_t n)
{
	buf_mem(o->to, s, n);
	out_check(o);
}
static inline void out_str(struct out *o, const char *s)
{
	out_mem(o, s, strlen(s));
}
static inline void out_char(struct out *o, char c)
{
	buf_char(o->to, c);
}
static inline void out_fill(struct out *o, char c, size_t n)
{
	buf_fill(o->to, c, n);
}

/* The word that stands before a heading: "Error: ", "Warning: ", or "" (sink.h, severity). */
const char *sink_severity(int severity);

#endif
