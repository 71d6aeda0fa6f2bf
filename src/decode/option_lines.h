/* SPDX-License-Identifier: GPL-3.0-or-later */
/* option_lines: rows for protocols that are a list of options (private to decode). */
#ifndef DECODE_OPTION_LINES_H
#define DECODE_OPTION_LINES_H

#include "tracetutor/lines.h"

/*
 * The layer's rule, then one row a field; but an option, which is a field without a value of its
 * own worth reading and with fields inside, gets one row with all of them: "Largest packet: 1492".
 * The ids in `quiet` (type, length ...; the list ends with FIELD_NONE) are only covered by the row.
 */
void option_lines(struct lines *l, const struct record *r, const struct layer *layer,
		  const uint16_t *quiet);
/* The same, for headers with many flags: bits that are not set have no row. */
void option_lines_set(struct lines *l, const struct record *r, const struct layer *layer,
		      const uint16_t *quiet);

#endif
