#!/usr/bin/python3
"""TCP-MD5 keys: set, rotated, verified, and back by themselves; on a real kernel."""

import datetime
import os
import re
import time

from harness import Suite
from sandbox import wait_until
from secrets_seen import Watch

suite = Suite("keys", seconds=240, name="vtbgp")
PATH = "/v1/upstreams/vultr"
ROTATIONS = f"{PATH}/tcp-md5/rotations"
NEIGHBOR = "2001:19f0:ffff::1"
YEARLY = {"generate": True, "reason": "the yearly one", "verify_within_s": 60}
KEY = re.compile(r"[A-Za-z0-9]{32}\Z")


def vultr(lab):
    return lab.api("GET", PATH, token="read")


def password(text):
    found = re.search(rf"(?m)^ neighbor {NEIGHBOR} password (\S+)$", text)
    return found.group(1) if found else None


def keys(lab):
    """Running and saved."""
    return password(lab.frr.running_config()), password(lab.frr.saved_config())


def operation(lab, name):
    answer = lab.api("GET", f"/v1/operations/{name}", token="read")
    assert answer.status == 200, answer
    return answer


def rotate(lab, headers=None, status=202, query="", **body):
    answer = lab.api("POST", ROTATIONS + query, body, headers, token="configure")
    assert answer.status == status, answer
    if status == 202:
        assert answer.headers["location"] == f"/v1/operations/{answer['operation']}", answer
    return answer


def ended(lab, name, seconds=60):
    wait_until(lambda: operation(lab, name)["state"] not in ("scheduled", "running"), seconds,
               lambda: f"the rotation ends: {operation(lab, name)}")
    return operation(lab, name)


def phase(lab, name, wanted, seconds=20):
    wait_until(lambda: operation(lab, name)["phase"] == wanted, seconds,
               lambda: f"{wanted}: {operation(lab, name)}")


def established(lab, seconds=60):
    wait_until(lambda: vultr(lab)["status"]["session"] == "established", seconds,
               "the session is up")


def soon(seconds):
    at = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=seconds)
    return at.strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"


def follow(lab, new):
    """The peer changes as soon as the router has."""
    wait_until(lambda: keys(lab)[0] == new, 20, "the router has the new key")
    lab.peer("vultr").rekey(new)


@suite.test
def a_key_is_told_but_not_shown(lab):
    lab.daemon.token("configure")  # audited: not in the middle of a test
    lab.frr.vtysh("write memory")
    told = vultr(lab)["tcp_md5"]
    assert told["set"] is True and re.fullmatch("k[0-9a-f]{10}", told["key_id"]), told
    assert told["set_at"] is None, told  # somebody else has set it
    assert "your-shared-secret" not in vultr(lab).body.decode()


@suite.test
def what_it_would_do(lab):
    before = lab.state()
    answer = rotate(lab, status=200, query="?dry_run=true", generate=True)
    assert answer["operation"] is None and answer["key"] is None, answer
    assert answer["method"] == "reset" and "reset" in answer["effect"], answer
    assert answer["sessions_reset"] == [NEIGHBOR], answer
    lines = [line for step in answer["plan"]["steps"] for line in step["commands"]]
    assert any("password" in line and "*" in line for line in lines), lines
    assert lab.state() == before


@suite.test
def the_peer_changes_in_time(lab):
    old = vultr(lab)["tcp_md5"]["key_id"]
    answer = rotate(lab, {"Idempotency-Key": "yearly"}, **YEARLY)
    new = answer["key"]
    again = rotate(lab, {"Idempotency-Key": "yearly"}, **YEARLY)
    assert again["key"] == new and again["operation"] == answer["operation"], again
    assert KEY.match(new) and answer["key_id"] != old, answer
    follow(lab, new)
    done = ended(lab, answer["operation"])
    assert done["state"] == "done", done
    result = done["result"]
    # bgpd tells since when a session is up in whole seconds: 0 is less than one.
    assert result["verified"] is True and 0 <= result["downtime_ms"] < 30000, done
    assert keys(lab) == (new, new)
    told = vultr(lab)["tcp_md5"]
    assert told["key_id"] == answer["key_id"] and told["set_at"], told
    rows = [row for row in lab.daemon.audit() if row["resource"] == "upstreams/vultr"]
    mine = [row for row in rows if row["operation"] == answer["operation"]]
    assert [row["kind"] for row in mine] == ["intent", "outcome"], mine
    assert mine[0]["reason"] == "the yearly one" and mine[1]["outcome"] == "applied", mine
    assert new not in done.body.decode()
    # It has ended: nobody gets to see it any more.
    assert rotate(lab, {"Idempotency-Key": "yearly"}, **YEARLY)["key"] is None


