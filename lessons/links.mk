# SPDX-License-Identifier: GPL-3.0-or-later
# Packs and traces of what lies below IP or beside it.
dist_rules_DATA += lessons/rules/line.xml
dist_captures_DATA += lessons/captures/ppp-chap-refused.pcap lessons/captures/ppp-no-answer.pcap \
	lessons/captures/ppp-pap-refused.pcap lessons/captures/pppoe-no-offer.pcap \
	lessons/captures/pppoe-ok.pcap lessons/captures/pppoe-refused.pcap
