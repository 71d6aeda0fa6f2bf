# SPDX-License-Identifier: GPL-3.0-or-later
check_PROGRAMS += tests/unit/check_xml
TESTS += tests/unit/check_xml
tests_unit_check_xml_SOURCES = tests/unit/check_xml.c tests/unit/unit.h
tests_unit_check_xml_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_check_xml_LDADD = $(CHECK_LIBRARY) $(CHECK_LIBS)
EXTRA_DIST += tests/captures/xml
