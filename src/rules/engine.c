// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * engine: records in, notes and findings out.
 *
 * Every id of the index is one of three things: rule i (ids 0..n-1), the "looks fine" condition of
 * rule i (n..2n-1), or field i of those that some rule needs to be visible (2n..).
 */
#include <string.h>

#include "private.h"

#define HOME_MAX 8 /* addresses known to ask */

struct watch {
	const struct rule *rule;
	size_t sequence; /* its number, if it has steps */
	bool off, fired, fine;
};

struct engine {
	const struct packs *packs;
	struct watch *rules;
	size_t n;
	struct rule_index *index;   /* NULL: no record yet */
	const struct engine *first; /* this is a second run after it; NULL: it is not */
	uint32_t *hits;
	GArray *needs; /* uint16_t: fields that some rule needs */
	bool *visible; /* by index into needs */
	struct names *names;
	struct sequences *sequences; /* NULL: no rule has one */
	struct findings findings;
	GArray *fine, *unknown;        /* struct judged */
	GPtrArray *reasons;            /* texts of unknown */
	struct notes notes;            /* of the packet at work */
	const struct record *unjudged; /* the packet whose notes nobody has asked for yet */
	bool steps;                    /* a rule of the index is a sequence: it goes on unasked */
	int64_t time;                  /* of it */
	uint8_t home[HOME_MAX][16];
	size_t nhome;
};

/* --- setting up --- */

static bool makes_finding(const struct rule *r)
{
	return r->headline.n || r->fault;
}

static uint32_t need_id(struct engine *e, uint16_t field)
{
	guint i = 0;

	while (i < e->needs->len && g_array_index(e->needs, uint16_t, i) != field)
		i++;
	if (i == e->needs->len)
		g_array_append_val(e->needs, field);
	return i;
}

/* Is the rule of no use for a first run? */
static bool only_notes(const struct rule *r)
{
	return !makes_finding(r) && !r->fine.n;
}

static bool is_of_use(const struct engine *e, uint32_t i)
{
	if (e->first) /* what did not fire then does not now */
		return only_notes(e->rules[i].rule) || e->first->rules[i].fired;
	return !e->notes.off || !only_notes(e->rules[i].rule);
}

static void index_rule(struct engine *e, uint32_t i)
{
	const struct rule *r = e->rules[i].rule;

	if (!is_of_use(e, i))
		return;
	e->steps = e->steps || r->nsteps;
	if (r->nsteps) /* its other steps are looked for once it has begun */
		rule_index_add(e->index, RECORD_PACKET, r->steps[0].filter, i);
	else
		rule_index_add(e->index, r->on, r->when, i);
	if (r->fine_when && !e->first)
		rule_index_add(e->index, r->fine_on, r->fine_when, (uint32_t)e->n + i);
}

static void build_index(struct engine *e)
{
	e->index = rule_index_new(2 * e->n + e->needs->len);
	for (size_t i = 0; i < e->n; i++)
		index_rule(e, (uint32_t)i);
	for (guint i = 0; i < e->needs->len && !e->first; i++)
		rule_index_add_field(e->index, g_array_index(e->needs, uint16_t, i),
				     (uint32_t)(2 * e->n + i));
	rule_index_done(e->index);
}

static struct finding *make_all(void *context, const struct rule *rule, const struct record *r);
static void sequence_done(void *context, struct finding *made);

struct engine *engine_new(const struct packs *p)
{
	struct engine *e = g_new0(struct engine, 1);
	size_t sequences = 0;