@suite.test
def the_peer_does_not_change(lab):
    before = lab.frr.running_config(), lab.frr.saved_config()
    old = keys(lab)[0]
    answer = rotate(lab, key="another-key-of-ours", verify_within_s=12)
    assert answer["key"] is None, answer  # who sent it has it
    gone = ended(lab, answer["operation"], 90)
    assert gone["state"] == "undone", gone
    assert "did not change its key" in gone["error"], gone
    assert gone["result"]["verified"] is False and gone["result"]["return_ms"] >= 0, gone
    established(lab)
    assert (lab.frr.running_config(), lab.frr.saved_config()) == before
    assert keys(lab) == (old, old)


def layers(lab):
    return lab.api("GET", PATH + "/drain", token="read")["layers"]


@suite.test
def the_traffic_goes_first(lab):
    """The key changes when its upstream is drained, which is led back at the end."""
    old = keys(lab)[0]
    answer = rotate(lab, generate=True, drain_first=True, ticket="CHG-7", verify_within_s=60)
    phase(lab, answer["operation"], "drain")
    layer, = layers(lab)
    assert layer["owner"] == "rotation" and layer["ticket"] == "CHG-7", layer
    assert keys(lab)[0] == old, "before the traffic has gone"
    wait_until(lambda: keys(lab)[0] == answer["key"], 60, lambda: f"changed: {layers(lab)}")
    layer, = layers(lab)
    assert layer["phase"] == "drained", layer
    lab.peer("vultr").rekey(answer["key"])
    done = ended(lab, answer["operation"])
    assert done["state"] == "done", done
    wait_until(lambda: layers(lab) == [], 60, lambda: f"led back: {layers(lab)}")
    assert "MH-DRAIN" not in lab.frr.running_config()
    assert keys(lab) == (answer["key"], answer["key"])


@suite.test
def drained_for_nothing_it_is_led_back(lab):
    """Cancelled over a dead engine; then one whose peer does not change its key."""
    old, before = keys(lab), lab.frr.running_config()
    answer = rotate(lab, generate=True, drain_first=True, verify_within_s=60)
    phase(lab, answer["operation"], "drain")
    lab.daemon.wait_new_engine(lab.daemon.kill_engine())
    gone = lab.api("POST", f"/v1/operations/{answer['operation']}/cancel", {}, token="configure")
    assert gone.status == 200 and gone["state"] == "undone", gone
    wait_until(lambda: layers(lab) == [], 60, lambda: f"led back: {layers(lab)}")
    assert keys(lab) == old and lab.frr.running_config() == before
    answer = rotate(lab, key="not-known-there", drain_first=True, verify_within_s=10)
    gone = ended(lab, answer["operation"], 120)
    assert gone["state"] == "undone" and "did not change its key" in gone["error"], gone
    wait_until(lambda: layers(lab) == [], 60, lambda: f"led back: {layers(lab)}")
    established(lab)
    assert keys(lab) == old and lab.frr.running_config() == before


@suite.test
def an_hour_later_over_a_dead_engine(lab):
    answer = rotate(lab, generate=True, at=soon(3), verify_within_s=60)
    waits = operation(lab, answer["operation"])
    assert waits["state"] == "scheduled" and waits["phase"] == "staged", waits
    assert waits["due_at"] == answer["at"], waits
    old = lab.daemon.kill_engine()
    lab.daemon.wait_new_engine(old)
    follow(lab, answer["key"])
    done = ended(lab, answer["operation"])
    assert done["state"] == "done", done


