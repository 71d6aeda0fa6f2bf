/* SPDX-License-Identifier: GPL-3.0-or-later */
/* choice: which packets are shown, and why the others are not. */
#include "tracetutor/choice.h"

#include "report_private.h"

/* Why packets are folded, when no rule knows better. */
static const struct span aside_title = {SPAN_TEXT, "not needed to see what is the matter", NULL, 0};
static const struct rule aside = {.id = "aside", .title = {&aside_title, 1}};

static void learn_proof(struct choice *c, const struct finding *f)
{
	for (unsigned i = 0; i < f->nframes; i++)
		g_hash_table_add(c->proof, GUINT_TO_POINTER(f->frames[i]));
	if (!f->nframes)
		return;
	c->first_proof = MIN(c->first_proof, f->frames[0]);
	c->last_proof = MAX(c->last_proof, f->frames[f->nframes - 1]);
}

void choice_init(struct choice *c, const struct engine *e, uint64_t packets)
{
	size_t n;
	const struct finding *f = engine_findings(e, &n);

	*c = (struct choice){.verdict = engine_verdict(e),
			     .proof = g_hash_table_new(NULL, NULL),
			     .first_proof = UINT32_MAX,
			     .few = packets <= CHOICE_WHOLE};
	for (size_t i = 0; i < n && g_hash_table_size(c->proof) < CHOICE_PROOF; i++)
		learn_proof(c, &f[i]);
}

void choice_release(struct choice *c)
{
	g_hash_table_destroy(c->proof);
}

static bool is_proof(const struct choice *c, uint32_t number)
{
	return g_hash_table_contains(c->proof, GUINT_TO_POINTER(number));
}

/* Is it of the verdict's conversation? */
static bool is_talk(const struct choice *c, const struct record *r)
{
	return c->verdict->conv && r->conv && r->conv->index + 1 == c->verdict->conv &&
	       r->conv->ip_proto == c->verdict->ip_proto;
}

bool choice_takes(struct choice *c, const struct record *r)
{
	bool early =
		c->verdict ? is_talk(c, r) && c->met++ < CHOICE_CONV : r->number <= CHOICE_QUIET;

	return early || is_proof(c, r->number);
}

bool choice_done(const struct choice *c, uint32_t number)
{
	bool met = c->verdict ? !c->verdict->conv || c->met >= CHOICE_CONV : number >= CHOICE_QUIET;

	return met && number >= c->last_proof;
}

void choice_range(const struct choice *c, uint32_t *first, uint32_t *last)
{
	const struct finding *v = c->verdict;

	*first = 1;
	*last = UINT32_MAX;
	if (v && v->conv && v->conv_first) {
		*first = MIN(v->conv_first, c->first_proof);
		*last = MAX(v->conv_last, c->last_proof);
	} else if (v && !v->conv) {
		*first = c->first_proof;
		*last = c->last_proof;
	}
}

void choice_packet(struct choice *c, struct report *rep, const struct record *r,
		   const struct note *notes, size_t n)
{
	const struct rule *reason = &aside;

	if (choice_takes(c, r)) {
		rep->show_folded = is_proof(c, r->number);
		report_packet(rep, r, notes, n);
		return;
	}
	for (size_t i = 0; c->few && i < n && reason == &aside; i++)
		if (notes[i].rule->fold)
			reason = notes[i].rule;
	report_fold(rep, r->number, r->number, reason);
	report_skip(rep, r);
}

void choice_leave_out(struct report *rep, uint32_t first, uint32_t last)
{
	if (first <= last)
		report_fold(rep, first, last, &aside);
}
