/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * frame: what the capture file itself says about a packet: when, how long, on which interface.
 * It is no protocol on the wire; Wireshark's filter names treat it as one.
 */
#include "frame.h"

#include "ipv6.h"
#include "link.h"

enum {
	FRAME_PROTO,
	FRAME_SECTION,
	FRAME_INTERFACE,
	FRAME_INTERFACE_NAME,
	FRAME_ENCAP,
	FRAME_TIME,
	FRAME_EPOCH,
	FRAME_DELTA,
	FRAME_RELATIVE,
	FRAME_NUMBER,
	FRAME_LEN,
	FRAME_CAP_LEN,
	FRAME_MARKED,
	FRAME_IGNORED,
	FRAME_PROTOCOLS,
	FRAME_DIRECTION,
	FRAME_COMMENT,
	FRAME_ROWS
};
#define FRAME_ID(row) FIELD_ID(PROTO_frame, FRAME_##row)

static const struct value_name directions[] = {
	{0, "not known"}, {1, "received"}, {2, "sent"}, {0, NULL}};

static const struct field_def rows[FRAME_ROWS] = {
	[FRAME_PROTO] = {.name = "frame", .label = "Frame", .type = FT_PROTOCOL},
	[FRAME_SECTION] = {.name = "frame.section_number",
			   .label = "Section of the file",
			   .type = FT_UINT32},
	[FRAME_INTERFACE] = {.name = "frame.interface_id",
			     .label = "Interface number",
			     .type = FT_UINT32,
			     .blurb = "Interface in the order of the capture file, from 0."},
	[FRAME_INTERFACE_NAME] = {.name = "frame.interface_name",
				  .label = "Interface",
				  .type = FT_STRING,
				  .blurb = "Name of the interface that saw the packet: eth0, lo."},
	[FRAME_ENCAP] = {.name = "frame.encap_type",
			 .label = "Link layer",
			 .type = FT_INT16,
			 .blurb = "Wireshark's number for the kind of link layer."},
	[FRAME_TIME] = {.name = "frame.time",
			.label = "Arrival time",
			.type = FT_ABSOLUTE_TIME,
			.blurb = "When the capturing machine saw the packet, by its own clock."},
	[FRAME_EPOCH] = {.name = "frame.time_epoch",
			 .label = "Seconds since 1970",
			 .type = FT_RELATIVE_TIME},
	[FRAME_DELTA] = {.name = "frame.time_delta",
			 .label = "Time since the previous packet",
			 .type = FT_RELATIVE_TIME,
			 .blurb = "A long wait here is the first sign of something slow or lost."},
	[FRAME_RELATIVE] = {.name = "frame.time_relative",
			    .label = "Time since the first packet",
			    .type = FT_RELATIVE_TIME},
	[FRAME_NUMBER] = {.name = "frame.number",
			  .label = "Packet number",
			  .type = FT_UINT32,
			  .blurb = "Place in the capture, from 1; nothing on the wire."},
	[FRAME_LEN] = {.name = "frame.len",
		       .label = "Packet length",
		       .type = FT_UINT32,
		       .blurb = "Bytes the packet had on the wire, link header included."},
	[FRAME_CAP_LEN] = {.name = "frame.cap_len",
			   .label = "Captured length",
			   .type = FT_UINT32,
			   .blurb =
				   "Bytes of it the capture kept; fewer if a snap length was set."},
	[FRAME_MARKED] = {.name = "frame.marked", .label = "Marked", .type = FT_BOOLEAN},
	[FRAME_IGNORED] =
		{.name = "frame.ignored",
		 .label = "Ignored",
		 .type = FT_BOOLEAN,
		 .blurb = "True if it was left undecoded, because decoding it failed before."},
	[FRAME_PROTOCOLS] = {.name = "frame.protocols",
			     .label = "Protocols",
			     .type = FT_STRING,
			     .blurb = "The layers of the packet from the outside in, with colons."},
	[FRAME_DIRECTION] = {.name = "frame.packet_flags_direction",
			     .label = "Direction",
			     .type = FT_UINT32,
			     .show = SHOW_HEX,
			     .mask = 0x3,
			     .values = directions,
			     .blurb = "Whether the capturing machine received or sent it."},
	[FRAME_COMMENT] = {.name = "frame.comment",
			   .label = "Comment",
			   .type = FT_STRING,
			   .blurb = "What somebody wrote to this packet in the capture file."},
};

/* Times of the capture's first frame and of the one decoded last. */
struct frame_state {
	int64_t first, previous;
	uint32_t number; /* of the one decoded last; 0: none */
	bool started;
};

/* Wireshark's WTAP_ENCAP_ numbers of the link types read here. */
static int encap_of(uint32_t link_type)
{
	static const struct {
		uint16_t link_type;
		uint16_t encap;
	} known[] = {{0, 15},    {1, 1},     {9, 4},     {50, 4},   {51, 139}, {101, 7},
		     {108, 174}, {104, 28},  {105, 20},  {113, 25}, {127, 23}, {166, 4},
		     {204, 19},  {228, 129}, {229, 130}, {276, 210}};

	for (unsigned i = 0; i < sizeof(known) / sizeof(*known); i++)
		if (known[i].link_type == link_type)
			return known[i].encap;
	return -1;
}

/* Without a name in the file filters find "unknown", as in Wireshark; nobody is shown that. */
static void add_interface_name(struct record *r, const char *name)
{
	if (name)
		field_gen_text(r, FRAME_ID(INTERFACE_NAME), name, strlen(name));
	else
		field_gen_text(r, FRAME_ID(INTERFACE_NAME), "unknown", 7)->flags |= FIELD_HIDDEN;
}

