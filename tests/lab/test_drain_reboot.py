#!/usr/bin/python3
"""The whole router out of service by `mhctl drain --reboot`, which reboots it, and back by
itself or not: what each neighbor reads, what is told in which order, and one upstream that
was drained by hand and stays so."""

import os
import re
import sys

LAB = os.path.dirname(os.path.realpath(__file__))
sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(LAB, "lib"))
# pylint: disable=wrong-import-position
from api import call
from drains import CUSTOMER, IFOG
from keys import on, running, started, wait_up, within
from story import Story, in_order, matches

SESSIONS = (IFOG, "fd00:ca::1", "2001:db8:400::1", "2a06:9801:1c:fffe::2")
NEIGHBORS = ("ifog", "route64", "lagrange", "vtbgp")
WORDS = "CHG-1234 reboot for kernel update"
LAST_WORDS = "this router goes down or reboots"
WHY = "--reason 'reboot for kernel update' --ticket CHG-1234"
RETURN_S = 20


def check(good, what):
    if not good:
        raise RuntimeError(what)


def layers(resource="router"):
    status, answer = call("GET", f"/v1/{resource}/drain")
    check(status == 200, answer)
    return answer["layers"]


def told(router):
    """What that router's BGP says of its session with hobgp, in its own words."""
    return on(router, {
        "ifog": "vtysh -d bgpd -c 'show bgp neighbors 2001:db8:300::2 json'",
        "route64": "vtysh -d bgpd -c 'show bgp neighbors 2001:db8:400::2 json'",
        "vtbgp": "vtysh -d bgpd -c 'show bgp neighbors 2a06:9801:1c:fffe::1 json'",
        "lagrange": "birdc show protocols all customer; tail -n 20 /var/log/bird-lagrange.log",
    }[router])


def boot_id():
    """The one that hobgp's daemons see; none before its first reboot here."""
    return on("hobgp", "cat /run/lab/boot-hobgp || :")


def drain_and_reboot(options, words):
    """mhctl's own command, to its end, with what all neighbors read in the meantime; then
    hobgp's machine is back."""
    before = boot_id()
    with started("hobgp", f"mhctl --yes drain --reboot {options} {WHY}") as process:
        for router in NEIGHBORS:  # while the session is down: then it stands there
            within(120, f"{router} reads: {words}", lambda one=router: words in told(one))
        said = "".join(process.communicate())
    check(process.returncode == 0 and "router on hobgp: drained" in said and
          "hobgp: the machine reboots" in said, said)
    print("each provider and the edge has read:", words)
    log = "cat /var/log/reboot-hobgp.log"
    within(200, "hobgp boots", lambda: "hobgp is up" in on("hobgp", log))
    check(boot_id() != before, "the machine has not booted")
    check("MH-DRAIN" in running("hobgp"), "it did not come up drained")
    return on("hobgp", log)


def it_is_shut_down_and_boots():
    log = drain_and_reboot(f"--mode shutdown --return-after {RETURN_S}", WORDS)
    check("every session is shut down already" in log, log)


def gates():
    return [gate for layer in layers() if layer["progress"] for gate in layer["progress"]["gates"]]


def it_returns_by_itself():
    gate = within(120, "a gate with the seconds left", lambda: next(
        (gate for gate in gates() if gate["why"] == "too_early"), None))
    check(0 < gate["seconds_left"] <= RETURN_S and not gate["met"], gate)
    print(f"{gate['upstream']}: {gate['text']}")
    within(120, "it has returned", lambda: layers() == [])
    for peer in SESSIONS:
        wait_up("hobgp", peer, 60)


def drain_event(state, phase, text=""):
    return {"type": "drain", "resource": "router", "owner": "reboot", "state": state,
            "phase": phase, "text": re.compile(text)}


def session_event(state):
    return {"type": "session", "state": state}


