// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Structure: the document against an XSD, libxml2's messages in our words.
 *
 * "Did you mean" takes its candidates from the schema itself, which is an XML document: the names
 * of its elements and attributes and the values of its enumerations. So no list is kept twice.
 */
#include <string.h>

#include <glib.h>

#include "private.h"

struct xml_schema {
	struct xml_doc *source;
	xmlSchema *compiled;
};

struct check {
	struct xml_doc *doc;
	const struct xml_doc *schema;
	struct diag *d;
	bool failed;
};

/* Offer `attr` of every element <xs:kind> of the schema. */
static void offer_all(const struct xml_node *n, const char *kind, const char *attr,
		      struct nearest *near, bool *known)
{
	const char *value = n->name && strcmp(n->name, kind) == 0 ? xml_attr(n, attr) : NULL;

	if (value) {
		nearest_offer(near, value);
		*known = *known || strcmp(value, near->word) == 0;
	}
	for (const struct xml_node *c = n->child; c; c = c->next)
		offer_all(c, kind, attr, near, known);
}

/* "did you mean ...?" for a word among the schema's names, or NULL; g_free() it. */
static char *did_you_mean(const struct check *c, const char *word, const char *kind,
			  const char *attr, const char *format, bool *known)
{
	struct nearest near = NEAREST_INIT(word);

	*known = false;
	offer_all(c->schema->root, kind, attr, &near, known);
	return near.best && !*known ? g_strdup_printf(format, near.best) : NULL;
}

static void say(struct check *c, unsigned line, const char *word, const char *hint,
		const char *what)
{
	struct place where = xml_place(c->doc, line, word);

	diag_add(c->d, DIAG_ERROR, &where, hint, "%s", what);
}

static void say_element(struct check *c, unsigned line, const xmlNode *n)
{
	const char *name = (const char *)n->name;
	const char *parent = n->parent && n->parent->name ? (const char *)n->parent->name : "?";
	char *word = g_strconcat("<", name, NULL), *what, *hint;
	bool known;

	hint = did_you_mean(c, name, "element", "name", "Did you mean <%s>?", &known);
	what = known ? g_strdup_printf("<%s> cannot stand inside <%s>, or not at this place", name,
				       parent)
		     : g_strdup_printf("<%s> is not known here", name);
	say(c, line, word, hint ? hint : "doc/packs.md lists what may stand where.", what);
	g_free(word);
	g_free(hint);
	g_free(what);
}

/* The word in the first '...' after `after` in libxml2's message; g_free() it. */
static char *quoted(const char *message, const char *after)
{
	const char *at = strstr(message, after);
	const char *start = at ? strchr(at, '\'') : NULL;

	return start ? g_strndup(start + 1, strcspn(start + 1, "'")) : g_strdup("?");
}

static void say_attribute(struct check *c, unsigned line, const xmlNode *n, const char *message)
{
	char *name = quoted(message, "attribute "), *what, *hint;
	bool known;

	hint = did_you_mean(c, name, "attribute", "name", "Did you mean %s=?", &known);
	what = g_strdup_printf("<%s> has no attribute %s", (const char *)n->name, name);
	say(c, line, name, hint ? hint : "doc/packs.md lists the attributes.", what);
	g_free(name);
	g_free(hint);
	g_free(what);
}

static void say_missing(struct check *c, unsigned line, const xmlNode *n, const char *message)
{
	char *name = quoted(message, "attribute ");
	char *word = g_strconcat("<", (const char *)n->name, NULL);
	char *what = g_strdup_printf("<%s> lacks the attribute %s", (const char *)n->name, name);

	say(c, line, word, "Add it; doc/packs.md says what it means.", what);
	g_free(name);
	g_free(word);
	g_free(what);
}

static void say_value(struct check *c, unsigned line, const char *message)
{
	char *value = quoted(message, "The value ");
	char *what = g_strdup_printf("\"%s\" is not a value that can stand here", value);
	bool known;
	char *hint = did_you_mean(c, value, "enumeration", "value", "Did you mean \"%s\"?", &known);

	say(c, line, value, hint ? hint : "doc/packs.md lists the values.", what);
	g_free(value);
	g_free(what);
	g_free(hint);
}

