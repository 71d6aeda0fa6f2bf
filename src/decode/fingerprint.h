/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * fingerprint: programs are known by what they offer. The lists of a hello, joined in a way that
 * many tools agree on, and the MD5 of that text.
 */
#ifndef TRACETUTOR_DECODE_FINGERPRINT_H
#define TRACETUTOR_DECODE_FINGERPRINT_H

#include "tracetutor/buf.h"
#include "tracetutor/record.h"

/* Add the text and its MD5 as generated fields. */
void fingerprint_add(struct record *r, uint16_t text_id, uint16_t md5_id, struct buf *text);

#endif
