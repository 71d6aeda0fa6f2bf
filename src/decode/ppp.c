/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * PPP carries packets between the two ends of a line: a modem, a mobile link, DSL. RFC 1661; the
 * address and control bytes are HDLC's (RFC 1662) and may be left out, and so may the first byte of
 * the protocol. Hangs at link types 9, 50, 166 (direction instead of the address), 204 (direction
 * byte before it), and in PPPoE.
 */
#include "ppp.h"

#include "link.h"

static const struct value_name directions[] = {{0, "sent"}, {1, "received"}, {0, NULL}};
const struct value_name ppp_protocols[] = {{0x0021, "IP"},
					   {0x0023, "OSI network layer"},
					   {0x0029, "AppleTalk"},
					   {0x002b, "IPX"},
					   {0x002d, "VJ Compressed"},
					   {0x002f, "VJ Un-Compressed"},
					   {0x0031, "Bridging"},
					   {0x003d, "Multilink"},
					   {0x0057, "IPv6"},
					   {0x0061, "Compressed IP header"},
					   {0x00fb, "Compressed data of one link"},
					   {0x00fd, "Compressed data"},
					   {0x8021, "Negotiating IP"},
					   {0x8057, "Negotiating IPv6"},
					   {0x80fd, "Negotiating compression"},
					   {0xc021, "Negotiating the link"},
					   {0xc023, "Password in clear text"},
					   {0xc025, "Link quality"},
					   {0xc029, "Callback"},
					   {0xc223, "Challenge and answer"},
					   {0xc227, "Login (EAP)"},
					   {0, NULL}};

/* RFC 1661 section 5, RFC 1570 sections 1 and 2, RFC 1962 section 3 */
static const struct value_name codes[] = {{1, "Configure-Request: these settings?"},
					  {2, "Configure-Ack: agreed"},
					  {3, "Configure-Nak: other values, please"},
					  {4, "Configure-Reject: not these at all"},
					  {5, "Terminate-Request: let us end"},
					  {6, "Terminate-Ack: ended"},
					  {7, "Code-Reject: that message is not known"},
					  {8, "Protocol-Reject: that protocol is not spoken"},
					  {9, "Echo-Request: are you there?"},
					  {10, "Echo-Reply: here"},
					  {11, "Discard-Request"},
					  {12, "Identification"},
					  {13, "Time-Remaining"},
					  {14, "Reset-Request"},
					  {15, "Reset-Ack"},
					  {0, NULL}};

static const struct field_def rows[PPP_ROWS] = {
	[PPP_PROTO] = {.name = "ppp", .label = "Point-to-Point Protocol", .type = FT_PROTOCOL},
	[PPP_ADDRESS] = {.name = "ppp.address",
			 .label = "Address",
			 .type = FT_UINT8,
			 .show = SHOW_HEX,
			 .size = 1,
			 .blurb = "Always FF: all stations, for a line has only two ends.",
			 .see = "RFC 1662 section 3.1"},
	[PPP_CONTROL] = {.name = "ppp.control",
			 .label = "Control",
			 .type = FT_UINT8,
			 .show = SHOW_HEX,
			 .size = 1,
			 .blurb = "03: frames are not numbered.",
			 .see = "RFC 1662 section 3.1"},
	[PPP_DIRECTION] =
		{.name = "ppp.direction",
		 .label = "Direction",
		 .type = FT_UINT8,
		 .values = directions,
		 .blurb = "Whether the capturing machine sent or received the frame; noted "
			  "by the capture, not on the wire."},
	[PPP_PROTOCOL] = {.name = "ppp.protocol",
			  .label = "Protocol",
			  .type = FT_UINT16,
			  .show = SHOW_HEX,
			  .size = 2,
			  .values = ppp_protocols,
			  .blurb = "Which protocol the rest of the frame belongs to.",
			  .see = "RFC 1661 section 2"},
	[PPP_CODE] = {.name = "ppp.code",
		      .label = "Message",
		      .type = FT_UINT8,
		      .size = 1,
		      .values = codes,
		      .blurb = "What the sender wants: propose settings, agree, refuse, end.",
		      .see = "RFC 1661 section 5"},
	[PPP_IDENTIFIER] = {.name = "ppp.identifier",
			    .label = "Number",
			    .type = FT_UINT8,
			    .size = 1,
			    .blurb = "An answer has the number of its question."},
	[PPP_LENGTH] = {.name = "ppp.length", .label = "Length", .type = FT_UINT16, .size = 2},
	[PPP_DATA] = {.name = "ppp.data", .label = "Data", .type = FT_BYTES},
	[PPP_TT_OPTION] = {.name = "tt.ppp.option",
			   .label = "Option that is not known",
			   .type = FT_BYTES},
	[PPP_TT_REASON] = {.name = "tt.ppp.reason",
			   .label = "Reason given",
			   .type = FT_STRING,
			   .blurb = "What the side that refuses says, in its own words."},
};

