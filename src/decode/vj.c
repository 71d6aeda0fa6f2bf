/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Van Jacobson compression shortens the headers of TCP packets on slow lines from 40 bytes to as
 * few as 3, by sending only what differs from the packet before. RFC 1144. Hangs at PPP protocols
 * 0x002d (compressed) and 0x002f (uncompressed, which teaches the receiver a header).
 *
 * The whole packet is rebuilt (vj_table.c) into a source of its own and decoded from there. What
 * cannot be rebuilt is said in a field.
 */
#include "vj_table.h"

#include "link.h"

#define PPP_UNCOMPRESSED 0x002f

enum {
	VJ_PROTO,
	VJ_COMPRESSED,
	VJ_MASK,
	VJ_MASK_RESERVED,
	VJ_MASK_CONNECTION,
	VJ_MASK_IPID,
	VJ_MASK_PSH,
	VJ_MASK_SEQ,
	VJ_MASK_ACK,
	VJ_MASK_WIN,
	VJ_MASK_URG,
	VJ_CONNECTION,
	VJ_NO_CONNECTION_ID,
	VJ_NO_CONNECTION,
	VJ_NO_DIRECTION,
	VJ_BAD_DATA,
	VJ_CHECKSUM,
	VJ_URGENT,
	VJ_WINDOW,
	VJ_ACK,
	VJ_SEQ,
	VJ_IPID,
	VJ_ROWS
};
#define VJ_ID(row) FIELD_ID(PROTO_vj, VJ_##row)

#define MASK_ROW(row, field, text)                                                                 \
	[row] = {.name = "vjc.change_mask." field,                                                 \
		 .label = text,                                                                    \
		 .type = FT_BOOLEAN,                                                               \
		 .size = 1,                                                                        \
		 .flags = ROW_SUB,                                                                 \
		 .mask = 0x80 >> (row - VJ_MASK_RESERVED)}

static const struct field_def rows[VJ_ROWS] = {
	[VJ_PROTO] = {.name = "vjc", .label = "Van Jacobson PPP compression", .type = FT_PROTOCOL},
	[VJ_COMPRESSED] = {.name = "vjc.compressed",
			   .label = "Compressed",
			   .type = FT_BOOLEAN,
			   .on = "yes",
			   .off = "no",
			   .blurb = "Whether only the changes of the header were sent."},
	[VJ_MASK] = {.name = "vjc.change_mask",
		     .label = "Changes",
		     .type = FT_UINT8,
		     .show = SHOW_HEX,
		     .size = 1,
		     .blurb = "Which parts of the header differ from the packet before.",
		     .see = "RFC 1144 section 3.2.2"},
	MASK_ROW(VJ_MASK_RESERVED, "reserved", "Reserved"),
	MASK_ROW(VJ_MASK_CONNECTION, "connection_number", "Connection number follows"),
	MASK_ROW(VJ_MASK_IPID, "ip_id", "IP identification follows"),
	MASK_ROW(VJ_MASK_PSH, "psh", "PUSH"),
	MASK_ROW(VJ_MASK_SEQ, "seq", "Sequence number changed"),
	MASK_ROW(VJ_MASK_ACK, "ack", "Acknowledgment changed"),
	MASK_ROW(VJ_MASK_WIN, "win", "Window changed"),
	MASK_ROW(VJ_MASK_URG, "urg", "Urgent pointer follows"),
	[VJ_CONNECTION] = {.name = "vjc.connection_number",
			   .label = "Connection number",
			   .type = FT_UINT8,
			   .size = 1,
			   .blurb = "Which of the remembered headers the changes belong to."},
	[VJ_NO_CONNECTION_ID] = {.name = "vjc.no_connection_id",
				 .label = "No connection was named yet: the packet cannot be "
					  "rebuilt (usual at the start of a capture)",
				 .type = FT_NONE},
	[VJ_NO_CONNECTION] = {.name = "vjc.no_connection",
			      .label = "The full header of this connection was not captured: the "
				       "packet cannot be rebuilt (usual at the start of a capture)",
			      .type = FT_NONE},
	[VJ_NO_DIRECTION] = {.name = "vjc.no_direction",
			     .label = "No rebuilt packet has a correct checksum: one before it is "
				      "missing, or belongs to the other direction",
			     .type = FT_NONE},
	[VJ_BAD_DATA] = {.name = "vjc.bad_data",
			 .label = "No TCP header is here: the packet cannot be used",
			 .type = FT_NONE},
	[VJ_CHECKSUM] =
		{.name = "vjc.checksum",
		 .label = "TCP checksum",
		 .type = FT_UINT16,
		 .show = SHOW_HEX,
		 .size = 2,
		 .blurb = "Travels unchanged, and so proves that the header was rebuilt right."},
	[VJ_URGENT] = {.name = "vjc.urgent_pointer", .label = "Urgent pointer", .type = FT_UINT16},
	[VJ_WINDOW] = {.name = "vjc.delta_window", .label = "Window grew by", .type = FT_INT16},
	[VJ_ACK] = {.name = "vjc.delta_ack", .label = "Acknowledgment grew by", .type = FT_UINT16},
	[VJ_SEQ] = {.name = "vjc.delta_seq", .label = "Sequence number grew by", .type = FT_UINT16},
	[VJ_IPID] = {.name = "vjc.delta_ipid",
		     .label = "IP identification grew by",
		     .type = FT_UINT16},
};

