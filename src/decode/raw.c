/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Raw IP: captures whose frames begin with the IP header itself (tunnels, phones). Link types 101
 * (either version), 228 (IPv4) and 229 (IPv6).
 */
#include "link.h"

static const struct field_def rows[] = {
	{.name = "raw", .label = "Raw packet data", .type = FT_PROTOCOL}};

static void raw_decode(struct decoder *d, struct record *r, struct cursor *c)
{
	uint8_t version = cursor_peek(c) >> 4;
	struct layer *layer;

	if (r->frame->link_type == 101) {
		layer = layer_open(r, PROTO_raw, c);
		layer_close(r, layer, c->pos);
	} else {
		version = r->frame->link_type == 228 ? 4 : 6;
	}
	if ((version != 4 && version != 6) ||
	    !decode_next(d, r, ON_ETHERTYPE, version == 4 ? ETHERTYPE_IPV4 : ETHERTYPE_IPV6, c))
		decode_data(d, r, c);
}

static void raw_lines(struct lines *l, const struct record *r, const struct layer *layer)
{
	/* Nothing is there to be said: the packet begins with IP. */
	(void)l;
	(void)r;
	(void)layer;
}

static const struct hang on[] = {{ON_LINK, 101}, {ON_LINK, 228}, {ON_LINK, 229}, {ON_NOTHING, 0}};

const struct proto_def proto_raw = {
	.name = "raw",
	.label = "Raw packet data",
	.prefix = "RAW",
	.fields = rows,
	.nfields = 1,
	.on = on,
	.decode = raw_decode,
	.lines = raw_lines,
	.blurb = "The capture has no link layer: packets begin with the IP header.",
	.see = "tcpdump.org/linktypes.html, LINKTYPE_RAW",
};
