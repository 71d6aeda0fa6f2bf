#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Measure tracetutor beside the others on generated captures; prints a table with ratios.

    bench.py TRACETUTOR GENERATE [--packets N] [--rounds N] [--large]

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


def run(command):
    """CPU seconds and peak memory in MiB of one run with its output thrown into a file."""
    with tempfile.TemporaryFile() as out:
        child = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=out,
                                 stderr=subprocess.DEVNULL)
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = status
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def compare(commands, rounds):
    """Median CPU and greatest memory of each command, run in turn."""
    cpu = {name: [] for name in commands}
    memory = {name: 0.0 for name in commands}
    for _ in range(rounds):
        for name, command in commands.items():
            seconds, mib = run(command)
            cpu[name].append(seconds)
            memory[name] = max(memory[name], mib)
    return {name: statistics.median(values) for name, values in cpu.items()}, memory


def generate(generator, packets, kind, folder):
    path = os.path.join(folder, f"{kind}-{packets}.pcap")
    with open(path, "wb") as out:
        subprocess.run([generator, str(packets), kind], stdout=out, check=True)
    return path


def table(title, packets, cpu, memory):
    print(f"\n{title}")
    print(f"  {'':44s} {'us/packet':>10s} {'MiB':>8s}")
    for name, seconds in cpu.items():
        print(f"  {name:44s} {seconds / packets * 1e6:10.2f} {memory[name]:8.1f}")


def ratios(cpu, ours, theirs):
    for mine in ours:
        for other in theirs:
            if other in cpu and cpu[mine] > 0:
                print(f"  {mine} : {other} = 1 : {cpu[other] / cpu[mine]:.1f}")


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("program")
    ap.add_argument("generator")
    ap.add_argument("--packets", type=int, default=100000)
    ap.add_argument("--rounds", type=int, default=3)
    ap.add_argument("--large", action="store_true", help="memory at 1,000,000 packets too")
    args = ap.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        for kind in ("mix", "small", "full"):
            path = generate(args.generator, args.packets, kind, folder)
            commands = {
                "tracetutor decode": [args.program, "decode", path],
                "tracetutor explain": [args.program, "explain", path],
                "tracetutor explain --format json": [args.program, "explain", "--format", "json",
                                                     path],
            }
            if shutil.which("tcpdump"):
                commands["tcpdump -nn -vvv -X -r"] = ["tcpdump", "-nn", "-vvv", "-X", "-r", path]
            if shutil.which("tshark") and kind == "mix":
                commands["tshark -n -V -x -r"] = ["tshark", "-n", "-V", "-x", "-r", path]
            cpu, memory = compare(commands, args.rounds)
            table(f"{kind}: {args.packets} packets, {os.path.getsize(path) // args.packets} bytes "
                  "each", args.packets, cpu, memory)
            ratios(cpu, ["tracetutor decode", "tracetutor explain"],
                   ["tcpdump -nn -vvv -X -r", "tshark -n -V -x -r"])
            os.unlink(path)
        if args.large:
            for packets in (10000, 1000000):
                path = generate(args.generator, packets, "mix", folder)
                cpu, memory = compare({f"tracetutor {c}": [args.program, c, path]
                                       for c in ("decode", "explain")}, 1)
                table(f"memory: {packets} packets", packets, cpu, memory)
                os.unlink(path)
    return 0


if __name__ == "__main__":
    sys.exit(main())
