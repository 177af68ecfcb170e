#!/usr/bin/python3
"""One call adds a whole upstream, one takes it back: native ones, for real."""

import subprocess

from harness import Suite, differ
from machine import machine, must_be, residue
from newcomers import FAR, FOUR, NOVA, PREFIX4, newcomer, order, path
from sandbox import Skip, run, wait_until

suite = Suite("upstream", seconds=150)
peers = {}


def known(lab, what):
    if what not in peers:
        peers[what] = newcomer(lab, what)
        lab.daemon.token("configure")
    return peers[what]


def established(lab, peer):
    def there():
        status = lab.api("GET", path(peer), token="read")["status"]
        return status["session"] == "established" and status["prefixes_received"] == peer.count
    wait_until(there, 40, f"{peer.name} is established and has sent its prefixes")


def done(answer, status=200):
    assert answer.status == status, answer
    assert answer["changed"] is True and answer["dry_run"] is False, answer
    assert answer["operation"] and answer["audit_seq"], answer
    return answer


def removed(lab, peer, query="?reason=gone"):
    answer = done(lab.delete(path(peer), query))
    assert answer["upstream"] is None, answer
    assert lab.api("GET", path(peer), token="read").status == 404
    return answer


def upstream(lab, name):
    answer = lab.api("GET", f"/v1/upstreams/{name}", token="read")
    assert answer.status == 200, answer
    return answer.json


def config_of(lab, peer):
    """The running configuration's lines about one neighbor."""
    return [line.strip() for line in lab.frr.running_config().splitlines()
            if peer.address in line]


@suite.test
def a_whole_upstream_comes_and_goes(lab):
    lab.frr.vtysh("write memory")  # as FRR writes it, to compare with
    peer = known(lab, NOVA)
    lab.wait_settled()
    before, sessions = machine(lab), lab.frr.fingerprint()
    body = order(peer, description="Transit Nova", reason="a new one", ticket="CHG-7")
    answer = done(lab.put(path(peer), body), 201)
    assert answer.headers["location"] == path(peer), answer.headers
    item = answer["upstream"]
    assert (item["name"], item["role"], item["remote_as"]) == ("nova", "transit", peer.asn)
    assert item["import"]["prefix_list"] == "PL-BOGONS", item
    assert item["export"] == {"prefix_list": "PL-MY-NET", "as_path_prepend": 0}, item
    assert item["tunnel"] is None and item["families"] == ["ipv6-unicast"], item
    established(lab, peer)
    assert "2a06:9801:1c::/48" in peer.control("show route")
    running = lab.frr.running_config()
    assert "route-map RM-NOVA-IN permit 10" in running, differ(before["running-config"], running)
    assert lab.saved_agrees()
    rows = [row for row in lab.daemon.audit() if row["operation"] == answer["operation"]]
    assert [(row["kind"], row["outcome"]) for row in rows] == \
        [("intent", None), ("outcome", "applied")], rows
    assert (rows[0]["reason"], rows[0]["ticket"]) == ("a new one", "CHG-7"), rows[0]
    assert rows[0]["before"] is None and rows[1]["after"]["name"] == "nova", rows
    removed(lab, peer)
    must_be(lab, before)
    others = {address: count for address, count in lab.frr.fingerprint().items()
              if address in sessions}
    assert others == sessions, "another session was reset"


@suite.test
def what_get_returned_changes_nothing(lab):
    before = machine(lab)
    for item in lab.api("GET", "/v1/upstreams", token="read")["upstreams"]:
        for body in (item, {key: value for key, value in item.items() if key != "status"}):
            answer = lab.put(f"/v1/upstreams/{item['name']}", body)
            assert answer.status == 200 and answer["changed"] is False, answer
            assert answer["plan"]["steps"] == [] and answer["operation"] is None, answer
    must_be(lab, before)


@suite.test
def also_of_one_that_we_made(lab):
    peer = known(lab, NOVA)
    done(lab.put(path(peer), order(peer, firewall={"nat": False})), 201)
    for _ in range(2):
        answer = lab.put(path(peer), upstream(lab, "nova"))
        assert answer.status == 200 and answer["changed"] is False, answer
    answer = lab.put(path(peer), order(peer))
    assert answer.status == 200 and answer["changed"] is False, answer
    removed(lab, peer)


