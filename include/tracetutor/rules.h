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

#define RULES_MAX           10000
#define RULES_MAX_FINDINGS  2000 /* kept; further ones are counted */
#define FINDING_MAX_FRAMES  5
#define RULES_MAX_SEQUENCES 64 /* rules with a <sequence> */
#define SEQUENCE_MAX_STEPS  5

enum severity { SEVERITY_CHAT, SEVERITY_NOTE, SEVERITY_WARN, SEVERITY_ERROR };
const char *severity_name(enum severity s); /* "chat" ... */

/* Prose as the author wrote it: spans of text with one substitution, <v f="field"/>. */
enum span_kind {
	SPAN_TEXT,  /* text */
	SPAN_EM,    /* text, emphasised */
	SPAN_CODE,  /* text, literally what is typed or seen */
	SPAN_TERM,  /* text; `word` is looked up in the glossary */
	SPAN_VALUE, /* value of `field` in the record */
	SPAN_WHO,   /* "your computer" / "the server pop.example.org (203.0.113.5)" for an address
		       field */
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
	const char *capture; /* as written; see rule_test_path() */
	uint32_t packets[FINDING_MAX_FRAMES];
	uint8_t npackets;
	bool silent;
};

/* A step of a sequence: a filter on packets of one conversation. */
struct rule_step {
	struct filter *filter;
	int64_t within; /* ns after the step before; 0: any time */
	bool absent;    /* must not match between its neighbours */
};

struct rule_link {
	const char *rule; /* "id" or "pack:id" */
	bool everywhere;  /* in other conversations too */
};

