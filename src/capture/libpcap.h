/* SPDX-License-Identifier: GPL-3.0-or-later */
/* libpcap: its functions, loaded when an interface is opened or a filter checked (library.h). */
#ifndef TRACETUTOR_CAPTURE_LIBPCAP_H
#define TRACETUTOR_CAPTURE_LIBPCAP_H

#include <pcap.h>

#include "tracetutor/library.h"

#define LIBPCAP(X)                                                                                 \
	X(pcap_activate)                                                                           \
	X(pcap_close)                                                                              \
	X(pcap_compile)                                                                            \
	X(pcap_create)                                                                             \
	X(pcap_datalink)                                                                           \
	X(pcap_dispatch)                                                                           \
	X(pcap_freecode)                                                                           \
	X(pcap_get_selectable_fd)                                                                  \
	X(pcap_get_tstamp_precision)                                                               \
	X(pcap_geterr)                                                                             \
	X(pcap_open_dead_with_tstamp_precision)                                                    \
	X(pcap_set_buffer_size)                                                                    \
	X(pcap_set_datalink)                                                                       \
	X(pcap_set_promisc)                                                                        \
	X(pcap_set_snaplen)                                                                        \
	X(pcap_set_timeout)                                                                        \
	X(pcap_set_tstamp_precision)                                                               \
	X(pcap_setfilter)                                                                          \
	X(pcap_setnonblock)                                                                        \
	X(pcap_snapshot)                                                                           \
	X(pcap_stats)                                                                              \
	X(pcap_statustostr)

struct libpcap {
	LIBPCAP(LIBRARY_MEMBER)
};
extern struct libpcap libpcap; /* all NULL before libpcap_load() */

/* Load it unless it is there; false and a message if that cannot be done. */
bool libpcap_load(struct diag *d);

#endif