static void on_error(void *context, xml_error *error)
{
	struct check *c = context;
	const xmlNode *n = error->node;
	const char *message = error->message ? error->message : "?";
	unsigned line = n && libxml.xmlGetLineNo(n) > 0 ? (unsigned)libxml.xmlGetLineNo(n) : 0;

	c->failed = true;
	if (n && n->type == XML_ATTRIBUTE_NODE) /* its line is that of its element */
		n = n->parent;
	if (!n || n->type != XML_ELEMENT_NODE) {
		say(c, line, NULL, NULL, message);
		return;
	}
	switch (error->code) {
	case XML_SCHEMAV_CVC_ELT_1: /* no declaration for the root */
	case XML_SCHEMAV_ELEMENT_CONTENT: say_element(c, line, n); break;
	case XML_SCHEMAV_CVC_COMPLEX_TYPE_3_2_1:
	case XML_SCHEMAV_CVC_COMPLEX_TYPE_3_2_2: say_attribute(c, line, n, message); break;
	case XML_SCHEMAV_CVC_COMPLEX_TYPE_4: say_missing(c, line, n, message); break;
	case XML_SCHEMAV_CVC_COMPLEX_TYPE_2_3:
		say(c, line, (const char *)n->name, "Put the text into one of its elements.",
		    "text cannot stand directly in this element");
		break;
	case XML_SCHEMAV_CVC_ENUMERATION_VALID:
	case XML_SCHEMAV_CVC_DATATYPE_VALID_1_2_1:
	case XML_SCHEMAV_CVC_PATTERN_VALID:
	case XML_SCHEMAV_CVC_MINLENGTH_VALID:
	case XML_SCHEMAV_CVC_MAXLENGTH_VALID:
	case XML_SCHEMAV_CVC_MAXINCLUSIVE_VALID:
	case XML_SCHEMAV_CVC_MININCLUSIVE_VALID: say_value(c, line, message); break;
	case XML_SCHEMAV_CVC_ATTRIBUTE_3: /* repeats the message before it */
	case XML_SCHEMAV_CVC_COMPLEX_TYPE_3_1: break;
	default: say(c, line, (const char *)n->name, NULL, message); break;
	}
}

/* libxml2 says what is wrong with a schema on stderr if nobody listens. */
static void ignore(void *context, xml_error *error)
{
	(void)context, (void)error;
}

struct xml_schema *xml_schema_load(const char *path, struct diag *d)
{
	struct xml_doc *source = xml_load(path, NULL, d);
	struct xml_schema *s = g_new0(struct xml_schema, 1);
	xmlSchemaParserCtxt *ctxt = source ? libxml.xmlSchemaNewDocParserCtxt(source->dom) : NULL;

	s->source = source;
	if (ctxt) {
		libxml.xmlSchemaSetParserStructuredErrors(ctxt, ignore, NULL);
		s->compiled = libxml.xmlSchemaParse(ctxt);
		libxml.xmlSchemaFreeParserCtxt(ctxt);
	}
	if (s->compiled)
		return s;
	if (source)
		diag_fail(d, "Install the program again: this file is part of it.",
			  "%s is not a schema that can be used", path);
	xml_schema_free(s);
	return NULL;
}

void xml_schema_free(struct xml_schema *s)
{
	if (!s)
		return;
	if (s->compiled)
		libxml.xmlSchemaFree(s->compiled);
	xml_free(s->source);
	g_free(s);
}

bool xml_validate(struct xml_doc *doc, const struct xml_schema *schema, struct diag *d)
{
	struct check c = {.doc = doc, .schema = schema->source, .d = d};
	xmlSchemaValidCtxt *valid = libxml.xmlSchemaNewValidCtxt(schema->compiled);
	int result = -1;

	if (valid) {
		libxml.xmlSchemaSetValidStructuredErrors(valid, on_error, &c);
		result = libxml.xmlSchemaValidateDoc(valid, doc->dom);
		libxml.xmlSchemaFreeValidCtxt(valid);
	}
	return result == 0 && !c.failed;
}