struct rule {
	const char *id, *pack;
	enum severity severity;
	enum record_kind on;
	const char *fault;   /* id of the fault it names, or NULL */
	bool teach;          /* explains a concept: shown once a session, again on request */
	bool graph;          /* bytes over time help to see it */
	bool fold;           /* packets it matches may be folded with its title as reason */
	int rank;            /* among verdicts: higher first */
	struct filter *when; /* never NULL; of a sequence: the filter of its first step */
	const struct rule_step *steps; /* sequence; nsteps 0: none */
	size_t nsteps;
	const uint16_t *marks; /* fields the note stands beside; none: the first field of the rule's
				  filter */
	size_t nmarks;
	const uint16_t *needs; /* protocols/fields that must be visible for "not seen" to count */
	size_t nneeds;
	const uint16_t *evidence; /* fields with numbers of packets that prove it */
	size_t nevidence;
	const uint16_t *named; /* fields its filter names, for notes of rules without marks */
	size_t nnamed;
	struct prose title, headline, explain, advice, lookalike;
	struct prose fine;        /* sentence for "looks fine"; n == 0: none */
	struct filter *fine_when; /* what must have been seen for it; NULL: none */
	enum record_kind fine_on;
	const struct rule_link *explains; /* rules whose findings are consequences of this one */
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
/*
 * Load a file, or every *.xml of a folder in name order. Errors are messages; false if nothing
 * could be loaded. A rule or word of an earlier call is replaced by one of the same id; twice in
 * one call is an error.
 */
bool packs_load(struct packs *p, const char *path, struct diag *d);
/* The same for one pack in memory; `name` stands for the file in messages. */
bool packs_load_bytes(struct packs *p, const char *name, const char *bytes, size_t n,
		      struct diag *d);
/* The shipped packs ($TRACETUTOR_DATA/rules or the installed ones), then the user's own in
 * $XDG_DATA_HOME/tracetutor/rules (if there are any), which override by rule id. */
bool packs_load_all(struct packs *p, struct diag *d);
/* After loading, for authors: warnings about cross references, missing prose and tests, filters
 * that never match, words that are not in the glossary. Errors of structure came with loading. */
void packs_check(const struct packs *p, struct diag *d);
/* The capture of a test: looked for in the pack's folder, the one above it, and in
 * $TRACETUTOR_CAPTURES. g_free() it; NULL if there is none. */
char *rule_test_path(const struct rule *r, const struct rule_test *t);
size_t packs_rule_count(const struct packs *p);
const struct rule *packs_rule(const struct packs *p, size_t i);
/* "id" or "pack:id"; NULL if unknown. */
const struct rule *packs_find(const struct packs *p, const char *id);
/* Glossary; case does not count. */
const struct term *packs_term(const struct packs *p, const char *word);
size_t packs_term_count(const struct packs *p);
const struct term *packs_term_at(const struct packs *p, size_t i);

/* A note stands beside the lines that say fields first..last of the packet's record. */
struct finding;
struct note {
	const struct rule *rule;
	uint32_t first, last;
	/* The finding this packet proves, with its text; NULL for what is said of the packet alone.
	 */
	const struct finding *finding;
	uint32_t see; /* the finding is explained at this later packet; 0: here */
};

struct finding {
	const struct rule *rule;
	uint32_t frames[FINDING_MAX_FRAMES]; /* ascending; the packets that prove it */
	uint8_t nframes;
	uint32_t conv;    /* conversation index + 1, 0: none */
	uint8_t ip_proto; /* its transport: 6 or 17 (they are numbered apart) */
	/* Packets between which all of that conversation lie, errors about it too; 0: not known. */
	uint32_t conv_first, conv_last;
	int64_t time;
	uint32_t times; /* how often it was found there */
	char *headline, *explain,
		*advice;                 /* text with the values in it; NULL if the rule has none */
	const struct rule *explained_by; /* the cause it is folded under; NULL */
};
/* Is it about that conversation? */
static inline bool finding_in(const struct finding *f, uint32_t conv_index, uint8_t ip_proto)
{
	return f->conv == conv_index + 1 && f->ip_proto == ip_proto;
}

struct engine;
struct engine *engine_new(const struct packs *p);
void engine_free(struct engine *e);
/* Before the first record: this run is for the findings only. There will be no notes, and rules
 * that make none cost nothing. */
void engine_without_notes(struct engine *e);
/*
 * Before the first record: this is a second run over the same capture, for the notes only. Those of
 * findings that `first` (which was without notes, has ended and lives as long) knows stand on each
 * of their packets, also those whose reason came later. Rules that did not fire then cost nothing,
 * nor do those that look at single packets until engine_notes() is called.
 */
void engine_second_run(struct engine *e, const struct engine *first);
/* The notes of a rule that only teaches are not wanted any more in this run: it costs nothing from
 * here on. A rule that does more goes on. */
void engine_taught(struct engine *e, const struct rule *rule);
/*
 * Feed any record; for a packet the notes of the previous one are forgotten. Exchanges and
 * conversations that a packet completes (record->number) may come before or after it; if after, the
 * packet's record must still be there as it was.
 */
void engine_record(struct engine *e, const struct record *r);
/* Notes of the packet fed last, whose record must still be there, in field order; valid until the
 * next record. None of an engine that is NULL. */
const struct note *engine_notes(struct engine *e, size_t *n);
/* After the end of the capture: findings with causes over consequences, best verdict first. */
void engine_end(struct engine *e);
const struct finding *engine_findings(const struct engine *e, size_t *n);
/* The verdict: the top finding with a fault that is not a note; NULL: nothing wrong was seen. Ties
 * are the findings that follow it with the same rank and severity in other conversations. */
const struct finding *engine_verdict(const struct engine *e);
/* Rules switched off because a pattern was too slow (in any run with these packs), and findings
 * that were only counted, as messages. */
void engine_complaints(const struct engine *e, struct diag *d);
/* Fine and unknown, for "looks fine" and "could not be judged". */
struct judged {
	const struct rule *rule;
	const char *reason; /* unknown: what was not visible, for programs */
	uint16_t missing;   /* unknown: the field or protocol (row 0) that was not visible */
};
const struct judged *engine_fine(const struct engine *e, size_t *n);
const struct judged *engine_unknown(const struct engine *e, size_t *n);

/* The name by which a DNS answer told this address (an IPv4 one in the first four bytes, the rest
 * zero), raw; NULL: none did. */
const char *engine_name(const struct engine *e, const uint8_t addr[16]);
/* Who an address field of the record is: "your computer", "the server pop.example.org
 * (203.0.113.5)", cleaned. e (or NULL) knows names and who asks; "(not seen)" without the field. */
void engine_who(const struct engine *e, const struct record *r, uint16_t field, struct buf *out);
/* Value of a field for running text: "110", "steve35"; "(hidden)" if it is secret, "(not seen)". */
void prose_value(const struct record *r, uint16_t field, struct buf *out);
/* Prose with the values of the record in it, as plain cleaned text; paragraphs end at '\n'. The
 * record may be NULL: no value is known. */
void prose_text(const struct prose *p, const struct record *r, struct buf *out);
/* The same with the engine's names of addresses. */
void engine_prose(const struct engine *e, const struct prose *p, const struct record *r,
		  struct buf *out);

#endif
