/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * vj_table: the headers a receiver of Van Jacobson compression remembers (RFC 1144 section 3.2).
 *
 * A table belongs to one direction of a line. A change is applied to a copy; the table learns it
 * only when the caller has decided that the packet is right.
 */
#ifndef DECODE_VJ_TABLE_H
#define DECODE_VJ_TABLE_H

#include <stdbool.h>
#include <stdint.h>

#define VJ_SLOTS      256
#define VJ_HEADER_MAX 120 /* IPv4 and TCP header, both with all options */

/* Bits of the change mask, section 3.2.2. */
#define VJ_NEW_CONNECTION 0x40
#define VJ_NEW_IPID       0x20
#define VJ_PUSH           0x10
#define VJ_NEW_SEQ        0x08
#define VJ_NEW_ACK        0x04
#define VJ_NEW_WINDOW     0x02
#define VJ_NEW_URGENT     0x01
/* Two combinations that cannot occur stand for frequent cases. */
#define VJ_SPECIALS     0x0f
#define VJ_SPECIAL_ECHO 0x0b /* sequence number and acknowledgment grow by the last data */
#define VJ_SPECIAL_DATA 0x0f /* the sequence number grows by the last data */

struct vj_slot {
	uint8_t header[VJ_HEADER_MAX];
	uint8_t length; /* 0: nothing learnt */
};

/* All zero: empty. */
struct vj_table {
	struct vj_slot slots[VJ_SLOTS];
	uint8_t last;
	bool has_last;
};

/* What a compressed packet says. */
struct vj_change {
	uint8_t mask, slot; /* slot only with VJ_NEW_CONNECTION */
	uint16_t checksum, urgent, window, ack, seq, ipid;
	const uint8_t *data;
	uint32_t captured, reported; /* of the data */
};

/* Learn from the first n bytes of an IPv4 packet; false if they are no whole TCP/IP header. */
bool vj_learn(struct vj_table *t, uint8_t slot, const uint8_t *ip, uint32_t n);
/* The header the change makes of the remembered one, its length; 0: nothing is remembered. */
uint32_t vj_apply(const struct vj_table *t, const struct vj_change *v,
		  uint8_t header[VJ_HEADER_MAX]);
/* Bytes of data the packet before carried; the connection is remembered. */
uint32_t vj_last_data(const struct vj_table *t, const struct vj_change *v);
/* The rebuilt header is right: remember it. */
void vj_accept(struct vj_table *t, const struct vj_change *v, const uint8_t *header);
/* The packet could not be rebuilt: without a number of its own the next one cannot either. */
void vj_lost(struct vj_table *t, const struct vj_change *v);
/* Length of a TCP/IP header that vj_apply() made. */
uint32_t vj_header(const uint8_t *header);
/* True if the TCP checksum over that header and `data` bytes behind it is right. */
bool vj_proven(const uint8_t *packet, uint32_t data);

#endif
