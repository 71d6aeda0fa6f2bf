# SPDX-License-Identifier: GPL-3.0-or-later
"""A small internet of network namespaces, with real programs in it.

    client eth0 ---- lan0 router wan0 -------- dsl0 provider core0 ---- eth0 server
    192.0.2.10  192.0.2.1   203.0.113.2   203.0.113.1   198.51.100.1   198.51.100.20
                                     50 Mbit/s

Everything runs in process and mount namespaces of its own (isolate()), so that nothing is left
behind whichever way it ends, and nothing of the machine is changed.
"""
import contextlib
import ctypes
import fcntl
import os
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time
import traceback

HERE = os.path.dirname(os.path.abspath(__file__))
ROLES = ("client", "router", "provider", "server")
CLIENT, ROUTER, SERVER = "192.0.2.10", "192.0.2.1", "198.51.100.20"
NOBODY = "198.51.100.99"  # an address in the server's network which no machine has
STARTS = 20  # seconds a server may take to start on a busy machine

_libc = ctypes.CDLL(None, use_errno=True)
_NEWNS, _NEWPID, _NEWNET = 0x00020000, 0x20000000, 0x40000000
_PRIVATE, _DEATH_SIGNAL = 0x4000 | (1 << 18), 1


def _call(name, *args):
    if getattr(_libc, name)(*args) != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{name}: {os.strerror(number)}")


def isolate(work):
    """work(folder) in new process and mount namespaces, which end with it; its exit code."""
    folder = tempfile.mkdtemp(prefix="tt.live.")
    os.chmod(folder, 0o755)  # the servers give up their rights
    child = 0

    def end(*_):
        if child:
            os.kill(child, signal.SIGKILL)

    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, end)
    try:
        _call("unshare", _NEWNS | _NEWPID)
        sys.stdout.flush()
        child = os.fork()
        if child == 0:
            _first_process(work, folder)
        _, status = os.waitpid(child, 0)
        return os.waitstatus_to_exitcode(status)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _first_process(work, folder):
    code = 1
    try:
        _call("prctl", _DEATH_SIGNAL, signal.SIGKILL, 0, 0, 0)
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, signal.SIG_DFL)
        os.makedirs("/run/netns", exist_ok=True)
        _call("mount", b"none", b"/", None, _PRIVATE, None)
        _call("mount", b"proc", b"/proc", b"proc", 0, None)
        _call("mount", b"tmpfs", b"/run/netns", b"tmpfs", 0, None)
        code = work(folder)
    except BaseException:  # pylint: disable=broad-except
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def why_not():
    """The reason why no lab can be made here; None if one can."""
    if os.geteuid() != 0:
        return "namespaces need root"
    for program in ("ip", "tc", "nft", "tcpdump", "tshark", "curl", "mpop", "udhcpc", "openssl",
                    "dovecot", "nginx", "dnsmasq", "unbound"):
        if not which(program):
            return f"{program} is not installed"
    tried = subprocess.run(["unshare", "--net", "--mount", "--pid", "--fork", "sh", "-c",
                            "nft list ruleset && tc qdisc add dev lo root tbf rate 1mbit "
                            "burst 10kb latency 1s"],
                           capture_output=True, check=False, timeout=STARTS)
    if tried.returncode != 0:
        return "this system does not allow network namespaces, nftables or tc"
    return None


def which(program):
    return shutil.which(program, path=os.environ.get("PATH", "") + ":/usr/sbin:/sbin")


def until(condition, seconds, what):
    """Wait until condition() is true; its value."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        value = condition()
        if value:
            return value
        time.sleep(0.02)
    raise TimeoutError(f"waited {seconds} s for {what}")


class Network:
    """The four machines. `address` False: the client has no IPv4 address yet."""

    def __init__(self, name, folder, address=True):
        self.name, self.folder = name, os.path.join(folder, name)
        os.mkdir(self.folder)
        self.processes = []
        self.resolver = ROUTER
        self._build(address)
        self.resolv_conf(f"nameserver {ROUTER}\noptions timeout:2 attempts:2\n")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def namespace(self, role):
        return f"{self.name}.{role}"

    def path(self, *parts):
        return os.path.join(self.folder, *parts)

    def file(self, name, text, mode=0o644):
        with open(self.path(name), "w", encoding="utf-8") as f:
            f.write(text)
        os.chmod(self.path(name), mode)
        return self.path(name)

    def resolv_conf(self, text):
        self.file("resolv.conf", text)

    # Machines and cables

    def ip(self, role, lines):
        """Lines for `ip -batch`, in a machine (None: outside of all)."""
        where = ["-n", self.namespace(role)] if role else []
        done = subprocess.run(["ip", *where, "-batch", "-"], input=lines, text=True, check=False,
                              capture_output=True)
        if done.returncode != 0:
            raise OSError(f"{role}: ip: {done.stderr}")

    def _build(self, address):
        c, r, p, s = (self.namespace(role) for role in ROLES)
        self.ip(None, "".join(f"netns add {name}\n" for name in (c, r, p, s)) + f"""
