/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * filter: which records a filter selects, and what it says of a wrong one.
 *
 * The records are built by hand. What each filter selects was tried with tshark -Y 4.0.17 on a
 * packet with the same fields.
 */
#define _GNU_SOURCE
#include "unit.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "tracetutor/filter.h"

#define TEXT      "+OK POP ready\r\n"
#define FRAME_LEN (54 + sizeof(TEXT) - 1)
#define SECOND    INT64_C(1000000000)

static uint8_t packet[FRAME_LEN];

static uint16_t id_of(const char *name)
{
	uint16_t id = field_find(name, strlen(name));

	ck_assert_msg(id != FIELD_NONE, "%s is not registered", name);
	return id;
}

static struct layer *open_at(struct record *r, enum proto_id proto, uint32_t from, uint32_t to)
{
	struct cursor c = cursor_make(packet, from, to, to);
	struct layer *l = layer_open(r, proto, &c);

	ck_assert_ptr_nonnull(l);
	return l;
}

static void number(struct record *r, const char *name, uint64_t v)
{
	field_gen_uint(r, id_of(name), v);
}

static void text(struct record *r, const char *name, const char *v)
{
	field_gen_text(r, id_of(name), v, strlen(v));
}

static void add_ip(struct record *r, uint32_t src, uint32_t dst, uint8_t proto)
{
	number(r, "ip.version", 4);
	number(r, "ip.ttl", 64);
	number(r, "ip.proto", proto);
	number(r, "ip.src", src);
	number(r, "ip.addr", src);
	number(r, "ip.dst", dst);
	number(r, "ip.addr", dst);
}

/* The greeting of a POP3 server: frame 14, 192.0.2.1:110 to 198.51.100.7:51690. */
static void greeting(struct record *r)
{
	static const uint8_t ethernet[] = {0x00, 0x11, 0x22, 0x33, 0x44, 0x55, 0x02,
					   0x00, 0x00, 0x00, 0x00, 0x01, 0x08, 0x00};

	memcpy(packet, ethernet, sizeof(ethernet));
	packet[34 + 13] = 0x12;
	memcpy(packet + 54, TEXT, FRAME_LEN - 54);
	record_init(r, RECORD_PACKET);
	record_source(r, "Frame", packet, FRAME_LEN, FRAME_LEN);
	open_at(r, PROTO_frame, 0, FRAME_LEN);
	number(r, "frame.number", 14);
	number(r, "frame.len", FRAME_LEN);
	field_gen_int(r, id_of("frame.time"), 1048532424 * SECOND + SECOND / 2);
	field_gen_int(r, id_of("frame.time_delta"), SECOND / 4);
	layer_close(r, open_at(r, PROTO_eth, 0, FRAME_LEN), 14);
	field_add_bytes(r, id_of("eth.dst"), 0, 6);
	field_add_bytes(r, id_of("eth.addr"), 0, 6);
	field_add_bytes(r, id_of("eth.src"), 6, 6);
	field_add_bytes(r, id_of("eth.addr"), 6, 6);
	number(r, "eth.type", 0x0800);
	layer_close(r, open_at(r, PROTO_ip, 14, FRAME_LEN), 34);
	add_ip(r, 0xC0000201, 0xC6336407, 6);
	layer_close(r, open_at(r, PROTO_tcp, 34, FRAME_LEN), 54);
	number(r, "tcp.srcport", 110);
	number(r, "tcp.port", 110);
	number(r, "tcp.dstport", 51690);
	number(r, "tcp.port", 51690);
	number(r, "tcp.len", FRAME_LEN - 54);
	number(r, "tcp.flags", 0x12);
	number(r, "tcp.flags.syn", 1);
	number(r, "tcp.flags.fin", 0);
	field_gen_int(r, id_of("icmp.resptime"), SECOND + SECOND / 2);
	open_at(r, PROTO_pop, 54, FRAME_LEN);
	text(r, "pop.response.indicator", "+OK");
	text(r, "pop.response.description", "POP ready");
}

