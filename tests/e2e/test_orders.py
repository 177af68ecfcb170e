#!/usr/bin/python3
"""Bad input for the calls that make things: a pointer to it, and nothing ran."""

import copy
import json

from harness import Suite
from machine import machine, residue
from sandbox import run

suite = Suite("orders", seconds=240)

OUTER = "198.51.100.10"  # this router's own, on lo
GOOD = {"remote_as": 64499, "neighbor": "2001:db8:500::1", "local_address": "2001:db8:500::2",
        "tunnel": {"kind": "gre", "interface": "gre7", "local": OUTER,
                   "remote": "198.51.100.77", "prefix_length": 64}}
NATIVE = {"remote_as": 64499, "neighbor": "2001:db8:300::77"}
DOWN = {"tunnel": {"kind": "gif", "local": OUTER, "remote": "198.51.100.78"},
        "address": "2a06:9801:1c:fffd::1", "peer": "2a06:9801:1c:fffd::2",
        "prefixes": ["2a06:9801:1c:2000::/64"]}
# What sysrc, sh, pf, nft, ip and vtysh would read as syntax.
SYNTAX = ['"', "'", "`id`", "$(id)", "$HOME", ";reboot", "a\nb", "a b", "-x", "#x", "x}",
          "x|y", "x&y", "x>y", "*", "\\", "\0", "é", "x" * 300, ""]
NOT_NUMBERS = ["1", 1.5, True, [], {}, -1, 1e30]


def changed(base, pointer, value):
    """A copy in which the member at the pointer has this value."""
    body = copy.deepcopy(base)
    at = body
    steps = pointer.strip("/").split("/")
    for step in steps[:-1]:
        at = at.setdefault(step, {})
    at[steps[-1]] = value
    return body


