#!/usr/bin/python3
"""The engine dies anywhere while it does something together with the other router.

Needs programs built with -DMH_FAULT (MH_BUILD, default build/fault). Two daemons, each
with a real FRR. After a rotation of the key between them both rotations have ended, both
ends run with and have saved the same key, and the session is up. A drain for which the
other router was being asked goes on, or leaves nothing.
"""

import collections
import http.client
import os
import sys
import threading
import time

os.environ.setdefault("MH_BUILD", "build/fault")
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "e2e"))
# pylint: disable=wrong-import-position
from fault_build import hooks_are_there
from harness import Suite
from network import HOBGP_PEERS
from pair import ADDRESS, UPSTREAM, Second, key_in, with_key
from sandbox import wait_until

FIRST = "first-key-of-the-two"
suite = Suite("together", seconds=600, peers=HOBGP_PEERS[:1], conf=with_key("hobgp", FIRST))
PATH = f"/v1/upstreams/{UPSTREAM['hobgp']}/tcp-md5/rotations"
ENDED = {"done", "undone", "refused"}
pair = {}
table = collections.defaultdict(collections.Counter)


def other(lab):
    """vtbgp, from the first test on."""
    if not pair:
        pair["vtbgp"] = Second(lab, with_key("vtbgp", FIRST), "drain_ask = {other};")
        pair["vtbgp"].__enter__()
        lab.daemon.token("configure")
        hooks_are_there(lab, "ifog")
    return pair["vtbgp"]


def keys(lab, vtbgp):
    """Running and saved, on both ends."""
    return [key_in(text, ADDRESS[far]) for frr, far in ((lab.frr, "vtbgp"), (vtbgp.frr, "hobgp"))
            for text in (frr.running_config(), frr.saved_config())]


def rotations(daemon):
    answer = daemon.api("GET", "/v1/operations?limit=100", token="read")
    return [item for item in answer["operations"] if item["kind"] == "tcp_md5_rotation"]


def pending(daemon):
    return [item for item in daemon.api("GET", "/v1/operations?limit=20",
                                        token="read")["operations"]
            if item["state"] not in ENDED]


def order(lab, **body):
    """The answer, or None when the engine died before there was one."""
    try:
        answer = lab.api("POST", PATH, {"generate": True, "with": "vtbgp", **body},
                         token="configure")
    except (OSError, http.client.HTTPException):
        return None
    return answer if answer.status == 202 else None


class Case:
    """One rotation with both ends, hit at one point."""

    def __init__(self, lab, vtbgp, what):
        self.lab, self.vtbgp, self.what = lab, vtbgp, what
        self.old, = set(keys(lab, vtbgp))
        self.before = [len(rotations(daemon)) for daemon in self.daemons()]

    def daemons(self):
        return self.lab.daemon, self.vtbgp.daemon

    def reached(self, engine):
        self.lab.daemon.wait_fault(f"{self.what}: the point is reached")
        self.lab.daemon.wait_new_engine(engine)

    def judge(self, states=("done", "undone")):
        """How it ended, the same on both ends."""
        for daemon in self.daemons():
            wait_until(lambda daemon=daemon: not pending(daemon), 120,
                       lambda daemon=daemon: f"{self.what}: everything ends: {pending(daemon)}")
        mine, theirs = [rotations(daemon)[:len(rotations(daemon)) - count]
                        for daemon, count in zip(self.daemons(), self.before)]
        assert len(mine) == 1 and len(theirs) <= 1, (self.what, mine, theirs)
        state = mine[0]["state"]
        assert state in states, (self.what, mine, theirs)
        if theirs or state == "done":
            assert theirs[0]["state"] == state, (self.what, mine, theirs)
            assert theirs[0]["id"] == mine[0]["result"]["with_operation"], (mine, theirs)
        found = set(keys(self.lab, self.vtbgp))
        assert len(found) == 1, (self.what, "the ends have not the same key", found)
        assert (found == {self.old}) == (state != "done"), (self.what, found, mine)
        self.vtbgp.sessions_up()
        for daemon in self.daemons():
            assert daemon.api("GET", "/v1/audit/verify", token="read")["intact"] is True
        return state


def hit(lab, point, states, **body):
    vtbgp = other(lab)
    case = Case(lab, vtbgp, f"{point} kill")
    engine, began = lab.daemon.engine_pid(), time.monotonic()
    lab.daemon.fault(point, "kill")
    order(lab, verify_within_s=20, **body)
    case.reached(engine)
    state = case.judge(states)
    table[point][f"{state} {time.monotonic() - began:.0f} s"] += 1
    lab.daemon.stop()  # a new parent does not wait longer and longer for a new engine
    lab.daemon.start()


