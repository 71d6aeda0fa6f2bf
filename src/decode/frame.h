/* SPDX-License-Identifier: GPL-3.0-or-later */
/* frame: the one field that can be filled only when all layers are known (private to decode). */
#ifndef DECODE_FRAME_H
#define DECODE_FRAME_H

#include "tracetutor/record.h"

/* Fill frame.protocols from the record's layers. */
void frame_protocols(struct record *r);

#endif
