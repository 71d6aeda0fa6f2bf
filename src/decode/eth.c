/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Ethernet carries packets between stations of one local network, which it knows by their hardware
 * (MAC) addresses. IEEE 802.3; RFC 894 for IP on it. Hangs at link type 1.
 */
#include "eth.h"

#include "link.h"

#define BLURB_LG                                                                                   \
	"Set if the address was made up by software; clear if the maker of the card assigned it."
#define BLURB_IG "Set if the address means a group of stations, or all of them."

static const struct value_name fcs_status[] = {
	{0, "Bad"}, {1, "Good"}, {2, "Unverified"}, {0, NULL}};

static const struct field_def rows[ETH_ROWS] = {
	[ETH_PROTO] = {.name = "eth", .label = "Ethernet", .type = FT_PROTOCOL},
	[ETH_DST] = {.name = "eth.dst",
		     .label = "Dest",
		     .type = FT_ETHER,
		     .flags = ROW_KEPT,
		     .size = 6,
		     .secrecy = IDENTITY,
		     .blurb = "The station of the local network that shall take this frame: the "
			      "next hop, not always the final receiver.",
		     .see = "IEEE 802.3 section 3.2.4"},
	[ETH_SRC] = {.name = "eth.src",
		     .label = "Source",
		     .type = FT_ETHER,
		     .flags = ROW_KEPT,
		     .size = 6,
		     .secrecy = IDENTITY,
		     .blurb = "The station of the local network that sent this frame.",
		     .see = "IEEE 802.3 section 3.2.5"},
	[ETH_ADDR] = {.name = "eth.addr",
		      .label = "Address",
		      .type = FT_ETHER,
		      .size = 6,
		      .secrecy = IDENTITY,
		      .blurb = "Either of the two hardware addresses."},
	[ETH_DST_LG] = {.name = "eth.dst.lg",
			.label = "Locally administered",
			.type = FT_BOOLEAN,
			.size = 3,
			.flags = ROW_SUB,
			.mask = 0x020000,
			.blurb = BLURB_LG},
	[ETH_DST_IG] = {.name = "eth.dst.ig",
			.label = "Group address",
			.type = FT_BOOLEAN,
			.size = 3,
			.flags = ROW_SUB,
			.mask = 0x010000,
			.blurb = BLURB_IG},
	[ETH_SRC_LG] = {.name = "eth.src.lg",
			.label = "Locally administered",
			.type = FT_BOOLEAN,
			.size = 3,
			.flags = ROW_SUB,
			.mask = 0x020000,
			.blurb = BLURB_LG},
	[ETH_SRC_IG] = {.name = "eth.src.ig",
			.label = "Group address",
			.type = FT_BOOLEAN,
			.size = 3,
			.flags = ROW_SUB,
			.mask = 0x010000,
			.blurb = BLURB_IG},
	[ETH_LG] = {.name = "eth.lg",
		    .label = "Locally administered",
		    .type = FT_BOOLEAN,
		    .size = 3,
		    .flags = ROW_SUB,
		    .mask = 0x020000,
		    .blurb = BLURB_LG},
	[ETH_IG] = {.name = "eth.ig",
		    .label = "Group address",
		    .type = FT_BOOLEAN,
		    .size = 3,
		    .flags = ROW_SUB,
		    .mask = 0x010000,
		    .blurb = BLURB_IG},
	[ETH_TYPE] = {.name = "eth.type",
		      .label = "Type",
		      .type = FT_UINT16,
		      .show = SHOW_HEX,
		      .size = 2,
		      .values = ethertype_names,
		      .blurb = "Which protocol the rest of the frame belongs to.",
		      .see = "RFC 894"},
	[ETH_LEN] = {.name = "eth.len",
		     .label = "Length",
		     .type = FT_UINT16,
		     .size = 2,
		     .blurb = "Bytes of payload; old style of frame, where an LLC header follows.",
		     .see = "IEEE 802.3 section 3.2.6"},
	[ETH_INVALID] = {.name = "eth.invalid_lentype",
			 .label = "Neither length nor type",
			 .type = FT_UINT16,
			 .show = SHOW_HEX_DEC,
			 .size = 2,
			 .blurb = "Too large for a length and too small for a type."},
	[ETH_PADDING] = {.name = "eth.padding",
			 .label = "Padding",
			 .type = FT_BYTES,
			 .blurb =
				 "Zeros that fill a short frame up to the least size of Ethernet."},
	[ETH_TRAILER] = {.name = "eth.trailer",
			 .label = "Trailer",
			 .type = FT_BYTES,
			 .blurb =
				 "Bytes behind the packet that belong to no protocol: left over in "
				 "a buffer, or added by something on the way."},
	[ETH_FCS] = {.name = "eth.fcs",
		     .label = "Frame check sequence",
		     .type = FT_UINT32,
		     .show = SHOW_HEX,
		     .size = 4,
		     .blurb = "Checksum of the frame; captures seldom hold it.",
		     .see = "IEEE 802.3 section 3.2.9"},
	[ETH_FCS_STATUS] = {.name = "eth.fcs.status",
			    .label = "Frame check",
			    .type = FT_UINT8,
			    .values = fcs_status},
};

