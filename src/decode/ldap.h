/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ldap: what the files of the LDAP dissector share: rows, what is remembered of a connection, the
 * search filter.
 */
#ifndef TRACETUTOR_DECODE_LDAP_H
#define TRACETUTOR_DECODE_LDAP_H

#include "src/decode/ber.h"
#include "tracetutor/decode.h"

enum ldap_row {
	LDAP,
	LDAP_SASL_LENGTH,
	LDAP_SASL_PAYLOAD,
	LDAP_MESSAGE,
	LDAP_ID,
	LDAP_OPERATION,
	LDAP_BIND,
	LDAP_BIND_RESULT,
	LDAP_UNBIND,
	LDAP_SEARCH,
	LDAP_ENTRY,
	LDAP_SEARCH_DONE,
	LDAP_REFERENCE,
	LDAP_MODIFY,
	LDAP_MODIFY_RESULT,
	LDAP_ADD,
	LDAP_ADD_RESULT,
	LDAP_DELETE,
	LDAP_DELETE_RESULT,
	LDAP_RENAME,
	LDAP_RENAME_RESULT,
	LDAP_COMPARE,
	LDAP_COMPARE_RESULT,
	LDAP_ABANDON,
	LDAP_EXTENDED,
	LDAP_EXTENDED_RESULT,
	LDAP_INTERMEDIATE,
	LDAP_VERSION,
	LDAP_NAME,
	LDAP_AUTHENTICATION,
	LDAP_SIMPLE,
	LDAP_SASL,
	LDAP_MECHANISM,
	LDAP_CREDENTIALS,
	LDAP_SERVER_CREDENTIALS,
	LDAP_RESULT,
	LDAP_MATCHED,
	LDAP_ERROR,
	LDAP_REFERRAL,
	LDAP_URL,
	LDAP_BASE,
	LDAP_SCOPE,
	LDAP_DEREF,
	LDAP_SIZE_LIMIT,
	LDAP_TIME_LIMIT,
	LDAP_TYPES_ONLY,
	LDAP_FILTER,
	LDAP_AND,
	LDAP_AND_ITEM,
	LDAP_OR,
	LDAP_OR_ITEM,
	LDAP_NOT,
	LDAP_EQUAL,
	LDAP_SUBSTRINGS_MATCH,
	LDAP_GREATER,
	LDAP_LESS,
	LDAP_PRESENT,
	LDAP_APPROX,
	LDAP_EXTENSIBLE,
	LDAP_ATTRIBUTE_DESC,
	LDAP_ASSERTION,
	LDAP_SUBSTRINGS,
	LDAP_SUBSTRINGS_ITEM,
	LDAP_INITIAL,
	LDAP_ANY,
	LDAP_FINAL,
	LDAP_RULE,
	LDAP_MATCH_VALUE,
	LDAP_DN_ATTRIBUTES,
	LDAP_ATTRIBUTES,
	LDAP_ATTRIBUTE,
	LDAP_OBJECT_NAME,
	LDAP_PARTIAL_ATTRIBUTE,
	LDAP_TYPE,
	LDAP_VALUES,
	LDAP_VALUE,
	LDAP_OBJECT,
	LDAP_MODIFICATIONS,
	LDAP_MODIFICATION_ITEM,
	LDAP_MODIFICATION_OPERATION,
	LDAP_MODIFICATION,
	LDAP_ENTRY_NAME,
	LDAP_ATTRIBUTE_ITEM,
	LDAP_NEW_RDN,
	LDAP_DELETE_OLD,
	LDAP_NEW_SUPERIOR,
	LDAP_AVA,
	LDAP_REQUEST_NAME,
	LDAP_REQUEST_VALUE,
	LDAP_RESPONSE_NAME,
	LDAP_RESPONSE_VALUE,
	LDAP_CONTROLS,
	LDAP_CONTROL,
	LDAP_CONTROL_TYPE,
	LDAP_CRITICAL,
	LDAP_CONTROL_VALUE,
	LDAP_PAGED_VALUE,
	LDAP_PAGE_SIZE,
	LDAP_PAGE_COOKIE,
	LDAP_RESPONSE_TO,
	LDAP_TIME,
	TT_LDAP_USER,
	TT_LDAP_REASON,
	LDAP_ROWS
};
#define LDAP_ID_OF(row) FIELD_ID(PROTO_ldap, (row))

extern const struct field_def ldap_rows[LDAP_ROWS];

#define LDAP_PENDING_MAX 8
#define LDAP_USER_MAX    64

/* What is remembered of a connection. */
struct ldap_state {
	bool sealed;   /* a SASL login was accepted: messages may be wrapped from here on */
	bool tls_next; /* the client has asked for TLS */
	uint8_t user_len, next;
	char user[LDAP_USER_MAX];
	struct ldap_pending {
		uint32_t id, frame;
		int64_t time;
		bool sasl;
	} pending[LDAP_PENDING_MAX];
};

struct ldap {
	struct decoder *d;
	struct record *r;
	struct ldap_state *state;
	uint32_t id;
	bool secret_next; /* the attribute's values are passwords */
};

/* The content of an element as a field of that row. */
struct field *ldap_text(struct ldap *m, enum ldap_row row, const struct ber *e);
struct field *ldap_integer(struct ldap *m, enum ldap_row row, const struct ber *e);
/* Presence only: the element stands around others. */
void ldap_around(struct ldap *m, enum ldap_row row, const struct ber *e);
/* The next element; says what is wrong where there should be one and is none. */
bool ldap_next(struct ldap *m, struct cursor *c, struct ber *e);
/* How many elements are in there? */
uint32_t ldap_count(const struct ber *e);
/* A search filter (RFC 4511 section 4.5.1.7); `row` says what it is part of. */
void ldap_filter(struct ldap *m, const struct ber *e, enum ldap_row row, unsigned nesting);
/* The operation of a message (RFC 4511 section 4). */
void ldap_operation(struct ldap *m, const struct ber *op);
/* Does an attribute of that name hold a password? */
bool ldap_is_secret(const struct ber *name);

#endif
