# SPDX-License-Identifier: GPL-3.0-or-later
check_PROGRAMS += tests/unit/check_rules tests/unit/check_pack_tests
TESTS += tests/unit/check_rules tests/unit/check_pack_tests
tests_unit_check_rules_SOURCES = tests/unit/check_rules.c tests/unit/unit.h
tests_unit_check_rules_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_check_rules_LDADD = $(CHECK_LIBRARY) $(CHECK_LIBS)
tests_unit_check_pack_tests_SOURCES = tests/unit/check_pack_tests.c tests/unit/unit.h
tests_unit_check_pack_tests_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_check_pack_tests_LDADD = $(CHECK_LIBRARY) $(CHECK_LIBS)
