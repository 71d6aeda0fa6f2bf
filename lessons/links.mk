# SPDX-License-Identifier: GPL-3.0-or-later
# Packs and traces of what lies below IP or beside it.
dist_rules_DATA += lessons/rules/line.xml lessons/rules/wifi.xml lessons/rules/neighbours.xml
dist_captures_DATA += lessons/captures/ppp-chap-refused.pcap lessons/captures/ppp-no-answer.pcap \
	lessons/captures/ppp-pap-refused.pcap lessons/captures/pppoe-no-offer.pcap \
	lessons/captures/pppoe-ok.pcap lessons/captures/pppoe-refused.pcap \
	lessons/captures/sctp-refused.pcap lessons/captures/switches.pcap \
	lessons/captures/wifi-certificate.pcap lessons/captures/wifi-full.pcap \
	lessons/captures/wifi-login-refused.pcap lessons/captures/wifi-ok.pcap \
	lessons/captures/wifi-sent-away.pcap lessons/captures/wifi-silent.pcap \
	lessons/captures/wifi-wrong-password-wpa3.pcap lessons/captures/wifi-wrong-password.pcap
