# SPDX-License-Identifier: GPL-3.0-or-later
# Traces of local names, telephony, device management and access (tests/captures/make_services.py,
# make_devices.py).
dist_captures_DATA += \
	lessons/captures/llmnr-found.pcap lessons/captures/llmnr-no-answer.pcap lessons/captures/mdns-found.pcap \
	lessons/captures/mdns-no-answer.pcap lessons/captures/nbns-conflict.pcap lessons/captures/nbns-found.pcap \
	lessons/captures/nbns-no-answer.pcap lessons/captures/radius-good.pcap lessons/captures/radius-no-answer.pcap \
	lessons/captures/radius-rejected.pcap lessons/captures/sip-busy.pcap lessons/captures/sip-call-no-answer.pcap \
	lessons/captures/sip-declined.pcap lessons/captures/sip-forbidden.pcap lessons/captures/sip-good.pcap \
	lessons/captures/sip-login-refused.pcap lessons/captures/sip-nat.pcap lessons/captures/sip-no-account.pcap \
	lessons/captures/sip-no-answer.pcap lessons/captures/sip-no-coding.pcap lessons/captures/sip-no-number.pcap \
	lessons/captures/sip-not-reached.pcap lessons/captures/sip-port-closed.pcap lessons/captures/sip-trouble.pcap \
	lessons/captures/snmp-good.pcap lessons/captures/snmp-no-answer.pcap lessons/captures/snmp-no-object.pcap \
	lessons/captures/snmp-read-only.pcap lessons/captures/snmp-wrong-user.pcap lessons/captures/socks-forbidden.pcap \
	lessons/captures/socks-good.pcap lessons/captures/socks-login-refused.pcap lessons/captures/socks-no-method.pcap \
	lessons/captures/socks-not-reached.pcap lessons/captures/stun-found.pcap lessons/captures/stun-no-answer.pcap \
	lessons/captures/syslog-trouble.pcap lessons/captures/telnet-good.pcap lessons/captures/telnet-refused.pcap \
	lessons/captures/tftp-good.pcap lessons/captures/tftp-no-answer.pcap lessons/captures/tftp-no-file.pcap \
	lessons/captures/tftp-port-closed.pcap lessons/captures/tftp-refused.pcap lessons/captures/tftp-stalled.pcap \
	lessons/captures/turn-refused.pcap
EXTRA_DIST += tests/captures/make_services.py tests/captures/make_devices.py