@suite.test
def a_host_route_and_multihop(lab):
    peer = known(lab, FAR)
    before = machine(lab)
    body = order(peer, local_address=peer.router_address)
    answer = done(lab.put(path(peer), body), 201)
    assert answer["upstream"]["host_route"] == body["host_route"], answer["upstream"]
    routes = run("ip", "-6", "route", "show", peer.theirs)
    assert "via fe80::1" in routes and peer.interface in routes, routes
    assert f"neighbor {peer.address} ebgp-multihop 2" in config_of(lab, peer)
    established(lab, peer)
    links = machine(lab)
    assert any("2001:db8:600::1" in text for name, text in links.items()
               if name.startswith("boot ")), "it would not be there after a boot"
    removed(lab, peer)
    must_be(lab, before)


@suite.test
def a_route_of_somebody_else_is_not_taken(lab):
    peer = known(lab, FAR)
    run("ip", "route", "add", peer.theirs, "via", "fe80::77", "dev", peer.interface)
    try:
        before = machine(lab)
        answer = lab.put(path(peer), order(peer))
        assert answer.status == 409 and answer["code"] in ("route_not_ours", "route_exists"), \
            answer
        must_be(lab, before)
        # Though it leads there already: whoever made it may take it away again.
        run("ip", "route", "replace", peer.theirs, "via", peer.via, "dev", peer.interface)
        before = machine(lab)
        answer = lab.put(path(peer), order(peer))
        assert answer.status == 409 and answer["code"] == "route_not_ours", answer
        must_be(lab, before)
        done(lab.put(path(peer), {**order(peer), "adopt": True}), 201)
        removed(lab, peer)
    finally:
        subprocess.run(["ip", "route", "del", peer.theirs, "dev", peer.interface],
                       stderr=subprocess.DEVNULL, check=False)


@suite.test
def ipv4_too(lab):
    peer = known(lab, FOUR)
    adopted = machine(lab)
    refused = lab.put(path(peer), order(peer))
    assert refused.status == 422, "without a prefix of that family nothing may leave"
    prefixes = lab.api("GET", "/v1/router", token="read")["prefixes"]
    # The firewall of an adopted router learns of its prefixes when they are
    # first written through the API, and keeps them: it is managed from then on.
    announce(lab, [*prefixes, PREFIX4])
    announce(lab, prefixes)
    before = machine(lab)
    for name in ("running-config", "frr.conf", "ip addr", "ip route", "owned"):
        assert before[name] == adopted[name], differ(adopted[name], before[name])
    announce(lab, [*prefixes, PREFIX4])
    answer = done(lab.put(path(peer), order(peer)), 201)
    assert answer["upstream"]["families"] == ["ipv4-unicast"], answer["upstream"]
    established(lab, peer)
    assert PREFIX4 in peer.control("show route")
    removed(lab, peer)
    announce(lab, prefixes)
    must_be(lab, before)


def announce(lab, prefixes):
    answer = lab.api("PATCH", "/v1/router", {"prefixes": prefixes}, token="configure")
    assert answer.status == 200, answer


@suite.test
def a_dry_run_tells_the_truth(lab):
    peer = known(lab, NOVA)
    before, state = machine(lab), lab.state()
    body = order(peer, description="Nova", **{"import": {"local_preference": 170}})
    dry = lab.put(path(peer), body, "?dry_run=true")
    assert dry.status == 200 and dry["dry_run"] is True and dry["changed"] is True, dry
    assert lab.state() == state and not residue(before, machine(lab))
    real = done(lab.put(path(peer), body), 201)
    assert real["plan"] == dry["plan"], (real["plan"], dry["plan"])
    order_of = ["links", "routes", "firewall", "frr", "bgp", "boot"]
    steps = [step["subsystem"] for step in dry["plan"]["steps"]]
    assert steps == sorted(steps, key=order_of.index) and steps[-1] == "boot", steps
    gone = lab.delete(path(peer), "?dry_run=true")
    assert gone.status == 200 and gone["dry_run"] is True, gone
    assert gone["sessions_reset"] in ([], [peer.address]), gone
    assert lab.api("GET", path(peer), token="read").status == 200
    removed(lab, peer)
    must_be(lab, before)