	e->packs = p;
	e->n = packs_rule_count(p);
	e->rules = g_new0(struct watch, e->n + 1);
	e->needs = g_array_new(FALSE, FALSE, sizeof(uint16_t));
	for (size_t i = 0; i < e->n; i++) {
		e->rules[i].rule = packs_rule(p, i);
		if (e->rules[i].rule->nsteps)
			e->rules[i].sequence = sequences++;
		for (size_t k = 0; k < e->rules[i].rule->nneeds; k++)
			need_id(e, e->rules[i].rule->needs[k]);
	}
	e->hits = g_new(uint32_t, 2 * e->n + e->needs->len + 1);
	e->visible = g_new0(bool, e->needs->len + 1);
	e->names = names_new();
	if (sequences)
		e->sequences = sequences_new(sequences,
					     (struct sequence_owner){e, make_all, sequence_done});
	findings_init(&e->findings);
	e->fine = g_array_new(FALSE, TRUE, sizeof(struct judged));
	e->unknown = g_array_new(FALSE, TRUE, sizeof(struct judged));
	e->reasons = g_ptr_array_new_with_free_func(g_free);
	return e;
}

void engine_free(struct engine *e)
{
	if (!e)
		return;
	if (e->sequences)
		sequences_free(e->sequences);
	findings_release(&e->findings);
	names_free(e->names);
	if (e->index)
		rule_index_free(e->index);
	g_array_free(e->fine, TRUE);
	g_array_free(e->unknown, TRUE);
	g_array_free(e->needs, TRUE);
	g_ptr_array_free(e->reasons, TRUE);
	notes_release(&e->notes);
	g_free(e->hits);
	g_free(e->visible);
	g_free(e->rules);
	g_free(e);
}

void engine_without_notes(struct engine *e)
{
	e->notes.off = true;
}

void engine_second_run(struct engine *e, const struct engine *first)
{
	e->first = first;
	notes_prove(&e->notes, first->findings.all);
}

/* --- findings --- */

static char *text_of(struct engine *e, const struct prose *p, const struct record *r)
{
	struct buf b = BUF_INIT;

	if (!p->n)
		return NULL;
	engine_prose(e, p, r, &b);
	return buf_steal(&b);
}

static struct finding *make_headline(struct engine *e, const struct rule *rule,
				     const struct record *r)
{
	struct finding *f = g_new0(struct finding, 1);

	f->rule = rule;
	f->times = 1;
	f->headline = text_of(e, rule->headline.n ? &rule->headline : &rule->title, r);
	return f;
}

static void make_rest(struct engine *e, struct finding *f, const struct record *r)
{
	f->explain = text_of(e, &f->rule->explain, r);
	f->advice = text_of(e, &f->rule->advice, r);
}

static struct finding *make_all(void *context, const struct rule *rule, const struct record *r)
{
	struct finding *f = make_headline(context, rule, r);

	make_rest(context, f, r);
	f->time = r->time;
	f->conv = r->conv->index + 1;
	f->ip_proto = r->conv->ip_proto;
	return f;
}

static struct watch *watch_of(struct engine *e, const struct rule *rule)
{
	size_t i = 0;

	while (e->rules[i].rule != rule)
		i++;
	return &e->rules[i];
}

static void sequence_done(void *context, struct finding *made)
{
	struct engine *e = context;
	const struct rule *rule = made->rule;

	watch_of(e, rule)->fired = true;
	if (made->nframes)
		notes_later(&e->notes, rule, made->frames[made->nframes - 1]);
	if (!makes_finding(rule) || findings_count(&e->findings, made))
		finding_free(made);
	else
		findings_add(&e->findings, made);
}

static void found(struct engine *e, const struct rule *rule, const struct record *r)
{
	struct finding *f = findings_known(&e->findings, rule, r);

	if (f) {
		f->times++;
		if (r->kind == RECORD_PACKET)
			finding_frame(f, r->number);
		return;
	}
	f = make_headline(e, rule, r);
	finding_place(f, r);
	if (findings_count(&e->findings, f)) {
		finding_free(f);
		return;
	}
	make_rest(e, f, r);
	findings_add(&e->findings, f);
}

/* --- records --- */

