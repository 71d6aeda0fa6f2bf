#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Make the captures of DHCPv6, QUIC, SSH, LDAP, FTP data connections and HTTP that tests need.

    make_applications.py FOLDER

Deterministic, like make_captures.py, whose tools it uses.
"""
import ipaddress
import os
import struct
import sys

from make_captures import Capture, checksum

LINK_LOCAL, ROUTER, ALL_SERVERS = "fe80::2:5eff:fe10:7744", "fe80::1", "ff02::1:2"


class Capture6(Capture):
    """Raw IPv6 packets with UDP inside."""

    def udp(self, src, dst, ports, data, gap=0.01):
        ends = ipaddress.IPv6Address(src).packed + ipaddress.IPv6Address(dst).packed
        head = struct.pack("!HHHH", *ports, 8 + len(data), 0)
        pseudo = ends + struct.pack("!IHBB", 8 + len(data), 0, 0, 17)
        head = head[:6] + struct.pack("!H", checksum(pseudo + head + data) or 0xffff)
        self.frame(struct.pack("!IHBB", 6 << 28, 8 + len(data), 17, 1) + ends + head + data, gap)


def option(code, data=b""):
    return struct.pack("!HH", code, len(data)) + data


def message(kind, xid, *options):
    return bytes([kind]) + xid.to_bytes(3, "big") + b"".join(options)


class Dhcpv6:
    """A client and, if there is one, a server."""

    CLIENT_ID = option(1, bytes.fromhex("0003000102005e107744"))
    SERVER_ID = option(2, bytes.fromhex("0003000102005e000001"))
    ELAPSED = option(8, bytes(2))
    WANTED = option(6, bytes.fromhex("00170018"))

    def __init__(self):
        self.capture = Capture6()

    def ask(self, kind, xid, *options, gap=0.01):
        self.capture.udp(LINK_LOCAL, ALL_SERVERS, (546, 547),
                         message(kind, xid, self.CLIENT_ID, *options), gap)

    def answer(self, kind, xid, *options, gap=0.01):
        self.capture.udp(ROUTER, LINK_LOCAL, (547, 546),
                         message(kind, xid, self.CLIENT_ID, self.SERVER_ID, *options), gap)

    @staticmethod
    def association(*inside):
        return option(3, struct.pack("!III", 0x5e107744, 1800, 2880) + b"".join(inside))

    @staticmethod
    def address(text):
        return option(5, ipaddress.IPv6Address(text).packed + struct.pack("!II", 3600, 7200))


def dhcpv6_address():
    """Solicit, Advertise, Request, Reply."""
    talk = Dhcpv6()
    wanted, given = talk.association(), talk.association(talk.address("2001:db8:1::1002"))
    servers = option(23, ipaddress.IPv6Address("2001:db8:1::53").packed)
    talk.ask(1, 0x9de03f, talk.ELAPSED, talk.WANTED, wanted)
    talk.answer(2, 0x9de03f, given, servers)
    talk.ask(3, 0x2d1603, talk.SERVER_ID, talk.ELAPSED, talk.WANTED, given, gap=1)
    talk.answer(7, 0x2d1603, given, servers)
    return talk.capture


def dhcpv6_no_address():
    """The server has no address left (RFC 8415 section 18.3.9)."""
    talk = Dhcpv6()
    none = option(13, struct.pack("!H", 2) + b"no addresses available")
    for xid, gap in ((0x11aa01, 0.01), (0x11aa02, 1.1), (0x11aa03, 2.1)):
        talk.ask(1, xid, talk.ELAPSED, talk.WANTED, talk.association(), gap=gap)
        talk.answer(2, xid, none)
    return talk.capture


def dhcpv6_no_answer():
    """Nobody answers the Solicits, which are repeated as RFC 8415 section 15 says."""
    talk = Dhcpv6()
    for waited, gap in ((0, 0.01), (104, 1.04), (316, 2.12), (742, 4.26), (1580, 8.38)):
        talk.ask(1, 0x77ab01, option(8, struct.pack("!H", waited)), talk.WANTED,
                 talk.association(), gap=gap)
    return talk.capture


CAPTURES = {
    "dhcpv6-address": dhcpv6_address,
    "dhcpv6-no-address": dhcpv6_no_address,
    "dhcpv6-no-answer": dhcpv6_no_answer,
}


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    for name, make in CAPTURES.items():
        make().write(os.path.join(sys.argv[1], name + ".pcap"))


if __name__ == "__main__":
    main()
