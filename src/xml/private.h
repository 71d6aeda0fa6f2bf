/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the files of src/xml share: the document, and the steps from bytes to a tree.
 *
 *     file_read() -> text_to_utf8() -> scan_limits() -> tree_parse() -> xml_validate()
 */
#ifndef TRACETUTOR_XML_PRIVATE_H
#define TRACETUTOR_XML_PRIVATE_H

#include "libxml.h"
#include "tracetutor/arena.h"
#include "tracetutor/xml.h"

/* libxml2 2.12 made the argument of its error callback const. */
#if LIBXML_VERSION >= 21200
typedef const xmlError xml_error;
#else
typedef xmlError xml_error;
#endif

/* A document type can define entities, name other files and cost any time: there is none here. */
#define DOCTYPE_WHAT "a document type (<!DOCTYPE or another <! declaration) is not allowed"
#define DOCTYPE_HINT                                                                               \
	"Take it out: a pack needs none. For the signs < & > in text write &lt; &amp; &gt;."

struct xml_doc {
	const char *file;
	const char *bytes; /* the whole file as UTF-8, NUL-terminated */
	size_t n;
	xmlDoc *dom; /* for validation */
	const char *ns;
	struct xml_node *root;
	uint32_t *lines; /* where each line starts; NULL until a place is asked for */
	uint32_t nlines;
	struct arena arena;
};

/* The bytes of a regular file up to XML_MAX_FILE; g_free() them. NULL and a message if refused. */
char *file_read(const char *path, size_t *n, struct diag *d);

/* The text as UTF-8 without byte order mark and with a NUL after it; g_free() it. */
char *text_to_utf8(const char *file, const char *bytes, size_t *n, struct diag *d);

/* Are the tags of this UTF-8 text within the limits of xml.h? */
bool scan_limits(const char *file, const char *bytes, size_t n, struct diag *d);

/* Parse doc->bytes into doc->dom. */
bool dom_parse(struct xml_doc *doc, struct diag *d);
/* Copy doc->dom into the small tree at doc->root. */
void tree_copy(struct xml_doc *doc);

#endif
