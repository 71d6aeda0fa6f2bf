# SPDX-License-Identifier: GPL-3.0-or-later
"""Is it true what the program says of the trace of a scenario? Wireshark reads the packets, too."""
import json
import os
import subprocess


def explained(path):
    done = subprocess.run([os.path.abspath("./tracetutor"), "explain", "--format", "json", path],
                          capture_output=True, stdin=subprocess.DEVNULL, check=False, timeout=120)
    return json.loads(done.stdout)


def selected(path, condition):
    """Numbers of the packets that Wireshark's filter selects."""
    done = subprocess.run(["tshark", "-n", "-r", path, "-o", "tcp.analyze_sequence_numbers:TRUE",
                           "-Y", condition, "-T", "fields", "-e", "frame.number"],
                          capture_output=True, text=True, check=True, timeout=120)
    return {int(n) for n in done.stdout.split()}


def unproven(path, scenario, packets):
    """What is wrong with the packets given as proof."""
    if not packets:
        yield "no packet proves it"
    left = set(packets)
    for condition in scenario.proof:
        found = selected(path, condition)
        left -= found
        if not found & set(packets):
            yield f"no packet of {packets} fulfils: {condition}"
    if left and scenario.proof:
        yield f"packets {sorted(left)} do not prove it"


def wrong(path, scenario):
    """Everything that is wrong with what the program says."""
    said = explained(path)
    verdict = said["verdict"] or {"fault": None, "packets": []}
    if verdict["fault"] != scenario.fault:
        yield f"the verdict is {verdict['fault']}: {verdict.get('headline')}"
    elif scenario.fault:
        yield from unproven(path, scenario, verdict["packets"])
    found = {f["fault"] for f in said["findings"]}
    for f in said["findings"]:
        if f["fault"] != scenario.fault and not f["explained_by"] and f["fault"] and \
                not f["fault"].startswith("note-") and f["fault"] not in scenario.also:
            yield f"claimed as well: {f['fault']}: {f['headline']}"
    for note in scenario.notes:
        if note not in found:
            yield f"not said: {note}"
