/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * system: what the kernel says of this computer: interfaces, routes, resolvers, sockets and who
 * holds them. The only code that asks netlink and /proc. Nothing here changes anything, and nothing
 * here reads packets.
 */
#ifndef TRACETUTOR_SYSTEM_H
#define TRACETUTOR_SYSTEM_H

#include <stdbool.h>
#include <sys/types.h>

#include <glib.h>

#include "tracetutor/diag.h"
#include "tracetutor/machine.h"

struct system_interface {
	char *name;       /* "eth0" */
	const char *kind; /* as machine.kind; static */
	bool up, running; /* switched on; has a link */
	bool has_default; /* packets to elsewhere leave here */
	uint32_t mtu;
	char *addresses; /* "192.0.2.7, 2001:db8::7"; "" if it has none */
};
/* Best first: the one with the default route, then running ones, loopback last. NULL and a message
 * if the kernel does not say. Elements are freed with the array. */
GPtrArray *system_interfaces(struct diag *d);

/* How packets to somebody leave this computer. */
struct system_route {
	char *interface;  /* "eth0", "lo" for this computer itself */
	const char *kind; /* of it, as machine.kind */
	char *address;    /* the one asked for, as text; of a name the first found */
	char *gateway;    /* next hop; NULL: directly */
	bool local;       /* it is this computer */
	bool tunnel;      /* through a VPN */
};
/*
 * `host`: name or address; a name is looked up, for at most `seconds`. False if there is no way or
 * the name is not found (a message says which).
 */
bool system_route_to(const char *host, unsigned seconds, struct system_route *r, struct diag *d);
void system_route_release(struct system_route *r);

/* A program of this user (of the one who called sudo) that holds connections: established, or being
 * opened; not those that only listen, and not ours. */
struct system_program {
	char *name; /* "firefox", cleaned */
	pid_t pid;  /* the lowest of those with this name */
	unsigned connections;
	unsigned
		local; /* of these, to servers on this computer itself: nothing outside sees them */
};
/* Busiest outside first; empty if there are none. Elements are freed with the array. */
GPtrArray *system_programs(void);

/* The proxies the environment names, without user and password; NULL: none. g_free() it. */
char *system_proxy(void);
/* Fill an initialised machine for a recording on that interface (all but the owners). */
void system_machine(struct machine *m, const char *interface);
/* Add the owners of the sockets that are open now, as far as this user may see them. Called every
 * second while recording: without new sockets it asks the kernel for its list and nothing else. */
void system_owners(struct machine *m);

#endif
