#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What recording, explaining and showing packets as they come costs: for each size of a frame one
line with the size, packets sent, recorded, and reported lost, and seconds of CPU of all processes.
Not a test: it measures. Needs root for a network of its own; run in the build folder.
"""
import os
import re
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../live"))
sys.dont_write_bytecode = True
from promise import capture, counted, cpu, ready, send  # noqa: E402

SECONDS = 5
HEADERS = 42  # Ethernet, IP, UDP
LOADS = ((64, 60000), (1400, 10000))  # bytes of a frame, packets a second


def measure(size, rate):
    p = capture()
    pids = [p.pid, p.process_named("guest"), p.process_named("tt-recorder")]
    before = sum(cpu(pid) for pid in pids)
    send(rate * SECONDS, rate, size - HEADERS).wait()
    time.sleep(2)  # what is only counted is told once a second, when the second is over
    behind = rate * SECONDS - p.shown()
    if behind > rate // 10:
        sys.exit(f"{behind} packets behind two seconds after the last one")
    work = sum(cpu(pid) for pid in pids) - before
    p.say().end()
    lost = re.search(r"the system lost ([\d,]+) packet", re.sub(r"\s+", " ", p.text))
    recorded = counted(p.trace())[1]
    print(size, rate * SECONDS, recorded, lost[1].replace(",", "") if lost else 0, f"{work:.2f}",
          flush=True)
    os.unlink(p.trace())


listener = ready()
for load in LOADS:
    measure(*load)
