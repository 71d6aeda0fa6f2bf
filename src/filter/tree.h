/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * tree: what the parts of the filter module share. Private to src/filter.
 *
 * text -> lex.c (words) -> parse.c (tree) -> check.c (types, constants; literal.c, number.c,
 * when.c)
 *      -> eval.c (yes or no; values.c makes values), anchors.c, never.c, why.c.
 *
 * The tree lives in the filter's arena. It is at most FILTER_MAX_DEPTH deep, so every walk over it
 * may recurse.
 */
#ifndef TRACETUTOR_FILTER_TREE_H
#define TRACETUTOR_FILTER_TREE_H

#include <glib.h>

#include "tracetutor/arena.h"
#include "tracetutor/filter.h"

#define FILTER_MAX_RANGES 32         /* slices joined by commas */
#define FILTER_MAX_SLICE  (1u << 20) /* bytes of joined slices; longer ones have no value */
#define FILTER_STEPS      (1u << 20) /* work one match may do before the filter is exhausted */
#define FILTER_NO_PREFIX  255

struct span {
	uint32_t at, len; /* in the filter's text */
};

enum node_kind {
	/* yes or no */
	NODE_AND,
	NODE_OR,
	NODE_XOR,
	NODE_NOT,
	NODE_EXISTS,   /* one value */
	NODE_RELATION, /* two values; op is enum relation */
	NODE_IN,       /* a value, then values or NODE_RANGE */
	/* values: none, one or several */
	NODE_RANGE, /* only in a set: lowest, highest */
	NODE_FIELD,
	NODE_LITERAL, /* before check.c, which makes it NODE_CONST */
	NODE_CONST,
	NODE_SLICE,
	NODE_ARITH, /* two values; op is the character */
	NODE_NEGATE,
	NODE_CALL /* op is enum function */
};

enum relation { REL_EQ, REL_NE, REL_LT, REL_LE, REL_GT, REL_GE, REL_CONTAINS, REL_MATCHES };

enum function { FN_LEN, FN_COUNT, FN_UPPER, FN_LOWER, FN_STRING, FN_MAX, FN_MIN, FN_ABS, FN_NONE };

enum literal { LITERAL_WORD, LITERAL_STRING, LITERAL_CHAR };

/* One value while matching. Numbers, times and IPv4 addresses are in u (and neg: u is the two's
 * complement of a negative number); everything else is n bytes at p. */
struct value {
	const uint8_t *p;
	uint64_t u;
	uint32_t n;
	bool neg;
	uint8_t prefix; /* network bits of an address constant, else FILTER_NO_PREFIX */
};

/* Slice of bytes, or numbers of layers. */
struct range {
	enum { RANGE_LENGTH, RANGE_TO, RANGE_REST } kind;
	int32_t from, to; /* to: length or last position */
};

struct pattern;

struct node {
	enum node_kind kind;
	uint8_t op, depth;
	bool all;      /* relation: every occurrence must hold */
	bool negative; /* literal with a minus sign */
	bool forced;   /* literal written :word */
	bool whole;    /* protocol field: with the payload it carries (contains, matches) */
	bool quick;    /* relation: a number field beside a constant */
	uint8_t nranges;
	enum literal literal;
	enum field_type type; /* of the value, after check.c */
	uint16_t field;
	uint32_t count; /* children */
	struct span at;
	struct node *first, *last, *next;
	struct range *ranges; /* slice; field: layer numbers */
	struct value value;   /* constant; literal: its characters in p, n */
	struct pattern *pattern;
	struct buf *scratch; /* of values that are made while matching */
};

/* What changes while a compiled filter runs. */
struct filter_state {
	uint32_t steps; /* left in this match */
	bool exhausted;
};

struct filter {
	char *text;
	struct node *root;
	uint64_t need[(PROTO_COUNT + 63) / 64]; /* protocols without which it cannot match */
	struct filter_state *state;
	struct arena arena;
	GPtrArray *patterns, *scratch; /* what the nodes own */
};

/* --- compiling --- */

struct compile {
	struct filter *f;
	size_t len;
	const struct place *where;
	struct diag *d;
	bool failed; /* one message a filter */
};

/* Say what is wrong at that span, once; returns false. */
bool compile_fail(struct compile *c, struct span at, const char *hint, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));

enum token_kind {
	TOKEN_END,
	TOKEN_WORD,
	TOKEN_STRING,
	TOKEN_CHAR,
	TOKEN_SIGN, /* any operator or bracket; two characters packed in sign */
	TOKEN_ERROR
};
#define SIGN(a, b)     ((unsigned)(a) << 8 | (unsigned)(b))
#define SIGN3(a, b, c) (SIGN(a, b) << 8 | (unsigned)(c))

