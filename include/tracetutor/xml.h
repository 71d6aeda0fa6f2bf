/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * xml: packs as small trees; the only module that includes libxml2.
 *
 * Hostile files get a clear refusal in bounded time and memory: regular files up to XML_MAX_FILE, no
 * DOCTYPE at all, no network, no XInclude, depth, name and attribute limits. Structure is checked
 * against the shipped XSD; messages carry file:line and what to do.
 */
#ifndef TRACETUTOR_XML_H
#define TRACETUTOR_XML_H

#include <stdbool.h>
#include <stddef.h>

#include "tracetutor/diag.h"

#define XML_MAX_FILE  (4u << 20)
#define XML_MAX_DEPTH 32

/* A node of the tree: an element with children, or text (name == NULL). Owned by the document. */
struct xml_node {
	const char *name; /* local name; NULL: a text node */
	const char *text; /* text nodes: UTF-8 */
	unsigned line;
	struct xml_attr {
		const char *name, *value;
	} *attrs;
	size_t nattrs;
	struct xml_node *child, *next; /* first child; next sibling */
};

struct xml_doc;

/* NULL and messages if the file is refused. `schema` is the path of an XSD, or NULL for none. */
struct xml_doc *xml_load(const char *path, const char *schema, struct diag *d);
/* The same from memory; `name` stands for the file in messages. */
struct xml_doc *xml_parse(const char *name, const char *bytes, size_t n, const char *schema,
			  struct diag *d);
const struct xml_node *xml_root(const struct xml_doc *doc);
const char *xml_file(const struct xml_doc *doc);
void xml_free(struct xml_doc *doc);

/* NULL if the attribute is missing. */
const char *xml_attr(const struct xml_node *n, const char *name);
/* First child element of that name, or NULL; the next one of the same name. */
const struct xml_node *xml_child(const struct xml_node *n, const char *name);
const struct xml_node *xml_same(const struct xml_node *n);
/* All text below the node, runs of white space folded to one blank, trimmed; g_free() it. */
char *xml_text(const struct xml_node *n);

#endif
