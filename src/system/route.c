/* SPDX-License-Identifier: GPL-3.0-or-later */
/* route: which way packets leave, as `ip route get` finds it out. Nothing is sent to anybody. */
#include "config.h"

#include "src/system/libnl.h"
#include "src/system/private.h"

#include <arpa/inet.h>

static void gateway_of(struct rtnl_nexthop *hop, struct ip_address *gateway)
{
	struct nl_addr *a = libnl_route.rtnl_route_nh_get_gateway(hop);

	if (!a)
		a = libnl_route.rtnl_route_nh_get_via(
			hop); /* an IPv6 neighbour that carries IPv4 */
	if (!a || libnl.nl_addr_iszero(a))
		return;
	gateway->family = libnl.nl_addr_get_family(a) == AF_INET ? 4 : 6;
	memcpy(gateway->addr, libnl.nl_addr_get_binary_addr(a), gateway->family == 4 ? 4 : 16);
}

static bool read_way(struct rtnl_route *route, struct way *w)
{
	uint8_t type = libnl_route.rtnl_route_get_type(route);
	struct rtnl_nexthop *hop = libnl_route.rtnl_route_nexthop_n(route, 0);

	*w = (struct way){.local = type == RTN_LOCAL};
	if (type == RTN_UNREACHABLE || type == RTN_BLACKHOLE || type == RTN_PROHIBIT ||
	    type == RTN_THROW || !hop)
		return false;
	w->index = (unsigned)libnl_route.rtnl_route_nh_get_ifindex(hop);
	if (w->local)
		w->index = if_nametoindex("lo");
	gateway_of(hop, &w->gateway);
	return if_indextoname(w->index, w->name) != NULL;
}

bool way_to(struct nl_sock *sk, const struct ip_address *to, struct way *w)
{
	int family = to->family == 4 ? AF_INET : AF_INET6;
	struct nl_addr *address = libnl.nl_addr_build(family, to->addr, to->family == 4 ? 4 : 16);
	struct rtnl_route *route = NULL;
	bool found;

	if (to->scope) {
		*w = (struct way){.index = to->scope};
		libnl.nl_addr_put(address);
		return if_indextoname(w->index, w->name) != NULL;
	}
	found = address && libnl_route.rtnl_route_lookup(sk, address, &route) == 0 && route &&
		read_way(route, w);
	if (route)
		libnl_route.rtnl_route_put(route);
	libnl.nl_addr_put(address);
	return found;
}

bool way_elsewhere(struct nl_sock *sk, uint8_t family, struct way *w)
{
	/* a.root-servers.net stands for everybody: a default route may be written in two halves. */
	static const struct ip_address v4 = {4, {198, 41, 0, 4}, 0};
	static const struct ip_address v6 = {
		6, {0x20, 1, 5, 3, 0xba, 0x3e, [13] = 2, [15] = 0x30}, 0};

	return way_to(sk, family == 4 ? &v4 : &v6, w) && !w->local;
}

static void fill_route(struct nl_sock *sk, const struct ip_address *to, const struct way *w,
		       struct system_route *r)
{
	struct buf text = BUF_INIT;

	r->interface = g_strdup(w->name);
	r->kind = link_kind_of(sk, w->index);
	ip_address_text(to, &text);
	r->address = buf_steal(&text);
	if (w->gateway.family) {
		ip_address_text(&w->gateway, &text);
		r->gateway = buf_steal(&text);
	}
	r->local = w->local;
	r->tunnel = !strcmp(r->kind, "tunnel");
}

bool system_route_to(const char *host, unsigned seconds, struct system_route *r, struct diag *d)
{
	struct ip_address found[LOOKUP_MAX];
	unsigned n = lookup(host, seconds, found, d);
	struct nl_sock *sk = n ? kernel_socket(NETLINK_ROUTE) : NULL;
	bool way = false;

	*r = (struct system_route){0};
	for (unsigned i = 0; sk && i < n && !way; i++) {
		struct way w;

		way = way_to(sk, &found[i], &w);
		if (way)
			fill_route(sk, &found[i], &w, r);
	}
	kernel_done(sk);
	if (n && !way)
		diag_fail(d, "connect it to a network (cable or Wi-Fi) first",
			  "this computer knows no way to %s: it is not connected to a network that "
			  "leads there",
			  host);
	return way;
}

void system_route_release(struct system_route *r)
{
	g_free(r->interface);
	g_free(r->address);
	g_free(r->gateway);
	*r = (struct system_route){0};
}