static void try_rule(struct engine *e, struct watch *w, const struct record *r)
{
	const struct rule *rule = w->rule;

	if (w->off)
		return;
	if (rule->nsteps) {
		if (r->conv && !sequence_too_slow(rule))
			sequences_begin(e->sequences, w->sequence, rule, r);
		return;
	}
	if (!filter_match(rule->when, r)) {
		w->off = filter_exhausted(rule->when);
		return;
	}
	w->fired = true;
	if (r->kind == RECORD_PACKET)
		notes_add(&e->notes, rule);
	else
		notes_later(&e->notes, rule, r->number);
	if (makes_finding(rule))
		found(e, rule, r);
}

static void try_id(struct engine *e, uint32_t id, const struct record *r)
{
	struct watch *w;

	if (id < e->n) {
		try_rule(e, &e->rules[id], r);
	} else if (id < 2 * e->n) {
		w = &e->rules[id - e->n];
		w->fine = filter_match(w->rule->fine_when, r);
		if (w->fine)
			rule_index_remove(e->index, id);
	} else {
		e->visible[id - 2 * e->n] = true;
		rule_index_remove(e->index, id);
	}
}

void engine_taught(struct engine *e, const struct rule *rule)
{
	struct watch *w = watch_of(e, rule);

	if (rule->nsteps || rule->fine.n || rule->fold || rule->severity >= SEVERITY_WARN ||
	    makes_finding(rule))
		return;
	w->off = true;
	rule_index_remove(e->index, (uint32_t)(w - e->rules));
}

static bool is_home(const struct engine *e, const uint8_t addr[16])
{
	for (size_t i = 0; i < e->nhome; i++)
		if (memcmp(e->home[i], addr, 16) == 0)
			return true;
	return false;
}

/* Who asks in conversations is the computer at which the person sits. */
static void learn_home(struct engine *e, const struct conv *c)
{
	const struct endpoint *client = c->a_is_client ? &c->a : &c->b;

	if (e->nhome < HOME_MAX && !is_home(e, client->addr))
		memcpy(e->home[e->nhome++], client->addr, 16);
}

static void begin_packet(struct engine *e, const struct record *r)
{
	notes_begin(&e->notes, r);
	e->time = r->time;
	if (r->conv)
		learn_home(e, r->conv);
	if (r->conv && r->conv->over)
		findings_conv_late(&e->findings, r);
	if (record_has_proto(r, PROTO_dns))
		names_learn(e->names, r);
	if (e->sequences)
		sequences_clock(e->sequences, r->time);
}

static void judge(struct engine *e, const struct record *r)
{
	size_t n = rule_index_find(e->index, r, e->hits);

	for (size_t i = 0; i < n; i++)
		try_id(e, e->hits[i], r);
	if (r->kind != RECORD_PACKET)
		return;
	if (e->sequences && r->conv)
		sequences_go_on(e->sequences, r);
	notes_end(&e->notes);
}

const struct note *engine_notes(struct engine *e, size_t *n)
{
	*n = 0;
	if (!e)
		return NULL;
	if (e->unjudged)
		judge(e, e->unjudged);
	e->unjudged = NULL;
	*n = e->notes.n;
	return e->notes.v;
}

void engine_record(struct engine *e, const struct record *r)
{
	bool packet = r->kind == RECORD_PACKET;

	if (!e->index)
		build_index(e);
	if (packet)
		begin_packet(e, r);
	e->unjudged = packet && e->first && !e->steps ? r : NULL;
	if (!e->unjudged)
		judge(e, r);
	if (r->kind == RECORD_CONVERSATION && r->conv)
		findings_conv_over(&e->findings, r);
}

const char *engine_name(const struct engine *e, const uint8_t addr[16])
{
	return names_find(e->names, addr);
}

void engine_who(const struct engine *e, const struct record *r, uint16_t field, struct buf *out)
{
	const struct field *f = prose_field(r, field);
	uint8_t addr[16];

	if (!f)
		buf_str(out, "(not seen)");
	else
		who_text(e ? e->names : NULL, e && field_address(f, addr) && is_home(e, addr), r, f,
			 out);
}

