#!/usr/bin/python3
"""The whole router out of service and shut down, rebooted, and back by itself or not."""

import json
import os
import sys

LAB = os.path.dirname(os.path.realpath(__file__))
sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(LAB, "lib"))
# pylint: disable=wrong-import-position
from api import call
from drains import CUSTOMER, IFOG
from keys import on, running, wait_up, within

SESSIONS = (IFOG, "fd00:ca::1", "2001:db8:400::1", "2a06:9801:1c:fffe::2")
WORDS = "CHG-1234 reboot for kernel update"
RETURN_S = 20


def check(good, what):
    if not good:
        raise RuntimeError(what)


def layers():
    status, answer = call("GET", "/v1/router/drain")
    check(status == 200, answer)
    return answer["layers"]


def drained(**body):
    status, answer = call("PUT", "/v1/router/drain", {
        "reason": "reboot for kernel update", "ticket": "CHG-1234", "owner": "reboot", **body})
    check(status == 202, answer)
    name = answer["id"]

    def ended():
        found = call("GET", f"/v1/operations/{name}")[1]
        return found if found["state"] not in ("scheduled", "running") else None
    done = within(120, f"{name} ends", ended)
    check(done["result"]["end"] == "drained", done)


def told(router):
    """What that router's BGP says of its session with hobgp, in its own words."""
    return on(router, {
        "ifog": "vtysh -d bgpd -c 'show bgp neighbors 2001:db8:300::2 json'",
        "route64": "vtysh -d bgpd -c 'show bgp neighbors 2001:db8:400::2 json'",
        "vtbgp": "vtysh -d bgpd -c 'show bgp neighbors 2a06:9801:1c:fffe::1 json'",
        "lagrange": "birdc show protocols all customer; tail -n 20 /var/log/bird-lagrange.log",
    }[router])


def shut_down_in_order():
    drained(mode="shutdown", return_after_s=RETURN_S)
    for router in ("ifog", "route64", "lagrange", "vtbgp"):
        check(WORDS in told(router), f"{router} has not read it: {told(router)[-800:]}")
    state = json.loads(on("hobgp", "vtysh -d bgpd -c 'show bgp ipv6 unicast summary json'"))
    check({state["peers"][peer]["state"] for peer in SESSIONS} == {"Idle (Admin)"}, state)
    print("each provider and the edge has read:", WORDS)


def reboot():
    on("hobgp", "router hobgp sh /run/lab/root/tests/lab/inside/reboot.sh hobgp")


def gates():
    return [gate for layer in layers() if layer["progress"] for gate in layer["progress"]["gates"]]


def it_returns_by_itself():
    reboot()
    check("MH-DRAIN" in running("hobgp"), "it did not come up drained")
    gate = within(60, "a gate with the seconds left", lambda: next(
        (gate for gate in gates() if gate["why"] == "too_early"), None))
    check(0 < gate["seconds_left"] <= RETURN_S and not gate["met"], gate)
    print(f"{gate['upstream']}: {gate['text']}")
    within(120, "it has returned", lambda: layers() == [])
    for peer in SESSIONS:
        wait_up("hobgp", peer, 60)


def it_stays():
    drained(after_reboot="stay")
    reboot()
    for peer in SESSIONS:
        wait_up("hobgp", peer)
    seen = f"show bgp ipv6 unicast {CUSTOMER} json"
    within(30, "ifog sees the community", lambda: "raceful" in
           on("ifog", f"vtysh -d bgpd -c '{seen}'"))
    layer, = layers()
    check(layer["phase"] == "drained" and layer["after_reboot"] == "stay", layer)
    said = on("hobgp", "mhctl status")
    check("drained" in said, said)
    on("hobgp", "mhctl --yes undrain --whole-router --owner reboot --wait")
    check(layers() == [], layers())


def main():
    on("hobgp", "vtysh -c 'write memory'")
    before = running("hobgp")
    try:
        shut_down_in_order()
        it_returns_by_itself()
        check(running("hobgp") == before, "after the return it is another configuration")
        it_stays()
    finally:
        on("hobgp", "mhctl --yes undrain --whole-router --owner reboot --wait || :")
        for peer in SESSIONS:
            wait_up("hobgp", peer)
    check(running("hobgp") == before, "it is another configuration")


try:
    main()
except RuntimeError as error:
    print(" ".join(str(error).split()))
    sys.exit(1)
