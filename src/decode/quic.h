/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * quic: what the files of the QUIC dissector share: rows, what is remembered of a connection, keys,
 * the pieces of the TLS handshake.
 */
#ifndef TRACETUTOR_DECODE_QUIC_H
#define TRACETUTOR_DECODE_QUIC_H

#include "tracetutor/decode.h"

enum quic_row {
	QUIC,
	QUIC_CONNECTION,
	QUIC_PACKET_LENGTH,
	QUIC_SHORT,
	QUIC_FORM,
	QUIC_FIXED,
	QUIC_TYPE,
	QUIC_TYPE_V2,
	QUIC_RESERVED,
	QUIC_NUMBER_LENGTH,
	QUIC_UNUSED,
	QUIC_SPIN,
	QUIC_VERSION,
	QUIC_DCIL,
	QUIC_DCID,
	QUIC_SCIL,
	QUIC_SCID,
	QUIC_TOKEN_LENGTH,
	QUIC_TOKEN,
	QUIC_LENGTH,
	QUIC_NUMBER,
	QUIC_PAYLOAD,
	QUIC_REMAINING,
	QUIC_SUPPORTED,
	QUIC_RETRY_TOKEN,
	QUIC_RETRY_TAG,
	QUIC_DECRYPTION_FAILED,
	QUIC_FRAME,
	QUIC_FRAME_TYPE,
	QUIC_PADDING,
	QUIC_ACK_LARGEST,
	QUIC_ACK_DELAY,
	QUIC_ACK_COUNT,
	QUIC_ACK_FIRST,
	QUIC_ACK_GAP,
	QUIC_ACK_RANGE,
	QUIC_ACK_ECT0,
	QUIC_ACK_ECT1,
	QUIC_ACK_CE,
	QUIC_CRYPTO_OFFSET,
	QUIC_CRYPTO_LENGTH,
	QUIC_CRYPTO_DATA,
	QUIC_CLOSE_ERROR,
	QUIC_CLOSE_APP_ERROR,
	QUIC_CLOSE_ALERT,
	QUIC_CLOSE_FRAME,
	QUIC_CLOSE_REASON_LENGTH,
	QUIC_CLOSE_REASON,
	QUIC_UNKNOWN_FRAME,
	QUIC_COALESCED_PADDING,
	TT_QUIC_FROM,
	QUIC_ROWS
};
#define QUIC_ID(row) FIELD_ID(PROTO_quic, (row))

extern const struct field_def quic_rows[QUIC_ROWS];

enum quic_version {
	QUIC_NEGOTIATION = 0,
	QUIC_V1 = 1,
	QUIC_V2 = 0x6b3343cf,
	QUIC_DRAFT_29 = 0xff00001d,
	QUIC_DRAFT_32 = 0xff000020,
	QUIC_DRAFT_34 = 0xff000022
};

#define QUIC_CID_MAX 20 /* RFC 9000 section 17.2 */

struct quic_cid {
	uint8_t len, bytes[QUIC_CID_MAX];
};

/* What is remembered of a conversation. */
struct quic_state {
	bool known;    /* a connection was seen; `number` is its own */
	bool answered; /* the server has said something */
	bool retried;  /* it wants to see a token first: its id makes the next keys */
	uint32_t number;
	struct quic_cid first;   /* the client's first guess: the keys come from it */
	struct quic_cid ends[2]; /* chosen by client and server; 0: the client's */
};

/* A datagram's part of a conversation. */
struct quic {
	struct decoder *d;
	struct record *r;
	struct quic_state *state;
	uint8_t dir;   /* 0: the client sent it */
	bool numbered; /* the connection's number stands in the datagram's first packet */
};

/* The fixed number of bits of AES-128-GCM, by RFC 9001 section 5.3 and 5.4. */
#define QUIC_KEY 16
#define QUIC_IV  12
#define QUIC_TAG 16

struct quic_keys {
	uint8_t key[QUIC_KEY], iv[QUIC_IV], header[QUIC_KEY];
};

/* The keys of Initial packets in that direction (RFC 9001 section 5.2); false: unknown version. */
bool quic_initial_keys(uint32_t version, const struct quic_cid *first, uint8_t dir,
		       struct quic_keys *keys);
/* The mask over the header (RFC 9001 section 5.4.3) for this sample of 16 bytes. */
void quic_header_mask(const struct quic_keys *keys, const uint8_t *sample, uint8_t mask[QUIC_KEY]);
/*
 * Open n bytes (with the tag at their end) of the packet with that number into `out`, which has
 * room for n - QUIC_TAG; false if the tag does not verify.
 */
bool quic_open(const struct quic_keys *keys, uint64_t number, const uint8_t *head,
	       uint32_t head_len, const uint8_t *bytes, uint32_t n, uint8_t *out);

/* A number of 1, 2, 4 or 8 bytes (RFC 9000 section 16). */
uint64_t quic_varint(struct cursor *c);
/* The same as a field. */
uint64_t quic_number(struct quic *q, struct cursor *c, enum quic_row row);

/* Bytes of the handshake that have become complete: messages for TLS. */
struct quic_messages {
	const uint8_t *bytes; /* NULL: none */
	uint32_t len;
	uint32_t off; /* in the source at work, if they lie in one frame of it */
	bool joined;  /* they had to be put together */
};
/* The frames of an opened packet (RFC 9000 section 19). */
void quic_frames(struct quic *q, struct cursor *c, struct quic_messages *messages);
/* A piece of the handshake arrives; what is complete now goes to *messages. */
void quic_piece(struct quic *q, uint64_t offset, const uint8_t *bytes, uint32_t len,
		uint32_t source_off, struct quic_messages *messages);
/* Hand them to TLS, as a layer of its own. */
void quic_tls(struct quic *q, const struct quic_messages *messages);
/* A new connection begins in this conversation: nothing of the handshake is there yet. */
void quic_begin(struct quic *q);

#endif
