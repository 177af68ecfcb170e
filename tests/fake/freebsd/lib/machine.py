"""The faked machine: its state on disk, and the kernel's part of it.

DIR/state/machine.json holds everything that a reboot loses; files (rc.conf,
pf.conf, ipsec.conf: DIR/fake.conf says where) are files. A tool loads the
state with the lock held and saves it whole, by rename: a tool that is killed
has done all or nothing, as one ioctl does.
"""

import json
import os
import time

import frame

MODULES = {
    # name: (module name as kldstat -m knows it, size)
    "if_gre": "54b8", "pf": "438b8", "pflog": "2240", "ipsec": "f638",
    "tcpmd5": "2120", "if_epair": "3f40",
}
BUILT_IN = {"if_gif": 109}
FLAGS = ((0x1, "UP"), (0x2, "BROADCAST"), (0x8, "LOOPBACK"),
         (0x10, "POINTOPOINT"), (0x40, "RUNNING"), (0x100, "PROMISC"),
         (0x800, "SIMPLEX"), (0x8000, "MULTICAST"))
SYSCTL = {
    "kern.securelevel": "-1", "kern.ostype": "FreeBSD",
    "kern.osreldate": "1400063", "kern.hostname": "rtr.example.net",
    "hw.machine_arch": "amd64", "hw.ncpu": "1",
    "net.inet.ip.forwarding": "0", "net.inet6.ip6.forwarding": "0",
    "net.route.multipath": "1", "net.fibs": "1",
    "net.link.gif.max_nesting": "1", "net.link.ifqmaxlen": "50",
    "net.inet6.ip6.dad_count": "1", "net.inet6.ip6.auto_linklocal": "1",
    "kern.ipc.maxsockbuf": "2097152",
    "net.key.debug": "0", "net.key.spi_trycnt": "1000",
    "net.key.spi_minval": "256", "net.key.spi_maxval": "268435455",
    "net.key.int_random": "60", "net.key.larval_lifetime": "30",
    "net.key.blockacq_count": "10", "net.key.blockacq_lifetime": "20",
    "net.key.esp_keymin": "256", "net.key.esp_auth": "0",
    "net.key.ah_keymin": "128", "net.key.preferred_oldsa": "1",
    "net.key.spdcache.threshold": "32", "net.key.spdcache.maxentries": "0",
}
HOST_ID = "7869:7f6e:e05e:1239"  # what the transcripts' machine uses


def config(folder):
    """DIR/fake.conf."""
    with open(os.path.join(folder, "fake.conf"), encoding="utf-8") as file:
        return json.load(file)


def fresh(conf):
    """The state of a machine that has just started its kernel."""
    state = {
        "clock": 0, "serial": 1, "links": [], "routes": [],
        "pf": {"enabled": False, "since": None, "anchors": {"": _ruleset()},
               "limits": {}, "skip": []},
        "modules": [], "next_module": 161, "next_file": 2,
        "sysctl": dict(SYSCTL), "sas": [],
    }
    lo0 = add_link(state, "lo0", "lo")
    lo0.update(up=True, mtu=16384, nd6=0x21)
    for name in conf.get("nics", []):
        nic = add_link(state, name, "nic")
        nic.update(mtu=1500, nd6=0x29,
                   linklocal=conf.get("linklocal", {}).get(name))
    for name in conf.get("modules", []):
        load_module(state, name)
    state["sysctl"]["kern.securelevel"] = str(conf.get("securelevel", -1))
    return state


def looped(state):
    """What rc gives lo0 on every machine."""
    lo0 = link(state, "lo0")
    for text, plen in (("fe80::1", 64), ("::1", 128)):
        lo0["addrs"].append({"af": 6, "addr": text, "plen": plen,
                             "peer": None, "since": -100,
                             "id": serial(state)})
    lo0["addrs"].append({"af": 4, "addr": "127.0.0.1", "plen": 8,
                         "peer": None, "since": -100, "id": serial(state)})


def _ruleset():
    return {"rules": [], "nat": [], "tables": {}}


def serial(state):
    """A number nothing else of this machine has."""
    state["serial"] += 1
    return state["serial"]


