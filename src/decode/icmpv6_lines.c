/* SPDX-License-Identifier: GPL-3.0-or-later */
/* icmpv6_lines: an ICMPv6 message in the grammar of ipformat, its code in words. */
#include "icmpv6.h"

#define FIRST_BODY_ROW ICMPV6_RESERVED

/* RFC 4443 section 3: the codes of the four errors. */
static const char *const codes[4][7] = {
	{"No route there", "Forbidden by a filter", "Beyond the scope of the source",
	 "Address unreachable", "Port unreachable", "Source address refused", "Route refused"},
	{"Too big for the next link"},
	{"Passed too many routers", "Fragments missing too long"},
	{"A header field is wrong", "Next header not known", "Option not known"}};

static const char *code_text(uint64_t type, uint64_t code)
{
	return type >= 1 && type <= 4 && code < 7 ? codes[type - 1][code] : NULL;
}

void icmpv6_lines(struct lines *l, const struct record *r, const struct layer *layer)
{
	const struct field *at[FIRST_BODY_ROW];
	const char *text;

	net_rows(r, layer, at, FIRST_BODY_ROW);
	text = at[ICMPV6_CODE] ? code_text(at[ICMPV6_TYPE]->v.u, at[ICMPV6_CODE]->v.u) : NULL;
	lines_message(l, r, layer, at[ICMPV6_TYPE], at[ICMPV6_CODE], text);
	if (at[ICMPV6_CHECKSUM]) {
		lines_row(l, r, layer);
		lines_str(l, "Checksum: ");
		lines_hex(l, r, at[ICMPV6_CHECKSUM], 0);
		lines_verdict(l, r, layer, at[ICMPV6_CHECKSUM_STATUS],
			      at[ICMPV6_CHECKSUM_CALCULATED], NULL);
		lines_end(l);
	}
	lines_rest(l, r, layer, FIRST_BODY_ROW, ICMPV6_ROWS);
}
