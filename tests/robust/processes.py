# SPDX-License-Identifier: GPL-3.0-or-later
"""What /proc tells about the processes that a test has started."""
import os


def stat_of(pid):
    """(name, state, parent), or None if it is gone."""
    try:
        with open(f"/proc/{pid}/stat", encoding="latin-1") as f:
            name, rest = f.read().split("(", 1)[1].rsplit(")", 1)
    except (OSError, IndexError):
        return None
    return name, rest.split()[0], int(rest.split()[1])


def alive(pid):
    found = stat_of(pid)
    return bool(found) and found[1] not in "ZX"


def tree(pid):
    """(pid, name) of the process and all below it."""
    rows = {int(e): stat_of(e) for e in os.listdir("/proc") if e.isdigit()}
    rows = {p: row for p, row in rows.items() if row and row[1] not in "ZX"}
    found = [pid] if pid in rows else []
    for p in found:
        found += [child for child, row in rows.items() if row[2] == p]
    return [(p, rows[p][0]) for p in found]


def process_named(host, name):
    """Of a session: tt-keeper, tt-recorder, or the half that decodes (guest). None: there is none."""
    rows = tree(host)
    if name == "guest":
        rows = [row for row in rows if row[0] != host and not row[1].startswith("tt-")]
    else:
        rows = [row for row in rows if row[1] == name]
    return rows[0][0] if rows else None
