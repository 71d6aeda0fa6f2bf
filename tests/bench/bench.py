#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Measure tracetutor beside the others on generated captures; prints a table with ratios.

    bench.py TRACETUTOR GENERATE [--packets N] [--rounds N] [--kinds KIND ...] [--large]

CPU time is user + system of the child, the median of paired rounds (ours, theirs, ours ...); peak
memory is the child's. Nothing here fails: it measures.
"""
import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile


STARTS = 40  # runs of --version; one is too short for the clock


def run(command, to_file):
    """CPU seconds and peak memory in MiB of one run, its output thrown into a file or away. The peak
    is never below this script's own (15 MiB), from which the command is started."""
    with (tempfile.TemporaryFile() if to_file else open(os.devnull, "wb")) as out:
        child = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=out,
                                 stderr=subprocess.DEVNULL)
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = status
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


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


def generate(generator, packets, kind, folder):
    path = os.path.join(folder, f"{kind}-{packets}.pcap")
    with open(path, "wb") as out:
        subprocess.run([generator, str(packets), kind], stdout=out, check=True)
    return path


def ours(program, path):
    return {
        "tracetutor decode": [program, "decode", path],
        "tracetutor explain": [program, "explain", path],
        "tracetutor explain --format json": [program, "explain", "--format", "json", path],
    }


def theirs(path, kind):
    commands = {}
    if shutil.which("tcpdump"):
        commands["tcpdump -nn -vvv -X -r"] = ["tcpdump", "-nn", "-vvv", "-X", "-r", path]
    if shutil.which("tshark") and kind == "mix":
        commands["tshark -n -V -x -r"] = ["tshark", "-n", "-V", "-x", "-r", path]
    return commands


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


def measure_kind(args, kind, folder):
    path = generate(args.generator, args.packets, kind, folder)
    mine, others = ours(args.program, path), theirs(path, kind)
    to_file, memory = compare({**mine, **others}, args.rounds, True)
    to_null, _ = compare({**mine, **others}, args.rounds, False)
    print(f"\n{kind}: {args.packets} packets, {os.path.getsize(path) // args.packets} bytes each")
    table(args.packets, to_file, to_null, memory)
    ratios(mine, others, to_file, to_null)
    os.unlink(path)


def measure_memory(args, folder):
    """Peak memory must not grow with the capture."""
    sizes = (10000, 100000, 1000000)
    peaks = {}
    for packets in sizes:
        path = generate(args.generator, packets, "mix", folder)
        _, memory = compare(ours(args.program, path), 1, False)
        for name, mib in memory.items():
            peaks.setdefault(name, []).append(mib)
        os.unlink(path)
    print("\n  " + f"{'peak MiB, mix, packets':44s}" + "".join(f" {n:9d}" for n in sizes))
    for name, values in peaks.items():
        print(f"  {name:44s}" + "".join(f" {mib:9.1f}" for mib in values))


def measure_start(args):
    commands = {"tracetutor --version": [args.program, "--version"]}
    if shutil.which("tcpdump"):
        commands["tcpdump --version"] = ["tcpdump", "--version"]
    cpu, _ = compare(commands, STARTS, False)
    print(f"\n  {'milliseconds of CPU to start':44s}")
    for name, seconds in cpu.items():
        print(f"  {name:44s} {seconds * 1e3:9.2f}")


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("program")
    ap.add_argument("generator")
    ap.add_argument("--packets", type=int, default=100000)
    ap.add_argument("--rounds", type=int, default=3)
    ap.add_argument("--kinds", nargs="+", default=["mix", "small", "full"],
                    choices=["mix", "small", "full"])
    ap.add_argument("--large", action="store_true", help="memory at 1,000,000 packets too")
    args = ap.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        for kind in args.kinds:
            measure_kind(args, kind, folder)
        if args.large:
            measure_memory(args, folder)
    measure_start(args)
    return 0


if __name__ == "__main__":
    sys.exit(main())
