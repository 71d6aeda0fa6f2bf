/* SPDX-License-Identifier: GPL-3.0-or-later */
/* frame: the fields that are filled after the others (private to decode). */
#ifndef DECODE_FRAME_H
#define DECODE_FRAME_H

#include "tracetutor/record.h"

/* Fill frame.protocols from the record's layers. */
void frame_protocols(struct record *r);
/* Say that the packet is left undecoded. */
void frame_ignored(struct record *r);

#endif
