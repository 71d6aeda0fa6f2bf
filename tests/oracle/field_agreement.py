#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Compare field values with tshark over any folder of captures.

    field_agreement.py [--min PERCENT] [--show N] TRACETUTOR FILE_OR_FOLDER...

For each packet and each field name both programs know, the values (PDML `show`) are compared as a
multiset. Agreement is the share of equal values. Prints the names that differ, most frequent first,
with samples and, where field_differences.tsv beside this script knows one, the reason; ends with TAP.
"""
import argparse
import collections
import os
import re
import subprocess
import sys
import xml.etree.ElementTree as ET

HERE = os.path.dirname(os.path.abspath(__file__))


def reasons():
    found = {}
    with open(os.path.join(HERE, "field_differences.tsv"), encoding="utf-8") as f:
        for line in f:
            if line.strip() and not line.startswith("#"):
                name, reason = line.rstrip("\n").split("\t", 1)
                found[name] = reason
    return found


def known_to_tshark():
    out = subprocess.run(["tshark", "-G", "fields"], capture_output=True, text=True,
                         errors="replace", check=True).stdout
    return {line.split("\t")[2] for line in out.split("\n") if line.startswith("F\t")}


def known_to_us(program):
    out = subprocess.run([program, "fields"], capture_output=True, text=True, check=True,
                         stdin=subprocess.DEVNULL).stdout
    return set(re.findall(r"^\s*([a-z0-9_]+(?:\.[a-z0-9_]+)+)\b", out, flags=re.M | re.I))


def normal(show):
    """A value in a form in which two spellings of one number are equal."""
    show = show.strip()
    if re.fullmatch(r"0x[0-9a-fA-F]+", show):
        return str(int(show, 16))
    if re.fullmatch(r"-?\d+", show):
        return str(int(show))
    if re.fullmatch(r"-?\d+\.\d+", show):
        return show.rstrip("0").rstrip(".")
    if show in ("True", "False"):
        return str(int(show == "True"))
    return show


def packets(command):
    """Per packet: Counter of (name, value)."""
    done = subprocess.run(command, capture_output=True, stdin=subprocess.DEVNULL)
    try:
        root = ET.fromstring(done.stdout)
    except ET.ParseError as error:
        return None, f"{command[0]}: {error}: {done.stderr.decode(errors='replace')[:200]}"
    result = []
    for packet in root.iter("packet"):
        values = collections.Counter()
        for field in packet.iter("field"):
            if field.get("name"):
                values[field.get("name"), normal(field.get("show", ""))] += 1
        result.append(values)
    return result, None


def captures(paths):
    for path in paths:
        if os.path.isfile(path):
            yield path
            continue
        for top, _, names in os.walk(path):
            for name in sorted(names):
                if re.search(r"\.(pcap|pcapng|pcap\.gz)$", name):
                    yield os.path.join(top, name)


class Tally:
    def __init__(self):
        self.equal = self.total = 0
        self.differences = collections.Counter()
        self.samples = collections.defaultdict(list)

    def add(self, place, ours, theirs, both):
        by_name = collections.defaultdict(lambda: (collections.Counter(), collections.Counter()))
        for side, values in enumerate((ours, theirs)):
            for (name, value), count in values.items():
                if name in both:
                    by_name[name][side][value] += count
        for name, (a, b) in by_name.items():
            equal = sum((a & b).values())
            total = max(sum(a.values()), sum(b.values()))
            self.equal += equal
            self.total += total
            if equal < total:
                self.differences[name] += total - equal
                if len(self.samples[name]) < 3:
                    self.samples[name].append(f"{place}: ours {list((a - b).elements())[:3]} "
                                              f"tshark's {list((b - a).elements())[:3]}")


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("--min", type=float, default=98.0)
    ap.add_argument("--show", type=int, default=400)
    ap.add_argument("program")
    ap.add_argument("paths", nargs="+")
    args = ap.parse_args()
    both = known_to_tshark() & known_to_us(args.program)
    known_reasons = reasons()
    tally = Tally()
    broken = []
    for path in captures(args.paths):
        theirs, error = packets(["tshark", "-n", "-r", path, "-T", "pdml"])
        if theirs is None:
            print(f"# left out: {os.path.basename(path)}: {error}")
            continue
        ours, error = packets([args.program, "explain", "--format", "pdml", path])
        if ours is None or len(ours) != len(theirs):
            broken.append(f"{path}: {error or f'{len(ours)} packets, tshark has {len(theirs)}'}")
            continue
        for number, (a, b) in enumerate(zip(ours, theirs), 1):
            tally.add(f"{os.path.basename(path)}#{number}", a, b, both)
    for name, count in tally.differences.most_common(args.show):
        print(f"# {count:6d} {name}: {known_reasons.get(name, 'NO REASON LISTED')}")
        for sample in tally.samples[name]:
            print(f"#          {sample}")
    for line in broken:
        print(f"# {line}")
    percent = 100.0 * tally.equal / tally.total if tally.total else 0.0
    print("1..2")
    print(f"{'ok' if not broken else 'not ok'} 1 - every capture gives as many packets as tshark's")
    print(f"{'ok' if percent >= args.min else 'not ok'} 2 - {percent:.3f} % of {tally.total} field "
          f"values equal tshark's ({len(both)} names known to both)")
    return 0


if __name__ == "__main__":
    sys.exit(main())
