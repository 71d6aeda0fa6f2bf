/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Headers whose shape came before: they must be told, and followed, as if they were the first. */
#include <glib.h>

#include "net_build.h"
#include "tracetutor/shape.h"
#include "unit.h"

#define ETHERNET 1

/* The ordinary way, and the one that knows shapes. */
static struct bench first, again;
static struct shapes *shapes;

static void setup(void)
{
	bench_init(&first);
	bench_init(&again);
	shapes = shapes_new();
	first.r.lean = again.r.lean = true;
	first.lines.plain = again.lines.plain = true;
	again.r.shapes = shapes;
}

static void teardown(void)
{
	bench_release(&first);
	bench_release(&again);
	shapes_free(shapes);
}

/* Headers without their fields: their shape was known. */
static bool is_short(const struct record *r)
{
	return r->shape && !r->nfields;
}

/* Both ways come to the same; true if one was the short one. */
static bool compare(const struct frame *f)
{
	const struct record *a = &first.r, *b = &again.r;
	bool is;

	decode_headers(first.decoder, &first.r, f);
	decode_headers(again.decoder, &again.r, f);
	is = is_short(b);
	ck_assert_uint_eq(a->nlayers, b->nlayers);
	for (unsigned i = 0; i < a->nlayers; i++) {
		ck_assert_int_eq(a->layers[i].proto, b->layers[i].proto);
		ck_assert_uint_eq(a->layers[i].off, b->layers[i].off);
		ck_assert_uint_eq(a->layers[i].source, b->layers[i].source);
	}
	ck_assert_mem_eq(a->protos, b->protos, sizeof(a->protos));
	ck_assert_mem_eq(&a->flow, &b->flow, sizeof(a->flow));
	ck_assert(a->malformed == b->malformed && a->snapped == b->snapped);
	lines_packet(&first.lines, a, 0);
	lines_packet(&again.lines, b, 0);
	ck_assert_msg(first.lines.text.len == again.lines.text.len &&
			      !memcmp(first.lines.text.s, again.lines.text.s, first.lines.text.len),
		      "packet %u:\n%s\nis not\n%s", f->number, first.lines.text.s,
		      again.lines.text.s);
	return is;
}

static struct frame frame_of(const struct pkt *p, uint32_t captured, uint32_t original)
{
	return (struct frame){.number = 1,
			      .time = 1000000000,
			      .link_type = ETHERNET,
			      .data = p->b,
			      .captured = captured,
			      .original = original};
}

static bool compare_packet(const struct pkt *p)
{
	struct frame f = frame_of(p, p->n, p->n);

	return compare(&f);
}

/* On Ethernet: 14 bytes, then the packet. */
static struct pkt *on_ethernet(const struct pkt *packet)
{
	static struct pkt p;

	p.n = 0;
	put(&p, "020000000001 020000000002");
	put(&p, packet->b[0] >> 4 == 6 ? "86dd" : "0800");
	memcpy(p.b + p.n, packet->b, packet->n);
	p.n += packet->n;
	return &p;
}

/* The checksums of IP and TCP made right again. */
static void reseal(struct pkt *p)
{
	struct pkt ip = {.n = p->n - 14};
	bool six = p->b[14] >> 4 == 6;

	memcpy(ip.b, p->b + 14, ip.n);
	if (!six) {
		set16(ip.b + 10, 0);
		set16(ip.b + 10, (uint16_t)~test_sum(0, ip.b, 20));
	}
	seal(&ip, six ? 40 : 20, 16, 6);
	memcpy(p->b + 14, ip.b, ip.n);
}

#define NUMBERS "c9ea 006e 00000007 00000009 "
#define STAMPS  "0101 080a 00000005 00000006 "
#define ANSWER  "2b4f4b0d0a"

