/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lets a web page and its server talk both ways at any time. RFC 6455. */
#include "tracetutor/decode.h"

static const struct field_def rows[] = {
	{.name = "websocket", .label = "WebSocket", .type = FT_PROTOCOL}};

const struct proto_def proto_websocket = {
	.name = "websocket",
	.label = "WebSocket",
	.prefix = "WS",
	.fields = rows,
	.nfields = 1,
	.blurb = "Lets a web page and its server talk both ways at any time.",
	.see = "RFC 6455",
};
