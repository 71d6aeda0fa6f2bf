/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * again: most packets are TCP segments of a conversation at work, in IP on Ethernet, and nothing is
 * wrong with them. Only of such a shape is looked for; all others go the ordinary way.
 */
#include "again.h"

#include "link.h"
#include "net.h"
#include "tracetutor/shape.h"

#define ETH_HEADER  14
#define IP_HEADER   20
#define IPV6_HEADER 40
#define TCP_HEADER  20
#define STAMPED     32 /* a header with timestamps, laid out as RFC 7323 appendix A has it: */
#define STAMPS      0x0101080au /* two of no operation, then timestamps of ten bytes */
#define TCP         6           /* as IP calls it */

enum { FIN = 1, SYN = 2, RST = 4, ACK = 16 };

/* Where the parts stand, and how many bytes they are. */
struct parts {
	const uint8_t *eth, *ip, *ends, *tcp; /* `ends`: both addresses */
	uint32_t addresses, segment, header, payload, padding;
	enum checksum_verdict judged;
};

/* RFC 791: no options, no fragment. */
static bool find_ip(struct parts *s)
{
	uint32_t total = net_be16(s->ip + 2);

	if (s->ip[0] != 0x45 || net_be16(s->ip + 6) & 0x3fff || s->ip[9] != TCP ||
	    total < IP_HEADER + TCP_HEADER ||
	    checksum_fold(checksum_add(0, s->ip, IP_HEADER)) != 0xffff)
		return false;
	s->ends = s->ip + 12;
	s->addresses = 8;
	s->tcp = s->ip + IP_HEADER;
	s->segment = total - IP_HEADER;
	return true;
}

/* RFC 8200: TCP follows the header. */
static bool find_ipv6(struct parts *s, uint32_t n)
{
	if (n < IPV6_HEADER + TCP_HEADER || s->ip[0] >> 4 != 6 || s->ip[6] != TCP)
		return false;
	s->ends = s->ip + 8;
	s->addresses = 32;
	s->tcp = s->ip + IPV6_HEADER;
	s->segment = net_be16(s->ip + 4);
	return s->segment >= TCP_HEADER;
}

/* Nothing is missing, and what follows the segment is padding at most. */
static bool is_whole(struct parts *s, uint32_t n)
{
	uint32_t end = (uint32_t)(s->tcp - s->eth) + s->segment;

	if (end > n || (end < n && n != FRAME_MIN))
		return false;
	s->padding = n - end;
	return net_zeros(s->eth + end, s->padding);
}

/* Neither begins nor ends a connection, and has no options but timestamps. */
static bool is_usual(struct parts *s)
{
	s->header = (s->tcp[12] >> 4) * 4u;
	if (s->header > s->segment || (s->tcp[13] & (FIN | SYN | RST | ACK)) != ACK)
		return false;
	s->payload = s->segment - s->header;
	return s->header == TCP_HEADER ||
	       (s->header == STAMPED && net_be32(s->tcp + TCP_HEADER) == STAMPS);
}

/* With the pseudo-header of RFC 9293 section 3.1. */
static enum checksum_verdict judge(const struct parts *s)
{
	uint32_t pseudo = checksum_add(TCP + s->segment, s->ends, s->addresses);

	return checksum_verdict_of(checksum_add(pseudo, s->tcp, s->segment), net_be16(s->tcp + 16),
				   checksum_fold(pseudo));
}

static bool find_parts(const struct frame *f, struct parts *s)
{
	const uint32_t n = f->captured;

	*s = (struct parts){.eth = f->data, .ip = f->data + ETH_HEADER};
	if (f->link_type != LINK_ETHERNET || n != f->original ||
	    n < ETH_HEADER + IP_HEADER + TCP_HEADER)
		return false;
	switch (net_be16(s->eth + 12)) {
	case ETHERTYPE_IPV4:
		if (!find_ip(s))
			return false;
		break;
	case ETHERTYPE_IPV6:
		if (!find_ipv6(s, n - ETH_HEADER))
			return false;
		break;
	default: return false;
	}
	if (!is_whole(s, n) || !is_usual(s))
		return false;
	s->judged = judge(s);
	return s->judged != CHECKSUM_BAD;
}

