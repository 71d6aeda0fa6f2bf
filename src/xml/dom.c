// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Parsing with libxml2, nothing of it left open: no network, no entities, no document type. It
 * stops at the first error, because libxml2 would else go on reading with its tree switched off.
 */
#include <string.h>

#include <glib.h>

#include "private.h"

struct parse {
	struct xml_doc *doc;
	struct diag *d;
	bool failed;
};

struct reworded {
	int code;
	const char *what, *hint;
};

#define HINT_ESCAPE "In text write &lt; for <, &amp; for & and &gt; for >."

static const struct reworded words[] = {
	{XML_ERR_DOCUMENT_EMPTY, "this is not XML: a pack begins with <?xml or <pack", NULL},
	{XML_ERR_DOCUMENT_END, "there is more after the end of the first element",
	 "A file holds one element that encloses all the others."},
	{XML_ERR_INVALID_CHAR, "a control character stands here that no XML file may hold",
	 "Delete it."},
	{XML_ERR_INVALID_CHARREF, "this character number is not allowed in XML", "Delete it."},
	{XML_ERR_UNDECLARED_ENTITY, "there is no character of this name", HINT_ESCAPE},
	{XML_ERR_ENTITYREF_SEMICOL_MISSING, "a & stands alone here", HINT_ESCAPE},
	{XML_ERR_NAME_REQUIRED, "a name is expected here", HINT_ESCAPE},
	{XML_ERR_LT_IN_ATTRIBUTE, "a < stands in the value of an attribute", HINT_ESCAPE},
	{XML_ERR_ATTRIBUTE_REDEFINED, "this element has the same attribute twice",
	 "Take one of them out."},
	{XML_ERR_ATTRIBUTE_NOT_STARTED, "the value of the attribute is not in quotes",
	 "Write it as name=\"value\"."},
	{XML_ERR_ATTRIBUTE_NOT_FINISHED, "the value of the attribute does not end",
	 "Close it with the same quote sign it began with."},
	{XML_ERR_CDATA_NOT_FINISHED, "a <![CDATA[ does not end", "Close it with ]]>."},
	{XML_ERR_COMMENT_NOT_FINISHED, "a comment does not end", "Close it with -->."},
	{XML_ERR_GT_REQUIRED, "this tag does not end", "Close it with >."},
	{XML_ERR_TAG_NOT_FINISHED, "the file ends inside an element",
	 "Is the file whole? Every <name> needs its </name>."},
	{XML_ERR_XMLDECL_NOT_FINISHED, "the <?xml declaration does not end", "Close it with ?>."},
};

static void explain(struct parse *p, const struct place *where, xml_error *error)
{
	for (size_t i = 0; i < G_N_ELEMENTS(words); i++)
		if (words[i].code == error->code) {
			diag_add(p->d, DIAG_ERROR, where, words[i].hint, "%s", words[i].what);
			return;
		}
	if (error->code == XML_ERR_TAG_NAME_MISMATCH) {
		diag_add(p->d, DIAG_ERROR, where,
			 "Every <name> needs its </name>, the inner ones first.",
			 "the end tag </%s> does not fit: the element open here is <%s>",
			 error->str2 ? error->str2 : "?", error->str1 ? error->str1 : "?");
		return;
	}
	diag_add(p->d, DIAG_ERROR, where, NULL, "this is not well-formed XML: %.*s",
		 (int)strcspn(error->message ? error->message : "?", "\n"),
		 error->message ? error->message : "?");
}

/* Tags that libxml2 stops reading in get their place by line only: the rest of the line is enough.
 */
static void on_error(void *context, xml_error *error)
{
	xmlParserCtxt *ctxt = context;
	struct parse *p = ctxt->_private;
	struct place where;

	if (p->failed || error->level < XML_ERR_ERROR)
		return;
	p->failed = true;
	where = xml_place(p->doc, error->line > 0 ? (unsigned)error->line : 0, NULL);
	if (where.source && error->int2 > 0 && (size_t)error->int2 <= strlen(where.source) + 1) {
		where.column = (unsigned)error->int2;
		where.span = 1;
	}
	explain(p, &where, error);
	libxml.xmlStopParser(ctxt);
}

