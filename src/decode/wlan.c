/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * 802.11 (Wi-Fi) carries packets through the air, and lets devices join and leave a network. IEEE
 * 802.11-2020 section 9. Hangs at link type 105, and behind radiotap. Only a card in monitor mode
 * sees these frames; otherwise the system shows Ethernet instead.
 */
#include "wlan.h"

#include "link.h"
#include "option_lines.h"

#define TYPE_MANAGEMENT 0
#define TYPE_CONTROL    1
#define TYPE_DATA       2
#define FLAG_TODS       0x01
#define FLAG_FROMDS     0x02
#define FLAG_PROTECTED  0x40
#define FLAG_ORDER      0x80
#define SUBTYPE_NO_DATA 0x4
#define SUBTYPE_QOS     0x8
#define QOS_AMSDU       0x80
#define HT_CONTROL      4
#define FCS             4
#define ICV             4

struct wlan_capture *wlan_capture(struct decoder *d)
{
	return decoder_state(d, PROTO_wlan, sizeof(struct wlan_capture));
}

/* The frame at work. */
struct frame_head {
	unsigned type, subtype, flags;
	uint32_t start;
};

static struct field *hide(struct field *f)
{
	f->flags |= FIELD_HIDDEN;
	return f;
}

/* One address under the names it has in this frame; it is also wlan.addr. The list of row ids ends
 * with 0. */
static void address(struct record *r, struct cursor *c, const uint16_t *ids)
{
	uint32_t at = c->pos;

	if (!cursor_skip(c, 6))
		return;
	for (; *ids; ids++)
		field_add_bytes(r, *ids, at, 6);
	if (!r->lean)
		hide(field_add_bytes(r, WLAN_ID(ADDR), at, 6));
}

static void frame_control(struct record *r, struct cursor *c, struct frame_head *h)
{
	uint32_t at = c->pos;
	unsigned first = cursor_u8(c);
	const struct field *f;

	h->flags = cursor_u8(c);
	h->type = first >> 2 & 3;
	h->subtype = first >> 4;
	if (!cursor_ok(c))
		return;
	field_add_uint(r, WLAN_ID(TYPE_SUBTYPE), at, 1, h->type << 4 | h->subtype);
	field_add_uint(r, WLAN_ID(FC), at, 2, first << 8 | h->flags);
	r->cur_depth++;
	field_add_uint(r, WLAN_ID(VERSION), at, 1, first & 3);
	field_add_uint(r, WLAN_ID(TYPE), at, 1, h->type);
	field_add_uint(r, WLAN_ID(SUBTYPE), at, 1, h->subtype);
	f = field_add_uint(r, WLAN_ID(FLAGS), at + 1, 1, h->flags);
	walk_bits(r, f, WLAN_ID(DS), WLAN_ID(ORDER));
	r->cur_depth--;
}

static void duration(struct record *r, struct cursor *c, bool poll)
{
	uint32_t at = c->pos;
	unsigned v = (unsigned)cursor_le(c, 2);

	if (cursor_ok(c))
		field_add_uint(r, poll ? WLAN_ID(AID) : WLAN_ID(DURATION), at, 2,
			       poll ? v & 0x3fff : v & 0x7fff);
}

static void sequence(struct record *r, struct cursor *c)
{
	uint32_t at = c->pos;
	unsigned v = (unsigned)cursor_le(c, 2);

	if (!cursor_ok(c))
		return;
	field_add_uint(r, WLAN_ID(FRAGMENT), at, 2, v & 15);
	field_add_uint(r, WLAN_ID(SEQUENCE), at, 2, v >> 4);
}

/* IEEE 802.11 section 9.3.3.2: receiver, sender, network. */
static void management_addresses(struct record *r, struct cursor *c)
{
	static const uint16_t to[] = {WLAN_ID(RA), WLAN_ID(DA), 0};
	static const uint16_t from[] = {WLAN_ID(TA), WLAN_ID(SA), 0};
	static const uint16_t network[] = {WLAN_ID(BSSID), 0};

	address(r, c, to);
	address(r, c, from);
	address(r, c, network);
	sequence(r, c);
}