static struct filter *compiled(const char *filter)
{
	struct diag d = DIAG_INIT;
	struct filter *f = filter_compile(filter, NULL, &d);

	ck_assert_msg(f != NULL, "%.200s: %s", filter, d.count ? d.messages[0].text : "?");
	ck_assert_uint_eq(d.count, 0);
	return f;
}

static bool selects(const struct record *r, const char *filter)
{
	struct filter *f = compiled(filter);
	bool yes = filter_match(f, r);

	filter_free(f);
	return yes;
}

static const char *const chosen[] = {
	/* presence; a boolean that is false is there all the same */
	"tcp",
	"frame",
	"tcp.flags.syn",
	"tcp.flags.fin",
	"not udp",
	"!udp",
	"not not tcp",
	".tcp",
	/* joining and its binding */
	"tcp and pop",
	"udp or tcp",
	"udp && ip || tcp",
	"tcp || udp && udp",
	"tcp xor udp",
	"tcp ^^ udp ^^ udp",
	"(tcp)",
	"((udp) or (tcp))",
	"not udp and tcp",
	"!tcp.port==80",
	/* any and all of several occurrences */
	"tcp.port == 110",
	"tcp.port == 51690",
	"tcp.port != 80",
	"not tcp.port != 110",
	"tcp.port !== 110",
	"tcp.port ~= 110",
	"tcp.port any_ne 110",
	"all tcp.port > 100",
	"any tcp.port != 110",
	"tcp.port all_ne 25",
	"any tcp.port === 110",
	"tcp.port eq 110",
	"tcp.port lt 200",
	"tcp.port gt 50000",
	"ip.ttl le 64",
	"ip.ttl ge 64",
	"tcp.port<200",
	"tcp.srcport < tcp.dstport",
	"tcp.port > tcp.port",
	"tcp.srcport <= tcp.port <= tcp.dstport",
	/* numbers */
	"frame.number == 14",
	"frame.number == 0xe",
	"frame.number == 016",
	"frame.number == 0b1110",
	"frame.number == '\\x0e'",
	"frame.number == +14",
	"ip.ttl == '@'",
	/* booleans */
	"tcp.flags.syn == 1",
	"tcp.flags.syn == True",
	"tcp.flags.syn == TRUE",
	"tcp.flags.syn == 2",
	"tcp.flags.syn == \"Set\"",
	"tcp > ff:ff",
	"not frame.number * -1 < 0",
	"tcp.flags.fin == False",
	"tcp.flags.syn > 0",
	/* bits and arithmetic */
	"tcp.flags & 2",
	"tcp.flags & 0x12 == 0x12",
	"tcp.flags bitwise_and 2",
	"tcp.flags & 3 == 2",
	"frame.number + 1 * 2 == 16",
	"{frame.number + 1} * 2 == 30",
	"frame.number - 15 == -1",
	"frame.number - 20 < 0",
	"frame.number/2==7",
	"frame.number%4 ==2",
	"frame.number - 1",
	"-ip.ttl == -64",
	"tcp.dstport >= {tcp.srcport + 3}",
	"frame.number == 7+7",
	"frame.number & 3 + 3 == 6",
	"ip.src & 255.255.0.0 == 192.0.0.0",
	"ip.ttl + 255 > 255",
	/* sets */
	"tcp.port in {110, 25}",
	"tcp.port in {100..120}",
	"tcp.port in {1 .. 2, 100 .. 120}",
	"tcp.port not in {25}",
	"all tcp.port in {20..60000}",
	"tcp.srcport in {tcp.port}",
	"ip.src in {192.0.2.0/24, 10.0.0.1}",
	"ip.src in {192.0.2.0 .. 192.0.2.9}",
	"pop.response.indicator in {\"+OK\", \"-ERR\"}",
	"frame.time_delta in {0.2 .. 0.3}",
	/* addresses */
	"ip.addr == 192.0.2.1",
	"ip.addr == 192.0.2.0/24",
	"ip.src == 192.0.2.77/24",
	"ip.dst > 192.0.2.0/24",
	"ip.addr != 10.0.0.0/8",
	"ip.src[0] == c0",
	"ip.src[0:2] == c0:00",
	"eth.src == 02:00:00:00:00:01",
	"eth.src == 02-00-00-00-00-01",
	"eth.src == 0200.0000.0001",
	"eth.src == 020000000001",
	"eth.addr[0:3] == 00:11:22",
	"eth.dst contains 22:33",
	/* slices */
	"eth.src[0:3] == 02:00:00",
	"eth.src[1-2] == 00:00",
	"eth.src[:3] == 02:00:00",
	"eth.src[5:] == 01",
	"eth.src[-1] == 01",
	"eth.src[-2:2] == 00:01",
	"eth.src[-2--1] == 00:01",
	"eth.src[0,2-3,5:] == 02:00:00:01",
	"eth.src[0:3][0:1] == 02",
	"eth.src[0] == 0x02",
	"eth.src[0] == 2",
	"eth.src[0] & 0f == 02",
	"frame[0:6] == eth.dst",
	"tcp[13] & 2",
	"tcp[13] == 12",
	"tcp[13] == 0x12",
	"tcp[0 : 2]",
	"not tcp[20:]",
	"frame[12:2] == 0800",
	/* text */
	"pop.response.indicator == \"+OK\"",
	"pop.response.description contains \"POP\"",
	"pop.response.description matches \"pop\"",
	"pop.response.description ~ \"^p.*y$\"",
	"pop.response.description matches r\"^\\w+ \\w+$\"",
	"pop.response.description == \"P\\x4fP ready\"",
	"pop.response.description == \"\\120OP ready\"",
	"pop.response.description[0:3] == \"POP\"",
	"pop.response.description[0:2] == 50:4f",
	"pop.response.description[0] == 'P'",
	"pop.response.description > \"POP\"",
	"frame contains \"POP\"",
	"frame contains 50:4f:50",
	"tcp contains \"ready\"",
	"ip matches \"READY\"",
	"tcp[0:] contains 12",
	"eth contains \"ready\"",
	"not tcp[0:] contains \"ready\"",
	"not pop.response.description matches \"(?-i)pop\"",
	"pop.response.description matches \"\"",
	"not pop.response.description contains \"\"",
	/* functions */
	"len(pop.response.description) == 9",
	"len(tcp) == 20",
	"len(tcp.port) == 2",
	"count(tcp.port) == 2",
	"count(ip.addr) + 1 == 3",
	"upper(pop.response.description) contains \"READY\"",
	"lower(pop.response.description)[0:3] == \"pop\"",
	"string(frame.number) matches \"^1.$\"",
	"string(ip.src) == \"192.0.2.1\"",
	"string(eth.src) contains \"02:00\"",
	"max(tcp.srcport, tcp.dstport) == 51690",
	"min(tcp.port) == 110",
	"max(udp.port, 30000) == 30000",
	"abs(ip.ttl - 65) == 1",
	"string(tcp.flags) == \"18\"",
	/* layers */
	"ip.addr#1 == 192.0.2.1",
	"ip#1",
	"ip.addr#[-1] == 192.0.2.1",
	"ip.src#[1-2] == 192.0.2.1",
	/* times */
	"frame.time > \"2003-03-24 19:00:24\"",
	"frame.time < \"2003-03-24T19:00:25Z\"",
	"frame.time == \"2003-03-24 19:00:24.5\"",
	"frame.time > 2003-03-24",
	"frame.time > \"Mar 24, 2003 19:00:24\"",
	"frame.time == \"2003-03-24 21:00:24.5+02:00\"",
	"frame.time_delta == 0.25",
	"frame.time_delta + 1 > 1.2",
	"frame.time_delta >= 0",
	"frame.time_delta > -1",
	/* numbers with a fraction */
	"icmp.resptime == 1.5",
	"icmp.resptime in {1 .. 1.6}",
	"max(icmp.resptime) - 1 < 0.6",
};

