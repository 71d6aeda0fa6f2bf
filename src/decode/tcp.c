/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * TCP carries a stream of bytes in both directions, complete and in order, or says that it cannot.
 * RFC 9293; options in tcp_options.c. Hangs at IP protocol 6. What only a conversation shows
 * (relative numbers, retransmissions) is added by track.
 */
#include "tcp.h"

#include "tracetutor/ports.h"

#define HEADER_MIN 20

enum { FIN = 1, SYN = 2, RST = 4, ACK = 16, URG = 32 };

/* "·······A··S·" with U+00B7 for a bit that is off, as Wireshark writes the flags. */
static void add_letters(struct record *r, uint32_t at, unsigned flags)
{
	static const char letters[] = "RRRACEUAPRSF";
	char *s = arena_alloc(&r->arena, 2 * sizeof(letters)), *to = s;

	for (unsigned i = 0; i < 12; i++) {
		if (flags >> (11 - i) & 1) {
			*to++ = letters[i];
		} else {
			*to++ = '\xc2';
			*to++ = '\xb7';
		}
	}
	field_add_value(r, TCP_ID(TCP_FLAGS_STR), at, 2, s, (uint32_t)(to - s));
}

static void add_ports(struct header_fields *h, struct cursor *c, struct flow *flow)
{
	struct record *r = h->r;
	uint32_t at = c->pos;
	const uint8_t *p = c->base + at;

	if (cursor_left(c) < 4) {
		flow->src.port = (uint16_t)walk(r, c, TCP_ID(TCP_SRCPORT), TCP_ID(TCP_DSTPORT));
		return;
	}
	cursor_skip(c, 4);
	flow->src.port = net_be16(p);
	flow->dst.port = net_be16(p + 2);
	header_uint(h, TCP_ID(TCP_SRCPORT), at, 2, flow->src.port);
	header_uint(h, TCP_ID(TCP_DSTPORT), at + 2, 2, flow->dst.port);
	if (r->lean)
		return;
	net_hidden(field_add_uint(r, TCP_ID(TCP_PORT), at, 2, flow->src.port));
	net_hidden(field_add_uint(r, TCP_ID(TCP_PORT), at + 2, 2, flow->dst.port));
}

/* What comes first: RFC 792 quotes no more than 8 bytes. */
static void add_start(struct header_fields *h, struct cursor *c, struct flow *flow)
{
	struct record *r = h->r;
	/* Wireshark has no raw row for a quoted one: no conversation makes it relative. */
	uint16_t seq = r->in_quote ? TCP_ID(TCP_SEQ) : TCP_ID(TCP_SEQ_RAW);

	add_ports(h, c, flow);
	flow->seq = net_number(r, c, seq);
}

/* What the flags ask of the other side. */
static void add_meaning(struct record *r, unsigned flags)
{
	if (flags & SYN)
		net_fact(r, flags & ACK ? TCP_ID(TCP_CONN_SYNACK) : TCP_ID(TCP_CONN_SYN));
	if (flags & FIN)
		net_fact(r, TCP_ID(TCP_CONN_FIN));
	if (flags & RST)
		net_fact(r, TCP_ID(TCP_CONN_RST));
}

static void add_flags(struct header_fields *h, uint32_t at, unsigned flags)
{
	struct record *r = h->r;

	header_uint(h, TCP_ID(TCP_FLAGS), at, 2, flags);
	if (!r->lean) {
		header_bits(h, at, 2, flags, TCP_ID(TCP_FLAGS_RES), TCP_ID(TCP_FLAGS_FIN));
		if (!record_leaves_out(r, TCP_ID(TCP_FLAGS_STR)))
			add_letters(r, at, flags);
	}
	add_meaning(r, flags);
}