/* One table a direction: [0] sent or not known to be received, [1] received. */
struct vj_state {
	struct vj_table table[2];
	uint8_t local[4]; /* sender of the first header learnt, for captures without direction */
	bool has_local;
};

static void fail(struct record *r, uint16_t why)
{
	field_add_none(r, why, 0, 0)->flags |= FIELD_GENERATED;
}

/* Decode the packet from a source of its own; the bytes live in the record's arena. */
static void show(struct decoder *d, struct record *r, struct cursor *c, const uint8_t *bytes,
		 uint32_t captured, uint32_t reported)
{
	uint8_t before = r->cur_source;
	uint8_t source = record_source(r, "Decompressed header", bytes, captured, reported);
	struct cursor whole = cursor_make(bytes, 0, captured, reported);

	if (!source) {
		decode_data(d, r, c);
		return;
	}
	r->cur_source = source;
	if (!decode_next(d, r, ON_ETHERTYPE, ETHERTYPE_IPV4, &whole))
		decode_data(d, r, &whole);
	r->cur_source = before;
	c->pos = c->captured;
}

/* --- uncompressed: RFC 1144 section 3.2.3, the protocol byte holds the connection number --- */

/*
 * Which table a header without known direction belongs to: packets of one sender go one way. The
 * sender of the first one, and all that are not its peers, are taken for this end of the line.
 */
static unsigned guess_table(struct vj_state *s, const uint8_t *ip)
{
	if (!s->has_local) {
		memcpy(s->local, ip + 12, 4);
		s->has_local = true;
	}
	return memcmp(s->local, ip + 16, 4) == 0;
}

static unsigned table_of(struct decoder *d, struct vj_state *s, const uint8_t *ip)
{
	switch (*ppp_direction(d)) {
	case DIR_OUT: return 0;
	case DIR_IN: return 1;
	default: return guess_table(s, ip);
	}
}

static void uncompressed(struct decoder *d, struct record *r, struct vj_state *s, struct cursor *c)
{
	uint32_t n = cursor_left(c);
	const uint8_t *p = c->base + c->pos;
	uint8_t *copy, slot;

	field_gen_uint(r, VJ_ID(COMPRESSED), 0);
	if (n < 20) {
		cursor_want(c, 20);
		decode_overrun(r, c);
		return;
	}
	slot = p[9];
	field_add_uint(r, VJ_ID(CONNECTION), c->pos + 9, 1, slot);
	copy = arena_copy(&r->arena, p, n);
	copy[9] = 6;
	if (!vj_learn(&s->table[table_of(d, s, p)], slot, copy, n)) {
		fail(r, VJ_ID(BAD_DATA));
		if (c->captured == c->reported) {
			r->fields[r->nfields - 1].flags |= FIELD_MALFORMED;
			r->malformed = true;
		}
	}
	show(d, r, c, copy, n, cursor_promised(c));
}

