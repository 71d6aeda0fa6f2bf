/* SPDX-License-Identifier: GPL-3.0-or-later */
/* check_places: a packet far away is shown as the whole run shows it, and soon. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <glib.h>

#include "src/session/places.h"
#include "tracetutor/session.h"
#include "unit.h"

/* --- the table --- */

static void pass(struct places *p, uint32_t from, uint32_t to)
{
	for (uint32_t i = from; i <= to; i++) {
		struct frame f = {.number = i, .file_offset = 1000ull * i};
		struct track_counts before = {.tcp = i};

		places_frame(p, &f, &before);
		if (i % 7 == 0)
			places_begun(p, i, BEGUN_CONVERSATION);
		if (i % 11 == 0)
			places_begun(p, i, BEGUN_QUESTION);
	}
}

static void look_up(const struct places *p, uint32_t frame)
{
	uint32_t at = 0;
	const struct spot *place = places_before(p, frame, &at);
	unsigned began = (frame % 7 ? 0u : BEGUN_CONVERSATION) | (frame % 11 ? 0u : BEGUN_QUESTION);

	ck_assert_ptr_nonnull(place);
	ck_assert_uint_le(at, frame);
	ck_assert_uint_lt(frame - at, p->step);
	ck_assert_uint_eq(place->offset, 1000ull * at);
	ck_assert_uint_eq(place->before.tcp, at);
	ck_assert_uint_eq(places_began(p, frame), began);
}

START_TEST(places_stay_few)
{
	static const uint32_t sizes[] = {1, 64, 65, 3000000, 5000000};
	struct places p = {0};
	uint32_t at, had = 0;

	ck_assert_ptr_null(places_before(&p, 1, &at));
	for (size_t i = 0; i < G_N_ELEMENTS(sizes); i++) {
		pass(&p, had + 1, sizes[i]);
		had = sizes[i];
		ck_assert_uint_le(p.n, PLACES_MAX);
		for (uint32_t frame = 1; frame <= had; frame += 1 + had / 1000)
			look_up(&p, frame);
		look_up(&p, had);
		ck_assert_ptr_null(places_before(&p, had + 1, &at));
	}
	ck_assert_uint_gt(p.step, 64);
	places_release(&p);
}
END_TEST

START_TEST(packets_beyond_are_not_known)
{
	struct places p = {0};
	uint32_t at;

	pass(&p, 1, PLACES_MAX_FRAMES + 10);
	look_up(&p, PLACES_MAX_FRAMES);
	ck_assert_ptr_null(places_before(&p, PLACES_MAX_FRAMES + 1, &at));
	ck_assert_uint_eq(places_began(&p, PLACES_MAX_FRAMES + 7), 0);
	ck_assert_uint_le(p.size, PLACES_MAX_FRAMES / 4);
	places_release(&p);
}
END_TEST

/* --- captures of many conversations --- */

#define PACKETS 12000u
#define LONG    700  /* each so manyth packet is of one connection that lasts all the time */
#define ERRORS  1900 /* a router tells about a packet of that connection */
#define ASKED   23   /* a question to the name server, answered soon */
#define SHORT   10   /* packets of a short connection */
#define AT_ONCE 5    /* of them */

static GByteArray *file;

static void put(const void *bytes, size_t n)
{
	g_byte_array_append(file, bytes, (guint)n);
}

static void put_le32(uint32_t v)
{
	v = GUINT32_TO_LE(v);
	put(&v, sizeof(v));
}

static void be16(uint8_t *p, unsigned v)
{
	p[0] = (uint8_t)(v >> 8);
	p[1] = (uint8_t)v;
}

/* An IPv4 packet: TCP with `n` bytes of data, or UDP. */
static uint32_t make(uint8_t *p, bool tcp, bool back, unsigned port, uint32_t step,
		     const void *data, size_t n)
{
	size_t header = tcp ? 20 : 8;
	unsigned server = tcp ? 110 : 53;

	memset(p, 0, 40);
	p[0] = 0x45;
	be16(p + 2, (unsigned)(20 + header + n));
	p[8] = 64;
	p[9] = tcp ? 6 : 17;
	memcpy(p + (back ? 16 : 12), "\x0a\0\0\x01", 4);
	memcpy(p + (back ? 12 : 16), "\xc0\0\x02\x01", 4);
	be16(p + 20, back ? server : port);
	be16(p + 22, back ? port : server);
	if (tcp) {
		be16(p + 26, step * 10);
		be16(p + 30, step ? step * 10 - 5 : 0);
		p[32] = 0x50;
		p[33] = step == 0 ? 0x02 : step == 1 ? 0x12 : 0x18;
		be16(p + 34, 1000);
	} else
		be16(p + 24, (unsigned)(8 + n));
	memcpy(p + 20 + header, data, n);
	return (uint32_t)(20 + header + n);
}

