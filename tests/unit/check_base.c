/* SPDX-License-Identifier: GPL-3.0-or-later */
/* base: arena, pool, cursor, text, cleaner, diagnostics. */
#include "unit.h"

#include <stddef.h>
#include <string.h>

#include <glib.h>

#include "tracetutor/arena.h"
#include "tracetutor/cursor.h"
#include "tracetutor/diag.h"
#include "tracetutor/library.h"
#include "tracetutor/pages.h"
#include "tracetutor/pool.h"

START_TEST(pool_takes_up_to_its_size)
{
	static char *taken[100];
	struct pool p;

	pool_init(&p, 20, G_N_ELEMENTS(taken));
	for (unsigned round = 0; round < 3; round++) {
		for (unsigned i = 0; i < G_N_ELEMENTS(taken); i++) {
			taken[i] = pool_take(&p);
			ck_assert_ptr_nonnull(taken[i]);
			ck_assert_uint_eq((uintptr_t)taken[i] % _Alignof(max_align_t), 0);
			for (unsigned b = 0; b < 20; b++)
				ck_assert_int_eq(taken[i][b], 0);
			memset(taken[i], (int)i + 1, 20);
		}
		ck_assert_ptr_null(pool_take(&p));
		for (unsigned i = 0; i < G_N_ELEMENTS(taken); i++) {
			ck_assert_int_eq(taken[i][19], (char)(i + 1));
			pool_give(&p, taken[i]);
		}
		pool_give(&p, NULL);
		ck_assert_uint_eq(p.used, 0);
	}
	pool_release(&p);
	ck_assert_ptr_nonnull(pool_take(&p));
	pool_release(&p);
}
END_TEST

START_TEST(arena_keeps_what_it_gave)
{
	struct arena a = ARENA_INIT;
	char *first = arena_copy(&a, "first", 5);
	char *large = arena_alloc(&a, 3 << 20);

	memset(large, 'x', 3 << 20);
	for (int i = 0; i < 10000; i++)
		memset(arena_alloc(&a, 100), 'y', 100);
	ck_assert_str_eq(first, "first");
	ck_assert_int_eq(large[(3 << 20) - 1], 'x');
	arena_reset(&a);
	ck_assert_uint_eq((uintptr_t)arena_alloc(&a, 1) % 16, 0);
	arena_release(&a);
}
END_TEST

START_TEST(cursor_tells_cut_from_broken)
{
	static const uint8_t bytes[] = {1, 2, 3, 4};
	struct cursor cut = cursor_make(bytes, 0, 4, 8), broken = cursor_make(bytes, 0, 4, 4);

	ck_assert_uint_eq(cursor_be32(&cut), 0x01020304);
	ck_assert_uint_eq(cursor_be16(&cut), 0);
	ck_assert(cut.snapped && !cut.malformed);
	ck_assert_uint_eq(cursor_le(&broken, 3), 0x030201);
	ck_assert_uint_eq(cursor_be16(&broken), 0);
	ck_assert(broken.malformed && !broken.snapped);
	ck_assert_uint_eq(cursor_u8(&broken), 0); /* sticky although one byte is left */
	ck_assert_uint_eq(broken.pos, 3);
}
END_TEST

START_TEST(cursor_fences)
{
	static const uint8_t bytes[] = {1, 2, 3, 4};
	struct cursor c = cursor_make(bytes, 0, 4, 6), sub = cursor_fence(&c, 2), late, beyond;

	ck_assert_uint_eq(cursor_left(&sub), 2);
	ck_assert_uint_eq(c.pos, 2);
	late = cursor_fence(&c, 4); /* promised, two of them captured */
	ck_assert_uint_eq(cursor_left(&late), 2);
	ck_assert_uint_eq(cursor_promised(&late), 4);
	ck_assert(c.snapped);
	c = cursor_make(bytes, 0, 4, 4);
	beyond = cursor_fence(&c, 9);
	ck_assert_uint_eq(cursor_promised(&beyond), 4);
	ck_assert(c.malformed);
}
END_TEST

