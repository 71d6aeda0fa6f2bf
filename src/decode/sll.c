/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Linux cooked headers: what Linux gives instead of the real link header when capturing on all
 * interfaces, or on one without a header of its own. Link types 113 (version 1) and 276 (version
 * 2).
 */
#include "link.h"

#define ADDRESS_ROOM 8 /* bytes for the address, of which `halen` are used */

enum {
	SLL_PROTO,
	SLL_PKTTYPE,
	SLL_HATYPE,
	SLL_HALEN,
	SLL_SRC_ETH,
	SLL_SRC_IPV4,
	SLL_SRC_OTHER,
	SLL_UNUSED,
	SLL_ETYPE,
	SLL_LTYPE,
	SLL_IFINDEX,
	SLL_TRAILER,
	SLL_ROWS
};
#define SLL_ID(row) FIELD_ID(PROTO_sll, SLL_##row)

static const struct value_name packet_types[] = {{0, "to us"},      {1, "to all"},
						 {2, "to a group"}, {3, "to another station"},
						 {4, "sent by us"}, {0, NULL}};
static const struct value_name linux_types[] = {
	{1, "Novell 802.3 without LLC"}, {4, "802.2 LLC"}, {12, "CAN"}, {0, NULL}};

static const struct field_def rows[SLL_ROWS] = {
	[SLL_PROTO] = {.name = "sll", .label = "Linux cooked-mode capture", .type = FT_PROTOCOL},
	[SLL_PKTTYPE] = {.name = "sll.pkttype",
			 .label = "Direction",
			 .type = FT_UINT16,
			 .size = 2,
			 .values = packet_types,
			 .blurb = "Whether this machine sent the frame or for whom it came in."},
	[SLL_HATYPE] = {.name = "sll.hatype",
			.label = "Kind of interface",
			.type = FT_UINT16,
			.size = 2,
			.values = arp_hardware_names},
	[SLL_HALEN] = {.name = "sll.halen",
		       .label = "Address length",
		       .type = FT_UINT16,
		       .size = 2},
	[SLL_SRC_ETH] = {.name = "sll.src.eth",
			 .label = "Source",
			 .type = FT_ETHER,
			 .size = 6,
			 .secrecy = IDENTITY,
			 .blurb = "Hardware address of the station that sent the frame."},
	[SLL_SRC_IPV4] = {.name = "sll.src.ipv4",
			  .label = "Source",
			  .type = FT_IPv4,
			  .size = 4,
			  .secrecy = IDENTITY},
	[SLL_SRC_OTHER] = {.name = "sll.src.other",
			   .label = "Source",
			   .type = FT_BYTES,
			   .secrecy = IDENTITY},
	[SLL_UNUSED] = {.name = "sll.unused", .label = "Unused", .type = FT_BYTES},
	[SLL_ETYPE] = {.name = "sll.etype",
		       .label = "Type",
		       .type = FT_UINT16,
		       .show = SHOW_HEX,
		       .size = 2,
		       .values = ethertype_names,
		       .blurb = "Which protocol the rest of the frame belongs to."},
	[SLL_LTYPE] = {.name = "sll.ltype",
		       .label = "Type",
		       .type = FT_UINT16,
		       .show = SHOW_HEX,
		       .size = 2,
		       .values = linux_types},
	[SLL_IFINDEX] = {.name = "sll.ifindex",
			 .label = "Interface number",
			 .type = FT_UINT32,
			 .size = 4,
			 .blurb = "The number Linux gave the interface when it appeared."},
	[SLL_TRAILER] = {.name = "sll.trailer", .label = "Trailer", .type = FT_BYTES},
};

static uint32_t add_number(struct record *r, struct cursor *c, uint16_t id, uint32_t n)
{
	uint32_t off = c->pos, v = (uint32_t)cursor_be(c, n);

	if (cursor_ok(c))
		field_add_uint(r, id, off, n, v);
	return v;
}

static uint16_t add_protocol(struct record *r, struct cursor *c)
{
	uint32_t type = (uint32_t)c->base[c->pos] << 8;

	/* Peeking is safe: the caller has seen that the whole header is there. */
	type |= c->base[c->pos + 1];
	add_number(r, c, type > LENGTH_MAX ? SLL_ID(ETYPE) : SLL_ID(LTYPE), 2);
	return (uint16_t)type;
}

static void add_source(struct record *r, struct cursor *c, uint32_t halen)
{
	uint32_t off = c->pos, n = halen < ADDRESS_ROOM ? halen : ADDRESS_ROOM;

	if (n == 4)
		add_number(r, c, SLL_ID(SRC_IPV4), 4);
	else if (n)
		field_add_bytes(r, n == 6 ? SLL_ID(SRC_ETH) : SLL_ID(SRC_OTHER), off, n);
	if (n < ADDRESS_ROOM)
		field_add_bytes(r, SLL_ID(UNUSED), off + n, ADDRESS_ROOM - n);
	c->pos = off + ADDRESS_ROOM;
}

static uint16_t header_v1(struct record *r, struct cursor *c)
{
	uint32_t halen;

	add_number(r, c, SLL_ID(PKTTYPE), 2);
	add_number(r, c, SLL_ID(HATYPE), 2);
	halen = add_number(r, c, SLL_ID(HALEN), 2);
	add_source(r, c, halen);
	return add_protocol(r, c);
}

static uint16_t header_v2(struct record *r, struct cursor *c)
{
	uint16_t type = add_protocol(r, c);
	uint32_t halen;

	cursor_skip(c, 2); /* reserved */
	add_number(r, c, SLL_ID(IFINDEX), 4);
	add_number(r, c, SLL_ID(HATYPE), 2);
	add_number(r, c, SLL_ID(PKTTYPE), 1);
	halen = add_number(r, c, SLL_ID(HALEN), 1);
	add_source(r, c, halen);
	return type;
}

static void sll_decode(struct decoder *d, struct record *r, struct cursor *c)
{
	const struct trailer_ids ids = {.trailer = SLL_ID(TRAILER)};
	bool first = r->frame->link_type == 113;
	struct layer *layer = layer_open(r, PROTO_sll, c);
	struct link_layer self = link_open(r);
	uint16_t type;

	if (!cursor_want(c, first ? 16 : 20)) {
		decode_overrun(r, c);
		return;
	}
	type = first ? header_v1(r, c) : header_v2(r, c);
	layer_close(r, layer, c->pos);
	if (type == 4)
		link_length(d, r, self, (uint16_t)cursor_promised(c), c, ids);
	else
		link_ethertype(d, r, self, type, c, ids);
}

static const struct hang on[] = {{ON_LINK, 113}, {ON_LINK, 276}, {ON_NOTHING, 0}};

const struct proto_def proto_sll = {
	.name = "sll",
	.label = "Linux cooked-mode capture",
	.prefix = "SLL",
	.header = "LINUX COOKED HEADER",
	.fields = rows,
	.nfields = SLL_ROWS,
	.on = on,
	.decode = sll_decode,
	.blurb = "What Linux gives instead of the real link header when all interfaces are "
		 "captured.",
	.see = "tcpdump.org/linktypes/LINKTYPE_LINUX_SLL.html",
};
