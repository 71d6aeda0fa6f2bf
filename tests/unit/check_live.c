/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * live: a lesson played live against a system that is made up: each step is done when the system or
 * the packets say so, not when the person says so.
 */
#include "unit.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "tracetutor/lesson.h"

/* The system as the test wants it. */
struct made_up {
	unsigned programs;
	bool route, local;
	enum recorder_way way;
	const char *capture; /* what will have been recorded */
	char *interface;     /* asked for */
	char *filter;
	unsigned stops, marks, records, pieces;
};

struct play {
	struct made_up system;
	const struct lesson *lesson;
	GPtrArray *lessons;
	struct packs *packs;
	struct player *player;
	struct session *practice;
	struct report rep;
	struct buf shown;
	struct diag d;
};

static void free_program(gpointer p)
{
	g_free(((struct system_program *)p)->name);
	g_free(p);
}

static GPtrArray *programs(void *context)
{
	struct play *p = context;
	GPtrArray *all = g_ptr_array_new_with_free_func(free_program);

	for (unsigned i = 0; i < p->system.programs; i++) {
		struct system_program *one = g_new0(struct system_program, 1);

		one->name = g_strdup_printf("program%u", i);
		one->connections = 9 - i;
		g_ptr_array_add(all, one);
	}
	return all;
}

static GPtrArray *interfaces(void *context)
{
	static struct system_interface eth0 = {.name = (char *)"eth0",
					       .kind = "cable",
					       .up = true,
					       .running = true,
					       .has_default = true,
					       .addresses = (char *)"192.0.2.10"},
				       lo = {.name = (char *)"lo",
					     .kind = "loopback",
					     .up = true,
					     .running = true,
					     .addresses = (char *)"127.0.0.1"};
	GPtrArray *all = g_ptr_array_new();

	(void)context;
	g_ptr_array_add(all, &eth0);
	g_ptr_array_add(all, &lo);
	return all;
}

static bool route(void *context, const char *host, struct system_route *r, struct diag *d)
{
	struct play *p = context;

	if (!p->system.route)
		return diag_fail(d, NULL, "the name %s was not found", host);
	*r = (struct system_route){.interface = g_strdup(p->system.local ? "lo" : "eth0"),
				   .kind = p->system.local ? "loopback" : "cable",
				   .address = g_strdup("198.51.100.20"),
				   .local = p->system.local};
	return true;
}

static enum recorder_way way(void *context, const char *interface, struct buf *words)
{
	struct play *p = context;

	(void)interface;
	if (p->system.way == WAY_NONE)
		buf_str(words, "You may not record.");
	return p->system.way;
}

static int open_capture(struct play *p)
{
	char *path = g_build_filename(lesson_data(), "captures", p->system.capture, NULL);
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	g_free(path);
	return fd;
}

static int record(void *context, const struct recorder_request *q, unsigned pieces, char **path,
		  struct diag *d)
{
	struct play *p = context;

	(void)d;
	p->system.pieces = pieces;
	g_free(p->system.interface);
	g_free(p->system.filter);
	p->system.interface = g_strdup(q->interface);
	p->system.filter = g_strdup(q->filter);
	p->system.records++;
	*path = g_strdup_printf("/session/trace-%u.pcapng", p->system.records);
	return open_capture(p);
}

static void mark(void *context, const char *text)
{
	struct play *p = context;

	(void)text;
	p->system.marks++;
}

static void stop(void *context)
{
	struct play *p = context;

	p->system.stops++;
}

static int trace(void *context, const char *name, char **path, struct diag *d)
{
	struct play *p = context;

	(void)d;
	*path = g_strdup(*name ? name : "/session/trace.pcapng");
	return open_capture(p);
}

static struct session *practice(void *context, struct diag *d)
{
	struct play *p = context;

	p->practice = session_open(p->lesson->trace, p->packs, d);
	session_read(p->practice, NULL, NULL, d);
	return p->practice;
}

