/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * wlan_tags: the elements in which access points and devices say who they are and what they can.
 * IEEE 802.11-2020 section 9.4.2; the security element of the first WPA has the same form.
 */
#include "wlan.h"

enum {
	TAG_SSID = 0,
	TAG_RATES = 1,
	TAG_CHANNEL = 3,
	TAG_TIM = 5,
	TAG_COUNTRY = 7,
	TAG_ERP = 42,
	TAG_RSN = 48,
	TAG_MORE_RATES = 50,
	TAG_VENDOR = 221
};

#define OUI_RSN       0x000fac
#define OUI_MICROSOFT 0x0050f2
#define TYPE_WPA      1
#define KDE_PMKID     4
#define PMKID         16

static void rest(struct record *r, struct cursor *c, uint16_t id)
{
	if (cursor_left(c))
		field_add_bytes(r, id, c->pos, cursor_left(c));
	cursor_skip(c, cursor_left(c));
}

static void network_name(struct record *r, struct cursor *c)
{
	uint32_t n = cursor_left(c);
	const uint8_t *p = c->base + c->pos;

	if (n)
		field_add_bytes(r, WLAN_ID(SSID), c->pos, n);
	field_add_value(r, WLAN_ID(TT_SSID), c->pos, n, p, n);
	cursor_skip(c, n);
}

static void each(struct decoder *d, struct record *r, struct cursor *c, uint16_t id)
{
	while (cursor_left(c) && decode_step(d))
		walk(r, c, id, id);
}

static void waiting(struct record *r, struct cursor *c)
{
	walk(r, c, WLAN_ID(TIM_COUNT), WLAN_ID(TIM_OFFSET));
	rest(r, c, WLAN_ID(TIM_BITMAP));
}

static void country(struct decoder *d, struct record *r, struct cursor *c)
{
	uint32_t at = c->pos;

	if (!cursor_skip(c, 2))
		return;
	field_add_bytes(r, WLAN_ID(COUNTRY), at, 2);
	walk(r, c, WLAN_ID(COUNTRY_WHERE), WLAN_ID(COUNTRY_WHERE));
	while (cursor_left(c) >= 3 && cursor_peek(c) <= 200 && decode_step(d)) {
		field_add_none(r, WLAN_ID(COUNTRY_BAND), c->pos, 3);
		r->cur_depth++;
		walk(r, c, WLAN_ID(COUNTRY_FIRST), WLAN_ID(COUNTRY_POWER));
		r->cur_depth--;
	}
	rest(r, c, WLAN_ID(COUNTRY_PADDING));
}

/* A suite is three bytes of an organization and one of its numbers; the ids are in a row. */
static void suite(struct record *r, struct cursor *c, uint16_t id)
{
	uint32_t at = c->pos, v = cursor_be32(c);

	if (!cursor_ok(c))
		return;
	field_add_uint(r, id, at, 4, v);
	r->cur_depth++;
	field_add_uint(r, (uint16_t)(id + 1), at, 3, v >> 8);
	field_add_uint(r, (uint16_t)(id + 2), at + 3, 1, v & 255);
	r->cur_depth--;
}

/* A count, a list, and its suites: five ids in a row. */
static void suites(struct decoder *d, struct record *r, struct cursor *c, uint16_t count)
{
	uint32_t n = (uint32_t)walk(r, c, count, count), at = c->pos;

	if (!cursor_ok(c))
		return;
	field_add_none(r, (uint16_t)(count + 1), at,
		       n * 4 < cursor_left(c) ? n * 4 : cursor_left(c));
	r->cur_depth++;
	while (n-- && cursor_ok(c) && decode_step(d))
		suite(r, c, (uint16_t)(count + 2));
	r->cur_depth--;
}

