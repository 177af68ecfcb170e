#!/usr/bin/python3
"""FreeBSD's backend on stand-ins of its tools: what is set, and what a boot makes of it.

The daemon is built with SYSTEM=freebsd (build/fbsd); FRR is real, tunnels, rules and
rc.conf are the stand-ins', which answer as recorded on a real FreeBSD.
"""

import os

from fbsd import (PF_CONF, RC_CONF, SETTINGS, TOOLS, fake_machine, install, must_boot_alike,
                  pfctl, rc_conf, same, variables)
from harness import Suite
from machine import owned
from sandbox import run

BY_HAND = """# written by hand
hostname="core"
kld_list="if_gif if_gre"
ifconfig_vtnet0_ipv6="inet6 2001:db8:1c19::1/64"
cloned_interfaces="gif9"
ifconfig_gif9="tunnel 198.51.100.10 203.0.113.99 mtu 1480"
ifconfig_gif9_ipv6="inet6 2a06:9801:1c:ff00::1 2a06:9801:1c:ff00::2 prefixlen 128"
ifconfig_gif9_descr="By-Hand"
ipv6_static_routes="cloud"
ipv6_route_cloud="2a06:9801:1c:9000::/64 2a06:9801:1c:ff00::2"
ipv6_gateway_enable="YES"
pf_enable="YES"
pf_rules="/run/fbsd/etc/pf.conf"
"""
IFOG = {"remote_as": 209544, "neighbor": "2001:db8:301::1", "local_address": "2001:db8:301::2",
        "description": "Transit-Nova",
        "tunnel": {"kind": "gre", "interface": "gre0", "local": "198.51.100.10",
                   "remote": "198.51.100.54", "prefix_length": 126}}
EDGE = {"remote_as": 201379, "role": "internal", "neighbor": "2a06:9801:1c:fff0::2",
        "local_address": "2a06:9801:1c:fff0::1", "description": "Tunnel-to-Edge",
        "tunnel": {"kind": "gif", "interface": "gif4", "local": "198.51.100.10",
                   "remote": "203.0.113.20", "prefix_length": 128, "mtu": 1480}}
DOWN = {"description": "Tunnel-to-Radon",
        "tunnel": {"kind": "gif", "interface": "gif0", "local": "198.51.100.10",
                   "remote": "203.0.113.10", "prefix_length": 128, "mtu": 1480},
        "address": "2a06:9801:1c:ffff::1", "peer": "2a06:9801:1c:ffff::2",
        "prefixes": ["2a06:9801:1c:1000::/64"]}
suite = Suite("freebsd", seconds=180, **SETTINGS)


@suite.prepare
def the_machine():
    install(BY_HAND, PF_CONF, "--boot")
    run("ip", "addr", "add", "198.51.100.10/32", "dev", "lo")
    run("ip", "link", "add", "vtnet0", "type", "veth", "peer", "name", "cable0")
    run("ip", "addr", "add", "2a06:9801:1c::1/128", "dev", "lo")


def added(lab, kind, name, body):
    answer = lab.put(f"/v1/{kind}/{name}", body)
    assert answer.status == 201, answer
    return answer


def removed(lab, kind, name):
    answer = lab.delete(f"/v1/{kind}/{name}", "?allow_reset=true")
    assert answer.status == 200, answer


@suite.test
def by_hand_it_is_told_as_such(lab):
    lab.daemon.token("configure")
    lab.frr.vtysh("write memory")
    answer = lab.api("GET", "/v1/interfaces", token="read")
    assert answer.status == 200, answer
    item = {one["name"]: one for one in answer["interfaces"]}.get("gif9")
    assert item and item["kind"] == "gif" and item["managed"] == "hand", answer
    assert item["at_boot"] is True and item["remote"] == "203.0.113.99", item
    router = lab.api("GET", "/v1/router", token="read")
    assert router["platform"] == "freebsd", router
    downs = lab.api("GET", "/v1/downstreams", token="read")["downstreams"]
    assert [one["prefixes"] for one in downs] in ([], [["2a06:9801:1c:9000::/64"]]), downs


