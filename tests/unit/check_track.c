/* SPDX-License-Identifier: GPL-3.0-or-later */
/* check_track: the TCP analysis and the conversation records. */
#include "tests/unit/check_track.h"
#include "tests/unit/packets.h"
#include "tests/unit/unit.h"

#include <time.h>

#include "tracetutor/decode.h"

static struct feeder fd;

static void setup(void)
{
	feeder_init(&fd);
}

static void teardown(void)
{
	feeder_release(&fd);
}

static struct record *client(uint32_t seq, uint32_t ack, uint16_t flags, const char *data)
{
	return feed(&fd, (struct packet){
				 .proto = 6, .seq = seq, .ack = ack, .flags = flags, .data = data});
}

static struct record *server(uint32_t seq, uint32_t ack, uint16_t flags, const char *data)
{
	return feed(&fd, (struct packet){.proto = 6,
					 .from_server = true,
					 .ttl = 52,
					 .seq = seq,
					 .ack = ack,
					 .flags = flags,
					 .data = data});
}

static bool told(const char *what)
{
	return strstr(fd.log->str, what) != NULL;
}

static void assert_told(const char *what)
{
	ck_assert_msg(told(what), "not told: %s in\n%s", what, fd.log->str);
}

START_TEST(handshake_numbers)
{
	struct record *r;

	handshake(&fd);
	r = &fd.r;
	ck_assert_int_eq(number(r, "tcp.stream"), 0);
	ck_assert_int_eq(number(r, "tcp.seq"), 1);
	ck_assert_int_eq(number(r, "tcp.ack"), 1);
	ck_assert_int_eq(number(r, "tcp.nxtseq"), 1);
	ck_assert_int_eq(number(r, "tcp.completeness"), 3);
	ck_assert_int_eq(number(r, "tcp.time_relative"), 31 * MS);
	ck_assert_int_eq(number(r, "tcp.time_delta"), MS);
	ck_assert_int_eq(number(r, "tcp.analysis.acks_frame"), 2);
	ck_assert_int_eq(number(r, "tcp.analysis.ack_rtt"), MS);
	ck_assert_int_eq(number(r, "tcp.analysis.initial_rtt"), 31 * MS);
	ck_assert(!has(r, "tcp.analysis.flags"));
	r = client(1001, 5001, ACK | PSH, "GET");
	ck_assert_int_eq(number(r, "tcp.analysis.bytes_in_flight"), 3);
	ck_assert_int_eq(number(r, "tcp.analysis.push_bytes_sent"), 3);
	ck_assert_int_eq(number(r, "tcp.nxtseq"), 4);
}
END_TEST

START_TEST(window_scale)
{
	struct record *r;

	feed(&fd, (struct packet){.proto = 6, .flags = SYN, .seq = 1, .wscale = 8});
	ck_assert(!has(&fd.r, "tcp.window_size_scalefactor"));
	feed(&fd, (struct packet){.proto = 6,
				  .from_server = true,
				  .flags = SYN | ACK,
				  .seq = 9,
				  .ack = 2,
				  .wscale = 3});
	r = client(2, 10, ACK, NULL);
	ck_assert_int_eq(number(r, "tcp.window_size_scalefactor"), 128);
	ck_assert_int_eq(number(r, "tcp.window_size"), 128000);
	r = server(10, 2, ACK, NULL);
	ck_assert_int_eq(number(r, "tcp.window_size"), 4000);
}
END_TEST

START_TEST(window_scale_refused)
{
	feed(&fd, (struct packet){.proto = 6, .flags = SYN, .seq = 1, .wscale = 8});
	feed(&fd, (struct packet){
			  .proto = 6, .from_server = true, .flags = SYN | ACK, .seq = 9, .ack = 2});
	client(2, 10, ACK, NULL);
	ck_assert_int_eq(number(&fd.r, "tcp.window_size_scalefactor"), -2);
	ck_assert_int_eq(number(&fd.r, "tcp.window_size"), 1000);
}
END_TEST

