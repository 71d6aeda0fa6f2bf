/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * report: records, notes and findings as events for a sink, or as JSON and PDML.
 *
 * The masking of a report that leaves the house is chosen here and works where values become
 * characters (lines.h); sinks never see what was masked.
 */
#ifndef TRACETUTOR_REPORT_H
#define TRACETUTOR_REPORT_H

#include <glib.h>

#include "tracetutor/lines.h"
#include "tracetutor/rules.h"
#include "tracetutor/sink.h"

/*
 * Masks secrets always, identities if asked; payload that could hold a secret is not shown as hex.
 * The names given to identities are stable within one masker: user1@example.org, host1.example,
 * 192.0.2.1, 2001:db8::1, 02:00:00:00:00:01.
 */
struct masker;
struct masker *masker_new(bool identities);
void masker_free(struct masker *m);
/* Remember what is secret (or an identity) in the record, so that running text which quotes it is
 * masked too. Give it every packet before text about them is written. */
void masker_learn(struct masker *m, const struct record *r);
/* The same for the addresses, names and mail addresses in a text that no packet holds. */
void masker_learn_text(struct masker *m, const char *text);
const struct mask *masker_mask(const struct masker *m);
/* How many different secrets and identities were met so far, for the preview. */
void masker_counts(const struct masker *m, uint64_t *secrets, uint64_t *identities);

/* What is known of the capture as a whole. */
struct capture_info;
struct capture_facts {
	const char *name;                /* of the file, raw */
	const struct capture_info *info; /* NULL: not known */
	uint64_t packets, bytes;         /* bytes: of the packets as they were on the wire */
	int64_t first_time, last_time;   /* ns since 1970 UTC */
	const char *damage;              /* why it could not be read to its end; NULL: it could */
};

/*
 * Packets as events. The caller has begun REPORT and SECTION on the sink; report_verdict() writes
 * whole SECTIONs itself and wants REPORT only; the others want a SECTION.
 */
struct report {
	struct sink *sink;
	struct lines lines;
	const struct packs *packs;
	const struct engine *engine; /* knows names of addresses; report_verdict() sets it; NULL */
	bool decode_only;            /* no notes, no folding: the raw lines alone */
	bool explain_again;          /* concepts that were explained before are explained again */
	bool show_folded;            /* noise is shown packet by packet */
	GHashTable *explained;       /* rules whose concept was explained in this session */
	/* Told once of each rule whose notes will not be shown again; NULL: nobody wants to know.
	 */
	void (*taught)(void *context, const struct rule *rule);
	void *taught_context;
	bool started; /* previous_time and first_time are known */
	int64_t first_time, previous_time;
	uint32_t folded, fold_first, fold_last; /* run of folded packets, and the rule that did */
	const struct rule *fold_rule;
	struct buf text; /* scratch */
};

void report_init(struct report *rep, struct sink *s, const struct packs *p, const struct mask *m);
void report_release(struct report *rep);

/* The packet with its notes. Folded packets are counted and said in one line before the next. */
void report_packet(struct report *rep, const struct record *r, const struct note *notes, size_t n);
/* The same with the notes that the engine has of it (NULL: none). */
void report_judged(struct report *rep, const struct record *r, struct engine *engine);
/* Would report_packet() fold a packet with these notes? */
bool report_folds(const struct report *rep, const struct note *notes, size_t n);
/* A packet that is not shown: only its time counts. */
void report_skip(struct report *rep, const struct record *r);
/* After the last packet: say the packets folded last. */
void report_end(struct report *rep);
/* Headline verdict with its packets, the other findings, what looks fine, what could not be judged.
 */
void report_verdict(struct report *rep, const struct engine *e);
/* One finding in full: headline, explanation, advice, look-alikes. */
void report_finding(struct report *rep, const struct finding *f);
/* A rule's or term's text as prose; values come from the record (NULL: they are left open). */
void report_prose(struct report *rep, const struct prose *p, const struct record *r);
/* Text of our own or of a finding (paragraphs end at '\n') as prose. */
void report_say(struct report *rep, enum style st, const char *text);

/* The same made with printf; what is put in is cleaned. */
void report_sayf(struct report *rep, enum style st, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
/* Cleaned lines as they are (a path, a list). */
void report_code(struct report *rep, const char *text);

/* "  14   6.559  10.0.0.2:1030 <- 203.0.113.5:110  POP: -ERR bad password": one line a packet, for
 * list and the live view; the client of a conversation stands at the left. No newline, cleaned. */
void report_summary_line(struct buf *out, const struct record *r);
/* The same with a mask (or NULL), the time since `first_time`, and at most `width` columns (0:
 * any); below 96 the ports are left out, so that the words have room. */
void report_summary(struct buf *out, const struct record *r, const struct mask *m,
		    int64_t first_time, unsigned width);
/* Only its last part, what the packet is in words: "TCP SYN: asks for a connection". */
void report_words(struct buf *out, const struct record *r, const struct mask *m);

/* The JSON of `explain --format json`, version 1. */
void report_json(struct buf *out, const struct capture_facts *facts, const struct engine *e);

/* PDML as tshark writes it: head, one packet after another, foot. */
void pdml_head(struct buf *out, const char *name);
void pdml_packet(struct buf *out, const struct record *r);
void pdml_foot(struct buf *out);

/*
 * The report that is sent to a helper: symptom and answers, verdict, what looks fine, what could
 * not be judged, facts, the conversation as a dialogue and as a ladder, the annotated decode of the
 * packets that matter (the others folded with reasons), what was masked, the checksum of the trace.
 * Two passes over the packets: report_doc_learn() for each record, report_doc_begin(),
 * report_doc_packet() for each packet, report_doc_end(). The format is the sink's (text: 72
 * columns, fold_raw).
 */
struct report_answer {
	const char *question, *answer;
};
struct report_doc_options {
	bool identities;     /* mask them (secrets always are) */
	const char *symptom; /* what was wrong, in the person's or the lesson's words; NULL */
	const struct report_answer *answers;
	size_t nanswers;
	const char *sha256; /* of the original trace, as hex; NULL: not known */
};
struct report_doc;
/* The sink stays the caller's; packs and the strings of the options must live as long. */
struct report_doc *report_doc_new(struct sink *s, const struct packs *p,
				  const struct report_doc_options *o);
void report_doc_free(struct report_doc *doc);
void report_doc_learn(struct report_doc *doc, const struct record *r);
const struct mask *report_doc_mask(const struct report_doc *doc);
/* Before the next call: the picture of the verdict's conversation, made with the mask of the report
 * after everything was learned; it stays the caller's. */
struct picture;
void report_doc_picture(struct report_doc *doc, struct picture *p);
void report_doc_begin(struct report_doc *doc, const struct capture_facts *facts,
		      const struct engine *e);
void report_doc_packet(struct report_doc *doc, const struct record *r, struct engine *engine);
/* The rest, and flush; false if writing failed (sink->error says why). */
bool report_doc_end(struct report_doc *doc);

/* SHA-256 of all that can be read from fd, as hex; false with errno if reading failed. */
bool report_sha256(int fd, struct buf *out);

#endif
