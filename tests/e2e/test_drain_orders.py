#!/usr/bin/python3
"""Another order for what is out of service, or on its way back: what was reached stays."""

import os
import re

from draining import drain, ended, layers, now, operation, phase, reboot, same_as, status, undrain
from frr import SOCKETS
from harness import Suite
from newcomers import NOVA, newcomer, order
from newcomers import path as path_to
from proxy import DIRECTORY, Proxy
from sandbox import wait_until

suite = Suite("drain_orders", seconds=120, sockets=DIRECTORY)
proxy = Proxy()


@suite.prepare
def between():
    os.makedirs(SOCKETS, exist_ok=True)
    proxy.start()


def told(words):
    return [line.strip() for line in proxy.seen if words in line and not line.startswith("show")]


def says(lab, ident):
    """What the operation waits for."""
    progress = operation(lab, ident)["progress"]
    return "" if progress is None else progress["text"]


class Gone:
    """A provider that gives up its session, and does not take it up again inside."""

    def __init__(self, peer):
        self.peer = peer

    def __enter__(self):
        self.peer.control("disable customer")
        return self

    def __exit__(self, *_):
        self.peer.control("enable customer")


def held(lab, path, **body):
    """It waits in the proof for a session that has gone."""
    began = drain(lab, path, **body)
    lab.peer("ifog").control("disable customer")
    wait_until(lambda: "the session is down" in says(lab, began["id"]), 20,
               lambda: f"it waits for the session: {operation(lab, began['id'])}")
    return began["id"]


def come_back(lab, before):
    wait_until(lambda: layers(lab, lab.path("ifog")) == [], 40, "no reason is left")
    same_as(lab, before)
    lab.wait_settled()


@suite.test
def what_is_shut_down_stays_so(lab):
    """No session comes up amid somebody's work because of another ticket."""
    before, path = now(lab), lab.path("ifog")
    ended(lab, drain(lab, path, mode="shutdown")["id"])
    wait_until(lambda: lab.upstream("ifog")["status"]["session"] != "established", 5, "it is down")
    sessions, since = lab.frr.fingerprint(), layers(lab, path)[0]["created_at"]
    proxy.clear()
    for body, words in (({"after_reboot": "auto"}, "CHG-1234 provider maintenance"),
                        ({"ticket": "CHG-2", "reason": "they need longer"}, "CHG-2 they need longer"),
                        ({"ticket": "CHG-2", "prepend": 2}, "CHG-2 provider maintenance")):
        done = ended(lab, drain(lab, path, mode="shutdown", **body)["id"])
        assert done["result"]["end"] == "drained", done
        assert f"shutdown message {words}\n" in lab.frr.running_config(), words
        assert lab.saved_agrees()
    assert told("no neighbor") == [], told("no neighbor")
    assert lab.frr.fingerprint() == sessions, "it came up meanwhile"
    assert layers(lab, path)[0]["created_at"] == since
    # Of somebody else's reason the words change nothing while ours is there.
    ended(lab, drain(lab, path, owner="fleet", mode="shutdown", reason="all of them")["id"])
    assert "shutdown message CHG-2 provider maintenance\n" in lab.frr.running_config()
    ended(lab, undrain(lab, path, "fleet")["id"])
    # One that wants the session brings it up.
    ended(lab, drain(lab, path, mode="shift")["id"], seconds=60)
    assert " shutdown message" not in lab.frr.running_config()
    ended(lab, undrain(lab, path)["id"])
    come_back(lab, before)


@suite.test
def a_held_one_is_cancelled(lab):
    """By somebody, not by its time."""
    before, path = now(lab), lab.path("ifog")
    ident = held(lab, path, max_wait_s=2)
    wait_until(lambda: layers(lab, path)[0]["end"] == "blocked", 15, "it is held")
    answer = lab.api("POST", f"/v1/operations/{ident}/cancel", {})
    assert answer.status == 200, answer
    layer = layers(lab, path)
    assert layer == [] or (layer[0]["end"], layer[0]["why"]) == (None, None), layer
    done = ended(lab, ident, "undone")
    assert (done["result"]["end"], done["result"]["why"]) == ("cancelled", None), done
    lab.peer("ifog").control("enable customer")
    come_back(lab, before)


def refused(lab, ident):
    """FRR would not have it in time, and it is led back."""
    done = ended(lab, ident, "undone", seconds=30)
    assert (done["result"]["end"], done["result"]["why"]) == ("blocked", "not_changed"), done
    proxy.clear()


REFUSED = ("neighbor .* route-map MH-DRAIN-IFOG-IN in", "refuse", "% not now\n", 13)


@suite.test
def what_frr_refuses_at_once(lab):
    before, sessions = now(lab), lab.frr.fingerprint()
    proxy.rule(*REFUSED)
    refused(lab, drain(lab, lab.path("ifog"), max_wait_s=3, on_timeout="revert")["id"])
    come_back(lab, before)
    assert lab.frr.fingerprint() == sessions, "a session was reset"