static const struct {
	const char *segment;
	bool six, shaped;
} samples[] = {
	{NUMBERS "5018 8000 0000 0000 " ANSWER, false, true},
	{NUMBERS "5018 8000 0000 0000 " ANSWER, true, true},
	{NUMBERS "5010 8000 0000 0000 ", false, true},
	{NUMBERS "8010 8000 0000 0000 " STAMPS, false, true},
	{NUMBERS "8018 8000 0000 0000 " STAMPS ANSWER, false, true},
	{NUMBERS "8018 8000 0000 0000 " STAMPS ANSWER, true, true},
	{NUMBERS "50d0 8000 0000 0000 " ANSWER, false, true},   /* congestion */
	{NUMBERS "5030 8000 0000 0003 " ANSWER, true, true},    /* urgent */
	{NUMBERS "5011 8000 0000 0000 ", false, false},         /* the end */
	{NUMBERS "5014 8000 0000 0000 ", true, false},          /* a reset */
	{NUMBERS "5012 8000 0000 0000 ", false, false},         /* a beginning */
	{NUMBERS "5008 8000 0000 0000 " ANSWER, false, false},  /* no acknowledgement */
	{NUMBERS "6010 8000 0000 0000 01010101", false, false}, /* other options */
	{NUMBERS "4010 8000 0000 0000 ", false, false},         /* too short a header */
	{NUMBERS "f010 8000 0000 0000 ", true, false},          /* too long a one */
};

static struct pkt *sample(int i)
{
	struct pkt *p = samples[i].six ? ip6(6, samples[i].segment)
				       : ip4("", 6, 0x4000, samples[i].segment);

	return on_ethernet(seal(p, samples[i].six ? 40 : 20, 16, 6));
}

START_TEST(comes_again)
{
	struct pkt *p = sample(_i);

	ck_assert(!compare_packet(p));
	ck_assert(compare_packet(p) == samples[_i].shaped);
}
END_TEST

/* All that can be another byte, each in some ways, right after what it is a change of. */
START_TEST(each_byte_changed)
{
	static const uint8_t changes[] = {0x01, 0x10, 0x40, 0x80, 0xff};
	const struct pkt *p = sample(_i);

	for (uint32_t at = 0; at < p->n; at++)
		for (unsigned i = 0; i < sizeof(changes); i++) {
			struct pkt changed = *p;

			compare_packet(p);
			compare_packet(p);
			changed.b[at] ^= changes[i];
			compare_packet(&changed);
			compare_packet(&changed);
			reseal(&changed);
			compare_packet(&changed);
			compare_packet(&changed);
		}
}
END_TEST

/* Numbers with fewer and more digits than those the shape was learned with. */
START_TEST(other_numbers)
{
	static const uint8_t fills[] = {0x00, 0x01, 0x0b, 0x63, 0xff};
	struct pkt *p = sample(_i);
	const uint32_t ip = 14, tcp = ip + (samples[_i].six ? 40 : 20);

	compare_packet(p);
	for (unsigned i = 0; i < sizeof(fills); i++) {
		if (!samples[_i].six)
			memset(p->b + ip + 4, fills[i], 2);
		memset(p->b + tcp + 4, fills[i], 8);
		memset(p->b + tcp + 14, fills[i], 2);
		if (p->b[tcp + 12] == 0x80)
			memset(p->b + tcp + 24, fills[i], 8);
		reseal(p);
		ck_assert(compare_packet(p) == samples[_i].shaped);
	}
}
END_TEST

/* Cut by the capture, cut on the wire, and longer than the packet. */
START_TEST(each_length)
{
	const struct pkt *p = sample(_i);

	compare_packet(p);
	for (uint32_t n = 0; n < p->n; n++) {
		struct frame f = frame_of(p, n, p->n);
		uint8_t *bytes = g_memdup2(p->b, n ? n : 1); /* the sanitizers watch their end */

		f.data = bytes;
		compare(&f);
		f.original = n;
		compare(&f);
		g_free(bytes);
	}
	for (unsigned zero = 0; zero < 2; zero++)
		for (uint32_t more = 1; more < 12; more++) {
			struct pkt longer = *p;

			memset(longer.b + p->n, zero ? 0 : 0x5a, more);
			longer.n += more;
			compare_packet(&longer);
			compare_packet(&longer);
		}
}
END_TEST

