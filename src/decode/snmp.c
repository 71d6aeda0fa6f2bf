/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * SNMP asks devices such as printers, routers and switches how they are: questions for numbered
 * objects, answers with their values, and traps, which a device sends by itself.
 * RFC 1157 (version 1), 1901 (2c), 3412 and 3414 (3, users), 3416 (what is asked), in BER (X.690).
 * Hangs at UDP ports 161 and 162.
 */
#include "src/decode/snmp.h"

#include "src/decode/ber.h"

#define PDU_FIRST 0xa0u
#define PDU_LAST  0xa8u

enum pdu { GET, GET_NEXT, RESPONSE, SET, TRAP, GET_BULK, INFORM, TRAP2, REPORT };

struct snmp {
	struct decoder *d;
	struct record *r;
	uint64_t key; /* what question and answer share */
	uint8_t pdu;  /* enum pdu */
	bool has_pdu;
};

/* The content of the element as a number. */
static int64_t number(struct snmp *s, struct cursor *c, uint16_t row)
{
	struct ber e;
	int64_t v;

	if (!ber_expect(c, BER_INTEGER, &e))
		return 0;
	v = ber_integer(&e);
	if (field_value_class(field_def(SNMP_ID(row))->type) == VALUE_SIGNED)
		field_add_int(s->r, SNMP_ID(row), e.start, e.n, v);
	else
		field_add_uint(s->r, SNMP_ID(row), e.start, e.n, (uint64_t)v);
	return v;
}

static void content(struct snmp *s, const struct ber *e, uint16_t row)
{
	if (!e->n || cursor_left(&e->in))
		field_add_bytes(s->r, SNMP_ID(row), e->start, cursor_left(&e->in));
}

static bool octets(struct snmp *s, struct cursor *c, uint16_t row, struct ber *e)
{
	if (!ber_expect(c, BER_OCTETS, e))
		return false;
	content(s, e, row);
	return true;
}

/* How net-snmp makes up a number: four bytes by chance, the time in the order of its machine. */
static void made_up_engine(struct snmp *s, struct cursor c)
{
	uint32_t at = c.pos + 4, seconds = 0;

	field_add_bytes(s->r, SNMP_ID(SNMP_ENGINE_DATA), c.pos, 4);
	cursor_skip(&c, 4);
	for (unsigned i = 0; i < 4; i++)
		seconds |= (uint32_t)cursor_u8(&c) << 8 * i;
	field_add_int(s->r, SNMP_ID(SNMP_ENGINE_CREATED), at, 4 + cursor_left(&c),
		      (int64_t)seconds * 1000000000);
}

/* The name of a device: who has made it and a number (RFC 3411 section 5, SnmpEngineID). */
static void engine_id(struct snmp *s, struct cursor c)
{
	static const uint8_t sizes[] = {0, 4, 16, 6};
	enum { UCD = 2021, NET_SNMP = 8072, MADE_UP = 128 };
	static const uint16_t rows[] = {SNMP_ENGINE_DATA, SNMP_ENGINE_IPV4, SNMP_ENGINE_IPV6,
					SNMP_ENGINE_MAC, SNMP_ENGINE_TEXT};
	uint32_t at = c.pos, left;
	uint32_t maker = cursor_be32(&c);
	uint8_t format;

	if (!cursor_ok(&c))
		return;
	s->r->cur_depth++;
	field_add_uint(s->r, SNMP_ID(SNMP_ENGINE_CONFORM), at, 1, maker >> 31);
	field_add_uint(s->r, SNMP_ID(SNMP_ENGINE_ENTERPRISE), at, 4, maker & 0x7FFFFFFF);
	if (maker >> 31 && cursor_left(&c)) {
		at = c.pos;
		format = cursor_u8(&c);
		field_add_uint(s->r, SNMP_ID(SNMP_ENGINE_FORMAT), at, 1, format);
		left = cursor_left(&c);
		if (format < 4 && left != sizes[format])
			format = 0;
		maker &= 0x7FFFFFFF;
		if ((maker == NET_SNMP || maker == UCD) && format == MADE_UP && left >= 8)
			made_up_engine(s, c);
		else if (format == 1)
			field_add_uint(s->r, SNMP_ID(SNMP_ENGINE_IPV4), c.pos, 4, cursor_be32(&c));
		else if (left)
			field_add_bytes(s->r, SNMP_ID(rows[format > 4 ? 0 : format]), c.pos, left);
	} else if (cursor_left(&c)) {
		field_add_bytes(s->r, SNMP_ID(SNMP_ENGINE_DATA), c.pos, cursor_left(&c));
	}
	s->r->cur_depth--;
}

