#!/usr/bin/python3
"""Out of service and back: told, proven, in layers, over crashes and boots."""

import json
import os
import re
import subprocess
import sys
import time

from daemon import HOME
from draining import (GSHUT, OURS, WORDS, drain, ended, layers, now, operation, phase,
                      preference, reboot, router_state, same_as, seen, status, undrain,
                      withdrawals)
from harness import Suite
from newcomers import NOVA, newcomer, order
from newcomers import path as path_to
from sandbox import BUILD, ROOT, Skip, end_process, wait_until

suite = Suite("drain", seconds=120)


@suite.test
def the_whole_cycle_of_an_upstream(lab):
    before, sessions, path = now(lab), lab.frr.fingerprint(), lab.path("ifog")
    assert GSHUT not in seen(lab, "ifog")
    taken_back = withdrawals(lab, "ifog")
    began = drain(lab, path)
    assert began.headers["location"] == f"/v1/operations/{began['id']}", began.headers
    assert began["kind"] == "upstream_drain" and began["state"] == "running", began
    done = ended(lab, began["id"])
    print("# drained after", done["updated_at"], done["created_at"])
    result = done["result"]
    assert result["end"] == "drained" and result["before"] and result["after"], result
    assert GSHUT in seen(lab, "ifog"), seen(lab, "ifog")
    assert GSHUT not in seen(lab, "lagrange")
    assert preference(lab, "ifog") == 0
    assert lab.frr.fingerprint() == sessions, "a session was reset"
    wait_until(lambda: status(lab, "ifog") == "drained", 3, "it shows")
    assert status(lab, "lagrange") == "in_service"
    assert lab.upstream("ifog")["import"]["local_preference"] == 150
    assert lab.upstream("ifog")["status"]["route_map_in"] == "RM-IFOG-BGPTUNNEL-IN"
    assert "MH-DRAIN-IFOG" in lab.frr.saved_config() and lab.saved_agrees()
    again = drain(lab, path, 200)
    assert again["changed"] is False and again["operation"] == began["id"], again
    layer, = layers(lab, path)
    assert layer["owner"] == "operator" and layer["phase"] == "drained", layer
    back = undrain(lab, path)
    done = ended(lab, back["id"])
    assert done["kind"] == "upstream_undrain" and done["result"]["end"] == "returned", done
    same_as(lab, before)
    wait_until(lambda: GSHUT not in seen(lab, "ifog"), 2, lambda: seen(lab, "ifog"))
    assert layers(lab, path) == []
    assert lab.frr.fingerprint() == sessions, "a session was reset"
    wait_until(lambda: status(lab, "ifog") == "in_service", 3, "it shows")
    assert withdrawals(lab, "ifog") == taken_back, "for a moment we were not announced"
    wait_until(lambda: preference(lab, "ifog") == 150, 10, "it is preferred as before")
    assert lab.api("GET", "/v1/audit/verify", token="read")["intact"] is True
    undrain(lab, path, status=404)


class Traffic:
    """A provider that does not care: 2 Mbit/s at us, whatever it is told."""

    SEND = """import socket, sys, time
s = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
while True:
    s.sendto(bytes(1200), (sys.argv[1], 9))
    time.sleep(0.004)
"""

    def __init__(self, lab, peer):
        self.peer = lab.peer(peer)
        self.process = None

    def __enter__(self):
        self.process = subprocess.Popen(  # pylint: disable=consider-using-with
            ["ip", "netns", "exec", self.peer.name, sys.executable, "-c", self.SEND,
             self.peer.router_address], stdin=subprocess.DEVNULL)
        time.sleep(1)
        return self

    def stop(self):
        if self.process is not None:
            end_process(self.process)
            self.process = None

    def __exit__(self, *_):
        self.stop()


def rows_of(lab, ident):
    return [row for row in lab.daemon.audit() if row["operation"] == ident]


@suite.test
def who_waits_gets_the_end(lab):
    path = lab.path("ifog")
    answer = lab.api("PUT", path + "/drain", WORDS, headers={"Prefer": "wait=30"})
    assert answer.status == 200 and answer["state"] == "done", answer
    assert answer.headers["preference-applied"] == "wait=30", answer.headers
    assert status(lab, "ifog") == "drained", "the answer came before it was seen"
    short = lab.api("DELETE", path + "/drain", headers={"Prefer": "respond-async"})
    assert short.status == 202, short
    ended(lab, short["id"])