static const char *const passed_over[] = {
	"udp",
	"not tcp",
	"tcp.flags.syn == 0",
	"tcp.port == 25",
	"tcp.port != 110",
	"tcp.port === 110",
	"all tcp.port == 110",
	"udp.port != 110",
	"not tcp.port == 110",
	"tcp.port in {25, 80..100}",
	"tcp.port in {120..100}",
	"ip.src == 10.0.0.0/8",
	"tcp xor ip",
	"eth.src[6:1]",
	"eth.src[-1:4] == 02",
	"tcp[20:]",
	"pop.response.description matches \"x\"",
	"pop.response.description contains \"pop\"",
	"pop.response.description == \"pop ready\"",
	"ip.ttl > -1",
	"frame.number / 0 == 1",
	"frame.number % 0",
	"frame.number & 0",
	"ip#2",
	"ip.addr#2 == 192.0.2.1",
	"count(udp.port) == 0",
	"frame.time < \"2003-03-24 19:00:24\"",
	"frame.number + 4294967295 > 0",
	"tcp.flags & 0x20",
	"all tcp.port > tcp.port",
	"tcp.port == udp.port",
	"tcp.port != udp.port",
	"frame[100-199]",
};

START_TEST(filters_select)
{
	struct record r;

	greeting(&r);
	for (size_t i = 0; i < sizeof(chosen) / sizeof(*chosen); i++)
		ck_assert_msg(selects(&r, chosen[i]), "not selected: %s", chosen[i]);
	for (size_t i = 0; i < sizeof(passed_over) / sizeof(*passed_over); i++)
		ck_assert_msg(!selects(&r, passed_over[i]), "selected: %s", passed_over[i]);
	record_release(&r);
}
END_TEST

