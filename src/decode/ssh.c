/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Opens an encrypted terminal on another computer. RFC 4253. */
#include "tracetutor/decode.h"

static const struct field_def rows[] = {
	{.name = "ssh", .label = "Secure Shell", .type = FT_PROTOCOL}};

const struct proto_def proto_ssh = {
	.name = "ssh",
	.label = "Secure Shell",
	.prefix = "SSH",
	.fields = rows,
	.nfields = 1,
	.blurb = "Opens an encrypted terminal on another computer.",
	.see = "RFC 4253",
};
