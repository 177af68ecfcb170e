#!/usr/bin/python3
"""The engine dies, fails or stands still between any two steps of a change.

Needs programs built with -DMH_FAULT (MH_BUILD, default build/fault). Afterwards
the router has exactly the old or the new state, running and saved alike; the
audit log says which; its chain is whole; no operation is pending; no session
was reset; and the same request with the same key succeeds.
"""

import collections
import os
import signal
import sys
import threading

os.environ.setdefault("MH_BUILD", "build/fault")
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "e2e"))
# pylint: disable=wrong-import-position
from fault_build import hooks_are_there
from frr import reference_conf
from harness import Suite, config_lines, differ
from sandbox import ROOT, SHARED, run, wait_until

# The internal neighbor has no route map here: a change must make one, which goes
# through vtysh and touches zebra too. For the other it is a line at bgpd.
CONF = "\n".join(line for line in reference_conf(SHARED, ROOT, "hobgp").splitlines()
                 if "route-map RM-IBGP-IN in" not in line) + "\n"
KINDS = {"set": ("ifog", 250), "create": ("vtbgp", 300)}
POINTS = ["after_intent", "after_apply", "before_verify", "after_verify", "before_save",
          "after_save", "before_outcome", "after_outcome", "in_undo"]
# A failure is past telling once the outcome is due.
NEVER_FAIL = {"before_outcome", "after_outcome"}
ROUNDS = int(os.environ.get("MH_FAULT_ROUNDS", "1"))
PENDING = {"applying", "persisting", "undoing"}
table = collections.defaultdict(collections.Counter)
serial = iter(range(1, 10 ** 6))
suite = Suite("kill", seconds=1500, conf=CONF)


@suite.prepare
def own_file_system():
    """/etc/frr can be made read-only: then saving fails, and the undo begins."""
    run("mount", "-t", "tmpfs", "-o", "size=1m,mode=755", "tmpfs", "/etc/frr")


def writable(yes):
    run("mount", "-o", "remount," + ("rw" if yes else "ro"), "/etc/frr")