@suite.test
def the_router_has_an_address(lab):
    answer = lab.api("PATCH", "/v1/router", {"router_address": ["2a06:9801:1c::1"]},
                     token="configure")
    assert answer.status == 200, answer
    assert rc_conf() == BY_HAND


@suite.test
def an_upstream_over_gre(lab):
    before = fake_machine(lab)
    answer = added(lab, "upstreams", "nova", IFOG)
    assert answer["upstream"]["tunnel"] == {**IFOG["tunnel"], "mtu": 1476}, answer["upstream"]
    listing = run(f"{TOOLS}/ifconfig", "gre0")
    assert "tunnel inet 198.51.100.10 --> 198.51.100.54" in listing, listing
    assert "inet6 2001:db8:301::2 prefixlen 126" in listing, listing
    assert "description: Transit-Nova" in listing and "UP" in listing, listing
    told = variables()
    # In the form of the reference network's own lines.
    assert told["ifconfig_gre0"] == "tunnel 198.51.100.10 198.51.100.54", told
    assert told["ifconfig_gre0_ipv6"] == "inet6 2001:db8:301::2 prefixlen 126", told
    assert told["ifconfig_gre0_descr"] == "Transit-Nova", told
    assert told["cloned_interfaces"] == "gif9 gre0", told
    nat = pfctl("-a", "multihomed", "-sn")
    assert "gre0" in nat and "2a06:9801:1c::1" in nat and "fe80::/10" in nat, nat
    assert "2001:db8:301::1" in pfctl("-a", "multihomed", "-sr")
    assert "link gre0" in owned(), owned()
    must_boot_alike(lab)
    removed(lab, "upstreams", "nova")
    same(lab, before)


@suite.test
def an_internal_one_and_a_downstream(lab):
    before = fake_machine(lab)
    added(lab, "upstreams", "edge", EDGE)
    added(lab, "downstreams", "radon", DOWN)
    told = variables()
    assert told["ifconfig_gif4"] == "tunnel 198.51.100.10 203.0.113.20 mtu 1480", told
    assert told["ifconfig_gif4_ipv6"] == \
        "inet6 2a06:9801:1c:fff0::1 2a06:9801:1c:fff0::2 prefixlen 128", told
    names = told["ipv6_static_routes"].split()
    assert names[0] == "cloud" and len(names) == 2, names
    assert told[f"ipv6_route_{names[1]}"] == "2a06:9801:1c:1000::/64 2a06:9801:1c:ffff::2", told
    assert variables(BY_HAND).items() <= {**told, "cloned_interfaces": "gif9",
                                          "ipv6_static_routes": "cloud"}.items()
    must_boot_alike(lab)
    item = lab.api("GET", "/v1/downstreams/radon", token="read").json
    again = lab.put("/v1/downstreams/radon", item)
    assert again.status == 200 and again["changed"] is False, again
    removed(lab, "downstreams", "radon")
    removed(lab, "upstreams", "edge")
    same(lab, before)


@suite.test
def a_host_route_and_one_of_the_router(lab):
    """A link-local gateway with its zone; a prefix of ours that ends here."""
    before = fake_machine(lab)
    added(lab, "upstreams", "native", {
        "remote_as": 64515, "neighbor": "2001:19f0:ffff::1", "ebgp_multihop": 2,
        "host_route": {"gateway": "fe80::1%vtnet0"}})
    prefixes = lab.api("GET", "/v1/router", token="read")["prefixes"]
    answer = lab.api("PATCH", "/v1/router", {"prefixes": [*prefixes, {
        "prefix": "2a06:9801:1d::/48", "originate": True, "route": "reject"}]},
        token="configure")
    assert answer.status == 200, answer
    told = variables()
    names = told["ipv6_static_routes"].split()
    assert names[0] == "cloud" and len(names) == 3, names
    assert sorted(told[f"ipv6_route_{name}"] for name in names[1:]) == \
        ["2001:19f0:ffff::1 fe80::1%vtnet0", "2a06:9801:1d::/48 -reject"], told
    assert "fe80::1%vtnet0" in run(f"{TOOLS}/route", "-n", "get", "-6", "2001:19f0:ffff::1")
    answer = lab.api("PATCH", "/v1/router", {"prefixes": prefixes}, token="configure")
    assert answer.status == 200, answer
    removed(lab, "upstreams", "native")
    same(lab, before)


