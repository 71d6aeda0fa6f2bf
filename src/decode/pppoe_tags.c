/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * pppoe_tags: what the two sides say while a session is looked for. RFC 2516 appendix A; the line's
 * data RFC 4679 appendix; credits and metrics RFC 5578; large packets RFC 4638.
 */
#include "pppoe.h"

#include "ppp_control.h"

#define ID(row) FIELD_ID(PROTO_pppoed, TAG_##row)
#define RATE(n, word, text)                                                                        \
	[TAG_RATE_FIRST + (n)] = {"pppoed.tags." word, text, FT_UINT32, .size = 4}
#define BYTES(row, word, text) [TAG_##row] = {"pppoed.tags." word, text, FT_BYTES}
#define WORD(row, word, text)  [TAG_##row] = {"pppoed.tags." word, text, FT_UINT16, .size = 2}

#define END_OF_LIST        0x0000
#define VENDOR_TAG         0x0105
#define CREDITS_TAG        0x0106
#define METRICS_TAG        0x0107
#define ADSL_FORUM         3561
#define ADSL_CIRCUIT       0x01
#define ADSL_REMOTE        0x02
#define ADSL_RATES         0x81
#define ADSL_RATES_END     0x8e
#define ADSL_ENCAPSULATION 0x90

const struct field_def pppoe_tag_rows[TAG_ROWS] = {
	[TAG_PROTO] = {"pppoed", "PPP-over-Ethernet Discovery", FT_PROTOCOL},
	[TAG_LIST] = {"pppoed.tags", "Tags", FT_NONE},
	[TAG_TYPE] = {"pppoed.tag", "Unknown tag", FT_UINT16, SHOW_HEX, 2},
	[TAG_LENGTH] = {"pppoed.tag_length", "Length", FT_UINT16, SHOW_DEC, 2},
	[TAG_UNKNOWN] = {"pppoed.tag.unknown_data", "Data", FT_BYTES},
	[TAG_SERVICE] = {"pppoed.tags.service_name", "Service", FT_STRING,
			 .blurb = "The service wanted or offered; empty: any."},
	[TAG_AC_NAME] = {"pppoed.tags.ac_name", "Concentrator", FT_STRING, .secrecy = IDENTITY,
			 .blurb = "Name of the provider's machine."},
	[TAG_HOST_UNIQ] = {"pppoed.tags.host_uniq", "Mark of the asker", FT_BYTES,
			   .blurb = "Comes back in the answer, so that the asker knows its own."},
	[TAG_COOKIE] = {"pppoed.tags.ac_cookie", "Cookie", FT_BYTES,
			.blurb = "Protects the concentrator from floods of false requests."},
	[TAG_VENDOR] = {"pppoed.tags.vendor_id", "Maker", FT_UINT32, .size = 4},
	BYTES(VENDOR_DATA, "vendor_unspecified", "Of that maker"),
	[TAG_VENDOR_LIST] = {"pppoed.tags.vendorspecific.tags", "Data of the line", FT_NONE,
			     .see = "RFC 4679"},
	[TAG_CIRCUIT] = {"pppoed.tags.circuit_id", "Your line", FT_STRING, .secrecy = IDENTITY,
			 .blurb = "Put in by the provider on the way: which line asks."},
	[TAG_REMOTE] = {"pppoed.tags.remote_id", "Your device", FT_STRING, .secrecy = IDENTITY},
	RATE(0, "act_data_rate_up", "Rate up now (kbit/s)"),
	RATE(1, "act_data_rate_down", "Rate down now (kbit/s)"),
	RATE(2, "min_data_rate_up", "Least rate up (kbit/s)"),
	RATE(3, "min_data_rate_down", "Least rate down (kbit/s)"),
	RATE(4, "attainable_data_rate_up", "Possible rate up (kbit/s)"),
	RATE(5, "attainable_data_rate_down", "Possible rate down (kbit/s)"),
	RATE(6, "max_data_rate_up", "Highest rate up (kbit/s)"),
	RATE(7, "max_data_rate_down", "Highest rate down (kbit/s)"),
	RATE(8, "min_data_rate_up_lp", "Least rate up, saving power (kbit/s)"),
	RATE(9, "min_data_rate_down_lp", "Least rate down, saving power (kbit/s)"),
	RATE(10, "max_int_delay_up", "Longest delay up (ms)"),
	RATE(11, "act_int_delay_up", "Delay up now (ms)"),
	RATE(12, "max_int_delay_down", "Longest delay down (ms)"),
	RATE(13, "act_int_delay_down", "Delay down now (ms)"),
	[TAG_ENCAPSULATION] = {"pppoed.tags.access_loop_encap", "Kind of line", FT_NONE},
	[TAG_ENCAPSULATION_LINK] = {"pppoed.tags.access_loop_encap.data_link", "Link", FT_UINT8,
				    SHOW_HEX, 1},
	[TAG_ENCAPSULATION_1] = {"pppoed.tags.access_loop_encap.encap_1", "Outer", FT_UINT8,
				 SHOW_HEX, 1},
	[TAG_ENCAPSULATION_2] = {"pppoed.tags.access_loop_encap.encap_2", "Inner", FT_UINT8,
				 SHOW_HEX, 1},
	WORD(FCN, "credits.fcn", "Forward"),
	WORD(BCN, "credits.bcn", "Backward"),
	[TAG_RECEIVE_ONLY] = {"pppoed.tags.metrics.r", "Receives only", FT_BOOLEAN, .size = 2,
			      .mask = 0x0001},
	[TAG_MAX_UNITS] = {"pppoed.tags.metrics.mdr_units", "Unit of the highest rate", FT_UINT16,
			   SHOW_HEX, 2, .mask = 0x0018},
	[TAG_CURRENT_UNITS] = {"pppoed.tags.metrics.cdr_units", "Unit of the rate", FT_UINT16,
			       SHOW_HEX, 2, .mask = 0x0006},
	[TAG_QUALITY] = {"pppoed.tags.metrics.rlq", "Quality (per cent)", FT_UINT8, .size = 1},
	[TAG_RESOURCE] = {"pppoed.tags.metrics.resource", "Battery (per cent)", FT_UINT8,
			  .size = 1},
	WORD(LATENCY, "metrics.latency", "Delay (ms)"),
	WORD(CURRENT_RATE, "metrics.curr_drate", "Rate now"),
	WORD(MAX_RATE, "metrics.max_drate", "Highest rate"),
	[TAG_SEQUENCE] = {"pppoed.tags.seq_num", "Number", FT_UINT16, SHOW_HEX, 2},
	WORD(SCALE, "credit_scale", "Scale of credits"),
	BYTES(RELAY, "relay_session_id", "Relay's mark"),
	BYTES(HURL, "hurl", "Web page for you"),
	BYTES(MOTM, "motm", "Message for you"),
	[TAG_MAX_PAYLOAD] = {"pppoed.tags.max_payload", "Largest packet I take", FT_BYTES,
			     .see = "RFC 4638"},
	BYTES(ROUTE, "ip_route_add", "Route for you"),
	[TAG_SERVICE_ERROR] = {"pppoed.tags.service_name_error", "Service refused", FT_STRING},
	[TAG_SYSTEM_ERROR] = {"pppoed.tags.ac_system_error", "Concentrator has trouble", FT_STRING},
	[TAG_GENERIC_ERROR] = {"pppoed.tags.generic_error", "Error", FT_STRING},
};

