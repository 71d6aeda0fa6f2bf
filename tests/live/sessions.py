# SPDX-License-Identifier: GPL-3.0-or-later
"""A person in a live session: reads what is asked, answers, and lets a program fail meanwhile.

The same person sits at a terminal (tmux) or at the ends of two pipes; drive.py has both. What is
asked is told by the last line alone, as the program promises, and by the question before it.
"""
import base64
import dataclasses
import glob
import os
import re
import stat
import time

import drive
from proof import explained, wrong
from services import PASSWORD, USER

TAKES_PIECES = r"-- \d+ more lines?: press Enter to read on, or type a command --"
PROMPT = re.compile(rf"^(?:\[step (\d) of 8[^\]]*\] (?:.*\. )?((?:Press|Type) .*[.:])|{TAKES_PIECES}"
                    r") *\Z", re.MULTILINE)
PATIENCE = 90  # seconds until a sentence counts as missing: many sessions at once are slow
ADDRESS = r"\b\d+\.\d+\.\d+\.\d+\b"
GONE_WRONG = ("WARNING: ", "runtime error", "Sanitizer")


def flat(text):
    """Without line breaks: where they are depends on the width."""
    return " ".join(text.split())


class Prompt:
    """What is asked: in which step (0: only to read on), and what was said before it."""

    def __init__(self, match, before):
        self.step, self.wants = int(match.group(1) or 0), match.group(2) or ""
        self.before = flat(before)


class Person:
    """At the terminal or at pipes; text() is all that was to be read so far."""

    pause = 0.03  # seconds between two looks

    def __init__(self):
        self.read = 0  # up to where it was read when the last line was typed

    def text(self):
        raise NotImplementedError

    def send(self, line):
        raise NotImplementedError

    def is_over(self):
        return False

    def news(self):
        return self.text()[self.read:]

    def _until(self, look, what, seconds):
        end = time.monotonic() + seconds
        while True:
            over = self.is_over() or time.monotonic() > end
            found = look(self.news())
            if found:
                return found
            if over:
                raise drive.Missing(f"waited for {what}, read:\n{self.news()}")
            time.sleep(self.pause)

    def asked(self):
        """What is asked now."""
        def look(text):
            match = PROMPT.search(text)
            return match and Prompt(match, text[:match.start()])
        return self._until(look, "a question", PATIENCE)

    def reads(self, pattern, seconds=PATIENCE):
        """Until that sentence is there, since the last line was typed."""
        wanted = re.compile(pattern)
        return self._until(lambda text: wanted.search(flat(text)), f"/{pattern}/", seconds)

    def answer(self, line=""):
        self.read = len(self.text())
        self.send(line)


class AtTerminal(Person):
    pause = 0.15

    def __init__(self, network, env, size, *argv):
        super().__init__()
        self.terminal = drive.Terminal(network, env, *size)
        self.answer(" ".join(argv) + '; echo "ended with $?"')

    def text(self):
        self.terminal.screen()
        return self.terminal.everything()

    def send(self, line):
        self.read += len(line)
        self.terminal.type(line)

    def end(self):
        """How the program ended; what does not fit on the screen is read before."""
        ended = re.compile(rf"^(?:ended with (\d+)\s+ready>|{TAKES_PIECES})\s*\Z", re.MULTILINE)
        while True:
            match = self._until(ended.search, "the end", PATIENCE)
            if match.group(1):
                return int(match.group(1))
            self.answer()

    def close(self):
        self.terminal.close()


class AtPipe(Person):
    def __init__(self, network, env, _size, *argv):
        super().__init__()
        self.pipe = drive.Pipe(network, env, *argv)

    def text(self):
        return self.pipe.said

    def send(self, line):
        self.pipe.write(line)

    def is_over(self):
        return not self.pipe.readers[0].is_alive()

    def end(self):
        return self.pipe.finish(PATIENCE)

    def close(self):
        self.pipe.close()


def sit_down(network, form, program, data, *argv):
    """A person who starts the program; form: "80x24", "160x50", "pipe"."""
    env = drive.environment(network, program, data)
    size = () if form == "pipe" else tuple(map(int, form.split("x")))
    return (AtTerminal if size else AtPipe)(network, env, size, program, *argv)