@suite.test
def with_prepend_and_a_policy_change_meanwhile(lab):
    before, path = now(lab), lab.path("lagrange")
    ended(lab, drain(lab, path, prepend=2)["id"])
    assert "209735 201379" not in seen(lab, "lagrange")
    hops = seen(lab, "lagrange").count("201379")
    assert hops >= 5, seen(lab, "lagrange")  # ours, two of the policy, two of the drain
    assert lab.upstream("lagrange")["export"]["as_path_prepend"] == 2, "not seen through"
    done = lab.patch("lagrange", {"export": {"as_path_prepend": 3},
                                  "import": {"local_preference": 170}})
    assert done.status == 200 and done["upstream"]["export"]["as_path_prepend"] == 3, done
    running = lab.frr.running_config()
    for line in ("set as-path prepend 201379 201379 201379 201379 201379", "set local-preference 170",
                 "set as-path prepend 201379 201379 201379", "set local-preference 0"):
        assert f" {line}\n" in running, line
    wait_until(lambda: seen(lab, "lagrange").count("201379") == hops + 1, 5, "it is announced")
    assert status(lab, "lagrange") == "drained" and preference(lab, "lagrange") == 0
    ended(lab, undrain(lab, path)["id"])
    wait_until(lambda: preference(lab, "lagrange") == 170, 10, "it is preferred as asked")
    assert lab.patch("lagrange", {"export": {"as_path_prepend": 2},
                                  "import": {"local_preference": None}}).status == 200
    same_as(lab, (before[0], None))


@suite.test
def shut_down_with_a_message(lab):
    before, path = now(lab), lab.path("ifog")
    began = drain(lab, path, mode="shutdown")
    done = ended(lab, began["id"])
    assert done["result"]["end"] == "drained", done
    told = wait_until(lambda: (said := lab.peer("ifog").control("show protocols all customer"))
                      and "shutdown" in said and said, 5, "the provider sees it")
    assert "CHG-1234 provider maintenance" in told, told
    wait_until(lambda: lab.upstream("ifog")["status"]["session"] != "established", 5, "it is down")
    assert "shutdown message CHG-1234 provider maintenance" in lab.frr.saved_config()
    back = ended(lab, undrain(lab, path)["id"])
    assert back["result"]["end"] == "returned", back
    same_as(lab, before)
    lab.wait_settled()


@suite.test
def what_a_message_cannot_hold(lab):
    path = lab.path("ifog")
    for bad in ({"reason": "a | b"}, {"reason": "what?"}, {"reason": "two  blanks"},
                {"reason": "line\nbreak"}, {"reason": "x" * 200, "ticket": "y" * 60},
                {"max_wait_s": 0}, {"mode": "hard"}, {"prepend": 11}, {"owner": "No"},
                {"nonsense": 1}, {"force": True, "reason": None}):
        body = {name: value for name, value in {**WORDS, **bad}.items() if value is not None}
        answer = lab.api("PUT", path + "/drain", body)
        assert answer.status == 422 and answer["errors"], (bad, answer)
    assert lab.api("PUT", path + "/drain", WORDS, token="read").status == 403
    assert lab.api("PUT", "/v1/upstreams/nobody/drain", WORDS).status == 404
    assert layers(lab, path) == []


@suite.test
def the_last_path_is_refused(lab):
    before = now(lab)
    first = [drain(lab, lab.path(peer))["id"] for peer in ("ifog", "lagrange")]
    seq = [ended(lab, ident)["audit_seq"] for ident in first]
    assert seq
    path, running = lab.path("route64"), lab.frr.running_config()
    answer = drain(lab, path, 409)
    assert answer["code"] == "drain_preflight", answer
    assert answer["errors"][0]["pointer"] == "/force", answer
    assert "only_path" in answer["errors"][0]["detail"] and OURS in answer["detail"], answer
    assert lab.frr.running_config() == running and layers(lab, path) == []
    forced = drain(lab, path, force=True, reason="the site loses power")
    done = ended(lab, forced["id"])
    intent = rows_of(lab, forced["id"])[0]
    assert intent["reason"] == "the site loses power" and intent["after"]["force"] is True, intent
    assert done["result"]["end"] == "drained", done
    for peer in ("ifog", "lagrange", "route64"):
        ended(lab, undrain(lab, lab.path(peer))["id"])
    same_as(lab, before)


