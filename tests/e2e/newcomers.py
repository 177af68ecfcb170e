"""Providers that the router does not know yet, and what one asks for to have them."""

from network import Peer
from sandbox import run

NOVA = ("nova", "nova0", 64499, "2001:db8:500::1/64", "2001:db8:500::2/64", 50)
# Two hops away, like Vultr's router: it needs a host route.
FAR = ("far", "far0", 64498, "2001:db8:600::1/128", "2001:db8:5ff::20/64", 40)
FOUR = ("four", "four0", 64497, "198.51.100.129/30", "198.51.100.130/30", 30)
# Carries both families over an IPv6 session.
BOTH = ("both", "both0", 64496, "2001:db8:700::1/64", "2001:db8:700::2/64", 40)
BOTH4 = ("198.51.100.133/30", "198.51.100.134/30")
PREFIX4 = "203.0.113.0/24"


def newcomer(lab, what):
    """Its cable and its BIRD; our side has the addresses and nothing else."""
    more = {FAR: {"via": "fe80::1"}, BOTH: {"also": BOTH4}}.get(what, {})
    peer = lab.network.add(Peer(*what, **more))
    if what is FAR:
        run("ip", "route", "del", peer.theirs, "dev", peer.interface)
    return peer


def order(peer, **more):
    """The least that makes an upstream of it."""
    body = {"remote_as": peer.asn, "neighbor": peer.address, **more}
    if peer.via:
        body.update(host_route={"gateway": f"{peer.via}%{peer.interface}"}, ebgp_multihop=2)
    return body


def path(peer):
    return f"/v1/upstreams/{peer.name}"
