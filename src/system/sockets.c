/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * sockets: the kernel's list of sockets (sock_diag). libnl-idiag would ask only for TCP and hands
 * out ports in the byte order of the network, so the message is read here.
 */
#include "config.h"

#include "src/system/libnl.h"
#include "src/system/private.h"

#include <arpa/inet.h>
#include <linux/inet_diag.h>
#include <linux/sock_diag.h>
#include <netinet/tcp.h>

/* States in which a program holds the socket. The others (TIME_WAIT ...) are the kernel's alone. */
#define TCP_STATES                                                                                 \
	(1u << TCP_ESTABLISHED | 1u << TCP_SYN_SENT | 1u << TCP_FIN_WAIT1 | 1u << TCP_FIN_WAIT2 |  \
	 1u << TCP_CLOSE_WAIT | 1u << TCP_LAST_ACK | 1u << TCP_CLOSING | 1u << TCP_LISTEN)
#define UDP_STATES (1u << TCP_ESTABLISHED | 1u << TCP_CLOSE)

struct dump {
	GArray *sockets;
	uint8_t ip_proto;
};

static struct endpoint end_of(const __be32 addr[4], __be16 port, bool v6, bool mapped)
{
	struct endpoint e = {.port = ntohs(port)};

	if (mapped)
		memcpy(e.addr, &addr[3], 4);
	else
		memcpy(e.addr, addr, v6 ? 16 : 4);
	return e;
}

/* IPv4 in an IPv6 socket (RFC 4291 section 2.5.5.2) is IPv4 on the wire. */
static bool is_mapped(const __be32 addr[4])
{
	return !addr[0] && !addr[1] && addr[2] == htonl(0xffff);
}

static enum socket_state state_of(const struct inet_diag_msg *m, uint8_t ip_proto)
{
	if (m->idiag_state == TCP_LISTEN)
		return SOCKET_LISTENS;
	return ip_proto == IPPROTO_UDP && m->idiag_state == TCP_CLOSE ? SOCKET_OPEN
								      : SOCKET_CONNECTED;
}

static int seen(struct nl_msg *message, void *context)
{
	struct dump *dump = context;
	struct nlmsghdr *head = libnl.nlmsg_hdr(message);
	const struct inet_diag_msg *m = libnl.nlmsg_data(head);
	struct socket_seen s = {0};
	bool v6, mapped;

	if (!libnl.nlmsg_valid_hdr(head, sizeof(*m)) || !m->idiag_inode)
		return NL_OK;
	v6 = m->idiag_family == AF_INET6;
	mapped = v6 && is_mapped(m->id.idiag_src);
	s.state = state_of(m, dump->ip_proto);
	s.inode = m->idiag_inode;
	s.uid = m->idiag_uid;
	s.ends.family = v6 && !mapped ? 6 : 4;
	s.ends.ip_proto = dump->ip_proto;
	s.ends.local = end_of(m->id.idiag_src, m->id.idiag_sport, v6, mapped);
	s.ends.remote = end_of(m->id.idiag_dst, m->id.idiag_dport, v6, mapped);
	g_array_append_val(dump->sockets, s);
	return NL_OK;
}

static void dump_some(struct nl_sock *sk, GArray *sockets, int family, uint8_t ip_proto)
{
	struct dump dump = {sockets, ip_proto};
	struct inet_diag_req_v2 q = {.sdiag_family = (uint8_t)family,
				     .sdiag_protocol = ip_proto,
				     .idiag_states =
					     ip_proto == IPPROTO_TCP ? TCP_STATES : UDP_STATES};

	if (libnl.nl_socket_modify_cb(sk, NL_CB_VALID, NL_CB_CUSTOM, seen, &dump) == 0 &&
	    libnl.nl_send_simple(sk, SOCK_DIAG_BY_FAMILY, NLM_F_DUMP, &q, sizeof(q)) >= 0)
		libnl.nl_recvmsgs_default(sk);
}

GArray *sockets_now(void)
{
	GArray *sockets = g_array_new(FALSE, FALSE, sizeof(struct socket_seen));
	struct nl_sock *sk = kernel_socket(NETLINK_SOCK_DIAG);

	if (sk) {
		/* A change in the middle of a dump costs an entry, which the next one has. */
		libnl.nl_socket_disable_seq_check(sk);
		dump_some(sk, sockets, AF_INET, IPPROTO_TCP);
		dump_some(sk, sockets, AF_INET6, IPPROTO_TCP);
		dump_some(sk, sockets, AF_INET, IPPROTO_UDP);
		dump_some(sk, sockets, AF_INET6, IPPROTO_UDP);
	}
	kernel_done(sk);
	return sockets;
}
