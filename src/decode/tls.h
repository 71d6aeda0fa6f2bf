/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * tls: what the files of the TLS dissector share: rows, state of a conversation, the message at
 * work.
 */
#ifndef TRACETUTOR_DECODE_TLS_H
#define TRACETUTOR_DECODE_TLS_H

#include "tracetutor/decode.h"

enum tls_row {
	TLS,
	RECORD,
	CONTENT_TYPE,
	OPAQUE_TYPE,
	VERSION,
	LENGTH,
	APP_DATA,
	CCS,
	ALERT,
	ALERT_LEVEL,
	ALERT_DESC,
	HANDSHAKE,
	HS_TYPE,
	HS_LENGTH,
	HS_VERSION,
	RANDOM,
	RANDOM_TIME,
	RANDOM_BYTES,
	SESSION_ID_LENGTH,
	SESSION_ID,
	CIPHERS_LENGTH,
	CIPHERS,
	CIPHER,
	COMPS_LENGTH,
	COMPS,
	COMP,
	EXTENSIONS_LENGTH,
	EXT_TYPE,
	EXT_LEN,
	EXT_DATA,
	SNI_LIST_LEN,
	SNI_TYPE,
	SNI_LEN,
	SNI,
	STATUS_TYPE,
	STATUS_IDS_LEN,
	STATUS_EXTS_LEN,
	GROUPS_LENGTH,
	GROUPS,
	GROUP,
	POINTS_LENGTH,
	POINTS,
	POINT,
	SIGS_LENGTH,
	SIGS,
	SIG_ALG,
	SIG_HASH,
	SIG_SIG,
	HEARTBEAT_MODE,
	ALPN_LEN,
	ALPN_LIST,
	ALPN_STR_LEN,
	ALPN_STR,
	PADDING,
	COMPRESS_LEN,
	COMPRESS,
	SIZE_LIMIT,
	VERSIONS_LEN,
	SUPPORTED,
	PSK_MODES_LEN,
	PSK_MODE,
	PSK_IDENTITIES_LEN,
	PSK_IDENTITY_LEN,
	PSK_IDENTITY,
	PSK_AGE,
	PSK_BINDERS_LEN,
	PSK_BINDERS,
	PSK_SELECTED,
	COOKIE_LEN,
	COOKIE,
	FRAGMENT_LENGTH,
	SCTS_LENGTH, /* to SCT_SIGNATURE: in the order of the packet */
	SCT_LENGTH,
	SCT_VERSION,
	SCT_LOG,
	SCT_TIME,
	SCT_EXTENSIONS_LEN,
	SCT_EXTENSIONS,
	SCT_SIGNATURE_LEN,
	SCT_SIGNATURE,
	ALPS_LEN,
	ALPS_LIST,
	ALPS_STR_LEN,
	ALPS_STR,
	SHARES_LEN,
	SHARE_GROUP,
	SHARE_LEN,
	SHARE,
	SHARE_SELECTED,
	RENEG_LEN,
	RENEG,
	CERTS_LENGTH,
	CERTS,
	CERT_LENGTH,
	CERT,
	CERT_TYPES_COUNT,
	CERT_TYPES,
	CERT_TYPE,
	DNAMES_LEN,
	TICKET_HINT,
	TICKET_LENGTH,
	TICKET,
	APP_PROTO,
	CURVE_TYPE,
	NAMED_CURVE_ROW,
	SERVER_POINT_LEN,
	SERVER_POINT,
	SHARED_HINT_LEN,
	SHARED_HINT,
	SHARED_IDENTITY_LEN,
	SHARED_IDENTITY,
	OCSP_LENGTH,
	DH_P_LEN,
	DH_P,
	DH_G_LEN,
	DH_G,
	DH_YS_LEN,
	DH_YS,
	DH_YC_LEN,
	DH_YC,
	EPMS_LEN,
	EPMS,
	CLIENT_POINT_LEN,
	CLIENT_POINT,
	SIGNATURE_LEN,
	SIGNATURE,
	VERIFY_LEN,
	VERIFY,
	DNAMES,
	DNAME_LEN,
	DNAME,
	JA3_FULL,
	JA3,
	JA3S_FULL,
	JA3S,
	QUIC_PARAM_TYPE,
	QUIC_PARAM_LENGTH,
	QUIC_PARAM_VALUE,
	QUIC_ORIGINAL_ID,
	QUIC_IDLE,
	QUIC_RESET_TOKEN,
	QUIC_UDP_SIZE,
	QUIC_MAX_DATA,
	QUIC_DATA_LOCAL,
	QUIC_DATA_REMOTE,
	QUIC_DATA_UNI,
	QUIC_STREAMS_BIDI,
	QUIC_STREAMS_UNI,
	QUIC_ACK_EXPONENT,
	QUIC_ACK_DELAY_MAX,
	QUIC_ID_LIMIT,
	QUIC_SOURCE_ID,
	QUIC_RETRY_ID,
	QUIC_DATAGRAM,
	QUIC_VERSION_CHOSEN,
	QUIC_VERSION_OTHER,
	TT_SNI,
	TT_VERSION,
	TT_PHASE,
	TT_FROM,
	TT_ALERT_FROM,
	TT_ALERT_LIKELY,
	TT_CERT_WANTED,
	TT_CERT_EMPTY,
	TT_CERT_SUBJECT,
	TT_CERT_ISSUER,
	TT_CERT_FROM,
	TT_CERT_TO,
	TT_CERT_NAME,
	TT_CERT_SELF,
	TT_CERT_EXPIRED,
	TT_CERT_EARLY,
	TT_TEXT_SIZE,
	TT_LOGIN_REFUSED,
	TT_LEFT_AT_ONCE,
	TT_CERT_OTHER_NAME,
	TLS_ROWS
};

