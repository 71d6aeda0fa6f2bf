# SPDX-License-Identifier: GPL-3.0-or-later
"""Small programs that do on purpose what good ones never do: programs.py KIND [ARG ...]"""
import heapq
import os
import select
import socket
import socketserver
import ssl
import struct
import sys
import time

PAGE = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: %d\r\n\r\n"


def serve(port, handle):
    """Each connection in a thread of its own; handle(socket)."""
    class Handler(socketserver.BaseRequestHandler):
        def handle(self):
            try:
                handle(self.request)
            except OSError:
                pass

    class Server(socketserver.ThreadingTCPServer):
        allow_reuse_address = True
        daemon_threads = True

    Server(("0.0.0.0", int(port)), Handler).serve_forever()


def request(s):
    """Read the header of an HTTP request; (header, what came of the body)."""
    data = b""
    while b"\r\n\r\n" not in data:
        piece = s.recv(4096)
        if not piece:
            raise ConnectionError
        data += piece
    header, _, body = data.partition(b"\r\n\r\n")
    if b"100-continue" in header.lower():
        s.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
    return header, body


def slow(port, seconds):
    """A web server that thinks for a while."""
    def handle(s):
        request(s)
        time.sleep(float(seconds))
        s.sendall(PAGE % 5 + b"done\n")
    serve(port, handle)


def sink(port):
    """A web server that takes an upload."""
    def handle(s):
        header, body = request(s)
        wanted = [int(line.split(b":")[1]) for line in header.split(b"\r\n")
                  if line.lower().startswith(b"content-length:")][0]
        got = len(body)
        while got < wanted:
            piece = s.recv(65536)
            if not piece:
                return
            got += len(piece)
        s.sendall(PAGE % 5 + b"done\n")
    serve(port, handle)


def unread(port):
    """A web server that is stuck: it takes the call and never reads the upload."""
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8192)
    listener.bind(("0.0.0.0", int(port)))
    listener.listen()
    kept = []
    while True:
        kept.append(listener.accept())


def reset(port):
    """A web server that crashes in the middle of its answer."""
    def handle(s):
        request(s)
        s.sendall(PAGE % 300000 + b"x" * 30000)
        time.sleep(0.3)
        s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        s.close()
    serve(port, handle)


def take_leave(s):
    """Say good-bye inside TLS, and do not wait for the other's."""
    s.settimeout(0)
    try:
        s.unwrap()
    except (ssl.SSLError, OSError):
        pass


def parting(port, crt, key):
    """A secure web server that has all said and closes late, with the client's good-bye unread: the
    system answers that with a reset (RFC 2525 section 2.17)."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(crt, key)

    def handle(plain):
        with context.wrap_socket(plain, server_side=True) as s:
            request(s)
            s.sendall(PAGE % 5 + b"done\n")
            take_leave(s)
            time.sleep(0.3)
    serve(port, handle)


def visitor(host, port, ca):
    """A web client that says good-bye inside TLS and keeps its connection for a while."""
    context = ssl.create_default_context(cafile=ca)
    with socket.create_connection((host, int(port))) as plain:
        s = context.wrap_socket(plain, server_hostname=host)
        s.sendall(b"GET / HTTP/1.1\r\nHost: %s\r\n\r\n" % host.encode())
        while s.recv(4096):
            pass
        take_leave(s)
        time.sleep(0.6)


def smtp(port, offers="AUTH PLAIN LOGIN", login="535 5.7.8 Authentication credentials invalid",
         recipient="250 2.1.5 Ok"):
    """A mail server: what it offers after EHLO, how it answers a login and a recipient."""
    answers = {"MAIL": "250 2.1.0 Ok", "RCPT": recipient, "DATA": "354 End with a dot",
               "QUIT": "221 2.0.0 Bye", "STARTTLS": "502 5.5.1 Command not implemented"}

    def handle(s):
        lines = s.makefile("rb")

        def say(text):
            s.sendall(text.replace("\n", "\r\n").encode() + b"\r\n")

        def hello():
            words = ["mail.example.org", "SIZE 1000000"] + [o for o in offers.split(",") if o]
            say("\n".join("250" + (" " if i == len(words) - 1 else "-") + word
                          for i, word in enumerate(words)))

        def letter():
            while lines.readline().strip() not in (b".", b""):
                pass
            say("250 2.0.0 Ok: queued")

        say("220 mail.example.org ESMTP")
        for raw in lines:
            line = raw.decode("ascii", "replace").strip()
            verb = line.partition(" ")[0].upper()
            if verb in ("EHLO", "HELO"):
                hello()
            elif verb == "AUTH":
                if len(line.split()) < 3:
                    say("334 ")
                    lines.readline()
                say(login)
            else:
                say(answers.get(verb, "500 5.5.2 Error: command not recognized"))
            if verb == "DATA":
                letter()
            elif verb == "QUIT":
                return
    serve(port, handle)


def silent(port):
    """A web server that takes a request and never answers."""
    def handle(s):
        request(s)
        time.sleep(60)
    serve(port, handle)


def reboot(interface, wanted):
    """A DHCP client that was here before and wants its old address again (RFC 2131, 3.2)."""
    s = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(0x0800))
    s.bind((interface, 0))
    mac = s.getsockname()[4]
    options = (b"\x63\x82\x53\x63" + b"\x35\x01\x03" + b"\x32\x04" + socket.inet_aton(wanted) +
               b"\x37\x03\x01\x03\x06\xff")
    dhcp = struct.pack("!BBBBIHH16x16s192x", 1, 1, 6, 0, 0x1d5e1f42, 0, 0x8000, mac) + options
    udp = struct.pack("!HHHH", 68, 67, 8 + len(dhcp), 0) + dhcp
    ip = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 20 + len(udp), 1, 0, 64, 17, 0, bytes(4),
                     b"\xff" * 4)
    total = sum(struct.unpack("!10H", ip))
    total = ~(total + (total >> 16)) & 0xFFFF
    s.send(b"\xff" * 6 + mac + b"\x08\x00" + ip[:10] + struct.pack("!H", total) + ip[12:] + udp)
    s.settimeout(5)
    while True:
        answer = s.recv(2048)
        if answer[23:24] == b"\x11" and answer[34:38] == b"\x00\x43\x00\x44":
            kind = answer[answer.index(b"\x63\x82\x53\x63") + 4:][2]
            sys.exit({5: 0, 6: 1}.get(kind, 2))


def glutton(host, port, path, seconds):
    """A client that asks for much and then does not read."""
    s = socket.socket()
    s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8192)
    s.connect((host, int(port)))
    s.sendall(f"GET {path} HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
    time.sleep(float(seconds))


def relay(one, two, delay):
    """A long line: what comes out of one TUN goes into the other after a while."""
    ends = {int(one): int(two), int(two): int(one)}
    waiting, count = [], 0
    while True:
        left = max(0, waiting[0][0] - time.monotonic()) if waiting else None
        for fd in select.select(list(ends), [], [], left)[0]:
            count += 1
            heapq.heappush(waiting, (time.monotonic() + float(delay), count, ends[fd],
                                     os.read(fd, 65536)))
        while waiting and waiting[0][0] <= time.monotonic():
            _, _, fd, packet = heapq.heappop(waiting)
            try:
                os.write(fd, packet)
            except OSError:
                pass  # the other end is not up (any more)


if __name__ == "__main__":
    {f.__name__: f for f in (slow, sink, silent, unread, reset, parting, visitor, smtp, glutton,
                             reboot, relay)}[sys.argv[1]](*sys.argv[2:])
