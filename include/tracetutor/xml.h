/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * xml: packs as small trees; the only module that includes libxml2.
 *
 * Hostile files get a clear refusal in bounded time and memory: regular files up to XML_MAX_FILE
 * (symbolic links are followed: installed packs may be links; pipes and devices are refused),
 * UTF-8, US-ASCII, ISO-8859-1 or UTF-16 only, no DOCTYPE at all, no network, no XInclude, and the
 * limits below. Structure is checked against the shipped XSD; messages carry file:line and what to
 * do.
 */
#ifndef TRACETUTOR_XML_H
#define TRACETUTOR_XML_H

#include <stdbool.h>
#include <stddef.h>

#include "tracetutor/diag.h"

#define XML_MAX_FILE     (4u << 20)
#define XML_MAX_DEPTH    32
#define XML_MAX_ELEMENTS 50000
#define XML_MAX_ATTRS    32   /* of one element, namespace declarations included */
#define XML_MAX_NAME     100  /* bytes of an element's or attribute's name */
#define XML_MAX_TAG      8192 /* bytes of one tag with all its attributes */

/* A node of the tree: an element with children, or text (name == NULL). Owned by the document. */
struct xml_node {
	/* Local name; "prefix:name" for an element of another namespace than the root's, so that it
	 * is never taken for one of ours; NULL: a text node. */
	const char *name;
	const char *text; /* text nodes: UTF-8 */
	unsigned line;    /* elements: where the start tag ends; text nodes: of their parent */
	struct xml_attr {
		const char *name,
			*value; /* "xml:lang" with its prefix; namespaces are not attributes */
	} * attrs;
	size_t nattrs;
	struct xml_node *child, *next; /* first child; next sibling */
};

struct xml_doc;

/* NULL and messages if the file is refused. `schema` is the path of an XSD, or NULL for none. */
struct xml_doc *xml_load(const char *path, const char *schema, struct diag *d);
/* The same from memory; `name` stands for the file in messages. */
struct xml_doc *xml_parse(const char *name, const char *bytes, size_t n, const char *schema,
			  struct diag *d);
/* An XSD, for checking several documents; NULL and a message if it cannot be used. */
struct xml_schema;
struct xml_schema *xml_schema_load(const char *path, struct diag *d);
void xml_schema_free(struct xml_schema *s);
/* Check the structure; false and all errors found in d. */
bool xml_validate(struct xml_doc *doc, const struct xml_schema *schema, struct diag *d);
const struct xml_node *xml_root(const struct xml_doc *doc);
/* Namespace of the root element, "" if it has none. */
const char *xml_namespace(const struct xml_doc *doc);
const char *xml_file(const struct xml_doc *doc);
/*
 * Where `word` stands at or near `line`, for a message: file, line, column and the source line. If
 * the word (NULL: none) is not found there, only file and line. Valid as long as the document.
 */
struct place xml_place(struct xml_doc *doc, unsigned line, const char *word);
void xml_free(struct xml_doc *doc);

/* NULL if the attribute is missing. */
const char *xml_attr(const struct xml_node *n, const char *name);
/* First child element of that name, or NULL; the next one of the same name. */
const struct xml_node *xml_child(const struct xml_node *n, const char *name);
const struct xml_node *xml_same(const struct xml_node *n);
/* All text below the node, runs of white space folded to one blank, trimmed; g_free() it. */
char *xml_text(const struct xml_node *n);

#endif
