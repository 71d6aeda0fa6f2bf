/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The operations of LDAP: what is asked, and the results (RFC 4511 section 4.2 to 4.13). */
#include "src/decode/ldap.h"

#include <glib.h>

enum operation {
	BIND,
	BIND_RESULT,
	UNBIND,
	SEARCH,
	ENTRY,
	SEARCH_DONE,
	MODIFY,
	MODIFY_RESULT,
	ADD,
	ADD_RESULT,
	DELETE,
	DELETE_RESULT,
	RENAME,
	RENAME_RESULT,
	COMPARE,
	COMPARE_RESULT,
	ABANDON,
	REFERENCE = 19,
	EXTENDED = 23,
	EXTENDED_RESULT,
	INTERMEDIATE
};

#define SUCCESS       0
#define IN_PROGRESS   14
#define AUTH_SIMPLE   0
#define AUTH_SASL     3
#define START_TLS_OID "1.3.6.1.4.1.1466.20037"

static struct ldap_pending *pending_find(struct ldap *m)
{
	for (unsigned i = 0; i < LDAP_PENDING_MAX; i++)
		if (m->state->pending[i].frame && m->state->pending[i].id == m->id)
			return &m->state->pending[i];
	return NULL;
}

static void asked(struct ldap *m, bool sasl)
{
	struct ldap_state *s = m->state;

	s->pending[s->next] = (struct ldap_pending){
		.id = m->id, .frame = m->r->number, .time = m->r->time, .sasl = sasl};
	s->next = (uint8_t)((s->next + 1) % LDAP_PENDING_MAX);
}

/* The request that this answers, in which packet and how long ago. */
static void answered(struct ldap *m)
{
	struct ldap_pending *p = pending_find(m);

	if (!p)
		return;
	field_gen_uint(m->r, LDAP_ID_OF(LDAP_RESPONSE_TO), p->frame);
	field_gen_int(m->r, LDAP_ID_OF(LDAP_TIME), m->r->time - p->time);
}

static void keep_user(struct ldap *m, const struct ber *name)
{
	struct ldap_state *s = m->state;
	uint32_t n = cursor_left(&name->in);

	s->user_len = (uint8_t)(n < LDAP_USER_MAX ? n : LDAP_USER_MAX);
	memcpy(s->user, name->in.base + name->start, s->user_len);
}

static void user(struct ldap *m)
{
	if (m->state->user_len)
		field_gen_text(m->r, LDAP_ID_OF(TT_LDAP_USER), m->state->user, m->state->user_len);
}

static void bind(struct ldap *m, struct cursor c)
{
	unsigned kind = AUTH_SIMPLE;
	struct cursor in;
	struct ber e;

	if (ldap_next(m, &c, &e))
		ldap_integer(m, LDAP_VERSION, &e);
	if (ldap_next(m, &c, &e)) {
		ldap_text(m, LDAP_NAME, &e);
		keep_user(m, &e);
	}
	if (ldap_next(m, &c, &e)) {
		kind = e.tag & 0x1F;
		field_add_uint(m->r, LDAP_ID_OF(LDAP_AUTHENTICATION), e.off, e.start + e.n - e.off,
			       kind);
		m->r->cur_depth++;
		if (kind == AUTH_SIMPLE) {
			ldap_text(m, LDAP_SIMPLE, &e);
		} else if (kind == AUTH_SASL) {
			ldap_around(m, LDAP_SASL, &e);
			in = e.in;
			if (ldap_next(m, &in, &e))
				ldap_text(m, LDAP_MECHANISM, &e);
			if (cursor_left(&in) && ldap_next(m, &in, &e))
				ldap_text(m, LDAP_CREDENTIALS, &e);
		}
		m->r->cur_depth--;
	}
	user(m);
	asked(m, kind == AUTH_SASL);
}

