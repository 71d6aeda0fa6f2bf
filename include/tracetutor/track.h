/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * track: what packets mean together. Conversations, TCP analysis, in-order stream bytes, exchanges.
 *
 * Most of what a newcomer must be told is that something did NOT happen. Absence has no packet, so
 * track keeps a clock made of capture timestamps and emits records: an exchange (a request with or
 * without its answer) when it is answered, times out or can no longer be answered; a conversation
 * when it closes, is evicted or the capture ends; the capture itself at the end.
 *
 * Emitted records are live only during the callback. Their fields:
 * - exchange: the saved fields of the request (bounded), the fields of the response if there is
 *   one, addresses and ports as in the request's packet (ip.src is who asked), and tt.exchange.*;
 * - conversation: addresses and ports as from the client, and tt.conv.*;
 * - capture: tt.capture.*;
 * - each of them: what is known of the computer that recorded (tt.machine.*).
 *
 * All tables are bounded; when a cap bites, the oldest is emitted and dropped, and counted.
 */
#ifndef TRACETUTOR_TRACK_H
#define TRACETUTOR_TRACK_H

#include "tracetutor/machine.h"
#include "tracetutor/record.h"

#define TRACK_MAX_CONVS        8192        /* conversations remembered at once */
#define TRACK_MAX_PENDING      4096        /* unanswered requests remembered at once */
#define TRACK_MAX_STREAM       (64 * 1024) /* out-of-order and carried bytes a direction */
#define TRACK_MAX_STREAM_TOTAL (16u << 20) /* the same in total */

struct track;

/* The record is borrowed for the call. */
typedef void track_emit(void *context, struct record *r);

struct track *track_new(track_emit *emit, void *context);
void track_free(struct track *t);
/* What is known of the computer that recorded, from here on: tt.machine.* in emitted records.
 * Borrowed until the next call or the end; may be called again when more is known. NULL: nothing.
 */
void track_machine(struct track *t, const struct machine *m);
/* Between decode_headers and decode_payload: conversation, tcp.analysis.*, tcp.stream, payload. */
void track_packet(struct track *t, struct record *r);
/* After decode_payload: keeps what was not consumed, pairs exchange marks, adds dns.time etc. */
void track_payload_done(struct track *t, struct record *r);
/* Between packets: it is that late (ns since 1970) by the clock of the recording. */
void track_clock(struct track *t, int64_t now);
/* The capture is over: emit everything still open, then the capture record. */
void track_end(struct track *t);

/* How many conversations there were so far (the next one gets that number), and questions outside
 * of conversations. */
struct track_counts {
	uint32_t tcp, udp, asked;
};
struct track_counts track_counts(const struct track *t);
/* What a packet may have begun, as bits. */
enum track_begun { BEGUN_CONVERSATION = 1, BEGUN_QUESTION = 2 };
/* What was begun between two counts. */
unsigned track_begun(const struct track_counts *before, const struct track_counts *after);
/*
 * Before the first packet: reading begins in the middle of a capture that was read before, where
 * the counts were these. What each packet began then is asked of `begins`. What begins with another
 * one now began earlier in truth: it is not counted, and records that hang on it are marked as
 * older.
 */
void track_resume(struct track *t, const struct track_counts *counts,
		  unsigned (*begins)(void *context, uint32_t frame), void *context);

/* How often each cap was hit, for the user: "conversations", "stream bytes" ... */
struct track_caps {
	uint64_t convs_evicted, pending_evicted, stream_dropped;
};
const struct track_caps *track_caps(const struct track *t);

#endif
