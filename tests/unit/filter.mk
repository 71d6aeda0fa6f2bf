# SPDX-License-Identifier: GPL-3.0-or-later
check_PROGRAMS += tests/unit/check_clues tests/unit/check_filter
TESTS += tests/unit/check_clues tests/unit/check_filter
tests_unit_check_clues_SOURCES = tests/unit/check_clues.c tests/unit/unit.h
tests_unit_check_clues_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_check_clues_LDADD = $(CHECK_LIBRARY) $(CHECK_LIBS)
tests_unit_check_filter_SOURCES = tests/unit/check_filter.c tests/unit/unit.h
tests_unit_check_filter_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_check_filter_LDADD = $(CHECK_LIBRARY) $(CHECK_LIBS)