def refusals():
    """(body, the pointers one of which must be named)"""
    def bad(pointer, *values, base=GOOD, also=()):
        for value in values:
            yield changed(base, pointer, value), {pointer, *also}

    yield from bad("/nosuch", 1)
    yield from bad("/name", "other", 5)
    yield from bad("/remote_as", 0, 23456, 4294967296, None, *NOT_NUMBERS)
    yield from bad("/role", "customer", "", 5, "Transit")
    yield from bad("/role", "internal", also={"/remote_as"})
    yield from bad("/description", *[word for word in SYNTAX if word not in ("x&y", "a b", "x>y")],
                   5, "x" * 81)
    yield from bad("/neighbor", "2001:db8:500::2", also={"/local_address"})
    yield from bad("/neighbor", "nonsense", "2001:db8::/64", "::", "ff02::1", "::1", "fe80::1",
                   "0.0.0.0", "255.255.255.255", None, 7, "2001:db8:500::1%gre7",
                   "2001:DB8:500:::1", "2001:db8:500::1\nexit", " 2001:db8:500::1", "",
                   also={"/local_address"})
    yield from bad("/neighbor", "192.0.2.9", also={"/local_address", "/tunnel/prefix_length"})
    yield from bad("/local_address", "192.0.2.9", "nonsense", None, "2001:db8:999::2", "::", 7,
                   also={"/neighbor"})
    yield from bad("/tunnel", 5, "gre", [])
    yield from bad("/tunnel/nosuch", 1)
    yield from bad("/tunnel/kind", "vxlan", "", None, 5)
    yield from bad("/tunnel/interface", "lo", "gre0", "sit0", "all", "default", "x" * 16, "7gre",
                   "GRE7", *[word for word in SYNTAX if word not in ("x" * 300,)], "gre 7")
    yield from bad("/tunnel/local", "nonsense", None, "203.0.113.99", "0.0.0.0", "127.0.0.1",
                   "224.0.0.1", "fe80::1", 7, also={"/tunnel/remote"})
    yield from bad("/tunnel/remote", OUTER, "nonsense", None, "2001:db8::1", "0.0.0.0",
                   "127.0.0.1", "224.0.0.1", 7, also={"/tunnel/local"})
    yield from bad("/tunnel/prefix_length", -1, 129, "64", 1.5, True)
    yield from bad("/tunnel/mtu", 575, 65536, 0, "1476", 1.5)
    yield from bad("/tunnel/mtu", 1279, 8193, base=changed(GOOD, "/tunnel/kind", "gif"))
    yield from bad("/host_route", 5, [], {"gateway": "nonsense"}, {"nosuch": 1}, base=NATIVE,
                   also={"/host_route/gateway", "/host_route/nosuch"})
    yield from bad("/host_route/gateway", None, "fe80::1", "fe80::1%nosuch0", "192.0.2.1",
                   "ff02::1%lo", "fe80::1%gre ifog", "fe80::1%-x", base=NATIVE,
                   also={"/host_route"})
    yield from bad("/ebgp_multihop", 0, 256, *NOT_NUMBERS)
    yield from bad("/next_hop_self", 1, "yes", [])
    yield from bad("/capacity_mbps", 0, *NOT_NUMBERS)
    yield from bad("/import", 5, [])
    yield from bad("/import/prefix_list", "PL-NOSUCH", 5, *SYNTAX)
    yield from bad("/import/local_preference", *NOT_NUMBERS, 4294967296)
    yield from bad("/import/soft_reconfiguration", 1, "yes")
    yield from bad("/import/maximum_prefix", 5, {"limit": 0}, {"nosuch": 1}, {},
                   {"limit": 4294967296}, {"limit": 10, "warning_percent": 0},
                   {"limit": 10, "warning_percent": 101}, {"limit": 10, "restart_minutes": 0},
                   {"limit": 10, "restart_minutes": 65536},
                   also={f"/import/maximum_prefix/{name}" for name in (
                       "limit", "nosuch", "warning_percent", "restart_minutes")})
    yield from bad("/export/prefix_list", "PL-NOSUCH", "PL-BOGONS", 5, *SYNTAX)
    yield from bad("/export/as_path_prepend", 11, *NOT_NUMBERS)
    yield from bad("/firewall", 5)
    yield from bad("/firewall/nat", 1, "yes")
    yield from bad("/tcp_md5", 5, {"set": True}, {"key": "x y"},
                   also={"/tcp_md5/set", "/tcp_md5/key"})
    yield from options(bad, GOOD)


def options(bad, base):
    yield from bad("/reason", "", "x" * 201, "two\nlines", 5, base=base)
    yield from bad("/ticket", "x" * 65, 7, base=base)
    for name in ("shared", "allow_reset", "adopt"):
        yield from bad(f"/{name}", 1, "yes", base=base)
    yield from bad("/confirm", 5, "yes", {}, {"revert_in_s": 9}, {"revert_in_s": 3601},
                   {"revert_in_s": "60"}, {"revert_in_s": 60, "id": "Bad Id"},
                   {"revert_in_s": 60, "id": "x" * 21}, {"revert_in_s": 60, "nosuch": 1},
                   base=base, also={"/confirm/revert_in_s", "/confirm/id", "/confirm/nosuch"})


