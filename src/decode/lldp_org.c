/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * lldp_org: what organizations have added to LLDP. IEEE 802.1AB annexes E and F (VLANs; speed and
 * power), ANSI/TIA-1057 (telephones: MED), RFC 8520 section 9.
 */
#include "lldp.h"

enum { OUI_IANA = 0x00005e, OUI_802_1 = 0x0080c2, OUI_802_3 = 0x00120f, OUI_TR41 = 0x0012bb };

static void rest(struct record *r, struct cursor *c, uint16_t id)
{
	if (cursor_left(c))
		field_add_bytes(r, id, c->pos, cursor_left(c));
	cursor_skip(c, cursor_left(c));
}

/* A length byte and what it counts. */
static void counted(struct record *r, struct cursor *c, uint16_t length, uint16_t id)
{
	uint32_t n = (uint32_t)walk(r, c, length, length);

	if (n && cursor_want(c, n))
		field_add_bytes(r, id, c->pos, n);
	cursor_skip(c, n);
}

static void bridges(struct record *r, struct cursor *c)
{
	switch (walk(r, c, LLDP_ID(D1_SUBTYPE), LLDP_ID(D1_SUBTYPE))) {
	case 1: walk(r, c, LLDP_ID(D1_PVID), LLDP_ID(D1_PVID)); break;
	case 2: walk(r, c, LLDP_ID(D1_FLAG), LLDP_ID(D1_PROTO_VLAN)); break;
	case 3:
		walk(r, c, LLDP_ID(D1_VLAN), LLDP_ID(D1_VLAN));
		counted(r, c, LLDP_ID(D1_NAME_LENGTH), LLDP_ID(D1_NAME));
		break;
	case 4: counted(r, c, LLDP_ID(D1_ID_LENGTH), LLDP_ID(D1_ID)); break;
	case 7: walk(r, c, LLDP_ID(D1_AGGREGATION), LLDP_ID(D1_AGGREGATED_PORT)); break;
	default: cursor_skip(c, cursor_left(c)); break;
	}
}

/* Three values in one byte: who gives power, from where, how urgent. */
static void power_byte(struct record *r, struct cursor *c, uint16_t first)
{
	uint32_t at = c->pos;
	unsigned v = cursor_u8(c);

	if (!cursor_ok(c))
		return;
	field_add_uint(r, first, at, 1, v >> 6);
	field_add_uint(r, (uint16_t)(first + 1), at, 1, v >> 4 & 3);
	field_add_uint(r, (uint16_t)(first + 2), at, 1, v & 15);
}

static void power(struct record *r, struct cursor *c)
{
	walk(r, c, LLDP_ID(D3_POWER), LLDP_ID(D3_CLASS));
	if (!cursor_left(c)) /* the old form ends here */
		return;
	power_byte(r, c, LLDP_ID(D3_POWER_TYPE));
	walk(r, c, LLDP_ID(D3_REQUESTED), LLDP_ID(D3_ALLOCATED));
}

static void ethernet(struct record *r, struct cursor *c)
{
	switch (walk(r, c, LLDP_ID(D3_SUBTYPE), LLDP_ID(D3_SUBTYPE))) {
	case 1: walk(r, c, LLDP_ID(D3_NEGOTIATION), LLDP_ID(D3_MAU)); break;
	case 2: power(r, c); break;
	case 3: walk(r, c, LLDP_ID(D3_AGGREGATION), LLDP_ID(D3_AGGREGATED_PORT)); break;
	case 4: walk(r, c, LLDP_ID(D3_FRAME), LLDP_ID(D3_FRAME)); break;
	case 5: walk(r, c, LLDP_ID(D3_EEE_TX), LLDP_ID(D3_EEE_ECHO_RX)); break;
	default: cursor_skip(c, cursor_left(c)); break;
	}
}

static void policy(struct record *r, struct cursor *c)
{
	uint32_t at, v;

	walk(r, c, LLDP_ID(MED_APP), LLDP_ID(MED_APP));
	at = c->pos;
	v = (uint32_t)cursor_be(c, 3);
	if (!cursor_ok(c))
		return;
	field_add_uint(r, LLDP_ID(MED_POLICY_FLAG), at, 3, v >> 23);
	field_add_uint(r, LLDP_ID(MED_TAG_FLAG), at, 3, v >> 22 & 1);
	field_add_uint(r, LLDP_ID(MED_VLAN), at, 3, v >> 9 & 0xfff);
	field_add_uint(r, LLDP_ID(MED_PRIORITY), at, 3, v >> 6 & 7);
	field_add_uint(r, LLDP_ID(MED_DSCP), at, 3, v & 63);
}

/* RFC 4776 section 3.1: a postal address in parts. */
static void civic(struct decoder *d, struct record *r, struct cursor *c)
{
	uint32_t at;

	walk(r, c, LLDP_ID(MED_CIVIC_LENGTH), LLDP_ID(MED_CIVIC_WHAT));
	at = c->pos;
	if (cursor_skip(c, 2))
		field_add_bytes(r, LLDP_ID(MED_CIVIC_COUNTRY), at, 2);
	while (cursor_left(c) > 1 && decode_step(d)) {
		walk(r, c, LLDP_ID(MED_CIVIC_TYPE), LLDP_ID(MED_CIVIC_TYPE));
		counted(r, c, LLDP_ID(MED_CIVIC_LENGTH), LLDP_ID(MED_CIVIC_VALUE));
	}
}

static void location(struct decoder *d, struct record *r, struct cursor *c)
{
	switch (walk(r, c, LLDP_ID(MED_FORMAT), LLDP_ID(MED_FORMAT))) {
	case 2: civic(d, r, c); break;
	case 3: rest(r, c, LLDP_ID(MED_ECS)); break;
	default: cursor_skip(c, cursor_left(c)); break;
	}
}

static void telephones(struct decoder *d, struct record *r, struct cursor *c)
{
	uint64_t kind = walk(r, c, LLDP_ID(MED_SUBTYPE), LLDP_ID(MED_SUBTYPE));

	switch (kind) {
	case 1: walk(r, c, LLDP_ID(MED_CAPS), LLDP_ID(MED_CLASS)); break;
	case 2: policy(r, c); break;
	case 3: location(d, r, c); break;
	case 4:
		power_byte(r, c, LLDP_ID(MED_POWER_TYPE));
		walk(r, c, LLDP_ID(MED_POWER), LLDP_ID(MED_POWER));
		break;
	default:
		if (kind >= 5 && kind <= 11)
			rest(r, c, (uint16_t)(LLDP_ID(MED_HARDWARE) + kind - 5));
		cursor_skip(c, cursor_left(c));
		break;
	}
}

void lldp_organization(struct decoder *d, struct record *r, struct cursor *c)
{
	switch (walk(r, c, LLDP_ID(OUI), LLDP_ID(OUI))) {
	case OUI_IANA:
		walk(r, c, LLDP_ID(IANA_SUBTYPE), LLDP_ID(IANA_SUBTYPE));
		rest(r, c, LLDP_ID(IANA_MUD));
		break;
	case OUI_802_1: bridges(r, c); break;
	case OUI_802_3: ethernet(r, c); break;
	case OUI_TR41: telephones(d, r, c); break;
	default:
		walk(r, c, LLDP_ID(UNKNOWN_SUBTYPE), LLDP_ID(UNKNOWN_SUBTYPE));
		rest(r, c, LLDP_ID(UNKNOWN_CONTENT));
		break;
	}
}
