/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Fetches web pages, many at once over one connection. RFC 9113. */
#include "tracetutor/decode.h"

static const struct field_def rows[] = {
	{.name = "http2", .label = "Hypertext Transfer Protocol, version 2", .type = FT_PROTOCOL}};

const struct proto_def proto_http2 = {
	.name = "http2",
	.label = "Hypertext Transfer Protocol, version 2",
	.prefix = "HTTP2",
	.fields = rows,
	.nfields = 1,
	.blurb = "Fetches web pages, many at once over one connection.",
	.see = "RFC 9113",
};
