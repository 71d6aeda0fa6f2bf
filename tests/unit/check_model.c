/* SPDX-License-Identifier: GPL-3.0-or-later */
/* model: the registry, records, the walker, generic lines. */
#include "unit.h"

#include <string.h>

#include "tracetutor/diag.h"
#include "tracetutor/lines.h"

static uint16_t id_of(const char *name)
{
	uint16_t id = field_find(name, strlen(name));

	ck_assert_msg(id != FIELD_NONE, "%s is not registered", name);
	return id;
}

START_TEST(registry_is_sound)
{
	struct diag d = DIAG_INIT;
	struct buf b = BUF_INIT;
	bool ok = registry_check(&d);

	diag_write(&d, &b);
	ck_assert_msg(ok, "%s", buf_text(&b));
	diag_release(&d);
	buf_release(&b);
}
END_TEST

START_TEST(names_are_found)
{
	ck_assert_str_eq(field_def(id_of("tcp.flags.syn"))->name, "tcp.flags.syn");
	ck_assert_uint_eq(field_find("tcp.flags.sy", 12), FIELD_NONE);
	ck_assert_uint_eq(field_find("tcp.flags.syn", 9), id_of("tcp.flags"));
	ck_assert_int_eq(proto_find("tcp", 3), PROTO_tcp);
	ck_assert_int_eq(proto_find("nosuch", 6), PROTO_COUNT);
	ck_assert_str_eq(field_nearest("tcp.flgs.syn"), "tcp.flags.syn");
}
END_TEST

/* A record with one layer over the bytes. */
static void begin(struct record *r, const uint8_t *bytes, uint32_t n, enum proto_id proto,
		  struct cursor *c)
{
	record_init(r, RECORD_PACKET);
	record_source(r, "Frame", bytes, n, n);
	*c = cursor_make(bytes, 0, n, n);
	ck_assert_ptr_nonnull(layer_open(r, proto, c));
}

START_TEST(walker_reads_rows_and_their_bits)
{
	static const uint8_t ports[] = {0xc9, 0xea, 0x00, 0x6e};
	uint16_t src = id_of("tcp.srcport"), dst = id_of("tcp.dstport");
	struct record r;
	struct cursor c;

	begin(&r, ports, sizeof(ports), PROTO_tcp, &c);
	ck_assert_uint_eq(walk(&r, &c, src, src), 51690);
	ck_assert_uint_eq(walk(&r, &c, dst, dst), 110);
	ck_assert_uint_eq(walk(&r, &c, dst, dst), 0);
	ck_assert(c.malformed);
	ck_assert_uint_eq(r.nfields, 3);
	ck_assert_uint_eq(record_find(&r, dst, 0)->off, 2);
	ck_assert_ptr_null(record_find(&r, id_of("udp.srcport"), 0));
	ck_assert(record_has_proto(&r, PROTO_tcp) && !record_has_proto(&r, PROTO_udp));
	record_release(&r);
}
END_TEST

START_TEST(fields_of_an_id_are_a_chain)
{
	static const uint8_t byte = 0;
	uint16_t src = id_of("tcp.srcport"), port = id_of("tcp.port");
	struct record r;
	struct cursor c;

	begin(&r, &byte, 1, PROTO_tcp, &c);
	for (unsigned i = 0; i < 1000; i++)
		field_add_uint(&r, i % 2 ? src : port, 0, 0, i);
	ck_assert_uint_eq(record_find(&r, src, 0)->v.u, 1);
	ck_assert_uint_eq(record_find(&r, port, 501)->v.u, 500);
	ck_assert_uint_eq(record_next(&r, record_first(&r, src))->v.u, 3);
	ck_assert_ptr_null(record_next(&r, &r.fields[r.nfields - 1]));
	/* The next packet has other fields at the same places. */
	record_reset(&r, RECORD_PACKET);
	record_source(&r, "Frame", &byte, 1, 1);
	layer_open(&r, PROTO_tcp, &c);
	ck_assert_ptr_null(record_first(&r, src));
	field_add_uint(&r, port, 0, 0, 7);
	field_add_uint(&r, src, 0, 0, 8);
	ck_assert_uint_eq(record_first(&r, src)->v.u, 8);
	ck_assert_ptr_null(record_next(&r, record_first(&r, src)));
	ck_assert_ptr_null(record_find(&r, port, 2));
	record_release(&r);
}
END_TEST

