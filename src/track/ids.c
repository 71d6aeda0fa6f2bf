/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ids: rows of other protocols by name. */
#include "src/track/rows.h"

#include <string.h>

struct foreign_row {
	enum proto_id proto;
	const char *name;
};

static const struct foreign_row foreign_rows[FOREIGN_COUNT] = {
	[F_IP_SRC] = {PROTO_ip, "ip.src"},
	[F_IP_DST] = {PROTO_ip, "ip.dst"},
	[F_IP_ADDR] = {PROTO_ip, "ip.addr"},
	[F_IPV6_SRC] = {PROTO_ipv6, "ipv6.src"},
	[F_IPV6_DST] = {PROTO_ipv6, "ipv6.dst"},
	[F_IPV6_ADDR] = {PROTO_ipv6, "ipv6.addr"},
	[F_IP_DF] = {PROTO_ip, "ip.flags.df"},
	[F_ICMP_TYPE] = {PROTO_icmp, "icmp.type"},
	[F_ICMP_CODE] = {PROTO_icmp, "icmp.code"},
	[F_ICMP_MTU] = {PROTO_icmp, "icmp.mtu"},
	[F_ICMPV6_TYPE] = {PROTO_icmpv6, "icmpv6.type"},
	[F_ICMPV6_CODE] = {PROTO_icmpv6, "icmpv6.code"},
	[F_ICMPV6_MTU] = {PROTO_icmpv6, "icmpv6.mtu"},
	[F_ICMP_RESP_TO] = {PROTO_icmp, "icmp.resp_to"},
	[F_ICMP_RESPTIME] = {PROTO_icmp, "icmp.resptime"},
	[F_ICMPV6_RESP_TO] = {PROTO_icmpv6, "icmpv6.resp_to"},
	[F_ICMPV6_RESPTIME] = {PROTO_icmpv6, "icmpv6.resptime"},
	[F_DNS_RESPONSE_TO] = {PROTO_dns, "dns.response_to"},
	[F_DNS_TIME] = {PROTO_dns, "dns.time"},
	[F_STUN_RESPONSE_TO] = {PROTO_stun, "stun.response-to"},
	[F_STUN_TIME] = {PROTO_stun, "stun.time"},
	[F_SNMP_RESPONSE_TO] = {PROTO_snmp, "snmp.response_to"},
	[F_SNMP_TIME] = {PROTO_snmp, "snmp.time"},
	[F_IMAP_RESPONSE_TO] = {PROTO_imap, "imap.response_to"},
	[F_IMAP_TIME] = {PROTO_imap, "imap.time"},
	[F_RADIUS_REQUEST] = {PROTO_radius, "radius.reqframe"},
	[F_RADIUS_TIME] = {PROTO_radius, "radius.time"},
	[F_DNS_RETRANSMISSION] = {PROTO_dns, "dns.retransmission"},
	[F_DNS_RETRANSMIT_REQUEST] = {PROTO_dns, "dns.retransmit_request"},
	[F_DNS_RETRANSMIT_REQUEST_IN] = {PROTO_dns, "dns.retransmit_request_in"},
	[F_UDP_SRCPORT] = {PROTO_udp, "udp.srcport"},
	[F_UDP_DSTPORT] = {PROTO_udp, "udp.dstport"},
	[F_UDP_PORT] = {PROTO_udp, "udp.port"},
	[F_UDP_STREAM] = {PROTO_udp, "udp.stream"},
	[F_UDP_TIME_RELATIVE] = {PROTO_udp, "udp.time_relative"},
	[F_UDP_TIME_DELTA] = {PROTO_udp, "udp.time_delta"},
	[F_TCP_SRCPORT] = {PROTO_tcp, "tcp.srcport"},
	[F_TCP_DSTPORT] = {PROTO_tcp, "tcp.dstport"},
	[F_TCP_PORT] = {PROTO_tcp, "tcp.port"},
	[F_TCP_STREAM] = {PROTO_tcp, "tcp.stream"},
	[F_TCP_COMPLETENESS] = {PROTO_tcp, "tcp.completeness"},
	[F_TCP_SEQ] = {PROTO_tcp, "tcp.seq"},
	[F_TCP_NXTSEQ] = {PROTO_tcp, "tcp.nxtseq"},
	[F_TCP_ACK] = {PROTO_tcp, "tcp.ack"},
	[F_TCP_WINDOW_SIZE] = {PROTO_tcp, "tcp.window_size"},
	[F_TCP_SCALEFACTOR] = {PROTO_tcp, "tcp.window_size_scalefactor"},
	[F_TCP_TIME_RELATIVE] = {PROTO_tcp, "tcp.time_relative"},
	[F_TCP_TIME_DELTA] = {PROTO_tcp, "tcp.time_delta"},
	[F_TCP_FIN_ACTIVE] = {PROTO_tcp, "tcp.connection.fin_active"},
	[F_TCP_FIN_PASSIVE] = {PROTO_tcp, "tcp.connection.fin_passive"},
	[F_TCP_ANALYSIS] = {PROTO_tcp, "tcp.analysis"},
	[F_TCP_ACKS_FRAME] = {PROTO_tcp, "tcp.analysis.acks_frame"},
	[F_TCP_ACK_RTT] = {PROTO_tcp, "tcp.analysis.ack_rtt"},
	[F_TCP_INITIAL_RTT] = {PROTO_tcp, "tcp.analysis.initial_rtt"},
	[F_TCP_BYTES_IN_FLIGHT] = {PROTO_tcp, "tcp.analysis.bytes_in_flight"},
	[F_TCP_PUSH_BYTES_SENT] = {PROTO_tcp, "tcp.analysis.push_bytes_sent"},
	[F_TCP_FLAGS_ANALYSIS] = {PROTO_tcp, "tcp.analysis.flags"},
	[F_TCP_REUSED_PORTS] = {PROTO_tcp, "tcp.analysis.reused_ports"},
	[F_TCP_RETRANSMISSION] = {PROTO_tcp, "tcp.analysis.retransmission"},
	[F_TCP_RTO] = {PROTO_tcp, "tcp.analysis.rto"},
	[F_TCP_RTO_FRAME] = {PROTO_tcp, "tcp.analysis.rto_frame"},
	[F_TCP_FAST_RETRANSMISSION] = {PROTO_tcp, "tcp.analysis.fast_retransmission"},
	[F_TCP_SPURIOUS_RETRANSMISSION] = {PROTO_tcp, "tcp.analysis.spurious_retransmission"},
	[F_TCP_OUT_OF_ORDER] = {PROTO_tcp, "tcp.analysis.out_of_order"},
	[F_TCP_LOST_SEGMENT] = {PROTO_tcp, "tcp.analysis.lost_segment"},
	[F_TCP_ACK_LOST_SEGMENT] = {PROTO_tcp, "tcp.analysis.ack_lost_segment"},
	[F_TCP_WINDOW_UPDATE] = {PROTO_tcp, "tcp.analysis.window_update"},
	[F_TCP_WINDOW_FULL] = {PROTO_tcp, "tcp.analysis.window_full"},
	[F_TCP_KEEP_ALIVE] = {PROTO_tcp, "tcp.analysis.keep_alive"},
	[F_TCP_KEEP_ALIVE_ACK] = {PROTO_tcp, "tcp.analysis.keep_alive_ack"},
	[F_TCP_DUPLICATE_ACK] = {PROTO_tcp, "tcp.analysis.duplicate_ack"},
	[F_TCP_DUPLICATE_ACK_NUM] = {PROTO_tcp, "tcp.analysis.duplicate_ack_num"},
	[F_TCP_DUPLICATE_ACK_FRAME] = {PROTO_tcp, "tcp.analysis.duplicate_ack_frame"},
	[F_TCP_ZERO_WINDOW_PROBE] = {PROTO_tcp, "tcp.analysis.zero_window_probe"},
	[F_TCP_ZERO_WINDOW] = {PROTO_tcp, "tcp.analysis.zero_window"},
	[F_TCP_ZERO_WINDOW_PROBE_ACK] = {PROTO_tcp, "tcp.analysis.zero_window_probe_ack"},
};

static uint16_t row_by_name(const struct foreign_row *w)
{
	const struct proto_def *p = proto_table[w->proto];

	for (uint16_t row = 0; row < p->nfields; row++)
		if (!strcmp(p->fields[row].name, w->name))
			return FIELD_ID(w->proto, row);
	return FIELD_NONE;
}

void foreign_ids(uint16_t ids[FOREIGN_COUNT])
{
	for (unsigned i = 0; i < FOREIGN_COUNT; i++)
		ids[i] = row_by_name(&foreign_rows[i]);
}
