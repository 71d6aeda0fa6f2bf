#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Make the seeds of fuzz_frame and fuzz_stream from the captures of the project.

    tests/fuzz/make_seeds.py [CAPTURE ...]      (default: lessons/captures and tests/captures)

Frames: one file for each new sequence of layers and for each new length of it in steps of 64.
Streams: each pcap capture whole, if it is small.
"""
import glob
import os
import struct
import sys

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../..")
FRAME_LINKS = [1, 0, 9, 12, 50, 51, 101, 108, 113, 166, 204, 228, 229, 276, 104, 105, 127]
STREAM_LINKS = [1, 9, 204, 166, 50, 51, 101, 0, 113, 276]
STEPS = [0.001, 0.05, 1.5, 120]
STREAM_MAX = 6000


def packets(path):
    """Link type and (time, bytes) of a pcap file; None for anything else."""
    with open(path, "rb") as f:
        data = f.read()
    order = {b"\xd4\xc3\xb2\xa1": "<", b"\xa1\xb2\xc3\xd4": ">"}.get(data[:4])
    if not order or len(data) < 24:
        return None, []
    link, at, found = struct.unpack_from(order + "I", data, 20)[0], 24, []
    while at + 16 <= len(data):
        seconds, micros, captured, _ = struct.unpack_from(order + "4I", data, at)
        found.append((seconds + micros / 1e6, data[at + 16:at + 16 + captured]))
        at += 16 + captured
    return link, found


def write(folder, name, data):
    os.makedirs(os.path.join(ROOT, "tests/fuzz", folder), exist_ok=True)
    with open(os.path.join(ROOT, "tests/fuzz", folder, name), "wb") as f:
        f.write(data)


def shape(frame):
    """Cheap stand-in for the layers: what the frame begins with, its ports, its size."""
    return frame[12:16], frame[23:24], frame[36:38], len(frame) // 64


def stream(link, frames):
    out, before = bytes([STREAM_LINKS.index(link)]), None
    for time, frame in frames:
        wait = 0 if before is None else time - before
        step = min(range(4), key=lambda i: abs(STEPS[i] - wait))
        before = time
        frame = frame[:0x7ff]
        out += struct.pack("<H", len(frame) | step << 14) + frame
    return out


def main():
    named = sys.argv[1:] or sorted(glob.glob(ROOT + "/lessons/captures/*.pcap") +
                                   glob.glob(ROOT + "/tests/captures/**/*.pcap", recursive=True))
    seen = set()
    for path in named:
        link, frames = packets(path)
        base = os.path.basename(path).rsplit(".", 1)[0]
        for number, (_, frame) in enumerate(frames, 1):
            if link in FRAME_LINKS and (link, shape(frame)) not in seen and len(seen) < 200:
                seen.add((link, shape(frame)))
                write("corpus-frame", f"{base}-{number}", bytes([FRAME_LINKS.index(link)]) + frame)
        if link in STREAM_LINKS:
            data = stream(link, frames)
            if len(data) <= STREAM_MAX:
                write("corpus-stream", base, data)


main()
