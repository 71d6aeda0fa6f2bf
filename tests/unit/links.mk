# SPDX-License-Identifier: GPL-3.0-or-later
check_PROGRAMS += tests/unit/check_line tests/unit/check_wifi tests/unit/check_tunnels
TESTS += tests/unit/check_line tests/unit/check_wifi tests/unit/check_tunnels
tests_unit_check_line_SOURCES = tests/unit/check_line.c tests/unit/link_case.h tests/unit/unit.h
tests_unit_check_line_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_check_line_LDADD = $(CHECK_LIBRARY) $(CHECK_LIBS)
tests_unit_check_wifi_SOURCES = tests/unit/check_wifi.c tests/unit/link_case.h tests/unit/unit.h
tests_unit_check_wifi_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_check_wifi_LDADD = $(CHECK_LIBRARY) $(CHECK_LIBS)
tests_unit_check_tunnels_SOURCES = tests/unit/check_tunnels.c tests/unit/link_case.h tests/unit/unit.h
tests_unit_check_tunnels_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_check_tunnels_LDADD = $(CHECK_LIBRARY) $(CHECK_LIBS)
EXTRA_DIST += tests/captures/make_links.py tests/captures/link-ppp.pcap \
	tests/captures/link-pppoe.pcap tests/captures/link-eap.pcap \
	tests/captures/link-groups.pcap tests/captures/link-lldp.pcap tests/captures/link-stp.pcap \
	tests/captures/link-tunnels.pcap tests/captures/link-sctp.pcap \
	tests/captures/link-wlan.pcap tests/captures/link-wlan-bare.pcap tests/captures/link-radiotap.pcap
