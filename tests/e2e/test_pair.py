#!/usr/bin/python3
"""Two routers of ours, both whole: what each asks the other before it changes."""

import threading
import time

from draining import OURS
from harness import Suite
from network import HOBGP_PEERS
from pair import NAME, UPSTREAM, Second, with_key
from sandbox import wait_until

FIRST = "first-key-of-the-two"
suite = Suite("pair", seconds=180, peers=HOBGP_PEERS[:1], conf=with_key("hobgp", FIRST))
DRAIN = "/v1/router/drain"
WORDS = {"reason": "kernel update", "max_wait_s": 60}
ROUNDS = 5
pair = {}


def daemons(lab):
    """By name; the second one from the first test on."""
    if not pair:
        pair[NAME] = Second(lab, with_key(NAME, FIRST), "drain_ask = {other};")
        pair[NAME].__enter__()
    return {"hobgp": lab.daemon, NAME: pair[NAME].daemon}


def layers(daemon):
    return daemon.api("GET", DRAIN, token="read")["layers"]


def back(daemon):
    daemon.api("DELETE", DRAIN)
    wait_until(lambda: layers(daemon) == [], 60, lambda: f"it is back: {layers(daemon)}")


def heard(daemon, preference):
    """With this local preference our prefix is here, from inside."""
    def said():
        answer = daemon.api("GET", f"/v1/routes/{OURS.replace('/', '%2F')}", token="read")
        return [one["local_preference"] for one in answer.json.get("paths", [])]
    wait_until(lambda: said() == [preference], 20, lambda: f"it is heard with {said()}")


def undrained(daemon, path):
    daemon.api("DELETE", path + "/drain")
    wait_until(lambda: daemon.api("GET", path + "/drain", token="read")["layers"] == [], 60,
               "it is back")


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
def the_edge_stays_while_the_core_is_out(lab):
    """vtbgp installs no routes: what it announces comes in at hobgp then, unless that
    one is drained."""
    both = daemons(lab)
    listed = both[NAME].api("GET", "/v1/upstreams", token="read")["upstreams"]
    path = "/v1/upstreams/" + next(up["name"] for up in listed if up["role"] == "transit")
    heard(both[NAME], 100)
    began = both[NAME].api("PUT", path + "/drain", WORDS)
    assert began.status == 202, began
    undrained(both[NAME], path)
    for daemon in both.values():
        ready(daemon)
    began = both["hobgp"].api("PUT", DRAIN, WORDS)
    assert began.status == 202, began
    wait_until(lambda: [layer["phase"] for layer in layers(both["hobgp"])] == ["drained"], 60,
               lambda: f"it is drained: {layers(both['hobgp'])}")
    heard(both[NAME], 0)
    refused = both[NAME].api("PUT", path + "/drain", WORDS)
    assert refused.status == 409 and refused["code"] == "drain_preflight", refused
    error, = refused["errors"]
    assert error["pointer"] == "/force" and error["detail"].startswith("only_path: "), refused
    assert error["detail"].endswith(f"and {UPSTREAM[NAME]} is drained itself"), refused
    back(both["hobgp"])
    for daemon in both.values():
        ready(daemon)
    heard(both[NAME], 100)
    began = both[NAME].api("PUT", path + "/drain", WORDS)
    assert began.status == 202, began
    undrained(both[NAME], path)


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


def rotate(both, name, **body):
    return both[name].api("POST", f"/v1/upstreams/{UPSTREAM[name]}/tcp-md5/rotations",
                          {"generate": True, **body}, token="configure")


def operation(daemon, ident, status=200):
    answer = daemon.api("GET", f"/v1/operations/{ident}", token="read")
    assert answer.status == status, answer
    return answer


@suite.test
def a_key_that_the_other_end_does_not_take(lab):
    """The caller hears why, and nothing is left of it on either end."""
    both, before = daemons(lab), lab.frr.running_config()
    at = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 3600))
    held = rotate(both, NAME, at=at, id="the-first-one")
    assert held.status == 202 and held["operation"] == "the-first-one", held
    refused = rotate(both, "hobgp", **{"with": NAME})
    assert refused.status == 409 and refused["code"] == "peer_refused", refused
    assert "the rotation the-first-one of this key is scheduled" in refused["detail"], refused
    assert refused["undone"] is True, refused
    ended = operation(both["hobgp"], refused["operation"])
    assert ended["state"] == "undone" and ended["error"] == refused["detail"], ended
    operation(both[NAME], ended["result"]["with_operation"], 404)
    answer = both[NAME].api("POST", "/v1/operations/the-first-one/cancel", {}, token="configure")
    assert answer.status == 200 and answer["state"] == "undone", answer
    taken = rotate(both, NAME, at=at, id="the-first-one")
    assert taken.status == 409 and taken["code"] == "id_taken", taken
    both[NAME].stop()
    away = rotate(both, "hobgp", **{"with": NAME})
    both[NAME].start()
    assert away.status == 503 and away["code"] == "peer_unreachable", away
    assert "operation" not in away.json, away
    assert lab.frr.running_config() == before


def finish():
    if pair:
        pair[NAME].close()


suite.main(after=finish)
