# SPDX-License-Identifier: GPL-3.0-or-later
libtracetutor_a_SOURCES += include/tracetutor/decode.h src/decode/decode.c src/decode/again.c src/decode/again.h
libtracetutor_a_SOURCES += src/decode/textline.c src/decode/textline.h src/decode/sasl.c \
	src/decode/sasl.h src/decode/apptext.c src/decode/apptext.h src/decode/pop.c \
	src/decode/smtp.c src/decode/imap.c src/decode/ftp.c src/decode/nntp.c
libtracetutor_a_SOURCES += include/tracetutor/ports.h include/tracetutor/tcp_fields.h \
	include/tracetutor/udp_fields.h src/decode/ports.c src/decode/net.c src/decode/net.h \
	src/decode/net_lines.c src/decode/fragment.c src/decode/fragment.h src/decode/ip.c \
	src/decode/ip.h src/decode/ip_fields.c src/decode/ip_options.c src/decode/ip_lines.c \
	src/decode/tcp.c src/decode/tcp.h src/decode/tcp_fields.c src/decode/tcp_options.c \
	src/decode/tcp_lines.c src/decode/udp.c src/decode/data.c
libtracetutor_a_SOURCES += include/tracetutor/dns_fields.h src/decode/dns.h src/decode/dns.c \
	src/decode/dns_names.c src/decode/dns_rr.c src/decode/dns_opt.c src/decode/dns_rows.c \
	src/decode/dns_lines.c
libtracetutor_a_SOURCES += src/decode/frame.c src/decode/frame.h src/decode/link.c src/decode/link.h \
	src/decode/eth.c src/decode/eth.h src/decode/vlan.c src/decode/llc.c src/decode/null.c \
	src/decode/raw.c src/decode/sll.c src/decode/ppp.c src/decode/ppp.h src/decode/pppoe.c \
	src/decode/vj.c src/decode/vj_table.c src/decode/vj_table.h src/decode/arp.c
libtracetutor_a_SOURCES += src/decode/ipv6.c src/decode/ipv6.h src/decode/ipv6_fields.c src/decode/ipv6_ext.c \
	src/decode/ipv6_lines.c src/decode/icmp.c src/decode/icmp.h src/decode/icmp_fields.c \
	src/decode/icmp_lines.c src/decode/icmpv6.c src/decode/icmpv6.h \
	src/decode/icmpv6_fields.c src/decode/icmpv6_options.c src/decode/icmpv6_lines.c
libtracetutor_a_SOURCES += src/decode/dhcp.c src/decode/dhcp.h src/decode/dhcp_parts.c src/decode/dhcp_rows.c src/decode/ntp.c
libtracetutor_a_SOURCES += src/decode/tls.h src/decode/tls.c src/decode/tls_handshake.c \
	src/decode/tls_ext.c src/decode/tls_cert.c src/decode/tls_sizes.c src/decode/tls_rows.c \
	src/decode/tls_ciphers.c
libtracetutor_a_SOURCES += src/decode/http.c src/decode/http.h src/decode/http_header.c \
	src/decode/http_rows.c
libtracetutor_a_SOURCES += src/decode/nbns.c src/decode/nbns.h src/decode/nbns_rows.c \
	src/decode/tftp.c src/decode/sip.c src/decode/sip.h src/decode/sip_header.c \
	src/decode/sip_rows.c src/decode/sdp.c src/decode/sdp.h src/decode/sdp_rows.c \
	src/decode/stun.c src/decode/stun.h src/decode/stun_rows.c \
	src/decode/ber.h src/decode/snmp.c src/decode/snmp.h src/decode/snmp_rows.c \
	src/decode/radius.c src/decode/radius.h src/decode/radius_rows.c src/decode/radius_values.c \
	src/decode/syslog.c src/decode/socks.c src/decode/telnet.c src/decode/telnet.h \
	src/decode/telnet_rows.c
