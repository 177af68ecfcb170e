"""The providers around the router: a namespace and a BIRD for each.

They announce a few hundred prefixes that overlap without being equal, so that a
change of preference really moves best paths. Always the same ones.
"""

import ipaddress
import os
import random
import subprocess

from sandbox import end_process, run, wait_until

SEED = 201379
POOL = 400
OURS = ipaddress.ip_network("2a06:9801::/32")
WELL_KNOWN = "2620:fe::/48"  # announced by every provider
WELL_KNOWN4 = "45.83.0.0/24"  # also
TRANSITS = [174, 1299, 2914, 3257, 3356, 6453, 6762, 6939]


class Peer:  # pylint: disable=too-many-instance-attributes
    """One neighbor of the router: what the link is called and who is there."""

    def __init__(self, name, interface, asn, theirs, ours, count, **more):
        self.name = name
        self.interface = interface
        self.asn = asn
        self.theirs = theirs  # address/length
        self.ours = ours
        self.count = count  # prefixes
        self.local_as = more.pop("local_as", 201379)
        self.password = more.pop("password", None)
        self.via = more.pop("via", None)  # link-local gateway, when not on link
        self.also = more.pop("also", None)  # (theirs, ours) of the other family, on the link
        assert not more
        self.process = None
        self.directory = f"/run/e2e/{name}"

    @property
    def families(self):
        first = "ipv6" if ":" in self.theirs else "ipv4"
        return [first] if self.also is None else ["ipv4", "ipv6"]

    @property
    def address(self):
        return self.theirs.split("/", maxsplit=1)[0]

    @property
    def router_address(self):
        return self.ours.split("/", maxsplit=1)[0]

    def rekey(self, password):
        """This end has another key from now on."""
        self.password = password
        with open(f"{self.directory}/bird.conf", "w", encoding="ascii") as file:
            file.write(bird_conf(self))
        return self.control("configure")

    def control(self, command):
        return run("birdc", "-s", f"{self.directory}/ctl", *command.split())


HOBGP_PEERS = [
    Peer("ifog", "gre-ifog", 209533, "2001:db8:300::1/126", "2001:db8:300::2/126", 300),
    Peer("lagrange", "gre-lagrange", 209735, "fd00:ca::1/64", "fd00:ca::2/64", 300),
    Peer("route64", "gre-route64", 212895, "2001:db8:400::1/64", "2001:db8:400::2/64", 300),
    Peer("vtbgp", "gif1", 201379, "2a06:9801:1c:fffe::2/128", "2a06:9801:1c:fffe::1/128", 120),
]
VTBGP_PEERS = [
    Peer("vultr", "vtnet0", 64515, "2001:19f0:ffff::1/128", "2001:db8:f480::20/64", 200,
         password="your-shared-secret", via="fe80::1"),
    Peer("hobgp", "gif0", 201379, "2a06:9801:1c:fffe::1/128", "2a06:9801:1c:fffe::2/128", 300),
]


def make_pool():
    rng = random.Random(SEED)
    pool = {WELL_KNOWN: 19281}
    while len(pool) < POOL:
        bits = (rng.choice([0x2400, 0x2600, 0x2A00]) << 112) | rng.getrandbits(108)
        net = ipaddress.ip_network((bits, rng.choice([32, 40, 48])), strict=False)
        if not net.overlaps(OURS):
            pool[str(net)] = rng.randrange(1000, 63000)
    return list(pool.items())


def announcements(name, count, family="ipv6"):
    """[(prefix, path)] of one provider."""
    pool = make_pool() if family == "ipv6" else \
        [(f"45.83.{number}.0/24", 64000 + number) for number in range(200)]
    rng = random.Random(f"{SEED}{name}")
    chosen = pool[:1] + rng.sample(pool[1:], count - 1)
    return [(prefix, rng.sample(TRANSITS, rng.choice([0, 1, 1, 2, 3])) + [origin])
            for prefix, origin in chosen]


def bird_channel(peer, family):
    """(the protocol that has its routes, what the session does with them)"""
    routes = []
    for prefix, path in announcements(peer.name, peer.count, family):
        steps = " ".join(f"bgp_path.prepend({asn});" for asn in reversed(path))
        routes.append(f"\t\troute {prefix} unreachable {{ {steps} }};\n")
    return f"""protocol static announced_{family} {{
	{family};
{''.join(routes)}}}
""", f"""	{family} {{
		next hop self;
		import all;
		export where source = RTS_STATIC;
	}};
"""


