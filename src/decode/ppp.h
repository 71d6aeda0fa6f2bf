/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ppp: rows of PPP (private to decode). */
#ifndef DECODE_PPP_H
#define DECODE_PPP_H

#include "tracetutor/field.h"

enum ppp_row { PPP_PROTO, PPP_ADDRESS, PPP_CONTROL, PPP_DIRECTION, PPP_PROTOCOL, PPP_ROWS };
#define PPP_ID(row) FIELD_ID(PROTO_ppp, PPP_##row)

#endif
