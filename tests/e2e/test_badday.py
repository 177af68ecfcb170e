#!/usr/bin/python3
"""bgpd killed, stopped, absent: reads go on, writes say so, all recovers."""

import socket
import time

from frr import SOCKETS
from harness import Suite
from sandbox import Skip, wait_until

suite = Suite("badday", seconds=150)
BODY = {"import": {"local_preference": 160}, "reason": "on a bad day"}
READS = ["/v1/router", "/v1/upstreams", "/v1/sessions"]


def reads_go_on(lab, word):
    """Each is answered quickly, from what was seen last, and says so."""
    def told():
        answer = lab.api("GET", "/v1/upstreams", token="read")
        return answer if answer["snapshot"]["stale"] else None
    first = wait_until(told, 10, "the snapshot is called stale")
    for path in READS + [lab.path("ifog"), f"/v1/sessions/{lab.peer('ifog').address}"]:
        began = time.monotonic()
        answer = lab.api("GET", path, token="read")
        assert answer.status == 200 and time.monotonic() - began < 0.5, (path, answer)
        if path in READS:
            assert answer["snapshot"]["stale"] is True, answer
            assert any(word in warning for warning in answer["warnings"]), answer["warnings"]
    assert len(first["upstreams"]) == 4, "what was known is still told"
    assert lab.api("GET", "/v1/router", token="read")["writable"] is False
    age = first["snapshot"]["age_ms"]
    wait_until(lambda: lab.api("GET", "/v1/upstreams", token="read")["snapshot"]["age_ms"]
               >= age + 300, 5, "the age grows")
    assert lab.api("GET", "/v1/audit?limit=1", token="read").status == 200


def writes_are_refused(lab, word):
    seq, saved = lab.daemon.last_seq(), lab.frr.saved_config()
    for method, target, body in (
            ("PATCH", lab.path("ifog"), BODY), ("PATCH", lab.path("ifog") + "?dry_run=true", BODY),
            ("POST", f"/v1/sessions/{lab.peer('ifog').address}/clear", {"soft": "in"})):
        began = time.monotonic()
        answer = lab.api(method, target, body)
        assert answer.status == 503 and word in answer["detail"], answer
        assert time.monotonic() - began < 8, "a clear error, never a hang"
    assert lab.daemon.last_seq() == seq, "nothing was begun"
    assert lab.frr.saved_config() == saved


def recovers(lab, seconds=60):
    def fresh():
        router = lab.api("GET", "/v1/router", token="read").json
        return not router["snapshot"]["stale"] and router["writable"] and not router["warnings"]
    wait_until(fresh, 15, "the router is seen again")
    lab.daemon.wait_ready()
    lab.wait_settled(seconds)
    answer = lab.patch("ifog", {"import": {"local_preference": 161}})
    assert answer.status == 200, answer
    assert lab.patch("ifog", {"import": {"local_preference": 150}}).status == 200
    assert lab.saved_agrees()


@suite.test
def bgpd_stopped(lab):
    sessions = lab.frr.fingerprint()
    lab.frr.stop_bgpd()
    try:
        reads_go_on(lab, "bgpd")
        writes_are_refused(lab, "bgpd")
        answer = lab.api("GET", "/v1/routes/2620:fe::%2F48", token="read")
        assert answer.status in (503, 504) and "bgpd" in answer["detail"], answer
    finally:
        lab.frr.cont_bgpd()
    recovers(lab)
    assert lab.frr.fingerprint() == sessions


@suite.test
def bgpd_killed_and_back(lab):
    lab.frr.kill_bgpd()
    reads_go_on(lab, "bgpd")
    writes_are_refused(lab, "bgpd")
    lab.frr.start_bgpd()
    recovers(lab)


@suite.test
def an_empty_bgpd_is_not_taken_for_an_empty_router(lab):
    lab.frr.kill_bgpd()
    lab.frr.start_daemon("bgpd")  # answers, but has no configuration yet
    answer = lab.patch("ifog", BODY)
    assert answer.status in (404, 503), answer
    assert len(lab.api("GET", "/v1/upstreams", token="read")["upstreams"]) in (0, 4)
    lab.frr.load()
    recovers(lab)