/* Tags that are one field, whatever their length. */
static const struct {
	uint16_t type, row;
} tags[] = {{0x0101, TAG_SERVICE},      {0x0102, TAG_AC_NAME},      {0x0103, TAG_HOST_UNIQ},
	    {0x0104, TAG_COOKIE},       {0x0108, TAG_SEQUENCE},     {0x0109, TAG_SCALE},
	    {0x0110, TAG_RELAY},        {0x0111, TAG_HURL},         {0x0112, TAG_MOTM},
	    {0x0120, TAG_MAX_PAYLOAD},  {0x0121, TAG_ROUTE},        {0x0201, TAG_SERVICE_ERROR},
	    {0x0202, TAG_SYSTEM_ERROR}, {0x0203, TAG_GENERIC_ERROR}};

static void adsl_value(struct record *r, struct cursor *c, unsigned type)
{
	uint32_t n = cursor_left(c);

	if (type == ADSL_CIRCUIT || type == ADSL_REMOTE) {
		field_add_bytes(r, type == ADSL_CIRCUIT ? ID(CIRCUIT) : ID(REMOTE), c->pos, n);
	} else if (type >= ADSL_RATES && type <= ADSL_RATES_END && n == 4) {
		uint16_t id = (uint16_t)(ID(RATE_FIRST) + type - ADSL_RATES);

		walk(r, c, id, id);
	} else if (type == ADSL_ENCAPSULATION && n == 3) {
		field_add_none(r, ID(ENCAPSULATION), c->pos, n);
		r->cur_depth++;
		walk(r, c, ID(ENCAPSULATION_LINK), ID(ENCAPSULATION_2));
		r->cur_depth--;
	} else if (n) {
		field_add_bytes(r, ID(UNKNOWN), c->pos, n);
	}
}