/* Windows tells the reason in words of its own: "... data 52e, v1db1". */
static void reason(struct ldap *m, const struct ber *message)
{
	uint32_t n = cursor_left(&message->in), v = 0;
	const char *at =
		g_strstr_len((const char *)message->in.base + message->start, (gssize)n, ", data ");

	if (!at)
		return;
	at += strlen(", data ");
	for (const char *end = (const char *)message->in.base + message->start + n;
	     at < end && g_ascii_isxdigit(*at) && v < 0x10000; at++)
		v = v << 4 | (uint32_t)g_ascii_xdigit_value(*at);
	field_gen_uint(m->r, LDAP_ID_OF(TT_LDAP_REASON), v);
}

static void urls(struct ldap *m, struct cursor c)
{
	struct ber e;

	m->r->cur_depth++;
	while (decode_step(m->d) && ldap_next(m, &c, &e))
		ldap_text(m, LDAP_URL, &e);
	m->r->cur_depth--;
}

/* What all results begin with; the code. `c` goes behind it. */
static int64_t result(struct ldap *m, struct cursor *c)
{
	int64_t code = -1;
	struct ber e;

	if (ber_next(c, &e)) {
		code = ber_integer(&e);
		ldap_integer(m, LDAP_RESULT, &e);
	}
	if (ber_next(c, &e))
		ldap_text(m, LDAP_MATCHED, &e);
	if (ber_next(c, &e)) {
		ldap_text(m, LDAP_ERROR, &e);
		reason(m, &e);
	}
	if (cursor_peek(c) == 0xA3 && ber_next(c, &e)) {
		field_add_uint(m->r, LDAP_ID_OF(LDAP_REFERRAL), e.off, e.start + e.n - e.off,
			       ldap_count(&e));
		urls(m, e.in);
	}
	answered(m);
	return code;
}

static void bind_result(struct ldap *m, struct cursor c)
{
	int64_t code = result(m, &c);
	struct ldap_pending *p = pending_find(m);
	struct ber e;

	if (cursor_left(&c) && ldap_next(m, &c, &e))
		ldap_text(m, LDAP_SERVER_CREDENTIALS, &e);
	user(m);
	if (code == SUCCESS)
		m->state->sealed = p && p->sasl;
}

/* The attributes that are wanted. */
static void wanted(struct ldap *m, const struct ber *list)
{
	struct cursor c = list->in;
	struct ber e;

	field_add_uint(m->r, LDAP_ID_OF(LDAP_ATTRIBUTES), list->off,
		       list->start + list->n - list->off, ldap_count(list));
	m->r->cur_depth++;
	while (decode_step(m->d) && ldap_next(m, &c, &e))
		ldap_text(m, LDAP_ATTRIBUTE, &e);
	m->r->cur_depth--;
}

static void search(struct ldap *m, struct cursor c)
{
	static const enum ldap_row rows[] = {LDAP_SCOPE, LDAP_DEREF, LDAP_SIZE_LIMIT,
					     LDAP_TIME_LIMIT, LDAP_TYPES_ONLY};
	struct ber e;

	if (ldap_next(m, &c, &e))
		ldap_text(m, LDAP_BASE, &e);
	for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++)
		if (ldap_next(m, &c, &e))
			ldap_integer(m, rows[i], &e);
	if (ldap_next(m, &c, &e))
		ldap_filter(m, &e, LDAP_FILTER, 0);
	if (ldap_next(m, &c, &e))
		wanted(m, &e);
	asked(m, false);
}

/* A name of an attribute and its values. */
static void attribute(struct ldap *m, const struct ber *around, enum ldap_row row)
{
	struct cursor c = around->in, list;
	struct ber e;

	ldap_around(m, row, around);
	m->r->cur_depth++;
	if (ldap_next(m, &c, &e)) {
		ldap_text(m, LDAP_TYPE, &e);
		m->secret_next = ldap_is_secret(&e);
	}
	if (ldap_next(m, &c, &e)) {
		field_add_uint(m->r, LDAP_ID_OF(LDAP_VALUES), e.off, e.start + e.n - e.off,
			       ldap_count(&e));
		list = e.in;
		while (decode_step(m->d) && ldap_next(m, &list, &e))
			ldap_text(m, LDAP_VALUE, &e);
	}
	m->secret_next = false;
	m->r->cur_depth--;
}