@suite.test
def layers_are_kept_apart(lab):
    before = now(lab)
    ended(lab, drain(lab, lab.path("ifog"))["id"])
    time.sleep(6)  # for FRR's delay timer: after it ifog is told nothing anew by itself
    whole = drain(lab, "/v1/router", reason="reboot", owner="reboot")
    assert whole["kind"] == "router_drain" and whole["resource"] == "router", whole
    ended(lab, whole["id"])
    wait_until(lambda: router_state(lab) == "drained", 3, "it shows")
    assert "reboot" in lab.api("GET", "/v1/router", token="read")["state_reason"]
    for peer in ("ifog", "lagrange", "route64"):
        assert GSHUT in seen(lab, peer), peer
    wait_until(lambda: "BGP.local_pref: 0\n" in seen(lab, "vtbgp"), 5, "the edge is told")
    assert {layer["subject"] for layer in layers(lab, lab.path("ifog"))} == \
        {"router", lab.path("ifog")[4:]}
    undrain(lab, "/v1/router", status=404)
    ended(lab, undrain(lab, "/v1/router", "reboot")["id"])
    wait_until(lambda: status(lab, "lagrange") == "in_service", 3, "it shows")
    assert status(lab, "ifog") == "drained" and GSHUT in seen(lab, "ifog")
    wait_until(lambda: GSHUT not in seen(lab, "lagrange"), 5, "lagrange is told")
    wait_until(lambda: router_state(lab) == "in_service", 3, "it shows")
    ended(lab, undrain(lab, lab.path("ifog"))["id"])
    same_as(lab, before)


@suite.test
def cancelled_it_is_led_back(lab):
    before, path = now(lab), lab.path("ifog")
    with Traffic(lab, "ifog"):
        began = drain(lab, path)
        phase(lab, path, "proof")
        wait_until(lambda: "Mbit/s on gre-ifog, waiting for under" in
                   operation(lab, began["id"])["progress"]["text"], 10,
                   "it says what it waits for")
        print("#", operation(lab, began["id"])["progress"]["text"])
        answer = lab.api("POST", f"/v1/operations/{began['id']}/cancel", {}, token="configure")
        assert answer.status == 200, answer
        done = ended(lab, began["id"], "undone")
    assert done["result"]["end"] == "cancelled", done
    same_as(lab, before)
    late = lab.api("POST", f"/v1/operations/{began['id']}/cancel", {})
    assert late.status == 200 and late["state"] == "undone", late
    rows = rows_of(lab, began["id"])
    assert [row["kind"] for row in rows] == ["intent", "cancel", "outcome"], rows
    assert (rows[0]["actor"], rows[1]["actor"]) == ("operate", "configure"), rows
    assert rows[1]["peer"] and rows[1]["path"].endswith("/cancel"), rows
    assert rows[1]["request_id"] == answer.headers["x-request-id"], (rows, answer.headers)
    assert rows[1]["about"] is None and rows[2]["outcome"] == "undone", rows
    assert lab.api("GET", "/v1/audit/verify", token="read")["intact"] is True


@suite.test
def what_a_timeout_does(lab):
    before, path = now(lab), lab.path("ifog")
    with Traffic(lab, "ifog") as traffic:
        began = drain(lab, path, max_wait_s=3)
        wait_until(lambda: layers(lab, path)[0]["end"] == "blocked", 15, "the time is over")
        layer, = layers(lab, path)
        assert layer["why"] == "rate_above_floor" and layer["phase"] == "proof", layer
        assert operation(lab, began["id"])["state"] == "running"
        other = drain(lab, path, max_wait_s=3, on_timeout="revert")
        assert other["id"] != began["id"], other
        done = ended(lab, other["id"], "undone")
        assert done["result"]["end"] == "blocked", done
        assert done["result"]["why"] == "rate_above_floor", done
        assert operation(lab, began["id"])["result"]["end"] == "replaced"
        same_as(lab, before)
        third = drain(lab, path, max_wait_s=3, on_timeout="proceed")
        done = ended(lab, third["id"])
        assert done["result"]["end"] == "drained_by_timeout", done
        ended(lab, undrain(lab, path)["id"])
        held = drain(lab, path, max_wait_s=2)
        wait_until(lambda: layers(lab, path)[0]["end"] == "blocked", 15, "the time is over")
        traffic.stop()
        done = ended(lab, held["id"])
        assert done["result"]["end"] == "drained", done
    ended(lab, undrain(lab, path)["id"])
    same_as(lab, before)


