#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Make the small captures of device management, logins to a network, proxies and terminals.

    make_devices.py FOLDER

Deterministic: the same program gives the same bytes. Addresses are from the documentation ranges.
"""
import os
import struct
import sys

from make_captures import CLIENT, SERVER, Capture, Talk, address
from make_services import HOME, PRINTER, datagram, later


# SNMP (RFC 3416) in BER (X.690)

def ber(tag, value):
    return bytes([tag, len(value)]) + value


def ber_number(value, tag=2):
    return ber(tag, value.to_bytes(value.bit_length() // 8 + 1, "big"))


def ber_oid(text):
    parts = [int(part) for part in text.split(".")]
    return ber(6, bytes([parts[0] * 40 + parts[1]] + parts[2:]))


def snmp_pdu(kind, ident, error, name, value):
    binding = ber(0x30, ber_oid(name) + value)
    return ber(kind, ber_number(ident) + ber_number(error) + ber_number(1 if error else 0) +
               ber(0x30, binding))


def snmp(version, community, pdu):
    return ber(0x30, ber_number(version) + ber(4, community) + pdu)


def snmp3(user, pdu, engine=b"\x80\0\x1f\x88\4device"):
    header = ber(0x30, ber_number(7) + ber_number(65507) + ber(4, b"\4") + ber_number(3))
    login = ber(0x30, ber(4, engine) + ber_number(1) + ber_number(1000) + ber(4, user) +
                ber(4, b"") + ber(4, b""))
    return ber(0x30, ber_number(3) + header + ber(4, login) +
               ber(0x30, ber(4, engine) + ber(4, b"") + pdu))


DESCRIPTION, NOTHING = "1.3.6.1.2.1.1.1.0", b"\5\0"
MANAGER, AGENT = (HOME, 50161), (PRINTER, 161)


def snmp_talk(*messages):
    c = Capture()
    for number, message in enumerate(messages):
        ends = (AGENT, MANAGER) if number % 2 else (MANAGER, AGENT)
        datagram(c, *ends, message, 0.02)
    return c


def snmp_good():
    return snmp_talk(snmp(1, b"public", snmp_pdu(0xa0, 1, 0, DESCRIPTION, NOTHING)),
                     snmp(1, b"public", snmp_pdu(0xa2, 1, 0, DESCRIPTION, ber(4, b"Printer"))))


def snmp_no_answer():
    c = Capture()
    for _ in range(4):
        datagram(c, MANAGER, AGENT, snmp(1, b"wrong", snmp_pdu(0xa0, 2, 0, DESCRIPTION, NOTHING)),
                 1.0)
    return later(c)


def snmp_error(status):
    ask = snmp(1, b"public", snmp_pdu(0xa3, 3, 0, DESCRIPTION, ber(4, b"x")))
    return snmp_talk(ask, snmp(1, b"public", snmp_pdu(0xa2, 3, status, DESCRIPTION,
                                                      ber(4, b"x"))))


def snmp_wrong_user():
    return snmp_talk(snmp3(b"walter", snmp_pdu(0xa0, 4, 0, DESCRIPTION, NOTHING)),
                     snmp3(b"walter", snmp_pdu(0xa8, 4, 0, "1.3.6.1.6.3.15.1.1.3.0",
                                               ber_number(1, 0x41))))


# RADIUS (RFC 2865)

POINT, JUDGE = (PRINTER, 50812), (SERVER, 1812)


def radius(code, *attributes):
    body = b"".join(bytes([kind, len(value) + 2]) + value for kind, value in attributes)
    return struct.pack("!BBH", code, 9, 20 + len(body)) + bytes(range(16)) + body


ASK = radius(1, (1, b"walter"), (2, bytes(16)), (4, address(PRINTER)), (31, b"02-00-5E-10-00-01"))


def radius_talk(answer):
    c = Capture()
    datagram(c, POINT, JUDGE, ASK)
    datagram(c, JUDGE, POINT, answer, 0.05)
    return c


def radius_no_answer():
    c = Capture()
    for _ in range(3):
        datagram(c, POINT, JUDGE, ASK, 3.0)
    return later(c)


# Syslog (RFC 3164), Telnet (RFC 854), SOCKS (RFC 1928)

def syslog_trouble():
    c = Capture()
    for line in (b"<30>Oct 11 22:14:15 printer cron[7]: job done",
                 b"<131>Oct 11 22:14:16 printer disk: read error on sector 5"):
        datagram(c, (PRINTER, 514), (HOME, 514), line)
    return c


def stream(port, *messages):
    """Bytes of both sides over TCP: ('C', ...) and ('S', ...)."""
    c = Capture()
    talk = Talk(c, port)
    talk.open()
    for who, data in messages:
        ends = (CLIENT, SERVER) if who == "C" else (SERVER, CLIENT)
        talk.send(ends[0], 0x18, data, gap=0.03)
        talk.send(ends[1], 0x10, gap=0.001)
    talk.close()
    return c


def telnet(*end):
    return stream(23, ("S", b"\xff\xfd\x18\xff\xfb\x01"), ("C", b"\xff\xfc\x18\xff\xfd\x01"),
                  ("S", b"host login: "), ("C", b"walter\r\0"), ("S", b"walter\r\nPassword: "),
                  ("C", b"hid"), ("C", b"den\r\0"), *end)


def socks(*end):
    return stream(1080, ("C", b"\5\2\0\2"), *end)


SOCKS_ASK = ("C", b"\5\1\0\3\x0fwww.example.org\0\x50")


def socks_reply(result):
    return ("S", bytes([5, result, 0, 1]) + bytes(6))


CAPTURES = {
    "snmp-good": snmp_good,
    "snmp-no-answer": snmp_no_answer,
    "snmp-read-only": lambda: snmp_error(17),
    "snmp-no-object": lambda: snmp_talk(
        snmp(1, b"public", snmp_pdu(0xa0, 5, 0, "1.3.6.1.2.1.9.9.0", NOTHING)),
        snmp(1, b"public", snmp_pdu(0xa2, 5, 0, "1.3.6.1.2.1.9.9.0", b"\x80\0"))),
    "snmp-wrong-user": snmp_wrong_user,
    "radius-good": lambda: radius_talk(radius(2, (27, b"\0\0\x0e\x10"))),
    "radius-rejected": lambda: radius_talk(radius(3)),
    "radius-no-answer": radius_no_answer,
    "syslog-trouble": syslog_trouble,
    "telnet-good": lambda: telnet(("S", b"\r\nWelcome\r\n$ "), ("C", b"exit\r\0")),
    "telnet-refused": lambda: telnet(("S", b"\r\nLogin incorrect\r\nlogin: ")),
    "socks-good": lambda: socks(
        ("S", b"\5\0"), SOCKS_ASK, socks_reply(0), ("C", b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"),
        ("S", b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")),
    "socks-login-refused": lambda: socks(("S", b"\5\2"), ("C", b"\1\6walter\6hidden"),
                                         ("S", b"\1\1")),
    "socks-no-method": lambda: socks(("S", b"\5\xff")),
    "socks-forbidden": lambda: socks(("S", b"\5\0"), SOCKS_ASK, socks_reply(2)),
    "socks-not-reached": lambda: socks(("S", b"\5\0"), SOCKS_ASK, socks_reply(5)),
}


def main():
    for name, make in CAPTURES.items():
        make().write(os.path.join(sys.argv[1], name + ".pcap"))


if __name__ == "__main__":
    main()
