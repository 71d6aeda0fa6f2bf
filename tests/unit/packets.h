/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * packets: records of TCP, UDP and ICMP packets as decode_headers() makes them, fed to track, whose
 * emitted records are kept as text ("CONVERSATION ... tt.conv.refused=1 ..."), one line each.
 */
#ifndef TRACETUTOR_TESTS_PACKETS_H
#define TRACETUTOR_TESTS_PACKETS_H

#include <glib.h>
#include <string.h>

#include "tracetutor/track.h"

#define FIN 0x01
#define SYN 0x02
#define RST 0x04
#define PSH 0x08
#define ACK 0x10
#define MS  1000000ll
#define SEC 1000000000ll

/* One packet to be made. Zero is a sensible value of every member but proto. */
struct packet {
	uint8_t proto; /* 6, 17, 1 */
	bool from_server;
	uint32_t client; /* addresses 10.0.0.0 + n and 192.0.2.0 + n; 0: the usual ones */
	uint32_t server;
	uint16_t cport, sport; /* 0: 40000 and 80 */
	uint32_t seq, ack;
	uint16_t flags;
	uint16_t win; /* 0: 1000; NO_WINDOW: 0 */
	const char *data;
	uint32_t reported; /* length on the wire if longer than data */
	int8_t wscale;     /* 0: absent, else shift + 1 */
	uint16_t mss;
	uint8_t ttl;
	uint16_t ip_id; /* 0: counted; SAME_ID: as the packet before */
	int64_t after;  /* ns since the packet before */
	uint32_t sack[2];
};
#define NO_WINDOW 0xFFFF
#define SAME_ID   0xFFFF

struct feeder {
	struct track *t;
	struct record r;
	struct frame f;
	uint8_t bytes[8192];
	uint32_t number, records;
	uint16_t ip_id;
	int64_t now;
	int consume; /* bytes decode consumes of each payload; -1: all */
	GString *log;
	GString *stream;           /* every payload byte in order; '|' for a gap, '.' for last */
	struct exchange_mark mark; /* used once if `marked` */
	bool marked, quiet;
};

static inline void feeder_emitted(void *context, struct record *r)
{
	static const char *const kinds[] = {"PACKET", "EXCHANGE", "CONVERSATION", "CAPTURE"};
	struct feeder *fd = context;
	struct buf value = BUF_INIT;

	fd->records++;
	if (fd->quiet)
		return;
	g_string_append_printf(fd->log, "%s", kinds[r->kind]);
	for (uint32_t i = 0; i < r->nfields; i++) {
		buf_reset(&value);
		field_value_text(&value, r, &r->fields[i]);
		if (FIELD_ROW(r->fields[i].id))
			g_string_append_printf(fd->log, " %s=%s", def_of(&r->fields[i])->name,
					       buf_text(&value));
	}
	g_string_append(fd->log, " \n");
	buf_release(&value);
}

static inline void feeder_init(struct feeder *fd)
{
	memset(fd, 0, sizeof(*fd));
	fd->t = track_new(feeder_emitted, fd);
	record_init(&fd->r, RECORD_PACKET);
	fd->consume = -1;
	fd->now = 1700000000 * SEC;
	fd->log = g_string_new(NULL);
	fd->stream = g_string_new(NULL);
}

static inline void feeder_release(struct feeder *fd)
{
	track_free(fd->t);
	record_release(&fd->r);
	g_string_free(fd->log, TRUE);
	g_string_free(fd->stream, TRUE);
}

static inline void put_be32(uint8_t *p, uint32_t v)
{
	p[0] = (uint8_t)(v >> 24);
	p[1] = (uint8_t)(v >> 16);
	p[2] = (uint8_t)(v >> 8);
	p[3] = (uint8_t)v;
}

