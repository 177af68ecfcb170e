#!/usr/bin/python3
"""What somebody does behind our back is seen, shown, and in the audit log."""

import time

from harness import Suite
from machine import machine, must_be
from newcomers import FAR, newcomer, order, path
from sandbox import run, wait_until

suite = Suite("drift", seconds=120)
SECONDS = 2.5  # two, and what it takes to ask
there = {}


def external(lab, since):
    return [row for row in lab.daemon.audit()
            if row["seq"] > since and row["kind"] == "external"]


def drift(lab):
    return lab.api("GET", "/v1/router", token="read")["drift"]


def seen(lab, seq, *words):
    """The row that tells of it, within two seconds; and it is shown."""
    def told():
        return [row for row in external(lab, seq)
                if all(word in str(row) for word in words)]
    rows = wait_until(told, SECONDS, f"a row that tells {words}")
    assert rows[0]["actor"] == "external" or rows[0]["kind"] == "external", rows
    shown = [item for item in drift(lab) if item["audit_seq"] == rows[0]["seq"]]
    assert shown and shown[0]["subsystem"] and shown[0]["detail"], (rows, drift(lab))
    assert lab.api("GET", "/v1/audit/verify", token="read")["intact"] is True
    return rows


def quiet(lab, seq, why):
    time.sleep(SECONDS)
    assert not external(lab, seq), (why, external(lab, seq))


@suite.test
def our_own_changes_are_none(lab):
    lab.frr.vtysh("write memory")
    lab.daemon.token("configure")
    quiet(lab, 0, "nothing was done by hand")
    seq = lab.daemon.last_seq()
    there["far"] = newcomer(lab, FAR)
    peer = there["far"]
    assert lab.put(path(peer), order(peer)).status == 201
    assert lab.patch("ifog", {"import": {"local_preference": 160}}).status == 200
    assert lab.patch("ifog", {"import": {"local_preference": 150}}).status == 200
    quiet(lab, seq, "only we changed anything")


@suite.test
def a_line_by_vtysh(lab):
    seq = lab.daemon.last_seq()
    lab.frr.configure("route-map RM-LAGRANGE-IN permit 10", "set local-preference 130")
    seen(lab, seq, "local-preference 130")
    seq = lab.daemon.last_seq()
    lab.frr.configure("route-map RM-LAGRANGE-IN permit 10", "no set local-preference")
    seen(lab, seq, "no set local-preference")
    assert len(external(lab, seq)) == 1, "once, and not each second"


@suite.test
def a_session_that_comes_and_goes_is_none(lab):
    seq = lab.daemon.last_seq()
    lab.frr.vtysh(f"clear bgp ipv6 unicast {lab.peer('route64').address}")
    quiet(lab, seq, "the configuration is the same")
    lab.wait_settled(60)


@suite.test
def our_route_by_ip(lab):
    peer, before = there["far"], machine(lab)
    seq = lab.daemon.last_seq()
    run("ip", "-6", "route", "del", peer.theirs)
    seen(lab, seq, peer.address)
    # A PUT of what should be there mends it.
    answer = lab.put(path(peer), order(peer))
    assert answer.status == 200 and answer["changed"] is True, answer
    must_be(lab, before)


@suite.test
def our_rules_by_nft(lab):
    before, seq = machine(lab), lab.daemon.last_seq()
    run("nft", "add chain inet multihomed intruder")
    seen(lab, seq, "firewall")
    firewall = lab.api("GET", "/v1/firewall", token="read")
    assert firewall["as_set"] is False and firewall["warnings"], firewall
    seq = lab.daemon.last_seq()
    run("nft", "delete chain inet multihomed intruder")
    must_be(lab, before)
    seen(lab, seq, "firewall")  # that they are as they were is told too


@suite.test
def somebody_elses_rules_are_none(lab):
    seq = lab.daemon.last_seq()
    run("nft", "add table inet hand")
    quiet(lab, seq, "another table")
    run("nft", "delete table inet hand")


@suite.test
def what_was_done_while_we_did_not_run(lab):
    seq = lab.daemon.last_seq()
    lab.daemon.stop()
    lab.frr.configure("route-map RM-LAGRANGE-IN permit 10", "set local-preference 131")
    lab.daemon.start()
    seen(lab, seq, "local-preference 131")
    seq = lab.daemon.last_seq()
    lab.daemon.stop()
    lab.daemon.start()
    quiet(lab, seq, "told once")
    lab.frr.configure("route-map RM-LAGRANGE-IN permit 10", "no set local-preference")


@suite.test
def all_gone_again(lab):
    assert lab.delete(path(there["far"])).status == 200
    seq = lab.daemon.last_seq()
    quiet(lab, seq, "a removal of ours")


suite.main()