static void add_origin(struct record *r, const struct frame *f)
{
	int encap = encap_of(f->link_type);

	if (f->section) {
		field_gen_uint(r, FRAME_ID(SECTION), f->section);
		field_gen_uint(r, FRAME_ID(INTERFACE), f->interface);
		add_interface_name(r, f->interface_name);
	}
	if (f->direction != DIR_UNKNOWN)
		field_gen_uint(r, FRAME_ID(DIRECTION), f->direction == DIR_IN ? 1 : 2);
	if (f->comment)
		field_gen_text(r, FRAME_ID(COMMENT), f->comment, strlen(f->comment));
	if (encap >= 0)
		field_gen_int(r, FRAME_ID(ENCAP), encap);
}

static void add_times(struct decoder *d, struct record *r, const struct frame *f)
{
	struct frame_state *s = decoder_state(d, PROTO_frame, sizeof(*s));

	if (f->number == 1 || !s->started) {
		s->first = f->time;
		s->number = 0;
		s->started = true;
	}
	if (!r->lean) {
		field_gen_int(r, FRAME_ID(TIME), f->time);
		field_gen_int(r, FRAME_ID(EPOCH), f->time);
		/* A packet shown out of turn has no previous one that is known. */
		if (f->number == 1 || f->number == s->number + 1)
			field_gen_int(r, FRAME_ID(DELTA),
				      f->number == 1 ? 0 : f->time - s->previous);
	}
	field_gen_int(r, FRAME_ID(RELATIVE), f->time - s->first);
	s->previous = f->time;
	s->number = f->number;
}

static void frame_decode(struct decoder *d, struct record *r, struct cursor *c)
{
	const struct frame *f = r->frame;
	/* The direction byte before PPP is the capture's, not the packet's. */
	uint32_t extra = f->link_type == 204 && f->captured ? 1 : 0;
	struct cursor packet = *c;

	cursor_skip(&packet, extra);
	layer_open(r, PROTO_frame, &packet);
	if (!r->lean)
		add_origin(r, f);
	if (!f->untimed)
		add_times(d, r, f);
	if (r->lean)
		return;
	field_gen_uint(r, FRAME_ID(NUMBER), f->number);
	field_gen_uint(r, FRAME_ID(LEN), f->original - extra);
	field_gen_uint(r, FRAME_ID(CAP_LEN), f->captured - extra);
	field_gen_uint(r, FRAME_ID(MARKED), 0);
	field_gen_uint(r, FRAME_ID(IGNORED), 0);
	field_gen_text(r, FRAME_ID(PROTOCOLS), "", 0);
}

/* Wireshark names the step from a link layer to an Ethernet type as a protocol of its own. */
static bool by_ethertype(enum proto_id proto, enum proto_id next)
{
	return (proto == PROTO_eth || proto == PROTO_vlan || proto == PROTO_dot1ad ||
		proto == PROTO_sll) &&
	       next != PROTO_llc;
}

struct names {
	char text[RECORD_MAX_LAYERS * 32];
	size_t len;
};

static void add_name(struct names *n, const char *name)
{
	size_t len = strlen(name);

	if (n->len + len + 1 > sizeof(n->text))
		return;
	if (n->len)
		n->text[n->len++] = ':';
	memcpy(n->text + n->len, name, len);
	n->len += len;
}

/* Wireshark counts the extension headers of IPv6 (RFC 8200 section 4) as protocols. */
static void add_extensions(struct names *n, const struct record *r, const struct layer *layer)
{
	for (unsigned i = layer->first; i < layer->end; i++) {
		uint16_t id = r->fields[i].id;

		if (id == IPV6_ID(IPV6_HOPOPTS) || id == IPV6_ID(IPV6_DSTOPTS) ||
		    id == IPV6_ID(IPV6_ROUTING) || id == IPV6_ID(IPV6_FRAGHDR))
			add_name(n, field_def(id)->name);
	}
}

void frame_protocols(struct record *r)
{
	const struct field *known = record_first(r, FRAME_ID(PROTOCOLS));
	struct names names = {.len = 0};

	if (!known)
		return;
	for (unsigned i = 1; i < r->nlayers; i++) {
		const struct layer *layer = &r->layers[i];

		if (layer->proto == PROTO_tt_text) /* Wireshark has no such layer */
			continue;
		if (i > 1 && by_ethertype(r->layers[i - 1].proto, layer->proto))
			add_name(&names, "ethertype");
		add_name(&names, proto_table[layer->proto]->name);
		if (layer->proto == PROTO_ipv6)
			add_extensions(&names, r, layer);
	}
	r->fields[known - r->fields].v.p = arena_copy(&r->arena, names.text, names.len);
	r->fields[known - r->fields].vlen = (uint32_t)names.len;
}

void frame_ignored(struct record *r)
{
	const struct field *f = record_first(r, FRAME_ID(IGNORED));

	if (f)
		r->fields[f - r->fields].v.u = 1;
}

const struct proto_def proto_frame = {
	.name = "frame",
	.label = "Frame",
	.prefix = "FRAME",
	.fields = rows,
	.nfields = FRAME_ROWS,
	.decode = frame_decode,
	.common = true,
	.blurb = "What the capture file says about a packet: when, how long, on which interface.",
	.see = "pcapng draft, section 4.3",
};
