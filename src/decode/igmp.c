/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * IGMP tells the router which groups a computer wants to hear: television, discovery of printers.
 * RFC 1112 appendix I (version 1), RFC 2236 (2), RFC 3376 (3); the trace of a group's way is
 * draft-ietf-idmr-traceroute-ipm. Hangs at IP protocol 2.
 */
#include "net.h"

enum {
	IGMP_PROTO,
	IGMP_VERSION,
	IGMP_TYPE,
	IGMP_RESERVED,
	IGMP_MAX_RESP,
	IGMP_MAX_RESP_EXP,
	IGMP_MAX_RESP_MANT,
	IGMP_CHECKSUM,
	IGMP_CHECKSUM_STATUS,
	IGMP_CHECKSUM_CALCULATED,
	IGMP_S,
	IGMP_QRV,
	IGMP_QQIC,
	IGMP_NUM_SRC,
	IGMP_NUM_RECORDS,
	IGMP_RECORD_TYPE,
	IGMP_AUX_LENGTH,
	IGMP_MADDR,
	IGMP_SADDR,
	IGMP_AUX,
	IGMP_DATA,
	TRACE_HOPS,
	TRACE_SOURCE, /* up to the query's number: in wire order */
	TRACE_RECEIVER,
	TRACE_RESPONSE,
	TRACE_TTL,
	TRACE_NUMBER,
	HOP_ARRIVAL, /* one router of the way: in wire order */
	HOP_IN,
	HOP_OUT,
	HOP_PREVIOUS,
	HOP_IN_PACKETS,
	HOP_OUT_PACKETS,
	HOP_TOTAL,
	HOP_PROTOCOL,
	HOP_TTL,
	HOP_MBZ,
	HOP_S,
	HOP_MASK,
	HOP_CODE,
	IGMP_ROWS
};
#define ID(row)     FIELD_ID(PROTO_igmp, row)
#define GROUP_BLURB "The group: an address from 224.0.0.0 to 239.255.255.255."

enum {
	QUERY = 0x11,
	REPORT1 = 0x12,
	REPORT2 = 0x16,
	LEAVE = 0x17,
	TRACE_REPLY = 0x1e,
	TRACE = 0x1f,
	REPORT3 = 0x22
};
#define QUERY2 8  /* bytes of a query up to version 2; of version 3 it has at least 12 */
#define HOP    32 /* bytes of a router's block in a trace */

static const struct value_name types[] = {{QUERY, "who wants what? (Query)"},
					  {REPORT1, "I want this group (Report)"},
					  {0x13, "DVMRP"},
					  {0x14, "PIM, old"},
					  {REPORT2, "I want this group (Report)"},
					  {LEAVE, "I leave this group (Leave)"},
					  {TRACE_REPLY, "way of a group: reply"},
					  {TRACE, "way of a group"},
					  {REPORT3, "groups I want (Report)"},
					  {0, NULL}};
static const struct value_name record_types[] = {{1, "these sources only"},
						 {2, "all but these sources"},
						 {3, "from now on these sources only"},
						 {4, "from now on all but these sources"},
						 {5, "these sources too"},
						 {6, "these sources no more"},
						 {0, NULL}};

#define ADDRESS(row, word, text)                                                                   \
	[row] = {"igmp.mtrace." word, text, FT_IPv4, .size = 4, .secrecy = IDENTITY}
#define COUNT(row, word, text) [row] = {"igmp.mtrace." word, text, FT_UINT32, .size = 4}
#define BYTE(row, word, text)  [row] = {"igmp.mtrace." word, text, FT_UINT8, .size = 1}

