/* SPDX-License-Identifier: GPL-3.0-or-later */
/* check_machine: facts of the machine as text and back, also out of hostile files. */
#include <arpa/inet.h>

#include "tracetutor/machine.h"
#include "tracetutor/session.h"

#include "tests/unit/packets.h"
#include "unit.h"

static struct machine m;
static struct buf text;

static void setup(void)
{
	machine_init(&m);
}

static void teardown(void)
{
	machine_release(&m);
	buf_release(&text);
}

static struct endpoint end_of(const char *address, uint16_t port)
{
	struct endpoint e = {.port = port};

	ck_assert(inet_pton(strchr(address, ':') ? AF_INET6 : AF_INET, address, e.addr) == 1);
	return e;
}

static void add(uint8_t ip_proto, const char *local, uint16_t lport, const char *remote,
		uint16_t rport, const char *program)
{
	struct machine_owner o = {.family = strchr(local, ':') ? 6 : 4,
				  .ip_proto = ip_proto,
				  .local = end_of(local, lport),
				  .remote = end_of(remote, rport),
				  .program = (char *)(uintptr_t)program};

	machine_add_owner(&m, &o);
}

static const char *owner(uint8_t ip_proto, const char *x, uint16_t xport, const char *y,
			 uint16_t yport)
{
	struct endpoint a = end_of(x, xport), b = end_of(y, yport);

	return machine_owner_of(&m, strchr(x, ':') ? 6 : 4, ip_proto, &a, &b);
}

static bool parse(const char *s)
{
	return machine_parse(&m, s, strlen(s));
}

static const char *written(void)
{
	buf_reset(&text);
	machine_write(&m, &text);
	return buf_text(&text);
}

#define WHOLE                                                                                      \
	MACHINE_HEADING "\n"                                                                       \
			"system: Linux 6.1.0, tracetutor 0.1.0\n"                                  \
			"interface: eth0\n"                                                        \
			"kind: cable\n"                                                            \
			"mtu: 1500\n"                                                              \
			"has address: yes\n"                                                       \
			"gateway: 192.0.2.1 by eth0\n"                                             \
			"resolvers: 192.0.2.53, 2001:db8::53\n"                                    \
			"vpn: tun0\n"                                                              \
			"proxy: http://proxy.example:3128\n"                                       \
			"clock synchronised: no\n"                                                 \
			"connection: tcp 192.0.2.7 40000 198.51.100.3 443 firefox\n"               \
			"connection: udp 2001:db8::7 5000 2001:db8:1::3 53 my program\n"

START_TEST(round_trip)
{
	ck_assert(parse(WHOLE));
	ck_assert_str_eq(m.interface, "eth0");
	ck_assert_uint_eq(m.mtu, 1500);
	ck_assert_int_eq(m.has_address, 1);
	ck_assert_int_eq(m.clock_synchronised, 0);
	ck_assert_uint_eq(m.owners->len, 2);
	ck_assert_str_eq(written(), WHOLE);
	/* Once more, with the line ends of another system. */
	ck_assert(parse(MACHINE_HEADING "\r\nmtu: 1400\r\nconnection: tcp 192.0.2.7 40000 "
					"198.51.100.3 443 firefox\r\n"));
	ck_assert_uint_eq(m.mtu, 1400);
	ck_assert_str_eq(m.interface, "eth0");
	ck_assert_uint_eq(m.owners->len, 2);
}
END_TEST

START_TEST(nothing_known)
{
	ck_assert_str_eq(written(), MACHINE_HEADING "\n");
	ck_assert(parse(MACHINE_HEADING));
	ck_assert(parse(MACHINE_HEADING "\n\n\n"));
	ck_assert_ptr_null(m.system);
	ck_assert_int_eq(m.has_address, -1);
	ck_assert_int_eq(m.clock_synchronised, -1);
	ck_assert_str_eq(written(), MACHINE_HEADING "\n");
}
END_TEST

START_TEST(other_texts)
{
	ck_assert(!machine_parse(&m, NULL, 0));
	ck_assert(!parse(""));
	ck_assert(!parse("mtu: 1500\n"));
	ck_assert(!parse(MACHINE_HEADING ", or so\nmtu: 1500\n"));
	ck_assert(!parse("a comment\n" WHOLE));
	ck_assert_uint_eq(m.mtu, 0);
	ck_assert_ptr_null(m.interface);
}
END_TEST

