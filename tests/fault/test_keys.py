#!/usr/bin/python3
"""The engine, all of multihomed, or the machine dies anywhere in a rotation of a key.

Needs programs built with -DMH_FAULT (MH_BUILD, default build/fault). Afterwards the
rotation ends as done or undone, the key that FRR runs with is the one that its boot
file has, the session comes up when the peer has that key (so the kernel has it
too), nothing else has changed, and the audit log tells the same with a whole chain.
"""

import collections
import contextlib
import http.client
import os
import re
import sys
import threading
import time

os.environ.setdefault("MH_BUILD", "build/fault")
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "e2e"))
# pylint: disable=wrong-import-position
from fault_build import hooks_are_there
from harness import Suite, config_lines, differ
from sandbox import wait_until

suite = Suite("keys", seconds=900, name="vtbgp")
PATH = "/v1/upstreams/vultr"
PASSWORD = re.compile(r"(?m)^ neighbor 2001:19f0:ffff::1 password (\S+)$")
# On the way to the new key: staged, changed, confirmed and so saved.
THERE = ["rotation_change", "after_intent", "after_build", "after_apply", "before_verify",
         "after_verify", "rotation_confirm", "before_save", "between_saves",
         "rotation_confirmed"]
# On the way back from a peer that has not changed.
BACK = ["rotation_back", "before_revert", "in_undo"]
ENDED = {"done", "undone", "refused"}
serial = iter(range(1, 10 ** 6))
table = collections.defaultdict(collections.Counter)


def password(text):
    """None while FRR boots."""
    found = PASSWORD.search(text)
    return found.group(1) if found else None


class Provider(threading.Thread):
    """The other end: changes its key whenever the router has, if it follows."""

    def __init__(self, lab):
        super().__init__(daemon=True)
        self.lab = lab
        self.over = threading.Event()

    def run(self):
        while not self.over.wait(0.3):
            try:
                agree(self.lab)
            except RuntimeError:  # vtysh found nobody: the machine is down
                pass

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.over.set()
        self.join()


def agree(lab):
    """The peer has the key that the router has."""
    key = password(lab.frr.running_config())
    if key not in (None, lab.peer("vultr").password):
        lab.peer("vultr").rekey(key)


class Case:
    """One rotation that is hit at one point."""

    def __init__(self, lab, point, action):
        self.lab, self.point, self.action = lab, point, action
        self.what = f"{point} {action}"
        self.old = lab.frr.running_config()
        self.seq = lab.daemon.last_seq()
        self.serial = next(serial)
        self.begun = None

    def run(self, follows):
        with Provider(self.lab) if follows else contextlib.nullcontext():
            self.hit(follows)
        return self.judge()

    def order(self, follows):
        return self.lab.api("POST", f"{PATH}/tcp-md5/rotations", {
            "generate": True, "reason": self.what,
            "verify_within_s": 60 if follows else 10}, token="configure",
                            headers={"Idempotency-Key": f"rotation-{self.serial}"})

    def request(self, follows):
        """Whoever is to answer may be dead, or stopped, before it has."""
        try:
            answer = self.order(follows)
        except (OSError, http.client.HTTPException):
            return
        if answer.status != 503:
            self.begun = answer

    def hit(self, follows):
        daemon = self.lab.daemon
        engine = daemon.engine_pid()
        daemon.fault(self.point, "kill" if self.action == "kill" else "stop")
        client = threading.Thread(target=self.request, args=(follows,), daemon=True)
        client.start()
        daemon.wait_fault(f"{self.what}: the point is reached")
        if self.action == "kill":
            daemon.wait_new_engine(engine)
        else:
            self.crash()
        client.join(60)
        daemon.wait_ready(60)
        if self.begun is None:  # the same order: it tells of the one that was begun
            self.begun = self.order(follows)
        assert self.begun.status in (200, 202), (self.what, self.begun)
        wait_until(lambda: not self.pending(), 90,
                   lambda: f"{self.what}: everything ends: {self.pending()}")

    def crash(self):
        """All three processes at once; FRR too, which boots from its file."""
        if self.action == "reboot":
            self.lab.power_off()
            self.lab.frr.start_daemons()
        else:
            self.lab.daemon.crash()
        self.lab.daemon.start()

    def operations(self):
        return self.lab.api("GET", "/v1/operations?limit=50", token="read")["operations"]

    def pending(self):
        return [item for item in self.operations() if item["state"] not in ENDED]

    def judge(self):
        """'done' or 'undone', and everything agrees with that."""
        lab, what = self.lab, self.what
        operation = lab.api("GET", f"/v1/operations/{self.begun['operation']}", token="read")
        state = operation["state"]
        running, saved = lab.frr.running_config(), lab.frr.saved_config()
        key = self.key(running) if state == "done" else password(self.old)
        assert password(running) == key, (what, operation, "running has another key")
        assert password(saved) == key, (what, operation, "saved has another key")
        assert config_lines(saved) == config_lines(running), (what, differ(running, saved))
        assert self.old.replace(password(self.old), key) == running, \
            (what, "more than the key is another", differ(self.old, running))
        self.judge_audit(state)
        agree(lab)
        wait_until(lambda: lab.frr.sessions()[lab.peer("vultr").address]["state"] ==
                   "Established", 60, f"{what}: {state}, and the session is up")
        assert lab.api("GET", PATH, token="read")["tcp_md5"]["key_id"] == \
            operation["result"]["key_id"], (what, operation)
        return state

    def key(self, running):
        """The generated one; that of a lost answer is not told again once it is in use."""
        key = self.begun["key"] or password(running)
        assert key != password(self.old), (self.what, "done, and the key is the old one")
        return key

    def judge_audit(self, state):
        rows = [row for row in self.lab.daemon.audit() if row["seq"] > self.seq]
        mine = [row for row in rows if row["operation"] == self.begun["operation"]]
        assert [row["kind"] for row in mine] == ["intent", "outcome"], (self.what, mine)
        assert mine[1]["outcome"] == ("applied" if state == "done" else "undone"), mine
        states = {item["id"]: item["state"] for item in self.operations()}
        for intent in (row for row in rows if row["kind"] == "intent"):
            ends = [row["outcome"] for row in rows if row["about"] == intent["seq"]]
            want = "applied" if states[intent["operation"]] == "done" else "undone"
            assert ends[-1:] == [want], (self.what, intent, ends)
        assert {row["kind"] for row in rows} == {"intent", "outcome"}, (self.what, rows)
        assert self.begun["key"] is None or self.begun["key"] not in str(rows), self.what
        assert self.lab.api("GET", "/v1/audit/verify", token="read")["intact"] is True


def every(action, course, points):
    def test(lab):
        lab.daemon.token("configure")  # audited: not in the middle of a case
        hooks_are_there(lab, "vultr")
        for point in points:
            case = Case(lab, point, action)
            began = time.monotonic()
            result = case.run(course == "there")
            table[(course, point, action)][f"{result} {time.monotonic() - began:.0f} s"] += 1
            assert course == "there" or result == "undone", (case.what, result)
            # A new parent does not wait longer and longer for a new engine.
            lab.daemon.stop()
            lab.daemon.start()
    test.__name__ = f"{action}_on_the_way_{course}"
    suite.test(test)


for one in ("kill", "crash", "reboot"):
    every(one, "there", THERE)
    every(one, "back", BACK)


def print_table():
    for (course, point, action), results in table.items():
        print(f"# {course:6} {point:20} {action:6} {', '.join(sorted(results))}")


suite.main(after=print_table)
