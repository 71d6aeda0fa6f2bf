#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Make the small captures that the rules' tests need and no recording provides.

    make_captures.py FOLDER

Deterministic: the same program gives the same bytes. Addresses are from the documentation ranges.
"""
import os
import struct
import sys

CLIENT, SERVER = "192.0.2.20", "198.51.100.10"


def address(text):
    return bytes(int(part) for part in text.split("."))


def checksum(data):
    if len(data) % 2:
        data += b"\0"
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xffff) + (total >> 16)
    return ~total & 0xffff


class Capture:
    """A pcap file of raw IP packets (LINKTYPE_RAW) unless another link type is named."""

    def __init__(self, link_type=101):
        self.link_type = link_type
        self.time = 1_700_000_000.0
        self.frames = []
        self.ident = 0

    def frame(self, data, gap=0.01, keep=None):
        self.time += gap
        self.frames.append((self.time, data[:keep] if keep else data, len(data)))

    def ip(self, src, dst, proto, payload, gap=0.01, keep=None):
        self.ident += 1
        head = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 20 + len(payload), self.ident, 0x4000,
                           64 if src == CLIENT else 55, proto, 0, address(src), address(dst))
        head = head[:10] + struct.pack("!H", checksum(head)) + head[12:]
        self.frame(head + payload, gap, keep)

    def write(self, path):
        with open(path, "wb") as out:
            out.write(struct.pack("<IHHiIII", 0xa1b2c3d4, 2, 4, 0, 0, 262144,
                                  self.link_type))
            for time, data, length in self.frames:
                seconds = int(time)
                out.write(struct.pack("<IIII", seconds, round((time - seconds) * 1e6) % 1000000,
                                      len(data), length) + data)


class Talk:
    """One TCP conversation between CLIENT and SERVER."""

    def __init__(self, capture, port, client_port=50110):
        self.capture = capture
        self.ports = {CLIENT: client_port, SERVER: port}
        self.seq = {CLIENT: 1000, SERVER: 5000}

    def send(self, src, flags, data=b"", options=b"", gap=0.01, keep=None, seq=None):
        dst = SERVER if src == CLIENT else CLIENT
        ack = self.seq[dst] if flags & 0x10 else 0
        head = struct.pack("!HHIIBBHHH", self.ports[src], self.ports[dst],
                           self.seq[src] if seq is None else seq, ack,
                           (20 + len(options)) // 4 << 4, flags, 64240, 0, 0) + options
        pseudo = address(src) + address(dst) + struct.pack("!HH", 6, len(head) + len(data))
        head = head[:16] + struct.pack("!H", checksum(pseudo + head + data)) + head[18:]
        self.capture.ip(src, dst, 6, head + data, gap, keep)
        if seq is None:
            self.seq[src] += len(data) + (1 if flags & 3 else 0)

    def open(self):
        mss = b"\x02\x04\x05\xb4"
        self.send(CLIENT, 0x02, options=mss)
        self.send(SERVER, 0x12, options=mss, gap=0.03)
        self.send(CLIENT, 0x10, gap=0.0001)

    def say(self, line, gap=0.03, keep=None):
        """'C: text' or 'S: text', with the other side's receipt behind it."""
        src = CLIENT if line.startswith("C:") else SERVER
        text = "\r\n".join(line[3:].split("|")) + "\r\n"
        self.send(src, 0x18, text.encode(), gap=gap, keep=keep)
        self.send(SERVER if src == CLIENT else CLIENT, 0x10, gap=0.001)

    def close(self):
        self.send(CLIENT, 0x11)
        self.send(SERVER, 0x11)
        self.send(CLIENT, 0x10)


def dialogue(port, *lines):
    capture = Capture()
    talk = Talk(capture, port)
    talk.open()
    for line in lines:
        talk.say(line)
    talk.close()
    return capture


def pop3(*end):
    return dialogue(110, "S: +OK pop.example.org ready", "C: USER walter", "S: +OK", "C: PASS hidden",
                    *end, "C: QUIT", "S: +OK bye")


def smtp(*end):
    return dialogue(587, "S: 220 smtp.example.org ESMTP", "C: EHLO home",
                    "S: 250-smtp.example.org|250-AUTH PLAIN LOGIN|250 SIZE 1000000", *end,
                    "C: QUIT", "S: 221 2.0.0 bye")