/* All of the headers but the numbers: lengths, identification, checksums, counters. */
static struct shape_key key_of(const struct parts *s)
{
	struct shape_key key = {{0}};
	const uint8_t *ip = s->ip;

	memcpy(&key.v[0], s->ends, s->addresses);
	memcpy(&key.v[4], s->eth, 8);
	key.v[5] = (uint64_t)net_be32(s->eth + 8) << 32 | net_be32(s->tcp);
	key.v[6] = s->addresses == 8
			   ? (uint64_t)ip[1] | (uint64_t)ip[6] << 8 | (uint64_t)ip[8] << 16
			   : (uint64_t)net_be32(ip) | (uint64_t)ip[7] << 32;
	key.v[7] = (uint64_t)net_be16(s->tcp + 12) | (uint64_t)net_be16(s->tcp + 18) << 16 |
		   (uint64_t)s->padding << 32 | (uint64_t)s->judged << 40 |
		   (uint64_t)!s->payload << 48;
	return key;
}

/* In the order in which the lines have them. */
static void take_numbers(struct record *r, const struct parts *s)
{
	uint32_t *n = r->numbers;

	if (s->addresses == 8) {
		*n++ = net_be16(s->ip + 2);
		*n++ = net_be16(s->ip + 2);
		*n++ = net_be16(s->ip + 4);
		*n++ = net_be16(s->ip + 10);
	} else {
		*n++ = s->segment;
		*n++ = s->segment;
	}
	*n++ = net_be32(s->tcp + 4);
	*n++ = net_be32(s->tcp + 8);
	*n++ = net_be16(s->tcp + 14);
	*n++ = net_be16(s->tcp + 16);
	if (s->header == STAMPED) {
		*n++ = net_be32(s->tcp + 24);
		*n++ = net_be32(s->tcp + 28);
	}
	r->nnumbers = (uint8_t)(n - r->numbers);
}

/* The flow of the shape, with this packet's own numbers. */
static void fill_flow(struct flow *flow, const struct parts *s)
{
	if (s->addresses == 8)
		flow->ip_id = net_be16(s->ip + 4);
	flow->seq = net_be32(s->tcp + 4);
	flow->ack = net_be32(s->tcp + 8);
	flow->window = net_be16(s->tcp + 14);
	if (s->header == STAMPED) {
		flow->tsval = net_be32(s->tcp + 24);
		flow->tsecr = net_be32(s->tcp + 28);
	}
	flow->pcaptured = flow->preported = s->payload;
}

bool headers_again(struct record *r, const struct frame *f)
{
	const struct shape *shape;
	struct shape_key key;
	struct parts s;

	if (!find_parts(f, &s))
		return false;
	key = key_of(&s);
	r->shape = shapes_find(r->shapes, &key);
	take_numbers(r, &s);
	shape = r->shape;
	if (!shape->known || !shape->len)
		return false;
	memcpy(r->layers, shape->layers, sizeof(shape->layers));
	memcpy(r->protos, shape->protos, sizeof(shape->protos));
	r->nlayers = SHAPE_LAYERS;
	r->cur_layer = SHAPE_LAYERS - 1;
	r->flow = shape->flow;
	fill_flow(&r->flow, &s);
	return true;
}

void headers_learn(struct record *r)
{
	struct shape *s = r->shape;

	if (r->nlayers != SHAPE_LAYERS || r->malformed) {
		r->shape = NULL;
		return;
	}
	s->known = true;
	s->flow = r->flow;
	memcpy(s->protos, r->protos, sizeof(s->protos));
	memcpy(s->layers, r->layers, sizeof(s->layers));
	for (unsigned i = 0; i < SHAPE_LAYERS; i++) /* their fields are left out */
		s->layers[i].first = s->layers[i].end = 0;
}
