# SPDX-License-Identifier: GPL-3.0-or-later
"""The program at work, for the tests of what it promises while it records.

Importing it goes into namespaces of network and mounts of its own (as root), in which loopback and a
folder of scratch are all there is.
"""
import os
import pty
import random
import re
import shutil
import signal
import socket
import stat
import subprocess
import sys
import threading
import time

HERE = os.path.dirname(os.path.abspath(__file__))
INSIDE = "TRACETUTOR_PROMISE_INSIDE"
if os.geteuid() != 0:
    print("1..0 # SKIP recording on interfaces of its own needs root")
    sys.exit(0)
if INSIDE not in os.environ:
    if not shutil.which("unshare") or not shutil.which("ip"):
        print("1..0 # SKIP unshare or ip is not installed")
        sys.exit(0)
    os.environ[INSIDE] = "1"
    os.execvp("unshare", ["unshare", "-n", "-m", sys.executable, "-B", *sys.argv])

sys.path.insert(0, os.path.join(HERE, "../robust"))
sys.dont_write_bytecode = True
import tap  # noqa: E402
from processes import alive, process_named, stat_of, tree  # noqa: E402

TOOL = os.path.abspath("tests/live/record_tool")
PATIENCE = 40  # seconds until something that must come counts as missing
PORT = 9999    # somebody listens there, so that no answer comes back
NOBODY = 65534
LINE = re.compile(r"^ *\S+:\[ *[\d.]+\]: .*$", re.M)
PACKET = r"\]: Dest: \S+  Source: \S+\s"
CLEARED = re.compile(r"\r|\x1b\[[\d;?]*[A-Za-z]")  # on a terminal a line may take the prompt's place
MORE = re.compile(r"^ *\.\.\. and (\d+) more", re.M)


def run(*args, **more):
    return subprocess.run([str(a) for a in args], capture_output=True, text=True, check=False,
                          timeout=PATIENCE, errors="replace", **more)


def ip(*args):
    done = run("ip", *args)
    if done.returncode:
        raise RuntimeError(f"ip {args}: {done.stderr}")


def path(*parts):
    return os.path.join(tap.scratch, *parts)


def until(what, condition, seconds=PATIENCE):
    """Wait until condition() is true; its value."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        value = condition()
        if value:
            return value
        time.sleep(0.005)
    raise TimeoutError(f"waited for {what}")


# --- packets ---

def send(count, rate=0, size=100, port=PORT):
    """Numbered datagrams over loopback, in the background."""
    return subprocess.Popen([TOOL, "send", str(port), str(count), str(rate), str(size)],
                            stdout=subprocess.DEVNULL)


def stop(process):
    process.kill()
    process.wait()


def shown(text):
    """Packets that were told of: in a line each, and those only counted."""
    text = CLEARED.sub("\n", text)
    return len(LINE.findall(text)) + sum(int(n) for n in MORE.findall(text))


def counted(file):
    """(packets, different numbers of datagrams, complaints) by our own reader."""
    done = run(TOOL, "read", file)
    m = re.match(r"packets (\d+) numbers (\d+)", done.stdout)
    return (int(m[1]), int(m[2]), done.stderr) if m else (0, 0, done.stderr or "no capture")


def unreadable(file, thorough=True):
    """What our reader and Wireshark's complain about."""
    complaint = counted(file)[2]
    if complaint and "without any packet" not in complaint:
        yield f"our reader: {complaint}"
    if thorough and shutil.which("tshark"):
        done = run("tshark", "-n", "-r", file, "-c", "100000")
        if done.returncode or "cut short" in done.stderr:
            yield f"tshark: {done.stderr}"


def not_read_only(file):
    mode = stat.S_IMODE(os.stat(file).st_mode)
    if mode & 0o222:
        yield f"{file}: mode {mode:o}"


def finished(file, thorough=True):
    yield from unreadable(file, thorough)
    yield from not_read_only(file)


# --- processes ---

