#!/usr/bin/python3
"""What is asked before an upstream is drained that is out of service already, or whose
router is, and of what no list names."""

from draining import OURS, drain, ended, layers, now, same_as, seen, undrain
from harness import Suite, differ
from sandbox import wait_until

suite = Suite("drain_preflight", seconds=120)
TRANSITS = ("ifog", "lagrange", "route64")
AS = "router bgp 201379"
MORE = ("2a06:9801:1c:7::/64", "2a06:9801:1c:8::/64")


def established(lab, peer, there=True):
    """And is announced something."""
    def seen_so():
        now_is = lab.upstream(peer)["status"]
        up = now_is["session"] == "established"
        return up and now_is["prefixes_sent"] > 0 if there else not up
    wait_until(seen_so, 40, f"{peer} is established: {there}")


def shut(lab, *peers, no=""):
    """By hand: for us that session is down."""
    for peer in peers:
        lab.frr.configure(AS, f"{no}neighbor {lab.peer(peer).address} shutdown")
    for peer in peers:
        established(lab, peer, no != "")


def refused(lab, peer, words, **more):
    """For one reason alone, and nothing is left of it."""
    path = lab.path(peer)
    before = layers(lab, path)
    answer = drain(lab, path, 409, **more)
    assert answer["code"] == "drain_preflight" and layers(lab, path) == before, answer
    error, = answer["errors"]
    assert error["pointer"] == "/force" and error["detail"].startswith("only_path: "), answer
    assert words in error["detail"], answer


def back(lab, *paths):
    for path in paths:
        ended(lab, undrain(lab, path)["id"])


@suite.test
def shut_after_it_was_drained(lab):
    """Drained, it is still the only one that announces: that much is not taken yet."""
    before, path = now(lab), lab.path("ifog")
    ended(lab, drain(lab, path)["id"])
    shut(lab, *TRANSITS[1:])
    for owner in ("operator", "fleet"):
        refused(lab, "ifog", OURS, mode="shutdown", on_timeout="proceed", owner=owner)
    # As much as there is already takes nothing more.
    ended(lab, drain(lab, path, owner="fleet")["id"])
    ended(lab, undrain(lab, path, "fleet")["id"])
    assert OURS in seen(lab, "ifog")
    shut(lab, *TRANSITS[1:], no="no ")
    ended(lab, drain(lab, path, mode="shutdown")["id"])
    shut(lab, *TRANSITS[1:])
    answer = drain(lab, path, mode="shutdown", owner="fleet")
    assert answer["phase"] == "signal", answer
    ended(lab, undrain(lab, path, "fleet")["id"])
    shut(lab, *TRANSITS[1:], no="no ")
    back(lab, path)
    same_as(lab, (before[0], None))
    lab.wait_settled()


@suite.test
def one_after_another_under_a_drained_router(lab):
    """It comes back by itself one day, and needs a path then."""
    before = now(lab)
    ended(lab, drain(lab, "/v1/router")["id"])
    for peer in TRANSITS[:2]:
        ended(lab, drain(lab, lab.path(peer))["id"])
    refused(lab, "route64", "once the router's own drain ends, no other ")
    back(lab, lab.path("ifog"))
    ended(lab, drain(lab, lab.path("route64"))["id"])
    back(lab, "/v1/router", lab.path("lagrange"), lab.path("route64"))
    same_as(lab, before)


@suite.test
def under_a_router_that_is_shut(lab):
    """No session is established; those that were before come back with it."""
    before = now(lab)
    shut(lab, "lagrange")
    ended(lab, drain(lab, "/v1/router", mode="shutdown")["id"])
    for peer in TRANSITS:
        established(lab, peer, False)
    drain(lab, lab.path("ifog"))
    refused(lab, "route64", OURS)  # lagrange was down by itself
    back(lab, lab.path("ifog"))
    drain(lab, lab.path("route64"))
    back(lab, lab.path("route64"))
    back(lab, "/v1/router")
    shut(lab, "lagrange", no="no ")
    lab.frr.vtysh("write memory")
    same_as(lab, before)
    lab.wait_settled()


@suite.test
def what_no_list_names(lab):
    """More specific ones alone, let out by "le": neither is asked for by name."""
    before = now(lab)
    lab.frr.configure("no ipv6 prefix-list PL-MY-NET seq 5",
                      f"ipv6 prefix-list PL-MY-NET seq 5 permit {OURS} le 64",
                      f"no ipv6 route {OURS} blackhole",
                      *(f"ipv6 route {prefix} blackhole" for prefix in MORE))
    lab.frr.configure(AS, "address-family ipv6 unicast", f"no network {OURS}",
                      "redistribute static")
    shut(lab, *TRANSITS[1:])
    wait_until(lambda: lab.peer("ifog").control("show route protocol customer").count(
        "2a06:9801:1c:") == len(MORE), 20, "they alone are announced")
    refused(lab, "ifog", "2 prefixes of ipv6-unicast are announced to ifog, 2 of them ")
    shut(lab, "lagrange", no="no ")
    wait_until(lambda: lab.upstream("lagrange")["status"]["prefixes_sent"] == 2, 20,
               "they are announced there too")
    ended(lab, drain(lab, lab.path("ifog"))["id"])
    back(lab, lab.path("ifog"))
    shut(lab, "route64", no="no ")
    lab.frr.configure(AS, "address-family ipv6 unicast", "no redistribute static",
                      f"network {OURS}")
    lab.frr.configure(*(f"no ipv6 route {prefix} blackhole" for prefix in MORE),
                      f"ipv6 route {OURS} blackhole",
                      "no ipv6 prefix-list PL-MY-NET seq 5",
                      f"ipv6 prefix-list PL-MY-NET seq 5 permit {OURS}")
    assert differ(before[0], lab.frr.running_config()) == []


suite.main()
