/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * DHCP gives a computer its IP address and the settings that go with it: Discover, Offer, Request,
 * ACK. RFC 2131, options RFC 2132; the older BOOTP without options RFC 951.
 * Hangs at UDP ports 67 (server) and 68 (client).
 */
#include "src/decode/dhcp.h"

#include "tracetutor/lines.h"

#define COOKIE       0x63825363u
#define HW_FIELD     16
#define SERVER_FIELD 64
#define FILE_FIELD   128
#define VENDOR_FIELD 64 /* RFC 951 */
#define HW_ETHERNET  1
#define ROW_WIDTH    76

enum { OPTION_PAD = 0, OPTION_RAPID_COMMIT = 80, OPTION_END = 255 };
enum { DISCOVER = 1, OFFER, REQUEST, DECLINE, ACK, NAK, RELEASE, INFORM };

struct dhcp {
	struct decoder *d;
	struct record *r;
	uint8_t op, message, overload;
	bool rapid;
	uint32_t xid;
};

/* Bytes up to the first zero, as a text field over the whole area (RFC 2131 section 2). */
static void area_text(struct record *r, uint16_t row, const struct cursor *area)
{
	const uint8_t *p = area->base + area->pos, *end;
	uint32_t n = cursor_left(area);

	end = n ? memchr(p, 0, n) : NULL;
	field_add_value(r, row, area->pos, n, p, end ? (uint32_t)(end - p) : n);
}

static void hardware_address(struct record *r, struct cursor *c, uint64_t type, uint64_t size)
{
	uint32_t off = c->pos, n = size > HW_FIELD ? HW_FIELD : (uint32_t)size;

	if (!cursor_skip(c, HW_FIELD))
		return;
	if (n)
		field_add_bytes(r,
				type == HW_ETHERNET && n == 6 ? DHCP_ID(HW_MAC) : DHCP_ID(HW_ADDR),
				off, n);
	if (n < HW_FIELD)
		field_add_bytes(r, DHCP_ID(HW_PADDING), off + n, HW_FIELD - n);
}

/* The fixed part up to the two text areas (RFC 2131 section 2, figure 1). */
static void fixed_header(struct dhcp *m, struct cursor *c)
{
	struct record *r = m->r;
	uint64_t type, size;

	m->op = (uint8_t)walk(r, c, DHCP_ID(TYPE), DHCP_ID(TYPE));
	type = walk(r, c, DHCP_ID(HW_TYPE), DHCP_ID(HW_TYPE));
	size = walk(r, c, DHCP_ID(HW_LEN), DHCP_ID(HW_LEN));
	walk(r, c, DHCP_ID(HOPS), DHCP_ID(HOPS));
	m->xid = (uint32_t)walk(r, c, DHCP_ID(XID), DHCP_ID(XID));
	walk(r, c, DHCP_ID(SECS), DHCP_ID(IP_RELAY));
	hardware_address(r, c, type, size);
}

static void number(struct dhcp *m, uint16_t row, struct cursor *c)
{
	uint32_t off = c->pos, n = dhcp_rows[row].size;
	uint64_t v;

	if (cursor_left(c) != n)
		return;
	v = cursor_be(c, n);
	if (dhcp_rows[row].type == FT_INT32)
		field_add_int(m->r, FIELD_ID(PROTO_dhcp, row), off, n, (int32_t)(uint32_t)v);
	else
		field_add_uint(m->r, FIELD_ID(PROTO_dhcp, row), off, n, v);
	if (row == DHCP_MESSAGE_TYPE)
		m->message = (uint8_t)v;
	else if (row == DHCP_OVERLOAD)
		m->overload = (uint8_t)v;
}

/* The same number of bytes each: addresses, or items of a list. */
static void list(struct dhcp *m, uint16_t row, struct cursor *c, uint32_t size)
{
	while (cursor_left(c) >= size && decode_step(m->d))
		field_add_uint(m->r, FIELD_ID(PROTO_dhcp, row), c->pos, size, cursor_be(c, size));
}

/* A hardware type and address, or anything else (RFC 2132 section 9.14). */
static void client_id(struct dhcp *m, struct cursor *c)
{
	uint32_t n = cursor_left(c);

	if (n == 7 && cursor_peek(c) == HW_ETHERNET) {
		walk(m->r, c, DHCP_ID(HW_TYPE), DHCP_ID(HW_TYPE));
		field_add_bytes(m->r, DHCP_ID(HW_MAC), c->pos, 6);
	} else if (n > 1) {
		field_add_bytes(m->r, DHCP_ID(CLIENT_ID), c->pos, n);
	}
}

/* RFC 3004: classes, each after its length. */
static void user_classes(struct dhcp *m, struct cursor *c)
{
	uint64_t index = 0;

	while (cursor_left(c) > 1 && decode_step(m->d)) {
		uint32_t n = cursor_peek(c);

		if (n >= cursor_left(c))
			return;
		field_add_uint(m->r, DHCP_ID(USER_CLASS), c->pos, n + 1, index++);
		m->r->cur_depth++;
		walk(m->r, c, DHCP_ID(USER_CLASS_LENGTH), DHCP_ID(USER_CLASS_LENGTH));
		field_add_bytes(m->r, DHCP_ID(USER_CLASS_DATA), c->pos, n);
		m->r->cur_depth--;
		cursor_skip(c, n);
	}
}

