/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * IPv6 brings a packet from one computer to another across any number of networks, with addresses
 * enough for all. RFC 8200; extension headers in ipv6_ext.c. Hangs at ethertype 0x86DD, PPP 0x0057
 * and, in tunnels, at IP protocol 41.
 */
#include "ipv6.h"

#include "fragment.h"
#include "ip.h"

#define HEADER 40

static const struct fragment_ids fragment_ids = {.fragments = IPV6_ID(IPV6_FRAGMENTS),
						 .fragment = IPV6_ID(IPV6_FRAGMENT),
						 .overlap = IPV6_ID(IPV6_FRAGMENT_OVERLAP),
						 .conflict = IPV6_ID(IPV6_FRAGMENT_CONFLICT),
						 .count = IPV6_ID(IPV6_FRAGMENT_COUNT),
						 .length = IPV6_ID(IPV6_REASSEMBLED_LENGTH),
						 .data = IPV6_ID(IPV6_REASSEMBLED_DATA)};

/* RFC 4291 appendix A: a hardware address with FF FE in its middle and the U/L bit turned over.
 * Only those of a maker are taken for one (the bit is set here), as Wireshark does. */
static void add_hardware(struct record *r, uint16_t id, uint32_t off, const uint8_t *addr)
{
	uint8_t mac[6];
	const uint8_t *copy;

	if (addr[11] != 0xff || addr[12] != 0xfe || !(addr[8] & 2))
		return;
	memcpy(mac, addr + 8, 3);
	memcpy(mac + 3, addr + 13, 3);
	mac[0] ^= 2;
	copy = arena_copy(&r->arena, mac, sizeof(mac));
	field_add_value(r, id, off + 8, 8, copy, 6)->flags |= FIELD_GENERATED;
	net_hidden(field_add_value(r, IPV6_ID(IPV6_SLAAC_MAC), off + 8, 8, copy, 6));
}

static void add_addresses(struct record *r, uint32_t at, const uint8_t *p)
{
	static const uint16_t src[4] = {IPV6_ID(IPV6_SRC), IPV6_ID(IPV6_ADDR),
					IPV6_ID(IPV6_SRC_HOST), IPV6_ID(IPV6_HOST)};
	static const uint16_t dst[4] = {IPV6_ID(IPV6_DST), IPV6_ID(IPV6_ADDR),
					IPV6_ID(IPV6_DST_HOST), IPV6_ID(IPV6_HOST)};

	net_address6(r, src, at + 8, p + 8);
	add_hardware(r, IPV6_ID(IPV6_SRC_SLAAC_MAC), at + 8, p + 8);
	net_address6(r, dst, at + 24, p + 24);
	add_hardware(r, IPV6_ID(IPV6_DST_SLAAC_MAC), at + 24, p + 24);
}

