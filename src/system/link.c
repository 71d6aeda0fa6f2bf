/* SPDX-License-Identifier: GPL-3.0-or-later */
/* link: the interfaces, what kind they are, and which is the best to record on. */
#include "config.h"

#include "src/system/libnl.h"
#include "src/system/private.h"

#include <arpa/inet.h>
#include <linux/if_arp.h>

#define ADDRESSES_MAX 8 /* told of one interface */

void ip_address_text(const struct ip_address *a, struct buf *out)
{
	char text[INET6_ADDRSTRLEN];

	if (inet_ntop(a->family == 4 ? AF_INET : AF_INET6, a->addr, text, sizeof(text)))
		buf_str(out, text);
}

/* --- kinds --- */

static bool one_of(const char *word, const char *const *list)
{
	for (; *list; list++)
		if (!strcmp(word, *list))
			return true;
	return false;
}

/* Drivers (IFLA_INFO_KIND) whose interfaces carry packets inside other packets. */
static const char *const tunnel_drivers[] = {"tun",    "wireguard", "ovpn",   "ipip",   "sit",
					     "ip6tnl", "gre",       "gretap", "ip6gre", "ip6gretap",
					     "erspan", "vti",       "vti6",   "xfrm",   "geneve",
					     "vxlan",  "fou",       "amt",    NULL};
/* Virtual ones that stand for a cable: of containers, VLANs, pairs of cards. */
static const char *const cable_drivers[] = {"veth",    "vlan",   "bond",      "team", "macvlan",
					    "macvtap", "ipvlan", "virt_wifi", "dsa",  NULL};

static bool is_wireless(const char *name)
{
	static const char *const marks[] = {"phy80211", "wireless"};
	bool found = false;

	for (size_t i = 0; i < G_N_ELEMENTS(marks) && !found; i++) {
		char *path = g_build_filename("/sys/class/net", name, marks[i], NULL);

		found = g_file_test(path, G_FILE_TEST_EXISTS);
		g_free(path);
	}
	return found;
}

const char *link_kind(struct rtnl_link *link)
{
	const char *driver = libnl_route.rtnl_link_get_type(link);

	switch (libnl_route.rtnl_link_get_arptype(link)) {
	case ARPHRD_LOOPBACK: return "loopback";
	case ARPHRD_SLIP:
	case ARPHRD_CSLIP:
	case ARPHRD_PPP: return "dial-up";
	case ARPHRD_TUNNEL:
	case ARPHRD_TUNNEL6:
	case ARPHRD_SIT:
	case ARPHRD_IPGRE:
	case ARPHRD_IP6GRE: return "tunnel";
	default: break;
	}
	if (driver)
		return one_of(driver, tunnel_drivers)  ? "tunnel"
		       : one_of(driver, cable_drivers) ? "cable"
						       : "other";
	if (libnl_route.rtnl_link_get_arptype(link) != ARPHRD_ETHER)
		return "other";
	return is_wireless(libnl_route.rtnl_link_get_name(link)) ? "Wi-Fi" : "cable";
}

const char *link_kind_of(struct nl_sock *sk, unsigned index)
{
	struct rtnl_link *link = NULL;
	const char *kind = "other";

	if (libnl_route.rtnl_link_get_kernel(sk, (int)index, NULL, &link) == 0) {
		kind = link_kind(link);
		libnl_route.rtnl_link_put(link);
	}
	return kind;
}

/* --- addresses --- */

/* Given by the interface to itself (RFC 3927, RFC 4291 section 2.5.6). */
static bool is_link_local(const struct nl_addr *a)
{
	const uint8_t *b = libnl.nl_addr_get_binary_addr(a);

	if (libnl.nl_addr_get_family(a) == AF_INET)
		return b[0] == 169 && b[1] == 254;
	return b[0] == 0xfe && (b[1] & 0xc0) == 0x80;
}

/* A link-local IPv6 address is always there and tells nothing; an IPv4 one tells that nobody gave
 * a better one. *good: an address beyond link-local was among them. */
