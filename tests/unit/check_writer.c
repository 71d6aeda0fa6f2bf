/* SPDX-License-Identifier: GPL-3.0-or-later */
/* writer: what it writes is read again; the file is whole at any moment; a cut one is repaired. */
#include "unit.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "bytes.h"
#include "tracetutor/capture.h"
#include "tracetutor/machine.h"
#include "tracetutor/writer.h"

#define SECOND INT64_C(1000000000)
#define NOON   (INT64_C(1700000000) * SECOND + 123456789)
#define FACTS  MACHINE_HEADING "\nmtu: 1500"

static const struct writer_head head = {.application = "check 1",
					.comment = "made by a test",
					.interface = "eth0",
					.filter = "port 53",
					.link_type = 1,
					.snap_length = 262144};

static int new_file(char **path)
{
	int fd = g_file_open_tmp("check-XXXXXX", path, NULL);

	ck_assert_int_ge(fd, 0);
	return fd;
}

static uint64_t size_of(int fd)
{
	struct stat st;

	ck_assert_int_eq(fstat(fd, &st), 0);
	return (uint64_t)st.st_size;
}

static void put_frame(struct writer *w, int64_t time, const char *data,
		      enum frame_direction direction)
{
	struct frame f = {.time = time,
			  .captured = (uint32_t)strlen(data),
			  .original = (uint32_t)strlen(data) + 1000,
			  .direction = direction,
			  .data = (const uint8_t *)data};

	writer_frame(w, &f);
}

/* Frames of a file that must have no damage. */
static uint32_t count(const char *path)
{
	struct diag d = DIAG_INIT;
	struct capture *c = capture_open(path, &d);
	enum capture_status status;
	struct frame f;
	uint32_t n = 0;

	ck_assert_ptr_nonnull(c);
	while ((status = capture_next(c, &f, &d)) == CAPTURE_FRAME)
		n++;
	ck_assert_int_eq(status, CAPTURE_END);
	capture_close(c);
	diag_release(&d);
	return n;
}

START_TEST(what_is_written_is_read)
{
	char *path;
	int fd = new_file(&path);
	struct writer *w = writer_new(fd, &head);
	struct diag d = DIAG_INIT;
	struct capture *c;
	const struct capture_info *info;
	struct frame f;

	put_frame(w, NOON, "one", DIR_IN);
	put_frame(w, NOON + 1, "four", DIR_OUT);
	put_frame(w, -5, "", DIR_UNKNOWN);
	writer_statistics(w, NOON + SECOND, 10, 7, NULL);
	ck_assert_uint_eq(size_of(fd), 0);
	ck_assert_uint_gt(writer_pending(w), 0);
	ck_assert(writer_flush(w));
	ck_assert_uint_eq(writer_pending(w), 0);
	ck_assert_uint_eq(writer_size(w), size_of(fd));
	ck_assert_uint_eq(writer_frames(w), 3);
	c = capture_open(path, &d);
	ck_assert_int_eq(capture_next(c, &f, &d), CAPTURE_FRAME);
	ck_assert_int_eq(f.time, NOON);
	ck_assert_int_eq(f.direction, DIR_IN);
	ck_assert_uint_eq(f.captured, 3);
	ck_assert_uint_eq(f.original, 1003);
	ck_assert_mem_eq(f.data, "one", 3);
	ck_assert_str_eq(f.interface_name, "eth0");
	ck_assert_ptr_null(f.comment);
	ck_assert_int_eq(capture_next(c, &f, &d), CAPTURE_FRAME);
	ck_assert_int_eq(f.time, NOON + 1);
	ck_assert_int_eq(f.direction, DIR_OUT);
	ck_assert_int_eq(capture_next(c, &f, &d), CAPTURE_FRAME);
	ck_assert_int_eq(f.time, 0);
	ck_assert_int_eq(f.direction, DIR_UNKNOWN);
	ck_assert_int_eq(capture_next(c, &f, &d), CAPTURE_END);
	info = capture_info(c);
	ck_assert_str_eq(info->application, "check 1");
	ck_assert_str_eq(info->comment, "made by a test");
	ck_assert_ptr_null(info->facts);
	ck_assert_uint_eq(info->interfaces[0].dropped, 7);
	ck_assert_uint_eq(info->interfaces[0].snap_length, 262144);
	capture_close(c);
	writer_free(w);
	close(fd);
	file_gone(path);
}
END_TEST

START_TEST(marks_stand_at_the_next_frame)
{
	char *path;
	int fd = new_file(&path);
	struct writer *w = writer_new(fd, &head);
	struct diag d = DIAG_INIT;
	struct capture *c;
	struct frame f;

	put_frame(w, NOON, "a", DIR_UNKNOWN);
	writer_mark(w, NOON, "now I click");
	writer_mark(w, NOON, "and again");
	ck_assert(writer_flush(w));
	put_frame(w, NOON, "b", DIR_UNKNOWN);
	put_frame(w, NOON, "c", DIR_UNKNOWN);
	ck_assert(writer_flush(w));
	c = capture_open(path, &d);
	ck_assert_int_eq(capture_next(c, &f, &d), CAPTURE_FRAME);
	ck_assert_ptr_null(f.comment);
	ck_assert_int_eq(capture_next(c, &f, &d), CAPTURE_FRAME);
	ck_assert_str_eq(f.comment, "now I click\nand again");
	ck_assert_int_eq(capture_next(c, &f, &d), CAPTURE_FRAME);
	ck_assert_ptr_null(f.comment);
	capture_close(c);
	writer_free(w);
	close(fd);
	file_gone(path);
}
END_TEST