struct token {
	enum token_kind kind;
	unsigned sign; /* TOKEN_SIGN: SIGN(0, '<'), SIGN('<', '='), SIGN3('!', '=', '=') */
	struct span at;
	const uint8_t *bytes; /* WORD: in the text; STRING, CHAR: without escapes */
	uint32_t n;
};

/* The token at text[pos]. */
struct token lex(struct compile *c, uint32_t pos);

struct node *parse(struct compile *c);
bool check(struct compile *c, struct node *root);
enum function function_named(const uint8_t *name, uint32_t n);
const char *function_name(enum function fn);

/* A literal as a constant of that type; plain: it is compared with a field, not with a result. */
bool literal_convert(struct compile *c, struct node *n, enum field_type type,
		     const struct node *with);

enum number_result { NUMBER_OK, NUMBER_NONE, NUMBER_TOO_BIG };
enum number_result number_parse(const uint8_t *s, uint32_t n, uint64_t *out);
/* Bytes in hexadecimal with or without separators; NULL if they are not that. */
const uint8_t *bytes_parse(struct arena *a, const uint8_t *s, uint32_t n, uint32_t *count);
/* Address, and /bits if written. False: not an address. *prefix over 32 or 128: too many bits. */
bool ipv4_parse(const uint8_t *s, uint32_t n, uint32_t *address, unsigned *prefix);
bool ipv6_parse(const uint8_t *s, uint32_t n, uint8_t address[16], unsigned *prefix);
bool absolute_time_parse(const uint8_t *s, uint32_t n, int64_t *ns);
bool relative_time_parse(const uint8_t *s, uint32_t n, int64_t *ns);

/* --- types --- */

static inline bool type_is_bytes(enum field_type t)
{
	return t == FT_BYTES || t == FT_UINT_BYTES || t == FT_ETHER || t == FT_PROTOCOL ||
	       t == FT_OID;
}
/* Counted in 1e-9. */
static inline bool type_is_fraction(enum field_type t)
{
	return t == FT_RELATIVE_TIME || t == FT_DOUBLE;
}
static inline bool type_is_time(enum field_type t)
{
	return t == FT_ABSOLUTE_TIME || type_is_fraction(t);
}
static inline bool type_is_signed(enum field_type t)
{
	return t >= FT_INT8 && t <= FT_INT64;
}
static inline bool type_is_unsigned(enum field_type t)
{
	return (t >= FT_BOOLEAN && t <= FT_UINT64) || t == FT_FRAMENUM;
}
static inline bool type_is_number(enum field_type t)
{
	return type_is_unsigned(t) || type_is_signed(t);
}
/* The largest number of an unsigned type. */
uint64_t type_max(enum field_type t);

/* --- patterns --- */

#define CLUES_MAX      16 /* alternatives whose clues are kept; with more there is none */
#define CLUE_WORTH_MIN 8  /* halvings of what the bytes could be; with less a run tells nothing */
#define CLUE_LITERAL   64

/* What every match of one alternative of a pattern holds. */
struct clue {
	uint8_t literal[CLUE_LITERAL]; /* letters small, matched in either case */
	uint32_t nliteral;             /* 0: none */
	struct byte_run run;           /* n is 0: none */
};
/* Clues of each alternative; 0: nothing is known of at least one of them. */
uint32_t clues_find(const uint8_t *pattern, uint32_t n, struct clue out[CLUES_MAX]);

/* NULL, a message and the place in the pattern if it cannot be compiled. */
struct pattern *pattern_new(const uint8_t *text, uint32_t n, char message[128], uint32_t *at);
void pattern_free(struct pattern *p);
/* Each match holds what one of the n clues says; no clues: nothing is known. */
const struct clue *pattern_clues(const struct pattern *p, uint32_t *n);
/* *exhausted is set if the pattern hit its limits. */
bool pattern_match(const struct pattern *p, const uint8_t *bytes, uint32_t n, bool *exhausted);

/* --- matching --- */

struct run {
	const struct record *r;
	struct filter_state *state;
};

/* Called for each value; true: enough. */
typedef bool value_fn(void *context, const struct value *v);
/* Returns true if fn said enough. */
bool value_each(const struct run *run, const struct node *n, value_fn *fn, void *context);
/* Take `cost` steps; false once they are used up. */
bool run_pay(const struct run *run, uint32_t cost);
int value_order(enum field_type type, const struct value *a, const struct value *b);
bool node_test(const struct run *run, const struct node *n);
const uint8_t *bytes_find(const uint8_t *in, size_t n, const uint8_t *what, size_t len);

/* Can the node ever (not) hold? */
enum verdict { VERDICT_OPEN, VERDICT_NEVER, VERDICT_ALWAYS };
enum verdict node_verdict(const struct node *n);
void node_need(const struct node *n, uint64_t need[]);

#endif