static void expect(struct buf *b, const char *text)
{
	ck_assert_str_eq(buf_text(b), text);
	buf_reset(b);
}

START_TEST(numbers_become_text)
{
	static const uint8_t zero[16], doc[16] = {0x20, 0x01, 0x0d, 0xb8, [15] = 1};
	static const uint8_t two_runs[16] = {0x20, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1};
	struct buf b = BUF_INIT;

	buf_dec(&b, UINT64_MAX);
	expect(&b, "18446744073709551615");
	buf_sdec(&b, INT64_MIN);
	expect(&b, "-9223372036854775808");
	buf_dec0(&b, 7, 3);
	expect(&b, "007");
	buf_hex(&b, 0xbeef, 6);
	expect(&b, "00beef");
	buf_hex_upper(&b, 0xd7b, 0);
	expect(&b, "D7B");
	buf_seconds(&b, 885999999, 3);
	expect(&b, "0.885");
	buf_seconds(&b, -1500000000, 1);
	expect(&b, "-1.5");
	buf_ipv4(&b, 0xc0000201);
	expect(&b, "192.0.2.1");
	buf_ipv4_padded(&b, 0x7f000001);
	expect(&b, "127.000.000.001");
	/* RFC 5952 sections 4.1 to 4.2.3 */
	buf_ipv6(&b, zero);
	expect(&b, "::");
	buf_ipv6(&b, doc);
	expect(&b, "2001:db8::1");
	buf_ipv6(&b, two_runs);
	expect(&b, "2001:0:0:1::1");
	buf_time_utc(&b, 1048532424ll * 1000000000);
	expect(&b, "2003-03-24 19:00:24.000000");
	buf_time_utc(&b, -1);
	expect(&b, "1969-12-31 23:59:59.999999");
	buf_release(&b);
}
END_TEST

START_TEST(hex_rows_are_ipformats)
{
	struct buf b = BUF_INIT;

	buf_hex_row(&b, 0x10, (const uint8_t *)"AB\r\n", 4);
	ck_assert_int_eq(strncmp(b.s, "0010 41 42 0D 0A ", 17), 0);
	ck_assert_str_eq(b.s + b.len - 4, "AB..");
	buf_release(&b);
}
END_TEST

START_TEST(hex_dump_is_its_rows)
{
	static uint8_t bytes[0x10025];
	struct buf rows = BUF_INIT, dump = BUF_INIT;

	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (uint8_t)(i * 7);
	for (size_t i = 0; i < sizeof(bytes); i += 16) {
		buf_hex_row(&rows, (uint32_t)i, bytes + i,
			    sizeof(bytes) - i < 16 ? sizeof(bytes) - i : 16);
		buf_char(&rows, '\n');
	}
	buf_hex_dump(&dump, bytes, sizeof(bytes));
	ck_assert_str_eq(buf_text(&dump), buf_text(&rows));
	ck_assert_ptr_nonnull(strstr(buf_text(&dump), "\n10020 E0 E7 EE F5 FC  "));
	buf_release(&rows);
	buf_release(&dump);
}
END_TEST

static const struct {
	const char *raw, *shown;
} cleaned[] = {
	{"plain text", "plain text"},
	{"Gr\xc3\xbc\xc3\x9f"
	 "e",
	 "Gr\xc3\xbc\xc3\x9f"
	 "e"},
	{"a\r\n\tb", "a\\r\\n\\tb"},
	{"\x1b[6n", "\\u{001B}[6n"},
	{"\x7f", "\\u{007F}"},
	{"\xc2\x9b"
	 "31m",
	 "\\u{009B}31m"},
	{"\x9b"
	 "31m",
	 "\\x9B31m"},
	{"\xe2\x80\xae"
	 "gpj",
	 "\\u{202E}gpj"},
	{"pa\xe2\x80\x8bss", "pa\\u{200B}ss"},
	{"\xef\xbb\xbf", "\\u{FEFF}"},
	{"\xe2\x80\xa8", "\\u{2028}"},
	{"\xe0\x80\x9b", "\\xE0\\x80\\x9B"},
	{"\xed\xa0\x80", "\\xED\\xA0\\x80"},
	{"\xff\xfe", "\\xFF\\xFE"},
};

