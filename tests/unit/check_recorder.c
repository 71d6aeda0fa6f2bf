/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * recorder: clocks, messages, captures that arrive bit by bit, what is said without rights. The
 * processes at work: tests/live/recorder.test.
 */
#include "unit.h"

#include <errno.h>
#include <fcntl.h>

#include "bytes.h"
#include "src/recorder/clocks.h"
#include "src/recorder/message.h"
#include "tracetutor/live.h"

#define SECOND INT64_C(1000000000)

START_TEST(clocks_tell_setting_from_sleeping)
{
	const struct clocks before = {
		.real = 1000 * SECOND, .boot = 50 * SECOND, .mono = 40 * SECOND};
	struct clocks now = {.real = 1001 * SECOND, .boot = 51 * SECOND, .mono = 41 * SECOND};

	ck_assert_int_eq(clocks_set_by(&before, &now), 0);
	ck_assert_int_eq(clocks_slept(&before, &now), 0);
	now.real += 3600 * SECOND;
	ck_assert_int_eq(clocks_set_by(&before, &now), 3600);
	ck_assert_int_eq(clocks_slept(&before, &now), 0);
	now.real -= 7200 * SECOND;
	ck_assert_int_eq(clocks_set_by(&before, &now), -3600);
	now = (struct clocks){.real = 1061 * SECOND, .boot = 111 * SECOND, .mono = 41 * SECOND};
	ck_assert_int_eq(clocks_set_by(&before, &now), 0);
	ck_assert_int_eq(clocks_slept(&before, &now), 60);
	now = before;
	now.real += 2 * SECOND - 1; /* a clock that is corrected step by step */
	ck_assert_int_eq(clocks_set_by(&before, &now), 0);
	now = clocks_now();
	ck_assert_int_eq(clocks_set_by(&now, &now), 0);
	ck_assert_int_gt(now.real, now.boot);
}
END_TEST

START_TEST(messages_stay_whole_and_carry_files)
{
	const struct iovec parts[] = {{.iov_base = (void *)"one", .iov_len = 3},
				      {.iov_base = (void *)" two", .iov_len = 5}};
	int ends[2], fds[MESSAGE_MAX_FDS], file = open("/dev/null", O_RDONLY);
	char text[16];

	ck_assert(message_pair(ends));
	errno = 0;
	ck_assert_int_eq(message_receive(ends[0], text, sizeof(text), fds), -1);
	ck_assert_int_eq(errno, EAGAIN);
	ck_assert(!message_wait(ends[0], 0));
	ck_assert(message_send(ends[1], parts, 2, &file, 1, true));
	ck_assert(message_send(ends[1], parts, 1, NULL, 0, true));
	ck_assert(message_wait(ends[0], 5));
	ck_assert_int_eq(message_receive(ends[0], text, sizeof(text), fds), 8);
	ck_assert_str_eq(text, "one two");
	ck_assert_int_ge(fds[0], 0);
	ck_assert_int_ne(fds[0], file);
	ck_assert_int_eq(fds[1], -1);
	ck_assert_int_eq(fcntl(fds[0], F_GETFD) & FD_CLOEXEC, FD_CLOEXEC);
	ck_assert_int_eq(message_receive(ends[0], text, sizeof(text), NULL), 3);
	close(ends[1]);
	ck_assert_int_eq(message_receive(ends[0], text, sizeof(text), NULL), 0);
	ck_assert(!message_send(ends[0], parts, 1, NULL, 0, true));
	close(ends[0]);
	close(fds[0]);
	close(file);
}
END_TEST

START_TEST(recording_filters_are_checked)
{
	struct diag d = DIAG_INIT;

	ck_assert(live_filter_check("tcp port 110 and host 192.0.2.1", &d));
	ck_assert(live_filter_check("", &d));
	ck_assert_uint_eq(d.count, 0);
	ck_assert(!live_filter_check("tcp.port == 110", &d));
	ck_assert_uint_eq(d.count, 1);
	ck_assert(strstr(d.messages[0].text, "tcp.port == 110") != NULL);
	diag_release(&d);
}
END_TEST

/* --- a capture that arrives bit by bit --- */

struct arrived {
	unsigned frames;
	struct frame last;
	char bytes[16];
};

static void one(void *context, const struct frame *f)
{
	struct arrived *a = context;

	a->frames++;
	a->last = *f;
	memcpy(a->bytes, f->data, MIN(f->captured, sizeof(a->bytes)));
}

static void feed(int fd, const struct bytes *b, uint32_t from, uint32_t to)
{
	ck_assert_int_eq(write(fd, b->a->data + from, to - from), (int)(to - from));
}

