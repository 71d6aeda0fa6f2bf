/* SPDX-License-Identifier: GPL-3.0-or-later */
/* icmp: rows of the ICMP table and what its files share (private to decode). */
#ifndef DECODE_ICMP_H
#define DECODE_ICMP_H

#include "net.h"

enum icmp_row {
	ICMP_PROTO,
	ICMP_TYPE,
	ICMP_CODE,
	ICMP_CHECKSUM,
	ICMP_CHECKSUM_STATUS,
	ICMP_CHECKSUM_CALCULATED,
	ICMP_UNUSED,
	ICMP_RESERVED,
	ICMP_LENGTH,
	ICMP_LENGTH_ORIGINAL,
	ICMP_MTU,
	ICMP_IDENT,
	ICMP_IDENT_LE,
	ICMP_SEQ,
	ICMP_SEQ_LE,
	ICMP_POINTER,
	ICMP_REDIR_GW,
	ICMP_NUM_ADDRS,
	ICMP_ENTRY_SIZE,
	ICMP_LIFETIME,
	ICMP_ROUTER,
	ICMP_PREF,
	ICMP_ORIGINATE,
	ICMP_RECEIVE,
	ICMP_TRANSMIT,
	ICMP_MASK,
	ICMP_DATA_TIME,
	ICMP_DATA_TIME_REL,
	ICMP_EXT,
	ICMP_EXT_VERSION,
	ICMP_EXT_RES,
	ICMP_EXT_CHECKSUM,
	ICMP_EXT_CHECKSUM_STATUS,
	ICMP_EXT_LENGTH,
	ICMP_EXT_CLASS,
	ICMP_EXT_CTYPE,
	ICMP_EXT_DATA,
	ICMP_MPLS_LABEL,
	ICMP_MPLS_EXP,
	ICMP_MPLS_S,
	ICMP_MPLS_TTL,
	ICMP_ROWS
};

#define ICMP_ID(row) FIELD_ID(PROTO_icmp, (row))

extern const struct field_def icmp_fields[ICMP_ROWS];

void icmp_lines(struct lines *l, const struct record *r, const struct layer *layer);
/* RFC 4884 extensions after the quoted packet. */
void icmp_extensions(struct record *r, struct cursor *c);

#endif
