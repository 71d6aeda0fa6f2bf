/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * net: what the IP layers, the transports above them and their lines share (private to decode).
 */
#ifndef DECODE_NET_H
#define DECODE_NET_H

#include "tracetutor/decode.h"
#include "tracetutor/lines.h"

/* How a checksum came out; the numbers are Wireshark's. */
enum checksum_verdict {
	CHECKSUM_BAD,
	CHECKSUM_GOOD,
	CHECKSUM_UNVERIFIED,
	CHECKSUM_ABSENT,
	CHECKSUM_ILLEGAL
};

/* Numbers of a header that is known to be there whole. */
static inline uint16_t net_be16(const uint8_t *p)
{
	return (uint16_t)(p[0] << 8 | p[1]);
}
static inline uint32_t net_be32(const uint8_t *p)
{
	return (uint32_t)net_be16(p) << 16 | net_be16(p + 2);
}
/* All n bytes are zero. */
static inline bool net_zeros(const uint8_t *p, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		if (p[i])
			return false;
	return true;
}

/*
 * What the IP layer tells the transport above it. `verify` is false where the transport's checksum
 * cannot be judged: quoted packets, fragments, lengths that do not fit, source-routed packets whose
 * last station is not known.
 */
struct pseudo {
	uint8_t family;      /* 4 or 6 */
	uint8_t ends[2][16]; /* addresses of sender and receiver; IPv4: the first four bytes */
	bool verify;
};
struct pseudo *net_pseudo(struct decoder *d);

/* The flow to fill: the packet's own, or the quoted one inside an ICMP error. */
struct flow *net_flow(struct record *r);

/*
 * The rows of a protocol's checksum fields; `offloaded` FIELD_NONE: it is never left to the card.
 * `status` holds the verdict; where Wireshark's field of that name says nothing unless it is asked
 * to (IP, TCP, UDP) it is a boolean of ours, which is there only if there is a verdict.
 */
struct checksum_ids {
	uint16_t status, calculated, offloaded;
};

/* Read and add a number of four bytes; 0 and no field if they are not there. */
uint32_t net_number(struct record *r, struct cursor *c, uint16_t id);

/*
 * `sum` is that of all bytes a checksum covers, with `found`, the checksum itself; `partial` the
 * pseudo-header's, which is all that a network card wants in the field that it fills in: then it is
 * unverified.
 */
enum checksum_verdict checksum_verdict_of(uint32_t sum, uint16_t found, uint16_t partial);
/*
 * Judge the checksum field `at` (index of the field just added) whose bytes are summed with
 * everything it covers into `sum`; `partial` is the pseudo-header's sum as a network card expects
 * it in the field, 0 if there is none. Adds the status field and, if wrong, what it should be.
 */
enum checksum_verdict checksum_judge(struct record *r, const struct checksum_ids *ids, uint32_t at,
				     uint32_t sum, uint16_t partial);
/* Not judged: only the status, if anything can be said. */
void checksum_unjudged(struct record *r, const struct checksum_ids *ids,
		       enum checksum_verdict verdict);
/*
 * The transport's checksum over all of the segment from `start` on, with the pseudo-header of
 * protocol `proto`; unverified when the packet is cut. Marks the flow when it is wrong.
 */
void checksum_transport(struct decoder *d, struct record *r, const struct checksum_ids *ids,
			uint32_t at, const struct cursor *c, uint32_t start, uint8_t proto);

/*
 * Add an address with its aliases (Wireshark's hidden fields): the address, the side-less alias,
 * the address as a host's name, and the alias of that. The four ids stand in this order in `ids`.
 */
void net_address4(struct record *r, const uint16_t ids[4], uint32_t off, uint32_t addr);
void net_address6(struct record *r, const uint16_t ids[4], uint32_t off, const uint8_t *addr);
/* An address with only its host name beside it (routes in IPv4 options). */
void net_route4(struct record *r, uint16_t id, uint16_t host, uint32_t off, uint32_t addr);
/* A field that is filterable but not shown. */
struct field *net_hidden(struct field *f);
/* A fact about the packet that is not on the wire: presence only. */
struct field *net_fact(struct record *r, uint16_t id);

/* The rest is the transport's payload: said in the flow and in field `id`. */
void net_payload(struct record *r, const struct cursor *c, struct flow *flow, uint16_t id);
/* Hand the payload of an IP packet to what hangs at its protocol number, else it is data. */
void net_next(struct decoder *d, struct record *r, uint8_t proto, struct cursor *c);
/* Decode the packet that an ICMP error quotes, all of the cursor; a quote in a quote stays data. */
void net_quoted(struct decoder *d, struct record *r, uint32_t ethertype, const struct cursor *c);
/* decode_overrun(), but not for quoted packets. */
void net_overrun(struct record *r, const struct cursor *c);

/* True if the layer below carries PPP: the lines then begin with PPP, as ipformat's do. */
bool net_over_ppp(const struct record *r, const struct layer *layer);
/* The first field of each row of the layer's own table, NULL where there is none; rows 0..n-1. */
void net_rows(const struct record *r, const struct layer *layer, const struct field **at,
	      unsigned n);
/*
 * "IP: Dest: ... Source: ..." and the verdict of a checksum in brackets; status NULL: there is
 * none.
 */
void lines_addresses(struct lines *l, const struct record *r, const struct layer *layer,
		     const struct field *dst, const struct field *src);
void lines_verdict(struct lines *l, const struct record *r, const struct layer *layer,
		   const struct field *status, const struct field *calculated,
		   const struct field *offloaded);
/* "Label: value" appended to the row at work; nothing if f is NULL. */
void lines_labelled(struct lines *l, const struct record *r, const char *label,
		    const struct field *f);
/* "Dest Port: 110 (pop3)", with the service's name or "Unassigned port". */
void lines_port(struct lines *l, const struct record *r, const char *label, const struct field *f,
		const char *(*name)(uint16_t port));
/* One bit of a header: "..0. .... Urgent bit Off"; `width` bits are drawn. */
void lines_flag(struct lines *l, const struct record *r, const struct layer *layer,
		const struct field *f, unsigned width, const char *on, const char *off);
/* Generic rows for the fields of the layer from row `first` to row `last` of its table. */
void lines_rest(struct lines *l, const struct record *r, const struct layer *layer, unsigned first,
		unsigned last);
/* One row about the datagram put together here, if the layer has the field `all`. */
void lines_fragments(struct lines *l, const struct record *r, const struct layer *layer,
		     uint16_t all, uint16_t piece);
/* The header's rule and "Type: 3 Destination unreachable  Code: 3 Port unreachable". */
void lines_message(struct lines *l, const struct record *r, const struct layer *layer,
		   const struct field *type, const struct field *code, const char *words);
/* The rule of the layer's header: "IP HEADER", or "QUOTED IP HEADER" inside an ICMP error. */
void lines_header(struct lines *l, const struct record *r, const struct layer *layer);

extern const struct value_name checksum_status_names[];
extern const struct value_name ip_proto_names[];
extern const struct value_name dscp_names[];
extern const struct value_name ecn_names[];

#endif