START_TEST(frames_come_when_they_are_whole)
{
	static const uint32_t magics[] = {0xa1b2c3d4, 0xa1b23c4d};
	struct diag d = DIAG_INIT;

	for (unsigned i = 0; i < 4; i++) {
		struct bytes b = pcap_new(i & 1, magics[i / 2], 12);
		struct arrived a = {0};
		unsigned given, before = 0;
		struct live *l;
		int ends[2];

		pcap_frame(&b, 10, 5, "abcd", 4);
		pcap_frame(&b, 11, 5, "efghi", 5);
		ck_assert_int_eq(pipe(ends), 0);
		feed(ends[1], &b, 0, 24);
		l = live_from_stream(ends[0], 5, &d);
		ck_assert_ptr_nonnull(l);
		ck_assert_uint_eq(live_link_type(l), 101);
		ck_assert_uint_eq(live_snap_length(l), 65535);
		for (uint32_t at = 24; at < b.a->len; at++) {
			feed(ends[1], &b, at, at + 1);
			ck_assert_int_eq(live_next(l, 10, one, &a, &given), LIVE_FRAMES);
			ck_assert_uint_eq(a.frames - before, given);
			before = a.frames;
			ck_assert_uint_eq(a.frames, at < 43 ? 0 : at < 64 ? 1 : 2);
		}
		ck_assert_int_eq(a.last.time, 11 * SECOND + (i / 2 ? 5 : 5000));
		ck_assert_mem_eq(a.bytes, "efghi", 5);
		close(ends[1]);
		ck_assert_int_eq(live_next(l, 10, one, &a, &given), LIVE_GONE);
		ck_assert_uint_eq(given, 0);
		live_close(l);
		g_byte_array_free(b.a, TRUE);
	}
	ck_assert_uint_eq(d.count, 0);
}
END_TEST

START_TEST(frames_come_in_portions)
{
	struct bytes b = pcap_new(true, 0xa1b2c3d4, 1);
	struct diag d = DIAG_INIT;
	struct arrived a = {0};
	struct live *l;
	unsigned given;
	int ends[2];

	for (unsigned i = 0; i < 25; i++)
		pcap_frame(&b, 1, 0, "abcd", 4);
	put_number(&b, 0, 8);
	put32(&b, 0xffffffff); /* damage */
	put32(&b, 0xffffffff);
	pcap_frame(&b, 1, 0, "abcd", 4);
	ck_assert_int_eq(pipe(ends), 0);
	feed(ends[1], &b, 0, b.a->len);
	l = live_from_stream(ends[0], 5, &d);
	for (unsigned i = 1; i <= 2; i++) {
		ck_assert_int_eq(live_next(l, 10, one, &a, &given), LIVE_FRAMES);
		ck_assert_uint_eq(a.frames, 10 * i);
	}
	ck_assert_int_eq(live_next(l, 10, one, &a, &given), LIVE_GONE);
	ck_assert_uint_eq(a.frames, 25);
	ck_assert_int_eq(live_next(l, 10, one, &a, &given), LIVE_GONE);
	ck_assert_uint_eq(a.frames, 25);
	live_close(l);
	close(ends[1]);
	g_byte_array_free(b.a, TRUE);
}
END_TEST

START_TEST(other_programs_that_do_not_record)
{
	struct diag d = DIAG_INIT;
	int ends[2];

	ck_assert_int_eq(pipe(ends), 0);
	close(ends[1]);
	ck_assert_ptr_null(live_from_stream(ends[0], 5, &d));
	ck_assert(strstr(d.messages[0].text, "ended before") != NULL);
	ck_assert_int_eq(pipe(ends), 0);
	ck_assert_int_eq(write(ends[1], "Permission denied, sorry", 24), 24);
	ck_assert_ptr_null(live_from_stream(ends[0], 5, &d));
	ck_assert(strstr(d.messages[1].text, "not in the pcap format") != NULL);
	close(ends[1]);
	ck_assert_int_eq(pipe(ends), 0);
	ck_assert_ptr_null(live_from_stream(ends[0], 0, &d));
	ck_assert(strstr(d.messages[2].text, "did not begin") != NULL);
	close(ends[1]);
	diag_release(&d);
}
END_TEST

START_TEST(one_way_is_explained)
{
	struct buf b = BUF_INIT;
	const char *at;
	unsigned commands = 0;

	recorder_way_words(&b);
	for (at = buf_text(&b); (at = strstr(at, "\n\n    ")); at += 2)
		commands++;
	ck_assert_uint_eq(commands, 1);
	ck_assert(strstr(buf_text(&b), "Without any rights") != NULL);
	buf_release(&b);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("recorder");
	TCase *t = tcase_create("all");

	tcase_add_test(t, clocks_tell_setting_from_sleeping);
	tcase_add_test(t, messages_stay_whole_and_carry_files);
	tcase_add_test(t, recording_filters_are_checked);
	tcase_add_test(t, frames_come_when_they_are_whole);
	tcase_add_test(t, frames_come_in_portions);
	tcase_add_test(t, other_programs_that_do_not_record);
	tcase_add_test(t, one_way_is_explained);
	suite_add_tcase(s, t);
	return s;
}

UNIT_MAIN(suite)
