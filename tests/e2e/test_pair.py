#!/usr/bin/python3
"""Two routers of ours, both whole: what each asks the other before it goes."""

import threading

from harness import Suite
from network import HOBGP_PEERS
from pair import NAME, Second
from sandbox import wait_until

suite = Suite("pair", seconds=180, peers=HOBGP_PEERS[:1])
DRAIN = "/v1/router/drain"
WORDS = {"reason": "kernel update", "max_wait_s": 60}
ROUNDS = 5
pair = {}


def daemons(lab):
    """By name; the second one from the first test on."""
    if not pair:
        pair[NAME] = Second(lab, more="drain_ask = {other};")
        pair[NAME].__enter__()
    return {"hobgp": lab.daemon, NAME: pair[NAME].daemon}


def layers(daemon):
    return daemon.api("GET", DRAIN, token="read")["layers"]


def back(daemon):
    daemon.api("DELETE", DRAIN)
    wait_until(lambda: layers(daemon) == [], 60, lambda: f"it is back: {layers(daemon)}")


def ready(daemon):
    """Its last look, which the other one asks for, says that it is in service."""
    wait_until(lambda: daemon.api("GET", "/v1/router", token="read")["state"] == "in_service",
               20, "it is seen in service")


@suite.test
def one_goes_when_the_other_stays(lab):
    both = daemons(lab)
    for name, other in (("hobgp", NAME), (NAME, "hobgp")):
        began = both[name].api("PUT", DRAIN, WORDS)
        assert began.status == 202 and began["phase"] == "signal", began
        refused = both[other].api("PUT", DRAIN, WORDS)
        assert refused.status == 409 and refused["code"] == "drain_preflight", refused
        assert f"other_router: {name} is drain" in refused["detail"], refused
        assert layers(both[other]) == [], refused
        row = both[other].api("GET", "/v1/operations?limit=1", token="read")["operations"][0]
        assert row["state"] == "undone" and row["phase"] == "asking", row
        assert row["result"]["end"] == "refused" and name in row["error"], row
        back(both[name])
        for daemon in both.values():
            ready(daemon)


@suite.test
def two_in_the_same_moment(lab):
    """Each asks the other: never do both go, and nothing is left of who does not."""
    both, passed = daemons(lab), []
    for _ in range(ROUNDS):
        barrier, answers = threading.Barrier(2), {}

        def run(name, barrier=barrier, answers=answers):
            barrier.wait()
            answers[name] = both[name].api("PUT", DRAIN, WORDS)

        threads = [threading.Thread(target=run, args=(name,)) for name in both]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        gone = [name for name, answer in answers.items() if answer.status == 202]
        passed.append(len(gone))
        assert len(gone) < 2, answers
        for name, daemon in both.items():
            assert len(layers(daemon)) == (name in gone), (name, layers(daemon), answers)
            if name in gone:
                back(daemon)
        for daemon in both.values():
            ready(daemon)
            assert daemon.api("GET", "/v1/audit/verify", token="read")["intact"] is True
    print(f"# of two, this many went: {passed}")


def finish():
    if pair:
        pair[NAME].close()


suite.main(after=finish)
