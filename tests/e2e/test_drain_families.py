#!/usr/bin/python3
"""Drains of neighbors with IPv4 and with both families, and whose only way it is, prefix by
prefix."""

from draining import (GSHUT, OURS, as_usual, drain, ended, layers, now, preference, same_as, seen,
                      undrain)
from harness import Suite
from network import WELL_KNOWN, WELL_KNOWN4
from newcomers import BOTH, FOUR, PREFIX4, newcomer, order, path
from sandbox import wait_until

suite = Suite("drain_families", seconds=120)
SECOND = "2001:db8:1c::/48"
OTHERS = ("lagrange", "route64")
FAMILIES = ["ipv4-unicast", "ipv6-unicast"]
peers = {}


def heard(lab, peer, prefix, there=True):
    """Waits until the provider has heard of the prefix, or that it is gone."""
    wait_until(lambda: (prefix in lab.peer(peer).control("show route protocol customer")) == there,
               20, f"{peer} hears of {prefix}: {there}")


def announce(lab, *prefixes):
    lab.daemon.token("configure")
    answer = lab.api("PATCH", "/v1/router", {"prefixes": [OURS, *prefixes]}, token="configure")
    assert answer.status == 200, answer


def joined(lab, what, **more):
    """A provider that has joined; it stays for the tests that follow."""
    if what not in peers:
        peers[what] = newcomer(lab, what)
        lab.network.peers[peers[what].name] = peers[what]
        lab.daemon.token("configure")
        answer = lab.put(path(peers[what]), order(peers[what], **more))
        assert answer.status == 201, answer
        lab.names = None
        wait_until(lambda: lab.api("GET", path(peers[what]), token="read")["status"][
            "prefixes_received"] == peers[what].count * len(peers[what].families), 40,
            "it is established and has sent its prefixes")
    return peers[what]


def refused(lab, peer):
    """The prefixes that keep it from being drained."""
    answer = drain(lab, lab.path(peer), 409)
    assert answer["code"] == "drain_preflight" and layers(lab, lab.path(peer)) == [], answer
    for error in answer["errors"]:
        assert error["pointer"] == "/force" and error["detail"].startswith("only_path: "), answer
    return [word for error in answer["errors"] for word in error["detail"].split() if "/" in word]


def out_and_back(lab, name, prefixes):
    """{prefix of ours: one of theirs} are told, in full; then all is as before."""
    before, sessions = now(lab), lab.frr.fingerprint()
    usual = {theirs: preference(lab, name, theirs) for theirs in prefixes.values()}
    assert 0 not in usual.values(), usual
    done = ended(lab, drain(lab, lab.path(name), prepend=1)["id"])
    assert done["result"]["end"] == "drained", done
    for ours, theirs in prefixes.items():
        assert GSHUT in seen(lab, name, ours), seen(lab, name, ours)
        assert "BGP.as_path: 201379 201379\n" in seen(lab, name, ours), seen(lab, name, ours)
        assert preference(lab, name, theirs) == 0, theirs
    assert lab.saved_agrees()
    ended(lab, undrain(lab, lab.path(name))["id"])
    same_as(lab, before)
    assert lab.frr.fingerprint() == sessions, "a session was reset"
    for ours, theirs in prefixes.items():
        as_usual(lab, name, ours)
        wait_until(lambda prefix=theirs: preference(lab, name, prefix) == usual[prefix], 15,
                   f"{theirs} is preferred as before")