/* What follows the sequence number, in the 20 bytes from c on that are there. */
static void add_fixed(struct decoder *d, struct header_fields *h, const struct cursor *c,
		      struct flow *flow)
{
	static const struct checksum_ids ids = {.status = TCP_ID(TCP_CHECKSUM_OK),
						.calculated = TCP_ID(TCP_CHECKSUM_CALCULATED),
						.offloaded = TCP_ID(TCP_CHECKSUM_OFFLOADED)};
	struct record *r = h->r;
	const uint8_t *p = c->base + c->pos;
	uint32_t at = c->pos, index;

	flow->ack = net_be32(p + 8);
	flow->tcp_flags = net_be16(p + 12) & 0xfff;
	flow->window = net_be16(p + 14);
	header_uint(h, TCP_ID(TCP_ACK_RAW), at + 8, 4, flow->ack);
	header_uint(h, TCP_ID(TCP_HDR_LEN), at + 12, 1, (p[12] >> 4) * 4u);
	add_flags(h, at + 12, flow->tcp_flags);
	if (flow->ack && !(flow->tcp_flags & ACK))
		net_fact(r, TCP_ID(TCP_ACK_NONZERO));
	header_uint(h, TCP_ID(TCP_WINDOW_SIZE_VALUE), at + 14, 2, flow->window);
	index = r->nfields;
	header_uint(h, TCP_ID(TCP_CHECKSUM), at + 16, 2, net_be16(p + 16));
	checksum_transport(d, r, &ids, index, c, at, 6);
	header_uint(h, TCP_ID(TCP_URGENT_POINTER), at + 18, 2, net_be16(p + 18));
	if (net_be16(p + 18) && !(flow->tcp_flags & URG))
		net_fact(r, TCP_ID(TCP_URG_NONZERO));
}

static void add_options(struct record *r, struct cursor *c, struct flow *flow, uint32_t n)
{
	struct cursor options = cursor_fence(c, n);

	if (!n)
		return;
	if (cursor_left(&options))
		field_add_bytes(r, TCP_ID(TCP_OPTIONS), options.pos, cursor_left(&options));
	r->cur_depth++;
	tcp_options(r, flow, &options);
	r->cur_depth--;
	if (!cursor_ok(c))
		net_overrun(r, c);
}

static void decode(struct decoder *d, struct record *r, struct cursor *c)
{
	struct layer *layer = layer_open(r, PROTO_tcp, c);
	struct flow *flow = net_flow(r);
	struct cursor whole = *c;
	uint32_t start = c->pos, header;
	struct header_fields h;

	if (!layer)
		return;
	h = header_begin(r);
	add_start(&h, c, flow);
	if (!cursor_want(&whole, HEADER_MIN)) {
		net_overrun(r, &whole);
		return;
	}
	add_fixed(d, &h, &whole, flow);
	cursor_skip(&whole, HEADER_MIN);
	*c = whole;
	header = (c->base[start + 12] >> 4) * 4u;
	if (header < HEADER_MIN || header > c->reported - start) {
		net_fact(r, TCP_ID(TCP_BOGUS_HDR_LEN))->flags |= FIELD_MALFORMED;
		r->malformed = true;
		return;
	}
	add_options(r, c, flow, header - HEADER_MIN);
	layer_close(r, layer, c->pos);
	if (!r->in_quote)
		field_gen_uint(r, TCP_ID(TCP_LEN), cursor_promised(c));
	net_payload(r, c, flow, TCP_ID(TCP_PAYLOAD));
}

static const struct hang hangs[] = {{ON_IP_PROTO, 6}, {ON_NOTHING, 0}};

const struct proto_def proto_tcp = {.name = "tcp",
				    .label = "Transmission Control Protocol",
				    .prefix = "TCP",
				    .header = "TCP HEADER",
				    .fields = tcp_fields,
				    .nfields = TCP_ROWS,
				    .on = hangs,
				    .decode = decode,
				    .lines = tcp_lines,
				    .common = true,
				    .blurb = "TCP carries a stream of bytes in both directions, "
					     "complete and in order, or says that "
					     "it cannot.",
				    .see = "RFC 9293"};
