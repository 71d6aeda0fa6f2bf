/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * DHCPv6 gives a computer its IPv6 address or a whole prefix, and the settings that go with it:
 * Solicit, Advertise, Request, Reply. RFC 8415; leases asked for RFC 5007; names RFC 4704.
 * Hangs at UDP ports 546 (client) and 547 (server and relay).
 */
#include "src/decode/dhcpv6.h"

#include "src/decode/dhcp.h"
#include "tracetutor/lines.h"

#define NESTING_MAX  40 /* a message passes 8 relays (RFC 8415 section 7.6), with options inside */
#define NAME_MAX_    255
#define LABEL_MAX    63
#define YEAR_2000    946684800 /* where the times of RFC 8415 section 11.2 begin */
#define HW_ETHERNET  1
#define HW_IEEE802   6
#define MD5_PROOF    20 /* key number and digest of the delayed protocol (RFC 3315 section 21.4) */
#define AUTH_DELAYED 2

enum {
	SOLICIT = 1,
	ADVERTISE,
	REQUEST,
	CONFIRM,
	RENEW,
	REBIND,
	REPLY,
	RELEASE,
	DECLINE,
	RECONFIGURE,
	INFORMATION,
	RELAY_FORWARD,
	RELAY_REPLY,
	LEASEQUERY,
	LEASEQUERY_REPLY
};

struct dhcpv6 {
	struct decoder *d;
	struct record *r;
	uint8_t message; /* kind of the message at work */
	uint8_t nesting;
	bool relayed;
};

static void options(struct dhcpv6 *m, struct cursor *c);
static void message(struct dhcpv6 *m, struct cursor *c);

static uint64_t number(struct dhcpv6 *m, struct cursor *c, uint16_t row)
{
	return walk(m->r, c, V6_ID(row), V6_ID(row));
}

static void bytes(struct dhcpv6 *m, struct cursor *c, uint16_t row, uint32_t n)
{
	if (n && cursor_skip(c, n))
		field_add_bytes(m->r, V6_ID(row), c->pos - n, n);
}

/* The same, also if there are none. */
static void whole(struct dhcpv6 *m, struct cursor *c, uint16_t row)
{
	uint32_t n = cursor_promised(c);

	if (cursor_skip(c, n))
		field_add_bytes(m->r, V6_ID(row), c->pos - n, n);
}

static void rest(struct dhcpv6 *m, struct cursor *c, uint16_t row)
{
	bytes(m, c, row, cursor_promised(c));
}

/* n bytes in hexadecimal as text, with colons if `colons`. */
static void hex_text(struct dhcpv6 *m, struct cursor *c, uint16_t row, uint32_t n, bool colons)
{
	static const char digits[] = "0123456789abcdef";
	const uint8_t *p = cursor_bytes(c, n);
	char *text;
	uint32_t len = 0;

	if (!p)
		return;
	text = arena_alloc(&m->r->arena, (size_t)n * 3 + 1);
	for (uint32_t i = 0; i < n; i++) {
		if (colons && i)
			text[len++] = ':';
		text[len++] = digits[p[i] >> 4];
		text[len++] = digits[p[i] & 15];
	}
	field_add_value(m->r, V6_ID(row), c->pos - n, n, text, len);
}

static void link_address(struct dhcpv6 *m, struct cursor *c, uint16_t row, uint64_t hardware)
{
	uint32_t n = cursor_promised(c);

	if (n)
		hex_text(m, c, row, n,
			 n == 6 && (hardware == HW_ETHERNET || hardware == HW_IEEE802));
}

/* RFC 8415 section 11: who somebody is, made from what it had at hand. */
static void duid(struct dhcpv6 *m, struct cursor *c)
{
	uint32_t off = c->pos, at;
	uint64_t hardware;

	field_add_bytes(m->r, V6_ID(V6_DUID), off, cursor_left(c));
	switch (number(m, c, V6_DUID_TYPE)) {
	case 1:
		hardware = number(m, c, V6_LLT_HARDWARE);
		at = c->pos;
		if (cursor_want(c, 4))
			field_add_int(m->r, V6_ID(V6_LLT_TIME), at, 4,
				      ((int64_t)cursor_be32(c) + YEAR_2000) * 1000000000);
		link_address(m, c, V6_LLT_ADDRESS, hardware);
		break;
	case 2:
		number(m, c, V6_EN_ENTERPRISE);
		rest(m, c, V6_EN_IDENTIFIER);
		break;
	case 3:
		hardware = number(m, c, V6_LL_HARDWARE);
		link_address(m, c, V6_LL_ADDRESS, hardware);
		break;
	case 4: rest(m, c, V6_UUID); break;
	}
}