static void option_value(struct dhcp *m, const struct dhcp_option *o, struct cursor *c)
{
	switch ((enum dhcp_shape)o->shape) {
	case SHAPE_IPV4: list(m, o->row, c, 4); break;
	case SHAPE_ITEMS: list(m, o->row, c, 1); break;
	case SHAPE_TEXT: area_text(m->r, FIELD_ID(PROTO_dhcp, o->row), c); break;
	case SHAPE_NUMBER:
	case SHAPE_SIGNED: number(m, o->row, c); break;
	case SHAPE_CLIENT_ID: client_id(m, c); break;
	case SHAPE_USER_CLASS: user_classes(m, c); break;
	case SHAPE_NUMBERS: list(m, o->row, c, 2); break;
	case SHAPE_STATIC_ROUTES:
	case SHAPE_FULL_NAME:
	case SHAPE_RELAY_AGENT:
	case SHAPE_NETWORK_ID:
	case SHAPE_SEARCH_LIST:
	case SHAPE_SIP_SERVERS:
	case SHAPE_CLASSLESS_ROUTES: dhcp_parts(m->d, m->r, c, o->shape); break;
	}
}

static const struct dhcp_option *option_find(uint8_t code)
{
	const struct dhcp_option *o = dhcp_options;

	while (o->code && o->code != code)
		o++;
	return o->code ? o : NULL;
}

static void option(struct dhcp *m, struct cursor *c)
{
	const struct dhcp_option *o = option_find(cursor_peek(c));
	uint8_t code = (uint8_t)walk(m->r, c, DHCP_ID(OPTION), DHCP_ID(OPTION));
	uint32_t index = m->r->nfields - 1, start = c->pos - 1, length;
	struct cursor value;

	m->r->cur_depth++;
	length = (uint32_t)walk(m->r, c, DHCP_ID(LENGTH), DHCP_ID(LENGTH));
	value = cursor_fence(c, length);
	if (cursor_ok(c)) {
		if (length)
			field_add_bytes(m->r, DHCP_ID(VALUE), value.pos, length)->flags |=
				FIELD_HIDDEN;
		if (o)
			option_value(m, o, &value);
		m->rapid |= code == OPTION_RAPID_COMMIT;
		if (index < m->r->nfields)
			m->r->fields[index].len = c->pos - start;
	}
	m->r->cur_depth--;
}

/* The mark of the end: Wireshark gives it the option number 0. */
static void option_end(struct dhcp *m, struct cursor *c)
{
	field_add_uint(m->r, DHCP_ID(OPTION), c->pos, 1, 0);
	m->r->cur_depth++;
	walk(m->r, c, DHCP_ID(END), DHCP_ID(END));
	m->r->cur_depth--;
}

static void padding(struct dhcp *m, struct cursor *c)
{
	uint32_t off = c->pos, left = cursor_left(c), n = 0;

	while (n < left && c->base[off + n] == OPTION_PAD)
		n++;
	field_add_bytes(m->r, DHCP_ID(PADDING), off, n);
	cursor_skip(c, n);
}

static void options(struct dhcp *m, struct cursor *c)
{
	while (cursor_left(c) && decode_step(m->d)) {
		uint8_t code = cursor_peek(c);

		if (code == OPTION_PAD) {
			padding(m, c);
		} else if (code == OPTION_END) {
			option_end(m, c);
			break;
		} else {
			option(m, c);
		}
	}
	if (!cursor_ok(c))
		decode_overrun(m->r, c);
}

/* What the options say of the areas that stand before them: option 52 comes later in the packet. */
static uint8_t find_overload(struct cursor c)
{
	while (cursor_left(&c)) {
		uint8_t code = cursor_u8(&c), n;

		if (code == OPTION_END)
			break;
		if (code == OPTION_PAD)
			continue;
		n = cursor_u8(&c);
		if (code == 52 && n == 1)
			return cursor_u8(&c);
		cursor_skip(&c, n);
	}
	return 0;
}

static void area(struct dhcp *m, struct cursor *c, bool overloaded, uint16_t row, uint16_t mark)
{
	if (overloaded) {
		field_add_none(m->r, mark, c->pos, cursor_left(c));
		options(m, c);
	} else {
		area_text(m->r, row, c);
	}
}

/* Discover and Offer are one exchange of a transaction, Request (or Inform) and its verdict the
 * second. An ACK with Rapid Commit answers the Discover (RFC 4039). */
