/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ports: the names of well-known services a newcomer meets, as IANA registers them.
 */
#ifndef TRACETUTOR_PORTS_H
#define TRACETUTOR_PORTS_H

#include "tracetutor/field.h"

/* Sorted by port, ended by a NULL text: the values lists of tcp.port, udp.port and their like. */
extern const struct value_name port_names_tcp[];
extern const struct value_name port_names_udp[];

/* The service's name ("pop3"), or NULL if the table has none for that port. */
const char *port_name_tcp(uint16_t port);
const char *port_name_udp(uint16_t port);

#endif
