/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * filter: Wireshark's display-filter language on the registry's fields.
 *
 * Same semantics as `tshark -Y` (4.0) for every field both know: a comparison holds if any
 * occurrence of the field satisfies it, `!=` means none is equal (all ... ne any), presence of a
 * field is a test by itself. Compiled once; matching allocates nothing and compiles nothing.
 * `matches` is PCRE2 with limits.
 */
#ifndef TRACETUTOR_FILTER_H
#define TRACETUTOR_FILTER_H

#include "tracetutor/diag.h"
#include "tracetutor/record.h"

#define FILTER_MAX_TEXT    (64 * 1024)
#define FILTER_MAX_DEPTH   100
#define FILTER_MATCH_LIMIT 50000 /* PCRE2 steps a match; over it the filter is `exhausted` */

struct filter;

/* NULL and messages with a caret under the wrong word if the text is not a filter. `where` (or
 * NULL) gives file and line for a filter that stands in a pack. */
struct filter *filter_compile(const char *text, const struct place *where, struct diag *d);
void filter_free(struct filter *f);
bool filter_match(const struct filter *f, const struct record *r);
const char *filter_text(const struct filter *f);
/* True once a pattern has hit its limits: the caller switches the rule off and says so. */
bool filter_exhausted(const struct filter *f);
/* True if no record can match (contradiction found at compile time), for the author's checks. */
bool filter_never(const struct filter *f);

/* Bytes that lie side by side, each of a set: "[0-9]x" as a run of two. */
#define FILTER_RUN_MAX 8
struct byte_set {
	uint64_t bits[4]; /* bit c % 64 of bits[c / 64]: c is in it */
};
struct byte_run {
	struct byte_set sets[FILTER_RUN_MAX];
	uint32_t n;
};
static inline bool byte_set_has(const struct byte_set *set, uint8_t c)
{
	return set->bits[c / 64] >> (c % 64) & 1;
}
/* How much it tells that a byte is of the set, in halvings of what it could be: 8 for one byte. */
unsigned byte_set_worth(const struct byte_set *set);

/*
 * What must be present for the filter to match: the filter can match only if at least one of the
 * anchors is found. Returns their number (0: the filter may match anything, or needs more than
 * max). For the rule index.
 */
#define FILTER_LITERAL_MIN 4
struct filter_anchor {
	uint16_t field; /* this field is present ... */
	bool has_value; /* ... and equal to this number */
	uint64_t value;
	/* ... and its bytes hold these, of which there are at least FILTER_LITERAL_MIN, letters in
	 * either case; NULL: any. They are the filter's. */
	const uint8_t *literal;
	uint32_t nliteral;
	/* ... and its bytes hold such a run; NULL: any. It is the filter's. */
	const struct byte_run *run;
};
size_t filter_anchors(const struct filter *f, struct filter_anchor *out, size_t max);

/* Call back for every field the filter names (type check and "needs" of rules). */
void filter_fields(const struct filter *f, void (*each)(void *context, uint16_t field),
		   void *context);

/* For `why`: the condition tree, one line a part, indented, with the record's values and yes/no. */
void filter_why(const struct filter *f, const struct record *r, struct buf *out);

#endif