static void screen_open(struct play *p)
{
	struct sink_options o = {.width = 80};

	buf_reset(&p->shown);
	p->rep.sink = sink_buf_new(&p->shown, &o);
	sink_begin(p->rep.sink, NODE_REPORT, NULL);
}

static void screen_close(struct play *p)
{
	sink_end(p->rep.sink, NODE_REPORT);
	sink_flush(p->rep.sink);
	sink_free(p->rep.sink);
	p->rep.sink = NULL;
}

static void look(struct play *p)
{
	screen_open(p);
	player_screen(p->player, &p->rep);
	screen_close(p);
}

/* A shipped lesson, live, on a system without trouble. */
static void begin(struct play *p, const char *lesson, const char *capture)
{
	struct player_world w = {.context = p,
				 .programs = programs,
				 .interfaces = interfaces,
				 .route = route,
				 .way = way,
				 .record = record,
				 .mark = mark,
				 .stop = stop,
				 .trace = trace,
				 .practice = practice};

	*p = (struct play){
		.system = {.route = true, .way = WAY_DIRECT, .capture = capture},
		.packs = packs_new(),
	};
	p->lessons = lessons_load(&p->d);
	p->lesson = lessons_find(p->lessons, lesson, &p->d);
	ck_assert_ptr_nonnull(p->lesson);
	ck_assert(packs_load_all(p->packs, &p->d));
	p->player = player_start_live(p->lesson, &w, p->packs);
	report_init(&p->rep, NULL, p->packs, NULL);
	look(p);
}

static void end(struct play *p)
{
	report_release(&p->rep);
	player_free(p->player);
	packs_free(p->packs);
	g_ptr_array_free(p->lessons, TRUE);
	g_free(p->system.interface);
	g_free(p->system.filter);
	buf_release(&p->shown);
	diag_release(&p->d);
}

static bool says(const struct play *p, const char *text)
{
	GString *flat = g_string_new(buf_text(&p->shown));
	bool found;

	g_string_replace(flat, "\n", " ", 0);
	g_string_replace(flat, "  ", " ", 0);
	found = strstr(flat->str, text) != NULL;
	if (!found)
		fprintf(stderr, "not said: %s\n%s\n", text, flat->str);
	g_string_free(flat, TRUE);
	return found;
}

static enum player_next follow(struct play *p, enum player_next next)
{
	struct buf more = BUF_INIT;

	if (next != PLAYER_SCREEN)
		return next;
	buf_str(&more, buf_text(&p->shown));
	look(p);
	buf_str(&more, buf_text(&p->shown));
	buf_release(&p->shown);
	p->shown = more;
	return next;
}

static enum player_next type(struct play *p, const char *line)
{
	enum player_next next;

	screen_open(p);
	next = player_input(p->player, line, &p->rep);
	screen_close(p);
	return follow(p, next);
}

static enum player_next happens(struct play *p, struct player_happening h)
{
	enum player_next next;

	screen_open(p);
	next = player_happened(p->player, &h, &p->rep);
	screen_close(p);
	return follow(p, next);
}

static bool prompts(const struct play *p, const char *text)
{
	struct buf prompt = BUF_INIT;
	bool found;

	player_prompt(p->player, &prompt);
	found = strstr(buf_text(&prompt), text) != NULL;
	if (!found)
		fprintf(stderr, "the prompt is: %s\n", buf_text(&prompt));
	buf_release(&prompt);
	return found;
}

/* Answer the questions: the server, and Enter for the rest. */
static void answer(struct play *p, const char *server)
{
	type(p, server);
	while (player_asks(p->player))
		type(p, "");
}

static struct player_happening grew(uint64_t size)
{
	return (struct player_happening){
		.fd = -1,
		.recording = {.what = RECORDING_GREW, .size = size, .dropped = UINT64_MAX}};
}

static struct player_happening ended(enum recording_end why)
{
	return (struct player_happening){
		.fd = -1,
		.recording = {
			.what = RECORDING_ENDED, .end = why, .error = 28, .size = UINT64_MAX}};
}