static struct field *hide(struct field *f)
{
	f->flags |= FIELD_HIDDEN;
	return f;
}

/* An address, its alias, and its two flag bits with their aliases. */
static void add_address(struct record *r, struct cursor *c, uint16_t id, uint16_t lg)
{
	uint32_t off = c->pos;
	const uint8_t *p = cursor_bytes(c, 6);

	if (!p)
		return;
	field_add_bytes(r, id, off, 6);
	if (r->lean || record_next_kept(r, ETH_ID(ADDR), ETH_ID(IG)) > ETH_ID(IG))
		return;
	r->cur_depth++;
	hide(field_add_bytes(r, ETH_ID(ADDR), off, 6));
	field_add_uint(r, lg, off, 3, p[0] >> 1 & 1);
	hide(field_add_uint(r, ETH_ID(LG), off, 3, p[0] >> 1 & 1));
	field_add_uint(r, (uint16_t)(lg + 1), off, 3, p[0] & 1);
	hide(field_add_uint(r, ETH_ID(IG), off, 3, p[0] & 1));
	r->cur_depth--;
}

static void eth_decode(struct decoder *d, struct record *r, struct cursor *c)
{
	/* No tunnel carries the check sequence. */
	const struct trailer_ids ids = {.trailer = ETH_ID(TRAILER), .fcs = r->nlayers == 1};
	struct layer *layer = layer_open(r, PROTO_eth, c);
	struct link_layer self = link_open(r);
	uint32_t off;
	uint16_t type;

	add_address(r, c, ETH_ID(DST), ETH_ID(DST_LG));
	add_address(r, c, ETH_ID(SRC), ETH_ID(SRC_LG));
	off = c->pos;
	type = cursor_be16(c);
	if (!cursor_ok(c)) {
		decode_overrun(r, c);
		return;
	}
	layer_close(r, layer, c->pos);
	if (type <= LENGTH_MAX) {
		field_add_uint(r, ETH_ID(LEN), off, 2, type);
		link_length(d, r, self, type, c, ids);
	} else if (type < ETHERTYPE_MIN) {
		field_add_uint(r, ETH_ID(INVALID), off, 2, type)->flags |= FIELD_MALFORMED;
		decode_data(d, r, c);
	} else {
		field_add_uint(r, ETH_ID(TYPE), off, 2, type);
		link_ethertype(d, r, self, type, c, ids);
	}
}

static void stations(struct lines *l, const struct record *r, const struct layer *layer,
		     const struct field *dst, const struct field *src)
{
	lines_row(l, r, layer);
	lines_str(l, "Dest: ");
	lines_value(l, r, dst);
	lines_str(l, "  Source: ");
	lines_value(l, r, src);
	lines_end(l);
}

static uint64_t number_of(const struct field *address)
{
	uint64_t v = 0;

	memcpy(&v, address->v.p, 6);
	return v;
}

/* All of a header with a type; the same few pairs of stations come again and again. */
static void typed_header(struct lines *l, const struct record *r, const struct layer *layer,
			 const struct field *dst, const struct field *src, const struct field *type)
{
	if (lines_again(l, ETH_ID(TYPE), number_of(dst) | type->v.u << 48, number_of(src)))
		return;
	stations(l, r, layer, dst, src);
	lines_rule(l, proto_table[PROTO_eth]->header);
	lines_row(l, r, layer);
	lines_str(l, "Type: ");
	lines_field(l, r, type);
	lines_end(l);
	lines_keep(l);
}

static void eth_lines(struct lines *l, const struct record *r, const struct layer *layer)
{
	const struct field *dst = record_find(r, ETH_ID(DST), layer->first);
	const struct field *src = record_find(r, ETH_ID(SRC), layer->first);
	const struct field *type = record_find(r, ETH_ID(TYPE), layer->first);

	if (type && &r->layers[type->layer] == layer && !type->flags) {
		typed_header(l, r, layer, dst, src, type);
		link_rest(l, r, layer, ETH_PADDING);
		return;
	}
	stations(l, r, layer, dst, src);
	lines_rule(l, proto_table[PROTO_eth]->header);
	link_rest(l, r, layer, ETH_TYPE);
}

static const struct hang on[] = {{ON_LINK, 1}, {ON_NOTHING, 0}};

const struct proto_def proto_eth = {
	.name = "eth",
	.label = "Ethernet",
	.prefix = "ETH",
	.header = "ETHERNET HEADER",
	.fields = rows,
	.nfields = ETH_ROWS,
	.on = on,
	.decode = eth_decode,
	.lines = eth_lines,
	.common = true,
	.blurb = "Carries packets between the stations of one local network, which it knows by "
		 "their "
		 "hardware (MAC) addresses.",
	.see = "IEEE 802.3, RFC 894",
};
