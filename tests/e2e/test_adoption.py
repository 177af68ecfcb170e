#!/usr/bin/python3
"""A hand-written router is listed with all it has, and not one byte changes."""

from harness import Suite, differ
from sandbox import wait_until

suite = Suite("adoption")

EXPECTED = {
    "ifog": {"remote_as": 209533, "role": "transit", "local_preference": 150,
             "as_path_prepend": 0, "route_map_in": "RM-IFOG-BGPTUNNEL-IN",
             "description": "Upstream-iFog-Frankfurt", "limit": 250000},
    "lagrange": {"remote_as": 209735, "role": "transit", "local_preference": None,
                 "as_path_prepend": 2, "route_map_in": "RM-LAGRANGE-IN",
                 "description": "Upstream-Lagrange-UK", "limit": 250000},
    "route64": {"remote_as": 212895, "role": "transit", "local_preference": None,
                "as_path_prepend": 0, "route_map_in": "RM-ROUTE64-IN",
                "description": "Upstream-Route64-FRA", "limit": 250000},
    "vtbgp": {"remote_as": 201379, "role": "internal", "local_preference": 200,
              "as_path_prepend": 0, "route_map_in": "RM-IBGP-IN",
              "description": "Edge-Vultr-Frankfurt", "limit": None},
}


@suite.test
def nothing_is_written_by_reading(lab):
    before = (lab.frr.running_config(), lab.frr.saved_config())
    for path in ("router", "upstreams", "sessions", "operations", "audit", "audit/verify",
                 "routes/2620:fe::%2F48"):
        answer = lab.api("GET", f"/v1/{path}", token="read")
        assert answer.status == 200, answer
    for name in EXPECTED:
        lab.upstream(name)
    lab.daemon.stop()
    lab.daemon.start()
    after = (lab.frr.running_config(), lab.frr.saved_config())
    assert after == before, differ("".join(before), "".join(after))
    rows = [row for row in lab.daemon.audit() if row["operation"] is not None]
    assert rows == [], rows


@suite.test
def every_upstream_is_listed(lab):
    def looked_below():
        listed = lab.api("GET", "/v1/upstreams", token="read")["upstreams"]
        return listed if all(item["status"]["interface"] for item in listed) else None
    # The first look may find the parent at work for somebody else.
    listed = wait_until(looked_below, 5, "interfaces are known")
    assert len(listed) == len(EXPECTED), [item["name"] for item in listed]
    for peer, want in EXPECTED.items():
        item = next(item for item in listed if item["neighbor"] == lab.peer(peer).address)
        maximum = item["import"]["maximum_prefix"]
        seen = {"remote_as": item["remote_as"], "role": item["role"],
                "local_preference": item["import"]["local_preference"],
                "as_path_prepend": item["export"]["as_path_prepend"],
                "route_map_in": item["status"]["route_map_in"],
                "description": item["description"],
                "limit": maximum["limit"] if maximum else None}
        assert seen == want, (peer, seen)
        assert item["families"] == ["ipv6-unicast"]
        assert item["status"]["session"] == "established", item
        assert item["status"]["interface"] == lab.peer(peer).interface, item["status"]
        assert item["status"]["prefixes_received"] == lab.peer(peer).count, item["status"]
        assert item["export"]["prefix_list"] == "PL-MY-NET", item["export"]
        one = lab.upstream(peer).json
        assert one["import"] == item["import"] and one["neighbor"] == item["neighbor"]


@suite.test
def upstreams_come_in_order_of_preference(lab):
    listed = lab.api("GET", "/v1/upstreams", token="read")["upstreams"]
    keys = [(-(100 if item["import"]["local_preference"] is None
               else item["import"]["local_preference"]), item["name"]) for item in listed]
    assert keys == sorted(keys), keys


@suite.test
def the_router_says_who_it_is(lab):
    def rates():
        answer = lab.api("GET", "/v1/router", token="read")
        return answer if answer["rx_bps"] is not None else None
    router = wait_until(rates, 10, "rates are known").json
    assert router["local_as"] == 201379 and router["router_id"] == "198.51.100.10", router
    assert router["name"] == "hobgp" and router["platform"] == "linux"
    assert router["frr_version"] == lab.frr.version(), router["frr_version"]
    assert router["prefixes"] == ["2a06:9801:1c::/48"], router["prefixes"]
    assert router["upstreams"] == 4 and router["writable"] is True, router
    assert router["sessions"] == {"configured": 4, "established": 4}
    assert router["tables"]["ipv6-unicast"]["routes"] > 300, router["tables"]
    assert router["snapshot"]["stale"] is False and router["warnings"] == [], router


@suite.test
def sessions_agree_with_frr(lab):
    frr = lab.frr.sessions()
    sessions = lab.api("GET", "/v1/sessions", token="read")["sessions"]
    assert {item["neighbor"] for item in sessions} == set(frr)
    for item in sessions:
        theirs = frr[item["neighbor"]]
        assert item["state"] == "established" and theirs["state"] == "Established"
        assert item["established_count"] == theirs["connectionsEstablished"]
        assert item["dropped_count"] == theirs["connectionsDropped"]
        family = item["families"]["ipv6-unicast"]
        assert family["prefixes_received"] == theirs["pfxRcd"]
        assert family["prefixes_sent"] == theirs["pfxSnt"]
        assert family["soft_reconfiguration"] is True
        assert abs(item["uptime_s"] - theirs["peerUptimeMsec"] / 1000) < 4, item
        one = lab.api("GET", f"/v1/sessions/{item['neighbor']}", token="read")
        assert one.status == 200 and one["upstream"] == item["upstream"], one


@suite.test
def traffic_of_the_tunnel_is_counted(lab):
    path = f"/v1/sessions/{lab.peer('ifog').address}"
    answer = lab.api("GET", path, token="read")
    assert answer["interface"] == "gre-ifog" and answer["rx_bytes"] > 1000, answer


@suite.test
def an_etag_saves_the_body(lab):
    path = lab.path("route64")

    def unchanged():
        first = lab.api("GET", path, token="read")
        return lab.api("GET", path, token="read",
                       headers={"If-None-Match": first.headers["etag"]}).status == 304
    wait_until(unchanged, 10, "304 for the ETag just received")
    other = lab.api("GET", path, token="read",
                    headers={"If-None-Match": '"0000000000000000.0000000000000000"'})
    assert other.status == 200, other


@suite.test
def request_ids_come_back(lab):
    answer = lab.api("GET", "/v1/router", token="read", headers={"X-Request-Id": "deploy-7_f.3"})
    assert answer.headers["x-request-id"] == "deploy-7_f.3"
    for bad in ("a b", "x" * 65, "ü", ""):
        answer = lab.api("GET", "/v1/router", token="read",
                         headers={"X-Request-Id": bad.encode()})
        assert answer.headers["x-request-id"].startswith("r-"), (bad, answer.headers)


@suite.test
def over_tcp_it_is_the_same(lab):
    for source in ("::1", "127.0.0.1"):
        answer = lab.api("GET", "/v1/upstreams", token="read", source=source)
        assert answer.status == 200 and len(answer["upstreams"]) == 4


suite.main()
