#!/usr/bin/python3
"""A route map of two neighbors is not changed for one of them unnoticed."""

from frr import reference_conf
from harness import Suite, differ
from sandbox import ROOT, SHARED, wait_until

CONF = reference_conf(SHARED, ROOT, "hobgp").replace(
    "neighbor 2001:db8:400::1 route-map RM-ROUTE64-IN in",
    "neighbor 2001:db8:400::1 route-map RM-IFOG-BGPTUNNEL-IN in").replace(
    "neighbor fd00:ca::1 route-map RM-LAGRANGE-OUT out",
    "neighbor fd00:ca::1 route-map RM-ROUTE64-OUT out")
suite = Suite("shared", conf=CONF)
PREFER = {"import": {"local_preference": 175}}


@suite.test
def both_neighbors_are_named(lab):
    before = lab.state()
    for peer in ("ifog", "route64"):
        for query in ("", "?dry_run=true"):
            answer = lab.patch(peer, PREFER, query)
            assert answer.status == 409 and answer["code"] == "route_map_shared", answer
            for other in ("ifog", "route64"):
                assert lab.peer(other).address in answer["detail"] or \
                    lab.upstream_name(other) in answer["detail"], answer
    answer = lab.patch("lagrange", {"export": {"as_path_prepend": 1}})
    assert answer.status == 409 and answer["code"] == "route_map_shared", answer
    assert lab.state() == before


@suite.test
def what_is_not_shared_can_be_changed(lab):
    before = lab.frr.running_config()
    answer = lab.patch("ifog", {"export": {"as_path_prepend": 2}, "description": "mine"})
    assert answer.status == 200, answer
    answer = lab.patch("ifog", {"export": {"as_path_prepend": 0},
                                "description": "Upstream-iFog-Frankfurt"})
    assert answer.status == 200, answer
    assert lab.frr.running_config() == before, differ(before, lab.frr.running_config())


@suite.test
def with_shared_it_is_done_for_both(lab):
    sessions = lab.frr.fingerprint()
    answer = lab.patch("ifog", {**PREFER, "shared": True})
    assert answer.status == 200, answer
    for peer in ("ifog", "route64"):
        wait_until(lambda name=peer: lab.upstream(name)["import"]["local_preference"] == 175, 3,
                   f"{peer} has it")
    paths = lab.api("GET", "/v1/routes/2620:fe::%2F48", token="read")["paths"]
    seen = {path["neighbor"]: path["local_preference"] for path in paths}
    assert seen[lab.peer("ifog").address] == seen[lab.peer("route64").address] == 175, \
        "both neighbors' routes are evaluated again"
    assert lab.frr.fingerprint() == sessions


suite.main()
