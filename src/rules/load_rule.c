// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * A <rule> element to a struct rule: every name checked against the registry, every error of the
 * rule said, and the rule used only if there was none.
 */
#include <stdarg.h>
#include <string.h>

#include "private.h"

static const char *const severities[] = {"chat", "note", "warn", "error"};
static const char *const kinds[] = {"packet", "exchange", "conversation", "capture"};

const char *severity_name(enum severity s)
{
	return severities[s];
}

void load_say(struct load *l, enum diag_level level, const struct xml_node *n, const char *word,
	      const char *hint, const char *fmt, ...)
{
	struct place where = xml_place(l->doc, n->line, word);
	va_list ap;
	char *text;

	va_start(ap, fmt);
	text = g_strdup_vprintf(fmt, ap);
	va_end(ap);
	diag_add(l->d, level, &where, hint, "%s", text);
	g_free(text);
	if (level == DIAG_ERROR)
		l->bad = true;
}

/* Index of the attribute's value in a list of words; `otherwise` if it is missing or wrong. */
static int load_choice(struct load *l, const struct xml_node *n, const char *attr,
		       const char *const *list, int count, int otherwise)
{
	const char *value = xml_attr(n, attr);
	struct nearest near = NEAREST_INIT(value);
	char *hint;

	if (!value)
		return otherwise;
	for (int i = 0; i < count; i++) {
		if (strcmp(value, list[i]) == 0)
			return i;
		nearest_offer(&near, list[i]);
	}
	hint = near.best ? g_strdup_printf("Did you mean \"%s\"?", near.best) : NULL;
	load_say(l, DIAG_ERROR, n, value, hint, "%s cannot be \"%s\"", attr, value);
	g_free(hint);
	return otherwise;
}

bool load_yes(struct load *l, const struct xml_node *n, const char *attr)
{
	static const char *const words[] = {"no", "yes"};

	return load_choice(l, n, attr, words, 2, 0) == 1;
}

uint16_t load_field(struct load *l, const struct xml_node *n, const char *name)
{
	uint16_t id = field_named(name);
	const char *near = id == FIELD_NONE ? field_nearest(name) : NULL;
	char *hint;

	if (id != FIELD_NONE)
		return id;
	hint = near ? g_strdup_printf("Did you mean %s?", near)
		    : g_strdup("`tracetutor fields` lists all names.");
	load_say(l, DIAG_ERROR, n, name, hint, "there is no field %s", name);
	g_free(hint);
	return FIELD_NONE;
}

const void *load_array(struct load *l, GArray *from, size_t *n)
{
	const void *copy = from->len
				   ? arena_copy(&l->p->arena, from->data,
						(size_t)from->len * g_array_get_element_size(from))
				   : NULL;

	*n = from->len;
	g_array_free(from, TRUE);
	return copy;
}

/*
 * The filter in an element that has only text. It is compiled as it stands, so that a message can
 * point into the file: place is where its first word stands.
 */
static struct filter *load_filter(struct load *l, const struct xml_node *n)
{
	const char *text = n->child && n->child->text ? n->child->text : "";
	struct place where;
	struct filter *f;
	unsigned line = n->line;
	char *trimmed, *word;

	for (; g_ascii_isspace(*text); text++)
		line += *text == '\n';
	trimmed = g_strchomp(g_strdup(text));
	word = g_strndup(text, strcspn(text, " \t\r\n<>&\"'"));
	where = xml_place(l->doc, line, word);
	f = filter_compile(trimmed, &where, l->d);
	g_free(trimmed);
	g_free(word);
	if (f)
		g_ptr_array_add(l->p->filters, f);
	else
		l->bad = true;
	return f;
}

/* --- one function for each child element of <rule> --- */

struct maker {
	struct rule *r;
	GArray *marks, *evidence, *needs, *explains, *tests, *steps;
};

static void in_when(struct load *l, const struct xml_node *n, struct maker *m)
{
	m->r->when = load_filter(l, n);
}

