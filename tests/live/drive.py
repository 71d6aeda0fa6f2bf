# SPDX-License-Identifier: GPL-3.0-or-later
"""A person at the program: on a terminal (tmux) or through pipes, on the client of a network.

Both wait for what the program says before they answer, as a person does, and keep everything that
was to be seen. `environment` is that of the program; see environment().
"""
import fcntl
import os
import pty
import re
import select
import shlex
import struct
import subprocess
import termios
import threading
import time

PATIENCE = 60  # seconds until what must come counts as missing; sanitizers are slow
CONFIGURATION = """set -g status off
set -g history-limit 50000
set -g remain-on-exit on
set -g remain-on-exit-format ""
set -g escape-time 0
"""


class Missing(Exception):
    """What had to be said was not; the message has what was said instead."""


def environment(network, program, data, **more):
    """For the program: a home of its own in the network's folder."""
    env = network.environment()
    env.update(TRACETUTOR_DATA=data, XDG_STATE_HOME=network.path("state"),
               XDG_DATA_HOME=network.path("data"), TERM="screen",
               PATH=os.path.dirname(program) + ":" + env["PATH"])
    for name in ("ASAN_OPTIONS", "UBSAN_OPTIONS", "LSAN_OPTIONS"):
        if name in os.environ:
            env[name] = os.environ[name]
    env.update(more)
    return env


class Terminal:
    """A tmux of its own with one window, in which a shell waits ("ready> ")."""
    count = 0

    def __init__(self, network, env, width=80, height=24):
        Terminal.count += 1
        self.socket = network.path(f"tmux-{Terminal.count}")
        self.screens = []  # each that differs from the one before
        conf = network.file("tmux.conf", CONFIGURATION)
        shell = shlex.join(network.within("client", "env", "PS1=ready> ", "bash", "--norc",
                                          "--noprofile"))
        subprocess.run(["tmux", "-S", self.socket, "-f", conf, "new-session", "-d",
                        "-x", str(width), "-y", str(height), shell],
                       env=env, check=True, timeout=PATIENCE)
        self.wait("^ready>")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def tmux(self, *args):
        return subprocess.run(["tmux", "-S", self.socket, *args], check=True, timeout=PATIENCE,
                              capture_output=True, text=True).stdout

    def screen(self):
        """What is to be seen now; it is kept, too."""
        text = self.tmux("capture-pane", "-p", "-t", "0").rstrip("\n")
        if not self.screens or self.screens[-1] != text:
            self.screens.append(text)
        return text

    def everything(self):
        """What is to be seen and what was scrolled away, long lines joined."""
        return self.tmux("capture-pane", "-p", "-J", "-S", "-", "-t", "0").rstrip("\n")

    def last_line(self):
        lines = [line for line in self.screen().split("\n") if line.strip()]
        return lines[-1] if lines else ""

    def wait(self, pattern, seconds=PATIENCE):
        """Until the pattern is somewhere on the screen; returns the match."""
        return self._await(self.screen, pattern, seconds)

    def prompt(self, pattern, seconds=PATIENCE):
        """Until the last line that is not empty fits: what the program asks now."""
        return self._await(self.last_line, pattern, seconds)

    def _await(self, look, pattern, seconds):
        wanted, end = re.compile(pattern, re.MULTILINE), time.monotonic() + seconds
        while True:
            match = wanted.search(look())
            if match:
                return match
            if time.monotonic() > end:
                raise Missing(f"waited {seconds} s for /{pattern}/ on this screen:\n"
                              + self.screen())
            time.sleep(0.05)

    def keys(self, *keys):
        """By tmux's names: Enter, Tab, C-c, Up ..."""
        self.tmux("send-keys", "-t", "0", *keys)

    def type(self, text):
        """A line and Enter."""
        if text:
            self.tmux("send-keys", "-t", "0", "-l", "--", text)
        self.keys("Enter")

    def paste(self, text, bracketed=False):
        """All at once; `bracketed`: told to be a paste, if the program wants to know."""
        self.tmux("set-buffer", "--", text)
        self.tmux("paste-buffer", "-d", "-t", "0", *(["-p"] if bracketed else []))

    def through(self, pattern, seconds=PATIENCE, more="press Enter to read on"):
        """Read on until the program asks something that fits."""
        end = time.monotonic() + seconds
        while True:
            match = self.prompt(f"{pattern}|{more}", max(1.0, end - time.monotonic()))
            if re.search(pattern, match.group()):
                return match
            before = self.screen()
            self.keys("Enter")
            while self.screen() == before and time.monotonic() < end:
                time.sleep(0.05)

    def shell(self):
        """The process id of what runs in the window."""
        return int(self.tmux("display-message", "-p", "-t", "0", "#{pane_pid}"))

    def settings(self):
        """The terminal's modes as the kernel has them now."""
        tty = self.tmux("display-message", "-p", "-t", "0", "#{pane_tty}").strip()
        return subprocess.run(["stty", "-a", "-F", tty], capture_output=True, text=True,
                              check=True).stdout

    def resize(self, width, height):
        self.tmux("resize-window", "-t", "0", "-x", str(width), "-y", str(height))

    def transcript(self):
        rule = "\n" + "-" * 20 + "\n"
        return rule.join(self.screens)

    def close(self):
        subprocess.run(["tmux", "-S", self.socket, "kill-server"], check=False,
                       capture_output=True, timeout=PATIENCE)