/* The second lock on document types, should the scan ever miss one. */
static void on_doctype(void *context, const xmlChar *name, const xmlChar *public_id,
		       const xmlChar *system_id)
{
	xmlParserCtxt *ctxt = context;
	struct parse *p = ctxt->_private;
	struct place where = {.file = p->doc->file};

	(void)name, (void)public_id, (void)system_id;
	p->failed = true;
	diag_add(p->d, DIAG_ERROR, &where, DOCTYPE_HINT, "%s", DOCTYPE_WHAT);
	libxml.xmlStopParser(ctxt);
}

bool dom_parse(struct xml_doc *doc, struct diag *d)
{
	const int options = XML_PARSE_NONET | XML_PARSE_BIG_LINES | XML_PARSE_NOCDATA |
			    XML_PARSE_IGNORE_ENC | XML_PARSE_COMPACT;
	struct parse p = {.doc = doc, .d = d};
	xmlParserCtxt *ctxt;
	struct place where = {.file = doc->file};

	if (!libxml_load(d))
		return false;
	ctxt = libxml.xmlNewParserCtxt();
	if (!ctxt)
		return diag_fail(d, NULL, "out of memory");
	ctxt->_private = &p;
	ctxt->sax->internalSubset = on_doctype;
	ctxt->sax->serror = on_error;
	doc->dom = libxml.xmlCtxtReadMemory(ctxt, doc->bytes, (int)doc->n, NULL, "UTF-8", options);
	libxml.xmlFreeParserCtxt(ctxt);
	if (doc->dom && !p.failed && libxml.xmlDocGetRootElement(doc->dom))
		return true;
	if (!p.failed)
		diag_add(d, DIAG_ERROR, &where, NULL, "this is not a whole XML file");
	return false;
}

static const char *node_name(struct xml_doc *doc, const xmlNode *n, const xmlNs *home)
{
	const char *name = (const char *)n->name;

	if (!n->ns || n->ns == home || (home && g_str_equal(n->ns->href, home->href)))
		return arena_copy(&doc->arena, name, strlen(name));
	name = g_strconcat(n->ns->prefix ? (const char *)n->ns->prefix : "", ":", name, NULL);
	char *copy = arena_copy(&doc->arena, name, strlen(name));
	g_free((char *)name);
	return copy;
}

static void copy_attrs(struct xml_doc *doc, struct xml_node *to, const xmlNode *from)
{
	const xmlAttr *a;
	size_t n = 0;

	for (a = from->properties; a; a = a->next)
		n++;
	to->attrs = arena_zero(&doc->arena, n * sizeof(*to->attrs) + 1);
	for (a = from->properties; a; a = a->next) {
		/* without entities a value is one text, or none if it is empty */
		const char *text = a->children ? (const char *)a->children->content : "";
		char *name =
			a->ns ? g_strconcat((const char *)(a->ns->prefix ? a->ns->prefix : a->name),
					    ":", (const char *)a->name, NULL)
			      : g_strdup((const char *)a->name);

		to->attrs[to->nattrs].name = arena_copy(&doc->arena, name, strlen(name));
		to->attrs[to->nattrs++].value = arena_copy(&doc->arena, text, strlen(text));
		g_free(name);
	}
}

/* One node; NULL for comments and processing instructions. Depth is bounded by scan_limits(). */
static struct xml_node *copy_node(struct xml_doc *doc, const xmlNode *from, unsigned line,
				  const xmlNs *home)
{
	struct xml_node *to = NULL, **tail;

	if (from->type == XML_TEXT_NODE && from->content) {
		to = arena_zero(&doc->arena, sizeof(*to));
		to->line = line;
		to->text = arena_copy(&doc->arena, from->content, strlen((char *)from->content));
	} else if (from->type == XML_ELEMENT_NODE) {
		long at = libxml.xmlGetLineNo(from);

		to = arena_zero(&doc->arena, sizeof(*to));
		to->line = at > 0 ? (unsigned)at : line;
		to->name = node_name(doc, from, home);
		copy_attrs(doc, to, from);
		tail = &to->child;
		for (const xmlNode *c = from->children; c; c = c->next) {
			*tail = copy_node(doc, c, to->line, home);
			if (*tail)
				tail = &(*tail)->next;
		}
	}
	return to;
}

void tree_copy(struct xml_doc *doc)
{
	const xmlNode *root = libxml.xmlDocGetRootElement(doc->dom);
	const char *ns = root->ns && root->ns->href ? (const char *)root->ns->href : "";

	doc->ns = arena_copy(&doc->arena, ns, strlen(ns));
	doc->root = copy_node(doc, root, 1, root->ns);
}
