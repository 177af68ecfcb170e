"""The reference network's two routers as what one asks the API for.

Addresses and policies are those of reference/*.frr.conf and *.rc.conf. The maps of
reasons say what the hand-written files have in another way, and why.
"""

PREFIX = "2a06:9801:1c::/48"
LIMIT = {"limit": 250000, "warning_percent": 90, "restart_minutes": 30}


def provider(asn, far, near, length, remote, description, **policy):
    return {"remote_as": asn, "neighbor": far, "local_address": near, "role": "transit",
            "description": description,
            "tunnel": {"kind": "gre", "local": "198.51.100.10", "remote": remote,
                       "prefix_length": length},
            "import": {"prefix_list": "PL-BOGONS", "maximum_prefix": LIMIT,
                       "local_preference": policy.get("preference")},
            "export": {"prefix_list": "PL-MY-NET",
                       "as_path_prepend": policy.get("prepend", 0)},
            "firewall": {"nat": True}}


CORE = {
    "router": {"local_as": 201379, "router_id": "198.51.100.10",
               "router_address": ["2a06:9801:1c::1"], "prefixes": [PREFIX],
               "bogons": "builtin", "kernel_routes": "install"},
    "upstreams": [
        {"name": "ifog", **provider(209533, "2001:db8:300::1", "2001:db8:300::2", 126,
                                    "198.51.100.44", "Upstream-iFog-Frankfurt",
                                    preference=150)},
        {"name": "lagrange", **provider(209735, "fd00:ca::1", "fd00:ca::2", 64,
                                        "198.51.100.45", "Upstream-Lagrange-UK", prepend=2)},
        {"name": "route64", **provider(212895, "2001:db8:400::1", "2001:db8:400::2", 64,
                                       "198.51.100.46", "Upstream-Route64-FRA")},
        {"name": "vtbgp", "remote_as": 201379, "role": "internal",
         "neighbor": "2a06:9801:1c:fffe::2", "local_address": "2a06:9801:1c:fffe::1",
         "description": "Edge-Vultr-Frankfurt",
         "tunnel": {"kind": "gif", "local": "198.51.100.10", "remote": "203.0.113.20",
                    "prefix_length": 128, "mtu": 1480},
         "import": {"local_preference": 200}, "export": {"prefix_list": "PL-MY-NET"},
         "firewall": {"nat": True}}],
    "downstreams": [
        {"name": "radon", "description": "Tunnel-to-Radon-Server",
         "tunnel": {"kind": "gif", "local": "198.51.100.10", "remote": "203.0.113.10",
                    "prefix_length": 128, "mtu": 1480},
         "address": "2a06:9801:1c:ffff::1", "peer": "2a06:9801:1c:ffff::2",
         "prefixes": ["2a06:9801:1c:1000::/64"]}]}
EDGE = {
    "router": {"local_as": 201379, "router_id": "203.0.113.20",
               "prefixes": [{"prefix": PREFIX, "originate": False, "route": None}],
               "bogons": [f"deny {PREFIX} le 128", "deny ::/8 le 128",
                          "deny 2001:db8::/32 le 128", "deny 2002::/16 le 128",
                          "deny fc00::/7 le 128", "deny fe80::/10 le 128",
                          "deny ff00::/8 le 128", "permit 2000::/3 le 48"],
               "kernel_routes": "announce_only"},
    "upstreams": [
        {"name": "hobgp", "remote_as": 201379, "role": "internal", "description": "Core-hobgp",
         "neighbor": "2a06:9801:1c:fffe::1", "local_address": "2a06:9801:1c:fffe::2",
         "next_hop_self": True, "import": {"soft_reconfiguration": False},
         "tunnel": {"kind": "gif", "local": "203.0.113.20", "remote": "198.51.100.10",
                    "prefix_length": 128, "mtu": 1480}},
        {"name": "vultr", "remote_as": 64515, "neighbor": "2001:19f0:ffff::1",
         "description": "Vultr-Core", "ebgp_multihop": 2,
         "host_route": {"gateway": "fe80::1%vtnet0"},
         "import": {"prefix_list": "PL-BOGONS"}, "export": {"prefix_list": "PL-MY-NET"}}]}
BOTH = [
    (r"list PL-BOGONS is numbered",
     "a list given entry by entry is numbered 5, 10, 15 ...; the order is the same"),
    (r"route 2a06:9801:1c:fffe::2/128 gif1",
     "not needed: the tunnel's own address is point to point"),
    (r"^- map out of 2a06:9801:1c:fffe::1: permit 10: everything",
     "a map that lets all pass is no map"),
    (r"password", "the key comes with a call of its own"),
]


def native(core, interfaces):
    """Where there are no tunnels: the same upstreams over links that are there."""
    answer = {**core, "downstreams": [], "upstreams": []}
    for item in core["upstreams"]:
        item = {key: value for key, value in item.items() if key != "tunnel"}
        assert interfaces is None or item["name"] in interfaces
        answer["upstreams"].append({**item, "firewall": {"nat": False}})
    return answer
