/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ssh: what the files of the SSH dissector share: rows, what is remembered of a connection, and
 * what the two sides' lists agree on.
 */
#ifndef TRACETUTOR_DECODE_SSH_H
#define TRACETUTOR_DECODE_SSH_H

#include "tracetutor/decode.h"

enum ssh_row {
	SSH,
	SSH_BANNER,
	SSH_PACKET_LENGTH,
	SSH_PADDING_LENGTH,
	SSH_MESSAGE,
	SSH_PAYLOAD,
	SSH_PADDING,
	SSH_SEQUENCE,
	SSH_DIRECTION,
	SSH_LENGTH_ENCRYPTED,
	SSH_ENCRYPTED,
	SSH_COOKIE,
	SSH_KEX_LENGTH, /* the lists in their order: length, names */
	SSH_KEX,
	SSH_HOST_KEYS_LENGTH,
	SSH_HOST_KEYS,
	SSH_CIPHERS_TO_SERVER_LENGTH,
	SSH_CIPHERS_TO_SERVER,
	SSH_CIPHERS_TO_CLIENT_LENGTH,
	SSH_CIPHERS_TO_CLIENT,
	SSH_MACS_TO_SERVER_LENGTH,
	SSH_MACS_TO_SERVER,
	SSH_MACS_TO_CLIENT_LENGTH,
	SSH_MACS_TO_CLIENT,
	SSH_COMPRESSIONS_TO_SERVER_LENGTH,
	SSH_COMPRESSIONS_TO_SERVER,
	SSH_COMPRESSIONS_TO_CLIENT_LENGTH,
	SSH_COMPRESSIONS_TO_CLIENT,
	SSH_LANGUAGES_TO_SERVER_LENGTH,
	SSH_LANGUAGES_TO_SERVER,
	SSH_LANGUAGES_TO_CLIENT_LENGTH,
	SSH_LANGUAGES_TO_CLIENT,
	SSH_FIRST_FOLLOWS,
	SSH_KEX_RESERVED,
	SSH_HASSH_TEXT,
	SSH_HASSH,
	SSH_HASSH_SERVER_TEXT,
	SSH_HASSH_SERVER,
	SSH_HOST_KEY_LENGTH,
	SSH_HOST_KEY_TYPE_LENGTH,
	SSH_HOST_KEY_TYPE,
	SSH_HOST_KEY_DATA,
	SSH_RSA_E,
	SSH_RSA_N,
	SSH_DSA_P,
	SSH_DSA_Q,
	SSH_DSA_G,
	SSH_DSA_Y,
	SSH_ECDSA_ID_LENGTH,
	SSH_ECDSA_ID,
	SSH_ECDSA_Q_LENGTH,
	SSH_ECDSA_Q,
	SSH_EDDSA_LENGTH,
	SSH_EDDSA,
	SSH_SIGNATURE_LENGTH,
	SSH_SIGNATURE_TYPE_LENGTH,
	SSH_SIGNATURE_TYPE,
	SSH_SIGNATURE_DATA,
	SSH_SIGNATURE_RSA,
	SSH_SIGNATURE_DSA,
	SSH_MPINT_LENGTH,
	SSH_DH_E,
	SSH_DH_F,
	SSH_GEX_MIN,
	SSH_GEX_BITS,
	SSH_GEX_MAX,
	SSH_GEX_P,
	SSH_GEX_G,
	SSH_ECDH_C_LENGTH,
	SSH_ECDH_C,
	SSH_ECDH_S_LENGTH,
	SSH_ECDH_S,
	SSH_IGNORE_LENGTH,
	SSH_IGNORE,
	SSH_DEBUG_SHOW,
	SSH_DEBUG_LENGTH,
	SSH_DEBUG,
	SSH_REASON,
	SSH_DESCRIPTION_LENGTH,
	SSH_DESCRIPTION,
	SSH_LANGUAGE_LENGTH,
	SSH_LANGUAGE,
	SSH_LENGTH_ERROR,
	TT_SSH_NOTICE,
	TT_SSH_KEX,
	TT_SSH_HOST_KEY,
	TT_SSH_CIPHER,
	TT_SSH_MAC,
	TT_SSH_NO_COMMON,
	SSH_ROWS
};
#define SSH_ID(row) FIELD_ID(PROTO_ssh, (row))

extern const struct field_def ssh_rows[SSH_ROWS];

/* How the keys are exchanged; it decides what messages 30 to 34 hold. */
enum ssh_method { METHOD_UNKNOWN, METHOD_DH, METHOD_GROUP, METHOD_ECDH };

/* The lists that must agree. */
enum ssh_list { LIST_KEX, LIST_HOST_KEY, LIST_CIPHER, LIST_MAC, LISTS };
#define OFFERS_MAX 64 /* names in all of them */

/* What the side offers that spoke first, by the hashes of the names. */
struct ssh_offer {
	bool there, by_client, full;
	uint8_t count[LISTS];
	uint32_t names[OFFERS_MAX];
};

enum ssh_stage { STAGE_BANNER, STAGE_PLAIN, STAGE_SEALED, STAGE_OLD };

struct ssh_state {
	uint8_t stage[2], method; /* index 0: the client's direction */
	bool clear_length;        /* of what is encrypted the length is not (see ssh_agree()) */
	uint32_t sequence[2];
	struct ssh_offer offer;
};

struct ssh {
	struct decoder *d;
	struct record *r;
	struct ssh_state *state;
	struct layer *layer;
	uint8_t dir; /* 0: the client sent it */
};

static inline uint64_t ssh_row(struct ssh *s, struct cursor *c, enum ssh_row row)
{
	return walk(s->r, c, SSH_ID(row), SSH_ID(row));
}
/* n bytes as a field; nothing if they are not there (the cursor says why). */
static inline void ssh_bytes(struct ssh *s, struct cursor *c, enum ssh_row row, uint32_t n)
{
	if (cursor_skip(c, n))
		field_add_bytes(s->r, SSH_ID(row), c->pos - n, n);
}
/* A length in four bytes (row) and what it counts (the row after it). */
static inline void ssh_counted(struct ssh *s, struct cursor *c, enum ssh_row row)
{
	ssh_bytes(s, c, row + 1, (uint32_t)ssh_row(s, c, row));
}

/* The message in c, a whole one. */
void ssh_message(struct ssh *s, struct cursor *c);
/* The ten lists of KEXINIT were added from field `first` on: what do both sides know? */
void ssh_agree(struct ssh *s, uint32_t first);

#endif
