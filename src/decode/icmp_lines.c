/* SPDX-License-Identifier: GPL-3.0-or-later */
/* icmp_lines: an ICMP message in the grammar of ipformat, its code in words. */
#include "icmp.h"

#define FIRST_BODY_ROW ICMP_UNUSED

struct code_words {
	uint8_t type, code;
	const char *text;
};

/* RFC 792, RFC 1122 section 3.2.2.1, RFC 1812 section 5.2.7.1 */
static const struct code_words codes[] = {{3, 0, "Network unreachable"},
					  {3, 1, "Host unreachable"},
					  {3, 2, "Protocol unreachable"},
					  {3, 3, "Port unreachable"},
					  {3, 4, "Too big, and it must not be cut in pieces"},
					  {3, 5, "Source route failed"},
					  {3, 6, "Network unknown"},
					  {3, 7, "Host unknown"},
					  {3, 9, "Network forbidden"},
					  {3, 10, "Host forbidden"},
					  {3, 13, "Forbidden by a filter"},
					  {5, 0, "For the network"},
					  {5, 1, "For the host"},
					  {11, 0, "Passed too many routers"},
					  {11, 1, "Fragments missing too long"},
					  {12, 0, "The byte pointed at is wrong"},
					  {12, 1, "An option is missing"},
					  {12, 2, "A length is wrong"}};

static const char *code_text(uint64_t type, uint64_t code)
{
	for (unsigned i = 0; i < sizeof(codes) / sizeof(*codes); i++)
		if (codes[i].type == type && codes[i].code == code)
			return codes[i].text;
	return NULL;
}

void icmp_lines(struct lines *l, const struct record *r, const struct layer *layer)
{
	const struct field *at[FIRST_BODY_ROW];
	const char *text;

	net_rows(r, layer, at, FIRST_BODY_ROW);
	text = at[ICMP_CODE] ? code_text(at[ICMP_TYPE]->v.u, at[ICMP_CODE]->v.u) : NULL;
	lines_message(l, r, layer, at[ICMP_TYPE], at[ICMP_CODE], text);
	if (at[ICMP_CHECKSUM]) {
		lines_row(l, r, layer);
		lines_str(l, "Checksum: ");
		lines_hex(l, r, at[ICMP_CHECKSUM], 0);
		lines_verdict(l, r, layer, at[ICMP_CHECKSUM_STATUS], at[ICMP_CHECKSUM_CALCULATED],
			      NULL);
		lines_end(l);
	}
	lines_rest(l, r, layer, FIRST_BODY_ROW, ICMP_ROWS);
}
