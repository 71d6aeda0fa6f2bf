#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The names and types of fields, here and in tshark.

    registry.py TRACETUTOR

Run alone: every field name without the prefix "tt." exists in tshark with the same type, but for the
exceptions of registry_differences.tsv (name<TAB>reason), each of which must still be one. TAP.
"""
import os
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))


def lines(command):
    done = subprocess.run(command, capture_output=True, text=True, errors="replace", check=True,
                          stdin=subprocess.DEVNULL)
    return done.stdout.split("\n")


def tshark():
    """Name: types. tshark gives some names several types, and protocols no type."""
    found = {}
    for line in lines(["tshark", "-G", "fields"]):
        parts = line.split("\t")
        if parts[0] == "P":
            found.setdefault(parts[2], set()).add("FT_PROTOCOL")
        elif parts[0] == "F":
            found.setdefault(parts[2], set()).add(parts[3])
    return found


def ours(program):
    """Name: type."""
    words = (line.split() for line in lines([program, "fields"]))
    return {w[0]: w[1] for w in words if len(w) > 1 and w[1].startswith("FT_")}


def without_unknown(known):
    """Options for tshark: leave undecoded what is not known here. Steps between two layers that
    tshark counts as protocols stay."""
    steps = ("ethertype", "ip.", "ipv6.", "tcp.", "udp.", "_ws.", "ah", "fake")
    options = []
    for line in lines(["tshark", "-G", "protocols"]):
        name = line.split("\t")[2:3]
        if name and name[0] not in known and not name[0].startswith(steps):
            options += ["--disable-protocol", name[0]]
    return options


def reasons(path):
    """Name, or beginning of names with a star: reason. Lines with # are remarks."""
    found = {}
    with open(path, encoding="utf-8") as f:
        for line in f:
            if line.strip() and not line.startswith("#"):
                name, reason = line.rstrip("\n").split("\t", 1)
                found[name] = reason
    return found


def reason_of(known, name):
    """The reason that fits the name best, or None."""
    if name in known:
        return known[name]
    starred = [k for k in known if k.endswith("*") and name.startswith(k[:-1])]
    return known[max(starred, key=len)] if starred else None


def main():
    theirs = tshark()
    known = reasons(os.path.join(HERE, "registry_differences.tsv"))
    compared = 0
    differ = {}
    for name, kind in ours(sys.argv[1]).items():
        if name == "tt" or name.startswith("tt."):
            continue
        compared += 1
        if name not in theirs:
            differ[name] = "tshark has no such field"
        elif kind not in theirs[name]:
            differ[name] = f"{kind} here, {' or '.join(sorted(theirs[name]))} in tshark"
    for name in sorted(differ):
        print(f"# {name}: {differ[name]}: {known.get(name, 'NO REASON LISTED')}")
    new = set(differ) - set(known)
    stale = set(known) - set(differ)
    for name in sorted(stale):
        print(f"# {name}: listed as an exception, but agrees")
    print("1..2")
    print(f"{'not ok' if new or not compared else 'ok'} 1 - {compared} names and types are tshark's, "
          f"but for {len(differ)} listed")
    print(f"{'not ok' if stale else 'ok'} 2 - each exception is still one")
    return int(bool(new or stale or not compared))


if __name__ == "__main__":
    sys.exit(main())
