# SPDX-License-Identifier: GPL-3.0-or-later
"""A computer with one cable, and a mail server at its other end that refuses every login.

    here eth0 192.0.2.10 ---- 192.0.2.20 eth0 far: POP3 on port 110, silence on port 7

enter() goes into namespaces of network, mounts and processes of its own, which end with the test.
A House can be given to drive.Terminal and drive.Pipe as their network.
"""
import contextlib
import os
import shutil
import socket
import subprocess
import sys
import threading
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../robust"))
INSIDE = "TRACETUTOR_HOUSE_INSIDE"
NEEDS = ("unshare", "ip", "tmux")
HERE, FAR = "192.0.2.10", "192.0.2.20"
HERE_CARD, FAR_CARD = "02:00:00:00:00:10", "02:00:00:00:00:20"
SINK = 9999  # datagrams to that port of this computer are taken, and nobody answers
KNOWN = b"steve53"  # the one user whose login is accepted
GREETING = b"+OK mail.example.org ready\r\n"


def enter():
    """The test once more, inside; or out with the reason why it is skipped."""
    if INSIDE in os.environ:
        return
    reason = None if os.geteuid() == 0 else "recording in a network of its own needs root"
    for program in NEEDS:
        if not reason and not shutil.which(program):
            reason = f"{program} is not installed"
    if reason:
        print(f"1..0 # SKIP {reason}")
        sys.exit(0)
    os.environ[INSIDE] = "1"
    os.execvp("unshare", ["unshare", "--net", "--mount", "--pid", "--fork", "--kill-child",
                          "--mount-proc", sys.executable, "-B", *sys.argv])


def _ip(*lines, namespace=()):
    subprocess.run(["ip", *namespace, "-batch", "-"], input="\n".join(lines) + "\n", text=True,
                   check=True)


class House:
    """The computer, with a scratch folder in which the program is at home."""

    def __init__(self, folder):
        self.folder = folder
        self.processes = []
        subprocess.run(["mount", "-t", "tmpfs", "tmpfs", "/run"], check=True)
        os.mkdir("/run/netns")
        _ip("netns add far", f"link add eth0 address {HERE_CARD} type veth "
            f"peer name eth0 address {FAR_CARD} netns far")
        for namespace, own, other, card in (((), HERE, FAR, FAR_CARD),
                                            (("-n", "far"), FAR, HERE, HERE_CARD)):
            self._quiet(namespace)
            _ip("link set lo up", f"addr add {own}/24 dev eth0", "link set eth0 up",
                f"neigh replace {other} lladdr {card} nud permanent dev eth0",
                f"route add default via {other}", namespace=namespace)
        self.sink = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.sink.bind(("", SINK))
        self.far = self._start("ip", "netns", "exec", "far", sys.executable, "-B", __file__, "far")
        self.far.stdout.readline()

    def _quiet(self, namespace):
        """Nothing is sent but what the test sends."""
        inside = ["ip", "netns", "exec", namespace[1]] if namespace else []
        subprocess.run([*inside, "sh", "-c", "echo 1 >/proc/sys/net/ipv6/conf/eth0/disable_ipv6"],
                       check=True)

    def _start(self, *argv):
        process = subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.processes.append(process)
        return process

    # What drive.py asks of a network

    def within(self, _role, *argv):
        return list(argv)

    def environment(self):
        return {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "HOME": self.path("home")}

    def path(self, *parts):
        return os.path.join(self.folder, *parts)

    def file(self, name, text, mode=0o644):
        with open(self.path(name), "w", encoding="utf-8") as f:
            f.write(text)
        os.chmod(self.path(name), mode)
        return self.path(name)

    # What happens

    def log_in(self, user="steve35", server=FAR, greeting=None):
        """As a mail program does; the server's refusal. `greeting`: what it is to say as hello."""
        if greeting is not None:
            self.far.stdin.write(greeting.hex() + "\n")
            self.far.stdin.flush()
            self.far.stdout.readline()
        with socket.create_connection((server, 110), 10) as s, s.makefile("rb") as answers:
            answers.readline()
            s.sendall(f"USER {user}\r\n".encode("latin-1"))
            answers.readline()
            s.sendall(b"PASS secret\r\n")
            said = answers.readline()
            s.sendall(b"QUIT\r\n")
            answers.readline()
        return said.decode()

    def look_up(self, name):
        """Ask the far computer, which knows no names, for the address of one."""
        labels = b"".join(bytes([len(label)]) + label for label in name.split(b"."))
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
            s.sendto(b"\x12\x34\x01\0\0\1\0\0\0\0\0\0" + labels + b"\0\0\1\0\1", (FAR, 53))

    def send(self, count, payload=b"x" * 40, pause=0.0):
        """Datagrams within this computer."""
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
            for _ in range(count):
                s.sendto(payload, ("127.0.0.1", SINK))
                time.sleep(pause)

    @contextlib.contextmanager
    def connected(self, *names):
        """Programs with these names are connected to the far computer meanwhile."""
        programs = [self._start(sys.executable, "-B", __file__, "connect", name) for name in names]
        for program in programs:
            program.stdout.readline()
        try:
            yield
        finally:
            for program in programs:
                program.kill()
                program.wait()

    def close(self):
        for process in self.processes:
            process.kill()
            process.wait()


# --- the far computer, and programs, as processes of their own ---

_state = {"greeting": GREETING}


def _pop3(connection):
    answers = {b"USER": b"+OK\r\n", b"QUIT": b"+OK bye\r\n"}
    with connection, connection.makefile("rb") as lines:
        connection.sendall(_state["greeting"])
        for line in lines:
            word, _, rest = line.strip().partition(b" ")
            if rest == KNOWN:
                answers[b"PASS"] = b"+OK 0 messages\r\n"
            connection.sendall(answers.get(word,
                                           b"-ERR [AUTH] invalid user name or password\r\n"))
            if word == b"QUIT":
                return


def _serve(port, talk):
    listener = socket.create_server(("", port))

    def accept():
        while True:
            connection = listener.accept()[0]
            threading.Thread(target=talk, args=(connection,), daemon=True).start()
    threading.Thread(target=accept, daemon=True).start()


def _far():
    _serve(110, _pop3)
    _serve(7, lambda connection: connection.recv(1))
    print("ready", flush=True)
    for line in sys.stdin:
        _state["greeting"] = bytes.fromhex(line)
        print("ready", flush=True)


def _connect(name):
    with open("/proc/self/comm", "w", encoding="ascii") as f:
        f.write(name)
    with socket.create_connection((FAR, 7)):
        print("ready", flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    if sys.argv[1] == "far":
        _far()
    else:
        _connect(sys.argv[2])
