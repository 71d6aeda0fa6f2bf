/* SPDX-License-Identifier: GPL-3.0-or-later */
/* capture: formats, byte orders, times, damage, and files that are no captures. */
#include "unit.h"

#include <zlib.h>

#include "bytes.h"
#include "src/capture/pcapng_option.h"
#include "tracetutor/capture.h"

#define SECOND INT64_C(1000000000)

/* Everything a file gives, in two passes that must agree. */
struct result {
	bool opened;
	bool counted; /* capture_count() knows how many there are */
	uint32_t frames;
	enum capture_status end;
	struct frame f[32]; /* data and comment are not kept */
	char comment[64];   /* of the last frame that had one */
	uint8_t first_byte[32];
	char *said;
};

static void read_pass(struct capture *c, struct result *r, struct diag *d)
{
	struct frame f;

	r->frames = 0;
	while ((r->end = capture_next(c, &f, d)) == CAPTURE_FRAME) {
		ck_assert_uint_lt(r->frames, 32);
		ck_assert_uint_eq(f.number, r->frames + 1);
		r->first_byte[r->frames] = f.captured ? f.data[0] : 0;
		if (f.comment)
			g_strlcpy(r->comment, f.comment, sizeof(r->comment));
		r->f[r->frames++] = f;
	}
}

static struct result read_path(const char *path)
{
	uint64_t count;
	struct diag d = DIAG_INIT, again = DIAG_INIT;
	struct capture *c = capture_open(path, &d);
	struct result r = {.opened = c != NULL}, second = {0};
	struct buf text = BUF_INIT;

	if (c) {
		r.counted = capture_count(c, &count);
		read_pass(c, &r, &d);
		ck_assert(!r.counted || (count == r.frames && r.end == CAPTURE_END));
		ck_assert_int_eq(capture_count(c, &count), r.counted);
		ck_assert(capture_rewind(c, &again));
		read_pass(c, &second, &again);
		ck_assert_uint_eq(r.frames, second.frames);
		for (uint32_t i = 0; i < r.frames; i++) {
			ck_assert_int_eq(r.f[i].time, second.f[i].time);
			ck_assert_uint_eq(r.f[i].interface, second.f[i].interface);
			ck_assert_uint_eq(r.first_byte[i], second.first_byte[i]);
		}
		capture_close(c);
	}
	diag_write(&d, &text);
	r.said = buf_steal(&text);
	diag_release(&d);
	diag_release(&again);
	return r;
}

static struct result read_bytes(struct bytes *b)
{
	char *path = bytes_file(b);
	struct result r = read_path(path);

	file_gone(path);
	return r;
}

static void assert_says(struct result *r, const char *words)
{
	ck_assert_msg(strstr(r->said, words) != NULL, "\"%s\" is not in: %s", words, r->said);
	g_free(r->said);
}

START_TEST(pcap_orders_and_resolutions)
{
	static const struct {
		uint32_t magic, fraction;
		int64_t ns;
	} kinds[] = {{0xa1b2c3d4, 123456, 123456000}, {0xa1b23c4d, 123456789, 123456789}};

	for (unsigned i = 0; i < 4; i++) {
		struct bytes b = pcap_new(i & 1, kinds[i / 2].magic, 1);
		struct result r;

		pcap_frame(&b, 1700000000, kinds[i / 2].fraction, "abcd", 4);
		/* Past 2038 the seconds have their highest bit set. */
		pcap_frame(&b, 4000000000u, 0, "efgh", 4);
		r = read_bytes(&b);
		ck_assert_uint_eq(r.frames, 2);
		ck_assert_int_eq(r.end, CAPTURE_END);
		ck_assert_int_eq(r.f[0].time, 1700000000 * SECOND + kinds[i / 2].ns);
		ck_assert_int_eq(r.f[1].time, 4000000000 * SECOND);
		ck_assert_uint_eq(r.f[0].link_type, 1);
		ck_assert_uint_eq(r.f[1].captured, 4);
		ck_assert_uint_eq(r.first_byte[1], 'e');
		g_free(r.said);
	}
}
END_TEST