START_TEST(nonsense_is_passed_over)
{
	ck_assert(parse(MACHINE_HEADING "\n"
					"mtu: many\nmtu: -3\nmtu: 99999999999999999999\n"
					"mtu: 4294967296\nmtu:\nmtu\nhas address: perhaps\n"
					"clock synchronised: 1\nInterface: eth0\nnew key: new\n"
					":\n: \nkind:\ngateway: \n"
					"connection: tcp\nconnection: tcp 192.0.2.7\n"
					"connection: sctp 192.0.2.7 1 192.0.2.8 2 x\n"
					"connection: tcp 192.0.2.7 1 2001:db8::1 2 x\n"
					"connection: tcp 192.0.2.7 70000 192.0.2.8 2 x\n"
					"connection: tcp 192.0.2.7 1 192.0.2.8 2\n"
					"connection: tcp 192.0.2.7 1 192.0.2.8 2 \n"
					"connection: tcp 192.0.2.777 1 192.0.2.8 2 x\n"));
	ck_assert_str_eq(written(), MACHINE_HEADING "\n");
}
END_TEST

START_TEST(values_are_cleaned)
{
	static const char hostile[] = MACHINE_HEADING
		"\nsystem: \x1b[2J\x1b]0;x\x07\xe2\x80\xaeLinux\ninterface: a\0b\n"
		"proxy: \xff\xfe\nconnection: tcp 192.0.2.7 1 192.0.2.8 2 \x1b[6n\n";

	ck_assert(machine_parse(&m, hostile, sizeof(hostile) - 1));
	ck_assert_str_eq(m.system, "\\u{001B}[2J\\u{001B}]0;x\\u{0007}\\u{202E}Linux");
	ck_assert_str_eq(m.proxy, "\\xFF\\xFE");
	ck_assert_str_eq(owner(6, "192.0.2.7", 1, "192.0.2.8", 2), "\\u{001B}[6n");
	ck_assert(text_is_clean(m.interface, strlen(m.interface)));
}
END_TEST

/* What is written is never read as something else. */
START_TEST(values_stay_in_their_lines)
{
	m.interface = g_strdup("eth0\nmtu: 9\nproxy: x");
	written();
	machine_release(&m);
	machine_init(&m);
	ck_assert(machine_parse(&m, text.s, text.len));
	ck_assert_str_eq(m.interface, "eth0\\nmtu: 9\\nproxy: x");
	ck_assert_uint_eq(m.mtu, 0);
	ck_assert_ptr_null(m.proxy);
}
END_TEST

START_TEST(bounded)
{
	GString *long_text = g_string_new(MACHINE_HEADING "\nsystem: ");
	char *first;

	for (unsigned i = 0; i < 5000; i++)
		g_string_append(long_text, "long ");
	for (unsigned i = 0; i < 2000; i++)
		g_string_append_printf(long_text, "\nconnection: tcp 192.0.2.7 %u 192.0.2.8 443 x",
				       i + 1);
	ck_assert(machine_parse(&m, long_text->str, long_text->len));
	g_string_free(long_text, TRUE);
	ck_assert_uint_lt(strlen(m.system), 500);
	ck_assert_uint_eq(m.owners->len, MACHINE_MAX_OWNERS);
	ck_assert_str_eq(owner(6, "192.0.2.7", 1, "192.0.2.8", 443), "x");
	/* Long values, too, come back as they were written. */
	first = g_strdup(written());
	machine_release(&m);
	machine_init(&m);
	ck_assert(parse(first));
	ck_assert_str_eq(written(), first);
	g_free(first);
}
END_TEST

START_TEST(text_has_a_limit)
{
	char *name = g_strnfill(300, 'n');

	for (unsigned i = 0; i < 600; i++)
		add(17, "2001:db8:1111:2222:3333:4444:5555:6666", (uint16_t)(i + 1),
		    "2001:db8:1111:2222:3333:4444:5555:7777", 53, name);
	g_free(name);
	ck_assert_uint_eq(m.owners->len, MACHINE_MAX_OWNERS);
	written();
	ck_assert_uint_le(text.len, MACHINE_TEXT_MAX);
	ck_assert_uint_gt(text.len, MACHINE_TEXT_MAX - 300);
	ck_assert_int_eq(text.s[text.len - 1], '\n');
}
END_TEST

