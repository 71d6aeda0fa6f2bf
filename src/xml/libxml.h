/* SPDX-License-Identifier: GPL-3.0-or-later */
/* libxml: the functions of libxml2, loaded when the first document is parsed (library.h). */
#ifndef TRACETUTOR_XML_LIBXML_H
#define TRACETUTOR_XML_LIBXML_H

#include <libxml/parser.h>
#include <libxml/tree.h>
#include <libxml/xmlschemas.h>

#include "tracetutor/library.h"

#define LIBXML(X)                                                                                  \
	X(xmlCtxtReadMemory)                                                                       \
	X(xmlDocGetRootElement)                                                                    \
	X(xmlFreeDoc)                                                                              \
	X(xmlFreeParserCtxt)                                                                       \
	X(xmlGetLineNo)                                                                            \
	X(xmlNewParserCtxt)                                                                        \
	X(xmlSchemaFree)                                                                           \
	X(xmlSchemaFreeParserCtxt)                                                                 \
	X(xmlSchemaFreeValidCtxt)                                                                  \
	X(xmlSchemaNewDocParserCtxt)                                                               \
	X(xmlSchemaNewValidCtxt)                                                                   \
	X(xmlSchemaParse)                                                                          \
	X(xmlSchemaSetParserStructuredErrors)                                                      \
	X(xmlSchemaSetValidStructuredErrors)                                                       \
	X(xmlSchemaValidateDoc)                                                                    \
	X(xmlStopParser)

struct libxml {
	LIBXML(LIBRARY_MEMBER)
};
extern struct libxml libxml; /* all NULL before libxml_load() */

/* Load it unless it is there; false and a message if that cannot be done. */
bool libxml_load(struct diag *d);

#endif
