/* SPDX-License-Identifier: GPL-3.0-or-later */
/* net: what the IP layers and the transports share: checksums, addresses, handing on. */
#include "net.h"

#include <glib.h>

#define HOST_TEXT 64 /* room for an address as text: more than buf_ipv6() asks for */

const struct value_name checksum_status_names[] = {{CHECKSUM_BAD, "Bad"},
						   {CHECKSUM_GOOD, "Good"},
						   {CHECKSUM_UNVERIFIED, "Unverified"},
						   {CHECKSUM_ABSENT, "Not present"},
						   {CHECKSUM_ILLEGAL, "Illegal"},
						   {0, NULL}};

const struct value_name ip_proto_names[] = {{0, "IPv6 Hop-by-Hop Option"},
					    {1, "ICMP"},
					    {2, "IGMP"},
					    {4, "IPIP"},
					    {6, "TCP"},
					    {17, "UDP"},
					    {33, "DCCP"},
					    {41, "IPv6"},
					    {43, "Routing Header for IPv6"},
					    {44, "Fragment Header for IPv6"},
					    {46, "RSVP"},
					    {47, "GRE"},
					    {50, "ESP"},
					    {51, "AH"},
					    {58, "ICMPv6"},
					    {59, "No Next Header for IPv6"},
					    {60, "Destination Options for IPv6"},
					    {88, "EIGRP"},
					    {89, "OSPF"},
					    {103, "PIM"},
					    {112, "VRRP"},
					    {115, "L2TP"},
					    {132, "SCTP"},
					    {135, "Mobility Header"},
					    {136, "UDPLite"},
					    {0, NULL}};

const struct value_name dscp_names[] = {{0, "Default"},
					{1, "Lower Effort"},
					{8, "Class Selector 1"},
					{10, "Assured Forwarding 11"},
					{12, "Assured Forwarding 12"},
					{14, "Assured Forwarding 13"},
					{16, "Class Selector 2"},
					{18, "Assured Forwarding 21"},
					{20, "Assured Forwarding 22"},
					{22, "Assured Forwarding 23"},
					{24, "Class Selector 3"},
					{26, "Assured Forwarding 31"},
					{28, "Assured Forwarding 32"},
					{30, "Assured Forwarding 33"},
					{32, "Class Selector 4"},
					{34, "Assured Forwarding 41"},
					{36, "Assured Forwarding 42"},
					{38, "Assured Forwarding 43"},
					{40, "Class Selector 5"},
					{44, "Voice Admit"},
					{46, "Expedited Forwarding"},
					{48, "Class Selector 6"},
					{56, "Class Selector 7"},
					{0, NULL}};

const struct value_name ecn_names[] = {{0, "Not ECN-Capable"},
				       {1, "ECN-Capable (1)"},
				       {2, "ECN-Capable (0)"},
				       {3, "Congestion Experienced"},
				       {0, NULL}};

struct pseudo *net_pseudo(struct decoder *d)
{
	return decoder_state(d, PROTO_ipv6, sizeof(struct pseudo));
}

struct flow *net_flow(struct record *r)
{
	return r->in_quote ? &r->quoted : &r->flow;
}

struct field *net_hidden(struct field *f)
{
	f->flags |= FIELD_HIDDEN;
	return f;
}

struct field *net_fact(struct record *r, uint16_t id)
{
	struct field *f = field_add_none(r, id, 0, 0);

	f->flags |= FIELD_GENERATED;
	return f;
}

uint32_t net_number(struct record *r, struct cursor *c, uint16_t id)
{
	uint32_t at = c->pos, v = cursor_be32(c);

	if (cursor_ok(c))
		field_add_uint(r, id, at, 4, v);
	return v;
}

void checksum_unjudged(struct record *r, const struct checksum_ids *ids,
		       enum checksum_verdict verdict)
{
	if (field_def(ids->status)->type != FT_BOOLEAN)
		field_gen_uint(r, ids->status, verdict);
	else if (verdict == CHECKSUM_ILLEGAL)
		field_gen_uint(r, ids->status, false);
}

enum checksum_verdict checksum_verdict_of(uint32_t sum, uint16_t found, uint16_t partial)
{
	/* RFC 1071: sound data sum to all ones, the checksum field included. */
	if (checksum_fold(sum) == 0xffff)
		return CHECKSUM_GOOD;
	return found == partial ? CHECKSUM_UNVERIFIED : CHECKSUM_BAD;
}

enum checksum_verdict checksum_judge(struct record *r, const struct checksum_ids *ids, uint32_t at,
				     uint32_t sum, uint16_t partial)
{
	uint16_t found = (uint16_t)r->fields[at].v.u;
	uint16_t should = (uint16_t)~checksum_fold(checksum_fold(sum) + (uint16_t)~found);
	enum checksum_verdict verdict = checksum_verdict_of(sum, found, partial);

	if (verdict == CHECKSUM_GOOD) {
		field_gen_uint(r, ids->status, CHECKSUM_GOOD);
		return CHECKSUM_GOOD;
	}
	if (ids->offloaded != FIELD_NONE && verdict == CHECKSUM_UNVERIFIED) {
		checksum_unjudged(r, ids, CHECKSUM_UNVERIFIED);
		field_gen_uint(r, ids->offloaded, 1);
		return CHECKSUM_UNVERIFIED;
	}
	r->fields[at].flags |= FIELD_BAD_CHECKSUM;
	field_gen_uint(r, ids->status, CHECKSUM_BAD);
	field_gen_uint(r, ids->calculated, should);
	return CHECKSUM_BAD;
}

