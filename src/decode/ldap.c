/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * LDAP asks a directory for people, computers and their passwords: login, search, result.
 * RFC 4511; StartTLS section 4.14; passwords and SASL RFC 4513; paged results RFC 2696.
 * Hangs at TCP port 389 (and 3268, Windows' catalogue of all domains), UDP port 389.
 */
#include "src/decode/ldap.h"

#include <glib.h>

#include "tracetutor/lines.h"

#define MESSAGE_MAX (256 * 1024) /* of one message that is waited for */
#define WRAP_MAX    0xFFFFFF     /* a SASL wrapping is shorter (RFC 4422 section 3.7) */
#define PAGED       "1.2.840.113556.1.4.319"

bool ldap_is_secret(const struct ber *name)
{
	static const char *const words[] = {"password", "passwd", "pwd", "secret"};
	char *text = g_ascii_strdown((const char *)name->in.base + name->start,
				     (gssize)cursor_left(&name->in));
	bool secret = false;

	for (unsigned i = 0; i < G_N_ELEMENTS(words); i++)
		secret = secret || strstr(text, words[i]);
	g_free(text);
	return secret;
}

struct field *ldap_text(struct ldap *m, enum ldap_row row, const struct ber *e)
{
	struct field *f = field_add_bytes(m->r, LDAP_ID_OF(row), e->start, cursor_left(&e->in));

	if (m->secret_next && (row == LDAP_VALUE || row == LDAP_ASSERTION))
		f->flags |= FIELD_SECRET;
	return f;
}

/* Numbers, named numbers and booleans. */
struct field *ldap_integer(struct ldap *m, enum ldap_row row, const struct ber *e)
{
	int64_t v = ber_integer(e);

	if (ldap_rows[row].type == FT_BOOLEAN)
		v = v != 0;
	if (ldap_rows[row].type == FT_INT32)
		return field_add_int(m->r, LDAP_ID_OF(row), e->start, e->n, (int32_t)v);
	return field_add_uint(m->r, LDAP_ID_OF(row), e->start, e->n, (uint32_t)v);
}

void ldap_around(struct ldap *m, enum ldap_row row, const struct ber *e)
{
	field_add_none(m->r, LDAP_ID_OF(row), e->off, e->start + e->n - e->off);
}

bool ldap_next(struct ldap *m, struct cursor *c, struct ber *e)
{
	bool there = ber_next(c, e);

	if (!cursor_ok(c))
		decode_overrun(m->r, c);
	return there;
}

uint32_t ldap_count(const struct ber *e)
{
	struct cursor c = e->in;
	struct ber part;
	uint32_t n = 0;

	while (cursor_left(&c) && ber_next(&c, &part))
		n++;
	return n;
}

/* The page of a long result that is wanted, or where the next one begins. */
static void paged(struct ldap *m, const struct ber *value)
{
	struct cursor c = value->in, in;
	struct ber e;

	if (!ldap_next(m, &c, &e))
		return;
	ldap_around(m, LDAP_PAGED_VALUE, &e);
	in = e.in;
	if (ldap_next(m, &in, &e))
		ldap_integer(m, LDAP_PAGE_SIZE, &e);
	if (ldap_next(m, &in, &e))
		ldap_text(m, LDAP_PAGE_COOKIE, &e);
}

/* RFC 4511 section 4.1.11 */
static void control(struct ldap *m, const struct ber *around)
{
	struct cursor c = around->in;
	bool is_paged = false;
	struct ber e;

	ldap_around(m, LDAP_CONTROL, around);
	m->r->cur_depth++;
	if (ldap_next(m, &c, &e)) {
		ldap_text(m, LDAP_CONTROL_TYPE, &e);
		is_paged = cursor_left(&e.in) == strlen(PAGED) &&
			   !memcmp(e.in.base + e.start, PAGED, strlen(PAGED));
	}
	if (cursor_peek(&c) == 0x01 && ldap_next(m, &c, &e))
		ldap_integer(m, LDAP_CRITICAL, &e);
	if (cursor_left(&c) && ldap_next(m, &c, &e)) {
		if (is_paged)
			paged(m, &e);
		else
			ldap_text(m, LDAP_CONTROL_VALUE, &e);
	}
	m->r->cur_depth--;
}

static void controls(struct ldap *m, const struct ber *list)
{
	struct cursor c = list->in;
	struct ber e;

	field_add_uint(m->r, LDAP_ID_OF(LDAP_CONTROLS), list->off,
		       list->start + list->n - list->off, ldap_count(list));
	while (decode_step(m->d) && ldap_next(m, &c, &e))
		control(m, &e);
}

/* One LDAPMessage (RFC 4511 section 4.1.1). */
static void message(struct ldap *m, struct cursor *c)
{
	struct ber around, e;
	struct cursor in;

	if (!ber_expect(c, BER_SEQUENCE, &around)) {
		decode_overrun(m->r, c);
		return;
	}
	ldap_around(m, LDAP_MESSAGE, &around);
	m->r->cur_depth++;
	in = around.in;
	if (ldap_next(m, &in, &e)) {
		m->id = (uint32_t)ber_integer(&e);
		ldap_integer(m, LDAP_ID, &e);
	}
	if (ldap_next(m, &in, &e))
		ldap_operation(m, &e);
	if (cursor_left(&in) && ldap_next(m, &in, &e))
		controls(m, &e);
	m->r->cur_depth--;
	if (!cursor_ok(c))
		decode_overrun(m->r, c);
}

/* Four bytes of length, then what SASL has encrypted (RFC 4513 section 5.2.1.7). */
static void wrapped(struct ldap *m, struct cursor *c)
{
	uint32_t n =
		(uint32_t)walk(m->r, c, LDAP_ID_OF(LDAP_SASL_LENGTH), LDAP_ID_OF(LDAP_SASL_LENGTH));

	if (cursor_skip(c, n))
		field_add_bytes(m->r, LDAP_ID_OF(LDAP_SASL_PAYLOAD), c->pos - n, n);
	else
		decode_overrun(m->r, c);
}

/* How long is the message that begins here, in all? 0: cannot be told yet; UINT32_MAX: none. */
static uint32_t message_size(const struct ldap *m, const struct cursor *c)
{
	struct cursor in = *c;
	uint32_t n;

	if (cursor_left(c) >= 4 && m->state->sealed && cursor_peek(c) == 0) {
		n = cursor_be32(&in);
		return n <= WRAP_MAX ? 4 + n : UINT32_MAX;
	}
	if (cursor_u8(&in) != BER_SEQUENCE)
		return UINT32_MAX;
	n = cursor_u8(&in);
	if (n > 0x80 && n <= 0x84)
		n = (uint32_t)cursor_be(&in, n - 0x80);
	else if (n >= 0x80)
		return UINT32_MAX;
	if (!cursor_ok(&in))
		return 0;
	return n <= MESSAGE_MAX ? n + (in.pos - c->pos) : UINT32_MAX;
}

/* Is it all there, or will nothing more come? */
static bool complete(const struct ldap *m, struct cursor *c)
{
	uint32_t n = message_size(m, c);

	if ((n && n != UINT32_MAX && n <= cursor_left(c)) || c->captured < c->reported ||
	    m->r->payload.last)
		return true;
	c->need_more = n != UINT32_MAX;
	return n == UINT32_MAX;
}

static void messages(struct decoder *d, struct record *r, struct cursor *c, enum proto_id proto)
{
	struct ldap m = {.d = d, .r = r};
	struct layer *layer = NULL;

	m.state = conv_state(r, proto, sizeof(struct ldap_state));
	while (cursor_left(c) && cursor_ok(c) && decode_step(d)) {
		if (!complete(&m, c))
			break;
		if (message_size(&m, c) == UINT32_MAX) {
			decode_data(d, r, c);
			break;
		}
		if (!layer)
			layer = layer_open(r, proto, c);
		if (cursor_peek(c) == BER_SEQUENCE)
			message(&m, c);
		else
			wrapped(&m, c);
	}
	if (layer)
		layer_close(r, layer, c->pos);
}

static void decode(struct decoder *d, struct record *r, struct cursor *c)
{
	messages(d, r, c, r->flow.ip_proto == 17 ? PROTO_cldap : PROTO_ldap);
}

/* Numbers of items and what stands around others tell a newcomer nothing: they are in the fields
 * only. */
static bool is_quiet(const struct field *f)
{
	uint16_t row = FIELD_ROW(f->id);

	if (FIELD_PROTO(f->id) != PROTO_ldap)
		return false;
	switch (row) {
	case LDAP_MESSAGE:
	case LDAP_SASL_PAYLOAD:
	case LDAP_AND:
	case LDAP_OR:
	case LDAP_SUBSTRINGS:
	case LDAP_SUBSTRINGS_ITEM:
	case LDAP_CONTROLS:
	case LDAP_ATTRIBUTES:
	case LDAP_VALUES:
	case LDAP_MODIFICATIONS: return true;
	default: return ldap_rows[row].type == FT_NONE;
	}
}

static void lines(struct lines *l, const struct record *r, const struct layer *layer)
{
	lines_rule(l, "LDAP");
	for (uint32_t i = layer->first + 1; i < layer->end; i++)
		if (&r->layers[r->fields[i].layer] == layer && !is_quiet(&r->fields[i]))
			lines_generic(l, r, layer, &r->fields[i]);
}

_Static_assert(sizeof(struct ldap_state) <= CONV_APP_STATE, "fits in the conversation");

/* On other ports a login with version 2 or 3, or the wish for TLS, which has an object identifier
 * as its name (RFC 4511 sections 4.2 and 4.12). */
static bool looks(const struct record *r, const uint8_t *p, uint32_t n)
{
	struct cursor c = cursor_make(p, 0, n, n);
	struct ber message, id, operation, first;

	if (r->flow.ip_proto != 6 || n < 12 || p[0] != BER_SEQUENCE)
		return false;
	if (!ber_next(&c, &message) || !ber_expect(&message.in, BER_INTEGER, &id) || id.n > 4 ||
	    !ber_next(&message.in, &operation) || !ber_next(&operation.in, &first))
		return false;
	if (operation.tag == 0x60)
		return first.tag == BER_INTEGER && first.n == 1 &&
		       (ber_integer(&first) == 2 || ber_integer(&first) == 3);
	return operation.tag == 0x77 && first.tag == 0x80 && cursor_left(&first.in) > 4 &&
	       !memcmp(p + first.start, "1.3.", 4);
}

static const struct hang on[] = {
	{ON_TCP_PORT, 389}, {ON_TCP_PORT, 3268}, {ON_UDP_PORT, 389}, {ON_NOTHING, 0}};

const struct proto_def proto_ldap = {
	.name = "ldap",
	.label = "Lightweight Directory Access Protocol",
	.prefix = "LDAP",
	.header = "LDAP",
	.fields = ldap_rows,
	.nfields = LDAP_ROWS,
	.on = on,
	.decode = decode,
	.looks = looks,
	.lines = lines,
	.blurb = "Asks a directory for people, computers and their passwords.",
	.see = "RFC 4511",
};

static const struct field_def cldap_rows[] = {
	{.name = "cldap",
	 .label = "Connectionless Lightweight Directory Access Protocol",
	 .type = FT_PROTOCOL}};

const struct proto_def proto_cldap = {
	.name = "cldap",
	.label = "Connectionless Lightweight Directory Access Protocol",
	.prefix = "CLDAP",
	.header = "CLDAP",
	.fields = cldap_rows,
	.nfields = 1,
	.decode = decode,
	.lines = lines,
	.blurb = "Finds the directory server of a Windows network, in single messages.",
	.see = "MS-ADTS section 6.3.3",
};
