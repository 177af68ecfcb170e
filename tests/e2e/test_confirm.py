#!/usr/bin/python3
"""A change that goes back by itself: over a crash, a restart and a reboot too."""

import http.client
import json
import os
import re
import subprocess
import time

from daemon import PORT
from harness import Suite
from machine import machine, must_be, residue
from newcomers import FAR, newcomer, order, path
from sandbox import run, wait_until

suite = Suite("confirm", seconds=120)
there = {}
PENDING = re.compile(r"([A-Za-z0-9_-]+); revert-in=([0-9]+)\Z")


def known(lab):
    if not there:
        lab.frr.vtysh("write memory")
        lab.daemon.token("configure")
        there["far"] = newcomer(lab, FAR)
    return there["far"]


def begin(lab, seconds=30, **confirm):
    """A new upstream, with its route and its lines, that waits for a word."""
    peer = known(lab)
    if lab.api("GET", path(peer), token="read").status == 200:
        clean(lab)  # left by a test that failed
    before = machine(lab)
    answer = lab.put(path(peer), {**order(peer), "confirm": {"revert_in_s": seconds, **confirm}})
    assert answer.status == 201, answer
    waits = answer["confirm"]
    assert waits["state"] == "pending" and waits["revert_in_s"] == seconds, answer
    assert waits["operation"] == answer["operation"] and waits["reverts_at"], answer
    return before, answer["operation"]


def pending(lab):
    """(operation, seconds left) of the header that every answer has."""
    told = lab.api("GET", "/v1/sessions", token="read").headers.get("x-confirm-pending")
    if told is None:
        return None
    found = PENDING.match(told)
    assert found, told
    return found.group(1), int(found.group(2))


def saved_is(lab, before):
    """What the machine would come up with is what it was."""
    now = machine(lab)
    return all(now.get(name) == before.get(name) for name in set(before) | set(now)
               if name == "frr.conf" or name.startswith("boot "))


def word(lab, operation, what, status=200, **named):
    answer = lab.api("POST", f"/v1/operations/{operation}/{what}", {}, token="configure", **named)
    assert answer.status == status, answer
    return answer


def state_of(lab, operation):
    return lab.api("GET", f"/v1/operations/{operation}", token="read")["state"]


def no_trace(lab, before, operation):
    wait_until(lambda: state_of(lab, operation) == "undone", 40, "it has gone back")
    must_be(lab, before)
    assert pending(lab) is None
    rows = [row for row in lab.daemon.audit() if row["operation"] == operation]
    assert rows[0]["kind"] == "intent" and rows[-1]["outcome"] == "undone", rows
    assert lab.api("GET", "/v1/audit/verify", token="read")["intact"] is True


def clean(lab):
    answer = lab.delete(path(known(lab)))
    assert answer.status == 200, answer


@suite.test
def confirmed_it_stays(lab):
    before, operation = begin(lab, id="nightly-7")
    assert operation == "nightly-7" or operation.endswith("nightly-7"), operation
    told, left = pending(lab)
    assert told == operation and 0 < left <= 30, (told, left)
    assert state_of(lab, operation) == "awaiting_confirm"
    assert saved_is(lab, before), "not confirmed, and saved already"
    router = lab.api("GET", "/v1/router", token="read")
    assert router["pending_confirm"]["operation"] == operation, router
    word(lab, operation, "confirm")
    assert state_of(lab, operation) == "done" and pending(lab) is None
    assert lab.saved_agrees() and not saved_is(lab, before)
    row = lab.api("GET", "/v1/audit?limit=1", token="read")["rows"][0]
    ran = [each["command"] for each in row["commands"]]
    assert row["operation"] == operation and row["outcome"] == "applied", row
    assert any("route-map" in line for line in ran), "what made the change is told"
    assert ran[-1] == "write memory", ran
    word(lab, operation, "confirm")  # said twice it is still so
    word(lab, operation, "cancel", 409)
    after = machine(lab)
    lab.daemon.stop()
    lab.daemon.start()
    time.sleep(1)
    assert not residue(after, machine(lab)), "a restart took back what was confirmed"
    clean(lab)
    must_be(lab, before)