static uint32_t question(uint8_t *p, unsigned i)
{
	static const uint8_t name[] = "\4mail\7example\0\0\1\0\1";
	bool answer = i / ASKED % 2;
	unsigned pair = i / ASKED / 2;
	uint8_t dns[12 + sizeof(name) - 1] = {0};

	be16(dns, pair);
	be16(dns + 2, answer ? 0x8183 : 0x0100);
	dns[5] = 1;
	memcpy(dns + 12, name, sizeof(name) - 1);
	return make(p, false, answer, 20000 + pair % 1000, 0, dns, sizeof(dns));
}

/* RFC 1191: too large for what lies behind 192.0.2.9. */
static uint32_t too_large(uint8_t *p, unsigned i)
{
	uint32_t n = make(p + 28, true, false, 50000, i / LONG, "STAT\r\n", 6);

	memset(p, 0, 28);
	p[0] = 0x45;
	be16(p + 2, 28 + n);
	p[8] = 64;
	p[9] = 1;
	memcpy(p + 12, "\xc0\0\x02\x09\x0a\0\0\x01", 8);
	p[20] = 3;
	p[21] = 4;
	be16(p + 26, 1400);
	return 28 + n;
}

static uint32_t packet(uint8_t *p, unsigned i)
{
	unsigned lane = i % AT_ONCE, turn = i / AT_ONCE, step = turn % SHORT;

	if (i % LONG == 0)
		return make(p, true, i / LONG % 2, 50000, i / LONG, "STAT\r\n",
			    i / LONG < 2 ? 0 : 6);
	if (i % ERRORS == ERRORS - 1)
		return too_large(p, i);
	if (i % ASKED == 0)
		return question(p, i);
	return make(p, true, step % 2, 1024 + turn / SHORT * AT_ONCE + lane, step, "NOOP\r\n",
		    step < 2 ? 0 : 6);
}

static void put_packet(bool pcapng, unsigned i)
{
	uint8_t bytes[200] = {0};
	uint32_t n = packet(bytes, i), padded = (n + 3) & ~3u;

	if (pcapng) {
		put_le32(6);
		put_le32(32 + padded);
		put_le32(0);
		put_le32(0);
		put_le32(i * 1000);
	} else {
		put_le32(1000 + i / 1000);
		put_le32(i % 1000 * 1000);
	}
	put_le32(n);
	put_le32(n);
	put(bytes, pcapng ? padded : n);
	if (pcapng)
		put_le32(32 + padded);
}

/* Its path, to be freed and removed. */
static char *capture_of(bool pcapng)
{
	static const uint32_t pcap[] = {0xa1b2c3d4, 0x00040002, 0, 0, 65535, 101};
	static const uint32_t blocks[] = {0x0a0d0d0a, 28, 0x1a2b3c4d, 1,   0xffffffff, 0xffffffff,
					  28,         1,  20,         101, 0,          20};
	char *path = NULL;
	int fd = g_file_open_tmp("places-XXXXXX", &path, NULL);

	file = g_byte_array_new();
	for (size_t i = 0; !pcapng && i < G_N_ELEMENTS(pcap); i++)
		put_le32(pcap[i]);
	for (size_t i = 0; pcapng && i < G_N_ELEMENTS(blocks); i++)
		put_le32(blocks[i]);
	for (unsigned i = 0; i < PACKETS; i++)
		put_packet(pcapng, i);
	ck_assert_int_eq(write(fd, file->data, file->len), file->len);
	close(fd);
	g_byte_array_unref(file);
	return path;
}

/* --- packets and their notes --- */

struct looker {
	GString *text;    /* of the packet looked at last */
	GPtrArray *whole; /* each packet's, as the whole run has it; NULL: not wanted */
	uint32_t packets;
};