@suite.test
def one_at_a_time_and_cancelled_before_its_time(lab):
    before = lab.frr.running_config()
    answer = rotate(lab, generate=True, at=soon(3600))
    other = rotate(lab, status=409, generate=True)
    assert other["code"] == "rotation_pending", other
    # Others may go on meanwhile.
    assert lab.api("PATCH", PATH, {"description": "Vultr-Core-2"}).status == 200
    assert lab.api("PATCH", PATH, {"description": "Vultr-Core"}).status == 200
    said = lab.api("POST", f"/v1/operations/{answer['operation']}/cancel", {}, token="configure")
    assert said.status == 200 and said["state"] == "undone", said
    assert "cancelled by" in said["error"], said
    assert lab.frr.running_config() == before
    rows = [row for row in lab.daemon.audit() if row["operation"] == answer["operation"]]
    assert [row["kind"] for row in rows] == ["intent", "cancel", "outcome"], rows
    assert rows[1]["request_id"] == said.headers["x-request-id"] and rows[1]["peer"], rows


@suite.test
def cancelled_while_it_waits_for_the_peer(lab):
    before = lab.frr.running_config(), lab.frr.saved_config()
    answer = rotate(lab, generate=True, verify_within_s=120)
    phase(lab, answer["operation"], "verify")
    blocked = lab.api("PATCH", PATH, {"description": "no"})
    assert blocked.status == 409 and blocked["code"] == "confirm_pending", blocked
    said = lab.api("POST", f"/v1/operations/{answer['operation']}/cancel", {}, token="configure")
    assert said.status == 200, said
    gone = ended(lab, answer["operation"])
    assert gone["state"] == "undone" and "cancelled by" in gone["error"], gone
    established(lab)
    assert (lab.frr.running_config(), lab.frr.saved_config()) == before


@suite.test
def over_a_dead_engine_in_the_middle(lab):
    answer = rotate(lab, generate=True, verify_within_s=60)
    phase(lab, answer["operation"], "verify")
    old = lab.daemon.kill_engine()
    lab.daemon.wait_new_engine(old)
    follow(lab, answer["key"])
    done = ended(lab, answer["operation"])
    assert done["state"] == "done", done
    assert keys(lab) == (answer["key"], answer["key"])


@suite.test
def over_a_daemon_that_comes_too_late(lab):
    """The other end has gone back long ago, if it ever had the new key."""
    before, sessions = lab.frr.running_config(), lab.frr.fingerprint()
    answer = rotate(lab, generate=True, at=soon(2), verify_within_s=10)
    lab.daemon.stop()
    time.sleep(18)
    lab.daemon.start()
    gone = ended(lab, answer["operation"])
    assert gone["state"] == "undone" and "its time passed" in gone["error"], gone
    assert lab.frr.running_config() == before
    assert lab.frr.fingerprint() == sessions, "the session was reset for nothing"


@suite.test
def what_is_refused(lab):
    for body, pointer in (({}, "/key"), ({"key": "a b"}, "/key"), ({"key": "x" * 81}, "/key"),
                          ({"key": "0xabcdef"}, "/key"), ({"key": "a|b"}, "/key"),
                          ({"key": 'a"b'}, "/key"), ({"key": "-x"}, "/key"),
                          ({"key": "x", "generate": True}, "/generate"),
                          ({"generate": True, "at": "yesterday"}, "/at"),
                          ({"generate": True, "at": "2020-01-01T00:00:00Z"}, "/at"),
                          ({"generate": True, "verify_within_s": 5}, "/verify_within_s")):
        answer = rotate(lab, status=422, **body)
        assert [field["pointer"] for field in answer["errors"]] == [pointer], (body, answer)
        assert str(body.get("key", "-")) not in answer["detail"], answer
    same = rotate(lab, status=409, key=keys(lab)[0])
    assert same["code"] == "same_key", same
    gentle = rotate(lab, status=409, generate=True, method="gentle")
    assert gentle["code"] == "no_kernel_keys", gentle
    none = lab.api("POST", "/v1/upstreams/hobgp/tcp-md5/rotations", {"generate": True},
                   token="configure")
    assert none.status == 409 and none["code"] == "no_key", none
    alone = rotate(lab, status=409, generate=True, **{"with": "hobgp"})
    assert alone["code"] == "no_peers", alone
    both = rotate(lab, status=409, generate=True, drain_first=True, **{"with": "hobgp"})
    assert both["code"] == "drain_unsupported", both
    assert lab.api("POST", ROTATIONS, {"generate": True}).status == 403
    gone = lab.api("POST", "/v1/upstreams/nobody/tcp-md5/rotations", {"generate": True},
                   token="configure")
    assert gone.status == 404, gone


