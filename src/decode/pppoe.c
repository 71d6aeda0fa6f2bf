/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * PPPoE carries PPP over Ethernet, as between a DSL router and its provider. First the router finds
 * an access concentrator (discovery), then both talk PPP (session). RFC 2516. Hangs at Ethernet
 * types 0x8863 and 0x8864, and at link type 51.
 */
#include "link.h"

enum { OE_PROTO, OE_VERSION, OE_TYPE, OE_CODE, OE_SESSION, OE_LENGTH, OE_ROWS };
enum {
	TAG_PROTO,
	TAG_LIST,
	TAG_UNKNOWN,
	TAG_SERVICE,
	TAG_AC_NAME,
	TAG_HOST_UNIQ,
	TAG_COOKIE,
	TAG_SERVICE_ERROR,
	TAG_SYSTEM_ERROR,
	TAG_GENERIC_ERROR,
	TAG_ROWS
};
#define OE_ID(row)  FIELD_ID(PROTO_pppoe, OE_##row)
#define TAG_ID(row) FIELD_ID(PROTO_pppoed, TAG_##row)

static const struct value_name codes[] = {{0x00, "session data"},
					  {0x07, "offer (PADO)"},
					  {0x09, "is there a concentrator? (PADI)"},
					  {0x19, "request (PADR)"},
					  {0x65, "session confirmed (PADS)"},
					  {0xa7, "session ended (PADT)"},
					  {0, NULL}};

static const struct field_def oe_rows[OE_ROWS] = {
	[OE_PROTO] = {.name = "pppoe", .label = "PPP-over-Ethernet", .type = FT_PROTOCOL},
	[OE_VERSION] = {.name = "pppoe.version",
			.label = "Version",
			.type = FT_UINT8,
			.size = 1,
			.mask = 0xf0},
	[OE_TYPE] =
		{.name = "pppoe.type", .label = "Type", .type = FT_UINT8, .size = 1, .mask = 0x0f},
	[OE_CODE] = {.name = "pppoe.code",
		     .label = "Code",
		     .type = FT_UINT8,
		     .show = SHOW_HEX,
		     .size = 1,
		     .values = codes,
		     .blurb = "Which step of finding, using and leaving a session this is.",
		     .see = "RFC 2516 section 5"},
	[OE_SESSION] = {.name = "pppoe.session_id",
			.label = "Session",
			.type = FT_UINT16,
			.show = SHOW_HEX,
			.size = 2,
			.blurb = "Number of the session; 0 until the concentrator has given one."},
	[OE_LENGTH] = {.name = "pppoe.payload_length",
		       .label = "Payload length",
		       .type = FT_UINT16,
		       .size = 2},
};

static const struct field_def tag_rows[TAG_ROWS] = {
	[TAG_PROTO] = {.name = "pppoed",
		       .label = "PPP-over-Ethernet Discovery",
		       .type = FT_PROTOCOL},
	[TAG_LIST] = {.name = "pppoed.tags", .label = "Tags", .type = FT_NONE},
	[TAG_UNKNOWN] = {.name = "pppoed.tag.unknown_data",
			 .label = "Unknown tag",
			 .type = FT_BYTES},
	[TAG_SERVICE] = {.name = "pppoed.tags.service_name",
			 .label = "Service",
			 .type = FT_STRING,
			 .blurb = "The service wanted or offered; empty: any."},
	[TAG_AC_NAME] = {.name = "pppoed.tags.ac_name",
			 .label = "Concentrator",
			 .type = FT_STRING,
			 .secrecy = IDENTITY,
			 .blurb = "Name of the provider's machine."},
	[TAG_HOST_UNIQ] = {.name = "pppoed.tags.host_uniq",
			   .label = "Mark of the asker",
			   .type = FT_BYTES,
			   .blurb = "Comes back in the answer, so that the asker knows its own."},
	[TAG_COOKIE] = {.name = "pppoed.tags.ac_cookie",
			.label = "Cookie",
			.type = FT_BYTES,
			.blurb = "Protects the concentrator from floods of false requests."},
	[TAG_SERVICE_ERROR] = {.name = "pppoed.tags.service_name_error",
			       .label = "Service refused",
			       .type = FT_STRING},
	[TAG_SYSTEM_ERROR] = {.name = "pppoed.tags.ac_system_error",
			      .label = "Concentrator has trouble",
			      .type = FT_STRING},
	[TAG_GENERIC_ERROR] = {.name = "pppoed.tags.generic_error",
			       .label = "Error",
			       .type = FT_STRING},
};

static const struct field_def session_rows[] = {
	{.name = "pppoes", .label = "PPP-over-Ethernet Session", .type = FT_PROTOCOL}};

/* RFC 2516 appendix A */
static const struct {
	uint16_t type, row;
} tags[] = {{0x0101, TAG_SERVICE},      {0x0102, TAG_AC_NAME},       {0x0103, TAG_HOST_UNIQ},
	    {0x0104, TAG_COOKIE},       {0x0201, TAG_SERVICE_ERROR}, {0x0202, TAG_SYSTEM_ERROR},
	    {0x0203, TAG_GENERIC_ERROR}};

static void add_tag(struct record *r, uint16_t type, uint32_t off, uint32_t n)
{
	uint16_t row = TAG_UNKNOWN;

	for (unsigned i = 0; i < sizeof(tags) / sizeof(*tags); i++)
		if (tags[i].type == type)
			row = tags[i].row;
	/* An empty name has nothing to point at. */
	if (n)
		field_add_bytes(r, FIELD_ID(PROTO_pppoed, row), off, n);
}

static void add_tags(struct decoder *d, struct record *r, struct cursor *c)
{
	if (!cursor_left(c))
		return;
	field_add_none(r, TAG_ID(LIST), c->pos, cursor_left(c));
	r->cur_depth++;
	while (cursor_left(c) && decode_step(d)) {
		uint16_t type = cursor_be16(c), n = cursor_be16(c);
		uint32_t off = c->pos;

		if (!cursor_skip(c, n) || type == 0)
			break;
		add_tag(r, type, off, n);
	}
	decode_overrun(r, c);
	r->cur_depth--;
}

/* The six bytes both kinds begin with; the payload they promise. */
static struct cursor add_header(struct record *r, struct cursor *c)
{
	uint8_t first = cursor_peek(c);
	uint32_t length, off = c->pos;

	if (cursor_left(c) && cursor_skip(c, 1)) {
		field_add_uint(r, OE_ID(VERSION), off, 1, first >> 4);
		field_add_uint(r, OE_ID(TYPE), off, 1, first & 15);
	}
	walk(r, c, OE_ID(CODE), OE_ID(SESSION));
	length = (uint32_t)walk(r, c, OE_ID(LENGTH), OE_ID(LENGTH));
	decode_overrun(r, c);
	return cursor_fence(c, length);
}

static void discovery_decode(struct decoder *d, struct record *r, struct cursor *c)
{
	struct layer *layer = layer_open(r, PROTO_pppoed, c);
	struct cursor payload = add_header(r, c);

	add_tags(d, r, &payload);
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
	.nfields = OE_ROWS,
	.decode = session_decode,
	.blurb = "Carries PPP over Ethernet, as between a DSL router and its provider.",
	.see = "RFC 2516",
};

const struct proto_def proto_pppoed = {
	.name = "pppoed",
	.label = "PPP-over-Ethernet Discovery",
	.prefix = "PPPOE",
	.header = "PPPOE DISCOVERY",
	.fields = tag_rows,
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
