# SPDX-License-Identifier: GPL-3.0-or-later
check_PROGRAMS += tests/unit/check_tls
TESTS += tests/unit/check_tls
tests_unit_check_tls_SOURCES = tests/unit/check_tls.c tests/unit/app_feed.h tests/unit/unit.h
tests_unit_check_tls_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_check_tls_LDADD = $(CHECK_LIBRARY) $(CHECK_LIBS)
