/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * UDP brings single messages to a port of another computer, without checking that they arrive.
 * RFC 768; RFC 8200 section 8.1 (checksum in IPv6). Hangs at IP protocol 17.
 */
#include "net.h"

#include <glib.h>

#include "tracetutor/ports.h"
#include "tracetutor/udp_fields.h"

#define HEADER     8
#define VXLAN_PORT 4789

static const struct field_def udp_fields[UDP_ROWS] = {
	[UDP_PROTO] = {.name = "udp", .label = "User Datagram Protocol", .type = FT_PROTOCOL},
	[UDP_SRCPORT] = {.name = "udp.srcport",
			 .label = "Source Port",
			 .type = FT_UINT16,
			 .size = 2,
			 .values = port_names_udp},
	[UDP_DSTPORT] =
		{.name = "udp.dstport",
		 .label = "Dest Port",
		 .type = FT_UINT16,
		 .size = 2,
		 .values = port_names_udp,
		 .blurb = "The door number at the receiver: it tells which service is wanted."},
	[UDP_PORT] = {.name = "udp.port",
		      .label = "Source or Dest Port",
		      .type = FT_UINT16,
		      .size = 2,
		      .values = port_names_udp},
	[UDP_LENGTH] = {.name = "udp.length",
			.label = "Length",
			.type = FT_UINT16,
			.size = 2,
			.blurb = "Header and data together, in bytes.",
			.see = "RFC 768"},
	[UDP_CHECKSUM] = {.name = "udp.checksum",
			  .label = "Checksum",
			  .type = FT_UINT16,
			  .flags = ROW_KEPT,
			  .show = SHOW_HEX,
			  .size = 2},
	[UDP_CHECKSUM_OK] = {.name = "tt.udp.checksum_ok",
			     .label = "Checksum is right",
			     .type = FT_BOOLEAN,
			     .blurb = "Whether the checksum fits the bytes; not there where it "
				      "cannot be judged."},
	[UDP_CHECKSUM_CALCULATED] = {.name = "tt.udp.checksum_calculated",
				     .label = "Checksum should be",
				     .type = FT_UINT16,
				     .show = SHOW_HEX},
	[UDP_CHECKSUM_OFFLOADED] = {.name = "tt.udp.checksum_offloaded",
				    .label = "Checksum left to the network card",
				    .type = FT_BOOLEAN,
				    .blurb = "The capture shows the datagram before the network "
					     "card filled in the checksum."},
	[UDP_PAYLOAD] = {.name = "udp.payload",
			 .label = "Data",
			 .type = FT_BYTES,
			 .blurb = "The application's bytes in this datagram."},
	[UDP_LENGTH_BAD] = {.name = "udp.length.bad",
			    .label = "Length does not fit the packet",
			    .type = FT_NONE},
	[UDP_LENGTH_ZERO] = {.name = "udp.length.bad_zero",
			     .label = "Length is zero",
			     .type = FT_NONE},
	[UDP_CHECKSUM_ZERO] = {.name = "udp.checksum.zero",
			       .label = "Checksum missing (IPv6 needs one)",
			       .type = FT_NONE},
	[UDP_STREAM] = {.name = "udp.stream", .label = "Conversation number", .type = FT_UINT32},
	[UDP_TIME_RELATIVE] = {.name = "udp.time_relative",
			       .label = "Time since the conversation began",
			       .type = FT_RELATIVE_TIME},
	[UDP_TIME_DELTA] = {.name = "udp.time_delta",
			    .label = "Time since its previous packet",
			    .type = FT_RELATIVE_TIME},
};

/* No checksum: the sender's choice in IPv4, forbidden in IPv6. */
static void no_checksum(struct decoder *d, struct record *r, const struct checksum_ids *ids)
{
	bool allowed = net_pseudo(d)->family != 6;

	checksum_unjudged(r, ids, allowed ? CHECKSUM_ABSENT : CHECKSUM_ILLEGAL);
	if (!allowed && !r->in_quote)
		net_fact(r, UDP_ID(UDP_CHECKSUM_ZERO));
}

static void add_checksum(struct decoder *d, struct record *r, struct cursor *c, uint32_t start,
			 const struct cursor *message)
{
	static const struct checksum_ids ids = {.status = UDP_ID(UDP_CHECKSUM_OK),
						.calculated = UDP_ID(UDP_CHECKSUM_CALCULATED),
						.offloaded = UDP_ID(UDP_CHECKSUM_OFFLOADED)};
	uint32_t index = r->nfields;

	if (walk(r, c, UDP_ID(UDP_CHECKSUM), UDP_ID(UDP_CHECKSUM)))
		checksum_transport(d, r, &ids, index, message, start, 17);
	else if (cursor_ok(c))
		no_checksum(d, r, &ids);
}

/* The length the header gives, if it can be right; else what IP gives. Of a first piece it is that
 * of the whole. 0 stands for more than 65,535 bytes (RFC 2675 section 4). */
static uint32_t message_length(struct record *r, uint32_t length, uint32_t promised)
{
	if (length >= HEADER && (length <= promised || r->in_quote || r->flow.fragment))
		return length;
	if (length || promised < 65536) {
		net_fact(r, length ? UDP_ID(UDP_LENGTH_BAD) : UDP_ID(UDP_LENGTH_ZERO))->flags |=
			FIELD_MALFORMED;
		r->malformed |= !r->in_quote;
	}
	return promised;
}

