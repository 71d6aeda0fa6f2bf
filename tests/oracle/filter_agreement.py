#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Do tracetutor and tshark select the same packets?

    filter_agreement.py [--sample N] [--jobs N] [--check N] [--show N] TRACETUTOR FILE_OR_FOLDER...

Each filter of filters.txt goes over each capture. Starting tshark takes long, so one run with a Lua
script listens with all filters at once. Where its answer is not ours, -Y is asked, for a protocol's
length depends on what else tshark is asked for; --check does so for every Nth pair, too. Differences
that filter_differences.tsv beside this script explains (filter, capture,
reason; the first two are shell patterns) are counted apart. Ends with TAP, one case a filter.
--sample N takes every Nth filter on each capture, other ones on the next. Without it the rows of
filter_differences.tsv that explained nothing are named.
"""
import argparse
import collections
import concurrent.futures
import fnmatch
import os
import shutil
import struct
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
REFUSED = "refused"
UNREAD = "not a file that both can read"
# A message of HTTP counts where its header ends, not in the last packet of its content.
TSHARK = ["tshark", "-n", "-o", "http.desegment_body:FALSE"]

LISTEN = """
local n = 0
for text in io.lines(os.getenv("FILTERS")) do
    n = n + 1
    local i, seen = n, {}
    local ok, tap = pcall(Listener.new, "frame", text)
    if ok then
        function tap.packet(pinfo) seen[#seen + 1] = pinfo.number end
        function tap.draw() io.stdout:write("#", i, "\\t", table.concat(seen, " "), "\\n") end
        function tap.reset() end
    else
        io.stdout:write("#", i, "\\trefused\\n")
    end
end
"""


def lines_of(name):
    with open(os.path.join(HERE, name), encoding="utf-8") as f:
        return [line.rstrip("\n") for line in f if line.strip() and not line.startswith("#")]


def captures_in(paths):
    for path in paths:
        if not os.path.isdir(path):
            yield path
            continue
        for folder, _, names in sorted(os.walk(path)):
            for name in sorted(names):
                if name.endswith((".pcap", ".pcapng", ".ntar", ".cap")):
                    yield os.path.join(folder, name)


def run(command, **env):
    done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.DEVNULL, env={**os.environ, **env}, timeout=120)
    return done.returncode, done.stdout.decode("utf-8", "replace")


def theirs(capture, filters):
    """What tshark selects: one frozenset of numbers a filter, or REFUSED."""
    with tempfile.TemporaryDirectory() as folder:
        script, texts = os.path.join(folder, "listen.lua"), os.path.join(folder, "filters")
        with open(script, "w", encoding="utf-8") as f:
            f.write(LISTEN)
        with open(texts, "w", encoding="utf-8") as f:
            f.write("".join(text + "\n" for text in filters))
        _, out = run(TSHARK + ["-q", "-X", "lua_script:" + script, "-r", capture],
                     FILTERS=texts)
    found = {}
    for line in out.splitlines():
        if line.startswith("#") and "\t" in line:
            number, rest = line[1:].split("\t", 1)
            found[int(number)] = REFUSED if rest == REFUSED else frozenset(map(int, rest.split()))
    return [found.get(i + 1) for i in range(len(filters))]


def theirs_directly(capture, text):
    _, out = run(TSHARK + ["-r", capture, "-Y", text, "-T", "fields", "-e", "frame.number"])
    return frozenset(map(int, out.split()))


def ours(program, capture, text):
    """What tracetutor selects, or None if it cannot read a single packet."""
    status, out = run([program, "decode", capture, "-Y", text, "--numbers"])
    return None if status and not out else frozenset(map(int, out.split()))


def refused(program, filters):
    """The filters tracetutor refuses, found on a sound file of one packet."""
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "one.pcap")
        with open(path, "wb") as f:
            f.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 1))
            f.write(struct.pack("<IIII", 1, 0, 14, 14) + bytes(14))
        return {text for text in filters
                if run([program, "decode", path, "-Y", text, "--numbers"])[0]}


def explained(reasons, text, capture):
    """The numbers of the reasons that fit."""
    name = os.path.basename(capture)
    return [i for i, (f, c, _) in enumerate(reasons)
            if fnmatch.fnmatchcase(text, f) and fnmatch.fnmatchcase(name, c)]


def compare(program, capture, filters, check, reasons, bad):
    """Per filter: None if equal, else what differs."""
    result = []
    if ours(program, capture, "frame") is None:
        return [UNREAD] * len(filters)
    for i, (text, they) in enumerate(zip(filters, theirs(capture, filters))):
        if they is None:
            result.append(UNREAD)
            continue
        we = REFUSED if text in bad else ours(program, capture, text) or frozenset()
        sure = we == they and not (check and i % check == 0)
        if not sure and REFUSED not in (we, they) and not explained(reasons, text, capture):
            they = theirs_directly(capture, text)
        if we == they:
            result.append(None)
        elif REFUSED in (we, they):
            result.append("refused by " + ("tracetutor" if we == REFUSED else "tshark"))
        else:
            result.append("only tracetutor: %s, only tshark: %s" %
                          (sorted(we - they)[:5], sorted(they - we)[:5]))
    return result


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--sample", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--check", type=int, default=0)
    parser.add_argument("--show", type=int, default=3)
    parser.add_argument("program")
    parser.add_argument("paths", nargs="+")
    args = parser.parse_args()
    if not shutil.which("tshark"):
        print("1..0 # SKIP tshark is not installed")
        return 0
    filters = lines_of("filters.txt")
    reasons = [line.split("\t", 2) for line in lines_of("filter_differences.tsv")]
    bad = refused(args.program, filters)
    captures = list(captures_in(args.paths))
    wrong = collections.defaultdict(list)
    tried, allowed, unread, used = collections.Counter(), 0, set(), set()

    def work(index):
        part = filters[index % args.sample::args.sample]
        return captures[index], part, compare(args.program, captures[index], part, args.check,
                                              reasons, bad)

    with concurrent.futures.ThreadPoolExecutor(args.jobs) as pool:
        for capture, part, result in pool.map(work, range(len(captures))):
            for text, difference in zip(part, result):
                if difference == UNREAD:
                    unread.add(capture)
                    continue
                tried[text] += 1
                fitting = explained(reasons, text, capture) if difference else []
                used.update(fitting)
                if fitting:
                    allowed += 1
                elif difference:
                    wrong[text].append((capture, difference))
    print("1..%d" % len(tried))
    for number, text in enumerate((f for f in filters if tried[f]), 1):
        print("%sok %d - %s" % ("not " if wrong[text] else "", number, text.replace("#", "\\#")))
        for capture, difference in wrong[text][:args.show]:
            print("#   %s: %s" % (os.path.basename(capture), difference))
        if len(wrong[text]) > args.show:
            print("#   ... and %d more captures" % (len(wrong[text]) - args.show))
    for i, (text, capture, _) in enumerate(reasons):
        if args.sample == 1 and i not in used:
            print("# explained nothing: %s\t%s" % (text, capture))
    differ = sum(map(len, wrong.values()))
    total = sum(tried.values())
    print("# %d filters, %d captures (%d not read by both), %d pairs: %d equal, %d explained, "
          "%d differ" % (len(tried), len(captures), len(unread), total, total - differ - allowed,
                         allowed, differ))
    return 1 if differ else 0


if __name__ == "__main__":
    sys.exit(main())