START_TEST(retransmission)
{
	struct record *r;

	handshake(&fd);
	client(1001, 5001, ACK | PSH, "hello");
	fd.now += SEC;
	r = client(1001, 5001, ACK | PSH, "hello");
	ck_assert(has(r, "tcp.analysis.retransmission"));
	ck_assert(has(r, "tcp.analysis.flags"));
	ck_assert(!has(r, "tcp.analysis.fast_retransmission"));
	ck_assert_int_eq(number(r, "tcp.analysis.rto_frame"), 4);
	ck_assert_int_eq(number(r, "tcp.analysis.rto"), SEC + MS);
	track_end(fd.t);
	assert_told("tt.conv.retransmissions=1 ");
	assert_told("tt.conv.retransmissions_client=1 ");
	assert_told("tt.conv.stalled_size=5 ");
	assert_told("tt.conv.stalled_by=client ");
	assert_told("tt.conv.lost_before_here=0 ");
	assert_told("tt.conv.bytes_a2b=5 ");
}
END_TEST

START_TEST(spurious_retransmission)
{
	handshake(&fd);
	client(1001, 5001, ACK | PSH, "hello");
	server(5001, 1006, ACK, NULL);
	fd.now += SEC;
	ck_assert(has(client(1001, 5001, ACK | PSH, "hello"),
		      "tcp.analysis.spurious_retransmission"));
	track_end(fd.t);
	assert_told("tt.conv.spurious=1 ");
	assert_told("tt.conv.stalled_retries=1 ");
}
END_TEST

START_TEST(fast_retransmission_after_loss)
{
	struct record *r;

	handshake(&fd);
	server(5001, 1001, ACK, "aaaa");
	client(1001, 5005, ACK, NULL);
	r = server(5009, 1001, ACK, "cccc");
	ck_assert(has(r, "tcp.analysis.lost_segment"));
	r = client(1001, 5005, ACK, NULL);
	ck_assert_int_eq(number(r, "tcp.analysis.duplicate_ack_num"), 1);
	ck_assert_int_eq(number(r, "tcp.analysis.duplicate_ack_frame"), 5);
	server(5013, 1001, ACK, "dddd");
	r = client(1001, 5005, ACK, NULL);
	ck_assert_int_eq(number(r, "tcp.analysis.duplicate_ack_num"), 2);
	r = server(5005, 1001, ACK, "bbbb");
	ck_assert(has(r, "tcp.analysis.fast_retransmission"));
	ck_assert(has(r, "tcp.analysis.retransmission"));
	ck_assert_str_eq(fd.stream->str, "aaaabbbbccccdddd");
	fd.now += SEC;
	track_end(fd.t);
	assert_told("tt.conv.dup_acks=2 ");
	assert_told("tt.conv.gap_size=0 ");
}
END_TEST

START_TEST(lost_before_here_counts_slow_fill)
{
	handshake(&fd);
	server(5001, 1001, ACK, "aaaa");
	server(5009, 1001, ACK, "cccc");
	fd.now += SEC;
	server(5005, 1001, ACK, "bbbb");
	track_end(fd.t);
	assert_told("tt.conv.lost_before_here=1 tt.conv.lost_before_frame=6 tt.conv.sent_again=1 ");
	assert_told("tt.conv.retransmissions=0 ");
	assert_told("tt.conv.out_of_order=0 ");
}
END_TEST

START_TEST(out_of_order_is_no_loss)
{
	handshake(&fd);
	server(5001, 1001, ACK, "aaaa");
	server(5009, 1001, ACK, "cccc");
	ck_assert(has(server(5005, 1001, ACK, "bbbb"), "tcp.analysis.out_of_order"));
	track_end(fd.t);
	assert_told("tt.conv.out_of_order=1 ");
	assert_told("tt.conv.lost_before_here=0 ");
	ck_assert_str_eq(fd.stream->str, "aaaabbbbcccc");
}
END_TEST

START_TEST(capture_drop)
{
	handshake(&fd);
	server(5001, 1001, ACK, "aaaa");
	ck_assert(has(client(1001, 5009, ACK, NULL), "tcp.analysis.ack_lost_segment"));
	track_end(fd.t);
	assert_told("tt.conv.capture_drops=1 tt.conv.capture_drop_frame=5 ");
	assert_told("tt.conv.gap_size=0 ");
}
END_TEST