/* An ICMP error quotes a second IP header. */
START_TEST(layers_are_counted)
{
	struct record r;

	record_init(&r, RECORD_PACKET);
	record_source(&r, "Frame", packet, FRAME_LEN, FRAME_LEN);
	open_at(&r, PROTO_frame, 0, FRAME_LEN);
	open_at(&r, PROTO_ip, 14, FRAME_LEN);
	add_ip(&r, 0x0A000001, 0x0A000002, 1);
	open_at(&r, PROTO_ip, 34, FRAME_LEN);
	add_ip(&r, 0xC0000201, 0xC6336407, 6);
	ck_assert(selects(&r, "ip.src#2 == 192.0.2.1"));
	ck_assert(!selects(&r, "ip.src#1 == 192.0.2.1"));
	ck_assert(selects(&r, "ip.src#[-2] == 10.0.0.1"));
	ck_assert(selects(&r, "ip.src#[2:1] == 192.0.2.1"));
	ck_assert(selects(&r, "ip.src == 192.0.2.1 and ip.src == 10.0.0.1"));
	ck_assert(selects(&r, "count(ip.src#2) == 1"));
	ck_assert(!selects(&r, "ip#3"));
	record_release(&r);
}
END_TEST

static const struct {
	const char *filter;
	unsigned column; /* of the caret, from 1 */
	const char *says;
} wrong[] = {
	{"tcp.flgs.syn == 1", 1, "Did you mean tcp.flags.syn?"},
	{"tcp and (pop", 13, "the filter ends"},
	{"tcp and", 8, "the filter ends"},
	{"", 1, "empty"},
	{"tcp.port = 110", 10, "Write =="},
	{"tcp.port == 110 or 25", 20, "field"},
	{"tcp AND ip", 5, "small letters"},
	{"10 < tcp.len", 1, "begins with a field"},
	{"ip.ttl == pop3", 11, "not a number"},
	{"ip.ttl == \"110\"", 11, "not a number"},
	{"tcp.port > 70000", 12, "65535"},
	{"frame.len > 99999999999999999999", 13, "too big"},
	{"ip.src == 10.0.0.0/33", 11, "32 bits"},
	{"ip.src == \"10.0.0.1\"", 11, "without quotation marks"},
	{"ip.src == ::1", 11, "IPv4"},
	{"eth.src == 02:00", 12, "Ethernet"},
	{"frame contains POP", 16, "text as"},
	{"frame matches pop", 15, "quotation marks"},
	{"frame matches \"a[\"", 18, "pattern"},
	{"frame matches \"\\w\"", 16, "escape"},
	{"tcp.port contains 1", 1, "string(...)"},
	{"tcp.port[0] == 1", 1, "no bytes"},
	{"eth.src[2-1] == 00", 9, "behind"},
	{"eth.src[x] == 00", 9, "positions"},
	{"ip.src == eth.src", 11, "put together"},
	{"len(tcp) and ip", 1, "len(tcp) > 20"},
	{"lower(tcp.port) == \"x\"", 7, "text"},
	{"tcp.port in {}", 14, "expected"},
	{"tcp.port in {110 25}", 18, "comma"},
	{"frame.time > 2003", 14, "date"},
	{"frame.time_delta > \"1\"", 20, "without quotation marks"},
	{"icmp.resptime > x", 17, "not a number."},
	{"icmp.resptime == tcp.port", 18, "number with a fraction"},
	{"tcp.port == ${tcp.port}", 13, "selected"},
	{"tcp.flags.syn & 1", 1, "&"},
	{"frame contains \"abc", 16, "closed"},
	{"ip.src + 1 == 10.0.0.1", 10, "IPv4"},
	{"tcp\nand\nfoo.bar == 1", 1, "field"},
};