/* A name and attributes: an entry that was found, or one to be made. */
static void entry(struct ldap *m, struct cursor c, enum ldap_row name, enum ldap_row item)
{
	struct cursor list;
	struct ber e;

	if (ldap_next(m, &c, &e))
		ldap_text(m, name, &e);
	if (!ldap_next(m, &c, &e))
		return;
	field_add_uint(m->r, LDAP_ID_OF(LDAP_ATTRIBUTES), e.off, e.start + e.n - e.off,
		       ldap_count(&e));
	list = e.in;
	m->r->cur_depth++;
	while (decode_step(m->d) && ldap_next(m, &list, &e))
		attribute(m, &e, item);
	m->r->cur_depth--;
}

static void modify(struct ldap *m, struct cursor c)
{
	struct cursor list, in;
	struct ber e, part;

	asked(m, false);
	if (ldap_next(m, &c, &e))
		ldap_text(m, LDAP_OBJECT, &e);
	if (!ldap_next(m, &c, &e))
		return;
	field_add_uint(m->r, LDAP_ID_OF(LDAP_MODIFICATIONS), e.off, e.start + e.n - e.off,
		       ldap_count(&e));
	list = e.in;
	m->r->cur_depth++;
	while (decode_step(m->d) && ldap_next(m, &list, &e)) {
		ldap_around(m, LDAP_MODIFICATION_ITEM, &e);
		in = e.in;
		if (ldap_next(m, &in, &part))
			ldap_integer(m, LDAP_MODIFICATION_OPERATION, &part);
		if (ldap_next(m, &in, &part))
			attribute(m, &part, LDAP_MODIFICATION);
	}
	m->r->cur_depth--;
}

static void rename_entry(struct ldap *m, struct cursor c)
{
	struct ber e;

	asked(m, false);
	if (ldap_next(m, &c, &e))
		ldap_text(m, LDAP_ENTRY_NAME, &e);
	if (ldap_next(m, &c, &e))
		ldap_text(m, LDAP_NEW_RDN, &e);
	if (ldap_next(m, &c, &e))
		ldap_integer(m, LDAP_DELETE_OLD, &e);
	if (cursor_left(&c) && ldap_next(m, &c, &e))
		ldap_text(m, LDAP_NEW_SUPERIOR, &e);
}

static void compare(struct ldap *m, struct cursor c)
{
	struct ber e, part;
	struct cursor in;

	asked(m, false);
	if (ldap_next(m, &c, &e))
		ldap_text(m, LDAP_ENTRY_NAME, &e);
	if (!ldap_next(m, &c, &e))
		return;
	ldap_around(m, LDAP_AVA, &e);
	in = e.in;
	if (ldap_next(m, &in, &part)) {
		ldap_text(m, LDAP_ATTRIBUTE_DESC, &part);
		m->secret_next = ldap_is_secret(&part);
	}
	if (ldap_next(m, &in, &part))
		ldap_text(m, LDAP_ASSERTION, &part);
	m->secret_next = false;
}

static void extended(struct ldap *m, struct cursor c)
{
	struct ber e;

	asked(m, false);
	while (ldap_next(m, &c, &e)) {
		if ((e.tag & 0x1F) == 0) {
			ldap_text(m, LDAP_REQUEST_NAME, &e);
			m->state->tls_next =
				cursor_left(&e.in) == strlen(START_TLS_OID) &&
				!memcmp(e.in.base + e.start, START_TLS_OID, strlen(START_TLS_OID));
		} else if ((e.tag & 0x1F) == 1) {
			ldap_text(m, LDAP_REQUEST_VALUE, &e);
		}
	}
}

/* RFC 4511 section 4.14: after this the connection is encrypted. */
static void extended_result(struct ldap *m, struct cursor c)
{
	int64_t code = result(m, &c);
	struct ber e;

	while (cursor_left(&c) && ldap_next(m, &c, &e))
		ldap_text(m, (e.tag & 0x1F) == 10 ? LDAP_RESPONSE_NAME : LDAP_RESPONSE_VALUE, &e);
	if (code == SUCCESS && m->state->tls_next && m->r->conv)
		m->r->conv->app_opaque = true;
	m->state->tls_next = false;
}

