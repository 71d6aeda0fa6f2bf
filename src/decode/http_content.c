/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What HTTP carries: content that is text, and any other (RFC 9110 section 8). */
#include "src/decode/http.h"

static const struct field_def text_rows[] = {
	{.name = "data-text-lines", .label = "Lines of text", .type = FT_PROTOCOL}};
static const struct field_def media_rows[] = {
	{.name = "media", .label = "Content", .type = FT_PROTOCOL}};

const struct proto_def proto_data_text_lines = {
	.name = "data-text-lines",
	.label = "Lines of text",
	.prefix = "TEXT",
	.fields = text_rows,
	.nfields = 1,
	.blurb = "Content that is text.",
};

const struct proto_def proto_media = {
	.name = "media",
	.label = "Content",
	.prefix = "MEDIA",
	.fields = media_rows,
	.nfields = 1,
	.blurb = "Content of a kind that is not read here: a picture, a program, a film.",
};
