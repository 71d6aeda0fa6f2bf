# SPDX-License-Identifier: GPL-3.0-or-later
check_PROGRAMS += tests/unit/check_lesson
TESTS += tests/unit/check_lesson
tests_unit_check_lesson_SOURCES = tests/unit/check_lesson.c tests/unit/unit.h
tests_unit_check_lesson_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_check_lesson_LDADD = $(CHECK_LIBRARY) $(CHECK_LIBS)