def bird_conf(peer):
    channels = [bird_channel(peer, family) for family in peer.families]
    multihop = "multihop 2;" if peer.via or peer.theirs.endswith("/128") else "direct;"
    password = f'password "{peer.password}";' if peer.password else ""
    return f"""log stderr all;
router id 192.0.2.{20 + len(peer.name)};
protocol device {{ }}
protocol direct {{ {' '.join(f"{family};" for family in peer.families)} }}
{''.join(routes for routes, _ in channels)}protocol bgp customer {{
	local {peer.address} as {peer.asn};
	neighbor {peer.router_address} as {peer.local_as};
	{multihop}
	{password}
	connect delay time 1;
	connect retry time 1;
	error wait time 1, 2;
	graceful restart off;
{''.join(channel for _, channel in channels)}}}
"""


class Network:
    """Links and providers of one router; the router is our own namespace."""

    def __init__(self, peers):
        self.peers = {peer.name: peer for peer in peers}
        self.more = []
        self.log = None

    def start(self):
        quiet_sysctl([])
        self.log = open("/run/e2e/bird.log", "wb")  # pylint: disable=consider-using-with
        for peer in self.peers.values():
            self.cable(peer)
            self.start_peer(peer)

    def add(self, peer):
        """One that the router's configuration does not know (yet)."""
        self.more.append(peer)
        self.cable(peer)
        self.start_peer(peer)
        return peer

    @staticmethod
    def cable(peer):
        name, outside = peer.name, ["ip", "-n", peer.name]
        run("ip", "netns", "add", name)
        quiet_sysctl(["ip", "netns", "exec", name])
        run(*outside, "link", "set", "lo", "up")
        run("ip", "link", "add", peer.interface, "type", "veth", "peer", "name",
            "router", "netns", name)
        run(*outside, "link", "set", "router", "up")
        run("ip", "link", "set", peer.interface, "up")
        if peer.via:
            run("ip", "addr", "add", peer.ours, "dev", peer.interface)
            run(*outside, "addr", "add", peer.via + "/64", "dev", "router")
            run(*outside, "addr", "add", peer.theirs, "dev", "lo")
            run(*outside, "route", "add", peer.router_address + "/128", "dev", "router")
            run("ip", "route", "add", peer.theirs, "via", peer.via, "dev", peer.interface)
        elif peer.theirs.endswith("/128"):
            run("ip", "addr", "add", peer.router_address, "peer", peer.theirs,
                "dev", peer.interface)
            run(*outside, "addr", "add", peer.address, "peer", peer.ours, "dev", "router")
        else:
            run("ip", "addr", "add", peer.ours, "dev", peer.interface)
            run(*outside, "addr", "add", peer.theirs, "dev", "router")
        if peer.also:
            run("ip", "addr", "add", peer.also[1], "dev", peer.interface)
            run(*outside, "addr", "add", peer.also[0], "dev", "router")

    def start_peer(self, peer):
        os.makedirs(peer.directory, exist_ok=True)
        conf = f"{peer.directory}/bird.conf"
        with open(conf, "w", encoding="ascii") as file:
            file.write(bird_conf(peer))
        peer.process = subprocess.Popen(  # pylint: disable=consider-using-with
            ["ip", "netns", "exec", peer.name, "bird", "-f", "-c", conf,
             "-s", f"{peer.directory}/ctl"],
            stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log)
        wait_until(lambda: self.answers(peer), 10, f"BIRD of {peer.name} answers")

    @staticmethod
    def answers(peer):
        if peer.process.poll() is not None:
            raise RuntimeError(f"BIRD of {peer.name} ended: see bird.log")
        return subprocess.run(["birdc", "-s", f"{peer.directory}/ctl", "show", "status"],
                              stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                              stderr=subprocess.DEVNULL, check=False).returncode == 0

    def stop(self):
        for peer in [*self.peers.values(), *self.more]:
            if peer.process is not None:
                end_process(peer.process)
                peer.process = None
            subprocess.run(["ip", "netns", "del", peer.name], check=False,
                           stderr=subprocess.DEVNULL)
        if self.log is not None:
            self.log.close()


def quiet_sysctl(prefix):
    """Addresses that can be used at once, everywhere in one namespace."""
    run(*prefix, "sh", "-c", "cd /proc/sys/net/ipv6/conf && "
        "for c in all default lo; do echo 0 >$c/accept_dad; echo 0 >$c/accept_ra; done; "
        "echo 1 >all/forwarding", timeout=10)
