# SPDX-License-Identifier: GPL-3.0-or-later
"""Small servers and clients that do on purpose what good ones never do: programs.py KIND [ARG ...]"""
import heapq
import os
import select
import socket
import socketserver
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


def smtp(port, offers="AUTH PLAIN LOGIN", login="535 5.7.8 Authentication credentials invalid",
         recipient="250 2.1.5 Ok"):
    """A mail server: what it offers after EHLO, how it answers a login and a recipient."""
    answers = {"MAIL": "250 2.1.0 Ok", "RCPT": recipient, "DATA": "354 End with a dot",
               "QUIT": "221 2.0.0 Bye", "STARTTLS": "502 5.5.1 Command not implemented"}

    def handle(s):
        def say(text):
            s.sendall(text.replace("\n", "\r\n").encode() + b"\r\n")
        say("220 mail.example.org ESMTP")
        for raw in s.makefile("rb"):
            line = raw.decode("ascii", "replace").strip()
            verb = line.partition(" ")[0].upper()
            if verb in ("EHLO", "HELO"):
                lines = ["mail.example.org", "SIZE 1000000"] + [o for o in offers.split(",") if o]
                say("\n".join(f"250{'-' if i < len(lines) - 1 else ' '}{text}"
                              for i, text in enumerate(lines)))
            elif verb == "AUTH" and len(line.split()) > 2:
                say(login)
            elif verb == "AUTH":
                say("334 ")
            elif line == ".":
                say("250 2.0.0 Ok: queued")
            elif verb in answers:
                say(answers[verb])
                if verb == "QUIT":
                    return
            elif verb and not line.endswith(":") and len(verb) > 20:
                say(login)
    serve(port, handle)


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
    {f.__name__: f for f in (slow, sink, unread, reset, smtp, glutton, relay)}[sys.argv[1]](
        *sys.argv[2:])
