/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bundle: the report of a session as a file, masked. */
#include "tracetutor/folder.h"
#include "tracetutor/picture.h"
#include "tracetutor/session.h"

static bool learn(void *context, const struct record *r, struct engine *engine)
{
	(void)engine;
	report_doc_learn(context, r);
	return true;
}

static bool show(void *context, const struct record *r, struct engine *engine)
{
	report_doc_packet(context, r, engine);
	return true;
}

static bool draw(void *context, const struct record *r, struct engine *engine)
{
	(void)engine;
	picture_add(context, r, false);
	return !picture_complete(context);
}

/* What was seen in the verdict's conversation; only now, for what is secret in it may have become
 * known at its end. NULL: there is no such conversation. */
static struct picture *draw_verdict(struct session *s, struct report_doc *doc, struct diag *d)
{
	const struct finding *v = engine_verdict(session_engine(s));
	struct picture *p = v ? picture_of_finding(v, report_doc_mask(doc)) : NULL;

	if (p)
		session_walk(s, 1, UINT32_MAX, NULL, draw, p, d);
	report_doc_picture(doc, p);
	return p;
}

/* The checksum of the trace; "" if it is not a file. */
static void checksum(const struct session *s, struct buf *out)
{
	int fd = session_file(s);

	if (fd >= 0 && !report_sha256(fd, out))
		buf_reset(out);
}

static bool write_report(int fd, struct session *s, const struct packs *p,
			 const struct report_doc_options *o, struct diag *d)
{
	struct sink_options look = {.width = 72, .fold_raw = true};
	struct sink *sink = sink_text_new(fd, &look);
	struct report_doc *doc = report_doc_new(sink, p, o);
	struct capture_facts facts = session_facts(s);
	bool ok = session_walk(s, 1, UINT32_MAX, NULL, learn, doc, d);
	struct picture *drawn = draw_verdict(s, doc, d);

	report_doc_begin(doc, &facts, session_engine(s));
	ok = ok && session_walk(s, 1, UINT32_MAX, NULL, show, doc, d);
	if (!report_doc_end(doc))
		ok = diag_fail(d, "make room, or choose another disk",
			       "the report could not be written (%s)", g_strerror(sink->error));
	report_doc_free(doc);
	picture_free(drawn);
	sink_free(sink);
	return ok;
}

bool folder_report_into(int fd, struct session *s, const struct packs *p, const char *symptom,
			const struct report_answer *answers, size_t nanswers, struct diag *d)
{
	struct buf sum = BUF_INIT;
	struct report_doc_options o = {
		.identities = true, .symptom = symptom, .answers = answers, .nanswers = nanswers};
	bool ok;

	checksum(s, &sum);
	o.sha256 = sum.len ? buf_text(&sum) : NULL;
	ok = write_report(fd, s, p, &o, d);
	buf_release(&sum);
	return ok;
}
