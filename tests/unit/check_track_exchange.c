/* SPDX-License-Identifier: GPL-3.0-or-later */
/* check_track_exchange: requests, their answers, and the lack of them. */
#include "tests/unit/check_track.h"
#include "tests/unit/packets.h"

static struct feeder fd;

static void setup(void)
{
	feeder_init(&fd);
}

static void teardown(void)
{
	feeder_release(&fd);
}

static void assert_told(const char *what)
{
	ck_assert_msg(strstr(fd.log->str, what) != NULL, "not told: %s in\n%s", what, fd.log->str);
}

static unsigned times_told(const char *what)
{
	unsigned n = 0;

	for (const char *at = fd.log->str; (at = strstr(at, what)); at++)
		n++;
	return n;
}

static void query(uint64_t id, int64_t after)
{
	mark_next(&fd, EXCHANGE_REQUEST, PROTO_dns, id);
	feed(&fd, (struct packet){.proto = 17, .sport = 53, .data = "query", .after = after});
}

static void answer(uint64_t id, int64_t after)
{
	mark_next(&fd, EXCHANGE_RESPONSE, PROTO_dns, id);
	feed(&fd, (struct packet){.proto = 17,
				  .sport = 53,
				  .from_server = true,
				  .data = "answer",
				  .after = after});
}

static void time_passes(int64_t ns)
{
	feed(&fd, (struct packet){.proto = 17, .client = 77, .sport = 9, .data = "x", .after = ns});
}

START_TEST(paired_by_key)
{
	query(7, 0);
	query(8, 0);
	answer(8, 20 * MS);
	assert_told("tt.exchange.kind=dns tt.exchange.request_seen=1 tt.exchange.answered=1 "
		    "tt.exchange.request_frame=2 tt.exchange.retries=0 "
		    "tt.exchange.elapsed=0.020000000 ");
	assert_told("tt.exchange.response_frame=3 ");
	answer(7, 0);
	assert_told("tt.exchange.request_frame=1 ");
	ck_assert_int_eq(number(&fd.r, "tt.exchange.request_frame"), 1);
}
END_TEST

/* A name server that refuses may leave the question out: the upper part of the key is the id. */
START_TEST(paired_by_the_upper_part_of_the_key)
{
	query(UINT64_C(7) << 48 | 11, 0);
	query(UINT64_C(8) << 48 | 12, 0);
	answer(UINT64_C(9) << 48, 0);
	assert_told("tt.exchange.request_seen=0 ");
	answer(UINT64_C(8) << 48, 0);
	assert_told("tt.exchange.answered=1 tt.exchange.request_frame=2 ");
	answer(UINT64_C(8) << 48, 0);
	ck_assert_uint_eq(times_told("tt.exchange.request_seen=0 "), 2);
}
END_TEST

START_TEST(addresses_are_of_who_asked)
{
	query(7, 0);
	answer(7, 0);
	assert_told("ip.src=10.0.0.1 ");
	assert_told("ip.dst=192.0.2.1 ");
	assert_told("udp.dstport=53 ");
}
END_TEST

START_TEST(unanswered_with_retries)
{
	query(7, 0);
	query(7, 5 * SEC);
	ck_assert_uint_eq(times_told("EXCHANGE"), 0);
	time_passes(9 * SEC);
	assert_told("tt.exchange.answered=0 tt.exchange.request_frame=1 tt.exchange.retries=1 "
		    "tt.exchange.last_request_frame=2 tt.exchange.waited=14.000000000 ");
	assert_told("tt.exchange.reason=timeout ");
	track_end(fd.t);
	ck_assert_uint_eq(times_told("EXCHANGE"), 1);
}
END_TEST

START_TEST(late_answer_is_still_paired)
{
	query(7, 0);
	time_passes(10 * SEC);
	answer(7, SEC);
	ck_assert_uint_eq(times_told("EXCHANGE"), 2);
	assert_told("tt.exchange.elapsed=11.000000000 tt.exchange.late=1 ");
}
END_TEST

START_TEST(end_of_capture)
{
	query(7, 0);
	time_passes(SEC);
	track_end(fd.t);
	assert_told("tt.exchange.waited=1.000000000 tt.exchange.late=0 "
		    "tt.exchange.reason=end-of-capture ");
}
END_TEST