@suite.test
def whose_only_way_it_is(lab):
    """Two prefixes; the others are announced one of them, each for a reason of its own."""
    before = now(lab)
    announce(lab, SECOND)
    for peer in ("ifog", *OTHERS):
        heard(lab, peer, SECOND)
    ended(lab, drain(lab, lab.path("ifog"))["id"])
    ended(lab, undrain(lab, lab.path("ifog"))["id"])
    lagrange, route64 = (lab.peer(peer).address for peer in OTHERS)
    lab.frr.configure("ipv6 prefix-list PL-FIRST seq 5 permit " + OURS,
                      "ipv6 prefix-list PL-SECOND seq 5 permit " + SECOND,
                      "route-map RM-LAGRANGE-OUT deny 5",
                      "match ipv6 address prefix-list PL-SECOND")
    lab.frr.configure("router bgp 201379", "address-family ipv6 unicast",
                      f"neighbor {route64} prefix-list PL-FIRST out")
    for peer, address in zip(OTHERS, (lagrange, route64)):
        lab.frr.vtysh(f"clear bgp ipv6 unicast {address} soft out")
        heard(lab, peer, SECOND, False)
    assert refused(lab, "ifog") == [SECOND]
    as_usual(lab, "ifog")
    # What it is not announced itself it cannot take away.
    ended(lab, drain(lab, lab.path("lagrange"))["id"])
    ended(lab, undrain(lab, lab.path("lagrange"))["id"])
    # A second entry of the map lets it out.
    lab.frr.configure("route-map RM-ROUTE64-OUT permit 20",
                      "match ipv6 address prefix-list PL-SECOND")
    lab.frr.configure("router bgp 201379", "address-family ipv6 unicast",
                      f"no neighbor {route64} prefix-list PL-FIRST out")
    lab.frr.configure("route-map RM-ROUTE64-OUT permit 10",
                      "match ipv6 address prefix-list PL-FIRST")
    lab.frr.vtysh(f"clear bgp ipv6 unicast {route64} soft out")
    heard(lab, "route64", SECOND)
    ended(lab, drain(lab, lab.path("ifog"))["id"])
    assert refused(lab, "route64") == [SECOND]
    ended(lab, undrain(lab, lab.path("ifog"))["id"])
    lab.frr.configure("route-map RM-ROUTE64-OUT permit 10",
                      "match ipv6 address prefix-list PL-MY-NET",
                      "no route-map RM-ROUTE64-OUT permit 20",
                      "no route-map RM-LAGRANGE-OUT deny 5",
                      "no ipv6 prefix-list PL-FIRST", "no ipv6 prefix-list PL-SECOND")
    announce(lab)
    same_as(lab, (before[0], None))


@suite.test
def ipv4_alone(lab):
    announce(lab, PREFIX4)
    four = joined(lab, FOUR)
    assert lab.upstream("four")["families"] == ["ipv4-unicast"]
    heard(lab, "four", PREFIX4)
    assert refused(lab, "four") == [PREFIX4]
    done = ended(lab, drain(lab, lab.path("four"), force=True)["id"])
    assert done["result"]["end"] == "drained", done
    assert GSHUT in four.control(f"show route {PREFIX4} all")
    ended(lab, undrain(lab, lab.path("four"))["id"])


@suite.test
def both_families_of_one_session(lab):
    joined(lab, BOTH, families=FAMILIES)
    assert lab.upstream("both")["families"] == FAMILIES
    for ours in (OURS, PREFIX4):
        heard(lab, "both", ours)
    out_and_back(lab, "both", {OURS: WELL_KNOWN, PREFIX4: WELL_KNOWN4})


@suite.test
def ipv4_with_another_way(lab):
    out_and_back(lab, "four", {PREFIX4: WELL_KNOWN4})
    ended(lab, drain(lab, lab.path("both"))["id"])
    assert refused(lab, "four") == [PREFIX4]
    ended(lab, undrain(lab, lab.path("both"))["id"])


@suite.test
def shut_down_with_both_families(lab):
    before = now(lab)
    ended(lab, drain(lab, lab.path("both"), mode="shutdown")["id"])
    told = wait_until(lambda: (said := lab.peer("both").control("show protocols all customer"))
                      and "shutdown" in said and said, 5, "the provider sees it")
    assert "CHG-1234 provider maintenance" in told, told
    ended(lab, undrain(lab, lab.path("both"))["id"])
    same_as(lab, before)
    for ours in (OURS, PREFIX4):
        heard(lab, "both", ours)
        wait_until(lambda prefix=ours: GSHUT not in seen(lab, "both", prefix), 5,
                   "it is announced as before")


suite.main()