@suite.test
def policy_changes_reset_no_session(lab):
    peer = known(lab, NOVA)
    done(lab.put(path(peer), order(peer)), 201)
    established(lab, peer)
    ups = lab.frr.fingerprint()
    for change in ({"description": "Nova, second floor"},
                   {"import": {"local_preference": 170}}, {"export": {"as_path_prepend": 2}},
                   {"import": {"maximum_prefix": {"limit": 5000, "warning_percent": 80,
                                                  "restart_minutes": 15}}},
                   {"import": {"maximum_prefix": None}}, {"import": {"prefix_list": None}},
                   {"import": {"prefix_list": "PL-BOGONS"}}, {"capacity_mbps": 1000}):
        answer = lab.api("PATCH", path(peer), change, token="configure")
        assert done(answer)["sessions_reset"] == [], (change, answer)
        item = upstream(lab, "nova")
        for key, value in change.items():
            seen = {name: item[key][name] for name in value} if isinstance(value, dict) \
                else item[key]
            assert seen == value, (change, item)
    assert lab.frr.fingerprint() == ups, "a session was reset"
    removed(lab, peer)


@suite.test
def what_resets_a_session_says_so_first(lab):
    peer = known(lab, NOVA)
    done(lab.put(path(peer), order(peer)), 201)
    established(lab, peer)
    before = machine(lab)
    other = order(peer, remote_as=64444)
    answer = lab.put(path(peer), other)
    assert answer.status == 409 and answer["code"] == "reset_needed", answer
    assert peer.address in answer["detail"], answer
    must_be(lab, before)
    dry = lab.put(path(peer), other, "?dry_run=true")
    assert dry.status == 200 and dry["sessions_reset"] == [peer.address], dry
    answer = done(lab.put(path(peer), {**other, "allow_reset": True}))
    assert answer["sessions_reset"] == [peer.address], answer
    done(lab.put(path(peer), {**order(peer), "allow_reset": True}))
    established(lab, peer)
    must_be(lab, before)
    removed(lab, peer)


@suite.test
def a_neighbor_moves_and_keeps_its_name(lab):
    peer = known(lab, NOVA)
    done(lab.put(path(peer), order(peer)), 201)
    moved = order(peer, neighbor="2001:db8:500::77")
    refused = lab.put(path(peer), moved)
    assert refused.status in (200, 409), refused  # nothing was established yet: may be free
    if refused.status == 409:
        assert refused["code"] == "reset_needed", refused
        done(lab.put(path(peer), {**moved, "allow_reset": True}))
    assert upstream(lab, "nova")["neighbor"] == "2001:db8:500::77"
    assert not config_of(lab, peer), config_of(lab, peer)
    removed(lab, peer, "?allow_reset=true")


@suite.test
def no_leak(lab):
    """An external neighbor gets this router's prefixes and nothing else."""
    peer = known(lab, NOVA)
    lab.frr.configure("ipv6 prefix-list PL-ALL seq 5 permit any",
                      "ipv6 prefix-list PL-MORE seq 5 permit 2a06:9801::/32 le 48",
                      "ipv6 prefix-list PL-INSIDE seq 5 permit 2a06:9801:1c::/48 le 64")
    before = machine(lab)
    for name in (None, "PL-ALL", "PL-MORE", "PL-BOGONS", "PL-NOSUCH"):
        body = order(peer, export={"prefix_list": name})
        # null is the default, which here is the router's own list.
        answer = lab.put(path(peer), body, "?dry_run=true" if name is None else "")
        if name is None:
            continue
        assert answer.status == 422, (name, answer)
        assert "/export/prefix_list" in {item["pointer"] for item in answer["errors"]}, answer
    must_be(lab, before)
    answer = lab.patch("ifog", {"export": {"prefix_list": "PL-ALL"}}, token="configure")
    assert answer.status == 422, "a PATCH is no way around"
    must_be(lab, before)
    done(lab.put(path(peer), order(peer, export={"prefix_list": "PL-INSIDE"})), 201)
    removed(lab, peer)
    lab.frr.configure("no ipv6 prefix-list PL-ALL", "no ipv6 prefix-list PL-MORE",
                      "no ipv6 prefix-list PL-INSIDE")


