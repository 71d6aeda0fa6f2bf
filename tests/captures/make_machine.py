#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Make the captures that carry facts of the machine, for lessons/rules/machine.xml.

    make_machine.py lessons/captures

The frames are those of captures in that folder. The facts are a comment of the file, written as
src/model/machine.c writes them; connections come in the last block, as from the recorder.
Deterministic: the same program gives the same bytes.
"""
import os
import struct
import sys

HEADING = "tracetutor: facts of the machine"
USUAL = {"system": "Linux 6.1.0, tracetutor 0.1.0", "interface": "eth0", "kind": "cable",
         "mtu": "1500", "has address": "yes", "gateway": "192.168.1.1 by eth0",
         "resolvers": "192.168.1.1", "clock synchronised": "yes"}

# name: (capture whose frames it has, what is unusual)
CAPTURES = {
    "machine-clock": ("tls_expired12", {"clock synchronised": "no"}),
    "machine-clock-ntp": ("ntp_skew", {"clock synchronised": "no"}),
    "machine-clock-kept": ("tls_expired12", {}),
    "machine-loopback": ("empty", {"interface": "lo", "kind": "loopback", "mtu": "65536"}),
    "machine-loopback-stub": ("empty", {"interface": "lo", "kind": "loopback", "mtu": "65536",
                                        "resolvers": "127.0.0.53 asks 192.168.1.1"}),
    "machine-mtu": ("pop3-ok", {"mtu": "1400"}),
    "machine-no-address": ("dhcp_no_offer", {"has address": "no", "gateway": None,
                                             "resolvers": None}),
    "machine-owner": ("tcp_refused", {
        "connection": "tcp 192.168.1.20 45000 203.0.113.10 110 thunderbird"}),
    "machine-proxy-not-used": ("web-page", {"proxy": "http://proxy.example:3128"}),
    "machine-proxy-used": ("http_407", {"proxy": "http://203.0.113.10:3128"}),
    "machine-vpn": ("pop3-ok", {"interface": "tun0", "kind": "tunnel", "mtu": "1420",
                                "gateway": "10.8.0.1 by tun0", "vpn": "tun0"}),
    "machine-vpn-outside": ("pop3-ok", {"vpn": "wg0"}),
}


def facts(unusual):
    lines = {**USUAL, **unusual}
    order = list(USUAL) + ["vpn", "proxy", "connection"]
    order.sort(key=["system", "interface", "kind", "mtu", "has address", "gateway", "resolvers",
                    "vpn", "proxy", "clock synchronised", "connection"].index)
    return "\n".join([HEADING] + [f"{k}: {lines[k]}" for k in order if lines.get(k)]) + "\n"


def block(kind, body):
    size = 12 + len(body)
    return struct.pack("<II", kind, size) + body + struct.pack("<I", size)


def option(code, value):
    return struct.pack("<HH", code, len(value)) + value + b"\0" * (-len(value) % 4)


def frames(path):
    """Link type, snap length, and time in microseconds, length and bytes of each frame (pcap, LE)."""
    with open(path, "rb") as f:
        data = f.read()
    magic, snap, link = struct.unpack("<I12xII", data[:24])
    assert magic == 0xa1b2c3d4, path
    found, at = [], 24
    while at < len(data):
        seconds, micro, kept, length = struct.unpack("<IIII", data[at:at + 16])
        found.append((seconds * 1000000 + micro, length, data[at + 16:at + 16 + kept]))
        at += 16 + kept
    return link, snap, found


def pcapng(source, unusual):
    link, snap, found = frames(source)
    comment = facts({**unusual, "connection": None})
    end = option(0, b"")
    out = block(0x0a0d0d0a, struct.pack("<IHHq", 0x1a2b3c4d, 1, 0, -1) +
                option(1, comment.encode()) + end)
    out += block(1, struct.pack("<HHI", link, 0, snap) + end)
    for time, length, data in found:
        out += block(6, struct.pack("<IIIII", 0, time >> 32, time & 0xffffffff, len(data), length) +
                     data + b"\0" * (-len(data) % 4))
    if "connection" in unusual:
        out += block(5, struct.pack("<III", 0, time >> 32, time & 0xffffffff) +
                     option(1, facts(unusual).encode()) + end)
    return out


def main():
    folder = sys.argv[1]
    for name, (source, unusual) in CAPTURES.items():
        with open(os.path.join(folder, name + ".pcapng"), "wb") as out:
            out.write(pcapng(os.path.join(folder, source + ".pcap"), unusual))


if __name__ == "__main__":
    main()