/* A short packet is filled with zeros up to 60 bytes; that has a line of its own. */
START_TEST(padding)
{
	struct pkt *p = sample(2);

	ck_assert_uint_eq(p->n, 54);
	ck_assert(!compare_packet(p));
	ck_assert(compare_packet(p));
	memset(p->b + p->n, 0, 6);
	p->n = 60;
	ck_assert(!compare_packet(p));
	ck_assert(compare_packet(p));
	ck_assert_ptr_nonnull(strstr(again.lines.text.s, "Padding"));
	p->b[59] = 1;
	ck_assert(!compare_packet(p));
	ck_assert(!compare_packet(p));
}
END_TEST

/* A network card fills the checksum in after the capture saw the packet. */
START_TEST(checksum_left_to_the_card)
{
	struct pkt *p = sample(0);

	compare_packet(p);
	ck_assert(compare_packet(p));
	set16(p->b + 14 + 20 + 16, test_sum(6 + p->n - 34, p->b + 14 + 12, 8));
	ck_assert(!compare_packet(p));
	ck_assert(compare_packet(p));
	ck_assert_ptr_nonnull(strstr(again.lines.text.s, "(not filled in yet"));
	p->b[14 + 20 + 17] ^= 1;
	ck_assert(!compare_packet(p));
	ck_assert(!compare_packet(p));
	ck_assert_ptr_nonnull(strstr(again.lines.text.s, "(Incorrect"));
}
END_TEST

/* More shapes than there is room for: they give way, and come again. */
START_TEST(many_shapes)
{
	struct pkt *p = sample(4);
	unsigned known = 0;

	for (unsigned round = 0; round < 3; round++)
		for (unsigned port = 1; port < 2000; port += 2) {
			set16(p->b + 34, port);
			reseal(p);
			compare_packet(p);
			known += compare_packet(p);
		}
	ck_assert_uint_eq(known, 3 * 1000);
}
END_TEST

/* A whole capture, twice: in the second run all that can have a shape has it. How many do. */
static unsigned compare_capture(const char *name)
{
	struct capture *c = open_test_capture(name);
	struct diag d = DIAG_INIT;
	struct frame f;
	unsigned known = 0;

	while (capture_next(c, &f, &d) == CAPTURE_FRAME)
		compare(&f);
	ck_assert(capture_rewind(c, &d));
	while (capture_next(c, &f, &d) == CAPTURE_FRAME)
		known += compare(&f);
	diag_release(&d);
	capture_close(c);
	return known;
}

START_TEST(captures)
{
	g_autofree char *folder = source_path("lessons/captures");
	GDir *all = g_dir_open(folder, 0, NULL);
	unsigned known = 0;

	ck_assert_ptr_nonnull(all);
	for (const char *name; (name = g_dir_read_name(all));)
		if (g_str_has_suffix(name, ".pcap") && strcmp(name, "empty.pcap") != 0) {
			g_autofree char *path = g_build_filename("lessons/captures", name, NULL);

			known += compare_capture(path);
		}
	ck_assert_uint_gt(known, 400);
	g_dir_close(all);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("shape");
	TCase *tc = tcase_create("all");
	const int n = G_N_ELEMENTS(samples);

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_loop_test(tc, comes_again, 0, n);
	tcase_add_loop_test(tc, each_byte_changed, 0, n);
	tcase_add_loop_test(tc, other_numbers, 0, n);
	tcase_add_loop_test(tc, each_length, 0, n);
	tcase_add_test(tc, padding);
	tcase_add_test(tc, checksum_left_to_the_card);
	tcase_add_test(tc, many_shapes);
	tcase_add_test(tc, captures);
	suite_add_tcase(s, tc);
	return s;
}

UNIT_MAIN(suite)