START_TEST(zero_window_and_probes)
{
	struct record *r;

	handshake(&fd);
	server(5001, 1001, ACK, "aaaa");
	r = feed(&fd,
		 (struct packet){
			 .proto = 6, .flags = ACK, .seq = 1001, .ack = 5005, .win = NO_WINDOW});
	ck_assert(has(r, "tcp.analysis.zero_window"));
	r = server(5005, 1001, ACK, "x");
	ck_assert(has(r, "tcp.analysis.zero_window_probe"));
	r = feed(&fd,
		 (struct packet){
			 .proto = 6, .flags = ACK, .seq = 1001, .ack = 5005, .win = NO_WINDOW});
	ck_assert(has(r, "tcp.analysis.zero_window_probe_ack"));
	fd.now += SEC;
	r = client(1001, 5005, ACK, NULL);
	ck_assert(has(r, "tcp.analysis.window_update"));
	track_end(fd.t);
	assert_told("tt.conv.zero_windows=2 tt.conv.zero_window_frame=5 "
		    "tt.conv.zero_window_by=client tt.conv.zero_window_probes=1 "
		    "tt.conv.zero_window_time=1.003000000 tt.conv.window_reopened=1 ");
}
END_TEST

START_TEST(window_full)
{
	feed(&fd, (struct packet){.proto = 6, .flags = SYN, .seq = 1, .win = 5});
	server(9, 2, SYN | ACK, NULL);
	feed(&fd, (struct packet){.proto = 6, .flags = ACK, .seq = 2, .ack = 10, .win = 5});
	ck_assert(has(server(10, 2, ACK, "fully"), "tcp.analysis.window_full"));
	ck_assert(!has(client(2, 15, ACK, "and"), "tcp.analysis.window_full"));
}
END_TEST

START_TEST(keep_alive)
{
	handshake(&fd);
	server(5001, 1001, ACK, "aaaa");
	client(1001, 5005, ACK, NULL);
	fd.now += 60 * SEC;
	ck_assert(has(server(5004, 1001, ACK, NULL), "tcp.analysis.keep_alive"));
	ck_assert(has(client(1001, 5005, ACK, NULL), "tcp.analysis.keep_alive_ack"));
	track_end(fd.t);
	assert_told("tt.conv.keep_alives=1 ");
	assert_told("tt.conv.retransmissions=0 ");
	assert_told("tt.conv.idle_then_answered=1 ");
}
END_TEST

START_TEST(sequence_wraps)
{
	struct record *r;

	feed(&fd, (struct packet){.proto = 6, .flags = SYN, .seq = 0xFFFFFFFB});
	server(9, 0xFFFFFFFC, SYN | ACK, NULL);
	client(0xFFFFFFFC, 10, ACK, "abcdefgh");
	ck_assert_int_eq(number(&fd.r, "tcp.seq"), 1);
	r = client(4, 10, ACK, "ij");
	ck_assert_int_eq(number(r, "tcp.seq"), 9);
	ck_assert(!has(r, "tcp.analysis.flags"));
	fd.now += SEC;
	ck_assert(has(client(0xFFFFFFFC, 10, ACK, "abcdefgh"), "tcp.analysis.retransmission"));
	ck_assert_str_eq(fd.stream->str, "abcdefghij");
	r = server(10, 6, ACK, NULL);
	ck_assert_int_eq(number(r, "tcp.ack"), 11);
	ck_assert_int_eq(number(r, "tcp.analysis.acks_frame"), 4);
}
END_TEST

START_TEST(reused_ports)
{
	handshake(&fd);
	client(1001, 5001, ACK | FIN, NULL);
	server(5001, 1002, ACK | FIN, NULL);
	feed(&fd, (struct packet){.proto = 6, .flags = SYN, .seq = 777777, .after = SEC});
	ck_assert_int_eq(number(&fd.r, "tcp.stream"), 1);
	ck_assert(has(&fd.r, "tcp.analysis.reused_ports"));
	ck_assert_int_eq(number(&fd.r, "tcp.seq"), 0);
	feed(&fd, (struct packet){.proto = 6, .flags = SYN, .seq = 777777, .after = SEC});
	ck_assert_int_eq(number(&fd.r, "tcp.stream"), 1);
	ck_assert(has(&fd.r, "tcp.analysis.retransmission"));
	track_end(fd.t);
	assert_told("tt.conv.index=0 ");
	assert_told("tt.capture.tcp_conversations=2 ");
}
END_TEST

