/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ipv6: rows of the IPv6 table and what its files share (private to decode). */
#ifndef DECODE_IPV6_H
#define DECODE_IPV6_H

#include "net.h"

enum ipv6_row {
	IPV6_PROTO,
	IPV6_VERSION,
	IPV6_TCLASS,
	IPV6_DSCP,
	IPV6_ECN,
	IPV6_FLOW,
	IPV6_PLEN,
	IPV6_NXT,
	IPV6_HLIM,
	IPV6_SRC,
	IPV6_ADDR,
	IPV6_SRC_HOST,
	IPV6_HOST,
	IPV6_DST,
	IPV6_DST_HOST,
	IPV6_SRC_SLAAC_MAC,
	IPV6_DST_SLAAC_MAC,
	IPV6_SLAAC_MAC,
	IPV6_HOPOPTS,
	IPV6_HOPOPTS_NXT,
	IPV6_HOPOPTS_LEN,
	IPV6_HOPOPTS_OCT,
	IPV6_HOPOPTS_LATE,
	IPV6_DSTOPTS,
	IPV6_DSTOPTS_NXT,
	IPV6_DSTOPTS_LEN,
	IPV6_DSTOPTS_OCT,
	IPV6_ROUTING,
	IPV6_ROUTING_NXT,
	IPV6_ROUTING_LEN,
	IPV6_ROUTING_OCT,
	IPV6_ROUTING_TYPE,
	IPV6_ROUTING_LEFT,
	IPV6_ROUTING_RESERVED,
	IPV6_ROUTING_ADDR,
	IPV6_ROUTING_HOME_RESERVED,
	IPV6_ROUTING_HOME,
	IPV6_ROUTING_SRH_LAST,
	IPV6_ROUTING_SRH_FLAGS,
	IPV6_ROUTING_SRH_TAG,
	IPV6_ROUTING_SRH_ADDR,
	IPV6_ROUTING_DATA,
	IPV6_FRAGHDR,
	IPV6_FRAGHDR_NXT,
	IPV6_FRAGHDR_RESERVED,
	IPV6_FRAGHDR_OFFSET,
	IPV6_FRAGHDR_BITS,
	IPV6_FRAGHDR_MORE,
	IPV6_FRAGHDR_IDENT,
	IPV6_AH,
	IPV6_AH_NXT,
	IPV6_AH_LENGTH,
	IPV6_AH_RESERVED,
	IPV6_AH_SPI,
	IPV6_AH_SEQUENCE,
	IPV6_AH_ICV,
	IPV6_OPT,
	IPV6_OPT_TYPE,
	IPV6_OPT_ACTION,
	IPV6_OPT_CHANGE,
	IPV6_OPT_REST,
	IPV6_OPT_LENGTH,
	IPV6_OPT_BAD,
	IPV6_OPT_PAD1,
	IPV6_OPT_PADN,
	IPV6_OPT_ALERT,
	IPV6_OPT_TUNNEL,
	IPV6_OPT_JUMBO,
	IPV6_OPT_HOME,
	IPV6_OPT_UNKNOWN,
	IPV6_FRAGMENTS,
	IPV6_FRAGMENT,
	IPV6_FRAGMENT_OVERLAP,
	IPV6_FRAGMENT_CONFLICT,
	IPV6_FRAGMENT_COUNT,
	IPV6_REASSEMBLED_LENGTH,
	IPV6_REASSEMBLED_DATA,
	IPV6_BOGUS_VERSION,
	IPV6_PLEN_EXCEEDS,
	IPV6_PLEN_ZERO,
	IPV6_ROWS
};

#define IPV6_ID(row) FIELD_ID(PROTO_ipv6, (row))

extern const struct field_def ipv6_fields[IPV6_ROWS];

/* Where the chain of extension headers ends. */
struct ipv6_chain {
	uint8_t proto; /* what follows it */
	bool fragment; /* a piece of a datagram; its place: */
	uint32_t ident, offset;
	bool more;
	bool routed; /* stations are left: `final` is where it will end */
	bool stop;   /* nothing readable follows */
	uint8_t final[16];
};
/* Pass over the extension headers from protocol number `first` on. */
void ipv6_extensions(struct decoder *d, struct record *r, struct cursor *c, uint8_t first,
		     struct ipv6_chain *chain);
void ipv6_lines(struct lines *l, const struct record *r, const struct layer *layer);

#endif
