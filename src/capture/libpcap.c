/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "src/capture/libpcap.h"

struct libpcap libpcap;

static const char *const names[] = {LIBPCAP(LIBRARY_NAME)};

bool libpcap_load(struct diag *d)
{
	return libpcap.pcap_close ||
	       library_load(LIBPCAP_FILE, names, sizeof(names) / sizeof(*names), &libpcap, d);
}