static bool look(void *context, const struct record *r, struct engine *engine)
{
	struct looker *l = context;
	struct buf value = BUF_INIT;
	const struct note *notes;
	size_t n;

	g_string_printf(l->text, "%u:", r->number);
	for (uint32_t i = 0; i < r->nfields; i++) {
		buf_reset(&value);
		field_value_text(&value, r, &r->fields[i]);
		g_string_append_printf(l->text, " %s=%s", def_of(&r->fields[i])->name,
				       buf_text(&value));
	}
	notes = engine_notes(engine, &n);
	for (size_t i = 0; i < n; i++)
		g_string_append_printf(l->text, " [%s]", notes[i].rule->id);
	buf_release(&value);
	if (l->whole)
		g_ptr_array_add(l->whole, g_strdup(l->text->str));
	l->packets++;
	return true;
}

static void shown_as_it_was(struct session *s, const GPtrArray *whole, uint32_t number)
{
	struct looker l = {.text = g_string_new(NULL)};
	struct diag d = DIAG_INIT;

	ck_assert(session_walk(s, number, number, NULL, look, &l, &d));
	ck_assert_uint_eq(l.packets, 1);
	ck_assert_msg(!strcmp(l.text->str, whole->pdata[number - 1]), "packet %u differs", number);
	g_string_free(l.text, TRUE);
}

/* --- only some have to be as they were --- */

static bool needs_short_ones(void *context, const struct record *r)
{
	(void)context;
	return (r->number - 1) % LONG != 0;
}

struct glance {
	struct looker looker;
	const GPtrArray *whole;
	uint32_t needed, older;
};

static bool glance(void *context, const struct record *r, struct engine *engine)
{
	struct glance *g = context;

	look(&g->looker, r, engine);
	g->older += r->older;
	if (needs_short_ones(NULL, r)) {
		ck_assert_str_eq(g->looker.text->str, g->whole->pdata[r->number - 1]);
		g->needed++;
	}
	return true;
}

/* A packet of the connection that lasts all the time is nobody's need: no run begins further back
 * for it, and it does not know where it began. */
static void some_shown_as_they_were(struct session *s, const GPtrArray *whole)
{
	struct glance g = {.looker.text = g_string_new(NULL), .whole = whole};
	const uint32_t from = 10 * LONG, to = 10 * LONG + 50;
	struct diag d = DIAG_INIT;

	ck_assert(session_walk_about(s, from, to, needs_short_ones, glance, &g, &d));
	ck_assert_uint_eq(g.looker.packets, to - from + 1);
	ck_assert_uint_eq(g.needed, to - from);
	ck_assert_uint_eq(g.older, 1);
	g_string_free(g.looker.text, TRUE);
}

START_TEST(shown_as_in_the_whole_run)
{
	char *path = capture_of(_i);
	struct packs *packs = packs_new();
	struct diag d = DIAG_INIT;
	struct looker l = {.text = g_string_new(NULL),
			   .whole = g_ptr_array_new_with_free_func(g_free)};
	struct session *s;
	uint32_t number = PACKETS;

	ck_assert(packs_load_all(packs, &d));
	s = session_open(path, packs, &d);
	ck_assert_ptr_nonnull(s);
	ck_assert(session_read(s, NULL, NULL, &d));
	ck_assert(session_walk(s, 1, UINT32_MAX, NULL, look, &l, &d));
	ck_assert_uint_eq(l.whole->len, PACKETS);
	for (int i = 0; i < 8; i++) /* back, one by one */
		shown_as_it_was(s, l.whole, number--);
	for (int i = 0; i < 80; i++) { /* anywhere */
		number = (number * 7919 + 104729) % PACKETS + 1;
		shown_as_it_was(s, l.whole, number);
	}
	shown_as_it_was(s, l.whole, PACKETS / LONG * LONG + 1); /* began with the first packet */
	for (number = ERRORS; number <= PACKETS; number += ERRORS)
		shown_as_it_was(s, l.whole, number);
	some_shown_as_they_were(s, l.whole);
	shown_as_it_was(s, l.whole, 1);
	session_close(s);
	packs_free(packs);
	g_string_free(l.text, TRUE);
	g_ptr_array_unref(l.whole);
	unlink(path);
	g_free(path);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("places");
	TCase *c = tcase_create("table");

	tcase_set_timeout(c, 60);
	tcase_add_test(c, places_stay_few);
	tcase_add_test(c, packets_beyond_are_not_known);
	suite_add_tcase(s, c);
	c = tcase_create("packets");
	tcase_set_timeout(c, 120);
	tcase_add_loop_test(c, shown_as_in_the_whole_run, 0, 2); /* pcap, pcapng */
	suite_add_tcase(s, c);
	return s;
}

UNIT_MAIN(suite)
