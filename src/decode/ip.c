/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * IPv4 brings a packet from one computer to another across any number of networks.
 * RFC 791, RFC 1071 (checksum), RFC 6864 (identification). Hangs at ethertype 0x0800, PPP 0x0021
 * and, in tunnels, at IP protocol 4.
 */
#include "ip.h"

#include "fragment.h"

#define HEADER_MIN 20

static const struct fragment_ids fragment_ids = {.fragments = IP_ID(IP_FRAGMENTS),
						 .fragment = IP_ID(IP_FRAGMENT),
						 .overlap = IP_ID(IP_FRAGMENT_OVERLAP),
						 .conflict = IP_ID(IP_FRAGMENT_CONFLICT),
						 .count = IP_ID(IP_FRAGMENT_COUNT),
						 .length = IP_ID(IP_REASSEMBLED_LENGTH),
						 .data = IP_ID(IP_REASSEMBLED_DATA)};

static void put32(uint8_t *to, uint32_t v)
{
	for (int i = 0; i < 4; i++)
		to[i] = (uint8_t)(v >> (24 - 8 * i));
}

/* The sender's card may cut one large packet in many: the length is then left 0. */
static uint32_t total_length(const struct cursor *c, const uint8_t *p)
{
	uint32_t len = net_be16(p + 2);

	return len ? len : cursor_promised(c);
}

static void add_checksum(struct header_fields *h, uint32_t at, const uint8_t *p, uint32_t n)
{
	static const struct checksum_ids ids = {.status = IP_ID(IP_CHECKSUM_OK),
						.calculated = IP_ID(IP_CHECKSUM_CALCULATED),
						.offloaded = IP_ID(IP_CHECKSUM_OFFLOADED)};
	struct record *r = h->r;
	uint32_t index = r->nfields;

	header_uint(h, IP_ID(IP_CHECKSUM), at + 10, 2, net_be16(p + 10));
	/* A header quoted in an error may have been changed on its way: it is not judged. */
	if (r->in_quote || !p || index >= r->nfields)
		checksum_unjudged(r, &ids, CHECKSUM_UNVERIFIED);
	else
		checksum_judge(r, &ids, index, checksum_add(0, p, n), 0);
}

/* Wireshark's two remarks on a time to live; local groups (224.0.0.0/24) are sent with 1 or 255. */
static void add_ttl(struct header_fields *h, uint32_t at, const uint8_t *p)
{
	uint32_t dst = net_be32(p + 16), usual = 1;

	header_uint(h, IP_ID(IP_TTL), at + 8, 1, p[8]);
	if (dst == 0xe00000fc) /* LLMNR: any */
		return;
	if (dst == 0xe0000012 || dst == 0xe0000066 || dst == 0xe00000fb) /* VRRP, GLBP, mDNS */
		usual = 255;
	if (dst >> 8 == 0xe00000) {
		if (p[8] != usual)
			net_fact(h->r, IP_ID(IP_TTL_LNCB));
	} else if (dst >> 28 != 0xe && p[8] < 5 && p[9] != 103) {
		net_fact(h->r, IP_ID(IP_TTL_SMALL));
	}
}

static void add_length(struct header_fields *h, uint32_t at, uint32_t total, uint32_t promised)
{
	struct field *f = header_uint(h, IP_ID(IP_LEN), at + 2, 2, total);

	if (total <= promised)
		return;
	/* A quoted packet is cut short on purpose; elsewhere the promise is broken. */
	if (!h->r->in_quote) {
		f->flags |= FIELD_MALFORMED;
		h->r->malformed = true;
		net_fact(h->r, IP_ID(IP_BOGUS_LEN));
	}
}

/* The fixed part of the header but for the addresses. */
static void add_fixed(struct header_fields *h, uint32_t at, const uint8_t *p, uint32_t header,
		      uint32_t total, uint32_t promised)
{
	header_uint(h, IP_ID(IP_VERSION), at, 1, p[0] >> 4);
	header_uint(h, IP_ID(IP_HDR_LEN), at, 1, header);
	header_uint(h, IP_ID(IP_DSFIELD), at + 1, 1, p[1]);
	if (!h->r->lean)
		header_bits(h, at + 1, 1, p[1], IP_ID(IP_DSCP), IP_ID(IP_ECN));
	add_length(h, at, total, promised);
	header_uint(h, IP_ID(IP_ID_), at + 4, 2, net_be16(p + 4));
	header_uint(h, IP_ID(IP_FLAGS), at + 6, 1, p[6] >> 5);
	if (!h->r->lean)
		header_bits(h, at + 6, 1, p[6], IP_ID(IP_FLAGS_RB), IP_ID(IP_FLAGS_MF));
	header_uint(h, IP_ID(IP_FRAG_OFFSET), at + 6, 2, net_be16(p + 6) & 0x1fff);
	add_ttl(h, at, p);
	header_uint(h, IP_ID(IP_PROTOCOL), at + 9, 1, p[9]);
}

static void add_addresses(struct record *r, uint32_t at, const uint8_t *p, uint32_t header)
{
	static const uint16_t src[4] = {IP_ID(IP_SRC), IP_ID(IP_ADDR), IP_ID(IP_SRC_HOST),
					IP_ID(IP_HOST)};
	static const uint16_t dst[4] = {IP_ID(IP_DST), IP_ID(IP_ADDR), IP_ID(IP_DST_HOST),
					IP_ID(IP_HOST)};

	net_address4(r, src, at + 12, net_be32(p + 12));
	if (header > HEADER_MIN && ip_source_routed(p + HEADER_MIN, header - HEADER_MIN))
		net_route4(r, IP_ID(IP_CUR_RT), IP_ID(IP_CUR_RT_HOST), at + 16, net_be32(p + 16));
	else
		net_address4(r, dst, at + 16, net_be32(p + 16));
}

