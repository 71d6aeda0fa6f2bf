/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ppp: rows of PPP (private to decode). */
#ifndef DECODE_PPP_H
#define DECODE_PPP_H

#include "tracetutor/field.h"

enum ppp_row {
	PPP_PROTO,
	PPP_ADDRESS,
	PPP_CONTROL,
	PPP_DIRECTION,
	PPP_PROTOCOL,
	PPP_CODE, /* rows from here on are those of the control protocols */
	PPP_IDENTIFIER,
	PPP_LENGTH,
	PPP_DATA,
	PPP_TT_OPTION,
	PPP_TT_REASON,
	PPP_ROWS
};
#define PPP_ID(row) FIELD_ID(PROTO_ppp, PPP_##row)

extern const struct value_name ppp_protocols[];

#endif