/* IEEE 802.11 table 9-30: what the addresses mean depends on the way of the frame. */
static void data_addresses(struct record *r, struct cursor *c, unsigned flags)
{
	static const uint16_t ids[4][3][4] = {
		{{WLAN_ID(RA), WLAN_ID(DA), 0}, {WLAN_ID(TA), WLAN_ID(SA), 0}, {WLAN_ID(BSSID), 0}},
		{{WLAN_ID(RA), WLAN_ID(BSSID), 0},
		 {WLAN_ID(TA), WLAN_ID(SA), WLAN_ID(STAA), 0},
		 {WLAN_ID(DA), 0}},
		{{WLAN_ID(RA), WLAN_ID(DA), WLAN_ID(STAA), 0},
		 {WLAN_ID(TA), WLAN_ID(BSSID), 0},
		 {WLAN_ID(SA), 0}},
		{{WLAN_ID(RA), 0}, {WLAN_ID(TA), 0}, {WLAN_ID(DA), 0}}};
	static const uint16_t fourth[] = {WLAN_ID(SA), 0};
	unsigned way = flags & (FLAG_TODS | FLAG_FROMDS);

	for (unsigned i = 0; i < 3; i++)
		address(r, c, ids[way][i]);
	sequence(r, c);
	if (way == (FLAG_TODS | FLAG_FROMDS))
		address(r, c, fourth);
}

/* IEEE 802.11 section 9.3.1 */
static void control(struct record *r, struct cursor *c, const struct frame_head *h)
{
	static const uint16_t to[] = {WLAN_ID(RA), 0}, from[] = {WLAN_ID(TA), 0};
	static const uint16_t network_to[] = {WLAN_ID(BSSID), WLAN_ID(RA), 0};
	static const uint16_t network_from[] = {WLAN_ID(BSSID), 0};
	unsigned frame = h->type << 4 | h->subtype;

	duration(r, c, frame == FRAME_PS_POLL);
	address(r, c, frame == FRAME_PS_POLL ? network_to : to);
	switch (frame) {
	case FRAME_RTS:
	case FRAME_PS_POLL:
	case FRAME_BLOCK_ACK:
	case FRAME_BLOCK_ACK_REQUEST: address(r, c, from); break;
	case FRAME_CF_END:
	case FRAME_CF_END_ACK: address(r, c, network_from); break;
	default: break;
	}
}

/* IEEE 802.11 section 9.2.4.5. Returns true if the frame holds several packets. */
static bool quality(struct record *r, struct cursor *c, unsigned flags, bool empty)
{
	uint32_t index = r->nfields;
	struct field f;
	bool to_network = (flags & (FLAG_TODS | FLAG_FROMDS)) != FLAG_FROMDS;

	walk(r, c, WLAN_ID(QOS), WLAN_ID(QOS));
	if (index >= r->nfields || !cursor_ok(c))
		return false;
	f = r->fields[index];
	walk_bits(r, &f, WLAN_ID(QOS_TID), WLAN_ID(QOS_PRIORITY));
	if (to_network)
		walk_bits(r, &f, WLAN_ID(QOS_BIT4), WLAN_ID(QOS_BIT4));
	else
		walk_bits(r, &f, WLAN_ID(QOS_EOSP), WLAN_ID(QOS_EOSP));
	walk_bits(r, &f, WLAN_ID(QOS_ACK), empty ? WLAN_ID(QOS_ACK) : WLAN_ID(QOS_AMSDU));
	if (!to_network) {
		walk_bits(r, &f, WLAN_ID(QOS_BUFFER), WLAN_ID(QOS_BUFFER));
		r->cur_depth++;
		walk_bits(r, &f, WLAN_ID(QOS_BUFFER_TOLD), WLAN_ID(QOS_BUFFER_TOLD));
		r->cur_depth--;
	} else if (f.v.u & 0x10) {
		walk_bits(r, &f, WLAN_ID(QOS_QUEUE), WLAN_ID(QOS_QUEUE));
	} else {
		walk_bits(r, &f, WLAN_ID(QOS_TXOP), WLAN_ID(QOS_TXOP));
	}
	return f.v.u & QOS_AMSDU && !empty;
}