def ping():
    capture = Capture()
    for number in range(3):
        for src, dst, kind in ((CLIENT, SERVER, 8), (SERVER, CLIENT, 0)):
            head = struct.pack("!BBHHH", kind, 0, 0, 7, number)
            body = bytes(range(32))
            head = head[:2] + struct.pack("!H", checksum(head + body)) + head[4:]
            capture.ip(src, dst, 1, head + body, gap=0.02)
    return capture


def keep_alive():
    capture = Capture()
    talk = Talk(capture, 80)
    talk.open()
    talk.say("C: GET / HTTP/1.0|")
    talk.say("S: HTTP/1.0 200 OK|Content-Length: 0|")
    for _ in range(2):
        talk.send(CLIENT, 0x10, b"\n", gap=45.0, seq=talk.seq[CLIENT] - 1)
        talk.send(SERVER, 0x10, gap=0.03)
    talk.close()
    return capture


def cut():
    capture = Capture()
    talk = Talk(capture, 110)
    talk.open()
    talk.say("S: +OK pop.example.org ready to serve you, please log in", keep=60)
    talk.close()
    return capture


def all_cut():
    """Every packet kept only up to its 40th byte."""
    capture = pop3("S: -ERR bad password")
    capture.frames = [(time, data[:40], length) for time, data, length in capture.frames]
    return capture


def one_sided():
    """Only what the client sent."""
    capture = pop3("S: +OK 2 messages", "C: STAT", "S: +OK 2 320")
    capture.frames = [frame for frame in capture.frames if frame[1][12:16] == address(CLIENT)]
    return capture


def pop3_ok():
    return pop3("S: +OK 2 messages", "C: STAT", "S: +OK 2 320")


def recorded_twice():
    """Every packet passes two interfaces on which it is recorded."""
    c = pop3_ok()
    c.frames = [(time + copy * 2e-6, data, length) for time, data, length in c.frames
                for copy in range(2)]
    return c


def missed():
    """The recording has lost the reply to the password; the receiver has it."""
    c = pop3_ok()
    del c.frames[11]
    return c


def unknown_link():
    """USB packets (LINKTYPE_USB_LINUX): nothing a network program can read."""
    capture = Capture(189)
    for number in range(3):
        capture.frame(bytes([number]) * 48)
    return capture


def half_handshake():
    capture = Capture()
    talk = Talk(capture, 110)
    talk.send(CLIENT, 0x02)
    talk.send(SERVER, 0x12, gap=0.03)
    for gap in (1.0, 2.0, 4.0):
        talk.send(SERVER, 0x12, gap=gap, seq=talk.seq[SERVER] - 1)
    return capture


def peer_vanished():
    capture = Capture()
    talk = Talk(capture, 110)
    talk.open()
    talk.say("S: +OK ready")
    talk.send(CLIENT, 0x18, b"CAPA\r\n")
    for gap in (0.3, 0.6, 1.2, 2.4):
        talk.send(CLIENT, 0x18, b"CAPA\r\n", gap=gap, seq=talk.seq[CLIENT] - 6)
    return capture


CAPTURES = {
    "all-cut": all_cut,
    "one-sided": one_sided,
    "unknown-link": unknown_link,
    "peer-vanished": peer_vanished,
    "empty": Capture,
    "ping": ping,
    "keep-alive": keep_alive,
    "cut": cut,
    "half-handshake": half_handshake,
    "pop3-ok": pop3_ok,
    "recorded-twice": recorded_twice,
    "missed": missed,
    "pop3-locked": lambda: pop3("S: -ERR [IN-USE] mailbox already locked by another session"),
    "pop3-trouble": lambda: pop3("S: -ERR [SYS/TEMP] mail store unavailable, try again later"),
    "imap-unavailable": lambda: dialogue(
        143, "S: * OK imap.example.org ready", "C: a1 LOGIN walter hidden",
        "S: a1 NO [UNAVAILABLE] user backend down for maintenance", "C: a2 LOGOUT",
        "S: * BYE|a2 OK done"),
    "smtp-app-password": lambda: smtp(
        "C: AUTH PLAIN AHdhbHRlcgBoaWRkZW4=",
        "S: 534 5.7.9 Application-specific password required"),
    "smtp-basic-off": lambda: smtp(
        "C: AUTH PLAIN AHdhbHRlcgBoaWRkZW4=",
        "S: 535 5.7.139 Authentication unsuccessful, basic authentication is disabled."),
}


def main():
    for name, make in CAPTURES.items():
        make().write(os.path.join(sys.argv[1], name + ".pcap"))


if __name__ == "__main__":
    main()
