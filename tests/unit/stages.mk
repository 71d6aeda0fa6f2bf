# SPDX-License-Identifier: GPL-3.0-or-later
check_PROGRAMS += tests/unit/check_stages tests/unit/check_story tests/unit/check_quality
TESTS += tests/unit/check_stages tests/unit/check_story tests/unit/check_quality
tests_unit_check_stages_SOURCES = tests/unit/check_stages.c tests/unit/capture_run.h \
	tests/unit/unit.h
tests_unit_check_stages_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_check_stages_LDADD = $(CHECK_LIBRARY) $(CHECK_LIBS)
tests_unit_check_story_SOURCES = tests/unit/check_story.c tests/unit/capture_run.h tests/unit/unit.h
tests_unit_check_story_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_check_story_LDADD = $(CHECK_LIBRARY) $(CHECK_LIBS)
tests_unit_check_quality_SOURCES = tests/unit/check_quality.c tests/unit/capture_run.h \
	tests/unit/unit.h
tests_unit_check_quality_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_check_quality_LDADD = $(CHECK_LIBRARY) $(CHECK_LIBS)
