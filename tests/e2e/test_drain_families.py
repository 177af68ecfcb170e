#!/usr/bin/python3
"""Drains of neighbors with IPv4, and with both families."""

from draining import GSHUT, OURS, drain, ended, layers, now, preference, same_as, seen, undrain
from harness import Suite
from network import WELL_KNOWN, WELL_KNOWN4
from newcomers import BOTH, FOUR, PREFIX4, newcomer, order, path
from sandbox import wait_until

suite = Suite("drain_families", seconds=120)
FAMILIES = ["ipv4-unicast", "ipv6-unicast"]
peers = {}


def heard(lab, peer, prefix, there=True):
    """Waits until the provider has heard of the prefix, or that it is gone."""
    wait_until(lambda: (prefix in lab.peer(peer).control("show route protocol customer")) == there,
               20, f"{peer} hears of {prefix}: {there}")


def announce(lab, *prefixes):
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
        assert GSHUT not in seen(lab, name, ours) and preference(lab, name, theirs) == usual[theirs]


@suite.test
def ipv4_alone(lab):
    lab.daemon.token("configure")
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
        assert GSHUT not in seen(lab, "both", ours)


suite.main()
