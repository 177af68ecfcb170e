"""From a bare FRR to a reference router, and whether it then says the same."""

from frr import reference_conf
from meaning import differences, report, unexpected
from reference import BOTH
from sandbox import ROOT, SHARED

BARE = "frr defaults traditional\nhostname {name}\nlog syslog informational\n" \
    "service integrated-vtysh-config\n"


def patch(lab, body, status=200, **more):
    answer = lab.api("PATCH", "/v1/router", body, token="configure", **more)
    assert answer.status == status, (body, answer)
    return answer


def router(lab):
    answer = lab.api("GET", "/v1/router", token="read")
    assert answer.status == 200, answer
    return answer.json


def settable(item):
    return {name: item[name] for name in ("local_as", "router_id", "router_address", "prefixes",
                                          "bogons", "kernel_routes")}


def build(lab, network, password=None):
    """All of it, one call a thing."""
    answer = lab.put("/v1/router", network["router"])
    assert answer.status in (200, 201) and answer["changed"] is True, answer
    for item in network["upstreams"]:
        answer = lab.put(f"/v1/upstreams/{item['name']}", item)
        assert answer.status == 201, answer
    if password:
        lab.frr.configure("router bgp 201379", password)
        lab.frr.vtysh("write memory")


def same_meaning(lab, more=()):
    by_hand = reference_conf(SHARED, ROOT, lab.name)
    found = differences(by_hand, lab.frr.running_config(), [*BOTH, *more])
    print("\n".join("# " + line for line in report(found)), flush=True)
    assert not unexpected(found), unexpected(found)
