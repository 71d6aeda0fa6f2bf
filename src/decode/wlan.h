/* SPDX-License-Identifier: GPL-3.0-or-later */
/* wlan: rows of 802.11 and what its files share (private to decode). */
#ifndef DECODE_WLAN_H
#define DECODE_WLAN_H

#include "tracetutor/decode.h"

enum wlan_row { WLAN_PROTO, WLAN_SA, WLAN_DA, WLAN_ROWS };
#define WLAN_ID(row) FIELD_ID(PROTO_wlan, WLAN_##row)

/* Information elements (IEEE 802.11 section 9.4.2), all of the cursor. */
void wlan_tags(struct decoder *d, struct record *r, struct cursor *c);

#endif
