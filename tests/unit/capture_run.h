/* SPDX-License-Identifier: GPL-3.0-or-later */
/* capture_run: one of the shipped captures through the pipeline. */
#ifndef TRACETUTOR_TESTS_CAPTURE_RUN_H
#define TRACETUTOR_TESTS_CAPTURE_RUN_H

#include <check.h>
#include <glib.h>

#include "tracetutor/session.h"

/* Every record goes to `each`; *p has ended and is the caller's to release. */
static inline void capture_run(struct pipeline *p, const char *name, const struct packs *packs,
			       pipeline_each *each, void *context)
{
	char *path = g_build_filename(g_getenv("TRACETUTOR_DATA"), "captures", name, NULL);
	struct diag d = DIAG_INIT;
	struct capture *c = capture_open(path, &d);
	struct frame f;

	ck_assert_ptr_nonnull(c);
	pipeline_init(p, packs);
	pipeline_observe(p, each, context);
	while (capture_next(c, &f, &d) == CAPTURE_FRAME)
		pipeline_frame(p, &f);
	pipeline_end(p);
	capture_close(c);
	diag_release(&d);
	g_free(path);
}

#endif