link add eth0 netns {c} type veth peer name lan0 netns {r}
link add wan0 netns {r} type veth peer name dsl0 netns {p}
link add core0 netns {p} type veth peer name eth0 netns {s}
""")
        # Network cards of the far machines do not leave work to the receiver.
        for role, interface in (("router", "lan0"), ("router", "wan0"), ("provider", "dsl0"),
                                ("provider", "core0"), ("server", "eth0")):
            self._no_offload(role, interface)
        for role, interface in (("router", "wan0"), ("provider", "dsl0")):
            self.run(role, "tc", "qdisc", "add", "dev", interface, "root", "tbf", "rate", "50mbit",
                     "burst", "32kb", "latency", "400ms", check=True)
        for role in ("router", "provider"):
            self.shell(role, "echo 1 >/proc/sys/net/ipv4/ip_forward;"
                       "echo 1 >/proc/sys/net/ipv6/conf/all/forwarding")
        v4 = f"addr add {CLIENT}/24 dev eth0\n" if address else ""
        route = f"route add default via {ROUTER}\n" if address else ""
        self.ip("client", f"""link set lo up
link set eth0 up
{v4}addr add 2001:db8:1::10/64 dev eth0 nodad
{route}route add ::/0 via 2001:db8:1::1
""")
        self.ip("router", f"""link set lo up
link set lan0 up
link set wan0 up
addr add {ROUTER}/24 dev lan0
addr add 203.0.113.2/24 dev wan0
addr add 2001:db8:1::1/64 dev lan0 nodad
addr add 2001:db8:3::2/64 dev wan0 nodad
route add default via 203.0.113.1
route add ::/0 via 2001:db8:3::1
""")
        self.ip("provider", f"""link set lo up
link set dsl0 up
link set core0 up
addr add 203.0.113.1/24 dev dsl0
addr add 198.51.100.1/24 dev core0
addr add 2001:db8:3::1/64 dev dsl0 nodad
addr add 2001:db8:2::1/64 dev core0 nodad
route add 192.0.2.0/24 via 203.0.113.2
route add 2001:db8:1::/64 via 2001:db8:3::2
""")
        self.ip("server", f"""link set lo up