START_TEST(second_copy_is_no_retry)
{
	query(7, 0);
	mark_next(&fd, EXCHANGE_REQUEST, PROTO_dns, 7);
	feed(&fd,
	     (struct packet){
		     .proto = 17, .sport = 53, .data = "query", .ip_id = SAME_ID, .after = 1000});
	answer(7, 0);
	assert_told("tt.exchange.retries=0 ");
	track_end(fd.t);
	assert_told("tt.capture.duplicates=1 ");
}
END_TEST

START_TEST(answer_without_request)
{
	answer(7, 0);
	assert_told("tt.exchange.request_seen=0 tt.exchange.answered=1 ");
	assert_told("ip.src=10.0.0.1 ");
}
END_TEST

static void command(uint32_t seq, const char *line)
{
	mark_next(&fd, EXCHANGE_REQUEST, PROTO_pop, 0);
	feed(&fd, (struct packet){
			  .proto = 6, .seq = seq, .ack = 5001, .flags = ACK | PSH, .data = line});
}

static void reply(uint32_t seq, const char *line)
{
	mark_next(&fd, EXCHANGE_RESPONSE, PROTO_pop, 0);
	feed(&fd, (struct packet){.proto = 6,
				  .from_server = true,
				  .seq = seq,
				  .ack = 1001,
				  .flags = ACK | PSH,
				  .data = line});
}

START_TEST(pipelined_commands_are_answered_in_order)
{
	handshake(&fd);
	g_string_truncate(fd.log, 0);
	command(1001, "ONE");
	command(1004, "TWO");
	reply(5001, "+OK");
	assert_told("tt.exchange.kind=pop ");
	assert_told("tt.exchange.request_frame=4 ");
	reply(5004, "+OK");
	assert_told("tt.exchange.request_frame=5 ");
	ck_assert_uint_eq(times_told("tt.exchange.answered=1 "), 2);
}
END_TEST

START_TEST(server_closes_without_an_answer)
{
	handshake(&fd);
	command(1001, "PASS");
	feed(&fd, (struct packet){.proto = 6,
				  .from_server = true,
				  .seq = 5001,
				  .ack = 1005,
				  .flags = ACK | FIN});
	assert_told("tt.exchange.reason=closed ");
}
END_TEST

START_TEST(reset_instead_of_an_answer)
{
	handshake(&fd);
	command(1001, "PASS");
	feed(&fd, (struct packet){.proto = 6, .from_server = true, .seq = 5001, .flags = RST});
	assert_told("tt.exchange.reason=reset ");
}
END_TEST

START_TEST(connect_retries_and_silence)
{
	for (int i = 0; i < 3; i++)
		feed(&fd, (struct packet){.proto = 6, .flags = SYN, .seq = 1000, .after = SEC});
	time_passes(30 * SEC);
	assert_told("tt.exchange.kind=tcp-connect ");
	assert_told("tt.exchange.retries=2 ");
	assert_told("tt.exchange.reason=timeout ");
	track_end(fd.t);
	assert_told("tt.conv.syn_retries=2 tt.conv.syn_answered=0 ");
}
END_TEST

static void assert_value(const char *name, const char *value)
{
	const struct field *f = record_first(&fd.r, field_find(name, strlen(name)));
	struct buf text = BUF_INIT;

	ck_assert_msg(f != NULL, "no %s", name);
	field_value_text(&text, &fd.r, f);
	ck_assert_str_eq(buf_text(&text), value);
	buf_release(&text);
}

