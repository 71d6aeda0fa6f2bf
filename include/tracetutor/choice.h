/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * choice: the packets that matter, where a page for each packet would be more than anybody reads:
 * those that prove a finding (the worst findings' first), and the first ones of the verdict's
 * conversation; if nothing is wrong, the first ones of the trace. The others are folded with a
 * reason.
 */
#ifndef TRACETUTOR_CHOICE_H
#define TRACETUTOR_CHOICE_H

#include "tracetutor/report.h"

#define CHOICE_WHOLE 200 /* so many packets are few enough to show each */
#define CHOICE_PROOF 100 /* packets that prove something: after so many no further finding's */
#define CHOICE_CONV  40  /* packets of the verdict's conversation that are shown */
#define CHOICE_QUIET 20  /* packets that are shown if nothing is wrong */

struct choice {
	const struct finding *verdict; /* NULL: nothing wrong was seen */
	GArray *proof;                 /* uint32_t, ascending: packets that findings name */
	uint32_t first, last;          /* the first ones of something lie between these */
	uint32_t most, met;            /* how many of them are shown, and were met so far */
	bool few; /* few enough packets to name each one's own reason when it is folded */
};

/* After the engine's end; it must live as long. */
void choice_init(struct choice *c, const struct engine *e, uint64_t packets);
void choice_release(struct choice *c);

/* Is this packet shown? Asked of each once, in order; those outside of stretches may be left out.
 */
bool choice_takes(struct choice *c, const struct record *r);
/* May it be taken? Those that may not are folded for one reason, whatever they say. */
bool choice_about(const struct choice *c, const struct record *r);
/* The next stretch of packets behind `number` that holds all that matter until its end; false: none
 * behind it matters. *last may be beyond the trace. */
bool choice_next(const struct choice *c, uint32_t number, uint32_t *first, uint32_t *last);

/* report_packet() with the notes of the engine (NULL: none) if it is taken, else it is folded. */
void choice_packet(struct choice *c, struct report *rep, const struct record *r,
		   struct engine *engine);
/* Fold packets first..last, if there are any, without having looked at them. */
void choice_leave_out(struct report *rep, uint32_t first, uint32_t last);

#endif
