/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * conversations: who talked with whom, one row a conversation (TCP and UDP).
 *
 * Give it every record of a run: packets tell when a conversation began and whether it is wanted,
 * conversation records the rest. Bounded: the best CONVERSATIONS_MAX by the sort key are kept, the
 * others are counted.
 */
#ifndef TRACETUTOR_CONVERSATIONS_H
#define TRACETUTOR_CONVERSATIONS_H

#include <glib.h>

#include "tracetutor/rules.h"

#define CONVERSATIONS_MAX 5000

/* Time: the first that began first; of the others the largest first. */
enum conversations_sort { SORT_TIME, SORT_BYTES, SORT_PACKETS, SORT_RTT };
/* "time" ...; false: there is no such key. */
bool conversations_sort_named(const char *name, enum conversations_sort *sort);

struct conversation_row {
	uint32_t index; /* tcp.stream, udp.stream */
	uint8_t family, ip_proto;
	struct endpoint client, server;
	const char *service;   /* name of the protocol; NULL: not known */
	uint32_t first_packet; /* to give to follow and ladder */
	uint32_t last_packet;
	uint64_t packets[2], bytes[2]; /* [0] from the client; bytes the programs exchanged */
	int64_t start, duration;       /* ns; start since the first packet of the trace */
	int64_t rtt;                   /* ns; -1: not known */
	const char *ended;             /* for programs: "reset-by-server" ... */
};

struct conversations {
	enum conversations_sort sort;
	GArray *rows; /* struct conversation_row; in order after conversations_end() */
	uint32_t all; /* of those that are wanted */
	uint64_t unlisted_packets, unlisted_bytes; /* of those that are not in rows */
	/* private */
	const struct filter *filter;
	GHashTable *live;
	uint32_t seen[2];
	bool begun;
	int64_t first_time;
};

/* Only those of which a packet, or the conversation itself, matches the filter (NULL: all). */
void conversations_init(struct conversations *c, enum conversations_sort sort,
			const struct filter *f);
void conversations_release(struct conversations *c);
void conversations_record(struct conversations *c, const struct record *r);
void conversations_end(struct conversations *c);

/*
 * As a table of at most `width` columns (0: any), the first `most` rows (0: all). e (or NULL) knows
 * the names of addresses.
 */
void conversations_text(const struct conversations *c, const struct engine *e, unsigned width,
			size_t most, struct buf *out);
/* The JSON of `conversations --format json`, version 1, and its list alone. */
void conversations_json(const struct conversations *c, const struct engine *e, struct buf *out);
void conversations_json_list(const struct conversations *c, const struct engine *e, size_t most,
			     struct buf *out);

#endif
