/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * RADIUS is how a Wi-Fi access point or a dial-in server asks a central server whether a user may
 * come in, and later reports how long the user stayed. RFC 2865 (questions), 2866 (reports), 2868
 * (tunnels), 2869 and 3579 (EAP), 5176 (changes). Hangs at UDP ports 1812 and 1813, the older 1645
 * and 1646, and 3799.
 */
#include "src/decode/radius.h"

#define HEADER_SIZE 20
#define EAP_MESSAGE 79
#define VENDOR      26
#define CHAP        3
#define EAP_MAX     4096

enum code {
	ACCESS_REQUEST = 1,
	ACCOUNTING_REQUEST = 4,
	STATUS_SERVER = 12,
	DISCONNECT_REQUEST = 40,
	COA_REQUEST = 43
};

struct radius {
	struct decoder *d;
	struct record *r;
	uint8_t *
		eap; /* pieces of the login exchange, one behind the other (RFC 3579 section 3.1) */
	uint32_t neap;
};

static uint64_t number(struct radius *s, struct cursor *c, uint16_t row)
{
	return walk(s->r, c, RADIUS_ID(row), RADIUS_ID(row));
}

static void rest(struct radius *s, struct cursor *c, uint16_t row)
{
	uint32_t n = cursor_left(c);

	field_add_bytes(s->r, RADIUS_ID(row), c->pos, n);
	cursor_skip(c, n);
}

/* A number or an address of another length than its kind has is shown as bytes. */
static void fixed(struct radius *s, struct cursor *c, uint16_t row, enum radius_kind kind)
{
	uint32_t at = c->pos, n = cursor_left(c);

	if (n != (kind == RADIUS_IPV6 ? 16 : 4)) {
		field_add_none(s->r, RADIUS_ID(RADIUS_INVALID_LENGTH), at, n);
		return;
	}
	if (kind == RADIUS_IPV6)
		rest(s, c, row);
	else if (kind == RADIUS_DATE)
		field_add_int(s->r, RADIUS_ID(row), at, 4, (int64_t)cursor_be32(c) * 1000000000);
	else
		field_add_uint(s->r, RADIUS_ID(row), at, 4, cursor_be32(c));
}

/* RFC 2868 section 3 */
static void tagged(struct radius *s, struct cursor *c, const struct radius_attribute *a)
{
	bool text = a->kind == RADIUS_TAGGED_TEXT;
	uint32_t at = c->pos;

	if (a->tagged && cursor_left(c) && (!text || cursor_peek(c) < 0x20)) {
		field_add_uint(s->r, RADIUS_ID(a->row + 1), at, 1, cursor_u8(c));
		at++;
	}
	if (text)
		rest(s, c, a->row);
	else if (cursor_left(c) == 3)
		field_add_uint(s->r, RADIUS_ID(a->row), at, 3, cursor_be(c, 3));
}

static void known_value(struct radius *s, struct cursor *c, const struct radius_attribute *a)
{
	uint32_t at = c->pos, n = cursor_left(c);

	switch ((enum radius_kind)a->kind) {
	case RADIUS_TEXT:
	case RADIUS_BYTES: rest(s, c, a->row); break;
	case RADIUS_IPV4:
	case RADIUS_IPV6:
	case RADIUS_UINT:
	case RADIUS_DATE: fixed(s, c, a->row, a->kind); break;
	case RADIUS_TAGGED:
	case RADIUS_TAGGED_TEXT: tagged(s, c, a); break;
	}
	if (a->type == CHAP && n > 1) { /* RFC 2865 section 5.3 */
		s->r->cur_depth++;
		field_add_uint(s->r, RADIUS_ID(RADIUS_CHAP_IDENT), at, 1, c->base[at]);
		field_add_bytes(s->r, RADIUS_ID(RADIUS_CHAP_STRING), at + 1, n - 1);
		s->r->cur_depth--;
	}
}

/* Attributes of a maker (RFC 2865 section 5.26); two makers' are known. */
static void vendor(struct radius *s, struct cursor *c)
{
	uint64_t maker = number(s, c, RADIUS_VENDOR_ID);

	s->r->cur_depth++;
	while (cursor_left(c) >= 2 && decode_step(s->d)) {
		uint64_t type = number(s, c, RADIUS_VENDOR_TYPE);
		uint64_t n = number(s, c, RADIUS_VENDOR_LENGTH);
		const struct radius_attribute *known;
		struct cursor in;

		if (n < 2) {
			c->malformed = true;
			break;
		}
		in = cursor_fence(c, (uint32_t)n - 2);
		known = radius_vendor_attribute(maker, (uint8_t)type);
		if (known)
			known_value(s, &in, known);
		else
			rest(s, &in, RADIUS_UNKNOWN);
	}
	s->r->cur_depth--;
}

static void eap_piece(struct radius *s, struct cursor *c)
{
	uint32_t n = cursor_left(c);

	if (!s->eap)
		s->eap = arena_alloc(&s->r->arena, EAP_MAX);
	if (n && s->neap + n <= EAP_MAX) {
		memcpy(s->eap + s->neap, c->base + c->pos, n);
		s->neap += n;
	}
	rest(s, c, RADIUS_EAP_FRAGMENT);
}

