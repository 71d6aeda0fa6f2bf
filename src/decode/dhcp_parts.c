/* SPDX-License-Identifier: GPL-3.0-or-later */
/* dhcp parts: options of DHCP that are made of parts: names, routes, what a relay adds. */
#include "src/decode/dhcp.h"
#include "src/decode/dns.h"

/* A name of labels, shortened by pointers that count from the option's begin (RFC 3397). */
static void name(struct record *r, struct cursor *c, uint16_t row, uint32_t start)
{
	struct dns_message m = {.r = r, .start = start};
	uint32_t at = c->pos;
	struct dns_name n = dns_name_read(&m, c);
	struct field *f = field_add_value(r, row, at, c->pos - at, n.text, n.len);

	if (n.bad)
		f->flags |= FIELD_MALFORMED;
}

static void names(struct decoder *d, struct record *r, struct cursor *c, uint16_t row)
{
	uint32_t start = c->pos;

	while (cursor_left(c) && cursor_ok(c) && decode_step(d))
		name(r, c, row, start);
}

static void static_routes(struct decoder *d, struct record *r, struct cursor *c)
{
	while (cursor_left(c) >= 8 && decode_step(d))
		walk(r, c, DHCP_ID(STATIC_ROUTE_IP), DHCP_ID(STATIC_ROUTE_ROUTER));
}

/* RFC 4702 section 2: flags, two results nobody reads, the name in one of two spellings. */
static void full_name(struct record *r, struct cursor *c)
{
	bool labels;
	uint32_t n;

	if (cursor_left(c) < 3)
		return;
	labels = cursor_peek(c) & 0x04;
	walk(r, c, DHCP_ID(FQDN_FLAGS), DHCP_ID(FQDN_RCODE2));
	n = cursor_left(c);
	if (n && labels)
		name(r, c, DHCP_ID(FQDN_NAME), c->pos);
	else if (n)
		field_add_bytes(r, DHCP_ID(FQDN_NAME), c->pos, n);
}

static uint16_t agent_row(uint8_t code, uint32_t length)
{
	switch (code) {
	case 1: return DHCP_ID(AGENT_CIRCUIT_ID);
	case 2: return DHCP_ID(AGENT_REMOTE_ID);
	case 5: return length == 4 ? DHCP_ID(AGENT_LINK_SELECTION) : FIELD_NONE;
	case 6: return DHCP_ID(AGENT_SUBSCRIBER_ID);
	case 11: return length == 4 ? DHCP_ID(AGENT_SERVER_OVERRIDE) : FIELD_NONE;
	default: return FIELD_NONE;
	}
}

/* RFC 3046 section 2.0: suboptions, each a number, a length and a value. */
static void relay_agent(struct decoder *d, struct record *r, struct cursor *c)
{
	while (cursor_left(c) > 1 && decode_step(d)) {
		uint32_t at = c->pos, length;
		uint8_t code = cursor_u8(c);
		struct cursor value;
		uint16_t row;

		length = cursor_u8(c);
		if (length > cursor_left(c))
			return;
		value = cursor_fence(c, length);
		row = agent_row(code, length);
		field_add_uint(r, DHCP_ID(AGENT_SUBOPTION), at, 2 + length, code);
		r->cur_depth++;
		field_add_uint(r, DHCP_ID(SUBOPTION_LENGTH), at + 1, 1, length)->flags |=
			FIELD_HIDDEN;
		field_add_bytes(r, DHCP_ID(AGENT_VALUE), value.pos, length)->flags |=
			row == FIELD_NONE ? 0 : FIELD_HIDDEN;
		if (row == DHCP_ID(AGENT_LINK_SELECTION) || row == DHCP_ID(AGENT_SERVER_OVERRIDE))
			field_add_uint(r, row, value.pos, length, cursor_be(&value, 4));
		else if (row != FIELD_NONE)
			field_add_bytes(r, row, value.pos, length);
		r->cur_depth--;
	}
}

/* RFC 4578 section 2.2: type 1 (UNDI) and two numbers. */
static void network_id(struct record *r, struct cursor *c)
{
	if (cursor_left(c) != 3 || cursor_u8(c) != 1)
		return;
	walk(r, c, DHCP_ID(NETWORK_ID_MAJOR), DHCP_ID(NETWORK_ID_MINOR));
}

/* RFC 3361 section 3 */
static void sip_servers(struct decoder *d, struct record *r, struct cursor *c)
{
	uint64_t encoding = walk(r, c, DHCP_ID(SIP_ENCODING), DHCP_ID(SIP_ENCODING));

	if (encoding == 0)
		names(d, r, c, DHCP_ID(SIP_NAME));
	while (encoding == 1 && cursor_left(c) >= 4 && decode_step(d))
		walk(r, c, DHCP_ID(SIP_ADDRESS), DHCP_ID(SIP_ADDRESS));
}

/* RFC 3442: bits of the mask, as many bytes of the network as they reach into, the router. */
static void classless_routes(struct decoder *d, struct record *r, struct cursor *c)
{
	while (cursor_left(c) && decode_step(d)) {
		uint32_t at = c->pos, bits = cursor_u8(c), n = (bits + 7) / 8;
		uint64_t network;

		if (bits > 32 || cursor_left(c) < n + 4)
			return;
		network = cursor_be(c, n) << (32 - 8 * n);
		field_add_bytes(r, DHCP_ID(CLASSLESS_ROUTE), at, 1 + n + 4)->flags |= FIELD_HIDDEN;
		field_add_uint(r, DHCP_ID(ROUTE_NETWORK), at + 1, n, network);
		field_add_uint(r, DHCP_ID(ROUTE_BITS), at, 1, bits);
		field_add_uint(r, DHCP_ID(ROUTE_ROUTER), c->pos, 4, cursor_be(c, 4));
	}
}

void dhcp_parts(struct decoder *d, struct record *r, struct cursor *c, enum dhcp_shape shape)
{
	switch (shape) {
	case SHAPE_STATIC_ROUTES: static_routes(d, r, c); break;
	case SHAPE_FULL_NAME: full_name(r, c); break;
	case SHAPE_RELAY_AGENT: relay_agent(d, r, c); break;
	case SHAPE_NETWORK_ID: network_id(r, c); break;
	case SHAPE_SEARCH_LIST: names(d, r, c, DHCP_ID(SEARCH_DOMAIN)); break;
	case SHAPE_SIP_SERVERS: sip_servers(d, r, c); break;
	default: classless_routes(d, r, c); break;
	}
}