def router_refusals():
    def bad(pointer, *values, also=()):
        for value in values:
            yield changed({}, pointer, value), {pointer, *also}

    yield from bad("/nosuch", 1)
    yield from bad("/local_as", 0, 23456, 4294967296, *NOT_NUMBERS)
    yield from bad("/router_id", "2001:db8::1", "nonsense", "0.0.0.0", 7, "1.2.3.4.5",
                   "1.2.3.4\nexit")
    yield from bad("/router_address", "2a06:9801:1c::1", ["nonsense"], ["2001:db8:999::1"],
                   ["::1", "::1"], [7], ["192.0.2.1", "192.0.2.2"], ["2a06:9801:1c::1"] * 3,
                   also={f"/router_address/{n}" for n in range(3)})
    for value in (["::/0"], ["0.0.0.0/0"], ["2a06:9801:1c::1/48"], ["nonsense"], [7], [None],
                  ["2a06:9801:1c::"], ["2a06:9801:1c::/129"], ["192.0.2.0/33"], "nonsense", {},
                  ["fe80::/64"], ["ff00::/8"], ["2a06:9801:1c::/48\nexit"],
                  ["2a06:9801:1c::/48", "2a06:9801:1c::/48"],
                  ["2a06:9801:1c::/48", "2a06:9801:1c:8000::/49"],
                  [{"prefix": "2a06:9801:1c::/48", "nosuch": 1}],
                  [{"originate": True}], [{"prefix": "2a06:9801:1c::/48", "route": "discard"}],
                  [{"prefix": "2a06:9801:1c::/48", "route": {"interface": "nosuch 0"}}],
                  [{"prefix": "2a06:9801:1c::/48", "originate": "yes"}]):
        yield {"prefixes": value}, {"/prefixes"}
    for value in ("none", 5, ["nonsense"], ["permit"], ["permit ::/0 le 200"], [7],
                  ["permit 2001:db8::1/32"], ["deny 2001:db8::/32 ge 16"],
                  ["permit 2000::/3\nexit"], ["allow 2000::/3"]):
        yield {"bogons": value}, {"/bogons"}
    yield from bad("/kernel_routes", "never", "", True, 5, {})  # null is the default
    yield from options(lambda pointer, *values, base, also=(): bad(pointer, *values, also=also),
                       {})


def downstream_refusals():
    def bad(pointer, *values, base=DOWN, also=()):
        for value in values:
            yield changed(base, pointer, value), {pointer, *also}

    yield from bad("/nosuch", 1)
    yield from bad("/description", "a\nb", '"', "$(id)", "`id`", "x" * 81, 5)
    yield from bad("/tunnel", None, 5)
    yield from bad("/tunnel/kind", "vxlan", None)
    yield from bad("/tunnel/interface", "gre-ifog", "lo", "sit0", "gif 9", "`id`")
    yield from bad("/tunnel/remote", OUTER, "2001:db8::1", "nonsense", None,
                   also={"/tunnel/local"})
    yield from bad("/tunnel/mtu", 1279, 8193)
    yield from bad("/address", "192.0.2.1", "nonsense", None, "::", 7, also={"/peer"})
    yield from bad("/peer", "192.0.2.1", "nonsense", None, "::", "2a06:9801:1c:fffd::1",
                   also={"/address"})
    for value in (["2001:db8:77::/48"], ["::/0"], ["nonsense"], [7], "x", [], None,
                  ["2a06:9801:1c:2000::1/64"], ["2a06:9801:1c:2000::/64"] * 2,
                  ["2a06:9801:1c:2000::/64", "2a06:9801:1c:2000:8000::/65"]):
        yield {**DOWN, "prefixes": value}, {"/prefixes"}
    yield from bad("/firewall/nat", 1, "yes")


def judge(lab, method, target, table):
    """Every one of them refused for the right reason, without a trace."""
    lab.daemon.token("configure")  # to make one leaves a row
    before, seq, wrong = machine(lab), lab.daemon.last_seq(), []
    for body, pointers in table:
        answer = lab.api(method, target, body, token="configure")
        named = {item["pointer"] for item in answer.json.get("errors", [])} \
            if answer.status >= 400 else set()
        # "/prefixes/0/route" is as good as "/prefixes"
        if answer.status == 422 and any(
                one == want or one.startswith(want + "/") for one in named for want in pointers):
            continue
        if answer.status == 409 and answer["code"].startswith("interface_") and \
                "/tunnel/interface" in pointers:
            continue
        shown = json.dumps({key: value for key, value in body.items()
                            if key not in GOOD or value != GOOD[key]})[:150]
        wrong.append(f"{sorted(pointers)[0]} {shown}: {answer.status} {sorted(named)} {answer.body[:120]!r}")
        if answer.status < 300:
            lab.delete(target)
    assert not wrong, f"{len(wrong)} wrong: " + " ;; ".join(wrong[:12])
    begun = [row for row in lab.daemon.audit() if row["seq"] > seq]
    assert not begun, ("something was begun", begun)
    assert not residue(before, machine(lab)), residue(before, machine(lab))


