"""Routers to be hit: Linux with tunnels (in the lab), without, FreeBSD's fakes.

Each is one router in namespaces of our own: FRR without anybody to talk to, the
daemon, and tools that can be made to fail. reboot() is the machine: it forgets
what a kernel forgets and sets up what the boot files say.
"""

import os
import re
import signal
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(os.path.dirname(HERE), "e2e"),
                os.path.join(os.path.dirname(HERE), "fake")]
# pylint: disable=wrong-import-position
from changes import changes
from daemon import BOOT, OWNED, Daemon, processes
from frr import CONF as CONF_FILE
from frr import SOCKETS, Frr
from network import quiet_sysctl
from sandbox import ROOT, run, wait_until
from tools import Fakes, Tools
from vty import Bgpd

OUTER = "198.51.100.10"
ROUTER = "2a06:9801:1c::1"
CONF = """frr defaults traditional
hostname core
service integrated-vtysh-config
!
ipv6 prefix-list PL-MY-NET seq 5 permit 2a06:9801:1c::/48
ipv6 prefix-list PL-BOGONS seq 5 deny 2a06:9801:1c::/48 le 128
ipv6 prefix-list PL-BOGONS seq 10 permit 2000::/3 le 48
ipv6 prefix-list PL-STRICT seq 5 permit 2000::/3 le 40
!
ipv6 route 2a06:9801:1c::/48 blackhole
!
router bgp 201379
 bgp router-id 198.51.100.10
 no bgp default ipv4-unicast
 neighbor 2001:db8:300::1 remote-as 209533
 neighbor 2001:db8:300::1 description Upstream-iFog
 !
 address-family ipv6 unicast
  network 2a06:9801:1c::/48
  neighbor 2001:db8:300::1 activate
  neighbor 2001:db8:300::1 route-map RM-IFOG-OUT out
 exit-address-family
exit
!
route-map RM-IFOG-OUT permit 10
 match ipv6 address prefix-list PL-MY-NET
exit
!
"""
TUNNELLED = {
    "remote_as": 212895, "neighbor": "2001:db8:400::1", "local_address": "2001:db8:400::2",
    "description": "Upstream-Route64-FRA",
    "tunnel": {"kind": "gre", "interface": "gre1", "local": OUTER, "remote": "198.51.100.46",
               "prefix_length": 64, "mtu": 1476},
    "import": {"prefix_list": "PL-BOGONS", "local_preference": 150},
    "export": {"prefix_list": "PL-MY-NET"}, "firewall": {"nat": True}}
RETUNNELLED = {
    "description": "Upstream-Route64-AMS",
    "tunnel": {**TUNNELLED["tunnel"], "mtu": 1400},
    "import": {"prefix_list": "PL-STRICT", "local_preference": 170},
    "firewall": {"nat": False}}
NATIVE = {
    "remote_as": 64515, "neighbor": "2001:19f0:ffff::1", "description": "Vultr-Core",
    "ebgp_multihop": 2, "host_route": {"gateway": "fe80::1%vtnet0"},
    "import": {"prefix_list": "PL-BOGONS"}, "export": {"prefix_list": "PL-MY-NET"}}
RENATIVE = {
    "description": "Vultr-Edge", "host_route": {"gateway": "fe80::2%vtnet0"},
    "import": {"prefix_list": "PL-STRICT", "local_preference": 170}}
DOWNSTREAM = {
    "description": "Tunnel-to-Radon",
    "tunnel": {"kind": "gif", "interface": "gif7", "local": OUTER, "remote": "203.0.113.10",
               "mtu": 1480},
    "address": "2a06:9801:1c:ffff::1", "peer": "2a06:9801:1c:ffff::2",
    "prefixes": ["2a06:9801:1c:1000::/64"]}
REDOWN = {"description": "Tunnel-to-Argon", "prefixes": ["2a06:9801:1c:1000::/64",
                                                        "2a06:9801:1c:2000::/64"]}


