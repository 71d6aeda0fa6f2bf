/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Asks a directory for people, computers and their passwords. RFC 4511. */
#include "tracetutor/decode.h"

static const struct field_def rows[] = {
	{.name = "ldap", .label = "Lightweight Directory Access Protocol", .type = FT_PROTOCOL}};

const struct proto_def proto_ldap = {
	.name = "ldap",
	.label = "Lightweight Directory Access Protocol",
	.prefix = "LDAP",
	.fields = rows,
	.nfields = 1,
	.blurb = "Asks a directory for people, computers and their passwords.",
	.see = "RFC 4511",
};

static const struct field_def cldap_rows[] = {
	{.name = "cldap",
	 .label = "Connectionless Lightweight Directory Access Protocol",
	 .type = FT_PROTOCOL}};

const struct proto_def proto_cldap = {
	.name = "cldap",
	.label = "Connectionless Lightweight Directory Access Protocol",
	.prefix = "CLDAP",
	.fields = cldap_rows,
	.nfields = 1,
	.blurb = "Finds the directory server of a Windows network, in single messages.",
	.see = "MS-ADTS section 6.3.3",
};