OUT = [("begun", {"type": "operation", "kind": "router_drain", "state": "running"}),
       ("the others are told", drain_event("draining", "signal")),
       ("saved", {"type": "operation", "kind": "drain_signal", "state": "done"}),
       ("waiting", drain_event("draining", "proof", "announced; waiting for the traffic to go")),
       ("proven", drain_event("draining", "proof", r"no traffic is left.*\(2 of 3 samples\)")),
       ("down", drain_event("draining", "shutdown", "the sessions are shut down")),
       ("drained", drain_event("drained", "drained"))]
BACK = [("booted", {"type": "operation", "kind": "router_undrain", "state": "running"}),
        ("on its way", drain_event("returning", "returning")),
        ("a gate", drain_event("returning", "returning",
                               f"[a-z0-9]+: up for [0-9]+ s, waiting for {RETURN_S} s")),
        ("met", drain_event("returning", "returning", "back into service")),
        ("ended", {"type": "operation", "kind": "router_undrain", "state": "done"}),
        ("in service", drain_event("in_service", None))]
# Their own places, each once for every session: behind the first and before the second.
BETWEEN = [("down", "booted", session_event("down")), ("booted", "met", session_event("up"))]


def it_was_told_in_order(story):
    """From the order to the return, as `mhctl events` has it over two lives of the daemon."""
    events = story.whole(lambda event: matches(event, BACK[-1][1]))
    found = in_order(events, OUT + BACK)
    place = {words: events.index(event) for words, event in found}
    for first, last, wanted in BETWEEN:
        there = {}
        for i, event in enumerate(events):
            if matches(event, wanted):
                there.setdefault(event["resource"], i)
        check(len(there) == len(SESSIONS) and
              all(place[first] < i < place[last] for i in there.values()),
              f"not between {first} and {last}: {there} {place}")
        found += [(wanted["state"], events[i]) for i in there.values()]
    for words, event in sorted(found, key=lambda item: events.index(item[1])):
        print(event["time"][11:19], event["id"].rpartition("-")[2].rjust(3), event["type"].ljust(9),
              f"{event['resource']} {event['state']}:", event.get("text") or words)


def one_upstream_stays_drained():
    """Drained by hand; then the router drained and undrained, with a reboot in between."""
    on("hobgp", "mhctl --yes drain ifog --reason 'provider maintenance' --wait")
    log = drain_and_reboot("--after-reboot stay", LAST_WORDS)
    check("4 neighbors were told" in log, log)
    for peer in SESSIONS:
        wait_up("hobgp", peer)
    within(90, "ifog and route64 see the community", lambda: sees("ifog") and sees("route64"))
    layer, = layers()
    check(layer["phase"] == "drained" and layer["after_reboot"] == "stay", layer)
    said = on("hobgp", "mhctl status")
    check(said.startswith("hobgp  drained  "), said)
    on("hobgp", "mhctl --yes undrain --whole-router --owner reboot --wait")
    check(layers() == [], layers())
    within(90, "route64 does not see it any more", lambda: not sees("route64"))
    layer, = layers("upstreams/ifog")
    check(layer["owner"] == "operator" and layer["phase"] == "drained" and sees("ifog"), layer)
    print("the router is back;", *[line for line in on("hobgp", "mhctl status").splitlines()
                                   if line.startswith("ifog")])
    on("hobgp", "mhctl --yes undrain ifog --wait")


def sees(provider):
    return "raceful" in on(provider, f"vtysh -d bgpd -c 'show bgp ipv6 unicast {CUSTOMER} json'")


def main():
    on("hobgp", "vtysh -c 'write memory'")
    before = running("hobgp")
    try:
        with Story() as story:
            it_is_shut_down_and_boots()
            it_returns_by_itself()
            it_was_told_in_order(story)
        check(running("hobgp") == before, "after the return it is another configuration")
        one_upstream_stays_drained()
    finally:
        for what in ("--whole-router --owner reboot", "ifog"):
            on("hobgp", f"mhctl --yes undrain {what} --wait || :")
        for peer in SESSIONS:
            wait_up("hobgp", peer)
    check(running("hobgp") == before, "it is another configuration")


try:
    main()
except RuntimeError as error:
    print(" ".join(str(error).split()))
    sys.exit(1)