/* From the step that closes programs to the recording, stopped. */
static void record_once(struct play *p)
{
	type(p, "");
	ck_assert(prompts(p, "Press Enter to START."));
	type(p, "");
	ck_assert(prompts(p, "Press Enter to STOP."));
	happens(p, grew(UINT64_MAX));
	ck_assert_int_eq(type(p, ""), PLAYER_STAY);
	ck_assert_uint_eq(p->system.stops, p->system.records);
	ck_assert(prompts(p, "Stopping"));
	ck_assert_int_eq(happens(p, ended(END_STOPPED)), PLAYER_SCREEN);
}

START_TEST(programs_must_really_be_closed)
{
	struct play p;

	begin(&p, "mail-login", "pop3-login.pcapng");
	p.system.programs = 3;
	answer(&p, "pop.example.org");
	ck_assert(says(&p, "program0"));
	ck_assert(prompts(&p, "Press Enter to look again."));
	ck_assert_int_eq(type(&p, ""), PLAYER_STAY); /* "I closed them" */
	ck_assert(says(&p, "They are still connected."));
	ck_assert_int_eq(type(&p, "done"), PLAYER_STAY);
	ck_assert(says(&p, "They are still connected."));
	p.system.programs = 0;
	ck_assert_int_eq(type(&p, ""), PLAYER_STAY);
	ck_assert(says(&p, "No program of yours uses the network"));
	ck_assert_int_eq(type(&p, ""), PLAYER_SCREEN);
	ck_assert(prompts(&p, "Press Enter to START."));
	end(&p);
}
END_TEST

START_TEST(only_the_server_is_recorded_on_request)
{
	struct play p;

	begin(&p, "mail-login", "pop3-login.pcapng");
	p.system.programs = 3;
	answer(&p, "pop.example.org:110");
	ck_assert_int_eq(type(&p, "only"), PLAYER_SCREEN);
	type(&p, "");
	ck_assert_str_eq(p.system.interface, "eth0");
	ck_assert_str_eq(p.system.filter, "host 198.51.100.20 or port 53");
	end(&p);
}
END_TEST

START_TEST(the_interface_is_chosen_with_a_reason)
{
	struct play p;

	begin(&p, "mail-login", "pop3-login.pcapng");
	p.system.local = true;
	answer(&p, "localhost");
	type(&p, "");
	ck_assert(says(&p, "localhost is this computer itself"));
	ck_assert_int_eq(type(&p, "wlan7"), PLAYER_STAY);
	ck_assert(says(&p, "There is no interface 'wlan7'"));
	ck_assert_int_eq(type(&p, "eth0"), PLAYER_SCREEN);
	ck_assert(says(&p, "eth0, as you chose"));
	type(&p, "");
	ck_assert_str_eq(p.system.interface, "eth0");
	end(&p);
}
END_TEST

START_TEST(a_rare_fault_is_waited_for_in_a_ring)
{
	struct play p;

	begin(&p, "mail-login", "pop3-login.pcapng");
	answer(&p, "");
	type(&p, "");
	ck_assert_int_eq(type(&p, "rare"), PLAYER_STAY);
	ck_assert(says(&p, "only the last 50 MB are kept"));
	ck_assert_int_eq(type(&p, ""), PLAYER_SCREEN);
	ck_assert_uint_eq(p.system.pieces, 5);
	end(&p);
}
END_TEST

START_TEST(without_rights_there_is_practice)
{
	struct play p;

	begin(&p, "mail-login", "pop3-login.pcapng");
	p.system.way = WAY_NONE;
	answer(&p, "pop.example.org");
	type(&p, "");
	ck_assert(says(&p, "You may not record."));
	ck_assert(prompts(&p, "Press Enter to try again."));
	type(&p, ""); /* "I have the rights now" */
	ck_assert(says(&p, "You may not record."));
	ck_assert_uint_eq(p.system.records, 0);
	ck_assert_int_eq(type(&p, "practice"), PLAYER_SCREEN);
	ck_assert_ptr_nonnull(player_session(p.player));
	ck_assert(prompts(&p, "Press Enter to START."));
	end(&p);
}
END_TEST

