/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Carries the file or the listing that an FTP command asked for. RFC 959. */
#include "tracetutor/decode.h"

static const struct field_def rows[] = {
	{.name = "ftp-data", .label = "FTP data connection", .type = FT_PROTOCOL}};

const struct proto_def proto_ftp_data = {
	.name = "ftp-data",
	.label = "FTP data connection",
	.prefix = "FTP-DATA",
	.fields = rows,
	.nfields = 1,
	.blurb = "Carries the file or the listing that an FTP command asked for.",
	.see = "RFC 959",
};
