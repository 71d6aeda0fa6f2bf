/* SPDX-License-Identifier: GPL-3.0-or-later */
/* link: Ethernet types, and what follows a payload in its frame. */
#include "link.h"

#include "eth.h"
#include "net.h"
#include "wlan.h"

const struct value_name ethertype_names[] = {{0x0800, "IPv4"},
					     {0x0806, "ARP"},
					     {0x0842, "Wake-on-LAN"},
					     {0x2000, "Cisco Discovery Protocol"},
					     {0x8035, "Reverse ARP"},
					     {0x809b, "AppleTalk"},
					     {0x8100, "802.1Q VLAN"},
					     {0x8137, "IPX"},
					     {0x86dd, "IPv6"},
					     {0x8808, "Ethernet flow control"},
					     {0x8809, "slow protocols"},
					     {0x8847, "MPLS"},
					     {0x8848, "MPLS multicast"},
					     {0x8863, "PPPoE discovery"},
					     {0x8864, "PPPoE session"},
					     {0x888e, "802.1X authentication"},
					     {0x88a8, "802.1ad provider VLAN"},
					     {0x88cc, "LLDP"},
					     {0x88e5, "MAC security"},
					     {0x88f7, "Precision Time Protocol"},
					     {0x9000, "Ethernet loopback test"},
					     {0x9100, "old double VLAN tag"},
					     {0, NULL}};

const struct value_name arp_hardware_names[] = {{1, "Ethernet"},
						{6, "IEEE 802"},
						{15, "Frame Relay"},
						{24, "FireWire"},
						{32, "InfiniBand"},
						{512, "PPP"},
						{519, "raw"},
						{768, "IP in IP tunnel"},
						{772, "loopback"},
						{776, "IPv6 tunnel"},
						{778, "GRE"},
						{801, "Wi-Fi"},
						{803, "Wi-Fi with radiotap"},
						{65534, "none"},
						{0, NULL}};

struct link_layer link_open(const struct record *r)
{
	return (struct link_layer){.index = r->cur_layer, .source = r->cur_source};
}

/* Where the Ethernet frame that the layer belongs to begins: in a tunnel not at the first byte. */
static uint32_t frame_start(const struct record *r)
{
	for (unsigned i = r->cur_layer + 1u; i-- > 0;)
		if (r->layers[i].proto == PROTO_eth && r->layers[i].source == r->cur_source)
			return r->layers[i].off;
	return 0;
}

/* Zeros that fill a frame up to 60 bytes are padding; other bytes were left there by something. */
static uint32_t padding_length(const struct record *r, const uint8_t *p, uint32_t pos, uint32_t n)
{
	uint32_t start = frame_start(r),
		 fill = pos - start < FRAME_MIN ? FRAME_MIN + start - pos : 0;

	if (pos + n - start < FRAME_MIN)
		return 0;
	fill = fill < n ? fill : n;
	return net_zeros(p, fill) ? fill : 0;
}

static void link_trailer(struct record *r, struct link_layer layer, struct cursor *c,
			 struct trailer_ids ids)
{
	uint32_t left = cursor_left(c), pos = c->pos, padding, fcs = 0;

	if (!left || cursor_promised(c) != left)
		return;
	r->cur_layer = layer.index;
	r->cur_source = layer.source;
	r->cur_depth = 0;
	padding = padding_length(r, c->base + pos, pos, left);
	if (padding)
		field_add_bytes(r, ETH_ID(PADDING), pos, padding);
	pos += padding;
	left -= padding;
	if (ids.fcs && r->sources[r->cur_source].reported >= FRAME_MIN + 4 && left >= 4)
		fcs = 4;
	if (left > fcs)
		field_add_bytes(r, ids.trailer, pos, left - fcs);
	pos += left - fcs;
	if (fcs) {
		struct cursor at = *c;

		at.pos = pos;
		field_add_uint(r, ETH_ID(FCS), pos, 4, cursor_be32(&at));
		field_gen_uint(r, ETH_ID(FCS_STATUS), 2);
	}
	c->pos = pos + fcs;
}

void link_ethertype(struct decoder *d, struct record *r, struct link_layer layer, uint16_t type,
		    struct cursor *c, struct trailer_ids ids)
{
	if (!decode_next(d, r, ON_ETHERTYPE, type, c)) {
		decode_data(d, r, c);
		return;
	}
	link_trailer(r, layer, c, ids);
}

void link_length(struct decoder *d, struct record *r, struct link_layer layer, uint16_t length,
		 struct cursor *c, struct trailer_ids ids)
{
	struct cursor payload = cursor_fence(c, length);

	if (c->malformed)
		decode_overrun(r, c);
	if (decode_step(d) && r->nlayers < RECORD_MAX_LAYERS)
		proto_table[PROTO_llc]->decode(d, r, &payload);
	link_trailer(r, layer, c, ids);
}

uint64_t link_station(const struct record *r, bool sender)
{
	const struct field *f = record_first(r, sender ? WLAN_ID(SA) : WLAN_ID(DA));

	if (!f)
		f = record_first(r, sender ? ETH_ID(SRC) : ETH_ID(DST));
	if (!f || f->vlen != 6)
		return 0;
	return (uint64_t)f->v.p[3] << 16 | (uint64_t)f->v.p[4] << 8 | f->v.p[5];
}

void link_rest(struct lines *l, const struct record *r, const struct layer *layer, unsigned first)
{
	for (uint32_t i = layer->first + 1; i < layer->end; i++) {
		const struct field *f = &r->fields[i];

		if (!(f->flags & FIELD_HIDDEN) && &r->layers[f->layer] == layer &&
		    (FIELD_PROTO(f->id) != layer->proto || FIELD_ROW(f->id) >= first))
			lines_generic(l, r, layer, f);
	}
}
