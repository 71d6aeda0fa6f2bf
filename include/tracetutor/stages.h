/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * stages: how far the person's program came: name, connect, TLS, greeting, login; for one trace,
 * and for two side by side ("before" and "after").
 *
 * Worked out from records as they pass, in bounded memory, for the service the trace is about.
 */
#ifndef TRACETUTOR_STAGES_H
#define TRACETUTOR_STAGES_H

#include "tracetutor/record.h"

enum stage {
	STAGE_ADDRESS,  /* an address for this computer (DHCP) */
	STAGE_NAME,     /* the server's name was looked up and found */
	STAGE_CONNECT,  /* the connection was accepted */
	STAGE_TLS,      /* encryption was agreed */
	STAGE_GREETING, /* the server said hello, or answered a first request */
	STAGE_LOGIN,    /* the login was accepted */
	STAGE_DATA,     /* what was wanted was transferred: a page, a mail */
	STAGE_COUNT
};
enum stage_state {
	STAGE_NOT_SEEN, /* nothing of it in the trace */
	STAGE_DONE,
	STAGE_REFUSED, /* asked for, and refused or broken */
	STAGE_OPEN     /* asked for, and not answered */
};
struct stage_result {
	enum stage_state state;
	uint32_t packet; /* the one that says so; 0: none */
	int64_t took;    /* ns from asking to the answer; -1: not known */
	char *words;     /* "192.0.2.5 refused: -ERR bad password"; cleaned; NULL */
};

struct stages;
/* `server`: the name or address the person gave; NULL or "": the one most packets go to. */
struct stages *stages_new(const char *server);
void stages_free(struct stages *s);
/* Every packet, exchange and conversation record, as the pipeline gives them. */
void stages_record(struct stages *s, const struct record *r);
/* STAGE_COUNT results, valid until the next record. */
const struct stage_result *stages_results(struct stages *s);
/* "Connect to the server". */
const char *stage_name(enum stage s);

/* Two traces side by side as lines of text (`width` columns, no final newline): the first
 * difference in a sentence, then a row a stage. */
void stages_compare(struct stages *before, struct stages *after, unsigned width, struct buf *out);

#endif
