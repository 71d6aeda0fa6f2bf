# SPDX-License-Identifier: GPL-3.0-or-later
# Recorded traces: those of the lessons, and those that the rules are tested on.
capturesdir = $(pkgdatadir)/captures
dist_captures_DATA = \
	lessons/captures/all-cut.pcap lessons/captures/arp_dup_ip.pcap \
	lessons/captures/missed.pcap lessons/captures/recorded-twice.pcap \
	lessons/captures/arp_no_reply.pcap lessons/captures/cut.pcap \
	lessons/captures/dhcp_dora.pcap \
	lessons/captures/ntp_ahead.pcap lessons/captures/dhcp_nak.pcap lessons/captures/dhcp_no_offer.pcap \
	lessons/captures/dns_nodata.pcap lessons/captures/dns_nxdomain.pcap \
	lessons/captures/dns_port_closed.pcap lessons/captures/dns_refused.pcap \
	lessons/captures/dns_servfail.pcap lessons/captures/dns_timeout.pcap \
	lessons/captures/dns_timeout_1s.pcap lessons/captures/dns_timeout_4s.pcap \
	lessons/captures/empty.pcap lessons/captures/ftp_425.pcap lessons/captures/ftp_530.pcap \
	lessons/captures/half-handshake.pcap lessons/captures/half_open_ack_rst.pcap \
	lessons/captures/finger.pcap lessons/captures/http_cookie.pcap \
	lessons/captures/http_404.pcap lessons/captures/http_407.pcap \
	lessons/captures/http_503.pcap lessons/captures/http_captive.pcap \
	lessons/captures/icmp_admin_prohib.pcap lessons/captures/icmp_host_unreach.pcap \
	lessons/captures/icmp_net_unreach.pcap lessons/captures/icmp_ttl_exceeded.pcap \
	lessons/captures/imap-unavailable.pcap lessons/captures/imap_authfail.pcap \
	lessons/captures/imap_no.pcap lessons/captures/ip_fragments.pcap \
	lessons/captures/ipv6_broken.pcap lessons/captures/keep-alive.pcap \
	lessons/captures/machine-clock.pcapng lessons/captures/machine-clock-kept.pcapng \
	lessons/captures/machine-clock-ntp.pcapng lessons/captures/machine-loopback.pcapng \
	lessons/captures/machine-loopback-stub.pcapng lessons/captures/machine-mtu.pcapng \
	lessons/captures/machine-no-address.pcapng lessons/captures/machine-owner.pcapng \
	lessons/captures/machine-proxy-not-used.pcapng lessons/captures/machine-proxy-used.pcapng \
	lessons/captures/machine-vpn.pcapng lessons/captures/machine-vpn-outside.pcapng \
	lessons/captures/mss_clamped.pcap lessons/captures/names.pcap \
	lessons/captures/nat_idle_timeout.pcap lessons/captures/no-address.pcap \
	lessons/captures/ntp_skew.pcap lessons/captures/offload_artifact.pcap \
	lessons/captures/one-sided.pcap lessons/captures/peer-vanished.pcap \
	lessons/captures/ping.pcap lessons/captures/plain_on_tls_port.pcap \
	lessons/captures/pmtu_blackhole.pcap lessons/captures/pmtu_blackhole_down.pcap \
	lessons/captures/pmtu_frag_needed.pcap lessons/captures/pop3-locked.pcap \
	lessons/captures/pop3-login-ppp-with-direction.pcap lessons/captures/pop3-login-ppp.pcap \
	lessons/captures/pop3-login.pcapng lessons/captures/pop3-ok.pcap \
	lessons/captures/pop3-trouble.pcap lessons/captures/pop3_err.pcap \
	lessons/captures/pop3s_bad.pcap lessons/captures/pop3s_good.pcap \
	lessons/captures/rst_injected_ttl.pcap lessons/captures/rst_midstream.pcap \
	lessons/captures/silent_tls_port.pcap lessons/captures/slow.pcap \
	lessons/captures/slow_network.pcap lessons/captures/slow_server.pcap \
	lessons/captures/smtp-app-password.pcap lessons/captures/smtp-basic-off.pcap \
	lessons/captures/smtp_421.pcap lessons/captures/smtp_530_starttls.pcap \
	lessons/captures/smtp_535.pcap lessons/captures/smtp_550_relay.pcap \
	lessons/captures/smtp_554_banner.pcap lessons/captures/smtp_starttls_missing.pcap \
	lessons/captures/stall.pcap lessons/captures/tcp_loss_fast.pcap \
	lessons/captures/tcp_loss_rto.pcap lessons/captures/tcp_no_synack.pcap \
	lessons/captures/tcp_refused.pcap lessons/captures/tcp_zero_window.pcap \
	lessons/captures/tls_clientcert.pcap lessons/captures/tls_closed.pcap lessons/captures/tls_name_unknown.pcap \
	lessons/captures/tls_expired12.pcap \
	lessons/captures/tls_expired13.pcap lessons/captures/tls_gnutls_ca12.pcap \
	lessons/captures/tls_gnutls_ca13.pcap lessons/captures/tls_gnutls_exp13.pcap \
	lessons/captures/tls_gnutls_ok_keylog.pcap lessons/captures/tls_name12.pcap \
	lessons/captures/tls_nocipher.pcap lessons/captures/tls_ok.pcap \
	lessons/captures/tls-parting.pcap \
	lessons/captures/tls_on_plain_port.pcap lessons/captures/tls_py_ca13.pcap \
	lessons/captures/tls_unknown_ca12.pcap lessons/captures/tls_unknown_ca13.pcap \
	lessons/captures/tls_version.pcap lessons/captures/unknown-link.pcap \
	lessons/captures/dns-refused-bare.pcap lessons/captures/no-reply.pcap \
	lessons/captures/pmtu-down-silent.pcap lessons/captures/pop3s-left.pcap \
	lessons/captures/smtp-no-starttls.pcap lessons/captures/tls-other-name.pcap \
	lessons/captures/web-page.pcap
dist_captures_DATA += lessons/captures/dhcpv6-address.pcap \
	lessons/captures/dhcpv6-no-address.pcap lessons/captures/dhcpv6-no-answer.pcap \
	lessons/captures/quic-no-answer.pcap lessons/captures/quic-page.pcap \
	lessons/captures/quic-refused.pcap lessons/captures/quic-versions.pcap
dist_captures_DATA += lessons/captures/ssh-closed.pcap lessons/captures/ssh-disconnect.pcap \
	lessons/captures/ssh-login.pcap lessons/captures/ssh-no-common.pcap \
	lessons/captures/ssh-turned-away.pcap lessons/captures/ssh-version-1.pcap
dist_captures_DATA += lessons/captures/ldap-busy.pcap lessons/captures/ldap-encryption.pcap \
	lessons/captures/ldap-locked.pcap lessons/captures/ldap-not-allowed.pcap \
	lessons/captures/ldap-refused.pcap lessons/captures/ldap-search.pcap
dist_captures_DATA += lessons/captures/ftp-passive.pcap lessons/captures/ftp-passive-nat.pcap
dist_captures_DATA += lessons/captures/http-packed.pcap lessons/captures/http-tunnel.pcap \
	lessons/captures/http2-clear.pcap lessons/captures/web-socket.pcap
dist_captures_DATA += lessons/captures/dns-extended-error.pcap
