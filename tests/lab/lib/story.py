"""What hobgp told of itself, by `mhctl events` from outside, over its reboots."""

import json
import os
import re
import subprocess
import tempfile
import time

LAST_S = 30  # until the end of what is kept has been told


def listening(*options, out):
    return subprocess.Popen([os.environ["MHCTL"], "--json", "events", *options], stdout=out,
                            stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def epoch(event):
    """Which life of the daemon it is of."""
    return event.get("id", "").rpartition("-")[0]


def told_since(ident, is_last):
    """What came behind this event, until one that is the last."""
    told, until = [], time.monotonic() + LAST_S
    with tempfile.TemporaryFile("w+", encoding="utf-8") as out:
        with listening("--since", ident, out=out) as process:
            try:
                while not (told and is_last(told[-1])):
                    if time.monotonic() > until:
                        raise RuntimeError(f"not told of behind {ident}: {told[-1:]}")
                    time.sleep(0.3)
                    out.seek(0)
                    told = [json.loads(line) for line in out if line.endswith("\n")]
                    told = told[:next((i + 1 for i, event in enumerate(told)
                                       if is_last(event)), None)]
            finally:
                process.terminate()
    return told


class Story:
    """Listens from start to stop; mhctl connects again by itself when the router is back."""

    def __init__(self):
        self.out = self.process = None

    def __enter__(self):
        self.out = tempfile.TemporaryFile("w+", encoding="utf-8")
        self.process = listening(out=self.out)
        until = time.monotonic() + LAST_S
        while not self.events():
            if time.monotonic() > until:
                raise RuntimeError("mhctl events does not say hello")
            time.sleep(0.1)
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()
        self.out.close()

    def events(self):
        self.out.seek(0)
        return [json.loads(line) for line in self.out if line.endswith("\n")]

    def whole(self, is_last):
        """All of it. A new life begins without what the listener missed while it was on its
        way back: that is still kept, and asked for from the first one on."""
        heard = self.events()
        first = epoch(heard[0])
        lives = []
        for event in heard:
            if epoch(event) not in ("", first, *lives):
                lives.append(epoch(event))
        if not lives or not any(event["type"] == "resync" for event in heard):
            raise RuntimeError(f"no resync after the reboot: {heard[-3:]}")
        told = [event for event in heard if epoch(event) == first]
        for life in lives:
            told += told_since(f"{life}-0", is_last)
        return [event for event in told if event["type"] not in ("hello", "resync")]


def matches(event, wanted):
    return all(value.match(event.get(name) or "") if isinstance(value, re.Pattern) else
               event.get(name) == value for name, value in wanted.items())


def in_order(events, steps):
    """The event of each step, each behind the one of the step before; the first that does not
    come in its turn is a RuntimeError. A step: (words, members or patterns of members)."""
    found, rest = [], iter(events)
    for words, wanted in steps:
        event = next((event for event in rest if matches(event, wanted)), None)
        if event is None:
            raise RuntimeError(f"not told of in its turn: {words}; before that: {found[-1:]}")
        found.append((words, event))
    return found
