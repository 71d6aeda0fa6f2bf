# SPDX-License-Identifier: GPL-3.0-or-later
check_PROGRAMS += tests/unit/check_sinks tests/unit/check_report
TESTS += tests/unit/check_sinks tests/unit/check_report
tests_unit_check_sinks_SOURCES = tests/unit/check_sinks.c tests/unit/unit.h
tests_unit_check_sinks_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_check_sinks_LDADD = $(CHECK_LIBRARY) $(CHECK_LIBS)
tests_unit_check_report_SOURCES = tests/unit/check_report.c tests/unit/unit.h
tests_unit_check_report_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_check_report_LDADD = $(CHECK_LIBRARY) $(CHECK_LIBS)
check_PROGRAMS += tests/unit/check_picture
TESTS += tests/unit/check_picture
tests_unit_check_picture_SOURCES = tests/unit/check_picture.c tests/unit/unit.h
tests_unit_check_picture_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_check_picture_LDADD = $(CHECK_LIBRARY) $(CHECK_LIBS)
