/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "libxml.h"

struct libxml libxml;

static const char *const names[] = {LIBXML(LIBRARY_NAME)};

bool libxml_load(struct diag *d)
{
	return libxml.xmlNewParserCtxt ||
	       library_load(LIBXML_FILE, names, sizeof(names) / sizeof(*names), &libxml, d);
}
