/* SPDX-License-Identifier: GPL-3.0-or-later */
/* stream: one pass over a capture. */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "src/console/stream.h"
#include "tracetutor/session.h"

enum exit_code trace_permitted(const char *path, struct diag *d)
{
	if (strcmp(path, "-") == 0 || access(path, R_OK) == 0 || errno != EACCES)
		return EXIT_FINE;
	diag_fail(d, "ask its owner for a copy, or read it with the rights of its owner",
		  "you may not read %s", path);
	return EXIT_FORBIDDEN;
}

bool trace_filter(const struct request *q, struct filter **f, struct diag *d)
{
	*f = q->filter ? filter_compile(q->filter, NULL, d) : NULL;
	return *f || !q->filter;
}

void trace_filter_done(const struct filter *f, struct diag *d)
{
	if (f && filter_exhausted(f))
		diag_add(d, DIAG_WARNING, NULL,
			 "make its pattern simpler: no repeat inside a repeat",
			 "the filter took too long on some packets; they count as not matching");
}

enum exit_code stream_packets(struct capture *c, const struct request *q, const struct filter *f,
			      struct shapes *shapes, volatile uint32_t *at, stream_each *each,
			      void *context, struct diag *d)
{
	enum capture_status status;
	struct pipeline p;
	struct frame frame;
	bool going = true;

	pipeline_init(&p, NULL);
	pipeline_watch(&p, at);
	p.record.lean = !f;
	if (!f)
		p.record.shapes = shapes;
	while (going && (status = capture_next(c, &frame, d)) == CAPTURE_FRAME) {
		bool wanted = !q->packet || q->packet == frame.number;

		pipeline_frame(&p, &frame);
		going = each(context, &p.record, wanted && (!f || filter_match(f, &p.record)));
		pipeline_between(&p);
		if (q->packet && frame.number >= q->packet)
			going = false;
	}
	pipeline_release(&p);
	trace_filter_done(f, d);
	return going && status == CAPTURE_DAMAGED ? EXIT_WRONG : EXIT_FINE;
}