class Session:
    """One session of a person, as the lesson leads through it. What was read is kept by part."""

    def __init__(self, person, answers, program_fails):
        self.person, self.answers = person, answers
        self.program_fails = program_fails  # called when the recording runs
        self.reason = self.verdict = self.advice = ""
        self.witnessed, self.checks = [], []  # one a recording
        self.held = ""  # said before a "read on"
        self.again = 0  # how often to record again, where that is what Enter means
        self.packets = 3  # of the tour that are looked at

    def to(self, pattern):
        """Answer what is asked until this is asked."""
        while True:
            prompt = self.person.asked()
            prompt.before = self.held + prompt.before
            self.held = prompt.before if prompt.step == 0 else ""
            if re.search(pattern, prompt.wants):
                return prompt
            self.step(prompt)

    def step(self, prompt):
        {0: self.read_on, 1: self.say, 3: self.start, 4: self.stop, 5: self.check, 6: self.look,
         7: self.repair}.get(prompt.step, self.read_on)(prompt)

    def read_on(self, _prompt):
        self.person.answer()

    def say(self, prompt):
        for question, words in self.answers.items():
            if question in prompt.before and "answer" in prompt.wants:
                self.person.answer(words)
                return
        self.person.answer()

    def start(self, prompt):
        self.reason = prompt.before
        self.person.answer()
        self.person.reads("Press Enter to STOP")
        self.program_fails()

    def stop(self, _prompt):
        self.witnessed.append(flat(self.person.news()))
        self.person.answer()
        self.person.reads("Recorded: .*Step 5 of 8")

    def check(self, prompt):
        self.checks.append((prompt.before, prompt.wants))
        again = "AGAIN" in prompt.wants
        if again and self.again:
            self.again -= 1
            self.person.answer()
        else:
            self.person.answer("skip" if again else "")

    def look(self, prompt):
        if "Verdict" in prompt.before:
            self.verdict = prompt.before
        self.packets -= "for the next" in prompt.wants
        on = "go on" in prompt.wants or ("for the next" in prompt.wants and self.packets)
        self.person.answer("" if on else "skip")

    def repair(self, prompt):
        self.advice += prompt.before
        self.person.answer("skip" if "AGAIN" in prompt.wants else "")


# --- what is left on the disk ---

def traces(network):
    return sorted(glob.glob(network.path("state/tracetutor/sessions/*/*.pcapng")),
                  key=os.path.getmtime)


def reports(network):
    return sorted(glob.glob(network.path("state/tracetutor/sessions/*/report*.txt")))


def plain(secret):
    """The forms in which a password is sent."""
    yield secret
    yield base64.b64encode(secret.encode()).decode()
    yield base64.b64encode(f"\0{USER}\0{secret}".encode()).decode()


def stand_ins(headline):
    """The headline as it stands in a report: names and addresses are others."""
    parts = re.split(rf"[\w.-]*ex[am]{{2}}ple\.org|{USER}|{ADDRESS}", headline)
    return r"[\w.:-]+".join(re.escape(part) for part in parts)


def bad_report(text, headline, interface):
    """What is wrong with a report."""
    words = flat(text)
    if not re.search(stand_ins(flat(headline)), words):
        yield f"the report does not say: {headline}"
    if f"Recorded on: {interface}, cable" not in words:
        yield "the report does not tell the computer's interface"
    for secret in (PASSWORD, "wrong-pony"):
        for form in plain(secret):
            if form in text:
                yield f"the report holds the password: {form}"
    for name in (USER, "example.org", "exmaple.org", "198.51.100.20"):
        if name in text:
            yield f"the report holds {name}"


def bad_files(network, scenario, verdict):
    """What is wrong with the files of a session: its traces, and its report."""
    paths = traces(network)
    if not paths:
        yield "no trace is kept"
    for path in paths:
        if os.stat(path).st_mode & 0o222:
            yield f"{path} can be written: {stat.filemode(os.stat(path).st_mode)}"
        again = dataclasses.replace(scenario, notes=())
        yield from wrong(path, scenario if path == paths[0] else again)
    headline = verdict["headline"] if verdict else "Nothing wrong was seen in this trace"
    if len(reports(network)) != 1:
        yield f"not one report: {reports(network)}"
    for path in reports(network):
        with open(path, encoding="utf-8") as f:
            yield from bad_report(f.read(), headline, scenario.interface)


def verdict_of(network):
    """What explain says of the last trace; None: nothing is wrong."""
    return explained(traces(network)[-1])["verdict"]
