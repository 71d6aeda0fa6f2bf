/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Logical Link Control says, in the old style of Ethernet frame that has a length instead of a
 * type, which protocol the payload belongs to; with SNAP it holds an Ethernet type after all.
 * IEEE 802.2, RFC 1042. Called by the link layers that have a length.
 */
#include "link.h"

#define SAP_IP          0x06
#define SAP_TREE        0x42
#define SAP_SNAP        0xaa
#define OUI_CISCO       0x00000c
#define OUI_BRIDGED     0x0000f8 /* put in by bridges for frames that had a type before: 802.1H */
#define CISCO_TREE      0x010b
#define UNNUMBERED_DATA 0x03

enum {
	LLC_PROTO,
	LLC_DSAP,
	LLC_DSAP_SAP,
	LLC_DSAP_IG,
	LLC_SSAP,
	LLC_SSAP_SAP,
	LLC_SSAP_CR,
	LLC_CONTROL,
	LLC_CONTROL_N_R,
	LLC_CONTROL_N_S,
	LLC_CONTROL_P,
	LLC_CONTROL_F,
	LLC_CONTROL_S_FTYPE,
	LLC_CONTROL_COMMAND,
	LLC_CONTROL_RESPONSE,
	LLC_CONTROL_FTYPE,
	LLC_OUI,
	LLC_TYPE,
	LLC_PID,
	LLC_CISCO_PID,
	LLC_ROWS
};
#define LLC_ID(row) FIELD_ID(PROTO_llc, LLC_##row)

static const struct value_name saps[] = {
	{0x00, "NULL"},    {0x06, "IP"},      {0x42, "spanning tree"},     {0xaa, "SNAP"},
	{0xe0, "NetWare"}, {0xf0, "NetBIOS"}, {0xfe, "ISO network layer"}, {0xff, "global"},
	{0, NULL}};

static const struct value_name kinds[] = {
	{0, "information"}, {1, "flow control"}, {3, "unnumbered"}, {0, NULL}};
static const struct value_name commands[] = {
	{0x00, "data"},         {0x03, "disconnected"}, {0x10, "disconnect"},
	{0x18, "acknowledged"}, {0x1b, "connect"},      {0x21, "frame refused"},
	{0x2b, "identify"},     {0x38, "test"},         {0, NULL}};

static const struct value_name cisco_protocols[] = {
	{0x0104, "port aggregation"}, {0x010b, "spanning tree per VLAN"},
	{0x2000, "discovery (CDP)"},  {0x2003, "VLAN trunking"},
	{0x2004, "dynamic trunking"}, {0, NULL}};

static const struct field_def rows[LLC_ROWS] = {
	[LLC_PROTO] = {.name = "llc", .label = "Logical-Link Control", .type = FT_PROTOCOL},
	[LLC_DSAP] = {.name = "llc.dsap",
		      .label = "Destination service",
		      .type = FT_UINT8,
		      .show = SHOW_HEX,
		      .size = 1,
		      .values = saps,
		      .see = "IEEE 802.2 section 3.2"},
	[LLC_DSAP_SAP] = {.name = "llc.dsap.sap",
			  .label = "Service",
			  .type = FT_UINT8,
			  .size = 1,
			  .flags = ROW_SUB,
			  .mask = 0xfe},
	[LLC_DSAP_IG] = {.name = "llc.dsap.ig",
			 .label = "Group",
			 .type = FT_BOOLEAN,
			 .size = 1,
			 .flags = ROW_SUB,
			 .mask = 0x01},
	[LLC_SSAP] = {.name = "llc.ssap",
		      .label = "Source service",
		      .type = FT_UINT8,
		      .show = SHOW_HEX,
		      .size = 1,
		      .values = saps},
	[LLC_SSAP_SAP] = {.name = "llc.ssap.sap",
			  .label = "Service",
			  .type = FT_UINT8,
			  .size = 1,
			  .flags = ROW_SUB,
			  .mask = 0xfe},
	[LLC_SSAP_CR] = {.name = "llc.ssap.cr",
			 .label = "Response",
			 .type = FT_BOOLEAN,
			 .size = 1,
			 .flags = ROW_SUB,
			 .mask = 0x01},
	[LLC_CONTROL] = {.name = "llc.control",
			 .label = "Control",
			 .type = FT_UINT16,
			 .show = SHOW_HEX,
			 .size = 2,
			 .see = "IEEE 802.2 section 5.2"},
	[LLC_CONTROL_N_R] = {"llc.control.n_r", "Next one expected", FT_UINT16, .mask = 0xfe00},
	[LLC_CONTROL_N_S] = {"llc.control.n_s", "Number", FT_UINT16, .mask = 0x00fe},
	[LLC_CONTROL_P] = {"llc.control.p", "Answer wanted", FT_BOOLEAN, .mask = 0x10},
	[LLC_CONTROL_F] = {"llc.control.f", "Answer to that", FT_BOOLEAN, .mask = 0x10},
	[LLC_CONTROL_S_FTYPE] = {"llc.control.s_ftype", "Flow control", FT_UINT16, SHOW_HEX,
				 .mask = 0x000c},
	[LLC_CONTROL_COMMAND] = {"llc.control.u_modifier_cmd", "Command", FT_UINT8, SHOW_HEX,
				 .mask = 0xec, .values = commands},
	[LLC_CONTROL_RESPONSE] = {"llc.control.u_modifier_resp", "Response", FT_UINT8, SHOW_HEX,
				  .mask = 0xec, .values = commands},
	[LLC_CONTROL_FTYPE] = {"llc.control.ftype", "Kind of frame", FT_UINT16, SHOW_HEX,
			       .mask = 0x0003, .values = kinds},
	[LLC_OUI] = {.name = "llc.oui",
		     .label = "Organization",
		     .type = FT_UINT24,
		     .size = 3,
		     .blurb = "Who numbers the next two bytes; 0: they are an Ethernet type.",
		     .see = "RFC 1042"},
	[LLC_TYPE] = {.name = "llc.type",
		      .label = "Type",
		      .type = FT_UINT16,
		      .show = SHOW_HEX,
		      .size = 2,
		      .values = ethertype_names},
	[LLC_PID] = {.name = "llc.pid",
		     .label = "Protocol of that organization",
		     .type = FT_UINT16,
		     .show = SHOW_HEX,
		     .size = 2},
	[LLC_CISCO_PID] = {.name = "llc.cisco_pid",
			   .label = "Protocol of Cisco",
			   .type = FT_UINT16,
			   .show = SHOW_HEX,
			   .size = 2,
			   .values = cisco_protocols},
};

