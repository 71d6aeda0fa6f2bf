# SPDX-License-Identifier: GPL-3.0-or-later
libtracetutor_a_SOURCES += src/decode/dhcpv6.c src/decode/dhcpv6.h \
	src/decode/dhcpv6_rows.c src/decode/quic.c src/decode/quic.h src/decode/quic_rows.c \
	src/decode/quic_keys.c src/decode/quic_frames.c src/decode/ssh.c src/decode/ssh.h src/decode/ssh_rows.c src/decode/ssh_agree.c \
	src/decode/ssh_message.c src/decode/fingerprint.c src/decode/fingerprint.h src/decode/ldap.c src/decode/ldap.h src/decode/ldap_filter.c src/decode/ldap_operation.c \
	src/decode/ldap_rows.c \
	src/decode/ftp_data.c src/decode/ftp_rows.c src/decode/ftp.h src/decode/http2.c src/decode/websocket.c src/decode/mime_multipart.c \
	src/decode/http_content.c src/decode/http_content.h src/decode/http_state.h src/decode/http_body.c
libtracetutor_a_SOURCES += src/decode/tls_keys.c src/decode/tls_quic.c src/decode/tls_fingerprint.c
