#!/usr/bin/python3
"""An adoption that fails after the boot files were written is undone whole.

By then the undo has given up again what it had taken over; the boot files have
to get back their lines all the same. Needs programs built with -DMH_FAULT.
"""

import os
import sys

os.environ.setdefault("MH_BUILD", "build/fault")
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "e2e"))
# pylint: disable=wrong-import-position
from harness import Suite
from machine import machine, must_be
from sandbox import wait_until

PATH = "/v1/upstreams/vultr"
GATEWAY = "fe80::1%vtnet0"
suite = Suite("adopt", seconds=120, name="vtbgp")


def take(lab, status=200, **more):
    answer = lab.api("PATCH", PATH, {"host_route": {"gateway": GATEWAY}, "adopt": True, **more},
                     token="configure")
    assert answer.status == status, answer
    return answer


def intact(lab):
    assert lab.api("GET", "/v1/audit/verify", token="read")["intact"] is True
    listed = lab.api("GET", "/v1/operations?limit=1", token="read")["operations"]
    assert listed[0]["state"] == "undone", listed


@suite.test
def the_boot_files_cannot_all_be_written(lab):
    lab.frr.vtysh("write memory")
    lab.daemon.token("configure")
    before = machine(lab)
    lab.daemon.fault("between_saves", "fail")
    answer = take(lab, 502, description="Vultr")
    assert answer["undone"] is True, answer
    must_be(lab, before)
    intact(lab)


@suite.test
def killed_between_two_boot_files(lab):
    before = machine(lab)
    old = lab.daemon.engine_pid()
    lab.daemon.fault("between_saves", "kill")
    try:
        lab.api("PATCH", PATH, {"host_route": {"gateway": GATEWAY}, "adopt": True,
                                "description": "Vultr"}, token="configure")
    except OSError:
        pass
    lab.daemon.wait_new_engine(old)
    lab.daemon.wait_ready(60)
    wait_until(lambda: lab.api("GET", "/v1/operations?limit=1", token="read")["operations"][0]
               ["state"] in ("done", "undone"), 60, "it has been finished or undone")
    # What was being saved was in effect: it is finished, or it is as before.
    state = lab.api("GET", "/v1/operations?limit=1", token="read")["operations"][0]["state"]
    if state == "undone":
        must_be(lab, before)
        take(lab)
    else:
        assert machine(lab) != before
    # And it is ours: a removal of the route needs no further word.
    answer = lab.api("PATCH", PATH, {"host_route": None, "description": "Vultr-Core"},
                     token="configure")
    assert answer.status == 200, answer


suite.main()
