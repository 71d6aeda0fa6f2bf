/* SPDX-License-Identifier: GPL-3.0-or-later */
/* quality: is the recording good for finding the fault? */
#include "tracetutor/quality.h"

#include <glib.h>

#include "src/session/stage_words.h"
#include "tracetutor/capture.h"

#define EARLY (5 * SECOND) /* few programs give up sooner */

/* One judgement in the making. */
struct judge {
	const struct quality_input *in;
	struct quality *out;
	const struct stages_talk *talk;
	bool given; /* the person named a server */
	bool met;   /* and something of it is in the recording */
};

/* The sentences are taken over. NULL: there are too many problems. */
static struct quality_problem *add(struct judge *j, enum quality_kind kind, bool again, char *seen,
				   char *todo)
{
	struct quality *q = j->out;

	if (q->n == QUALITY_MAX_PROBLEMS) {
		g_free(seen);
		g_free(todo);
		return NULL;
	}
	q->problems[q->n++] =
		(struct quality_problem){.kind = kind, .again = again, .seen = seen, .todo = todo};
	return &q->problems[q->n - 1];
}

static bool has(const struct judge *j, enum quality_kind kind)
{
	for (size_t i = 0; i < j->out->n; i++)
		if (j->out->problems[i].kind == kind)
			return true;
	return false;
}

static char *cleaned(const char *text)
{
	struct buf out = BUF_INIT;

	buf_clean(&out, text, strlen(text));
	return buf_steal(&out);
}

/* A sentence with one quotation, which is cleaned. */
static char *say(const char *before, const char *quoted, const char *after)
{
	char *text = cleaned(quoted), *all = g_strconcat(before, text, after, NULL);

	g_free(text);
	return all;
}

/* --- the fault --- */

static bool of_recording(const struct finding *f)
{
	return !strcmp(f->rule->pack, "capture") || !strcmp(f->rule->pack, "machine");
}

/* Not a fault of some other conversation, when the one that matters is there. */
static bool concerns(const struct judge *j, const struct finding *f)
{
	if (!j->given || !j->met || !f->conv || f->ip_proto != 6)
		return true;
	return stages_own(j->in->stages, f->conv - 1);
}

static enum quality_fault judge_fault(const struct judge *j)
{
	enum quality_fault fault = FAULT_ABSENT;
	size_t n = 0;
	const struct finding *f = engine_findings(j->in->engine, &n);

	for (size_t i = 0; i < n; i++) {
		if (!f[i].rule->fault || f[i].explained_by || of_recording(&f[i]) ||
		    f[i].rule->severity < SEVERITY_WARN)
			continue;
		if (f[i].rule->severity == SEVERITY_ERROR && concerns(j, &f[i]))
			return FAULT_SHOWN;
		fault = FAULT_LIKELY;
	}
	for (unsigned i = 0; i < STAGE_COUNT; i++) {
		const struct step *s = result_step(j->in->stages, i);

		if (s && step_failed(s))
			fault = FAULT_LIKELY;
	}
	return fault;
}

/* --- what rules say --- */

static const struct told {
	const char *rule;
	enum quality_kind kind;
	bool again;
} told[] = {
	{"capture-empty", QUALITY_EMPTY, true},
	{"note-recorded-on-loopback", QUALITY_INTERFACE, true},
	{"capture-one-sided", QUALITY_ONE_SIDED, true},
	{"note-capture-missed", QUALITY_DROPPED, false},
	{"capture-cut", QUALITY_CUT, true},
	{"capture-unreadable", QUALITY_INTERFACE, true},
	{"note-recorded-twice", QUALITY_TWICE, false},
};

/* A rule of conversations finds the same in several; once is enough here. */
static bool said(const struct judge *j, const struct rule *rule)
{
	for (size_t i = 0; i < j->out->n; i++)
		if (j->out->problems[i].finding && j->out->problems[i].finding->rule == rule)
			return true;
	return false;
}

