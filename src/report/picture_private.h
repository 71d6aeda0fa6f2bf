/* SPDX-License-Identifier: GPL-3.0-or-later */
/* picture_private: what the collecting and the drawing half of a picture share. */
#ifndef TRACETUTOR_REPORT_PICTURE_PRIVATE_H
#define TRACETUTOR_REPORT_PICTURE_PRIVATE_H

#include <glib.h>

#include "report_private.h"
#include "tracetutor/picture.h"

#define PROOF_MAX  16
#define POINTS_MAX 512 /* of one side; then every second goes, and they come half as often */
#define MARKS_MAX  64

/* What a packet waits for. */
enum awaits { AWAITS_NOTHING, AWAITS_ACK, AWAITS_ANYTHING, AWAITS_ANSWER };

struct rung {
	uint32_t packet, before; /* before: packets of the conversation dropped just before it */
	int64_t time, silence;
	char *text;
	bool client, proof, linked, speech, event;
	enum awaits awaits;
	bool open;                /* ... and has not got it */
	bool repeated;            /* it was sent again meanwhile */
	bool repeat;              /* it is such a copy */
	uint32_t seq, end, ip_id; /* TCP */
	uint64_t key;             /* of the request in it */
	enum proto_id proto;
};

/* What one side sent: sorted by time. */
struct sent {
	struct figure_point points[POINTS_MAX + 1]; /* one more for the end */
	size_t n;
	int64_t apart; /* points nearer than this replace one another */
	bool begun;
	uint32_t next; /* sequence number behind the last byte */
	uint64_t total, packets;
};

struct picture {
	uint32_t index;
	uint8_t ip_proto;
	const struct mask *mask;
	bool known; /* a packet of the conversation was seen: */
	uint8_t family;
	struct endpoint client, server;
	char *left, *right;
	bool begun; /* first_time is known */
	int64_t first_time, last_time,
		previous; /* of the trace; of the conversation's last packet */
	uint32_t proof[PROOF_MAX];
	unsigned nproof, nproof_seen;
	GArray *rungs;       /* struct rung */
	uint32_t nopen[2];   /* rungs that wait, by side */
	uint32_t packets[2]; /* [0] of the client */
	uint32_t acks_moved[2], last_ack[2];
	bool closed[2], broken;
	struct sent sent[2];
	struct figure_mark marks[MARKS_MAX];
	size_t nmarks;
	uint32_t again, full; /* all of them */
	struct figure ladder, graph;
	GArray *shown; /* struct figure_rung */
	struct buf describe[2], note[2];
	char *names[2];
};

#endif