def status(pid):
    with open(f"/proc/{pid}/status", encoding="latin-1") as f:
        return dict(line.rstrip("\n").split(":\t", 1) for line in f if ":\t" in line)


def cpu(pid):
    with open(f"/proc/{pid}/stat", encoding="latin-1") as f:
        fields = f.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


class Program:
    """tracetutor with its output collected. Each has a home of its own, or shares one."""
    count = 0
    begun = []  # all of them

    def __init__(self, *args, home=None, owner=0, env=None, prefix=(), program=None, limits=None,
                 cwd=None):
        Program.count += 1
        self.home = home or path(f"home-{Program.count}")
        if not os.path.isdir(self.home):
            os.mkdir(self.home)
            os.chown(self.home, owner, owner)
        self.more = env or {}
        self.text, self.err, self.lock = "", "", threading.Condition()
        self.argv = [*prefix, program or tap.PROGRAM, *args]
        self.env = tap.environment(HOME=self.home, XDG_STATE_HOME=self.home + "/state",
                                   XDG_DATA_HOME=self.home + "/data", **self.more)
        self.limits, self.cwd = limits, cwd
        self.begin()
        self.threads = [threading.Thread(target=self._collect, args=pair, daemon=True)
                        for pair in self.outputs()]
        for t in self.threads:
            t.start()

    def begin(self):
        self.process = subprocess.Popen(self.argv, env=self.env, stdin=subprocess.PIPE, cwd=self.cwd,
                                        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                        preexec_fn=self.limits, start_new_session=True)
        self.pid = self.process.pid
        Program.begun.append(self)

    def outputs(self):
        return [(self.process.stdout.fileno(), "text"), (self.process.stderr.fileno(), "err")]

    def _collect(self, fd, where):
        while True:
            try:
                piece = os.read(fd, 65536)
            except OSError:
                piece = b""
            if not piece:
                return
            with self.lock:
                setattr(self, where, getattr(self, where) + piece.decode("utf-8", "replace"))
                self.lock.notify_all()

    def wait(self, words, seconds=PATIENCE, start=0):
        """Until its output has a text that fits the pattern, from `start` on; None if not."""
        end = time.monotonic() + seconds
        with self.lock:
            while True:
                found = re.search(words, self.text[start:])
                left = end - time.monotonic()
                if found or left <= 0:
                    return found
                self.lock.wait(min(left, 0.5))

    def must(self, words, start=0):
        if not self.wait(words, start=start):
            raise TimeoutError(f"{self.argv[-3:]}: no {words!r} in {self.text[-500:]!r} {self.err}")
        return self

    def say(self, text=""):
        """A line; it may have ended before it hears it."""
        try:
            self.process.stdin.write((text + "\n").encode())
            self.process.stdin.flush()
        except BrokenPipeError:
            pass
        return self

    def end(self):
        """Its exit code, once it has ended (None: it hangs)."""
        if self.process.stdin:
            try:
                self.process.stdin.close()
            except OSError:
                pass
        return self.ended()

    def ended(self):
        try:
            self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self.kill()
            return None
        for t in self.threads:
            t.join(5)
        return self.process.returncode

    def process_named(self, name):
        return process_named(self.pid, name)

    def kill(self):
        """Everything at once, in any order."""
        rows = [pid for pid, _ in tree(self.pid)]
        random.shuffle(rows)
        for pid in rows:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
        self.process.wait()
        self.left(rows)
        for t in self.threads:
            t.join(5)

    def left(self, pids, seconds=10):
        """Those that go on."""
        end = time.monotonic() + seconds
        while any(alive(p) for p in pids) and time.monotonic() < end:
            time.sleep(0.01)
        return [f"goes on: {p} {stat_of(p)}" for p in pids if alive(p)]

    def traces(self):
        """Files of its sessions, oldest first."""
        top = os.path.join(self.home, "state/tracetutor/sessions")
        found = []
        for folder in sorted(os.listdir(top)) if os.path.isdir(top) else []:
            found += [os.path.join(top, folder, n) for n in sorted(os.listdir(
                os.path.join(top, folder))) if n.endswith(".pcapng")]
        return found

    def trace(self):
        return self.traces()[-1]

    def shown(self):
        with self.lock:
            return shown(self.text)


