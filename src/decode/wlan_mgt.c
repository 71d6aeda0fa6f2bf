/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * wlan_mgt: how a device finds a wireless network, joins and leaves it, or is sent away. IEEE
 * 802.11-2020 section 9.3.3.
 */
#include "link.h"
#include "wlan.h"

#define ALGORITHM_SAE 3

enum { GROUP_AUTHENTICATION = 1, GROUP_ASSOCIATION };

static void association_id(struct record *r, struct cursor *c)
{
	uint32_t at = c->pos;
	unsigned v = (unsigned)cursor_le(c, 2);

	if (cursor_ok(c))
		field_add_uint(r, WLAN_ID(FIXED_AID), at, 2, v & 0x3fff);
}

/* A question of a device and the answer of its access point: told apart by their addresses. */
static void mark(struct record *r, unsigned group, bool asks)
{
	uint64_t key = (uint64_t)group << 48 | link_station(r, asks) << 24 | link_station(r, !asks);

	exchange_mark(r, asks ? EXCHANGE_REQUEST : EXCHANGE_RESPONSE, PROTO_wlan, key,
		      r->layers[r->cur_layer].first, r->nfields - 1);
	if (r->nmarks)
		r->marks[r->nmarks - 1].any_conv = true;
}

/* The sender of odd steps is the device. In WPA3 both sides send the same steps; what they hold
 * (numbers of a group, or a proof) has no elements in front. True if elements follow. */
static bool authentication(struct record *r, struct cursor *c)
{
	uint64_t algorithm = walk(r, c, WLAN_ID(AUTH_ALGORITHM), WLAN_ID(AUTH_ALGORITHM));
	uint64_t step = walk(r, c, WLAN_ID(AUTH_STEP), WLAN_ID(AUTH_STEP));

	walk(r, c, WLAN_ID(STATUS), WLAN_ID(STATUS));
	if (cursor_ok(c) && algorithm != ALGORITHM_SAE)
		mark(r, GROUP_AUTHENTICATION, step & 1);
	return algorithm != ALGORITHM_SAE;
}

static void action(struct record *r, struct cursor *c)
{
	uint32_t at = c->pos;
	unsigned category = cursor_u8(c);

	if (!cursor_ok(c))
		return;
	field_add_uint(r, WLAN_ID(CATEGORY), at, 1, category);
	if (cursor_left(c))
		walk(r, c, WLAN_ID(ACTION), WLAN_ID(ACTION));
}

/* The fixed part. True if elements follow. */
static bool fixed(struct record *r, struct cursor *c, unsigned frame)
{
	switch (frame) {
	case FRAME_BEACON:
	case FRAME_PROBE_RESPONSE:
		walk(r, c, WLAN_ID(TIMESTAMP), WLAN_ID(CAPS_RESERVED6));
		return true;
	case FRAME_ASSOCIATION_REQUEST:
	case FRAME_REASSOCIATION_REQUEST:
		walk(r, c, WLAN_ID(CAPS), WLAN_ID(LISTEN));
		if (frame == FRAME_REASSOCIATION_REQUEST)
			walk(r, c, WLAN_ID(CURRENT_AP), WLAN_ID(CURRENT_AP));
		return true;
	case FRAME_ASSOCIATION_RESPONSE:
	case FRAME_REASSOCIATION_RESPONSE:
		walk(r, c, WLAN_ID(CAPS), WLAN_ID(CAPS_RESERVED6));
		walk(r, c, WLAN_ID(STATUS), WLAN_ID(STATUS));
		association_id(r, c);
		return true;
	case FRAME_AUTHENTICATION: return authentication(r, c);
	case FRAME_DEAUTHENTICATION:
	case FRAME_DISASSOCIATION: walk(r, c, WLAN_ID(REASON), WLAN_ID(REASON)); return true;
	case FRAME_ACTION:
	case FRAME_ACTION_NO_ACK: action(r, c); return false;
	case FRAME_PROBE_REQUEST: return true;
	default: return false;
	}
}

void wlan_management(struct decoder *d, struct record *r, struct cursor *c, unsigned frame)
{
	bool elements;

	if (!cursor_left(c))
		return;
	field_add_none(r, WLAN_ID(MGT), c->pos, cursor_left(c));
	elements = fixed(r, c, frame);
	if (elements && cursor_left(c)) {
		uint32_t at = c->pos;

		field_add_none(r, WLAN_ID(TAGGED), at, cursor_left(c));
		wlan_tags(d, r, c);
	}
	if (frame == FRAME_ASSOCIATION_REQUEST || frame == FRAME_REASSOCIATION_REQUEST)
		mark(r, GROUP_ASSOCIATION, true);
	else if (frame == FRAME_ASSOCIATION_RESPONSE || frame == FRAME_REASSOCIATION_RESPONSE)
		mark(r, GROUP_ASSOCIATION, false);
}
