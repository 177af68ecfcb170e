#!/usr/bin/python3
"""Out of service without loss: traffic every millisecond through drains of the upstream
in use, what its provider sees, and providers that do not listen."""

import os
import re
import sys

LAB = os.path.dirname(os.path.realpath(__file__))
sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(LAB, "lib"))
# pylint: disable=wrong-import-position
from api import call
from drains import (CUSTOMER, IFOG, Stream, drain, in_use, lost, measured, undrain)
from keys import on, running, wait_up, within

GSHUT = r"\(65535, ?0\)"


def check(good, what):
    if not good:
        raise RuntimeError(what)


def has(text, *patterns):
    for pattern in patterns:
        check(re.search(pattern, text), f"no {pattern!r} in: {text}")


def at_ifog(command):
    return on("ifog", f"vtysh -d bgpd -c '{command}'")


def look_around(name):
    """Where the stream is, and what ifog sees, after each step."""
    by_ifog = name in ("undrain", "return", "plain return")
    within(60, f"{name}: the stream is {'on' if by_ifog else 'off'} ifog",
           lambda: in_use("gre-ifog") == by_ifog)
    if name == "drain":
        has(at_ifog(f"show bgp ipv6 unicast {CUSTOMER} json"), "gracefulShutdown|graceful-shutdown")
    if name == "shutdown":
        has(at_ifog("show bgp neighbors 2001:db8:300::2 json"),
            '"lastShutdownDescription": ?"CHG-1234 provider maintenance"',
            "Administrative Shutdown")


def nothing_is_lost():
    windows, done = measured(look_around)
    for name, window in windows.items():
        print(f"{name}: lost {window['lost_there']} there, {window['lost_back']} back of "
              f"{window['sent']} in {window['seconds']} s"
              + (f", over {window['lost_for_ms']} ms" if lost(window) else ""))
    check(done["result"]["end"] == "drained", done)
    check(windows["quiet"]["sent"] > 1000, f"hardly a stream: {windows['quiet']}")
    for name in ("quiet", "drain", "undrain", "shutdown", "return"):
        check(lost(windows[name]) == 0, f"{name}: {windows[name]}")
    check(lost(windows["plain"]) > 0, f"a plain shutdown loses nothing: {windows['plain']}")


def what_vultr_sees():
    """BIRD shows the community, and the words in their own letters."""
    before = running("vtbgp")
    done, _ = drain("vtbgp", "vultr", "--reason", "'the edge moves'")
    check(done["result"]["end"] == "drained", done)
    has(on("vultr", f"birdc 'show route {CUSTOMER} protocol customer all'"), GSHUT)
    undrain("vtbgp", "vultr")
    drain("vtbgp", "vultr", "--mode shutdown --reason", "'Wartung im Mai, größer'")
    has(on("vultr", "birdc show protocols all customer; tail -n 20 /var/log/bird-vultr.log"),
        "Wartung im Mai, größer")
    undrain("vtbgp", "vultr")
    wait_up("vtbgp", "2001:19f0:ffff::1")
    check(running("vtbgp") == before, "the configuration is another one")


class Indifferent:
    """lagrange goes by the length of the path alone, and we make ours there short."""

    def __enter__(self):
        on("lagrange", "sed -i 's/bgp_local_pref = 200;/bgp_local_pref = 100;/' "
           "/run/bird/lagrange.conf && birdc configure")
        self.prepend(0)

    @staticmethod
    def prepend(times):
        status, answer = call("PATCH", "/v1/upstreams/lagrange",
                              {"export": {"as_path_prepend": times}})
        check(status == 200, answer)

    def __exit__(self, *_):
        self.prepend(2)
        on("lagrange", "sed -i 's/bgp_local_pref = 100;/bgp_local_pref = 200;/' "
           "/run/bird/lagrange.conf && birdc configure")


def who_does_not_listen():
    with Indifferent(), Stream("lagrange"):
        within(90, "the stream comes in by lagrange", lambda: in_use("gre-lagrange"))
        done, said = drain("hobgp", "lagrange", "--max-wait 30 --on-timeout revert "
                           "--reason deaf", status=1)
        print(*re.findall(r"inbound .*waiting for under.*", said)[:1])
        has(said, "inbound [0-9.]+ [kM]bit/s on gre-lagrange, waiting for under")
        check(done["state"] == "undone" and done["result"]["why"] == "rate_above_floor", done)
        check(in_use("gre-lagrange"), "it has moved all the same")
        done, _ = drain("hobgp", "lagrange", "--prepend 4 --max-wait 120 --reason louder")
        check(done["result"]["end"] == "drained", done)
        check(not in_use("gre-lagrange"), "it has not moved")
        undrain("hobgp", "lagrange")


def put_back(before):
    for router, upstream in (("hobgp", "ifog"), ("hobgp", "lagrange"), ("vtbgp", "vultr")):
        on(router, f"mhctl --yes undrain {upstream} --wait >/dev/null 2>&1 || :")
    if f"neighbor {IFOG} shutdown" in running("hobgp"):
        on("hobgp", "vtysh -c 'configure terminal' -c 'router bgp 201379' "
           f"-c 'no neighbor {IFOG} shutdown'")
    wait_up("hobgp", IFOG)
    after = {router: running(router) for router in before}
    check(after == before, f"not as before: {after}")


def main():
    before = {router: running(router) for router in ("hobgp", "vtbgp")}
    try:
        nothing_is_lost()
        what_vultr_sees()
        who_does_not_listen()
    finally:
        put_back(before)


try:
    main()
except RuntimeError as error:
    print(" ".join(str(error).split()))
    sys.exit(1)
