/* SPDX-License-Identifier: GPL-3.0-or-later */
/* pppoe: rows of PPPoE and of its tags (private to decode). */
#ifndef DECODE_PPPOE_H
#define DECODE_PPPOE_H

#include "tracetutor/decode.h"

enum pppoe_row {
	PPPOE_PROTO,
	PPPOE_VERSION,
	PPPOE_TYPE,
	PPPOE_CODE,
	PPPOE_SESSION,
	PPPOE_LENGTH,
	PPPOE_ROWS
};
#define PPPOE_ID(row) FIELD_ID(PROTO_pppoe, PPPOE_##row)

enum pppoe_tag_row {
	TAG_PROTO,
	TAG_LIST,
	TAG_TYPE,
	TAG_LENGTH,
	TAG_UNKNOWN,
	TAG_SERVICE,
	TAG_AC_NAME,
	TAG_HOST_UNIQ,
	TAG_COOKIE,
	TAG_VENDOR,
	TAG_VENDOR_DATA,
	TAG_VENDOR_LIST,
	TAG_CIRCUIT,
	TAG_REMOTE,
	TAG_RATE_FIRST, /* fourteen numbers in the order of their tags, from 0x81 on */
	TAG_RATE_LAST = TAG_RATE_FIRST + 13,
	TAG_ENCAPSULATION,
	TAG_ENCAPSULATION_LINK,
	TAG_ENCAPSULATION_1,
	TAG_ENCAPSULATION_2,
	TAG_FCN,
	TAG_BCN,
	TAG_RECEIVE_ONLY,
	TAG_MAX_UNITS,
	TAG_CURRENT_UNITS,
	TAG_QUALITY,
	TAG_RESOURCE,
	TAG_LATENCY,
	TAG_CURRENT_RATE,
	TAG_MAX_RATE,
	TAG_SEQUENCE,
	TAG_SCALE,
	TAG_RELAY,
	TAG_HURL,
	TAG_MOTM,
	TAG_MAX_PAYLOAD,
	TAG_ROUTE,
	TAG_SERVICE_ERROR,
	TAG_SYSTEM_ERROR,
	TAG_GENERIC_ERROR,
	TAG_ROWS
};

/* Discovery (RFC 2516 appendix A): the list of tags, all of the cursor. */
void pppoe_tags(struct decoder *d, struct record *r, struct cursor *c);
extern const struct field_def pppoe_tag_rows[TAG_ROWS];

#endif
