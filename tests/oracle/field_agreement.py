#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Compare field values with tshark over any folder of captures.

    field_agreement.py [options] TRACETUTOR FILE_OR_FOLDER...

For each packet and each field name both programs know, the values (PDML `show`) are compared as a
multiset; of a field without a value, and of a protocol, only whether it is there; of the list of
layers (frame.protocols) the protocols that both know, without "data". Agreement is the
share of equal values, of the fields tcp.analysis* also by itself. Not compared, only counted: a
packet whose header is rebuilt here and that tshark leaves unread, and one that tshark finds inside a
protocol that is not read here. With --to-the-letter every character of every value counts, the whole
list of layers, and every packet. Prints the names that differ, most
frequent first, with samples and the reason field_differences.tsv beside this script gives, the
captures that agree least, and the fields that only tshark has within protocols known here
(missing.py); ends with TAP.
"""
import argparse
import collections
import concurrent.futures
import hashlib
import os
import re
import subprocess
import sys
import xml.parsers.expat
import zlib

import missing
import registry

HERE = os.path.dirname(os.path.abspath(__file__))
HEX = re.compile(r"0x[0-9a-fA-F]+\Z")
WHOLE = re.compile(r"-?\d+\Z")
DECIMAL = re.compile(r"-?\d+\.\d+\Z")


def normal(show):
    """A value in a form in which two spellings of one number are equal."""
    show = re.sub(r"\\r\\n|\\[rnt]", " ", show).strip()  # XML turns tshark's into blanks
    show = re.sub(r"\\u\{0*([0-9a-fA-F]+)\}", lambda m: f"\\x{m[1].lower()}", show)
    show = re.sub(r"(\\x[89A-F][0-9A-F]|\ufffd)+", "\ufffd", show)  # bytes that are no letters
    if HEX.match(show):
        return str(int(show, 16))
    if WHOLE.match(show):
        return str(int(show)) if len(show) < 40 else show
    if DECIMAL.match(show):
        return show.rstrip("0").rstrip(".")
    if show in ("True", "False"):
        return str(int(show == "True"))
    return show


class Reader:
    """What a PDML document says: per packet a Counter of (name, value) of the fields in both
    registries (`both` says for each name whether it has values), and the names of fields unknown
    here, by the protocol they stand in. `letter`: values as they stand."""

    def __init__(self, both, known, letter):
        self.both, self.known, self.letter = both, known, letter
        self.packets = []
        self.unknown = {}
        self.protocols = []

    def start(self, tag, attributes):
        if tag == "packet":
            self.packets.append(collections.Counter())
        elif tag in ("field", "proto"):
            name = attributes.get("name", "")
            if tag == "proto":
                self.protocols.append(name)
            if name not in self.both:
                self.note_unknown(name)
            elif self.both[name]:
                self.packets[-1][name, self.value(name, attributes.get("show", ""))] += 1
            else:
                self.packets[-1][name, ""] = 1

    def value(self, name, show):
        """A value to compare. Of a packet's layers those that both can read; "data" is what one cannot."""
        if self.letter:
            return show
        if name == "frame.protocols":
            self.note_tunnel(show.split(":"))
            return ":".join(part for part in show.split(":")
                            if part in self.both and part != "data")
        return normal(show)

    def note_tunnel(self, layers):
        """Mark a packet that carries an IP packet inside a protocol that is not read here."""
        packets = [i for i, layer in enumerate(layers) if layer in ("ip", "ipv6")]
        if packets and any(layer not in self.both and layer not in STEPS
                           for layer in layers[:packets[-1]]):
            self.packets[-1][TUNNEL, ""] = 1

    def end(self, tag):
        if tag == "proto":
            self.protocols.pop()

    def note_unknown(self, name):
        inside = self.protocols[-1] if self.protocols else ""
        if name and name not in self.known and inside in self.known:
            count, place = self.unknown.get((inside, name), (0, len(self.packets)))
            self.unknown[inside, name] = count + 1, place

    def read(self, pdml):
        parser = xml.parsers.expat.ParserCreate()
        parser.StartElementHandler = self.start
        parser.EndElementHandler = self.end
        parser.Parse(pdml, True)
        return self


def run(command):
    done = subprocess.run(command, capture_output=True, stdin=subprocess.DEVNULL, check=False)
    return done.stdout, done.stderr.decode(errors="replace").strip()[:200]


def tshark_pdml(path, cache, extra):
    """tshark's PDML; with --cache kept by the capture's content, as it is most of the time spent."""
    command = ["tshark", "-n", "-o", "http.desegment_body:FALSE", "-r", path, "-T",
               "pdml"] + extra
    if not cache:
        return run(command)
    with open(path, "rb") as f:
        digest = hashlib.sha256(f.read() + "".join(extra).encode()).hexdigest()
    kept = os.path.join(cache, digest)
    if not os.path.exists(kept):
        out, error = run(command)
        with open(kept, "wb") as f:
            f.write(out)
        return out, error
    with open(kept, "rb") as f:
        return f.read(), ""


