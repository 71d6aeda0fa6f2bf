/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * PPPoE carries PPP over Ethernet, as between a DSL router and its provider. First the router finds
 * an access concentrator (discovery), then both talk PPP (session). RFC 2516. Hangs at Ethernet
 * types 0x8863 and 0x8864, and at link type 51.
 */
#include "pppoe.h"

#include "ppp_control.h"

static const struct value_name codes[] = {{0x00, "session data"},
					  {0x07, "offer (PADO)"},
					  {0x09, "is there a concentrator? (PADI)"},
					  {0x19, "request (PADR)"},
					  {0x0a, "credits granted (PADG)"},
					  {0x0b, "credits received (PADC)"},
					  {0x0c, "quality of the link (PADQ)"},
					  {0x65, "session confirmed (PADS)"},
					  {0xa7, "session ended (PADT)"},
					  {0xd3, "message for you (PADM)"},
					  {0xd4, "routes for you (PADN)"},
					  {0, NULL}};

enum { PADO = 0x07, PADI = 0x09, PADR = 0x19, PADS = 0x65 };
enum { STEP_FIND = 1, STEP_SESSION };

static const struct field_def oe_rows[PPPOE_ROWS] = {
	[PPPOE_PROTO] = {.name = "pppoe", .label = "PPP-over-Ethernet", .type = FT_PROTOCOL},
	[PPPOE_VERSION] = {.name = "pppoe.version",
			   .label = "Version",
			   .type = FT_UINT8,
			   .size = 1,
			   .mask = 0xf0},
	[PPPOE_TYPE] =
		{.name = "pppoe.type", .label = "Type", .type = FT_UINT8, .size = 1, .mask = 0x0f},
	[PPPOE_CODE] = {.name = "pppoe.code",
			.label = "Code",
			.type = FT_UINT8,
			.show = SHOW_HEX,
			.size = 1,
			.values = codes,
			.blurb = "Which step of finding, using and leaving a session this is.",
			.see = "RFC 2516 section 5"},
	[PPPOE_SESSION] =
		{.name = "pppoe.session_id",
		 .label = "Session",
		 .type = FT_UINT16,
		 .show = SHOW_HEX,
		 .size = 2,
		 .blurb = "Number of the session; 0 until the concentrator has given one."},
	[PPPOE_LENGTH] = {.name = "pppoe.payload_length",
			  .label = "Payload length",
			  .type = FT_UINT16,
			  .size = 2},
};

static const struct field_def session_rows[] = {
	{.name = "pppoes", .label = "PPP-over-Ethernet Session", .type = FT_PROTOCOL}};

/* The six bytes both kinds begin with; the payload they promise. */
static struct cursor add_header(struct record *r, struct cursor *c)
{
	uint8_t first = cursor_peek(c);
	uint32_t length, off = c->pos;

	if (cursor_left(c) && cursor_skip(c, 1)) {
		field_add_uint(r, PPPOE_ID(VERSION), off, 1, first >> 4);
		field_add_uint(r, PPPOE_ID(TYPE), off, 1, first & 15);
	}
	walk(r, c, PPPOE_ID(CODE), PPPOE_ID(SESSION));
	length = (uint32_t)walk(r, c, PPPOE_ID(LENGTH), PPPOE_ID(LENGTH));
	decode_overrun(r, c);
	return cursor_fence(c, length);
}

/* PADI is answered by PADO, PADR by PADS. Each asker has one question at a time (section 8). */
static void mark(struct decoder *d, struct record *r, uint64_t code, uint32_t first)
{
	switch (code) {
	case PADI: ppp_mark(d, r, EXCHANGE_REQUEST, STEP_FIND, 0, first); break;
	case PADO: ppp_mark(d, r, EXCHANGE_RESPONSE, STEP_FIND, 0, first); break;
	case PADR: ppp_mark(d, r, EXCHANGE_REQUEST, STEP_SESSION, 0, first); break;
	case PADS: ppp_mark(d, r, EXCHANGE_RESPONSE, STEP_SESSION, 0, first); break;
	default: break;
	}
}

static void discovery_decode(struct decoder *d, struct record *r, struct cursor *c)
{
	struct layer *layer = layer_open(r, PROTO_pppoed, c);
	uint32_t first = r->nfields;
	struct cursor payload = add_header(r, c);
	const struct field *code = record_find(r, PPPOE_ID(CODE), first);

	pppoe_tags(d, r, &payload);
	if (code)
		mark(d, r, code->v.u, first);
	layer_close(r, layer, payload.pos);
}

static void session_decode(struct decoder *d, struct record *r, struct cursor *c)
{
	struct layer *layer = layer_open(r, PROTO_pppoes, c);
	struct cursor payload = add_header(r, c);

	layer_close(r, layer, payload.pos);
	if (cursor_left(&payload) && decode_step(d) && r->nlayers < RECORD_MAX_LAYERS)
		proto_table[PROTO_ppp]->decode(d, r, &payload);
}

static const struct hang discovery_on[] = {{ON_ETHERTYPE, 0x8863}, {ON_NOTHING, 0}};
static const struct hang session_on[] = {{ON_ETHERTYPE, 0x8864}, {ON_LINK, 51}, {ON_NOTHING, 0}};

/* The rows both kinds share; never a layer itself. */
const struct proto_def proto_pppoe = {
	.name = "pppoe",
	.label = "PPP-over-Ethernet",
	.prefix = "PPPOE",
	.fields = oe_rows,
	.nfields = PPPOE_ROWS,
	.decode = session_decode,
	.blurb = "Carries PPP over Ethernet, as between a DSL router and its provider.",
	.see = "RFC 2516",
};

const struct proto_def proto_pppoed = {
	.name = "pppoed",
	.label = "PPP-over-Ethernet Discovery",
	.prefix = "PPPOE",
	.header = "PPPOE DISCOVERY",
	.fields = pppoe_tag_rows,
	.nfields = TAG_ROWS,
	.on = discovery_on,
	.decode = discovery_decode,
	.blurb = "How a DSL router finds its provider's machine and gets a session.",
	.see = "RFC 2516 section 5",
};

const struct proto_def proto_pppoes = {
	.name = "pppoes",
	.label = "PPP-over-Ethernet Session",
	.prefix = "PPPOE",
	.header = "PPPOE HEADER",
	.fields = session_rows,
	.nfields = 1,
	.on = session_on,
	.decode = session_decode,
	.blurb = "PPP frames of an established session on Ethernet.",
	.see = "RFC 2516 section 6",
};