START_TEST(pcap_modified_has_longer_frame_headers)
{
	struct bytes b = pcap_new(true, 0xa1b2cd34, 1);
	struct result r;

	for (int i = 0; i < 2; i++) {
		put32(&b, 5);
		put32(&b, 6);
		put32(&b, 3);
		put32(&b, 3);
		put_number(&b, 0, 8); /* interface, protocol, type */
		put_bytes(&b, "xyz", 3);
	}
	r = read_bytes(&b);
	ck_assert_uint_eq(r.frames, 2);
	ck_assert_int_eq(r.f[1].time, 5 * SECOND + 6000);
	ck_assert_uint_eq(r.first_byte[1], 'x');
	g_free(r.said);
}
END_TEST

START_TEST(pcap_keeps_what_the_snap_length_denies)
{
	struct bytes b = pcap_new(true, 0xa1b2c3d4, 12); /* DLT_RAW, as some systems wrote it */
	struct result r;

	set32(&b, 16, 4);
	pcap_frame(&b, 0, 0, "0123456789", 10);
	pcap_frame(&b, 0, 0, "abcdefghij", 10);
	r = read_bytes(&b);
	ck_assert_uint_eq(r.frames, 2);
	ck_assert_uint_eq(r.f[0].captured, 10);
	ck_assert_uint_eq(r.first_byte[1], 'a');
	ck_assert_uint_eq(r.f[0].link_type, 101);
	g_free(r.said);
}
END_TEST

START_TEST(pcap_invalid_times_do_no_harm)
{
	struct bytes b = pcap_new(true, 0xa1b2c3d4, 1);
	struct result r;

	pcap_frame(&b, 0xffffffff, 0xffffffff, "a", 1);
	pcap_frame(&b, 10, 2500000, "a", 1);
	pcap_frame(&b, 0, 0x80000000, "a", 1);
	r = read_bytes(&b);
	ck_assert_uint_eq(r.frames, 3);
	ck_assert_int_eq(r.f[1].time, 12 * SECOND + SECOND / 2);
	g_free(r.said);
}
END_TEST

START_TEST(pcap_cut_and_damaged)
{
	struct bytes b = pcap_new(false, 0xa1b2c3d4, 1);
	struct result r;

	pcap_frame(&b, 1, 0, "abcd", 4);
	pcap_frame(&b, 1, 0, "abcd", 4);
	g_byte_array_set_size(b.a, b.a->len - 2);
	r = read_bytes(&b);
	ck_assert_uint_eq(r.frames, 1);
	ck_assert_int_eq(r.end, CAPTURE_DAMAGED);
	assert_says(&r, "was cut after packet 1");

	b = pcap_new(false, 0xa1b2c3d4, 1);
	pcap_frame(&b, 1, 0, "abcd", 4);
	put_number(&b, 1, 8);
	put32(&b, FRAME_MAX + 1);
	put32(&b, FRAME_MAX + 1);
	put_bytes(&b, "abcdefgh", 8);
	r = read_bytes(&b);
	ck_assert_uint_eq(r.frames, 1);
	ck_assert_int_eq(r.end, CAPTURE_DAMAGED);
	assert_says(&r, "is damaged after packet 1");

	b = pcap_new(true, 0xa1b2c3d4, 1);
	g_byte_array_set_size(b.a, 10);
	r = read_bytes(&b);
	ck_assert(!r.opened);
	assert_says(&r, "ends inside its first header");

	b = pcap_new(true, 0xa1b2c3d4, 1);
	r = read_bytes(&b);
	ck_assert(r.opened && r.counted);
	ck_assert_int_eq(r.end, CAPTURE_END);
	assert_says(&r, "without any packet");
}
END_TEST

START_TEST(frames_are_counted_where_headers_are_sound)
{
	static char large[0x10000];

	for (unsigned little = 0; little < 2; little++) {
		struct bytes b = pcap_new(little, 0xa1b2c3d4, 1);
		struct result r;

		/* The input's buffer is smaller than both of the large ones. */
		pcap_frame(&b, 1, 0, "abcd", 4);
		pcap_frame(&b, 1, 0, large, sizeof(large));
		pcap_frame(&b, 1, 0, "efgh", 4);
		pcap_frame(&b, 1, 0, large, sizeof(large) - 1);
		pcap_frame(&b, 1, 0, "ijkl", 4);
		r = read_bytes(&b);
		ck_assert_uint_eq(r.frames, 5);
		ck_assert(r.counted);
		ck_assert_uint_eq(r.first_byte[2], 'e');
		ck_assert_uint_eq(r.first_byte[4], 'i');
		g_free(r.said);
		b = pcap_new(little, 0xa1b2c3d4, 1);
		pcap_frame(&b, 1, 0, large, sizeof(large));
		put_number(&b, 1, 8);
		put32(&b, FRAME_MAX + 1);
		put32(&b, FRAME_MAX + 1);
		r = read_bytes(&b);
		ck_assert_uint_eq(r.frames, 1);
		ck_assert(!r.counted);
		g_free(r.said);
	}
}
END_TEST

