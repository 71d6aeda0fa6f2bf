#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Real faults between real programs, in network namespaces.

  lab.py list                    the scenarios
  lab.py record SCENARIO FILE    make one and record it on the client
  lab.py enter SCENARIO          make one and open a shell on the client

Needs root. Nothing is left behind and nothing of the machine is changed; see network.py.
"""
import os
import shutil
import subprocess
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

# pylint: disable=wrong-import-position
from network import Network, Recording, isolate, why_not  # noqa: E402
from scenarios import SCENARIOS  # noqa: E402


class Played:
    """A scenario that was played: how the person's last program ended and what it said."""

    def __init__(self, code, said):
        self.code, self.said = code, said


def act(network, commands):
    """Do on the client what the person does."""
    done = None
    for argv in commands:
        done = network.run("client", *argv)
    return Played(done.returncode, done.stdout.decode("utf-8", "replace"))


def record(scenario, folder, path):
    """Play the scenario and record it into a file."""
    with Network(scenario.name, folder, scenario.address) as network:
        commands = scenario.prepare(network)
        recording = Recording(network, path)
        played = act(network, commands)
        recording.stop()
    return played


def show():
    for s in SCENARIOS.values():
        print(f"{s.name:20} {s.lesson:11} {s.fault or 'healthy':26} {s.about}")
    return 0


def enter(scenario, folder):
    with Network(scenario.name, folder, scenario.address) as network:
        for argv in scenario.prepare(network):
            print("The person does:", *argv)
        return subprocess.run(network.within("client", os.environ.get("SHELL", "sh")),
                              check=False).returncode


def recorded(scenario, folder, path):
    inner = os.path.join(folder, "trace.pcap")
    played = record(scenario, folder, inner)
    shutil.copy(inner, path)
    print(played.said, end="")
    print(f"the program ended with {played.code}, the trace is in {path}")
    return 0


def main(args):
    if args == ["list"]:
        return show()
    if len(args) < 2 or args[1] not in SCENARIOS or \
            (args[0], len(args)) not in (("record", 3), ("enter", 2)):
        print(__doc__, file=sys.stderr)
        return 2
    reason = why_not()
    if reason:
        print(reason, file=sys.stderr)
        return 3
    scenario = SCENARIOS[args[1]]
    if args[0] == "enter":
        return isolate(lambda folder: enter(scenario, folder))
    path = os.path.abspath(args[2])
    return isolate(lambda folder: recorded(scenario, folder, path))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
