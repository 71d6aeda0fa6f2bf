/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Gives a computer its IPv6 address and network settings. RFC 8415. */
#include "tracetutor/decode.h"

static const struct field_def rows[] = {{.name = "dhcpv6",
					 .label = "Dynamic Host Configuration Protocol for IPv6",
					 .type = FT_PROTOCOL}};

const struct proto_def proto_dhcpv6 = {
	.name = "dhcpv6",
	.label = "Dynamic Host Configuration Protocol for IPv6",
	.prefix = "DHCPv6",
	.fields = rows,
	.nfields = 1,
	.blurb = "Gives a computer its IPv6 address and network settings.",
	.see = "RFC 8415",
};
