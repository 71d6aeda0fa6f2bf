/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * net_build: packets for tests, written as hexadecimal and sealed with sums computed here on their
 * own (RFC 1071), and the record one of them decodes to.
 */
#ifndef TRACETUTOR_TESTS_NET_BUILD_H
#define TRACETUTOR_TESTS_NET_BUILD_H

#include <check.h>
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include <glib.h>

#include "tracetutor/capture.h"
#include "tracetutor/decode.h"
#include "tracetutor/lines.h"

#define LINK_RAW 101
#define PKT_MAX  70000

struct pkt {
	uint8_t b[PKT_MAX];
	uint32_t n;
};

/* What is under test; one decoder for a whole test, so that fragments can meet. */
struct bench {
	struct decoder *decoder;
	struct record r;
	struct frame f;
	struct buf text;
	struct lines lines;
};

static inline void bench_init(struct bench *t)
{
	memset(t, 0, sizeof(*t));
	t->decoder = decoder_new();
	record_init(&t->r, RECORD_PACKET);
	lines_init(&t->lines);
}

static inline void bench_release(struct bench *t)
{
	lines_release(&t->lines);
	buf_release(&t->text);
	record_release(&t->r);
	decoder_free(t->decoder);
}

static inline unsigned hex_digit(char c)
{
	return c <= '9' ? (unsigned)(c - '0') : (unsigned)(tolower((unsigned char)c) - 'a' + 10);
}

/* Append bytes written as hexadecimal; blanks between bytes do not count. */
static inline void put(struct pkt *p, const char *hex)
{
	for (; *hex; hex++) {
		if (*hex == ' ')
			continue;
		p->b[p->n++] = (uint8_t)(hex_digit(hex[0]) << 4 | hex_digit(hex[1]));
		hex++;
	}
}

static inline uint16_t test_sum(uint32_t sum, const uint8_t *b, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		sum += i % 2 ? b[i] : (uint32_t)b[i] << 8;
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return (uint16_t)sum;
}

static inline void set16(uint8_t *to, uint32_t v)
{
	to[0] = (uint8_t)(v >> 8);
	to[1] = (uint8_t)v;
}

/* An IPv4 packet from 10.0.0.1 to 10.0.0.2; `frag` is the flags and offset field. */
static inline struct pkt *ip4(const char *options, uint8_t proto, uint32_t frag,
			      const char *payload)
{
	static struct pkt p;
	uint32_t header;

	p.n = 0;
	put(&p, "4500 0000 1234 0000 4000 0000 0a000001 0a000002");
	put(&p, options);
	header = p.n;
	put(&p, payload);
	p.b[0] = (uint8_t)(0x40 | header / 4);
	set16(p.b + 2, p.n);
	set16(p.b + 6, frag);
	p.b[9] = proto;
	set16(p.b + 10, 0);
	set16(p.b + 10, (uint16_t)~test_sum(0, p.b, header));
	return &p;
}

/* An IPv6 packet from 2001:db8::1 to 2001:db8::2. */
static inline struct pkt *ip6(uint8_t next, const char *payload)
{
	static struct pkt p;

	p.n = 0;
	put(&p, "60000000 0000 0040 20010db8000000000000000000000001"
		"20010db8000000000000000000000002");
	put(&p, payload);
	set16(p.b + 4, p.n - 40);
	p.b[6] = next;
	return &p;
}

/* Fill in the checksum at offset `at` of the transport that begins at `start`. */
static inline struct pkt *seal(struct pkt *p, uint32_t start, uint32_t at, uint8_t proto)
{
	bool six = p->b[0] >> 4 == 6;
	uint32_t n = p->n - start, sum = proto + n;
	uint16_t v;

	if (proto == 1)
		sum = 0;
	else
		sum = test_sum(sum, p->b + (six ? 8 : 12), six ? 32 : 8);
	set16(p->b + start + at, 0);
	v = (uint16_t)~test_sum(sum, p->b + start, n);
	set16(p->b + start + at, v ? v : 0xffff);
	return p;
}

static inline void feed_as(struct bench *t, const struct pkt *p, uint32_t captured,
			   uint32_t original, int64_t seconds)
{
	t->f.number++;
	t->f.time = seconds * 1000000000ll;
	t->f.link_type = LINK_RAW;
	t->f.data = p->b;
	t->f.captured = captured;
	t->f.original = original;
	decode_headers(t->decoder, &t->r, &t->f);
}

static inline void feed(struct bench *t, const struct pkt *p)
{
	feed_as(t, p, p->n, p->n, 1000000000);
}

/* The n-th field of that name (from 0), or NULL. */
static inline const struct field *nth(struct bench *t, const char *name, unsigned n)
{
	uint16_t id = field_find(name, strlen(name));

	ck_assert_msg(id != FIELD_NONE, "no field %s", name);
	for (uint32_t i = 0; i < t->r.nfields; i++)
		if (t->r.fields[i].id == id && !n--)
			return &t->r.fields[i];
	return NULL;
}

static inline const struct layer *nth_layer(struct bench *t, enum proto_id proto)
{
	for (unsigned i = 0; i < t->r.nlayers; i++)
		if (t->r.layers[i].proto == proto)
			return &t->r.layers[i];
	return NULL;
}

static inline bool has(struct bench *t, const char *name)
{
	return nth(t, name, 0) != NULL;
}

static inline const char *value_nth(struct bench *t, const char *name, unsigned n)
{
	const struct field *f = nth(t, name, n);

	if (!f)
		return "(absent)";
	buf_reset(&t->text);
	field_value_text(&t->text, &t->r, f);
	return buf_text(&t->text);
}

#define EXPECT(bench, name, text)        ck_assert_str_eq(value_nth(bench, name, 0), text)
#define EXPECT_NTH(bench, name, n, text) ck_assert_str_eq(value_nth(bench, name, n), text)

/* The lines made last, runs of blanks folded to one. */
static inline const char *fold(struct bench *t)
{
	buf_reset(&t->text);
	for (size_t i = 0; i < t->lines.text.len; i++) {
		char c = t->lines.text.s[i];
		char last = t->text.len ? t->text.s[t->text.len - 1] : '\n';

		if (c == '\n' && last == ' ')
			t->text.s[t->text.len - 1] = '\n';
		else if (c != ' ' || last != ' ')
			buf_char(&t->text, c);
	}
	return buf_text(&t->text);
}

/* All lines of the packet, folded. */
static inline const char *folded(struct bench *t)
{
	lines_packet(&t->lines, &t->r, t->r.time);
	return fold(t);
}

/* A file of the project; g_free() it. */
static inline char *source_path(const char *name)
{
	const char *srcdir = g_getenv("srcdir");

	return g_build_filename(srcdir ? srcdir : ".", name, NULL);
}

static inline struct capture *open_test_capture(const char *name)
{
	g_autofree char *path = source_path(name);
	struct diag d = DIAG_INIT;
	struct capture *c = capture_open(path, &d);

	ck_assert_msg(c != NULL, "%s", path);
	diag_release(&d);
	return c;
}

#endif