/* A counter of six bytes as Wireshark writes it. */
static void counter(struct record *r, uint16_t id, uint32_t at, const uint8_t *p,
		    const uint8_t order[6])
{
	struct buf b = BUF_INIT;

	buf_str(&b, "0x");
	for (unsigned i = 0; i < 6; i++)
		buf_hex(&b, p[order[i]], 2);
	field_add_value(r, id, at, 8, arena_copy(&r->arena, buf_text(&b), b.len), (uint32_t)b.len);
	buf_release(&b);
}

/* The head of encrypted bytes (IEEE 802.11 sections 12.3.2, 12.5.2.2, 12.5.3.2); what follows
 * cannot be read. */
static void encrypted(struct decoder *d, struct record *r, struct cursor *c)
{
	static const uint8_t ccmp[6] = {7, 6, 5, 4, 1, 0}, tkip[6] = {7, 6, 5, 4, 0, 2};
	const char *name = "WEP";
	uint32_t at = c->pos;
	bool checked = true;
	const uint8_t *p = cursor_bytes(c, 4);
	bool extended = p && p[3] & 0x20;

	if (!p || (extended && !cursor_skip(c, 4)))
		return;
	if (!extended) {
		field_add_uint(r, WLAN_ID(WEP_IV), at, 3,
			       (uint64_t)p[0] << 16 | (uint64_t)p[1] << 8 | p[2]);
	} else if (p[1] == ((p[0] | 0x20) & 0x7f)) {
		name = "TKIP";
		checked = false;
		counter(r, WLAN_ID(TKIP_IV), at, p, tkip);
	} else {
		name = "AES (CCMP or GCMP)";
		checked = false;
		counter(r, WLAN_ID(CCMP_IV), at, p, ccmp);
	}
	field_add_uint(r, WLAN_ID(KEY_INDEX), at + 3, 1, p[3] >> 6);
	field_gen_text(r, WLAN_ID(TT_CIPHER), name, strlen(name));
	if (checked && cursor_left(c) >= ICV && c->captured == c->reported) {
		struct cursor tail = *c;

		tail.pos = c->captured - ICV;
		walk(r, &tail, WLAN_ID(WEP_ICV), WLAN_ID(WEP_ICV));
		c->reported = c->captured -= ICV;
	}
	decode_data(d, r, c);
}

static void data(struct decoder *d, struct record *r, struct cursor *c, const struct frame_head *h,
		 struct layer *layer)
{
	bool several = false;

	duration(r, c, false);
	data_addresses(r, c, h->flags);
	if (h->subtype & SUBTYPE_QOS)
		several = quality(r, c, h->flags, h->subtype & SUBTYPE_NO_DATA);
	if (h->subtype & SUBTYPE_QOS && h->flags & FLAG_ORDER)
		cursor_skip(c, HT_CONTROL);
	if (wlan_capture(d)->pad && (c->pos - h->start) % 4)
		cursor_skip(c, 4 - (c->pos - h->start) % 4);
	layer_close(r, layer, c->pos);
	if (!cursor_left(c) || h->subtype & SUBTYPE_NO_DATA)
		return;
	if (h->flags & FLAG_PROTECTED)
		encrypted(d, r, c);
	else if (several || !decode_step(d) || r->nlayers == RECORD_MAX_LAYERS)
		decode_data(d, r, c);
	else
		proto_table[PROTO_llc]->decode(d, r, c);
}

/* The check sequence stands at the very end; the rest ends before it. */
static void check_sequence(struct record *r, struct cursor *c)
{
	struct cursor end = *c;

	if (c->reported - c->pos < FCS)
		return;
	c->reported -= FCS;
	end.pos = c->reported;
	if (c->captured > c->reported)
		c->captured = c->reported;
	if (end.captured >= end.reported) {
		walk(r, &end, WLAN_ID(FCS), WLAN_ID(FCS));
		field_gen_uint(r, WLAN_ID(FCS_STATUS), 2);
	}
}

