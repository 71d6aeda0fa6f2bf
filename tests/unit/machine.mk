# SPDX-License-Identifier: GPL-3.0-or-later
check_PROGRAMS += tests/unit/check_machine
TESTS += tests/unit/check_machine
tests_unit_check_machine_SOURCES = tests/unit/check_machine.c tests/unit/packets.h \
	tests/unit/unit.h
tests_unit_check_machine_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_check_machine_LDADD = $(CHECK_LIBRARY) $(CHECK_LIBS)
