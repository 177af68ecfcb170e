#!/usr/bin/python3
"""FreeBSD's backend on stand-ins of its tools: what is set, and what a boot makes of it.

The daemon is built with SYSTEM=freebsd (build/fbsd); FRR is real, tunnels, rules and
rc.conf are the stand-ins', which answer as recorded on a real FreeBSD.
"""

import os
import re
import subprocess
import sys

from daemon import BOOT
from harness import Suite
from machine import machine, owned
from sandbox import ROOT, SHARED, Skip, run, wait_until

BUILD = os.path.join(ROOT, os.environ.get("MH_FREEBSD_BUILD", "build/fbsd"))
FAKE = os.path.join(ROOT, "tests", "fake")
TOOLS = "/run/fbsd"
RC_CONF = f"{TOOLS}/etc/rc.conf"
PF_CONF = f"""set skip on lo0
nat-anchor "multihomed"
anchor "multihomed"
load anchor "multihomed" from "{BOOT}/pf.anchor"
"""
BY_HAND = """# written by hand
hostname="core"
kld_list="if_gif if_gre"
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
        "tunnel": {"kind": "gif", "interface": "gif1", "local": "198.51.100.10",
                   "remote": "203.0.113.20", "prefix_length": 128, "mtu": 1480}}
DOWN = {"description": "Tunnel-to-Radon",
        "tunnel": {"kind": "gif", "interface": "gif0", "local": "198.51.100.10",
                   "remote": "203.0.113.10", "prefix_length": 128, "mtu": 1480},
        "address": "2a06:9801:1c:ffff::1", "peer": "2a06:9801:1c:ffff::2",
        "prefixes": ["2a06:9801:1c:1000::/64"]}
suite = Suite("freebsd", seconds=180, build=BUILD,
              system=f'tools_dir = "{TOOLS}"; rc_conf = "{RC_CONF}";')


@suite.prepare
def the_machine():
    if not os.path.exists(f"{BUILD}/multihomed"):
        raise Skip(f"{BUILD} is not built: make SYSTEM=freebsd BUILD={BUILD} all")
    for name, text in (("rc", BY_HAND), ("pf", PF_CONF)):
        with open(f"/run/{name}.in", "w", encoding="ascii") as file:
            file.write(text)
    run(f"{FAKE}/freebsd/install", TOOLS, "--rc-conf", "/run/rc.in", "--pf-conf", "/run/pf.in",
        "--modules", "if_gre,pf")
    for words in ("gif9 create", "gif9 tunnel 198.51.100.10 203.0.113.99",
                  "gif9 inet6 2a06:9801:1c:ff00::1 2a06:9801:1c:ff00::2 prefixlen 128 alias",
                  "gif9 mtu 1480", "gif9 descr By-Hand", "gif9 up"):
        run(f"{TOOLS}/ifconfig", *words.split())
    run("ip", "addr", "add", "198.51.100.10/32", "dev", "lo")
    run("ip", "addr", "add", "2a06:9801:1c::1/128", "dev", "lo")


def rc_conf():
    with open(RC_CONF, encoding="utf-8") as file:
        return file.read()


def variables(text=None):
    return dict(re.findall(r'(?m)^([A-Za-z0-9_]+)="(.*)"$', text or rc_conf()))


def pfctl(*words):
    done = subprocess.run([f"{TOOLS}/pfctl", *words], capture_output=True, text=True, check=False)
    return done.stdout + done.stderr


def fake_machine(lab):
    state = machine(lab)
    state.update({"ifconfig": run(f"{TOOLS}/ifconfig", "-a"), "rc.conf": rc_conf(),
                  "rules": pfctl("-a", "multihomed", "-sr"),
                  "nat": pfctl("-a", "multihomed", "-sn")})
    return state


def same(lab, before):
    now = fake_machine(lab)
    assert now == before, [(name, before.get(name), now[name]) for name in now
                           if now[name] != before.get(name)]


def added(lab, kind, name, body):
    answer = lab.put(f"/v1/{kind}/{name}", body)
    assert answer.status == 201, answer
    return answer


def removed(lab, kind, name):
    answer = lab.delete(f"/v1/{kind}/{name}", "?allow_reset=true")
    assert answer.status == 200, answer


def boots():
    """What boot.py makes of the files alone: what the tools then tell."""
    done = subprocess.run([sys.executable, f"{FAKE}/boot.py", TOOLS], capture_output=True,
                          text=True, check=False)
    assert done.returncode == 0 and "aborted" not in done.stdout + done.stderr, done
    run("sh", "-n", RC_CONF)


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


def must_boot_alike(lab):
    """A reboot from the files brings the same tunnels and rules."""
    running = fake_machine(lab)
    boots()
    again = fake_machine(lab)
    for name in ("rules", "nat", "rc.conf"):
        assert again[name] == running[name], (name, running[name], again[name])
    assert tunnels(again) == tunnels(running), (tunnels(running), tunnels(again))
    wait_until(lambda: lab.api("GET", "/v1/firewall", token="read")["loaded"], 10,
               "the rules are seen after the boot")


def tunnels(state):
    """{name: what of it counts} of ifconfig's listing."""
    found = {}
    for block in re.split(r"(?m)^(?=\S)", state["ifconfig"]):
        name = block.split(":", maxsplit=1)[0]
        if name.startswith(("gre", "gif")):
            found[name] = sorted(line.strip() for line in block.splitlines()[1:]
                                 if "fe80:" not in line and "nd6" not in line) + \
                re.findall(r"mtu \d+", block)
    return found


@suite.test
def an_internal_one_and_a_downstream(lab):
    before = fake_machine(lab)
    added(lab, "upstreams", "edge", EDGE)
    added(lab, "downstreams", "radon", DOWN)
    told = variables()
    assert told["ifconfig_gif1"] == "tunnel 198.51.100.10 203.0.113.20 mtu 1480", told
    assert told["ifconfig_gif1_ipv6"] == \
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
def rc_conf_lines_are_the_references(lab):
    """Two of its upstreams get their tunnels by the API: the same lines."""
    try:
        with open(f"{SHARED}/reference/hobgp.rc.conf", encoding="utf-8") as file:
            reference = variables(file.read())
    except FileNotFoundError as error:
        raise Skip("there is no ../shared/reference") from error
    for peer, name, length, outer, description in (
            ("ifog", "gre0", 126, "198.51.100.44", "Transit-iFog-Frankfurt BGPTunnel"),
            ("lagrange", "gre1", 64, "198.51.100.45", "Transit-Lagrange-UK")):
        tunnel = {"kind": "gre", "interface": name, "local": "198.51.100.10", "remote": outer,
                  "prefix_length": length}
        answer = lab.api("PATCH", lab.path(peer), {"tunnel": tunnel, "description": description,
                                                   "allow_reset": True}, token="configure")
        assert answer.status == 200, answer
        told = variables()
        for variable in (f"ifconfig_{name}", f"ifconfig_{name}_ipv6", f"ifconfig_{name}_descr"):
            assert told[variable] == reference[variable], (told[variable], reference[variable])
    for peer in ("ifog", "lagrange"):
        answer = lab.api("PATCH", lab.path(peer), {"tunnel": None, "allow_reset": True},
                         token="configure")
        assert answer.status == 200, answer


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
