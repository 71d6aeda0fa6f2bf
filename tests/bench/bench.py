#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Measure tracetutor beside the others on generated captures; prints tables with ratios.

    bench.py TRACETUTOR TOOLS [--packets N] [--rounds N] [--kinds KIND ...] [--large] [--huge]

TOOLS is the folder with the programs generate, measure and show.

CPU time is user + system, the median of paired rounds (ours, theirs, ours ...); peak memory is that
of the largest process. The last table holds what was measured against the goals. Nothing here
fails: it measures.
"""
import argparse
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time


PACKETS = 300000  # so many that to start, which is measured alone, is little of a packet's time
STARTS = 40  # runs of --version; one is too short for the clock
SCREEN = 24  # lines
RULES = (10, 1000)
MEASURE = "measure"  # where it is, once TOOLS is known
LIVE = {"64": (1e6 / 60000, 1e6 / 100000), "1400": (1e6 / 10000, 1e6 / 25000)}


def run(command, to_file=False, env=None):
    """CPU seconds and peak memory in MiB of one run, its output thrown into a file or away."""
    with (tempfile.TemporaryFile() if to_file else open(os.devnull, "wb")) as out, \
            tempfile.NamedTemporaryFile("r") as used:
        status = subprocess.run([MEASURE, used.name, *command], stdin=subprocess.DEVNULL, stdout=out,
                                stderr=subprocess.DEVNULL, env=env, check=False).returncode
        seconds, kib = (used.read().split() + ["0", "0"])[:2]
    if status:
        sys.exit(f"{' '.join(command)} ended with {status}: nothing can be measured")
    return float(seconds), int(kib) / 1024


def compare(commands, rounds, to_file):
    """Median CPU and greatest memory of each command, run in turn."""
    cpu = {name: [] for name in commands}
    memory = {name: 0.0 for name in commands}
    for _ in range(rounds):
        for name, command in commands.items():
            if to_file:  # so that the memory for its file is there, whoever ran before
                run(command, True)
            seconds, mib = run(command, to_file)
            cpu[name].append(seconds)
            memory[name] = max(memory[name], mib)
    return {name: statistics.median(values) for name, values in cpu.items()}, memory


def generate(tools, packets, kind, folder):
    path = os.path.join(folder, f"{kind}-{packets}.pcap")
    with open(path, "wb") as out:
        subprocess.run([os.path.join(tools, "generate"), str(packets), kind], stdout=out,
                       check=True)
    return path


class Goals:
    """What was measured against what is wanted first, and then."""

    def __init__(self):
        self.rows = []

    def add(self, name, value, first, then, unit=""):
        self.rows.append((name, value, first, then, unit))

    def print(self):
        print(f"\n  {'goals, smaller is better':60s} {'measured':>9s} {'first':>8s} {'then':>8s}")
        for name, value, first, then, unit in self.rows:
            met = "met" if value <= then else "first met" if value <= first else ""
            print(f"  {name + unit:60s} {value:9.3f} {first:8.3f} {then:8.3f}  {met}")


# --- a packet's time ---


def ours(program, path):
    return {
        "tracetutor decode": [program, "decode", path],
        "tracetutor explain": [program, "explain", path],
        "tracetutor explain --all": [program, "explain", "--all", path],
        "tracetutor explain --format json": [program, "explain", "--format", "json", path],
    }


def theirs(path, kind):
    commands = {"tcpdump -nn -vvv -X -r": ["tcpdump", "-nn", "-vvv", "-X", "-r", path]}
    if kind == "mix":
        commands["tshark -n -V -x -r"] = ["tshark", "-n", "-V", "-x", "-r", path]
        commands["tcptrace -nl"] = ["tcptrace", "-nl", path]
    return {name: command for name, command in commands.items() if shutil.which(command[0])}


PAIRS = (("tracetutor decode", "tcpdump -nn -vvv -X -r", 1 / 25, 1 / 45),
         ("tracetutor explain", "tcpdump -nn -vvv -X -r", 1 / 15, 1 / 30),
         ("tracetutor explain", "tshark -n -V -x -r", 1 / 25, 1 / 50),
         ("tracetutor explain --all", "tcpdump -nn -vvv -X -r", 1 / 15, 1 / 30),
         ("tracetutor explain --all", "tshark -n -V -x -r", 1 / 25, 1 / 50),
         ("tracetutor explain --format json", "tcptrace -nl", 1, 1 / 4))


def table(packets, to_file, to_null, memory):
    print(f"  {'microseconds of CPU a packet, output to':44s} {'a file':>9s} {'nowhere':>9s}"
          f" {'peak MiB':>9s}")
    for name, seconds in to_file.items():
        print(f"  {name:44s} {seconds / packets * 1e6:9.2f} {to_null[name] / packets * 1e6:9.2f}"
              f" {memory[name]:9.1f}")


def ratios(mine, others, to_file, to_null):
    for name in mine:
        for other in others:
            if to_file[name] > 0 and to_null[name] > 0:
                print(f"  {name + ' : ' + other:54s}  1 : {to_file[other] / to_file[name]:<6.1f}"
                      f" 1 : {to_null[other] / to_null[name]:.1f}")


def measure_kind(args, kind, folder, goals):
    path = generate(args.tools, args.packets, kind, folder)
    mine, others = ours(args.program, path), theirs(path, kind)
    to_file, memory = compare({**mine, **others}, args.rounds, True)
    to_null, _ = compare({**mine, **others}, args.rounds, False)
    print(f"\n{kind}: {args.packets} packets, {os.path.getsize(path) // args.packets} bytes each")
    table(args.packets, to_file, to_null, memory)
    ratios(mine, others, to_file, to_null)
    for name, other, first, then in PAIRS:
        if kind == "mix" and to_null.get(other):
            goals.add(f"{name} : {other}", to_null[name] / to_null[other], first, then)
    os.unlink(path)


# --- many packets ---


def first_screen(command):
    """Milliseconds until that many lines are there."""
    start = time.monotonic()
    with subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.DEVNULL) as child:
        for _ in range(SCREEN):
            child.stdout.readline()
        seconds = time.monotonic() - start
        child.kill()
    return seconds * 1e3


def measure_show(args, path, packets, goals):
    """Random packets of a capture that has been read."""
    answer = subprocess.run([os.path.join(args.tools, "show"), path], check=True,
                            capture_output=True, text=True).stdout.split()
    for what, ms in zip(("mean", "longest"), answer):
        goals.add(f"show N, {packets} packets, {what}", float(ms), 50, 5, ", ms")


def measure_huge(args, folder, goals):
    """Ten million packets, which take 7 GB while they are measured."""
    path = generate(args.tools, 10000000, "mix", folder)
    command = [args.program, "explain", "--format", "json", path]
    seconds, mib = run(command)
    print(f"\n  explain --format json, 10M packets: {seconds:.1f} s of CPU, peak {mib:.1f} MiB")
    goals.add("peak memory of explain --format json, 10M packets", mib, 64, 16, ", MiB")
    measure_show(args, path, "10M", goals)
    os.unlink(path)


def measure_large(args, folder, goals):
    """Peak memory must not grow with the capture, nor the wait for its first screen."""
    sizes = (10000, 100000, 1000000)
    peaks = {}
    for packets in sizes:
        path = generate(args.tools, packets, "mix", folder)
        _, memory = compare(ours(args.program, path), 1, False)
        for name, mib in memory.items():
            peaks.setdefault(name, []).append(mib)
        if packets == sizes[-1]:
            for command in ("list", "decode"):
                waits = [first_screen([args.program, command, path]) for _ in range(args.rounds)]
                goals.add(f"first screen of {command}, 1M packets", statistics.median(waits), 100,
                          20, ", ms")
            measure_show(args, path, "1M", goals)
        os.unlink(path)
    print("\n  " + f"{'peak MiB, mix, packets':44s}" + "".join(f" {n:9d}" for n in sizes))
    for name, values in peaks.items():
        print(f"  {name:44s}" + "".join(f" {mib:9.1f}" for mib in values))
    goals.add("peak memory, 1M packets", max(values[-1] for values in peaks.values()), 32, 16,
              ", MiB")
    goals.add("its growth from 10k packets",
              max(values[-1] - values[0] for values in peaks.values()), 4, 1, ", MiB")


# --- many rules ---


def anchored(i):
    return f"tcp.dstport == {20000 + i}" if i % 2 else f"tcp.payload contains &quot;needle-{i}-&quot;"


def without_anchor(i):
    return f"tcp.payload matches &quot;[q-s][{i % 10}][x-z]{{{2 + i % 7}}}[0-9]&quot;"


def write_rules(folder, data, when, count):
    """A folder of data with the shipped schemas and that many rules of one kind."""
    home = os.path.join(folder, f"{when.__name__}-{count}")
    os.makedirs(os.path.join(home, "rules"))
    os.symlink(os.path.join(data, "schema"), os.path.join(home, "schema"))
    with open(os.path.join(home, "rules", "many.xml"), "w", encoding="utf-8") as out:
        out.write('<?xml version="1.0" encoding="UTF-8"?>\n<pack xmlns="urn:tracetutor:1" '
                  'id="many" version="1.0" xml:lang="en">\n')
        for i in range(count):
            out.write(f'<rule id="rule-{i}" severity="warn"><title>Rule {i}</title>'
                      f"<when>{when(i)}</when><headline>Rule {i}</headline>"
                      f"<explain>Rule {i}.</explain></rule>\n")
        out.write("</pack>\n")
    return dict(os.environ, TRACETUTOR_DATA=home)


def measure_rules(args, folder, goals):
    """Rules that fit no packet must cost next to nothing, however many there are. What loading
    them takes is measured on an empty capture and left out."""
    path, empty = (generate(args.tools, n, "mix", folder) for n in (args.packets, 1))
    data = os.environ.get("TRACETUTOR_DATA", "")
    command = [args.program, "explain", "--format", "json"]
    print(f"\n  {'explain --format json, rules':44s}" + "".join(f" {n:9d}" for n in RULES))
    for when, first, then in ((anchored, 1.5, 1.15), (without_anchor, 5, 2.5)):
        taken = {n: [] for n in RULES}
        homes = {n: write_rules(folder, data, when, n) for n in RULES}
        for _ in range(args.rounds):
            for n in RULES:
                load = run(command + [empty], env=homes[n])[0]
                taken[n].append(run(command + [path], env=homes[n])[0] - load)
        cost = [statistics.median(taken[n]) for n in RULES]
        name = when.__name__.replace("_", " ")
        print(f"  {name + ', microseconds a packet':44s}"
              + "".join(f" {seconds / args.packets * 1e6:9.2f}" for seconds in cost))
        goals.add(f"{RULES[1]} rules {name} : {RULES[0]}", cost[1] / cost[0], first, then)


# --- live ---


def measure_live(goals):
    """On a network of its own. The clock ticks in 10 ms: a run of five seconds is enough."""
    command = [os.path.join(os.path.dirname(os.path.abspath(__file__)), "live.py")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    rows = [line.split() for line in done.stdout.splitlines() if re.fullmatch(r"[\d. ]+", line)]
    print(f"\n  {'capture of loopback, all rules, bytes a packet':46s} {'sent':>8s} {'recorded':>8s}"
          f" {'lost':>8s} {'CPU s':>8s}")
    for size, sent, recorded, lost, work in rows:
        print(f"  {size:46s} {sent:>8s} {recorded:>8s} {lost:>8s} {work:>8s}")
        goals.add(f"live, {size} bytes, CPU a packet", float(work) / int(recorded) * 1e6,
                  *LIVE[size], ", us")
    if len(rows) < len(LIVE):
        print("  " + (done.stderr or done.stdout).strip())


# --- start ---


def measure_start(args, goals):
    commands = {"tracetutor --version": [args.program, "--version"]}
    if shutil.which("tcpdump"):
        commands["tcpdump --version"] = ["tcpdump", "--version"]
    cpu, _ = compare(commands, STARTS, False)
    print(f"\n  {'milliseconds of CPU to start':44s}")
    for name, seconds in cpu.items():
        print(f"  {name:44s} {seconds * 1e3:9.2f}")
    if cpu.get("tcpdump --version"):
        goals.add("tracetutor --version : tcpdump --version",
                  cpu["tracetutor --version"] / cpu["tcpdump --version"], 1, 0.6)


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("program")
    ap.add_argument("tools")
    ap.add_argument("--packets", type=int, default=PACKETS)
    ap.add_argument("--rounds", type=int, default=3)
    ap.add_argument("--kinds", nargs="+", default=["mix", "small", "full"],
                    choices=["mix", "small", "full"])
    ap.add_argument("--large", action="store_true", help="1,000,000 packets too")
    ap.add_argument("--huge", action="store_true", help="10,000,000 packets too")
    args = ap.parse_args()
    args.program = os.path.abspath(args.program)
    global MEASURE
    MEASURE = os.path.join(os.path.abspath(args.tools), "measure")
    goals = Goals()
    with tempfile.TemporaryDirectory() as folder:
        for kind in args.kinds:
            measure_kind(args, kind, folder, goals)
        if args.large:
            measure_large(args, folder, goals)
        if args.huge:
            measure_huge(args, folder, goals)
        measure_rules(args, folder, goals)
    measure_live(goals)
    measure_start(args, goals)
    goals.print()
    return 0


if __name__ == "__main__":
    sys.exit(main())
