#!/usr/bin/python3
"""The fault matrix: every step of a change, and everything that can befall it.

  matrix.py [--place linux|linux-native|freebsd] [--change NAME] [--every N] [--part I]
            [--figures]

Rows are the steps that a change runs when nothing goes wrong, columns what goes
wrong at that step: the tool fails, hangs past its deadline, says that it did it
and did not; the engine, the parent or the machine ends before (-) or after (+)
it. A cell says what the router is afterwards: b before, a after, exactly; ! is
neither, or the audit or the answer tells something else, and what is wrong
follows the table. --every N runs each Nth cell, --part says which of them.
"""

import argparse
import os
import sys
import time
import traceback

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(os.path.dirname(HERE), "e2e")]
# pylint: disable=wrong-import-position
import sandbox
from cell import FAULTS, HEADS, Cell, steps_of
from changes import prepared
from places import PLACES
from sandbox import Skip


class Matrix:
    """All changes of a place; run() returns (cells, bad)."""

    def __init__(self, place, options):
        self.place, self.options = place, options
        self.cells = self.bad = 0
        self.number = -1

    def run(self):
        for change in self.place.changes:
            if self.options.change in (None, change.name):
                self.one_change(change)
        return self.cells, self.bad

    def one_change(self, change):
        place, target = self.place, change.request[1]
        prepared(place, change, place.first[target])
        before = place.state()
        steps, after = steps_of(place, change)
        change.back(place)
        complaints = []
        if place.state() != before:
            complaints.append("going back does not lead back")
            before = place.state()
        print(f"\n{place.name}: {change.name} {target}, {len(steps)} steps", flush=True)
        print("  " + " ".join(f"{head:>8}" for head in HEADS) + "  step", flush=True)
        for step in steps:
            marks = [self.one(change, step, fault, (before, after), complaints)
                     for fault in FAULTS]
            print("  " + " ".join(f"{mark:>8}" for mark in marks) + "  " + step.text[:90],
                  flush=True)
        for complaint in complaints:
            print(f"  ! {complaint}", flush=True)
        self.leave(change)

    def one(self, change, step, fault, states, complaints):
        self.number += 1
        if self.number % self.options.every != self.options.part:
            return "."
        cell = Cell(self.place, change, step, fault, states)
        began, result = time.monotonic(), None
        try:
            result = cell.run()
            if result == "after":
                change.back(self.place)
                if self.place.state() != states[0]:
                    cell.wrong.append("it does not go back afterwards")
        except Exception as error:  # pylint: disable=broad-except
            if os.environ.get("MH_FAULT_TRACE"):
                traceback.print_exc()
            cell.wrong.append(f"{type(error).__name__}: {str(error)[:900]}")
        self.cells += 1
        if os.environ.get("MH_FAULT_TIMES"):
            print(f"# {fault} {step.text[:60]}: {result} {time.monotonic() - began:.1f} s",
                  file=sys.stderr, flush=True)
        if not cell.wrong:
            return result[0]
        self.bad += 1
        complaints += [f"{fault} at {step.text[:80]}: {wrong[:900]}" for wrong in cell.wrong]
        self.afresh(change)
        return "!"

    def afresh(self, change):
        """The next cell starts on a router that nothing has happened to."""
        self.place.again()
        prepared(self.place, change, self.place.first[change.request[1]])

    def leave(self, change):
        """Nothing is left for the next change to start with."""
        if change.name != "add":
            answer = self.place.call("DELETE", change.request[1])
            assert answer.status == 200, answer


def measure(options):
    place = PLACES[options.place]()
    try:
        place.start()
        cells, bad = Matrix(place, options).run()
    finally:
        try:
            place.stop()
        except AssertionError as error:
            print(f"# {error}"[:500], file=sys.stderr)
    print(f"\nfault-matrix {place.name}: {cells} cells, {bad} bad", flush=True)
    return 1 if bad or not cells else 0


def main():
    parser = argparse.ArgumentParser(description="Run the fault matrix.")
    parser.add_argument("--place", choices=sorted(PLACES), default="linux-native")
    parser.add_argument("--change", choices=["add", "change", "remove"])
    parser.add_argument("--every", type=int, default=1)
    parser.add_argument("--part", type=int, default=0)
    options = parser.parse_args()
    sandbox.enter()
    try:
        return measure(options)
    except Skip as reason:
        print(f"skip fault-matrix {options.place}: {reason}")
        return 0


if __name__ == "__main__":
    sys.exit(main())