static void in_step(struct load *l, const struct xml_node *n, struct maker *m)
{
	const char *within = xml_attr(n, "within");
	struct rule_step s = {.filter = load_filter(l, n), .absent = load_yes(l, n, "absent")};

	if (within)
		s.within = (int64_t)(g_ascii_strtod(within, NULL) * 1e9);
	if (s.absent && m->steps->len &&
	    g_array_index(m->steps, struct rule_step, m->steps->len - 1).absent)
		load_say(l, DIAG_ERROR, n, "absent", "Join them with `or`.",
			 "two absent steps cannot follow each other");
	if (!m->steps->len && s.absent)
		load_say(l, DIAG_ERROR, n, "absent", "Begin with a step that is seen.",
			 "the first step cannot be absent");
	if (m->steps->len == SEQUENCE_MAX_STEPS)
		load_say(l, DIAG_ERROR, n, "<step", "Leave out the steps that matter least.",
			 "a sequence has at most %d steps", SEQUENCE_MAX_STEPS);
	g_array_append_val(m->steps, s);
}

static void in_sequence(struct load *l, const struct xml_node *n, struct maker *m)
{
	for (const struct xml_node *c = xml_child(n, "step"); c; c = xml_same(c))
		in_step(l, c, m);
	if (!m->steps->len)
		load_say(l, DIAG_ERROR, n, "<sequence", "Add <step>FILTER</step>.",
			 "this sequence has no step");
	if (++l->p->sequences > RULES_MAX_SEQUENCES)
		load_say(l, DIAG_ERROR, n, "<sequence",
			 "Say it with the fields of a conversation where you can.",
			 "there are more than %d rules with a sequence", RULES_MAX_SEQUENCES);
}

static void in_needs(struct load *l, const struct xml_node *n, struct maker *m)
{
	char *text = xml_text(n);
	char **words = g_strsplit(text, " ", 0);

	for (char **w = words; *w; w++) {
		uint16_t id = **w ? load_field(l, n, *w) : FIELD_NONE;

		if (id != FIELD_NONE)
			g_array_append_val(m->needs, id);
	}
	g_strfreev(words);
	g_free(text);
}

static void add_field(struct load *l, const struct xml_node *n, GArray *to)
{
	const char *name = xml_attr(n, "field");
	uint16_t id = name ? load_field(l, n, name) : FIELD_NONE;

	if (!name)
		load_say(l, DIAG_ERROR, n, n->name, NULL, "<%s> lacks the attribute field",
			 n->name);
	if (id != FIELD_NONE)
		g_array_append_val(to, id);
}

static void in_mark(struct load *l, const struct xml_node *n, struct maker *m)
{
	add_field(l, n, m->marks);
}

static void in_evidence(struct load *l, const struct xml_node *n, struct maker *m)
{
	guint before = m->evidence->len;

	add_field(l, n, m->evidence);
	if (m->evidence->len > before &&
	    field_def(g_array_index(m->evidence, uint16_t, before))->type != FT_FRAMENUM)
		load_say(l, DIAG_ERROR, n, xml_attr(n, "field"),
			 "Use a field whose name ends in _frame.",
			 "evidence needs a field that holds the number of a packet");
}

static void in_title(struct load *l, const struct xml_node *n, struct maker *m)
{
	m->r->title = load_prose(l, n);
}

static void in_headline(struct load *l, const struct xml_node *n, struct maker *m)
{
	m->r->headline = load_prose(l, n);
}

static void in_explain(struct load *l, const struct xml_node *n, struct maker *m)
{
	m->r->explain = load_prose(l, n);
}

static void in_advice(struct load *l, const struct xml_node *n, struct maker *m)
{
	m->r->advice = load_prose(l, n);
}

static void in_lookalike(struct load *l, const struct xml_node *n, struct maker *m)
{
	m->r->lookalike = load_prose(l, n);
}

static void in_fine(struct load *l, const struct xml_node *n, struct maker *m)
{
	m->r->fine = load_prose(l, n);
}

static void in_fine_when(struct load *l, const struct xml_node *n, struct maker *m)
{
	m->r->fine_when = load_filter(l, n);
	m->r->fine_on = (enum record_kind)load_choice(l, n, "on", kinds, G_N_ELEMENTS(kinds),
						      (int)m->r->on);
}

static void in_explains(struct load *l, const struct xml_node *n, struct maker *m)
{
	const char *rule = xml_attr(n, "rule");
	struct rule_link link = {.everywhere = load_yes(l, n, "everywhere")};

	if (!rule) {
		load_say(l, DIAG_ERROR, n, "<explains", NULL,
			 "<explains> lacks the attribute rule");
		return;
	}
	link.rule = arena_copy(&l->p->arena, rule, strlen(rule));
	g_array_append_val(m->explains, link);
}

