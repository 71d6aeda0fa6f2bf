/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * udp_fields: the rows of the UDP table. Rows from UDP_STREAM on are added by track.
 */
#ifndef TRACETUTOR_UDP_FIELDS_H
#define TRACETUTOR_UDP_FIELDS_H

#include "tracetutor/field.h"

enum udp_row {
	UDP_PROTO,
	UDP_SRCPORT,
	UDP_DSTPORT,
	UDP_PORT,
	UDP_LENGTH,
	UDP_CHECKSUM,
	UDP_CHECKSUM_OK,
	UDP_CHECKSUM_CALCULATED,
	UDP_CHECKSUM_OFFLOADED,
	UDP_PAYLOAD,
	UDP_LENGTH_BAD,
	UDP_LENGTH_ZERO,
	UDP_CHECKSUM_ZERO,
	UDP_STREAM,
	UDP_TIME_RELATIVE,
	UDP_TIME_DELTA,
	UDP_ROWS
};

#define UDP_ID(row) FIELD_ID(PROTO_udp, (row))

#endif
