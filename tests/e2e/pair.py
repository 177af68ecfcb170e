"""The second router of AS201379 beside the first: vtbgp beside hobgp, both whole.

vtbgp has a network namespace of its own with an FRR, its provider and a daemon; the
two have the internal session between them, and each engine has a context for the
other daemon (peers.contexts).
"""

import json
import os
import pwd
import re

from contract import Contract
from daemon import HOME, Daemon
from frr import Frr, reference_conf
from network import VTBGP_PEERS, Network, quiet_sysctl
from sandbox import BUILD, ROOT, SHARED, run, wait_until

NAME = "vtbgp"
ADDRESS = {"hobgp": "2a06:9801:1c:fffe::1", "vtbgp": "2a06:9801:1c:fffe::2"}
# The internal session: what each calls it.
UPSTREAM = {"hobgp": "vultr", "vtbgp": "hobgp"}
PLACES = {"hobgp": HOME, "vtbgp": "/run/vtbgp"}


def setting(other, more=""):
    """For peers { } of the configuration; more: the other's name for {other}."""
    router, = set(PLACES) - {other}
    return f'contexts = "{PLACES[router]}/contexts.json"; mhctl = "{BUILD}/mhctl"; ' + \
        more.format(other=other)


def know(daemon, other):
    """daemon's engine may ask the other one."""
    owner = pwd.getpwnam("_multihomed")
    name = other.settings["name"]
    path = f"{daemon.home}/contexts.json"
    context = {"unix": other.settings["unix"], "token": other.token("configure")}
    with open(path, "w", encoding="ascii") as file:
        json.dump({"contexts": {name: context}}, file)
    os.chmod(path, 0o600)
    os.chown(path, owner.pw_uid, owner.pw_gid)


def with_key(router, key):
    """The router's own configuration, with a key for the internal session."""
    other, = set(PLACES) - {router}
    line = f" neighbor {ADDRESS[other]} remote-as 201379\n"
    conf = reference_conf(SHARED, ROOT, router)
    assert line in conf
    return conf.replace(line, f"{line} neighbor {ADDRESS[other]} password {key}\n")


def key_in(text, neighbor):
    """Of this neighbor, in a configuration; None for none."""
    found = re.search(rf"(?m)^ neighbor {neighbor} password (\S+)\s*$", text)
    return found.group(1) if found else None


class Second:
    """vtbgp, beside a Lab whose router is hobgp: with Second(lab, conf) as vtbgp."""

    def __init__(self, lab, conf=None, more=""):
        self.lab = lab
        self.more = more
        self.frr = Frr(reference_conf(SHARED, ROOT, NAME) if conf is None else conf, NAME)
        self.provider = VTBGP_PEERS[0]
        self.network = Network([self.provider])
        self.daemon = Daemon(Contract(), name=NAME, home=PLACES[NAME], netns=NAME,
                             sockets=self.frr.sockets, conf=self.frr.conf,
                             peers=setting("hobgp", more), frr=f'pathspace = "{NAME}";')

    def __enter__(self):
        first = self.lab.daemon
        try:
            self.cable()
            self.frr.start()
            self.daemon.start()
            first.stop()
            first.settings["peers"] = setting(NAME, self.more)
            first.start()
            know(first, self.daemon)
            know(self.daemon, first)
            self.sessions_up()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        self.daemon.stop()
        self.frr.stop()
        self.network.stop()
        run("ip", "netns", "del", NAME)

    def cable(self):
        """gif1 here is gif0 there; the provider is at vtnet0."""
        peer, inner = self.provider, ["ip", "-n", NAME]
        for name in (NAME, peer.name):
            run("ip", "netns", "add", name)
            quiet_sysctl(["ip", "netns", "exec", name])
            run("ip", "-n", name, "link", "set", "lo", "up")
        run("ip", "link", "add", "gif1", "type", "veth", "peer", "name", "gif0", "netns", NAME)
        run("ip", "link", "set", "gif1", "up")
        run(*inner, "link", "set", "gif0", "up")
        run("ip", "addr", "add", ADDRESS["hobgp"], "peer", ADDRESS["vtbgp"], "dev", "gif1")
        run(*inner, "addr", "add", ADDRESS["vtbgp"], "peer", ADDRESS["hobgp"], "dev", "gif0")
        run(*inner, "link", "add", peer.interface, "type", "veth", "peer", "name", "router",
            "netns", peer.name)
        outside = ["ip", "-n", peer.name]
        run(*inner, "link", "set", peer.interface, "up")
        run(*outside, "link", "set", "router", "up")
        run(*inner, "addr", "add", peer.ours, "dev", peer.interface)
        run(*outside, "addr", "add", peer.via + "/64", "dev", "router")
        run(*outside, "addr", "add", peer.theirs, "dev", "lo")
        run(*outside, "route", "add", peer.router_address + "/128", "dev", "router")
        run(*inner, "route", "add", peer.theirs, "via", peer.via, "dev", peer.interface)
        self.network.log = open(  # pylint: disable=consider-using-with
            "/run/e2e/bird-vtbgp.log", "wb")
        self.network.start_peer(peer)

    def sessions_up(self):
        """As its daemon has seen by now."""
        def states():
            listed = self.daemon.api("GET", "/v1/upstreams", token="read")["upstreams"]
            return {item["name"]: item["status"]["session"] for item in listed}
        wait_until(lambda: set(states().values()) == {"established"}, 60,
                   lambda: f"vtbgp's sessions are up: {states()}")
