#!/usr/bin/python3
"""Out of service and back: told, proven, in layers, over crashes and boots."""

import os
import time

from harness import Suite, differ
from sandbox import run, wait_until

suite = Suite("drain", seconds=120)
GSHUT = "(65535,0)"
OURS = "2a06:9801:1c::/48"
WORDS = {"reason": "provider maintenance", "ticket": "CHG-1234"}


def drain(lab, path, status=202, **body):
    answer = lab.api("PUT", path + "/drain", {**WORDS, **body})
    assert answer.status == status, answer
    return answer


def undrain(lab, path, owner=None, status=202):
    answer = lab.api("DELETE", path + "/drain" + (f"?owner={owner}" if owner else ""))
    assert answer.status == status, answer
    return answer


def layers(lab, path):
    answer = lab.api("GET", path + "/drain", token="read")
    assert answer.status == 200, answer
    return answer["layers"]


def operation(lab, ident):
    answer = lab.api("GET", f"/v1/operations/{ident}", token="read")
    assert answer.status == 200, answer
    return answer


def ended(lab, ident, state="done", seconds=40):
    """Waits for the end; what it looked like."""
    def over():
        now = operation(lab, ident)
        return now if now["state"] not in ("running", "scheduled") else None
    now = wait_until(over, seconds, f"the operation ends, not {operation(lab, ident)['progress']}")
    assert now["state"] == state, now
    return now


def seen(lab, peer):
    """What the provider's BIRD has of us, with all attributes."""
    return lab.peer(peer).control(f"show route {OURS} all")


def preference(lab, peer):
    """Local preferences of what this provider sends us, as bgpd has them."""
    answer = lab.api("GET", "/v1/routes/2620:fe::%2F48", token="read")
    return next(path["local_preference"] for path in answer["paths"]
                if path["neighbor"] == lab.peer(peer).address)


def status(lab, peer):
    return lab.upstream(peer)["status"]["drain"]


def same_as(lab, before):
    running, saved = before
    assert lab.frr.running_config() == running, differ(running, lab.frr.running_config())
    assert lab.saved_agrees()
    assert saved is None or lab.frr.saved_config() == saved, differ(saved, lab.frr.saved_config())


def now(lab):
    lab.frr.vtysh("write memory")
    return lab.frr.running_config(), lab.frr.saved_config()


@suite.test
def the_whole_cycle_of_an_upstream(lab):
    before, sessions, path = now(lab), lab.frr.fingerprint(), lab.path("ifog")
    assert GSHUT not in seen(lab, "ifog")
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
    assert GSHUT not in seen(lab, "ifog") and layers(lab, path) == []
    assert lab.frr.fingerprint() == sessions, "a session was reset"
    wait_until(lambda: status(lab, "ifog") == "in_service", 3, "it shows")
    assert preference(lab, "ifog") == 150
    assert lab.api("GET", "/v1/audit/verify", token="read")["intact"] is True
    undrain(lab, path, status=404)


suite.main()
