/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * rules: packs of rules, matched against records, giving notes (beside lines of a packet) and
 * findings (what is the matter with a conversation), and from these the verdict.
 *
 * A pack is data: no code, no includes, no network. A bad pack never stops the program: it is named
 * in the messages, skipped, and the rest loads.
 */
#ifndef TRACETUTOR_RULES_H
#define TRACETUTOR_RULES_H

#include "tracetutor/diag.h"
#include "tracetutor/filter.h"
#include "tracetutor/record.h"

#define RULES_MAX          10000
#define RULES_MAX_FINDINGS 2000 /* kept; further ones are counted */
#define FINDING_MAX_FRAMES 5

enum severity { SEVERITY_CHAT, SEVERITY_NOTE, SEVERITY_WARN, SEVERITY_ERROR };
const char *severity_name(enum severity s); /* "chat" ... */

/* Prose as the author wrote it: spans of text with one substitution, <v f="field"/>. */
enum span_kind {
	SPAN_TEXT,  /* text */
	SPAN_EM,    /* text, emphasised */
	SPAN_CODE,  /* text, literally what is typed or seen */
	SPAN_TERM,  /* text; `word` is looked up in the glossary */
	SPAN_VALUE, /* value of `field` in the record */
	SPAN_WHO,   /* "your computer" / "the server pop.example.org (203.0.113.5)" for an address field */
	SPAN_BREAK  /* paragraph */
};
struct span {
	enum span_kind kind;
	const char *text; /* TEXT EM CODE TERM */
	const char *word; /* TERM: glossary key */
	uint16_t field;   /* VALUE WHO */
};
struct prose {
	const struct span *spans;
	size_t n;
};

struct rule_test {
	const char *capture; /* path relative to the pack's folder */
	uint32_t packets[FINDING_MAX_FRAMES];
	uint8_t npackets;
	bool silent;
};

struct rule {
	const char *id, *pack;
	enum severity severity;
	enum record_kind on;
	const char *fault; /* id of the fault it names, or NULL */
	bool teach;        /* explains a concept: shown once a session, again on request */
	bool fold;         /* packets it matches may be folded with its title as reason */
	int rank;          /* among verdicts: higher first */
	struct filter *when;
	const uint16_t *marks; /* fields the note stands beside; none: the first field of the rule's filter */
	size_t nmarks;
	const uint16_t *needs; /* protocols/fields that must be visible for "not seen" to count */
	size_t nneeds;
	struct prose title, headline, explain, advice, lookalike;
	const char *const *explains; /* rule ids whose findings are consequences of this one */
	size_t nexplains;
	const char *see;
	const struct rule_test *tests;
	size_t ntests;
	const char *file; /* where it was written */
	unsigned line;
};

struct term {
	const char *word, *file;
	unsigned line;
	struct prose meaning;
};

struct packs;
struct packs *packs_new(void);
void packs_free(struct packs *p);
/* Load a file, or every *.xml of a folder in name order. Errors are messages; false if nothing could be loaded. */
bool packs_load(struct packs *p, const char *path, struct diag *d);
/* The shipped packs (or $TRACETUTOR_DATA), then the user's own, which override by rule id. */
bool packs_load_all(struct packs *p, struct diag *d);
size_t packs_rule_count(const struct packs *p);
const struct rule *packs_rule(const struct packs *p, size_t i);
/* "id" or "pack:id"; NULL if unknown. */
const struct rule *packs_find(const struct packs *p, const char *id);
/* Glossary; case does not count. */
const struct term *packs_term(const struct packs *p, const char *word);
size_t packs_term_count(const struct packs *p);
const struct term *packs_term_at(const struct packs *p, size_t i);

/* A note stands beside the lines that say fields first..last of the packet's record. */
struct note {
	const struct rule *rule;
	uint32_t first, last;
};

struct finding {
	const struct rule *rule;
	uint32_t frames[FINDING_MAX_FRAMES]; /* ascending; the packets that prove it */
	uint8_t nframes;
	uint32_t conv;     /* conversation index + 1, 0: none */
	int64_t time;
	uint32_t times;    /* how often it was found there */
	char *headline, *explain, *advice; /* text with the values in it; NULL if the rule has none */
	const struct rule *explained_by;   /* the cause it is folded under; NULL */
};

struct engine;
struct engine *engine_new(const struct packs *p);
void engine_free(struct engine *e);
/* Feed any record; for a packet the notes of the previous one are forgotten. */
void engine_record(struct engine *e, const struct record *r);
/* Notes of the packet fed last, in field order; valid until the next record. */
const struct note *engine_notes(const struct engine *e, size_t *n);
/* After the end of the capture: findings with causes over consequences, best verdict first. */
void engine_end(struct engine *e);
const struct finding *engine_findings(const struct engine *e, size_t *n);
/* The verdict: the top finding with a fault that is not a note; NULL: nothing wrong was seen. Ties
 * are the findings that follow it with the same rank and severity in other conversations. */
const struct finding *engine_verdict(const struct engine *e);
/* Rules switched off because a pattern was too slow, as messages. */
void engine_complaints(const struct engine *e, struct diag *d);
/* Fine and unknown, for "looks fine" and "could not be judged". */
struct judged {
	const struct rule *rule;
	const char *reason; /* unknown: what was not visible */
};
const struct judged *engine_fine(const struct engine *e, size_t *n);
const struct judged *engine_unknown(const struct engine *e, size_t *n);

/* Prose with the values of the record in it, as plain cleaned text. */
void prose_text(const struct prose *p, const struct record *r, struct buf *out);

#endif
