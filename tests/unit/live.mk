# SPDX-License-Identifier: GPL-3.0-or-later
check_PROGRAMS += tests/unit/check_live
TESTS += tests/unit/check_live
tests_unit_check_live_SOURCES = tests/unit/check_live.c tests/unit/unit.h
tests_unit_check_live_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_check_live_LDADD = $(CHECK_LIBRARY) $(CHECK_LIBS)