/* --- compressed --- */

/* RFC 1144 section 3.2.2: a byte, or zero and two bytes. */
static uint16_t add_delta(struct record *r, struct cursor *c, uint16_t id)
{
	uint32_t off = c->pos;
	uint16_t v = cursor_u8(c);

	if (!v)
		v = cursor_be16(c);
	if (!cursor_ok(c))
		return 0;
	if (id == VJ_ID(WINDOW))
		field_add_int(r, id, off, c->pos - off, (int16_t)v);
	else
		field_add_uint(r, id, off, c->pos - off, v);
	return v;
}

static void add_deltas(struct record *r, struct cursor *c, struct vj_change *v)
{
	uint8_t special = v->mask & VJ_SPECIALS;

	if (special != VJ_SPECIAL_ECHO && special != VJ_SPECIAL_DATA) {
		if (v->mask & VJ_NEW_URGENT)
			v->urgent = add_delta(r, c, VJ_ID(URGENT));
		if (v->mask & VJ_NEW_WINDOW)
			v->window = add_delta(r, c, VJ_ID(WINDOW));
		if (v->mask & VJ_NEW_ACK)
			v->ack = add_delta(r, c, VJ_ID(ACK));
		if (v->mask & VJ_NEW_SEQ)
			v->seq = add_delta(r, c, VJ_ID(SEQ));
	}
	if (v->mask & VJ_NEW_IPID)
		v->ipid = add_delta(r, c, VJ_ID(IPID));
	else
		field_gen_uint(r, VJ_ID(IPID), v->ipid = 1);
}

static struct vj_change read_change(struct record *r, struct cursor *c)
{
	struct vj_change v = {.mask = (uint8_t)walk(r, c, VJ_ID(MASK), VJ_ID(MASK_URG))};

	if (v.mask & VJ_NEW_CONNECTION)
		v.slot = (uint8_t)walk(r, c, VJ_ID(CONNECTION), VJ_ID(CONNECTION));
	v.checksum = (uint16_t)walk(r, c, VJ_ID(CHECKSUM), VJ_ID(CHECKSUM));
	add_deltas(r, c, &v);
	v.data = c->base + c->pos;
	v.captured = cursor_left(c);
	v.reported = cursor_promised(c);
	return v;
}

/* The packet by this table; NULL if it does not know the connection. */
static uint8_t *rebuild(struct record *r, const struct vj_table *t, const struct vj_change *v)
{
	uint8_t header[VJ_HEADER_MAX], *p;
	uint32_t n = vj_apply(t, v, header);

	if (!n)
		return NULL;
	p = arena_alloc(&r->arena, n + v->captured);
	memcpy(p, header, n);
	memcpy(p + n, v->data, v->captured);
	return p;
}

/* What each table makes of a change. */
struct candidate {
	uint8_t *packet;
	bool proven; /* the TCP checksum is right */
};

/* Which of the candidates is the packet; -1: none can be told. */
static int choose(enum frame_direction way, const struct candidate c[2], bool cut)
{
	if (way != DIR_UNKNOWN)
		return c[way == DIR_IN].packet ? way == DIR_IN : -1;
	for (int i = 0; i < 2; i++)
		if (c[i].proven)
			return i;
	/* What is cut cannot be proven: believed if there is no choice. */
	if (cut && !c[0].packet != !c[1].packet)
		return c[0].packet ? 0 : 1;
	return -1;
}

static void say_why(struct record *r, const struct vj_state *s, const struct vj_change *v,
		    enum frame_direction way, const struct candidate c[2])
{
	const struct vj_table *t = &s->table[way == DIR_IN];
	bool named = v->mask & VJ_NEW_CONNECTION || t->has_last ||
		     (way == DIR_UNKNOWN && s->table[1].has_last);