class Case:  # pylint: disable=too-many-instance-attributes
    """One change that is hit at one point."""

    def __init__(self, lab, kind, point, action):
        self.lab, self.point, self.action = lab, point, action
        self.what = f"{kind} {point} {action}"
        self.peer, self.value = KINDS[kind]
        self.body = {"import": {"local_preference": self.value}, "reason": self.what}
        self.headers = {"Idempotency-Key": f"fault-{next(serial)}"}
        self.old = lab.frr.running_config()
        self.sessions = lab.frr.fingerprint()
        self.seq = lab.daemon.last_seq()
        dry = lab.patch(self.peer, self.body, "?dry_run=true")
        assert dry.status == 200 and dry["changed"] is True, dry
        self.plan = dry["plan"]
        self.answer = None

    def request(self):
        try:
            self.answer = self.lab.patch(self.peer, self.body, headers=self.headers)
        except OSError as error:  # the connection died with the daemon
            self.answer = error

    def run(self):
        lab = self.lab
        engine = lab.daemon.engine_pid()
        lab.daemon.fault(self.point, "stop" if self.action == "crash" else self.action)
        if self.point == "in_undo":
            writable(False)
        client = threading.Thread(target=self.request)
        client.start()
        lab.daemon.wait_fault(f"{self.what}: the point is reached")
        if self.point == "in_undo":
            writable(True)
        if self.action == "crash":
            lab.daemon.crash()
            lab.daemon.start()
        elif self.action == "stop":
            os.kill(engine, signal.SIGCONT)
        elif self.action == "kill":
            lab.daemon.wait_new_engine(engine)
        client.join(60)
        assert not client.is_alive(), f"{self.what}: no answer"
        self.wait_settled()
        return self.judge()

    def operations(self):
        return self.lab.api("GET", "/v1/operations?limit=50", token="read")["operations"]

    def rows(self):
        return [row for row in self.lab.daemon.audit() if row["seq"] > self.seq]

    def wait_settled(self):
        self.lab.daemon.wait_ready(60)
        wait_until(lambda: not [item for item in self.operations() if item["state"] in PENDING],
                   60, f"{self.what}: no operation is pending")

    def judge(self):
        """'old' or 'new', and everything agrees with that."""
        lab, what = self.lab, self.what
        running = lab.frr.running_config()
        new = running != self.old
        if new:
            self.only_what_was_asked(running)
        saved = lab.frr.saved_config()
        assert config_lines(saved) == config_lines(running), (what, differ(running, saved))
        rows = self.rows()
        intents = [row for row in rows if row["kind"] == "intent"]
        assert len(intents) == 1 and rows[0] == intents[0], (what, rows)
        outcomes = [row["outcome"] for row in rows[1:]]
        assert outcomes[-1:] == ["applied" if new else "undone"], (what, new, outcomes)
        assert set(outcomes[:-1]) <= {"failed"}, (what, outcomes)
        assert {row["about"] for row in rows[1:]} == {rows[0]["seq"]}, (what, rows)
        operation = next(item for item in self.operations()
                         if item["id"] == rows[0]["operation"])
        assert operation["state"] == ("done" if new else "undone"), (what, operation)
        verdict = lab.api("GET", "/v1/audit/verify", token="read")
        assert verdict["intact"] is True, (what, verdict)
        assert lab.frr.fingerprint() == self.sessions, f"{what}: a session was reset"
        upstream = lab.api("GET", lab.path(self.peer), token="read")
        wait_until(lambda: (lab.upstream(self.peer)["import"]["local_preference"] ==
                            self.value) == new, 5, f"{what}: seen alike: {upstream}")
        self.judge_answer(new)
        return "new" if new else "old"

    def only_what_was_asked(self, running):
        lines = differ(self.old, running)
        assert f"+ set local-preference {self.value}" in lines, (self.what, lines)
        assert len(lines) <= 8, (self.what, lines)

    def judge_answer(self, new):
        status = getattr(self.answer, "status", None)
        if status == 200:
            assert new, f"{self.what}: 200, but the router has the old state"
        if self.action in ("fail", "stop"):
            assert status is not None, (self.what, self.answer)
            assert (status == 200) == new, (self.what, self.answer)
        if self.action == "fail" and not new:
            undone = self.answer["undone"]
            assert undone is (self.point != "in_undo"), (self.what, self.answer)

    def again(self):
        """The client never heard, or heard of a failure: it asks once more."""
        answer = self.lab.patch(self.peer, self.body, headers=self.headers)
        assert answer.status == 200, (self.what, answer)
        assert f" set local-preference {self.value}" in self.lab.frr.saved_config()
        assert self.lab.frr.fingerprint() == self.sessions, f"{self.what}: reset"

    def back(self):
        if self.lab.frr.running_config() == self.old:
            return
        self.lab.undo_by_hand(self.plan)
        self.lab.frr.vtysh("write memory")
        running = self.lab.frr.running_config()
        assert running == self.old, (self.what, differ(self.old, running))
        wait_until(lambda: self.lab.upstream(self.peer)["import"]["local_preference"] !=
                   self.value, 5, "the undo by hand is seen")


def hit(lab, kind, point, action):
    case = Case(lab, kind, point, action)
    try:
        result = case.run()
        table[(kind, point, action)][result] += 1
        # A whole answer that tells of a failure is kept for its key.
        if action != "fail" or case.answer.status == 200:
            case.again()
    finally:
        case.back()


def every(kind, action, points):
    def test(lab):
        hooks_are_there(lab, "ifog")
        for _ in range(ROUNDS):
            for point in points:
                hit(lab, kind, point, action)
    test.__name__ = f"{action}_{kind}"
    suite.test(test)


for one in KINDS:
    every(one, "kill", POINTS)
    every(one, "crash", POINTS)
    every(one, "fail", [point for point in POINTS if point not in NEVER_FAIL])
    every(one, "stop", ["after_apply", "before_outcome"])


@suite.test
def killed_again_while_recovering(lab):
    hooks_are_there(lab, "ifog")
    case = Case(lab, "set", "after_apply", "kill")
    engine = lab.daemon.engine_pid()
    lab.daemon.fault("after_apply", "stop")
    try:
        killed_twice(lab, case, engine)
    finally:
        case.back()


def killed_twice(lab, case, engine):
    client = threading.Thread(target=case.request)
    client.start()
    lab.daemon.wait_fault("the change is there")
    lab.daemon.fault("in_undo", "kill")
    lab.daemon.end(engine)
    lab.daemon.wait_fault("killed twice")
    wait_until(lambda: lab.daemon.engine_pid() not in (None, engine), 60, "a third life")
    client.join(60)
    case.wait_settled()
    result = case.judge()
    table[("set", "after_apply", "kill x2")][result] += 1
    assert result == "old"
    case.again()


def print_table():
    if not table:
        return
    print(f"# {'change':8} {'point':16} {'action':8} result")
    for (kind, point, action), results in table.items():
        counts = ", ".join(f"{name} {count}" for name, count in sorted(results.items()))
        print(f"# {kind:8} {point:16} {action:8} {counts}")


suite.main(after=print_table)
