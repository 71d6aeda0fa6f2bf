/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ip: rows of the IPv4 table and what its files share (private to decode). */
#ifndef DECODE_IP_H
#define DECODE_IP_H

#include "net.h"

enum ip_row {
	IP_PROTO,
	IP_VERSION,
	IP_HDR_LEN,
	IP_DSFIELD,
	IP_DSCP,
	IP_ECN,
	IP_LEN,
	IP_ID_,
	IP_FLAGS,
	IP_FLAGS_RB,
	IP_FLAGS_DF,
	IP_FLAGS_MF,
	IP_FRAG_OFFSET,
	IP_TTL,
	IP_PROTOCOL,
	IP_CHECKSUM,
	IP_CHECKSUM_OK,
	IP_CHECKSUM_CALCULATED,
	IP_CHECKSUM_OFFLOADED,
	IP_SRC,
	IP_ADDR,
	IP_SRC_HOST,
	IP_HOST,
	IP_DST,
	IP_DST_HOST,
	IP_FRAGMENTS,
	IP_FRAGMENT,
	IP_FRAGMENT_OVERLAP,
	IP_FRAGMENT_CONFLICT,
	IP_FRAGMENT_COUNT,
	IP_REASSEMBLED_LENGTH,
	IP_REASSEMBLED_DATA,
	IP_BOGUS_VERSION,
	IP_BOGUS_HDR_LEN,
	IP_BOGUS_LEN,
	IP_TTL_LNCB,
	IP_TTL_SMALL,
	IP_OPT_TYPE,
	IP_OPT_COPY,
	IP_OPT_CLASS,
	IP_OPT_NUMBER,
	IP_OPT_LEN,
	IP_OPT_LEN_BAD,
	IP_OPT_PTR,
	IP_OPT_PTR_BEFORE,
	IP_OPT_PTR_MIDDLE,
	IP_OPT_EOL,
	IP_OPT_NOP,
	IP_OPT_SECURITY,
	IP_OPT_LSRR,
	IP_OPT_TIMESTAMP,
	IP_OPT_RR,
	IP_OPT_SID,
	IP_OPT_SSRR,
	IP_OPT_MTU_PROBE,
	IP_OPT_MTU_REPLY,
	IP_OPT_TRACEROUTE,
	IP_OPT_ROUTER_ALERT,
	IP_REC_RT,
	IP_REC_RT_HOST,
	IP_CUR_RT,
	IP_CUR_RT_HOST,
	IP_SRC_RT,
	IP_SRC_RT_HOST,
	IP_EMPTY_RT,
	IP_EMPTY_RT_HOST,
	IP_OPT_SID_VALUE,
	IP_OPT_MTU,
	IP_OPT_ID,
	IP_OPT_OHC,
	IP_OPT_RHC,
	IP_OPT_ORIGINATOR,
	IP_OPT_RA,
	IP_OPT_OVERFLOW,
	IP_OPT_FLAG,
	IP_OPT_STAMP,
	IP_OPT_STAMP_ADDR,
	IP_OPT_SEC_LEVEL,
	IP_OPT_SEC_COMP,
	IP_OPT_SEC_HR,
	IP_OPT_SEC_TCC,
	IP_OPT_SEC_CL,
	IP_ROWS
};

#define IP_ID(row) FIELD_ID(PROTO_ip, (row))

extern const struct field_def ip_fields[IP_ROWS];

/*
 * Read the options of an IPv4 header. Returns the final destination of a source route that is not
 * used up yet (the header's own destination is only the next stop then), else `dst`.
 */
uint32_t ip_options(struct record *r, struct cursor *c, uint32_t dst);
/* True if the options hold such a source route. */
bool ip_source_routed(const uint8_t *options, uint32_t n);
void ip_lines(struct lines *l, const struct record *r, const struct layer *layer);

#endif