@suite.test
def a_key_is_neither_told_nor_lost(lab):
    peer = known(lab, NOVA)
    done(lab.put(path(peer), order(peer)), 201)
    lab.frr.configure("router bgp 201379", f"neighbor {peer.address} password hush-hush")
    wait_until(lambda: upstream(lab, "nova")["tcp_md5"]["set"], 5, "the key is seen")
    assert "hush-hush" not in str(upstream(lab, "nova"))
    answer = lab.put(path(peer), order(peer, description="still with key"))
    assert answer.status == 200 and b"hush-hush" not in answer.body, answer
    assert "password hush-hush" in lab.frr.running_config()
    answer = lab.put(path(peer), order(peer, tcp_md5={"set": False}))
    assert answer.status == 422, answer
    assert answer["errors"][0]["pointer"].startswith("/tcp_md5"), answer
    answer = lab.put(path(peer), order(peer, tcp_md5=None, allow_reset=True))
    assert answer.status == 200 and b"hush-hush" not in answer.body, answer
    assert "password" not in lab.frr.running_config()
    for row in lab.daemon.audit():
        assert "hush-hush" not in str(row), row
    removed(lab, peer)


@suite.test
def lines_that_we_do_not_know_stay(lab):
    peer = known(lab, NOVA)
    done(lab.put(path(peer), order(peer)), 201)
    lab.frr.configure("router bgp 201379", f"neighbor {peer.address} timers 20 60",
                      "address-family ipv6 unicast", f"neighbor {peer.address} weight 7")
    done(lab.put(path(peer), order(peer, description="with more")))
    lines = config_of(lab, peer)
    for want in ("timers 20 60", "weight 7", "description with more"):
        assert f"neighbor {peer.address} {want}" in lines, lines
    removed(lab, peer)


@suite.test
def scopes(lab):
    peer = known(lab, NOVA)
    before = machine(lab)
    for token in ("read", "operate"):
        assert lab.put(path(peer), order(peer), token=token).status == 403
    done(lab.put(path(peer), order(peer)), 201)
    assert lab.delete(path(peer), token="operate").status == 403
    assert lab.api("PATCH", path(peer), {"remote_as": 1}, token="operate").status == 403
    assert lab.api("PATCH", path(peer), {"import": {"local_preference": 120}},
                   token="operate").status == 200
    only = lab.daemon.make_token("only-ifog", "--scope", "configure", "--upstream", "ifog")
    assert lab.delete(path(peer), token=only).status == 403
    removed(lab, peer)
    must_be(lab, before)


@suite.test
def etags_and_keys(lab):
    peer = known(lab, NOVA)
    key = {"Idempotency-Key": "put-nova-1"}
    first = done(lab.put(path(peer), order(peer), headers=key), 201)
    again = lab.put(path(peer), order(peer), headers=key)
    assert again.status == 201 and again.json == first.json, again
    assert again.headers.get("idempotent-replayed") == "true", again.headers
    etag = lab.api("GET", path(peer), token="read").headers["etag"]
    stale = lab.put(path(peer), order(peer, description="x"),
                    headers={"If-Match": '"0000000000000000.0000000000000000"'})
    assert stale.status == 412, stale
    assert lab.delete(path(peer), headers={"If-Match": '"nonsense.0"'}).status in (400, 412)
    done(lab.put(path(peer), order(peer, description="x"), headers={"If-Match": etag}))
    assert lab.put(path(peer), order(peer), headers={"If-None-Match": "*"}).status in (200, 412)
    removed(lab, peer)


@suite.test
def a_tunnel_that_the_kernel_cannot_make(lab):
    """The tool's own words, and nothing is left of what came before it."""
    if subprocess.run(["ip", "link", "add", "mhprobe", "type", "gre", "local", "192.0.2.1",
                       "remote", "192.0.2.2"], capture_output=True, check=False).returncode == 0:
        run("ip", "link", "del", "mhprobe")
        raise Skip("this kernel has GRE: the lab's tests show it at work")
    run("ip", "addr", "add", "198.51.100.10/32", "dev", "lo")
    try:
        before = machine(lab)
        answer = lab.put("/v1/upstreams/tunnelled", {
            "remote_as": 64499, "neighbor": "2001:db8:700::1",
            "local_address": "2001:db8:700::2",
            "tunnel": {"kind": "gre", "local": "198.51.100.10", "remote": "198.51.100.77"}})
        assert answer.status == 502 and answer["undone"] is True, answer
        assert "Unknown device type" in answer["tool"]["output"], answer
        assert answer["tool"]["name"].endswith("ip"), answer
        must_be(lab, before)
        operation = lab.api("GET", f"/v1/operations/{answer['operation']}", token="read")
        assert operation["state"] == "undone" and operation["error"], operation
    finally:
        run("ip", "addr", "del", "198.51.100.10/32", "dev", "lo")


suite.main()