START_TEST(a_fault_is_witnessed_and_found)
{
	struct play p;

	begin(&p, "mail-login", "pop3-login.pcapng");
	answer(&p, "");
	type(&p, "");
	type(&p, "");
	happens(&p, grew(UINT64_MAX));
	ck_assert(says(&p, "Your program gave the user name steve35"));
	ck_assert(says(&p, "This is the fault: The server 207.217.121.215 refused the login"));
	ck_assert(player_mark(p.player, "clicked"));
	ck_assert_uint_eq(p.system.marks, 1);
	type(&p, "");
	happens(&p, ended(END_STOPPED));
	ck_assert(says(&p, "Recorded: 18 packets"));
	ck_assert(says(&p, "The fault is in the recording:"));
	ck_assert(prompts(&p, "Press Enter to go on."));
	ck_assert(!player_mark(p.player, "late"));
	end(&p);
}
END_TEST

START_TEST(a_trace_without_the_fault_does_not_end_it)
{
	struct play p;

	begin(&p, "mail-login", "pop3-ok.pcap");
	answer(&p, "");
	record_once(&p);
	ck_assert(says(&p, "The fault is not in this recording"));
	ck_assert(prompts(&p, "Press Enter to record AGAIN."));
	ck_assert_int_eq(type(&p, "it was there"), PLAYER_STAY);
	ck_assert(says(&p, "It is not in this recording"));
	ck_assert_int_eq(type(&p, ""), PLAYER_SCREEN);
	ck_assert(prompts(&p, "Press Enter to START."));
	end(&p);
}
END_TEST

START_TEST(an_empty_trace_is_no_fault)
{
	struct play p;

	begin(&p, "mail-login", "empty.pcap");
	answer(&p, "");
	record_once(&p);
	ck_assert(says(&p, "There is not a single packet"));
	ck_assert(prompts(&p, "Press Enter to record AGAIN."));
	end(&p);
}
END_TEST

START_TEST(before_and_after_are_compared)
{
	struct play p;

	begin(&p, "mail-login", "pop3-login.pcapng");
	answer(&p, "");
	record_once(&p);
	type(&p, "");
	ck_assert(player_skip(p.player)); /* the verdict and the tour */
	type(&p, "");
	ck_assert(prompts(&p, "Press Enter to record AGAIN"));
	p.system.capture = "pop3-ok.pcap";
	ck_assert_int_eq(type(&p, ""), PLAYER_SCREEN);
	ck_assert(prompts(&p, "Press Enter to START."));
	type(&p, "");
	type(&p, "");
	happens(&p, ended(END_STOPPED));
	ck_assert(says(&p, "Now compare it"));
	type(&p, "");
	ck_assert(says(&p, "Before, the login was refused; now it was accepted."));
	ck_assert(says(&p, "Nothing went wrong this time."));
	ck_assert(prompts(&p, "Press Enter to go on."));
	end(&p);
}
END_TEST

/* "I have repaired it": only packets can tell. */
static void claim_repair(struct play *p, const char *capture)
{
	begin(p, "mail-login", "pop3-login.pcapng");
	answer(p, "207.217.121.215");
	record_once(p);
	type(p, "");
	ck_assert(player_skip(p->player));
	type(p, "");
	ck_assert_int_eq(type(p, "fixed"), PLAYER_STAY);
	ck_assert(says(p, "only packets can tell"));
	p->system.capture = capture;
	type(p, "");
	type(p, "");
	type(p, "");
	happens(p, ended(END_STOPPED));
}