/* One frame of three bytes, of which two were captured. */
static struct result read_version(unsigned major, unsigned minor, uint32_t first, uint32_t second)
{
	struct bytes b = pcap_new(true, 0xa1b2c3d4, 1);

	b.a->data[4] = (uint8_t)major;
	b.a->data[5] = (uint8_t)(major >> 8);
	b.a->data[6] = (uint8_t)minor;
	put_number(&b, 1, 8);
	put32(&b, first);
	put32(&b, second);
	put_bytes(&b, "ab", 2);
	return read_bytes(&b);
}

START_TEST(pcap_old_versions_have_lengths_swapped)
{
	static const struct {
		unsigned major, minor;
		uint32_t first, second;
	} cases[] = {{2, 4, 2, 3}, {2, 3, 2, 3}, {2, 3, 3, 2}, {2, 2, 3, 2}, {543, 0, 3, 2}};
	struct result r;

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		r = read_version(cases[i].major, cases[i].minor, cases[i].first, cases[i].second);
		ck_assert_uint_eq(r.frames, 1);
		ck_assert_uint_eq(r.f[0].captured, 2);
		ck_assert_uint_eq(r.f[0].original, 3);
		ck_assert_int_eq(r.end, CAPTURE_END);
		ck_assert(r.counted);
		g_free(r.said);
	}
	r = read_version(2, 5, 2, 3);
	ck_assert(!r.opened);
	assert_says(&r, "a version of the format that does not exist");
}
END_TEST

START_TEST(article_has_two_link_types)
{
	char *path = test_file("article/pop3-login.pcapng");
	struct result r = read_path(path);

	ck_assert_uint_eq(r.frames, 18);
	ck_assert_uint_eq(r.f[3].link_type, 101);
	ck_assert_uint_eq(r.f[4].link_type, 9);
	ck_assert_uint_eq(r.f[4].interface, 1);
	ck_assert_int_eq(r.f[0].time, 1048532424 * SECOND);
	ck_assert_int_eq(r.f[17].time, 1048532430 * SECOND + 715000000);
	ck_assert_uint_eq(r.f[17].captured, 11);
	g_free(r.said);
	g_free(path);
}
END_TEST

/* A file with each kind of block. */
static struct bytes all_blocks(bool little)
{
	static const uint8_t offset[8] = {0};
	struct bytes b = pcapng_new(little);
	uint8_t flags[4] = {0};
	uint32_t at;

	put_interface(&b, 1, 9, "eth0");
	put_interface(&b, 9, 0x80 | 10, "ppp0"); /* 1/1024 s */
	at = packet_begin(&b, 0, 1000000001, "one", 3);
	put_option(&b, 1, "first comment", 13);
	put_option(&b, 1, "second", 6);
	flags[little ? 0 : 3] = 2;
	put_option(&b, 2, flags, 4);
	block_end(&b, at);
	put_packet(&b, 1, 1024 + 512, "two", 3);
	at = block_begin(&b, 3); /* simple packet */
	put32(&b, 5);
	put_bytes(&b, "three", 5);
	block_end(&b, at);
	at = block_begin(&b, 2); /* obsolete packet */
	put16(&b, 1);
	put16(&b, 0);
	put_number(&b, 0, 4);
	put32(&b, 2048);
	put32(&b, 4);
	put32(&b, 9);
	put_bytes(&b, "four", 4);
	block_end(&b, at);
	at = block_begin(&b, 10); /* secrets */
	put_bytes(&b, "secret", 6);
	block_end(&b, at);
	at = block_begin(&b, 0x0bad); /* custom */
	put_number(&b, 1, 8);
	block_end(&b, at);
	at = block_begin(&b, 5); /* statistics: 7 dropped */
	put32(&b, 1);
	put_bytes(&b, offset, 8);
	put16(&b, 5);
	put16(&b, 8);
	put_number(&b, 7, 8);
	block_end(&b, at);
	return b;
}

