// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Every shipped rule keeps what its <test> elements promise, and has a capture on which it fires
 * and one on which it is silent. Packs must load without a message.
 */
#include <glib.h>

#include "tracetutor/session.h"

#include "unit.h"

/* One run over a capture and what fired in it: rule -> GArray of packet numbers. */
struct run {
	struct session *session;
	GHashTable *noted;
};

struct fixture {
	struct packs *packs;
	GHashTable *runs; /* path -> struct run */
};

static void array_free(gpointer p)
{
	g_array_free(p, TRUE);
}

static void run_free(gpointer p)
{
	struct run *run = p;

	session_close(run->session);
	g_hash_table_destroy(run->noted);
	g_free(run);
}

static bool note_packets(void *context, const struct record *r, struct engine *engine)
{
	GHashTable *noted = context;
	size_t n;
	const struct note *notes = engine_notes(engine, &n);

	for (size_t i = 0; i < n; i++) {
		GArray *packets = g_hash_table_lookup(noted, notes[i].rule);

		if (!packets) {
			packets = g_array_new(FALSE, FALSE, sizeof(uint32_t));
			g_hash_table_insert(noted, (gpointer)notes[i].rule, packets);
		}
		g_array_append_val(packets, r->number);
	}
	return true;
}

static struct run *run_of(struct fixture *x, const char *path)
{
	struct run *run = g_hash_table_lookup(x->runs, path);
	struct diag d = DIAG_INIT;

	if (run)
		return run;
	run = g_new0(struct run, 1);
	run->noted = g_hash_table_new_full(NULL, NULL, NULL, array_free);
	run->session = session_open(path, x->packs, &d);
	if (run->session) {
		session_read(run->session, NULL, NULL, &d);
		session_walk(run->session, 1, UINT32_MAX, NULL, note_packets, run->noted, &d);
	}
	diag_release(&d);
	g_hash_table_insert(x->runs, g_strdup(path), run);
	return run;
}

static const struct finding *finding_of(const struct run *run, const struct rule *r)
{
	size_t n = 0;
	const struct finding *f = engine_findings(session_engine(run->session), &n);

	for (size_t i = 0; i < n; i++)
		if (f[i].rule == r)
			return &f[i];
	return NULL;
}

static bool has_packet(const struct run *run, const struct rule *r, uint32_t number)
{
	const GArray *noted = g_hash_table_lookup(run->noted, r);
	size_t n = 0;
	const struct finding *f = engine_findings(session_engine(run->session), &n);

	for (guint i = 0; noted && i < noted->len; i++)
		if (g_array_index(noted, uint32_t, i) == number)
			return true;
	for (size_t i = 0; i < n; i++)
		for (uint8_t k = 0; f[i].rule == r && k < f[i].nframes; k++)
			if (f[i].frames[k] == number)
				return true;
	return false;
}

/* What is wrong with the test, or NULL; g_free() it. */
static char *test_rule(struct fixture *x, const struct rule *r, const struct rule_test *t)
{
	char *path = rule_test_path(r, t);
	const struct run *run = path ? run_of(x, path) : NULL;
	bool fired;

	g_free(path);
	if (!run || !run->session)
		return g_strdup_printf("%s: %s cannot be read", r->id, t->capture);
	fired = finding_of(run, r) || g_hash_table_lookup(run->noted, r);
	if (fired == t->silent)
		return g_strdup_printf("%s: %s on %s", r->id, fired ? "fires" : "is silent",
				       t->capture);
	for (uint8_t i = 0; i < t->npackets; i++)
		if (!has_packet(run, r, t->packets[i]))
			return g_strdup_printf("%s: does not have packet %u of %s", r->id,
					       t->packets[i], t->capture);
	return NULL;
}

static void append(GString *all, char *message)
{
	if (message)
		g_string_append_printf(all, "\n%s", message);
	g_free(message);
}

START_TEST(packs_are_clean)
{
	struct packs *p = packs_new();
	struct diag d = DIAG_INIT;
	struct buf text = BUF_INIT;
	char *rules = g_build_filename(g_getenv("TRACETUTOR_DATA"), "rules", NULL);

	ck_assert(packs_load(p, rules, &d));
	packs_check(p, &d);
	diag_write(&d, &text);
	ck_assert_msg(d.count == 0, "%s", buf_text(&text));
	buf_release(&text);
	diag_release(&d);
	packs_free(p);
	g_free(rules);
}
END_TEST

START_TEST(tests_hold)
{
	struct fixture x = {.packs = packs_new()};
	struct diag d = DIAG_INIT;
	GString *wrong = g_string_new(NULL);
	char *rules = g_build_filename(g_getenv("TRACETUTOR_DATA"), "rules", NULL);

	x.runs = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, run_free);
	packs_load(x.packs, rules, &d);
	ck_assert_uint_gt(packs_rule_count(x.packs), 0);
	for (size_t i = 0; i < packs_rule_count(x.packs); i++) {
		const struct rule *r = packs_rule(x.packs, i);

		for (size_t t = 0; t < r->ntests; t++)
			append(wrong, test_rule(&x, r, &r->tests[t]));
	}
	ck_assert_msg(wrong->len == 0, "%s", wrong->str);
	g_string_free(wrong, TRUE);
	g_hash_table_destroy(x.runs);
	packs_free(x.packs);
	diag_release(&d);
	g_free(rules);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("pack_tests");
	TCase *c = tcase_create("shipped");

	tcase_set_timeout(c, 60);
	tcase_add_test(c, packs_are_clean);
	tcase_add_test(c, tests_hold);
	suite_add_tcase(s, c);
	return s;
}

UNIT_MAIN(suite)
