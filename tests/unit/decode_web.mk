# SPDX-License-Identifier: GPL-3.0-or-later
check_PROGRAMS += tests/unit/check_web
TESTS += tests/unit/check_web
tests_unit_check_web_SOURCES = tests/unit/check_web.c tests/unit/app_feed.h tests/unit/unit.h
tests_unit_check_web_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_check_web_LDADD = $(CHECK_LIBRARY) $(CHECK_LIBS)
check_PROGRAMS += tests/unit/check_applications
TESTS += tests/unit/check_applications
tests_unit_check_applications_SOURCES = tests/unit/check_applications.c tests/unit/app_feed.h \
	tests/unit/unit.h
tests_unit_check_applications_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_check_applications_LDADD = $(CHECK_LIBRARY) $(CHECK_LIBS)