/* The caret's column in the message: its line begins with four blanks. */
static unsigned caret_column(const char *message)
{
	const char *caret = strstr(message, "\n    ");
	const char *line;

	ck_assert_ptr_nonnull(caret);
	line = strchr(caret + 1, '\n');
	ck_assert_msg(line != NULL, "%s", message);
	return (unsigned)(strcspn(line + 1, "^") - 4 + 1);
}

START_TEST(errors_point_at_the_word)
{
	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
		struct diag d = DIAG_INIT;
		const char *m;

		ck_assert_msg(!filter_compile(wrong[i].filter, NULL, &d), "%s", wrong[i].filter);
		ck_assert_uint_eq(d.count, 1);
		m = d.messages[0].text;
		ck_assert_msg(strcasestr(m, wrong[i].says) != NULL, "%s: %s", wrong[i].filter, m);
		if (*wrong[i].filter)
			ck_assert_msg(caret_column(m) == wrong[i].column, "%s: %u: %s",
				      wrong[i].filter, caret_column(m), m);
		diag_release(&d);
	}
}
END_TEST

START_TEST(errors_in_files_have_their_place)
{
	struct place where = {.file = "mail.xml", .line = 7, .column = 11};
	struct diag d = DIAG_INIT;

	ck_assert_ptr_null(filter_compile("tcp and\n  tpc", &where, &d));
	ck_assert_ptr_null(filter_compile("tcp and tpc", &where, &d));
	ck_assert_ptr_eq(strstr(d.messages[0].text, "mail.xml:8:3: error: "), d.messages[0].text);
	ck_assert_ptr_eq(strstr(d.messages[1].text, "mail.xml:7:19: error: "), d.messages[1].text);
	diag_release(&d);
}
END_TEST

static void compile_any(const char *filter)
{
	struct diag d = DIAG_INIT;

	filter_free(filter_compile(filter, NULL, &d));
	diag_release(&d);
}

/* n times the text, then the end. */
static char *repeated(const char *part, size_t n, const char *end)
{
	size_t len = strlen(part);
	char *s = malloc(n * len + strlen(end) + 1);

	for (size_t i = 0; i < n; i++)
		memcpy(s + i * len, part, len);
	memcpy(s + n * len, end, strlen(end) + 1);
	return s;
}

