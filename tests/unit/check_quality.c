/* SPDX-License-Identifier: GPL-3.0-or-later */
/* quality: what is wrong with a recording, and whether Enter should mean "again". */
#include "capture_run.h"
#include "tracetutor/quality.h"

#include "unit.h"

#define SECOND INT64_C(1000000000)

static struct packs *packs;

static void load_packs(void)
{
	char *rules = g_build_filename(g_getenv("TRACETUTOR_DATA"), "rules", NULL);
	struct diag d = DIAG_INIT;

	packs = packs_new();
	ck_assert(packs_load(packs, rules, &d));
	diag_release(&d);
	g_free(rules);
}

static void free_packs(void)
{
	packs_free(packs);
}

/* A recording and the judgement on it. */
struct judged_run {
	struct pipeline p;
	struct stages *stages;
	struct capture_facts facts;
	struct quality_input in;
	struct quality q;
};

static void observe(void *context, const struct record *r)
{
	stages_record(context, r);
}

static void run(struct judged_run *x, const char *name, const char *server)
{
	memset(x, 0, sizeof(*x));
	x->stages = stages_new(server);
	capture_run(&x->p, name, packs, observe, x->stages);
	x->facts = (struct capture_facts){.packets = x->p.packets,
					  .first_time = x->p.first_time,
					  .last_time = x->p.last_time};
	x->in = (struct quality_input){.facts = &x->facts,
				       .engine = x->p.engine,
				       .stages = x->stages,
				       .server = server,
				       .dropped = UINT64_MAX};
}

static void run_release(struct judged_run *x)
{
	quality_release(&x->q);
	stages_free(x->stages);
	pipeline_release(&x->p);
}

static const struct quality_problem *problem(const struct quality *q, enum quality_kind kind)
{
	for (size_t i = 0; i < q->n; i++)
		if (q->problems[i].kind == kind)
			return &q->problems[i];
	return NULL;
}

static const struct {
	const char *capture, *server;
	enum quality_fault fault;
	bool again;
	int problem; /* the first one; -1: none */
} shipped[] = {
	{"pop3-login.pcapng", "207.217.121.215", FAULT_SHOWN, false, -1},
	{"pop3-ok.pcap", "198.51.100.10", FAULT_ABSENT, true, -1},
	{"empty.pcap", "pop.example.org", FAULT_ABSENT, true, QUALITY_EMPTY},
	{"unknown-link.pcap", NULL, FAULT_ABSENT, true, QUALITY_INTERFACE},
	{"one-sided.pcap", "198.51.100.10", FAULT_ABSENT, true, QUALITY_ONE_SIDED},
	{"missed.pcap", "198.51.100.10", FAULT_ABSENT, true, QUALITY_DROPPED},
	{"recorded-twice.pcap", "198.51.100.10", FAULT_ABSENT, true, QUALITY_TWICE},
	{"all-cut.pcap", "198.51.100.10", FAULT_ABSENT, true, QUALITY_CUT},
	{"pop3-ok.pcap", "pop.example.org", FAULT_ABSENT, true, QUALITY_NO_SERVER},
	{"pop3_err.pcap", "imap.example.net", FAULT_SHOWN, false, QUALITY_NO_SERVER},
	{"slow_server.pcap", "203.0.113.10", FAULT_LIKELY, false, -1},
	{"pop3s_bad.pcap", "127.0.0.1", FAULT_LIKELY, false, QUALITY_ENCRYPTED},
	{"pop3s_good.pcap", "127.0.0.1", FAULT_ABSENT, false, QUALITY_ENCRYPTED},
	{"http_cookie.pcap", "www.example.org", FAULT_ABSENT, true, QUALITY_LATE},
	{"tls_unknown_ca13.pcap", "mail.lab", FAULT_SHOWN, false, -1},
};

START_TEST(shipped_captures)
{
	struct judged_run x;

	run(&x, shipped[_i].capture, shipped[_i].server);
	quality_judge(&x.in, &x.q);
	ck_assert_int_eq(x.q.fault, shipped[_i].fault);
	ck_assert_int_eq(x.q.n ? (int)x.q.problems[0].kind : -1, shipped[_i].problem);
	ck_assert_int_eq(x.q.again, shipped[_i].again);
	for (size_t i = 0; i < x.q.n; i++)
		ck_assert(g_str_has_suffix(x.q.problems[i].seen, "."));
	run_release(&x);
}
END_TEST

START_TEST(wrong_interface)
{
	struct judged_run x;
	struct machine m = {.interface = (char *)"wlan0", .clock_synchronised = -1};
	const struct quality_problem *p;

	run(&x, "pop3-ok.pcap", "pop.example.org");
	x.in.machine = &m;
	x.in.server_interface = "eth0";
	quality_judge(&x.in, &x.q);
	p = problem(&x.q, QUALITY_INTERFACE);
	ck_assert_ptr_nonnull(p);
	ck_assert_str_eq(p->seen, "This was recorded on wlan0, but the way to pop.example.org "
				  "leads over eth0.");
	ck_assert_str_eq(p->todo, "Record again, and choose the interface eth0.");
	ck_assert_ptr_null(problem(&x.q, QUALITY_NO_SERVER));
	quality_release(&x.q);
	m.interface = (char *)"any"; /* everything is recorded there */
	quality_judge(&x.in, &x.q);
	ck_assert_ptr_null(problem(&x.q, QUALITY_INTERFACE));
	run_release(&x);
}
END_TEST

