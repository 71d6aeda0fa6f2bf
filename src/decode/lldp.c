/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * By LLDP a device tells its neighbours on the cable who it is: the switch says which of its
 * sockets you are plugged into. IEEE 802.1AB. Hangs at Ethernet type 0x88CC.
 */
#include "lldp.h"

#include "option_lines.h"

enum {
	TLV_END,
	TLV_CHASSIS,
	TLV_PORT,
	TLV_TTL,
	TLV_PORT_DESC,
	TLV_NAME,
	TLV_DESC,
	TLV_CAPS,
	TLV_MANAGEMENT,
	TLV_ORGANIZATION = 127
};
enum { FAMILY_IP4 = 1, FAMILY_IP6 };
enum { CHASSIS_MAC = 4, CHASSIS_ADDRESS = 5, PORT_MAC = 3, PORT_ADDRESS = 4 };

static void rest(struct record *r, struct cursor *c, uint16_t id)
{
	if (cursor_left(c))
		field_add_bytes(r, id, c->pos, cursor_left(c));
	cursor_skip(c, cursor_left(c));
}

/* The ids of a name that may be an address; the three stand in a row behind `id`. */
static void name(struct record *r, struct cursor *c, uint16_t id, bool mac, bool address)
{
	uint32_t left = cursor_left(c);
	uint64_t family;

	if (mac && left == 6) {
		walk(r, c, id + 1, id + 1);
	} else if (address && left) {
		family = walk(r, c, LLDP_ID(FAMILY), LLDP_ID(FAMILY));
		if (family == FAMILY_IP4 && left == 5)
			walk(r, c, id + 2, id + 2);
		else if (family == FAMILY_IP6 && left == 17)
			walk(r, c, id + 3, id + 3);
		else
			rest(r, c, id);
	} else {
		rest(r, c, id);
	}
}

static void chassis(struct record *r, struct cursor *c)
{
	uint64_t kind = walk(r, c, LLDP_ID(CHASSIS_SUBTYPE), LLDP_ID(CHASSIS_SUBTYPE));

	name(r, c, LLDP_ID(CHASSIS_ID), kind == CHASSIS_MAC, kind == CHASSIS_ADDRESS);
}

static void port(struct record *r, struct cursor *c)
{
	uint64_t kind = walk(r, c, LLDP_ID(PORT_SUBTYPE), LLDP_ID(PORT_SUBTYPE));

	name(r, c, LLDP_ID(PORT_ID), kind == PORT_MAC, kind == PORT_ADDRESS);
}

/* IEEE 802.1AB section 8.5.9 */
static void management(struct record *r, struct cursor *c)
{
	uint32_t n = (uint32_t)walk(r, c, LLDP_ID(MGN_LENGTH), LLDP_ID(MGN_LENGTH));
	struct cursor address = cursor_fence(c, n);
	uint64_t family = walk(r, &address, LLDP_ID(MGN_SUBTYPE), LLDP_ID(MGN_SUBTYPE));

	if (family == FAMILY_IP4 && n == 5)
		walk(r, &address, LLDP_ID(MGN_IP4), LLDP_ID(MGN_IP4));
	else if (family == FAMILY_IP6 && n == 17)
		walk(r, &address, LLDP_ID(MGN_IP6), LLDP_ID(MGN_IP6));
	else
		rest(r, &address, LLDP_ID(MGN_HEX));
	walk(r, c, LLDP_ID(MGN_IF_SUBTYPE), LLDP_ID(MGN_IF_NUMBER));
	n = (uint32_t)walk(r, c, LLDP_ID(MGN_OID_LENGTH), LLDP_ID(MGN_OID_LENGTH));
	if (n && cursor_want(c, n))
		field_add_bytes(r, LLDP_ID(MGN_OID), c->pos, n);
	cursor_skip(c, n);
}

static void value(struct decoder *d, struct record *r, struct cursor *c, unsigned type)
{
	switch (type) {
	case TLV_CHASSIS: chassis(r, c); break;
	case TLV_PORT: port(r, c); break;
	case TLV_TTL: walk(r, c, LLDP_ID(TTL), LLDP_ID(TTL)); break;
	case TLV_PORT_DESC: rest(r, c, LLDP_ID(PORT_DESC)); break;
	case TLV_NAME: rest(r, c, LLDP_ID(SYSTEM_NAME)); break;
	case TLV_DESC: rest(r, c, LLDP_ID(SYSTEM_DESC)); break;
	case TLV_CAPS: walk(r, c, LLDP_ID(CAPS), LLDP_ID(ENABLED_STATION_ONLY)); break;
	case TLV_MANAGEMENT: management(r, c); break;
	case TLV_ORGANIZATION: lldp_organization(d, r, c); break;
	default: rest(r, c, LLDP_ID(TT_DATA)); break;
	}
}

/* Seven bits type, nine bits length. False at the end. */
static bool tlv(struct decoder *d, struct record *r, struct cursor *c)
{
	uint32_t at = c->pos;
	uint16_t head = cursor_be16(c);
	unsigned type = head >> 9;
	struct cursor inner;

	if (!cursor_ok(c))
		return false;
	field_add_uint(r, LLDP_ID(TYPE), at, 2, type);
	field_add_uint(r, LLDP_ID(LENGTH), at, 2, head & 0x1ff);
	inner = cursor_fence(c, head & 0x1ff);
	if (type != TLV_END)
		value(d, r, &inner, type);
	if (!cursor_ok(&inner))
		decode_overrun(r, &inner);
	return type != TLV_END && cursor_ok(c);
}

static void decode(struct decoder *d, struct record *r, struct cursor *c)
{
	struct layer *layer = layer_open(r, PROTO_lldp, c);

	while (cursor_promised(c) && decode_step(d) && tlv(d, r, c))
		;
	decode_overrun(r, c);
	layer_close(r, layer, c->pos);
}

static void lines(struct lines *l, const struct record *r, const struct layer *layer)
{
	static const uint16_t quiet[] = {LLDP_ID(TYPE), LLDP_ID(LENGTH), LLDP_ID(MGN_LENGTH),
					 LLDP_ID(MGN_OID_LENGTH), FIELD_NONE};

	option_lines(l, r, layer, quiet);
}

static const struct hang on[] = {{ON_ETHERTYPE, 0x88cc}, {ON_NOTHING, 0}};

const struct proto_def proto_lldp = {
	.name = "lldp",
	.label = "Link Layer Discovery Protocol",
	.prefix = "LLDP",
	.header = "NEIGHBOUR (LLDP)",
	.fields = lldp_rows,
	.nfields = LLDP_ROWS,
	.on = on,
	.decode = decode,
	.lines = lines,
	.blurb = "Devices tell their neighbours on the cable who they are.",
	.see = "IEEE 802.1AB",
};