START_TEST(hostile_texts_end)
{
	static const char *const parts[] = {"(",           "!",        "not ",    "{",
					    "-",           "tcp and ", "len(",    "tcp or (",
					    "\"\" ",       "\"",       "tcp[0]",  "[0]",
					    "tcp+",        "\x01",     "\x1b[6n", "tcp.port in {",
					    "1..",         "#",        "a.",      ":",
					    "'",           "\\",       "\n",      "tcp.len+1-",
					    "frame[0:,0:]"};

	for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++) {
		char *s = repeated(parts[i], 60000 / strlen(parts[i]), "tcp");

		compile_any(s);
		free(s);
	}
}
END_TEST

START_TEST(deep_nesting_is_refused_kindly)
{
	char *s = repeated("(", 200, "tcp");
	struct diag d = DIAG_INIT;

	ck_assert_ptr_null(filter_compile(s, NULL, &d));
	ck_assert_ptr_nonnull(strstr(d.messages[0].text, "nested too deeply"));
	free(s);
	s = repeated("tcp and ", 8000, "tcp");
	filter_free(compiled(s)); /* long is not deep */
	free(s);
	s = repeated("x", FILTER_MAX_TEXT, "x");
	ck_assert_ptr_null(filter_compile(s, NULL, &d));
	ck_assert_ptr_nonnull(strstr(d.messages[1].text, "longer than"));
	free(s);
	diag_release(&d);
}
END_TEST

static double seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static const char *const patterns[] = {
	"(a+)+$",
	"(a|a)*$",
	"(.*)*x",
	"^(([a-z])+.)+[A-Z]([a-z])+$",
	"(x+x+)+y",
	".*{10,}{10,}{10,}{10,}",
	"(|)(\\\\1\\\\1)*",
	"((a{0,100}){0,100}){0,100}",
	"[[:alpha:](?=a)(?=a)(?=a)",
	"a{1,300}[^a!]",
	"(?:a?){40}a{40}b?$",
	"a+[^a!]",
	"(a*)*[^a!]",
};

START_TEST(slow_patterns_are_stopped)
{
	char *s = repeated("a", 60000, "!"), filter[200];
	struct record r;

	record_init(&r, RECORD_PACKET);
	record_source(&r, "Frame", (const uint8_t *)s, 60001, 60001);
	number(&r, "frame.number", 1);
	text(&r, "pop.response.description", s);
	for (size_t i = 0; i < sizeof(patterns) / sizeof(*patterns); i++) {
		struct diag d = DIAG_INIT;
		struct filter *f;
		double start;

		snprintf(filter, sizeof(filter), "pop.response.description matches \"%s\"",
			 patterns[i]);
		start = seconds();
		f = filter_compile(filter, NULL, &d);
		if (f)
			filter_match(f, &r);
		ck_assert_msg(seconds() - start < 0.1, "%s: %f s", patterns[i], seconds() - start);
		filter_free(f);
		diag_release(&d);
	}
	record_release(&r);
	free(s);
}
END_TEST

START_TEST(exhaustion_is_told)
{
	char *s = repeated("a", 60000, "!");
	struct record r;
	struct filter *f = compiled("pop.response.description matches \"(a+)+$\"");

	record_init(&r, RECORD_PACKET);
	text(&r, "pop.response.description", "aaa");
	ck_assert(filter_match(f, &r));
	ck_assert(!filter_exhausted(f));
	text(&r, "pop.response.description", s);
	filter_match(f, &r);
	record_release(&r);
	record_init(&r, RECORD_PACKET);
	text(&r, "pop.response.description", s);
	ck_assert(!filter_match(f, &r));
	ck_assert(filter_exhausted(f));
	filter_free(f);
	record_release(&r);
	free(s);
}
END_TEST

