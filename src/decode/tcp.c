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

static void add_ports(struct record *r, struct cursor *c, struct flow *flow)
{
	uint32_t at = c->pos;

	flow->src.port = (uint16_t)walk(r, c, TCP_ID(TCP_SRCPORT), TCP_ID(TCP_SRCPORT));
	flow->dst.port = (uint16_t)walk(r, c, TCP_ID(TCP_DSTPORT), TCP_ID(TCP_DSTPORT));
	if (!cursor_ok(c) || r->lean)
		return;
	net_hidden(field_add_uint(r, TCP_ID(TCP_PORT), at, 2, flow->src.port));
	net_hidden(field_add_uint(r, TCP_ID(TCP_PORT), at + 2, 2, flow->dst.port));
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

static unsigned add_flags(struct record *r, struct cursor *c)
{
	uint32_t at = c->pos;
	uint16_t last = r->lean ? TCP_ID(TCP_FLAGS) : TCP_ID(TCP_FLAGS_FIN);
	unsigned flags = (unsigned)walk(r, c, TCP_ID(TCP_FLAGS), last);

	if (!r->lean)
		add_letters(r, at, flags);
	add_meaning(r, flags);
	return flags;
}

/* The part of the header that has a fixed length, after the ports; the header's length. */
static uint32_t add_fixed(struct decoder *d, struct record *r, struct cursor *c, struct flow *flow,
			  uint32_t start)
{
	static const struct checksum_ids ids = {.status = TCP_ID(TCP_CHECKSUM_OK),
						.calculated = TCP_ID(TCP_CHECKSUM_CALCULATED),
						.offloaded = TCP_ID(TCP_CHECKSUM_OFFLOADED)};
	uint32_t header = (c->base[start + 12] >> 4) * 4u, index;
	uint16_t seq = r->in_quote ? TCP_ID(TCP_SEQ) : TCP_ID(TCP_SEQ_RAW);

	/* Wireshark has no raw row for a quoted one: no conversation makes it relative. */
	flow->seq = (uint32_t)walk(r, c, seq, seq);
	flow->ack = (uint32_t)walk(r, c, TCP_ID(TCP_ACK_RAW), TCP_ID(TCP_ACK_RAW));
	field_add_uint(r, TCP_ID(TCP_HDR_LEN), start + 12, 1, header);
	flow->tcp_flags = (uint16_t)add_flags(r, c);
	if (flow->ack && !(flow->tcp_flags & ACK))
		net_fact(r, TCP_ID(TCP_ACK_NONZERO));
	flow->window =
		(uint16_t)walk(r, c, TCP_ID(TCP_WINDOW_SIZE_VALUE), TCP_ID(TCP_WINDOW_SIZE_VALUE));
	index = r->nfields;
	walk(r, c, TCP_ID(TCP_CHECKSUM), TCP_ID(TCP_CHECKSUM));
	checksum_transport(d, r, &ids, index, c, start, 6);
	if (walk(r, c, TCP_ID(TCP_URGENT_POINTER), TCP_ID(TCP_URGENT_POINTER)) &&
	    !(flow->tcp_flags & URG))
		net_fact(r, TCP_ID(TCP_URG_NONZERO));
	return header;
}

/* Too few bytes for a header. RFC 792 quotes 8: the ports and the sequence number. */
static void add_start(struct record *r, struct cursor *c, struct flow *flow)
{
	uint16_t seq = r->in_quote ? TCP_ID(TCP_SEQ) : TCP_ID(TCP_SEQ_RAW);
	struct cursor whole = *c;

	add_ports(r, c, flow);
	flow->seq = (uint32_t)walk(r, c, seq, seq);
	cursor_want(&whole, HEADER_MIN);
	net_overrun(r, &whole);
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
	uint32_t start = c->pos, header;

	if (!layer)
		return;
	if (cursor_left(c) < HEADER_MIN) {
		add_start(r, c, flow);
		return;
	}
	add_ports(r, c, flow);
	header = add_fixed(d, r, c, flow, start);
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
				    .blurb = "TCP carries a stream of bytes in both directions, "
					     "complete and in order, or says that "
					     "it cannot.",
				    .see = "RFC 9293"};