/* Recorded where the server is reached. */
static bool is_on_the_way(const struct judge *j)
{
	const struct machine *m = j->in->machine;
	const char *way = j->in->server_interface;

	return m && m->interface && way && !strcmp(m->interface, way);
}

static void take_finding(struct judge *j, const struct finding *f)
{
	enum quality_kind kind = QUALITY_RULE;
	bool again = f->rule->severity >= SEVERITY_WARN;
	struct quality_problem *p;

	for (size_t i = 0; i < G_N_ELEMENTS(told); i++)
		if (!strcmp(told[i].rule, f->rule->id)) {
			kind = told[i].kind;
			again = told[i].again;
		}
	if (kind == QUALITY_RULE && strcmp(f->rule->pack, "capture") != 0)
		return;
	if ((kind == QUALITY_INTERFACE && (j->met || is_on_the_way(j))) || said(j, f->rule))
		return;
	p = add(j, kind, again, g_strdup(f->headline ? f->headline : f->rule->id),
		g_strdup(f->advice));
	if (p)
		p->finding = f;
}

static void take_findings(struct judge *j)
{
	size_t n = 0;
	const struct finding *f = engine_findings(j->in->engine, &n);

	for (size_t i = 0; i < n; i++)
		if (of_recording(&f[i]))
			take_finding(j, &f[i]);
}

/* --- what the person's answers and the machine add --- */

/* Recorded at one door while the server is behind another. */
static void check_interface(struct judge *j)
{
	const struct machine *m = j->in->machine;
	const char *way = j->in->server_interface;
	char *start, *todo;

	if (j->met || !j->given || has(j, QUALITY_INTERFACE) || !m || !m->interface || !way ||
	    !strcmp(m->interface, way) || !strcmp(m->interface, "any"))
		return;
	start = say("This was recorded on ", m->interface, ", but the way to ");
	todo = say(start, j->in->server, " leads over ");
	g_free(start);
	start = say(todo, way, ".");
	g_free(todo);
	add(j, QUALITY_INTERFACE, true, start,
	    say("Record again, and choose the interface ", way, "."));
}

static void check_late(struct judge *j)
{
	bool matters = j->met || (!j->given && j->out->fault == FAULT_ABSENT);

	if (j->talk->found && j->talk->mid_stream && matters)
		add(j, QUALITY_LATE, true,
		    say("The conversation with ", j->talk->who,
			" had begun before the recording: how it began is not in it."),
		    g_strdup(
			    "Close your program, record again, and start the program only when the "
			    "recording runs."));
}

static void check_server(struct judge *j)
{
	if (!j->given || j->met || has(j, QUALITY_INTERFACE) || !j->in->facts->packets)
		return;
	if (j->in->stages->m.encrypted_dns)
		add(j, QUALITY_NO_SERVER, true,
		    say("Nothing in the recording names ", j->in->server,
			". Names are asked for in encrypted form here, so it may be there under "
			"its "
			"address only."),
		    g_strdup("Look whether your program did try during the recording. If not, "
			     "record again."));
	else
		add(j, QUALITY_NO_SERVER, true,
		    say("Nothing in the recording went to ", j->in->server,
			", and nobody asked for that name."),
		    g_strdup("Compare the server's name with the one in your program's settings. "
			     "Then record again, and let the program try while the recording "
			     "runs."));
}

static void check_one_sided(struct judge *j)
{
	if (j->talk->one_sided && !has(j, QUALITY_ONE_SIDED))
		add(j, QUALITY_ONE_SIDED, true,
		    say("Only one side of the conversation with ", j->talk->who,
			" is in the recording."),
		    g_strdup("Record on your own computer, on the interface that is used for this "
			     "connection."));
}

/* Packets that the kernel lost, by the recorder's count, else by the file's. */
static uint64_t drops(const struct quality_input *in)
{
	const struct capture_info *info = in->facts->info;
	uint64_t n = 0;

	if (in->dropped != UINT64_MAX)
		return in->dropped;
	for (uint32_t i = 0; info && i < info->ninterfaces; i++)
		if (info->interfaces[i].dropped != UINT64_MAX)
			n += info->interfaces[i].dropped;
	return n;
}