@suite.test
def set_and_removed_in_one_call(lab):
    old = keys(lab)[0]
    answer = lab.api("PATCH", PATH, {"tcp_md5": None}, token="configure")
    assert answer.status == 409 and answer["code"] == "reset_needed", answer
    answer = lab.api("PATCH", PATH, {"tcp_md5": None, "allow_reset": True}, token="configure")
    assert answer.status == 200 and answer["upstream"]["tcp_md5"]["set"] is False, answer
    assert keys(lab) == (None, None)
    answer = lab.api("PATCH", PATH, {"tcp_md5": {"key": old}}, token="configure")
    assert answer.status == 200 and answer["upstream"]["tcp_md5"]["set"] is True, answer
    assert keys(lab) == (old, old)
    assert old not in answer.body.decode()
    established(lab)
    # What was read changes nothing.
    item = vultr(lab).json
    item.pop("status")
    answer = lab.put(PATH, item)
    assert answer.status == 200 and answer["changed"] is False, answer


@suite.test
def no_key_lies_about(lab):
    """FRR's own files apart: no file, log, command line or answer has one."""
    key = "a-key-to-be-looked-for-" + str(os.getpid())
    with Watch(lab, key) as watch:
        answer = rotate(lab, key=key, verify_within_s=60)
        wait_until(lambda: keys(lab)[0] == key, 20, "it is in use")
        lab.peer("vultr").rekey(key)
        assert ended(lab, answer["operation"])["state"] == "done"
        lab.api("GET", "/v1/upstreams", token="read")
        lab.api("GET", "/v1/operations", token="read")
        # Taken back, as well.
        other = rotate(lab, key=key + "-2", verify_within_s=60)
        phase(lab, other["operation"], "verify")
        lab.api("POST", f"/v1/operations/{other['operation']}/cancel", {}, token="configure")
        assert ended(lab, other["operation"])["state"] == "undone"
        wait_until(lambda: vultr(lab)["tcp_md5"]["key_id"] == answer["key_id"], 5,
                   "the old one is told")
        refused = rotate(lab, status=409, key=key)
        assert refused["code"] == "same_key", refused
    # FRR keeps its passwords where it always has.
    watch.must_be_clean({"/etc/frr/frr.conf", "/etc/frr/frr.conf.sav",
                         "/run/e2e/vultr/bird.conf"})


@suite.test
def a_generated_one_is_shown_once(lab):
    answer = rotate(lab, generate=True, at=soon(3600))
    with Watch(lab, answer["key"]) as watch:
        for target in (f"/v1/operations/{answer['operation']}", "/v1/operations", PATH,
                       "/v1/upstreams", "/v1/audit", "/v1/router"):
            assert lab.api("GET", target, token="read").status == 200, target
        wait_until(lambda: watch.looks > 30, 20, "the processes are looked at")
        # Staged: it lies in the database, sealed.
        assert watch.files() == set(), watch.files()
        said = lab.api("POST", f"/v1/operations/{answer['operation']}/cancel", {},
                       token="configure")
        assert said.status == 200, said
    assert not watch.found, watch.found
    assert watch.files() == set(), watch.files()


suite.main()