@suite.test
def over_a_dead_engine(lab):
    """Killed in each phase, it goes on."""
    before, path = now(lab), lab.path("ifog")
    with Traffic(lab, "ifog") as traffic:
        began = drain(lab, path, mode="shutdown")
        lab.daemon.kill_engine()  # about in signal
        phase(lab, path, "proof")
        lab.daemon.kill_engine()
        assert operation(lab, began["id"])["state"] == "running"
        traffic.stop()
        wait_until(lambda: layers(lab, path)[0]["phase"] != "proof", 20, "it goes on")
        lab.daemon.kill_engine()  # in shutdown, or behind it
        ended(lab, began["id"])
    wait_until(lambda: GSHUT not in seen(lab, "lagrange"), 10, "it is told nothing any more")
    back = undrain(lab, path)
    lab.daemon.kill_engine()
    ended(lab, back["id"])
    same_as(lab, before)
    assert lab.api("GET", "/v1/audit/verify", token="read")["intact"] is True


@suite.test
def after_a_reboot_it_returns_by_its_gates(lab):
    before = now(lab)
    ended(lab, drain(lab, "/v1/router", reason="reboot", owner="reboot", mode="shutdown",
                     return_after_s=6)["id"])
    saved = lab.frr.saved_config()
    assert saved.count("shutdown message CHG-1234 reboot") == 4, saved
    reboot(lab, 1)
    layer, = layers(lab, "/v1/router")
    assert layer["owner"] == "reboot", layer
    assert "MH-DRAIN" in lab.frr.running_config(), "it did not come up drained"
    told = wait_until(lambda: [gate for layer in layers(lab, "/v1/router") if layer["progress"]
                               for gate in layer["progress"]["gates"]
                               if gate["why"] == "too_early"], 30, "gates with seconds")
    print("#", told[0])
    assert 0 < told[0]["seconds_left"] <= 6 and not told[0]["met"], told
    for peer in lab.network.peers:
        assert status(lab, peer) in ("returning", "in_service"), status(lab, peer)
    wait_until(lambda: layers(lab, "/v1/router") == [], 60, "it has returned")
    same_as(lab, (before[0], None))
    lab.wait_settled()
    last = next(item for item in lab.api("GET", "/v1/operations?limit=20", token="read")[
        "operations"] if item["kind"] == "router_undrain")
    assert last["actor"] == "engine" and last["state"] == "done", last


class Other:
    """Another router of ours, as mhctl would tell of it."""

    PLACE = f"{HOME}/other"
    MHCTL = f"""#!/bin/sh
# Its arguments are kept; the last one is the path.
echo "$*" >>{PLACE}/asked
for path; do :; done
exec /bin/cat "{PLACE}/${{path##*/}}.json"
"""
    SETTING = f'contexts = "{PLACE}/contexts.json"; mhctl = "{PLACE}/mhctl"; drain_ask = vtbgp;'

    def __init__(self):
        os.makedirs(self.PLACE, exist_ok=True)
        os.chmod(self.PLACE, 0o777)
        with open(f"{self.PLACE}/mhctl", "w", encoding="ascii") as file:
            file.write(self.MHCTL)
        os.chmod(f"{self.PLACE}/mhctl", 0o755)

    def says(self, state="in_service", reason=None, session="established", status="in_service",
             family="ipv6-unicast"):
        for name, content in (
                ("router", {"state": state, "state_reason": reason, "snapshot": {"stale": False}}),
                ("drain", {"state": state, "layers": []}),
                ("upstreams", {"upstreams": [{"name": "x", "role": "transit", "families": [family],
                                              "status": {"session": session, "drain": status}}]})):
            with open(f"{self.PLACE}/{name}.json", "w", encoding="ascii") as file:
                json.dump(content, file)
            os.chmod(f"{self.PLACE}/{name}.json", 0o644)

    def silent(self):
        os.remove(f"{self.PLACE}/router.json")

    def asked(self):
        with open(f"{self.PLACE}/asked", encoding="ascii") as file:
            return file.read()