static void check_drops(struct judge *j)
{
	uint64_t n = drops(j->in), packets = j->in->facts->packets;

	if (!n)
		return;
	add(j, QUALITY_DROPPED, n > packets / 100,
	    g_strdup_printf("The computer could not keep up: %" G_GUINT64_FORMAT
			    " packets were lost while %" G_GUINT64_FORMAT " were recorded.",
			    n, packets),
	    g_strdup("Close programs that use the network, and record again."));
}

static void check_damage(struct judge *j)
{
	if (j->in->facts->damage)
		add(j, QUALITY_DAMAGED, false, cleaned(j->in->facts->damage),
		    g_strdup("What could be read is used. If the end matters, record again."));
}

static void check_short(struct judge *j)
{
	const struct capture_facts *f = j->in->facts;
	int64_t lasted = f->last_time - j->in->asked;
	struct buf time = BUF_INIT;

	for (unsigned i = 0; i < STAGE_COUNT; i++) {
		const struct step *s = result_step(j->in->stages, i);

		if (s && s->state == STAGE_OPEN && s->how == HOW_ENDED && !step_failed(s)) {
			add(j, QUALITY_SHORT, true,
			    g_strdup("The recording was stopped while an answer was still waited "
				     "for."),
			    g_strdup("Record again, and stop only when your program has said that "
				     "it failed: that can take a minute."));
			return;
		}
	}
	if (!j->in->asked || !f->packets || j->out->fault != FAULT_ABSENT || lasted >= EARLY ||
	    j->out->n)
		return;
	buf_seconds(&time, MAX(lasted, 0), 1);
	add(j, QUALITY_SHORT, true,
	    say("The last packet came ", buf_text(&time),
		" s after the beginning. Few programs give up so soon: it can take a minute."),
	    NULL);
	buf_release(&time);
}

static void check_encrypted(struct judge *j)
{
	if (!j->talk->encrypted || j->out->fault == FAULT_SHOWN)
		return;
	add(j, QUALITY_ENCRYPTED, false,
	    say("What was said to ", j->talk->who,
		" is encrypted: no words can be read, a refused login among them. Whether the "
		"connection came about, how much was sent and when can be seen."),
	    g_strdup("If your program has a log or shows the server's words, they tell the rest."));
}

static int by_kind(gconstpointer a, gconstpointer b)
{
	const struct quality_problem *x = a, *y = b;

	return (x->kind > y->kind) - (x->kind < y->kind);
}

/* What Enter should mean: with the fault shown nothing better is needed; where words cannot be
 * read, a further recording would not show more. */
static bool judge_again(const struct judge *j)
{
	const struct quality *q = j->out;
	bool better = j->in->seen < j->in->wanted;

	for (size_t i = 0; i < q->n; i++)
		better |= q->problems[i].again;
	switch (q->fault) {
	case FAULT_SHOWN: return false;
	case FAULT_LIKELY: return better;
	case FAULT_ABSENT: break;
	}
	return better || !has(j, QUALITY_ENCRYPTED);
}

void quality_judge(const struct quality_input *in, struct quality *out)
{
	struct judge j = {.in = in, .out = out};

	memset(out, 0, sizeof(*out));
	j.talk = stages_talk(in->stages);
	j.given = in->stages->m.wanted.name[0] || in->stages->m.wanted.family;
	j.met = j.given && j.talk->named;
	out->fault = judge_fault(&j);
	take_findings(&j);
	check_interface(&j);
	check_late(&j);
	check_server(&j);
	check_one_sided(&j);
	check_drops(&j);
	check_damage(&j);
	check_short(&j);
	check_encrypted(&j);
	qsort(out->problems, out->n, sizeof(out->problems[0]), by_kind);
	out->again = judge_again(&j);
}

void quality_release(struct quality *q)
{
	for (size_t i = 0; i < q->n; i++) {
		g_free(q->problems[i].seen);
		g_free(q->problems[i].todo);
	}
	memset(q, 0, sizeof(*q));
}
