/* SPDX-License-Identifier: GPL-3.0-or-later */
/* crossing: what a packet may owe to others, told by the fields it has. */
#include "src/session/crossing.h"

#define TCP_SYN 0x02

void crossing_init(struct crossing *c)
{
	*c = (struct crossing){.duplicate = field_named("arp.duplicate-address-detected"),
			       .reused_ports = field_named("tcp.analysis.reused_ports")};
}

void crossing_packet(struct crossing *c, const struct record *r)
{
	if (record_has_proto(r, PROTO_arp) && !c->contested)
		c->contested = record_find(r, c->duplicate, 0) != NULL;
	if (r->flow.tcp_flags & TCP_SYN && !c->reused)
		c->reused = record_find(r, c->reused_ports, 0) != NULL;
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
