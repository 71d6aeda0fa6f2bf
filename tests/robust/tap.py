# SPDX-License-Identifier: GPL-3.0-or-later
"""What the tests of robustness share: TAP, a scratch folder, running the program, forbidden bytes."""
import os
import re
import resource
import shutil
import signal
import subprocess
import tempfile

SRCDIR = os.path.abspath(os.environ.get("srcdir", os.path.join(os.path.dirname(__file__), "../..")))
PROGRAM = os.path.abspath("tracetutor")
DATA = os.environ.get("TRACETUTOR_DATA", os.path.join(SRCDIR, "lessons"))
CAPTURES = os.path.join(SRCDIR, "lessons/captures")
TRACE = os.path.join(CAPTURES, "pop3-login.pcapng")
LIMIT = 60  # seconds until a run counts as hanging; sanitizers and a busy machine are slow

# C0 but newline and tab, DEL, C1, soft hyphen, bidi, zero width, line and paragraph separators.
FORBIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e"
                       "\u2060-\u206f\ufeff]")

# A shell that runs the tests in the background lets them ignore Ctrl-C, and so what they start.
signal.signal(signal.SIGINT, signal.default_int_handler)

scratch = tempfile.mkdtemp(prefix="tt.")
_count = 0


def environment(**more):
    env = {"PATH": os.environ["PATH"], "TRACETUTOR_DATA": DATA, "LC_ALL": "C.UTF-8",
           "HOME": scratch, "XDG_STATE_HOME": scratch + "/state", "XDG_DATA_HOME": scratch + "/data"}
    for name in ("ASAN_OPTIONS", "UBSAN_OPTIONS", "LSAN_OPTIONS"):
        if name in os.environ:
            env[name] = os.environ[name]
    env.update(more)
    return env


class Run:
    """One run of the program; problems() says what no run may show."""

    def __init__(self, *args, env=None, stdin=None, stdout=subprocess.PIPE, limits=None, cwd=None):
        before = children_cpu()
        process = subprocess.Popen([PROGRAM, *args], env=env or environment(), cwd=cwd,
                                   stdin=stdin or subprocess.DEVNULL, stdout=stdout,
                                   stderr=subprocess.PIPE, preexec_fn=limits)
        self.hangs = False
        try:
            self.out, self.err = process.communicate(timeout=LIMIT)
        except subprocess.TimeoutExpired:
            process.kill()
            self.out, self.err = process.communicate()
            self.hangs = True
        self.out = self.out or b""
        self.code, self.cpu = process.returncode, children_cpu() - before

    def problems(self, codes=(0, 2)):
        if self.hangs:
            yield "hangs"
        if self.code not in codes:
            yield f"ends with {self.code}"
        if self.code in (2, 3) and not self.err.strip():
            yield "fails without a word"
        if b"Sanitizer" in self.err or b"runtime error" in self.err:
            yield "sanitizer report: " + self.err.decode("latin-1")
        yield from unclean("stdout", self.out)
        yield from unclean("stderr", self.err)


def unclean(name, data):
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as e:
        yield f"{name}: not UTF-8: {data[max(0, e.start - 30):e.end + 10]!r}"
        return
    m = FORBIDDEN.search(text)
    if m:
        yield f"{name}: forbidden {m.group()!r} in {text[max(0, m.start() - 40):m.end() + 20]!r}"


def case(name, problems):
    """One TAP line; problems is a list or generator of sentences."""
    global _count
    found = list(problems)  # may end with an exception; the number is for who says so
    _count += 1
    print(f"{'not ok' if found else 'ok'} {_count} - {name}")
    for p in found[:8]:
        print("\n".join("# " + line for line in ascii(p)[1:-1].replace("\\n", "\n").split("\n")))


def skip(name, why):
    global _count
    _count += 1
    print(f"ok {_count} - {name} # SKIP {why}")


def sanitized():
    return b"address" in Run("--version", "--verbose").out


def address_space(megabytes):
    """For Run(limits=...): at most that much memory."""
    def limit():
        resource.setrlimit(resource.RLIMIT_AS, (megabytes << 20, megabytes << 20))
    return limit


def children_cpu():
    """Seconds of work of all runs so far: a busy machine does not count."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def children_peak():
    """Largest peak memory of any run so far, in MB."""
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024


def finish():
    print(f"1..{_count}")
    shutil.rmtree(scratch, ignore_errors=True)
