#!/usr/bin/python3
"""What operators' configurations have that a drain must bear."""

from draining import (drain, ended, layers, now, phase, preference, router_state, same_as,
                      undrain)
from harness import Suite, differ
from network import WELL_KNOWN
from sandbox import wait_until

suite = Suite("drain_strange", seconds=120)
PREPARED = "2001:db8:999::1"


def heard_through(lab, peer):
    wait_until(lambda: lab.best_through(peer) > 0, 10, f"{peer} has best paths")


def weighed(lab, *lines):
    """What ifog sends has a weight, which counts before any preference."""
    lab.frr.configure(*lines)
    lab.frr.vtysh(f"clear bgp ipv6 unicast {lab.peer('ifog').address} soft in")
    wait_until(lambda: "weight 200" in lab.frr.vtysh(
        f"show bgp ipv6 unicast {WELL_KNOWN}"), 10, "its routes have the weight")


def led_away(lab):
    before, sessions = now(lab), lab.frr.fingerprint()
    path = lab.path("ifog")
    heard_through(lab, "ifog")
    done = ended(lab, drain(lab, path)["id"])
    assert done["result"]["end"] == "drained", done
    assert preference(lab, "ifog") == 0
    found = {prefix for prefix, neighbor in lab.frr.best_paths().items()
             if neighbor == lab.peer("ifog").address}
    assert WELL_KNOWN not in found, found
    ended(lab, undrain(lab, path)["id"])
    same_as(lab, before)
    assert lab.frr.fingerprint() == sessions, "a session was reset"


@suite.test
def a_weight_in_the_map(lab):
    name = "RM-IFOG-BGPTUNNEL-IN"
    weighed(lab, f"route-map {name} permit 10", "set weight 200")
    led_away(lab)
    lab.frr.configure(f"route-map {name} permit 10", "no set weight")


@suite.test
def a_weight_of_the_neighbor(lab):
    family = ("router bgp 201379", "address-family ipv6 unicast")
    weighed(lab, *family, f"neighbor {lab.peer('ifog').address} weight 200")
    led_away(lab)
    lab.frr.configure(*family, f"no neighbor {lab.peer('ifog').address} weight")


@suite.test
def a_neighbor_that_is_active_in_no_family(lab):
    """Prepared, and not in use: the router goes out of service and comes back around it."""
    lab.frr.configure("router bgp 201379", f"neighbor {PREPARED} remote-as 64444",
                      f"neighbor {PREPARED} description prepared")
    lab.names = None
    before = now(lab)
    done = ended(lab, drain(lab, "/v1/router", mode="shutdown", force=True)["id"])
    assert done["result"]["end"] == "drained", done
    wait_until(lambda: router_state(lab) == "drained", 5, "it shows")
    running = lab.frr.running_config()
    assert running.count("shutdown message") == len(lab.network.peers), running
    assert f"neighbor {PREPARED} shutdown" not in running
    ended(lab, undrain(lab, "/v1/router")["id"])
    assert layers(lab, "/v1/router") == []
    same_as(lab, before)
    path = lab.path_of(PREPARED)
    ended(lab, drain(lab, path)["id"])
    ended(lab, undrain(lab, path)["id"])
    same_as(lab, before)
    lab.frr.configure("router bgp 201379", f"no neighbor {PREPARED} remote-as 64444")


def doctor(lab):
    checks = lab.api("GET", "/v1/router/doctor", token="read")["checks"]
    return next(check for check in checks if check["name"] == "drains")


@suite.test
def a_file_from_the_time_of_a_drain(lab):
    """Nobody knows its reason any more: the doctor does, and how it goes away."""
    before, path = now(lab), lab.path("ifog")
    ended(lab, drain(lab, path)["id"])
    drained = lab.frr.saved_config()
    assert doctor(lab)["state"] == "ok", doctor(lab)
    ended(lab, undrain(lab, path)["id"])
    lab.power_off()
    lab.frr.write_conf(drained)
    lab.frr.start_daemons()
    lab.daemon.start()
    lab.wait_settled(60)
    told = doctor(lab)
    assert told["state"] == "warning" and lab.peer("ifog").address in told["detail"], told
    assert "mhctl undrain" in told["fix"], told
    ended(lab, drain(lab, path, force=True)["id"])
    ended(lab, undrain(lab, path)["id"])
    same_as(lab, before)
    assert doctor(lab)["state"] == "ok", doctor(lab)


def detach(lab, map_name, direction):
    lab.frr.configure("router bgp 201379", "address-family ipv6 unicast",
                      f"no neighbor {lab.peer('ifog').address} route-map {map_name} {direction}")


def warned(lab):
    return [text for text in lab.upstream("ifog")["status"]["warnings"] if "by hand" in text]


@suite.test
def taken_apart_by_hand(lab):
    """While it is proven it is put together again; later it is told, and left."""
    before, path = now(lab), lab.path("ifog")
    begun = drain(lab, path)["id"]
    phase(lab, path, "proof")
    whole = lab.frr.running_config()
    # FRR 10.6 tells the others by itself: there is no copy outbound.
    side = "out" if "MH-DRAIN-IFOG-OUT" in whole else "in"
    detach(lab, f"MH-DRAIN-IFOG-{side.upper()}", side)
    done = ended(lab, begun)
    assert done["result"]["end"] == "drained", done
    assert lab.frr.running_config() == whole, differ(whole, lab.frr.running_config())
    assert warned(lab) == []
    detach(lab, "MH-DRAIN-IFOG-IN", "in")
    wait_until(lambda: warned(lab), 10, "somebody is told")
    ended(lab, undrain(lab, path)["id"])
    assert warned(lab) == []
    same_as(lab, before)


suite.main()
