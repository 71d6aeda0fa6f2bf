/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The verdict: what is the matter in one headline with the packets that prove it, then what else
 * was seen, what looks fine, and what could not be judged. "Not seen" and "could not have been
 * seen" are never mixed.
 */
#include "config.h"

#include "out.h"
#include "report_private.h"

#define TIES_MAX   5  /* verdicts shown beside the first */
#define OTHERS_MAX 20 /* further findings shown */

static void proof(struct report *rep, const struct finding *f)
{
	if (!f->nframes)
		return;
	sink_begin(rep->sink, NODE_PROSE, NULL);
	sink_str(rep->sink, STYLE_PLAIN, "Proved by ");
	say_packets(rep->sink, f);
	if (f->times > 1) {
		sink_str(rep->sink, STYLE_PLAIN, " (seen ");
		say_number(rep->sink, STYLE_PLAIN, f->times);
		sink_str(rep->sink, STYLE_PLAIN, " times)");
	}
	sink_str(rep->sink, STYLE_PLAIN, ".");
	sink_end(rep->sink, NODE_PROSE);
}

static void finding_begin(struct report *rep, const struct finding *f)
{
	struct buf headline = BUF_INIT;
	struct node_attr attr = {.severity = (int)f->rule->severity};

	finding_headline(rep, f, &headline);
	attr.title = buf_text(&headline);
	sink_begin(rep->sink, NODE_FINDING, &attr);
	buf_release(&headline);
}

/* Headline, packets, explanation, advice. */
static void finding_body(struct report *rep, const struct finding *f)
{
	proof(rep, f);
	if (f->explain)
		report_say(rep, STYLE_PLAIN, f->explain);
	if (f->advice && *f->advice)
		say_labelled(rep, "What to do:", f->advice);
}

void report_finding(struct report *rep, const struct finding *f)
{
	struct buf text = BUF_INIT;

	finding_begin(rep, f);
	finding_body(rep, f);
	if (f->rule->lookalike.n) {
		spans_text(rep, &f->rule->lookalike, NULL, &text);
		say_labelled(rep, "Not to be confused with:", buf_text(&text));
	}
	if (f->rule->see)
		say_labelled(rep, "Read more:", f->rule->see);
	sink_end(rep->sink, NODE_FINDING);
	buf_release(&text);
}

/* The findings that could be the verdict as well: in other conversations, as grave and as sure. */
static size_t ties(const struct finding *v, const struct finding *end)
{
	size_t n = 0;

	while (v + n + 1 < end && v[n + 1].rule->fault && !v[n + 1].explained_by &&
	       v[n + 1].rule->rank == v->rule->rank && v[n + 1].rule->severity == v->rule->severity)
		n++;
	return n;
}

/* The same fault in other conversations, in one sentence. */
static void say_ties(struct report *rep, const struct finding *v, size_t n)
{
	for (size_t i = 1; i <= MIN(n, TIES_MAX); i++) {
		finding_begin(rep, &v[i]);
		proof(rep, &v[i]);
		if (v[i].rule != v->rule && v[i].advice)
			say_labelled(rep, "What to do:", v[i].advice);
		sink_end(rep->sink, NODE_FINDING);
	}
	if (n > TIES_MAX) {
		sink_begin(rep->sink, NODE_PROSE, NULL);
		sink_str(rep->sink, STYLE_PLAIN, "... and ");
		say_number(rep->sink, STYLE_PLAIN, n - TIES_MAX);
		sink_str(rep->sink, STYLE_PLAIN, " more like these.");
		sink_end(rep->sink, NODE_PROSE);
	}
}

static void section(struct report *rep, const char *title)
{
	struct node_attr attr = {.title = title};

	sink_begin(rep->sink, NODE_SECTION, &attr);
}

static void verdict_section(struct report *rep, const struct finding *v, size_t nties, bool unknown)
{
	section(rep, "Verdict");
	if (v) {
		finding_begin(rep, v);
		finding_body(rep, v);
		sink_end(rep->sink, NODE_FINDING);
		say_ties(rep, v, nties);
	} else {
		sink_begin(rep->sink, NODE_PROSE, NULL);
		sink_str(rep->sink, STYLE_GOOD, "Nothing wrong was seen in this trace.");
		sink_str(rep->sink, STYLE_PLAIN,
			 " If the trouble did happen while it was recorded, it lies where this "
			 "trace could not look.");
		if (unknown)
			sink_str(rep->sink, STYLE_PLAIN, " What it could not show stands below.");
		sink_end(rep->sink, NODE_PROSE);
	}
	sink_end(rep->sink, NODE_SECTION);
}

static void other_item(struct report *rep, const struct finding *f)
{
	struct buf text = BUF_INIT;

	buf_str(&text, "- ");
	buf_str(&text, sink_severity((int)f->rule->severity));
	finding_headline(rep, f, &text);
	if (text.s[text.len - 1] == '.')
		text.len--;
	sink_begin(rep->sink, NODE_PROSE, NULL);
	sink_text(rep->sink, STYLE_PLAIN, text.s, text.len);
	if (f->nframes) {
		sink_str(rep->sink, STYLE_PLAIN, " (");
		say_packets(rep->sink, f);
		sink_str(rep->sink, STYLE_PLAIN, ")");
	}
	sink_str(rep->sink, STYLE_PLAIN, ".");
	if (f->explained_by) {
		sink_str(rep->sink, STYLE_PLAIN, " This follows from: ");
		say_spans(rep, &f->explained_by->title, NULL);
		sink_str(rep->sink, STYLE_PLAIN, ".");
	}
	sink_end(rep->sink, NODE_PROSE);
	buf_release(&text);
}

