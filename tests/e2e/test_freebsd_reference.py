#!/usr/bin/python3
"""The reference network's core as it stands on FreeBSD: adopted, and built again.

Its rc.conf, pf.conf and frr.conf boot on the stand-ins; nobody speaks BGP to it.
"""

import re

from fbsd import (PF_CONF, RC_CONF, SETTINGS, TOOLS, boots, fake_machine, install,
                  must_boot_alike, rc_conf, same, variables, write)
from harness import Suite
from sandbox import SHARED, Skip, run, wait_until

suite = Suite("freebsd_reference", seconds=180, peers=[], settle=False, **SETTINGS)
PF_RULES = f'pf_rules="{TOOLS}/etc/pf.conf"\n'
TUNNELS = {"ifog": ("gre0", 126, "198.51.100.44"), "lagrange": ("gre1", 64, "198.51.100.45")}


def reference(name):
    try:
        with open(f"{SHARED}/reference/hobgp.{name}", encoding="ascii") as file:
            return file.read()
    except FileNotFoundError as error:
        raise Skip("there is no ../shared/reference") from error


@suite.prepare
def the_machine():
    # pf.conf is the stand-ins', not this machine's.
    install(reference("rc.conf") + PF_RULES, reference("pf.conf"), "--boot")
    for address in ("198.51.100.10/32", "2a06:9801:1c::1/128"):
        run("ip", "addr", "add", address, "dev", "lo")


def listed(lab, kind):
    answer = lab.api("GET", f"/v1/{kind}", token="read")
    assert answer.status == 200, answer
    return answer[kind]


def unchanged(lab, path):
    """What GET told is put back: nothing is done."""
    item = lab.api("GET", path, token="read")
    assert item.status == 200, item
    body = {name: value for name, value in item.json.items() if name != "status"}
    answer = lab.put(path, body)
    assert answer.status == 200 and answer["changed"] is False, (path, answer)
    return item


def doctor(lab):
    answer = lab.api("GET", "/v1/router/doctor", token="read")
    assert answer.status == 200, answer
    return {check["name"]: check for check in answer["checks"]}


@suite.test
def it_is_adopted_as_it_stands(lab):
    lab.daemon.token("configure")
    before = fake_machine(lab)
    tunnels = {item["neighbor"]: item["tunnel"] for item in listed(lab, "upstreams")}
    assert tunnels["2001:db8:300::1"] == {
        "kind": "gre", "interface": "gre0", "local": "198.51.100.10",
        "remote": "198.51.100.44", "prefix_length": 126, "mtu": 1476}, tunnels
    assert tunnels["2a06:9801:1c:fffe::2"]["interface"] == "gif1", tunnels
    downs = listed(lab, "downstreams")
    assert [one["prefixes"] for one in downs] == [["2a06:9801:1c:1000::/64"]], downs
    for item in listed(lab, "upstreams"):
        told = unchanged(lab, f"/v1/upstreams/{item['name']}")
        assert told["status"]["managed"] == "hand", told
    for item in downs:
        unchanged(lab, f"/v1/downstreams/{item['name']}")
    router = lab.api("GET", "/v1/router", token="read")
    assert router["platform"] == "freebsd" and router["securelevel"] == 2, router
    answer = lab.put("/v1/router", {name: router[name] for name in (
        "local_as", "router_id", "router_address", "prefixes", "bogons", "kernel_routes")})
    assert answer.status == 200 and answer["changed"] is False, answer
    same(lab, before)
    rows = [row for row in lab.daemon.audit() if row["operation"] is not None]
    assert rows == [], rows


@suite.test
def the_doctor_asks_for_the_anchor(lab):
    told = [check for check in doctor(lab).values() if check["state"] != "ok"]
    assert any("anchor" in (check["fix"] or "") for check in told), told