/* Every sum doubles the work: it must end, and not select. */
START_TEST(many_occurrences_end)
{
	struct filter *f = compiled("tcp.port + tcp.port + tcp.port + tcp.port == 1");
	struct record r;
	double start = seconds();

	record_init(&r, RECORD_PACKET);
	for (unsigned i = 0; i < 5000; i++)
		number(&r, "tcp.port", 60000);
	ck_assert(!filter_match(f, &r));
	ck_assert(filter_exhausted(f));
	ck_assert(seconds() - start < 1);
	filter_free(f);
	record_release(&r);
}
END_TEST

/* A pattern's literal is an aid to speed, never a change of meaning. */
START_TEST(literals_do_not_change_patterns)
{
	static const struct {
		const char *pattern;
		bool yes;
	} cases[] = {
		{"re?ady", true},     {"POPx*", true},       {"POPx+", false},
		{"READY$", true},     {"(zz)?ready", true},  {"pop|zzz", true},
		{"zzz{0}pop", false}, {"p[o]p re", true},    {"z{0}ready", true},
		{"ready{1}", true},   {"(zzz|r)eady", true}, {"zz*pop", false},
		{"z*pop", true},      {"\\\\x50op", true},   {"zzzz", false},
		{"r.ady", true},
	};
	struct record r;
	char filter[100];

	greeting(&r);
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		snprintf(filter, sizeof(filter), "pop.response.description matches \"%s\"",
			 cases[i].pattern);
		ck_assert_msg(selects(&r, filter) == cases[i].yes, "%s", filter);
	}
	record_release(&r);
}
END_TEST

static size_t anchors_of(const char *filter, struct filter_anchor *out)
{
	struct filter *f = compiled(filter);
	size_t n = filter_anchors(f, out, 8);

	filter_free(f);
	return n;
}

START_TEST(anchors_for_the_index)
{
	struct filter_anchor a[8];

	ck_assert_uint_eq(anchors_of("tcp.port == 110", a), 1);
	ck_assert(a[0].has_value && a[0].value == 110 && a[0].field == id_of("tcp.port"));
	ck_assert_uint_eq(anchors_of("tcp.port != 110", a), 1);
	ck_assert(!a[0].has_value && a[0].field == id_of("tcp.port"));
	ck_assert_uint_eq(anchors_of("tcp and tcp.len > 1 and tcp.port == 110", a), 1);
	ck_assert(a[0].has_value && a[0].field == id_of("tcp.port"));
	ck_assert_uint_eq(anchors_of("tcp.port == 110 or pop", a), 2);
	ck_assert(a[1].field == id_of("pop") && !a[1].has_value);
	ck_assert_uint_eq(anchors_of("tcp.port in {110, 25}", a), 2);
	ck_assert(a[1].has_value && a[1].value == 25);
	ck_assert_uint_eq(anchors_of("tcp.port in {110, 20..25}", a), 1);
	ck_assert(!a[0].has_value);
	ck_assert_uint_eq(anchors_of("not tcp", a), 0);
	ck_assert_uint_eq(anchors_of("tcp or not udp", a), 0);
	ck_assert_uint_eq(anchors_of("tcp and not udp", a), 1);
	ck_assert_uint_eq(anchors_of("ip.src == 10.0.0.0/8", a), 1);
	ck_assert(!a[0].has_value);
	ck_assert_uint_eq(anchors_of("max(tcp.port, 5) == 5", a), 0);
	ck_assert_uint_eq(anchors_of("tcp.port in {1,2,3,4,5,6,7,8,9}", a), 1);
	/* bytes within the field's, where enough of them are known */
	ck_assert_uint_eq(anchors_of("tcp.payload contains \"hello\"", a), 1);
	ck_assert(a[0].literal && a[0].nliteral == 5 && !a[0].has_value);
	ck_assert_uint_eq(anchors_of("tcp.payload matches \"[ab]hello+\" and tcp", a), 1);
	ck_assert(a[0].literal && a[0].nliteral == 5);
	ck_assert_uint_eq(anchors_of("tcp.payload contains \"abc\"", a), 1);
	ck_assert(!a[0].literal);
	ck_assert_uint_eq(anchors_of("tcp contains \"hello\"", a), 1); /* and what it carries */
	ck_assert(!a[0].literal);
	ck_assert_uint_eq(anchors_of("upper(pop.request) contains \"HELLO\"", a), 1);
	ck_assert(!a[0].literal);
	ck_assert_uint_eq(anchors_of("tcp.payload contains \"hello\" and tcp.port == 1", a), 1);
	ck_assert(a[0].has_value && !a[0].literal);
}
END_TEST