enum frame_direction *ppp_direction(struct decoder *d)
{
	return decoder_state(d, PROTO_ppp, sizeof(enum frame_direction));
}

/* The byte before the frame: zero means received. */
static void direction_byte(struct decoder *d, struct cursor *c)
{
	*ppp_direction(d) = cursor_u8(c) ? DIR_OUT : DIR_IN;
}

static void add_address(struct decoder *d, struct record *r, struct cursor *c)
{
	uint32_t off = c->pos;

	if (cursor_left(c) < 2)
		return;
	if (r->frame->link_type == 166 && c->base[off] <= 1 && c->base[off + 1] == 0x03)
		*ppp_direction(d) = c->base[off] ? DIR_OUT : DIR_IN;
	else if (c->base[off] != 0xff)
		return;
	walk(r, c, PPP_ID(ADDRESS), PPP_ID(CONTROL));
}

/* RFC 1661 section 6.5: an odd first byte is the whole protocol number. */
static uint16_t add_protocol(struct record *r, struct cursor *c)
{
	uint32_t off = c->pos, n = cursor_peek(c) & 1 ? 1 : 2;
	uint16_t v = (uint16_t)cursor_be(c, n);

	if (cursor_ok(c))
		field_add_uint(r, PPP_ID(PROTOCOL), off, n, v);
	return v;
}

static void ppp_decode(struct decoder *d, struct record *r, struct cursor *c)
{
	bool with_byte = r->frame->link_type == 204 && r->nlayers == 1;
	struct layer *layer;
	uint16_t protocol;

	*ppp_direction(d) = r->frame->direction;
	if (with_byte)
		direction_byte(d, c);
	layer = layer_open(r, PROTO_ppp, c);
	add_address(d, r, c);
	if (with_byte && cursor_ok(c))
		field_gen_uint(r, PPP_ID(DIRECTION), *ppp_direction(d) == DIR_IN);
	protocol = add_protocol(r, c);
	if (!cursor_ok(c)) {
		decode_overrun(r, c);
		return;
	}
	layer_close(r, layer, c->pos);
	if (!decode_next(d, r, ON_PPP_PROTO, protocol, c))
		decode_data(d, r, c);
}

/* "Compressed and Unfiltered Packet Length": what the line carried for a longer packet. */
static void line_length(struct lines *l, const struct record *r, const struct layer *layer)
{
	uint32_t n = r->frame->original - (r->frame->link_type == 204);

	lines_bare(l, r, layer);
	lines_str(l, "Compressed and Unfiltered Packet Length: ");
	buf_dec(&l->text, n);
	lines_str(l, " bytes (");
	buf_hex_upper(&l->text, n, 0);
	lines_str(l, " hex)");
	lines_end(l);
}

static void ppp_lines(struct lines *l, const struct record *r, const struct layer *layer)
{
	const struct field *protocol = record_find(r, PPP_ID(PROTOCOL), layer->first);
	const char *name = protocol ? value_name(ppp_protocols, protocol->v.u) : NULL;

	if (record_has_proto(r, PROTO_vj))
		line_length(l, r, layer);
	if (!protocol)
		return;
	lines_row(l, r, layer);
	for (uint32_t i = layer->first + 1; i < layer->end; i++)
		lines_cover(l, r, &r->fields[i]);
	lines_str(l, "Protocol 0x");
	buf_hex_upper(&l->text, protocol->v.u, 4);
	if (name) {
		lines_str(l, " (");
		lines_str(l, name);
		lines_str(l, ")");
	}
	lines_end(l);
}

static const struct hang on[] = {
	{ON_LINK, 9}, {ON_LINK, 50}, {ON_LINK, 166}, {ON_LINK, 204}, {ON_NOTHING, 0}};

const struct proto_def proto_ppp = {
	.name = "ppp",
	.label = "Point-to-Point Protocol",
	.prefix = "PPP",
	.fields = rows,
	.nfields = PPP_ROWS,
	.on = on,
	.decode = ppp_decode,
	.lines = ppp_lines,
	.blurb = "Carries packets between the two ends of a line: a modem, a mobile link, DSL.",
	.see = "RFC 1661, RFC 1662",
};
