/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * machine: what is known of the computer on which a trace was recorded.
 *
 * Plain data. src/system asks the kernel for it while recording, the trace carries it as lines of
 * text ("mtu: 1500") in a comment, and whoever reads the trace later gets it back, so that rules
 * can use it (fields tt.machine.*). What is not known is NULL, 0 or -1: never guessed.
 */
#ifndef TRACETUTOR_MACHINE_H
#define TRACETUTOR_MACHINE_H

#include <glib.h>

#include "tracetutor/buf.h"
#include "tracetutor/conv.h"

#define MACHINE_MAX_OWNERS 512         /* connections whose program is kept */
#define MACHINE_TEXT_MAX   (48u << 10) /* bytes of its text form */

/* The program that holds one end of a connection; or a UDP socket that speaks with many: then the
 * remote end, and perhaps the local address, is all zero. */
struct machine_owner {
	uint8_t family, ip_proto; /* 4 or 6; 6 (TCP) or 17 (UDP) */
	struct endpoint local, remote;
	char *program; /* "thunderbird"; NULL: looked for and not found (not written) */
};

struct machine {
	char *system;    /* "Linux 6.1.0, tracetutor 0.1.0" */
	char *interface; /* recorded on: "eth0" */
	char *kind;      /* of it: "cable", "Wi-Fi", "loopback", "tunnel", "dial-up", "other" */
	uint32_t mtu;    /* of it, bytes; 0: not known */
	int has_address; /* does it have one beyond link-local: 1 yes, 0 no, -1 not known */
	char *gateway;   /* "192.0.2.1 by eth0": where packets to elsewhere go first */
	char *resolvers; /* "192.0.2.53, 2001:db8::53"; of a stub: "127.0.0.53 asks 192.0.2.53" */
	char *vpn;       /* tunnel that packets to elsewhere go through: "tun0"; NULL: none seen */
	char *proxy;     /* from the environment, without user and password; NULL: none */
	int clock_synchronised; /* 1 yes, 0 no, -1 not known */
	GArray *owners;         /* struct machine_owner */
};

void machine_init(struct machine *m);
void machine_release(struct machine *m);
/* The connection is kept once; the oldest stay when there are too many. */
void machine_add_owner(struct machine *m, const struct machine_owner *o);
/* Is this connection among the owners, with a program or without? */
bool machine_knows_owner(const struct machine *m, const struct machine_owner *o);
/* Who holds the connection between these two, in whichever order they are given; NULL: unknown. */
const char *machine_owner_of(const struct machine *m, uint8_t family, uint8_t ip_proto,
			     const struct endpoint *x, const struct endpoint *y);

/* As lines of text that begin with MACHINE_HEADING; values cleaned, at most MACHINE_TEXT_MAX. */
#define MACHINE_HEADING "tracetutor: facts of the machine"
void machine_write(const struct machine *m, struct buf *out);
/* Read such text (any bytes) into an initialised *m: what is known replaces what was there.
 * False if the text does not begin with the heading. Lines it does not know are passed over. */
bool machine_parse(struct machine *m, const char *text, size_t n);

#endif