START_TEST(pcapng_blocks_of_both_orders)
{
	for (int little = 0; little < 2; little++) {
		struct bytes b = all_blocks(little);
		struct result r = read_bytes(&b);

		ck_assert_msg(r.frames == 4, "%u frames: %s", r.frames, r.said);
		ck_assert_int_eq(r.end, CAPTURE_END);
		ck_assert_int_eq(r.f[0].time, SECOND + 1);
		ck_assert_int_eq(r.f[0].direction, DIR_OUT);
		ck_assert_str_eq(r.comment, "first comment");
		ck_assert_int_eq(r.f[1].time, SECOND + SECOND / 2);
		ck_assert_uint_eq(r.f[1].link_type, 9);
		ck_assert(r.f[2].untimed);
		ck_assert_uint_eq(r.f[2].captured, 5);
		ck_assert_int_eq(r.f[3].time, 2 * SECOND);
		ck_assert_uint_eq(r.f[3].original, 9);
		ck_assert_uint_eq(r.f[3].interface, 1);
		g_free(r.said);
	}
}
END_TEST

START_TEST(pcapng_says_what_it_knows)
{
	struct bytes b = all_blocks(true);
	char *path = bytes_file(&b);
	struct diag d = DIAG_INIT;
	struct capture *c = capture_open(path, &d);
	const struct capture_info *info;
	uint64_t offset = 0;
	struct frame f;

	ck_assert_ptr_nonnull(c);
	while (capture_next(c, &f, &d) == CAPTURE_FRAME)
		if (f.number == 2)
			offset = f.file_offset;
	info = capture_info(c);
	ck_assert_str_eq(info->format, "pcapng");
	ck_assert_uint_eq(info->ninterfaces, 2);
	ck_assert_str_eq(info->interfaces[1].name, "ppp0");
	ck_assert_uint_eq(info->interfaces[1].dropped, 7);
	ck_assert_uint_eq(info->interfaces[0].dropped, UINT64_MAX);
	ck_assert(info->has_secrets);
	ck_assert(capture_seek(c, offset, 2, &d));
	ck_assert_int_eq(capture_next(c, &f, &d), CAPTURE_FRAME);
	ck_assert_uint_eq(f.number, 2);
	ck_assert_mem_eq(f.data, "two", 3);
	ck_assert_str_eq(f.interface_name, "ppp0");
	ck_assert_uint_eq(capture_info(c)->ninterfaces, 2);
	capture_close(c);
	diag_release(&d);
	file_gone(path);
}
END_TEST

START_TEST(pcapng_sections_count_their_own_interfaces)
{
	struct bytes b = pcapng_new(true);
	struct result r;

	put_interface(&b, 1, 0, "a");
	put_packet(&b, 0, 1, "x", 1);
	b.little = false;
	put_section(&b);
	put_interface(&b, 9, 0, "b");
	put_packet(&b, 0, 2, "y", 1);
	r = read_bytes(&b);
	ck_assert_uint_eq(r.frames, 2);
	ck_assert_uint_eq(r.f[1].interface, 1);
	ck_assert_uint_eq(r.f[1].section, 2);
	ck_assert_uint_eq(r.f[1].link_type, 9);
	ck_assert_int_eq(r.f[1].time, 2000);
	g_free(r.said);
}
END_TEST

