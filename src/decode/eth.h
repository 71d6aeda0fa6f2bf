/* SPDX-License-Identifier: GPL-3.0-or-later */
/* eth: the rows of Ethernet that other link layers use (private to decode). */
#ifndef DECODE_ETH_H
#define DECODE_ETH_H

#include "tracetutor/field.h"

enum eth_row {
	ETH_PROTO,
	ETH_DST,
	ETH_SRC,
	ETH_ADDR,
	ETH_DST_LG,
	ETH_DST_IG,
	ETH_SRC_LG,
	ETH_SRC_IG,
	ETH_LG,
	ETH_IG,
	ETH_TYPE, /* rows from here on have lines of their own */
	ETH_LEN,
	ETH_INVALID,
	ETH_PADDING,
	ETH_TRAILER,
	ETH_FCS,
	ETH_FCS_STATUS,
	ETH_ROWS
};
#define ETH_ID(row) FIELD_ID(PROTO_eth, ETH_##row)

#endif