REBUILT = "(rebuilt header)"
TUNNEL = "(tunnel)"
NOT_COMPARED = REBUILT, TUNNEL
STEPS = "ethertype", "sll"


def cause(ours, theirs):
    """The one reason for all that differs in a packet, if there is one, else None."""
    def count(side, wanted):
        return sum(n for (name, _), n in side.items() if name in wanted)

    if count(theirs, (TUNNEL,)):
        return TUNNEL
    if not count(ours, ("frame.encap_type",)):
        return "(link layer)"
    inside = [count(side, ("ip.version", "ipv6.version")) for side in (ours, theirs)]
    if inside[0] < inside[1]:
        return "(packet inside)"
    if inside[0] > inside[1] and count(ours, ("vjc",)):
        return REBUILT
    return None


# What of a segment hangs on the segments before it.
BY_CONVERSATION = ("tcp.analysis", "tcp.time_")


class Share:
    """How many values were compared and how many of them were equal."""

    def __init__(self):
        self.equal = self.total = 0

    def add(self, equal, total):
        self.equal += equal
        self.total += total

    def percent(self):
        return 100.0 * self.equal / self.total if self.total else 100.0


class Tally:
    """What one or more captures gave."""

    def __init__(self, letter=False):
        self.letter = letter
        self.all, self.analysis = Share(), Share()
        self.captures = self.packets = 0
        self.not_compared = collections.Counter()
        self.each = {}
        self.differences = collections.Counter()
        self.totals = collections.Counter()
        self.samples = collections.defaultdict(list)
        self.unknown = missing.Names()
        self.left_out, self.broken = [], []
        self.half_seen = set()

    def compared(self, ours, theirs):
        """The cause for all that differs in a packet, and which names can be compared: in a
        conversation of which tshark could not read a segment, none that hangs on earlier segments."""
        whole = cause(ours, theirs)
        if self.letter:
            return whole, lambda name: True
        streams = {value for name, value in ours if name == "tcp.stream"}
        if whole in NOT_COMPARED:
            self.half_seen |= streams
            return whole, lambda name: False
        if streams & self.half_seen:
            return whole, lambda name: not name.startswith(BY_CONVERSATION)
        return whole, lambda name: True

    def add_packet(self, place, ours, theirs):
        by_name = collections.defaultdict(lambda: (collections.Counter(), collections.Counter()))
        for side, values in enumerate((ours, theirs)):
            for (name, value), count in values.items():
                by_name[name][side][value] += count
        whole, comparable = self.compared(ours, theirs)
        self.not_compared[whole] += whole in NOT_COMPARED and not self.letter
        for name, (a, b) in by_name.items():
            if not comparable(name):
                continue
            equal = sum((a & b).values())
            total = max(sum(a.values()), sum(b.values()))
            self.all.add(equal, total)
            if name.startswith("tcp.analysis"):
                self.analysis.add(equal, total)
            if equal < total and whole:
                name = whole
            self.totals[name] += total
            if equal < total:
                self.differences[name] += total - equal
                self.samples[name].append(f"{place}: ours {list((a - b).elements())[:3]} "
                                          f"tshark's {list((b - a).elements())[:3]}")

    def add(self, other):
        for mine, its in ((self.all, other.all), (self.analysis, other.analysis)):
            mine.add(its.equal, its.total)
        self.captures += other.captures
        self.packets += other.packets
        self.not_compared.update(other.not_compared)
        self.each.update(other.each)
        self.differences.update(other.differences)
        self.totals.update(other.totals)
        for name, samples in other.samples.items():
            self.samples[name] += samples
        self.unknown.add(other.unknown)
        self.left_out += other.left_out
        self.broken += other.broken


def compare(job):
    program, path, cache, extra, both, known, letter = job
    tally = Tally(letter)
    name = os.path.basename(path)
    sides = []
    for pdml, error in (tshark_pdml(path, cache, extra),
                        run([program, "explain", "--format", "pdml", path])):
        try:
            sides.append(Reader(both, known, letter).read(pdml))
        except xml.parsers.expat.ExpatError as problem:
            where = tally.broken if sides else tally.left_out
            where.append(f"{name}: {problem}: {error}")
            return tally
    theirs, ours = (side.packets for side in sides)
    if len(ours) != len(theirs):  # tshark lists blocks of a pcapng file that hold no packet, too
        theirs = [p for p in theirs if any(field == "frame.encap_type" for field, _ in p)]
    if len(ours) != len(theirs):
        tally.broken.append(f"{name}: {len(ours)} packets, tshark has {len(theirs)}")
        return tally
    tally.captures = 1
    tally.packets = len(ours)
    tally.unknown.take(name, sides[0].unknown)
    for number, (a, b) in enumerate(zip(ours, theirs), 1):
        tally.add_packet(f"{name}#{number}", a, b)
    tally.each[path] = tally.all
    return tally