static bool printable(const struct cursor *in)
{
	uint32_t n = cursor_left(in);

	for (uint32_t i = 0; i < n; i++)
		if (in->base[in->pos + i] < ' ' || in->base[in->pos + i] > '~')
			return false;
	return n > 0;
}

/* Text can be read as text, too. */
static void octets_value(struct snmp *s, const struct ber *e)
{
	content(s, e, SNMP_VALUE_OCTETS);
	if (!printable(&e->in))
		return;
	s->r->cur_depth++;
	content(s, e, SNMP_VALUE_TEXT);
	s->r->cur_depth--;
}

/* Kinds of values (RFC 3416 section 3). */
static void value(struct snmp *s, const struct ber *e)
{
	struct cursor in = e->in;
	uint32_t n = cursor_left(&in);
	uint64_t plain = n && n <= 8 ? cursor_be(&in, n) : (uint64_t)ber_integer(e);

	switch (e->tag) {
	case BER_INTEGER:
		field_add_int(s->r, SNMP_ID(SNMP_VALUE_INT), e->start, n, ber_integer(e));
		break;
	case BER_OCTETS: octets_value(s, e); break;
	case BER_NULL: field_add_none(s->r, SNMP_ID(SNMP_VALUE_NULL), e->start, 0); break;
	case BER_OID: content(s, e, SNMP_VALUE_OID); break;
	case 0x40:
		if (n == 4)
			field_add_uint(s->r, SNMP_ID(SNMP_VALUE_IPV4), e->start, 4, plain);
		else
			content(s, e, n == 16 ? SNMP_VALUE_IPV6 : SNMP_VALUE_ADDRESS);
		break;
	case 0x41:
	case 0x46: field_add_uint(s->r, SNMP_ID(SNMP_VALUE_COUNTER), e->start, n, plain); break;
	case 0x42:
		field_add_int(s->r, SNMP_ID(SNMP_VALUE_GAUGE), e->start, n, (int64_t)plain);
		break;
	case 0x43: field_add_uint(s->r, SNMP_ID(SNMP_VALUE_TICKS), e->start, n, plain); break;
	case 0x44: content(s, e, SNMP_VALUE_OPAQUE); break;
	case 0x45: field_add_uint(s->r, SNMP_ID(SNMP_VALUE_NSAP), e->start, n, plain); break;
	case 0x47:
		field_add_int(s->r, SNMP_ID(SNMP_VALUE_UINT), e->start, n, (int64_t)plain);
		break;
	case 0x80: field_add_none(s->r, SNMP_ID(SNMP_NO_OBJECT), e->start, 0); break;
	case 0x81: field_add_none(s->r, SNMP_ID(SNMP_NO_INSTANCE), e->start, 0); break;
	case 0x82: field_add_none(s->r, SNMP_ID(SNMP_END_OF_VIEW), e->start, 0); break;
	default: content(s, e, SNMP_VALUE_UNKNOWN);
	}
}

/* Each object with its value; the row before tells how many. */
static void bindings(struct snmp *s, struct cursor *c)
{
	struct ber list, one, name, of;
	struct cursor count;
	uint32_t n = 0;

	if (!ber_expect(c, BER_SEQUENCE, &list))
		return;
	count = list.in;
	while (ber_next(&count, &one) && decode_step(s->d))
		n++;
	field_add_uint(s->r, SNMP_ID(SNMP_BINDINGS), list.start, list.n, n);
	s->r->cur_depth++;
	while (ber_next(&list.in, &one) && decode_step(s->d)) {
		if (!ber_expect(&one.in, BER_OID, &name))
			break;
		content(s, &name, SNMP_NAME);
		if (ber_next(&one.in, &of))
			value(s, &of);
	}
	s->r->cur_depth--;
	if (!cursor_ok(&list.in))
		decode_overrun(s->r, &list.in);
}

/* RFC 1157 section 4.1.6 */
static void old_trap(struct snmp *s, struct cursor *c)
{
	struct ber e;
	struct cursor in;

	if (!ber_expect(c, BER_OID, &e))
		return;
	content(s, &e, SNMP_ENTERPRISE);
	if (!ber_expect(c, 0x40, &e))
		return;
	in = e.in;
	field_add_uint(s->r, SNMP_ID(SNMP_AGENT), e.start, 4, cursor_be32(&in));
	number(s, c, SNMP_GENERIC_TRAP);
	number(s, c, SNMP_SPECIFIC_TRAP);
	if (!ber_expect(c, 0x43, &e))
		return;
	field_add_uint(s->r, SNMP_ID(SNMP_TIME_STAMP), e.start, e.n, (uint64_t)ber_integer(&e));
}

