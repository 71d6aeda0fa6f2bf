# SPDX-License-Identifier: GPL-3.0-or-later
check_PROGRAMS += tests/unit/check_console
TESTS += tests/unit/check_console
tests_unit_check_console_SOURCES = tests/unit/check_console.c tests/unit/unit.h
tests_unit_check_console_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_check_console_LDADD = $(CHECK_LIBRARY) $(CHECK_LIBS)

check_PROGRAMS += tests/unit/check_host
TESTS += tests/unit/check_host
tests_unit_check_host_SOURCES = tests/unit/check_host.c tests/unit/unit.h
tests_unit_check_host_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_check_host_LDADD = $(CHECK_LIBRARY) $(CHECK_LIBS)
