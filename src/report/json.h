/* SPDX-License-Identifier: GPL-3.0-or-later */
/* json.h: writing JSON into a buffer. Strings from outside are cleaned, so that they are UTF-8. */
#ifndef TRACETUTOR_REPORT_JSON_H
#define TRACETUTOR_REPORT_JSON_H

#include "report_private.h"

/* "name": begins a member; a comma first unless it opens its object. */
void json_member(struct buf *out, const char *name);
void json_member_string(struct buf *out, const char *name, const char *s); /* NULL: null */
void json_member_number(struct buf *out, const char *name, uint64_t n);
/* Nanoseconds as seconds. */
void json_seconds(struct buf *out, const char *name, int64_t ns);
/* The comma between elements of a list. */
void json_element(struct buf *out);
/* The members "capture" and "verdict" of `explain --format json`. */
void json_capture(struct buf *out, const struct capture_facts *facts);
void json_verdict(struct buf *out, const struct engine *e);

#endif
