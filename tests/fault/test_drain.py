#!/usr/bin/python3
"""The engine, all of multihomed, or the machine dies in every phase of a drain.

Needs programs built with -DMH_FAULT (MH_BUILD, default build/fault). A drain dies
while it signals, proves, shuts down, stands and leads back, and in the middle of
each change that it makes. It goes on where it was, or after a boot leads back, as it
was asked to; afterwards the operator's configuration is what it was, byte for byte,
the sessions are up, nothing is pending, and the audit log tells the same.
"""

import os
import signal
import sys
import threading
import time

os.environ.setdefault("MH_BUILD", "build/fault")
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "e2e"))
# pylint: disable=wrong-import-position
from draining import WORDS, as_usual, drain, ended, layers, now, reboot, same_as, undrain
from fault_build import hooks_are_there
from harness import Suite, config_lines, differ
from newcomers import NOVA, newcomer, order
from newcomers import path as path_to
from sandbox import wait_until

suite = Suite("drain", seconds=900)
# In the middle of the changes: the signal's, the shutdown's and the return's.
INSIDE = ["after_intent", "after_build", "after_apply", "after_verify", "before_save",
          "between_saves", "before_outcome", "after_outcome"]
ENDED = {"done", "undone", "refused"}
took = []
boots = iter(range(1, 10 ** 6))


class Course:
    """One drain and its return, hit on the way by one kind of end."""

    def __init__(self, lab, action, what, path=None, **body):
        self.lab, self.action = lab, action
        self.what = f"{what} {action}"
        self.path = path or lab.path("ifog")
        self.body = {"mode": "shutdown", "after_reboot": "stay", **body}
        self.before = now(lab)
        self.seq = lab.daemon.last_seq()
        self.began = time.monotonic()

    def arm(self, point):
        self.lab.daemon.fault(point, "stop")

    def reached(self, then=None):
        """At the point that is armed it stands still; then is armed for what follows."""
        self.lab.daemon.wait_fault(lambda: f"{self.what}: the point is reached: {self.pending()}")
        if then is not None:
            self.arm(then)

    def hit(self, then=None):
        self.reached(then)
        self.die()

    def passed(self, then):
        """It goes on, and does not get past what is armed unseen."""
        self.reached(then)
        self.lab.daemon.signal(self.lab.daemon.engine_pid(), signal.SIGCONT)

    def die(self):
        daemon = self.lab.daemon
        if self.action == "kill":
            engine = daemon.engine_pid()
            daemon.end(engine)
            daemon.wait_new_engine(engine)
        elif self.action == "reboot":
            reboot(self.lab, next(boots))
        else:
            daemon.crash()
            daemon.start()
        daemon.wait_ready(60)

    def request(self, method, body=None):
        """Its answer may be lost with who would have given it."""
        def ask():
            try:
                self.lab.api(method, self.path + "/drain", body, timeout=90)
            except OSError:
                pass
        asked = threading.Thread(target=ask, daemon=True)
        asked.start()
        return asked

    def struck(self, method, point, then=None):
        """The order, or its end, and death at the point."""
        self.arm(point)
        asked = self.request(method, {**WORDS, **self.body} if method == "PUT" else None)
        self.hit(then)
        asked.join()

    def operations(self):
        return self.lab.api("GET", "/v1/operations?limit=50", token="read")["operations"]

    def pending(self):
        return [item for item in self.operations() if item["state"] not in ENDED]

    def phase(self):
        listed = [layer["phase"] for layer in layers(self.lab, self.path)]
        return listed[0] if listed else None

    def wait_phase(self, word):
        wait_until(lambda: self.phase() == word, 60,
                   lambda: f"{self.what}: {word}, not {self.phase()} {self.pending()}")

    def drained(self):
        """What it then looks like."""
        self.wait_phase("drained")
        lab, what = self.lab, self.what
        wait_until(lambda: not self.pending(), 30, f"{what}: nothing is pending")
        layer, = layers(lab, self.path)
        assert layer["end"] == "drained", (what, layer)
        running = lab.frr.running_config()
        assert "MH-DRAIN-IFOG" in running, (what, "it is not drained")
        assert "shutdown message CHG-1234 provider maintenance" in running, what
        assert config_lines(lab.frr.saved_config()) == config_lines(running), \
            (what, differ(lab.frr.saved_config(), running))

    def over(self):
        """In service again, as if nothing had been."""
        lab, what = self.lab, self.what
        lab.daemon.wait_ready(60)
        wait_until(lambda: not self.pending() and layers(lab, self.path) == [], 90,
                   lambda: f"{what}: it ends: {self.pending()} {layers(lab, self.path)}")
        same_as(lab, (self.before[0], None))
        assert config_lines(lab.frr.saved_config()) == config_lines(self.before[1]), \
            (what, differ(lab.frr.saved_config(), self.before[1]))
        lab.wait_settled(90)
        as_usual(lab, "ifog")
        self.judge_audit()
        took.append((self.what, time.monotonic() - self.began))
        # A new parent does not wait longer and longer for a new engine.
        lab.daemon.stop()
        lab.daemon.start()

    def judge_audit(self):
        rows = [row for row in self.lab.daemon.audit() if row["seq"] > self.seq]
        states = {item["id"]: item["state"] for item in self.operations()}
        for intent in (row for row in rows if row["kind"] == "intent"):
            ends = [row["outcome"] for row in rows if row["about"] == intent["seq"]]
            want = "applied" if states[intent["operation"]] == "done" else "undone"
            assert ends[-1:] == [want], (self.what, intent, ends)
            assert set(ends[:-1]) <= {"failed"}, (self.what, intent, ends)
        assert {row["kind"] for row in rows} == {"intent", "outcome"}, (self.what, rows)
        assert self.lab.api("GET", "/v1/audit/verify", token="read")["intact"] is True


