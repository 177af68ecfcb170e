#!/usr/bin/python3
"""A bare FRR becomes the reference edge through the API alone."""

from harness import Suite
from rebuild import BARE, build, router, same_meaning, settable
from reference import EDGE, native
from sandbox import run

suite = Suite("edge", seconds=150, name="vtbgp", conf=BARE.format(name="vtbgp"), settle=False)


@suite.test
def the_reference_edge(lab):
    network = native(EDGE, None)
    run("ip", "route", "del", "2001:19f0:ffff::1/128")
    build(lab, network, " neighbor 2001:19f0:ffff::1 password your-shared-secret")
    same_meaning(lab)
    lab.wait_settled(60)
    assert not run("ip", "-6", "route", "show", "proto", "bgp")
    item = router(lab)
    assert item["prefixes"] == network["router"]["prefixes"], item["prefixes"]
    assert item["bogons"] == network["router"]["bogons"], item["bogons"]
    answer = lab.put("/v1/router", settable(item))
    assert answer.status == 200 and answer["changed"] is False, answer


suite.main()