@suite.test
def a_tunnel_of_somebody_becomes_ours(lab):
    """Asked for in so many words; nothing but the parent's list changes."""
    before = fake_machine(lab)
    path = lab.path_of("2001:db8:400::1")
    answer = lab.api("PATCH", path, {"tunnel": {"mtu": 1400}}, token="configure")
    assert answer.status == 409 and answer["code"] == "interface_not_ours", answer
    answer = lab.api("PATCH", path, {"tunnel": {"mtu": 1476}, "adopt": True}, token="configure")
    assert answer.status == 200, answer
    assert lab.api("GET", path, token="read")["status"]["managed"] == "multihomed"
    now = fake_machine(lab)
    assert "link gre2" in now["owned"], now["owned"]
    for name in ("ifconfig", "rc.conf", "running-config"):
        assert now[name] == before[name], (name, before[name], now[name])


@suite.test
def a_policy_needs_nothing_of_all_this(lab):
    before = fake_machine(lab)
    for value in (160, 150):
        answer = lab.api("PATCH", lab.path_of("2001:db8:300::1"),
                         {"import": {"local_preference": value}}, token="operate")
        assert answer.status == 200 and answer["changed"] is True, answer
    now = fake_machine(lab)
    for name in ("ifconfig", "rc.conf", "rules", "nat", "running-config"):
        assert now[name] == before[name], name


@suite.test
def rc_conf_lines_are_the_references(lab):
    """Two of its upstreams lose their tunnels and get them by the API: the same lines."""
    wanted = variables(reference("rc.conf") + PF_RULES)
    text = re.sub(r"(?m)^ifconfig_gre[01].*\n", "", reference("rc.conf"))
    write(RC_CONF, text.replace(" gre0 gre1", "") + PF_RULES)
    write(f"{TOOLS}/etc/pf.conf", PF_CONF + reference("pf.conf").split("set skip on lo0\n")[0])
    boots()
    wait_until(lambda: not any(one["tunnel"] and one["tunnel"]["kind"] == "gre" and
                               one["tunnel"]["interface"] != "gre2"
                               for one in listed(lab, "upstreams")), 10, "they are gone")
    for peer, (name, length, outer) in TUNNELS.items():
        tunnel = {"kind": "gre", "interface": name, "local": "198.51.100.10", "remote": outer,
                  "prefix_length": length}
        neighbor = "2001:db8:300::1" if peer == "ifog" else "fd00:ca::1"
        answer = lab.api("PATCH", lab.path_of(neighbor),
                         {"tunnel": tunnel, "local_address": neighbor[:-1] + "2",
                          "description": wanted[f"ifconfig_{name}_descr"],
                          "allow_reset": True}, token="configure")
        assert answer.status == 200, answer
        told = variables()
        for variable in (f"ifconfig_{name}", f"ifconfig_{name}_ipv6", f"ifconfig_{name}_descr"):
            assert told[variable] == wanted[variable], (told[variable], wanted[variable])
    told = variables()
    assert sorted(told.pop("cloned_interfaces").split()) == \
        sorted(wanted.pop("cloned_interfaces").split())
    assert told == wanted, [item for item in told.items() ^ wanted.items()]
    must_boot_alike(lab)


@suite.test
def a_module_that_no_longer_can_be_loaded(lab):
    """The doctor knows before a change fails; the change says what to do, and is undone."""
    write(RC_CONF, rc_conf().replace("if_gif if_gre", "if_gif"))
    write(RC_CONF, re.sub(r"(?m)^ifconfig_gre.*\n", "", rc_conf()))
    write(RC_CONF, re.sub(r" gre[0-9]", "", rc_conf()))
    boots()
    wait_until(lambda: doctor(lab)["securelevel"]["state"] == "ok", 10, "it is back")
    told = [check for check in doctor(lab).values() if "if_gre" in check["detail"]]
    assert told and told[0]["state"] == "failed", (told, doctor(lab))
    assert "reboot" in told[0]["fix"], told
    before = fake_machine(lab)
    body = {"remote_as": 209544, "neighbor": "2001:db8:301::1",
            "local_address": "2001:db8:301::2",
            "tunnel": {"kind": "gre", "interface": "gre7", "local": "198.51.100.10",
                       "remote": "198.51.100.54", "prefix_length": 126}}
    answer = lab.put("/v1/upstreams/nova", body)
    assert answer.status >= 500 and answer["undone"] is True, answer
    assert "if_gre" in answer["detail"] and "reboot" in answer["detail"], answer
    same(lab, before)


suite.main()
