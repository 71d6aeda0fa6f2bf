# SPDX-License-Identifier: GPL-3.0-or-later
# Packs and lessons; installed below $(pkgdatadir).
schemadir = $(pkgdatadir)/schema
dist_schema_DATA = lessons/schema/pack.xsd
rulesdir = $(pkgdatadir)/rules
dist_rules_DATA = \
	lessons/rules/access.xml lessons/rules/basics.xml lessons/rules/capture.xml \
	lessons/rules/devices.xml lessons/rules/dhcpv6.xml lessons/rules/files.xml \
	lessons/rules/glossary.xml lessons/rules/ldap.xml lessons/rules/local-names.xml \
	lessons/rules/local-network.xml lessons/rules/machine.xml lessons/rules/mail.xml \
	lessons/rules/network.xml lessons/rules/phone.xml lessons/rules/quic.xml \
	lessons/rules/ssh.xml lessons/rules/tcp.xml lessons/rules/tls.xml lessons/rules/web.xml
lessonschemadir = $(pkgdatadir)/schema
dist_lessonschema_DATA = lessons/schema/lesson.xsd
lessonsdir = $(pkgdatadir)/lessons
dist_lessons_DATA = \
	lessons/lessons/mail-login.xml lessons/lessons/names.xml lessons/lessons/no-address.xml \
	lessons/lessons/slow.xml lessons/lessons/stall.xml lessons/lessons/tour.xml \
	lessons/lessons/web-page.xml
include lessons/captures/local.mk
include lessons/captures/services.mk