@suite.test
def staticd_killed(lab):
    """write memory would now lose its part of the file."""
    before = (lab.frr.running_config(), lab.frr.saved_config(), lab.frr.fingerprint())
    lab.frr.processes["staticd"].kill()
    lab.frr.processes["staticd"].wait()
    answer = lab.patch("ifog", BODY)
    assert answer.status in (502, 503), answer
    lab.frr.start_daemon("staticd")
    lab.frr.load()
    assert (lab.frr.running_config(), lab.frr.saved_config(), lab.frr.fingerprint()) == before
    recovers(lab)


class Lock:
    """mgmtd's, in the hands of somebody else's vtysh."""

    def __init__(self):
        self.vty = socket.socket(socket.AF_UNIX)
        self.vty.connect(f"{SOCKETS}/mgmtd.vty")

    def __enter__(self):
        for command in (b"enable", b"configure terminal file-lock"):
            self.vty.sendall(command + b"\0")
            assert self.vty.recv(100) == b"\0\0\0\0", command

    def __exit__(self, *_):
        self.vty.close()


def needs_mgmtd(lab):
    if "mgmtd" not in lab.frr.processes:
        raise Skip(f"FRR {lab.frr.version()} has no mgmtd")


@suite.test
def mgmtd_killed(lab):
    needs_mgmtd(lab)
    before = (lab.frr.running_config(), lab.frr.saved_config(), lab.frr.fingerprint())
    lab.frr.processes["mgmtd"].kill()
    lab.frr.processes["mgmtd"].wait()
    answer = lab.api("PUT", lab.path("ifog") + "/drain", {"reason": "works"})
    assert answer.status in (502, 503), answer
    answer = lab.patch("ifog", BODY)
    assert answer.status in (502, 503), answer
    lab.frr.start_daemon("mgmtd")
    lab.frr.load()
    assert (lab.frr.running_config(), lab.frr.saved_config(), lab.frr.fingerprint()) == before
    recovers(lab)


@suite.test
def somebody_holds_the_lock(lab):
    """vtysh would wait for ever, and bgpd would have half of it."""
    needs_mgmtd(lab)
    lab.daemon.token("configure")
    before = (lab.frr.running_config(), lab.frr.saved_config())
    with Lock():
        answer = lab.put(lab.path("ifog"), {**{name: value for name, value in
                         lab.upstream("ifog").json.items() if name != "status"},
                         "import": {"prefix_list": None}})
        assert answer.status == 503 and "locked by another session" in answer["detail"], answer
        assert (lab.frr.running_config(), lab.frr.saved_config()) == before
    assert (lab.frr.running_config(), lab.frr.saved_config()) == before
    recovers(lab)


@suite.test
def absent_at_start(lab):
    lab.daemon.stop()
    lab.frr.kill_bgpd()
    lab.daemon.start(ready=False)
    answer = lab.api("GET", "/readyz", token=None)
    assert answer.status == 503 and answer["code"] == "not_ready", answer
    for path in READS:
        answer = lab.api("GET", path, token="read")
        assert answer.status in (200, 503), answer
        assert b"bgpd" in answer.body, answer
        if answer.status == 200:
            assert answer["snapshot"]["stale"] is True and answer["warnings"], answer
    answer = lab.api("PATCH", "/v1/upstreams/ifog", BODY)
    assert answer.status == 503 and "bgpd" in answer["detail"], answer
    lab.frr.start_bgpd()
    lab.daemon.wait_ready()
    recovers(lab)


@suite.test
def the_engine_killed(lab):
    before = (lab.frr.running_config(), lab.frr.saved_config(), lab.daemon.audit())
    lab.daemon.kill_engine()
    assert (lab.frr.running_config(), lab.frr.saved_config(), lab.daemon.audit()) == before
    recovers(lab)


@suite.test
def the_http_process_killed(lab):
    old = [pid for pid, name in lab.daemon.processes("multihomed-http")]
    assert len(old) == 1, old
    lab.daemon.end(old[0])
    wait_until(lambda: lab.daemon.says("/readyz"), 20, "it is started again")
    assert [pid for pid, name in lab.daemon.processes("multihomed-http")] != old
    recovers(lab)


suite.main()