/* What the bytes of an attribute are to others: its value decides. */
static uint8_t secrecy_of(uint8_t type, const struct radius_attribute *a)
{
	enum secrecy secrecy = a ? radius_rows[a->row].secrecy : IDENTITY;

	if (type == VENDOR) /* keys may be inside */
		return FIELD_SECRET;
	return secrecy == SECRET ? FIELD_SECRET : secrecy == IDENTITY ? FIELD_IDENTITY : 0;
}

static void attribute(struct radius *s, struct cursor *c)
{
	uint32_t at = c->pos, left = cursor_left(c), promised = cursor_promised(c);
	uint8_t type = cursor_peek(c), n = left > 1 ? c->base[at + 1] : 0;
	const struct radius_attribute *a = radius_attribute(type);
	struct cursor in;

	field_add_bytes(s->r, RADIUS_ID(RADIUS_AVP), at, n && n < left ? n : left)->flags |=
		secrecy_of(type, a);
	s->r->cur_depth++;
	walk(s->r, c, RADIUS_ID(RADIUS_AVP_TYPE), RADIUS_ID(RADIUS_AVP_LENGTH));
	if (n < 2 || n > promised) {
		if (cursor_ok(c))
			field_add_none(s->r, RADIUS_ID(RADIUS_INVALID_LENGTH), at, left);
		c->malformed |= cursor_ok(c);
	} else {
		in = cursor_fence(c, n - 2u);
		if (type == EAP_MESSAGE)
			eap_piece(s, &in);
		else if (type == VENDOR)
			vendor(s, &in);
		else if (a)
			known_value(s, &in, a);
		else
			rest(s, &in, RADIUS_UNKNOWN);
		if (!cursor_ok(&in))
			decode_overrun(s->r, &in);
	}
	s->r->cur_depth--;
}

static bool is_request(uint64_t code)
{
	return code == ACCESS_REQUEST || code == ACCOUNTING_REQUEST || code == STATUS_SERVER ||
	       code == DISCONNECT_REQUEST || code == COA_REQUEST;
}

/* The server repeats the number in its answer (RFC 2865 section 3). */
static void mark(struct radius *s, uint64_t code, uint64_t number, uint32_t first)
{
	if (s->r->in_quote || s->r->nfields <= first)
		return;
	exchange_mark(s->r, is_request(code) ? EXCHANGE_REQUEST : EXCHANGE_RESPONSE, PROTO_radius,
		      number << 1 | 1, first, s->r->nfields - 1);
}

static void login_exchange(struct radius *s)
{
	uint8_t source;
	struct cursor c;

	if (!s->neap)
		return;
	source = record_source(s->r, "Login exchange", s->eap, s->neap, s->neap);
	if (!source)
		return;
	s->r->cur_source = source;
	c = cursor_make(s->eap, 0, s->neap, s->neap);
	decode_as(s->d, s->r, PROTO_eap, &c);
}

static void message(struct decoder *d, struct record *r, struct cursor *c)
{
	struct layer *layer = layer_open(r, PROTO_radius, c);
	struct radius s = {.d = d, .r = r};
	uint32_t first = r->nfields, length;
	uint64_t code = number(&s, c, RADIUS_CODE), id = number(&s, c, RADIUS_ID_ROW);
	struct cursor in;

	length = (uint32_t)number(&s, c, RADIUS_LENGTH);
	if (cursor_want(c, 16)) {
		field_add_bytes(r, RADIUS_ID(RADIUS_AUTHENTICATOR), c->pos, 16);
		cursor_skip(c, 16);
		field_gen_uint(r, RADIUS_ID(is_request(code) ? RADIUS_REQ : RADIUS_RSP), 1);
	}
	if (length < HEADER_SIZE)
		c->malformed |= cursor_ok(c);
	in = cursor_fence(c, length < HEADER_SIZE ? 0 : length - HEADER_SIZE);
	while (cursor_left(&in) && decode_step(d))
		attribute(&s, &in);
	if (!cursor_ok(&in))
		decode_overrun(r, &in);
	else if (!cursor_ok(c))
		decode_overrun(r, c);
	mark(&s, code, id, first);
	if (layer)
		layer_close(r, layer, in.pos);
	login_exchange(&s);
}

static void decode(struct decoder *d, struct record *r, struct cursor *c)
{
	if (!value_name(radius_codes, cursor_peek(c))) {
		decode_data(d, r, c);
		return;
	}
	message(d, r, c);
}

static const struct hang on[] = {{ON_UDP_PORT, 1812}, {ON_UDP_PORT, 1813}, {ON_UDP_PORT, 1645},
				 {ON_UDP_PORT, 1646}, {ON_UDP_PORT, 3799}, {ON_NOTHING, 0}};

const struct proto_def proto_radius = {
	.name = "radius",
	.label = "RADIUS Protocol",
	.prefix = "RADIUS",
	.header = "RADIUS HEADER",
	.fields = radius_rows,
	.nfields = RADIUS_ROWS,
	.on = on,
	.decode = decode,
	.blurb = "Asks a central server whether a user of a Wi-Fi or dial-in may come in.",
	.see = "RFC 2865",
};