/* Whatever was found beside the verdict and its ties. */
static void others_section(struct report *rep, const struct finding *f, size_t n,
			   const struct finding *v, size_t nties)
{
	size_t others = v ? n - 1 - nties : n, shown = 0;

	if (!others)
		return;
	section(rep, "Also seen");
	for (size_t i = 0; i < n && shown < OTHERS_MAX; i++) {
		if (v && &f[i] >= v && &f[i] <= v + nties)
			continue;
		other_item(rep, &f[i]);
		shown++;
	}
	if (others > shown) {
		sink_begin(rep->sink, NODE_PROSE, NULL);
		sink_str(rep->sink, STYLE_PLAIN, "- ... and ");
		say_number(rep->sink, STYLE_PLAIN, others - shown);
		sink_str(rep->sink, STYLE_PLAIN, " more.");
		sink_end(rep->sink, NODE_PROSE);
	}
	sink_end(rep->sink, NODE_SECTION);
}

static void fine_section(struct report *rep, const struct judged *j, size_t n)
{
	if (!n)
		return;
	section(rep, "Looks fine");
	for (size_t i = 0; i < n; i++) {
		sink_begin(rep->sink, NODE_PROSE, NULL);
		sink_str(rep->sink, STYLE_PLAIN, "- ");
		say_spans(rep, j[i].rule->fine.n ? &j[i].rule->fine : &j[i].rule->title, NULL);
		sink_end(rep->sink, NODE_PROSE);
	}
	sink_end(rep->sink, NODE_SECTION);
}

/* Is it missing for the first time in the list? Each is said once. */
static bool first_mention(const struct judged *j, size_t at)
{
	for (size_t i = 0; i < at; i++)
		if (j[i].missing == j[at].missing)
			return false;
	return true;
}

/* What nearly every trace of a fault is about; of the rest the number is enough. */
static const enum proto_id usual[] = {PROTO_dns,  PROTO_dhcp, PROTO_arp,  PROTO_tcp,  PROTO_tls,
				      PROTO_http, PROTO_pop,  PROTO_imap, PROTO_smtp, PROTO_ftp};

static bool is_usual(enum proto_id proto)
{
	for (size_t i = 0; i < G_N_ELEMENTS(usual); i++)
		if (usual[i] == proto)
			return true;
	return false;
}

/* All protocols that were not seen, in one item: "FTP, IMAP, SMTP and 7 others". */
static void unseen_protocols(struct report *rep, const struct judged *j, size_t n)
{
	struct buf names = BUF_INIT;
	unsigned others = 0;

	for (size_t i = 0; i < n; i++) {
		if (FIELD_ROW(j[i].missing) || !first_mention(j, i))
			continue;
		if (!is_usual(FIELD_PROTO(j[i].missing))) {
			others++;
			continue;
		}
		buf_str(&names, names.len ? ", " : "");
		buf_str(&names, proto_table[FIELD_PROTO(j[i].missing)]->prefix);
	}
	if (others && names.len)
		buf_printf(&names, " and %u other%s", others, others == 1 ? "" : "s");
	if (names.len) {
		sink_begin(rep->sink, NODE_PROSE, NULL);
		sink_str(rep->sink, STYLE_PLAIN,
			 "- Nothing can be said of these, because the trace holds no packet of "
			 "them: ");
		sink_text(rep->sink, STYLE_PLAIN, names.s, names.len);
		sink_str(rep->sink, STYLE_PLAIN, ".");
		sink_end(rep->sink, NODE_PROSE);
	}
	buf_release(&names);
}

static void unknown_section(struct report *rep, const struct judged *j, size_t n)
{
	if (!n)
		return;
	section(rep, "Could not be judged from here");
	unseen_protocols(rep, j, n);
	for (size_t i = 0; i < n; i++) {
		if (!FIELD_ROW(j[i].missing))
			continue;
		sink_begin(rep->sink, NODE_PROSE, NULL);
		sink_str(rep->sink, STYLE_PLAIN, "- ");
		say_spans(rep, &j[i].rule->title, NULL);
		sink_str(rep->sink, STYLE_PLAIN, "? The trace does not tell: ");
		sink_str(rep->sink, STYLE_PLAIN, j[i].reason);
		sink_str(rep->sink, STYLE_PLAIN, ".");
		sink_end(rep->sink, NODE_PROSE);
	}
	sink_end(rep->sink, NODE_SECTION);
}

void report_verdict(struct report *rep, const struct engine *e)
{
	size_t n, nfine, nunknown;
	const struct finding *f = engine_findings(e, &n), *v = engine_verdict(e);
	const struct judged *fine = engine_fine(e, &nfine), *unknown = engine_unknown(e, &nunknown);
	size_t nties = v ? ties(v, f + n) : 0;

	rep->engine = e;
	verdict_section(rep, v, nties, nunknown > 0);
	others_section(rep, f, n, v, nties);
	fine_section(rep, fine, nfine);
	unknown_section(rep, unknown, nunknown);
}
