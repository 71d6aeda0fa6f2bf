/* SPDX-License-Identifier: GPL-3.0-or-later */
/* pipeline: what is kept of the packet at work, and packets that are left undecoded. */
#include "unit.h"

#include <glib.h>

#include "tracetutor/session.h"

#define REFUSED 14 /* the packet of the capture that carries the server's -ERR */

static char *capture_path(void)
{
	return g_build_filename(g_getenv("TRACETUTOR_DATA"), "captures", "pop3-login.pcapng", NULL);
}

static const struct field *named(const struct record *r, const char *name)
{
	for (uint32_t i = 0; i < r->nfields; i++)
		if (g_str_equal(def_of(&r->fields[i])->name, name))
			return &r->fields[i];
	return NULL;
}

struct seen {
	volatile uint32_t at;
	uint32_t packets, ignored;
};

static bool look(void *context, const struct record *r, struct engine *engine)
{
	struct seen *s = context;
	const struct field *ignored = named(r, "frame.ignored");

	(void)engine;
	ck_assert_uint_eq(s->at, r->number);
	ck_assert_ptr_nonnull(ignored);
	s->packets++;
	if (ignored->v.u) {
		s->ignored = r->number;
		ck_assert_uint_eq(r->nlayers, 1);
		ck_assert_ptr_nonnull(named(r, "frame.number"));
		ck_assert_ptr_null(named(r, "ip"));
	} else {
		ck_assert_uint_gt(r->nlayers, 1);
	}
	return true;
}

static struct seen look_through(struct session *s)
{
	struct seen seen = {.at = 99};
	struct diag d = DIAG_INIT;

	session_watch(s, &seen.at);
	ck_assert(session_read(s, NULL, NULL, &d));
	ck_assert_uint_eq(seen.at, 0);
	ck_assert(session_walk(s, 1, UINT32_MAX, NULL, look, &seen, &d));
	ck_assert_uint_eq(seen.at, 0);
	ck_assert_uint_eq(d.count, 0);
	return seen;
}

START_TEST(packet_at_work_is_kept)
{
	char *path = capture_path();
	struct diag d = DIAG_INIT;
	struct session *s = session_open(path, NULL, &d);
	struct seen seen = look_through(s);

	ck_assert_uint_eq(seen.packets, 18);
	ck_assert_uint_eq(seen.ignored, 0);
	session_close(s);
	g_free(path);
}
END_TEST

START_TEST(skipped_packet_is_not_decoded)
{
	char *path = capture_path();
	struct diag d = DIAG_INIT;
	struct session *s = session_open(path, NULL, &d);
	struct seen seen;

	ck_assert(session_skip(s, REFUSED));
	seen = look_through(s);
	ck_assert_uint_eq(seen.packets, 18);
	ck_assert_uint_eq(seen.ignored, REFUSED);
	session_close(s);
	g_free(path);
}
END_TEST

START_TEST(skips_are_bounded)
{
	struct pipeline p;

	pipeline_init(&p, NULL);
	for (uint32_t i = 1; i <= PIPELINE_MAX_SKIPS; i++)
		ck_assert(pipeline_skip(&p, i));
	ck_assert(!pipeline_skip(&p, 100));
	pipeline_release(&p);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("pipeline");
	TCase *t = tcase_create("care");

	tcase_add_test(t, packet_at_work_is_kept);
	tcase_add_test(t, skipped_packet_is_not_decoded);
	tcase_add_test(t, skips_are_bounded);
	suite_add_tcase(s, t);
	return s;
}

UNIT_MAIN(suite)
