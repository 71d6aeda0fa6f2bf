# SPDX-License-Identifier: GPL-3.0-or-later
check_PROGRAMS += tests/unit/check_services
TESTS += tests/unit/check_services
tests_unit_check_services_SOURCES = tests/unit/check_services.c tests/unit/app_feed.h tests/unit/unit.h
tests_unit_check_services_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_check_services_LDADD = $(CHECK_LIBRARY) $(CHECK_LIBS)
