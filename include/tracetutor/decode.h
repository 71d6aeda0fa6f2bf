/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * decode: bytes to fields. The engine and one file per protocol.
 *
 * A packet is decoded in two steps, because the payload of a stream is not the payload of a packet:
 *     decode_headers()   link .. transport; fills record->flow and, for UDP, record->payload
 *     (track fills record->conv and, for TCP, record->payload)
 *     decode_payload()   application protocol, which reads record->payload with the
 *                        conversation's state and says how much it consumed
 *
 * A decoder holds what one capture needs between packets: VJ tables, the tables of who hangs where.
 */
#ifndef TRACETUTOR_DECODE_H
#define TRACETUTOR_DECODE_H

#include "tracetutor/record.h"

#define DECODE_MAX_STEPS 10000 /* dissector calls and loop turns a packet */

struct decoder;

struct decoder *decoder_new(void);
void decoder_free(struct decoder *d);

void decode_headers(struct decoder *d, struct record *r, const struct frame *f);
/* Instead of both steps: what the capture says of the frame, and frame.ignored; no byte of the
 * packet itself is read. */
void decode_ignored(struct decoder *d, struct record *r, const struct frame *f);
void decode_payload(struct decoder *d, struct record *r);

/* --- for dissectors --- */

/* Count a step; false when the packet has used them up (mark malformed and stop). */
bool decode_step(struct decoder *d);
/* Call what hangs at (kind, value); false if nothing does: the caller then calls decode_data(). */
bool decode_next(struct decoder *d, struct record *r, enum hang_kind kind, uint32_t value,
		 struct cursor *c);
/*
 * A dissector has learned that this endpoint will speak `proto` in a conversation to come, on
 * whatever port the other side takes (TFTP, RFC 1350 section 4). The last 64 such agreements count.
 */
void decode_expect(struct decoder *d, uint8_t ip_proto, const struct endpoint *at,
		   enum proto_id proto);
/* Was there ever such an agreement? */
bool decoder_expects(const struct decoder *d);
/* From the next packet on the conversation carries what hangs at that TCP port, or what only TLS
 * can tell: a proxy has been asked to pass everything on. */
void decode_handover(struct decoder *d, struct record *r, uint16_t port);
/* Call a dissector by name, for what another one says is inside. */
void decode_as(struct decoder *d, struct record *r, enum proto_id proto, struct cursor *c);
/* The rest of the cursor as undecoded data (proto_data). */
void decode_data(struct decoder *d, struct record *r, struct cursor *c);
/* Say what is wrong here: adds the malformed or snapped flag to the record and the last field that
 * is on the wire and shown. */
void decode_overrun(struct record *r, const struct cursor *c);
/* Internet checksum (RFC 1071) of n bytes, starting from `sum` (pass 0, or a pseudo-header sum);
 * 0xFFFF folded, not inverted. */
uint32_t checksum_add(uint32_t sum, const uint8_t *p, uint32_t n);
uint16_t checksum_fold(uint32_t sum);
/* State of a dissector that lives as long as the capture: zeroed bytes on first use. */
void *decoder_state(struct decoder *d, enum proto_id proto, size_t size);
/* State of the application protocol in the conversation; resets it when another protocol starts. */
void *conv_state(struct record *r, enum proto_id proto, size_t size);
/* The rest of the conversation is that protocol's, with nothing remembered. */
void conv_begin(struct conv *conv, enum proto_id proto);

#endif
