/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * app_feed: gives bytes to an application protocol as one packet's payload, with a conversation
 * that keeps its state, and reads fields by name.
 */
#ifndef TRACETUTOR_TESTS_APP_FEED_H
#define TRACETUTOR_TESTS_APP_FEED_H

#include <glib.h>
#include <string.h>

#include "tests/unit/unit.h"
#include "tracetutor/decode.h"

#define CLIENT true
#define SERVER false

struct feed {
	struct decoder *d;
	struct record r;
	struct conv conv;
	struct pool states;
	uint16_t port; /* of the server */
	uint8_t ip_proto;
	bool gap, last;
	uint32_t cut;     /* bytes the capture lacks at the end */
	uint32_t carried; /* bytes at the begin that came in earlier packets */
};

static inline struct feed *feed_new(uint8_t ip_proto, uint16_t port)
{
	struct feed *f = g_new0(struct feed, 1);

	f->d = decoder_new();
	f->conv.a_is_client = true;
	f->conv.app_states = &f->states;
	pool_init(&f->states, CONV_APP_STATE, 1);
	f->port = port;
	f->ip_proto = ip_proto;
	record_init(&f->r, RECORD_PACKET);
	return f;
}

static inline void feed_free(struct feed *f)
{
	decoder_free(f->d);
	record_release(&f->r);
	pool_release(&f->states);
	g_free(f);
}

/* One packet's bytes; returns how many were consumed. The bytes live as long as the record. */
static inline uint32_t feed_bytes(struct feed *f, bool client, const void *bytes, uint32_t n)
{
	struct record *r = &f->r;
	uint8_t *copy;

	record_reset(r, RECORD_PACKET);
	decoder_free(f->d); /* steps are counted a packet: begin anew */
	f->d = decoder_new();
	copy = arena_copy(&r->arena, bytes, n);
	r->conv = &f->conv;
	r->from_a = client;
	r->flow = (struct flow){.family = 4, .ip_proto = f->ip_proto};
	r->flow.src.port = client ? 50000 : f->port;
	r->flow.dst.port = client ? f->port : 50000;
	record_source(r, "Frame", copy, n, n + f->cut);
	r->sources[0].carried = f->carried;
	r->payload.captured = n;
	r->payload.reported = n + f->cut;
	r->payload.gap_before = f->gap;
	r->payload.last = f->last;
	decode_payload(f->d, r);
	return r->payload.consumed;
}

static inline uint32_t feed_text(struct feed *f, bool client, const char *text)
{
	return feed_bytes(f, client, text, (uint32_t)strlen(text));
}

/* The n-th field (from 0) of that name, or NULL. */
static inline const struct field *field_nth(const struct feed *f, const char *name, unsigned n)
{
	uint16_t id = field_find(name, strlen(name));

	ck_assert_msg(id != FIELD_NONE, "no such field: %s", name);
	for (uint32_t i = 0; i < f->r.nfields; i++)
		if (f->r.fields[i].id == id && n-- == 0)
			return &f->r.fields[i];
	return NULL;
}

/* Its value as text; "(none)" if there is no such field. Valid until the next call. */
static inline const char *value_nth(const struct feed *f, const char *name, unsigned n)
{
	static struct buf text;
	const struct field *field = field_nth(f, name, n);

	if (!field)
		return "(none)";
	buf_reset(&text);
	field_value_text(&text, &f->r, field);
	return buf_text(&text);
}

#define ck_value(f, name, expected)        ck_assert_str_eq(value_nth(f, name, 0), expected)
#define ck_value_nth(f, name, n, expected) ck_assert_str_eq(value_nth(f, name, n), expected)
#define ck_none(f, name)                   ck_assert_ptr_null(field_nth(f, name, 0))
#define ck_flag(f, name, flag)             ck_assert(field_nth(f, name, 0)->flags &(flag))

/* The role of the n-th mark, -1 if there are fewer. */
static inline int mark_role(const struct feed *f, unsigned n)
{
	return n < f->r.nmarks ? (int)f->r.marks[n].role : -1;
}

#endif