START_TEST(facts_are_not_the_comment)
{
	struct writer_head own = head;
	char *path, *large = g_strnfill(70000, 'x');
	int fd = new_file(&path);
	struct diag d = DIAG_INIT;
	struct writer *w;
	struct capture *c;
	struct frame f;

	own.comment = MACHINE_HEADING "\nmtu: 1400";
	w = writer_new(fd, &own);
	put_frame(w, NOON, "a", DIR_UNKNOWN);
	writer_statistics(w, NOON, 1, UINT64_MAX, "just a note");
	put_frame(w, NOON, "b", DIR_UNKNOWN);
	writer_statistics(w, NOON, 2, UINT64_MAX, FACTS);
	writer_mark(w, NOON, large);
	put_frame(w, NOON, "c", DIR_UNKNOWN);
	ck_assert(writer_flush(w));
	c = capture_open(path, &d);
	ck_assert_ptr_null(capture_info(c)->comment);
	for (unsigned pass = 0; pass < 2; pass++) {
		ck_assert_int_eq(capture_next(c, &f, &d), CAPTURE_FRAME);
		ck_assert_str_eq(capture_info(c)->facts,
				 pass ? FACTS : MACHINE_HEADING "\nmtu: 1400");
		while (capture_next(c, &f, &d) == CAPTURE_FRAME)
			;
		ck_assert_str_eq(capture_info(c)->facts, FACTS);
		ck_assert_uint_eq(capture_info(c)->interfaces[0].dropped, UINT64_MAX);
		ck_assert(capture_rewind(c, &d));
	}
	ck_assert_uint_eq(d.count, 0);
	capture_close(c);
	writer_free(w);
	close(fd);
	file_gone(path);
	g_free(large);
}
END_TEST

START_TEST(a_growing_file_is_followed)
{
	char *path;
	int fd = new_file(&path), again;
	struct writer *w = writer_new(fd, &head);
	struct diag d = DIAG_INIT;
	struct capture *c;
	struct frame f;

	ck_assert(writer_flush(w));
	again = open(path, O_RDONLY);
	ck_assert_int_eq(lseek(again, 5, SEEK_SET), 5);
	c = capture_open_fd(again, "trace", &d);
	ck_assert_ptr_nonnull(c);
	capture_limit(c, writer_size(w));
	ck_assert_int_eq(capture_next(c, &f, &d), CAPTURE_END);
	for (uint32_t i = 1; i <= 300; i++) {
		uint64_t before = writer_size(w);

		put_frame(w, NOON + i, "some bytes of a packet", DIR_IN);
		ck_assert(writer_flush(w));
		capture_limit(c, before);
		ck_assert_int_eq(capture_next(c, &f, &d), CAPTURE_END);
		capture_limit(c, writer_size(w));
		ck_assert_uint_eq(capture_info(c)->size, writer_size(w));
		ck_assert_int_eq(capture_next(c, &f, &d), CAPTURE_FRAME);
		ck_assert_uint_eq(f.number, i);
		ck_assert_int_eq(f.time, NOON + i);
		ck_assert_int_eq(capture_next(c, &f, &d), CAPTURE_END);
	}
	/* The second pass has read ahead of the limit. */
	ck_assert(capture_rewind(c, &d));
	capture_limit(c, UINT64_MAX);
	for (uint32_t i = 1; i <= 300; i++)
		ck_assert_int_eq(capture_next(c, &f, &d), CAPTURE_FRAME);
	ck_assert_int_eq(capture_next(c, &f, &d), CAPTURE_END);
	ck_assert_uint_eq(d.count, 0);
	capture_close(c);
	writer_free(w);
	close(fd);
	file_gone(path);
}
END_TEST

START_TEST(opening_is_two_steps)
{
	struct bytes b = pcap_new(true, 0xa1b2c3d4, 1);
	struct diag d = DIAG_INIT;
	char *path;
	struct capture *c;
	struct frame f;

	pcap_frame(&b, 1, 0, "abcd", 4);
	path = bytes_file(&b);
	c = capture_find(path, &d);
	ck_assert_ptr_nonnull(c);
	file_gone(path); /* what is found is open */
	ck_assert(capture_begin(c, &d));
	ck_assert_int_eq(capture_next(c, &f, &d), CAPTURE_FRAME);
	ck_assert_int_eq(capture_next(c, &f, &d), CAPTURE_END);
	capture_close(c);
	b = bytes_new(true);
	put_bytes(&b, "Dear diary", 10);
	path = bytes_file(&b);
	c = capture_find(path, &d);
	ck_assert_ptr_nonnull(c);
	ck_assert_uint_eq(d.count, 0);
	ck_assert(!capture_begin(c, &d));
	ck_assert_uint_eq(d.count, 1);
	capture_close(c);
	file_gone(path);
	ck_assert_ptr_null(capture_find("/nowhere/at/all", &d));
	diag_release(&d);
}
END_TEST

