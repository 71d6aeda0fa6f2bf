/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Logical Link Control says, in the old style of Ethernet frame that has a length instead of a
 * type, which protocol the payload belongs to; with SNAP it holds an Ethernet type after all.
 * IEEE 802.2, RFC 1042. Called by the link layers that have a length.
 */
#include "link.h"

#define SAP_SNAP  0xaa
#define OUI_CISCO 0x00000c

enum {
	LLC_PROTO,
	LLC_DSAP,
	LLC_DSAP_SAP,
	LLC_DSAP_IG,
	LLC_SSAP,
	LLC_SSAP_SAP,
	LLC_SSAP_CR,
	LLC_CONTROL,
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

/* One byte for unnumbered frames, which data on a local network is; else two, little-endian. */
static void add_control(struct record *r, struct cursor *c)
{
	uint32_t off = c->pos, n = (cursor_peek(c) & 3) == 3 ? 1 : 2;
	uint64_t v = cursor_le(c, n);

	if (cursor_ok(c))
		field_add_uint(r, LLC_ID(CONTROL), off, n, v);
}

static void llc_decode(struct decoder *d, struct record *r, struct cursor *c)
{
	struct layer *layer = layer_open(r, PROTO_llc, c);
	uint8_t dsap = cursor_peek(c);
	uint64_t oui, type;
	uint16_t row;
	bool known;

	walk(r, c, LLC_ID(DSAP), LLC_ID(SSAP_CR));
	add_control(r, c);
	layer_close(r, layer, c->pos);
	if (!cursor_ok(c) || dsap != SAP_SNAP) {
		decode_overrun(r, c);
		decode_data(d, r, c);
		return;
	}
	oui = walk(r, c, LLC_ID(OUI), LLC_ID(OUI));
	/* 0x0000f8 is what bridges put in for frames that had a type before (RFC 1042, 802.1H). */
	known = oui == 0 || oui == 0x0000f8;
	row = known ? LLC_ID(TYPE) : oui == OUI_CISCO ? LLC_ID(CISCO_PID) : LLC_ID(PID);
	type = walk(r, c, row, row);
	decode_overrun(r, c);
	layer_close(r, layer, c->pos);
	if (!cursor_ok(c))
		return;
	if (!known || !decode_next(d, r, ON_ETHERTYPE, (uint32_t)type, c))
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