@suite.test
def what_frr_refuses_amid_the_proof(lab):
    """It has the same end as anything else that cannot be had in time."""
    before, address = now(lab), lab.peer("ifog").address
    ident = held(lab, lab.path("ifog"), max_wait_s=6, on_timeout="revert")
    proxy.rule(*REFUSED)
    lab.frr.configure("router bgp 201379", "address-family ipv6 unicast",
                      f"neighbor {address} route-map RM-IFOG-BGPTUNNEL-IN in",
                      f"neighbor {address} route-map RM-IFOG-BGPTUNNEL-OUT out", "exit", "exit",
                      "no route-map MH-DRAIN-IFOG-IN", "no route-map MH-DRAIN-IFOG-OUT")
    lab.frr.vtysh("write memory")
    refused(lab, ident)
    lab.peer("ifog").control("enable customer")
    come_back(lab, before)


@suite.test
def a_removal_that_goes_back(lab):
    """The upstream comes back as drained as it was: its reason is not forgotten."""
    peer = newcomer(lab, NOVA)
    path = path_to(peer)
    lab.daemon.token("configure")
    assert lab.put(path, order(peer)).status == 201
    wait_until(lambda: lab.api("GET", path, token="read")["status"]["session"] == "established",
               30, "it is up")
    before = now(lab)
    ended(lab, drain(lab, path, mode="shutdown")["id"])
    with Gone(peer):
        back = undrain(lab, path)["id"]
        wait_until(lambda: "the session is" in says(lab, back), 20, "it waits for the session")
        gone = lab.api("DELETE", path + "?allow_reset=true&revert_in_s=60", token="configure")
        assert gone.status == 200 and gone["confirm"]["state"] == "pending", gone
        wait_until(lambda: gone["operation"] in says(lab, back), 10,
                   lambda: f"it says for whom it waits: {operation(lab, back)}")
        answer = lab.api("POST", f"/v1/operations/{gone['operation']}/cancel", {},
                         token="configure")
        assert answer.status == 200, answer
        phase(lab, path, "returning")
    ended(lab, back)
    same_as(lab, before)
    # Confirmed, it takes its drain along.
    began = drain(lab, path)["id"]
    peer.control("disable customer")
    phase(lab, path, "proof")
    gone = lab.api("DELETE", path + "?allow_reset=true&revert_in_s=60", token="configure")
    assert gone.status == 200, gone
    assert operation(lab, began)["state"] == "running"
    answer = lab.api("POST", f"/v1/operations/{gone['operation']}/confirm", {}, token="configure")
    assert answer.status == 200, answer
    assert ended(lab, began, "undone")["result"]["why"] == "removed"
    peer.control("enable customer")


ROUTER = {"reason": "reboot", "owner": "reboot"}


def drained(lab):
    """Whose maps are copies, by FRR's configuration."""
    return set(re.findall("^route-map MH-DRAIN-([^-]+)-", lab.frr.running_config(), re.M))


@suite.test
def what_came_back_by_itself_is_left_alone(lab):
    """An order to bring the rest back too takes nothing out of service again."""
    before = now(lab)
    ended(lab, drain(lab, "/v1/router", **ROUTER, return_after_s=1, max_wait_s=8)["id"])
    with Gone(lab.peer("ifog")):
        reboot(lab, 1)
        wait_until(lambda: [status(lab, peer) for peer in lab.network.peers] ==
                   ["returning"] + 3 * ["in_service"], 60, "all but one have come back")
        wait_until(lambda: drained(lab) == {"IFOG"} and lab.saved_agrees(), 20, "FRR has it so")
        proxy.clear()
        ended(lab, undrain(lab, "/v1/router", "reboot")["id"])
        laid = [line for line in told("route-map MH-DRAIN") if line.startswith("neighbor")]
        assert laid == [], laid
    same_as(lab, (before[0], None))
    lab.wait_settled()


@suite.test
def drained_again_before_it_was_back(lab):
    """What was up before is waited for, and comes back by its gates."""
    lab.wait_settled()
    before = now(lab)
    ended(lab, drain(lab, "/v1/router", **ROUTER, mode="shutdown", return_after_s=0)["id"])
    first, = layers(lab, "/v1/router")
    with Gone(lab.peer("ifog")):
        reboot(lab, 2)
        phase(lab, "/v1/router", "returning")
        wait_until(lambda: status(lab, "lagrange") == "in_service", 60, "others have come back")
        again = drain(lab, "/v1/router", **ROUTER, ticket="CHG-5")
        wait_until(lambda: "ifog: the session is down" in says(lab, again["id"]), 20,
                   lambda: f"it waits for the session: {operation(lab, again['id'])}")
        layer, = layers(lab, "/v1/router")
        facts, old = ({fact["upstream"]: fact for fact in of["before"]} for of in (layer, first))
        for name in ("established", "prefixes_received", "prefixes_sent", "best_paths"):
            assert facts["ifog"][name] == old["ifog"][name], (name, facts, old)
    ended(lab, again["id"], seconds=60)
    ended(lab, undrain(lab, "/v1/router", "reboot")["id"])
    same_as(lab, (before[0], None))
    lab.wait_settled()


suite.main()
