/* SPDX-License-Identifier: GPL-3.0-or-later */
/* check_track_stream: the bytes of a direction, in order and each once. */
#include "tests/unit/check_track.h"
#include "tests/unit/packets.h"

static struct feeder fd;

static void setup(void)
{
	feeder_init(&fd);
	handshake(&fd);
}

static void teardown(void)
{
	feeder_release(&fd);
}

static struct record *server(uint32_t seq, uint16_t flags, const char *data)
{
	return feed(&fd, (struct packet){.proto = 6,
					 .from_server = true,
					 .seq = seq,
					 .ack = 1001,
					 .flags = (uint16_t)(flags | ACK),
					 .data = data});
}

static struct record *client_acks(uint32_t ack)
{
	return feed(&fd, (struct packet){.proto = 6, .seq = 1001, .ack = ack, .flags = ACK});
}

START_TEST(common_case_points_into_the_frame)
{
	struct record *r = server(5001, 0, "hello");

	ck_assert_str_eq(r->sources[r->payload.source].name, "Frame");
	ck_assert_uint_eq(r->payload.captured, 5);
	ck_assert(!r->payload.gap_before);
	ck_assert_uint_eq(r->nsources, 1);
}
END_TEST

START_TEST(repeats_are_empty)
{
	server(5001, 0, "hello");
	fd.now += SEC;
	ck_assert_uint_eq(server(5001, 0, "hello")->payload.reported, 0);
}
END_TEST

START_TEST(overlap_is_cut)
{
	server(5001, 0, "hello");
	server(5003, 0, "LLO world");
	ck_assert_str_eq(fd.stream->str, "hello world");
}
END_TEST

START_TEST(overlapping_pieces)
{
	server(5001, 0, "a");
	server(5005, 0, "efg");
	server(5003, 0, "cdEFGhi");
	server(5009, 0, "IJk");
	ck_assert_str_eq(fd.stream->str, "a");
	server(5002, 0, "b");
	ck_assert_str_eq(fd.stream->str, "abcdefghiJk");
}
END_TEST

START_TEST(carry_comes_back)
{
	struct record *r;

	fd.consume = 3;
	server(5001, 0, "abcdef");
	r = server(5007, 0, "ghi");
	ck_assert_str_eq(r->sources[r->payload.source].name, "Reassembled TCP");
	ck_assert_uint_eq(r->sources[r->payload.source].carried, 3);
	ck_assert_uint_eq(r->payload.captured, 6);
	ck_assert(!memcmp(r->sources[r->payload.source].bytes, "defghi", 6));
	r = server(5010, FIN, NULL);
	ck_assert_uint_eq(r->payload.captured, 3);
	ck_assert(!memcmp(r->sources[r->payload.source].bytes, "ghi", 3));
	ck_assert(r->payload.last);
}
END_TEST

START_TEST(fin_before_the_gap_is_filled)
{
	server(5001, 0, "abc");
	server(5007, FIN, "ghi");
	ck_assert_str_eq(fd.stream->str, "abc");
	server(5004, 0, "def");
	ck_assert_str_eq(fd.stream->str, "abcdefghi.");
}
END_TEST

START_TEST(acknowledged_gap_is_skipped)
{
	server(5001, 0, "abc");
	server(5007, 0, "ghi");
	client_acks(5010);
	server(5010, 0, "jkl");
	ck_assert_str_eq(fd.stream->str, "abc|ghijkl");
}
END_TEST

START_TEST(gap_skipped_on_reset)
{
	server(5001, 0, "abc");
	server(5007, 0, "ghi");
	server(5010, RST, NULL);
	ck_assert_str_eq(fd.stream->str, "abc|ghi.");
}
END_TEST

START_TEST(full_hold_gives_the_gap_up)
{
	char block[1001];

	memset(block, 'x', 1000);
	block[1000] = '\0';
	server(5001, 0, "abc");
	for (uint32_t i = 0; i < 70; i++)
		server(6000 + 1000 * i, 0, block);
	ck_assert_uint_eq(fd.stream->str[3], '|');
	/* Everything behind the gap came out but what was held last. */
	ck_assert_uint_ge(fd.stream->len, 4 + 65000);
	ck_assert_uint_ge(track_caps(fd.t)->stream_dropped, 1);
}
END_TEST

START_TEST(mid_stream_begins_with_a_gap)
{
	feeder_release(&fd);
	feeder_init(&fd);
	server(90000, 0, "half a line");
	ck_assert(fd.r.payload.gap_before);
	server(90011, 0, "next");
	ck_assert(!fd.r.payload.gap_before);
	track_end(fd.t);
	ck_assert(strstr(fd.log->str, "tt.conv.mid_stream=1 "));
}
END_TEST

START_TEST(cut_segment_leaves_a_gap)
{
	feed(&fd, (struct packet){.proto = 6,
				  .from_server = true,
				  .seq = 5001,
				  .ack = 1001,
				  .flags = ACK,
				  .data = "abc",
				  .reported = 10});
	ck_assert_uint_eq(fd.r.payload.captured, 3);
	ck_assert_uint_eq(fd.r.payload.reported, 10);
	server(5011, 0, "def");
	ck_assert_str_eq(fd.stream->str, "abc|def");
}
END_TEST

/* The client has reset it; half a message of the server waits, of which the rest comes much later.
 */
START_TEST(what_waits_ends_with_the_record)
{
	struct record *r;

	fd.consume = 0;
	server(5001, 0, "hel");
	feed(&fd, (struct packet){.proto = 6, .seq = 1001, .ack = 5004, .flags = RST | ACK});
	feed(&fd, (struct packet){.proto = 17, .data = "x", .after = 5 * SEC});
	fd.consume = -1;
	r = server(5004, 0, "lo");
	ck_assert(r->conv->over);
	ck_assert_uint_eq(r->payload.captured, 2);
	ck_assert(r->payload.gap_before);
}
END_TEST

START_TEST(unconsumed_bytes_are_bounded)
{
	char block[8001];
	uint32_t seq = 5001;

	memset(block, 'x', 8000);
	block[8000] = '\0';
	fd.consume = 0;
	for (int i = 0; i < 30; i++, seq += 8000)
		ck_assert_uint_le(server(seq, 0, block)->payload.captured, TRACK_MAX_STREAM + 8000);
	ck_assert_uint_ge(track_caps(fd.t)->stream_dropped, 3);
}
END_TEST

TCase *track_stream_cases(void)
{
	TCase *c = tcase_create("stream");

	tcase_add_checked_fixture(c, setup, teardown);
	tcase_add_test(c, common_case_points_into_the_frame);
	tcase_add_test(c, repeats_are_empty);
	tcase_add_test(c, overlap_is_cut);
	tcase_add_test(c, overlapping_pieces);
	tcase_add_test(c, carry_comes_back);
	tcase_add_test(c, fin_before_the_gap_is_filled);
	tcase_add_test(c, acknowledged_gap_is_skipped);
	tcase_add_test(c, gap_skipped_on_reset);
	tcase_add_test(c, full_hold_gives_the_gap_up);
	tcase_add_test(c, mid_stream_begins_with_a_gap);
	tcase_add_test(c, cut_segment_leaves_a_gap);
	tcase_add_test(c, unconsumed_bytes_are_bounded);
	tcase_add_test(c, what_waits_ends_with_the_record);
	return c;
}
