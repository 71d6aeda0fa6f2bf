/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * GRE is a tunnel: it carries packets of any protocol inside IP. RFC 2784, key and sequence number
 * RFC 2890, routing RFC 1701; with acknowledgements, as PPTP uses it, RFC 2637 section 4.1. Hangs
 * at IP protocol 47.
 */
#include "link.h"
#include "net.h"

enum {
	GRE_PROTO,
	GRE_FLAGS,
	GRE_FLAG_CHECKSUM,
	GRE_FLAG_ROUTING,
	GRE_FLAG_KEY,
	GRE_FLAG_SEQUENCE,
	GRE_FLAG_STRICT,
	GRE_FLAG_RECURSION,
	GRE_FLAG_ACK,
	GRE_FLAG_RESERVED,
	GRE_FLAG_VERSION,
	GRE_PROTOCOL,
	GRE_CHECKSUM,
	GRE_CHECKSUM_STATUS,
	GRE_CHECKSUM_CALCULATED,
	GRE_OFFSET,
	GRE_KEY,
	GRE_PAYLOAD_LENGTH,
	GRE_CALL,
	GRE_SEQUENCE,
	GRE_ACK,
	GRE_ROUTING,
	GRE_ROUTE_FAMILY,
	GRE_ROUTE_OFFSET,
	GRE_ROUTE_LENGTH,
	GRE_ROUTE,
	GRE_ROWS
};
#define ID(row) FIELD_ID(PROTO_gre, row)

enum {
	HAS_CHECKSUM = 0x8000,
	HAS_ROUTING = 0x4000,
	HAS_KEY = 0x2000,
	HAS_SEQUENCE = 0x1000,
	HAS_ACK = 0x0080,
	VERSION = 0x0007
};
#define VERSION_PPTP   1
#define PROTO_PPP      0x880b
#define PROTO_ETHERNET 0x6558

static const struct value_name protocols[] = {{0x0000, "keepalive, perhaps"},
					      {0x0800, "IPv4"},
					      {0x0806, "ARP"},
					      {0x6558, "Ethernet"},
					      {0x86dd, "IPv6"},
					      {0x8847, "MPLS"},
					      {0x880b, "PPP"},
					      {0x88be, "ERSPAN (copy of a port)"},
					      {0, NULL}};

#define FLAG(row, word, text, bit)                                                                 \
	[row] = {"gre.flags." word, text,        FT_BOOLEAN,  .size = 2,                           \
		 .flags = ROW_SUB,  .mask = bit, .on = "Yes", .off = "No"}
#define PART(row, word, text, bits)                                                                \
	[row] = {"gre.flags." word, text, FT_UINT16, .size = 2, .flags = ROW_SUB, .mask = bits}

static const struct field_def rows[GRE_ROWS] = {
	[GRE_PROTO] = {"gre", "Generic Routing Encapsulation", FT_PROTOCOL},
	[GRE_FLAGS] = {"gre.flags_and_version", "Flags", FT_UINT16, SHOW_HEX, 2},
	FLAG(GRE_FLAG_CHECKSUM, "checksum", "Checksum", HAS_CHECKSUM),
	FLAG(GRE_FLAG_ROUTING, "routing", "Routing", HAS_ROUTING),
	FLAG(GRE_FLAG_KEY, "key", "Key", HAS_KEY),
	FLAG(GRE_FLAG_SEQUENCE, "sequence_number", "Sequence number", HAS_SEQUENCE),
	FLAG(GRE_FLAG_STRICT, "strict_source_route", "Strict source route", 0x0800),
	PART(GRE_FLAG_RECURSION, "recursion_control", "Tunnels in it", 0x0700),
	FLAG(GRE_FLAG_ACK, "ack", "Acknowledgment", HAS_ACK),
	PART(GRE_FLAG_RESERVED, "reserved", "Reserved", 0x0078),
	PART(GRE_FLAG_VERSION, "version", "Version", VERSION),
	[GRE_PROTOCOL] = {"gre.proto", "Inside", FT_UINT16, SHOW_HEX, 2, .values = protocols,
			  .blurb = "Which protocol the packet in the tunnel belongs to.",
			  .see = "RFC 2784 section 2.4"},
	[GRE_CHECKSUM] = {"gre.checksum", "Checksum", FT_UINT16, SHOW_HEX, 2},
	[GRE_CHECKSUM_STATUS] = {"gre.checksum.status", "Checksum is", FT_UINT8,
				 .values = checksum_status_names},
	[GRE_CHECKSUM_CALCULATED] = {"tt.gre.checksum_calculated", "Checksum should be", FT_UINT16,
				     SHOW_HEX},
	[GRE_OFFSET] = {"gre.offset", "Offset", FT_UINT16, SHOW_DEC, 2},
	[GRE_KEY] = {"gre.key", "Key", FT_UINT32, SHOW_HEX, 4,
		     .blurb = "Tells several tunnels between the same two routers apart."},
	[GRE_PAYLOAD_LENGTH] = {"gre.key.payload_length", "Length inside", FT_UINT16, SHOW_DEC, 2},
	[GRE_CALL] = {"gre.key.call_id", "Call", FT_UINT16, SHOW_DEC, 2},
	[GRE_SEQUENCE] = {"gre.sequence_number", "Sequence number", FT_UINT32, SHOW_DEC, 4},
	[GRE_ACK] = {"gre.ack_number", "Acknowledges", FT_UINT32, SHOW_DEC, 4},
	[GRE_ROUTING] = {"gre.routing", "Routing", FT_NONE},
	[GRE_ROUTE_FAMILY] = {"gre.routing.address_family", "Kind of address", FT_UINT16, SHOW_DEC,
			      2},
	[GRE_ROUTE_OFFSET] = {"gre.routing.sre_offset", "Next", FT_UINT8, SHOW_DEC, 1},
	[GRE_ROUTE_LENGTH] = {"gre.routing.src_length", "Length", FT_UINT8, SHOW_DEC, 1},
	[GRE_ROUTE] = {"gre.routing.information", "Routers", FT_BYTES, .secrecy = IDENTITY},
};