/* What is asked or answered. */
static void pdu(struct snmp *s, struct cursor *c, bool keyed)
{
	uint32_t at = c->pos;
	struct ber e;
	int64_t id;

	if (!ber_next(c, &e))
		return;
	if (e.tag < PDU_FIRST || e.tag > PDU_LAST) {
		c->malformed = true;
		return;
	}
	s->pdu = (uint8_t)(e.tag - PDU_FIRST);
	s->has_pdu = true;
	field_add_uint(s->r, SNMP_ID(SNMP_DATA), at, c->pos - at, s->pdu);
	s->r->cur_depth++;
	field_add_none(s->r, SNMP_ID(SNMP_GET_ELEMENT + s->pdu), e.off, c->pos - e.off);
	s->r->cur_depth++;
	if (s->pdu == TRAP) {
		old_trap(s, &e.in);
	} else {
		id = number(s, &e.in, SNMP_REQUEST_ID);
		s->key = keyed ? s->key : (uint64_t)(uint32_t)id << 1 | 1;
		number(s, &e.in, s->pdu == GET_BULK ? SNMP_NON_REPEATERS : SNMP_ERROR_STATUS);
		number(s, &e.in, s->pdu == GET_BULK ? SNMP_MAX_REPETITIONS : SNMP_ERROR_INDEX);
	}
	bindings(s, &e.in);
	s->r->cur_depth -= 2;
	if (!cursor_ok(&e.in))
		decode_overrun(s->r, &e.in);
}

static void header3(struct snmp *s, struct cursor *c)
{
	struct ber all, e;
	int64_t id;

	if (!ber_expect(c, BER_SEQUENCE, &all))
		return;
	field_add_none(s->r, SNMP_ID(SNMP_GLOBAL), all.off, c->pos - all.off);
	s->r->cur_depth++;
	id = number(s, &all.in, SNMP_MSG_ID);
	s->key = (uint64_t)(uint32_t)id << 1 | 1ull << 40 | 1;
	number(s, &all.in, SNMP_MSG_MAX_SIZE);
	if (octets(s, &all.in, SNMP_MSG_FLAGS, &e) && cursor_left(&e.in)) {
		uint8_t flags = cursor_peek(&e.in);

		s->r->cur_depth++;
		field_add_uint(s->r, SNMP_ID(SNMP_FLAG_REPORT), e.start, 1, flags >> 2 & 1);
		field_add_uint(s->r, SNMP_ID(SNMP_FLAG_CRYPT), e.start, 1, flags >> 1 & 1);
		field_add_uint(s->r, SNMP_ID(SNMP_FLAG_AUTH), e.start, 1, flags & 1);
		s->r->cur_depth--;
	}
	number(s, &all.in, SNMP_MSG_MODEL);
	s->r->cur_depth--;
}

/* Who asks, and the proof of the password (RFC 3414 section 2.4). */
static void user3(struct snmp *s, struct cursor *c)
{
	struct ber outer, all, e;

	if (!ber_expect(c, BER_OCTETS, &outer) || !ber_expect(&outer.in, BER_SEQUENCE, &all))
		return;
	if (octets(s, &all.in, SNMP_ENGINE_ID, &e))
		engine_id(s, e.in);
	number(s, &all.in, SNMP_ENGINE_BOOTS);
	number(s, &all.in, SNMP_ENGINE_TIME);
	octets(s, &all.in, SNMP_USER_NAME, &e);
	octets(s, &all.in, SNMP_AUTH_PARAMETERS, &e);
	octets(s, &all.in, SNMP_PRIV_PARAMETERS, &e);
	if (!cursor_ok(&all.in))
		decode_overrun(s->r, &all.in);
}