START_TEST(records_are_bounded)
{
	static const uint8_t byte = 0;
	uint16_t port = id_of("tcp.srcport");
	struct record r;
	struct cursor c;

	begin(&r, &byte, 1, PROTO_tcp, &c);
	for (unsigned i = 0; i < RECORD_MAX_FIELDS + 100; i++)
		field_add_uint(&r, port, 0, 0, i);
	ck_assert_uint_eq(r.nfields, RECORD_MAX_FIELDS);
	ck_assert(r.overfull);
	for (unsigned i = 1; i < RECORD_MAX_LAYERS; i++)
		ck_assert_ptr_nonnull(layer_open(&r, PROTO_data, &c));
	ck_assert_ptr_null(layer_open(&r, PROTO_data, &c));
	for (unsigned i = 1; i < RECORD_MAX_SOURCES; i++)
		ck_assert_uint_eq(record_source(&r, "x", &byte, 1, 1), i);
	ck_assert_uint_eq(record_source(&r, "x", &byte, 1, 1), 0);
	record_reset(&r, RECORD_EXCHANGE);
	ck_assert_uint_eq(r.nfields, 0);
	ck_assert(!r.overfull && !record_has_proto(&r, PROTO_tcp));
	record_release(&r);
}
END_TEST

START_TEST(copies_outlive_the_original)
{
	char text[] = "steve35";
	uint16_t id = id_of("pop.request.parameter");
	struct record a, b;
	struct cursor c;

	begin(&a, (const uint8_t *)text, 7, PROTO_pop, &c);
	field_add_bytes(&a, id, 0, 7);
	record_init(&b, RECORD_EXCHANGE);
	field_copy(&b, record_find(&a, id, 0));
	memset(text, 'x', 7);
	record_release(&a);
	ck_assert_uint_eq(b.fields[0].vlen, 7);
	ck_assert_int_eq(memcmp(b.fields[0].v.p, "steve35", 7), 0);
	record_release(&b);
}
END_TEST

START_TEST(lines_show_bits_and_values)
{
	struct lines l;

	lines_init(&l);
	lines_rule(&l, "IP HEADER");
	ck_assert_str_eq(buf_text(&l.text),
			 "----------------------- IP HEADER -----------------------\n");
	lines_reset(&l);
	lines_rule(&l, "TCP HEADER");
	ck_assert_str_eq(buf_text(&l.text),
			 "---------------------- TCP HEADER ----------------------\n");
	lines_reset(&l);
	lines_bits(&l, 0x20, 8, 1);
	ck_assert_str_eq(buf_text(&l.text), "..1. .... ");
	lines_reset(&l);
	lines_bits(&l, 0xa004, 16, 0x1001);
	ck_assert_str_eq(buf_text(&l.text), "0.0. .... .... .1.. ");
	lines_reset(&l);
	l.plain = true;
	lines_rule(&l, "IP HEADER");
	ck_assert_uint_eq(l.n, 0);
	ck_assert_uint_eq(l.text.len, 58);
	lines_release(&l);
}
END_TEST

static Suite *model_suite(void)
{
	Suite *s = suite_create("model");
	TCase *t = tcase_create("model");

	tcase_add_test(t, registry_is_sound);
	tcase_add_test(t, names_are_found);
	tcase_add_test(t, walker_reads_rows_and_their_bits);
	tcase_add_test(t, fields_of_an_id_are_a_chain);
	tcase_add_test(t, records_are_bounded);
	tcase_add_test(t, copies_outlive_the_original);
	tcase_add_test(t, lines_show_bits_and_values);
	suite_add_tcase(s, t);
	return s;
}

UNIT_MAIN(model_suite)