/* What the provider's equipment on the way adds (RFC 4679 section 3). */
static void vendor(struct decoder *d, struct record *r, struct cursor *c)
{
	if (cursor_left(c) < 4)
		return;
	if (walk(r, c, ID(VENDOR), ID(VENDOR)) != ADSL_FORUM) {
		if (cursor_left(c))
			field_add_bytes(r, ID(VENDOR_DATA), c->pos, cursor_left(c));
		return;
	}
	field_add_none(r, ID(VENDOR_LIST), c->pos, cursor_left(c));
	r->cur_depth++;
	while (cursor_left(c) > 1 && decode_step(d)) {
		unsigned type = cursor_u8(c);
		struct cursor value;
		uint32_t n = cursor_u8(c);

		value = cursor_fence(c, n);
		adsl_value(r, &value, type);
	}
	r->cur_depth--;
}

/* RFC 5578 section 4.3 */
static void metrics(struct record *r, struct cursor *c)
{
	uint32_t at = c->pos;
	uint64_t flags;

	flags = cursor_be16(c);
	if (!cursor_ok(c))
		return;
	field_add_uint(r, ID(RECEIVE_ONLY), at, 2, flags & 1);
	field_add_uint(r, ID(MAX_UNITS), at, 2, flags >> 3 & 3);
	field_add_uint(r, ID(CURRENT_UNITS), at, 2, flags >> 1 & 3);
	walk(r, c, ID(QUALITY), ID(MAX_RATE));
}

/* Type and length stand before the value. */
static void unknown(struct record *r, struct cursor *c, uint16_t type, uint32_t n)
{
	field_add_uint(r, ID(TYPE), c->pos - 4, 2, type);
	field_add_uint(r, ID(LENGTH), c->pos - 2, 2, n);
	if (n)
		field_add_bytes(r, ID(UNKNOWN), c->pos, n);
}

static void simple(struct record *r, struct cursor *c, uint16_t type)
{
	uint16_t row = TAG_UNKNOWN;
	uint32_t n = cursor_left(c);

	for (unsigned i = 0; i < sizeof(tags) / sizeof(*tags); i++)
		if (tags[i].type == type)
			row = tags[i].row;
	if (row == TAG_UNKNOWN) {
		unknown(r, c, type, n);
		return;
	}
	if (row == TAG_SEQUENCE || row == TAG_SCALE) {
		walk(r, c, FIELD_ID(PROTO_pppoed, row), FIELD_ID(PROTO_pppoed, row));
		return;
	}
	if (row >= TAG_SERVICE_ERROR)
		ppp_reason(r, c->base + c->pos, n);
	/* An empty name has nothing to point at; an error without words is one all the same. */
	if (n || row >= TAG_SERVICE_ERROR)
		field_add_bytes(r, FIELD_ID(PROTO_pppoed, row), c->pos, n);
}

void pppoe_tags(struct decoder *d, struct record *r, struct cursor *c)
{
	if (!cursor_left(c))
		return;
	field_add_none(r, ID(LIST), c->pos, cursor_left(c));
	r->cur_depth++;
	while (cursor_left(c) && decode_step(d)) {
		uint16_t type = cursor_be16(c), n = cursor_be16(c);
		struct cursor value = cursor_fence(c, n);

		if (!cursor_ok(c) || type == END_OF_LIST)
			break;
		if (type == VENDOR_TAG)
			vendor(d, r, &value);
		else if (type == CREDITS_TAG)
			walk(r, &value, ID(FCN), ID(BCN));
		else if (type == METRICS_TAG)
			metrics(r, &value);
		else
			simple(r, &value, type);
	}
	decode_overrun(r, c);
	r->cur_depth--;
}
