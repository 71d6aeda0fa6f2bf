#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Make the captures of lines, switches, tunnels and wireless networks that the rules' tests need
(into FOLDER), and those that hold each kind of message and option once, for the comparison with
tshark and the mutation tests (tests/captures, named link-*.pcap).

    make_links.py FOLDER TESTS

Deterministic: the same program gives the same bytes. Addresses are from the documentation ranges.
"""
import os
import struct
import sys

from make_captures import Capture, address, checksum

HOME, PROVIDER = bytes.fromhex("020000000020"), bytes.fromhex("020000000010")
ALL = b"\xff" * 6


def u8(*values):
    return bytes(values)


def u16(*values):
    return struct.pack(f"!{len(values)}H", *values)


def u32(*values):
    return struct.pack(f"!{len(values)}I", *values)


def tlv8(kind, value=b""):
    """Type, length of all of it, value."""
    return u8(kind, len(value) + 2) + value


def ether(dst, src, kind, payload):
    return (dst + src + u16(kind) + payload).ljust(60, b"\0")


# --- PPP ---

def control(code, number, body=b""):
    return u8(code, number) + u16(len(body) + 4) + body


class Line:
    """A PPPoE session between a router at home and its provider."""

    def __init__(self, session=0x11):
        self.capture = Capture(1)
        self.session = session

    def discover(self, up, code, tags=b"", session=0, gap=0.01, to_all=False):
        dst, src = (PROVIDER, HOME) if up else (HOME, PROVIDER)
        head = u8(0x11, code) + u16(session, len(tags))
        self.capture.frame(ether(ALL if to_all else dst, src, 0x8863, head + tags), gap)

    def ppp(self, up, protocol, message, gap=0.01):
        dst, src = (PROVIDER, HOME) if up else (HOME, PROVIDER)
        head = u8(0x11, 0) + u16(self.session, len(message) + 2, protocol)
        self.capture.frame(ether(dst, src, 0x8864, head + message), gap)

    def found(self):
        """Discovery, as it goes well."""
        self.discover(True, 0x09, tag(0x101) + tag(0x103, b"host"), to_all=True)
        offer = tag(0x101) + tag(0x103, b"host") + tag(0x102, b"bras1") + tag(0x104, b"cookie")
        self.discover(False, 0x07, offer)
        self.discover(True, 0x19, offer)
        self.discover(False, 0x65, tag(0x101) + tag(0x103, b"host"), self.session)
        return self

    def agreed(self, auth):
        """Settings of the line, with the login that the provider wants."""
        mine = tlv8(1, u16(1492)) + tlv8(5, u32(0x11223344))
        theirs = tlv8(1, u16(1492)) + tlv8(3, auth) + tlv8(5, u32(0x55667788))
        self.ppp(True, 0xc021, control(1, 1, mine))
        self.ppp(False, 0xc021, control(1, 1, theirs))
        self.ppp(False, 0xc021, control(2, 1, mine))
        self.ppp(True, 0xc021, control(2, 1, theirs))
        return self


def tag(kind, value=b""):
    return u16(kind, len(value)) + value


def text8(value):
    return u8(len(value)) + value


def login(name=b"home@example.net", password=b"example-password"):
    return control(1, 1, text8(name) + text8(password))


PAP, CHAP, CHAP_MD5 = u16(0xc023), u16(0xc223), u16(0xc223) + b"\x05"


def pppoe_ok():
    line = Line().found().agreed(PAP)
    line.ppp(True, 0xc023, login())
    line.ppp(False, 0xc023, control(2, 1, text8(b"")))
    ask = tlv8(3, address("0.0.0.0")) + tlv8(129, address("0.0.0.0"))
    give = tlv8(3, address("198.51.100.20")) + tlv8(129, address("198.51.100.53"))
    mine = tlv8(3, address("198.51.100.1"))
    line.ppp(True, 0x8021, control(1, 1, ask))
    line.ppp(False, 0x8021, control(1, 1, mine))
    line.ppp(True, 0x8021, control(2, 1, mine))
    line.ppp(False, 0x8021, control(3, 1, give))
    line.ppp(True, 0x8021, control(1, 2, give))
    line.ppp(False, 0x8021, control(2, 2, give))
    line.ppp(True, 0xc021, control(9, 1, u32(0x11223344)), gap=10)
    line.ppp(False, 0xc021, control(10, 1, u32(0x55667788)))
    return line.capture


def pppoe_no_offer():
    line = Line()
    for gap in (0.01, 5, 10, 20):
        line.discover(True, 0x09, tag(0x101) + tag(0x103, b"host"), gap=gap, to_all=True)
    return line.capture


def pppoe_refused():
    line = Line()
    line.discover(True, 0x09, tag(0x101) + tag(0x103, b"host"), to_all=True)
    offer = tag(0x101) + tag(0x103, b"host") + tag(0x102, b"bras1")
    line.discover(False, 0x07, offer)
    line.discover(True, 0x19, offer)
    line.discover(False, 0x65, tag(0x101) + tag(0x202, b"No session free") + tag(0x103, b"host"))
    return line.capture


def ppp_pap_refused():
    line = Line().found().agreed(PAP)
    line.ppp(True, 0xc023, login())
    line.ppp(False, 0xc023, control(3, 1, text8(b"Login incorrect")))
    line.ppp(False, 0xc021, control(5, 2, b"authentication failed"))
    line.ppp(True, 0xc021, control(6, 2))
    line.discover(False, 0xa7, tag(0x203, b"RP-PPPoE: session closed"), line.session)
    return line.capture


def ppp_chap_refused():
    line = Line().found().agreed(CHAP_MD5)
    line.ppp(False, 0xc223, control(1, 7, text8(bytes(range(16))) + b"bras1"))
    line.ppp(True, 0xc223, control(2, 7, text8(bytes(range(16, 32))) + b"home@example.net"))
    line.ppp(False, 0xc223, control(4, 7, b"E=691 R=0 V=3"))
    line.ppp(False, 0xc021, control(5, 2))
    line.ppp(True, 0xc021, control(6, 2))
    return line.capture


def ppp_no_answer():
    line = Line().found()
    mine = tlv8(1, u16(1492)) + tlv8(5, u32(0x11223344))
    for number in range(1, 6):
        line.ppp(True, 0xc021, control(1, number, mine), gap=3)
    return line.capture


def ppp_all():
    """Each code and option of the control protocols once."""
    c = Capture(9)

    def say(protocol, message):
        c.frame(b"\xff\x03" + u16(protocol) + message)

    lcp = [(0, bytes.fromhex("00000c01aabb")), (1, u16(1500)), (2, u32(0xa0000)), (3, PAP),
           (3, CHAP + b"\x81"), (3, u16(0xc227)), (5, u32(1)),
           (7, b""), (8, b""), (9, b"\x06"), (10, b"\x08"), (11, b"\x07\x03"),
           (13, b"\x03+15555550100"), (15, b""), (16, b""), (17, u16(1600)), (18, b""),
           (19, b"\x01local"), (19, b"\x02" + address("192.0.2.9")), (19, b"\x03" + HOME),
           (19, b"\x04" + u32(1, 2)), (19, b"\x05" + b"5550100"), (19, b"\x00"), (21, b"\x01"),
           (22, b"\x00\x00"), (23, u16(5)), (27, b"\x02\x04"), (28, u32(106) + b"en"), (29, b""),
           (99, b"zz")]
    for options in (lcp[:12], lcp[12:24], lcp[24:]):
        say(0xc021, control(1, 1, b"".join(tlv8(*o) for o in options)))
    say(0xc021, control(1, 2, tlv8(4, u16(0xc025) + u32(3000))))
    say(0xc021, control(2, 1, tlv8(5, u32(1))))
    say(0xc021, control(4, 1, tlv8(3, CHAP_MD5)))
    say(0xc021, control(5, 2, b"bye"))
    say(0xc021, control(6, 2))
    say(0xc021, control(7, 3, control(14, 9)))
    say(0xc021, control(8, 4, u16(0x8057) + control(1, 1)))
    for code in (9, 10, 11):
        say(0xc021, control(code, 5, u32(7) + b"data"))
    say(0xc021, control(12, 6, u32(7) + b"MSRASV5.20"))
    say(0xc021, control(13, 6, u32(7, 600) + b"ten minutes"))
    say(0xc021, control(77, 6, b"??"))
    say(0x8021, control(1, 1, b"".join((
        tlv8(1, address("192.0.2.1") + address("192.0.2.2")), tlv8(2, u16(0x2d) + b"\x0f\x01"),
        tlv8(3, address("0.0.0.0")), tlv8(4, address("192.0.2.7")),
        tlv8(129, address("0.0.0.0")), tlv8(130, address("0.0.0.0")),
        tlv8(131, address("0.0.0.0")), tlv8(132, address("0.0.0.0")), tlv8(2, u16(0x99) + b"q"),
        tlv8(77, b"?")))))
    say(0x8021, control(1, 2, tlv8(2, u16(0x61, 15, 15, 256, 5, 168) + tlv8(1) + tlv8(2)
                                   + tlv8(3, b"\x01"))))
    say(0x8021, control(1, 3, tlv8(2, u16(0x03, 15, 0, 168) + tlv8(1, u16(0, 1, 2)))))
    say(0x8057, control(1, 1, tlv8(1, bytes.fromhex("020000fffe000020"))))
    ccp = [(0, bytes.fromhex("00000c01aabb")), (1, b""), (2, b""), (3, b"a"), (16, b"b"),
           (17, u16(1) + b"\x03"), (18, u32(0x01000061)), (19, b"\x0cversion"), (20, b"c"),
           (21, b"\x2f"), (23, u16(1) + b"\x02\x01"), (25, b"\x01"),
           (26, b"\x78\x00"), (27, u16(1, 2, 3))]
    say(0x80fd, control(1, 1, b"".join(tlv8(*o) for o in ccp)))
    say(0x80fd, control(14, 1))
    say(0x80fd, control(15, 1))
    say(0xc023, login())
    say(0xc023, control(2, 1, text8(b"Welcome")))
    say(0xc023, control(3, 1))
    say(0xc023, control(9, 1, b"?"))
    say(0xc223, control(1, 1, text8(b"0123456789abcdef") + b"server"))
    say(0xc223, control(2, 1, text8(b"fedcba9876543210") + b"client"))
    say(0xc223, control(3, 1, b"S=ABC M=Access granted"))
    say(0xc223, control(4, 1, b"E=648 R=0"))
    say(0xc223, control(9, 1, b"?"))
    return c


def pppoe_all():
    """Each tag of discovery once."""
    line = Line()
    adsl = b"".join(u8(kind, len(value)) + value for kind, value in
                    [(1, b"atm 1/2:8.35"), (2, b"customer")]
                    + [(kind, u32(kind * 10)) for kind in range(0x81, 0x8f)]
                    + [(0x90, b"\x01\x02\x03"), (0xfe, b"")])
    tags = [(0x101, b"internet"), (0x102, b"bras"), (0x103, b"h"), (0x104, b"c"),
            (0x105, u32(3561) + adsl), (0x105, u32(9) + b"other"), (0x105, u32(9)),
            (0x106, u16(1, 2)), (0x107, u16(0x1d) + b"\x50\x60" + u16(5, 100, 200)),
            (0x108, u16(7)), (0x109, u16(64)), (0x110, b"relay"), (0x111, b"http://example.net/"),
            (0x112, b"hello"), (0x120, u16(1500)), (0x121, bytes(16)), (0x999, b"?"),
            (0x201, b"no such service"), (0x202, b"trouble"), (0x203, b"error"), (0x203, b""),
            (0, b"")]
    for code in (0x09, 0x07, 0x19, 0x65, 0xa7, 0x0a, 0x0b, 0x0c, 0xd3, 0xd4):
        line.discover(True, code, b"".join(tag(*t) for t in tags), 5)
    return line.capture


# --- 802.1X, EAP, the keys of Wi-Fi ---

STATION, POINT = bytes.fromhex("020000000021"), bytes.fromhex("020000000001")
RSN = u8(48, 20) + bytes.fromhex("0100000fac040100000fac040100000fac020000")
NONCE = bytes(range(32))


def eapol(kind, body=b"", version=2):
    return u8(version, kind) + u16(len(body)) + body


def eap(code, number, body=b""):
    return eapol(0, u8(code, number) + u16(len(body) + 4) + body)


def key(info, replay=1, nonce=NONCE, mic=bytes(16), data=b"", kind=2, length=16):
    return eapol(3, u8(kind) + u16(info, length) + struct.pack("!Q", replay) + nonce + bytes(16)
                 + bytes(8) + bytes(8) + mic + u16(len(data)) + data)


MIC = bytes(range(0x80, 0x90))
FIRST = key(0x008a)
SECOND = key(0x010a, mic=MIC, data=RSN, length=0)
THIRD = key(0x13ca, 2, mic=MIC, data=bytes(range(56)))
FOURTH = key(0x030a, 2, bytes(32), MIC, length=0)


def wired(up, message):
    dst, src = (POINT, STATION) if up else (STATION, POINT)
    return ether(dst, src, 0x888e, message)


def eap_all():
    c = Capture(1)

    def say(up, message):
        c.frame(wired(up, message))

    say(True, eapol(1))
    say(True, eapol(1, b"\x01\x02", 3))
    say(True, eapol(2))
    say(False, eap(1, 1, b"\x01"))
    say(False, eap(1, 1, b"\x01Who are you?"))
    say(True, eap(2, 1, b"\x01user@example.net"))
    say(False, eap(1, 2, b"\x02Your password runs out"))
    say(True, eap(2, 2, b"\x02"))
    say(True, eap(2, 3, b"\x03\x19\x15"))
    say(False, eap(1, 4, b"\x04" + text8(bytes(16)) + b"server"))
    say(False, eap(1, 5, b"\x06Password: "))
    say(False, eap(1, 6, b"\x19\x20"))
    say(True, eap(2, 6, b"\x19\xc0" + u32(40) + b"\x16\x03\x01" + bytes(17)))
    say(False, eap(1, 7, b"\x19\x00"))
    say(True, eap(2, 7, b"\x0d\x00"))
    say(False, eap(1, 8, b"\x11\x01\x00" + text8(b"12345678") + b"user"))
    say(False, eap(1, 9, b"\x12\x0a\x00\x00\x0f\x02" + u16(2, 1) + b"\0\0"))
    say(True, eap(2, 9, b"\x12\x0a\x00\x00\x0e\x03" + text16(b"1user") + b"\0\0\0"))
    say(True, eap(2, 9, b"\x17\x02\x00\x00\x16\x01" + u16(1)))
    say(True, eap(2, 9, b"\x17\x0c\x00\x00\x0c\x01" + u16(16384)))
    chap = b"\x1a\x01\x09" + u16(29) + text8(bytes(16)) + b"server"
    say(False, eap(1, 10, chap))
    reply = b"\x1a\x02\x09" + u16(58) + text8(bytes(16) + bytes(8) + bytes(24) + b"\0") + b"user"
    say(True, eap(2, 10, reply))
    say(False, eap(1, 11, b"\x1a\x03\x09" + u16(12) + b"S=ABCDEF"))
    say(True, eap(2, 11, b"\x1a\x03"))
    say(False, eap(1, 12, b"\x1a\x04\x09" + u16(15) + b"E=691 R=0 V"))
    say(False, eap(1, 13, b"\xfe" + bytes.fromhex("00372a") + u32(1) + b"\x01\x00"))
    say(False, eap(1, 14, b"\x34\x01" + bytes(20)))
    say(False, eap(3, 14))
    say(False, eap(4, 14))
    say(False, eap(5, 1, b"\x01"))
    for message in (FIRST, SECOND, THIRD, FOURTH):
        say(False, message)
    say(False, key(0x1382, 3, mic=MIC, data=bytes(32)))
    say(True, key(0x0302, 3, bytes(32), MIC))
    say(False, key(0x0089, kind=254))
    say(True, key(0x0109, kind=254, mic=MIC, data=b"\xdd\x16" + bytes.fromhex(
        "0050f20101000050f20201000050f20201000050f202")))
    say(False, key(0x01c9, 2, kind=254, mic=MIC))
    say(True, key(0x0109, 2, bytes(32), kind=254, mic=MIC))
    say(False, key(0x0391, 3, kind=254, mic=MIC, data=bytes(24)))
    say(True, key(0x0d0a, mic=MIC))
    say(False, key(0x008a, data=b"\xdd\x14" + bytes.fromhex("000fac04") + bytes(16)))
    say(False, eapol(3, u8(1) + u16(5) + struct.pack("!Q", 1) + bytes(16) + u8(0x81)
                     + bytes(16) + b"12345"))
    say(False, eapol(3, u8(1) + u16(5) + struct.pack("!Q", 1) + bytes(16) + u8(0x01)
                     + bytes(16)))
    say(False, eapol(3, u8(9) + b"unknown"))
    say(False, eapol(5, bytes(20), 3))
    say(False, eapol(4, b"asf"))
    return c


def text16(value):
    return u16(len(value)) + value


# --- groups ---

def igmp(dst, message, src="192.0.2.20"):
    body = message[:2] + u16(checksum(message[:2] + b"\0\0" + message[4:])) + message[4:]
    head = u8(0x46, 0xc0) + u16(24 + len(body), 1, 0) + u8(1, 2) + u16(0) + address(src) \
        + address(dst) + bytes.fromhex("94040000")
    head = head[:10] + u16(checksum(head)) + head[12:]
    mac = bytes.fromhex("01005e") + u8(address(dst)[1] & 127) + address(dst)[2:]
    return ether(mac, HOME, 0x0800, head + body)


def mld(kind, body, dst="ff020000000000000000000000000016"):
    src, to = bytes.fromhex("fe800000000000000000000000000020"), bytes.fromhex(dst)
    message = u8(kind, 0) + u16(0) + body
    total = src + to + u32(len(message), 58) + message
    message = message[:2] + u16(checksum(total)) + message[4:]
    hop = u8(58, 0, 5, 2, 0, 0, 1, 0)
    head = u32(0x60000000) + u16(len(hop + message)) + u8(0, 1) + src + to
    return ether(bytes.fromhex("3333") + to[12:], HOME, 0x86dd, head + hop + message)


def group_record(kind, group, *sources, more=b""):
    return u8(kind, len(more) // 4) + u16(len(sources)) + group + b"".join(sources) + more


def groups_all():
    c = Capture(1)
    group, other = address("233.252.0.7"), address("233.252.0.8")
    source = address("198.51.100.7")
    c.frame(igmp("224.0.0.1", u8(0x11, 0, 0, 0) + bytes(4)))
    c.frame(igmp("224.0.0.1", u8(0x11, 100, 0, 0) + bytes(4)))
    c.frame(igmp("224.0.0.1", u8(0x11, 100, 0, 0) + bytes(4) + u8(2, 125) + u16(0)))
    c.frame(igmp("233.252.0.7", u8(0x11, 0xfe, 0, 0) + group + u8(0xa, 200) + u16(1) + source))
    c.frame(igmp("233.252.0.7", u8(0x12, 0, 0, 0) + group))
    c.frame(igmp("233.252.0.7", u8(0x16, 0, 0, 0) + group))
    c.frame(igmp("224.0.0.2", u8(0x17, 0, 0, 0) + group))
    records = group_record(4, group) + group_record(1, other, source, source) \
        + group_record(6, other, source, more=b"more")
    c.frame(igmp("224.0.0.22", u8(0x22, 0, 0, 0) + u16(0, 3) + records))
    c.frame(igmp("224.0.0.22", u8(0x99, 0, 0, 0) + b"what?"))
    block = u32(1) + source + source + source + u32(5, 6, 7) + u8(3, 4, 0x58, 0)
    trace = group + source + source + source + u8(64, 0, 0, 7)
    c.frame(igmp("224.0.0.2", u8(0x1f, 32, 0, 0) + trace))
    c.frame(igmp("224.0.0.2", u8(0x1e, 32, 0, 0) + trace + block + block))
    bad = igmp("233.252.0.7", u8(0x16, 0, 0, 0) + group)
    c.frame(bad[:40] + b"\x12\x34" + bad[42:])
    six, here = bytes.fromhex("ff0e0000000000000000000000000107"), bytes(15) + b"\x07"
    c.frame(mld(130, u16(10000, 0) + bytes(16), "ff020000000000000000000000000001"))
    c.frame(mld(130, u16(0x8fff, 0) + bytes(16) + u8(2, 125) + u16(0),
                "ff020000000000000000000000000001"))
    c.frame(mld(130, u16(1000, 0) + six + u8(10, 125) + u16(1) + here,
                "ff0e0000000000000000000000000107"))
    c.frame(mld(131, u16(0, 0) + six, "ff0e0000000000000000000000000107"))
    c.frame(mld(132, u16(0, 0) + six, "ff020000000000000000000000000002"))
    c.frame(mld(143, u16(0, 2) + group_record(4, six)
                + group_record(1, six, here, more=b"more")))
    return c


# --- neighbours and switches ---

def lldp_tlv(kind, value=b""):
    return u16(kind << 9 | len(value)) + value


def org(oui, kind, value=b""):
    return lldp_tlv(127, bytes.fromhex(oui) + u8(kind) + value)


def lldp(*tlvs):
    return ether(bytes.fromhex("0180c200000e"), PROVIDER, 0x88cc, b"".join(tlvs) + b"\0\0")


TTL = lldp_tlv(3, u16(120))


def lldp_all():
    c = Capture(1)
    c.frame(lldp(lldp_tlv(1, b"\x04" + PROVIDER), lldp_tlv(2, b"\x05port 7"), TTL,
                 lldp_tlv(4, b"office"), lldp_tlv(5, b"switch"), lldp_tlv(6, b"a switch"),
                 lldp_tlv(7, u16(0x14, 0x04)),
                 lldp_tlv(8, u8(5, 1) + address("192.0.2.2") + u8(2) + u32(7) + u8(0)),
                 lldp_tlv(8, u8(17, 2) + bytes(16) + u8(1) + u32(7) + u8(3) + b"\x2b\x06\x01"),
                 lldp_tlv(8, u8(7, 6) + HOME + u8(3) + u32(7) + u8(0))))
    c.frame(lldp(lldp_tlv(1, b"\x05\x01" + address("192.0.2.2")),
                 lldp_tlv(2, b"\x04\x01" + address("192.0.2.3")), TTL,
                 org("0080c2", 1, u16(10)), org("0080c2", 2, u8(6) + u16(20)),
                 org("0080c2", 3, u16(10) + text8(b"office")),
                 org("0080c2", 4, text8(b"\x88\x8e\x01")), org("0080c2", 7, u8(3) + u32(9))))
    c.frame(lldp(lldp_tlv(1, b"\x05\x02" + bytes(16)), lldp_tlv(2, b"\x04\x02" + bytes(16)), TTL,
                 org("00120f", 1, u8(3) + u16(0x6c01, 30)), org("00120f", 2, u8(15, 1, 4)),
                 org("00120f", 2, u8(15, 1, 4, 0x52) + u16(130, 125)),
                 org("00120f", 3, u8(1) + u32(0)), org("00120f", 4, u16(1522)),
                 org("00120f", 5, u16(17, 18, 19, 20, 21))))
    c.frame(lldp(lldp_tlv(1, b"\x07mine"), lldp_tlv(2, b"\x03" + HOME), TTL,
                 org("0012bb", 1, u16(0x3f) + u8(3)), org("0012bb", 2, bytes.fromhex("01406fae")),
                 org("0012bb", 3, u8(2) + text8(b"\x02DE\x03" + text8(b"Berlin"))),
                 org("0012bb", 3, u8(3) + b"1234567890"), org("0012bb", 4, u8(0x52) + u16(40)),
                 *[org("0012bb", 5 + i, b"words") for i in range(7)],
                 org("00005e", 1, b"https://example.net/mud"), org("00aabb", 3, b"what"),
                 lldp_tlv(50, b"reserved")))
    c.frame(lldp(lldp_tlv(1, b"\x04" + PROVIDER), lldp_tlv(2, b"\x05port 7"),
                 lldp_tlv(3, u16(0))))
    return c


def bpdu(body, cisco=False):
    llc = b"\xaa\xaa\x03\x00\x00\x0c\x01\x0b" if cisco else b"\x42\x42\x03"
    dst = bytes.fromhex("01000ccccccd" if cisco else "0180c2000000")
    return (dst + PROVIDER + u16(len(llc + body)) + llc + body).ljust(60, b"\0")


def stp_view(version, kind, flags, extension=0):
    root, self = u16(0x8000 | extension) + PROVIDER, u16(0x9000 | extension) + HOME
    return u16(0) + u8(version, kind, flags) + root + u32(4) + self + u16(0x8007) \
        + u16(256, 5120, 512, 3840)


def stp_all():
    c = Capture(1)
    c.frame(bpdu(stp_view(0, 0, 0)))
    c.frame(bpdu(stp_view(0, 0, 0x81)))
    c.frame(bpdu(u16(0) + u8(0, 0x80)))
    c.frame(bpdu(stp_view(2, 2, 0x7c) + b"\0"))
    c.frame(bpdu(stp_view(2, 2, 0x7c, 7) + b"\0" + u16(0, 2, 7), True))
    c.frame(bpdu(stp_view(2, 2, 0x7c, 7) + b"\0" + u16(9, 2, 7), True))
    tree = u8(0x7c) + u16(0x8005) + PROVIDER + u32(9) + u8(0x80, 0x80, 19)
    region = u8(0) + b"office".ljust(32, b"\0") + u16(3) + bytes(16)
    several = region + u32(8) + u16(0x8000) + PROVIDER + u8(20) + tree + tree
    c.frame(bpdu(stp_view(3, 2, 0x7c) + b"\0" + u16(len(several)) + several))
    return c


# --- tunnels ---

SYN = struct.pack("!HHIIBBHHH", 40000, 80, 1000, 0, 0x50, 2, 64240, 0, 0)


def ip4(src, dst, proto, payload, ident=1):
    head = u8(0x45, 0) + u16(20 + len(payload), ident, 0x4000) + u8(64, proto) + u16(0) \
        + address(src) + address(dst)
    return head[:10] + u16(checksum(head)) + head[12:] + payload


def tcp(src, dst, port, flags, seq=1000, ack=0, data=b""):
    sport, dport = port
    head = struct.pack("!HHIIBBHHH", sport, dport, seq, ack, 0x50, flags, 64240, 0, 0)
    pseudo = address(src) + address(dst) + u16(6, len(head + data))
    return ip4(src, dst, 6, head[:16] + u16(checksum(pseudo + head + data)) + head[18:] + data)


def udp(sport, dport, data):
    return u16(sport, dport, len(data) + 8, 0) + data


IN, OUT = ("10.0.0.2", "10.0.0.3"), ("198.51.100.1", "203.0.113.1")
INSIDE = tcp(*IN, (40000, 80), 2)


def outer(proto, payload):
    return ether(PROVIDER, HOME, 0x0800, ip4(*OUT, proto, payload))


def gre(flags, proto, *parts):
    return u16(flags, proto) + b"".join(parts)


def tunnels_all():
    c = Capture(1)
    frame = ether(HOME, PROVIDER, 0x0800, INSIDE)
    arp = ether(ALL, HOME, 0x0806, u16(1, 0x800) + u8(6, 4) + u16(1) + HOME + address(IN[0])
                + bytes(6) + address(IN[1]))
    vni = u8(8, 0, 0, 0, 0, 0, 42, 0)
    c.frame(outer(47, gre(0, 0x0800, INSIDE)))
    packet = gre(0x8000, 0x0800, u16(0, 0), INSIDE)
    c.frame(outer(47, packet[:4] + u16(checksum(packet)) + packet[6:]))
    c.frame(outer(47, gre(0x8000, 0x0800, u16(1, 0), INSIDE)))
    c.frame(outer(47, gre(0x2000, 0x6558, u32(7), frame)))
    c.frame(outer(47, gre(0x3000, 0x0800, u32(7, 8), INSIDE)))
    c.frame(outer(47, gre(0x4000, 0x0800, u16(0, 0), u16(2) + u8(0, 4) + address(IN[0]),
                          u32(0), INSIDE)))
    c.frame(outer(47, gre(0x3081, 0x880b, u16(14, 9), u32(3, 2),
                          b"\xff\x03\xc0\x21" + control(1, 1, tlv8(5, u32(1))))))
    c.frame(outer(47, gre(0x2081, 0x880b, u16(0, 9), u32(3))))
    c.frame(outer(47, gre(0, 0)))
    c.frame(outer(47, gre(0, 0x88be, b"erspan")))
    c.frame(outer(4, INSIDE))
    c.frame(outer(4, ip4(*IN, 4, INSIDE)))
    six = u32(0x60000000) + u16(len(SYN)) + u8(6, 64) + bytes(15) + b"\1" + bytes(15) + b"\2" + SYN
    c.frame(outer(41, six))
    c.frame(outer(17, udp(50000, 4789, vni + frame)))
    c.frame(outer(17, udp(50000, 4789, vni + arp)))
    c.frame(outer(17, udp(50000, 4789, u8(0x88, 0x48) + u16(9) + u8(0, 0, 42, 0) + frame)))
    c.frame(outer(17, udp(50000, 4789, vni)))
    c.frame(outer(17, udp(50000, 4789, vni[:5])))
    return c


# --- SCTP ---

def sctp_chunk(kind, flags, value):
    length = len(value) + 4
    return u8(kind, flags) + u16(length) + value + b"\0" * (-length % 4)


def parameter(kind, value):
    return u16(kind, len(value) + 4) + value + b"\0" * (-len(value) % 4)


def sctp_all():
    c = Capture(1)

    def say(up, *chunks):
        a, b = OUT if up else OUT[::-1]
        ports = (40000, 5060) if up else (5060, 40000)
        head = u16(*ports) + u32(0x11223344, 0x55667788)
        c.frame(ether(PROVIDER, HOME, 0x0800, ip4(a, b, 132, head + b"".join(chunks))))

    hello = u32(7, 65536) + u16(10, 10) + u32(1000)
    known = b"".join((parameter(5, address("192.0.2.1")), parameter(6, bytes(16)),
                      parameter(9, u32(1000)), parameter(11, b"host.example\0"),
                      parameter(12, u16(5, 6)), parameter(0x8000, b""), parameter(0xc000, b""),
                      parameter(0x8002, bytes(32)), parameter(0x8003, b"\xc1\x80"),
                      parameter(0x8004, u16(1, 3)), parameter(0x8008, b"\x82\xc0\x0f"),
                      parameter(0xc006, u32(1)), parameter(0x1234, b"what?")))
    say(True, sctp_chunk(1, 0, hello + known))
    say(False, sctp_chunk(2, 0, hello + parameter(7, b"cookie") + parameter(8, u16(0x1234, 4))))
    say(True, sctp_chunk(10, 0, b"cookie"), sctp_chunk(0, 3, u32(1000) + u16(1, 2) + u32(3)
                                                       + b"hello"))
    say(False, sctp_chunk(11, 0, b""),
        sctp_chunk(3, 0, u32(1000, 65000) + u16(1, 2, 2, 3) + u32(999, 998)))
    say(True, sctp_chunk(4, 0, parameter(1, b"beat!")))
    say(False, sctp_chunk(5, 0, parameter(1, b"beat!")))
    say(False, sctp_chunk(9, 0, u16(3, 8) + u32(5) + u16(13, 7) + b"bad\0"))
    say(False, sctp_chunk(12, 0, u32(1000)), sctp_chunk(13, 0, u32(1000)))
    say(True, sctp_chunk(7, 0, u32(1000)))
    say(False, sctp_chunk(8, 0, b""))
    say(True, sctp_chunk(14, 1, b""))
    say(False, sctp_chunk(6, 1, u16(12, 4)))
    say(False, sctp_chunk(0x99, 1, b"new"))
    return c


# --- wireless ---

def le16(*values):
    return struct.pack(f"<{len(values)}H", *values)


def le64(value):
    return struct.pack("<Q", value)


def radiotap(frame, signal=-55, flags=0x10):
    head = struct.pack("<BBHIBBHHbb", 0, 0, 16, 0x6e, flags, 2, 2437, 0x00a0, signal, -95)
    return head + frame + (b"\0\0\0\0" if flags & 0x10 else b"")


SEQUENCES = [0]


def wifi(kind, to, sender, network, body=b"", flags=0):
    SEQUENCES[0] = (SEQUENCES[0] + 1) % 4096
    return u8((kind & 15) << 4 | (kind >> 4) << 2, flags) + le16(44) + to + sender + network \
        + le16(SEQUENCES[0] << 4) + body


def element(kind, value):
    return u8(kind, len(value)) + value


SSID, RATES = element(0, b"Home"), element(1, bytes.fromhex("82848b960c121824"))
CAPS = le16(0x0411)
WPA = element(221, bytes.fromhex("0050f20101000050f20201000050f20201000050f202"))
BEACON = le64(123456) + le16(100) + CAPS + SSID + RATES + element(3, b"\6") \
    + element(5, bytes.fromhex("00010000")) + RSN


class Wifi:
    """A device and the access point of its network, heard by a third card."""

    def __init__(self, link_type=127):
        self.capture = Capture(link_type)

    def say(self, frame, gap=0.01, **radio):
        bare = self.capture.link_type == 105
        self.capture.frame(frame if bare else radiotap(frame, **radio), gap)

    def manage(self, up, kind, body=b"", gap=0.01, **rest):
        to, sender = (POINT, STATION) if up else (STATION, POINT)
        self.say(wifi(kind, to, sender, POINT, body, **rest), gap)

    def data(self, up, ethertype, payload, gap=0.01):
        llc = bytes.fromhex("aaaa03000000") + u16(ethertype) + payload
        addresses = (POINT, STATION, POINT) if up else (STATION, POINT, POINT)
        self.say(wifi(0x20, *addresses, llc, 1 if up else 2), gap)

    def joined(self, algorithm=0):
        self.say(wifi(0x08, ALL, POINT, POINT, BEACON))
        self.say(wifi(0x04, ALL, STATION, ALL, SSID + RATES))
        self.manage(False, 0x05, BEACON)
        self.manage(True, 0x0b, le16(algorithm, 1, 0))
        self.manage(False, 0x0b, le16(algorithm, 2, 0))
        self.manage(True, 0x00, CAPS + le16(5) + SSID + RATES + RSN)
        self.manage(False, 0x01, CAPS + le16(0, 0xc001) + RATES)
        return self

    def keys(self, *messages, gap=0.01):
        for up, message in messages:
            self.data(up, 0x888e, message, gap)
        return self


def wifi_ok():
    net = Wifi().joined().keys((False, FIRST), (True, SECOND), (False, THIRD), (True, FOURTH))
    secret = bytes.fromhex("0100002000000000") + bytes(40)
    net.say(wifi(0x20, POINT, STATION, PROVIDER, secret, 0x41))
    net.say(wifi(0x20, STATION, POINT, PROVIDER, secret, 0x42))
    return net.capture


def wifi_wrong_password():
    net = Wifi().joined()
    for replay in range(1, 5):
        net.keys((False, key(0x008a, replay)), gap=1)
        net.keys((True, key(0x010a, replay, mic=MIC, data=RSN, length=0)))
    net.manage(False, 0x0c, le16(15), gap=1)
    return net.capture


def wifi_wrong_password_wpa3():
    net = Wifi()
    net.say(wifi(0x08, ALL, POINT, POINT, BEACON))
    commit, confirm = le16(19) + bytes(96), le16(1) + bytes(32)
    net.manage(True, 0x0b, le16(3, 1, 0) + commit)
    net.manage(False, 0x0b, le16(3, 1, 0) + commit)
    net.manage(True, 0x0b, le16(3, 2, 0) + confirm)
    net.manage(False, 0x0b, le16(3, 2, 15))
    return net.capture


def wifi_full():
    net = Wifi()
    net.say(wifi(0x08, ALL, POINT, POINT, BEACON))
    net.manage(True, 0x0b, le16(0, 1, 0))
    net.manage(False, 0x0b, le16(0, 2, 0))
    net.manage(True, 0x00, CAPS + le16(5) + SSID + RATES + RSN)
    net.manage(False, 0x01, CAPS + le16(17, 0xc000) + RATES)
    return net.capture


def wifi_sent_away():
    net = Wifi().joined().keys((False, FIRST), (True, SECOND), (False, THIRD), (True, FOURTH))
    net.manage(False, 0x0a, le16(34), gap=30)
    return net.capture


def wifi_silent():
    net = Wifi()
    net.say(wifi(0x08, ALL, POINT, POINT, BEACON))
    for gap in (0.1, 1, 2):
        net.manage(True, 0x0b, le16(0, 1, 0), gap=gap)
    net.say(wifi(0x08, ALL, POINT, POINT, BEACON), 3)
    return net.capture


def wifi_login_refused():
    net = Wifi().joined()

    def login(up, message):
        net.data(up, 0x888e, message)

    login(True, eapol(1))
    login(False, eap(1, 1, b"\x01"))
    login(True, eap(2, 1, b"\x01user@example.net"))
    login(False, eap(1, 2, b"\x19\x20"))
    login(True, eap(2, 2, b"\x19\x00" + bytes.fromhex("16030100020102")))
    login(False, eap(1, 3, b"\x19\x00"))
    login(True, eap(2, 3, b"\x19\x00"))
    login(False, eap(4, 3))
    net.manage(False, 0x0c, le16(23))
    return net.capture


def wifi_certificate():
    net = Wifi().joined()
    net.data(False, 0x888e, eap(1, 1, b"\x01"))
    net.data(True, 0x888e, eap(2, 1, b"\x01anonymous"))
    net.data(False, 0x888e, eap(1, 2, b"\x19\x20"))
    net.data(True, 0x888e, eap(2, 2, b"\x19\x00" + bytes.fromhex("15030300020230")))
    net.data(False, 0x888e, eap(4, 2))
    return net.capture


def wifi_all(link_type=127):
    net = Wifi(link_type).joined()
    net.say(wifi(0x08, ALL, POINT, POINT, BEACON + element(7, b"DE \x01\x0d\x14\x00") + element(
        42, b"\x03") + element(50, b"\x30\x48") + WPA + element(221, bytes.fromhex(
            "0050f202010180000003a4000027a4000042435e0062322f00")) + element(221, bytes.fromhex("00037f0101")) + element(45, bytes(26)) + element(0, b"")
        + element(48, bytes.fromhex("0100000fac040100000fac040100000fac088000010011223344556677"
                                    "8899aabbccddeeff0000000fac06")) + element(48, b"\1\0")))
    net.manage(True, 0x02, CAPS + le16(5) + POINT + SSID + RATES)
    net.manage(False, 0x03, CAPS + le16(30, 0) + RATES)
    net.manage(True, 0x0c, le16(3))
    net.manage(False, 0x0a, le16(8))
    net.manage(True, 0x0d, b"\x03\x00\x01")
    net.manage(True, 0x0d, b"\x83\x00\x01")
    net.manage(False, 0x0c, bytes.fromhex("0100002000000000") + bytes(10), flags=0x40)
    net.manage(False, 0x0b, le16(1, 2, 0) + element(16, bytes(128)))
    net.keys((False, FIRST), (True, SECOND))
    for flags in (0x00, 0x03):
        body = bytes.fromhex("aaaa030000000800") + INSIDE
        net.say(wifi(0x20, ALL, STATION, POINT, (HOME if flags == 3 else b"") + body, flags))
    for flags, quality in ((1, 0x0005), (1, 0x0215), (2, 0x0206), (2, 0x0216)):
        net.say(wifi(0x28, POINT, STATION, PROVIDER, le16(quality)
                     + bytes.fromhex("aaaa030000000800") + INSIDE, flags))
    net.say(wifi(0x28, POINT, STATION, PROVIDER, le16(0x80) + bytes(30), 1))
    net.say(wifi(0x2c, POINT, STATION, PROVIDER, le16(5), 0x11))
    net.say(wifi(0x24, POINT, STATION, PROVIDER, b"", 0x11))
    net.say(wifi(0x20, POINT, STATION, PROVIDER, bytes.fromhex("01020340") + bytes(24), 0x41))
    net.say(wifi(0x20, POINT, STATION, PROVIDER, bytes.fromhex("0121022005060708") + bytes(24),
                 0x41))
    net.say(wifi(0x20, POINT, STATION, PROVIDER, bytes.fromhex("0102002005060708") + bytes(24),
                 0x41))
    for kind, body in ((0x1b, POINT), (0x1c, b""), (0x1d, b""), (0x1e, POINT), (0x1a, POINT),
                       (0x18, POINT + le16(4, 0x10)), (0x19, POINT + le16(4, 0x10) + bytes(8))):
        net.say(u8((kind & 15) << 4 | 4, 0) + le16(0xc001) + STATION + body)
    return net.capture


def radiotap_all():
    c = Capture(127)
    frame = wifi(0x04, ALL, STATION, ALL, SSID + RATES)

    def say(present, items):
        words = b"".join(struct.pack("<I", word) for word in present)
        head = le16(0, 4 + len(words + items)) + words + items
        c.frame(head + frame)

    say((0x0f,), bytes(0) + le64(12345)[:8] + u8(0, 11) + le16(2437, 0x00a0))
    say((0x0f,), le64(12345) + u8(2, 12) + le16(5180, 0x0140))
    say((0x0f,), le64(12345) + u8(0, 108) + le16(2462, 0x00c0))
    say((0x7fff,), le64(1) + u8(0, 4) + le16(2484, 0x0480) + u8(1, 2, 0xc8, 0xa0) + le16(50, 1, 2)
        + u8(10, 1, 30, 20) + le16(2))
    say((0x8000 | 0x20000,), le16(0x21) + u8(3))
    say((0x80000,), u8(0x7f, 0x05, 12))
    say((0x80002,), u8(0, 0x07, 0x01, 7))
    say((0x100000,), struct.pack("<IHBB", 77, 0x8c, 0, 0))
    say((0xa0000020, 0x00000820), u8(0xc8, 0xc8, 1))
    say((0x80000020, 0x00000001), u8(0xc8))
    say((0xc0000020, 0x00000001), u8(0xc8) + b"\0")
    say((0x200000,), bytes(12))
    say((0x20000000 >> 13,), u8(1))
    return c


# --- what the rules about neighbours need ---

def switches():
    c = Capture(1)
    c.frame(lldp(lldp_tlv(1, b"\x04" + PROVIDER), lldp_tlv(2, b"\x05port 7"), TTL,
                 lldp_tlv(5, b"switch-2"), org("0080c2", 1, u16(10))))
    c.frame(bpdu(stp_view(2, 2, 0x3c) + b"\0"))
    c.frame(bpdu(stp_view(2, 2, 0x3d) + b"\0"))
    group = address("239.255.255.250")
    c.frame(igmp("224.0.0.1", u8(0x11, 100, 0, 0) + bytes(4)))
    c.frame(igmp("239.255.255.250", u8(0x16, 0, 0, 0) + group))
    c.frame(igmp("224.0.0.2", u8(0x17, 0, 0, 0) + group))
    c.frame(outer(47, gre(0, 0x0800, INSIDE)))
    return c


def sctp_refused():
    c = Capture(1)
    for up, chunk in ((True, sctp_chunk(1, 0, u32(7, 65536) + u16(10, 10) + u32(1000))),
                      (False, sctp_chunk(6, 1, b""))):
        a, b = OUT if up else OUT[::-1]
        ports = (40000, 2905) if up else (2905, 40000)
        c.frame(ether(PROVIDER, HOME, 0x0800, ip4(a, b, 132, u16(*ports) + u32(0, 0) + chunk)))
    return c


LESSONS = {
    "pppoe-ok": pppoe_ok,
    "pppoe-no-offer": pppoe_no_offer,
    "pppoe-refused": pppoe_refused,
    "ppp-pap-refused": ppp_pap_refused,
    "ppp-chap-refused": ppp_chap_refused,
    "ppp-no-answer": ppp_no_answer,
    "switches": switches,
    "sctp-refused": sctp_refused,
    "wifi-ok": wifi_ok,
    "wifi-wrong-password": wifi_wrong_password,
    "wifi-wrong-password-wpa3": wifi_wrong_password_wpa3,
    "wifi-full": wifi_full,
    "wifi-sent-away": wifi_sent_away,
    "wifi-silent": wifi_silent,
    "wifi-login-refused": wifi_login_refused,
    "wifi-certificate": wifi_certificate,
}
TESTS = {
    "link-ppp": ppp_all,
    "link-pppoe": pppoe_all,
    "link-eap": eap_all,
    "link-groups": groups_all,
    "link-lldp": lldp_all,
    "link-stp": stp_all,
    "link-tunnels": tunnels_all,
    "link-sctp": sctp_all,
    "link-wlan": wifi_all,
    "link-wlan-bare": lambda: wifi_all(105),
    "link-radiotap": radiotap_all,
}


def main():
    for folder, captures in zip(sys.argv[1:], (LESSONS, TESTS)):
        for name, make in captures.items():
            make().write(os.path.join(folder, name + ".pcap"))


if __name__ == "__main__":
    main()