/* One name in labels; "host.example." with a dot at the end if it is complete. False where it
 * breaks off. */
static bool domain(struct dhcpv6 *m, struct cursor *c, uint16_t row)
{
	uint32_t at = c->pos, n = 0;
	char *name = arena_alloc(&m->r->arena, NAME_MAX_ + 1);
	bool ended = false;

	while (cursor_left(c) && !ended) {
		uint8_t label = cursor_u8(c);
		const uint8_t *p = label <= LABEL_MAX ? cursor_bytes(c, label) : NULL;

		ended = label == 0;
		if (ended)
			break;
		if (!p || n + label + 1 > NAME_MAX_)
			return false;
		memcpy(name + n, p, label);
		n += label;
		name[n++] = '.';
	}
	if (!n)
		return false;
	field_add_value(m->r, V6_ID(row), at, c->pos - at, name, ended ? n : n - 1);
	return true;
}

static void names(struct dhcpv6 *m, struct cursor *c, uint16_t row)
{
	while (cursor_left(c) && decode_step(m->d) && domain(m, c, row))
		;
}

/* A prefix of so many bits: as many bytes of it as are needed (RFC 7598 section 4.1). */
static void short_prefix(struct dhcpv6 *m, struct cursor *c, uint16_t row, uint64_t bits)
{
	uint32_t n = (uint32_t)(bits + 7) / 8;
	const uint8_t *p = n <= 16 ? cursor_bytes(c, n) : NULL;
	uint8_t *whole;

	if (!p)
		return;
	whole = arena_zero(&m->r->arena, 16);
	memcpy(whole, p, n);
	field_add_value(m->r, V6_ID(row), c->pos - n, n, whole, 16);
}

/* RFC 8415 section 21.11; the delayed protocol RFC 3315 section 21.4. */
static void authentication(struct dhcpv6 *m, struct cursor *c)
{
	uint64_t protocol = number(m, c, V6_AUTH_PROTOCOL);
	uint32_t left;

	walk(m->r, c, V6_ID(V6_AUTH_ALGORITHM), V6_ID(V6_AUTH_RDM));
	bytes(m, c, V6_AUTH_REPLAY, 8);
	left = cursor_promised(c);
	if (protocol != AUTH_DELAYED || left < MD5_PROOF) {
		whole(m, c, V6_AUTH_INFO);
		return;
	}
	bytes(m, c, V6_AUTH_REALM, left - MD5_PROOF);
	number(m, c, V6_AUTH_KEY);
	rest(m, c, V6_AUTH_MD5);
}

/* Texts or bytes, each after its length of two bytes. */
static void counted(struct dhcpv6 *m, struct cursor *c, uint16_t length, uint16_t row)
{
	while (cursor_left(c) && decode_step(m->d)) {
		uint32_t n = length ? (uint32_t)number(m, c, length) : cursor_be16(c);

		bytes(m, c, row, n);
	}
}

static void vendor_options(struct dhcpv6 *m, struct cursor *c)
{
	number(m, c, V6_VENDOR);
	while (cursor_left(c) && decode_step(m->d)) {
		struct cursor in;

		number(m, c, V6_VENDOR_OPTION);
		in = cursor_fence(c, (uint32_t)number(m, c, V6_VENDOR_LENGTH));
		whole(m, &in, V6_VENDOR_DATA);
	}
}

/* RFC 4704: what the bits mean depends on who speaks. */
static void full_name(struct dhcpv6 *m, struct cursor *c)
{
	uint32_t index = m->r->nfields;
	bool server = m->message == ADVERTISE || m->message == REPLY;

	number(m, c, V6_FQDN_FLAGS);
	if (!cursor_ok(c) || index >= m->r->nfields)
		return;
	if (server)
		walk_bits(m->r, &m->r->fields[index], V6_ID(V6_FQDN_SERVER_N),
			  V6_ID(V6_FQDN_SERVER_S));
	else
		walk_bits(m->r, &m->r->fields[index], V6_ID(V6_FQDN_CLIENT_N),
			  V6_ID(V6_FQDN_CLIENT_S));
	domain(m, c, V6_FQDN);
}

/* RFC 5908 section 4 */
static void time_servers(struct dhcpv6 *m, struct cursor *c)
{
	while (cursor_left(c) && decode_step(m->d)) {
		uint64_t kind = number(m, c, V6_NTP_OPTION);
		struct cursor in = cursor_fence(c, (uint32_t)number(m, c, V6_NTP_LENGTH));

		if (kind == 1)
			number(m, &in, V6_NTP_ADDRESS);
		else if (kind == 2)
			number(m, &in, V6_NTP_MULTICAST);
		else if (kind == 3)
			domain(m, &in, V6_NTP_NAME);
	}
}