/* The parts of the control field: of an unnumbered frame, which is one byte long, or of one with
 * numbers (IEEE 802.2 section 5.2). */
static void add_control_parts(struct record *r, uint32_t off, uint32_t n, uint32_t v, bool response)
{
	const bool numbered = n == 2, supervisory = numbered && (v & 1);

	r->cur_depth++;
	if (numbered)
		field_add_uint(r, LLC_ID(CONTROL_N_R), off, n, v >> 9);
	if (numbered && !supervisory)
		field_add_uint(r, LLC_ID(CONTROL_N_S), off, n, v >> 1 & 0x7f);
	if (v & (numbered ? 0x100 : 0x10))
		field_add_uint(r,
			       response && (!numbered || supervisory) ? LLC_ID(CONTROL_F)
								      : LLC_ID(CONTROL_P),
			       off, n, 1);
	if (supervisory)
		field_add_uint(r, LLC_ID(CONTROL_S_FTYPE), off, n, v >> 2 & 3);
	if (!numbered)
		field_add_uint(r, response ? LLC_ID(CONTROL_RESPONSE) : LLC_ID(CONTROL_COMMAND),
			       off, n, v >> 2 & 0x3b);
	field_add_uint(r, LLC_ID(CONTROL_FTYPE), off, n, numbered ? v & 1 : 3);
	r->cur_depth--;
}

/* One byte for unnumbered frames, which data on a local network is; else two, little-endian. */
static bool add_control(struct record *r, struct cursor *c, bool response)
{
	uint32_t off = c->pos, n = (cursor_peek(c) & 3) == 3 ? 1 : 2;
	uint64_t v = cursor_le(c, n);

	if (!cursor_ok(c))
		return false;
	field_add_uint(r, LLC_ID(CONTROL), off, n, v);
	add_control_parts(r, off, n, (uint32_t)v, response);
	return n == 1 && v == UNNUMBERED_DATA;
}

/* What hangs at a service that is no SNAP; false if nothing does. */
static bool by_service(struct decoder *d, struct record *r, struct cursor *c, uint8_t dsap)
{
	enum proto_id next = dsap == SAP_TREE ? PROTO_stp : PROTO_ip;

	if (!cursor_left(c) || (dsap != SAP_TREE && dsap != SAP_IP) || !decode_step(d) ||
	    r->nlayers == RECORD_MAX_LAYERS)
		return false;
	proto_table[next]->decode(d, r, c);
	return true;
}

/* What hangs at the protocol number behind SNAP; false if nothing does. */
static bool by_snap(struct decoder *d, struct record *r, struct cursor *c, uint64_t oui,
		    uint64_t type)
{
	if (oui == 0 || oui == OUI_BRIDGED)
		return decode_next(d, r, ON_ETHERTYPE, (uint32_t)type, c);
	/* Cisco's spanning tree for each VLAN */
	return oui == OUI_CISCO && type == CISCO_TREE && by_service(d, r, c, SAP_TREE);
}

static void llc_decode(struct decoder *d, struct record *r, struct cursor *c)
{
	struct layer *layer = layer_open(r, PROTO_llc, c);
	uint8_t dsap = cursor_peek(c);
	bool response = cursor_left(c) > 1 && c->base[c->pos + 1] & 1, plain;
	uint64_t oui, type;
	uint16_t row;
	bool known;

	walk(r, c, LLC_ID(DSAP), LLC_ID(SSAP_CR));
	plain = add_control(r, c, response);
	layer_close(r, layer, c->pos);
	if (!cursor_ok(c) || dsap != SAP_SNAP) {
		decode_overrun(r, c);
		if (!plain || !by_service(d, r, c, dsap))
			decode_data(d, r, c);
		return;
	}
	oui = walk(r, c, LLC_ID(OUI), LLC_ID(OUI));
	known = oui == 0 || oui == OUI_BRIDGED;
	row = known ? LLC_ID(TYPE) : oui == OUI_CISCO ? LLC_ID(CISCO_PID) : LLC_ID(PID);
	type = walk(r, c, row, row);
	decode_overrun(r, c);
	layer_close(r, layer, c->pos);
	if (!cursor_ok(c))
		return;
	if (!by_snap(d, r, c, oui, type))
		decode_data(d, r, c);
}

const struct proto_def proto_llc = {
	.name = "llc",
	.label = "Logical-Link Control",
	.prefix = "LLC",
	.header = "LLC HEADER",
	.fields = rows,
	.nfields = LLC_ROWS,
	.decode = llc_decode,
	.blurb = "Says, in the old style of Ethernet frame, which protocol the payload belongs to.",
	.see = "IEEE 802.2, RFC 1042",
};
