/* SPDX-License-Identifier: GPL-3.0-or-later */
/* crossing: what a packet may owe to others, told by the fields it has. */
#include "src/session/crossing.h"

#include <string.h>

#define TCP_SYN 0x02

static bool has(const struct record *r, const char *field)
{
	return record_find(r, field_find(field, strlen(field)), 0) != NULL;
}

void crossing_packet(struct crossing *c, const struct record *r)
{
	if (record_has_proto(r, PROTO_arp) && !c->contested)
		c->contested = has(r, "arp.duplicate-address-detected");
	if (r->flow.tcp_flags & TCP_SYN && !c->reused)
		c->reused = has(r, "tcp.analysis.reused_ports");
}

/* What conversations carry that were agreed upon in another one; app: as in struct conv. */
static bool may_be_agreed(uint16_t app)
{
	return !app || app == PROTO_ftp_data + 1 || app == PROTO_tftp + 1;
}

bool crossing_owes(const struct crossing *c, const struct record *r)
{
	if (record_has_proto(r, PROTO_vj)) /* RFC 1144: told by what changed */
		return true;
	if (record_has_proto(r, PROTO_arp) && c->contested)
		return true;
	if (r->flow.tcp_flags & TCP_SYN && c->reused)
		return true;
	return c->agreed && r->conv && r->flow.preported && may_be_agreed(r->conv->app);
}