def captures(paths, skip, every):
    """The captures of the paths. A sample goes by the files' names, so that a file more or less
    leaves it as it is."""
    for path in paths:
        if os.path.isfile(path):
            yield path
            continue
        for top, _, names in sorted(os.walk(path)):
            for name in sorted(names):
                full = os.path.join(top, name)
                if not re.search(r"\.(pcap|pcapng|cap|snoop|ntar|pcap\.gz)$", name):
                    continue
                if zlib.crc32(name.encode()) % every == 0 and not (
                        skip and re.search(skip, os.path.relpath(full, path))):
                    yield full


def options():
    ap = argparse.ArgumentParser(description="Compare field values with tshark's.")
    ap.add_argument("--min", type=float, default=98.0, help="per cent that must be equal")
    ap.add_argument("--min-analysis", type=float, default=98.0, help="the same of tcp.analysis*")
    ap.add_argument("--show", type=int, default=400, help="how many names that differ to print")
    ap.add_argument("--samples", type=int, default=3, help="how many examples of each")
    ap.add_argument("--only", metavar="REGEX", help="print the names that match alone")
    ap.add_argument("--skip", metavar="REGEX", help="leave out files whose path in the folder "
                    "matches")
    ap.add_argument("--every", type=int, default=1, metavar="N", help="a sample: one of N captures")
    ap.add_argument("--worst", type=int, default=10, metavar="N", help="how many captures to print, "
                    "the one that agrees least first")
    ap.add_argument("--missing", action="store_true", help="print all fields that only tshark has "
                    "within protocols known here, those with a reason, too")
    ap.add_argument("--like-for-like", action="store_true", help="tshark without the protocols "
                    "that are not known here")
    ap.add_argument("--to-the-letter", action="store_true", help="no two spellings are equal, the "
                    "whole list of layers is compared, and every packet")
    ap.add_argument("--cache", metavar="FOLDER", help="keep what tshark said here")
    ap.add_argument("program")
    ap.add_argument("paths", nargs="+")
    return ap.parse_args()


def show_differences(args, tally, reasons):
    for name, count in tally.differences.most_common(args.show):
        if args.only and not re.search(args.only, name):
            continue
        print(f"# {count:6d} of {tally.totals[name]} {name}: "
              f"{registry.reason_of(reasons, name) or 'NO REASON LISTED'}")
        for sample in tally.samples[name][:args.samples]:
            print(f"#          {sample}")
    for line in tally.left_out:
        print(f"# left out, tshark cannot read it: {line}")
    for line in tally.broken:
        print(f"# {line}")


def show_worst(tally, how_many):
    """The captures whose values differ, worst first."""
    differ = [(share.percent(), path) for path, share in tally.each.items()
              if share.equal < share.total]
    for percent, path in sorted(differ)[:how_many]:
        share = tally.each[path]
        print(f"# {percent:7.3f} % of {share.total:6d} {path}")


def main():
    args = options()
    if args.cache:
        os.makedirs(args.cache, exist_ok=True)
    ours = registry.ours(args.program)
    theirs = registry.tshark()
    both = {name: kind not in ("FT_NONE", "FT_PROTOCOL") for name, kind in ours.items()
            if name in theirs}
    extra = registry.without_unknown(ours) if args.like_for_like else []
    reasons = registry.reasons(os.path.join(HERE, "field_differences.tsv"))
    jobs = [(args.program, path, args.cache, extra, both, set(ours), args.to_the_letter)
            for path in captures(args.paths, args.skip, args.every)]
    tally = Tally()
    with concurrent.futures.ProcessPoolExecutor() as pool:
        for one in pool.map(compare, jobs):
            tally.add(one)
    show_differences(args, tally, reasons)
    show_worst(tally, args.worst)
    new = tally.unknown.show(args.missing)
    unexplained = [name for name in tally.differences if not registry.reason_of(reasons, name)]
    print(f"# {tally.captures} captures, {tally.packets} packets, {len(both)} names known to both; "
          f"not compared: {tally.not_compared[REBUILT]} packets whose headers tshark cannot rebuild, "
          f"{tally.not_compared[TUNNEL]} inside a protocol that is not read here")
    results = [
        (not tally.broken and tally.captures > 0, "every capture gives as many packets as tshark's")]
    for share, least, what in ((tally.all, args.min, "field values"),
                               (tally.analysis, args.min_analysis, "values of tcp.analysis*")):
        results.append((share.percent() >= least,
                        f"{share.percent():.3f} % of {share.total} {what} equal tshark's"))
    results += [
        (not unexplained, f"each name that differs has a reason ({len(unexplained)} have none)"),
        (not new, f"each field that only tshark has is in missing_fields.tsv ({new} are not)")]
    print(f"1..{len(results)}")
    for number, (good, text) in enumerate(results, 1):
        print(f"{'ok' if good else 'not ok'} {number} - {text}")
    return int(not all(good for good, _ in results))


if __name__ == "__main__":
    sys.exit(main())
