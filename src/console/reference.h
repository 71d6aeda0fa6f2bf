/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * reference.h: what is known of a field, a protocol or a rule, as text; for `fields`, `rules` and
 * `explain` in the dialogue.
 */
#ifndef TRACETUTOR_CONSOLE_REFERENCE_H
#define TRACETUTOR_CONSOLE_REFERENCE_H

#include "src/console/cli.h"
#include "tracetutor/rules.h"

void explain_field(struct buf *out, uint16_t id);
void explain_proto(struct buf *out, enum proto_id id);
/* False and a message with "did you mean" if there is no such rule. */
bool explain_rule_named(struct buf *out, const struct packs *p, const char *id, struct diag *d);

#endif