void wlan_frame(struct decoder *d, struct record *r, struct cursor *c)
{
	struct frame_head h = {.start = c->pos};
	struct layer *layer = layer_open(r, PROTO_wlan, c);

	if (!layer)
		return;
	if (wlan_capture(d)->fcs)
		check_sequence(r, c);
	frame_control(r, c, &h);
	if (!cursor_ok(c)) {
		decode_overrun(r, c);
		return;
	}
	if (h.type == TYPE_DATA) {
		data(d, r, c, &h, layer);
	} else if (h.type == TYPE_CONTROL) {
		control(r, c, &h);
	} else if (h.type == TYPE_MANAGEMENT) {
		duration(r, c, false);
		management_addresses(r, c);
		if (h.flags & FLAG_ORDER)
			cursor_skip(c, HT_CONTROL);
		if (h.flags & FLAG_PROTECTED)
			encrypted(d, r, c);
		else
			wlan_management(d, r, c, h.subtype);
	}
	if (!cursor_ok(c))
		decode_overrun(r, c);
	layer_close(r, layer, c->pos);
}

static void decode(struct decoder *d, struct record *r, struct cursor *c)
{
	*wlan_capture(d) = (struct wlan_capture){0};
	wlan_frame(d, r, c);
}

static void lines(struct lines *l, const struct record *r, const struct layer *layer)
{
	static const uint16_t quiet[] = {WLAN_ID(TAG_NUMBER),
					 WLAN_ID(TAG_LENGTH),
					 WLAN_ID(SSID),
					 WLAN_ID(FC),
					 WLAN_ID(VERSION),
					 WLAN_ID(TYPE),
					 WLAN_ID(SUBTYPE),
					 WLAN_ID(TODS),
					 WLAN_ID(FROMDS),
					 WLAN_ID(QOS_TID),
					 WLAN_ID(MGT),
					 WLAN_ID(TAGGED),
					 WLAN_ID(CAPS_RESERVED1),
					 WLAN_ID(CAPS_RESERVED2),
					 WLAN_ID(CAPS_RESERVED3),
					 WLAN_ID(CAPS_RESERVED4),
					 WLAN_ID(CAPS_RESERVED5),
					 WLAN_ID(CAPS_RESERVED6),
					 WLAN_ID(RSN_GROUP_OUI),
					 WLAN_ID(RSN_GROUP_TYPE),
					 WLAN_ID(RSN_PAIR_COUNT),
					 WLAN_ID(RSN_PAIR_LIST),
					 WLAN_ID(RSN_PAIR_OUI),
					 WLAN_ID(RSN_PAIR_TYPE),
					 WLAN_ID(RSN_LOGIN_COUNT),
					 WLAN_ID(RSN_LOGIN_LIST),
					 WLAN_ID(RSN_LOGIN_OUI),
					 WLAN_ID(RSN_LOGIN_TYPE),
					 WLAN_ID(WPA_GROUP_OUI),
					 WLAN_ID(WPA_GROUP_TYPE),
					 WLAN_ID(WPA_PAIR_COUNT),
					 WLAN_ID(WPA_PAIR_LIST),
					 WLAN_ID(WPA_PAIR_OUI),
					 WLAN_ID(WPA_PAIR_TYPE),
					 WLAN_ID(WPA_LOGIN_COUNT),
					 WLAN_ID(WPA_LOGIN_LIST),
					 WLAN_ID(WPA_LOGIN_OUI),
					 WLAN_ID(WPA_LOGIN_TYPE),
					 FIELD_NONE};

	option_lines_set(l, r, layer, quiet);
}

static const struct hang on[] = {{ON_LINK, 105}, {ON_NOTHING, 0}};

const struct proto_def proto_wlan = {
	.name = "wlan",
	.label = "IEEE 802.11 wireless LAN",
	.prefix = "WLAN",
	.header = "WI-FI HEADER",
	.fields = wlan_rows,
	.nfields = WLAN_ROWS,
	.on = on,
	.decode = decode,
	.lines = lines,
	.blurb = "Carries packets through the air, and lets devices join and leave a wireless "
		 "network.",
	.see = "IEEE 802.11",
};
