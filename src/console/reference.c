/* SPDX-License-Identifier: GPL-3.0-or-later */
/* reference: fields, rules, lessons and check, printed from the registry and the packs. */
#include <string.h>

#include <glib.h>

#include "src/console/output.h"
#include "src/console/reference.h"
#include "tracetutor/lesson.h"
#include "tracetutor/xml.h"

/* --- explaining one thing --- */

static void field_line(struct buf *out, const struct field_def *def)
{
	buf_printf(out, "%-34s %-18s %s\n", def->name, field_type_name(def->type), def->label);
}

static void field_values(struct buf *out, const struct value_name *v)
{
	if (v)
		buf_str(out, "Values:\n");
	for (; v && v->text; v++)
		buf_printf(out, "  %6u  %s\n", v->value, v->text);
}

void explain_field(struct buf *out, uint16_t id)
{
	const struct field_def *def = field_def(id);

	buf_printf(out, "%s: %s (%s)\n", def->name, def->label, field_type_name(def->type));
	if (def->blurb)
		buf_printf(out, "%s\n", def->blurb);
	field_values(out, def->values);
	if (def->see)
		buf_printf(out, "See %s.\n", def->see);
}

void explain_proto(struct buf *out, enum proto_id id)
{
	const struct proto_def *p = proto_table[id];

	buf_printf(out, "%s: %s\n", p->name, p->label);
	if (p->blurb)
		buf_printf(out, "%s\n", p->blurb);
	if (p->see)
		buf_printf(out, "See %s.\n", p->see);
}

static void prose_part(struct buf *out, const char *title, const struct prose *p)
{
	if (!p->n)
		return;
	buf_printf(out, "\n%s\n", title);
	prose_text(p, NULL, out);
	buf_char(out, '\n');
}

static void explain_rule(struct buf *out, const struct rule *r)
{
	buf_printf(out, "%s (pack %s, %s)\n", r->id, r->pack, severity_name(r->severity));
	prose_text(&r->title, NULL, out);
	buf_char(out, '\n');
	if (r->when)
		buf_printf(out, "\nWhen:\n%s\n", filter_text(r->when));
	prose_part(out, "It says:", &r->headline);
	prose_part(out, "Explanation:", &r->explain);
	prose_part(out, "What to do:", &r->advice);
	prose_part(out, "It can be mistaken for:", &r->lookalike);
	if (r->see)
		buf_printf(out, "\nSee %s.\n", r->see);
}

/* --- commands --- */

/* Text through the pager; the exit code. */
static int publish(const struct request *q, const struct buf *text, struct diag *d)
{
	struct output out;
	enum exit_code code = output_open(&out, q, NULL, d);

	output_write(&out, buf_text(text), text->len);
	return output_close(&out, code, d);
}

static bool fields_of(struct buf *out, const char *name)
{
	size_t n = name ? strlen(name) : 0, found = 0;

	for (uint16_t id = field_next(FIELD_NONE); id != FIELD_NONE; id = field_next(id)) {
		const char *field = field_def(id)->name;

		if (n && (strncmp(field, name, n) != 0 || (field[n] && field[n] != '.')))
			continue;
		field_line(out, field_def(id));
		found++;
	}
	return found > 0;
}

int run_fields(const struct request *q, struct diag *d)
{
	const char *name = q->nargs ? q->args[0] : NULL, *near;
	struct buf text = BUF_INIT;
	uint16_t id = name ? field_named(name) : FIELD_NONE;
	enum proto_id proto = name ? proto_find(name, strlen(name)) : PROTO_COUNT;
	int code;

	if (proto != PROTO_COUNT)
		explain_proto(&text, proto);
	if (id != FIELD_NONE && proto == PROTO_COUNT)
		explain_field(&text, id);
	else if (!fields_of(&text, name)) {
		char *hint;

		near = field_nearest(name);
		hint = near ? g_strdup_printf("did you mean '%s'?", near)
			    : g_strdup("'tracetutor fields' lists them all");
		diag_fail(d, hint, "there is no field '%s'", name);
		g_free(hint);
		buf_release(&text);
		return EXIT_WRONG;
	}
	code = publish(q, &text, d);
	buf_release(&text);
	return code;
}

