/* SPDX-License-Identifier: GPL-3.0-or-later */
/* overview_private: what the collecting and the telling half of an overview share. */
#ifndef TRACETUTOR_REPORT_OVERVIEW_PRIVATE_H
#define TRACETUTOR_REPORT_OVERVIEW_PRIVATE_H

#include "report_private.h"
#include "tracetutor/overview.h"

#define ANSWER_MAX 48

/* An address that sends or gets packets. */
struct computer {
	uint8_t family, addr[16];
	uint64_t sent, got, bytes; /* packets, and their bytes on the wire */
};

/* A name that was asked for. */
struct asked {
	char *name; /* raw */
	uint32_t times, packet;
	char answer[ANSWER_MAX]; /* the last one, cleaned; "": none came */
};

struct overview {
	uint64_t protos[PROTO_COUNT]; /* packets */
	GHashTable *computers;        /* struct computer by itself */
	uint64_t others;              /* packets of computers beyond the cap */
	GHashTable *names;            /* struct asked by name */
	uint64_t unnamed;             /* questions beyond the cap */
	struct conversations talks;
	bool ended;
	uint64_t cut, unreadable, malformed, opaque, encrypted;
	uint16_t query, response, rcode, a, aaaa; /* ids of DNS fields */
};

/* The largest first; g_ptr_array_free() it. */
GPtrArray *overview_computers(const struct overview *o);
GPtrArray *overview_names(const struct overview *o);
/* After the last record, once. */
void overview_end(struct overview *o);

#endif