START_TEST(refused_connection)
{
	feed(&fd, (struct packet){.proto = 6, .flags = SYN, .seq = 1000});
	server(0, 1001, RST | ACK, NULL);
	assert_told("tt.exchange.kind=tcp-connect ");
	assert_told("tt.exchange.refused=1 ");
	assert_told("tt.exchange.answered=1 ");
	track_end(fd.t);
	assert_told("tt.conv.refused=1 ");
	assert_told("tt.conv.reset_by=server ");
	assert_told("tt.conv.reset_after_data=0 ");
	assert_told("tt.conv.one_sided=0 ");
}
END_TEST

START_TEST(third_party_reset)
{
	handshake(&fd);
	client(1001, 5001, ACK | PSH, "hello");
	feed(&fd, (struct packet){.proto = 6,
				  .from_server = true,
				  .flags = RST,
				  .seq = 5001,
				  .ttl = 61,
				  .after = 4 * MS});
	track_end(fd.t);
	assert_told("tt.conv.reset_ttl=61 tt.conv.reset_usual_ttl=52 "
		    "tt.conv.reset_ttl_differs=1 tt.conv.reset_too_fast=1 ");
	assert_told("tt.conv.reset_ack=0 ");
}
END_TEST

START_TEST(honest_reset_is_not_third_party)
{
	handshake(&fd);
	client(1001, 5001, ACK | PSH, "hello");
	feed(&fd, (struct packet){.proto = 6,
				  .from_server = true,
				  .flags = RST | ACK,
				  .seq = 5001,
				  .ack = 1006,
				  .ttl = 52,
				  .after = 31 * MS});
	track_end(fd.t);
	assert_told("tt.conv.reset_ttl_differs=0 tt.conv.reset_too_fast=0 ");
	assert_told("tt.conv.reset_after_data=1 ");
}
END_TEST

/* Both programs said good-bye inside the encryption, or only one of them. */
START_TEST(reset_after_good_byes)
{
	for (int both = 0; both < 2; both++) {
		struct conv *conv;

		teardown();
		setup();
		handshake(&fd);
		conv = client(1001, 5001, ACK | PSH, "hello")->conv;
		conv->left[1] = true;
		conv->left[0] = both;
		server(5001, 1006, RST | ACK, NULL);
		track_end(fd.t);
		assert_told(both ? "tt.conv.reset_after_goodbye=1 "
				 : "tt.conv.reset_after_goodbye=0 ");
	}
}
END_TEST

START_TEST(idle_then_reset)
{
	handshake(&fd);
	client(1001, 5001, ACK | PSH, "NOOP");
	server(5001, 1005, ACK | PSH, "OK");
	fd.now += 1800 * SEC;
	client(1005, 5003, ACK | PSH, "DONE");
	for (int i = 0; i < 3; i++) {
		fd.now += SEC;
		client(1005, 5003, ACK | PSH, "DONE");
	}
	server(5003, 0, RST, NULL);
	track_end(fd.t);
	assert_told("tt.conv.idle_max=1800.001000000 tt.conv.idle_before_frame=6 ");
	assert_told("tt.conv.idle_then_repeats=3 tt.conv.idle_then_answered=0 "
		    "tt.conv.idle_then_reset=1 ");
}
END_TEST

START_TEST(slow_server)
{
	handshake(&fd);
	client(1001, 5001, ACK | PSH, "GET");
	server(5001, 1004, ACK, NULL);
	fd.now += 9 * SEC;
	server(5001, 1004, ACK | PSH, "200");
	track_end(fd.t);
	assert_told("tt.conv.first_reply_delay=9.001000000 ");
	assert_told("tt.conv.slowest_request_frame=4 tt.conv.slowest_reply_frame=6 ");
}
END_TEST

