/* SPDX-License-Identifier: GPL-3.0-or-later */
/* http_content: content by its kind, whoever carries it. */
#ifndef TRACETUTOR_DECODE_HTTP_CONTENT_H
#define TRACETUTOR_DECODE_HTTP_CONTENT_H

#include "src/decode/textline.h"

enum http_kind { KIND_OTHER, KIND_TEXT, KIND_MULTIPART, KIND_MEDIA };
/* By the content type. */
enum http_kind http_kind_of(const struct textpart *type);
/* Content of a kind, at the cursor: its layer and fields. */
void http_text(struct record *r, struct cursor *c);
/* The lines of text that cannot be read in the packet's bytes: unpacked, or joined from chunks. */
void http_lines(struct record *r, struct cursor *c);
void http_media(struct record *r, struct cursor *c);
void mime_multipart(struct decoder *d, struct record *r, struct cursor *c, const char *type,
		    const char *boundary);

#endif