#define TLS_ID(row) FIELD_ID(PROTO_tls, (row))

extern const struct field_def tls_rows[TLS_ROWS];
extern const struct value_name tls_ciphers[];
extern const struct value_name tls_alerts[];

#define TLS_SNI_MAX 128

enum tls_version { SSL_30 = 0x0300, TLS_10 = 0x0301, TLS_12 = 0x0303, TLS_13 = 0x0304 };

/* Kinds of records (RFC 8446 section 5.1, heartbeat: RFC 6520). */
enum tls_kind { CHANGE_CIPHER_SPEC = 20, ALERT_RECORD, HANDSHAKE_RECORD, DATA_RECORD, HEARTBEAT };

/* How far a conversation is; the names are those of tt.tls.phase. */
enum tls_phase {
	TLS_START,    /* nothing of use seen yet */
	TLS_HELLO,    /* the client has said hello */
	TLS_FLIGHT,   /* the server has answered */
	TLS_ENCRYPTED /* the client has answered with encrypted records */
};

extern const char *const tls_phase_names[];

/* What is remembered of a conversation. Index 0: the client's direction, 1: the server's. */
struct tls_state {
	bool client_known, client_is_a;
	uint8_t phase;
	bool encrypted[2]; /* ChangeCipherSpec seen (up to TLS 1.2) */
	bool certificate_wanted, certificate_none;
	bool http2;       /* agreed on for inside, in the open */
	uint16_t version; /* agreed on; 0: not known */
	uint16_t cipher;
	uint8_t overhead;             /* bytes that encryption adds to a record; 0: not known */
	bool other_name;              /* the certificate is not for the name asked for */
	bool client_spoke;            /* after the handshake */
	int64_t agreed;               /* time of the client's end of the handshake */
	uint32_t skip[2];             /* bytes of a handshake message too long to be kept */
	uint8_t turns;                /* commands and replies in turn after the handshake */
	uint8_t shorts;               /* commands of six bytes, from the second one on */
	uint32_t reply, reply_before; /* lengths of the text of the last two replies */
	uint8_t sni_len;
	char sni[TLS_SNI_MAX];
};

/* One packet's part of a conversation. */
struct tls {
	struct decoder *d;
	struct record *r;
	struct tls_state *state;
	bool from_client;
	uint8_t dir; /* 0: the client sent it */
	bool silent; /* inside another protocol, which marks exchanges itself */
};

/* The messages in c, which holds whole messages unless the sender or the capture cut them. */
void tls_handshake(struct tls *t, struct cursor *c);
/* The halves of the key exchange up to TLS 1.2 (RFC 5246 section 7.4.3, 7.4.7, RFC 8422). */
void tls_server_keys(struct tls *t, struct cursor *c);
void tls_client_keys(struct tls *t, struct cursor *c);
/* Parameters of QUIC (RFC 9000 section 18). */
void tls_quic_parameters(struct tls *t, struct cursor *c);
/* What a program offers, in short (JA3): from the fields of the hello since `first`. */
void tls_fingerprint(struct tls *t, uint32_t first, bool server);
/* The extensions of a hello of that handshake type. */
void tls_extensions(struct tls *t, struct cursor *c, uint8_t hello);
/* A signature algorithm. */
void tls_signature(struct tls *t, struct cursor *c);
/* A list of signature algorithms with its length before it. */
void tls_signatures(struct tls *t, struct cursor *c);
/* The facts of a DER certificate (RFC 5280 section 4.1). */
void tls_certificate(struct tls *t, const uint8_t *bytes, uint32_t len);
/* An encrypted record of that length, and of that kind outside: what its size tells. */
void tls_sealed(struct tls *t, uint32_t len, enum tls_kind kind);
/* Learn from the hello of the server how much encryption adds. */
void tls_sizes_begin(struct tls_state *s);

static inline uint64_t tls_walk(struct tls *t, struct cursor *c, enum tls_row row)
{
	return walk(t->r, c, TLS_ID(row), TLS_ID(row));
}

/* The next n bytes as a field; nothing if they are not there (the cursor says why). */
static inline void tls_bytes(struct tls *t, struct cursor *c, enum tls_row row, uint32_t n)
{
	if (n && cursor_skip(c, n))
		field_add_bytes(t->r, TLS_ID(row), c->pos - n, n);
}

/* The rest of the cursor as elements of a row with a fixed size, two levels deeper. */
void tls_elements(struct tls *t, struct cursor *c, enum tls_row list, enum tls_row element);
/* A generated yes. */
static inline void tls_yes(struct tls *t, enum tls_row row)
{
	field_gen_uint(t->r, TLS_ID(row), 1);
}

#endif
