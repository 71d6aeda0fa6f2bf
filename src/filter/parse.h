/* SPDX-License-Identifier: GPL-3.0-or-later */
/* parse: what the parser of tests (parse.c) and that of values (parse_value.c) share. */
#ifndef TRACETUTOR_FILTER_PARSE_H
#define TRACETUTOR_FILTER_PARSE_H

#include "src/filter/tree.h"

struct parser {
	struct compile *c;
	struct token t; /* not yet used */
	unsigned depth; /* open brackets */
	uint32_t end;   /* where the last used token ended */
};

void parser_take(struct parser *p);
/* Is the token that sign (SIGN), that word? */
bool parser_sees_sign(const struct parser *p, unsigned sign);
bool parser_sees(const struct parser *p, const char *word);
/* Use the token if it is the sign or the word (either may be 0 or NULL). */
bool parser_accept(struct parser *p, unsigned sign, const char *word);
/* Use that sign, or say that it is expected. */
bool parser_expect(struct parser *p, char sign, const char *name);
/* Say what is expected at the token; returns NULL. */
struct node *parser_fail(struct parser *p, const char *expected);
struct node *parser_node(struct parser *p, enum node_kind kind, uint32_t at);
/* The node's text ends where the last used token ended. */
struct node *parser_finish(struct parser *p, struct node *n);
/* Add a child; false if it is NULL or the tree gets too deep. */
bool parser_adopt(struct parser *p, struct node *n, struct node *child);
/* Count an opened bracket (p->depth); false if there are too many. */
bool parser_enter(struct parser *p);
struct node *parse_value(struct parser *p);

#endif
