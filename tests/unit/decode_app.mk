# SPDX-License-Identifier: GPL-3.0-or-later
check_PROGRAMS += tests/unit/check_app tests/unit/check_dns
TESTS += tests/unit/check_app tests/unit/check_dns
tests_unit_check_app_SOURCES = tests/unit/check_app.c tests/unit/app_feed.h tests/unit/unit.h
tests_unit_check_app_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_check_app_LDADD = $(CHECK_LIBRARY) $(CHECK_LIBS)
tests_unit_check_dns_SOURCES = tests/unit/check_dns.c tests/unit/app_feed.h tests/unit/unit.h
tests_unit_check_dns_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_check_dns_LDADD = $(CHECK_LIBRARY) $(CHECK_LIBS)