START_TEST(bytes_of_others_are_cleaned)
{
	struct buf b = BUF_INIT;

	buf_clean(&b, cleaned[_i].raw, strlen(cleaned[_i].raw));
	ck_assert_str_eq(buf_text(&b), cleaned[_i].shown);
	ck_assert(text_is_clean(b.s, b.len));
	ck_assert_int_eq(text_is_clean(cleaned[_i].raw, strlen(cleaned[_i].raw)),
			 !strcmp(cleaned[_i].raw, cleaned[_i].shown));
	buf_release(&b);
}
END_TEST

START_TEST(every_byte_pair_comes_out_clean)
{
	struct buf b = BUF_INIT;

	for (unsigned i = 0; i < 65536; i++) {
		const uint8_t pair[4] = {(uint8_t)(i >> 8), (uint8_t)i, 0x80, 'x'};

		buf_reset(&b);
		buf_clean(&b, pair, sizeof(pair));
		ck_assert(text_is_clean(b.s, b.len));
	}
	buf_release(&b);
}
END_TEST

START_TEST(long_text_is_cut_at_a_character)
{
	struct buf b = BUF_INIT;

	buf_clean_max(&b, "\xc3\xbc\xc3\xbc\xc3\xbc\xc3\xbc", 8, 6);
	expect(&b, "\xc3\xbc...");
	buf_clean_max(&b, "\xc3\xbc...", 5, 5);
	expect(&b, "\xc3\xbc...");
	buf_clean_max(&b, "\x1b\x1b", 2, 9);
	expect(&b, "\\u{001...");
	buf_clean_max(&b, "abc", 3, 3);
	expect(&b, "abc");
	buf_clean_lines(&b, "a\n\x1b", 3);
	expect(&b, "a\n\\u{001B}");
	buf_release(&b);
}
END_TEST

START_TEST(diagnostics_point_at_the_word)
{
	struct diag d = DIAG_INIT;
	struct buf b = BUF_INIT;
	struct place at = {
		.file = "p.xml", .line = 3, .column = 5, .span = 4, .source = "tcp.flgs"};

	diag_add(&d, DIAG_ERROR, &at, "did you mean tcp.flags?", "%s is not known", "fl\x1bgs");
	diag_write(&d, &b);
	ck_assert_str_eq(b.s, "p.xml:3:5: error: fl\\u{001B}gs is not known\n"
			      "    tcp.flgs\n"
			      "        ^~~~\n"
			      "    did you mean tcp.flags?\n");
	ck_assert_uint_eq(d.errors, 1);
	for (int i = 0; i < DIAG_MAX + 10; i++)
		diag_fail(&d, NULL, "again");
	ck_assert_uint_eq(d.count, DIAG_MAX);
	ck_assert_uint_eq(d.dropped, 11);
	diag_release(&d);
	buf_release(&b);
}
END_TEST

START_TEST(nearest_word)
{
	struct nearest n = NEAREST_INIT("tcp.flgs.syn");

	nearest_offer(&n, "udp.port");
	ck_assert_ptr_null(n.best);
	nearest_offer(&n, "tcp.flags.fin");
	nearest_offer(&n, "tcp.flags.syn");
	nearest_offer(&n, "tcp.flags");
	ck_assert_str_eq(n.best, "tcp.flags.syn");
}
END_TEST

