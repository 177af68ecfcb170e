"""A stream of traffic through the lab, and drains of the router that it goes through.

The stream runs between a host on the internet, whose way here is ifog's and whose way
back is ifog's too, and radon.
"""

import json
import re
import time

from keys import on, running, within

IFOG = "2001:db8:300::1"
CUSTOMER = "2a06:9801:1c::/48"
RADON = "2a06:9801:1c:1000::1"
SCRIPT = "/usr/bin/python3 /run/lab/root/tests/lab/inside/stream.py"
PLACE = "/run/lab/stream"
PORT = 7777
# The least interval; an emulated machine that is busy sends less often.
INTERVAL_MS = 1
# How much later the rest of the internet hears what ifog hears.
FAR_MS = 100


def host():
    """An address that hobgp reaches by ifog and, less well, by another."""
    table = json.loads(on("hobgp", "vtysh -d bgpd -c 'show bgp ipv6 unicast json'"))["routes"]
    for prefix, paths in sorted(table.items()):
        best = [path for path in paths if path.get("bestpath")]
        if len(paths) > 1 and best and best[0]["peerId"] == IFOG:
            return prefix.split("::")[0] + "::1"
    raise RuntimeError("no prefix by ifog and by another")


class Stream:
    """Runs from start to stop; at(NAME) begins a window of that name."""

    def __init__(self, source="inet"):
        self.source, self.marks = source, []

    def __enter__(self):
        address = host()
        on("radon", f"rm -rf {PLACE}; mkdir {PLACE}; {SCRIPT} echo {PLACE} {RADON} {PORT} "
           f">{PLACE}/log 2>&1 & sleep 0.1")
        within(120, "the echo runs", lambda: on("radon", f"ls {PLACE}").find("echo.pid") >= 0)
        on(self.source, f"{SCRIPT} send {PLACE} {address} {RADON} {PORT} {INTERVAL_MS} "
           f">>{PLACE}/log 2>&1 & sleep 2")
        return self

    def at(self, name):
        self.marks.append((name, on("inet", "cut -d' ' -f1 /proc/uptime").strip()))

    def __exit__(self, *_):
        on("inet", f"{SCRIPT} stop {PLACE}; cat {PLACE}/log")

    def windows(self):
        """{name: what was sent and lost}, once it has ended."""
        times = " ".join(when for _, when in self.marks)
        lines = on("inet", f"{SCRIPT} count {PLACE} {times}").splitlines()
        return {name: json.loads(line) for (name, _), line in zip(self.marks, lines)}


def lost(window):
    return window["lost_there"] + window["lost_back"]


def received(interface):
    return int(on("hobgp", f"cat /sys/class/net/{interface}/statistics/rx_packets"))


def in_use(interface):
    """Does the stream come in there? Asked of the counters, for a second."""
    before = received(interface)
    time.sleep(1)
    return received(interface) - before > 50


class FarAway:
    """The internet is further from ifog than a veth: it hears from it FAR_MS later, and
    ifog itself knows no other way to us in the meantime. What is shut down without a
    word then loses what is under way, as everywhere outside a laboratory."""

    HIDE = ("vtysh -c 'configure terminal' -c '{no}ipv6 route {customer} blackhole 250' "
            "-c 'router bgp 209533' -c '{no}neighbor MESH shutdown'")

    def __enter__(self):
        on("ifog", self.HIDE.format(no="", customer=CUSTOMER) +
           f"; tc qdisc replace dev ix0 root netem delay {FAR_MS}ms")
        return self

    def __exit__(self, *_):
        on("ifog", "tc qdisc del dev ix0 root; " +
           self.HIDE.format(no="no ", customer=CUSTOMER))


def drain(router, what, *options, status=0):
    """mhctl drain ... --wait: (the operation, what it said)."""
    return ordered(router, f"drain {what} --wait {' '.join(options)}", status)


def undrain(router, what, *options):
    return ordered(router, f"undrain {what} --wait {' '.join(options)}", 0)


def ordered(router, words, status):
    said = on(router, f"mhctl --yes {words}", status=status)
    name = re.search(r"\bop-[A-Za-z0-9_-]+", said)
    if name is None:
        return None, said
    return json.loads(on(router, f"mhctl --json operation show {name.group(0)}")), said


def plain(action):
    on("hobgp", "vtysh -c 'configure terminal' -c 'router bgp 201379' "
       f"-c '{action}neighbor {IFOG} shutdown'")


def took(operation):
    """Seconds from the order to its end."""
    form = "%Y-%m-%dT%H:%M:%S"
    began, end = (time.mktime(time.strptime(operation[name][:19], form))
                  for name in ("created_at", "updated_at"))
    return end - began


def measured(told=lambda name: None):
    """All of it, once: (windows, the drain's operation). told() looks around after each."""
    steps = [("drain", lambda: drain("hobgp", "ifog", "--reason", "maintenance")),
             ("undrain", lambda: undrain("hobgp", "ifog")),
             ("shutdown", lambda: drain("hobgp", "ifog", "--mode shutdown --ticket CHG-1234",
                                        "--reason", "'provider maintenance'")),
             ("return", lambda: undrain("hobgp", "ifog")),
             ("plain", lambda: plain("")),
             ("plain return", lambda: plain("no "))]
    before, operation = running("hobgp"), None
    with FarAway(), Stream() as stream:
        stream.at("quiet")
        time.sleep(10)
        if not in_use("gre-ifog"):
            raise RuntimeError("the stream does not come in by ifog")
        for name, step in steps:
            stream.at(name)
            done = step()
            operation = operation or done[0]
            time.sleep(3)
            told(name)
        time.sleep(3)
        stream.at("end")
    if running("hobgp") != before:
        raise RuntimeError("the configuration is another one")
    return stream.windows(), operation
