#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Make the small captures of local names, file transfer, telephony and device management.

    make_services.py FOLDER

Deterministic: the same program gives the same bytes. Addresses are from the documentation ranges.
"""
import os
import struct
import sys

from make_captures import CLIENT, SERVER, Capture, Talk, address, checksum

HOME, EVERYBODY, PRINTER = "192.0.2.20", "192.0.2.255", "192.0.2.50"


def datagram(capture, src, dst, data, gap=0.01, keep=None):
    """One UDP datagram; src and dst are (address, port)."""
    head = struct.pack("!HHHH", src[1], dst[1], 8 + len(data), 0)
    pseudo = address(src[0]) + address(dst[0]) + struct.pack("!HH", 17, 8 + len(data))
    head = head[:6] + struct.pack("!H", checksum(pseudo + head + data) or 0xffff)
    capture.ip(src[0], dst[0], 17, head + data, gap, keep)


def port_closed(capture, host, gap=0.001):
    """The host says that nobody listens on the port of the last packet (ICMP 3/3)."""
    quoted = capture.frames[-1][1][:28]
    head = struct.pack("!BBHI", 3, 3, 0, 0)
    head = head[:2] + struct.pack("!H", checksum(head + quoted)) + head[4:]
    capture.ip(host, CLIENT, 1, head + quoted, gap)


# NetBIOS names (RFC 1001 section 14.1, RFC 1002 section 4.2)

def nb_name(name, kind=0x20, scope=b""):
    if name == "*":
        raw = b"*".ljust(16, b"\0")
    else:
        raw = name.upper().ljust(15).encode() + bytes([kind])
    half = bytes(65 + part for byte in raw for part in (byte >> 4, byte & 15))
    return b"\x20" + half + scope + b"\0"


def nb_question(ident, name, kind=0x20, flags=0x0110, qtype=0x20, scope=b""):
    return struct.pack("!6H", ident, flags, 1, 0, 0, 0) + nb_name(name, kind, scope) + \
        struct.pack("!HH", qtype, 1)


def nb_answer(ident, name, host, kind=0x20, flags=0x8500, nb_flags=0x2000):
    data = struct.pack("!H", nb_flags) + address(host) if host else b""
    return struct.pack("!6H", ident, flags, 0, 1, 0, 0) + nb_name(name, kind) + \
        struct.pack("!HHIH", 0x20 if host else 0x0a, 1, 300000 if host else 0, len(data)) + data


def nb_claim(ident, name, host, kind=0x20, flags=0x2910, nb_flags=0):
    """Registration, refresh or release: question and, behind it, the record."""
    return struct.pack("!6H", ident, flags, 1, 0, 0, 1) + nb_name(name, kind) + \
        struct.pack("!HH", 0x20, 1) + b"\xc0\x0c" + \
        struct.pack("!HHIHH", 0x20, 1, 300000, 6, nb_flags) + address(host)


def nb_status(ident, names):
    """The answer to a node status request (RFC 1002 section 4.2.18)."""
    data = bytes([len(names)])
    for name, kind, flags in names:
        data += name.ljust(15).encode() + bytes([kind]) + struct.pack("!H", flags)
    data += bytes.fromhex("02005e105001") + bytes(40)
    return struct.pack("!6H", ident, 0x8400, 0, 1, 0, 0) + nb_name("*") + \
        struct.pack("!HHIH", 0x21, 1, 0, len(data)) + data


def nbns_found():
    c = Capture()
    datagram(c, (HOME, 137), (EVERYBODY, 137), nb_question(0x1001, "PRINTER"))
    datagram(c, (PRINTER, 137), (HOME, 137), nb_answer(0x1001, "PRINTER", PRINTER))
    datagram(c, (HOME, 137), (PRINTER, 137), nb_question(0x1002, "*", flags=0, qtype=0x21))
    datagram(c, (PRINTER, 137), (HOME, 137), nb_status(0x1002, [
        ("PRINTER", 0, 0x0400), ("WORKGROUP", 0, 0x8400), ("PRINTER", 0x20, 0x0400)]))
    return c


def nbns_no_answer():
    c = Capture()
    for gap in (0.01, 0.75, 0.75):
        datagram(c, (HOME, 137), (EVERYBODY, 137), nb_question(0x1003, "OLDSERVER"), gap)
    datagram(c, (HOME, 138), (EVERYBODY, 138), b"later", 20)
    return c


def nbns_conflict():
    c = Capture()
    datagram(c, (HOME, 137), (EVERYBODY, 137), nb_claim(0x1004, "MYPC", HOME))
    datagram(c, (PRINTER, 137), (HOME, 137), nb_answer(0x1004, "MYPC", PRINTER, flags=0xad86))
    return c


# TFTP (RFC 1350); the server answers from a port of its own

def tftp(*messages, gap=0.01):
    """'C: ' and 'S: ' and the bytes; the first one goes to port 69."""
    c = Capture()
    port = 69
    for message in messages:
        ask, data = message
        if ask == "C":
            datagram(c, (HOME, 40069), (SERVER, port), data, gap)
        else:
            port = 50069
            datagram(c, (SERVER, port), (HOME, 40069), data, gap)
    return c


def tftp_good():
    body = bytes(range(256)) * 2
    return tftp(("C", b"\0\1boot.img\0octet\0tsize\0000\0"), ("S", b"\0\6tsize\000612\0"),
                ("C", b"\0\4\0\0"), ("S", b"\0\3\0\1" + body), ("C", b"\0\4\0\1"),
                ("S", b"\0\3\0\2" + body[:100]), ("C", b"\0\4\0\2"))


def tftp_no_file():
    return tftp(("C", b"\0\1bott.img\0octet\0"), ("S", b"\0\5\0\1File not found\0"))


def tftp_refused():
    return tftp(("C", b"\0\2config.txt\0octet\0"), ("S", b"\0\5\0\2Access violation\0"))


def tftp_no_answer():
    c = tftp(*[("C", b"\0\1boot.img\0octet\0")] * 4, gap=2.0)
    datagram(c, (HOME, 138), (EVERYBODY, 138), b"later", 20)
    return c


def tftp_port_closed():
    c = tftp(("C", b"\0\1boot.img\0octet\0"))
    port_closed(c, SERVER)
    return c


def tftp_stalled():
    body = bytes(512)
    data = ("S", b"\0\3\0\1" + body)
    c = tftp(("C", b"\0\1boot.img\0octet\0"), data, data, data, data, gap=3.0)
    datagram(c, (HOME, 138), (EVERYBODY, 138), b"later", 30)
    return c


CAPTURES = {
    "tftp-good": tftp_good,
    "tftp-no-file": tftp_no_file,
    "tftp-refused": tftp_refused,
    "tftp-no-answer": tftp_no_answer,
    "tftp-port-closed": tftp_port_closed,
    "tftp-stalled": tftp_stalled,
    "nbns-found": nbns_found,
    "nbns-no-answer": nbns_no_answer,
    "nbns-conflict": nbns_conflict,
}


def main():
    for name, make in CAPTURES.items():
        make().write(os.path.join(sys.argv[1], name + ".pcap"))


if __name__ == "__main__":
    main()
