/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * By spanning tree messages switches agree which of their cables to use, so that no loop is left in
 * which frames would run for ever. IEEE 802.1D-2004 section 9, several trees IEEE 802.1Q section
 * 14; Cisco adds the number of the VLAN. Hangs at LLC service 0x42 and Cisco's SNAP number 0x010B.
 */
#include "tracetutor/decode.h"

enum {
	STP_PROTO,
	STP_PROTOCOL,
	STP_VERSION,
	STP_TYPE,
	STP_FLAGS,
	STP_TC_ACK,
	STP_AGREEMENT,
	STP_FORWARDING,
	STP_LEARNING,
	STP_ROLE,
	STP_PROPOSAL,
	STP_TC,
	STP_ROOT_PRIORITY,
	STP_ROOT_EXTENSION,
	STP_ROOT_MAC,
	STP_ROOT_COST,
	STP_BRIDGE_PRIORITY,
	STP_BRIDGE_EXTENSION,
	STP_BRIDGE_MAC,
	STP_PORT,
	STP_MESSAGE_AGE,
	STP_MAX_AGE,
	STP_HELLO,
	STP_FORWARD,
	STP_VERSION_1_LENGTH,
	PVST_TYPE,
	PVST_LENGTH,
	PVST_VLAN,
	PVST_VALUE,
	MST_LENGTH,
	MST_FORMAT,
	MST_NAME,
	MST_REVISION,
	MST_DIGEST,
	MST_INTERNAL_COST,
	MST_CIST_PRIORITY,
	MST_CIST_EXTENSION,
	MST_CIST_MAC,
	MST_CIST_HOPS,
	MSTI_FLAGS,
	MSTI_PRIORITY,
	MSTI_ID,
	MSTI_ROOT,
	MSTI_COST,
	MSTI_BRIDGE_PRIORITY,
	MSTI_PORT_PRIORITY,
	MSTI_HOPS,
	SPT_LENGTH,
	SPT_AGREEMENT,
	SPT_DISAGREEMENT,
	SPT_VALID,
	SPT_RESTRICTED,
	SPT_FORMAT,
	SPT_CAPABILITIES,
	SPT_CONVENTION,
	SPT_CONVENTION_CAPABILITIES,
	SPT_EDGES,
	SPT_DIGEST,
	STP_ROWS
};
#define ID(row) FIELD_ID(PROTO_stp, row)

enum { TYPE_CONFIGURATION = 0x00, TYPE_RAPID = 0x02, TYPE_CHANGE = 0x80 };

#define VERSION_SEVERAL  3
#define VERSION_SHORTEST 4
#define MST_FIXED        64 /* bytes of the part for all trees */
#define MSTI             16 /* bytes for each tree */
#define NAME             32
#define DIGEST           16
#define SPT_DIGEST_SIZE  20
#define NS_PER_S         1000000000

static const struct value_name versions[] = {{0, "spanning tree"},
					     {2, "rapid spanning tree"},
					     {3, "several trees"},
					     {4, "shortest paths"},
					     {0, NULL}};
static const struct value_name types[] = {{TYPE_CONFIGURATION, "this is my view (Configuration)"},
					  {TYPE_RAPID, "this is my view (rapid)"},
					  {TYPE_CHANGE, "the network has changed"},
					  {0, NULL}};
static const struct value_name roles[] = {{0, "unknown"},
					  {1, "spare (alternate or backup)"},
					  {2, "towards the root"},
					  {3, "away from the root (designated)"},
					  {0, NULL}};

#define FLAG(row, word, text, bit)                                                                 \
	[row] = {"stp.flags." word, text,        FT_BOOLEAN,  .size = 1,                           \
		 .flags = ROW_SUB,  .mask = bit, .on = "Yes", .off = "No"}