class Terminal(Program):
    """The same in a terminal of its own."""

    def begin(self):
        self.master, slave = pty.openpty()
        self.env["TERM"] = "xterm"

        def own_terminal():
            if self.limits:
                self.limits()
            import fcntl  # pylint: disable=import-outside-toplevel
            import termios  # pylint: disable=import-outside-toplevel
            import struct  # pylint: disable=import-outside-toplevel
            fcntl.ioctl(0, termios.TIOCSCTTY, 0)
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 100, 0, 0))
        self.process = subprocess.Popen(self.argv, env=self.env, stdin=slave, stdout=slave,
                                        stderr=slave, start_new_session=True, cwd=self.cwd,
                                        preexec_fn=own_terminal)
        os.close(slave)
        self.pid = self.process.pid
        Program.begun.append(self)

    def outputs(self):
        return [(self.master, "text")]

    def type(self, text):
        os.write(self.master, text.encode())
        return self

    def say(self, text=""):
        return self.type(text + "\r")

    def end(self):
        return self.ended()

    def hang_up(self):
        """The terminal is closed."""
        os.close(self.master)


def capture(*args, kind=Program, **more):
    """`capture` on loopback, recording."""
    return kind("capture", "-i", "lo", *args, **more).must("Press Enter to STOP")


def recording_lesson(*args, kind=Program, **more):
    """`learn mail-login --live` at the point where it records."""
    p = kind("learn", "mail-login", "--live", *args, **more)
    for prompt, answer in (("Type your answer", "127.0.0.1"), ("Type your answer", ""),
                           ("Enter for yes", ""), ("Enter for always", ""),
                           ("Step 2 of 8(.|\n)*Press Enter", "skip"),
                           ("Press Enter to START", "")):
        p.must(prompt, start=getattr(p, "at", 0))
        p.at = len(p.text)
        p.say(answer)
    return p.must("Press Enter to STOP", start=p.at)


def reports():
    """Sanitizers write into files: nobody reads the errors of all the processes. Those who decode
    cannot make one, and say so."""
    for name in os.listdir(tap.scratch):
        if name.startswith("sanitizer."):
            with open(path(name), encoding="latin-1") as f:
                text = f.read()
            if "trapped.c" not in text:
                yield text


def ready():
    """Loopback, somebody who listens there, and a folder others may write to; keep what it gives."""
    ip("link", "set", "lo", "up")
    listener = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    listener.bind(("127.0.0.1", PORT))
    os.chmod(tap.scratch, 0o777)
    return listener


def main(cases):
    """Run them (or those named as arguments): (name, function, programs it needs)."""
    for name in ("ASAN_OPTIONS", "UBSAN_OPTIONS"):
        os.environ[name] = f"{os.environ.get(name, '')}:log_path={path('sanitizer')}"
    listener = ready()
    only = sys.argv[1:]
    cases = [*cases, ("no sanitizer has anything to report", reports, ())]
    random.seed(20)
    for name, case, needs in cases:
        missing = [n for n in needs if not shutil.which(n)]
        if only and case.__name__ not in only:
            continue
        if missing:
            tap.skip(name, f"{missing[0]} is not installed")
            continue
        begin = time.monotonic()
        try:
            tap.case(name, case())
        except (OSError, subprocess.TimeoutExpired) as e:  # TimeoutError is one
            tap.case(name, [str(e)])
        while Program.begun:  # of a case that came to no end
            Program.begun.pop().kill()
        if "VERBOSE" in os.environ:
            print(f"# {time.monotonic() - begin:.1f} s", flush=True)
    listener.close()
    tap.finish()
