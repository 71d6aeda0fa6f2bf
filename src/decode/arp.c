/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ARP asks on the local network who has an IP address, and gets the hardware address as the answer.
 * RFC 826; announcements and probes RFC 5227. Hangs at Ethernet type 0x0806.
 */
#include "link.h"

#include <string.h>

enum {
	ARP_PROTO,
	ARP_HW_TYPE,
	ARP_PROTO_TYPE,
	ARP_HW_SIZE,
	ARP_PROTO_SIZE,
	ARP_OPCODE,
	ARP_GRATUITOUS,
	ARP_PROBE,
	ARP_ANNOUNCEMENT,
	ARP_SRC_MAC, /* the four kinds of each address in one order: see add_addresses() */
	ARP_SRC_HW,
	ARP_SRC_IPV4,
	ARP_SRC_OTHER,
	ARP_DST_MAC,
	ARP_DST_HW,
	ARP_DST_IPV4,
	ARP_DST_OTHER,
	ARP_DUPLICATE_FRAME,
	ARP_DUPLICATE,
	ARP_ROWS
};
#define ARP_ID(row) FIELD_ID(PROTO_arp, ARP_##row)

static const struct value_name opcodes[] = {{1, "request"},
					    {2, "reply"},
					    {3, "reverse request"},
					    {4, "reverse reply"},
					    {8, "inverse request"},
					    {9, "inverse reply"},
					    {0, NULL}};

static const struct field_def rows[ARP_ROWS] = {
	[ARP_PROTO] = {.name = "arp", .label = "Address Resolution Protocol", .type = FT_PROTOCOL},
	[ARP_HW_TYPE] = {.name = "arp.hw.type",
			 .label = "Hardware type",
			 .type = FT_UINT16,
			 .size = 2,
			 .values = arp_hardware_names},
	[ARP_PROTO_TYPE] = {.name = "arp.proto.type",
			    .label = "Protocol type",
			    .type = FT_UINT16,
			    .show = SHOW_HEX,
			    .size = 2,
			    .values = ethertype_names},
	[ARP_HW_SIZE] = {.name = "arp.hw.size",
			 .label = "Hardware address size",
			 .type = FT_UINT8,
			 .size = 1},
	[ARP_PROTO_SIZE] = {.name = "arp.proto.size",
			    .label = "Protocol address size",
			    .type = FT_UINT8,
			    .size = 1},
	[ARP_OPCODE] = {.name = "arp.opcode",
			.label = "Operation",
			.type = FT_UINT16,
			.size = 2,
			.values = opcodes,
			.blurb = "Whether this asks for an address or answers.",
			.see = "RFC 826"},
	[ARP_GRATUITOUS] = {.name = "arp.isgratuitous",
			    .label = "Tells without being asked",
			    .type = FT_BOOLEAN,
			    .on = "yes",
			    .off = "no",
			    .blurb = "Sender and target are the same: a station tells all others."},
	[ARP_PROBE] = {.name = "arp.isprobe",
		       .label = "Asks whether the address is free",
		       .type = FT_BOOLEAN,
		       .on = "yes",
		       .off = "no",
		       .see = "RFC 5227 section 2.1"},
	[ARP_ANNOUNCEMENT] = {.name = "arp.isannouncement",
			      .label = "Announces its own address",
			      .type = FT_BOOLEAN,
			      .on = "yes",
			      .off = "no",
			      .see = "RFC 5227 section 2.3"},
	[ARP_SRC_MAC] = {.name = "arp.src.hw_mac",
			 .label = "Sender hardware address",
			 .type = FT_ETHER,
			 .secrecy = IDENTITY},
	[ARP_SRC_HW] = {.name = "arp.src.hw",
			.label = "Sender hardware address",
			.type = FT_BYTES,
			.secrecy = IDENTITY},
	[ARP_SRC_IPV4] = {.name = "arp.src.proto_ipv4",
			  .label = "Sender IP address",
			  .type = FT_IPv4,
			  .secrecy = IDENTITY},
	[ARP_SRC_OTHER] = {.name = "arp.src.proto",
			   .label = "Sender protocol address",
			   .type = FT_BYTES,
			   .secrecy = IDENTITY},
	[ARP_DST_MAC] = {.name = "arp.dst.hw_mac",
			 .label = "Target hardware address",
			 .type = FT_ETHER,
			 .secrecy = IDENTITY,
			 .blurb = "What is asked for: zeros in a request."},
	[ARP_DST_HW] = {.name = "arp.dst.hw",
			.label = "Target hardware address",
			.type = FT_BYTES,
			.secrecy = IDENTITY},
	[ARP_DST_IPV4] = {.name = "arp.dst.proto_ipv4",
			  .label = "Target IP address",
			  .type = FT_IPv4,
			  .secrecy = IDENTITY,
			  .blurb = "The IP address somebody is looked for by."},
	[ARP_DST_OTHER] = {.name = "arp.dst.proto",
			   .label = "Target protocol address",
			   .type = FT_BYTES,
			   .secrecy = IDENTITY},
	[ARP_DUPLICATE_FRAME] = {.name = "arp.duplicate-address-frame",
				 .label = "Claimed by another device in packet",
				 .type = FT_FRAMENUM},
	[ARP_DUPLICATE] = {.name = "arp.duplicate-address-detected",
			   .label = "Two devices claim this address",
			   .type = FT_NONE,
			   .see = "RFC 5227 section 2.4"},
};

struct arp {
	uint16_t hw_type, proto_type, opcode;
	uint8_t hw_size, proto_size;
};

static bool has_mac(const struct arp *a)
{
	return (a->hw_type == 1 || a->hw_type == 6) && a->hw_size == 6;
}