/* What Wireshark calls it, beside tt.exchange.*. */
START_TEST(answer_tells_its_question)
{
	mark_next(&fd, EXCHANGE_REQUEST, PROTO_icmp, 7);
	feed(&fd, (struct packet){.proto = 17, .sport = 53, .data = "ping"});
	mark_next(&fd, EXCHANGE_RESPONSE, PROTO_icmp, 7);
	feed(&fd, (struct packet){.proto = 17,
				  .sport = 53,
				  .from_server = true,
				  .data = "pong",
				  .after = 12345000});
	assert_value("icmp.resp_to", "1");
	assert_value("icmp.resptime", "12.345"); /* milliseconds */
	mark_next(&fd, EXCHANGE_REQUEST, PROTO_icmpv6, 7);
	feed(&fd, (struct packet){.proto = 17, .sport = 53, .data = "ping"});
	mark_next(&fd, EXCHANGE_RESPONSE, PROTO_icmpv6, 7);
	feed(&fd, (struct packet){.proto = 17,
				  .sport = 53,
				  .from_server = true,
				  .data = "pong",
				  .after = 2 * MS});
	assert_value("icmpv6.resp_to", "3");
	assert_value("icmpv6.resptime", "2");
	mark_next(&fd, EXCHANGE_REQUEST, PROTO_imap, 8);
	feed(&fd, (struct packet){.sport = 143, .data = "a noop"});
	mark_next(&fd, EXCHANGE_RESPONSE, PROTO_imap, 8);
	feed(&fd, (struct packet){.sport = 143, .from_server = true, .data = "ok", .after = MS});
	assert_value("imap.response_to", "5");
	assert_value("imap.time", "0.001000000");
}
END_TEST

START_TEST(icmp_error_ends_the_wait)
{
	struct packet p = {.proto = 17, .sport = 53, .data = "query"};
	struct record *r = &fd.r;
	struct cursor c = cursor_make(fd.bytes, 0, 0, 0);
	uint16_t type = field_find("icmp.type", 9), code = field_find("icmp.code", 9);

	query(7, 0);
	record_reset(r, RECORD_PACKET);
	r->number = 2;
	r->time = fd.now + MS;
	record_source(r, "Frame", fd.bytes, 0, 0);
	r->quoted = packet_flow(&fd, &p);
	p.proto = 1;
	p.server = 99;
	p.from_server = true;
	r->flow = packet_flow(&fd, &p);
	layer_open(r, PROTO_icmp, &c);
	field_add_uint(r, type, 0, 1, 3);
	field_add_uint(r, code, 0, 1, 3);
	layer_open(r, PROTO_udp, &c)->quoted = true;
	track_packet(fd.t, r);
	track_payload_done(fd.t, r);
	assert_value("udp.stream", "0");
	assert_told("tt.exchange.icmp_frame=2 tt.exchange.icmp_type=3 tt.exchange.icmp_code=3 "
		    "tt.exchange.icmp_from=192.0.2.99 tt.exchange.reason=icmp ");
	track_end(fd.t);
	assert_told("tt.conv.icmp_frame=2 tt.conv.icmp_type=3 tt.conv.icmp_code=3 ");
	ck_assert_uint_eq(times_told("EXCHANGE"), 1);
}
END_TEST

START_TEST(pending_requests_are_bounded)
{
	fd.quiet = true;
	for (uint32_t i = 0; i < TRACK_MAX_PENDING + 10; i++)
		query(i + 1, 1000);
	ck_assert_uint_eq(track_caps(fd.t)->pending_evicted, 10);
	ck_assert_uint_eq(fd.records, 10);
}
END_TEST

TCase *track_exchange_cases(void)
{
	TCase *c = tcase_create("exchange");

	tcase_add_checked_fixture(c, setup, teardown);
	tcase_add_test(c, paired_by_key);
	tcase_add_test(c, paired_by_the_upper_part_of_the_key);
	tcase_add_test(c, addresses_are_of_who_asked);
	tcase_add_test(c, unanswered_with_retries);
	tcase_add_test(c, late_answer_is_still_paired);
	tcase_add_test(c, end_of_capture);
	tcase_add_test(c, second_copy_is_no_retry);
	tcase_add_test(c, answer_without_request);
	tcase_add_test(c, pipelined_commands_are_answered_in_order);
	tcase_add_test(c, server_closes_without_an_answer);
	tcase_add_test(c, reset_instead_of_an_answer);
	tcase_add_test(c, connect_retries_and_silence);
	tcase_add_test(c, answer_tells_its_question);
	tcase_add_test(c, icmp_error_ends_the_wait);
	tcase_add_test(c, pending_requests_are_bounded);
	return c;
}