@suite.test
def of_an_upstream(lab):
    run("ip", "addr", "add", f"{OUTER}/32", "dev", "lo")
    run("ip", "addr", "add", "2a06:9801:1c::1/128", "dev", "lo")
    judge(lab, "PUT", "/v1/upstreams/newone", refusals())


@suite.test
def of_a_router(lab):
    judge(lab, "PATCH", "/v1/router", router_refusals())


@suite.test
def of_a_downstream(lab):
    judge(lab, "PUT", "/v1/downstreams/newone", downstream_refusals())


@suite.test
def what_is_taken(lab):
    """Well-formed, but somebody else has it: 409, and who."""
    before, wrong = machine(lab), []
    own = lab.peer("ifog").address
    for body, code, names in (
            ({**NATIVE, "neighbor": own}, "neighbor_exists", lab.upstream_name("ifog")),
            (changed(GOOD, "/tunnel/interface", "gre-ifog"), "interface_", "gre-ifog"),
            ({**NATIVE, "neighbor": "2001:db8:300::2"}, None, "2001:db8:300::2")):
        answer = lab.put("/v1/upstreams/newone", body)
        if code is None:  # our own address as the neighbor's
            if answer.status != 422:
                wrong.append((body, answer))
        elif answer.status != 409 or not answer["code"].startswith(code) or \
                names not in answer["detail"]:
            wrong.append((body, answer))
        if answer.status < 300:
            lab.delete("/v1/upstreams/newone")
    # A tunnel whose subnet would draw another neighbor's packets to itself.
    answer = lab.put("/v1/upstreams/newone", {
        **GOOD, "neighbor": "2001:db8:300::41", "local_address": "2001:db8:300::42"})
    if answer.status != 422 or answer["errors"][0]["pointer"] != "/local_address" or \
            own not in answer["errors"][0]["detail"]:
        wrong.append(answer)
    assert not wrong, wrong
    assert not residue(before, machine(lab))


@suite.test
def names_that_are_none(lab):
    before = machine(lab)
    for name in ("IFOG", "7up", "-x", "a" * 32, "a_b", "a.b", "a%20b", "a%0Ab", "%22", "a%3Bb",
                 "a%60id%60", "%24(id)", "%C3%A4", ".", "..%2Fx"):
        for kind, body in (("upstreams", NATIVE), ("downstreams", DOWN)):
            answer = lab.put(f"/v1/{kind}/{name}", body)
            assert answer.status in (400, 404, 422), (kind, name, answer)
            if answer.status < 300:
                lab.delete(f"/v1/{kind}/{name}")
    assert not residue(before, machine(lab))


@suite.test
def bodies_that_are_none(lab):
    before = lab.state()
    for target in ("/v1/upstreams/newone", "/v1/router", "/v1/downstreams/newone"):
        for body in (b"", b"{", b"[]", b"null", b"17", b"[" * 30000, b'{"a":1,"a":2}',
                     b'{"description":"\xff\xfe"}', b'{"description":"a\\u0000b"}'):
            answer = lab.put(target, body)
            assert answer.status in (400, 413, 422), (target, body[:40], answer)
    for query in ("?reason=", "?reason=a%0Ab", "?confirm=5", "?nosuch=1", "?adopt=maybe",
                  "?reason=a&reason=b"):
        answer = lab.delete(lab.path("ifog"), query)
        assert answer.status in (400, 422), (query, answer)
    assert lab.delete("/v1/upstreams/nosuch").status == 404
    assert lab.delete("/v1/downstreams/nosuch").status == 404
    assert lab.state() == before


suite.main()