class Machine:
    """The loaded state, with the lock held while `with` lasts."""

    def __init__(self, folder):
        self.dir = folder
        self.conf = config(folder)
        self.path = os.path.join(folder, "state", "machine.json")
        self.lock = None
        self.state = None

    def __enter__(self):
        self.lock = frame.locked(os.path.dirname(self.path), "lock")
        try:
            with open(self.path, encoding="utf-8") as file:
                self.state = json.load(file)
        except FileNotFoundError:
            self.state = fresh(self.conf)
            looped(self.state)
        return self

    def __exit__(self, *_):
        self.save()
        os.close(self.lock)

    def save(self):
        """Whole or not at all."""
        temporary = "%s.%d" % (self.path, os.getpid())
        with open(temporary, "w", encoding="utf-8") as file:
            json.dump(self.state, file)
        os.rename(temporary, self.path)


def now(state):
    """Seconds; `sleep` in the replayed transcripts moves clock on."""
    return time.time() + state["clock"]


# Modules


def module(state, name):
    """The loaded module of this name (without .ko), or None."""
    for entry in state["modules"]:
        if entry["name"] == name:
            return entry
    return None


def load_module(state, name):
    """None, or the errno text."""
    if name.endswith(".ko"):
        name = name[:-3]
    if int(state["sysctl"]["kern.securelevel"]) > 0:
        return "Operation not permitted"
    if module(state, name) or name in BUILT_IN:
        return "module already loaded or in kernel"
    if name not in MODULES:
        return "No such file or directory"
    # tcpmd5.ko needs no ipsec.ko (30); setkey brings that along.
    file = state["next_file"]
    state["next_file"] += 1
    entry = {"name": name, "file": file}
    state["modules"].append(entry)
    entry["module"] = state["next_module"]
    state["next_module"] += 1
    if name == "if_gre":
        state["sysctl"]["net.link.gre.max_nesting"] = "1"
    if name == "pflog":
        add_link(state, "pflog0", "pflog").update(mtu=33152)
    return None


def unload_module(state, name):
    """None, or the errno text."""
    entry = module(state, name)
    if entry is None:
        return "missing"
    if int(state["sysctl"]["kern.securelevel"]) > 0:
        return "Operation not permitted"
    state["modules"].remove(entry)
    if name == "if_gre":
        for gone in [i for i in state["links"] if i["kind"] == "gre"]:
            destroy(state, gone)
    if name == "tcpmd5":
        state["sas"] = []
    if name == "pf":
        state["pf"] = {"enabled": False, "since": None, "limits": {},
                       "anchors": {"": _ruleset()}, "skip": []}
    return None


# Interfaces


def link(state, name):
    """The interface of this name, or None."""
    for entry in state["links"]:
        if entry["name"] == name:
            return entry
    return None


def add_link(state, name, kind):
    """A new interface, the last of the list, with the lowest free index."""
    used = {i["index"] for i in state["links"]}
    index = 1
    while index in used:
        index += 1
    entry = {"name": name, "made": name, "kind": kind, "index": index,
             "up": False, "mtu": {"gre": 1476, "gif": 1280}.get(kind, 1500),
             "descr": None, "tunnel": None, "addrs": [], "nd6": 0x29,
             "grekey": 0}
    state["links"].append(entry)
    return entry


def destroy(state, entry):
    """The interface goes, with every route through it."""
    state["links"].remove(entry)
    state["routes"] = [r for r in state["routes"]
                       if r["if"] != entry["name"]]


def running(state, entry):
    """Tunnels: the local outer address is one of this machine's."""
    if entry["kind"] in ("gre", "gif"):
        ends = entry["tunnel"]
        if not ends:
            return False
        local = ends[0]
        return any(a["addr"] == local.split("%")[0]
                   for i in state["links"] for a in i["addrs"])
    if entry["kind"] == "pflog":
        return entry["up"]
    return True


def flags(state, entry):
    """The interface's flags as a number."""
    value = {"lo": 0x8008, "nic": 0x8802, "pflog": 0}.get(
        entry["kind"], 0x8010)
    if entry["up"]:
        value |= 0x1
    if running(state, entry) and (entry["kind"] != "nic" or entry["up"]):
        value |= 0x40
    if entry.get("promiscuous"):
        value |= 0x100
    return value


def flag_names(value):
    """1,2 -> UP,BROADCAST."""
    return ",".join(name for bit, name in FLAGS if value & bit)


def link_local(entry):
    """The automatic link-local address."""
    if entry["kind"] == "nic":
        return entry.get("linklocal") or "fe80::5054:ff:fe00:%d" % \
            entry["index"]
    return "fe80::" + HOST_ID