static void mapping_rule(struct dhcpv6 *m, struct cursor *c)
{
	walk(m->r, c, V6_ID(V6_RULE_FLAGS), V6_ID(V6_RULE_PREFIX4));
	short_prefix(m, c, V6_RULE_PREFIX6, number(m, c, V6_RULE_LENGTH6));
	options(m, c);
}

/* RFC 7597 section 5.1, RFC 7598 section 4.5: the number stands in the upper bits. */
static void port_set(struct dhcpv6 *m, struct cursor *c)
{
	uint32_t bits, off, v;

	number(m, c, V6_PSID_OFFSET);
	bits = (uint32_t)number(m, c, V6_PSID_LENGTH);
	off = c->pos;
	v = cursor_be16(c);
	if (cursor_ok(c))
		field_add_uint(m->r, V6_ID(V6_PSID), off, 2, bits < 16 ? v >> (16 - bits) : v);
}

/* Counted in hundredths of a second (RFC 8415 section 21.9). */
static void elapsed(struct dhcpv6 *m, struct cursor *c)
{
	uint32_t off = c->pos, v = cursor_be16(c);

	if (cursor_ok(c))
		field_add_uint(m->r, V6_ID(V6_ELAPSED), off, 2, v * UINT64_C(10));
}

static void association(struct dhcpv6 *m, struct cursor *c)
{
	hex_text(m, c, V6_IAID, 4, false);
	walk(m->r, c, V6_ID(V6_T1), V6_ID(V6_T2));
	options(m, c);
}

static void special(struct dhcpv6 *m, struct cursor *c, uint16_t code)
{
	switch ((enum dhcpv6_special)code) {
	case V6_CLIENT_ID:
	case V6_SERVER_ID:
	case V6_RELAY_ID: duid(m, c); break;
	case V6_IA_NA:
	case V6_IA_PD: association(m, c); break;
	case V6_IA_TA:
		hex_text(m, c, V6_IATA, 4, false);
		options(m, c);
		break;
	case V6_ELAPSED_TIME: elapsed(m, c); break;
	case V6_RELAY_MESSAGE:
		m->relayed = true;
		message(m, c);
		break;
	case V6_AUTHENTICATION: authentication(m, c); break;
	case V6_STATUS_OPTION:
		number(m, c, V6_STATUS);
		rest(m, c, V6_STATUS_MESSAGE);
		break;
	case V6_RAPID_COMMIT: break;
	case V6_USER_CLASS: counted(m, c, V6_USER_LENGTH, V6_USER_DATA); break;
	case V6_VENDOR_CLASS_OPTION:
		number(m, c, V6_VENDOR_CLASS);
		counted(m, c, 0, V6_VENDOR_CLASS_DATA);
		break;
	case V6_VENDOR_OPTIONS: vendor_options(m, c); break;
	case V6_REMOTE_ID_OPTION:
		number(m, c, V6_REMOTE_ENTERPRISE);
		rest(m, c, V6_REMOTE_ID);
		break;
	case V6_FQDN_OPTION: full_name(m, c); break;
	case V6_RELAY_DATA_OPTION:
		number(m, c, V6_RELAY_DATA_PEER);
		rest(m, c, V6_RELAY_DATA);
		break;
	case V6_NTP_SERVERS: time_servers(m, c); break;
	case V6_EXCLUDE:
		number(m, c, V6_EXCLUDE_LENGTH);
		rest(m, c, V6_EXCLUDE_SUBNET);
		break;
	case V6_RULE: mapping_rule(m, c); break;
	case V6_DMR: short_prefix(m, c, V6_DMR_PREFIX, number(m, c, V6_DMR_LENGTH)); break;
	case V6_BIND:
		number(m, c, V6_BIND_ADDRESS4);
		short_prefix(m, c, V6_BIND_PREFIX6, number(m, c, V6_BIND_LENGTH6));
		options(m, c);
		break;
	case V6_PORTS: port_set(m, c); break;
	}
}

static void option_value(struct dhcpv6 *m, const struct dhcpv6_option *o, struct cursor *c)
{
	switch ((enum dhcpv6_shape)o->shape) {
	case V6_WALK: walk(m->r, c, V6_ID(o->row), V6_ID(o->last)); break;
	case V6_LIST:
		while (cursor_left(c) && decode_step(m->d))
			number(m, c, o->row);
		break;
	case V6_TEXT:
	case V6_BYTES: rest(m, c, o->row); break;
	case V6_NAMES: names(m, c, o->row); break;
	case V6_OPTIONS:
		if (o->last)
			walk(m->r, c, V6_ID(o->row), V6_ID(o->last));
		options(m, c);
		break;
	case V6_SPECIAL: special(m, c, o->code); break;
	}
	if (c->malformed)
		field_add_none(m->r, V6_ID(V6_MALFORMED), c->pos, 0)->flags |= FIELD_GENERATED;
	if (!cursor_ok(c))
		decode_overrun(m->r, c);
}

