#!/usr/bin/python3
"""Called off, or asked back, just as FRR is being told: nothing of it is left."""

import os
import threading

from draining import as_usual, drain, ended, layers, now, operation, same_as
from frr import SOCKETS
from harness import Suite
from proxy import DIRECTORY, Proxy
from sandbox import wait_until

# An answer of FRR's is waited for until the test lets it go.
suite = Suite("drain_midway", seconds=120, sockets=DIRECTORY, timeout_ms=30000)
proxy = Proxy()
SIGNAL = r"neighbor \S+ route-map MH-DRAIN-IFOG-OUT out"
SHUTDOWN = r"^ *neighbor \S+ shutdown message CHG-1234"
BACK = r"^ *no neighbor \S+ shutdown"


@suite.prepare
def between():
    os.makedirs(SOCKETS, exist_ok=True)
    proxy.start()


def told():
    return [line.strip() for line in proxy.seen if not line.startswith("show")]


class Midway:
    """FRR has been given a command that matches, and has not answered yet."""

    def __init__(self, lab, pattern):
        self.lab, self.path = lab, lab.path("ifog")
        self.rule = proxy.rule(pattern, "hold", times=1)
        self.answer = None

    def reached(self, phase):
        wait_until(lambda: self.rule.hits == 1, 40, lambda: f"it is told: {told()}")
        assert [layer["phase"] for layer in layers(self.lab, self.path)] == [phase]

    def meanwhile(self, *request):
        """What is asked now is answered; FRR is let go once it is on its way."""
        def ask():
            self.answer = self.lab.api(*request)
        client = threading.Thread(target=ask)
        client.start()
        client.join(1)  # a change that is under way is not interrupted
        self.rule.go.set()
        client.join(60)
        proxy.clear()
        assert self.answer is not None, "no answer"
        return self.answer


def in_service(lab, before, sessions=None):
    """As if nothing had been."""
    wait_until(lambda: layers(lab, lab.path("ifog")) == [], 40, "no reason is left")
    same_as(lab, before)
    lab.wait_settled()
    as_usual(lab, "ifog")
    assert sessions is None or lab.frr.fingerprint() == sessions, "a session was reset"
    assert lab.api("GET", "/v1/audit/verify", token="read")["intact"] is True


def ends(lab, ident, end):
    done = ended(lab, ident, "undone")
    assert done["result"]["end"] == end, done


@suite.test
def undrained_in_the_signal(lab):
    before, sessions, midway = now(lab), lab.frr.fingerprint(), Midway(lab, SIGNAL)
    began = drain(lab, midway.path)
    midway.reached("signal")
    answer = midway.meanwhile("DELETE", midway.path + "/drain")
    assert answer.status == 202, answer
    ended(lab, answer["id"])
    ends(lab, began["id"], "cancelled")
    in_service(lab, before, sessions)


@suite.test
def cancelled_in_the_signal(lab):
    before, sessions, midway = now(lab), lab.frr.fingerprint(), Midway(lab, SIGNAL)
    began = drain(lab, midway.path)
    midway.reached("signal")
    answer = midway.meanwhile("POST", f"/v1/operations/{began['id']}/cancel", {})
    assert answer.status == 200, answer
    ends(lab, began["id"], "cancelled")
    in_service(lab, before, sessions)


@suite.test
def undrained_in_the_shutdown(lab):
    before, midway = now(lab), Midway(lab, SHUTDOWN)
    began = drain(lab, midway.path, mode="shutdown")
    midway.reached("shutdown")
    answer = midway.meanwhile("DELETE", midway.path + "/drain")
    assert answer.status == 202, answer
    ended(lab, answer["id"])
    assert operation(lab, began["id"])["state"] in ("done", "undone"), began
    in_service(lab, before)


@suite.test
def drained_again_in_the_return(lab):
    before = now(lab)
    path = lab.path("ifog")
    ended(lab, drain(lab, path, mode="shutdown")["id"])
    midway = Midway(lab, BACK)
    back = lab.api("DELETE", path + "/drain")
    assert back.status == 202, back
    midway.reached("returning")
    answer = midway.meanwhile("PUT", path + "/drain",
                              {"reason": "not yet", "mode": "shutdown"})
    assert answer.status == 202, answer
    ended(lab, answer["id"])
    assert [layer["phase"] for layer in layers(lab, path)] == ["drained"]
    assert " shutdown message not yet" in lab.frr.running_config()
    ended(lab, lab.api("DELETE", path + "/drain")["id"])
    in_service(lab, before)


suite.main()