@suite.test
def one_at_a_time(lab):
    before, operation = begin(lab)
    for method, target, body in (
            ("PATCH", lab.path("ifog"), {"import": {"local_preference": 151}}),
            ("PUT", "/v1/upstreams/other", {"remote_as": 64496, "neighbor": "2001:db8:300::5"}),
            ("PATCH", "/v1/router", {"kernel_routes": "announce_only"})):
        answer = lab.api(method, target, body, token="configure")
        assert answer.status == 409 and answer["code"] == "confirm_pending", answer
        assert 0 < answer["retry_after_s"] <= 30 and operation in answer["detail"], answer
        assert PENDING.match(answer.headers["x-confirm-pending"]), answer.headers
    dry = lab.api("PATCH", lab.path("ifog"), {"import": {"local_preference": 151}}, token="operate")
    assert dry.status == 409, dry
    word(lab, operation, "cancel")
    no_trace(lab, before, operation)


def call(connection, secret, method, target, body):
    connection.request(method, target, json.dumps(body), {
        "Authorization": f"Bearer {secret}", "Content-Type": "application/json"})
    response = connection.getresponse()
    return response.status, json.loads(response.read())


@suite.test
def not_over_the_connection_of_the_change(lab):
    """Whoever cut himself off cannot confirm it over what still hangs on."""
    peer, secret = known(lab), lab.daemon.token("configure")
    before = machine(lab)
    connection = http.client.HTTPConnection("::1", PORT, timeout=30)
    try:
        status, answer = call(connection, secret, "PUT", path(peer),
                              {**order(peer), "confirm": {"revert_in_s": 30}})
        assert status == 201, answer
        operation = answer["operation"]
        status, answer = call(connection, secret, "POST",
                              f"/v1/operations/{operation}/confirm", {})
        assert status == 409 and answer["code"] == "same_connection", answer
        assert state_of(lab, operation) == "awaiting_confirm"
        status, answer = call(connection, secret, "POST",
                              f"/v1/operations/{operation}/cancel", {})
        assert status == 200, answer
    finally:
        connection.close()
    no_trace(lab, before, operation)


@suite.test
def time_can_be_given(lab):
    before, operation = begin(lab, 12)
    given = lab.api("PATCH", f"/v1/operations/{operation}", {"revert_in_s": 600},
                    token="configure")
    assert given.status == 200, given
    assert pending(lab)[1] > 500, pending(lab)
    for bad in (9, 3601, "60", None, -1, 1.5):
        answer = lab.api("PATCH", f"/v1/operations/{operation}", {"revert_in_s": bad},
                         token="configure")
        assert answer.status == 422, (bad, answer)
    assert lab.api("PATCH", f"/v1/operations/{operation}", {"revert_in_s": 20},
                   token="read").status == 403
    row, = [row for row in lab.daemon.audit()
            if row["operation"] == operation and row["kind"] == "extend"]
    assert row["actor"] == "configure" and row["detail"] == "600 s left", row
    assert row["peer"] and row["request_id"] == given.headers["x-request-id"], (row, given.headers)
    word(lab, operation, "cancel")
    no_trace(lab, before, operation)


@suite.test
def unconfirmed_it_goes_back(lab):
    before, operation = begin(lab, 10)
    began = time.monotonic()
    time.sleep(7)
    assert state_of(lab, operation) == "awaiting_confirm"
    no_trace(lab, before, operation)
    assert 9 <= time.monotonic() - began < 20, "not when it was due"