/* IEEE 802.11 section 9.4.2.24: everything from a point on may be left out. */
static void security(struct decoder *d, struct record *r, struct cursor *c)
{
	uint32_t n;

	walk(r, c, WLAN_ID(RSN_VERSION), WLAN_ID(RSN_VERSION));
	if (!cursor_left(c))
		return;
	suite(r, c, WLAN_ID(RSN_GROUP));
	if (!cursor_left(c))
		return;
	suites(d, r, c, WLAN_ID(RSN_PAIR_COUNT));
	if (!cursor_left(c))
		return;
	suites(d, r, c, WLAN_ID(RSN_LOGIN_COUNT));
	if (!cursor_left(c))
		return;
	walk(r, c, WLAN_ID(RSN_CAPS), WLAN_ID(RSN_CAPS_EXTENDED_KEY_ID_IAF));
	if (!cursor_left(c))
		return;
	n = (uint32_t)walk(r, c, WLAN_ID(RSN_PMKID_COUNT), WLAN_ID(RSN_PMKID_COUNT));
	field_add_none(r, WLAN_ID(RSN_PMKID_LIST), c->pos, 0);
	r->cur_depth++;
	while (n-- && cursor_ok(c) && decode_step(d))
		walk(r, c, WLAN_ID(PMKID_AKMS), WLAN_ID(PMKID_AKMS));
	r->cur_depth--;
	if (cursor_left(c))
		suite(r, c, WLAN_ID(RSN_MANAGEMENT));
}

static void wpa(struct decoder *d, struct record *r, struct cursor *c)
{
	walk(r, c, WLAN_ID(WPA_VERSION), WLAN_ID(WPA_VERSION));
	suite(r, c, WLAN_ID(WPA_GROUP));
	suites(d, r, c, WLAN_ID(WPA_PAIR_COUNT));
	suites(d, r, c, WLAN_ID(WPA_LOGIN_COUNT));
	rest(r, c, WLAN_ID(TT_TAG_DATA));
}

static void vendor(struct decoder *d, struct record *r, struct cursor *c)
{
	uint64_t oui = walk(r, c, WLAN_ID(TAG_OUI), WLAN_ID(TAG_OUI)), type;
	uint32_t at = c->pos;

	if (!cursor_left(c))
		return;
	type = walk(r, c, WLAN_ID(VENDOR_TYPE), WLAN_ID(VENDOR_TYPE));
	if (oui == OUI_MICROSOFT) {
		field_add_uint(r, WLAN_ID(WPA_TYPE), at, 1, type);
		if (type == TYPE_WPA)
			wpa(d, r, c);
		else
			rest(r, c, WLAN_ID(TT_TAG_DATA));
	} else if (oui == OUI_RSN) {
		field_add_uint(r, WLAN_ID(KDE_TYPE), at, 1, type);
		if (type == KDE_PMKID)
			walk(r, c, WLAN_ID(PMKID), WLAN_ID(PMKID));
		else
			rest(r, c, WLAN_ID(TT_TAG_DATA));
	} else {
		rest(r, c, WLAN_ID(VENDOR_DATA));
	}
}

static void value(struct decoder *d, struct record *r, struct cursor *c, unsigned number)
{
	switch (number) {
	case TAG_SSID: network_name(r, c); break;
	case TAG_RATES: each(d, r, c, WLAN_ID(RATES)); break;
	case TAG_MORE_RATES: each(d, r, c, WLAN_ID(MORE_RATES)); break;
	case TAG_CHANNEL: walk(r, c, WLAN_ID(CHANNEL), WLAN_ID(CHANNEL)); break;
	case TAG_TIM: waiting(r, c); break;
	case TAG_COUNTRY: country(d, r, c); break;
	case TAG_ERP: walk(r, c, WLAN_ID(ERP), WLAN_ID(ERP_RESERVED)); break;
	case TAG_RSN: security(d, r, c); break;
	case TAG_VENDOR: vendor(d, r, c); break;
	default: rest(r, c, WLAN_ID(TT_TAG_DATA)); break;
	}
}

static void tag(struct decoder *d, struct record *r, struct cursor *c)
{
	uint32_t at = c->pos, n = cursor_left(c) > 1 ? c->base[at + 1] : 0;
	unsigned number = cursor_peek(c);
	struct cursor inner;

	field_add_none(r, WLAN_ID(TAG), at, n + 2 < cursor_left(c) ? n + 2 : cursor_left(c));
	r->cur_depth++;
	walk(r, c, WLAN_ID(TAG_NUMBER), WLAN_ID(TAG_LENGTH));
	inner = cursor_fence(c, n);
	if (cursor_ok(c) && (n || number == TAG_SSID))
		value(d, r, &inner, number);
	if (!cursor_ok(&inner))
		decode_overrun(r, &inner);
	r->cur_depth--;
}

void wlan_tags(struct decoder *d, struct record *r, struct cursor *c)
{
	while (cursor_left(c) && decode_step(d))
		tag(d, r, c);
}
