/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * VLAN tags tell apart several local networks that share one cable. IEEE 802.1Q; outer tags of
 * providers (802.1ad, "QinQ") have a type of their own. Hang at Ethernet types 0x8100, 0x9100 and
 * 0x88a8.
 */
#include "link.h"

enum {
	VLAN_PROTO,
	VLAN_PRIORITY,
	VLAN_DEI,
	VLAN_TAG_ID,
	VLAN_ETYPE,
	VLAN_LEN,
	VLAN_TRAILER,
	VLAN_ROWS
};

enum { AD_PROTO, AD_PRIORITY, AD_DEI, AD_TAG_ID, AD_ETYPE, AD_ROWS };

#define BLURB_PRIORITY "How urgent the frame is, from 0 (or 1, the least) to 7."
#define BLURB_ID       "Number of the virtual network; 0: only the priority counts."

static const struct value_name priorities[] = {
	{0, "best effort"},           {1, "background"},      {2, "excellent effort"},
	{3, "critical applications"}, {4, "video"},           {5, "voice"},
	{6, "internetwork control"},  {7, "network control"}, {0, NULL}};

static const struct field_def vlan_rows[VLAN_ROWS] = {
	[VLAN_PROTO] = {.name = "vlan", .label = "802.1Q Virtual LAN", .type = FT_PROTOCOL},
	[VLAN_PRIORITY] = {.name = "vlan.priority",
			   .label = "Priority",
			   .type = FT_UINT16,
			   .size = 2,
			   .mask = 0xe000,
			   .values = priorities,
			   .blurb = BLURB_PRIORITY,
			   .see = "IEEE 802.1Q section 9.6"},
	[VLAN_DEI] = {.name = "vlan.dei",
		      .label = "Drop eligible",
		      .type = FT_BOOLEAN,
		      .size = 2,
		      .mask = 0x1000,
		      .blurb = "May be dropped first when the network is full."},
	[VLAN_TAG_ID] = {.name = "vlan.id",
			 .label = "VLAN",
			 .type = FT_UINT16,
			 .size = 2,
			 .mask = 0x0fff,
			 .blurb = BLURB_ID},
	[VLAN_ETYPE] = {.name = "vlan.etype",
			.label = "Type",
			.type = FT_UINT16,
			.show = SHOW_HEX,
			.size = 2,
			.values = ethertype_names},
	[VLAN_LEN] = {.name = "vlan.len", .label = "Length", .type = FT_UINT16, .size = 2},
	[VLAN_TRAILER] = {.name = "vlan.trailer", .label = "Trailer", .type = FT_BYTES},
};

static const struct field_def ad_rows[AD_ROWS] = {
	[AD_PROTO] = {.name = "ieee8021ad", .label = "IEEE 802.1ad", .type = FT_PROTOCOL},
	[AD_PRIORITY] = {.name = "ieee8021ad.priority",
			 .label = "Priority",
			 .type = FT_UINT16,
			 .size = 2,
			 .mask = 0xe000,
			 .values = priorities,
			 .blurb = BLURB_PRIORITY},
	[AD_DEI] = {.name = "ieee8021ad.dei",
		    .label = "Drop eligible",
		    .type = FT_UINT16,
		    .size = 2,
		    .mask = 0x1000},
	[AD_TAG_ID] = {.name = "ieee8021ad.id",
		       .label = "VLAN of the provider",
		       .type = FT_UINT16,
		       .size = 2,
		       .mask = 0x0fff,
		       .blurb = BLURB_ID},
	[AD_ETYPE] = {.name = "ieee8021ah.etype",
		      .label = "Type",
		      .type = FT_UINT16,
		      .show = SHOW_HEX,
		      .size = 2,
		      .values = ethertype_names},
};

/* The three parts of a tag lie in the same two bytes. */
static void add_tag(struct record *r, struct cursor *c, uint16_t priority)
{
	uint32_t off = c->pos;
	uint16_t tag = cursor_be16(c);

	if (!cursor_ok(c))
		return;
	field_add_uint(r, priority, off, 2, tag >> 13);
	field_add_uint(r, (uint16_t)(priority + 1), off, 2, tag >> 12 & 1);
	field_add_uint(r, (uint16_t)(priority + 2), off, 2, tag & 0xfff);
}

static void vlan_decode(struct decoder *d, struct record *r, struct cursor *c)
{
	const struct trailer_ids ids = {.trailer = FIELD_ID(PROTO_vlan, VLAN_TRAILER)};
	struct layer *layer = layer_open(r, PROTO_vlan, c);
	struct link_layer self = link_open(r);
	uint32_t off;
	uint16_t type;

	add_tag(r, c, FIELD_ID(PROTO_vlan, VLAN_PRIORITY));
	off = c->pos;
	type = cursor_be16(c);
	if (!cursor_ok(c)) {
		decode_overrun(r, c);
		return;
	}
	layer_close(r, layer, c->pos);
	if (type <= LENGTH_MAX) {
		field_add_uint(r, FIELD_ID(PROTO_vlan, VLAN_LEN), off, 2, type);
		link_length(d, r, self, type, c, ids);
	} else {
		field_add_uint(r, FIELD_ID(PROTO_vlan, VLAN_ETYPE), off, 2, type);
		link_ethertype(d, r, self, type, c, ids);
	}
}

static void ad_decode(struct decoder *d, struct record *r, struct cursor *c)
{
	struct layer *layer = layer_open(r, PROTO_dot1ad, c);
	uint16_t type;

	add_tag(r, c, FIELD_ID(PROTO_dot1ad, AD_PRIORITY));
	type = (uint16_t)walk(r, c, FIELD_ID(PROTO_dot1ad, AD_ETYPE),
			      FIELD_ID(PROTO_dot1ad, AD_ETYPE));
	if (!cursor_ok(c)) {
		decode_overrun(r, c);
		return;
	}
	layer_close(r, layer, c->pos);
	if (!decode_next(d, r, ON_ETHERTYPE, type, c))
		decode_data(d, r, c);
}

static const struct hang vlan_on[] = {
	{ON_ETHERTYPE, 0x8100}, {ON_ETHERTYPE, 0x9100}, {ON_NOTHING, 0}};
static const struct hang ad_on[] = {{ON_ETHERTYPE, 0x88a8}, {ON_NOTHING, 0}};

const struct proto_def proto_vlan = {
	.name = "vlan",
	.label = "802.1Q Virtual LAN",
	.prefix = "VLAN",
	.header = "VLAN TAG",
	.fields = vlan_rows,
	.nfields = VLAN_ROWS,
	.on = vlan_on,
	.decode = vlan_decode,
	.blurb = "A tag that says to which of several local networks on one cable the frame "
		 "belongs.",
	.see = "IEEE 802.1Q",
};

const struct proto_def proto_dot1ad = {
	.name = "ieee8021ad",
	.label = "IEEE 802.1ad",
	.prefix = "QINQ",
	.header = "PROVIDER VLAN TAG",
	.fields = ad_rows,
	.nfields = AD_ROWS,
	.on = ad_on,
	.decode = ad_decode,
	.blurb = "An outer tag by which a provider keeps its customers' networks apart.",
	.see = "IEEE 802.1ad",
};
