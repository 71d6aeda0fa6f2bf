/* SPDX-License-Identifier: GPL-3.0-or-later */
/* choice: which packets are shown, and why the others are not. */
#include "tracetutor/choice.h"

#include "report_private.h"

/* Why packets are folded, when no rule knows better. */
static const struct span aside_title = {SPAN_TEXT, "not needed to see what is the matter", NULL, 0};
static const struct rule aside = {.id = "aside", .title = {&aside_title, 1}};

/* The first proof from that packet on; the number of proofs: there is none. */
static guint proof_from(const struct choice *c, uint32_t number)
{
	guint low = 0, high = c->proof->len;

	while (low < high) {
		guint middle = (low + high) / 2;

		if (g_array_index(c->proof, uint32_t, middle) < number)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static bool is_proof(const struct choice *c, uint32_t number)
{
	guint at = proof_from(c, number);

	return at < c->proof->len && g_array_index(c->proof, uint32_t, at) == number;
}

static void learn_proof(struct choice *c, const struct finding *f)
{
	for (unsigned i = 0; i < f->nframes; i++)
		if (!is_proof(c, f->frames[i]))
			g_array_insert_val(c->proof, proof_from(c, f->frames[i]), f->frames[i]);
}

/* Where the verdict's conversation lies, or the begin of the trace. */
static void learn_range(struct choice *c)
{
	const struct finding *v = c->verdict;

	c->first = 1;
	c->last = v ? UINT32_MAX : CHOICE_QUIET;
	c->most = v ? v->conv ? CHOICE_CONV : 0 : CHOICE_QUIET;
	if (v && v->conv_first) {
		c->first = v->conv_first;
		c->last = v->conv_last;
	}
}

void choice_init(struct choice *c, const struct engine *e, uint64_t packets)
{
	size_t n;
	const struct finding *f = engine_findings(e, &n);

	*c = (struct choice){.verdict = engine_verdict(e),
			     .proof = g_array_new(FALSE, FALSE, sizeof(uint32_t)),
			     .few = packets <= CHOICE_WHOLE};
	for (size_t i = 0; i < n && c->proof->len < CHOICE_PROOF; i++)
		learn_proof(c, &f[i]);
	learn_range(c);
}

void choice_release(struct choice *c)
{
	g_array_free(c->proof, TRUE);
}

/* Is it of the verdict's conversation? */
static bool is_talk(const struct choice *c, const struct record *r)
{
	return r->conv && finding_in(c->verdict, r->conv->index, r->conv->ip_proto);
}

bool choice_about(const struct choice *c, const struct record *r)
{
	return c->few || !c->verdict || is_talk(c, r) || is_proof(c, r->number);
}

bool choice_takes(struct choice *c, const struct record *r)
{
	bool early = r->number >= c->first && r->number <= c->last &&
		     (!c->verdict || is_talk(c, r)) && c->met < c->most;

	c->met += early;
	return early || is_proof(c, r->number);
}

bool choice_next(const struct choice *c, uint32_t number, uint32_t *first, uint32_t *last)
{
	guint at = proof_from(c, number + 1);
	bool proof = at < c->proof->len, range = c->met < c->most && c->last > number;

	if (range && (!proof || c->first <= g_array_index(c->proof, uint32_t, at))) {
		*first = MAX(c->first, number + 1);
		*last = c->last;
	} else if (proof) {
		*first = *last = g_array_index(c->proof, uint32_t, at);
	}
	return range || proof;
}

void choice_packet(struct choice *c, struct report *rep, const struct record *r,
		   struct engine *engine)
{
	const struct rule *reason = &aside;
	bool taken = choice_takes(c, r);
	const struct note *notes = NULL;
	size_t n = 0;

	if (taken) {
		rep->show_folded = is_proof(c, r->number);
		report_judged(rep, r, engine);
		return;
	}
	if (c->few)
		notes = engine_notes(engine, &n);
	for (size_t i = 0; i < n && reason == &aside; i++)
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