/* RFC 2784 section 2.3: over the header and all that it carries. */
static void checksum(struct record *r, struct cursor *c, uint32_t start, bool used)
{
	static const struct checksum_ids ids = {.status = ID(GRE_CHECKSUM_STATUS),
						.calculated = ID(GRE_CHECKSUM_CALCULATED),
						.offloaded = FIELD_NONE};
	uint32_t index = r->nfields;

	walk(r, c, ID(GRE_CHECKSUM), ID(GRE_CHECKSUM));
	if (index >= r->nfields)
		return;
	if (!used || r->in_quote || c->captured < c->reported)
		checksum_unjudged(r, &ids, CHECKSUM_UNVERIFIED);
	else
		checksum_judge(r, &ids, index,
			       checksum_add(0, c->base + start, c->reported - start), 0);
}

/* RFC 1701: entries of addresses, until one without a family and length. */
static void routing(struct decoder *d, struct record *r, struct cursor *c)
{
	uint32_t n = 1;
	uint64_t family = 1;

	field_add_none(r, ID(GRE_ROUTING), c->pos, cursor_left(c));
	r->cur_depth++;
	while ((family || n) && cursor_ok(c) && decode_step(d)) {
		family = walk(r, c, ID(GRE_ROUTE_FAMILY), ID(GRE_ROUTE_FAMILY));
		walk(r, c, ID(GRE_ROUTE_OFFSET), ID(GRE_ROUTE_OFFSET));
		n = (uint32_t)walk(r, c, ID(GRE_ROUTE_LENGTH), ID(GRE_ROUTE_LENGTH));
		if (n && cursor_want(c, n))
			field_add_bytes(r, ID(GRE_ROUTE), c->pos, n);
		cursor_skip(c, n);
	}
	r->cur_depth--;
}

/* Only PPTP's version knows acknowledgements. */
static uint64_t flags_of(struct record *r, struct cursor *c)
{
	uint32_t index = r->nfields;
	uint64_t flags = walk(r, c, ID(GRE_FLAGS), ID(GRE_FLAG_RECURSION));
	struct field f;

	if (index >= r->nfields)
		return 0;
	f = r->fields[index];
	if ((flags & VERSION) == VERSION_PPTP)
		walk_bits(r, &f, ID(GRE_FLAG_ACK), ID(GRE_FLAG_ACK));
	walk_bits(r, &f, ID(GRE_FLAG_RESERVED), ID(GRE_FLAG_VERSION));
	return flags;
}

static uint64_t header(struct decoder *d, struct record *r, struct cursor *c)
{
	uint32_t start = c->pos;
	uint64_t flags = flags_of(r, c);
	uint64_t protocol = walk(r, c, ID(GRE_PROTOCOL), ID(GRE_PROTOCOL));
	bool pptp = (flags & VERSION) == VERSION_PPTP;

	if (flags & (HAS_CHECKSUM | HAS_ROUTING)) {
		checksum(r, c, start, flags & HAS_CHECKSUM);
		walk(r, c, ID(GRE_OFFSET), ID(GRE_OFFSET));
	}
	if (flags & HAS_KEY && pptp)
		walk(r, c, ID(GRE_PAYLOAD_LENGTH), ID(GRE_CALL));
	else if (flags & HAS_KEY)
		walk(r, c, ID(GRE_KEY), ID(GRE_KEY));
	if (flags & HAS_SEQUENCE)
		walk(r, c, ID(GRE_SEQUENCE), ID(GRE_SEQUENCE));
	if (flags & HAS_ACK && pptp)
		walk(r, c, ID(GRE_ACK), ID(GRE_ACK));
	if (flags & HAS_ROUTING)
		routing(d, r, c);
	return protocol;
}

static void decode(struct decoder *d, struct record *r, struct cursor *c)
{
	struct layer *layer = layer_open(r, PROTO_gre, c);
	uint64_t protocol;
	bool known;

	if (!layer)
		return;
	protocol = header(d, r, c);
	if (!cursor_ok(c)) {
		net_overrun(r, c);
		return;
	}
	layer_close(r, layer, c->pos);
	if (!cursor_left(c))
		return;
	if (protocol == PROTO_PPP)
		known = decode_next(d, r, ON_LINK, LINK_PPP, c);
	else if (protocol == PROTO_ETHERNET)
		known = decode_next(d, r, ON_LINK, LINK_ETHERNET, c);
	else
		known = protocol && decode_next(d, r, ON_ETHERTYPE, (uint32_t)protocol, c);
	if (!known)
		decode_data(d, r, c);
}

static const struct hang on[] = {{ON_IP_PROTO, 47}, {ON_NOTHING, 0}};

const struct proto_def proto_gre = {
	.name = "gre",
	.label = "Generic Routing Encapsulation",
	.prefix = "GRE",
	.header = "GRE HEADER",
	.fields = rows,
	.nfields = GRE_ROWS,
	.on = on,
	.decode = decode,
	.blurb = "A tunnel: carries packets of any protocol inside IP.",
	.see = "RFC 2784, RFC 2890",
};