/* What the transport and the tracker need to know of this packet. */
static void fill_flow(struct decoder *d, struct record *r, const uint8_t *p, uint32_t dst)
{
	struct flow *flow = net_flow(r);
	struct pseudo *pseudo = net_pseudo(d);

	*flow = (struct flow){.family = 4,
			      .ip_proto = p[9],
			      .ttl = p[8],
			      .wscale = -1,
			      .ip_id = net_be16(p + 4),
			      .fragment = (net_be16(p + 6) & 0x3fff) != 0};
	memcpy(flow->src.addr, p + 12, 4);
	put32(flow->dst.addr, dst);
	*pseudo = (struct pseudo){.family = 4};
	memcpy(pseudo->ends[0], flow->src.addr, 4);
	memcpy(pseudo->ends[1], flow->dst.addr, 4);
}

/* A piece of a datagram: the whole is decoded with its last missing piece, else it is data. Of what
 * is only quoted, or was recorded in part, there will be no whole: the first piece has the header.
 */
static void piece(struct decoder *d, struct record *r, const uint8_t *p, struct cursor *c)
{
	struct fragment f = {.family = 4,
			     .proto = p[9],
			     .id = net_be16(p + 4),
			     .offset = (net_be16(p + 6) & 0x1fff) * 8,
			     .length = cursor_left(c),
			     .more = p[6] & 0x20,
			     .bytes = c->base + c->pos};
	const struct fragment_whole *whole = NULL;
	uint8_t source = r->cur_source;
	struct cursor all;

	memcpy(f.src, p + 12, 4);
	memcpy(f.dst, p + 16, 4);
	if (!r->in_quote && c->captured == c->reported)
		whole = fragment_take(d, r, &f);
	if (whole && fragment_show(r, &fragment_ids, whole, "Reassembled IPv4", &all)) {
		r->flow.fragment = false;
		net_pseudo(d)->verify = true;
		net_next(d, r, p[9], &all);
		r->cur_source = source;
	} else if (!f.offset && (r->in_quote || c->captured < c->reported)) {
		net_next(d, r, p[9], c);
	} else {
		decode_data(d, r, c);
	}
}

static void payload(struct decoder *d, struct record *r, const uint8_t *p, struct cursor *c,
		    bool fits)
{
	if (net_be16(p + 6) & 0x3fff) {
		piece(d, r, p, c);
		return;
	}
	net_pseudo(d)->verify = fits;
	net_next(d, r, p[9], c);
}

/* A header that cannot be right: say why, the rest is data. */
static void refuse(struct decoder *d, struct record *r, struct cursor *c, uint16_t why)
{
	net_fact(r, why)->flags |= FIELD_MALFORMED;
	r->malformed = true;
	decode_data(d, r, c);
}

static void decode(struct decoder *d, struct record *r, struct cursor *c)
{
	struct layer *layer = layer_open(r, PROTO_ip, c);
	uint32_t at = c->pos, promised = cursor_promised(c), header, total, dst;
	struct cursor sub, options;
	const uint8_t *p = c->base + at;
	struct header_fields h;

	if (!layer || !cursor_want(c, HEADER_MIN)) {
		net_overrun(r, c);
		return;
	}
	header = (p[0] & 15u) * 4;
	total = total_length(c, p);
	if (p[0] >> 4 != 4 || header < HEADER_MIN || total < header) {
		field_add_uint(r, IP_ID(IP_VERSION), at, 1, p[0] >> 4);
		field_add_uint(r, IP_ID(IP_HDR_LEN), at, 1, header);
		if (p[0] >> 4 == 4 && header >= HEADER_MIN)
			field_add_uint(r, IP_ID(IP_LEN), at + 2, 2, total);
		refuse(d, r, c,
		       p[0] >> 4 != 4        ? IP_ID(IP_BOGUS_VERSION)
		       : header < HEADER_MIN ? IP_ID(IP_BOGUS_HDR_LEN)
					     : IP_ID(IP_BOGUS_LEN));
		return;
	}
	sub = cursor_fence(c, total);
	h = header_begin(r);
	add_fixed(&h, at, p, header, total, promised);
	cursor_skip(&sub, HEADER_MIN);
	options = cursor_fence(&sub, header - HEADER_MIN);
	if (!cursor_ok(&sub)) {
		net_overrun(r, &sub);
		return;
	}
	add_checksum(&h, at, p, header);
	add_addresses(r, at, p, header);
	dst = ip_options(r, &options, net_be32(p + 16));
	layer_close(r, layer, at + header);
	fill_flow(d, r, p, dst);
	payload(d, r, p, &sub, total <= promised);
}

static const struct hang hangs[] = {
	{ON_ETHERTYPE, 0x0800}, {ON_PPP_PROTO, 0x0021}, {ON_IP_PROTO, 4}, {ON_NOTHING, 0}};

const struct proto_def proto_ip = {
	.name = "ip",
	.label = "Internet Protocol Version 4",
	.prefix = "IP",
	.header = "IP HEADER",
	.fields = ip_fields,
	.nfields = IP_ROWS,
	.on = hangs,
	.decode = decode,
	.lines = ip_lines,
	.common = true,
	.blurb = "IP brings a packet from one computer to another across any number of networks.",
	.see = "RFC 791"};