class Pipe:
    """The program with its input and output in pipes: no terminal anywhere."""

    def __init__(self, network, env, *argv):
        self.said, self.errors = "", ""
        self.seen = 0  # up to where wait() has looked
        self.heard = threading.Condition()
        self.process = subprocess.Popen(network.within("client", *argv), env=env,
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        stderr=subprocess.PIPE, start_new_session=True)
        self.readers = [threading.Thread(target=self._read, args=(stream, name), daemon=True)
                        for stream, name in ((self.process.stdout, "said"),
                                             (self.process.stderr, "errors"))]
        for reader in self.readers:
            reader.start()
        network.processes.append(self.process)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def _read(self, stream, name):
        for piece in iter(lambda: stream.read1(65536), b""):
            with self.heard:
                setattr(self, name, getattr(self, name) + piece.decode("utf-8", "replace"))
                self.heard.notify_all()
        with self.heard:
            self.heard.notify_all()

    def wait(self, pattern, seconds=PATIENCE):
        """Until the pattern comes after what was waited for last; returns the match."""
        wanted, end = re.compile(pattern, re.MULTILINE), time.monotonic() + seconds
        with self.heard:
            while True:
                match = wanted.search(self.said, self.seen)
                if match:
                    self.seen = match.end()
                    return match
                left = end - time.monotonic()
                if left <= 0 or not self.readers[0].is_alive():
                    raise Missing(f"waited for /{pattern}/, heard:\n{self.said[self.seen:]}"
                                  f"{self.errors}")
                self.heard.wait(min(left, 0.5))

    def write(self, line=""):
        self.process.stdin.write(line.encode() + b"\n")
        self.process.stdin.flush()

    def finish(self, seconds=PATIENCE):
        """No more input; how the program ends."""
        self.process.stdin.close()
        code = self.process.wait(seconds)
        for reader in self.readers:
            reader.join(seconds)
        return code

    def close(self):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait(PATIENCE)


class Raw:
    """The program with a bare terminal at some of its ends, pipes at the others: every byte counts.

    `terminals` are the descriptors at the terminal: (0, 1), (0,), (1,) or ().
    """

    def __init__(self, env, terminals, *argv):
        self.master, self.slave = pty.openpty()
        fcntl.ioctl(self.slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
        self.before = termios.tcgetattr(self.slave)
        self.bytes, self.seen, self.typing = b"", 0, 0 in terminals
        ends = [self.slave if fd in terminals else subprocess.PIPE for fd in (0, 1)]
        self.process = subprocess.Popen(
            ["tracetutor", *argv], env=env, stdin=ends[0], stdout=ends[1],
            stderr=subprocess.STDOUT, start_new_session=True,
            preexec_fn=lambda: terminals and fcntl.ioctl(min(terminals), termios.TIOCSCTTY, 0))
        self.outputs = [self.master] + ([self.process.stdout.fileno()] if self.process.stdout else [])

    def _read(self, seconds):
        """What comes within that time; False: nothing."""
        for fd in select.select(self.outputs, [], [], seconds)[0]:
            piece = os.read(fd, 65536)
            self.bytes += piece
            if not piece:
                self.outputs.remove(fd)
            return True
        return False

    def must(self, pattern, seconds=PATIENCE):
        """Until the pattern comes after what was waited for last."""
        wanted, end = re.compile(pattern.encode(), re.MULTILINE), time.monotonic() + seconds
        while True:
            match = wanted.search(self.bytes, self.seen)
            if match:
                self.seen = match.end()
                return match
            if time.monotonic() > end or (self.process.poll() is not None and not self._read(0)):
                raise Missing(f"waited for /{pattern}/, heard: {self.bytes[self.seen:]!r}")
            self._read(0.1)

    def type(self, line, end="\n"):
        if self.typing:
            os.write(self.master, (line + end.replace("\n", "\r")).encode())
        else:
            self.process.stdin.write((line + end).encode())
            self.process.stdin.flush()

    def end(self, seconds=PATIENCE):
        """No more input, if it is a pipe; how the program ends."""
        if self.process.stdin:
            self.process.stdin.close()
        end = time.monotonic() + seconds
        while self.process.poll() is None:
            self._read(0.1)
            if time.monotonic() > end:
                self.process.kill()
                raise Missing(f"does not end: {self.bytes[-500:]!r}")
        while self._read(0):
            pass
        self.after = termios.tcgetattr(self.slave)
        os.close(self.master)
        os.close(self.slave)
        return self.process.returncode

    def settings_changed(self):
        """The terminal's modes are not those of the start (after end())."""
        return self.before != self.after
