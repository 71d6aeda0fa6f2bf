/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * mask_names: the secrets and identities met, and what stands for each. Bounded: when the table is
 * full, further ones share one name.
 */
#ifndef TRACETUTOR_REPORT_MASK_NAMES_H
#define TRACETUTOR_REPORT_MASK_NAMES_H

#include "tracetutor/field.h"

struct buf;
struct mask_names;
struct mask_names *mask_names_new(void);
void mask_names_free(struct mask_names *n);
/* What stands for the identity with that text (cleaned); the same one every time. Addresses that
 * name no one (loopback, broadcast, multicast) stand for themselves. Owned by the table. */
const char *mask_names_get(struct mask_names *n, enum field_type type, const char *text);
/* Remember a secret by its text (cleaned). */
void mask_names_secret(struct mask_names *n, const char *text, size_t len);
/* Append the text with every secret, and if asked every identity, in it replaced. */
void mask_names_replace(const struct mask_names *n, struct buf *out, const char *s, size_t len,
			bool identities);
/* The next word at or after *at that looks like a mail address or a host name; false: none. */
bool mask_names_word(const char *s, size_t n, size_t *at, size_t *len);
/* Give each such word of the text a name. */
void mask_names_learn_words(struct mask_names *names, const char *s, size_t n);
void mask_names_counts(const struct mask_names *n, uint64_t *secrets, uint64_t *identities);

#endif