START_TEST(black_hole_seen_from_the_receiver)
{
	handshake(&fd);
	client(1001, 5001, ACK | PSH, "GET");
	server(5001, 1004, ACK, NULL);
	server(7921, 1004, ACK | PSH, "the end");
	feed(&fd,
	     (struct packet){
		     .proto = 6, .flags = ACK, .seq = 1004, .ack = 5001, .sack = {7921, 7928}});
	track_end(fd.t);
	assert_told("tt.conv.gap_size=2920 tt.conv.gap_by=server tt.conv.gap_frame=6 "
		    "tt.conv.gap_next_size=7 tt.conv.gap_sacked=1 ");
}
END_TEST

/* Nothing large comes, but an empty packet counts further than what came. */
START_TEST(black_hole_told_by_an_empty_packet)
{
	handshake(&fd);
	client(1001, 5001, ACK | PSH, "GET");
	server(5001, 1004, ACK, NULL);
	fd.now += 6 * SEC;
	client(1004, 5001, ACK | FIN, NULL);
	server(19481, 1005, ACK, NULL);
	track_end(fd.t);
	assert_told("tt.conv.gap_size=14480 tt.conv.gap_by=server tt.conv.gap_frame=7 "
		    "tt.conv.gap_next_size=0 tt.conv.gap_sacked=0 tt.conv.gap_largest=0 ");
	assert_told("tt.conv.request_waited=6.");
}
END_TEST

/* What comes after all was only overtaken; what the receiver has was lost by the recording. */
START_TEST(empty_packet_overtakes_data)
{
	handshake(&fd);
	server(5005, 1001, ACK, NULL);
	server(5001, 1001, ACK, "aaaa");
	track_end(fd.t);
	assert_told("tt.conv.gap_size=0 tt.conv.gap_by=none ");
}
END_TEST

START_TEST(one_sided)
{
	feed(&fd, (struct packet){.proto = 6, .flags = SYN, .seq = 1000});
	client(1001, 5001, ACK, NULL);
	client(1001, 5001, ACK, "GET");
	client(1004, 5050, ACK, NULL);
	track_end(fd.t);
	assert_told("tt.conv.one_sided=1 ");
	assert_told("tt.capture.one_sided=1 ");
}
END_TEST

START_TEST(duplicates_are_no_retransmissions)
{
	handshake(&fd);
	client(1001, 5001, ACK | PSH, "hello");
	feed(&fd, (struct packet){.proto = 6,
				  .flags = ACK | PSH,
				  .seq = 1001,
				  .ack = 5001,
				  .data = "hello",
				  .ip_id = SAME_ID,
				  .after = 1000});
	server(5001, 1006, ACK, NULL);
	track_end(fd.t);
	assert_told("tt.conv.duplicates=1 ");
	assert_told("tt.conv.retransmissions=0 ");
	assert_told("tt.capture.duplicates=1 tt.capture.duplicate_frame=5 ");
}
END_TEST

START_TEST(eviction_reports_the_oldest)
{
	for (uint32_t i = 0; i < TRACK_MAX_CONVS + 1; i++)
		feed(&fd,
		     (struct packet){.proto = 17, .client = 1 + i, .data = "x", .sport = 9999});
	ck_assert_uint_eq(track_caps(fd.t)->convs_evicted, 1);
	assert_told("ip.src=10.0.0.1 ");
	ck_assert(!told("ip.src=10.0.0.2 "));
	ck_assert_int_eq(number(&fd.r, "udp.stream"), TRACK_MAX_CONVS);
}
END_TEST

START_TEST(closed_conversation_is_reported_soon)
{
	handshake(&fd);
	client(1001, 5001, ACK | FIN, NULL);
	server(5001, 1002, ACK | FIN, NULL);
	client(1002, 5002, ACK, NULL);
	ck_assert(!told("CONVERSATION"));
	feed(&fd, (struct packet){.proto = 17, .data = "x", .after = 5 * SEC});
	assert_told("CONVERSATION");
	assert_told("tt.conv.fin_a=1 tt.conv.fin_b=1 ");
	assert_told("tt.conv.closed_by=client ");
}
END_TEST

