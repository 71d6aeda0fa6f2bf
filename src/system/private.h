/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * private: what the files of system share.
 *
 *     libnl.c       libnl, loaded, and its sockets
 *     link.c        interfaces and what kind they are
 *     route.c       which way packets go
 *     lookup.c      names to addresses, bounded in time
 *     sockets.c     the kernel's list of sockets
 *     programs.c    who holds them
 *     settings.c    resolvers, proxy, clock, and all of the machine
 */
#ifndef TRACETUTOR_SYSTEM_PRIVATE_H
#define TRACETUTOR_SYSTEM_PRIVATE_H

#include <net/if.h>

#include "tracetutor/system.h"

#define LOOKUP_MAX 16 /* addresses of one name */

struct nl_sock;
struct rtnl_link;

struct ip_address {
	uint8_t family;   /* 4 or 6 */
	uint8_t addr[16]; /* IPv4 in the first four */
	uint32_t scope;   /* interface of a link-local address; 0: none */
};
void ip_address_text(const struct ip_address *a, struct buf *out);

/* --- libnl.c --- */
/* A socket to ask the kernel something (NETLINK_ROUTE ...); NULL: it does not answer, or libnl
 * cannot be loaded. */
struct nl_sock *kernel_socket(int protocol);
void kernel_done(struct nl_sock *sk); /* NULL: nothing happens */

/* --- link.c --- */
/* As machine.kind. */
const char *link_kind(struct rtnl_link *link);
/* Kind of the interface with that number; "other" if the kernel does not say. */
const char *link_kind_of(struct nl_sock *sk, unsigned index);
/* Fill in what is known of m->interface. */
void link_describe(struct machine *m, struct nl_sock *sk);

/* --- route.c --- */
struct way {
	unsigned index; /* of the interface */
	char name[IF_NAMESIZE];
	bool local;                /* to this computer */
	struct ip_address gateway; /* family 0: none */
};
bool way_to(struct nl_sock *sk, const struct ip_address *to, struct way *w);
/* The way to elsewhere in general, for 4 or 6. */
bool way_elsewhere(struct nl_sock *sk, uint8_t family, struct way *w);

/* --- lookup.c --- */
/* The addresses of a name or a literal address; 0 and a message if there are none. */
unsigned lookup(const char *host, unsigned seconds, struct ip_address out[LOOKUP_MAX],
		struct diag *d);

/* --- sockets.c --- */
enum socket_state { SOCKET_CONNECTED, SOCKET_LISTENS, SOCKET_OPEN /* UDP, with anybody */ };
struct socket_seen {
	enum socket_state state;
	uint32_t inode; /* its name in /proc/PID/fd */
	uid_t uid;
	struct machine_owner ends; /* without program */
};
/* All sockets of TCP and UDP that a program may hold; empty if the kernel does not say. */
GArray *sockets_now(void);

/* --- settings.c --- */
/* NULL: not known, or none. g_free() it. */
char *settings_resolvers(const char *file, const char *behind_stub);
int settings_clock(void);

#endif