/* One good packet, then damage of some kind. */
static void damage(struct bytes *b, int kind)
{
	uint32_t at;

	switch (kind) {
	case 0: /* cut inside a block */
		put_packet(b, 0, 1, "abcdefgh", 8);
		g_byte_array_set_size(b->a, b->a->len - 9);
		break;
	case 1: /* two lengths that differ */
		put_packet(b, 0, 1, "abcd", 4);
		set32(b, b->a->len - 4, 64);
		break;
	case 2: /* more data than block */
		at = packet_begin(b, 0, 1, "abcd", 4);
		set32(b, at + 20, 65536);
		block_end(b, at);
		break;
	case 3: put_packet(b, 5, 1, "abcd", 4); break; /* no such interface */
	case 4:                                        /* impossible length of a block */
		put32(b, 6);
		put32(b, 13);
		put_number(b, 0, 8);
		break;
	case 5: /* a block of 4 GB */
		put32(b, 6);
		put32(b, 0xfffffffc);
		put_number(b, 0, 8);
		break;
	case 6: /* an option longer than its block */
		at = packet_begin(b, 0, 1, "abcd", 4);
		put16(b, 1);
		put16(b, 200);
		block_end(b, at);
		break;
	case 7: /* a packet of 4 GB */
		at = packet_begin(b, 0, 1, "abcd", 4);
		set32(b, at + 20, 0xffffffff);
		block_end(b, at);
		break;
	case 8: /* a section in no byte order */
		at = block_begin(b, 0x0a0d0d0a);
		put_number(b, 0, 8);
		put_number(b, 0, 8);
		block_end(b, at);
		break;
	default: /* a version of the future */
		at = b->a->len;
		put_section(b);
		b->a->data[at + 12] = 9;
		break;
	}
}

START_TEST(pcapng_damage_comes_after_the_good_packets)
{
	struct bytes b = pcapng_new(true);
	struct result r;

	put_interface(&b, 1, 0, NULL);
	put_packet(&b, 0, 1, "abcd", 4);
	damage(&b, _i);
	r = read_bytes(&b);
	ck_assert_uint_eq(r.frames, 1);
	ck_assert_int_eq(r.end, CAPTURE_DAMAGED);
	assert_says(&r, _i ? "is damaged after packet 1" : "was cut after packet 1");
}
END_TEST

START_TEST(pcapng_too_many_interfaces)
{
	struct bytes b = pcapng_new(true);
	struct result r;

	for (int i = 0; i <= CAPTURE_MAX_INTERFACES; i++)
		put_interface(&b, 1, 0, NULL);
	r = read_bytes(&b);
	ck_assert_int_eq(r.end, CAPTURE_DAMAGED);
	assert_says(&r, "4096");
}
END_TEST

START_TEST(times_never_overflow)
{
	ck_assert_int_eq(pcapng_time(1500, 3, 0), SECOND + SECOND / 2);
	ck_assert_int_eq(pcapng_time(7, 0, -2), 5 * SECOND);
	ck_assert_int_eq(pcapng_time(UINT64_C(123456789012), 12, 0), 123456789);
	ck_assert_int_eq(pcapng_time(UINT64_MAX, 127, 0), 0);
	ck_assert_int_eq(pcapng_time(UINT64_MAX, 0xff, 0), 0);
	ck_assert_int_eq(pcapng_time(UINT64_MAX, 0, INT64_MAX), INT64_C(1) << 62);
	ck_assert_int_eq(pcapng_time(0, 6, INT64_MIN), -(INT64_C(1) << 62));
	ck_assert_int_eq(pcapng_time(3, 0x81, 0), SECOND + SECOND / 2);
}
END_TEST

static const struct {
	const char *begin;
	size_t n;
	const char *words;
} foreign[] = {
	{"", 0, "is empty (0 bytes)"},
	{"Dear diary,\nnothing happened.\n", 30, "is a text file"},
	{"Opening X ... Successful\nReading packet headers ... 3 headers read.\n", 68,
	 "is a decoded listing, not the trace"},
	{"-------------------------- #:1 --------------------------\n", 58, "redirected over"},
	{"snoop\0\0\0\0\0\0\002", 12, "snoop"},
	{"GMBU\0\002", 6, "Network Monitor"},
	{"PK\003\004\0\0\0", 7, "zip archive"},
	{"\0\001\002\003\0\0\0", 7, "is not a capture file"},
};

START_TEST(what_is_no_capture_is_named)
{
	struct bytes b = bytes_new(true);
	struct result r;

	put_bytes(&b, foreign[_i].begin, foreign[_i].n);
	r = read_bytes(&b);
	ck_assert(!r.opened);
	assert_says(&r, foreign[_i].words);
}
END_TEST