	if (c[0].packet || c[1].packet)
		fail(r, VJ_ID(NO_DIRECTION));
	else
		fail(r, named ? VJ_ID(NO_CONNECTION) : VJ_ID(NO_CONNECTION_ID));
}

/* What the two frequent cases say without bytes of their own (section 3.2.2). */
static void add_special(struct record *r, const struct vj_table *t, const struct vj_change *v)
{
	uint8_t special = v->mask & VJ_SPECIALS;
	uint32_t n = vj_last_data(t, v);

	if (special != VJ_SPECIAL_ECHO && special != VJ_SPECIAL_DATA)
		return;
	field_gen_uint(r, VJ_ID(ACK), special == VJ_SPECIAL_ECHO ? n : 0);
	field_gen_uint(r, VJ_ID(SEQ), n);
}

static void compressed(struct decoder *d, struct record *r, struct vj_state *s, struct cursor *c)
{
	enum frame_direction way = *ppp_direction(d);
	struct candidate candidates[2] = {{0}};
	struct vj_change v;
	int which;

	field_gen_uint(r, VJ_ID(COMPRESSED), 1);
	v = read_change(r, c);
	if (!cursor_ok(c)) {
		decode_overrun(r, c);
		return;
	}
	for (int i = 0; i < 2; i++) {
		if (way != DIR_UNKNOWN && i != (way == DIR_IN))
			continue;
		candidates[i].packet = rebuild(r, &s->table[i], &v);
		candidates[i].proven = candidates[i].packet && v.captured == v.reported &&
				       vj_proven(candidates[i].packet, v.captured);
	}
	which = choose(way, candidates, v.captured < v.reported);
	if (which < 0) {
		say_why(r, s, &v, way, candidates);
		if (way != DIR_UNKNOWN)
			vj_lost(&s->table[way == DIR_IN], &v);
		decode_data(d, r, c);
		return;
	}
	add_special(r, &s->table[which], &v);
	vj_accept(&s->table[which], &v, candidates[which].packet);
	show(d, r, c, candidates[which].packet, vj_header(candidates[which].packet) + v.captured,
	     vj_header(candidates[which].packet) + v.reported);
}

static void vj_decode(struct decoder *d, struct record *r, struct cursor *c)
{
	struct vj_state *s = decoder_state(d, PROTO_vj, sizeof(*s));
	const struct field *protocol = &r->fields[r->nfields - 1]; /* PPP's, just added */
	bool full = protocol->v.u == PPP_UNCOMPRESSED;

	layer_open(r, PROTO_vj, c);
	if (full)
		uncompressed(d, r, s, c);
	else
		compressed(d, r, s, c);
}

/* A rebuilt packet speaks for itself; only trouble has lines here. */
static void vj_lines(struct lines *l, const struct record *r, const struct layer *layer)
{
	for (uint32_t i = layer->first + 1; i < layer->end; i++) {
		const struct field *f = &r->fields[i];
		unsigned row = FIELD_ROW(f->id);

		if (&r->layers[f->layer] != layer || FIELD_PROTO(f->id) != PROTO_vj)
			continue;
		if ((row >= VJ_NO_CONNECTION_ID && row <= VJ_BAD_DATA) ||
		    f->flags & (FIELD_SNAPPED | FIELD_MALFORMED))
			lines_generic(l, r, layer, f);
	}
}

static const struct hang on[] = {
	{ON_PPP_PROTO, 0x002d}, {ON_PPP_PROTO, PPP_UNCOMPRESSED}, {ON_NOTHING, 0}};

const struct proto_def proto_vj = {
	.name = "vjc",
	.label = "Van Jacobson PPP compression",
	.prefix = "VJ",
	.fields = rows,
	.nfields = VJ_ROWS,
	.on = on,
	.decode = vj_decode,
	.lines = vj_lines,
	.blurb = "Shortens TCP headers on slow lines by sending only what differs from the packet "
		 "before.",
	.see = "RFC 1144",
};
