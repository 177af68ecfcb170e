#!/usr/bin/python3
"""A bare FRR becomes the reference core through the API alone, and changes."""

from harness import Suite, config_lines, differ
from machine import machine, must_be
from rebuild import BARE, build, patch, router, same_meaning, settable
from reference import CORE, PREFIX, native
from sandbox import run, wait_until

suite = Suite("router", seconds=150, conf=BARE.format(name="hobgp"), settle=False)


@suite.test
def a_bare_router_is_told_as_one(lab):
    item = router(lab)
    assert item["local_as"] is None and item["prefixes"] == [], item
    assert lab.api("GET", "/v1/upstreams", token="read")["upstreams"] == []
    answer = lab.put("/v1/router", {"prefixes": [PREFIX]})
    assert answer.status == 422, answer
    pointers = {error["pointer"] for error in answer["errors"]}
    assert "/local_as" in pointers, answer
    answer = lab.put("/v1/upstreams/early", {"remote_as": 64499,
                                             "neighbor": "2001:db8:300::1"})
    assert answer.status in (409, 422) and "local_as" in answer["detail"], answer


@suite.test
def the_first_of_all_goes_back(lab):
    """A "router bgp" that the change made: that there is none again is no error."""
    lab.frr.vtysh("write memory")
    before = machine(lab)
    answer = lab.put("/v1/router", {"local_as": 64496, "router_id": "192.0.2.1",
                                    "confirm": {"revert_in_s": 60}})
    assert answer.status == 200 and "router bgp" in lab.frr.running_config(), answer
    wait_until(lambda: router(lab)["local_as"] is not None, 5, "it was seen")
    done = lab.api("POST", f"/v1/operations/{answer['operation']}/cancel", {}, token="configure")
    assert done.status == 200 and done["state"] == "undone", done
    must_be(lab, before)


@suite.test
def the_reference_core(lab):
    lab.frr.vtysh("write memory")
    run("ip", "addr", "add", "2a06:9801:1c::1/128", "dev", "lo")
    network = native(CORE, None)
    dry = lab.put("/v1/router", network["router"], "?dry_run=true")
    assert dry.status == 200 and dry["plan"]["steps"], dry
    build(lab, network)
    lab.wait_settled(60)
    assert lab.saved_agrees(), differ(lab.frr.saved_config(), lab.frr.running_config())
    same_meaning(lab)
    before = machine(lab)
    item = router(lab)
    assert item["prefixes"] == [PREFIX] and item["bogons"] == "builtin", item
    assert item["kernel_routes"] == "install", item
    assert item["router_address"] == ["2a06:9801:1c::1"], item
    for body in (network["router"], settable(item)):
        answer = lab.put("/v1/router", body)
        assert answer.status == 200 and answer["changed"] is False, answer
    must_be(lab, before)


@suite.test
def an_as_that_is_used_stays(lab):
    answer = patch(lab, {"local_as": 64500}, 409)
    assert answer["code"] == "local_as_in_use", answer


@suite.test
def prefixes_come_and_go(lab):
    before, sessions = machine(lab), lab.frr.fingerprint()
    more = [PREFIX, "2001:db8:1c::/48", {"prefix": "2001:db8:2c::/48", "originate": True,
                                         "route": "reject"}, "203.0.113.0/24"]
    patch(lab, {"prefixes": more})
    item = router(lab)
    assert sorted(map(str, item["prefixes"])) == sorted(map(str, more)), item["prefixes"]
    running = lab.frr.running_config()
    assert "ipv6 route 2001:db8:1c::/48 blackhole" in running, running
    assert "  network 203.0.113.0/24" in running, running
    assert "unreachable" in run("ip", "-6", "route", "show", "2001:db8:2c::/48")
    peer = lab.peer("ifog")
    wait_until(lambda: "2001:db8:1c::/48" in peer.control("show route"), 20,
               "the provider hears of the new prefix")
    # What a filter let through as ours must not be taken for somebody's.
    bogons = [line for line in running.splitlines()
              if line.startswith("ipv6 prefix-list PL-BOGONS") and "2001:db8:1c::/48" in line]
    assert len(bogons) == 1, bogons
    patch(lab, {"prefixes": [PREFIX]})
    must_be(lab, before)
    wait_until(lambda: "2001:db8:1c::/48" not in peer.control("show route"), 20,
               "the provider hears that it is gone")
    assert lab.frr.fingerprint() == sessions


@suite.test
def bogons_of_ones_own(lab):
    before = machine(lab)
    own = ["deny 2001:db8::/32 le 128", "permit 2000::/3 le 48"]
    patch(lab, {"bogons": own})
    assert router(lab)["bogons"] == own, router(lab)["bogons"]
    answer = patch(lab, {"bogons": None}, 409)  # it is in use
    assert b"PL-BOGONS" in answer.body, answer
    patch(lab, {"bogons": "builtin"})
    must_be(lab, before)


@suite.test
def announcing_only(lab):
    before = machine(lab)
    kernel = run("ip", "-6", "route", "show", "proto", "bgp").count("\n")
    assert kernel > 100, "BGP puts routes into the kernel"
    patch(lab, {"kernel_routes": "announce_only"})
    assert "ipv6 protocol bgp route-map RM-KERNEL-DENY" in lab.frr.running_config()
    wait_until(lambda: not run("ip", "-6", "route", "show", "proto", "bgp"), 20,
               "the kernel has no BGP routes")
    assert router(lab)["kernel_routes"] == "announce_only"
    patch(lab, {"kernel_routes": "install"})
    wait_until(lambda: run("ip", "-6", "route", "show", "proto", "bgp").count("\n") == kernel,
               20, "and has them again")
    must_be(lab, before)


@suite.test
def a_doctor_that_knows_this_machine(lab):
    answer = lab.api("GET", "/v1/router/doctor", token="read")
    assert answer.status == 200, answer
    names = {check["name"] for check in answer["checks"]}
    assert len(names) >= 5 and len(names) == len(answer["checks"]), names
    for check in answer["checks"]:
        assert check["state"] in ("ok", "warning", "failed"), check
        assert check["state"] == "ok" or check["fix"], check
    assert answer["ok"] is not any(check["state"] == "failed"
                                   for check in answer["checks"]), answer


@suite.test
def interfaces_and_firewall(lab):
    answer = lab.api("GET", "/v1/interfaces", token="read")
    assert answer.status == 200, answer
    items = {item["name"]: item for item in answer["interfaces"]}
    own = items[lab.peer("ifog").interface]
    assert own["up"] is True and own["upstream"] == "ifog", own
    assert own["managed"] is None or own["managed"] == "hand", own
    answer = lab.api("GET", "/v1/firewall", token="read")
    assert answer.status == 200 and answer["platform"] == "linux", answer
    assert answer["loaded"] is True and answer["as_set"] is True, answer
    assert "table inet multihomed" in answer["listing"], answer


@suite.test
def all_of_it_goes_again(lab):
    for item in CORE["upstreams"]:
        answer = lab.delete(f"/v1/upstreams/{item['name']}", "?allow_reset=true")
        assert answer.status == 200, answer
    patch(lab, {"prefixes": []})
    left = config_lines(lab.frr.running_config())
    assert not [line for line in left if "neighbor" in line or "network" in line or
                "route-map" in line], left


suite.main()
