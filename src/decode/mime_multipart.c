/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Content in several parts, with a line between them. RFC 2046 section 5.1. */
#include "tracetutor/decode.h"

static const struct field_def rows[] = {
	{.name = "mime_multipart", .label = "Content in several parts", .type = FT_PROTOCOL}};

const struct proto_def proto_mime_multipart = {
	.name = "mime_multipart",
	.label = "Content in several parts",
	.prefix = "MIME",
	.fields = rows,
	.nfields = 1,
	.blurb = "Content in several parts, with a line between them.",
	.see = "RFC 2046 section 5.1",
};