static void mark(struct dhcp *m, uint32_t first)
{
	enum exchange_role role = m->op == 1 ? EXCHANGE_REQUEST : EXCHANGE_RESPONSE;
	uint64_t step;

	switch (m->message) {
	case DISCOVER:
	case OFFER: step = 1; break;
	case REQUEST:
	case INFORM:
	case NAK: step = 2; break;
	case ACK: step = m->rapid ? 1 : 2; break;
	case 0: step = 3; break; /* BOOTP */
	default: return;
	}
	if (m->r->in_quote || first >= m->r->nfields)
		return;
	exchange_mark(m->r, role, PROTO_dhcp, (uint64_t)m->xid << 8 | step, first,
		      m->r->nfields - 1);
	if (m->r->nmarks)
		m->r->marks[m->r->nmarks - 1].any_conv = true;
}

static void body(struct dhcp *m, struct cursor *c)
{
	struct cursor server = cursor_fence(c, SERVER_FIELD), file = cursor_fence(c, FILE_FIELD);
	struct cursor ahead = *c;
	bool dhcp = cursor_left(c) >= 4 && cursor_be32(&ahead) == COOKIE;
	uint8_t overload = dhcp ? find_overload(ahead) : 0;
	uint32_t first;

	if (!cursor_ok(c)) {
		decode_overrun(m->r, c);
		return;
	}
	area(m, &server, overload & 2, DHCP_ID(SERVER), DHCP_ID(SERVER_OVERLOADED));
	area(m, &file, overload & 1, DHCP_ID(FILE), DHCP_ID(FILE_OVERLOADED));
	if (dhcp)
		walk(m->r, c, DHCP_ID(COOKIE), DHCP_ID(COOKIE));
	else if (cursor_left(c))
		field_add_bytes(m->r, DHCP_ID(VENDOR_AREA), c->pos,
				cursor_left(c) < VENDOR_FIELD ? cursor_left(c) : VENDOR_FIELD);
	first = dhcp ? m->r->nfields : m->r->layers[m->r->cur_layer].first;
	if (dhcp) {
		options(m, c);
		if (cursor_left(c) && cursor_peek(c) == OPTION_PAD)
			padding(m, c);
	}
	if (!m->message && cursor_ok(c))
		field_gen_uint(m->r, DHCP_ID(BOOTP), 1);
	mark(m, first);
}

static void decode(struct decoder *d, struct record *r, struct cursor *c)
{
	struct layer *layer = layer_open(r, PROTO_dhcp, c);
	struct dhcp m = {.d = d, .r = r};

	fixed_header(&m, c);
	body(&m, c);
	if (layer)
		layer_close(r, layer, cursor_ok(c) ? c->captured : c->pos);
}

uint32_t dhcp_option_rows(struct lines *l, const struct record *r, const struct layer *layer,
			  uint32_t i, uint16_t length)
{
	uint16_t option = r->fields[i].id, before = FIELD_NONE;
	uint8_t depth = r->fields[i].depth;
	size_t start = l->text.len;

	lines_row(l, r, layer);
	lines_str(l, "Option: ");
	lines_field(l, r, &r->fields[i]);
	for (i++; i < layer->end && r->fields[i].depth > depth && r->fields[i].id != option; i++) {
		const struct field *f = &r->fields[i];

		if (f->flags & FIELD_HIDDEN || f->id == length || f->id == DHCP_ID(END)) {
			lines_cover(l, r, f);
			continue;
		}
		if (f->id == before)
			lines_str(l, ",");
		if (l->text.len - start > ROW_WIDTH) {
			lines_end(l);
			start = l->text.len;
			lines_row(l, r, layer);
			lines_str(l, "   ");
		}
		lines_str(l, " ");
		if (f->id != before) {
			lines_str(l, def_of(f)->label);
			lines_str(l, ": ");
		}
		lines_field(l, r, f);
		before = f->id;
	}
	lines_end(l);
	return i;
}

/* Fields that are empty in nearly every packet. */
static bool is_idle(const struct field *f)
{
	switch (FIELD_ROW(f->id)) {
	case DHCP_SERVER:
	case DHCP_FILE: return f->vlen == 0;
	case DHCP_HW_PADDING:
	case DHCP_PADDING:
	case DHCP_FLAGS_RESERVED: return true;
	default: return f->flags & FIELD_HIDDEN;
	}
}

void dhcp_lines(struct lines *l, const struct record *r, const struct layer *layer)
{
	lines_rule(l, "DHCP HEADER");
	for (uint32_t i = layer->first + 1; i < layer->end;) {
		const struct field *f = &r->fields[i];

		if (f->id == DHCP_ID(OPTION)) {
			i = dhcp_option_rows(l, r, layer, i, DHCP_ID(LENGTH));
			continue;
		}
		if (!is_idle(f))
			lines_generic(l, r, layer, f);
		i++;
	}
}

static const struct hang on[] = {{ON_UDP_PORT, 67}, {ON_UDP_PORT, 68}, {ON_NOTHING, 0}};

const struct proto_def proto_dhcp = {
	.name = "dhcp",
	.label = "Dynamic Host Configuration Protocol",
	.prefix = "DHCP",
	.header = "DHCP HEADER",
	.fields = dhcp_rows,
	.nfields = DHCP_ROWS,
	.on = on,
	.decode = decode,
	.lines = dhcp_lines,
	.blurb = "Gives a computer its IP address and network settings.",
	.see = "RFC 2131, RFC 2132",
};