RC_CONF = """hostname="core"
kld_list="if_gif if_gre"
cloned_interfaces="gif9"
pf_enable="YES"
pf_rules="{folder}/etc/pf.conf"
"""
PF_CONF = """nat-anchor "multihomed"
anchor "multihomed"
load anchor "multihomed" from "{boot}/pf.anchor"
"""


def read(path):
    """A file's content; None when it is not there. Some are binary."""
    try:
        with open(path, "rb") as file:
            return file.read().decode("utf-8", "surrogateescape")
    except FileNotFoundError:
        return None


def write(path, text):
    """The same content again, owner and mode as they are."""
    if text is None:
        if os.path.exists(path):
            os.unlink(path)
        return
    with open(path, "wb") as file:
        file.write(text.encode("utf-8", "surrogateescape"))


def blocks(text):
    """FRR lists route maps in the order in which they were made; that means nothing."""
    return "".join(sorted(part + "!\n" for part in text.split("!\n")))


class Mute:
    """In place of the contract: reading it costs too much under emulation."""
    seen = {}

    def check(self, *_):
        """Nothing: tests/e2e does that."""


class Place:
    """What is the same everywhere."""
    name = ""
    sets = ()  # (path, first body, how it is changed)
    timeouts = {"timeout_ms": 1000, "vtysh_timeout_ms": 2500}
    system = "timeout_ms = 1000;"
    build = None

    def __init__(self):
        self.frr = Frr(CONF)
        self.vty = Tools("/run/vtytools", {"vtysh": "/usr/bin/vtysh"}, public=True)
        self.bgpd = Bgpd()
        self.bgpd.kill = self.kill
        self.tools = self.make_tools()
        more = {"build": self.build} if self.build else {}
        self.daemon = Daemon(Mute(), name="core", vtysh="/run/vtytools/vtysh",
                             sockets=self.bgpd.folder,
                             system=f'tools_dir = "{self.tools.folder}"; {self.system}',
                             **self.timeouts, **more)
        self.changes = [change for path, body, other in self.sets
                        for change in changes(path, body, other)]
        self.first = {path: body for path, body, _ in self.sets}

    def make_tools(self):
        raise NotImplementedError

    def cables(self):
        """Interfaces and addresses that are none of our business."""
        quiet_sysctl([])
        run("ip", "addr", "add", f"{OUTER}/32", "dev", "lo")
        run("ip", "addr", "add", f"{ROUTER}/128", "dev", "lo")
        run("ip", "link", "add", "vtnet0", "type", "veth", "peer", "name", "cable0")
        for name in ("vtnet0", "cable0"):
            run("ip", "link", "set", name, "up")
        for address in ("2001:db8:300::2/64", "fe80::99/64"):
            run("ip", "addr", "add", address, "dev", "vtnet0", "nodad")

    def start(self):
        self.cables()
        os.makedirs(SOCKETS, exist_ok=True)
        self.vty.install()
        self.bgpd.install()
        self.install()
        self.frr.start()
        self.frr.vtysh("write memory")
        self.daemon.start()
        self.daemon.token("configure")
        # Drawn by everything that follows: the router's own address and prefix.
        answer = self.call("PATCH", "/v1/router", {"router_address": [ROUTER]})
        assert answer.status == 200, answer
        self.by_hand = set(self.tunnels())
        self.clean = {path: read(path) for path in self.files()}

    def install(self):
        self.tools.install()

    def files(self):
        """All that the machine boots from, and the parent's list."""
        return [CONF_FILE, *(entry.path for folder in (BOOT, OWNED)
                             for entry in os.scandir(folder) if entry.is_file())]

    def call(self, method, target, body=None):
        if method == "DELETE":
            target += "?allow_reset=true"
        return self.daemon.api(method, target, body, token="configure", timeout=90)

    def faults(self):
        """All that can fail."""
        return (self.tools, self.bgpd, self.vty)

    # The processes

    def pids(self):
        found = {"parent": [self.daemon.process.pid], "engine": [], "rest": []}
        for pid, program in processes("multihomed"):
            if program.endswith("multihomed-engine"):
                found["engine"].append(pid)
            elif pid != self.daemon.process.pid:
                found["rest"].append(pid)
        found["rest"] += [process.pid for process in self.frr.processes.values()]
        return found

    def write_pids(self):
        """For fakes that kill by themselves."""
        os.makedirs(self.tools.path("pids"), exist_ok=True)
        for name, pids in self.pids().items():
            with open(self.tools.path(f"pids/{name}"), "w", encoding="ascii") as file:
                file.write(" ".join(map(str, pids)) + "\n")

    def kill(self, whom, also=()):
        """Everybody at once, as when the power goes, or one of them."""
        pids = self.pids()
        chosen = [pid for name, some in pids.items() if whom in ("all", name) for pid in some]
        if whom == "all":  # a tool under way does not outlive its machine
            chosen += [pid for pid, _ in processes("vtysh")]
        for number in (signal.SIGSTOP, signal.SIGKILL):
            for pid in [*chosen, *also]:
                try:
                    os.kill(pid, number)
                except ProcessLookupError:
                    pass

    def gone(self):
        """After the parent's death: nobody is left."""
        self.daemon.process.wait()
        self.daemon.log.close()
        wait_until(lambda: not processes("multihomed"), 20, "the children follow their parent")

    def reboot(self):
        for process in self.frr.processes.values():
            process.kill()
            process.wait()
        self.frr.processes.clear()
        self.forget()
        self.boot()
        self.frr.start_daemons()

    def forget(self):
        """What a kernel forgets."""
        raise NotImplementedError

    def boot(self):
        """What the boot files say, before FRR starts."""
        raise NotImplementedError

    def again(self):
        """After too much has gone wrong: a new router, with nothing known."""
        self.kill("all")
        self.daemon.process.wait()
        wait_until(lambda: not processes("multihomed"), 20, "all have ended")
        for tools in self.faults():
            tools.disarm()
        for path in set(self.files()) - set(self.clean):
            os.unlink(path)
        for path, text in self.clean.items():
            write(path, text)
        self.daemon.forget()
        self.daemon.tokens.clear()
        self.reboot()
        self.daemon.start()
        self.daemon.token("configure")

    # What it is

    def state(self):
        """{what: text}"""
        found = {"running-config": blocks(self.frr.running_config()),
                 "frr.conf": blocks(self.frr.saved_config()), **self.kernel()}
        for entry in sorted(os.scandir(BOOT), key=lambda item: item.name):
            found[f"boot {entry.name}"] = read(entry.path)
        return found

    def kernel(self):
        raise NotImplementedError

    def tunnels(self):
        """Names of those in the kernel."""
        raise NotImplementedError

    def recorded(self):
        """What the parent has on its list."""
        return read(f"{OWNED}/owned") or ""

    def stop(self):
        self.daemon.stop()
        self.frr.stop()
        self.bgpd.stop()


