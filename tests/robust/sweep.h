/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sweep: what one process does with one capture, and what the one that watches it can see. */
#ifndef TRACETUTOR_TESTS_SWEEP_H
#define TRACETUTOR_TESTS_SWEEP_H

#include "tests/robust/damage.h"
#include "tracetutor/session.h"

enum sweep_stage {
	SWEEP_WHOLE,     /* nothing is changed: only the time is measured */
	SWEEP_SNAPPED,   /* packets cut by the capture */
	SWEEP_SHORT,     /* packets sent so short */
	SWEEP_FILE_CUT,  /* the file cut */
	SWEEP_FLIP,      /* bytes of packets changed */
	SWEEP_FILE_FLIP, /* bytes of the file changed */
	SWEEP_VIEWS,     /* changed packets as a file: the report and the other views */
	SWEEP_STAGES
};

struct sweep_options {
	uint64_t flips, seed; /* packets with changed bytes a capture; seed of the first run */
	uint64_t cuts;        /* most cut packets a capture and way to cut; 0: all */
	uint32_t packets;     /* most packets of a run */
	uint32_t megabytes;   /* resident memory that is too much */
	/* The time of packets counts: nothing else is done between them that empties caches. */
	bool timed;
};

/* Shared with the watching process; written before the work that it names. */
struct sweep_state {
	volatile uint32_t stage;
	volatile uint64_t seed;               /* of the run at work */
	volatile uint64_t step;               /* packet of the run, or length of the file */
	volatile uint64_t moved;              /* changes with each step */
	volatile uint64_t done[SWEEP_STAGES]; /* packets, or files */
	volatile uint64_t runs;
	volatile int64_t worst; /* CPU time of a packet, ns: the best of three runs */
	volatile uint64_t worst_seed, worst_step;
	volatile uint64_t kilobytes; /* resident, at most so far */
};

/* All of it over one capture. Ends the process (abort()) when it sees something wrong. */
void sweep_capture(const struct taken *t, const struct packs *packs, const struct sweep_options *o,
		   struct sweep_state *state);
/* The run of packets that stage and seed stand for; false: it changes files, not packets. */
bool sweep_run(enum sweep_stage stage, uint64_t seed, const struct sweep_options *o,
	       struct damage_run *run);

#endif
