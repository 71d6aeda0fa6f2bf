#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Make the captures of DHCPv6, QUIC, SSH, LDAP, FTP data connections and HTTP that tests need.

    make_applications.py FOLDER

Deterministic, like make_captures.py, whose tools it uses.
"""
import gzip
import hashlib
import hmac
import ipaddress
import os
import struct
import sys

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from make_captures import CLIENT, SERVER, Capture, Talk, address, checksum

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


def udp4(capture, src, dst, ports, data, gap=0.01):
    head = struct.pack("!HHHH", *ports, 8 + len(data), 0)
    pseudo = address(src) + address(dst) + struct.pack("!HH", 17, 8 + len(data))
    head = head[:6] + struct.pack("!H", checksum(pseudo + head + data) or 0xffff)
    capture.ip(src, dst, 17, head + data, gap)


def varint(number):
    """RFC 9000 section 16."""
    for bits, mark in ((6, 0), (14, 1), (30, 2)):
        if number < 1 << bits:
            return (mark << bits | number).to_bytes((bits + 2) // 8, "big")
    return (3 << 62 | number).to_bytes(8, "big")


def counted(data, size=1):
    return len(data).to_bytes(size, "big") + data


def extension(kind, data):
    return struct.pack("!H", kind) + counted(data, 2)


class Quic:
    """Both ends of a connection; packets are closed as RFC 9001 section 5 says."""

    SALT = bytes.fromhex("38762cf7f55934b34d179ae6a4c80cadccbb7f0a")
    CLIENT_ID, SERVER_ID = b"client01", b"server02"

    def __init__(self, capture, port=50443, first=bytes.fromhex("8394c8f03e515708")):
        self.capture, self.port, self.first = capture, port, first

    def send(self, src, data, gap=0.01):
        ports = (self.port, 443) if src == CLIENT else (443, self.port)
        udp4(self.capture, src, SERVER if src == CLIENT else CLIENT, ports, data, gap)

    @staticmethod
    def expand(secret, label, size):
        info = struct.pack("!HB", size, 6 + len(label)) + b"tls13 " + label + b"\0\1"
        return hmac.new(secret, info, hashlib.sha256).digest()[:size]

    def keys(self, src):
        initial = hmac.new(self.SALT, self.first, hashlib.sha256).digest()
        secret = self.expand(initial, b"client in" if src == CLIENT else b"server in", 32)
        return [self.expand(secret, b"quic " + label, size)
                for label, size in ((b"key", 16), (b"iv", 12), (b"hp", 16))]

    def initial(self, src, number, frames, token=b"", fill=0):
        """An Initial packet, with its header protected."""
        key, start, mask_key = self.keys(src)
        ids = (self.first if number == 0 or token else self.SERVER_ID, self.CLIENT_ID)
        ids = ids if src == CLIENT else (self.CLIENT_ID, self.SERVER_ID)
        frames += bytes(max(0, fill - len(frames)))
        head = b"\xc1\0\0\0\1" + counted(ids[0]) + counted(ids[1])
        head += varint(len(token)) + token
        head += struct.pack("!HH", 0x4000 | len(frames) + 18, number)
        nonce = start[:8] + bytes(a ^ b for a, b in zip(start[8:], number.to_bytes(4, "big")))
        closed = AESGCM(key).encrypt(nonce, frames, head)
        mask = Cipher(algorithms.AES(mask_key), modes.ECB()).encryptor().update(closed[2:18])
        out = bytearray(head)
        out[0] ^= mask[0] & 0x0f
        out[-2] ^= mask[1]
        out[-1] ^= mask[2]
        return bytes(out) + closed

    def handshake(self, size):
        """A Handshake packet: nobody else can open it."""
        body = hashlib.shake_128(b"handshake").digest(size)
        return (b"\xe1\0\0\0\1" + counted(self.CLIENT_ID) + counted(self.SERVER_ID) +
                struct.pack("!H", 0x4000 | size) + body)

    def retry(self, token):
        """RFC 9000 section 17.2.5; its check RFC 9001 section 5.8."""
        packet = b"\xf0\0\0\0\1" + counted(self.CLIENT_ID) + counted(self.SERVER_ID) + token
        key = AESGCM(bytes.fromhex("be0c690b9f66575a1d766b54e368c84e"))
        return packet + key.encrypt(bytes.fromhex("461599d35d632bf2239825bb"), b"",
                                    counted(self.first) + packet)

    @staticmethod
    def short(receiver, size):
        return b"\x45" + receiver + hashlib.shake_128(receiver).digest(size)

    @staticmethod
    def crypto(offset, data):
        return b"\x06" + varint(offset) + varint(len(data)) + data

    @staticmethod
    def hello(protocol=b"h3", share=0):
        parameters = b"".join(varint(kind) + counted(value) for kind, value in (
            (1, varint(30000)), (4, varint(1 << 20)), (0x0f, Quic.CLIENT_ID)))
        shares = struct.pack("!H", 29) + counted(bytes(range(32)), 2)
        if share: # a hybrid with a large key, as browsers send it today
            shares = struct.pack("!H", 0x11ec) + counted(bytes(share), 2) + shares
        name = b"\0" + counted(b"www.example.org", 2)
        extensions = (extension(0, counted(name, 2)) + extension(16, counted(counted(protocol), 2)) +
                      extension(43, counted(b"\3\4")) + extension(51, counted(shares, 2)) +
                      extension(57, parameters))
        body = (b"\3\3" + bytes(range(32)) + b"\0" + counted(bytes.fromhex("13011303"), 2) + b"\1\0" +
                counted(extensions, 2))
        return b"\1" + counted(body, 3)

    @staticmethod
    def server_hello():
        share = struct.pack("!H", 29) + counted(bytes(range(32)), 2)
        extensions = extension(43, b"\3\4") + extension(51, share)
        body = (b"\3\3" + bytes(range(32, 64)) + b"\0" + b"\x13\x01\0" + counted(extensions, 2))
        return b"\2" + counted(body, 3)


FIRST = 1162 # bytes of frames that fill a client's first packet


def quic_page():
    """Retry, a hello in two packets that come in the wrong order, then what nobody can open."""
    capture = Capture()
    talk = Quic(capture)
    hello, token = talk.hello(share=1216), b"come back with this"
    talk.send(CLIENT, talk.initial(CLIENT, 0, talk.crypto(0, hello[:900]), fill=FIRST))
    talk.send(SERVER, talk.retry(token), gap=0.03)
    talk.first = talk.SERVER_ID
    pieces = [(900, hello[900:]), (0, hello[:900])]
    for number, (offset, piece) in enumerate(pieces, 1):
        talk.send(CLIENT, talk.initial(CLIENT, number, talk.crypto(offset, piece), token=token,
                                       fill=FIRST - 20), gap=0.001)
    answer = b"\2\2\0\0\1" + talk.crypto(0, talk.server_hello())
    talk.send(SERVER, talk.initial(SERVER, 0, answer) + talk.handshake(900), gap=0.03)
    for _ in range(2):
        talk.send(CLIENT, talk.short(talk.SERVER_ID, 60))
        talk.send(SERVER, talk.short(talk.CLIENT_ID, 800), gap=0.03)
    return capture


def quic_no_answer():
    """UDP to port 443 is thrown away; the browser goes on over TCP."""
    capture = Capture()
    talk = Quic(capture)
    for number, gap in enumerate((0.01, 0.3, 0.6, 1.2, 2.4)):
        talk.send(CLIENT, talk.initial(CLIENT, 0, talk.crypto(0, talk.hello()) + b"\1" * number,
                                       fill=FIRST), gap)
    return capture


def quic_refused():
    """The server knows none of the protocols that the client offers for inside (alert 120)."""
    capture = Capture()
    talk = Quic(capture)
    talk.send(CLIENT, talk.initial(CLIENT, 0, talk.crypto(0, talk.hello(b"h3-29")), fill=FIRST))
    end = b"\x1c" + varint(0x178) + varint(6) + counted(b"no application protocol")
    talk.send(SERVER, talk.initial(SERVER, 0, b"\2\0\0\0\0" + end), gap=0.03)
    return capture


def quic_versions():
    """The server answers with the versions it knows."""
    capture = Capture()
    talk = Quic(capture)
    talk.send(CLIENT, talk.initial(CLIENT, 0, talk.crypto(0, talk.hello()), fill=FIRST))
    talk.send(SERVER, b"\x95\0\0\0\0" + counted(talk.CLIENT_ID) + counted(talk.first) +
              bytes.fromhex("6b3343cf1a2a3a4a"), gap=0.03)
    return capture


class Bytes(Talk):
    """A TCP conversation of bytes: a() and b() send for client and server, each with its receipt."""

    def send_all(self, src, data, gap, size=1400):
        for at in range(0, len(data), size):
            self.send(src, 0x18, data[at:at + size], gap=gap if at == 0 else 0.0001)
        self.send(SERVER if src == CLIENT else CLIENT, 0x10, gap=0.001)

    def a(self, data, gap=0.01):
        self.send_all(CLIENT, data, gap)

    def b(self, data, gap=0.03):
        self.send_all(SERVER, data, gap)

    def close_by_server(self):
        self.send(SERVER, 0x11)
        self.send(CLIENT, 0x11)
        self.send(SERVER, 0x10)


def string(data):
    return counted(data, 4)


def ssh_packet(payload):
    fill = 8 - (len(payload) + 5) % 8
    fill += 8 if fill < 4 else 0
    return struct.pack("!IB", len(payload) + 1 + fill, fill) + payload + bytes(fill)


def ssh_lists(exchange, host_key=b"ssh-ed25519", cipher=b"aes128-ctr", code=b"hmac-sha2-256"):
    lists = (exchange, host_key, cipher, cipher, code, code, b"none", b"none", b"", b"")
    return ssh_packet(b"\x14" + bytes(range(16)) + b"".join(map(string, lists)) + bytes(5))


def ssh_begin(talk):
    talk.open()
    talk.b(b"SSH-2.0-Server_1.0\r\n")
    talk.a(b"SSH-2.0-Client_2.0\r\n")


MODERN = b"curve25519-sha256,diffie-hellman-group14-sha256"


def ssh_login():
    """Up to the new keys, then encrypted."""
    capture = Capture()
    talk = Bytes(capture, 22)
    ssh_begin(talk)
    talk.a(ssh_lists(MODERN + b",ext-info-c"))
    talk.b(ssh_lists(b"diffie-hellman-group14-sha256,curve25519-sha256"))
    talk.a(ssh_packet(b"\x1e" + string(bytes(range(32)))))
    key = string(string(b"ssh-ed25519") + string(bytes(range(32))))
    mark = string(string(b"ssh-ed25519") + string(bytes(64)))
    talk.b(ssh_packet(b"\x1f" + key + string(bytes(range(32))) + mark) + ssh_packet(b"\x15"))
    talk.a(ssh_packet(b"\x15"))
    for number in range(3):
        talk.a(hashlib.shake_128(bytes([number])).digest(64))
        talk.b(hashlib.shake_128(bytes([number, 1])).digest(80))
    talk.close()
    return capture


def ssh_no_common():
    """An old server: the client wants none of its ways to exchange keys, and leaves."""
    capture = Capture()
    talk = Bytes(capture, 22)
    ssh_begin(talk)
    talk.a(ssh_lists(MODERN))
    talk.b(ssh_lists(b"diffie-hellman-group1-sha1"))
    talk.close()
    return capture


def ssh_turned_away():
    """The server has too many connections; it says so before anything else."""
    capture = Capture()
    talk = Bytes(capture, 22)
    talk.open()
    talk.a(b"SSH-2.0-Client_2.0\r\n")
    talk.b(b"Not allowed at this time\r\n")
    talk.close_by_server()
    return capture


def ssh_disconnect():
    """The server ends the connection and gives the reason (RFC 4253 section 11.1)."""
    capture = Capture()
    talk = Bytes(capture, 22)
    ssh_begin(talk)
    talk.a(ssh_lists(MODERN))
    talk.b(ssh_packet(b"\1" + struct.pack("!I", 12) + string(b"Too many connections") +
                      string(b"")))
    talk.close_by_server()
    return capture


def ssh_closed():
    """The server hangs up without a word, as it does for addresses it does not want."""
    capture = Capture()
    talk = Bytes(capture, 22)
    talk.open()
    talk.a(b"SSH-2.0-Client_2.0\r\n")
    talk.close_by_server()
    return capture


def ssh_version_1():
    """A device that was never updated."""
    capture = Capture()
    talk = Bytes(capture, 22)
    talk.open()
    talk.b(b"SSH-1.5-Device\n")
    talk.a(b"SSH-2.0-Client_2.0\r\n")
    talk.close()
    return capture


def ber(tag, *parts):
    body = b"".join(parts)
    size = bytes([len(body)]) if len(body) < 128 else b"\x82" + struct.pack("!H", len(body))
    return bytes([tag]) + size + body


def ldap(number, operation):
    return ber(0x30, ber(2, bytes([number])), operation)


def ldap_bind(number, name, password):
    return ldap(number, ber(0x60, ber(2, b"\3"), ber(4, name), ber(0x80, password)))


def ldap_result(number, kind, code, words=b""):
    return ldap(number, ber(0x60 + kind, ber(10, bytes([code])), ber(4), ber(4, words)))


def ldap_talk(*pairs, user=b"uid=anna,ou=people,dc=example,dc=org"):
    """The login, then questions and answers."""
    capture = Capture()
    talk = Bytes(capture, 389)
    talk.open()
    talk.a(ldap_bind(1, user, b"hidden"))
    for data in pairs:
        (talk.b if data[-1] == "S" else talk.a)(data[0])
    talk.a(ldap(9, ber(0x42)))
    talk.close()
    return capture


def ldap_search():
    """A login, and the mail address of one person."""
    wanted = ber(0xa0, ber(0xa3, ber(4, b"objectClass"), ber(4, b"person")),
                 ber(0xa3, ber(4, b"uid"), ber(4, b"bob")))
    question = ber(0x63, ber(4, b"ou=people,dc=example,dc=org"), ber(10, b"\2"), ber(10, b"\0"),
                   ber(2, b"\0"), ber(2, b"\x1e"), ber(1, b"\0"), wanted, ber(0x30, ber(4, b"mail")))
    found = ber(0x64, ber(4, b"uid=bob,ou=people,dc=example,dc=org"),
                ber(0x30, ber(0x30, ber(4, b"mail"), ber(0x31, ber(4, b"bob@example.org")))))
    return ldap_talk((ldap_result(1, 1, 0), "S"), (ldap(2, question), "C"),
                     (ldap(2, found) + ldap_result(2, 5, 0), "S"))


def ldap_refused():
    return ldap_talk((ldap_result(1, 1, 49), "S"))


def ldap_locked():
    """Windows gives the reason in a number of its own: 775, the account is locked."""
    words = (b"80090308: LdapErr: DSID-0C090447, comment: AcceptSecurityContext error, data 775, "
             b"v3839\0")
    return ldap_talk((ldap_result(1, 1, 49, words), "S"), user=b"anna@example.org")


def ldap_encryption():
    """The server takes passwords only over an encrypted connection (RFC 4513 section 5.1.3)."""
    return ldap_talk((ldap_result(1, 1, 13, b"confidentiality required"), "S"))


def ldap_not_allowed():
    question = ber(0x4a, b"uid=bob,ou=people,dc=example,dc=org")
    return ldap_talk((ldap_result(1, 1, 0), "S"),
                     (ldap(2, question), "C"), (ldap_result(2, 11, 50), "S"))


def ldap_busy():
    return ldap_talk((ldap_result(1, 1, 51, b"too many operations"), "S"))


def ftp_passive(told=SERVER):
    """A listing over a connection of its own, at the port that the reply to PASV tells."""
    capture = Capture()
    talk, data = Bytes(capture, 21, 50021), Bytes(capture, 40001, 50022)
    talk.open()
    for line in ("S: 220 FTP server ready", "C: USER anna", "S: 331 Password please",
                 "C: PASS hidden", "S: 230 Welcome", "C: PASV",
                 f"S: 227 Entering Passive Mode ({told.replace('.', ',')},156,65)"):
        talk.say(line)
    if told == SERVER:
        data.open()
        talk.say("C: LIST")
        talk.say("S: 150 Here it comes")
        data.b(b"-rw-r--r-- 1 anna anna 1234 Nov 14 22:13 letter.txt\r\n")
        data.close_by_server()
        talk.say("S: 226 Done")
    else:
        head = struct.pack("!HHIIBBHHH", 50022, 40001, 7000, 0, 0x50, 2, 64240, 0, 0)
        for gap in (0.01, 1, 2, 4):
            capture.ip(CLIENT, told, 6, head, gap)
    talk.say("C: QUIT")
    talk.say("S: 221 Bye")
    talk.close()
    return capture


def ftp_passive_nat():
    """The server tells an address of its own network, where nobody outside can reach it."""
    return ftp_passive("10.0.0.5")


PAGE = b"<html><body><p>Good morning, dear reader.</p></body></html>\n" * 12
GET = b"GET /page HTTP/1.1\r\nHost: www.example.org\r\nAccept-Encoding: gzip\r\n\r\n"


def http_packed():
    """A page that is packed and sent in chunks (RFC 9110 section 8.4, RFC 9112 section 7.1)."""
    capture = Capture()
    talk = Bytes(capture, 80)
    talk.open()
    talk.a(GET)
    packed = gzip.compress(PAGE, mtime=0)
    chunks = b"".join(b"%x\r\n" % len(packed[at:at + 40]) + packed[at:at + 40] + b"\r\n"
                      for at in range(0, len(packed), 40))
    talk.b(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: gzip\r\n"
           b"Transfer-Encoding: chunked\r\n\r\n" + chunks + b"0\r\n\r\n")
    talk.close()
    return capture


def web_socket():
    """A page and its server talk at any time (RFC 6455 section 1.3)."""
    def frame(kind, data, key=b""):
        masked = bytes(byte ^ key[at % 4] for at, byte in enumerate(data)) if key else data
        return bytes([0x80 | kind, (0x80 if key else 0) | len(data)]) + key + masked

    capture = Capture()
    talk = Bytes(capture, 80)
    talk.open()
    talk.a(b"GET /chat HTTP/1.1\r\nHost: www.example.org\r\nUpgrade: websocket\r\n"
           b"Connection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
           b"Sec-WebSocket-Version: 13\r\n\r\n")
    talk.b(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
           b"Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n")
    talk.a(frame(1, b"Good morning", b"\1\2\3\4"))
    talk.b(frame(1, b"Hello!") + frame(9, b"?"))
    talk.a(frame(10, b"?", b"\5\6\7\x08"))
    talk.b(frame(8, struct.pack("!H", 1001) + b"restart"))
    talk.close()
    return capture


def http2_clear():
    """HTTP/2 without encryption, as programs inside one computer speak it (RFC 9113)."""
    def frame(kind, flags, stream, data=b""):
        return len(data).to_bytes(3, "big") + bytes([kind, flags]) + struct.pack("!I", stream) + data

    capture = Capture()
    talk = Bytes(capture, 80)
    talk.open()
    talk.a(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + frame(4, 0, 0, struct.pack("!HI", 3, 100)) +
           frame(1, 5, 1, bytes.fromhex("828684418cf1e3c2e5f23a6ba0ab90f4ff")))
    talk.b(frame(4, 0, 0) + frame(4, 1, 0) + frame(1, 4, 1, b"\x88") + frame(0, 1, 1, b"Good morning"))
    talk.close()
    return capture


def http_tunnel():
    """A proxy opens a tunnel; what goes through it is encrypted (RFC 9110 section 9.3.6)."""
    def record(kind, data):
        return bytes([kind, 3, 3]) + counted(data, 2)

    capture = Capture()
    talk = Bytes(capture, 3128)
    talk.open()
    talk.a(b"CONNECT www.example.org:443 HTTP/1.1\r\nHost: www.example.org:443\r\n\r\n")
    talk.b(b"HTTP/1.1 200 Connection established\r\n\r\n")
    talk.a(record(22, Quic.hello(b"http/1.1")))
    talk.b(record(22, Quic.server_hello()) + record(20, b"\1") + record(23, bytes(range(64))))
    talk.a(record(20, b"\1") + record(23, bytes(range(53))))
    talk.close()
    return capture


def dns_extended_error():
    """The name server fails and says why: the signature is not right (RFC 8914)."""
    def text(number, answer, more=b""):
        head = struct.pack("!HHHHHH", number, 0x8182 if answer else 0x0100, 1, 0, 0, 1)
        question = b"\3www\7example\3org\0" + struct.pack("!HH", 1, 1)
        return head + question + b"\0" + struct.pack("!HHIH", 41, 1232, 0x8000, len(more)) + more

    why = struct.pack("!HHH", 15, 2 + 9, 6) + b"bad RRSIG"
    capture = Capture()
    udp4(capture, CLIENT, SERVER, (40001, 53), text(7, False))
    udp4(capture, SERVER, CLIENT, (53, 40001), text(7, True, why), gap=0.2)
    return capture


CAPTURES = {
    "dns-extended-error": dns_extended_error,
    "http-packed": http_packed,
    "http-tunnel": http_tunnel,
    "http2-clear": http2_clear,
    "web-socket": web_socket,
    "ftp-passive": ftp_passive,
    "ftp-passive-nat": ftp_passive_nat,
    "ldap-busy": ldap_busy,
    "ldap-encryption": ldap_encryption,
    "ldap-locked": ldap_locked,
    "ldap-not-allowed": ldap_not_allowed,
    "ldap-refused": ldap_refused,
    "ldap-search": ldap_search,
    "ssh-version-1": ssh_version_1,
    "ssh-login": ssh_login,
    "ssh-no-common": ssh_no_common,
    "ssh-turned-away": ssh_turned_away,
    "ssh-disconnect": ssh_disconnect,
    "ssh-closed": ssh_closed,
    "quic-page": quic_page,
    "quic-no-answer": quic_no_answer,
    "quic-refused": quic_refused,
    "quic-versions": quic_versions,
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