def restart(lab, **settings):
    lab.daemon.stop()
    lab.daemon.settings.update(settings)
    lab.daemon.start()


@suite.test
def the_other_router_is_asked_first(lab):
    before, other = now(lab), Other()
    restart(lab, peers=Other.SETTING)
    try:
        for said, words in (
                ({"state": "drained", "reason": "the router by operator (ops): kernel"},
                 "vtbgp is drained: the router by operator (ops): kernel"),
                ({"state": "draining"}, "vtbgp is draining"),
                ({"state": "returning"}, "vtbgp is returning"),
                ({"session": "active"}, "vtbgp has no established transit session"),
                ({"status": "drained"}, "vtbgp has no established transit session"),
                ({"family": "ipv4-unicast"},
                 "vtbgp has no established transit session for ipv6-unicast")):
            other.says(**said)
            answer = drain(lab, "/v1/router", 409)
            assert answer["code"] == "drain_preflight", answer
            error, = answer["errors"]
            assert error["pointer"] == "/force", answer
            assert error["detail"].startswith(f"other_router: {words}"), answer
        other.silent()
        answer = drain(lab, "/v1/router", 409)
        assert "other_router: vtbgp does not answer" in answer["errors"][0]["detail"], answer
        assert layers(lab, "/v1/router") == [] and lab.frr.running_config() == before[0]
        first = other.asked()
        assert "-r vtbgp" in first and "api GET /v1/upstreams" in first, first
        # What is one upstream's own is no matter of the other router.
        ended(lab, drain(lab, lab.path("ifog"))["id"])
        ended(lab, undrain(lab, lab.path("ifog"))["id"])
        ended(lab, drain(lab, "/v1/router", force=True)["id"])
        assert other.asked() == first
        ended(lab, undrain(lab, "/v1/router")["id"])
        other.says()
        ended(lab, drain(lab, "/v1/router")["id"])
        ended(lab, undrain(lab, "/v1/router")["id"])
    finally:
        restart(lab, peers="")
    same_as(lab, before)


@suite.test
def what_is_to_stay_stays(lab):
    before = now(lab)
    ended(lab, drain(lab, "/v1/router", after_reboot="stay")["id"])
    ended(lab, drain(lab, lab.path("ifog"), owner="fleet", after_reboot="auto",
                     return_after_s=0)["id"])
    reboot(lab, 2)
    lab.wait_settled()
    wait_until(lambda: [layer["subject"] for layer in layers(lab, lab.path("ifog"))] ==
               ["router"], 30, "the other reason ends by itself")
    time.sleep(2)
    assert router_state(lab) == "drained"
    assert GSHUT in seen(lab, "ifog"), "an operator's drain beats the automatic return"
    ended(lab, undrain(lab, "/v1/router")["id"])
    same_as(lab, (before[0], None))


@suite.test
def an_upstream_that_goes_takes_its_drain_along(lab):
    peer = newcomer(lab, NOVA)
    lab.daemon.token("configure")
    assert lab.put(path_to(peer), order(peer)).status == 201
    wait_until(lambda: lab.api("GET", path_to(peer), token="read")["status"]["session"] ==
               "established", 30, "it is up")
    before = lab.frr.running_config()
    ended(lab, drain(lab, path_to(peer))["id"])
    moved = lab.put(path_to(peer), {**order(peer), "neighbor": "2001:db8:500::9"})
    assert moved.status == 409 and moved["code"] == "drained", moved
    done = lab.delete(path_to(peer) + "?allow_reset=true")
    assert done.status == 200, done
    assert "MH-DRAIN" not in lab.frr.running_config()
    assert lab.put(path_to(peer), order(peer)).status == 201
    assert layers(lab, path_to(peer)) == []
    assert lab.frr.running_config() == before
    assert lab.delete(path_to(peer) + "?allow_reset=true").status == 200