static void option(struct dhcpv6 *m, struct cursor *c)
{
	const struct dhcpv6_option *o = dhcpv6_options;
	uint16_t code = (uint16_t)number(m, c, V6_OPTION);
	struct cursor value;

	m->r->cur_depth++;
	value = cursor_fence(c, (uint32_t)number(m, c, V6_LENGTH));
	while (o->code && o->code != code)
		o++;
	if (o->code && cursor_ok(&value))
		option_value(m, o, &value);
	m->r->cur_depth--;
	if (!cursor_ok(c))
		decode_overrun(m->r, c);
}

static void options(struct dhcpv6 *m, struct cursor *c)
{
	if (m->nesting >= NESTING_MAX)
		return;
	m->nesting++;
	while (cursor_left(c) && decode_step(m->d))
		option(m, c);
	m->nesting--;
}

/* A client numbers each of its requests anew, and keeps the number when it repeats one (RFC 8415
 * section 16.1). What a relay carries is an exchange of its own. */
static void mark(struct dhcpv6 *m, uint64_t xid, uint32_t first)
{
	enum exchange_role role = EXCHANGE_REQUEST;
	struct record *r = m->r;

	switch (m->message) {
	case ADVERTISE:
	case REPLY:
	case LEASEQUERY_REPLY: role = EXCHANGE_RESPONSE; break;
	case SOLICIT:
	case REQUEST:
	case CONFIRM:
	case RENEW:
	case REBIND:
	case RELEASE:
	case DECLINE:
	case INFORMATION:
	case LEASEQUERY: break;
	default: return;
	}
	if (r->in_quote || first >= r->nfields)
		return;
	exchange_mark(r, role, PROTO_dhcpv6, xid << 8 | (m->relayed ? 2 : 1), first,
		      r->nfields - 1);
	if (r->nmarks)
		r->marks[r->nmarks - 1].any_conv = true;
}

/* RFC 8415 section 8 and 9: a relay's message carries that of the client in an option. */
static void message(struct dhcpv6 *m, struct cursor *c)
{
	uint8_t outer = m->message;
	uint32_t first = m->r->nfields;
	uint64_t xid;

	m->message = (uint8_t)number(m, c, V6_MESSAGE);
	if (m->message == RELAY_FORWARD || m->message == RELAY_REPLY) {
		number(m, c, V6_HOPS);
		walk(m->r, c, V6_ID(V6_LINK), V6_ID(V6_PEER));
		options(m, c);
	} else {
		xid = number(m, c, V6_XID);
		options(m, c);
		if (cursor_ok(c))
			mark(m, xid, first);
	}
	if (!cursor_ok(c))
		decode_overrun(m->r, c);
	m->message = outer;
}

static void decode(struct decoder *d, struct record *r, struct cursor *c)
{
	struct layer *layer = layer_open(r, PROTO_dhcpv6, c);
	struct dhcpv6 m = {.d = d, .r = r};

	message(&m, c);
	if (layer)
		layer_close(r, layer, cursor_ok(c) ? c->captured : c->pos);
}

static void lines(struct lines *l, const struct record *r, const struct layer *layer)
{
	lines_rule(l, "DHCPv6 HEADER");
	for (uint32_t i = layer->first + 1; i < layer->end;) {
		if (r->fields[i].id == V6_ID(V6_OPTION)) {
			i = dhcp_option_rows(l, r, layer, i, V6_ID(V6_LENGTH));
		} else {
			lines_generic(l, r, layer, &r->fields[i]);
			i++;
		}
	}
}

static const struct hang on[] = {{ON_UDP_PORT, 546}, {ON_UDP_PORT, 547}, {ON_NOTHING, 0}};

const struct proto_def proto_dhcpv6 = {
	.name = "dhcpv6",
	.label = "Dynamic Host Configuration Protocol for IPv6",
	.prefix = "DHCPv6",
	.header = "DHCPv6 HEADER",
	.fields = dhcpv6_rows,
	.nfields = V6_ROWS,
	.on = on,
	.decode = decode,
	.lines = lines,
	.blurb = "Gives a computer its IPv6 address and network settings.",
	.see = "RFC 8415",
};
