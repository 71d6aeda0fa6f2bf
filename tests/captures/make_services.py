#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Make the small captures of local names, file transfer and telephony.

    make_services.py FOLDER

Deterministic: the same program gives the same bytes. Addresses are from the documentation ranges.
"""
import os
import struct
import sys

from make_captures import CLIENT, SERVER, Capture, address, checksum

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


def later(c):
    """Time goes by, so that what was not answered counts as such."""
    datagram(c, (HOME, 50998), (EVERYBODY, 50999), b"later", 40)
    return c


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
    return later(c)


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
    return later(c)


def tftp_port_closed():
    c = tftp(("C", b"\0\1boot.img\0octet\0"))
    port_closed(c, SERVER)
    return c


def tftp_stalled():
    body = bytes(512)
    data = ("S", b"\0\3\0\1" + body)
    c = tftp(("C", b"\0\1boot.img\0octet\0"), data, data, data, data, gap=3.0)
    return later(c)


# Multicast DNS (RFC 6762) and LLMNR (RFC 4795)

GROUP_MDNS, GROUP_LLMNR = ("224.0.0.251", 5353), ("224.0.0.252", 5355)


def dns_name(text):
    return b"".join(bytes([len(part)]) + part.encode() for part in text.split(".")) + b"\0"


def dns_question(ident, name, kind=1):
    return struct.pack("!6H", ident, 0, 1, 0, 0, 0) + dns_name(name) + struct.pack("!HH", kind, 1)


def mdns_found():
    c = Capture()
    answer = struct.pack("!6H", 0, 0x8400, 0, 1, 0, 0) + dns_name("printer.local") + \
        struct.pack("!HHIH", 1, 0x8001, 120, 4) + address(PRINTER)
    datagram(c, (HOME, 5353), GROUP_MDNS, dns_question(0, "printer.local"))
    datagram(c, (PRINTER, 5353), GROUP_MDNS, answer)
    return c


def mdns_no_answer():
    c = Capture()
    for gap in (0.01, 1.0, 2.0):
        datagram(c, (HOME, 5353), GROUP_MDNS, dns_question(0, "scanner.local"), gap)
    return later(c)


def llmnr_found():
    c = Capture()
    question = dns_question(77, "printer")
    answer = struct.pack("!6H", 77, 0x8000, 1, 1, 0, 0) + question[12:] + b"\xc0\x0c" + \
        struct.pack("!HHIH", 1, 1, 30, 4) + address(PRINTER)
    datagram(c, (HOME, 50077), GROUP_LLMNR, question)
    datagram(c, (PRINTER, 5355), (HOME, 50077), answer)
    return c


def llmnr_no_answer():
    c = Capture()
    for gap in (0.01, 0.4):
        datagram(c, (HOME, 50078), GROUP_LLMNR, dns_question(78, "oldserver"), gap)
    return later(c)


# SIP (RFC 3261)

PHONE, REGISTRAR = (HOME, 5060), (SERVER, 5060)
OFFER = ("v=0|o=alice 1 1 IN IP4 192.0.2.20|s=-|c=IN IP4 192.0.2.20|t=0 0|"
         "m=audio 49170 RTP/AVP 0 8|a=rtpmap:0 PCMU/8000|a=rtpmap:8 PCMA/8000|a=sendrecv|")
LOGIN = ('Authorization: Digest username="alice", realm="example.org", nonce="dcd98b71", '
         'uri="sip:example.org", response="6629fae49393a05397450978507c4ef1"')
CHALLENGE = 'WWW-Authenticate: Digest realm="example.org", nonce="dcd98b71"'


def sip_message(first, number, method, extra=(), body="", to="bob"):
    """The text of a request or reply; header lines and body with '|' for line ends."""
    to = "alice" if method == "REGISTER" else to
    lines = [first, "Via: SIP/2.0/UDP 192.0.2.20:5060;branch=z9hG4bK%d" % number,
             "From: <sip:alice@example.org>;tag=1", f"To: <sip:{to}@example.org>",
             "Call-ID: call-1", f"CSeq: {number} {method}", *extra]
    body = body.replace("|", "\r\n")
    if body:
        lines.append("Content-Type: application/sdp")
    lines.append(f"Content-Length: {len(body)}")
    return ("\r\n".join(lines) + "\r\n\r\n" + body).encode()


def sip(*steps):
    """Steps: 'REGISTER', 'REGISTER login', 'INVITE', 'ACK' ..., or a status line of the server."""
    c = Capture()
    number, method = 0, ""
    for step in steps:
        if step[0].isdigit():
            extra = [CHALLENGE] if step[:3] in ("401", "407") else []
            body = OFFER if step[:3] == "200" and method == "INVITE" else ""
            datagram(c, REGISTRAR, PHONE,
                     sip_message("SIP/2.0 " + step, number, method, extra, body), 0.03)
            continue
        method, _, login = step.partition(" ")
        number += method != "ACK"
        target = "sip:example.org" if method == "REGISTER" else "sip:bob@example.org"
        datagram(c, PHONE, REGISTRAR, sip_message(
            f"{method} {target} SIP/2.0", number, method, [LOGIN] if login else [],
            OFFER if method == "INVITE" else ""))
    return c


def sip_silence(method):
    c = Capture()
    for gap in (0.01, 0.5, 1.0, 2.0, 4.0):
        target = "sip:example.org" if method == "REGISTER" else "sip:bob@example.org"
        datagram(c, PHONE, REGISTRAR, sip_message(
            f"{method} {target} SIP/2.0", 1, method, (), OFFER if method == "INVITE" else ""),
            gap)
    return later(c)


def sip_port_closed():
    c = sip("REGISTER")
    port_closed(c, SERVER)
    return c


def sip_nat():
    c = sip("REGISTER")
    reply = sip_message("SIP/2.0 200 OK", 1, "REGISTER").replace(
        b";branch=z9hG4bK1", b";branch=z9hG4bK1;received=203.0.113.7;rport=40123")
    datagram(c, REGISTRAR, PHONE, reply, 0.03)
    return c


# STUN (RFC 8489) and TURN (RFC 8656)

COOKIE = 0x2112a442


def stun(kind, ident, *attributes):
    body = b"".join(struct.pack("!HH", which, len(value)) + value + b"\0" * (-len(value) % 4)
                    for which, value in attributes)
    return struct.pack("!HHI", kind, len(body), COOKIE) + ident * 12 + body


def stun_address(host, port):
    coded = struct.unpack("!I", address(host))[0] ^ COOKIE
    return struct.pack("!BBHI", 0, 1, port ^ COOKIE >> 16, coded)


def stun_found():
    c = Capture()
    datagram(c, (HOME, 50100), (SERVER, 3478), stun(1, b"a"))
    datagram(c, (SERVER, 3478), (HOME, 50100),
             stun(0x101, b"a", (0x20, stun_address("203.0.113.7", 40123))), 0.03)
    return c


def stun_no_answer():
    c = Capture()
    for gap in (0.01, 0.5, 1.0, 2.0, 4.0):
        datagram(c, (HOME, 50100), (SERVER, 3478), stun(1, b"b"), gap)
    return later(c)


def turn_refused():
    c = Capture()
    transport, user = (0x19, b"\x11\0\0\0"), (0x06, b"alice")
    realm, nonce = (0x14, b"example.org"), (0x15, b"f776")
    refusal = (0x09, b"\0\0\4\1Unauthorized")
    for ident, extra in ((b"c", ()), (b"d", (user, realm, nonce, (0x08, bytes(20))))):
        datagram(c, (HOME, 50100), (SERVER, 3478), stun(3, ident, transport, *extra))
        datagram(c, (SERVER, 3478), (HOME, 50100),
                 stun(0x113, ident, refusal, realm, nonce), 0.03)
    return c


CAPTURES = {
    "mdns-found": mdns_found,
    "mdns-no-answer": mdns_no_answer,
    "llmnr-found": llmnr_found,
    "llmnr-no-answer": llmnr_no_answer,
    "sip-good": lambda: sip("REGISTER", "401 Unauthorized", "REGISTER login", "200 OK", "INVITE",
                            "100 Trying", "180 Ringing", "200 OK", "ACK", "BYE", "200 OK"),
    "sip-login-refused": lambda: later(sip(
        "REGISTER", "401 Unauthorized", "REGISTER login", "401 Unauthorized")),
    "sip-forbidden": lambda: sip("REGISTER", "401 Unauthorized", "REGISTER login",
                                 "403 Forbidden"),
    "sip-no-account": lambda: sip("REGISTER", "404 Not Found"),
    "sip-no-number": lambda: sip("INVITE", "100 Trying", "404 Not Found", "ACK"),
    "sip-not-reached": lambda: sip("INVITE", "100 Trying", "480 Temporarily Unavailable", "ACK"),
    "sip-busy": lambda: sip("INVITE", "100 Trying", "486 Busy Here", "ACK"),
    "sip-declined": lambda: sip("INVITE", "100 Trying", "403 Forbidden", "ACK"),
    "sip-no-coding": lambda: sip("INVITE", "100 Trying", "488 Not Acceptable Here", "ACK"),
    "sip-trouble": lambda: sip("INVITE", "100 Trying", "503 Service Unavailable", "ACK"),
    "sip-no-answer": lambda: sip_silence("REGISTER"),
    "sip-call-no-answer": lambda: sip_silence("INVITE"),
    "sip-port-closed": sip_port_closed,
    "sip-nat": sip_nat,
    "stun-found": stun_found,
    "stun-no-answer": stun_no_answer,
    "turn-refused": turn_refused,
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