START_TEST(nothing_done_is_no_repair)
{
	static const char *const nothing[] = {"empty.pcap", "dhcp_dora.pcap"};
	struct play p;

	for (size_t i = 0; i < G_N_ELEMENTS(nothing); i++) {
		claim_repair(&p, nothing[i]);
		ck_assert(says(&p, "does not show whether the fault is gone"));
		ck_assert(prompts(&p, "Press Enter to record AGAIN"));
		ck_assert(player_skip(p.player)); /* on with it all the same */
		ck_assert(player_skip(p.player));
		type(&p, "");
		ck_assert(says(&p, "This does not show that the fault is gone"));
		ck_assert(prompts(&p, "Press Enter to record AGAIN"));
		end(&p);
	}
}
END_TEST

/* What was refused works now, only slowly: that is another matter, and said. */
START_TEST(slow_is_not_refused)
{
	struct play p;

	begin(&p, "mail-login", "pop3-login.pcapng");
	answer(&p, "");
	record_once(&p);
	ck_assert(player_again(p.player));
	p.system.capture = "slow_server.pcap";
	type(&p, "");
	happens(&p, ended(END_STOPPED));
	type(&p, "");
	ck_assert(says(&p, "What went wrong before works now."));
	ck_assert(says(&p, "This was seen besides: "));
	ck_assert(prompts(&p, "Press Enter to go on."));
	end(&p);
}
END_TEST

START_TEST(slow_as_before)
{
	struct play p;

	begin(&p, "slow", "slow_server.pcap");
	answer(&p, "203.0.113.10");
	record_once(&p);
	ck_assert(says(&p, "This is in the recording, and it may be the fault: "));
	ck_assert(player_again(p.player));
	look(&p);
	type(&p, "");
	ck_assert(says(&p, "This time it may work."));
	happens(&p, ended(END_STOPPED));
	type(&p, "");
	ck_assert(says(&p, "Something still goes wrong."));
	end(&p);
}
END_TEST

START_TEST(long_tours_tell_where_to_look)
{
	struct play p;

	begin(&p, "mail-login", "recorded-twice.pcap");
	answer(&p, "");
	record_once(&p);
	ck_assert(player_skip(p.player)); /* nothing is wrong in it */
	look(&p);
	type(&p, "");
	ck_assert(says(&p, "There are 48 packets, and you need not read them all. Type 'skip' when "
			   "you have seen enough."));
	ck_assert(prompts(&p, "packet 1 of 48] Press Enter for the next one, or type skip."));
	type(&p, "");
	ck_assert_ptr_null(strstr(buf_text(&p.shown), "There are 48"));
	end(&p);
}
END_TEST

/* What was sent beside what is right. */
START_TEST(the_user_name_is_held_beside)
{
	static const struct {
		const char *typed, *said;
	} row[] = {
		{"steve53", "You wrote that the user name should be steve53. Sent was steve35."},
		{"steve35", "The user name that was sent is the one you wrote: steve35."},
	};
	struct play p;

	begin(&p, "mail-login", "pop3-login.pcapng");
	type(&p, "");
	type(&p, row[_i].typed);
	while (player_asks(p.player))
		type(&p, "");
	record_once(&p);
	type(&p, "");
	ck_assert(player_skip(p.player));
	look(&p);
	ck_assert(says(&p, row[_i].said));
	end(&p);
}
END_TEST

/* That nothing came is known by the clock alone; what to do then is said all the same. */
START_TEST(silence_is_named_and_what_to_do)
{
	struct play p;
	struct player_happening tick = {.tick = true, .fd = -1, .now = INT64_MAX / 2};

	begin(&p, "names", "dns_timeout.pcap");
	answer(&p, "");
	type(&p, "");
	type(&p, "");
	happens(&p, grew(UINT64_MAX));
	ck_assert_ptr_null(strstr(buf_text(&p.shown), "This is the fault"));
	happens(&p, tick);
	ck_assert(says(&p, "This is the fault"));
	ck_assert(says(&p, "Wait a moment more, then press Enter."));
	happens(&p, ended(END_STOPPED));
	end(&p);
}
END_TEST