/* Every beginning and every changed byte of a good text: nothing crashes, all stays clean. */
START_TEST(damaged)
{
	size_t n = strlen(WHOLE);

	for (size_t i = 0; i < n; i++) {
		char *s = g_strdup(WHOLE);

		machine_parse(&m, s, i);
		s[i] = (char)(s[i] ^ (1 << i % 8));
		machine_parse(&m, s, n);
		g_free(s);
	}
	written();
	for (char **line = g_strsplit(buf_text(&text), "\n", -1), **l = line;; l++) {
		if (!*l) {
			g_strfreev(line);
			break;
		}
		ck_assert_msg(text_is_clean(*l, strlen(*l)), "%s", *l);
	}
}
END_TEST

START_TEST(owners)
{
	add(6, "192.0.2.7", 40000, "198.51.100.3", 443, "firefox");
	add(6, "192.0.2.7", 40000, "198.51.100.3", 443, "later");
	add(6, "192.0.2.7", 40001, "198.51.100.3", 443, NULL);
	add(17, "2001:db8::7", 5353, "2001:db8::1", 53, "resolver");
	ck_assert_str_eq(owner(6, "192.0.2.7", 40000, "198.51.100.3", 443), "firefox");
	ck_assert_str_eq(owner(6, "198.51.100.3", 443, "192.0.2.7", 40000), "firefox");
	ck_assert_ptr_null(owner(17, "192.0.2.7", 40000, "198.51.100.3", 443));
	ck_assert_ptr_null(owner(6, "192.0.2.7", 443, "198.51.100.3", 40000));
	ck_assert_ptr_null(owner(6, "192.0.2.7", 40001, "198.51.100.3", 443));
	ck_assert_str_eq(owner(17, "2001:db8::1", 53, "2001:db8::7", 5353), "resolver");
	ck_assert_ptr_nonnull(strstr(written(), "firefox"));
	ck_assert_ptr_null(strstr(written(), "40001"));
}
END_TEST

START_TEST(owners_that_speak_with_many)
{
	add(17, "0.0.0.0", 50000, "0.0.0.0", 0, "four");
	add(17, "::", 50001, "::", 0, "both");
	add(17, "192.0.2.7", 50002, "0.0.0.0", 0, "bound");
	add(17, "192.0.2.7", 50000, "198.51.100.3", 443, "exact");
	ck_assert_str_eq(owner(17, "192.0.2.7", 50000, "198.51.100.4", 443), "four");
	ck_assert_str_eq(owner(17, "192.0.2.7", 50000, "198.51.100.3", 443), "exact");
	ck_assert_ptr_null(owner(17, "2001:db8::7", 50000, "2001:db8::1", 443));
	ck_assert_str_eq(owner(17, "192.0.2.7", 50001, "198.51.100.4", 443), "both");
	ck_assert_str_eq(owner(17, "2001:db8::1", 443, "2001:db8::7", 50001), "both");
	ck_assert_str_eq(owner(17, "198.51.100.4", 443, "192.0.2.7", 50002), "bound");
	ck_assert_ptr_null(owner(17, "198.51.100.4", 443, "192.0.2.8", 50002));
	ck_assert_ptr_null(owner(6, "198.51.100.4", 443, "192.0.2.7", 50000));
}
END_TEST

/* --- fields --- */

/* A refused connection on the computer of that text; the emitted records as lines. */
static char **records_of(const char *facts)
{
	struct feeder fd;
	char **lines;

	feeder_init(&fd);
	if (facts && parse(facts))
		track_machine(fd.t, &m);
	feed(&fd, (struct packet){.proto = 6, .flags = SYN, .seq = 1});
	feed(&fd, (struct packet){.proto = 6, .from_server = true, .flags = RST | ACK, .ack = 2});
	feed(&fd, (struct packet){.proto = 17, .cport = 40001, .sport = 53, .data = "x"});
	track_end(fd.t);
	lines = g_strsplit(fd.log->str, "\n", -1);
	feeder_release(&fd);
	return lines;
}

static void assert_line(char **lines, const char *beginning, const char *has, const char *lacks)
{
	unsigned n = 0;

	for (char **l = lines; *l; l++)
		if (g_str_has_prefix(*l, beginning)) {
			ck_assert_msg(!has || strstr(*l, has), "no %s in %s", has, *l);
			ck_assert_msg(!lacks || !strstr(*l, lacks), "%s in %s", lacks, *l);
			n++;
		}
	ck_assert_uint_gt(n, 0);
}