/* On loopback by right: the server is this computer. */
START_TEST(right_on_loopback)
{
	static const bool problems[] = {false, true};
	static const char *const ways[] = {"lo", "eth0"};
	struct judged_run x;
	struct machine m = {.interface = (char *)"lo", .clock_synchronised = -1};

	run(&x, "pop3s_good.pcap", "pop.example.org");
	x.in.machine = &m;
	x.in.server_interface = ways[_i];
	quality_judge(&x.in, &x.q);
	ck_assert(problems[_i] == (problem(&x.q, QUALITY_INTERFACE) != NULL));
	run_release(&x);
}
END_TEST

/* The server was met: the other interface cannot have been the wrong one. */
START_TEST(met_on_another_interface)
{
	struct judged_run x;
	struct machine m = {.interface = (char *)"wlan0", .clock_synchronised = -1};

	run(&x, "pop3-ok.pcap", "198.51.100.10");
	x.in.machine = &m;
	x.in.server_interface = "eth0";
	quality_judge(&x.in, &x.q);
	ck_assert_uint_eq(x.q.n, 0);
	run_release(&x);
}
END_TEST

START_TEST(drops)
{
	struct judged_run x;
	struct capture_interface interfaces[] = {{.dropped = 7}, {.dropped = UINT64_MAX}};
	struct capture_info info = {.interfaces = interfaces, .ninterfaces = 2};

	run(&x, "pop3-ok.pcap", "198.51.100.10");
	x.facts.info = &info;
	quality_judge(&x.in, &x.q);
	ck_assert_uint_eq(x.q.n, 1);
	ck_assert_str_eq(x.q.problems[0].seen, "The computer could not keep up: 7 packets were "
					       "lost while 24 were recorded.");
	quality_release(&x.q);
	x.in.dropped = 0; /* the recorder knows better */
	quality_judge(&x.in, &x.q);
	ck_assert_uint_eq(x.q.n, 0);
	run_release(&x);
}
END_TEST

START_TEST(stopped_early)
{
	struct judged_run x;

	run(&x, "pop3-ok.pcap", "198.51.100.10");
	x.in.asked = x.facts.last_time - 13 * SECOND / 10;
	quality_judge(&x.in, &x.q);
	ck_assert_ptr_nonnull(problem(&x.q, QUALITY_SHORT));
	ck_assert_str_eq(x.q.problems[0].seen,
			 "The last packet came 1.3 s after the beginning. Few programs "
			 "give up so soon: it can take a minute.");
	quality_release(&x.q);
	x.in.asked = x.facts.last_time - 60 * SECOND;
	quality_judge(&x.in, &x.q);
	ck_assert_ptr_null(problem(&x.q, QUALITY_SHORT));
	run_release(&x);
}
END_TEST

START_TEST(stopped_while_waiting)
{
	struct judged_run x;

	run(&x, "tcp_loss_fast.pcap", "203.0.113.10");
	quality_judge(&x.in, &x.q);
	ck_assert_ptr_nonnull(problem(&x.q, QUALITY_SHORT));
	run_release(&x);
}
END_TEST

/* A condition of the lesson that was not met counts, without a sentence. */
START_TEST(wanted_conditions)
{
	struct judged_run x;

	run(&x, "slow_server.pcap", "203.0.113.10");
	x.in.wanted = 2;
	x.in.seen = 1;
	quality_judge(&x.in, &x.q);
	ck_assert(x.q.again);
	ck_assert_uint_eq(x.q.n, 0);
	run_release(&x);
}
END_TEST

/* Names from outside are made visible. */
START_TEST(cleaned_names)
{
	struct judged_run x;

	run(&x, "pop3-ok.pcap", "pop\x1b[31m.example.org");
	x.facts.damage = "bad \x1b block.";
	quality_judge(&x.in, &x.q);
	for (size_t i = 0; i < x.q.n; i++)
		ck_assert(text_is_clean(x.q.problems[i].seen, strlen(x.q.problems[i].seen)));
	ck_assert_ptr_nonnull(problem(&x.q, QUALITY_DAMAGED));
	run_release(&x);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("quality");
	TCase *c = tcase_create("quality");

	tcase_add_unchecked_fixture(c, load_packs, free_packs);
	tcase_add_loop_test(c, shipped_captures, 0, G_N_ELEMENTS(shipped));
	tcase_add_test(c, wrong_interface);
	tcase_add_test(c, met_on_another_interface);
	tcase_add_loop_test(c, right_on_loopback, 0, 2);
	tcase_add_test(c, drops);
	tcase_add_test(c, stopped_early);
	tcase_add_test(c, stopped_while_waiting);
	tcase_add_test(c, wanted_conditions);
	tcase_add_test(c, cleaned_names);
	suite_add_tcase(s, c);
	return s;
}

UNIT_MAIN(suite)
