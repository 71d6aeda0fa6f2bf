/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * stages: how far the person's program came: name, connect, TLS, greeting, login; for one trace,
 * and for two side by side ("before" and "after").
 *
 * Worked out from records as they pass, in bounded memory, for the service the trace is about: a
 * conversation with the server the person named (by a name learned from DNS, TLS or HTTP, or by
 * address), else any; of several one in which something went wrong, else the one that came
 * furthest, else the one with most packets.
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
	bool guess;      /* only the sizes of encrypted records say so */
	bool hidden;     /* it could not be seen: the talk was encrypted by then */
	uint32_t packet; /* the one that says so; 0: none */
	int64_t time;    /* of that packet, ns since 1970 */
	int64_t took;    /* ns from asking to the answer, or waited in vain; -1: not known */
	char *words;     /* "refused: -ERR bad password"; cleaned; NULL */
};

/* The conversation the results are about. */
struct stages_talk {
	bool found;         /* false: there is none, at most a name was asked for */
	bool named;         /* it is the server the person named; or the name was asked for */
	const char *who;    /* "pop.example.org (192.0.2.5), port 110"; cleaned, never NULL */
	const char *user;   /* sent to log in; cleaned; "": none was seen */
	uint64_t to, from;  /* packets to the server and from it, in all its conversations */
	bool one_sided;     /* only one direction is in the capture */
	bool mid_stream;    /* it had begun before the capture */
	bool encrypted;     /* TLS, from its start or from the middle on */
	uint32_t first;     /* its first packet */
	int64_t first_time; /* ns since 1970 */
};

struct stages;
/* `server`: the name or address the person gave ("https://..." and ":110" are left out); NULL or
 * "": none. */
struct stages *stages_new(const char *server);
/* Before the first record: where this computer finds that server, whose name its programs may
 * remember and not ask for again. */
void stages_server_at(struct stages *s, const char *address);
void stages_free(struct stages *s);
/* Every packet, exchange and conversation record, as the pipeline gives them. */
void stages_record(struct stages *s, const struct record *r);
/* STAGE_COUNT results, valid until the next record. */
const struct stage_result *stages_results(struct stages *s);
/* Valid until the next record. */
const struct stages_talk *stages_talk(struct stages *s);
/* "Connection". */
const char *stage_name(enum stage s);

/* Two traces side by side as lines of text (`width` columns, no final newline): the first
 * difference in a sentence, then a row a stage. If only one of them knows its server by name, the
 * other is judged for the same one. True: what went wrong before works now, and nothing else goes
 * wrong; or, where nothing did, the program came as far as before. */
bool stages_compare(struct stages *before, struct stages *after, unsigned width, struct buf *out);

#endif