static bool has_ipv4(const struct arp *a)
{
	return a->proto_type == ETHERTYPE_IPV4 && a->proto_size == 4;
}

static struct arp add_header(struct record *r, struct cursor *c)
{
	struct arp a;

	a.hw_type = (uint16_t)walk(r, c, ARP_ID(HW_TYPE), ARP_ID(HW_TYPE));
	a.proto_type = (uint16_t)walk(r, c, ARP_ID(PROTO_TYPE), ARP_ID(PROTO_TYPE));
	a.hw_size = (uint8_t)walk(r, c, ARP_ID(HW_SIZE), ARP_ID(HW_SIZE));
	a.proto_size = (uint8_t)walk(r, c, ARP_ID(PROTO_SIZE), ARP_ID(PROTO_SIZE));
	a.opcode = (uint16_t)walk(r, c, ARP_ID(OPCODE), ARP_ID(OPCODE));
	return a;
}

/* One end: hardware address, then protocol address. `first`: row of its hardware address as MAC. */
static void add_end(struct record *r, struct cursor *c, const struct arp *a, uint16_t first)
{
	uint32_t off = c->pos;

	if (!cursor_skip(c, a->hw_size))
		return;
	if (a->hw_size)
		field_add_bytes(r, (uint16_t)(first + (has_mac(a) ? 0 : 1)), off, a->hw_size);
	off = c->pos;
	if (has_ipv4(a)) {
		uint32_t address = cursor_be32(c);

		if (cursor_ok(c))
			field_add_uint(r, (uint16_t)(first + 2), off, 4, address);
	} else if (cursor_skip(c, a->proto_size) && a->proto_size) {
		field_add_bytes(r, (uint16_t)(first + 3), off, a->proto_size);
	}
}

static uint32_t ipv4_at(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static bool all_are(const uint8_t *p, uint8_t value, unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		if (p[i] != value)
			return false;
	return true;
}

/* What the addresses tell beyond question and answer; `p` is the whole body, 20 bytes. */
static void add_purpose(struct record *r, const struct arp *a, const uint8_t *p)
{
	uint32_t sender = ipv4_at(p + 6), target = ipv4_at(p + 16);
	bool blank = all_are(p + 10, 0, 6);

	if (sender == target && (a->opcode == 1 || a->opcode == 2)) {
		field_gen_uint(r, ARP_ID(GRATUITOUS), 1);
		if (a->opcode == 1 && (blank || all_are(p + 10, 0xff, 6)))
			field_gen_uint(r, ARP_ID(ANNOUNCEMENT), 1);
	} else if (a->opcode == 1 && blank && !sender) {
		field_gen_uint(r, ARP_ID(PROBE), 1);
	}
}

/* Who claimed an address first. One slot for each hash: a newer address takes the place. */
#define OWNERS 256
struct owner {
	uint32_t address, frame;
	uint8_t mac[6];
};

/* The station at `mac` says that the IPv4 address is its own: has another one said so before? */
static void claim(struct decoder *d, struct record *r, const uint8_t *mac, uint32_t address)
{
	struct owner *owners = decoder_state(d, PROTO_arp, OWNERS * sizeof(*owners));
	struct owner *o = &owners[(address ^ address >> 8 ^ address >> 16) % OWNERS];

	if (!address || (mac[0] & 1) || all_are(mac, 0, 6))
		return;
	if (o->address != address) {
		*o = (struct owner){.address = address, .frame = r->number};
		memcpy(o->mac, mac, 6);
	} else if (memcmp(o->mac, mac, 6)) {
		field_gen_uint(r, ARP_ID(DUPLICATE_FRAME), o->frame);
		field_add_none(r, ARP_ID(DUPLICATE), 0, 0)->flags |= FIELD_GENERATED;
	}
}

/* Requests and replies meet by the two IP addresses, the asker's first. */
static void mark(struct record *r, const struct arp *a, const uint8_t *p, uint32_t first)
{
	uint64_t sender = ipv4_at(p + 6), target = ipv4_at(p + 16);

	if (sender == target || a->opcode < 1 || a->opcode > 2)
		return;
	exchange_mark(r, a->opcode == 1 ? EXCHANGE_REQUEST : EXCHANGE_RESPONSE, PROTO_arp,
		      a->opcode == 1 ? sender << 32 | target : target << 32 | sender, first,
		      r->nfields ? r->nfields - 1 : 0);
	if (r->nmarks)
		r->marks[r->nmarks - 1].any_conv = true;
}

static void arp_decode(struct decoder *d, struct record *r, struct cursor *c)
{
	struct layer *layer = layer_open(r, PROTO_arp, c);
	uint32_t first = r->nfields - 1;
	struct arp a = add_header(r, c);
	const uint8_t *body = c->base + c->pos;
	bool known = has_mac(&a) && has_ipv4(&a) && cursor_left(c) >= 20;

	if (known)
		add_purpose(r, &a, body);
	add_end(r, c, &a, ARP_ID(SRC_MAC));
	add_end(r, c, &a, ARP_ID(DST_MAC));
	decode_overrun(r, c);
	if (known)
		claim(d, r, body, ipv4_at(body + 6));
	layer_close(r, layer, c->pos);
	if (known)
		mark(r, &a, body, first);
}

static const struct hang on[] = {{ON_ETHERTYPE, 0x0806}, {ON_NOTHING, 0}};

const struct proto_def proto_arp = {
	.name = "arp",
	.label = "Address Resolution Protocol",
	.prefix = "ARP",
	.header = "ARP",
	.fields = rows,
	.nfields = ARP_ROWS,
	.on = on,
	.decode = arp_decode,
	.blurb = "Asks on the local network who has an IP address, and is told the hardware "
		 "address.",
	.see = "RFC 826, RFC 5227",
};
