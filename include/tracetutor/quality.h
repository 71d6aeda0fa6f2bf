/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * quality: is the recording good for finding the fault?
 *
 * What the packets alone can tell is a rule in lessons/rules/capture.xml, and its finding is passed
 * on here. What needs the person's answers or the machine is judged here: the wrong interface, the
 * server not met, started too late, packets lost by the kernel. No I/O.
 */
#ifndef TRACETUTOR_QUALITY_H
#define TRACETUTOR_QUALITY_H

#include "tracetutor/machine.h"
#include "tracetutor/report.h"
#include "tracetutor/stages.h"

struct quality_input {
	const struct capture_facts *facts; /* packets, times, damage, drops */
	const struct engine *engine;       /* after engine_end() */
	struct stages *stages;             /* made with the server the person named */
	const struct machine *machine;     /* of the recording; NULL: not known */
	const char *server;                /* as the person gave it; NULL or "": none */
	/* The interface by which the server would be reached; NULL: not known. */
	const char *server_interface;
	/* When the recording began and the person was told to make it fail, ns since 1970; 0: not
	 * known. */
	int64_t asked;
	/* Conditions of the lesson's check, and how many were met. The lesson has the words for
	 * what is missing; here it only counts for `again`. */
	size_t wanted, seen;
	uint64_t dropped; /* by the recorder's count; UINT64_MAX: as the file says */
};

/* In order of importance, the worst first. */
enum quality_kind {
	QUALITY_EMPTY,     /* no packet at all */
	QUALITY_INTERFACE, /* recorded where the server would not be reached */
	QUALITY_LATE,      /* the conversation had begun before the recording */
	QUALITY_NO_SERVER, /* nothing went to the server, nor was its name looked up */
	QUALITY_ONE_SIDED, /* only one direction */
	QUALITY_DROPPED,   /* packets were lost by the recording */
	QUALITY_CUT,       /* packets were not kept whole */
	QUALITY_DAMAGED,   /* the file cannot be read to its end */
	QUALITY_SHORT,     /* stopped early, or while an answer was still waited for */
	QUALITY_RULE,      /* another rule of the pack "capture" says it */
	QUALITY_TWICE,     /* packets recorded twice (interface "any") */
	QUALITY_ENCRYPTED  /* what is said cannot be read */
};

struct quality_problem {
	enum quality_kind kind;
	bool again; /* a better recording is possible: it is worth while to record again */
	/* Cleaned sentences: what was seen, and what to do (NULL: nothing). Those of the finding,
	 * if there is one. */
	char *seen, *todo;
	const struct finding *finding; /* NULL: no rule says it */
};

enum quality_fault {
	FAULT_ABSENT, /* nothing wrong was seen */
	FAULT_LIKELY, /* only warnings */
	FAULT_SHOWN   /* an error: a verdict */
};

#define QUALITY_MAX_PROBLEMS 16

struct quality {
	struct quality_problem problems[QUALITY_MAX_PROBLEMS]; /* most important first */
	size_t n;
	enum quality_fault fault;
	bool again; /* what Enter should mean: record again; false: go on */
};

/* Fills *out, which quality_release() empties. */
void quality_judge(const struct quality_input *in, struct quality *out);
void quality_release(struct quality *q);

#endif