static const struct field_def rows[IGMP_ROWS] = {
	[IGMP_PROTO] = {"igmp", "Internet Group Management Protocol", FT_PROTOCOL},
	[IGMP_VERSION] = {"igmp.version", "Version", FT_UINT8},
	[IGMP_TYPE] = {"igmp.type", "Type", FT_UINT8, SHOW_HEX, 1, .values = types,
		       .blurb = "Queries come from a router or switch, reports from computers.",
		       .see = "RFC 3376 section 4"},
	[IGMP_RESERVED] = {"igmp.reserved", "Reserved", FT_BYTES},
	[IGMP_MAX_RESP] = {"igmp.max_resp", "Answer within (1/10 s)", FT_UINT8,
			   .see = "RFC 3376 section 4.1.1"},
	[IGMP_MAX_RESP_EXP] = {"igmp.max_resp.exp", "Exponent", FT_UINT8, SHOW_HEX, .mask = 0x70},
	[IGMP_MAX_RESP_MANT] = {"igmp.max_resp.mant", "Mantissa", FT_UINT8, SHOW_HEX, .mask = 0x0f},
	[IGMP_CHECKSUM] = {"igmp.checksum", "Checksum", FT_UINT16, SHOW_HEX, 2},
	[IGMP_CHECKSUM_STATUS] = {"igmp.checksum.status", "Checksum is", FT_UINT8,
				  .values = checksum_status_names},
	[IGMP_CHECKSUM_CALCULATED] = {"tt.igmp.checksum_calculated", "Checksum should be",
				      FT_UINT16, SHOW_HEX},
	[IGMP_S] = {"igmp.s", "Routers keep their timers", FT_BOOLEAN, .mask = 0x08},
	[IGMP_QRV] = {"igmp.qrv", "Each thing is said so often", FT_UINT8, .mask = 0x07},
	[IGMP_QQIC] = {"igmp.qqic", "Asks every (s)", FT_UINT8, SHOW_DEC, 1},
	[IGMP_NUM_SRC] = {"igmp.num_src", "Number of sources", FT_UINT16, SHOW_DEC, 2},
	[IGMP_NUM_RECORDS] = {"igmp.num_grp_recs", "Number of groups", FT_UINT16, SHOW_DEC, 2},
	[IGMP_RECORD_TYPE] = {"igmp.record_type", "Wants", FT_UINT8, SHOW_DEC, 1,
			      .values = record_types, .see = "RFC 3376 section 4.2.12"},
	[IGMP_AUX_LENGTH] = {"igmp.aux_data_len", "More data (words)", FT_UINT8, SHOW_DEC, 1},
	[IGMP_MADDR] = {"igmp.maddr", "Group", FT_IPv4, .size = 4, .blurb = GROUP_BLURB},
	[IGMP_SADDR] = {"igmp.saddr", "Source", FT_IPv4, .size = 4, .secrecy = IDENTITY},
	[IGMP_AUX] = {"igmp.aux_data", "More data", FT_BYTES},
	[IGMP_DATA] = {"igmp.data", "Data", FT_BYTES},
	BYTE(TRACE_HOPS, "max_hops", "Routers at most"),
	ADDRESS(TRACE_SOURCE, "saddr", "Source"),
	ADDRESS(TRACE_RECEIVER, "raddr", "Receiver"),
	ADDRESS(TRACE_RESPONSE, "rspaddr", "Answer to"),
	BYTE(TRACE_TTL, "resp_ttl", "Time to live of the answer"),
	[TRACE_NUMBER] = {"igmp.mtrace.q_id", "Number", FT_UINT24, SHOW_DEC, 3},
	COUNT(HOP_ARRIVAL, "q_arrival", "Asked at"),
	ADDRESS(HOP_IN, "q_inaddr", "Comes in at"),
	ADDRESS(HOP_OUT, "q_outaddr", "Goes out at"),
	ADDRESS(HOP_PREVIOUS, "q_prevrtr", "Router before"),
	COUNT(HOP_IN_PACKETS, "q_inpkt", "Packets in"),
	COUNT(HOP_OUT_PACKETS, "q_outpkt", "Packets out"),
	COUNT(HOP_TOTAL, "q_total", "Packets of the group"),
	BYTE(HOP_PROTOCOL, "q_rtg_proto", "Routing protocol"),
	BYTE(HOP_TTL, "q_fwd_ttl", "Least time to live"),
	[HOP_MBZ] = {"igmp.mtrace.q_mbz", "Zero", FT_UINT8, .mask = 0x80},
	[HOP_S] = {"igmp.mtrace.q_s", "Counted for all sources", FT_UINT8, .mask = 0x40},
	[HOP_MASK] = {"igmp.mtrace.q_src_mask", "Prefix of the source", FT_UINT8, .mask = 0x3f},
	[HOP_CODE] = {"igmp.mtrace.q_fwd_code", "Forwarding", FT_UINT8, SHOW_HEX, 1},
};

