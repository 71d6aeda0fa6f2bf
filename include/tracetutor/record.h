/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * record: what one packet (or exchange, conversation, capture) says, decoded once.
 *
 * A flat list of fields in wire order; rules, filters, outputs and redaction all work on it. Each
 * field belongs to a layer and points into a source: the frame's bytes, or bytes made from them
 * (reassembled stream, decompressed header, decoded base64). All of it lives in the record's arena
 * and is gone at record_reset().
 */
#ifndef TRACETUTOR_RECORD_H
#define TRACETUTOR_RECORD_H

#include <stdbool.h>
#include <stdint.h>

#include "tracetutor/arena.h"
#include "tracetutor/buf.h"
#include "tracetutor/conv.h"
#include "tracetutor/cursor.h"
#include "tracetutor/field.h"
#include "tracetutor/frame.h"

#define RECORD_MAX_LAYERS  24
#define RECORD_MAX_SOURCES 8
#define RECORD_MAX_FIELDS  10000 /* further ones are dropped and `overfull` is set */
#define RECORD_MAX_NUMBERS 10    /* that headers of a shape have of their own */
#define RECORD_MAX_MARKS   64    /* exchange marks in one packet */

/* flags of a field */
#define FIELD_GENERATED    1 /* deduced, not on the wire (Wireshark's square brackets) */
#define FIELD_SNAPPED      2 /* its bytes are cut by the capture */
#define FIELD_MALFORMED    4 /* the sender's bytes break the format here */
#define FIELD_BAD_CHECKSUM 8
#define FIELD_SECRET       16 /* this value is secret although its row is not (argument of PASS) */
#define FIELD_IDENTITY     32 /* likewise a user name */
#define FIELD_HIDDEN       64 /* an alias (ip.addr): filterable, not shown */

union field_value {
	uint64_t u;
	int64_t i; /* times: nanoseconds (absolute: since 1970 UTC); FT_DOUBLE: 1e-9 */
	const uint8_t *p;
};

struct field {
	uint16_t id;    /* registry id */
	uint8_t layer;  /* index into record->layers */
	uint8_t depth;  /* 0: protocol; 1: its fields; 2: bits or parts of the field above */
	uint8_t source; /* index into record->sources */
	uint8_t flags;
	uint16_t next;     /* index of the next field with this id; 0: none */
	uint32_t off, len; /* its bytes in the source; len 0 for generated ones */
	uint32_t vlen;     /* VALUE_BYTES: bytes at v.p */
	union field_value v;
};

struct layer {
	enum proto_id proto;
	uint8_t source;
	bool quoted;    /* inside an ICMP error: what the reporter saw, not this packet itself */
	bool again;     /* fields of its protocol were there before it */
	uint8_t parent; /* index of the layer it is quoted in, else its own index */
	uint32_t first; /* index of its protocol field in record->fields */
	uint32_t end;   /* one past its last field; a quoted layer's fields follow its parent's */
	uint32_t off, len; /* header (and for the last layer payload) bytes in the source */
};

struct source {
	const uint8_t *bytes;
	uint32_t captured, reported;
	const char *name; /* "Frame", "Reassembled TCP", "Decompressed header", "Decoded base64" */
	/* For a stream source: bytes before this offset were carried over from earlier packets. */
	uint32_t carried;
};

/* Addresses of a packet as tracking and rules need them, without searching the fields. */
struct flow {
	uint8_t family;   /* 4, 6, 0: no IP */
	uint8_t ip_proto; /* 6, 17, 1, 58 ... */
	bool fragment;    /* not the first fragment, or more fragments follow: no ports */
	uint8_t ttl;
	struct endpoint src, dst; /* conv.h */
	uint32_t ip_id;
	/* TCP only */
	uint32_t seq, ack;
	uint16_t tcp_flags, window; /* window unscaled */
	uint16_t mss;               /* option values; 0 / -1 if absent */
	int8_t wscale;
	bool sack_permitted;
	uint8_t nsack; /* SACK blocks in sack[2*i], sack[2*i+1] */
	uint32_t sack[8];
	uint32_t tsval, tsecr;
	bool has_timestamps;
	/* Transport payload: bytes in source `psource`. For TCP, preported is the segment length
	 * the IP header promises (may be more than captured). */
	uint8_t psource;
	uint32_t poff, pcaptured, preported; /* lengths from poff */
	bool checksum_bad; /* transport checksum verified wrong (not: offloaded, not: cut) */
};

/* A dissector says: here a request (or response) of an application exchange lies. track pairs them.
 */
