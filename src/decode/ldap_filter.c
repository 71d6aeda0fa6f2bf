/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The search filter of LDAP (RFC 4511 section 4.5.1.7, in words RFC 4515). */
#include "src/decode/ldap.h"

#define NESTING_MAX 24

/* Numbers of the choices, without the bits that say how they are coded. */
enum filter {
	FILTER_AND,
	FILTER_OR,
	FILTER_NOT,
	FILTER_EQUAL,
	FILTER_SUBSTRINGS,
	FILTER_GREATER,
	FILTER_LESS,
	FILTER_PRESENT,
	FILTER_APPROX,
	FILTER_EXTENSIBLE
};

static void assertion(struct ldap *m, const struct ber *e, enum ldap_row row)
{
	struct cursor c = e->in;
	struct ber part;

	ldap_around(m, row, e);
	m->r->cur_depth++;
	if (ldap_next(m, &c, &part)) {
		ldap_text(m, LDAP_ATTRIBUTE_DESC, &part);
		m->secret_next = ldap_is_secret(&part);
	}
	if (ldap_next(m, &c, &part))
		ldap_text(m, LDAP_ASSERTION, &part);
	m->secret_next = false;
	m->r->cur_depth--;
}

static void substrings(struct ldap *m, const struct ber *e)
{
	static const enum ldap_row rows[] = {LDAP_INITIAL, LDAP_ANY, LDAP_FINAL};
	struct cursor c = e->in, list;
	struct ber part;

	ldap_around(m, LDAP_SUBSTRINGS_MATCH, e);
	m->r->cur_depth++;
	if (ldap_next(m, &c, &part))
		ldap_text(m, LDAP_TYPE, &part);
	if (ldap_next(m, &c, &part)) {
		field_add_uint(m->r, LDAP_ID_OF(LDAP_SUBSTRINGS), part.off,
			       part.start + part.n - part.off, ldap_count(&part));
		list = part.in;
		while (decode_step(m->d) && ldap_next(m, &list, &part)) {
			unsigned kind = part.tag & 0x1F;

			field_add_uint(m->r, LDAP_ID_OF(LDAP_SUBSTRINGS_ITEM), part.off,
				       part.start + part.n - part.off, kind);
			if (kind <= 2)
				ldap_text(m, rows[kind], &part);
		}
	}
	m->r->cur_depth--;
}

static void extensible(struct ldap *m, const struct ber *e)
{
	struct cursor c = e->in;
	struct ber part;

	ldap_around(m, LDAP_EXTENSIBLE, e);
	m->r->cur_depth++;
	while (decode_step(m->d) && ldap_next(m, &c, &part)) {
		switch (part.tag & 0x1F) {
		case 1: ldap_text(m, LDAP_RULE, &part); break;
		case 2: ldap_text(m, LDAP_TYPE, &part); break;
		case 3: ldap_text(m, LDAP_MATCH_VALUE, &part); break;
		case 4: ldap_integer(m, LDAP_DN_ATTRIBUTES, &part); break;
		}
	}
	m->r->cur_depth--;
}

/* All of them, or one of them. */
static void set(struct ldap *m, const struct ber *e, enum ldap_row row, unsigned nesting)
{
	struct cursor c = e->in;
	struct ber part;

	field_add_uint(m->r, LDAP_ID_OF(row), e->off, e->start + e->n - e->off, ldap_count(e));
	m->r->cur_depth++;
	while (decode_step(m->d) && ldap_next(m, &c, &part))
		ldap_filter(m, &part, row + 1, nesting + 1);
	m->r->cur_depth--;
}

void ldap_filter(struct ldap *m, const struct ber *e, enum ldap_row row, unsigned nesting)
{
	unsigned kind = e->tag & 0x1F;
	struct cursor c = e->in;
	struct ber part;

	field_add_uint(m->r, LDAP_ID_OF(row), e->off, e->start + e->n - e->off, kind);
	if (nesting >= NESTING_MAX || !decode_step(m->d))
		return;
	m->r->cur_depth++;
	switch ((enum filter)kind) {
	case FILTER_AND: set(m, e, LDAP_AND, nesting); break;
	case FILTER_OR: set(m, e, LDAP_OR, nesting); break;
	case FILTER_NOT:
		if (ldap_next(m, &c, &part))
			ldap_filter(m, &part, LDAP_NOT, nesting + 1);
		break;
	case FILTER_EQUAL: assertion(m, e, LDAP_EQUAL); break;
	case FILTER_SUBSTRINGS: substrings(m, e); break;
	case FILTER_GREATER: assertion(m, e, LDAP_GREATER); break;
	case FILTER_LESS: assertion(m, e, LDAP_LESS); break;
	case FILTER_PRESENT: ldap_text(m, LDAP_PRESENT, e); break;
	case FILTER_APPROX: assertion(m, e, LDAP_APPROX); break;
	case FILTER_EXTENSIBLE: extensible(m, e); break;
	}
	m->r->cur_depth--;
}