static void reserved(struct record *r, struct cursor *c, uint32_t n)
{
	if (cursor_want(c, n))
		field_add_bytes(r, ID(IGMP_RESERVED), c->pos, n);
	cursor_skip(c, n);
}

static void checksum(struct record *r, struct cursor *c, uint32_t start)
{
	static const struct checksum_ids ids = {.status = ID(IGMP_CHECKSUM_STATUS),
						.calculated = ID(IGMP_CHECKSUM_CALCULATED),
						.offloaded = FIELD_NONE};
	uint32_t index = r->nfields;

	walk(r, c, ID(IGMP_CHECKSUM), ID(IGMP_CHECKSUM));
	if (r->in_quote || r->flow.fragment || c->captured < c->reported || index >= r->nfields)
		checksum_unjudged(r, &ids, CHECKSUM_UNVERIFIED);
	else
		checksum_judge(r, &ids, index,
			       checksum_add(0, c->base + start, c->reported - start), 0);
}

/* RFC 3376 section 4.1.1: from 128 on a number with an exponent. */
static void max_resp(struct record *r, struct cursor *c, bool third)
{
	uint32_t at = c->pos;
	unsigned v = cursor_u8(c);

	if (!cursor_ok(c))
		return;
	if (!third || v < 128) {
		field_add_uint(r, ID(IGMP_MAX_RESP), at, 1, v);
		return;
	}
	field_add_uint(r, ID(IGMP_MAX_RESP), at, 1, ((v & 15u) | 16u) << ((v >> 4 & 7) + 3));
	r->cur_depth++;
	field_add_uint(r, ID(IGMP_MAX_RESP_EXP), at, 1, v >> 4 & 7);
	field_add_uint(r, ID(IGMP_MAX_RESP_MANT), at, 1, v & 15);
	r->cur_depth--;
}

static void sources(struct decoder *d, struct record *r, struct cursor *c, uint32_t n)
{
	while (n-- && cursor_ok(c) && decode_step(d))
		walk(r, c, ID(IGMP_SADDR), ID(IGMP_SADDR));
}

static void third_query(struct decoder *d, struct record *r, struct cursor *c)
{
	uint32_t at = c->pos;
	unsigned v = cursor_u8(c);

	if (!cursor_ok(c))
		return;
	field_add_uint(r, ID(IGMP_S), at, 1, v >> 3 & 1);
	field_add_uint(r, ID(IGMP_QRV), at, 1, v & 7);
	walk(r, c, ID(IGMP_QQIC), ID(IGMP_QQIC));
	sources(d, r, c, (uint32_t)walk(r, c, ID(IGMP_NUM_SRC), ID(IGMP_NUM_SRC)));
}

/* A query, and what computers say up to version 2. */
static void message(struct decoder *d, struct record *r, struct cursor *c, unsigned version,
		    uint32_t start)
{
	if (version == 1)
		reserved(r, c, 1);
	else
		max_resp(r, c, version == 3);
	checksum(r, c, start);
	walk(r, c, ID(IGMP_MADDR), ID(IGMP_MADDR));
	if (version == 3)
		third_query(d, r, c);
}