enum exchange_role {
	EXCHANGE_REQUEST,
	EXCHANGE_RESPONSE,
	EXCHANGE_EVENT /* unpaired, e.g. greeting */
};
#define EXCHANGE_KEY_REST 0xffffffffffffull
struct exchange_mark {
	enum exchange_role role;
	enum proto_id proto;
	/* Equal in request and response (DNS id and question, ICMP id<<16|seq); 0: in order. With
	 * EXCHANGE_KEY_REST 0 a response fits any request of its conversation with the same rest.
	 */
	uint64_t key;
	bool any_conv;        /* pair by key and proto over all conversations (ARP, DHCP) */
	uint32_t first, last; /* range of fields that say it */
};

/* First and last field of an id. What an earlier packet left here is told apart by looking at the
 * field itself, so nothing has to be cleared between packets. */
struct field_place {
	uint16_t first, last;
};

enum record_kind { RECORD_PACKET, RECORD_EXCHANGE, RECORD_CONVERSATION, RECORD_CAPTURE };

struct record {
	enum record_kind kind;
	const struct frame *frame; /* packet: this frame; others: NULL */
	uint32_t number; /* packet: frame number; others: the frame that completed it, or 0 */
	int64_t time;    /* ns since 1970; for others: when it was known */
	struct field *fields;
	uint32_t nfields, cap;
	struct field_place *places; /* by id, where its fields stand; see record_first() */
	struct layer layers[RECORD_MAX_LAYERS];
	uint8_t nlayers;
	struct source sources[RECORD_MAX_SOURCES];
	uint8_t nsources;
	uint64_t protos[(PROTO_COUNT + 63) /
			64]; /* bit set: a field of that protocol's table is present */
	struct flow flow;   /* outermost IP packet that carries transport (innermost for tunnels) */
	struct flow quoted; /* ICMP errors: the packet quoted; family 0 if none */
	struct conv *conv;  /* NULL: none */
	bool from_a;        /* direction in conv */
	/* Bytes for the payload protocol, set by track (TCP: next in-order bytes with what was
	 * carried over; empty for a repeat) or by decode (UDP). */
	struct {
		uint8_t source;
		uint32_t off, captured, reported; /* lengths from off */
		bool gap_before;                  /* bytes were lost before these */
		bool last; /* nothing more will come: decode incomplete messages as they are */
		uint32_t consumed; /* answer of decode: bytes done with */
	} payload;
	struct exchange_mark marks[RECORD_MAX_MARKS];
	uint8_t nmarks;
	bool snapped, malformed, overfull;
	bool older; /* what it hangs on began before reading did (track_resume()) */
	/* insertion state of the dissector at work, laid out as a field begins: a new one takes it
	 * over as a whole */
	union {
		struct {
			uint16_t cur_id;
			uint8_t cur_layer, cur_depth, cur_source, cur_flags;
			uint16_t cur_next;
		};
		uint64_t cur_head;
	};
	bool in_quote;
	uint8_t quote_parent;
	/* Of its headers (shape.h), with their own numbers in the order of their lines; NULL: they
	 * have none. */
	struct shape *shape;
	uint8_t nnumbers;
	struct arena arena;
	/* Nobody asks for fields by name (no filter, no rules): what neither the decode column nor
	 * the list shows may be left out, and lines are plain (lines.h). Set after record_init(),
	 * survives record_reset(). */
	bool lean;
	/* Nothing but plain lines is wanted of a lean record: headers of a shape that came before
	 * have no fields (shape.h). NULL: they have. Set as `lean` is. */
	struct shapes *shapes;
	uint32_t numbers[RECORD_MAX_NUMBERS];
	/* field_all(), or field_asked() if nothing but what is asked for by name is looked at:
	 * other fields are left out. Set as `lean` is. */
	const uint64_t *asked;
};

void record_init(struct record *r, enum record_kind kind);
/* Empty it for the next packet; memory is kept. */
void record_reset(struct record *r, enum record_kind kind);
void record_release(struct record *r);

/* Open a layer at the cursor; further fields belong to it. NULL if there are too many layers. */
struct layer *layer_open(struct record *r, enum proto_id proto, const struct cursor *c);
/* Its bytes end at offset `end` of its source. */
void layer_close(struct record *r, struct layer *l, uint32_t end);

/* A new source; its index, or 0 with nothing made if there are too many. Bytes are borrowed. */
uint8_t record_source(struct record *r, const char *name, const uint8_t *bytes, uint32_t captured,
		      uint32_t reported);