@suite.test
def over_a_dead_engine(lab):
    before, operation = begin(lab, 12)
    lab.daemon.kill_engine()
    assert state_of(lab, operation) in ("awaiting_confirm", "reverting", "undone")
    assert pending(lab) is None or pending(lab)[0] == operation
    no_trace(lab, before, operation)


@suite.test
def over_a_restart_and_still_to_be_confirmed(lab):
    before, operation = begin(lab, 60)
    lab.daemon.stop()
    lab.daemon.start()
    assert state_of(lab, operation) == "awaiting_confirm", "a restart must not decide"
    assert pending(lab)[0] == operation
    word(lab, operation, "confirm")
    assert state_of(lab, operation) == "done" and lab.saved_agrees()
    clean(lab)
    must_be(lab, before)


@suite.test
def due_while_nothing_runs(lab):
    before, operation = begin(lab, 10)
    lab.daemon.stop()
    time.sleep(11)
    lab.daemon.start()
    no_trace(lab, before, operation)


@suite.test
def over_a_reboot(lab):
    """The boot files know nothing of it, and the journal finds it gone."""
    before, operation = begin(lab, 20)
    reboot(lab)
    no_trace(lab, before, operation)
    lab.wait_settled(60)


@suite.test
def confirmed_after_a_reboot(lab):
    """All of it or nothing of it: never the boot files of what does not run."""
    before, operation = begin(lab, 30)
    reboot(lab)
    answer = lab.api("POST", f"/v1/operations/{operation}/confirm", {}, token="configure")
    if answer.status == 200:
        assert path(known(lab)) and lab.saved_agrees()
        established = lab.api("GET", path(known(lab)), token="read")
        assert established.status == 200, "confirmed, but not there"
        assert known(lab).address in run("ip", "-6", "route", "show", known(lab).theirs), \
            "confirmed, but its route is not there"
        clean(lab)
        must_be(lab, before)
    else:
        assert answer.status == 409, answer
        no_trace(lab, before, operation)
    lab.wait_settled(60)


def reboot(lab):
    """The power goes; then what a boot does, apart from the cables."""
    for pid, _ in lab.daemon.processes("multihomed"):
        lab.daemon.end(pid)
    lab.daemon.process.wait()
    lab.daemon.log.close()
    boot(lab)
    lab.daemon.start()


def boot(lab):
    from daemon import BOOT  # pylint: disable=import-outside-toplevel
    lab.frr.kill_all()
    for proto in ("bgp", "static", "196"):
        subprocess.run(["ip", "-6", "route", "flush", "proto", proto], check=False,
                       stderr=subprocess.DEVNULL)
    peer = known(lab)
    subprocess.run(["ip", "-6", "route", "del", peer.theirs], check=False,
                   stderr=subprocess.DEVNULL)
    run("nft", "flush", "ruleset")
    if os.path.exists(f"{BOOT}/links.batch"):
        run("ip", "-batch", f"{BOOT}/links.batch")
    if os.path.exists(f"{BOOT}/firewall.nft"):
        run("nft", "-f", f"{BOOT}/firewall.nft")
    lab.frr.start_daemons()


@suite.test
def a_policy_change_too(lab):
    """With scope operate, to be confirmed with scope operate."""
    before = machine(lab)
    answer = lab.patch("ifog", {"import": {"local_preference": 250},
                                "confirm": {"revert_in_s": 30}})
    assert answer.status == 200 and answer["confirm"]["state"] == "pending", answer
    assert lab.api("POST", f"/v1/operations/{answer['operation']}/confirm", {},
                   token="read").status == 403
    done = lab.api("POST", f"/v1/operations/{answer['operation']}/confirm", {})
    assert done.status == 200, done
    assert lab.patch("ifog", {"import": {"local_preference": 150}}).status == 200
    must_be(lab, before)


@suite.test
def saved_by_somebody_else_it_goes_back_from_the_file_too(lab):
    """Otherwise the next boot brings it into effect, with nothing in the journal."""
    before, operation = begin(lab, 60)
    lab.frr.vtysh("write memory")
    assert not saved_is(lab, before)
    word(lab, operation, "cancel")
    no_trace(lab, before, operation)
    assert lab.saved_agrees()