/* RFC 3376 section 4.2.4 */
static void record_of_group(struct decoder *d, struct record *r, struct cursor *c)
{
	uint32_t words, n;

	walk(r, c, ID(IGMP_RECORD_TYPE), ID(IGMP_RECORD_TYPE));
	r->cur_depth++;
	words = (uint32_t)walk(r, c, ID(IGMP_AUX_LENGTH), ID(IGMP_AUX_LENGTH));
	n = (uint32_t)walk(r, c, ID(IGMP_NUM_SRC), ID(IGMP_NUM_SRC));
	walk(r, c, ID(IGMP_MADDR), ID(IGMP_MADDR));
	sources(d, r, c, n);
	if (words && cursor_want(c, words * 4))
		field_add_bytes(r, ID(IGMP_AUX), c->pos, words * 4);
	cursor_skip(c, words * 4);
	r->cur_depth--;
}

static void third_report(struct decoder *d, struct record *r, struct cursor *c, uint32_t start)
{
	uint32_t n;

	reserved(r, c, 1);
	checksum(r, c, start);
	reserved(r, c, 2);
	n = (uint32_t)walk(r, c, ID(IGMP_NUM_RECORDS), ID(IGMP_NUM_RECORDS));
	while (n-- && cursor_ok(c) && decode_step(d))
		record_of_group(d, r, c);
}

static void hop(struct record *r, struct cursor *c)
{
	uint32_t at;
	unsigned v;

	walk(r, c, ID(HOP_ARRIVAL), ID(HOP_TTL));
	at = c->pos;
	v = cursor_u8(c);
	if (cursor_ok(c)) {
		field_add_uint(r, ID(HOP_MBZ), at, 1, v >> 7);
		field_add_uint(r, ID(HOP_S), at, 1, v >> 6 & 1);
		field_add_uint(r, ID(HOP_MASK), at, 1, v & 63);
	}
	walk(r, c, ID(HOP_CODE), ID(HOP_CODE));
}

static void trace(struct decoder *d, struct record *r, struct cursor *c, uint32_t start)
{
	walk(r, c, ID(TRACE_HOPS), ID(TRACE_HOPS));
	checksum(r, c, start);
	walk(r, c, ID(IGMP_MADDR), ID(IGMP_MADDR));
	walk(r, c, ID(TRACE_SOURCE), ID(TRACE_NUMBER));
	while (cursor_promised(c) >= HOP && decode_step(d))
		hop(r, c);
}

/* Only a query needs a look at its length and time (RFC 3376 section 7.1). */
static unsigned version_of(const struct cursor *c, unsigned type)
{
	switch (type) {
	case QUERY:
		if (cursor_promised(c) > QUERY2)
			return 3;
		return cursor_left(c) > 1 && !c->base[c->pos + 1] ? 1 : 2;
	case REPORT1: return 1;
	case REPORT2:
	case LEAVE: return 2;
	case REPORT3: return 3;
	default: return 0;
	}
}

static void decode(struct decoder *d, struct record *r, struct cursor *c)
{
	struct layer *layer = layer_open(r, PROTO_igmp, c);
	uint32_t start = c->pos;
	unsigned type = cursor_peek(c), version = version_of(c, type);

	if (version && cursor_left(c))
		field_gen_uint(r, ID(IGMP_VERSION), version);
	walk(r, c, ID(IGMP_TYPE), ID(IGMP_TYPE));
	if (type == REPORT3)
		third_report(d, r, c, start);
	else if (version)
		message(d, r, c, version, start);
	else if (type == TRACE || type == TRACE_REPLY)
		trace(d, r, c, start);
	else if (cursor_left(c))
		field_add_bytes(r, ID(IGMP_DATA), c->pos, cursor_left(c));
	if (!cursor_ok(c))
		net_overrun(r, c);
	if (layer)
		layer_close(r, layer, c->pos);
}

static const struct hang on[] = {{ON_IP_PROTO, 2}, {ON_NOTHING, 0}};

const struct proto_def proto_igmp = {
	.name = "igmp",
	.label = "Internet Group Management Protocol",
	.prefix = "IGMP",
	.header = "IGMP HEADER",
	.fields = rows,
	.nfields = IGMP_ROWS,
	.on = on,
	.decode = decode,
	.blurb = "Tells the router which groups (television, discovery) a computer wants to hear.",
	.see = "RFC 2236, RFC 3376",
};