static void count_field(void *context, uint16_t field)
{
	*(unsigned *)context += field == id_of("tcp.port") ? 1 : 100;
}

START_TEST(fields_are_named)
{
	struct filter *f =
		compiled("tcp.port == 1 or {tcp.port + 1} * 2 in {2} and not frame[0] == 1");
	unsigned n = 0;

	filter_fields(f, count_field, &n);
	ck_assert_uint_eq(n, 102);
	ck_assert_str_eq(filter_text(f),
			 "tcp.port == 1 or {tcp.port + 1} * 2 in {2} and not frame[0] == 1");
	filter_free(f);
}
END_TEST

START_TEST(impossible_conditions)
{
	static const char *const never[] = {
		"ip.ttl < 0",         "tcp.port in {30..20}", "tcp.port > 65535",
		"tcp.flags & 2 == 4", "tcp and ip.ttl < 0",   "ip.ttl < 0 or tcp.port in {2..1}",
		"frame contains \"\""};
	static const char *const open[] = {"ip.ttl == 1 and ip.ttl == 2",
					   "not ip.ttl < 0",
					   "tcp",
					   "ip.ttl < 0 or tcp",
					   "tcp.port in {30..20, 5}",
					   "tcp.flags & 6 == 4",
					   "ip.ttl >= 255",
					   "tcp.port != 0"};

	for (size_t i = 0; i < sizeof(never) / sizeof(*never); i++) {
		struct filter *f = compiled(never[i]);

		ck_assert_msg(filter_never(f), "%s", never[i]);
		filter_free(f);
	}
	for (size_t i = 0; i < sizeof(open) / sizeof(*open); i++) {
		struct filter *f = compiled(open[i]);

		ck_assert_msg(!filter_never(f), "%s", open[i]);
		filter_free(f);
	}
}
END_TEST

START_TEST(why_shows_the_values)
{
	struct filter *f = compiled("tcp.port == 25 or (pop and not tcp.srcport == 110)");
	struct buf b = BUF_INIT;
	struct record r;

	greeting(&r);
	filter_why(f, &r, &b);
	ck_assert_str_eq(buf_text(&b),
			 "no   at least one of these:\n"
			 "  no   tcp.port == 25   (tcp.port is 110 (pop3), 51690)\n"
			 "  no   all of these:\n"
			 "    yes  pop   (pop is there)\n"
			 "    no   not:\n"
			 "      yes  tcp.srcport == 110   (tcp.srcport is 110 (pop3))\n");
	buf_release(&b);
	filter_free(f);
	record_release(&r);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("filter");
	TCase *t = tcase_create("filter");

	tcase_set_timeout(t, 60);
	tcase_add_test(t, filters_select);
	tcase_add_test(t, layers_are_counted);
	tcase_add_test(t, errors_point_at_the_word);
	tcase_add_test(t, errors_in_files_have_their_place);
	tcase_add_test(t, hostile_texts_end);
	tcase_add_test(t, deep_nesting_is_refused_kindly);
	tcase_add_test(t, slow_patterns_are_stopped);
	tcase_add_test(t, exhaustion_is_told);
	tcase_add_test(t, many_occurrences_end);
	tcase_add_test(t, literals_do_not_change_patterns);
	tcase_add_test(t, anchors_for_the_index);
	tcase_add_test(t, fields_are_named);
	tcase_add_test(t, impossible_conditions);
	tcase_add_test(t, why_shows_the_values);
	suite_add_tcase(s, t);
	return s;
}

UNIT_MAIN(suite)