/* A tunnel is opened here and not with the payloads, so that what it carries is what is tracked. */
static bool tunnel(struct decoder *d, struct record *r, struct cursor *c, const struct flow *flow)
{
	if (flow->dst.port != VXLAN_PORT || !cursor_left(c) || !decode_step(d) ||
	    r->nlayers == RECORD_MAX_LAYERS)
		return false;
	proto_table[PROTO_vxlan]->decode(d, r, c);
	return true;
}

static void add_payload(struct decoder *d, struct record *r, struct cursor *c, struct flow *flow)
{
	net_payload(r, c, flow, UDP_ID(UDP_PAYLOAD));
	if (tunnel(d, r, c, flow) || r->in_quote)
		return;
	r->payload.source = r->cur_source;
	r->payload.off = c->pos;
	r->payload.captured = flow->pcaptured;
	r->payload.reported = flow->preported;
	r->payload.last = true;
}

/* What a report quotes is read too, by its port: which question was it that failed? The one who
 * reports may cut it where he likes. */
static void quoted_payload(struct decoder *d, struct record *r, const struct cursor *message,
			   uint32_t length)
{
	uint16_t a = r->quoted.src.port, b = r->quoted.dst.port;
	uint32_t at = message->pos, left = cursor_left(message);
	struct cursor c = cursor_make(message->base, at, at + left, at + MAX(left, length));

	if (!decode_next(d, r, ON_UDP_PORT, MIN(a, b), &c))
		decode_next(d, r, ON_UDP_PORT, MAX(a, b), &c);
}

static void decode(struct decoder *d, struct record *r, struct cursor *c)
{
	struct layer *layer = layer_open(r, PROTO_udp, c);
	struct flow *flow = net_flow(r);
	uint32_t start = c->pos, promised = cursor_promised(c), length;
	struct cursor whole = *c, message;

	if (!layer)
		return;
	flow->src.port = (uint16_t)walk(r, c, UDP_ID(UDP_SRCPORT), UDP_ID(UDP_SRCPORT));
	flow->dst.port = (uint16_t)walk(r, c, UDP_ID(UDP_DSTPORT), UDP_ID(UDP_DSTPORT));
	if (cursor_ok(c)) {
		net_hidden(field_add_uint(r, UDP_ID(UDP_PORT), start, 2, flow->src.port));
		net_hidden(field_add_uint(r, UDP_ID(UDP_PORT), start + 2, 2, flow->dst.port));
	}
	length = (uint32_t)walk(r, c, UDP_ID(UDP_LENGTH), UDP_ID(UDP_LENGTH));
	if (!cursor_ok(c)) {
		net_overrun(r, c);
		return;
	}
	message = cursor_fence(&whole, message_length(r, length, promised));
	if (r->flow.fragment && !r->in_quote && length > promised)
		message.reported = start + length; /* the rest is in other pieces */
	add_checksum(d, r, c, start, &message);
	layer_close(r, layer, c->pos);
	if (!cursor_skip(&message, HEADER)) {
		net_overrun(r, &message);
		return;
	}
	add_payload(d, r, &message, flow);
	if (r->in_quote && cursor_left(&message))
		quoted_payload(d, r, &message, length - MIN(length, HEADER));
}

static void checksum_line(struct lines *l, const struct record *r, const struct layer *layer,
			  const struct field **at)
{
	if (!at[UDP_CHECKSUM])
		return;
	if (!at[UDP_CHECKSUM]->v.u && !at[UDP_CHECKSUM_OK])
		lines_str(l, " (not used by the sender)");
	else
		lines_verdict(l, r, layer, at[UDP_CHECKSUM_OK], at[UDP_CHECKSUM_CALCULATED],
			      at[UDP_CHECKSUM_OFFLOADED]);
}

static void lines(struct lines *l, const struct record *r, const struct layer *layer)
{
	const struct field *at[UDP_ROWS];

	net_rows(r, layer, at, UDP_ROWS);
	lines_header(l, r, layer);
	lines_row(l, r, layer);
	lines_port(l, r, "Source Port: ", at[UDP_SRCPORT], port_name_udp);
	lines_port(l, r, "  Dest Port: ", at[UDP_DSTPORT], port_name_udp);
	lines_end(l);
	lines_row(l, r, layer);
	lines_labelled(l, r, "Length", at[UDP_LENGTH]);
	lines_str(l, " bytes  Checksum: ");
	lines_hex(l, r, at[UDP_CHECKSUM], 0);
	checksum_line(l, r, layer, at);
	lines_end(l);
	lines_rest(l, r, layer, UDP_LENGTH_BAD, UDP_LENGTH_ZERO);
	if (!layer->quoted && at[UDP_LENGTH] && at[UDP_LENGTH]->v.u == HEADER && at[UDP_CHECKSUM]) {
		lines_row(l, r, layer);
		lines_str(l, "No data.");
		lines_end(l);
	}
}

static const struct hang hangs[] = {{ON_IP_PROTO, 17}, {ON_NOTHING, 0}};

const struct proto_def proto_udp = {.name = "udp",
				    .label = "User Datagram Protocol",
				    .prefix = "UDP",
				    .header = "UDP HEADER",
				    .fields = udp_fields,
				    .nfields = UDP_ROWS,
				    .on = hangs,
				    .decode = decode,
				    .lines = lines,
				    .common = true,
				    .blurb = "UDP brings single messages to a port of another "
					     "computer, without checking that they "
					     "arrive.",
				    .see = "RFC 768"};