@suite.test
def nothing_that_a_shell_would_run(lab):
    before = rc_conf()
    for text in ('$(touch /run/pwned)', '`touch /run/pwned`', 'a"; touch /run/pwned; "',
                 "a\ntouch /run/pwned", "a'b", "a\\", "a|b", "a;b", "a>b", "$HOME"):
        for where in ("description",):
            answer = lab.put("/v1/upstreams/evil", {**IFOG, where: text})
            assert answer.status == 422, (text, answer)
        answer = lab.put("/v1/upstreams/evil", {**IFOG, "tunnel": {**IFOG["tunnel"],
                                                                  "interface": text}})
        assert answer.status == 422, (text, answer)
    assert rc_conf() == before
    run("sh", "-c", f". {RC_CONF}")
    assert not os.path.exists("/run/pwned")


@suite.test
def what_was_made_by_hand_stays(lab):
    before = fake_machine(lab)
    body = {**IFOG, "tunnel": {**IFOG["tunnel"], "kind": "gif", "interface": "gif9",
                               "remote": "203.0.113.99"}}
    answer = lab.put("/v1/upstreams/nova", body)
    assert answer.status == 409 and answer["code"] in ("interface_not_ours", "interface_taken"), \
        answer
    same(lab, before)


@suite.test
def tunnels_that_would_overlap(lab):
    """In a subnet, between the same two ends, of the same name, to ourselves."""
    added(lab, "upstreams", "nova", IFOG)
    before, outer = fake_machine(lab), {**IFOG["tunnel"], "interface": "gre1",
                                        "remote": "198.51.100.55", "prefix_length": 64}
    beside = {**IFOG, "neighbor": "2001:db8:302::1", "local_address": "2001:db8:302::2"}
    for body in ({**IFOG, "neighbor": "2001:db8:301::41", "local_address": "2001:db8:301::42",
                  "tunnel": outer},
                 {**beside, "tunnel": {**IFOG["tunnel"], "interface": "gre1"}},
                 {**beside, "tunnel": {**outer, "interface": "gre0"}},
                 {**IFOG, "neighbor": IFOG["local_address"],
                  "local_address": "2001:db8:301::3", "tunnel": outer}):
        answer = lab.put("/v1/upstreams/other", body)
        assert answer.status in (409, 422), (body, answer)
    same(lab, before)
    removed(lab, "upstreams", "nova")


@suite.test
def a_tool_that_fails(lab):
    """Any of them, at its first use: undone, with its words."""
    for tool in ("ifconfig", "pfctl", "sysrc"):
        before = fake_machine(lab)
        with open(f"{TOOLS}/fault", "w", encoding="ascii") as file:
            file.write(f"{tool} 1 fail\n")
        answer = lab.put("/v1/upstreams/nova", IFOG)
        assert answer.status == 502 and answer["undone"] is True, answer
        assert "made to fail" in answer["tool"]["output"], answer
        assert answer["tool"]["name"].endswith(tool), answer
        same(lab, before)


@suite.test
def the_doctor_knows_what_is_missing(lab):
    answer = lab.api("GET", "/v1/router/doctor", token="read")
    checks = {check["name"]: check for check in answer["checks"]}
    assert len(checks) >= 8 and len(checks) == len(answer["checks"]), sorted(checks)
    with open(f"{TOOLS}/etc/pf.conf", "w", encoding="ascii") as file:
        file.write("pass all\n")
    worse = lab.api("GET", "/v1/router/doctor", token="read")["checks"]
    told = [check for check in worse if check != checks[check["name"]]]
    assert told and any("multihomed" in check["detail"] + (check["fix"] or "")
                        for check in told), (told, sorted(checks))
    with open(f"{TOOLS}/etc/pf.conf", "w", encoding="ascii") as file:
        file.write(PF_CONF)
    for check in checks.values():
        assert check["state"] == "ok" or check["fix"], check


suite.main()
