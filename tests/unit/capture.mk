# SPDX-License-Identifier: GPL-3.0-or-later
check_PROGRAMS += tests/unit/check_capture tests/unit/check_link
TESTS += tests/unit/check_capture tests/unit/check_link
tests_unit_check_capture_SOURCES = tests/unit/check_capture.c tests/unit/unit.h tests/unit/bytes.h
tests_unit_check_capture_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_check_capture_LDADD = $(CHECK_LIBRARY) $(CHECK_LIBS)
tests_unit_check_link_SOURCES = tests/unit/check_link.c tests/unit/unit.h tests/unit/bytes.h \
	tests/unit/link_case.h
tests_unit_check_link_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_check_link_LDADD = $(CHECK_LIBRARY) $(CHECK_LIBS)
EXTRA_DIST += \
	tests/captures/article/pop3-login.pcapng \
	tests/captures/article/pop3-login-ip.pcap \
	tests/captures/article/pop3-login-ppp.pcap \
	tests/captures/article/pop3-login-ppp-with-direction.pcap
