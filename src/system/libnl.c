/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "src/system/libnl.h"

#include "src/system/private.h"

struct libnl libnl;
struct libnl_route libnl_route;

static const char *const names[] = {LIBNL(LIBRARY_NAME)};
static const char *const route_names[] = {LIBNL_ROUTE(LIBRARY_NAME)};

static bool load(void)
{
	struct diag quiet = DIAG_INIT; /* who asks the kernel says what it does not know then */
	bool loaded = libnl_route.rtnl_route_put ||
		      (library_load(LIBNL_FILE, names, G_N_ELEMENTS(names), &libnl, &quiet) &&
		       library_load(LIBNL_ROUTE_FILE, route_names, G_N_ELEMENTS(route_names),
				    &libnl_route, &quiet));

	diag_release(&quiet);
	return loaded;
}

struct nl_sock *kernel_socket(int protocol)
{
	struct nl_sock *sk = load() ? libnl.nl_socket_alloc() : NULL;

	if (sk && libnl.nl_connect(sk, protocol) == 0)
		return sk;
	kernel_done(sk);
	return NULL;
}

void kernel_done(struct nl_sock *sk)
{
	if (sk)
		libnl.nl_socket_free(sk);
}
