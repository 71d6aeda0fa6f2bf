/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * crossing: what a packet may owe to packets before it in ways that track does not see. A run that
 * began in the middle of a capture knows nothing of those.
 */
#ifndef TRACETUTOR_SESSION_CROSSING_H
#define TRACETUTOR_SESSION_CROSSING_H

#include "tracetutor/record.h"

/* What the whole run found. */
struct crossing {
	bool contested; /* two stations claimed one IP address */
	bool agreed;    /* in one conversation it was said what another one would carry */
	bool reused;    /* a TCP connection had the ports of an earlier one */
	uint16_t duplicate, reused_ports; /* ids of the fields that tell */
};

/* Nothing found yet. */
void crossing_init(struct crossing *c);
/* A packet of the whole run. */
void crossing_packet(struct crossing *c, const struct record *r);
/* May the record of such a run lack something? */
bool crossing_owes(const struct crossing *c, const struct record *r);

#endif