START_TEST(places_that_are_no_files)
{
	struct result r = read_path("/");

	ck_assert(!r.opened);
	assert_says(&r, "is a folder");
	r = read_path("/nowhere/at/all");
	ck_assert(!r.opened);
	assert_says(&r, "there is no file");
}
END_TEST

/* The file's bytes compressed into a new file. */
static char *compressed(const char *path, size_t cut)
{
	gchar *data;
	gsize n;
	uint8_t out[8192];
	z_stream z = {0};
	struct bytes b = bytes_new(true);

	ck_assert(g_file_get_contents(path, &data, &n, NULL));
	ck_assert_int_eq(deflateInit2(&z, 9, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
	z.next_in = (Bytef *)data;
	z.avail_in = (uInt)n;
	z.next_out = out;
	z.avail_out = sizeof(out);
	ck_assert_int_eq(deflate(&z, Z_FINISH), Z_STREAM_END);
	put_bytes(&b, out, sizeof(out) - z.avail_out - cut);
	deflateEnd(&z);
	g_free(data);
	return bytes_file(&b);
}

START_TEST(gzip_is_known_by_content)
{
	char *plain = test_file("article/pop3-login.pcapng"), *packed = compressed(plain, 0);
	struct result r = read_path(packed);

	ck_assert_uint_eq(r.frames, 18);
	ck_assert_int_eq(r.end, CAPTURE_END);
	g_free(r.said);
	file_gone(packed);
	packed = compressed(plain, 100);
	r = read_path(packed);
	ck_assert_uint_lt(r.frames, 18);
	ck_assert_int_eq(r.end, CAPTURE_DAMAGED);
	assert_says(&r, "ends too early");
	file_gone(packed);
	g_free(plain);
}
END_TEST

static struct result read_pipe(const char *path)
{
	int before = dup(0), ends[2];
	struct result r;
	gchar *data;
	gsize n;

	ck_assert(g_file_get_contents(path, &data, &n, NULL));
	ck_assert_int_eq(pipe(ends), 0);
	ck_assert_int_eq(write(ends[1], data, n), (int)n);
	close(ends[1]);
	dup2(ends[0], 0);
	close(ends[0]);
	r = read_path("-");
	dup2(before, 0);
	close(before);
	g_free(data);
	return r;
}

START_TEST(standard_input_is_read_twice)
{
	char *plain = test_file("article/pop3-login.pcapng"), *packed = compressed(plain, 0);
	struct result r = read_pipe(plain);

	ck_assert_uint_eq(r.frames, 18);
	g_free(r.said);
	r = read_pipe(packed);
	ck_assert_uint_eq(r.frames, 18);
	g_free(r.said);
	file_gone(packed);
	g_free(plain);
}
END_TEST

START_TEST(link_types_have_names)
{
	ck_assert_str_eq(link_type_name(1), "Ethernet");
	ck_assert_ptr_null(link_type_name(147));
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("capture");
	TCase *t = tcase_create("all");

	tcase_add_test(t, pcap_orders_and_resolutions);
	tcase_add_test(t, pcap_modified_has_longer_frame_headers);
	tcase_add_test(t, pcap_keeps_what_the_snap_length_denies);
	tcase_add_test(t, pcap_invalid_times_do_no_harm);
	tcase_add_test(t, pcap_cut_and_damaged);
	tcase_add_test(t, pcap_old_versions_have_lengths_swapped);
	tcase_add_test(t, frames_are_counted_where_headers_are_sound);
	tcase_add_test(t, article_has_two_link_types);
	tcase_add_test(t, pcapng_blocks_of_both_orders);
	tcase_add_test(t, pcapng_says_what_it_knows);
	tcase_add_test(t, pcapng_sections_count_their_own_interfaces);
	tcase_add_loop_test(t, pcapng_damage_comes_after_the_good_packets, 0, 10);
	tcase_add_test(t, pcapng_too_many_interfaces);
	tcase_add_test(t, times_never_overflow);
	tcase_add_loop_test(t, what_is_no_capture_is_named, 0, G_N_ELEMENTS(foreign));
	tcase_add_test(t, places_that_are_no_files);
	tcase_add_test(t, gzip_is_known_by_content);
	tcase_add_test(t, standard_input_is_read_twice);
	tcase_add_test(t, link_types_have_names);
	suite_add_tcase(s, t);
	return s;
}

UNIT_MAIN(suite)