@suite.test
def both_ends_change(lab):
    case = Case(lab, other(lab), "nobody dies")
    answer = order(lab, verify_within_s=20)
    assert answer["with"]["upstream"] == UPSTREAM["vtbgp"], answer
    assert case.judge() == "done"


@suite.test
def killed_before_the_other_end_is_asked(lab):
    hit(lab, "rotation_ask", ("done", "undone"))


@suite.test
def killed_when_the_other_end_has_it(lab):
    """It is staged there: this end goes with it, or calls it off in time."""
    hit(lab, "rotation_asked", ("done", "undone"))


@suite.test
def killed_on_the_way(lab):
    """Each end has it: the other one goes back when this one does."""
    for point in ("rotation_change", "after_apply", "rotation_confirm"):
        hit(lab, point, ("done", "undone"))


@suite.test
def killed_on_the_way_for_long(lab):
    """Not before the time has passed is there an engine again."""
    for point in ("rotation_ask", "rotation_asked"):
        vtbgp = other(lab)
        case = Case(lab, vtbgp, f"{point} kill, and late")
        lab.daemon.fault(point, "stop")
        asked = threading.Thread(target=order, args=(lab,), kwargs={"verify_within_s": 10},
                                 daemon=True)
        asked.start()
        lab.daemon.wait_fault("the point is reached")
        lab.daemon.crash()
        asked.join()
        time.sleep(25)
        lab.daemon.start()
        assert case.judge() == "undone"


def staged(lab, seconds=3600):
    at = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + seconds))
    answer = order(lab, at=at, verify_within_s=20)
    assert answer is not None
    return answer["operation"]


def cancel(lab, operation):
    try:
        return lab.api("POST", f"/v1/operations/{operation}/cancel", {}, token="configure")
    except (OSError, http.client.HTTPException):
        return None


@suite.test
def killed_while_it_is_called_off(lab):
    vtbgp = other(lab)
    for point in ("rotation_recall", "rotation_recalled"):
        case = Case(lab, vtbgp, f"{point} kill")
        operation, engine = staged(lab), lab.daemon.engine_pid()
        lab.daemon.fault(point, "kill")
        cancel(lab, operation)
        case.reached(engine)
        assert case.judge() == "undone"


@suite.test
def called_off_while_the_other_end_is_away(lab):
    vtbgp = other(lab)
    case = Case(lab, vtbgp, "away")
    operation = staged(lab)
    vtbgp.daemon.stop()
    answer = cancel(lab, operation)
    assert answer.status == 200 and answer["state"] == "running", answer
    assert answer["phase"] == "recall" and "tried again" in answer["progress"]["text"], answer
    assert "does not answer" in answer["progress"]["text"], answer
    time.sleep(3)
    vtbgp.daemon.start()
    assert case.judge() == "undone"


def drained(daemon):
    return daemon.api("GET", "/v1/router/drain", token="read")


@suite.test
def killed_while_a_drain_asks(lab):
    vtbgp, path = other(lab).daemon, "/v1/router/drain"
    for point in ("drain_ask", "drain_asked"):
        for away in (False, True):
            before, engine = lab.frr.running_config(), lab.daemon.engine_pid()
            if away:
                assert vtbgp.api("PUT", path, {"force": True, "reason": "first"}).status == 202
            lab.daemon.fault(point, "kill")
            try:
                lab.api("PUT", path, {"reason": "kernel update"})
            except (OSError, http.client.HTTPException):
                pass
            lab.daemon.wait_fault("it is reached")
            lab.daemon.wait_new_engine(engine)
            wait_until(lambda: not pending(lab.daemon), 90, lambda: f"{pending(lab.daemon)}")
            last = lab.api("GET", "/v1/operations?limit=10", token="read")["operations"]
            last = next(item for item in last if item["kind"] == "router_drain")
            if away:
                assert last["result"]["end"] == "refused", last
                assert drained(lab.daemon)["layers"] == [], last
                assert lab.frr.running_config() == before
                vtbgp.api("DELETE", path)
            else:
                assert last["result"]["end"] == "drained", last
                lab.daemon.api("DELETE", path)
            for daemon in (vtbgp, lab.daemon):
                wait_until(lambda daemon=daemon: drained(daemon)["layers"] == [], 60,
                           lambda daemon=daemon: f"it is back: {drained(daemon)}")
            assert lab.frr.running_config() == before
            lab.daemon.stop()
            lab.daemon.start()


def finish():
    if pair:
        pair["vtbgp"].close()
    for point, results in table.items():
        print(f"# {point:20} kill  {', '.join(sorted(results))}")


suite.main(after=finish)