class Native(Place):
    """The machine's own kernel, without tunnels: routes, rules, FRR."""
    name = "linux-native"
    sets = (("/v1/upstreams/vultr", NATIVE, RENATIVE),)

    def make_tools(self):
        programs = {name: next(path for path in (f"/usr/sbin/{name}", f"/sbin/{name}")
                               if os.path.exists(path)) for name in ("ip", "nft")}
        return Tools("/run/tools", programs)

    def kernel(self):
        links = re.sub(r"(?m)^[0-9]+: ", "", run("ip", "-d", "addr"))
        routes = run("ip", "-6", "route") + run("ip", "route")
        return {"ip addr": links, "ip route": re.sub(r"nhid [0-9]+ ", "", routes),
                "nft": run("nft", "-s", "list", "ruleset")}

    def tunnels(self):
        listing = run("ip", "-o", "link")
        return [name for name in re.findall(r"(?m)^[0-9]+: ([^:@]+)", listing)
                if name not in ("lo", "vtnet0", "cable0") and not re.fullmatch(
                    r"(gre|gretap|erspan|sit|tunl|ip6tnl|ip6gre)0", name)]

    def forget(self):
        for name in self.tunnels():
            run("ip", "link", "del", name)
        run("nft", "flush", "ruleset")
        for family in ("-4", "-6"):
            for line in run("ip", family, "route", "show").splitlines():
                if "proto kernel" not in line and "proto ra" not in line:
                    words = [word for word in line.split() if word not in ("pref", "medium")]
                    subprocess.run(["ip", family, "route", "del", *words], check=False,
                                   stderr=subprocess.DEVNULL)

    def boot(self):
        if os.path.exists(f"{BOOT}/links.batch"):
            run("ip", "-batch", f"{BOOT}/links.batch")
        if os.path.exists(f"{BOOT}/firewall.nft"):
            run("nft", "-f", f"{BOOT}/firewall.nft")


