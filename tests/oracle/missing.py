#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fields that tshark has and we do not, within protocols that we read.

    missing.py TRACETUTOR

missing_fields.tsv beside this script gives the reasons: patterns of names between blanks, a tab, why
they are left out. field_agreement.py holds what tshark shows in captures against it. Run alone: each
field that tshark registers for a protocol known here is known here or in the list, and each pattern
fits a field that only tshark has. TAP.
"""
import fnmatch
import os
import re
import sys

import registry

HERE = os.path.dirname(os.path.abspath(__file__))


class Reasons:
    """The rows of missing_fields.tsv."""

    def __init__(self):
        self.rows = []
        for patterns, reason in registry.reasons(os.path.join(HERE, "missing_fields.tsv")).items():
            for pattern in patterns.split():
                self.rows.append((pattern, re.compile(fnmatch.translate(pattern)), reason))

    def of(self, name):
        """The reason, or None."""
        return next((reason for _, fits, reason in self.rows if fits.match(name)), None)

    def stale(self, names):
        """The patterns that fit none of the names."""
        return [pattern for pattern, fits, _ in self.rows if not any(map(fits.match, names))]


class Names:
    """Names of fields unknown here that tshark showed: how often, and where first."""

    def __init__(self):
        self.seen = {}

    def count(self, key, number, place):
        had, first = self.seen.get(key, (0, place))
        self.seen[key] = had + number, first

    def take(self, capture, unknown):
        for key, (number, packet) in unknown.items():
            self.count(key, number, f"{capture}#{packet}")

    def add(self, other):
        for key, (number, place) in other.seen.items():
            self.count(key, number, place)

    def show(self, everything):
        """Print those without a reason, most frequent first; answers how many these are."""
        reasons = Reasons()
        new = 0
        for (inside, name), (number, place) in sorted(self.seen.items(), key=lambda x: -x[1][0]):
            reason = reasons.of(name)
            new += reason is None
            if everything or reason is None:
                print(f"# {number:6d} {name} in {inside}, only tshark's, {place}: "
                      f"{reason or 'NO REASON LISTED'}")
        return new


def within(known):
    """The fields tshark registers for protocols that are known here."""
    parts = (line.split("\t") for line in registry.lines(["tshark", "-G", "fields"]))
    return {p[2] for p in parts if p[0] == "F" and p[4] in known}


def main():
    known = registry.ours(sys.argv[1])
    reasons = Reasons()
    left = within(known) - set(known)
    new = sorted(name for name in left if reasons.of(name) is None)
    for name in new:
        print(f"# {name}: only tshark's: NO REASON LISTED")
    stale = reasons.stale(set(registry.tshark()) - set(known))
    for pattern in stale:
        print(f"# {pattern}: tshark has no such field, or we have it")
    print("1..2")
    print(f"{'not ok' if new else 'ok'} 1 - each of {len(left)} fields that only tshark has is in "
          "missing_fields.tsv")
    print(f"{'not ok' if stale else 'ok'} 2 - each pattern of missing_fields.tsv fits one of them")
    return int(bool(new or stale))


if __name__ == "__main__":
    sys.exit(main())
