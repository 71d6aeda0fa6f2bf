/* SPDX-License-Identifier: GPL-3.0-or-later */
/* telnet: the rows of the Telnet table. */
#ifndef TRACETUTOR_DECODE_TELNET_H
#define TRACETUTOR_DECODE_TELNET_H

#include "tracetutor/field.h"

enum telnet_row {
	TELNET,
	TELNET_CMD,
	TELNET_SUBCMD,
	TELNET_STRING,
	TELNET_WIDTH,
	TELNET_HEIGHT,
	TELNET_FLOW,
	TELNET_OPTION_DATA,
	TELNET_DATA,
	TT_USER,
	TT_PASSWORD,
	TT_REFUSED,
	TELNET_ROWS
};

#define TELNET_ID(row) FIELD_ID(PROTO_telnet, row)

extern const struct field_def telnet_rows[TELNET_ROWS];
extern const struct value_name telnet_options[];

#endif