link set eth0 up
addr add {SERVER}/24 dev eth0
addr add 2001:db8:2::20/64 dev eth0 nodad
route add default via 198.51.100.1
route add ::/0 via 2001:db8:2::1
""")

    @contextlib.contextmanager
    def inside(self, role):
        """This thread in that machine's network: for sockets and devices made by hand."""
        home = os.open("/proc/thread-self/ns/net", os.O_RDONLY)
        away = os.open("/run/netns/" + self.namespace(role), os.O_RDONLY)
        try:
            _call("setns", away, _NEWNET)
            yield
        finally:
            _call("setns", home, _NEWNET)
            os.close(home)
            os.close(away)

    def _no_offload(self, role, interface):
        with self.inside(role), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
            # ETHTOOL_STXCSUM: without it the kernel also cuts segments to size itself.
            value = ctypes.create_string_buffer(struct.pack("=II", 0x17, 0))
            request = struct.pack("16sP16x", interface.encode(), ctypes.addressof(value))
            fcntl.ioctl(s, 0x8946, request)

    def narrow(self, mtu):
        """The line between router and provider carries only packets up to mtu."""
        self.ip("router", f"link set wan0 mtu {mtu}\n")
        self.ip("provider", f"link set dsl0 mtu {mtu}\n")

    def nft(self, role, chains):
        """A table with these chains: {"forward": [rules], ...} by hook."""
        text = "table inet fault {\n"
        for hook, rules in chains.items():
            kind = "nat" if hook == "prerouting" else "filter"
            priority = -100 if hook == "prerouting" else 0
            text += f"chain {hook} {{\ntype {kind} hook {hook} priority {priority};\n"
            text += "".join(rule + "\n" for rule in rules) + "}\n"
        self.run(role, "nft", "-f", self.file(f"{role}.nft", text + "}\n"), check=True)

    def slow_line(self, delay):
        """A long line in place of that between router and provider: a relay and two TUNs."""
        ends = []
        for role, old in (("router", "wan0"), ("provider", "dsl0")):
            self.ip(role, f"link del {old}\n" if role == "router" else "")
            with self.inside(role):
                fd = os.open("/dev/net/tun", os.O_RDWR)
                fcntl.ioctl(fd, 0x400454ca, struct.pack("16sH22x", old.encode(), 0x1001))
                ends.append(fd)
        self.ip("router", "link set wan0 up\naddr add 203.0.113.2/24 dev wan0\n"
                "route add default via 203.0.113.1\n")
        self.ip("provider", "link set dsl0 up\naddr add 203.0.113.1/24 dev dsl0\n"
                "route add 192.0.2.0/24 via 203.0.113.2\n")
        self._spawn([*python("relay", ends[0], ends[1], delay)], "relay", pass_fds=ends)
        for fd in ends:
            os.close(fd)

    # Programs

    def within(self, role, *argv):
        """The argument list that runs a program in a machine, with its own resolv.conf."""
        command = ["ip", "netns", "exec", self.namespace(role)]
        if role == "client":
            command += ["sh", "-c", 'mount --bind "$0" /etc/resolv.conf && exec "$@"',
                        self.path("resolv.conf")]
        return command + [str(a) for a in argv]

    def environment(self):
        env = {"PATH": os.environ["PATH"] + ":/usr/sbin:/sbin", "HOME": self.folder,
               "LC_ALL": "C.UTF-8", "PYTHONDONTWRITEBYTECODE": "1"}
        return env

    def run(self, role, *argv, check=False, seconds=60):
        return subprocess.run(self.within(role, *argv), env=self.environment(), check=check,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, timeout=seconds)

    def shell(self, role, text):
        self.run(role, "sh", "-c", text, check=True)

    def _spawn(self, argv, name, **more):
        with open(self.path(name + ".log"), "ab") as log:
            process = subprocess.Popen(argv, env=self.environment(), stdin=subprocess.DEVNULL,
                                       stdout=log, stderr=log, start_new_session=True, **more)
        self.processes.append(process)
        return process

    def start(self, role, *argv, port=None, proto="tcp"):
        """Start a server and wait until it listens."""
        name = os.path.basename(str(argv[0]))
        process = self._spawn(self.within(role, *argv), name)
        if port:
            try:
                until(lambda: process.poll() is not None or listens(process.pid, proto, port),
                      STARTS, f"{name} on port {port}")
            finally:
                if not listens(process.pid, proto, port):
                    with open(self.path(name + ".log"), encoding="utf-8", errors="replace") as f:
                        print(f"{name} does not start: {f.read()}", file=sys.stderr)
        return process

    def close(self):
        for process in reversed(self.processes):
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        for role in ROLES:
            subprocess.run(["ip", "netns", "del", self.namespace(role)], check=False,
                           capture_output=True)


def python(kind, *args):
    """The argument list of one of the small programs in programs.py."""
    return [sys.executable, "-B", os.path.join(HERE, "programs.py"), kind, *map(str, args)]


def listens(pid, proto, port):
    """Does anybody listen there, in the network of that process?"""
    state = "0A" if proto == "tcp" else "07"
    for version in ("", "6"):
        try:
            with open(f"/proc/{pid}/net/{proto}{version}", encoding="ascii") as f:
                for row in f.read().splitlines()[1:]:
                    cells = row.split()
                    if cells[3] == state and int(cells[1].rpartition(":")[2], 16) == port:
                        return True
        except OSError:
            pass
    return False


class Recording:
    """tcpdump on the client's interface."""

    def __init__(self, network, path):
        self.path = path
        self.process = network._spawn(network.within(
            "client", "tcpdump", "-i", "eth0", "-n", "-U", "--immediate-mode", "-B", "32768",
            "-Z", "root", "-w", path), "tcpdump")
        log = network.path("tcpdump.log")
        until(lambda: b"listening on" in read(log), STARTS, "tcpdump")

    def stop(self, quiet=0.3):
        """Wait (not for ever) until nothing more comes, then end it."""
        end = time.monotonic() + 3
        size, since = -1, time.monotonic()
        while time.monotonic() < min(end, since + quiet):
            now = os.path.getsize(self.path)
            if now != size:
                size, since = now, time.monotonic()
            time.sleep(0.02)
        self.process.send_signal(signal.SIGINT)
        self.process.wait(STARTS)


def read(path):
    try:
        with open(path, "rb") as f:
            return f.read()
    except OSError:
        return b""


def in_parallel(jobs, workers):
    """Run the jobs in threads; yields their results in order (an exception is a result)."""
    results = [None] * len(jobs)
    done = [threading.Event() for _ in jobs]
    left = iter(range(len(jobs)))
    lock = threading.Lock()

    def worker():
        while True:
            with lock:
                i = next(left, None)
            if i is None:
                return
            try:
                results[i] = jobs[i]()
            except Exception as e:  # pylint: disable=broad-except
                results[i] = e
            done[i].set()

    for _ in range(workers):
        threading.Thread(target=worker, daemon=True).start()
    for i in range(len(jobs)):
        done[i].wait()
        yield results[i]