static bool rule_unknown(const struct packs *p, const char *id, struct diag *d)
{
	struct nearest near = NEAREST_INIT(id);
	char *hint;

	for (size_t i = 0; i < packs_rule_count(p); i++)
		nearest_offer(&near, packs_rule(p, i)->id);
	hint = near.best ? g_strdup_printf("did you mean '%s'?", near.best)
			 : g_strdup("'tracetutor rules' lists them");
	diag_fail(d, hint, "there is no rule '%s'", id);
	g_free(hint);
	return false;
}

bool explain_rule_named(struct buf *out, const struct packs *p, const char *id, struct diag *d)
{
	const struct rule *r = packs_find(p, id);

	if (!r)
		return rule_unknown(p, id, d);
	explain_rule(out, r);
	return true;
}

int run_rules(const struct request *q, struct diag *d)
{
	struct packs *p = packs_new();
	struct buf text = BUF_INIT;
	int code = EXIT_WRONG;

	packs_load_all(p, d);
	for (size_t i = 0; !q->nargs && i < packs_rule_count(p); i++) {
		const struct rule *r = packs_rule(p, i);

		buf_printf(&text, "%-32s %-6s ", r->id, severity_name(r->severity));
		prose_text(&r->title, NULL, &text);
		buf_char(&text, '\n');
	}
	if (!q->nargs || explain_rule_named(&text, p, q->args[0], d))
		code = publish(q, &text, d);
	buf_release(&text);
	packs_free(p);
	return code;
}

int run_lessons(const struct request *q, struct diag *d)
{
	GPtrArray *lessons = lessons_load(d);
	struct buf text = BUF_INIT;
	int code;

	for (guint i = 0; i < lessons->len; i++) {
		const struct lesson *l = lessons->pdata[i];

		buf_printf(&text, "%-14s %s\n", l->id, l->symptom);
	}
	buf_str(&text, "\nTake one: tracetutor learn NAME\n");
	code = publish(q, &text, d);
	buf_release(&text);
	g_ptr_array_free(lessons, TRUE);
	return code;
}

/* --- check --- */

/* A lesson's root is <lesson>, that of anything else is for the rules to judge. */
static bool is_lesson(const char *path)
{
	struct diag quiet = DIAG_INIT;
	struct xml_doc *doc = xml_load(path, NULL, &quiet);
	bool lesson = doc && strcmp(xml_root(doc)->name, "lesson") == 0;

	xml_free(doc);
	diag_release(&quiet);
	return lesson;
}

static void check_lesson(const char *path, struct diag *d)
{
	struct lesson *l = lesson_load(path, d);
	struct packs *p = packs_new();
	struct diag quiet = DIAG_INIT; /* the packs are not what is checked */

	packs_load_all(p, &quiet);
	for (size_t i = 0; l && l->leans[i]; i++)
		if (!packs_find(p, l->leans[i]))
			diag_fail(d, "'tracetutor rules' lists them",
				  "%s: it leans on the rule '%s', which "
				  "does not exist",
				  path, l->leans[i]);
	if (l && !g_file_test(l->trace, G_FILE_TEST_IS_REGULAR))
		diag_fail(d, "put the capture there, or correct <trace file=...>",
			  "%s: its recorded trace %s is missing", path, l->trace);
	diag_release(&quiet);
	packs_free(p);
	lesson_free(l);
}

int run_check(const struct request *q, struct diag *d)
{
	struct packs *p = packs_new();
	struct buf text = BUF_INIT;
	int code;

	for (int i = 0; i < q->nargs; i++) {
		size_t before = d->errors;

		if (is_lesson(q->args[i]))
			check_lesson(q->args[i], d);
		else
			packs_load(p, q->args[i], d);
		buf_printf(&text, "%s: %s\n", q->args[i], d->errors > before ? "refused" : "ok");
	}
	code = publish(q, &text, d);
	buf_release(&text);
	packs_free(p);
	return code == EXIT_FINE && d->errors ? EXIT_FOUND : code;
}