static inline struct flow packet_flow(struct feeder *fd, const struct packet *p)
{
	struct flow f = {.family = 4, .ip_proto = p->proto, .ttl = p->ttl ? p->ttl : 64};
	struct endpoint c = {.port = p->cport ? p->cport : 40000};
	struct endpoint s = {.port = p->sport ? p->sport : 80};

	put_be32(c.addr, 0x0a000000 + (p->client ? p->client : 1));
	put_be32(s.addr, 0xc0000200 + (p->server ? p->server : 1));
	if (p->proto == 1)
		c.port = s.port = 0;
	f.src = p->from_server ? s : c;
	f.dst = p->from_server ? c : s;
	fd->ip_id = (uint16_t)(fd->ip_id + (p->ip_id != SAME_ID));
	f.ip_id = p->ip_id && p->ip_id != SAME_ID ? p->ip_id : fd->ip_id;
	f.seq = p->seq;
	f.ack = p->ack;
	f.tcp_flags = p->flags;
	f.window = p->win == NO_WINDOW ? 0 : p->win ? p->win : 1000;
	f.wscale = (int8_t)(p->wscale - 1);
	f.mss = p->mss;
	f.nsack = p->sack[1] != 0;
	f.sack[0] = p->sack[0];
	f.sack[1] = p->sack[1];
	return f;
}

/* Make the packet and bring it through track; fd->r is its record until the next one. */
static inline struct record *feed(struct feeder *fd, struct packet p)
{
	struct record *r = &fd->r;
	uint32_t n = p.data ? (uint32_t)strlen(p.data) : 0, header = p.proto == 6 ? 20 : 8;
	struct cursor c;

	fd->now += p.after ? p.after : MS;
	record_reset(r, RECORD_PACKET);
	r->number = ++fd->number;
	r->time = fd->now;
	if (n)
		memcpy(fd->bytes + header, p.data, n);
	fd->f = (struct frame){.number = r->number, .time = r->time, .captured = header + n};
	fd->f.original = header + (p.reported ? p.reported : n);
	r->frame = &fd->f;
	r->flow = packet_flow(fd, &p);
	r->flow.poff = header;
	r->flow.pcaptured = n;
	r->flow.preported = p.reported ? p.reported : n;
	record_source(r, "Frame", fd->bytes, header + n, fd->f.original);
	c = cursor_make(fd->bytes, 0, header + n, fd->f.original);
	layer_open(r, p.proto == 6 ? PROTO_tcp : p.proto == 17 ? PROTO_udp : PROTO_icmp, &c);
	track_packet(fd->t, r);
	if (r->payload.reported) {
		if (r->payload.gap_before)
			g_string_append_c(fd->stream, '|');
		if (fd->consume < 0 || r->payload.last)
			g_string_append_len(fd->stream,
					    (const char *)r->sources[r->payload.source].bytes +
						    r->payload.off,
					    r->payload.captured);
		r->payload.consumed = fd->consume < 0 || r->payload.last
					      ? r->payload.captured
					      : MIN((uint32_t)fd->consume, r->payload.captured);
	}
	if (r->payload.last)
		g_string_append_c(fd->stream, '.');
	if (fd->marked) {
		r->marks[r->nmarks++] = fd->mark;
		fd->marked = false;
	}
	track_payload_done(fd->t, r);
	return r;
}

/* The next packet fed holds a request or response. */
static inline void mark_next(struct feeder *fd, enum exchange_role role, enum proto_id proto,
			     uint64_t key)
{
	fd->mark = (struct exchange_mark){.role = role, .proto = proto, .key = key};
	fd->marked = true;
}

static inline bool has(const struct record *r, const char *name)
{
	uint16_t id = field_find(name, strlen(name));

	return id != FIELD_NONE && record_find(r, id, 0);
}

/* The number of that field, -1 if the record lacks it. */
static inline int64_t number(const struct record *r, const char *name)
{
	uint16_t id = field_find(name, strlen(name));
	const struct field *f = id == FIELD_NONE ? NULL : record_find(r, id, 0);

	return f ? f->v.i : -1;
}

/* The handshake from client to server, initial numbers 1000 and 5000. */
static inline void handshake(struct feeder *fd)
{
	feed(fd, (struct packet){.proto = 6, .flags = SYN, .seq = 1000, .mss = 1460});
	feed(fd, (struct packet){.proto = 6,
				 .from_server = true,
				 .flags = SYN | ACK,
				 .seq = 5000,
				 .ack = 1001,
				 .mss = 1400,
				 .after = 30 * MS,
				 .ttl = 52});
	feed(fd, (struct packet){.proto = 6, .flags = ACK, .seq = 1001, .ack = 5001});
}

#endif
