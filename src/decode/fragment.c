/* SPDX-License-Identifier: GPL-3.0-or-later */
/* fragment: IP datagrams put together from their fragments (RFC 791 section 3.2, RFC 8200 4.5). */
#include "fragment.h"

#include <glib.h>
#include <string.h>

struct datagram {
	bool used;
	uint8_t family, proto;
	uint8_t src[16], dst[16];
	uint32_t id;
	int64_t begun;  /* time of its first packet */
	uint32_t total; /* length once the last piece is known, else 0 */
	unsigned npieces;
	struct fragment_piece pieces[FRAGMENT_PIECES];
	uint8_t have[FRAGMENT_BYTES / 8 / 8]; /* a bit for each unit of 8 bytes */
	uint8_t bytes[FRAGMENT_BYTES];
};

/* No pointers inside: the engine frees it as one block. */
struct fragments {
	struct fragment_whole whole;
	struct datagram table[FRAGMENT_DATAGRAMS];
};

static bool same(const struct datagram *g, const struct fragment *f)
{
	return g->used && g->id == f->id && g->family == f->family &&
	       (f->family == 6 || g->proto == f->proto) &&
	       !memcmp(g->src, f->src, sizeof(g->src)) && !memcmp(g->dst, f->dst, sizeof(g->dst));
}

static void begin(struct datagram *g, const struct fragment *f, int64_t now)
{
	memset(g, 0, offsetof(struct datagram, bytes));
	g->used = true;
	g->family = f->family;
	g->proto = f->proto;
	memcpy(g->src, f->src, sizeof(g->src));
	memcpy(g->dst, f->dst, sizeof(g->dst));
	g->id = f->id;
	g->begun = now;
}

/* The datagram it belongs to, begun if there is none; the oldest gives way. */
static struct datagram *datagram_of(struct fragments *t, const struct fragment *f, int64_t now)
{
	struct datagram *place = &t->table[0];

	for (unsigned i = 0; i < FRAGMENT_DATAGRAMS; i++) {
		struct datagram *g = &t->table[i];

		if (same(g, f)) {
			if (now - g->begun > FRAGMENT_SECONDS * G_GINT64_CONSTANT(1000000000))
				begin(g, f, now);
			return g;
		}
		if (place->used && (!g->used || g->begun < place->begun))
			place = g;
	}
	begin(place, f, now);
	return place;
}

/* Copy what is new, 8 bytes at a time (offsets are multiples of 8); note what was there before. */
static void fill(struct datagram *g, const struct fragment *f, struct fragment_piece *piece)
{
	for (uint32_t done = 0; done < f->length; done += 8) {
		uint32_t at = f->offset + done, unit = at / 8, n = MIN(f->length - done, 8u);

		if (g->have[unit / 8] >> (unit % 8) & 1) {
			piece->overlap = true;
			piece->conflict |= memcmp(g->bytes + at, f->bytes + done, n) != 0;
			continue;
		}
		memcpy(g->bytes + at, f->bytes + done, n);
		g->have[unit / 8] |= (uint8_t)(1u << unit % 8);
	}
}

static bool complete(const struct datagram *g)
{
	if (!g->total)
		return false;
	for (uint32_t unit = 0; unit < (g->total + 7) / 8; unit++)
		if (!(g->have[unit / 8] >> (unit % 8) & 1))
			return false;
	return true;
}

/* A piece asks for the rest of its datagram, and the last one is the answer: so a datagram that
 * never becomes whole is an exchange without an answer. */
static void mark(struct record *r, const struct fragment *f, bool whole)
{
	uint64_t key = ((uint64_t)f->id << 8 | f->proto) ^ (uint64_t)f->family << 60;

	for (unsigned i = 0; i < 16; i++)
		key = (key ^ f->src[i] ^ (uint64_t)f->dst[i] << 8) * 0x100000001b3ull;
	exchange_mark(r, whole ? EXCHANGE_RESPONSE : EXCHANGE_REQUEST, PROTO_ip, key,
		      r->layers[r->cur_layer].first, r->nfields - 1);
	if (r->nmarks)
		r->marks[r->nmarks - 1].any_conv = true;
}

const struct fragment_whole *fragment_take(struct decoder *d, struct record *r,
					   const struct fragment *f)
{
	struct fragments *t = decoder_state(d, PROTO_ip, sizeof(struct fragments));
	struct datagram *g;
	struct fragment_piece *piece;

	if (!f->length || f->length > FRAGMENT_BYTES || f->offset > FRAGMENT_BYTES - f->length ||
	    (f->more && f->length % 8))
		return NULL;
	g = datagram_of(t, f, r->time);
	if (g->npieces == FRAGMENT_PIECES)
		return NULL;
	piece = &g->pieces[g->npieces++];
	*piece = (struct fragment_piece){r->number, f->offset, f->length, false, false};
	fill(g, f, piece);
	if (!f->more)
		g->total = f->offset + f->length;
	mark(r, f, complete(g));
	if (!complete(g))
		return NULL;
	g->used = false;
	t->whole = (struct fragment_whole){g->bytes, g->total, g->pieces, g->npieces};
	return &t->whole;
}

static void show_piece(struct record *r, const struct fragment_ids *ids,
		       const struct fragment_piece *p)
{
	field_add_uint(r, ids->fragment, p->offset, p->length, p->frame)->flags |= FIELD_GENERATED;
	if (p->overlap)
		field_gen_uint(r, ids->overlap, 1);
	if (p->conflict)
		field_gen_uint(r, ids->conflict, 1);
}

bool fragment_show(struct record *r, const struct fragment_ids *ids,
		   const struct fragment_whole *whole, const char *name, struct cursor *out)
{
	const uint8_t *bytes = arena_copy(&r->arena, whole->bytes, whole->length);
	uint8_t source = record_source(r, name, bytes, whole->length, whole->length);

	if (!source)
		return false;
	r->cur_source = source;
	field_add_bytes(r, ids->fragments, 0, whole->length)->flags |= FIELD_GENERATED;
	r->cur_depth++;
	for (unsigned i = 0; i < whole->npieces; i++)
		show_piece(r, ids, &whole->pieces[i]);
	field_gen_uint(r, ids->count, whole->npieces);
	field_gen_uint(r, ids->length, whole->length);
	field_add_bytes(r, ids->data, 0, whole->length)->flags |= FIELD_GENERATED;
	r->cur_depth--;
	*out = cursor_make(bytes, 0, whole->length, whole->length);
	return true;
}