@suite.test
def taken_away_by_hand_it_is_drift(lab):
    before, path = now(lab), lab.path("ifog")
    address = lab.peer("ifog").address
    ended(lab, drain(lab, path)["id"])
    time.sleep(0.5)
    lab.frr.configure("router bgp 201379", "address-family ipv6 unicast",
                      f"neighbor {address} route-map RM-IFOG-BGPTUNNEL-IN in")
    wait_until(lambda: lab.api("GET", "/v1/router", token="read")["drift"], 5, "it is noticed")
    ended(lab, undrain(lab, path)["id"])
    same_as(lab, before)
    if not tells_by_itself(lab):
        return
    ended(lab, drain(lab, path)["id"])
    time.sleep(0.5)
    lab.frr.configure("router bgp 201379", f"no neighbor {address} graceful-shutdown")
    wait_until(lambda: lab.api("GET", "/v1/router", token="read")["drift"], 5, "it is noticed")
    ended(lab, undrain(lab, path)["id"])
    same_as(lab, before)


def tells_by_itself(lab):
    """Has this FRR a word for one neighbor that reaches it?"""
    return tuple(map(int, re.findall("[0-9]+", lab.frr.version())[:2])) >= (10, 6)


@suite.test
def frr_tells_where_it_can(lab):
    """Its own word from 10.6 on, else a copy; one neighbor alone, either way."""
    before, path = now(lab), lab.path("ifog")
    line = f"neighbor {lab.peer('ifog').address} graceful-shutdown"
    ended(lab, drain(lab, path)["id"])
    running = lab.frr.running_config()
    assert (f" {line}\n" in running) is tells_by_itself(lab), running
    assert ("MH-DRAIN-IFOG-OUT" in running) is not tells_by_itself(lab), running
    for peer in ("lagrange", "route64", "vtbgp"):
        assert GSHUT not in seen(lab, peer), peer
    assert lab.patch("ifog", {"export": {"as_path_prepend": 2}}).status == 200
    wait_until(lambda: seen(lab, "ifog").count("201379") >= 3, 5, "the longer path is announced")
    assert GSHUT in seen(lab, "ifog") and status(lab, "ifog") == "drained"
    assert lab.patch("ifog", {"export": {"as_path_prepend": 0}}).status == 200
    longer = drain(lab, path, prepend=2)
    ended(lab, longer["id"])
    assert seen(lab, "ifog").count("201379") >= 3 and GSHUT in seen(lab, "ifog")
    assert (f" {line}\n" in lab.frr.running_config()) is tells_by_itself(lab)
    ended(lab, undrain(lab, path)["id"])
    same_as(lab, before)


@suite.test
def what_the_operator_says_stays(lab):
    """Its line is there before, meanwhile and afterwards."""
    if not tells_by_itself(lab):
        raise Skip(f"FRR {lab.frr.version()} does not tell one neighbor by itself")
    first, path = now(lab), lab.path("ifog")
    address = lab.peer("ifog").address
    lab.frr.configure("router bgp 201379", f"neighbor {address} graceful-shutdown")
    before = now(lab)
    done = ended(lab, drain(lab, path, prepend=1)["id"])
    assert done["result"]["end"] == "drained", done
    ended(lab, undrain(lab, path)["id"])
    same_as(lab, before)
    lab.frr.configure("router bgp 201379", f"no neighbor {address} graceful-shutdown")
    assert now(lab) == first


def bird_log():
    with open("/run/e2e/bird.log", encoding="utf-8", errors="replace") as file:
        return file.read()


@suite.test
def the_last_word_of_a_machine_that_goes_down(lab):
    """Not drained: the sessions are shut down with a message, and nothing is saved."""
    before = now(lab)
    lab.daemon.stop()
    with open(f"{ROOT}/deploy/multihomed-shutdown", encoding="ascii") as file:
        script = file.read().replace("/usr/local/sbin/multihomed", f"{BUILD}/multihomed")
    began = time.monotonic()
    done = subprocess.run(["sh", "-s", "--", "-c", lab.daemon.config_path], input=script,
                          timeout=20, capture_output=True, encoding="utf-8", check=False)
    print("# told within", round(time.monotonic() - began, 1), "s:", done.stdout.strip())
    assert done.returncode == 0, done
    # They connect again at once, so what they heard stands in their log alone.
    wait_until(lambda: bird_log().count("this router goes down or reboots") >=
               len(lab.network.peers), 20, bird_log)
    assert lab.frr.saved_config() == before[1], "it was saved"
    for peer in lab.network.peers:
        lab.frr.configure("router bgp 201379", f"no neighbor {lab.peer(peer).address} shutdown")
    lab.wait_settled()
    lab.daemon.start()
    same_as(lab, before)


suite.main()
