/* SPDX-License-Identifier: GPL-3.0-or-later */
/* libnl: its functions, loaded when the kernel is asked something (library.h). */
#ifndef TRACETUTOR_SYSTEM_LIBNL_H
#define TRACETUTOR_SYSTEM_LIBNL_H

#include <netlink/msg.h>
#include <netlink/netlink.h>
#include <netlink/route/addr.h>
#include <netlink/route/link.h>
#include <netlink/route/route.h>

#include "tracetutor/library.h"

#define LIBNL(X)                                                                                   \
	X(nl_addr_build)                                                                           \
	X(nl_addr_get_binary_addr)                                                                 \
	X(nl_addr_get_family)                                                                      \
	X(nl_addr_iszero)                                                                          \
	X(nl_addr_put)                                                                             \
	X(nl_cache_free)                                                                           \
	X(nl_cache_get_first)                                                                      \
	X(nl_cache_get_next)                                                                       \
	X(nl_connect)                                                                              \
	X(nl_recvmsgs_default)                                                                     \
	X(nl_send_simple)                                                                          \
	X(nl_socket_alloc)                                                                         \
	X(nl_socket_disable_seq_check)                                                             \
	X(nl_socket_free)                                                                          \
	X(nl_socket_modify_cb)                                                                     \
	X(nlmsg_data)                                                                              \
	X(nlmsg_hdr)                                                                               \
	X(nlmsg_valid_hdr)

#define LIBNL_ROUTE(X)                                                                             \
	X(rtnl_addr_alloc_cache)                                                                   \
	X(rtnl_addr_get_ifindex)                                                                   \
	X(rtnl_addr_get_local)                                                                     \
	X(rtnl_link_alloc_cache)                                                                   \
	X(rtnl_link_get_arptype)                                                                   \
	X(rtnl_link_get_flags)                                                                     \
	X(rtnl_link_get_ifindex)                                                                   \
	X(rtnl_link_get_kernel)                                                                    \
	X(rtnl_link_get_mtu)                                                                       \
	X(rtnl_link_get_name)                                                                      \
	X(rtnl_link_get_type)                                                                      \
	X(rtnl_link_put)                                                                           \
	X(rtnl_route_get_type)                                                                     \
	X(rtnl_route_lookup)                                                                       \
	X(rtnl_route_nexthop_n)                                                                    \
	X(rtnl_route_nh_get_gateway)                                                               \
	X(rtnl_route_nh_get_ifindex)                                                               \
	X(rtnl_route_nh_get_via)                                                                   \
	X(rtnl_route_put)

struct libnl {
	LIBNL(LIBRARY_MEMBER)
};
struct libnl_route {
	LIBNL_ROUTE(LIBRARY_MEMBER)
};

/* All NULL before kernel_socket(). */
extern struct libnl libnl;
extern struct libnl_route libnl_route;

#endif