START_TEST(fields)
{
	char **lines = records_of(MACHINE_HEADING
				  "\nsystem: Linux\ninterface: eth0\nkind: cable\nmtu: 1400\n"
				  "has address: no\ngateway: 192.0.2.1 by eth0\n"
				  "resolvers: 127.0.0.53 asks 192.0.2.53, 2001:db8::53\n"
				  "vpn: tun0\nproxy: http://proxy:3128, other\n"
				  "connection: tcp 10.0.0.1 40000 192.0.2.1 80 firefox\n"
				  "connection: udp 0.0.0.0 40001 0.0.0.0 0 my resolver\n");

	assert_line(lines, "CAPTURE",
		    " tt.machine.system=Linux tt.machine.interface=eth0 tt.machine.kind=cable "
		    "tt.machine.mtu=1400 tt.machine.has_address=0 tt.machine.gateway=192.0.2.1 "
		    "tt.machine.resolvers=127.0.0.53 tt.machine.resolvers=192.0.2.53 "
		    "tt.machine.resolvers=2001:db8::53 tt.machine.vpn=tun0 "
		    "tt.machine.proxy=http://proxy:3128 tt.machine.proxy=other ",
		    "tt.machine.owner");
	assert_line(lines, "CAPTURE", NULL, "clock_synchronised");
	assert_line(lines, "EXCHANGE", " tt.machine.owner=firefox ", NULL);
	assert_line(lines,
		    "CONVERSATION ip.src=10.0.0.1 ip.addr=10.0.0.1 ip.dst=192.0.2.1 "
		    "ip.addr=192.0.2.1 tcp",
		    " tt.machine.owner=firefox ", "my resolver");
	assert_line(lines,
		    "CONVERSATION ip.src=10.0.0.1 ip.addr=10.0.0.1 ip.dst=192.0.2.1 "
		    "ip.addr=192.0.2.1 udp",
		    " tt.machine.owner=my resolver ", "firefox");
	g_strfreev(lines);
}
END_TEST

START_TEST(no_fields)
{
	char **lines = records_of(NULL);

	assert_line(lines, "", NULL, "tt.machine");
	g_strfreev(lines);
	lines = records_of(MACHINE_HEADING "\nclock synchronised: no\n");
	assert_line(lines, "CAPTURE", " tt.machine.clock_synchronised=0", "tt.machine.mtu");
	g_strfreev(lines);
}
END_TEST

/* --- out of a file --- */

static void look_for_owner(void *context, const struct record *r)
{
	const struct field *f = record_find(r, field_find("tt.machine.owner", 16), 0);

	if (f && f->vlen == 11 && !memcmp(f->v.p, "thunderbird", 11))
		*(unsigned *)context |= 1u << r->kind;
}

/* The exchange is complete before the block at the end of the file that tells the program. */
START_TEST(facts_at_the_end_count_from_the_first_packet)
{
	char *path = g_build_filename(g_getenv("TRACETUTOR_DATA"), "captures",
				      "machine-owner.pcapng", NULL);
	struct diag d = DIAG_INIT;
	struct session *s = session_open(path, NULL, &d);
	unsigned found = 0;

	ck_assert_ptr_nonnull(s);
	session_observe(s, look_for_owner, &found);
	ck_assert(session_read(s, NULL, NULL, &d));
	ck_assert_uint_eq(found, 1u << RECORD_EXCHANGE | 1u << RECORD_CONVERSATION);
	session_close(s);
	diag_release(&d);
	g_free(path);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("machine");
	TCase *c = tcase_create("text and owners");

	tcase_add_checked_fixture(c, setup, teardown);
	tcase_add_test(c, round_trip);
	tcase_add_test(c, nothing_known);
	tcase_add_test(c, other_texts);
	tcase_add_test(c, nonsense_is_passed_over);
	tcase_add_test(c, values_are_cleaned);
	tcase_add_test(c, values_stay_in_their_lines);
	tcase_add_test(c, bounded);
	tcase_add_test(c, text_has_a_limit);
	tcase_add_test(c, damaged);
	tcase_add_test(c, owners);
	tcase_add_test(c, owners_that_speak_with_many);
	suite_add_tcase(s, c);
	c = tcase_create("fields");
	tcase_add_checked_fixture(c, setup, teardown);
	tcase_add_test(c, fields);
	tcase_add_test(c, no_fields);
	tcase_add_test(c, facts_at_the_end_count_from_the_first_packet);
	suite_add_tcase(s, c);
	return s;
}

UNIT_MAIN(suite)