static void intermediate(struct ldap *m, struct cursor c)
{
	struct ber e;

	answered(m);
	while (ldap_next(m, &c, &e))
		ldap_text(m, (e.tag & 0x1F) == 0 ? LDAP_RESPONSE_NAME : LDAP_RESPONSE_VALUE, &e);
}

static void contents(struct ldap *m, const struct ber *op, unsigned kind)
{
	struct cursor c = op->in;

	switch ((enum operation)kind) {
	case BIND: bind(m, c); break;
	case BIND_RESULT: bind_result(m, c); break;
	case SEARCH: search(m, c); break;
	case ENTRY:
		entry(m, c, LDAP_OBJECT_NAME, LDAP_PARTIAL_ATTRIBUTE);
		answered(m);
		break;
	case MODIFY: modify(m, c); break;
	case ADD:
		asked(m, false);
		entry(m, c, LDAP_ENTRY_NAME, LDAP_ATTRIBUTE_ITEM);
		break;
	case RENAME: rename_entry(m, c); break;
	case COMPARE: compare(m, c); break;
	case REFERENCE:
		urls(m, c);
		answered(m);
		break;
	case EXTENDED: extended(m, c); break;
	case EXTENDED_RESULT: extended_result(m, c); break;
	case INTERMEDIATE: intermediate(m, c); break;
	case SEARCH_DONE:
	case MODIFY_RESULT:
	case ADD_RESULT:
	case DELETE_RESULT:
	case RENAME_RESULT:
	case COMPARE_RESULT: result(m, &c); break;
	case UNBIND:
	case DELETE:
	case ABANDON: break;
	}
}

/* Its own row: those that hold a value directly, a list, or parts. */
static void own_row(struct ldap *m, const struct ber *op, unsigned kind)
{
	enum ldap_row row = kind == REFERENCE  ? LDAP_REFERENCE
			    : kind >= EXTENDED ? LDAP_EXTENDED + (kind - EXTENDED)
			    : kind >= MODIFY   ? LDAP_MODIFY + (kind - MODIFY)
					       : LDAP_BIND + kind;

	if (kind == DELETE) {
		ldap_text(m, row, op);
		asked(m, false);
	} else if (kind == ABANDON) {
		ldap_integer(m, row, op);
	} else if (kind == REFERENCE) {
		field_add_uint(m->r, LDAP_ID_OF(row), op->off, op->start + op->n - op->off,
			       ldap_count(op));
	} else {
		ldap_around(m, row, op);
	}
}

/* Requests and what ends them; entries on the way, and questions that get no answer, are neither.
 */
static void mark(struct ldap *m, unsigned kind, uint32_t first)
{
	enum exchange_role role = EXCHANGE_EVENT;

	switch ((enum operation)kind) {
	case BIND:
	case SEARCH:
	case MODIFY:
	case ADD:
	case DELETE:
	case RENAME:
	case COMPARE:
	case EXTENDED: role = EXCHANGE_REQUEST; break;
	case BIND_RESULT:
	case SEARCH_DONE:
	case MODIFY_RESULT:
	case ADD_RESULT:
	case DELETE_RESULT:
	case RENAME_RESULT:
	case COMPARE_RESULT:
	case EXTENDED_RESULT: role = m->id ? EXCHANGE_RESPONSE : EXCHANGE_EVENT; break;
	default: return;
	}
	exchange_mark(m->r, role, PROTO_ldap, UINT64_C(1) << 32 | m->id, first, m->r->nfields - 1);
}

void ldap_operation(struct ldap *m, const struct ber *op)
{
	unsigned kind = op->tag & 0x1F;
	uint32_t first = m->r->nfields;

	field_add_uint(m->r, LDAP_ID_OF(LDAP_OPERATION), op->off, op->start + op->n - op->off,
		       kind);
	if (kind > INTERMEDIATE || (kind > ABANDON && kind < EXTENDED && kind != REFERENCE))
		return;
	m->r->cur_depth++;
	own_row(m, op, kind);
	m->r->cur_depth++;
	contents(m, op, kind);
	m->r->cur_depth -= 2;
	if (!m->r->in_quote)
		mark(m, kind, first);
}
