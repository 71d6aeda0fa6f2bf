/* SPDX-License-Identifier: GPL-3.0-or-later */
/* check_asked: a record that leaves out what nobody asks for has the rest as a whole one has it. */
#include <string.h>

#include <glib.h>

#include "tracetutor/session.h"
#include "unit.h"

#define ROUNDS 5

/* Of all fields, chosen by chance: in the first round none, in the last all, else the half. Each
 * round has a process of its own, for what was asked for once stays so. */
static void ask_part(unsigned round)
{
	GRand *random = g_rand_new_with_seed(round);

	for (uint16_t id = field_next(FIELD_NONE); id != FIELD_NONE; id = field_next(id)) {
		const char *name = field_def(id)->name;
		bool chosen = g_rand_boolean(random);

		if (round && (chosen || round == ROUNDS))
			ck_assert_uint_eq(field_find(name, strlen(name)), id);
	}
	g_rand_free(random);
}

static bool is_asked(uint16_t id)
{
	return field_asked()[id / 64] >> id % 64 & 1;
}

static void same_field(const struct record *r, const struct field *a, const struct field *b)
{
	const char *name = def_of(a)->name;

	ck_assert_msg(a->id == b->id, "packet %u: %s is missing, %s comes", r->number, name,
		      def_of(b)->name);
	ck_assert_msg(a->off == b->off && a->len == b->len && a->layer == b->layer &&
			      a->depth == b->depth && a->source == b->source,
		      "packet %u: %s lies elsewhere", r->number, name);
	if (field_value_class(def_of(a)->type) == VALUE_BYTES)
		ck_assert_msg(a->vlen == b->vlen && !memcmp(a->v.p, b->v.p, a->vlen),
			      "packet %u: %s differs", r->number, name);
	else
		ck_assert_msg(a->v.u == b->v.u, "packet %u: %s differs", r->number, name);
}

static unsigned left_out; /* so that it is seen that any were */

static void same_record(const struct record *whole, const struct record *part)
{
	uint32_t k = 0;

	for (uint32_t i = 0; i < whole->nfields; i++) {
		if (!is_asked(whole->fields[i].id)) {
			left_out++;
			continue;
		}
		ck_assert_msg(k < part->nfields, "packet %u: %s is missing", whole->number,
			      def_of(&whole->fields[i])->name);
		same_field(whole, &whole->fields[i], &part->fields[k++]);
	}
	ck_assert_uint_eq(k, part->nfields);
	ck_assert_int_eq(whole->malformed, part->malformed);
	ck_assert_mem_eq(whole->protos, part->protos, sizeof(whole->protos));
}

static void compare(const char *path)
{
	struct diag d = DIAG_INIT;
	struct capture *c = capture_open(path, &d);
	struct pipeline whole, part;
	struct frame f;

	if (c) {
		pipeline_init(&whole, NULL);
		pipeline_init(&part, NULL);
		part.record.asked = field_asked();
		while (capture_next(c, &f, &d) == CAPTURE_FRAME) {
			pipeline_frame(&whole, &f);
			pipeline_frame(&part, &f);
			same_record(&whole.record, &part.record);
		}
		pipeline_release(&whole);
		pipeline_release(&part);
		capture_close(c);
	}
	diag_release(&d);
}

static void compare_folder(const char *folder)
{
	char *path = g_build_filename(g_getenv("srcdir") ? g_getenv("srcdir") : ".", folder, NULL);
	GDir *dir = g_dir_open(path, 0, NULL);
	const char *name;

	ck_assert_ptr_nonnull(dir);
	while ((name = g_dir_read_name(dir)) != NULL) {
		char *file = g_build_filename(path, name, NULL);

		if (g_str_has_suffix(name, ".pcap") || g_str_has_suffix(name, ".pcapng"))
			compare(file);
		g_free(file);
	}
	g_dir_close(dir);
	g_free(path);
}

START_TEST(what_is_asked_for_is_there)
{
	ask_part((unsigned)_i);
	left_out = 0;
	compare_folder("tests/captures");
	compare_folder("tests/captures/article");
	compare_folder("tests/captures/hostile");
	compare_folder("lessons/captures");
	ck_assert((left_out > 0) == (_i < ROUNDS));
}
END_TEST

static Suite *asked_suite(void)
{
	Suite *s = suite_create("asked");
	TCase *t = tcase_create("fields");

	tcase_set_timeout(t, 120);
	tcase_add_loop_test(t, what_is_asked_for_is_there, 0, ROUNDS + 1);
	suite_add_tcase(s, t);
	return s;
}

UNIT_MAIN(asked_suite)