static char *addresses_of(struct nl_cache *addresses, int index, bool *good)
{
	struct buf text = BUF_INIT;
	unsigned n = 0;

	for (struct nl_object *o = libnl.nl_cache_get_first(addresses); o;
	     o = libnl.nl_cache_get_next(o)) {
		struct rtnl_addr *a = (struct rtnl_addr *)o;
		struct nl_addr *local = libnl_route.rtnl_addr_get_local(a);
		struct ip_address ip = {0};
		bool poor;

		if (libnl_route.rtnl_addr_get_ifindex(a) != index || !local)
			continue;
		poor = is_link_local(local);
		*good |= !poor;
		if ((poor && libnl.nl_addr_get_family(local) == AF_INET6) || n++ >= ADDRESSES_MAX)
			continue;
		ip.family = libnl.nl_addr_get_family(local) == AF_INET ? 4 : 6;
		memcpy(ip.addr, libnl.nl_addr_get_binary_addr(local), ip.family == 4 ? 4 : 16);
		buf_str(&text, text.len ? ", " : "");
		ip_address_text(&ip, &text);
	}
	return buf_steal(&text);
}

/* --- the list --- */

static void interface_free(gpointer p)
{
	struct system_interface *i = p;

	g_free(i->name);
	g_free(i->addresses);
	g_free(i);
}

static bool leads_elsewhere(struct nl_sock *sk, const char *name)
{
	struct way w;

	for (uint8_t family = 4; family <= 6; family += 2)
		if (way_elsewhere(sk, family, &w) && !strcmp(w.name, name))
			return true;
	return false;
}

static struct system_interface *interface_new(struct nl_sock *sk, struct rtnl_link *link,
					      struct nl_cache *addresses)
{
	struct system_interface *i = g_new0(struct system_interface, 1);
	unsigned flags = libnl_route.rtnl_link_get_flags(link);
	bool good = false;

	i->name = g_strdup(libnl_route.rtnl_link_get_name(link));
	i->kind = link_kind(link);
	i->up = flags & IFF_UP;
	i->running = flags & IFF_RUNNING;
	i->has_default = leads_elsewhere(sk, i->name);
	i->mtu = libnl_route.rtnl_link_get_mtu(link);
	i->addresses = addresses_of(addresses, libnl_route.rtnl_link_get_ifindex(link), &good);
	return i;
}

static int goodness(const struct system_interface *i)
{
	bool loopback = !strcmp(i->kind, "loopback");
	bool device = !strcmp(i->kind, "cable") || !strcmp(i->kind, "Wi-Fi") ||
		      !strcmp(i->kind, "dial-up");

	if (loopback)
		return -1;
	return (i->has_default ? 16 : 0) + (i->running ? 8 : 0) + (*i->addresses ? 4 : 0) +
	       (i->up ? 2 : 0) + (device ? 1 : 0);
}

static gint better_first(gconstpointer a, gconstpointer b)
{
	const struct system_interface *x = *(struct system_interface *const *)a;
	const struct system_interface *y = *(struct system_interface *const *)b;
	int difference = goodness(y) - goodness(x);

	return difference ? difference : strcmp(x->name, y->name);
}

GPtrArray *system_interfaces(struct diag *d)
{
	struct nl_sock *sk = kernel_socket(NETLINK_ROUTE);
	struct nl_cache *links = NULL, *addresses = NULL;
	GPtrArray *all = NULL;

	if (sk && libnl_route.rtnl_link_alloc_cache(sk, AF_UNSPEC, &links) == 0 &&
	    libnl_route.rtnl_addr_alloc_cache(sk, &addresses) == 0) {
		all = g_ptr_array_new_with_free_func(interface_free);
		for (struct nl_object *o = libnl.nl_cache_get_first(links); o;
		     o = libnl.nl_cache_get_next(o))
			g_ptr_array_add(all, interface_new(sk, (struct rtnl_link *)o, addresses));
		g_ptr_array_sort(all, better_first);
	} else {
		diag_fail(d, "name the interface yourself; `ip link` lists them",
			  "the system does not tell which network interfaces there are");
	}
	if (sk) {
		libnl.nl_cache_free(addresses);
		libnl.nl_cache_free(links);
	}
	kernel_done(sk);
	return all;
}

/* --- the machine's --- */

void link_describe(struct machine *m, struct nl_sock *sk)
{
	struct rtnl_link *link = NULL;
	struct nl_cache *addresses = NULL;
	bool good = false;

	if (libnl_route.rtnl_link_get_kernel(sk, 0, m->interface, &link) != 0)
		return;
	m->kind = g_strdup(link_kind(link));
	m->mtu = libnl_route.rtnl_link_get_mtu(link);
	if (libnl_route.rtnl_addr_alloc_cache(sk, &addresses) == 0) {
		g_free(addresses_of(addresses, libnl_route.rtnl_link_get_ifindex(link), &good));
		m->has_address = good;
		libnl.nl_cache_free(addresses);
	}
	libnl_route.rtnl_link_put(link);
}
