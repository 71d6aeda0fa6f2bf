/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * dns opt: what is made of (code, length, data) entries: options of the OPT record (RFC 6891, 7871
 * client subnet, 7873 cookies, 7828 keepalive, 7830 padding, 8914 extended errors) and parameters
 * of SVCB and HTTPS records (RFC 9460).
 */
#include "src/decode/dns.h"

static void add_number(struct dns_message *m, struct cursor *c, uint16_t row)
{
	walk(m->r, c, DNS_FIELD(row), DNS_FIELD(row));
}

static void numbers(struct dns_message *m, struct cursor *c, uint16_t row)
{
	while (cursor_left(c) && decode_step(m->d) && cursor_ok(c))
		add_number(m, c, row);
}

static void add_bytes(struct dns_message *m, struct cursor *c, uint16_t row, uint32_t n)
{
	uint32_t at = c->pos;

	if (cursor_skip(c, n))
		field_add_bytes(m->r, DNS_FIELD(row), at, n);
}

/* RFC 7871 section 6: the address is cut to the bytes that its prefix needs. */
static void client_subnet(struct dns_message *m, struct cursor *c)
{
	uint32_t n, at;
	uint16_t family = (uint16_t)walk(m->r, c, DNS_FIELD(DNS_OPT_CLIENT_FAMILY),
					 DNS_FIELD(DNS_OPT_CLIENT_SCOPE));
	uint8_t *whole = arena_zero(&m->r->arena, 16);
	const uint8_t *p;

	n = cursor_left(c);
	at = c->pos;
	p = cursor_bytes(c, n);
	if (!p)
		return;
	if (family == 1 && n <= 4) {
		memcpy(whole, p, n);
		field_add_uint(m->r, DNS_FIELD(DNS_OPT_CLIENT_ADDR4), at, n,
			       (uint32_t)whole[0] << 24 | (uint32_t)whole[1] << 16 |
				       (uint32_t)whole[2] << 8 | whole[3]);
	} else if (family == 2 && n <= 16) {
		memcpy(whole, p, n);
		field_add_value(m->r, DNS_FIELD(DNS_OPT_CLIENT_ADDR6), at, n, whole, 16);
	} else if (n) {
		field_add_bytes(m->r, DNS_FIELD(DNS_OPT_CLIENT_ADDR), at, n);
	}
}

/* RFC 7873 section 4: 8 bytes of the client, then 8 to 32 of the server. */
static void cookie(struct dns_message *m, struct cursor *c)
{
	add_bytes(m, c, DNS_OPT_COOKIE_CLIENT, 8);
	add_bytes(m, c, DNS_OPT_COOKIE_SERVER, cursor_left(c));
}

static void option_value(struct dns_message *m, struct cursor *c, uint16_t code)
{
	switch (code) {
	case 5: numbers(m, c, DNS_OPT_DAU); break;
	case 6: numbers(m, c, DNS_OPT_DHU); break;
	case 7: numbers(m, c, DNS_OPT_N3U); break;
	case 8: client_subnet(m, c); break;
	case 10: cookie(m, c); break;
	case 11:
		if (cursor_left(c))
			add_number(m, c, DNS_OPT_KEEPALIVE);
		break;
	case 12: add_bytes(m, c, DNS_OPT_PADDING, cursor_left(c)); break;
	case 13: dns_name_field(m, c, DNS_OPT_CHAIN); break;
	case 15:
		add_number(m, c, DNS_OPT_EDE_CODE);
		dns_rest(m, c, DNS_OPT_EDE_TEXT);
		break;
	}
}

/*
 * One (code, length, data) entry: rows entry, code, length follow each other. The entry's own field
 * spans it all. Returns the code and fences the value.
 */
static uint16_t entry(struct dns_message *m, struct cursor *c, uint16_t row, struct cursor *value)
{
	uint32_t at = c->pos, index = m->r->nfields;
	uint16_t code, len;

	field_add_none(m->r, DNS_FIELD(row), at, 0);
	m->r->cur_depth++;
	code = (uint16_t)walk(m->r, c, DNS_FIELD(row + 1), DNS_FIELD(row + 1));
	len = (uint16_t)walk(m->r, c, DNS_FIELD(row + 2), DNS_FIELD(row + 2));
	*value = cursor_fence(c, len);
	if (index < m->r->nfields)
		m->r->fields[index].len = value->captured - at;
	return code;
}

void dns_options(struct dns_message *m, struct cursor *c)
{
	while (cursor_left(c) && decode_step(m->d)) {
		struct cursor value, data;
		uint16_t code = entry(m, c, DNS_OPT, &value);

		data = value;
		if (cursor_ok(&value)) {
			add_bytes(m, &data, DNS_OPT_DATA, cursor_left(&data));
			option_value(m, &value, code);
		}
		m->r->cur_depth--;
		if (!cursor_ok(&value))
			decode_overrun(m->r, &value);
	}
}

/* RFC 9460 section 7.1.1: length byte and protocol name, again and again. */
static void alpn(struct dns_message *m, struct cursor *c)
{
	while (cursor_left(c) && decode_step(m->d)) {
		uint32_t n = (uint32_t)walk(m->r, c, DNS_FIELD(DNS_SVCB_ALPN_LENGTH),
					    DNS_FIELD(DNS_SVCB_ALPN_LENGTH));

		add_bytes(m, c, DNS_SVCB_ALPN, n);
	}
}

static void hints6(struct dns_message *m, struct cursor *c)
{
	while (cursor_left(c) && decode_step(m->d))
		add_bytes(m, c, DNS_SVCB_IPV6HINT, 16);
}

static void param_value(struct dns_message *m, struct cursor *c, uint16_t key)
{
	switch (key) {
	case 0: numbers(m, c, DNS_SVCB_MANDATORY_KEY); break;
	case 1: alpn(m, c); break;
	case 3: add_number(m, c, DNS_SVCB_PORT); break;
	case 4: numbers(m, c, DNS_SVCB_IPV4HINT); break;
	case 5: dns_rest(m, c, DNS_SVCB_ECH); break;
	case 6: hints6(m, c); break;
	default: dns_rest(m, c, DNS_SVCB_VALUE); break;
	}
}

void dns_svcb_params(struct dns_message *m, struct cursor *c)
{
	while (cursor_left(c) && decode_step(m->d)) {
		struct cursor value;
		uint16_t key = entry(m, c, DNS_SVCB_PARAM, &value);

		param_value(m, &value, key);
		m->r->cur_depth--;
		if (!cursor_ok(&value))
			decode_overrun(m->r, &value);
	}
}