/* --- the end --- */

/* What the rule needs and was never visible; FIELD_NONE: nothing. */
static uint16_t missing(const struct engine *e, const struct rule *r)
{
	for (size_t i = 0; i < r->nneeds; i++)
		for (guint k = 0; k < e->needs->len; k++)
			if (g_array_index(e->needs, uint16_t, k) == r->needs[i] && !e->visible[k])
				return r->needs[i];
	return FIELD_NONE;
}

static void judge_unknown(struct engine *e, const struct rule *r, uint16_t field)
{
	const struct proto_def *proto = proto_table[FIELD_PROTO(field)];
	char *reason = FIELD_ROW(field) == 0
			       ? g_strdup_printf("no %s packets were seen", proto->label)
			       : g_strdup_printf("%s (%s) was not seen", field_def(field)->label,
						 field_def(field)->name);
	struct judged j = {.rule = r, .reason = reason, .missing = field};

	g_ptr_array_add(e->reasons, reason);
	g_array_append_val(e->unknown, j);
}

/* Rules that share a "looks fine" sentence share its fate. */
static void judge_fine(struct engine *e)
{
	GHashTable *said = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

	for (int round = 0; round < 2; round++) /* first those that fired, then the fine ones */
		for (size_t i = 0; i < e->n; i++) {
			const struct watch *w = &e->rules[i];
			struct judged j = {.rule = w->rule};
			char *text;

			if (!w->rule->fine.n || (round == 0 ? !w->fired : w->fired || !w->fine))
				continue;
			text = text_of(e, &w->rule->fine, NULL);
			if (g_hash_table_add(said, text) && round == 1)
				g_array_append_val(e->fine, j);
		}
	g_hash_table_destroy(said);
}

void engine_end(struct engine *e)
{
	e->unjudged = NULL;
	notes_forget(&e->notes);
	if (e->sequences)
		sequences_end(e->sequences, e->time);
	findings_sort(&e->findings, e->packs);
	judge_fine(e);
	for (size_t i = 0; i < e->n; i++) {
		const struct watch *w = &e->rules[i];
		uint16_t field = missing(e, w->rule);

		if (!w->fired && fault_is_verdict(w->rule) && field != FIELD_NONE)
			judge_unknown(e, w->rule, field);
	}
}

const struct finding *engine_findings(const struct engine *e, size_t *n)
{
	*n = e->findings.all->len;
	return (const struct finding *)(const void *)e->findings.all->data;
}

const struct finding *engine_verdict(const struct engine *e)
{
	size_t n;
	const struct finding *f = engine_findings(e, &n);

	return n && !f->explained_by && fault_is_verdict(f->rule) ? f : NULL;
}

const struct judged *engine_fine(const struct engine *e, size_t *n)
{
	*n = e->fine->len;
	return (const struct judged *)(const void *)e->fine->data;
}

const struct judged *engine_unknown(const struct engine *e, size_t *n)
{
	*n = e->unknown->len;
	return (const struct judged *)(const void *)e->unknown->data;
}

void engine_complaints(const struct engine *e, struct diag *d)
{
	for (size_t i = 0; i < e->n; i++) {
		const struct rule *r = e->rules[i].rule;
		struct place where = {.file = r->file, .line = r->line};

		/* The filter knows of all runs over the capture, also those for notes alone. */
		if (e->rules[i].off || filter_exhausted(r->when) || sequence_too_slow(r))
			diag_add(d, DIAG_WARNING, &where,
				 "Make its pattern simpler: no repeat inside a repeat.",
				 "the rule %s was switched off: its pattern takes too long", r->id);
	}
	if (e->findings.dropped)
		diag_add(d, DIAG_WARNING, NULL, NULL,
			 "%d findings are listed; %" G_GUINT64_FORMAT " more were only counted",
			 RULES_MAX_FINDINGS, e->findings.dropped);
}