static void in_see(struct load *l, const struct xml_node *n, struct maker *m)
{
	char *text = xml_text(n);

	m->r->see = arena_copy(&l->p->arena, text, strlen(text));
	g_free(text);
}

/* "14 16" */
static void test_packets(struct load *l, const struct xml_node *n, struct rule_test *t)
{
	const char *packets = xml_attr(n, "packets");
	const char *p = packets ? packets : "";

	while (*p) {
		char *end;
		guint64 v = g_ascii_strtoull(p, &end, 10);

		if (end == p || v == 0 || v > UINT32_MAX || t->npackets == FINDING_MAX_FRAMES) {
			load_say(l, DIAG_ERROR, n, packets, "Write packets=\"14 16\".",
				 "packets= holds 1 to %d packet numbers", FINDING_MAX_FRAMES);
			return;
		}
		t->packets[t->npackets++] = (uint32_t)v;
		p = end + strspn(end, " ,");
	}
}

static void in_test(struct load *l, const struct xml_node *n, struct maker *m)
{
	const char *capture = xml_attr(n, "capture");
	struct rule_test t = {.silent = load_yes(l, n, "silent")};

	if (!capture) {
		load_say(l, DIAG_ERROR, n, "<test", NULL, "<test> lacks the attribute capture");
		return;
	}
	t.capture = arena_copy(&l->p->arena, capture, strlen(capture));
	test_packets(l, n, &t);
	if (t.silent && t.npackets)
		load_say(l, DIAG_ERROR, n, "silent", "Take one of the two out.",
			 "a silent test has no packets");
	g_array_append_val(m->tests, t);
}

static const struct element {
	const char *name;
	void (*load)(struct load *, const struct xml_node *, struct maker *);
	bool many;
} elements[] = {
	{"title", in_title, false},       {"when", in_when, false},
	{"sequence", in_sequence, false}, {"needs", in_needs, false},
	{"mark", in_mark, true},          {"evidence", in_evidence, true},
	{"headline", in_headline, false}, {"explain", in_explain, false},
	{"advice", in_advice, false},     {"lookalike", in_lookalike, false},
	{"fine", in_fine, false},         {"fine-when", in_fine_when, false},
	{"explains", in_explains, true},  {"see", in_see, false},
	{"test", in_test, true},
};

/* For packs whose structure no schema has checked: newer ones, or where the schema is missing. */
static void unknown_element(struct load *l, const struct xml_node *n)
{
	struct nearest near = NEAREST_INIT(n->name);
	char *hint;

	if (l->newer)
		return;
	for (size_t i = 0; i < G_N_ELEMENTS(elements); i++)
		nearest_offer(&near, elements[i].name);
	hint = near.best ? g_strdup_printf("Did you mean <%s>?", near.best) : NULL;
	load_say(l, DIAG_ERROR, n, n->name, hint, "<%s> is not known here", n->name);
	g_free(hint);
}

static void load_child(struct load *l, const struct xml_node *n, struct maker *m, unsigned *seen)
{
	for (size_t i = 0; i < G_N_ELEMENTS(elements); i++) {
		if (strcmp(n->name, elements[i].name) != 0)
			continue;
		if (!elements[i].many && *seen >> i & 1)
			load_say(l, DIAG_ERROR, n, n->name, "Put them together, or take one out.",
				 "this rule has <%s> twice", n->name);
		else
			elements[i].load(l, n, m);
		*seen |= 1u << i;
		return;
	}
	unknown_element(l, n);
}

static void load_attrs(struct load *l, const struct xml_node *n, struct rule *r)
{
	const char *fault = xml_attr(n, "fault"), *rank = xml_attr(n, "rank");

	r->severity = (enum severity)load_choice(l, n, "severity", severities,
						 G_N_ELEMENTS(severities), SEVERITY_NOTE);
	r->on = (enum record_kind)load_choice(l, n, "on", kinds, G_N_ELEMENTS(kinds),
					      RECORD_PACKET);
	r->fault = fault ? arena_copy(&l->p->arena, fault, strlen(fault)) : NULL;
	r->teach = load_yes(l, n, "teach");
	r->fold = load_yes(l, n, "fold");
	r->graph = load_yes(l, n, "graph");
	r->rank = rank ? (int)CLAMP(g_ascii_strtoll(rank, NULL, 10), -9999, 9999) : 0;
}

