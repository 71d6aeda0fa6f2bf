# SPDX-License-Identifier: GPL-3.0-or-later
check_PROGRAMS += tests/unit/check_sandbox
TESTS += tests/unit/check_sandbox
tests_unit_check_sandbox_SOURCES = tests/unit/check_sandbox.c tests/unit/unit.h
tests_unit_check_sandbox_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_check_sandbox_LDADD = $(CHECK_LIBRARY) $(CHECK_LIBS)
