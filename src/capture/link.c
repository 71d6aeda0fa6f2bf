/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "src/capture/reader.h"

struct link_name {
	uint32_t value;
	const char *text;
};

/* LINKTYPE_ values as listed by tcpdump.org/linktypes.html; those people meet. */
static const struct link_name link_names[] = {
	{0, "BSD loopback"},
	{1, "Ethernet"},
	{6, "Token Ring"},
	{8, "SLIP"},
	{9, "PPP"},
	{50, "PPP in HDLC-like framing"},
	{51, "PPP over Ethernet"},
	{101, "raw IP"},
	{104, "Cisco HDLC"},
	{105, "Wi-Fi (802.11)"},
	{107, "Frame Relay"},
	{108, "OpenBSD loopback"},
	{113, "Linux cooked"},
	{117, "OpenBSD packet filter log"},
	{119, "Wi-Fi (802.11 with Prism header)"},
	{127, "Wi-Fi (802.11 with radiotap header)"},
	{163, "Wi-Fi (802.11 with AVS header)"},
	{166, "PPP with direction (pppd)"},
	{187, "Bluetooth HCI"},
	{189, "USB (Linux)"},
	{192, "PPI"},
	{195, "ZigBee (802.15.4)"},
	{201, "Bluetooth HCI with direction"},
	{204, "PPP with direction"},
	{220, "USB (Linux, padded)"},
	{227, "CAN bus"},
	{228, "raw IPv4"},
	{229, "raw IPv6"},
	{231, "D-Bus"},
	{239, "Linux netfilter log"},
	{249, "USB (Windows)"},
	{252, "Wireshark upper PDU"},
	{253, "Linux netlink"},
	{276, "Linux cooked, version 2"},
};

const char *link_type_name(uint32_t link_type)
{
	for (size_t i = 0; i < G_N_ELEMENTS(link_names); i++)
		if (link_names[i].value == link_type)
			return link_names[i].text;
	return NULL;
}

uint32_t link_type_from_file(uint32_t value)
{
	/* DLT_RAW is 12, on OpenBSD 14; files should say 101, and not all do. */
	return value == 12 || value == 14 ? 101 : value;
}
