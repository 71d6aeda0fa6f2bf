/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * conv: one conversation (same two endpoints and transport) and what is remembered of it.
 *
 * Owned by track, which keeps a bounded table and evicts the least recently used; decode keeps the
 * state of the application protocol in `app_state`, so neither knows the other. Most conversations
 * of a long trace are over, or never needed one: it is taken when it is asked for.
 */
#ifndef TRACETUTOR_CONV_H
#define TRACETUTOR_CONV_H

#include <stdbool.h>
#include <stdint.h>

#include "tracetutor/pool.h"

#define CONV_APP_STATE 320 /* bytes for the application protocol; zero when it starts */

struct endpoint {
	uint8_t addr[16]; /* IPv4 in the first four, rest zero */
	uint16_t port;
};

struct conv {
	uint32_t index;    /* Wireshark's tcp.stream / udp.stream */
	uint8_t family;    /* 4 or 6 */
	uint8_t ip_proto;  /* 6 or 17 */
	bool older;        /* see track_resume(): index is not its true one */
	bool mid_stream;   /* TCP: the SYN was not seen */
	bool over;         /* its record was given; packets may come late all the same */
	bool a_is_client;  /* a opened it (SYN seen from a), or has the higher port */
	struct endpoint a; /* sent the first packet seen */
	struct endpoint b;
	uint16_t app;            /* enum proto_id of the payload protocol + 1, 0: not known yet */
	uint8_t app_tries;       /* payloads tried by content so far (engine) */
	bool app_opaque;         /* encrypted from here on (after STARTTLS): only TLS is decoded */
	bool left[2];            /* [0] a's program said good-bye inside TLS, [1] b's */
	void *app_state;         /* NULL: nothing is to be remembered yet */
	struct pool *app_states; /* from where it comes; NULL: it ends with the packet */
};

/* True if the sender of a packet with that direction is the client. */
static inline bool conv_from_client(const struct conv *c, bool from_a)
{
	return c->a_is_client == from_a;
}

#endif
