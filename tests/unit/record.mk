# SPDX-License-Identifier: GPL-3.0-or-later
check_PROGRAMS += tests/unit/check_writer tests/unit/check_recorder
TESTS += tests/unit/check_writer tests/unit/check_recorder
tests_unit_check_writer_SOURCES = tests/unit/check_writer.c tests/unit/unit.h tests/unit/bytes.h
tests_unit_check_writer_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_check_writer_LDADD = $(CHECK_LIBRARY) $(CHECK_LIBS)
tests_unit_check_recorder_SOURCES = tests/unit/check_recorder.c tests/unit/unit.h tests/unit/bytes.h
tests_unit_check_recorder_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_check_recorder_LDADD = $(CHECK_LIBRARY) $(CHECK_LIBS)
