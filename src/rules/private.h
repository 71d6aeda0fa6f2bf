/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the files of src/rules share: the packs while they are loaded, the parts of the engine.
 */
#ifndef TRACETUTOR_RULES_PRIVATE_H
#define TRACETUTOR_RULES_PRIVATE_H

#include <glib.h>

#include "tracetutor/rules.h"
#include "tracetutor/xml.h"

/* --- packs --- */

struct packs {
	struct arena arena;
	GPtrArray *rules;          /* struct rule_slot, in the order of loading */
	GPtrArray *terms;          /* struct term_slot */
	GPtrArray *filters;        /* owned: struct filter */
	GHashTable *by_id;         /* "id" and "pack:id" -> struct rule_slot */
	GHashTable *by_word;       /* word with case folded -> struct term_slot */
	unsigned call;             /* number of packs_load() calls so far */
	size_t sequences;          /* rules with one */
	struct xml_schema *schema; /* NULL: not there, or not needed yet */
	char *schema_path;         /* path of the XSD; NULL: not there */
};
struct rule_slot {
	struct rule rule;
	size_t at; /* index in packs->rules */
	unsigned call;
};
struct term_slot {
	struct term term;
	size_t at;
	unsigned call;
};

/* One pack being loaded. */
struct load {
	struct packs *p;
	struct xml_doc *doc;
	const char *file, *pack;
	bool newer; /* of a higher minor version: what is not known is left out */
	bool bad;   /* the rule at work has an error */
	struct diag *d;
};

/* A message at the place of `word` (or NULL) near node n; an error marks the rule at work bad. */
void load_say(struct load *l, enum diag_level level, const struct xml_node *n, const char *word,
	      const char *hint, const char *fmt, ...) __attribute__((format(printf, 6, 7)));
/* "1", "yes" ... an attribute that is yes or no; no if missing. */
bool load_yes(struct load *l, const struct xml_node *n, const char *attr);
/* Field by name; FIELD_NONE and a message if it is not known. */
uint16_t load_field(struct load *l, const struct xml_node *n, const char *name);
struct prose load_prose(struct load *l, const struct xml_node *n);
/* A rule that is good enough to be used, or NULL and messages. */
struct rule_slot *load_rule(struct load *l, const struct xml_node *n);
/* A GArray's elements copied into the packs' memory; the array is freed. */
const void *load_array(struct load *l, GArray *from, size_t *n);

/* --- the engine --- */

/* Names of addresses, as DNS answers gave them. */
struct names;
struct names *names_new(void);
void names_free(struct names *t);
void names_learn(struct names *t, const struct record *r);
/* NULL if unknown. addr: as in struct endpoint. */
const char *names_find(const struct names *t, const uint8_t addr[16]);

/* The address of an IPv4 or IPv6 field, as in struct endpoint; false if it is neither. */
bool field_address(const struct field *f, uint8_t addr[16]);

/* The field, or its twin of the other IP version (ipv6.src for ip.src); NULL if r (or NULL) has
 * none. */
const struct field *prose_field(const struct record *r, uint16_t id);
/* Who the address of field f is, for running text. names may be NULL; home: it is known as the
 * address of one who asks. */
void who_text(const struct names *names, bool home, const struct record *r, const struct field *f,
	      struct buf *out);

/*
 * The index: for a record the ids that can match it, each once. A filter hangs at its anchors; one
 * without anchors is met by every record of its kind.
 */
/* Literals of at least GRAM bytes, which stay the caller's until grams_done(). */
#define GRAM FILTER_LITERAL_MIN
struct grams;
struct grams *grams_new(void);
void grams_free(struct grams *g); /* NULL: nothing to free */
void grams_add(struct grams *g, const uint8_t *bytes, uint32_t n, uint32_t id);
void grams_done(struct grams *g);
void grams_remove(struct grams *g, uint32_t id);
/* Call back for every literal that may lie in the bytes; more than once, and some that do not. */
void grams_find(const struct grams *g, const uint8_t *p, uint32_t n,
		void (*found)(void *context, uint32_t id), void *context);

/* Runs of byte sets, in the same way. */
struct runs;
typedef void runs_found(void *context, uint32_t id);
struct runs *runs_new(void);
void runs_free(struct runs *x); /* NULL: nothing to free */
void runs_add(struct runs *x, const struct byte_run *bytes, uint32_t id); /* bytes: borrowed */
void runs_done(struct runs *x);
void runs_remove(struct runs *x, uint32_t id);
void runs_find(const struct runs *x, const uint8_t *p, uint32_t n, runs_found *found,
	       void *context);

