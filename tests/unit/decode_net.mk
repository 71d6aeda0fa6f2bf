# SPDX-License-Identifier: GPL-3.0-or-later
check_PROGRAMS += tests/unit/check_net tests/unit/check_transport tests/unit/check_shape
TESTS += tests/unit/check_net tests/unit/check_transport tests/unit/check_shape
tests_unit_check_net_SOURCES = tests/unit/check_net.c tests/unit/net_build.h tests/unit/unit.h
tests_unit_check_net_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_check_net_LDADD = $(CHECK_LIBRARY) $(CHECK_LIBS)
tests_unit_check_transport_SOURCES = tests/unit/check_transport.c tests/unit/net_build.h \
	tests/unit/unit.h
tests_unit_check_transport_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_check_transport_LDADD = $(CHECK_LIBRARY) $(CHECK_LIBS)
EXTRA_DIST += tests/captures/net-tcp-options.pcap \
	tests/captures/net-ip-options.pcap tests/captures/net-ipv6.pcap \
	tests/captures/net-icmp.pcap tests/golden/pop3-login-ip.lines tests/golden/pop3-login.lines
tests_unit_check_shape_SOURCES = tests/unit/check_shape.c tests/unit/net_build.h \
	tests/unit/unit.h
tests_unit_check_shape_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_check_shape_LDADD = $(CHECK_LIBRARY) $(CHECK_LIBS)
