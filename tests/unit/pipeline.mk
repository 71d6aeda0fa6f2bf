# SPDX-License-Identifier: GPL-3.0-or-later
check_PROGRAMS += tests/unit/check_pipeline
TESTS += tests/unit/check_pipeline
tests_unit_check_pipeline_SOURCES = tests/unit/check_pipeline.c tests/unit/unit.h
tests_unit_check_pipeline_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_check_pipeline_LDADD = $(CHECK_LIBRARY) $(CHECK_LIBS)

check_PROGRAMS += tests/unit/check_places
TESTS += tests/unit/check_places
tests_unit_check_places_SOURCES = tests/unit/check_places.c tests/unit/unit.h
tests_unit_check_places_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_check_places_LDADD = $(CHECK_LIBRARY) $(CHECK_LIBS)

check_PROGRAMS += tests/unit/check_asked
TESTS += tests/unit/check_asked
tests_unit_check_asked_SOURCES = tests/unit/check_asked.c tests/unit/unit.h
tests_unit_check_asked_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_check_asked_LDADD = $(CHECK_LIBRARY) $(CHECK_LIBS)
