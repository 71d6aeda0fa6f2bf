# SPDX-License-Identifier: GPL-3.0-or-later
# What lies below IP or beside it: lines, tunnels, switches, wireless.
libtracetutor_a_SOURCES += src/decode/lcp.c src/decode/lcp.h \
	src/decode/pppoe.h src/decode/pppoe_tags.c src/decode/ppp_control.c src/decode/ppp_control.h src/decode/option_lines.c \
	src/decode/option_lines.h src/decode/ipcp.c src/decode/ipv6cp.c src/decode/ccp.c \
	src/decode/pap.c src/decode/chap.c src/decode/eapol.c src/decode/eapol.h src/decode/eap.c src/decode/eap.h \
	src/decode/eap_rows.c src/decode/eap_methods.c \
	src/decode/wlan_rsna_eapol.c src/decode/igmp.c src/decode/stp.c src/decode/lldp.c src/decode/lldp.h src/decode/lldp_rows.c src/decode/lldp_org.c \
	src/decode/gre.c src/decode/vxlan.c src/decode/sctp.c src/decode/sctp.h src/decode/sctp_rows.c src/decode/radiotap.c src/decode/radiotap.h \
	src/decode/radiotap_rows.c src/decode/wlan.h src/decode/wlan_rows.c \
	src/decode/wlan_codes.c src/decode/wlan_mgt.c src/decode/wlan_tags.c \
	src/decode/wlan_radio.c src/decode/wlan.c src/decode/chdlc.c src/decode/slarp.c