/* What only the whole rule shows. */
static void check_whole(struct load *l, const struct xml_node *n, struct maker *m)
{
	struct rule *r = m->r;

	if (!r->title.n)
		load_say(l, DIAG_ERROR, n, r->id, "Add <title>a few words</title>.",
			 "the rule %s has no title", r->id);
	if (m->steps->len && xml_child(n, "when"))
		load_say(l, DIAG_ERROR, n, r->id, "Take one of the two out.",
			 "the rule %s has both <when> and <sequence>", r->id);
	if (m->steps->len && r->on != RECORD_CONVERSATION)
		load_say(l, DIAG_ERROR, n, r->id, "Write on=\"conversation\".",
			 "a sequence looks at conversations");
	if (!m->steps->len && !xml_child(n, "when") && !xml_child(n, "sequence"))
		load_say(l, DIAG_ERROR, n, r->id, "Add <when>FILTER</when>.",
			 "the rule %s has no condition", r->id);
	if (r->fine.n && !r->fine_when && !xml_child(n, "fine-when"))
		load_say(l, DIAG_ERROR, n, r->id, "Add <fine-when>FILTER</fine-when>.",
			 "the rule %s has <fine> but nothing says when", r->id);
}

static void add_named(void *context, uint16_t field)
{
	GArray *to = context;

	for (guint i = 0; i < to->len; i++)
		if (g_array_index(to, uint16_t, i) == field)
			return;
	g_array_append_val(to, field);
}

static void finish(struct load *l, struct maker *m)
{
	struct rule *r = m->r;
	GArray *named = g_array_new(FALSE, FALSE, sizeof(uint16_t));

	r->marks = load_array(l, m->marks, &r->nmarks);
	r->evidence = load_array(l, m->evidence, &r->nevidence);
	r->needs = load_array(l, m->needs, &r->nneeds);
	r->explains = load_array(l, m->explains, &r->nexplains);
	r->tests = load_array(l, m->tests, &r->ntests);
	r->steps = load_array(l, m->steps, &r->nsteps);
	if (r->nsteps)
		r->when = r->steps[0].filter;
	if (r->when && !r->nsteps)
		filter_fields(r->when, add_named, named);
	for (size_t i = 0; i < r->nsteps && !l->bad; i++)
		filter_fields(r->steps[i].filter, add_named, named);
	r->named = load_array(l, named, &r->nnamed);
}

/* Will a run without notes pass the rule over? (A rule that needs something may say so.) */
static bool is_for_notes(const struct xml_node *n)
{
	return !xml_attr(n, "fault") && !xml_child(n, "headline") && !xml_child(n, "fine") &&
	       !xml_child(n, "needs");
}

struct rule_slot *load_rule(struct load *l, const struct xml_node *n)
{
	struct rule_slot *slot = arena_zero(&l->p->arena, sizeof(*slot));
	const char *id = xml_attr(n, "id");
	unsigned seen = 0;
	struct maker m = {
		.r = &slot->rule,
		.marks = g_array_new(FALSE, FALSE, sizeof(uint16_t)),
		.evidence = g_array_new(FALSE, FALSE, sizeof(uint16_t)),
		.needs = g_array_new(FALSE, FALSE, sizeof(uint16_t)),
		.explains = g_array_new(FALSE, FALSE, sizeof(struct rule_link)),
		.tests = g_array_new(FALSE, FALSE, sizeof(struct rule_test)),
		.steps = g_array_new(FALSE, FALSE, sizeof(struct rule_step)),
	};

	l->bad = false;
	field_ask_for_notes(is_for_notes(n));
	if (!id)
		load_say(l, DIAG_ERROR, n, "<rule", "Add id=\"NAME\".", "this rule has no id");
	slot->rule.id = id ? arena_copy(&l->p->arena, id, strlen(id)) : "?";
	slot->rule.pack = l->pack;
	slot->rule.file = l->file;
	slot->rule.line = n->line;
	load_attrs(l, n, &slot->rule);
	for (const struct xml_node *c = n->child; c; c = c->next)
		if (c->name)
			load_child(l, c, &m, &seen);
	check_whole(l, n, &m);
	finish(l, &m);
	field_ask_for_notes(false);
	return l->bad ? NULL : slot;
}