static void scoped(struct snmp *s, struct cursor *c)
{
	uint32_t at = c->pos;
	struct ber all, e;

	if (!ber_next(c, &all))
		return;
	field_add_uint(s->r, SNMP_ID(SNMP_MSG_DATA), at, c->pos - at, all.tag == BER_OCTETS);
	s->r->cur_depth++;
	if (all.tag == BER_OCTETS) {
		content(s, &all, SNMP_ENCRYPTED);
	} else if (all.tag == BER_SEQUENCE) {
		field_add_none(s->r, SNMP_ID(SNMP_PLAINTEXT), at, c->pos - at);
		s->r->cur_depth++;
		if (octets(s, &all.in, SNMP_CONTEXT_ENGINE, &e))
			engine_id(s, e.in);
		octets(s, &all.in, SNMP_CONTEXT_NAME, &e);
		pdu(s, &all.in, true);
		s->r->cur_depth--;
		if (!cursor_ok(&all.in))
			decode_overrun(s->r, &all.in);
	} else {
		c->malformed = true;
	}
	s->r->cur_depth--;
}

static void message(struct snmp *s, struct cursor *c)
{
	struct cursor peek = *c;
	struct ber e;
	int64_t version = ber_expect(&peek, BER_INTEGER, &e) ? ber_integer(&e) : -1;

	number(s, c, version == 3 ? SNMP_MSG_VERSION : SNMP_VERSION);
	if (version == 3) {
		header3(s, c);
		user3(s, c);
		scoped(s, c);
	} else if (version == 0 || version == 1) {
		if (octets(s, c, SNMP_COMMUNITY, &e))
			pdu(s, c, false);
	} else {
		c->malformed = true;
	}
}

/* An encrypted message tells only by its flags whether it waits for an answer. */
static void mark(struct snmp *s, uint32_t first)
{
	const struct field *report = record_first(s->r, SNMP_ID(SNMP_FLAG_REPORT));
	bool answer = s->pdu == RESPONSE || s->pdu == REPORT;
	bool trap = s->pdu == TRAP || s->pdu == TRAP2;

	if (s->r->in_quote || !s->key || s->r->nfields <= first || (s->has_pdu && trap))
		return;
	if (!s->has_pdu)
		answer = !report || !report->v.u;
	exchange_mark(s->r, answer ? EXCHANGE_RESPONSE : EXCHANGE_REQUEST, PROTO_snmp, s->key,
		      first, s->r->nfields - 1);
}

static bool is_message(const struct cursor *c)
{
	struct cursor at = *c;
	struct ber all, version;

	return cursor_peek(c) == BER_SEQUENCE && (ber_next(&at, &all) || at.snapped) &&
	       ber_next(&all.in, &version) && version.tag == BER_INTEGER && version.n == 1;
}

static void decode(struct decoder *d, struct record *r, struct cursor *c)
{
	struct snmp s = {.d = d, .r = r};
	struct layer *layer;
	uint32_t first;
	struct ber all;

	if (!is_message(c)) {
		decode_data(d, r, c);
		return;
	}
	layer = layer_open(r, PROTO_snmp, c);
	first = r->nfields;
	ber_next(c, &all);
	message(&s, &all.in);
	if (!cursor_ok(&all.in))
		decode_overrun(r, &all.in);
	mark(&s, first);
	if (layer)
		layer_close(r, layer, cursor_ok(c) ? c->pos : c->captured);
	if (cursor_ok(c))
		decode_data(d, r, c);
	else
		decode_overrun(r, c);
}

/* On other ports a message of version 1, 2c or 3: a community and a message, or the header of
 * version 3 (RFC 1157 section 4, RFC 3412 section 6). */
static bool looks(const struct record *r, const uint8_t *p, uint32_t n)
{
	struct cursor c = cursor_make(p, 0, n, n);
	struct ber message, version, second, third;

	if (r->flow.ip_proto != 17 || n < 16 || p[0] != BER_SEQUENCE)
		return false;
	if (!ber_next(&c, &message) || !ber_expect(&message.in, BER_INTEGER, &version) ||
	    version.n != 1 || !ber_next(&message.in, &second) || !ber_next(&message.in, &third))
		return false;
	if (ber_integer(&version) == 3)
		return second.tag == BER_SEQUENCE && third.tag == BER_OCTETS;
	return ber_integer(&version) <= 1 && second.tag == BER_OCTETS && third.tag >= 0xa0 &&
	       third.tag <= 0xa8;
}

static const struct hang on[] = {{ON_UDP_PORT, 161}, {ON_UDP_PORT, 162}, {ON_NOTHING, 0}};

const struct proto_def proto_snmp = {
	.name = "snmp",
	.label = "Simple Network Management Protocol",
	.prefix = "SNMP",
	.header = "SNMP HEADER",
	.fields = snmp_rows,
	.nfields = SNMP_ROWS,
	.on = on,
	.decode = decode,
	.looks = looks,
	.blurb = "Asks devices such as printers and routers how they are.",
	.see = "RFC 3416",
};