class Tunnels(Native):
    """With GRE and SIT: in the lab's machine, where everything takes its time."""
    name = "linux"
    sets = (("/v1/upstreams/route64", TUNNELLED, RETUNNELLED),
            ("/v1/downstreams/radon", DOWNSTREAM, REDOWN))
    timeouts = {"timeout_ms": 8000, "vtysh_timeout_ms": 12000}
    system = "timeout_ms = 6000;"


class FreeBSD(Place):
    """The stand-ins of FreeBSD's tools; the daemon is built for them."""
    name = "freebsd"
    sets = (("/v1/upstreams/route64", TUNNELLED, RETUNNELLED),
            ("/v1/downstreams/radon", DOWNSTREAM, REDOWN))
    # Each look costs ten processes of Python's.
    timeouts = {**Place.timeouts, "snapshot_ms": 1000}
    build = os.path.join(ROOT, os.environ.get("MH_FREEBSD_BUILD", "build/fbsd"))
    folder = "/run/fbsd"
    rc_conf = f"{folder}/etc/rc.conf"
    system = f'timeout_ms = 2000; rc_conf = "{rc_conf}";'

    def make_tools(self):
        return Fakes(self.folder)

    def install(self):
        fake = os.path.join(ROOT, "tests", "fake", "freebsd")
        for name, text in (("rc", RC_CONF), ("pf", PF_CONF)):
            with open(f"/run/{name}.in", "w", encoding="ascii") as file:
                file.write(text.format(folder=self.folder, boot=BOOT))
        run(f"{fake}/install", self.folder, "--rc-conf", "/run/rc.in", "--pf-conf", "/run/pf.in",
            "--boot")

    def files(self):
        return [*super().files(), self.rc_conf]

    def kernel(self):
        tools = self.folder
        # Duplicate address detection takes a second after a boot.
        listing = run(f"{tools}/ifconfig", "-a").replace(" tentative", "")
        # In the order of their numbers, which those made later take over.
        each = re.split(r"(?m)^(?=\S)", re.sub(r" scopeid 0x\S+", "", listing))
        found = {"ifconfig": "".join(sorted(each))}
        for listing in ("-sr", "-sn"):
            done = subprocess.run([f"{tools}/pfctl", "-a", "multihomed", listing],
                                  capture_output=True, text=True, check=False)
            found[f"pfctl {listing}"] = done.stdout + done.stderr
        found["rc.conf"] = read(self.rc_conf)
        return found

    def tunnels(self):
        listing = run(f"{self.folder}/ifconfig", "-l")
        return [name for name in listing.split() if name.startswith(("gre", "gif"))]

    def forget(self):
        """boot() does both."""

    def boot(self):
        fake = os.path.join(ROOT, "tests", "fake")
        run(sys.executable, f"{fake}/boot.py", self.folder)


PLACES = {place.name: place for place in (Native, Tunnels, FreeBSD)}
