#!/usr/bin/python3
"""What the lab measures; `lab figures` runs it in a lab without route64.

One line a figure on standard output, tabs between: NAME VALUE UNIT GOAL met|short,
as `make bench` prints them; remarks on standard error. LAB_FAULT_EVERY=N hits each Nth
cell of the fault matrix (default: all of them, which takes its time).
"""

import os
import re
import statistics
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.realpath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(HERE, "lib"))
# pylint: disable=wrong-import-position
import drains
import keys
from api import call

ROUTE64 = {
    "remote_as": 212895, "neighbor": "2001:db8:400::1", "local_address": "2001:db8:400::2",
    "description": "Upstream-Route64-FRA",
    "tunnel": {"kind": "gre", "interface": "gre1", "local": "198.51.100.10",
               "remote": "198.51.100.46", "prefix_length": 64},
    "import": {"maximum_prefix": {"limit": 250000, "warning_percent": 90,
                                  "restart_minutes": 30}},
    "firewall": {"nat": True}}
PATH = "/v1/upstreams/route64"
COUNTS = re.compile(r"fault-matrix \S+: ([0-9]+) cells, ([0-9]+) bad$", re.M)


def remark(text):
    print(f"# {text}", file=sys.stderr, flush=True)


def figure(name, value, unit, goal, met):
    print(f"{name}\t{value:.6g}\t{unit}\t{goal}\t{'met' if met else 'short'}", flush=True)


def shell(text):
    """A piece of shell with the tests' own words."""
    done = subprocess.run(["sh", "-c", f'. "{HERE}/testlib.sh"; . "{HERE}/upstream.sh"; {text}',
                           f"{HERE}/figures.py"],
                          capture_output=True, text=True, stdin=subprocess.DEVNULL, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"{text}: {done.stdout}{done.stderr}")
    return done.stdout


def asked(*request):
    status, answer = call(*request)
    if status not in (200, 201):
        raise RuntimeError(f"{request[:2]}: {status} {answer}")
    return answer


def measure_upstream(rounds=5):
    """Until the reply, which comes when all of it is done and read back."""
    asked("PATCH", "/v1/router", {"router_address": ["2a06:9801:1c::1"]})
    shell("on hobgp \"vtysh -c 'write memory'\"")
    before, took, left = shell("configuration hobgp"), [], 0
    for _ in range(rounds):
        began = time.perf_counter()
        asked("PUT", PATH, ROUTE64)
        took.append((time.perf_counter() - began) * 1000)
        asked("DELETE", PATH + "?allow_reset=true")
        after = shell("configuration hobgp")
        lines = set(before.splitlines()) ^ set(after.splitlines())
        left = max(left, sum(len(line) + 1 for line in lines), int(before != after))
    milliseconds = statistics.median(took)
    remark(f"upstream added in {', '.join(f'{ms:.0f}' for ms in took)} ms, in the lab's machine")
    figure("upstream_add_ms", milliseconds, "ms", "<1000", milliseconds < 1000)
    figure("remove_residue_bytes", left, "bytes", "0", left == 0)


def measure_rotations(rounds=3):
    """As the routers tell it: until the session is up again under the new key, or
    under the old one when the provider keeps that."""
    down, both, back = [], [], []
    for number in range(rounds):
        down.append(keys.rotated_in_time()[0]["result"]["downtime_ms"])
        back.append(keys.not_followed(f"never-vultrs-{number}")[0]["result"]["return_ms"])
    keys.set_internal("the-first-of-both")
    for _ in range(rounds):
        ends = keys.rotated_together()[0].values()
        both.append(max(end["result"]["downtime_ms"] for end in ends))
    keys.set_internal(None)
    for name, took, goal in (("rotation_downtime_ms", down, 10000),
                             ("rotation_both_downtime_ms", both, 5000),
                             ("rotation_return_ms", back, 10000)):
        remark(f"{name}: {', '.join(map(str, took))}")
        milliseconds = statistics.median(took)
        figure(name, milliseconds, "ms", f"<{goal}", milliseconds < goal)


def measure_drain():
    """A plain shutdown that loses nothing would say that the stream shows nothing."""
    windows, operation = drains.measured()
    for name, window in windows.items():
        remark(f"{name}: lost {window['lost_there']} there, {window['lost_back']} back of "
               f"{window['sent']} in {window['seconds']} s")
    if drains.lost(windows["quiet"]) != 0:
        raise RuntimeError("the stream loses packets even while nothing is done")
    lost_in = {name: drains.lost(window) for name, window in windows.items()}
    back = lost_in["undrain"] + lost_in["return"]
    figure("drain_lost_packets", lost_in["drain"], "packets", "0", lost_in["drain"] == 0)
    figure("drain_shutdown_lost_packets", lost_in["shutdown"], "packets", "0",
           lost_in["shutdown"] == 0)
    figure("plain_shutdown_lost_packets", lost_in["plain"], "packets", ">0",
           lost_in["plain"] > 0)
    figure("undrain_lost_packets", back, "packets", "0", back == 0)
    figure("drain_seconds", drains.took(operation), "s", "-", True)


def matrices():
    """(what is told, program) of each place where faults are tried."""
    every = ["--every", os.environ.get("LAB_FAULT_EVERY", "1")]
    script = os.path.join(ROOT, "tests", "fault", "matrix.py")
    yield "linux", [os.environ["LAB"], "run", "hobgp",
                    f"cd {ROOT} && python3 {script} --place linux {' '.join(every)}"]
    for place in ("linux-native", "freebsd"):
        yield place, [sys.executable, script, "--place", place, *every]


def measure_faults():
    cells = bad = 0
    for place, command in matrices():
        began = time.monotonic()
        done = subprocess.run(command, stdout=subprocess.PIPE, text=True,
                              stdin=subprocess.DEVNULL, check=False)
        sys.stderr.write("".join(f"# {line}\n" for line in done.stdout.splitlines()))
        found = COUNTS.search(done.stdout)
        if found is None:
            raise RuntimeError(f"the fault matrix of {place} ended with {done.returncode}")
        cells += int(found.group(1))
        bad += int(found.group(2))
        remark(f"{place}: {time.monotonic() - began:.0f} s")
    figure("fault_cells", cells, "cells", ">0", cells > 0)
    figure("fault_cells_bad", bad, "cells", "0", bad == 0)


def main():
    failed = False
    for step in (measure_upstream, measure_rotations, measure_drain, measure_faults):
        try:
            step()
        except (RuntimeError, OSError, ValueError) as error:
            remark(f"could not be measured: {error}"[:2000])
            failed = True
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