START_TEST(trouble_while_recording_is_said)
{
	struct play p;
	struct player_happening down = grew(0);

	begin(&p, "mail-login", "pop3-login.pcapng");
	answer(&p, "");
	type(&p, "");
	type(&p, "");
	down.recording.what = RECORDING_DOWN;
	happens(&p, down);
	ck_assert(says(&p, "The interface was switched off"));
	down.recording.what = RECORDING_SLEPT;
	down.recording.seconds = 61;
	happens(&p, down);
	ck_assert(says(&p, "slept for 61 seconds"));
	ck_assert_int_eq(happens(&p, ended(END_DISK)), PLAYER_SCREEN);
	ck_assert(says(&p, "the disk is full"));
	ck_assert(says(&p, "are safe"));
	end(&p);
}
END_TEST

START_TEST(without_anybody_it_ends_by_itself)
{
	struct play p;
	struct player_happening tick = {.tick = true, .fd = -1};

	begin(&p, "mail-login", "pop3-ok.pcap");
	player_unattended(p.player);
	p.system.programs = 3;
	answer(&p, "");
	ck_assert_int_eq(type(&p, ""), PLAYER_SCREEN); /* programs stay open */
	ck_assert_int_eq(type(&p, ""), PLAYER_SCREEN);
	ck_assert(player_busy(p.player));
	tick.now = g_get_real_time() * 1000;
	happens(&p, tick);
	ck_assert_uint_eq(p.system.stops, 0);
	tick.now += 60 * (int64_t)1000000000;
	happens(&p, tick);
	ck_assert_uint_eq(p.system.stops, 1);
	happens(&p, ended(END_STOPPED));
	ck_assert(!player_busy(p.player));
	ck_assert_int_eq(type(&p, ""), PLAYER_SCREEN); /* not again and again */
	ck_assert_uint_eq(p.system.records, 1);
	end(&p);
}
END_TEST

START_TEST(a_break_is_taken_up)
{
	struct play p;
	GKeyFile *state = g_key_file_new();
	struct player_world none = {0};
	struct player *again;

	begin(&p, "mail-login", "pop3-login.pcapng");
	answer(&p, "");
	type(&p, "");
	type(&p, "");
	player_store(p.player, state); /* while it records: then the lights go out */
	none.context = &p;
	none.trace = trace;
	again = player_start_live(p.lesson, &none, p.packs);
	player_restore(again, state);
	ck_assert_ptr_nonnull(player_session(again));
	ck_assert_uint_eq(session_packets(player_session(again)), 18);
	player_free(p.player);
	p.player = again;
	look(&p);
	ck_assert(says(&p, "The fault is in the recording"));
	g_key_file_free(state);
	end(&p);
}
END_TEST

static Suite *live_suite(void)
{
	Suite *s = suite_create("live");
	TCase *t = tcase_create("all");

	tcase_add_test(t, programs_must_really_be_closed);
	tcase_add_test(t, only_the_server_is_recorded_on_request);
	tcase_add_test(t, the_interface_is_chosen_with_a_reason);
	tcase_add_test(t, a_rare_fault_is_waited_for_in_a_ring);
	tcase_add_test(t, without_rights_there_is_practice);
	tcase_add_test(t, a_fault_is_witnessed_and_found);
	tcase_add_test(t, a_trace_without_the_fault_does_not_end_it);
	tcase_add_test(t, an_empty_trace_is_no_fault);
	tcase_add_test(t, before_and_after_are_compared);
	tcase_add_test(t, nothing_done_is_no_repair);
	tcase_add_test(t, slow_is_not_refused);
	tcase_add_test(t, slow_as_before);
	tcase_add_loop_test(t, the_user_name_is_held_beside, 0, 2);
	tcase_add_test(t, long_tours_tell_where_to_look);
	tcase_add_test(t, silence_is_named_and_what_to_do);
	tcase_add_test(t, trouble_while_recording_is_said);
	tcase_add_test(t, without_anybody_it_ends_by_itself);
	tcase_add_test(t, a_break_is_taken_up);
	suite_add_tcase(s, t);
	return s;
}

UNIT_MAIN(live_suite)