START_TEST(small_arenas_hold_large_things)
{
	struct arena a = {.block = 64};
	char *small = arena_copy(&a, "small", 5), *large = arena_zero(&a, 1000);

	memset(large, 'x', 1000);
	for (unsigned i = 0; i < 100; i++)
		ck_assert_str_eq(arena_copy(&a, "one of many", 11), "one of many");
	ck_assert_str_eq(small, "small");
	ck_assert_int_eq(large[999], 'x');
	arena_release(&a);
	ck_assert_uint_eq(a.block, 64);
	ck_assert_ptr_null(a.first);
}
END_TEST

START_TEST(sparse_tables_begin_as_zeros)
{
	const size_t n = 1 << 20;
	uint32_t *table = pages_sparse(n * sizeof(*table));

	for (size_t i = 0; i < n; i += 1023)
		ck_assert_uint_eq(table[i], 0);
	table[0] = table[n - 1] = 7;
	ck_assert_uint_eq(table[n - 1], 7);
	pages_free(table, n * sizeof(*table));
	pages_free(NULL, n);
}
END_TEST

/* Also bytes that are no whole page, and none. */
START_TEST(pages_asked_for_hold_what_they_held)
{
	const size_t n = 10 * 4096 + 3;
	uint8_t *bytes = malloc(n);

	memset(bytes, 7, n);
	pages_soon(bytes, n);
	pages_soon(bytes + 1, 2);
	pages_soon(bytes, 0);
	for (size_t i = 0; i < n; i++)
		ck_assert_uint_eq(bytes[i], 7);
	free(bytes);
}
END_TEST

START_TEST(libraries_are_loaded_or_a_reason_is_given)
{
	static const char *const names[] = {"strlen", "strcmp"}, *const none[] = {"strlen",
										  "strnone"};
	struct {
		LIBRARY_MEMBER(strlen)
		LIBRARY_MEMBER(strcmp)
	} libc = {0};
	struct diag d = DIAG_INIT;

	ck_assert(library_load("libc.so.6", names, 2, &libc, &d));
	ck_assert_uint_eq(libc.strlen("four"), 4);
	ck_assert_int_eq(libc.strcmp("same", "same"), 0);
	ck_assert_uint_eq(d.errors, 0);
	ck_assert(!library_load("libc.so.6", none, 2, &libc, &d));
	ck_assert_ptr_nonnull(strstr(d.messages[0].text, "strnone"));
	ck_assert(!libc.strlen && !libc.strcmp); /* who asks again must not take it for loaded */
	ck_assert(!library_load("libnone.so.0", names, 2, &libc, &d));
	ck_assert_ptr_nonnull(strstr(d.messages[1].text, "libnone.so.0"));
	diag_release(&d);
}
END_TEST

static Suite *base_suite(void)
{
	Suite *s = suite_create("base");
	TCase *t = tcase_create("base");

	tcase_add_test(t, arena_keeps_what_it_gave);
	tcase_add_test(t, cursor_tells_cut_from_broken);
	tcase_add_test(t, cursor_fences);
	tcase_add_test(t, numbers_become_text);
	tcase_add_test(t, hex_rows_are_ipformats);
	tcase_add_test(t, pool_takes_up_to_its_size);
	tcase_add_test(t, hex_dump_is_its_rows);
	tcase_add_loop_test(t, bytes_of_others_are_cleaned, 0,
			    sizeof(cleaned) / sizeof(cleaned[0]));
	tcase_add_test(t, every_byte_pair_comes_out_clean);
	tcase_add_test(t, long_text_is_cut_at_a_character);
	tcase_add_test(t, diagnostics_point_at_the_word);
	tcase_add_test(t, nearest_word);
	tcase_add_test(t, small_arenas_hold_large_things);
	tcase_add_test(t, sparse_tables_begin_as_zeros);
	tcase_add_test(t, pages_asked_for_hold_what_they_held);
	tcase_add_test(t, libraries_are_loaded_or_a_reason_is_given);
	suite_add_tcase(s, t);
	return s;
}

UNIT_MAIN(base_suite)
