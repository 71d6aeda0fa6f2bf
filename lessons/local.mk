# SPDX-License-Identifier: GPL-3.0-or-later
# Packs and lessons; installed below $(pkgdatadir).
schemadir = $(pkgdatadir)/schema
dist_schema_DATA = lessons/schema/pack.xsd
rulesdir = $(pkgdatadir)/rules
dist_rules_DATA = lessons/rules/mail-pop3.xml lessons/rules/tcp.xml
