/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sink_html.h: what the two files that write a page share. */
#ifndef TRACETUTOR_REPORT_SINK_HTML_H
#define TRACETUTOR_REPORT_SINK_HTML_H

#include "out.h"
#include "tracetutor/figure.h"

/* Text and attribute values: what XML and HTML need escaped, and nothing that XML forbids. */
void html_escape(struct out *o, const char *s, size_t n);

/* The picture as an <svg> element; `number` tells it from others on the page. */
void svg_write(struct out *o, const struct figure *f, const char *title, unsigned number);

/* Style rules of the pictures; the colours are the page's. */
extern const char svg_style[];

#endif
