# SPDX-License-Identifier: GPL-3.0-or-later
check_PROGRAMS += tests/unit/check_track
TESTS += tests/unit/check_track
tests_unit_check_track_SOURCES = tests/unit/check_track.c tests/unit/check_track_stream.c \
	tests/unit/check_track_exchange.c tests/unit/check_track.h tests/unit/packets.h tests/unit/unit.h
tests_unit_check_track_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_check_track_LDADD = $(CHECK_LIBRARY) $(CHECK_LIBS)
