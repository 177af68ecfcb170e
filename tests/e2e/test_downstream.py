#!/usr/bin/python3
"""Downstreams: a tunnel and the prefixes behind it, no BGP."""

import subprocess

from harness import Suite
from machine import machine, must_be
from sandbox import run, wait_until

suite = Suite("downstream", seconds=90)
OUTER = "198.51.100.10"
BODY = {"description": "Tunnel to Radon",
        "tunnel": {"kind": "gif", "local": OUTER, "remote": "203.0.113.10", "mtu": 1480},
        "address": "2a06:9801:1c:ffff::1", "peer": "2a06:9801:1c:ffff::2",
        "prefixes": ["2a06:9801:1c:1000::/64", "2a06:9801:1c:1001::/64"]}
PATH = "/v1/downstreams/radon"


def kernel_has_tunnels():
    done = subprocess.run(["ip", "link", "add", "mhprobe", "type", "sit", "local", "192.0.2.1",
                           "remote", "192.0.2.2"], capture_output=True, check=False)
    if done.returncode == 0:
        run("ip", "link", "del", "mhprobe")
    return done.returncode == 0


@suite.test
def none_at_first(lab):
    run("ip", "addr", "add", f"{OUTER}/32", "dev", "lo")
    lab.frr.vtysh("write memory")
    answer = lab.api("GET", "/v1/downstreams", token="read")
    assert answer.status == 200 and answer["downstreams"] == [], answer
    assert answer["snapshot"]["stale"] is False, answer
    assert lab.api("GET", PATH, token="read").status == 404
    lab.daemon.token("configure")


@suite.test
def a_plan_needs_no_kernel(lab):
    before = machine(lab)
    dry = lab.put(PATH, BODY, "?dry_run=true")
    assert dry.status == 200 and dry["changed"] is True, dry
    steps = {step["subsystem"]: step for step in dry["plan"]["steps"]}
    assert {"links", "routes", "boot"} <= set(steps), dry["plan"]
    told = "\n".join(line for step in dry["plan"]["steps"] for line in step["commands"])
    for want in (OUTER, "203.0.113.10", "1480", *BODY["prefixes"]):
        assert want in told, (want, told)
    must_be(lab, before)


@suite.test
def it_comes_and_goes(lab):
    before = machine(lab)
    answer = lab.put(PATH, BODY)
    if not kernel_has_tunnels():
        assert answer.status == 502 and answer["undone"] is True, answer
        assert "Unknown device type" in answer["tool"]["output"], answer
        must_be(lab, before)
        return
    assert answer.status == 201, answer
    for prefix in BODY["prefixes"]:
        assert f"via {BODY['peer']}" in run("ip", "-6", "route", "show", prefix)
    wait_until(lambda: lab.api("GET", PATH, token="read").status == 200, 5, "it is seen")
    item = lab.api("GET", PATH, token="read").json
    again = lab.put(PATH, item)
    assert again.status == 200 and again["changed"] is False, again
    gone = lab.delete(PATH)
    assert gone.status == 200 and gone["downstream"] is None, gone
    must_be(lab, before)


suite.main()