/* Its record is given once; what comes late is still of this conversation, and analysed. */
START_TEST(packets_after_the_end)
{
	struct record *r;

	handshake(&fd);
	client(1001, 5001, ACK | PSH, "USER x\r\n");
	server(5001, 1009, ACK | FIN, NULL);
	r = client(1009, 5002, ACK | FIN, NULL);
	conv_state(r, PROTO_pop, CONV_APP_STATE);
	feed(&fd, (struct packet){.proto = 17, .data = "x", .after = 5 * SEC});
	assert_told("CONVERSATION");
	g_string_truncate(fd.log, 0);
	r = client(1001, 5002, ACK | PSH, "USER x\r\n");
	ck_assert_int_eq(number(r, "tcp.stream"), 0);
	ck_assert(r->conv->over && !r->conv->app_state);
	ck_assert(has(r, "tcp.analysis.retransmission"));
	memset(conv_state(r, PROTO_pop, CONV_APP_STATE), 1, CONV_APP_STATE);
	server(5002, 1010, ACK, NULL);
	track_end(fd.t);
	ck_assert(!told("tt.conv.protocol=tcp"));
}
END_TEST

START_TEST(flood_is_bounded_and_fast)
{
	struct timespec from, to;
	double us;

	fd.quiet = true;
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &from);
	for (uint32_t i = 0; i < 200000; i++)
		feed(&fd,
		     (struct packet){
			     .proto = 6, .client = 1 + i, .flags = SYN, .seq = i, .after = 1000});
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &to);
	us = (double)(to.tv_sec - from.tv_sec) * 1e6 + (double)(to.tv_nsec - from.tv_nsec) / 1e3;
	ck_assert_uint_eq(track_caps(fd.t)->convs_evicted, 200000 - TRACK_MAX_CONVS);
	ck_assert_msg(us / 200000 < 100, "%.1f us a packet", us / 200000);
	track_end(fd.t);
	ck_assert_uint_ge(fd.records, 400000);
}
END_TEST

static TCase *analysis_cases(void)
{
	TCase *c = tcase_create("analysis");

	tcase_add_checked_fixture(c, setup, teardown);
	tcase_add_test(c, handshake_numbers);
	tcase_add_test(c, window_scale);
	tcase_add_test(c, window_scale_refused);
	tcase_add_test(c, retransmission);
	tcase_add_test(c, spurious_retransmission);
	tcase_add_test(c, fast_retransmission_after_loss);
	tcase_add_test(c, lost_before_here_counts_slow_fill);
	tcase_add_test(c, out_of_order_is_no_loss);
	tcase_add_test(c, capture_drop);
	tcase_add_test(c, zero_window_and_probes);
	tcase_add_test(c, window_full);
	tcase_add_test(c, keep_alive);
	tcase_add_test(c, sequence_wraps);
	tcase_add_test(c, reused_ports);
	return c;
}

static TCase *conversation_cases(void)
{
	TCase *c = tcase_create("conversations");

	tcase_add_checked_fixture(c, setup, teardown);
	tcase_set_timeout(c, 60);
	tcase_add_test(c, refused_connection);
	tcase_add_test(c, third_party_reset);
	tcase_add_test(c, honest_reset_is_not_third_party);
	tcase_add_test(c, reset_after_good_byes);
	tcase_add_test(c, idle_then_reset);
	tcase_add_test(c, slow_server);
	tcase_add_test(c, black_hole_seen_from_the_receiver);
	tcase_add_test(c, black_hole_told_by_an_empty_packet);
	tcase_add_test(c, empty_packet_overtakes_data);
	tcase_add_test(c, one_sided);
	tcase_add_test(c, duplicates_are_no_retransmissions);
	tcase_add_test(c, eviction_reports_the_oldest);
	tcase_add_test(c, closed_conversation_is_reported_soon);
	tcase_add_test(c, packets_after_the_end);
	tcase_add_test(c, flood_is_bounded_and_fast);
	return c;
}

static Suite *suite(void)
{
	Suite *s = suite_create("track");

	suite_add_tcase(s, analysis_cases());
	suite_add_tcase(s, conversation_cases());
	suite_add_tcase(s, track_stream_cases());
	suite_add_tcase(s, track_exchange_cases());
	return s;
}

UNIT_MAIN(suite)