#define BRIDGE(row, word, whose)                                                                   \
	[row##_PRIORITY] = {word ".prio", whose "priority", FT_UINT16},                            \
	[row##_EXTENSION] = {word ".ext", whose "VLAN or tree", FT_UINT16},                        \
	[row##_MAC] = {word ".hw", whose "address", FT_ETHER, .size = 6, .secrecy = IDENTITY}
#define SECONDS(row, word, text)    [row] = {"stp." word, text, FT_DOUBLE, .size = 2}
#define PART(row, word, text, bits) [row] = {word, text, FT_UINT8, .mask = bits}

static const struct field_def rows[STP_ROWS] = {
	[STP_PROTO] = {"stp", "Spanning Tree Protocol", FT_PROTOCOL},
	[STP_PROTOCOL] = {"stp.protocol", "Protocol", FT_UINT16, SHOW_HEX, 2},
	[STP_VERSION] = {"stp.version", "Version", FT_UINT8, SHOW_DEC, 1, .values = versions},
	[STP_TYPE] = {"stp.type", "Message", FT_UINT8, SHOW_HEX, 1, .values = types,
		      .see = "IEEE 802.1D-2004 section 9.3"},
	[STP_FLAGS] = {"stp.flags", "Flags", FT_UINT8, SHOW_HEX, 1},
	FLAG(STP_TC_ACK, "tcack", "Change acknowledged", 0x80),
	FLAG(STP_AGREEMENT, "agreement", "Agrees", 0x40),
	FLAG(STP_FORWARDING, "forwarding", "Port passes frames on", 0x20),
	FLAG(STP_LEARNING, "learning", "Port learns addresses", 0x10),
	[STP_ROLE] = {"stp.flags.port_role", "Role of the port", FT_UINT8, .size = 1,
		      .flags = ROW_SUB, .mask = 0x0c, .values = roles},
	FLAG(STP_PROPOSAL, "proposal", "Proposes", 0x02),
	[STP_TC] = {"stp.flags.tc", "The network has changed", FT_BOOLEAN, .size = 1,
		    .flags = ROW_SUB, .mask = 0x01, .on = "Yes", .off = "No",
		    .blurb = "A cable was plugged in or out somewhere: switches forget quickly "
			     "where everybody is, and learn it anew."},
	BRIDGE(STP_ROOT, "stp.root", "Root switch: "),
	[STP_ROOT_COST] = {"stp.root.cost", "Way to the root costs", FT_UINT32, SHOW_DEC, 4},
	BRIDGE(STP_BRIDGE, "stp.bridge", "This switch: "),
	[STP_PORT] = {"stp.port", "Port", FT_UINT16, SHOW_HEX, 2},
	SECONDS(STP_MESSAGE_AGE, "msg_age", "Age of this news (s)"),
	SECONDS(STP_MAX_AGE, "max_age", "News are forgotten after (s)"),
	SECONDS(STP_HELLO, "hello", "Said again every (s)"),
	[STP_FORWARD] = {"stp.forward", "Wait before passing frames on (s)", FT_DOUBLE, .size = 2,
			 .blurb = "Twice this long a newly plugged port of an old switch is deaf: "
				  "30 seconds, in which no address can be had.",
			 .see = "IEEE 802.1D-2004 section 17.14"},
	[STP_VERSION_1_LENGTH] = {"stp.version_1_length", "Length of version 1", FT_UINT8, SHOW_DEC,
				  1},
	[PVST_TYPE] = {"stp.pvst.tlvtype", "Type", FT_UINT16, SHOW_HEX, 2},
	[PVST_LENGTH] = {"stp.pvst.tlvlen", "Length", FT_UINT16, SHOW_DEC, 2},
	[PVST_VLAN] = {"stp.pvst.origvlan", "For VLAN", FT_UINT16, SHOW_DEC, 2},
	[PVST_VALUE] = {"stp.pvst.tlvval", "Value", FT_BYTES},
	[MST_LENGTH] = {"mstp.version_3_length", "Length of version 3", FT_UINT16, SHOW_DEC, 2},
	[MST_FORMAT] = {"mstp.config_format_selector", "Format", FT_UINT8, SHOW_DEC, 1},
	[MST_NAME] = {"mstp.config_name", "Region", FT_STRING, .secrecy = IDENTITY},
	[MST_REVISION] = {"mstp.config_revision_level", "Revision", FT_UINT16, SHOW_DEC, 2},
	[MST_DIGEST] = {"mstp.config_digest", "Digest of the settings", FT_BYTES, .size = DIGEST},
	[MST_INTERNAL_COST] = {"mstp.cist_internal_root_path_cost", "Way inside costs", FT_UINT32,
			       SHOW_DEC, 4},
	BRIDGE(MST_CIST, "mstp.cist_bridge", "Switch of the region: "),
	[MST_CIST_HOPS] = {"mstp.cist_remaining_hops", "Switches left", FT_UINT8, SHOW_DEC, 1},
	[MSTI_FLAGS] = {"mstp.msti.flags", "Flags of a tree", FT_UINT8, SHOW_HEX},
	PART(MSTI_PRIORITY, "mstp.msti.priority", "Priority of its root", 0xf0),
	[MSTI_ID] = {"mstp.msti.msti_id", "Tree", FT_UINT16, .mask = 0x0fff},
	[MSTI_ROOT] = {"mstp.msti.root.hw", "Its root", FT_ETHER, .size = 6, .secrecy = IDENTITY},
	[MSTI_COST] = {"mstp.msti.root_cost", "Way to it costs", FT_UINT32, SHOW_DEC, 4},
	[MSTI_BRIDGE_PRIORITY] = {"mstp.msti.bridge_priority", "Priority of this switch", FT_UINT8},
	[MSTI_PORT_PRIORITY] = {"mstp.msti.port_priority", "Priority of the port", FT_UINT8},
	[MSTI_HOPS] = {"mstp.msti.remaining_hops", "Switches left", FT_UINT8, SHOW_DEC, 1},
	[SPT_LENGTH] = {"mstp.version_4_length", "Length of version 4", FT_UINT16, SHOW_DEC, 2},
	PART(SPT_AGREEMENT, "mstp.agree_flags.agreement_num", "Agreement", 0x03),
	PART(SPT_DISAGREEMENT, "mstp.agree_flags.dagreement_num", "Agreement discarded", 0x0c),
	[SPT_VALID] = {"mstp.agree_flags.agreement_valid", "Agreement valid", FT_BOOLEAN,
		       .mask = 0x10},
	[SPT_RESTRICTED] = {"mstp.agree_flags.rest_role", "Restricted role", FT_BOOLEAN,
			    .mask = 0x20},
	PART(SPT_FORMAT, "bpdu.agreement_digest_format_id", "Format of the digest", 0xf0),
	PART(SPT_CAPABILITIES, "bpdu.agreement_digest_format_capabilities", "Can do", 0x0f),
	PART(SPT_CONVENTION, "bpdu.agreement_digest_convention_id", "Convention", 0xf0),
	PART(SPT_CONVENTION_CAPABILITIES, "bpdu.agreement_digest_convention_capabilities", "Can do",
	     0x0f),
	[SPT_EDGES] = {"bpdu.agreement_digest_edge_count", "Edges", FT_UINT16, SHOW_DEC, 2},
	[SPT_DIGEST] = {"mstp.agreement_digest", "Digest", FT_BYTES, .size = SPT_DIGEST_SIZE},
};

/* Priority in the upper four bits, then the number of a VLAN or tree, then the address. */
static void bridge(struct record *r, struct cursor *c, uint16_t priority)
{
	uint32_t at = c->pos;
	uint16_t v = cursor_be16(c);

	if (!cursor_ok(c))
		return;
	field_add_uint(r, priority, at, 2, v & 0xf000);
	field_add_uint(r, (uint16_t)(priority + 1), at, 2, v & 0x0fff);
	walk(r, c, (uint16_t)(priority + 2), (uint16_t)(priority + 2));
}

/* Times are in 1/256 of a second (IEEE 802.1D-2004 section 9.2.8). */
static void seconds(struct record *r, struct cursor *c, uint16_t id)
{
	uint32_t at = c->pos;
	int64_t v = cursor_be16(c);

	if (cursor_ok(c))
		field_add_int(r, id, at, 2, v * NS_PER_S / 256);
}

/* The first spanning tree knows only two of the flags (IEEE 802.1D-1998 section 9.3.1). */
static void old_flags(struct record *r, struct cursor *c)
{
	uint32_t index = r->nfields;
	struct field f;

	walk(r, c, ID(STP_FLAGS), ID(STP_FLAGS));
	if (index >= r->nfields)
		return;
	f = r->fields[index];
	walk_bits(r, &f, ID(STP_TC_ACK), ID(STP_TC_ACK));
	walk_bits(r, &f, ID(STP_TC), ID(STP_TC));
}

static void view(struct record *r, struct cursor *c, bool rapid)
{
	if (rapid)
		walk(r, c, ID(STP_FLAGS), ID(STP_TC));
	else
		old_flags(r, c);
	bridge(r, c, ID(STP_ROOT_PRIORITY));
	walk(r, c, ID(STP_ROOT_COST), ID(STP_ROOT_COST));
	bridge(r, c, ID(STP_BRIDGE_PRIORITY));
	walk(r, c, ID(STP_PORT), ID(STP_PORT));
	for (uint16_t id = ID(STP_MESSAGE_AGE); id <= ID(STP_FORWARD); id++)
		seconds(r, c, id);
}

/* Which settings the region has: all switches of it must say the same. */
static void region(struct record *r, struct cursor *c)
{
	const uint8_t *name;
	uint32_t at, n = 0;

	walk(r, c, ID(MST_FORMAT), ID(MST_FORMAT));
	at = c->pos;
	name = cursor_bytes(c, NAME);
	while (name && n < NAME && name[n])
		n++;
	if (name)
		field_add_value(r, ID(MST_NAME), at, NAME, name, n);
	walk(r, c, ID(MST_REVISION), ID(MST_DIGEST));
}

/* One tree (IEEE 802.1Q section 14.4.1). */
static void tree(struct record *r, struct cursor *c)
{
	uint32_t at = c->pos;
	struct field *f = field_add_uint(r, ID(MSTI_FLAGS), at, 1, c->base[at]);

	walk_bits(r, f, ID(STP_TC_ACK), ID(STP_TC));
	r->cur_depth++;
	field_add_uint(r, ID(MSTI_PRIORITY), at + 1, 1, c->base[at + 1] >> 4);
	field_add_uint(r, ID(MSTI_ID), at + 1, 2, (c->base[at + 1] & 15u) << 8 | c->base[at + 2]);
	cursor_skip(c, 3);
	walk(r, c, ID(MSTI_ROOT), ID(MSTI_COST));
	field_add_uint(r, ID(MSTI_BRIDGE_PRIORITY), c->pos, 1, cursor_u8(c) >> 4);
	field_add_uint(r, ID(MSTI_PORT_PRIORITY), c->pos, 1, cursor_u8(c) >> 4);
	walk(r, c, ID(MSTI_HOPS), ID(MSTI_HOPS));
	r->cur_depth--;
}

/* Version 3: the part for all trees, then each tree. */
static void several(struct decoder *d, struct record *r, struct cursor *c)
{
	uint32_t n = (uint32_t)walk(r, c, ID(MST_LENGTH), ID(MST_LENGTH));
	struct cursor part = cursor_fence(c, n);

	if (n < MST_FIXED)
		return;
	region(r, &part);
	walk(r, &part, ID(MST_INTERNAL_COST), ID(MST_INTERNAL_COST));
	bridge(r, &part, ID(MST_CIST_PRIORITY));
	walk(r, &part, ID(MST_CIST_HOPS), ID(MST_CIST_HOPS));
	while (cursor_left(&part) >= MSTI && decode_step(d))
		tree(r, &part);
	if (cursor_ok(c) && !cursor_ok(&part))
		*c = part;
}

static void pair(struct record *r, struct cursor *c, uint16_t high, uint16_t low)
{
	uint32_t at = c->pos;
	unsigned v = cursor_u8(c);

	if (!cursor_ok(c))
		return;
	field_add_uint(r, high, at, 1, v >> 4);
	field_add_uint(r, low, at, 1, v & 15);
}

/* Version 4 (IEEE 802.1aq) */
static void shortest(struct record *r, struct cursor *c)
{
	uint32_t at;
	unsigned v;

	if (!walk(r, c, ID(SPT_LENGTH), ID(SPT_LENGTH)))
		return;
	region(r, c);
	at = c->pos;
	v = cursor_u8(c);
	if (!cursor_ok(c))
		return;
	field_add_uint(r, ID(SPT_AGREEMENT), at, 1, v & 3);
	field_add_uint(r, ID(SPT_DISAGREEMENT), at, 1, v >> 2 & 3);
	field_add_uint(r, ID(SPT_VALID), at, 1, v >> 4 & 1);
	field_add_uint(r, ID(SPT_RESTRICTED), at, 1, v >> 5 & 1);
	cursor_skip(c, 1);
	pair(r, c, ID(SPT_FORMAT), ID(SPT_CAPABILITIES));
	pair(r, c, ID(SPT_CONVENTION), ID(SPT_CONVENTION_CAPABILITIES));
	walk(r, c, ID(SPT_EDGES), ID(SPT_EDGES));
	cursor_skip(c, 8);
	walk(r, c, ID(SPT_DIGEST), ID(SPT_DIGEST));
}

/* Cisco: for which VLAN this is. */
static void vlan(struct decoder *d, struct record *r, struct cursor *c)
{
	while (cursor_left(c) >= 4 && decode_step(d)) {
		uint64_t type = walk(r, c, ID(PVST_TYPE), ID(PVST_TYPE));
		uint32_t n = (uint32_t)walk(r, c, ID(PVST_LENGTH), ID(PVST_LENGTH));
		struct cursor value = cursor_fence(c, n);

		if (type == 0 && n == 2)
			walk(r, &value, ID(PVST_VLAN), ID(PVST_VLAN));
		else if (cursor_left(&value))
			field_add_bytes(r, ID(PVST_VALUE), value.pos, cursor_left(&value));
	}
}

static void decode(struct decoder *d, struct record *r, struct cursor *c)
{
	/* Only Cisco's, which come behind a SNAP header, end with the VLAN. */
	bool cisco = record_has_proto(r, PROTO_llc) && c->pos >= 2 && c->base[c->pos - 2] == 0x01 &&
		     c->base[c->pos - 1] == 0x0b;
	struct layer *layer = layer_open(r, PROTO_stp, c);
	uint64_t version, type;

	walk(r, c, ID(STP_PROTOCOL), ID(STP_PROTOCOL));
	version = walk(r, c, ID(STP_VERSION), ID(STP_VERSION));
	type = walk(r, c, ID(STP_TYPE), ID(STP_TYPE));
	if (cursor_ok(c) && (type == TYPE_CONFIGURATION || type == TYPE_RAPID))
		view(r, c, type == TYPE_RAPID);
	if (type == TYPE_RAPID)
		walk(r, c, ID(STP_VERSION_1_LENGTH), ID(STP_VERSION_1_LENGTH));
	if (cisco)
		vlan(d, r, c);
	else if (type == TYPE_RAPID && version >= VERSION_SEVERAL && cursor_left(c))
		several(d, r, c);
	if (version >= VERSION_SHORTEST && !cisco && cursor_left(c))
		shortest(r, c);
	decode_overrun(r, c);
	layer_close(r, layer, c->pos);
}

const struct proto_def proto_stp = {
	.name = "stp",
	.label = "Spanning Tree Protocol",
	.prefix = "STP",
	.header = "SPANNING TREE",
	.fields = rows,
	.nfields = STP_ROWS,
	.decode = decode,
	.blurb = "Switches agree which of their cables to use, so that no loop is left.",
	.see = "IEEE 802.1D",
};