/* Will a field with that id be left out? */
static inline bool record_leaves_out(const struct record *r, uint16_t id)
{
	return !(r->asked[id / 64] >> id % 64 & 1);
}
/* The packet has something of that protocol. */
static inline void record_note_proto(struct record *r, enum proto_id proto)
{
	r->protos[proto / 64] |= 1ull << (proto % 64);
}
/* What the caller gets for a field that is left out: a scratch field, for its place alone. */
static inline struct field *record_scratch(struct record *r, uint16_t id, uint32_t off,
					   uint32_t len)
{
	struct field *scratch = &r->fields[r->nfields];

	record_note_proto(r, FIELD_PROTO(id));
	scratch->source = r->cur_source;
	scratch->off = off;
	scratch->len = len;
	return scratch;
}

/* Add a field that is not left out: the value v, of vlen bytes if it is bytes. See below. */
struct field *field_put(struct record *r, uint16_t id, uint32_t off, uint32_t len,
			union field_value v, uint32_t vlen);
/*
 * Add a field to the current layer and source at depth 1 + r->cur_depth. The returned pointer is
 * valid until the next add. When the record is full a scratch field is returned, so callers need no
 * check. The value of field_add_bytes is the bytes themselves; field_add_value gives a value that
 * differs from the bytes (unescaped, decoded); it is borrowed: arena_copy() it if it is not
 * packet-lived.
 */
static inline struct field *field_add_uint(struct record *r, uint16_t id, uint32_t off,
					   uint32_t len, uint64_t v)
{
	return record_leaves_out(r, id)
		       ? record_scratch(r, id, off, len)
		       : field_put(r, id, off, len, (union field_value){.u = v}, 0);
}
static inline struct field *field_add_int(struct record *r, uint16_t id, uint32_t off, uint32_t len,
					  int64_t v)
{
	return field_add_uint(r, id, off, len, (uint64_t)v);
}
struct field *field_add_bytes(struct record *r, uint16_t id, uint32_t off, uint32_t len);
struct field *field_add_value(struct record *r, uint16_t id, uint32_t off, uint32_t len,
			      const void *v, uint32_t vlen);
/* Presence only (FT_NONE), and marks such as tt.malformed. */
struct field *field_add_none(struct record *r, uint16_t id, uint32_t off, uint32_t len);
/* Generated facts: no bytes. */
static inline struct field *field_gen_uint(struct record *r, uint16_t id, uint64_t v)
{
	struct field *f = field_add_uint(r, id, 0, 0, v);

	f->flags |= FIELD_GENERATED;
	return f;
}
static inline struct field *field_gen_int(struct record *r, uint16_t id, int64_t v)
{
	return field_gen_uint(r, id, (uint64_t)v);
}
struct field *field_gen_text(struct record *r, uint16_t id, const char *text,
			     size_t len); /* copied */
/* Copy a field of another record, with its value bytes, into the current layer of this one. */
struct field *field_copy(struct record *r, const struct field *f);

/*
 * Fields of a header, as field_add_uint() and field_add_bytes() add them, but with all that is the
 * same for them looked at once. Begin behind layer_open(), or where the depth was changed; other
 * fields may be added in between, but in no other layer.
 */
