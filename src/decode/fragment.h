/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * fragment: IP datagrams put together from their fragments (private to decode).
 *
 * A fixed table: FRAGMENT_DATAGRAMS at once, each of at most 64 KiB and FRAGMENT_PIECES pieces. The
 * oldest is dropped when it is full; one that is older than FRAGMENT_SECONDS by the capture's clock
 * is dropped when its number comes again. Bytes that came first win over later overlapping ones.
 */
#ifndef DECODE_FRAGMENT_H
#define DECODE_FRAGMENT_H

#include "tracetutor/decode.h"

#define FRAGMENT_DATAGRAMS 64
#define FRAGMENT_BYTES     65536
#define FRAGMENT_PIECES    128
#define FRAGMENT_SECONDS   60 /* RFC 8200 section 4.5 */

struct fragment {
	uint8_t family, proto;
	uint8_t src[16], dst[16];
	uint32_t id;
	uint32_t offset, length; /* where the bytes belong in the datagram */
	bool more;
	const uint8_t *bytes;
};

struct fragment_piece {
	uint32_t frame, offset, length;
	bool overlap, conflict;
};

/* A complete datagram; lives until the next call. */
struct fragment_whole {
	const uint8_t *bytes;
	uint32_t length;
	const struct fragment_piece *pieces;
	unsigned npieces;
};

/* Take a fragment; the whole datagram if this was the last missing piece, else NULL. Marks the
 * exchange (kind "ip") that stays unanswered if pieces are missing. */
const struct fragment_whole *fragment_take(struct decoder *d, struct record *r,
					   const struct fragment *f);

/* Rows that say what was put together, for fragment_show(). */
struct fragment_ids {
	uint16_t fragments, fragment, overlap, conflict, count, length, data;
};

/*
 * Add those rows and make the datagram a source of the record; returns a cursor over it. The
 * record's current source is the new one then. False if there is no room for one more source.
 */
bool fragment_show(struct record *r, const struct fragment_ids *ids,
		   const struct fragment_whole *whole, const char *name, struct cursor *out);

#endif