/* RFC 9293 section 3.1, RFC 8200 section 8.1. */
static uint32_t pseudo_sum(const struct pseudo *p, uint8_t proto, uint32_t length)
{
	/* An address of IPv4 has zeros behind it, which add nothing. */
	uint32_t sum = checksum_add(0, p->ends[0], sizeof(p->ends));

	return (uint32_t)checksum_fold(sum) + proto + checksum_fold(length);
}

void checksum_transport(struct decoder *d, struct record *r, const struct checksum_ids *ids,
			uint32_t at, const struct cursor *c, uint32_t start, uint8_t proto)
{
	const struct pseudo *p = net_pseudo(d);
	uint32_t length = c->reported - start, sum;

	if (!p->verify || r->in_quote || c->captured < c->reported || at >= r->nfields) {
		checksum_unjudged(r, ids, CHECKSUM_UNVERIFIED);
		return;
	}
	sum = pseudo_sum(p, proto, length);
	if (checksum_judge(r, ids, at, checksum_add(sum, c->base + start, length),
			   checksum_fold(sum)) == CHECKSUM_BAD)
		r->flow.checksum_bad = true;
}

/* One to three digits. */
static char *put_octet(char *to, unsigned v)
{
	if (v >= 100)
		*to++ = (char)('0' + v / 100);
	if (v >= 10)
		*to++ = (char)('0' + v / 10 % 10);
	*to++ = (char)('0' + v % 10);
	return to;
}

static const char *text4(struct record *r, uint32_t addr, uint32_t *len)
{
	char *s = arena_alloc(&r->arena, 16), *to = s;

	for (int shift = 24; shift >= 0; shift -= 8) {
		to = put_octet(to, addr >> shift & 255);
		*to++ = '.';
	}
	*len = (uint32_t)(to - s - 1);
	return s;
}

static const char *text6(struct record *r, const uint8_t *addr, uint32_t *len)
{
	/* The room is larger than any address, so the buffer never grows out of the arena. */
	struct buf b = {.s = arena_alloc(&r->arena, HOST_TEXT), .cap = HOST_TEXT};

	buf_ipv6(&b, addr);
	*len = (uint32_t)b.len;
	return b.s;
}

void net_address4(struct record *r, const uint16_t ids[4], uint32_t off, uint32_t addr)
{
	uint32_t len;
	const char *host;

	field_add_uint(r, ids[0], off, 4, addr);
	if (r->lean)
		return;
	net_hidden(field_add_uint(r, ids[1], off, 4, addr));
	if (record_leaves_out(r, ids[2]) && record_leaves_out(r, ids[3]))
		return;
	host = text4(r, addr, &len);
	net_hidden(field_add_value(r, ids[2], off, 4, host, len));
	net_hidden(field_add_value(r, ids[3], off, 4, host, len));
}

void net_route4(struct record *r, uint16_t id, uint16_t host, uint32_t off, uint32_t addr)
{
	uint32_t len;
	const char *text = text4(r, addr, &len);

	field_add_uint(r, id, off, 4, addr);
	net_hidden(field_add_value(r, host, off, 4, text, len));
}

void net_address6(struct record *r, const uint16_t ids[4], uint32_t off, const uint8_t *addr)
{
	uint32_t len;
	const char *host;

	field_add_bytes(r, ids[0], off, 16);
	if (r->lean)
		return;
	net_hidden(field_add_bytes(r, ids[1], off, 16));
	if (record_leaves_out(r, ids[2]) && record_leaves_out(r, ids[3]))
		return;
	host = text6(r, addr, &len);
	net_hidden(field_add_value(r, ids[2], off, 16, host, len));
	net_hidden(field_add_value(r, ids[3], off, 16, host, len));
}

void net_payload(struct record *r, const struct cursor *c, struct flow *flow, uint16_t id)
{
	uint32_t promised = cursor_promised(c), left = cursor_left(c);

	flow->psource = r->cur_source;
	flow->poff = c->pos;
	flow->pcaptured = left;
	flow->preported = promised;
	if (left)
		field_add_bytes(r, id, c->pos, left)->flags |= left < promised ? FIELD_SNAPPED : 0;
}

void net_next(struct decoder *d, struct record *r, uint8_t proto, struct cursor *c)
{
	if (!decode_next(d, r, ON_IP_PROTO, proto, c))
		decode_data(d, r, c);
}

void net_overrun(struct record *r, const struct cursor *c)
{
	/* What is quoted was cut short by the one who reports: that breaks no format. */
	if (!r->in_quote)
		decode_overrun(r, c);
}

void net_quoted(struct decoder *d, struct record *r, uint32_t ethertype, const struct cursor *c)
{
	struct pseudo saved = *net_pseudo(d);
	struct cursor quoted = *c;
	bool malformed = r->malformed, snapped = r->snapped;

	if (r->in_quote || !cursor_left(c)) {
		decode_data(d, r, &quoted);
		return;
	}
	r->in_quote = true;
	r->quote_parent = r->cur_layer;
	if (!decode_next(d, r, ON_ETHERTYPE, ethertype, &quoted))
		decode_data(d, r, &quoted);
	r->in_quote = false;
	r->malformed = malformed;
	r->snapped = snapped;
	*net_pseudo(d) = saved;
}
