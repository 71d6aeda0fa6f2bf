/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Carries web pages over UDP, encrypted from the first packet. RFC 9000. */
#include "tracetutor/decode.h"

static const struct field_def rows[] = {{.name = "quic", .label = "QUIC", .type = FT_PROTOCOL}};

const struct proto_def proto_quic = {
	.name = "quic",
	.label = "QUIC",
	.prefix = "QUIC",
	.fields = rows,
	.nfields = 1,
	.blurb = "Carries web pages over UDP, encrypted from the first packet.",
	.see = "RFC 9000",
};