struct rule_index;
struct rule_index *rule_index_new(size_t ids);
void rule_index_free(struct rule_index *x);
void rule_index_add(struct rule_index *x, enum record_kind kind, const struct filter *f,
		    uint32_t id);
/* Met by records of any kind that have the field. */
void rule_index_add_field(struct rule_index *x, uint16_t field, uint32_t id);
/* Sort; no adding after this. */
void rule_index_done(struct rule_index *x);
/* It is of no interest any more: no record meets it. */
void rule_index_remove(struct rule_index *x, uint32_t id);
/* Ids into out (room for all of them); returns how many. */
size_t rule_index_find(struct rule_index *x, const struct record *r, uint32_t *out);

/*
 * Sequences: how far each has come in each conversation. Bounded: the conversation remembered
 * longest is forgotten for a new one.
 */
struct sequences;
struct sequence_owner {
	void *context;
	/* A finding of the rule with the texts of that record, without packets; g_new. */
	struct finding *(*make)(void *context, const struct rule *rule, const struct record *r);
	/* It is true; takes it over. */
	void (*done)(void *context, struct finding *made);
};
struct sequences *sequences_new(size_t n, struct sequence_owner owner);
void sequences_free(struct sequences *s);
/* A packet of a conversation that may match the first step of `rule`, which is sequence number i.
 */
void sequences_begin(struct sequences *s, size_t i, const struct rule *rule,
		     const struct record *r);
/* Then: what has begun in its conversation before. */
void sequences_go_on(struct sequences *s, const struct record *r);
/* One of its steps has taken too long: the rule is tried no more. */
bool sequence_too_slow(const struct rule *rule);
/* The clock has come to `time`: absences that have lasted long enough are true. */
void sequences_clock(struct sequences *s, int64_t time);
/* The capture is over: absences that lasted to its end are true. */
void sequences_end(struct sequences *s, int64_t time);

#define NOTES_MAX   512 /* of one packet */
#define PENDING_MAX 64  /* rules that met exchanges of the packet at work before it came itself */

/* Notes of the packet at work. All-zero is empty. */
struct notes {
	struct note v[NOTES_MAX];
	size_t n;
	bool off; /* none are made */
	const struct record *packet;
	uint32_t number;
	struct {
		const struct rule *rule;
		uint32_t number;
	} pending[PENDING_MAX];
	size_t npending;
	GArray *proofs; /* struct proof, by packet: findings of the first run */
};
void notes_release(struct notes *b);
/* Packets of these findings (struct finding) get their notes. */
void notes_prove(struct notes *b, const GArray *findings);
/* Next packet; it stays borrowed. */
void notes_begin(struct notes *b, const struct record *r);
/* Insert in field order, each rule once. */
void notes_add(struct notes *b, const struct rule *rule);
/* From a rule about something that packet `number` completed: now, or when it comes. */
void notes_later(struct notes *b, const struct rule *rule, uint32_t number);
/* All rules have seen the packet. */
void notes_end(struct notes *b);
void notes_forget(struct notes *b);

/* Findings: one a rule and conversation. */
struct findings {
	GArray *all;                                /* struct finding */
	GHashTable *keys;                           /* (rule, conversation) -> index + 1 */
	GHashTable *convs;                          /* those that findings stand in */
	uint16_t conv_first, conv_last, conv_error; /* ids of the fields that tell where it lies */
	uint64_t dropped;
};
void findings_init(struct findings *f);
void findings_release(struct findings *f);
/* Set conversation, time and the packets that prove it from the record. */
void finding_place(struct finding *f, const struct record *r);
/* Insert a packet number: ascending, each once, while there is room. */
void finding_frame(struct finding *f, uint32_t number);
void finding_free(struct finding *f);
/* The finding of that rule in the conversation of that record; NULL: none yet. */
struct finding *findings_known(struct findings *f, const struct rule *rule, const struct record *r);
/* True if it is known already, or was said before in the same words: then it was counted. */
bool findings_count(struct findings *f, const struct finding *made);
/* Keep a new one (takes it over). */
void findings_add(struct findings *f, struct finding *made);
/* The conversation of that record is over: the findings in it learn where it lies. */
void findings_conv_over(struct findings *f, const struct record *r);
/* A packet of a conversation that was over. */
void findings_conv_late(struct findings *f, const struct record *r);
/* Causes over consequences, the best verdict first. No adding after this. */
void findings_sort(struct findings *f, const struct packs *p);
/* May it become the verdict? */
bool fault_is_verdict(const struct rule *r);

#endif