@suite.test
def a_removal_that_somebody_else_saved(lab):
    peer = known(lab)
    answer = lab.put(path(peer), order(peer))
    assert answer.status == 201, answer
    before = machine(lab)
    answer = lab.delete(path(peer), "?revert_in_s=10")
    assert answer.status == 200 and answer["confirm"]["state"] == "pending", answer
    lab.frr.vtysh("write memory")
    no_trace(lab, before, answer["operation"])
    clean(lab)


@suite.test
def saved_by_somebody_else_before_a_reboot(lab):
    before, operation = begin(lab, 30)
    lab.frr.vtysh("write memory")
    reboot(lab)
    no_trace(lab, before, operation)
    lab.wait_settled(60)


def end_of(lab, operation):
    """The audit's outcome of it, and why."""
    rows = [row for row in lab.daemon.audit() if row["operation"] == operation]
    return rows[-1]["outcome"], rows[-1]["detail"]


@suite.test
def an_entry_taken_away_by_hand_does_not_come_back(lab):
    """Without its matches it would announce everything."""
    before = machine(lab)
    name = "route-map RM-LAGRANGE-OUT permit"
    answer = lab.patch("lagrange", {"export": {"as_path_prepend": 1},
                                    "confirm": {"revert_in_s": 60}})
    assert answer.status == 200, answer
    lab.frr.configure(f"{name} 20", "match ipv6 address prefix-list PL-MY-NET", "exit",
                      f"no {name} 10")
    by_hand = lab.frr.running_config()
    word(lab, answer["operation"], "cancel")
    assert lab.frr.running_config() == by_hand, "what was changed by hand did not stay"
    outcome, detail = end_of(lab, answer["operation"])
    assert outcome == "failed" and "RM-LAGRANGE-OUT permit 10 was not put back" in detail, detail
    assert pending(lab) is None and state_of(lab, answer["operation"]) == "undone"
    lab.frr.configure(f"{name} 10", "match ipv6 address prefix-list PL-MY-NET",
                      "set as-path prepend 201379 201379", "exit", f"no {name} 20")
    must_be(lab, before)


@suite.test
def a_value_set_by_hand_stays(lab):
    """The rest of the change goes back when its time has come."""
    before = machine(lab)
    answer = lab.patch("ifog", {"import": {"local_preference": 250},
                                "description": "for a while", "confirm": {"revert_in_s": 10}})
    assert answer.status == 200, answer
    entry = "route-map RM-IFOG-BGPTUNNEL-IN permit 10"
    lab.frr.configure(entry, "set local-preference 300")
    wait_until(lambda: state_of(lab, answer["operation"]) == "undone", 40, "it has gone back")
    running = lab.frr.running_config()
    assert " set local-preference 300\n" in running and "for a while" not in running
    outcome, detail = end_of(lab, answer["operation"])
    assert outcome == "failed" and "local-preference 150" in detail and entry in detail, detail
    lab.frr.configure(entry, "set local-preference 150")
    must_be(lab, before)


@suite.test
def nothing_waits_when_nothing_changed(lab):
    answer = lab.patch("ifog", {"import": {"local_preference": 150},
                                "confirm": {"revert_in_s": 30}})
    assert answer.status == 200 and answer["changed"] is False, answer
    assert answer["confirm"] is None and pending(lab) is None, answer


@suite.test
def of_what_is_not_there(lab):
    for what in ("confirm", "cancel"):
        word(lab, "op-nosuch", what, 404)
    done = lab.patch("ifog", {"import": {"local_preference": 155}})
    word(lab, done["operation"], "cancel", 409)
    assert lab.patch("ifog", {"import": {"local_preference": 150}}).status == 200


suite.main()