def goes_on_from_every_phase(action):
    def test(lab):
        """Five deaths on one way there and back."""
        hooks_are_there(lab, "ifog")
        course = Course(lab, action, "every phase", "/v1/router")
        course.struck("PUT", "signal", "proof")
        course.hit("shutdown")
        course.hit()
        course.drained()
        course.die()
        course.drained()
        course.struck("DELETE", "returning")
        course.over()
    test.__name__ = f"{action}_in_every_phase"
    suite.test(test)


def goes_on_from_inside(action, point):
    def test(lab):
        """Three deaths: in the signal's change, in the shutdown's, in the return's."""
        hooks_are_there(lab, "ifog")
        course = Course(lab, action, point)
        course.struck("PUT", point, "proof")
        course.passed(point)
        course.hit()
        course.drained()
        course.struck("DELETE", point)
        course.over()
    test.__name__ = f"{action}_{point}"
    suite.test(test)


def leads_back_after_a_boot(phase):
    def test(lab):
        """It was not to stay: wherever the power went, it comes back by itself."""
        hooks_are_there(lab, "ifog")
        course = Course(lab, "reboot", phase, after_reboot="auto", return_after_s=1)
        if phase in ("signal", "proof", "shutdown"):
            course.struck("PUT", phase)
        else:
            course.request("PUT", {**WORDS, **course.body}).join()
            course.drained()
        if phase == "drained":
            course.die()
        elif phase == "returning":
            course.struck("DELETE", phase)
        course.over()
        ends = [(item["kind"], item["state"], item["actor"]) for item in course.operations()
                if item["kind"].startswith("upstream_") and item["audit_seq"] > course.seq]
        told = {kind: (state, actor) for kind, state, actor in ends}
        there = "done" if phase in ("drained", "returning") else "undone"
        assert told["upstream_drain"][0] == there, ends
        assert told["upstream_undrain"][0] == "done", ends
        assert (told["upstream_undrain"][1] == "engine") == (phase != "returning"), ends
    test.__name__ = f"boot_leads_back_from_{phase}"
    suite.test(test)


for one in ("kill", "crash", "reboot"):
    goes_on_from_every_phase(one)
for one in ("signal", "proof", "shutdown", "drained", "returning"):
    leads_back_after_a_boot(one)
for one in INSIDE:
    goes_on_from_inside("kill", one)
for one in ("before_save", "between_saves"):
    goes_on_from_inside("reboot", one)


@suite.test
def one_order_takes_anothers_place_or_not_at_all(lab):
    """Killed between the end of the one and the beginning of the other."""
    hooks_are_there(lab, "ifog")
    course = Course(lab, "kill", "drain_begin", prepend=2)
    first = drain(lab, course.path, max_wait_s=500, prepend=1)
    course.struck("PUT", "drain_begin")
    layer, = layers(lab, course.path)
    assert layer["operation"] == first["id"], (layer, first)
    assert ended(lab, first["id"])["result"]["end"] == "drained"
    course.struck("DELETE", "drain_begin")
    assert course.phase() == "drained"
    ended(lab, undrain(lab, course.path)["id"])
    course.over()


@suite.test
def who_is_removed_takes_the_drain_along(lab):
    """Killed when the upstream is gone and its reasons are not yet."""
    hooks_are_there(lab, "ifog")
    lab.daemon.token("configure")
    peer = newcomer(lab, NOVA)
    assert lab.put(path_to(peer), order(peer)).status == 201
    wait_until(lambda: lab.api("GET", path_to(peer), token="read")["status"]["session"] ==
               "established", 30, "it is up")
    ended(lab, drain(lab, path_to(peer))["id"])
    engine = lab.daemon.engine_pid()
    lab.daemon.fault("before_forget", "kill")
    try:
        lab.delete(path_to(peer) + "?allow_reset=true")
    except OSError:
        pass
    lab.daemon.wait_new_engine(engine)
    wait_until(lambda: lab.api("GET", path_to(peer), token="read").status == 404, 60,
               "the removal ends")
    assert lab.put(path_to(peer), order(peer)).status == 201
    assert layers(lab, path_to(peer)) == []
    assert lab.delete(path_to(peer) + "?allow_reset=true").status == 200


def print_table():
    for what, seconds in took:
        print(f"# {what:28} {seconds:.0f} s")


suite.main(after=print_table)