static void add_header(struct record *r, uint32_t at, const uint8_t *p, uint32_t promised)
{
	uint32_t word = (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
	uint32_t length = (uint32_t)p[4] << 8 | p[5];

	field_add_uint(r, IPV6_ID(IPV6_VERSION), at, 1, p[0] >> 4);
	/* So that a filter on ip.version finds both, as in Wireshark. */
	net_hidden(field_add_uint(r, IP_ID(IP_VERSION), at, 1, p[0] >> 4));
	walk_bits(r, field_add_uint(r, IPV6_ID(IPV6_TCLASS), at, 4, word >> 20 & 0xff),
		  IPV6_ID(IPV6_DSCP), IPV6_ID(IPV6_ECN));
	field_add_uint(r, IPV6_ID(IPV6_FLOW), at + 1, 3, word & 0xfffff);
	field_add_uint(r, IPV6_ID(IPV6_PLEN), at + 4, 2, length);
	if (length > promised && !r->in_quote) {
		r->fields[r->nfields - 1].flags |= FIELD_MALFORMED;
		r->malformed = true;
		net_fact(r, IPV6_ID(IPV6_PLEN_EXCEEDS));
	}
	field_add_uint(r, IPV6_ID(IPV6_NXT), at + 6, 1, p[6]);
	field_add_uint(r, IPV6_ID(IPV6_HLIM), at + 7, 1, p[7]);
	add_addresses(r, at, p);
}

static void fill_flow(struct decoder *d, struct record *r, const uint8_t *p,
		      const struct ipv6_chain *chain, bool fits)
{
	struct flow *flow = net_flow(r);
	struct pseudo *pseudo = net_pseudo(d);

	*flow = (struct flow){.family = 6,
			      .ip_proto = chain->proto,
			      .ttl = p[7],
			      .wscale = -1,
			      .ip_id = chain->ident,
			      .fragment = chain->fragment};
	memcpy(flow->src.addr, p + 8, 16);
	memcpy(flow->dst.addr, chain->routed ? chain->final : p + 24, 16);
	*pseudo = (struct pseudo){.family = 6, .verify = fits && !chain->fragment};
	memcpy(pseudo->ends[0], flow->src.addr, 16);
	memcpy(pseudo->ends[1], flow->dst.addr, 16);
}

/* What the whole datagram holds may begin with further extension headers. */
static void decode_whole(struct decoder *d, struct record *r, uint8_t proto, struct cursor *all)
{
	struct ipv6_chain chain;

	ipv6_extensions(d, r, all, proto, &chain);
	r->flow.fragment = false;
	r->flow.ip_proto = chain.proto;
	net_pseudo(d)->verify = true;
	if (chain.stop || chain.fragment)
		decode_data(d, r, all);
	else
		net_next(d, r, chain.proto, all);
}

static void piece(struct decoder *d, struct record *r, const uint8_t *p,
		  const struct ipv6_chain *chain, struct cursor *c)
{
	struct fragment f = {.family = 6,
			     .proto = chain->proto,
			     .id = chain->ident,
			     .offset = chain->offset,
			     .length = cursor_left(c),
			     .more = chain->more,
			     .bytes = c->base + c->pos};
	const struct fragment_whole *whole = NULL;
	uint8_t source = r->cur_source;
	struct cursor all;

	memcpy(f.src, p + 8, 16);
	memcpy(f.dst, p + 24, 16);
	if (!r->in_quote && c->captured == c->reported)
		whole = fragment_take(d, r, &f);
	if (whole && fragment_show(r, &fragment_ids, whole, "Reassembled IPv6", &all)) {
		decode_whole(d, r, chain->proto, &all);
		r->cur_source = source;
	} else if (!f.offset && (r->in_quote || c->captured < c->reported)) {
		net_next(d, r, chain->proto, c);
	} else {
		decode_data(d, r, c);
	}
}

/* Length of what follows the header; 0 on the wire: a jumbogram or a card that cuts later. */
static uint32_t payload_length(struct record *r, const uint8_t *p, uint32_t promised)
{
	uint32_t length = (uint32_t)p[4] << 8 | p[5];

	if (length || p[6] == 59)
		return length;
	if (promised > HEADER && p[6])
		net_fact(r, IPV6_ID(IPV6_PLEN_ZERO));
	return promised - HEADER;
}

static void decode(struct decoder *d, struct record *r, struct cursor *c)
{
	struct layer *layer = layer_open(r, PROTO_ipv6, c);
	uint32_t at = c->pos, promised = cursor_promised(c), length;
	const uint8_t *p = c->base + at;
	struct ipv6_chain chain;
	struct cursor sub;

	if (!layer || !cursor_want(c, HEADER)) {
		net_overrun(r, c);
		return;
	}
	if (p[0] >> 4 != 6) {
		field_add_uint(r, IPV6_ID(IPV6_VERSION), at, 1, p[0] >> 4);
		net_fact(r, IPV6_ID(IPV6_BOGUS_VERSION))->flags |= FIELD_MALFORMED;
		r->malformed = true;
		decode_data(d, r, c);
		return;
	}
	add_header(r, at, p, promised - HEADER);
	length = payload_length(r, p, promised);
	sub = cursor_fence(c, HEADER + length);
	cursor_skip(&sub, HEADER);
	ipv6_extensions(d, r, &sub, p[6], &chain);
	layer_close(r, layer, sub.pos);
	fill_flow(d, r, p, &chain, length <= promised - HEADER);
	if (chain.stop)
		decode_data(d, r, &sub);
	else if (chain.fragment)
		piece(d, r, p, &chain, &sub);
	else
		net_next(d, r, chain.proto, &sub);
}

static const struct hang hangs[] = {
	{ON_ETHERTYPE, 0x86dd}, {ON_PPP_PROTO, 0x0057}, {ON_IP_PROTO, 41}, {ON_NOTHING, 0}};

const struct proto_def proto_ipv6 = {.name = "ipv6",
				     .label = "Internet Protocol Version 6",
				     .prefix = "IPV6",
				     .header = "IPV6 HEADER",
				     .fields = ipv6_fields,
				     .nfields = IPV6_ROWS,
				     .on = hangs,
				     .decode = decode,
				     .lines = ipv6_lines,
				     .common = true,
				     .blurb = "IPv6 brings a packet from one computer to another "
					      "across any number of networks, with "
					      "addresses enough for all.",
				     .see = "RFC 8200"};