struct header_fields {
	struct record *r;
	struct layer *layer;
	struct field blank; /* what they share */
	bool simple;        /* no room has to be made, nor are there rows of such a layer before */
};
#define HEADER_FIELDS 128 /* at most, others in between included */
static inline struct header_fields header_begin(struct record *r)
{
	struct header_fields h = {.r = r, .layer = &r->layers[r->cur_layer]};

	memcpy(&h.blank, &r->cur_head, sizeof(r->cur_head));
	h.blank.depth++;
	h.simple = !h.layer->again && r->nfields + HEADER_FIELDS < r->cap;
	return h;
}
/* Fields from here on stand so many steps deeper. */
static inline void header_deeper(struct header_fields *h, int steps)
{
	h->r->cur_depth = (uint8_t)(h->r->cur_depth + steps);
	h->blank.depth = (uint8_t)(h->blank.depth + steps);
}
static inline struct field *header_put(struct header_fields *h, uint16_t id, uint32_t off,
				       uint32_t len)
{
	struct record *r = h->r;
	uint32_t n = r->nfields;
	struct field *f = &r->fields[n];

	r->nfields = h->layer->end = n + 1;
	*f = h->blank;
	f->id = id;
	f->off = off;
	f->len = len;
	return f;
}
/* What the caller gets for a field of a header that is left out: it says nothing. */
static inline struct field *header_scratch(struct header_fields *h)
{
	return &h->r->fields[h->r->nfields];
}
/* The only number of that row in the layer, which is not left out. */
static inline struct field *header_kept(struct header_fields *h, uint16_t id, uint32_t off,
					uint32_t len, uint64_t v)
{
	uint16_t n = (uint16_t)h->r->nfields;
	struct field *f;

	if (!h->simple)
		return field_put(h->r, id, off, len, (union field_value){.u = v}, 0);
	h->r->places[id] = (struct field_place){n, n};
	f = header_put(h, id, off, len);
	f->v.u = v;
	return f;
}
/* The only number of that row in the layer. */
static inline struct field *header_uint(struct header_fields *h, uint16_t id, uint32_t off,
					uint32_t len, uint64_t v)
{
	return record_leaves_out(h->r, id) ? header_scratch(h) : header_kept(h, id, off, len, v);
}
/* The field that comes next has a row that may have been there. */
static inline void header_repeat(struct header_fields *h, uint16_t id)
{
	struct field_place *place = &h->r->places[id];
	uint16_t n = (uint16_t)h->r->nfields;

	if (place->first < n && h->r->fields[place->first].id == id)
		h->r->fields[place->last].next = n;
	else
		place->first = n;
	place->last = n;
}
/* A number, or bytes, of which the layer may have more. */
static inline struct field *header_more_uint(struct header_fields *h, uint16_t id, uint32_t off,
					     uint32_t len, uint64_t v)
{
	struct field *f;

	if (record_leaves_out(h->r, id))
		return header_scratch(h);
	if (!h->simple)
		return field_add_uint(h->r, id, off, len, v);
	header_repeat(h, id);
	f = header_put(h, id, off, len);
	f->v.u = v;
	return f;
}
static inline struct field *header_more_bytes(struct header_fields *h, uint16_t id, uint32_t off,
					      uint32_t len, const uint8_t *p)
{
	struct field *f;

	if (record_leaves_out(h->r, id))
		return header_scratch(h);
	if (!h->simple)
		return field_add_value(h->r, id, off, len, p, len);
	header_repeat(h, id);
	f = header_put(h, id, off, len);
	f->v.p = p;
	f->vlen = len;
	return f;
}
/* The ROW_SUB rows first..last of a number of `len` bytes that stands at `off`, a step deeper. */
void header_bits(struct header_fields *h, uint32_t off, uint32_t len, uint64_t number,
		 uint16_t first, uint16_t last);

/*
 * The generic walker: read rows first..last of the current protocol's table at the cursor, each
 * `size` bytes; rows with ROW_SUB read the bits of the row above. Returns the value of row `first`.
 * Rows that cannot be read are not added (the cursor says why).
 */
uint64_t walk(struct record *r, struct cursor *c, uint16_t first, uint16_t last);
/* Only the ROW_SUB rows first..last, over the bytes of field f. */
void walk_bits(struct record *r, const struct field *f, uint16_t first, uint16_t last);

/* The first of these ids that will not be left out; more than `last` if all will be. */
static inline uint16_t record_next_kept(const struct record *r, uint16_t id, uint16_t last)
{
	while (id <= last && record_leaves_out(r, id)) {
		uint64_t rest = r->asked[id / 64] >> id % 64;

		id = (uint16_t)(rest ? id + __builtin_ctzll(rest) : (id / 64 + 1) * 64);
	}
	return id;
}
/* First field with that id, or NULL; in constant time. */
static inline const struct field *record_first(const struct record *r, uint16_t id)
{
	uint16_t at = r->places[id].first;

	return at < r->nfields && r->fields[at].id == id ? &r->fields[at] : NULL;
}
/* The next field with the same id, or NULL. */
static inline const struct field *record_next(const struct record *r, const struct field *f)
{
	return f->next ? &r->fields[f->next] : NULL;
}
/* First field with that id at or after index `from`, or NULL. */
const struct field *record_find(const struct record *r, uint16_t id, uint32_t from);
static inline bool record_has_proto(const struct record *r, enum proto_id p)
{
	return r->protos[p / 64] >> (p % 64) & 1;
}
static inline const struct field_def *def_of(const struct field *f)
{
	return field_def(f->id);
}
/* Pointer to the field's own bytes in its source; NULL for generated ones. */
const uint8_t *field_bytes(const struct record *r, const struct field *f);

/* The value as text for people and PDML's show: "110", "0x0800", "192.0.2.1", cleaned strings. */
void field_value_text(struct buf *out, const struct record *r, const struct field *f);
/* The same with the name of the value, if it has one: "0x0800 (IPv4)". */
void field_named_text(struct buf *out, const struct record *r, const struct field *f);

void exchange_mark(struct record *r, enum exchange_role role, enum proto_id proto, uint64_t key,
		   uint32_t first, uint32_t last);

#endif
