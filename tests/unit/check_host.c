/* SPDX-License-Identifier: GPL-3.0-or-later */
/* check_host: a guest that was taken over by a packet asks for what it must not have. */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "src/console/host.h"
#include "unit.h"

static struct host host;
static int guest_end;

static void setup(void)
{
	int ends[2];

	ck_assert(wire_pair(ends));
	host = (struct host){.end = ends[0], .got = WIRE_MESSAGE_INIT};
	guest_end = ends[1];
}

static void teardown(void)
{
	close(host.end);
	close(guest_end);
	buf_release(&host.got.text);
	folder_free(host.folder);
}

/* The guest says this, and the host does what it does. */
static void guest_says(enum wire_kind kind, const char *text)
{
	ck_assert(wire_send(guest_end, kind, 0, text, strlen(text), -1));
	ck_assert(wire_receive(host.end, &host.got));
	ck_assert(host_answer(&host));
}

static bool is_granted(void)
{
	struct wire_message m = WIRE_MESSAGE_INIT;
	bool granted;

	ck_assert(wire_receive(guest_end, &m));
	ck_assert_int_eq(m.kind, WIRE_ANSWER);
	granted = m.number != 0;
	buf_release(&m.text);
	return granted;
}

START_TEST(a_session_begins_in_its_own_folder)
{
	static const char *const ids[] = {"../../stolen", "a/b", "/tmp/stolen", "..", ""};

	for (size_t i = 0; i < G_N_ELEMENTS(ids); i++) {
		guest_says(WIRE_BEGIN, ids[i]);
		ck_assert_msg(!is_granted(), "%s", ids[i]);
		ck_assert_ptr_null(host.folder);
	}
}
END_TEST

/* What the terminal is given for this. */
static void shown(const char *text, const char *expected)
{
	int pipes[2], out = dup(STDOUT_FILENO);
	char got[200] = "";

	ck_assert(pipe(pipes) == 0);
	host.door = door_open(NULL, NULL, NULL);
	fflush(stdout);
	dup2(pipes[1], STDOUT_FILENO);
	guest_says(WIRE_SHOW, text);
	fflush(stdout);
	dup2(out, STDOUT_FILENO);
	close(out);
	close(pipes[1]);
	ck_assert(read(pipes[0], got, sizeof(got) - 1) > 0);
	close(pipes[0]);
	door_close(host.door);
	ck_assert_str_eq(got, expected);
}

START_TEST(only_text_and_colours_reach_the_terminal)
{
	shown("a\033[1;31mred\033[0m b\n", "a\033[1;31mred\033[0m b\n");
	shown("\033]0;title\007\n", "\\u{001B}]0;title\\u{0007}\n");
	shown("\033[2J\033[31\n", "\\u{001B}[2J\\u{001B}[31\n");
	shown("\302\2332J\n", "\\u{009B}2J\n");    /* CSI as one character */
	shown("\2332J \377\n", "\\x9B2J \\xFF\n"); /* and as one byte */
	shown("\u2500 \u00e9\n", "\u2500 \u00e9\n");
}
END_TEST

/* Descriptors beyond the one that may come are closed, not kept. */
START_TEST(one_descriptor_a_message)
{
	struct {
		uint32_t kind, length;
		int64_t number;
	} header = {.kind = WIRE_STOP};
	union {
		struct cmsghdr align;
		char bytes[CMSG_SPACE(2 * sizeof(int))];
	} control = {0};
	struct iovec part = {.iov_base = &header, .iov_len = sizeof(header)};
	struct msghdr m = {.msg_iov = &part,
			   .msg_iovlen = 1,
			   .msg_control = control.bytes,
			   .msg_controllen = sizeof(control.bytes)};
	struct cmsghdr *c = CMSG_FIRSTHDR(&m);
	int given[2] = {STDIN_FILENO, STDIN_FILENO}, before, after;

	c->cmsg_level = SOL_SOCKET;
	c->cmsg_type = SCM_RIGHTS;
	c->cmsg_len = CMSG_LEN(sizeof(given));
	memcpy(CMSG_DATA(c), given, sizeof(given));
	ck_assert(sendmsg(guest_end, &m, 0) == (ssize_t)sizeof(header));
	before = dup(STDIN_FILENO); /* the lowest that is free */
	close(before);
	ck_assert(wire_receive(host.end, &host.got));
	ck_assert_int_ge(host.got.fd, 0);
	close(host.got.fd);
	after = dup(STDIN_FILENO);
	ck_assert_int_eq(before, after);
	ck_assert_int_eq(fcntl(after + 1, F_GETFD), -1);
	close(after);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("host");
	TCase *c = tcase_create("answers");

	tcase_add_checked_fixture(c, setup, teardown);
	tcase_add_test(c, a_session_begins_in_its_own_folder);
	tcase_add_test(c, only_text_and_colours_reach_the_terminal);
	tcase_add_test(c, one_descriptor_a_message);
	suite_add_tcase(s, c);
	return s;
}

UNIT_MAIN(suite)