/* A header, ten frames with marks between, counts. */
static struct writer *ten_frames(int fd)
{
	struct writer *w = writer_new(fd, &head);

	for (unsigned i = 0; i < 10; i++) {
		put_frame(w, NOON + i, "0123456789 0123456789", DIR_IN);
		if (i == 5)
			writer_mark(w, NOON, "half of them");
	}
	writer_statistics(w, NOON, 10, 0, FACTS);
	return w;
}

/* At any byte where the disk may be full. */
START_TEST(a_full_disk_leaves_whole_blocks)
{
	struct rlimit before, limit;

	signal(SIGXFSZ, SIG_IGN);
	getrlimit(RLIMIT_FSIZE, &before);
	for (rlim_t most = 0; most < 1000; most += 7) {
		char *path;
		int fd = new_file(&path);
		struct writer *w = ten_frames(fd);
		bool fine;

		limit = (struct rlimit){.rlim_cur = most, .rlim_max = before.rlim_max};
		setrlimit(RLIMIT_FSIZE, &limit);
		fine = writer_flush(w);
		ck_assert(fine || errno == EFBIG);
		put_frame(w, NOON, "never", DIR_IN);
		ck_assert(fine || !writer_flush(w));
		setrlimit(RLIMIT_FSIZE, &before);
		ck_assert(fine || !writer_flush(w)); /* not even when there is room again */
		ck_assert_uint_eq(size_of(fd), writer_size(w));
		ck_assert_uint_le(writer_size(w), MAX(most, 1));
		if (writer_size(w))
			ck_assert_uint_eq(count(path), writer_frames(w));
		ck_assert_int_eq(writer_repair(fd), 0);
		writer_free(w);
		close(fd);
		file_gone(path);
	}
}
END_TEST

/* At any byte where a kill may have stopped a write. */
START_TEST(a_cut_file_is_repaired)
{
	char *path, *bytes;
	gsize whole;
	int fd = new_file(&path);
	struct writer *w = ten_frames(fd);
	uint64_t last = 0;

	ck_assert(writer_flush(w));
	ck_assert(g_file_get_contents(path, &bytes, &whole, NULL));
	for (gsize size = 0; size <= whole; size++) {
		int64_t cut;

		ck_assert_int_eq(ftruncate(fd, 0), 0);
		ck_assert_int_eq(pwrite(fd, bytes, size, 0), (ssize_t)size);
		cut = writer_repair(fd);
		ck_assert_int_ge(cut, 0);
		ck_assert_uint_eq(size_of(fd), size - (uint64_t)cut);
		ck_assert_uint_ge(size_of(fd), last);
		if (size_of(fd) > last)
			ck_assert_uint_le(count(path), 10);
		last = size_of(fd);
	}
	ck_assert_uint_eq(last, whole);
	ck_assert_uint_eq(count(path), 10);
	writer_free(w);
	close(fd);
	file_gone(path);
	g_free(bytes);
}
END_TEST

START_TEST(only_what_is_ours_is_repaired)
{
	static const char text[] = "Dear diary, nothing happened.";
	struct bytes b = pcapng_new(false);
	char *path;
	int fd;

	put_interface(&b, 1, 9, "eth0");
	put_packet(&b, 0, 1, "abcd", 4);
	put_bytes(&b, "\0\0\0\6\0\0\0\1", 7);
	path = bytes_file(&b);
	fd = open(path, O_RDWR);
	ck_assert_int_eq(writer_repair(fd), 7); /* in either byte order */
	ck_assert_uint_eq(count(path), 1);
	close(fd);
	file_gone(path);
	fd = new_file(&path);
	ck_assert_int_eq(write(fd, text, sizeof(text)), sizeof(text));
	ck_assert_int_eq(writer_repair(fd), -1);
	ck_assert_int_eq(errno, EINVAL);
	ck_assert_uint_eq(size_of(fd), sizeof(text));
	close(fd);
	file_gone(path);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("writer");
	TCase *t = tcase_create("all");

	tcase_set_timeout(t, 60);
	tcase_add_test(t, what_is_written_is_read);
	tcase_add_test(t, marks_stand_at_the_next_frame);
	tcase_add_test(t, facts_are_not_the_comment);
	tcase_add_test(t, a_growing_file_is_followed);
	tcase_add_test(t, opening_is_two_steps);
	tcase_add_test(t, a_full_disk_leaves_whole_blocks);
	tcase_add_test(t, a_cut_file_is_repaired);
	tcase_add_test(t, only_what_is_ours_is_repaired);
	suite_add_tcase(s, t);
	return s;
}

UNIT_MAIN(suite)
