#!/usr/bin/python3
"""The reference network from two bare FRRs, through the API alone.

Core and downstream by hobgp's API from outside (mhctl apply), the edge on vtbgp itself.
The running configurations are then compared in meaning with the hand-written ones.
"""
# lab: bare

import json
import os
import subprocess
import sys
import time

LAB = os.path.dirname(os.path.realpath(__file__))
sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(LAB), "e2e"))
# pylint: disable=wrong-import-position
from meaning import differences, report, unexpected
from reference import BOTH, CORE, EDGE

LATE = [(r"timers connect", "the lab does not wait two minutes for a second try")]


def fail(text):
    print(text)
    sys.exit(1)


def on(router, command, text=None):
    """Runs it there; its output."""
    if text is not None:  # dbclient has no standard input here
        command = f"cat >/tmp/in.json <<'EOF'\n{text}\nEOF\n{command}"
    done = subprocess.run([os.environ["LAB"], "run", router, command], capture_output=True,
                          text=True, stdin=subprocess.DEVNULL, check=False)
    if done.returncode != 0:
        fail(f"{router}: {command[:200]}: {done.stdout}{done.stderr}")
    return done.stdout


def apply_file(network):
    """All of it in one file, as mhctl takes it."""
    path = os.path.join(os.environ["LAB_DIR"], "core.json")
    with open(path, "w", encoding="ascii") as file:
        json.dump(network, file)
    for word in ("plan", "apply"):
        done = subprocess.run([os.environ["MHCTL"], "--yes", word, path], capture_output=True,
                              text=True, stdin=subprocess.DEVNULL, check=False)
        if done.returncode != 0 and word == "apply":
            fail(f"mhctl {word}: {done.stdout}{done.stderr}")
    print(done.stdout)


def compared(router):
    with open(os.path.join(LAB, "conf", router, "frr.conf"), encoding="utf-8") as file:
        by_hand = file.read()
    built = on(router, "vtysh -c 'show running-config'")
    found = differences(by_hand, built, [*BOTH, *LATE])
    print(f"{router}, -: only by hand, +: only built:")
    print("\n".join(report(found)))
    if unexpected(found):
        fail(f"{router} is not what was written by hand: {unexpected(found)}")
    saved = on(router, f"cat /etc/frr/{router}/frr.conf")
    if differences(saved, built, []):
        fail(f"{router}: saved and running are not the same: {differences(saved, built, [])}")


def established(router):
    out = on(router, "vtysh -d bgpd -c 'show bgp ipv6 unicast summary json'")
    peers = json.loads(out)["peers"]
    return sum(peer["state"] == "Established" and peer["pfxRcd"] > 0 for peer in peers.values())


def within(seconds, what, condition):
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            fail(what)
        time.sleep(0.5)


def main():
    bare = on("hobgp", "vtysh -c 'show running-config'") + \
        on("vtbgp", "vtysh -c 'show running-config'")
    if "router bgp" in bare:
        fail("the routers are not bare")
    # The edge first: who calls first waits two minutes when nobody listens.
    on("vtbgp", "mhctl --yes apply /tmp/in.json", json.dumps(EDGE))
    apply_file(CORE)
    compared("hobgp")
    compared("vtbgp")
    within(180, "hobgp has not four sessions", lambda: established("hobgp") == 4)
    within(180, "vtbgp has not two sessions", lambda: established("vtbgp") == 2)
    if on("vtbgp", "ip -6 route show proto bgp | wc -l").strip() != "0":
        fail("vtbgp has BGP routes in its kernel")
    on("radon", "ping -c 3 -W 3 2a06:9801:1c::1")
    on("radon", "ping -c 3 -W 3 2620:fe::fe")
    # A second time there is nothing to do.
    again = subprocess.run([os.environ["MHCTL"], "--yes", "--json", "apply",
                            os.path.join(os.environ["LAB_DIR"], "core.json")],
                           capture_output=True, text=True, stdin=subprocess.DEVNULL, check=False)
    if again.returncode != 0 or '"changed": true' in again.stdout:
        fail(f"the same file changes something again: {again.stdout[:400]}{again.stderr}")


main()
